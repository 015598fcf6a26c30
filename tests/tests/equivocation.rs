//! Two processes that take themselves for the same authority: what they sign twice is proved
//! against it, it leaves the set, and no node finalises two blocks of one height.

use std::time::Duration;

use codec::{Decode, Encode};
use kanglian_e2e::{AURA, CLONE, Cli, Consortium, PROVINCES, SESSION_KEYS, eventually};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client, Config},
    keys::Account,
};
use serde_json::{Value, json};
use subxt::config::{
    Hasher,
    substrate::{BlakeTwo256, DigestItem},
};
use subxt_signer::{SecretUri, sr25519::Keypair};

type Header = <Config as subxt::Config>::Header;

/// Exit code of `kanglian`.
const REFUSED: i32 = 3;
/// The province whose authority runs twice.
const GUANGDONG: usize = 3;

fn account(uri: &str) -> AccountId {
    Account::from_uri(uri).expect("a well-known account").id()
}

fn keypair(uri: &str) -> Keypair {
    let uri: SecretUri = uri.parse().expect("a well-known key");
    Keypair::from_uri(&uri).expect("a well-known key")
}

fn to_hex(header: &Header) -> String {
    format!("0x{}", hex::encode(header.encode()))
}

fn from_hex(text: &Value) -> Header {
    let digits = text.as_str().and_then(|text| text.strip_prefix("0x")).expect("a header");
    let bytes = hex::decode(digits).expect("hexadecimal digits");
    Header::decode(&mut bytes.as_slice()).expect("a header in SCALE")
}

fn unsealed(header: &Header) -> Header {
    let mut header = header.clone();
    let seal = header.digest.logs.pop();
    assert!(matches!(seal, Some(DigestItem::Seal(engine, _)) if engine == *b"aura"));
    header
}

/// The block under somebody's seal.
fn sealed_by(header: &Header, uri: &str) -> Header {
    let mut header = unsealed(header);
    let signature = keypair(uri).sign(&BlakeTwo256.hash(&header.encode()).0);
    header.digest.logs.push(DigestItem::Seal(*b"aura", signature.0.to_vec()));
    header
}

/// The consortium with an authority that runs twice, and an operator who watches.
struct Case {
    consortium: Consortium,
    operator: Cli,
    chain: Client,
}

impl Case {
    async fn start(keys: &[kanglian_e2e::SessionKey]) -> Self {
        let mut consortium = Consortium::start().await;
        consortium.start_clone(GUANGDONG, keys);
        consortium.wait_finalised(CLONE, 2).await;
        let operator = Cli::new(&consortium, "operator");
        let chain = Client::connect(&consortium.node_url(0)).await.expect("the node answers");
        Self { consortium, operator, chain }
    }

    /// Watches both nodes of the authority until they made two blocks in one slot.
    fn double_block(&self, name: &str) -> Value {
        let file = self.operator.file(name);
        let (one, other) = (self.consortium.node_url(GUANGDONG), self.consortium.node_url(CLONE));
        let watch = ["operator", "double-blocks", "watch", "--until", "+90s", "--out", &file];
        self.operator.run(&[&watch[..], &["--node", &one, "--with", &other]].concat()).ends_with(0);
        let written = std::fs::read(file).expect("the headers were written");
        serde_json::from_slice(&written).expect("the headers are JSON")
    }

    fn report(&self, headers: &Value) -> kanglian_e2e::Answer {
        let file = self.operator.file("report.json");
        std::fs::write(&file, headers.to_string()).expect("the headers are written");
        self.operator.run(&["operator", "double-blocks", "report", "--account", "//Jiangsu", &file])
    }

    fn refuses(&self, headers: &Value, why: &str) {
        let answer = self.report(headers);
        answer.ends_with(REFUSED);
        assert!(answer.errors().contains(why), "nothing of {why}: {}", answer.errors());
    }

    /// What the registry says of the province's authority.
    fn state_of(&self, i: usize) -> String {
        let listed = self.operator.run(&["operator", "authorities"]).json();
        let listed = listed.as_array().expect("a list").clone();
        let region = PROVINCES[i].region.to_string();
        let row = listed.iter().find(|row| row["region"].to_string().trim_matches('"') == region);
        let state = row.and_then(|row| row["state"].as_str());
        state.unwrap_or_else(|| panic!("{region} is not in {listed:?}")).to_owned()
    }

    async fn header(&self, hash: &str) -> Header {
        self.chain.rpc("chain_getHeader", json!([hash])).await.expect("the block is known")
    }

    /// A finalised block's header whose author is the province's authority.
    async fn block_of(&self, i: usize) -> Header {
        let head = self.chain.finalized().await.expect("the node answers");
        for number in (1..=head.number).rev() {
            let hash = self.consortium.rpc(0).hash_at(number.into()).await.expect("it is known");
            let header = self.header(&hash).await;
            let suri = format!("//{}", PROVINCES[i].name);
            if is_sealed_by(&header, &suri) {
                return header;
            }
        }
        panic!("no finalised block is by {}", PROVINCES[i].name);
    }
}

fn is_sealed_by(header: &Header, uri: &str) -> bool {
    let Some(DigestItem::Seal(_, seal)) = header.digest.logs.last() else { return false };
    let Ok(seal) = <[u8; 64]>::try_from(seal.as_slice()) else { return false };
    let hash = BlakeTwo256.hash(&unsealed(header).encode());
    let signature = subxt_signer::sr25519::Signature(seal);
    subxt_signer::sr25519::verify(&signature, hash.0, &keypair(uri).public_key())
}

#[tokio::test]
async fn a_double_block_is_proved_and_its_author_leaves_the_set() {
    let case = Case::start(&[AURA]).await;
    let found = case.double_block("double.json");
    let (first, second) = (from_hex(&found["first"]), from_hex(&found["second"]));
    assert!([&first, &second].iter().all(|header| is_sealed_by(header, "//Guangdong")));
    assert_ne!(unsealed(&first), unsealed(&second));

    // What proves nothing is refused, whoever seems to have made it.
    let pair = |one: &Header, other: &Header| {
        let mut pair = found.clone();
        pair["first"] = to_hex(one).into();
        pair["second"] = to_hex(other).into();
        pair
    };
    case.refuses(&pair(&first, &first), "SameBlock");
    case.refuses(&pair(&first, &sealed_by(&first, "//Guangdong")), "SameBlock");
    case.refuses(&pair(&unsealed(&first), &second), "MalformedHeader");
    let innocent = case.block_of(0).await;
    case.refuses(&pair(&first, &innocent), "DifferentSlots");
    let mut invented = innocent.clone();
    invented.state_root = subxt::utils::H256([7; 32]);
    case.refuses(&pair(&innocent, &invented), "UnknownAuthor");
    case.refuses(&pair(&innocent, &sealed_by(&invented, "//Zhejiang")), "UnknownAuthor");
    case.refuses(&pair(&first, &sealed_by(&second, "//Jiangsu")), "UnknownAuthor");
    let eve = [sealed_by(&first, "//Eve"), sealed_by(&second, "//Eve")];
    case.refuses(&pair(&eve[0], &eve[1]), "UnknownAuthor");
    let mut elsewhere = found.clone();
    elsewhere["genesis"] = format!("0x{}", "07".repeat(32)).into();
    case.report(&elsewhere).ends_with(2);
    for (i, province) in PROVINCES.iter().enumerate() {
        assert_eq!(case.state_of(i), "validating", "{}", province.name);
    }

    // What proves it costs the author its place.
    let reported = case.report(&found).json();
    assert_eq!(reported["validator"], account("//Guangdong").to_string());
    assert_eq!(reported["outcome"], "left out of the sets planned from now on");
    assert_eq!(case.state_of(GUANGDONG), "leaving after an offence");
    case.refuses(&found, "AlreadyReported");
    case.refuses(&pair(&second, &first), "AlreadyReported");
    let later = case.double_block("later.json");
    assert_ne!(later["slot"], found["slot"]);
    case.refuses(&later, "AlreadyReported");

    // Two sessions later it no longer validates; the three others finalise by themselves.
    eventually("the offender is left out", Duration::from_secs(180), async || {
        (case.state_of(GUANGDONG) == "left out after an offence").then_some(())
    })
    .await;
    let since = case.consortium.rpc(0).best().await.expect("the node answers");
    case.consortium.wait_finalised(0, since + 8).await;
    for number in since + 2..=since + 8 {
        let hash = case.consortium.rpc(0).hash_at(number).await.expect("the block is known");
        let header = case.header(&hash).await;
        assert!(!is_sealed_by(&header, "//Guangdong"), "#{number} is by the offender");
    }
    case.consortium.same_chain_up_to(since + 8).await;
}

#[tokio::test]
async fn an_equivocating_vote_is_reported_by_the_nodes_themselves() {
    let case = Case::start(&SESSION_KEYS).await;
    let chain = &case.chain;
    eventually("the nodes report the double vote", Duration::from_secs(120), || async {
        let offenders: Option<Vec<AccountId>> =
            chain.fetch("Authorities", "Offenders", &[], At::Finalized).await.ok()?;
        offenders.filter(|offenders| *offenders == [account("//Guangdong")])
    })
    .await;
    assert_eq!(case.state_of(GUANGDONG), "leaving after an offence");

    // Nobody's account paid for or signed the report: it is in a block as a bare extrinsic.
    let metadata = chain.metadata().await.expect("the node answers");
    let grandpa = metadata.pallet_by_name("Grandpa").expect("the chain has GRANDPA");
    let report = grandpa.call_variant_by_name("report_equivocation_unsigned").expect("it has it");
    let call = [grandpa.call_index(), report.index];
    let height = chain.finalized().await.expect("the node answers").number;
    let mut reports = 0;
    for number in 1..=height {
        let hash = case.consortium.rpc(0).hash_at(number.into()).await.expect("it is known");
        let block: Value = chain.rpc("chain_getBlock", json!([hash])).await.expect("it is known");
        let extrinsics = block["block"]["extrinsics"].as_array().expect("a list").clone();
        reports += extrinsics.iter().filter(|bytes| is_bare(bytes, call)).count();
    }
    assert!(reports >= 1, "no block up to #{height} holds a report");

    // The double blocks of the same authority add nothing.
    case.refuses(&case.double_block("double.json"), "AlreadyReported");

    let finalised = case.consortium.rpc(0).finalised().await.expect("the node answers");
    case.consortium.wait_finalised(0, finalised + 8).await;
    case.consortium.same_chain_up_to(finalised + 8).await;
}

/// Whether an extrinsic is unsigned and this call.
fn is_bare(extrinsic: &Value, call: [u8; 2]) -> bool {
    let digits = extrinsic.as_str().and_then(|text| text.strip_prefix("0x")).expect("bytes");
    let bytes = hex::decode(digits).expect("hexadecimal digits");
    let body = Vec::<u8>::decode(&mut bytes.as_slice()).expect("an extrinsic has its length");
    matches!(body.as_slice(), [4 | 5, pallet, index, ..] if [*pallet, *index] == call)
}
