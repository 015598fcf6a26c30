use super::*;
use codec::Encode;
use kanglian_primitives::Hash32;
use kanglian_sdk::wire::{
    HEADER_PEER, HEADER_UPLOAD, SignedPeerRequest, decode_header, encode_header, paths,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_fetches_what_only_others_hold_verifies_and_keeps_it() {
    let network = Network::start(&[JIANGSU, ZHEJIANG, ANHUI]).await;
    let bytes = sealed(300_000, 1);
    let upload = network.shared(&bytes).await;
    let record = upload.claim.record;
    let without = network
        .vaults
        .iter()
        .find(|vault| !vault.object_file(&record).exists())
        .expect("one replica was made, so one of three has none");
    let client = without.client(patient());
    assert_eq!(read(&client, &Ask::own(PATIENT), &record).await.unwrap(), bytes);
    assert_eq!(std::fs::read(without.object_file(&record)).unwrap(), bytes);
    let entry = without.app.store.index.object(&record).unwrap().unwrap();
    assert!(entry.shared);
    assert_eq!(entry.wraps, upload.wraps);
    assert_eq!(without.app.log.size(), 1, "the read is in the log of the vault that served it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_subjects_home_region_gets_the_replica_before_others() {
    let regions = [JIANGSU, ZHEJIANG, ANHUI];
    let mut network = Network::start(&regions).await;
    let client = network.vaults[0].client(hospital());
    for home in [ZHEJIANG, ANHUI] {
        network.world.script().homes.insert(PATIENT, home);
        for seed in 0..4 {
            let bytes = sealed(1_000, seed + home.0 as u8);
            let uploaded = client.upload_bytes(&upload_of(&bytes, PATIENT), bytes).await.unwrap();
            assert_eq!(uploaded.replicas, [home]);
        }
    }
    // Side home already, any other will do; and so it is when the home's vault is away.
    network.world.script().homes.insert(PATIENT, JIANGSU);
    let bytes = sealed(1_000, 200);
    let uploaded = client.upload_bytes(&upload_of(&bytes, PATIENT), bytes).await.unwrap();
    assert_eq!(uploaded.replicas.len(), 1);
    network.world.script().homes.insert(PATIENT, ANHUI);
    network.vaults[2].stop().await;
    let bytes = sealed(1_000, 201);
    let uploaded = client.upload_bytes(&upload_of(&bytes, PATIENT), bytes).await.unwrap();
    assert_eq!(uploaded.replicas, [ZHEJIANG]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_no_reachable_vault_holds_is_told_as_unavailable() {
    let mut network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    for vault in &network.vaults {
        *vault.node.syncing.lock().unwrap() = vault.region == ZHEJIANG;
    }
    let bytes = sealed(1_000, 2);
    let upload = upload_of(&bytes, PATIENT);
    let client = network.vaults[0].client(hospital());
    // The second vault is behind and takes no replica.
    let uploaded = client.upload_bytes(&upload, bytes).await.unwrap();
    assert_eq!(uploaded.replicas, []);
    network.world.share(&upload.claim, &[JIANGSU]);
    *network.vaults[1].node.syncing.lock().unwrap() = false;
    network.vaults[0].stop().await;
    let client = network.vaults[1].client(patient());
    let result = read(&client, &Ask::own(PATIENT), &upload.claim.record).await;
    assert_eq!(code(result), "unavailable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_region_gets_no_replica_and_may_not_ask() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    network.world.script().vaults[1].active = false;
    let bytes = sealed(1_000, 3);
    let upload = upload_of(&bytes, PATIENT);
    let client = network.vaults[0].client(hospital());
    let uploaded = client.upload_bytes(&upload, bytes).await.unwrap();
    assert_eq!(uploaded.replicas, []);
    let path = paths::peer_object(&upload.claim.record);
    let reply = ask(&network, &path, &format!("GET {path}"), |_| {}).await;
    assert_eq!(reply, 403);
}

/// Asks the first vault as the second, with a request that may be changed before it is signed.
async fn ask(
    network: &Network,
    path: &str,
    action: &str,
    change: impl Fn(&mut SignedPeerRequest),
) -> u16 {
    let (to, from) = (&network.vaults[0], &network.vaults[1]);
    let mut signed =
        from.app.identity.peer_request(to.region, action, [0; 32], kanglian_sdk::now());
    change(&mut signed);
    let url = to.url.join(path).unwrap();
    let request = reqwest::Client::new().get(url).header(HEADER_PEER, encode_header(&signed));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_vaults_own_fresh_signature_over_this_request_counts() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let upload = network.shared(&sealed(1_000, 4)).await;
    let path = paths::peer_object(&upload.claim.record);
    let action = format!("GET {path}");
    assert_eq!(ask(&network, &path, &action, |_| {}).await, 200);
    let other = paths::peer_object(&RecordId([3; 32]));
    assert_eq!(ask(&network, &other, &format!("GET {other}"), |_| {}).await, 404);
    assert_eq!(ask(&network, &path, &format!("PUT {path}"), |_| {}).await, 403);
    assert_eq!(ask(&network, &path, &format!("GET {other}"), |_| {}).await, 403);
    assert_eq!(ask(&network, &path, &action, |s| s.signature[0] ^= 1).await, 403);
    assert_eq!(ask(&network, &path, &action, |s| s.request.from = JIANGSU).await, 403);
    assert_eq!(ask(&network, &path, &action, |s| s.request.from = ANHUI).await, 403);
    assert_eq!(ask(&network, &path, &action, |s| s.request.to = ZHEJIANG).await, 403);
    assert_eq!(ask(&network, &path, &action, |s| s.request.body = [1; 32]).await, 403);
    let resigned = |at: u64, network: &Network| {
        let identity = &network.vaults[1].app.identity;
        identity.peer_request(JIANGSU, &action, [0; 32], at)
    };
    let now = kanglian_sdk::now();
    for (at, expected) in [(now - 30_000, 200), (now - 61_000, 403), (now + 65_000, 403)] {
        let old = resigned(at, &network);
        assert_eq!(ask(&network, &path, &action, |s| *s = old.clone()).await, expected);
    }
    let reply = reqwest::get(network.vaults[0].url.join(&path).unwrap()).await.unwrap();
    assert_eq!(reply.status(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_of_another_subject_is_refused_by_the_peer_too() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let bytes = sealed(1_000, 5);
    network.shared(&bytes).await;
    let other = upload_of(&bytes, OTHER_PATIENT);
    let path = paths::peer_object(&other.claim.record);
    let meta: Hash32 = blake3::hash(&other.encode()).into();
    let identity = &network.vaults[0].app.identity;
    let signed = identity.peer_request(ZHEJIANG, &format!("PUT {path}"), meta, kanglian_sdk::now());
    let reply = reqwest::Client::new()
        .put(network.vaults[1].url.join(&path).unwrap())
        .header(HEADER_PEER, encode_header(&signed))
        .header(HEADER_UPLOAD, encode_header(&other))
        .body(bytes)
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), 409);
    let known = network.vaults[1].app.store.index.object(&other.claim.record).unwrap().unwrap();
    assert_eq!(known.claim.subject, PATIENT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_gives_other_facts_than_the_chain_is_not_believed() {
    let network = Network::start(&[JIANGSU, ZHEJIANG, ANHUI]).await;
    let bytes = sealed(1_000, 6);
    let upload = network.shared(&bytes).await;
    let record = upload.claim.record;
    network.world.script().records.get_mut(&record).unwrap().key_epoch = KeyEpoch(9);
    let without = network.vaults.iter().find(|vault| !vault.object_file(&record).exists()).unwrap();
    let result = read(&without.client(patient()), &Ask::own(PATIENT), &record).await;
    assert_eq!(code(result), "unavailable");
    assert!(!without.object_file(&record).exists());
    let header = encode_header(&upload);
    assert_eq!(decode_header::<Upload>(&header), Ok(upload));
}
