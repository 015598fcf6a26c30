use super::*;
use kanglian_primitives::Refusal;
use kanglian_sdk::wire::{HEADER_UPLOAD, encode_header, paths};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_stored_replicated_and_receipted() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let bytes = sealed(300_000, 1);
    let upload = upload_of(&bytes, PATIENT);
    let client = network.vaults[0].client(hospital());
    let uploaded = client.upload_bytes(&upload, bytes.clone()).await.unwrap();
    assert_eq!(uploaded.replicas, [ZHEJIANG]);
    let regions: Vec<_> = uploaded.receipts.iter().map(|receipt| receipt.region).collect();
    assert_eq!(regions, [JIANGSU, ZHEJIANG]);
    assert!(uploaded.receipts.iter().all(|receipt| receipt.expires_at == 2_800));
    network.verify(&upload.claim, &uploaded.receipts);
    for vault in &network.vaults {
        assert_eq!(std::fs::read(vault.object_file(&upload.claim.record)).unwrap(), bytes);
        assert_eq!(vault.spooled(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_uploaded_with_progress_and_fetched_into_a_file() {
    let network = Network::start(&[JIANGSU]).await;
    let folder = TempDir::new().unwrap();
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    let bytes = sealed(1_000_000, 2);
    std::fs::write(&from, &bytes).unwrap();
    let upload = upload_of(&bytes, PATIENT);
    let last = Arc::new(std::sync::Mutex::new((0, 0)));
    let seen = last.clone();
    let progress = Arc::new(move |done, total| *seen.lock().unwrap() = (done, total));
    let client = network.vaults[0].client(hospital());
    client.upload_file(&upload, &from, progress).await.unwrap();
    assert_eq!(*last.lock().unwrap(), (1_000_000, 1_000_000));
    network.world.share(&upload.claim, &[JIANGSU]);

    let client = network.vaults[0].client(patient());
    let (ask, record) = (Ask::own(PATIENT), upload.claim.record);
    // A part is here already, so only the rest is asked for.
    std::fs::write(folder.path().join("to.part"), &bytes[..400_000]).unwrap();
    let fetched = client.fetch_file(&ask, &record, &to, no_progress()).await.unwrap();
    assert_eq!((fetched.size, fetched.receipts.len()), (1_000_000, 1));
    assert_eq!(fetched.wraps, upload.wraps);
    assert_eq!(std::fs::read(&to).unwrap(), bytes);
    // A part of something else is noticed, and all is fetched.
    std::fs::write(folder.path().join("to.part"), [0u8; 1_000]).unwrap();
    client.fetch_file(&ask, &record, &to, no_progress()).await.unwrap();
    assert_eq!(std::fs::read(&to).unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_upload_again_gives_fresh_receipts_and_writes_nothing() {
    let network = Network::start(&[JIANGSU]).await;
    let bytes = sealed(10_000, 3);
    let upload = upload_of(&bytes, PATIENT);
    let vault = &network.vaults[0];
    let client = vault.client(hospital());
    client.upload_bytes(&upload, bytes.clone()).await.unwrap();
    let file = vault.object_file(&upload.claim.record);
    let written = std::fs::metadata(&file).unwrap().modified().unwrap();
    network.world.script().height += 100;
    let again = client.upload_bytes(&upload, bytes).await.unwrap();
    assert_eq!(again.receipts[0].expires_at, 2_900);
    assert_eq!(std::fs::metadata(&file).unwrap().modified().unwrap(), written);
    let entry = vault.app.store.index.object(&upload.claim.record).unwrap().unwrap();
    assert_eq!(entry.receipts_until, 2_900);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_epoch_of_the_same_bytes_replaces_claim_and_wraps_until_it_is_shared() {
    let network = Network::start(&[JIANGSU]).await;
    let bytes = sealed(10_000, 4);
    let mut upload = upload_of(&bytes, PATIENT);
    let vault = &network.vaults[0];
    let client = vault.client(hospital());
    client.upload_bytes(&upload, bytes.clone()).await.unwrap();
    upload.claim.epoch = KeyEpoch(1);
    upload.wraps[0].enc = [6; 32];
    let uploaded = client.upload_bytes(&upload, bytes).await.unwrap();
    network.verify(&upload.claim, &uploaded.receipts);
    let entry = vault.app.store.index.object(&upload.claim.record).unwrap().unwrap();
    assert_eq!((entry.claim, entry.wraps), (upload.claim, upload.wraps));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_record_is_never_of_two_subjects_nor_of_two_authors() {
    let network = Network::start(&[JIANGSU]).await;
    let bytes = sealed(10_000, 5);
    let client = network.vaults[0].client(hospital());
    client.upload_bytes(&upload_of(&bytes, PATIENT), bytes.clone()).await.unwrap();
    let other = upload_of(&bytes, OTHER_PATIENT);
    assert_eq!(code(client.upload_bytes(&other, bytes.clone()).await), "other_subject");
    let mut author = upload_of(&bytes, PATIENT);
    author.claim.author = Author::Person(PATIENT);
    network.world.script().authors.insert(patient().account().0, Author::Person(PATIENT));
    let client = network.vaults[0].client(patient());
    assert_eq!(code(client.upload_bytes(&author, bytes).await), "other_claim");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_subjects_at_once_leave_one() {
    let network = Network::start(&[JIANGSU]).await;
    let bytes = sealed(500_000, 6);
    let client = network.vaults[0].client(hospital());
    let (one, two) = (upload_of(&bytes, PATIENT), upload_of(&bytes, OTHER_PATIENT));
    let (one, two) = tokio::join!(
        client.upload_bytes(&one, bytes.clone()),
        client.upload_bytes(&two, bytes.clone())
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_length_and_wrong_digest_leave_nothing() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let client = vault.client(hospital());
    let bytes = sealed(100_000, 7);
    let mut flipped = bytes.clone();
    flipped[50_000] ^= 1;
    let upload = upload_of(&bytes, PATIENT);
    assert_eq!(code(client.upload_bytes(&upload, flipped).await), "wrong_digest");
    let mut longer = upload.clone();
    longer.claim.size += 1;
    let token = token(vault, &hospital()).await;
    let put = |upload: &Upload| {
        reqwest::Client::new()
            .put(vault.url.join(&paths::object(&upload.claim.record)).unwrap())
            .bearer_auth(&token)
            .header(HEADER_UPLOAD, encode_header(upload))
            .body(bytes.clone())
    };
    let reply = put(&longer).send().await.unwrap();
    assert_eq!(reply.status(), 400);
    assert!(reply.text().await.unwrap().contains("wrong_length"));
    let mut nothing = upload_of(&[], PATIENT);
    nothing.claim.size = 0;
    let reply = put(&nothing).body("").send().await.unwrap();
    assert_eq!(reply.status(), 411);
    assert!(!vault.object_file(&upload.claim.record).exists());
    assert_eq!((vault.spooled(), vault.app.store.index.count().unwrap()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_chain_refuses_is_not_taken() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let bytes = sealed(1_000, 8);
    let upload = upload_of(&bytes, PATIENT);
    let refused = vault.client(stranger()).upload_bytes(&upload, bytes.clone()).await;
    assert_eq!(code(refused), "not_acting_as");
    for (refusal, expected) in [
        (Refusal::NoWriteConsent, "no_write_consent"),
        (Refusal::WrongKeyEpoch, "wrong_key_epoch"),
        (Refusal::SubjectNotActive, "subject_not_active"),
        (Refusal::BlockNotOpen, "block_not_open"),
        (Refusal::AlreadyShared, "already_shared"),
        (Refusal::NotFound, "not_found"),
    ] {
        network.world.script().refuse_share = Some(refusal);
        let client = vault.client(hospital());
        assert_eq!(code(client.upload_bytes(&upload, bytes.clone()).await), expected);
    }
    *vault.node.syncing.lock().unwrap() = true;
    let stale = vault.client(hospital()).upload_bytes(&upload, bytes).await;
    assert_eq!(code(stale), "stale");
    assert!(!vault.object_file(&upload.claim.record).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_breaks_off_leaves_nothing_and_can_be_repeated() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let bytes = sealed(1_000_000, 9);
    let upload = upload_of(&bytes, PATIENT);
    let token = token(vault, &hospital()).await;
    let mut stream = tokio::net::TcpStream::connect(vault.url.authority()).await.unwrap();
    let head = format!(
        "PUT {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{HEADER_UPLOAD}: {}\r\n\
         content-length: {}\r\n\r\n",
        paths::object(&upload.claim.record),
        encode_header(&upload),
        bytes.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&bytes[..990_000]).await.unwrap();
    drop(stream);
    wait_until(|| vault.spooled() == 0).await;
    assert!(!vault.object_file(&upload.claim.record).exists());
    let client = vault.client(hospital());
    client.upload_bytes(&upload, bytes).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_falls_silent_is_given_up() {
    let network =
        Network::start_with(&[JIANGSU], |s| s.body_idle_timeout = Duration::from_millis(300)).await;
    let vault = &network.vaults[0];
    let bytes = sealed(100_000, 10);
    let upload = upload_of(&bytes, PATIENT);
    let token = token(vault, &hospital()).await;
    let mut stream = tokio::net::TcpStream::connect(vault.url.authority()).await.unwrap();
    let head = format!(
        "PUT {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{HEADER_UPLOAD}: {}\r\n\
         content-length: {}\r\n\r\n",
        paths::object(&upload.claim.record),
        encode_header(&upload),
        bytes.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&bytes[..10]).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 408"), "{reply}");
    assert_eq!(vault.spooled(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_named_in_one_form_only() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let bytes = sealed(100, 11);
    let upload = upload_of(&bytes, PATIENT);
    let token = token(vault, &hospital()).await;
    let name = upload.claim.record.to_string();
    let other = upload_of(&sealed(100, 12), PATIENT);
    for (path, header) in [
        (name.to_uppercase().replace("0X", "0x"), encode_header(&upload)),
        (name.trim_start_matches("0x").to_owned(), encode_header(&upload)),
        (format!("{name}00"), encode_header(&upload)),
        ("..%2f..%2fetc%2fpasswd".to_owned(), encode_header(&upload)),
        (format!("{name}%00"), encode_header(&upload)),
        (name.clone(), encode_header(&other)),
        (name.clone(), "!!".to_owned()),
        (name.clone(), format!("{}AAAA", encode_header(&upload))),
        (name.clone(), encode_header(&(&upload, 0u8))),
        (name.clone(), encode_header(&Upload { wraps: vec![], ..upload.clone() })),
        (name.clone(), {
            let wraps = vec![upload.wraps[0].clone(); 17];
            encode_header(&Upload { wraps, ..upload.clone() })
        }),
    ] {
        let reply = reqwest::Client::new()
            .put(vault.url.join(&format!("/v1/objects/{path}")).unwrap())
            .bearer_auth(&token)
            .header(HEADER_UPLOAD, header)
            .body(bytes.clone())
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status(), 400, "{path}");
        assert!(reply.text().await.unwrap().contains("bad_request"));
    }
    assert_eq!(vault.app.store.index.count().unwrap(), 0);
}

/// A token of an account, by the long way.
pub async fn token(vault: &Vault, signer: &SigningKey) -> String {
    let now = kanglian_sdk::now();
    let challenge = vault.app.auth.challenge(signer.account(), now);
    let request = kanglian_sdk::wire::LoginRequest {
        account: signer.account().to_string(),
        signature: hex::encode(AccountSigner::sign(signer, challenge.text.as_bytes())),
        text: challenge.text,
        scheme: None,
    };
    login::sign_in(&vault.app.auth, &request, now).unwrap().token
}

/// Waits, within bounds.
pub async fn wait_until(condition: impl Fn() -> bool) {
    for _ in 0..500 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited for too long");
}
