//! Custody of keys at the command line, on real nodes, vaults and custodians: dealing, proofs, an
//! emergency, a contested recovery; what each role may not do; and custodians that are killed.

use std::time::Duration;

use kanglian_e2e::{
    Answer, Cli, Consortium, eventually,
    people::{self, CLINIC, HOSPITAL},
};
use kanglian_primitives::{KeyEpoch, PersonId, blocks};
use kanglian_sdk::{
    chain::{At, Client},
    keys::PersonSecret,
};
use serde_json::Value;

/// Exit codes of `kanglian`.
const USAGE: i32 = 2;
const REFUSED: i32 = 3;
const VERIFICATION: i32 = 5;

const ZHEJIANG: usize = 1;
const SHANGHAI: usize = 2;
const PERSON: &str = "0x6b616e676c69616e2d6332652d706572736f6e2d6f662d7468652d746573742d";
const CONTENT: &str = r#"{"resourceType":"Condition","id":"e2e","note":[{"text":"高血压"}]}"#;

/// The consortium and everybody at it.
struct Cast {
    consortium: Consortium,
    centres: Cli,
    hospital: Cli,
    clinic: Cli,
    doctor: Cli,
    patient: Cli,
    /// The patient's new phone.
    phone: Cli,
    doctor_as: String,
    record: String,
    files: usize,
}

#[tokio::test]
async fn a_dealt_secret_comes_back_to_its_person_and_a_summary_to_an_emergency_and_to_nobody_else()
{
    let mut consortium = Consortium::start_with_vaults().await;
    consortium.start_custodians().await;
    let user = |who: &str| Cli::new(&consortium, who);
    let mut cast = Cast {
        centres: user("centres"),
        hospital: user("hospital"),
        clinic: user("clinic"),
        doctor: user("doctor"),
        patient: user("patient"),
        phone: user("phone"),
        doctor_as: String::new(),
        record: String::new(),
        files: 0,
        consortium,
    };
    cast.admit_and_enrol().await;
    cast.deal_while_a_custodian_is_killed().await;
    cast.prove_and_print().await;
    cast.appoint_another_custodian_and_deal_again().await;
    cast.open_an_emergency().await;
    cast.recover_against_a_veto().await;
}

/// The command was refused, for this reason.
fn refused(answer: &Answer, why: &str) {
    answer.ends_with(REFUSED);
    assert!(answer.errors().contains(why), "nothing of {why}: {}", answer.errors());
}

fn rows(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

impl Cast {
    fn centre(&self, centre: &str, args: &[&str]) -> Answer {
        self.centres.run(&[&["pan-centre", "--account", centre], args].concat())
    }

    /// The command succeeded; every node has seen it when this returns.
    async fn done(&self, answer: Answer) -> Value {
        let done = answer.json();
        self.consortium.wait_seen(&done).await;
        done
    }

    fn file(&mut self, who: &str, content: &str) -> String {
        self.files += 1;
        let path = self.consortium.folder().join(format!("{who}-{}.json", self.files));
        if !content.is_empty() {
            std::fs::write(&path, content).expect("the file is written");
        }
        path.to_str().expect("paths are UTF-8").to_owned()
    }

    async fn admit_and_enrol(&mut self) {
        for (institution, own) in [(HOSPITAL, &self.hospital), (CLINIC, &self.clinic)] {
            let nominated = institution.nominate(&self.centres, own);
            self.consortium.wait_seen(&nominated).await;
        }
        people::permit(&self.consortium, &self.centres, &[HOSPITAL, CLINIC]).await;
        let (doctor, added) = people::register_doctor(&self.clinic, &self.doctor);
        self.consortium.wait_seen(&added).await;
        self.doctor_as = format!("practitioner:{doctor}@{}", CLINIC.id);
        let request = people::request(&self.patient, PERSON, HOSPITAL, "+400d");
        self.done(self.hospital.run(&["institution", "enrol", &request])).await;
        let path = self.file("condition", CONTENT);
        let shared = self.hospital.run(&["institution", "share", "--person", PERSON, &path]);
        let shared = self.done(shared).await;
        self.record = shared[0]["record"].as_str().expect("a record has an id").to_owned();
    }

    fn dealings(&self) -> Value {
        self.patient.run(&["patient", "custody", "status"]).json()["dealings"].clone()
    }

    /// A custodian that is killed answers when it is back.
    async fn deal_while_a_custodian_is_killed(&mut self) {
        let stands = self.dealings();
        assert!(stands[0]["deal_anew_because"].to_string().contains("nothing was dealt yet"));
        let shown = self.patient.run(&["patient", "--no-deal", "show"]);
        assert!(shown.errors().contains("custody deal"), "{}", shown.errors());
        assert!(!shown.errors().contains("dealt the secret"), "{}", shown.errors());

        self.consortium.kill_custodian(ZHEJIANG);
        let dealt = self.patient.run(&["patient", "custody", "deal", "--wait", "20"]);
        let dealt = self.done(dealt).await;
        for (at, scope) in ["whole", "emergency"].iter().enumerate() {
            let made = &dealt["dealt"][at];
            assert_eq!((&made["scope"], &made["number"]), (&(*scope).into(), &1.into()));
            assert_eq!(made["threshold"], 3);
            // Three of four suffice.
            assert_eq!(made["recoverable"], true, "{dealt}");
            assert!(made["answers"].to_string().contains("330000: waiting"), "{dealt}");
        }
        self.consortium.start_custodian(ZHEJIANG);
        self.consortium.wait_custodian(ZHEJIANG).await;
        eventually("the custodian that was away acknowledges", Duration::from_secs(60), || async {
            let stands = self.dealings();
            let both = rows(&stands).iter().all(|one| one["counting"] == 4);
            both.then_some(())
        })
        .await;
        let nothing = self.patient.run(&["patient", "custody", "deal", "--if-needed"]).json();
        assert_eq!(nothing["done"], "nothing to deal");
        let silent = self.patient.run(&["patient", "show"]);
        for words in ["custody deal", "dealt the secret"] {
            assert!(!silent.errors().contains(words), "{}", silent.errors());
        }
        // Nobody deals in another's name.
        self.doctor.run(&["patient", "--account", "reader", "custody", "deal"]).ends_with(REFUSED);
    }

    async fn prove_and_print(&mut self) {
        let drill = ["patient", "custody", "drill"];
        let proved = self.patient.run(&drill).json();
        assert_eq!(rows(&proved).len(), 8);
        assert!(rows(&proved).iter().all(|row| row["keeps_its_share"] == true), "{proved}");
        self.consortium.kill_custodian(SHANGHAI);
        let regulator = ["regulator", "--account", "//Regulator"];
        let silent =
            self.centres.run(&[&regulator[..], &["custodians", "--person", PERSON]].concat());
        silent.ends_with(VERIFICATION);
        assert!(silent.errors().contains("310000"), "{}", silent.errors());
        assert!(!silent.errors().contains("320000"), "{}", silent.errors());
        self.consortium.start_custodian(SHANGHAI);
        self.consortium.wait_custodian(SHANGHAI).await;
        self.patient.run(&drill).ends_with(0);

        let (sheet, drawing) = (self.patient.file("kit.txt"), self.patient.file("kit.svg"));
        self.patient.run(&["patient", "custody", "kit", "--out", &sheet]).ends_with(0);
        let with = ["patient", "custody", "kit", "--with-secret", "--out", &drawing];
        self.patient.run(&with).ends_with(0);
        let (sheet, drawing) = (read(&sheet), read(&drawing));
        assert!(sheet.contains(PERSON) && sheet.contains("330000"), "{sheet}");
        assert!(!sheet.contains("ciphertext"), "{sheet}");
        assert!(drawing.starts_with("<svg") && drawing.contains("ciphertext"));
    }

    /// A province appoints another custodian key: the person's client says so and deals again.
    async fn appoint_another_custodian_and_deal_again(&mut self) {
        let listed = self.centre("//Jiangsu", &["custodian", "list"]).json();
        assert_eq!(rows(&listed).len(), 4);
        let key = self.centres.run(&["operator", "key", "encryption", "custodian"]);
        let key = key.text("encryption_key");
        let account = self.centres.run(&["operator", "account", "new", "custodian"]);
        let account = account.text("address");
        let set = ["custodian", "set", &account, "--key", &key];
        refused(&self.centre("//Regulator", &set), "BadOrigin");
        self.done(self.centre("//Guangdong", &set)).await;
        let warned = self.patient.run(&["patient", "--no-deal", "show"]);
        assert!(warned.errors().contains("440000"), "{}", warned.errors());
        // Back again: what was dealt to the old key counts again, and nothing has to be dealt.
        let listed = rows(&listed).iter().find(|row| row[0] == 440_000).expect("it was listed");
        let (account, key) = (listed[1]["account"].clone(), listed[1]["key"].clone());
        let (account, key) = (account.as_str().unwrap(), key.as_str().unwrap());
        self.done(self.centre("//Guangdong", &["custodian", "set", account, "--key", key])).await;
        let nothing = self.patient.run(&["patient", "custody", "deal", "--if-needed"]).json();
        assert_eq!(nothing["done"], "nothing to deal");
        // Another key for good: whatever the person does next deals anew, without being asked.
        self.done(self.centre("//Guangdong", &set)).await;
        let silent = self.patient.run(&["patient", "show"]);
        assert!(silent.errors().contains("dealt the secret (whole)"), "{}", silent.errors());
        assert!(silent.errors().contains("440000"), "{}", silent.errors());
        let stands = self.dealings();
        for one in rows(&stands) {
            assert_eq!((&one["number"], one["recoverable"].is_boolean()), (&2.into(), true));
        }
        let nothing = self.patient.run(&["patient", "custody", "deal", "--if-needed"]).json();
        assert_eq!(nothing["done"], "nothing to deal");
        self.done(self.centre("//Guangdong", &["custodian", "set", account, "--key", key])).await;
        let again = self.patient.run(&["patient", "custody", "deal"]);
        let again = self.done(again).await;
        assert_eq!(again["dealt"][0]["number"], 3);
        assert_eq!(again["dealt"][0]["recoverable"], true, "{again}");
    }

    fn emergency(&self, args: &[&str]) -> Answer {
        let who = ["reader", "--as", &self.doctor_as, "--person", PERSON, "emergency"];
        self.doctor.run(&[&who[..], args].concat())
    }

    async fn open_an_emergency(&mut self) {
        let allergy =
            r#"{"resourceType":"AllergyIntolerance","id":"e2e","code":{"text":"青霉素"}}"#;
        let (allergy, condition) = (self.file("allergy", allergy), self.file("condition", CONTENT));
        let summary = self.patient.file("summary.json");
        let make = ["patient", "summary", "--out", &summary, &allergy, &condition];
        self.patient.run(&make).ends_with(0);
        let share = ["patient", "share", "--block", "emergency", &summary];
        self.done(self.patient.run(&share)).await;

        let out = self.doctor.file("summary.json");
        refused(&self.emergency(&["read", "--out", &out]), "no emergency");
        let too_long = self.emergency(&["open", "--reason", "unconscious", "--hours", "5"]);
        too_long.ends_with(USAGE);
        // Not as an institution, and not by who does not practise there.
        let open = ["open", "--reason", "unconscious"];
        let institution = format!("institution:{}", CLINIC.id);
        let as_clinic = ["reader", "--account", "institution", "--as", &institution, "--person"];
        let as_clinic = [&as_clinic[..], &[PERSON, "emergency"], &open].concat();
        self.clinic.run(&as_clinic).ends_with(USAGE);

        // A custodian that is killed at that moment is not needed.
        self.consortium.kill_custodian(SHANGHAI);
        let opened = self.done(self.emergency(&open)).await;
        let id = opened["emergency"].to_string();
        refused(&self.emergency(&open), "KeyCustody::");
        let read_out = self.emergency(&["read", "--out", &out]).json();
        assert_eq!(read_out["records"], 1);
        assert_eq!(read(&out), read(&summary), "the summary comes as it was written");
        self.consortium.start_custodian(SHANGHAI);
        self.consortium.wait_custodian(SHANGHAI).await;
        // Nothing beyond it.
        let beyond = self.file("beyond", "");
        let fetch = ["reader", "--as", &self.doctor_as, "--person", PERSON, "--purpose", "ETREAT"];
        let fetch = [&fetch[..], &["fetch", &self.record, "--out", &beyond]].concat();
        self.doctor.run(&fetch).ends_with(REFUSED);
        assert!(!std::path::Path::new(&beyond).exists());

        let told = self.patient.run(&["patient", "--no-deal", "show"]);
        assert!(told.errors().contains("opened an emergency"), "{}", told.errors());
        assert!(told.errors().contains("an emergency used the dealing"), "{}", told.errors());
        let waiting = self.centre("//Zhejiang", &["emergency", "list"]).json();
        assert_eq!(waiting[0]["emergency"].to_string(), id);
        assert_eq!(rows(&self.centre("//Jiangsu", &["emergency", "list"]).json()).len(), 0);
        let review = ["emergency", "review", &id, "justified"];
        refused(&self.centre("//Jiangsu", &review), "OtherRegion");
        self.done(self.centre("//Zhejiang", &review)).await;
        refused(&self.centre("//Zhejiang", &review), "AlreadyReviewed");
        let overdue = ["regulator", "--account", "//Regulator", "emergencies"];
        assert_eq!(rows(&self.centres.run(&overdue).json()).len(), 0);
        self.done(self.emergency(&["close"])).await;
        let again = self.doctor.file("again.json");
        refused(&self.emergency(&["read", "--out", &again]), "no emergency");
        let log = self.patient.run(&["patient", "--no-deal", "log"]).json();
        assert!(log.to_string().contains("emergency"), "{log}");
        // The practitioner had the dealing's payload: the person deals anew.
        let anew =
            self.done(self.patient.run(&["patient", "custody", "deal", "--if-needed"])).await;
        assert_eq!(anew["dealt"][0]["scope"], "emergency");
    }

    fn execute(&self, id: &str) -> Answer {
        self.clinic.run(&["institution", "recovery", "execute", id])
    }

    /// Somebody with the old phone objects; a hearing and one more approval go over that.
    async fn recover_against_a_veto(&mut self) {
        let reader = format!("institution:{}", CLINIC.id);
        let grant = ["patient", "grant", &reader, "--blocks", "medical", "--until", "+90d"];
        self.done(self.patient.run(&grant)).await;
        let request = self.phone.file("recovery.json");
        let ask = ["patient", "recovery", "request", "--person", PERSON, "--institution"];
        let nowhere = [&ask[..], &["99999999000000001X", "--out", &request]].concat();
        assert!(self.phone.run(&nowhere).code().is_some_and(|code| code != 0));
        self.phone.run(&[&ask[..], &[CLINIC.id, "--out", &request]].concat()).ends_with(0);
        // The hospital was not named.
        let other = self.hospital.run(&["institution", "recovery", "open", &request]);
        refused(&other, CLINIC.id);
        let opened = self.clinic.run(&["institution", "recovery", "open", &request]);
        let opened = self.done(opened).await;
        let id = opened["recovery"].to_string();
        let warned = self.patient.run(&["patient", "show"]);
        assert!(warned.errors().contains("recovery veto"), "{}", warned.errors());
        self.patient.run(&grant).ends_with(REFUSED);
        // What the old account has stays there.
        let coins = self.balance(&self.patient);
        assert_ne!(coins, "0 HMC", "it earned by sharing");

        let approve = ["recovery", "approve", id.as_str()];
        self.done(self.centre("//Jiangsu", &approve)).await;
        let vetoed = self.done(self.patient.run(&["patient", "recovery", "veto"])).await;
        assert_eq!(vetoed["state"]["status"], "contested");
        assert_eq!(vetoed["state"]["approvals"], serde_json::json!([]));
        let needed = vetoed["state"]["needed"].clone();
        assert_eq!(needed, 4, "one more than before, and not more than there are regions");
        self.patient.run(&["patient", "recovery", "veto"]).ends_with(REFUSED);
        refused(&self.centre("//Jiangsu", &approve), "HearingMissing");
        let minutes = self.file("minutes", "听证记录");
        let hear = ["recovery", "hear", id.as_str(), "--minutes", &minutes];
        self.centre("//Zhejiang", &hear).ends_with(REFUSED);
        self.done(self.centre("//Jiangsu", &hear)).await;
        for centre in ["//Jiangsu", "//Zhejiang", "//Shanghai"] {
            self.done(self.centre(centre, &approve)).await;
        }
        self.execute(&id).ends_with(REFUSED);
        self.done(self.centre("//Guangdong", &approve)).await;
        // Its delay is half a minute on a local chain, and began anew with the veto.
        // The new phone carries it out, without a coin and without the clinic.
        let executed = eventually("the delay ends", Duration::from_secs(90), || async {
            let answer = self.phone.run(&["patient", "recovery", "execute", &id]);
            (answer.code() == Some(0)).then(|| answer.json())
        })
        .await;
        assert_eq!(executed["state"]["status"], "executed");
        self.consortium.wait_seen(&executed).await;
        assert_eq!(
            (self.balance(&self.patient), self.balance(&self.phone)),
            ("0 HMC".into(), coins)
        );
        refused(&self.phone.run(&["patient", "recovery", "coins"]), "NothingToCollect");

        // One custodian is killed, three suffice.
        self.consortium.kill_custodian(ZHEJIANG);
        self.patient.run(&["patient", "file"]).ends_with(REFUSED);
        let collected = self.phone.run(&["patient", "recovery", "collect", "--wait", "60"]).json();
        assert_eq!(rows(&collected["shares_of"]).len(), 3, "{collected}");
        // Keys that the old phone cannot know: of every block, and dealt at once.
        assert_eq!(collected["left_to_do"], serde_json::json!([]), "{collected}");
        assert!(collected["renewed"].to_string().contains("sealed again for 1"), "{collected}");
        self.read_what_comes_without_the_old_phone(&reader).await;
        let out = self.phone.file("old-record.json");
        self.phone.run(&["patient", "open", &self.record, "--out", &out]).ends_with(0);
        assert_eq!(read(&out), CONTENT, "the old record, byte by byte");
        let granted = self.file("granted", "");
        let reads = ["reader", "--account", "institution", "--secret", "institution", "--as"];
        let reads = [&reads[..], &[&reader, "--person", PERSON, "fetch", &self.record]].concat();
        self.clinic.run(&[&reads[..], &["--out", &granted]].concat()).ends_with(0);

        self.consortium.start_custodian(ZHEJIANG);
        self.consortium.wait_custodian(ZHEJIANG).await;
        let late =
            eventually("the killed custodian hands over", Duration::from_secs(60), || async {
                let shown = self.clinic.run(&["institution", "recovery", "show", &id]).json();
                (rows(&shown["handed_over_by"]).len() == 4).then_some(())
            });
        late.await;
        eventually("the fresh secret is recoverable", Duration::from_secs(60), || async {
            let stands = self.phone.run(&["patient", "custody", "status"]).json();
            assert_eq!(stands["dealings"][0]["number"], 4, "{stands}");
            (stands["dealings"][0]["recoverable"] == true).then_some(())
        })
        .await;
        // After a theft without a loss: the same by hand.
        let renewed = self.phone.run(&["patient", "renew-secret"]).json();
        assert_eq!(renewed["left_to_do"], serde_json::json!([]), "{renewed}");
        assert!(renewed["renewed"].to_string().contains("epoch 2"), "{renewed}");
        let out = self.phone.file("old-record-again.json");
        self.phone.run(&["patient", "open", &self.record, "--out", &out]).ends_with(0);
    }

    fn balance(&self, whose: &Cli) -> String {
        whose.run(&["operator", "account", "show", "patient"]).text("balance")
    }

    /// A record shared after the recovery is sealed for a key that the old phone's secret does not
    /// give; the person and the remaining reader open it.
    async fn read_what_comes_without_the_old_phone(&mut self, reader: &str) {
        let content = CONTENT.replace("高血压", "康复");
        let path = self.file("condition", &content);
        let shared = self.hospital.run(&["institution", "share", "--person", PERSON, &path]);
        let shared = self.done(shared).await;
        let record = shared[0]["record"].as_str().expect("a record has an id").to_owned();
        let secret_of = |who: &Cli, name: &str| {
            let file = who.file("secrets/patient.json");
            PersonSecret::read(file.as_ref(), &format!("the passphrase of {name}"))
                .expect("it opens")
        };
        let (old, new) = (secret_of(&self.patient, "patient"), secret_of(&self.phone, "phone"));
        let person: PersonId = PERSON.parse().expect("an id");
        let chain = Client::connect(&self.consortium.node_url(0)).await.expect("the node answers");
        let key = chain.scope_key(&person, blocks::MEDICAL, At::Finalized).await;
        let key = key.expect("the node answers").expect("there is a key");
        let public = |secret: &PersonSecret| {
            let genesis = chain.genesis_hash();
            secret.scope_secret(&genesis, &person, blocks::MEDICAL, key.epoch).public()
        };
        assert_eq!((key.epoch, public(&new)), (KeyEpoch(1), key.key));
        assert_ne!(public(&old), key.key, "the old phone knows what comes");
        let out = self.phone.file("new-record.json");
        self.phone.run(&["patient", "open", &record, "--out", &out]).ends_with(0);
        assert_eq!(read(&out), content);
        let granted = self.file("granted", "");
        let reads = ["reader", "--account", "institution", "--secret", "institution", "--as"];
        let reads = [&reads[..], &[reader, "--person", PERSON, "fetch", &record]].concat();
        self.clinic.run(&[&reads[..], &["--out", &granted]].concat()).ends_with(0);
        assert_eq!(read(&granted), content);
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
