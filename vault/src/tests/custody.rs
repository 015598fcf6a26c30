//! Blobs of dealings and cases: taken when the chain names them, given to whom it says.

use super::*;
use crate::gc;
use kanglian_primitives::Hash32;
use kanglian_sdk::wire::{ErrorBody, HEADER_PEER, MAX_CUSTODY, encode_header, paths};

fn custodian() -> SigningKey {
    dev_vault_key("//Custodian")
}

fn blob(seed: u8) -> (Hash32, Vec<u8>) {
    let bytes = sealed(120, seed);
    (blake3::hash(&bytes).into(), bytes)
}

fn name(network: &Network, hash: Hash32, may_fetch: &[SigningKey]) {
    let accounts = may_fetch.iter().map(AccountSigner::account).collect();
    network.world.script().named.push((PATIENT, hash, accounts));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_blob_goes_to_whom_the_chain_says_from_any_vault() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let (here, there) = (&network.vaults[0], &network.vaults[1]);
    let (hash, bytes) = blob(1);
    name(&network, hash, &[custodian()]);
    let (named, reply) = here.client(patient()).put_custody(&PATIENT, bytes.clone()).await.unwrap();
    assert_eq!((named, reply.replicas), (hash, vec![ZHEJIANG]));
    for vault in [here, there] {
        let given = vault.client(custodian()).get_custody(&PATIENT, &hash).await.unwrap();
        assert_eq!(given, bytes);
        // Nobody else, the person's reader no more than a stranger; nor under another name.
        for other in [doctor(), hospital(), stranger(), patient()] {
            let refused = vault.client(other).get_custody(&PATIENT, &hash).await;
            assert_eq!(code(refused), "not_found");
        }
        let client = vault.client(custodian());
        assert_eq!(code(client.get_custody(&OTHER_PATIENT, &hash).await), "not_found");
        assert_eq!(code(client.get_custody(&PATIENT, &[7; 32]).await), "not_found");
    }
    // The same again is no change.
    here.client(custodian()).put_custody(&PATIENT, bytes).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_chain_does_not_name_is_not_taken() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let client = vault.client(patient());
    let (hash, bytes) = blob(1);
    assert_eq!(code(client.put_custody(&PATIENT, bytes.clone()).await), "not_named");
    name(&network, hash, &[patient()]);
    assert_eq!(code(client.put_custody(&OTHER_PATIENT, bytes.clone()).await), "not_named");
    assert!(vault.app.store.index.bundles().unwrap().is_empty());
    // One state suffices to be taken: the upload follows the call at once.
    network.world.script().named_in_best.insert(hash);
    client.put_custody(&PATIENT, bytes.clone()).await.unwrap();
    // Both are needed to be given.
    assert_eq!(code(client.get_custody(&PATIENT, &hash).await), "not_found");
    network.world.script().named_in_best.clear();
    assert_eq!(client.get_custody(&PATIENT, &hash).await.unwrap(), bytes);
    network.world.script().named_in_finalised.insert(hash);
    assert_eq!(code(client.get_custody(&PATIENT, &hash).await), "not_found");
    client.put_custody(&PATIENT, bytes.clone()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn other_bytes_too_many_bytes_and_no_account_are_refused() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let (hash, bytes) = blob(1);
    name(&network, hash, &[patient()]);
    let client = vault.client(patient());
    client.login().await.unwrap();
    let url = vault.url.join(&paths::custody(&hash, &PATIENT)).unwrap();
    let anonymous = reqwest::Client::new();
    for request in [anonymous.put(url.clone()).body(bytes.clone()), anonymous.get(url.clone())] {
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
    let token = token(vault, &patient()).await;
    for (body, status) in [
        (vec![], 400),
        ([&bytes[..], &[0]].concat(), 400),
        (bytes[..119].to_vec(), 400),
        (vec![0; MAX_CUSTODY + 1], 413),
    ] {
        let request = anonymous.put(url.clone()).bearer_auth(&token).body(body);
        assert_eq!(request.send().await.unwrap().status(), status);
    }
    assert_eq!(vault.app.store.index.bundle(&hash).unwrap(), None);
    // The largest that there may be.
    let largest = sealed(MAX_CUSTODY, 9);
    name(&network, blake3::hash(&largest).into(), &[patient()]);
    client.put_custody(&PATIENT, largest).await.unwrap();
}

/// Signs in and gives the token.
async fn token(vault: &Vault, signer: &SigningKey) -> String {
    use kanglian_sdk::wire::{ChallengeReply, ChallengeRequest, LoginReply, LoginRequest};
    let client = reqwest::Client::new();
    let account = signer.account().to_string();
    let url = vault.url.join("/v1/login/challenge").unwrap();
    let request = client.post(url).json(&ChallengeRequest { account: account.clone() });
    let ChallengeReply { text, .. } = request.send().await.unwrap().json().await.unwrap();
    let signature = hex::encode(AccountSigner::sign(signer, text.as_bytes()));
    let login = LoginRequest { account, text, signature, scheme: None };
    let url = vault.url.join("/v1/login").unwrap();
    let reply: LoginReply =
        client.post(url).json(&login).send().await.unwrap().json().await.unwrap();
    reply.token
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_behind_neither_takes_nor_gives() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let (hash, bytes) = blob(1);
    name(&network, hash, &[patient()]);
    let client = vault.client(patient());
    client.put_custody(&PATIENT, bytes.clone()).await.unwrap();
    *vault.node.ages.lock().unwrap() = (60_000, 60_000);
    assert_eq!(code(client.put_custody(&PATIENT, bytes.clone()).await), "stale");
    assert_eq!(code(client.get_custody(&PATIENT, &hash).await), "stale");
    *vault.node.ages.lock().unwrap() = (0, 0);
    assert_eq!(client.get_custody(&PATIENT, &hash).await.unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_that_is_missing_here_comes_from_another_vault() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let (hash, bytes) = blob(1);
    name(&network, hash, &[custodian()]);
    network.vaults[0].client(patient()).put_custody(&PATIENT, bytes.clone()).await.unwrap();
    network.vaults[1].app.store.index.remove_bundle(hash).await.unwrap();
    let client = network.vaults[1].client(custodian());
    assert_eq!(client.get_custody(&PATIENT, &hash).await.unwrap(), bytes);
    assert!(network.vaults[1].app.store.index.bundle(&hash).unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_cannot_leave_what_is_not_named() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let (vault, peer) = (&network.vaults[0], &network.vaults[1].app.identity);
    let (hash, bytes) = blob(1);
    let path = paths::peer_custody(&hash, &PATIENT);
    let send = |at: u64| {
        let signed = peer.peer_request(JIANGSU, &format!("PUT {path}"), hash, at);
        let request = reqwest::Client::new().put(vault.url.join(&path).unwrap());
        request.header(HEADER_PEER, encode_header(&signed)).body(bytes.clone()).send()
    };
    let refused = send(kanglian_sdk::now()).await.unwrap();
    assert_eq!(refused.status(), 403);
    assert_eq!(refused.json::<ErrorBody>().await.unwrap().code, "not_named");
    name(&network, hash, &[]);
    assert_eq!(send(kanglian_sdk::now() + 1).await.unwrap().status(), 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_goes_when_the_chain_names_it_no_more() {
    let network = Network::start(&[JIANGSU]).await;
    let app = &network.vaults[0].app;
    let old = kanglian_sdk::now() - gc::BUNDLE_AGE - 1;
    let mut hashes = Vec::new();
    for seed in 0..4u8 {
        let (hash, bytes) = blob(seed);
        let bundle = crate::store::Bundle { subject: PATIENT, received_at: old, bytes };
        app.store.index.put_bundle(hash, bundle).await.unwrap();
        hashes.push(hash);
    }
    hashes[..3].iter().for_each(|hash| name(&network, *hash, &[]));
    network.world.script().named_in_best.insert(hashes[1]);
    network.world.script().named_in_finalised.insert(hashes[2]);
    assert_eq!(gc::step(app).await.unwrap(), 1);
    assert_eq!(app.store.index.bundle(&hashes[3]).unwrap(), None);
    assert_eq!(app.store.index.bundles().unwrap().len(), 3);
    network.world.script().named.clear();
    assert_eq!(gc::step(app).await.unwrap(), 3);
    assert!(app.store.index.bundles().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_emergency_opens_the_summary_and_nothing_else_with_a_line_in_the_log() {
    use kanglian_primitives::{Basis, EmergencyId, blocks};
    use kanglian_sdk::vault::no_progress;
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let mut records = Vec::new();
    for (seed, block) in [(1, blocks::EMERGENCY_SUMMARY), (2, blocks::MEDICAL)] {
        let bytes = sealed(1_000, seed);
        let mut upload = upload_of(&bytes, PATIENT);
        upload.claim.block = block;
        vault.client(hospital()).upload_bytes(&upload, bytes).await.unwrap();
        network.world.share(&upload.claim, &[JIANGSU]);
        records.push(upload.claim.record);
    }
    let reader = vault.client(doctor());
    let ask = Ask { purpose: Purpose::EmergencyTreatment, ..doctors_ask() };
    assert_eq!(code(reader.whole_file(&ask).await), "no_consent");
    assert_eq!(code(read(&reader, &ask, &records[0]).await), "no_consent");

    let id = EmergencyId(7);
    network.world.script().emergencies.push((PATIENT, doctor_at_hospital(), id));
    // As everything: by both states.
    network.world.script().emergencies_not_final = true;
    assert_eq!(code(reader.whole_file(&ask).await), "no_consent");
    network.world.script().emergencies_not_final = false;
    let file = reader.whole_file(&ask).await.unwrap();
    let listed: Vec<_> = file.records.iter().map(|facts| facts.id).collect();
    assert_eq!(listed, records[..1]);
    assert_eq!(read(&reader, &ask, &records[0]).await.unwrap(), sealed(1_000, 1));
    let mut nothing = Vec::new();
    let refused = reader.fetch(&ask, &records[1], &mut nothing, no_progress()).await;
    assert_eq!(code(refused), "no_consent");
    assert!(nothing.is_empty());
    // Another purpose is no emergency, another person's emergency neither.
    assert_eq!(code(read(&reader, &doctors_ask(), &records[0]).await), "no_consent");
    let other = Ask { subject: OTHER_PATIENT, ..ask };
    assert!(reader.whole_file(&other).await.is_err());

    let own = vault.client(patient()).own_log(&PATIENT, None, None).await.unwrap();
    let grounds: Vec<_> = own.lines.iter().map(|line| line.entry.basis).collect();
    let emergency = grounds.iter().filter(|basis| **basis == Some(Basis::Emergency(id)));
    assert_eq!(emergency.count(), 2, "{grounds:?}");
}
