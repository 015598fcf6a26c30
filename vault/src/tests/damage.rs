use super::*;
use crate::fsck::{self, Findings};

fn flip(path: &std::path::Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

/// Where in an object of six blocks a byte is flipped.
const PLACES: [usize; 4] = [0, 70_000, 200_000, 349_999];

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_is_repaired_from_a_peer_and_never_served() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let vault = &network.vaults[0];
    let bytes = sealed(350_000, 1);
    let record = network.shared(&bytes).await.claim.record;
    let client = vault.client(patient());
    for place in PLACES {
        flip(&vault.object_file(&record), place);
        assert_eq!(read(&client, &Ask::own(PATIENT), &record).await.unwrap(), bytes);
        assert_eq!(std::fs::read(vault.object_file(&record)).unwrap(), bytes, "repaired");
    }
    // Missing or cut short is damage too.
    std::fs::remove_file(vault.object_file(&record)).unwrap();
    assert_eq!(read(&client, &Ask::own(PATIENT), &record).await.unwrap(), bytes);
    std::fs::write(vault.object_file(&record), &bytes[..100_000]).unwrap();
    assert_eq!(read(&client, &Ask::own(PATIENT), &record).await.unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_tree_is_made_anew_from_sound_bytes_without_a_peer() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let bytes = sealed(350_000, 2);
    let record = network.shared(&bytes).await.claim.record;
    let client = vault.client(patient());
    flip(&vault.outboard_file(&record), 100);
    assert_eq!(read(&client, &Ask::own(PATIENT), &record).await.unwrap(), bytes);
    std::fs::remove_file(vault.outboard_file(&record)).unwrap();
    assert_eq!(read(&client, &Ask::own(PATIENT), &record).await.unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_that_nobody_can_repair_is_told_and_not_served() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let bytes = sealed(350_000, 3);
    let record = network.shared(&bytes).await.claim.record;
    let client = vault.client(patient());
    flip(&vault.object_file(&record), 10);
    assert_eq!(code(read(&client, &Ask::own(PATIENT), &record).await), "damaged");
    // Behind the first block the reply has begun: it breaks off, and the client notices.
    flip(&vault.object_file(&record), 10);
    flip(&vault.object_file(&record), 349_999);
    let mut received = Vec::new();
    let result = client.fetch(&Ask::own(PATIENT), &record, &mut received, no_progress()).await;
    assert!(result.is_err());
    assert_eq!(received, bytes[..received.len()], "only sound bytes came");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_replica_is_not_given_to_peers() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let bytes = sealed(350_000, 4);
    let record = network.shared(&bytes).await.claim.record;
    for vault in &network.vaults {
        flip(&vault.object_file(&record), 300_000);
    }
    let client = network.vaults[0].client(patient());
    let mut received = Vec::new();
    let result = client.fetch(&Ask::own(PATIENT), &record, &mut received, no_progress()).await;
    assert!(result.is_err());
    assert_eq!(received, bytes[..received.len()]);
    assert_ne!(std::fs::read(network.vaults[0].object_file(&record)).unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_lists_damaged_objects_and_repairs_them() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let vault = &network.vaults[0];
    let mut records = Vec::new();
    for seed in 0..4 {
        records.push(network.shared(&sealed(100_000, seed)).await.claim.record);
    }
    let sound = Findings { checked: 4, ..Findings::default() };
    assert_eq!(fsck::check(&vault.app.store, None).await.unwrap(), sound);
    flip(&vault.object_file(&records[1]), 99_999);
    std::fs::remove_file(vault.object_file(&records[2])).unwrap();
    let mut damaged = vec![records[1], records[2]];
    damaged.sort();
    let orphan = RecordId([0xee; 32]);
    std::fs::write(vault.object_file(&orphan), "x").unwrap();
    let orphans = vec![orphan.to_string()];
    let expected = Findings { checked: 4, damaged: damaged.clone(), repaired: vec![], orphans };
    assert_eq!(fsck::check(&vault.app.store, None).await.unwrap(), expected);
    let expected = Findings { repaired: damaged, ..expected };
    assert_eq!(fsck::check(&vault.app.store, Some(&vault.app)).await.unwrap(), expected);
    assert_eq!(fsck::check(&vault.app.store, None).await.unwrap(), sound);
}
