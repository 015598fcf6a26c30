use super::*;
use crate::gc;

#[tokio::test(flavor = "multi_thread")]
async fn objects_that_nobody_shared_go_when_their_receipts_are_over() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let (kept, gone) = (sealed(100_000, 1), sealed(100_000, 2));
    let client = vault.client(hospital());
    let shared = upload_of(&kept, PATIENT);
    let unshared = upload_of(&gone, PATIENT);
    client.upload_bytes(&shared, kept.clone()).await.unwrap();
    client.upload_bytes(&unshared, gone.clone()).await.unwrap();
    network.world.share(&shared.claim, &[JIANGSU]);
    // Receipts count until 2,800; the margin is 600 blocks.
    for height in [2_000, 2_800, 3_400] {
        network.world.script().height = height;
        assert_eq!(gc::step(&vault.app).await.unwrap(), 0);
    }
    network.world.script().height = 3_401;
    // A record in a block that is not final yet keeps its bytes.
    network.world.share(&unshared.claim, &[JIANGSU]);
    network.world.script().not_final.insert(unshared.claim.record);
    assert_eq!(gc::step(&vault.app).await.unwrap(), 0);
    network.world.script().records.remove(&unshared.claim.record);
    // So does a fresh receipt.
    client.upload_bytes(&unshared, gone.clone()).await.unwrap();
    assert_eq!(gc::step(&vault.app).await.unwrap(), 0);
    network.world.script().height = 3_401 + 2_401;
    assert_eq!(gc::step(&vault.app).await.unwrap(), 1);
    assert!(!vault.object_file(&unshared.claim.record).exists());
    assert!(!vault.outboard_file(&unshared.claim.record).exists());
    assert_eq!(vault.app.store.index.object(&unshared.claim.record).unwrap(), None);
    assert!(vault.object_file(&shared.claim.record).exists());
    assert!(vault.app.store.index.object(&shared.claim.record).unwrap().unwrap().shared);
    // What went can come again.
    client.upload_bytes(&unshared, gone).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_collected_while_the_node_is_behind() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let bytes = sealed(1_000, 3);
    let upload = upload_of(&bytes, PATIENT);
    vault.client(hospital()).upload_bytes(&upload, bytes).await.unwrap();
    network.world.script().height = 1_000_000;
    *vault.node.syncing.lock().unwrap() = true;
    gc::step(&vault.app).await.unwrap_err();
    assert!(vault.object_file(&upload.claim.record).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn bundles_go_when_no_terms_name_them_any_more() {
    let network = Network::start(&[JIANGSU]).await;
    let index = &network.vaults[0].app.store.index;
    let now = kanglian_sdk::now();
    let old = now - gc::BUNDLE_AGE - 1;
    for (hash, received_at) in [([1; 32], old), ([2; 32], old), ([3; 32], now), ([4; 32], old)] {
        let bundle = crate::store::Bundle { subject: PATIENT, received_at, bytes: vec![0] };
        index.put_bundle(hash, bundle).await.unwrap();
    }
    network.grant(Terms { bundle: [1; 32], ..terms(1) });
    // An open code names the last one: it waits for whoever redeems it.
    let code = kanglian_primitives::CodeKey([0xc0; 32]);
    network.world.script().codes.insert(code, (PATIENT, [4; 32], Vec::new()));
    assert_eq!(gc::step(&network.vaults[0].app).await.unwrap(), 1);
    let left: Vec<_> = index.bundles().unwrap().into_iter().map(|(hash, _, _)| hash[0]).collect();
    assert_eq!(left, [1, 3, 4]);
    // Spent, cancelled or over: nobody is given it any more, and it goes.
    network.world.script().codes.clear();
    assert_eq!(gc::step(&network.vaults[0].app).await.unwrap(), 1);
}
