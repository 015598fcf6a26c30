//! A runtime upgrade on a running consortium, from the council's vote through the time lock to the
//! new code, without a restart. `scripts/upgrade-drill.sh` builds the code and plays it.
//!
//! | variable | what |
//! | --- | --- |
//! | `KANGLIAN_DRILL_CODE` | the code to upgrade to; its version is higher than the first one's |
//! | `KANGLIAN_DRILL_FROM` | the code that the chain begins with; by default the node's own |

use std::time::Duration;

use kanglian_e2e::{
    Answer, Cli, Consortium, PROVINCES, eventually,
    people::{self, HOSPITAL},
};
use kanglian_primitives::Hash32;
use kanglian_sdk::{
    chain::{At, ChainError, Client, InBlock, InvalidTransaction, SubmitOptions, Wait, calls},
    keys::Account,
};
use serde_json::{Value, json};

/// Exit code of `kanglian`.
const REFUSED: i32 = 3;
/// Blocks of this chain's time lock: what its genesis names, since the runtime's own bound is hours.
const LOCK: u64 = 60;
/// Four of five seats: two thirds.
const MEMBERS: &str = "//Jiangsu,//Zhejiang,//Shanghai,//Guangdong";
/// Hash of a code that the regulator stops.
const VETOED: Hash32 = [0x77; 32];
const PERSON: &str = "0x6b616e676c69616e2d6532652d706572736f6e2d6f662d7468652d6472696c6c";
/// Where the doctor reads.
const ABROAD: &str = "330000";

fn account(uri: &str) -> Account {
    Account::from_uri(uri).expect("a well-known account")
}

fn hex_of(hash: &Hash32) -> String {
    format!("0x{}", hex::encode(hash))
}

/// The chain said no in a block, for this reason.
fn dispatched(result: Result<InBlock, ChainError>, pallet: &str, why: &str) {
    match result {
        Err(ChainError::Dispatch(failure)) => assert!(failure.is(pallet, why), "{failure}"),
        other => panic!("expected {pallet}::{why}, got {other:?}"),
    }
}

/// The consortium, those at it, and the code to come.
struct Drill {
    consortium: Consortium,
    /// A client that lives through the upgrade.
    chain: Client,
    centres: Cli,
    hospital: Cli,
    doctor: Cli,
    patient: Cli,
    doctor_as: String,
    code: String,
    records: Vec<(String, String)>,
    files: usize,
}

#[tokio::test]
#[ignore = "needs the code that scripts/upgrade-drill.sh builds"]
async fn a_voted_upgrade_is_installed_on_a_running_consortium() {
    let code = std::env::var("KANGLIAN_DRILL_CODE").expect("KANGLIAN_DRILL_CODE names the code");
    let mut consortium = Consortium::start_with(|genesis| {
        genesis["patch"]["mandates"]["leastTimeLock"] = LOCK.into();
        if let Ok(from) = std::env::var("KANGLIAN_DRILL_FROM") {
            let code = std::fs::read(from).expect("the code to begin with is read");
            genesis["code"] = format!("0x{}", hex::encode(code)).into();
        }
    })
    .await;
    consortium.start_vaults().await;
    let chain = Client::connect(&consortium.node_url(0)).await.expect("the node answers");
    let user = |who: &str| Cli::new(&consortium, who);
    let mut drill = Drill {
        chain,
        centres: user("centres"),
        hospital: user("hospital"),
        doctor: user("doctor"),
        patient: user("patient"),
        doctor_as: String::new(),
        code,
        records: Vec::new(),
        files: 0,
        consortium,
    };
    let before = drill.version_at(0).await;
    let enact_from = drill.propose().await;
    drill.admit().await;
    drill.share("升级之前").await;
    drill.reads_all();
    let old = drill.signed_before().await;
    drill.enact(enact_from, before).await;
    drill.goes_on(before).await;
    drill.refuses_the_old(old, enact_from).await;
    drill.share("升级之后").await;
    drill.reads_all();
    drill.a_killed_node_comes_back(before).await;
}

impl Drill {
    fn council(&self, motion: &[&str]) -> Answer {
        self.centres.run(&[&["council", "pass", "--members", MEMBERS], motion].concat())
    }

    fn enact_by_command_line(&self) -> Answer {
        let enact = ["operator", "enact-upgrade", "--account", "//Zhejiang", "--code", &self.code];
        self.centres.run(&enact)
    }

    async fn enact_on_chain(&self, code: Hash32) -> Result<InBlock, ChainError> {
        let call = calls::mandates::enact(code);
        self.chain.submit(&call, &account("//Zhejiang"), Wait::Finalized).await
    }

    /// The version of the runtime in a node's last finalised block.
    async fn version_at(&self, i: usize) -> u64 {
        let rpc = self.consortium.rpc(i);
        let head = rpc.call("chain_getFinalizedHead", json!([])).await.expect("the node answers");
        let version = rpc.call("state_getRuntimeVersion", json!([head])).await;
        let version = version.and_then(|version| version["specVersion"].as_u64());
        version.expect("the node names its runtime's version")
    }

    fn pending(&self) -> Vec<Value> {
        let listed = self.centres.run(&["operator", "upgrades"]).json();
        listed.as_array().expect("a list").clone()
    }

    /// The council votes for the code and for another one; nobody enacts before the time is over,
    /// and what the regulator stops is gone. Gives the height from which the code can be enacted.
    async fn propose(&mut self) -> u64 {
        // Whatever the council sets, the lock is no shorter than the chain's bound.
        self.council(&["set-parameter", "upgrade-time-lock", "1"]).ends_with(0);
        let propose = ["propose-upgrade", "--code", &self.code];
        let three = "//Jiangsu,//Zhejiang,//Shanghai";
        let too_few = [&["council", "pass", "--members", three], &propose[..]].concat();
        self.centres.run(&too_few).ends_with(2);
        let stranger = ["council", "propose", "--account", "//Eve"];
        self.centres.run(&[&stranger, &propose[..]].concat()).ends_with(REFUSED);
        assert!(self.pending().is_empty());
        self.council(&propose).ends_with(0);
        self.council(&["propose-upgrade", &hex_of(&VETOED)]).ends_with(0);

        let pending = self.pending();
        assert_eq!(pending.len(), 2, "{pending:?}");
        for upgrade in &pending {
            let height = |name: &str| upgrade[name].as_u64().expect("a height");
            assert_eq!(height("enact_from") - height("proposed_at"), LOCK);
            assert_eq!(upgrade["state"], "locked");
        }
        self.enact_by_command_line().ends_with(REFUSED);
        let code = self.code_hash(&pending);
        dispatched(self.enact_on_chain(code).await, "Mandates", "Locked");
        // Nor can code be installed that nobody authorised.
        let bytes = std::fs::read(&self.code).expect("the code is read");
        let install = calls::system::apply_authorized_upgrade(&bytes);
        let installed = self.chain.submit(&install, &account("//Zhejiang"), Wait::Finalized).await;
        assert!(installed.is_err(), "{installed:?}");

        let veto = ["regulator", "veto", &hex_of(&VETOED), "--account"];
        self.centres.run(&[&veto[..], &["//Jiangsu"]].concat()).ends_with(REFUSED);
        self.centres.run(&[&veto[..], &["//Regulator"]].concat()).ends_with(0);
        let pending = self.pending();
        assert_eq!(pending.len(), 1, "{pending:?}");
        pending[0]["enact_from"].as_u64().expect("a height")
    }

    fn code_hash(&self, pending: &[Value]) -> Hash32 {
        let vetoed = hex_of(&VETOED);
        let mut hashes = pending.iter().filter_map(|upgrade| upgrade["code_hash"].as_str());
        let hash = hashes.find(|hash| *hash != vetoed).expect("the code waits");
        let mut bytes = Hash32::default();
        hex::decode_to_slice(hash.trim_start_matches("0x"), &mut bytes).expect("a hash");
        bytes
    }

    /// A hospital with a doctor, and a patient who lets the doctor read.
    async fn admit(&mut self) {
        HOSPITAL.nominate(&self.centres, &self.hospital);
        people::permit(&self.consortium, &self.centres, &[HOSPITAL]).await;
        let (doctor, _) = people::register_doctor(&self.hospital, &self.doctor);
        self.doctor_as = format!("practitioner:{doctor}@{}", HOSPITAL.id);
        let request = people::request(&self.patient, PERSON, HOSPITAL, "+400d");
        self.hospital.run(&["institution", "enrol", &request]).ends_with(0);
        let grant = ["patient", "grant", &self.doctor_as, "--blocks", "medical", "--until", "+90d"];
        let granted = self.patient.run(&grant).json();
        self.consortium.wait_seen(&granted).await;
    }

    fn file(&mut self) -> String {
        self.files += 1;
        let path = self.consortium.folder().join(format!("record-{}.json", self.files));
        path.to_str().expect("paths are UTF-8").to_owned()
    }

    async fn share(&mut self, text: &str) {
        let path = self.file();
        let note =
            format!(r#"{{"resourceType":"Condition","id":"e2e","note":[{{"text":"{text}"}}]}}"#);
        std::fs::write(&path, &note).expect("the resource is written");
        let shared = self.hospital.run(&["institution", "share", "--person", PERSON, &path]).json();
        self.consortium.wait_seen(&shared).await;
        let record = shared[0]["record"].as_str().expect("a record has an id").to_owned();
        self.records.push((record, note));
    }

    /// The patient at home and the doctor in another province read every record.
    fn reads_all(&mut self) {
        for (record, note) in self.records.clone() {
            let (own, fetched) = (self.file(), self.file());
            self.patient.run(&["patient", "open", &record, "--out", &own]).ends_with(0);
            let who = ["reader", "--as", &self.doctor_as, "--person", PERSON, "--region", ABROAD];
            let what = ["fetch", &record, "--out", &fetched];
            self.doctor.run(&[&who[..], &what].concat()).ends_with(0);
            for file in [own, fetched] {
                assert_eq!(std::fs::read_to_string(file).expect("it was written"), note);
            }
        }
    }

    /// An extrinsic signed for the old version and kept back.
    async fn signed_before(&self) -> Vec<u8> {
        let sender = account("//Shanghai");
        let nonce = self.chain.next_nonce(&sender.id()).await.expect("the node answers");
        let options = SubmitOptions { mortality: 4_096, ..SubmitOptions::default() };
        let call = calls::system::remark(b"signed for the old version");
        self.chain.sign(&call, &sender, nonce, options).await.expect("it is signed")
    }

    /// Once its time lock is over, anybody has the code installed.
    async fn enact(&self, enact_from: u64, before: u64) {
        eventually("the time lock is over", Duration::from_secs(LOCK + 120), || async {
            self.consortium.rpc(0).best().await.filter(|height| *height >= enact_from)
        })
        .await;
        let enacted = self.enact_by_command_line().json();
        assert_eq!(enacted["runtime_before"], before);
        assert_eq!(enacted["runtime_now"], before + 1);
        self.consortium.wait_seen(&enacted).await;
    }

    /// All nodes make, finalise and execute blocks with the new code.
    async fn goes_on(&self, before: u64) {
        let height = self.consortium.rpc(0).finalised().await.expect("the node answers") + 8;
        self.consortium.same_chain_up_to(height).await;
        for (i, province) in PROVINCES.iter().enumerate() {
            assert_eq!(self.version_at(i).await, before + 1, "{}", province.name);
            assert!(self.consortium.vault_health(i).await.is_some_and(|(status, _)| status == 200));
        }
        assert!(self.pending().is_empty());
    }

    /// What was signed for the old version counts no more, nor do the votes that are used up or
    /// stopped; the same client goes on with the new version.
    async fn refuses_the_old(&self, old: Vec<u8>, enact_from: u64) {
        let sent = self.chain.send_bytes(old).await.map(|_| ());
        let refused = matches!(&sent, Err(ChainError::Invalid(InvalidTransaction::BadProof)));
        assert!(refused, "{sent:?}");
        let remark = calls::system::remark(b"signed for the new version");
        let sent = self.chain.submit(&remark, &account("//Shanghai"), Wait::Finalized).await;
        assert!(sent.is_ok(), "{sent:?}");

        self.enact_by_command_line().ends_with(REFUSED);
        let best = self.chain.head(At::Best).await.expect("the node answers").number;
        assert!(u64::from(best) > enact_from, "the vetoed code's lock would be over, too");
        dispatched(self.enact_on_chain(VETOED).await, "Mandates", "NotPending");
    }

    /// A node that is killed and started again goes on with the new code.
    async fn a_killed_node_comes_back(&mut self, before: u64) {
        self.consortium.kill_node(3);
        self.consortium.start_node(3);
        let height = self.consortium.rpc(0).finalised().await.expect("the node answers") + 4;
        self.consortium.same_chain_up_to(height).await;
        assert_eq!(self.version_at(3).await, before + 1);
    }
}
