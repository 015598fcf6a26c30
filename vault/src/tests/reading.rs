use super::{uploading::token, *};
use codec::Encode;
use kanglian_primitives::{Basis, Instant, payloads, payloads::AccessStatement};
use kanglian_sdk::{
    envelope::{Bundle, BundleEntry},
    vault::VaultError,
    wire::{ErrorBody, HEADER_ACCESS, HEADER_LOG, SignedAccess, encode_header, paths},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_patient_and_a_doctor_with_consent_read_and_nobody_else() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let bytes = sealed(200_000, 1);
    let upload = network.shared(&bytes).await;
    let record = upload.claim.record;
    let client = vault.client(patient());
    assert_eq!(read(&client, &Ask::own(PATIENT), &record).await.unwrap(), bytes);
    let client = vault.client(doctor());
    assert_eq!(code(read(&client, &doctors_ask(), &record).await), "no_consent");
    network.grant(terms(1));
    assert_eq!(read(&client, &doctors_ask(), &record).await.unwrap(), bytes);
    let marketing = Ask { purpose: Purpose::Marketing, ..doctors_ask() };
    assert_eq!(code(read(&client, &marketing, &record).await), "no_consent");
    let client = vault.client(stranger());
    assert_eq!(code(read(&client, &doctors_ask(), &record).await), "not_acting_as");
    assert_eq!(code(read(&client, &Ask::own(PATIENT), &record).await), "not_acting_as");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_needs_the_best_and_the_finalised_state() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let upload = network.shared(&sealed(1_000, 2)).await;
    let record = upload.claim.record;
    network.grant(terms(7));
    let client = vault.client(doctor());
    read(&client, &doctors_ask(), &record).await.unwrap();
    // Ended in the best block, not yet final.
    network.world.script().ended_in_best.insert((PATIENT, 7));
    assert_eq!(code(read(&client, &doctors_ask(), &record).await), "no_consent");
    // Shared in the best block, not yet final.
    network.world.script().ended_in_best.clear();
    network.world.script().not_final.insert(record);
    assert_eq!(code(read(&client, &doctors_ask(), &record).await), "not_found");
    let page = client.file(&doctors_ask(), None, 10).await.unwrap();
    assert!(page.records.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_listed_in_pages_to_who_may_see_them() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    for seed in 0..5 {
        network.shared(&sealed(500, seed)).await;
    }
    let client = vault.client(patient());
    let page = client.file(&Ask::own(PATIENT), None, 2).await.unwrap();
    assert_eq!(page.records.len(), 2);
    let rest = client.file(&Ask::own(PATIENT), page.next.as_ref(), 256).await.unwrap();
    assert_eq!((rest.records.len(), rest.next), (3, None));
    assert_eq!(client.whole_file(&Ask::own(PATIENT)).await.unwrap().records.len(), 5);
    let client = vault.client(doctor());
    assert_eq!(code(client.file(&doctors_ask(), None, 10).await), "no_consent");
    assert_eq!(code(client.file(&doctors_ask(), None, 0).await), "bad_request");
    assert_eq!(code(client.file(&doctors_ask(), None, 257).await), "bad_request");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_institution_that_wrote_nothing_and_has_no_terms_lists_nothing() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let acting_as = Grantee::Institution(hospital_id());
    network.world.script().acting.push((hospital().account(), acting_as));
    let ask = Ask { acting_as, ..doctors_ask() };
    let client = vault.client(hospital());
    assert_eq!(code(client.file(&ask, None, 10).await), "no_consent");
    assert_eq!(code(client.file(&ask, Some(&RecordId([1; 32])), 10).await), "no_consent");
    // With terms it may see that there is nothing.
    network.world.script().terms.push((PATIENT, acting_as, terms(5)));
    assert!(client.file(&ask, None, 10).await.unwrap().records.is_empty());
    network.world.script().terms.clear();
    // An author sees its own, and that nothing follows.
    network.shared(&sealed(500, 1)).await;
    assert_eq!(client.file(&ask, None, 10).await.unwrap().records.len(), 1);
    let end = RecordId([0xff; 32]);
    assert!(client.file(&ask, Some(&end), 10).await.unwrap().records.is_empty());
    // Not what another wrote.
    for facts in network.world.script().records.values_mut() {
        facts.author = Author::Person(PATIENT);
    }
    assert_eq!(code(client.file(&ask, None, 10).await), "no_consent");
    let log = vault.client(patient()).own_log(&PATIENT, None, None).await.unwrap();
    let seen: Vec<_> = log.lines.iter().map(|line| line.entry.basis).collect();
    let (author, terms) = (Some(Basis::Author), Some(Basis::Terms(TermsId(5))));
    assert_eq!(seen, [None, None, terms, author, author, None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_behind_serves_nothing() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let upload = network.shared(&sealed(1_000, 3)).await;
    let client = vault.client(patient());
    let ask = Ask::own(PATIENT);
    read(&client, &ask, &upload.claim.record).await.unwrap();
    for (best, finalised, syncing, serves) in [
        (5_000, 50_000, false, true),
        (7_500, 0, false, false),
        (0, 61_500, false, false),
        (0, 0, true, false),
    ] {
        *vault.node.ages.lock().unwrap() = (best, finalised);
        *vault.node.syncing.lock().unwrap() = syncing;
        let result = read(&client, &ask, &upload.claim.record).await;
        match serves {
            true => drop(result.unwrap()),
            false => {
                let error = result.unwrap_err();
                let VaultError::Refused { status, code, .. } = error else { panic!("{error}") };
                assert_eq!((status, code.as_str()), (503, "stale"));
                assert_eq!(code_of_health(vault).await, 503);
                assert_eq!(code_of(client.file(&ask, None, 1).await), "stale");
            },
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_was_away_serves_nothing_until_it_finalises_anew() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let record = network.shared(&sealed(1_000, 4)).await.claim.record;
    let client = vault.client(patient());
    let ask = Ask::own(PATIENT);
    // The last finalised block is as old as the node's absence, and young enough otherwise.
    *vault.node.ages.lock().unwrap() = (1_500, 2_000);
    *vault.node.since.lock().unwrap() = kanglian_sdk::now();
    assert_eq!(code(read(&client, &ask, &record).await), "stale");
    assert_eq!(code_of(client.file(&ask, None, 1).await), "stale");
    assert_eq!(code_of_health(vault).await, 503);
    *vault.node.ages.lock().unwrap() = (0, 0);
    read(&client, &ask, &record).await.unwrap();

    // Lost while it was asked: the answer may be of the state it came back with.
    *vault.node.delay.lock().unwrap() = Duration::from_millis(400);
    let lose = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        *vault.node.since.lock().unwrap() = Instant::MAX;
    };
    let (answer, ()) = tokio::join!(read(&client, &ask, &record), lose);
    assert_eq!(code(answer), "stale");
    *vault.node.since.lock().unwrap() = 0;
    read(&client, &ask, &record).await.unwrap();
}

fn code_of<T: std::fmt::Debug>(result: Result<T, VaultError>) -> String {
    super::code(result)
}

async fn code_of_health(vault: &Vault) -> u16 {
    reqwest::get(vault.url.join("/health").unwrap()).await.unwrap().status().as_u16()
}

/// Asks for an object under a given statement.
async fn ask_with(
    vault: &Vault,
    record: &RecordId,
    signed: &SignedAccess,
    range: Option<&str>,
) -> reqwest::Response {
    let token = token(vault, &patient()).await;
    let mut request = reqwest::Client::new()
        .get(vault.url.join(&paths::object(record)).unwrap())
        .bearer_auth(token)
        .header(HEADER_ACCESS, encode_header(signed));
    if let Some(range) = range {
        request = request.header("range", range);
    }
    request.send().await.unwrap()
}

fn statement(now: Instant) -> AccessStatement<AccountId> {
    AccessStatement {
        region: JIANGSU,
        account: patient().account(),
        acting_as: Grantee::Person(PATIENT),
        subject: PATIENT,
        purpose: Purpose::PatientRequest,
        issued_at: now,
        expires_at: now + 60_000,
    }
}

fn sign(statement: AccessStatement<AccountId>) -> SignedAccess {
    let message = payloads::access(&world::GENESIS, &statement);
    let signature = AccountSigner::sign(&patient(), &message).to_vec();
    SignedAccess { statement, scheme: 0, signature }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_of_another_region_account_time_or_hand_are_refused() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let record = network.shared(&sealed(1_000, 4)).await.claim.record;
    let now = kanglian_sdk::now();
    let good = statement(now);
    assert_eq!(ask_with(vault, &record, &sign(good), None).await.status(), 200);
    let hour = 60 * 60 * 1000;
    let refused = [
        ("wrong_region", sign(AccessStatement { region: ZHEJIANG, ..good })),
        ("wrong_account", sign(AccessStatement { account: stranger().account(), ..good })),
        (
            "statement_expired",
            sign(AccessStatement { issued_at: now - 2_000, expires_at: now - 1, ..good }),
        ),
        (
            "statement_expired",
            sign(AccessStatement { issued_at: now + 90_000, expires_at: now + 99_000, ..good }),
        ),
        ("statement_validity", sign(AccessStatement { expires_at: now + hour + 1, ..good })),
        ("statement_validity", sign(AccessStatement { expires_at: good.issued_at, ..good })),
        ("statement_validity", sign(AccessStatement { expires_at: 0, ..good })),
        (
            "statement_signature",
            SignedAccess {
                statement: AccessStatement { purpose: Purpose::Treatment, ..good },
                ..sign(good)
            },
        ),
        ("statement_signature", SignedAccess { scheme: 1, ..sign(good) }),
        ("statement_signature", SignedAccess { scheme: 2, ..sign(good) }),
        ("statement_signature", SignedAccess { signature: vec![], ..sign(good) }),
    ];
    let lines = vault.app.log.size();
    for (expected, signed) in refused {
        let reply = ask_with(vault, &record, &signed, None).await;
        assert_eq!(reply.status(), 403);
        assert_eq!(reply.json::<ErrorBody>().await.unwrap().code, expected);
    }
    assert_eq!(vault.app.log.size(), lines, "what nobody signed is not logged");
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_are_cut_exactly_and_verified() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let bytes = sealed(200_001, 5);
    let record = network.shared(&bytes).await.claim.record;
    let signed = sign(statement(kanglian_sdk::now()));
    for (range, expected) in [
        ("bytes=0-0", 0..1),
        ("bytes=65535-65536", 65_535..65_537),
        ("bytes=65536-131071", 65_536..131_072),
        ("bytes=1000-199999", 1_000..200_000),
        ("bytes=200000-", 200_000..200_001),
        ("bytes=-7", 199_994..200_001),
        ("bytes=0-", 0..200_001),
    ] {
        let reply = ask_with(vault, &record, &signed, Some(range)).await;
        assert_eq!(reply.status(), 206);
        let told = format!("bytes {}-{}/200001", expected.start, expected.end - 1);
        assert_eq!(reply.headers()["content-range"], told.as_str());
        assert!(reply.headers().contains_key(HEADER_LOG));
        assert_eq!(reply.bytes().await.unwrap(), bytes[expected]);
    }
    let reply = ask_with(vault, &record, &signed, Some("bytes=200001-")).await;
    assert_eq!(reply.status(), 416);
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_stays_flat_for_large_objects() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let length = 64 << 20;
    let folder = TempDir::new().unwrap();
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    let bytes = sealed(length, 6);
    std::fs::write(&from, &bytes).unwrap();
    let upload = upload_of(&bytes, PATIENT);
    drop(bytes);
    let before = resident();
    let peak = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let watch = peak.clone();
    let progress: kanglian_sdk::vault::Progress = Arc::new(move |_, _| {
        watch.fetch_max(resident(), std::sync::atomic::Ordering::Relaxed);
    });
    let client = vault.client(hospital());
    client.upload_file(&upload, &from, progress.clone()).await.unwrap();
    network.world.share(&upload.claim, &[JIANGSU]);
    let client = vault.client(patient());
    let record = upload.claim.record;
    client.fetch_file(&Ask::own(PATIENT), &record, &to, progress).await.unwrap();
    let peak = peak.load(std::sync::atomic::Ordering::Relaxed);
    assert!(peak - before.min(peak) < 40 << 20, "grew by {} bytes", peak - before);
}

/// Resident memory of this process.
pub fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    text.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

pub fn other_bundle() -> Vec<u8> {
    let entry = BundleEntry {
        block: blocks::MEDICAL,
        epoch: KeyEpoch(0),
        suite: Suite::X25519ChaCha20Poly1305,
        enc: [3; 32],
        ciphertext: vec![4; 48],
    };
    Bundle(vec![entry]).encode()
}

pub fn bundle() -> Vec<u8> {
    let entry = BundleEntry {
        block: blocks::MEDICAL,
        epoch: KeyEpoch(0),
        suite: Suite::X25519ChaCha20Poly1305,
        enc: [1; 32],
        ciphertext: vec![2; 48],
    };
    Bundle(vec![entry]).encode()
}

#[tokio::test(flavor = "multi_thread")]
async fn bundles_go_from_the_person_to_the_grantee_whose_terms_name_them() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let owner = network.vaults[0].client(patient());
    let (hash, reply) = owner.put_bundle(&PATIENT, bundle()).await.unwrap();
    assert_eq!(reply.replicas, [ZHEJIANG]);
    assert_eq!(owner.get_bundle(&PATIENT, &hash).await.unwrap(), bundle());
    let reader = network.vaults[1].client(doctor());
    assert_eq!(code(reader.get_bundle(&PATIENT, &hash).await), "not_found");
    network.grant(terms(1));
    assert_eq!(code(reader.get_bundle(&PATIENT, &hash).await), "not_found");
    network.grant(Terms { bundle: hash, ..terms(2) });
    assert_eq!(reader.get_bundle(&PATIENT, &hash).await.unwrap(), bundle());
    assert_eq!(code(reader.get_bundle(&OTHER_PATIENT, &hash).await), "not_found");
    let other = network.vaults[1].client(stranger());
    assert_eq!(code(other.get_bundle(&PATIENT, &hash).await), "not_found");
    // Only the person, or who may give terms on, stores bundles.
    assert_eq!(code(reader.put_bundle(&PATIENT, bundle()).await), "not_acting_as");
    network.grant(Terms { may_delegate: 1, ..terms(3) });
    reader.put_bundle(&PATIENT, bundle()).await.unwrap();
    // A bundle is a bundle, and the one that is named.
    assert_eq!(code(owner.put_bundle(&PATIENT, vec![7; 100]).await), "bad_request");
    let token = token(&network.vaults[0], &patient()).await;
    let url = network.vaults[0].url.join(&paths::bundle(&[8; 32], &PATIENT)).unwrap();
    let put = |body: Vec<u8>| {
        reqwest::Client::new().put(url.clone()).bearer_auth(&token).body(body).send()
    };
    assert_eq!(put(bundle()).await.unwrap().status(), 400);
    assert_eq!(put(vec![0; 256 * 1024 + 1]).await.unwrap().status(), 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_ground_does_not_open_the_bundle_of_terms_that_ended() {
    let network = Network::start(&[JIANGSU]).await;
    let owner = network.vaults[0].client(patient());
    let (hash, _) = owner.put_bundle(&PATIENT, bundle()).await.unwrap();
    let reader = network.vaults[0].client(doctor());
    let now = kanglian_sdk::now();
    let hour = 60 * 60 * 1000;
    // A ground of the same reader, with another bundle and no right to give on.
    network.grant(terms(1));
    let parent = |id| {
        let grantee = Grantee::Institution(hospital_id());
        Some(kanglian_primitives::ParentTerms { grantee, id: TermsId(id) })
    };
    let named = Terms { bundle: hash, may_delegate: 1, ..terms(2) };
    for ended in [
        Terms { until: now, ..named },
        Terms { from: now + hour, ..named },
        Terms { parent: parent(7), ..named },
    ] {
        network.world.script().terms.truncate(1);
        network.grant(ended);
        assert_eq!(code(reader.get_bundle(&PATIENT, &hash).await), "not_found");
        assert_eq!(code(reader.put_bundle(&PATIENT, bundle()).await), "not_acting_as");
    }
    // A parent that is there but over; then one in force.
    for (until, opens) in [(now, false), (u64::MAX, true)] {
        network.world.script().terms.truncate(1);
        network.grant(Terms { parent: parent(7), ..named });
        let above = Terms { until, may_delegate: 2, ..terms(7) };
        let holder = Grantee::Institution(hospital_id());
        network.world.script().terms.push((PATIENT, holder, above));
        assert_eq!(reader.get_bundle(&PATIENT, &hash).await.is_ok(), opens);
        assert_eq!(reader.put_bundle(&PATIENT, bundle()).await.is_ok(), opens);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_fetched_from_a_peer_that_has_it() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let owner = network.vaults[0].client(patient());
    let (hash, _) = owner.put_bundle(&PATIENT, bundle()).await.unwrap();
    let second = &network.vaults[1];
    second.app.store.index.remove_bundle(hash).await.unwrap();
    let owner = second.client(patient());
    assert_eq!(owner.get_bundle(&PATIENT, &hash).await.unwrap(), bundle());
    assert!(second.app.store.index.bundle(&hash).unwrap().is_some());
}
