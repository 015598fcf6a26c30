//! A disk that is full, or fails.

use codec::Encode;
use kanglian_sdk::envelope::{Bundle, BundleEntry};

use super::{
    child::{Child, files, share, unique},
    *,
};

/// KiB that a file of the child may have.
const LIMIT: u64 = 6 * 1024;

/// A bundle that is nobody else's, about 200 KiB long.
fn large_bundle(number: u8) -> Vec<u8> {
    let entry = BundleEntry {
        block: blocks::MEDICAL,
        epoch: KeyEpoch(0),
        suite: Suite::X25519ChaCha20Poly1305,
        enc: [number; 32],
        ciphertext: vec![2; 48],
    };
    Bundle(vec![entry; 2_300]).encode()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_what_was_stored_is_served_on() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let bytes = sealed(100_000, 1);
    let upload = upload_of(&bytes, PATIENT);
    share(folder.path(), &[]);
    let child = Child::start(folder.path(), Some(LIMIT));
    let client = child.client(hospital());
    client.upload_bytes(&upload, bytes.clone()).await.unwrap();
    child.kill();
    share(folder.path(), &[upload.claim]);
    let child = Child::start(folder.path(), Some(LIMIT));
    let (client, owner) = (child.client(hospital()), child.client(patient()));
    let stored = files(&data.join("objects"));

    // An object that does not fit leaves nothing.
    let large = unique(8 << 20, 1);
    let refused = client.upload_bytes(&upload_of(&large, PATIENT), large.clone()).await;
    assert_eq!(code(refused), "storage_full");
    assert_eq!((files(&data.join("spool")), files(&data.join("objects"))), (0, stored));
    assert_eq!(files(&data.join("outboards")), 1);

    // The index is full: writes are refused, reads go on, nothing lies about unnamed.
    let mut bundles = Vec::new();
    let refused = loop {
        match owner.put_bundle(&PATIENT, large_bundle(bundles.len() as u8)).await {
            Ok((hash, _)) => bundles.push(hash),
            Err(error) => break code::<()>(Err(error)),
        }
        assert!(bundles.len() < 100, "the limit was never met");
    };
    assert_eq!(refused, "storage_full");
    let small = unique(100_000, 2);
    let refused = client.upload_bytes(&upload_of(&small, PATIENT), small.clone()).await;
    assert_eq!(code(refused), "storage_full");
    assert_eq!(files(&data.join("objects")), stored);
    let record = upload.claim.record;
    assert_eq!(read(&owner, &Ask::own(PATIENT), &record).await.unwrap(), bytes);
    for hash in &bundles {
        owner.get_bundle(&PATIENT, hash).await.unwrap();
    }

    // With space again it goes on by itself.
    let child = match child.lift_limit() {
        true => child,
        false => {
            child.kill();
            Child::start(folder.path(), None)
        },
    };
    let client = child.client(hospital());
    let mut tries = 0;
    while let Err(error) = client.upload_bytes(&upload_of(&small, PATIENT), small.clone()).await {
        assert_eq!(code::<()>(Err(error)), "storage_full");
        tries += 1;
        assert!(tries < 100, "it does not recover");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    client.upload_bytes(&upload_of(&large, PATIENT), large.clone()).await.unwrap();
    child.kill();
    let (small, large) = (upload_of(&small, PATIENT), upload_of(&large, PATIENT));
    share(folder.path(), &[small.claim, large.claim]);
    let child = Child::start(folder.path(), None);
    let owner = child.client(patient());
    for claim in [upload.claim, small.claim, large.claim] {
        read(&owner, &Ask::own(PATIENT), &claim.record).await.unwrap();
    }
    for hash in &bundles {
        owner.get_bundle(&PATIENT, hash).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_cannot_be_put_in_place_leaves_nothing_behind() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let client = vault.client(hospital());
    let bytes = sealed(200_000, 2);
    let upload = upload_of(&bytes, PATIENT);
    let file = vault.object_file(&upload.claim.record);
    let shelf = file.parent().unwrap();
    // Renaming onto the shelf fails.
    std::fs::remove_dir(shelf).unwrap();
    assert_eq!(code(client.upload_bytes(&upload, bytes.clone()).await), "internal");
    assert_eq!((vault.spooled(), files(&vault.data.path().join("outboards"))), (0, 0));
    assert_eq!(vault.app.store.index.count().unwrap(), 0);
    // Others are not touched by it, and the same upload succeeds once the disk is well.
    network.shared(&sealed(1_000, 3)).await;
    std::fs::create_dir(shelf).unwrap();
    network.shared(&bytes).await;
    let client = vault.client(patient());
    let record = upload.claim.record;
    assert_eq!(read(&client, &Ask::own(PATIENT), &record).await.unwrap(), bytes);
}
