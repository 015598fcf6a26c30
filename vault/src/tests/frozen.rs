//! A node that takes questions and is slow to answer, or never does.

use super::{uploading::token, *};
use kanglian_sdk::vault::VaultError;
use std::time::Instant;

/// What a request got, and that it did not take long.
async fn refused<T: std::fmt::Debug>(answer: impl Future<Output = Result<T, VaultError>>) {
    let began = Instant::now();
    let error = answer.await.unwrap_err();
    let VaultError::Refused { status, code, .. } = error else { panic!("{error}") };
    assert_eq!((status, code.as_str()), (503, "chain_unreachable"));
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_node_is_given_up_in_time() {
    let limit = Duration::from_millis(500);
    let network = Network::start_with(&[JIANGSU], |s| s.decision_timeout = limit).await;
    let vault = &network.vaults[0];
    let upload = network.shared(&sealed(1_000, 1)).await;
    let record = upload.claim.record;
    let (reader, author) = (vault.client(patient()), vault.client(hospital()));
    let ask = Ask::own(PATIENT);
    read(&reader, &ask, &record).await.unwrap();
    author.login().await.unwrap();
    *vault.node.delay.lock().unwrap() = Duration::from_secs(3_600);
    refused(read(&reader, &ask, &record)).await;
    refused(reader.file(&ask, None, 10)).await;
    refused(reader.get_bundle(&PATIENT, &[1; 32])).await;
    refused(reader.own_log(&PATIENT, None, None)).await;
    let bytes = sealed(1_000, 2);
    refused(author.upload_bytes(&upload_of(&bytes, PATIENT), bytes)).await;
    refused(vault.client(doctor()).login()).await;
    // Who is signed in may sign in again.
    token(vault, &patient()).await;
    *vault.node.delay.lock().unwrap() = Duration::ZERO;
    read(&reader, &ask, &record).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_node_is_waited_for() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let record = network.shared(&sealed(1_000, 1)).await.claim.record;
    *vault.node.delay.lock().unwrap() = Duration::from_millis(1_200);
    read(&vault.client(patient()), &Ask::own(PATIENT), &record).await.unwrap();
}
