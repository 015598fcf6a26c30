//! Keys and their files.

use kanglian_primitives::{BusinessBlockId, KeyEpoch, PersonId, blocks};
use kanglian_sdk::keys::{
    Account, EncryptionSecret, KeyError, MAX_FORMER, PersonSecret, SecretFile, SecretKind,
    VaultSigner,
};
use subxt_signer::{SecretUri, polkadot_js_compat, sr25519};

const GENESIS: [u8; 32] = [1; 32];
const PERSON: PersonId = PersonId([2; 32]);

#[test]
fn scope_secrets_differ_by_everything_they_are_for() {
    let secret = PersonSecret::from_bytes([7; 32]);
    let base = secret.scope_secret(&GENESIS, &PERSON, blocks::MEDICAL, KeyEpoch(0));
    let others = [
        secret.scope_secret(&[9; 32], &PERSON, blocks::MEDICAL, KeyEpoch(0)),
        secret.scope_secret(&GENESIS, &PersonId([9; 32]), blocks::MEDICAL, KeyEpoch(0)),
        secret.scope_secret(&GENESIS, &PERSON, blocks::RESTRICTED_MEDICAL, KeyEpoch(0)),
        secret.scope_secret(&GENESIS, &PERSON, blocks::MEDICAL, KeyEpoch(1)),
        secret.data_secret(&GENESIS, &PERSON),
        PersonSecret::from_bytes([8; 32]).scope_secret(
            &GENESIS,
            &PERSON,
            blocks::MEDICAL,
            KeyEpoch(0),
        ),
    ];
    assert!(others.iter().all(|other| *other != base));
    assert!(base == secret.scope_secret(&GENESIS, &PERSON, blocks::MEDICAL, KeyEpoch(0)));
    assert!(!base.public().is_low_order());
}

/// The old phone knows what was made so far, and nothing that comes.
#[test]
fn a_renewed_secret_opens_what_was_and_alone_what_comes() {
    let old = PersonSecret::from_bytes([7; 32]);
    let key = |secret: &PersonSecret, block, epoch| {
        secret.scope_secret(&GENESIS, &PERSON, block, KeyEpoch(epoch)).public()
    };
    let epochs = [(blocks::MEDICAL, KeyEpoch(2)), (blocks::PERSONAL, KeyEpoch(0))];
    let new = old.renewed(epochs).unwrap();
    for epoch in 0..=2 {
        assert_eq!(key(&new, blocks::MEDICAL, epoch), key(&old, blocks::MEDICAL, epoch));
        assert!(new.is_former(blocks::MEDICAL, KeyEpoch(epoch)));
    }
    assert_ne!(key(&new, blocks::MEDICAL, 3), key(&old, blocks::MEDICAL, 3));
    assert_ne!(key(&new, blocks::PERSONAL, 1), key(&old, blocks::PERSONAL, 1));
    assert!(!new.is_former(blocks::MEDICAL, KeyEpoch(3)));
    // A block published only since is the new secret's from its first epoch on.
    assert_ne!(key(&new, blocks::HEALTH, 0), key(&old, blocks::HEALTH, 0));
    assert!(new.data_secret(&GENESIS, &PERSON) != old.data_secret(&GENESIS, &PERSON));
    // A second loss: three secrets, each for its time.
    let newest = new.renewed([(blocks::MEDICAL, KeyEpoch(4))]).unwrap();
    assert_eq!(key(&newest, blocks::MEDICAL, 1), key(&old, blocks::MEDICAL, 1));
    assert_eq!(key(&newest, blocks::MEDICAL, 4), key(&new, blocks::MEDICAL, 4));
    assert_ne!(key(&newest, blocks::MEDICAL, 5), key(&new, blocks::MEDICAL, 5));
    assert_eq!(key(&newest, blocks::PERSONAL, 0), key(&old, blocks::PERSONAL, 0));
    // All of it survives its bytes and its file.
    let bytes = newest.to_bytes();
    assert!(PersonSecret::from_slice(&bytes).unwrap() == newest);
    assert_eq!(old.to_bytes().as_slice(), [7; 32]);
    for wrong in [&bytes[..bytes.len() - 1], &bytes[..31], &[&bytes[..], &[0]].concat(), &[]] {
        assert!(PersonSecret::from_slice(wrong).is_none());
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("person.json");
    old.write(&path, "correct horse").unwrap();
    newest.write_as(&path, "correct horse", true).unwrap();
    assert!(PersonSecret::read(&path, "correct horse").unwrap() == newest);
}

#[test]
fn a_secret_is_renewed_a_bounded_number_of_times_and_fits_a_vault() {
    let all = (0..20u8).map(|block| (BusinessBlockId(block), KeyEpoch(u32::MAX)));
    let mut secret = PersonSecret::generate();
    for _ in 0..MAX_FORMER {
        secret = secret.renewed(all.clone()).unwrap();
    }
    assert!(secret.renewed(all).is_none());
    assert!(secret.to_bytes().len() + 1_000 < kanglian_sdk::wire::MAX_CUSTODY);
    assert!(PersonSecret::from_slice(&secret.to_bytes()).unwrap() == secret);
}

#[test]
fn a_secret_file_opens_with_its_passphrase_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("person.json");
    let secret = PersonSecret::generate();
    secret.write(&path, "correct horse").unwrap();
    assert!(PersonSecret::read(&path, "correct horse").unwrap() == secret);
    assert!(matches!(PersonSecret::read(&path, "wrong"), Err(KeyError::WrongPassphrase)));
    assert!(matches!(PersonSecret::read(&path, ""), Err(KeyError::WrongPassphrase)));
    assert!(matches!(secret.write(&path, "x"), Err(KeyError::Exists(_))));
    assert!(matches!(
        EncryptionSecret::read(&path, "correct horse"),
        Err(KeyError::Kind { found: SecretKind::Person, expected: SecretKind::Encryption })
    ));
    let fresh = folder.path().join("other.json");
    assert!(matches!(secret.write(&fresh, ""), Err(KeyError::EmptyPassphrase)));
    assert!(!fresh.exists());
}

#[cfg(unix)]
#[test]
fn key_files_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let person = folder.path().join("deep/er/person.json");
    PersonSecret::generate().write(&person, "pass").unwrap();
    assert_eq!(mode(&person), 0o600);
    let vault = folder.path().join("vault.key");
    let key = VaultSigner::generate();
    key.write(&vault, None).unwrap();
    assert_eq!(mode(&vault), 0o600);
    assert_eq!(VaultSigner::read(&vault, None).unwrap().public(), key.public());
    std::fs::set_permissions(&vault, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(VaultSigner::read(&vault, None), Err(KeyError::ReadableByOthers(_))));
}

#[test]
fn whatever_is_changed_in_a_secret_file_is_noticed() {
    let secret = EncryptionSecret::generate();
    let file = SecretFile::seal(
        SecretKind::Encryption,
        Some(secret.public().key),
        secret.as_bytes(),
        "pass",
    )
    .unwrap();
    let json = serde_json::to_value(&file).unwrap();
    let open = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut json = json.clone();
        change(&mut json);
        let file: SecretFile =
            serde_json::from_value(json).map_err(|error| KeyError::Format(error.to_string()))?;
        file.open("pass").map(|_| ())
    };
    assert!(open(&|_| ()).is_ok());
    assert!(open(&|json| json["kind"] = "person".into()).is_err());
    assert!(open(&|json| json["public"] = format!("0x{}", "00".repeat(32)).into()).is_err());
    assert!(open(&|json| json["kdf"]["log_n"] = 14.into()).is_err());
    assert!(matches!(open(&|json| json["kdf"]["log_n"] = 30.into()), Err(KeyError::Format(_))));
    assert!(matches!(open(&|json| json["version"] = 2.into()), Err(KeyError::Format(_))));
    assert!(open(&|json| json["nonce"] = "00".repeat(12).into()).is_err());
    assert!(open(&|json| json["extra"] = 1.into()).is_err());
}

#[test]
fn vault_keys_survive_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.json");
    let key = VaultSigner::from_seed(&[3; 32]);
    key.write(&path, Some("pass")).unwrap();
    let read = VaultSigner::read(&path, Some("pass")).unwrap();
    assert_eq!(read.public(), key.public());
    assert_eq!(read.sign(b"text"), key.sign(b"text"));
    assert!(matches!(VaultSigner::read(&path, Some("no")), Err(KeyError::WrongPassphrase)));
}

#[test]
fn accounts_are_those_that_wallets_derive() {
    let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
    let seed = "0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a";
    for uri in [
        "//Alice".to_owned(),
        "//Alice//stash".to_owned(),
        "/soft//hard/7".to_owned(),
        phrase.to_owned(),
        format!("{phrase}//a/b///a password"),
        format!("{seed}//Alice"),
    ] {
        let ours = Account::from_uri(&uri).unwrap();
        let parsed: SecretUri = uri.parse().unwrap();
        let theirs = sr25519::Keypair::from_uri(&parsed).unwrap();
        assert_eq!(ours.id().0, theirs.public_key().0, "{uri}");
        let signature = sr25519::Signature(ours.sign(b"message"));
        assert!(sr25519::verify(&signature, b"message", &theirs.public_key()));
    }
    assert_eq!(
        Account::from_uri("//Alice").unwrap().address(),
        "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
    );
    assert!(matches!(Account::from_uri("no words"), Err(KeyError::Uri(_))));
    assert!(matches!(Account::from_uri("0x1234"), Err(KeyError::Uri(_))));
}

#[test]
fn our_account_files_open_in_wallets() {
    let account = Account::generate();
    let json = account.to_json("Ward 3", "whois").unwrap();
    let theirs = polkadot_js_compat::decrypt_json(&json, "whois").unwrap();
    assert_eq!(theirs.public_key().0, account.id().0);
    let ours = Account::from_json(&json, "whois").unwrap();
    assert_eq!(ours.id(), account.id());
    let signature = sr25519::Signature(ours.sign(b"message"));
    assert!(sr25519::verify(&signature, b"message", &theirs.public_key()));
    assert!(matches!(Account::from_json(&json, "wrong"), Err(KeyError::WrongPassphrase)));
}

#[test]
fn account_files_of_wallets_open_here() {
    // Exported by polkadot-js; passphrase "whoisbob".
    let json = r#"{
        "encoded": "J2FFcPHAY11Pmq/38eqbwfUv9OPitYJs+oYgahBvlagAAAIAAQAAAAgAAAB5o0DwXCWDblsH+9pc++RaBO4fpHBHzUirHFHFE9yS3sDzgAIQjhgvPqJ3ODrMR2gy7vk0VZg1fyirIvmsrfjGbWnOI8YU0joX0tYytroyWaykFKtZJMmE0pNKcJ5dJmDxscbK53Ac+7ld2UdH07yKPXxmPuYNNw3vKx8cg9CdQgifKfzQxHnC+EUpOoHPLwGlHsFEYtIlQtngqd9n",
        "encoding": {
            "content": ["pkcs8", "sr25519"],
            "type": ["scrypt", "xsalsa20-poly1305"],
            "version": "3"
        },
        "address": "5CfWTDh7XxJ2yrayqQ2aJnnZAH5v5XaF1oJFfH5QCpbfP9v8",
        "meta": { "genesisHash": "", "name": "Bob (Dev)", "whenCreated": 1768916488918 }
    }"#;
    let bob = Account::from_json(json, "whoisbob").unwrap();
    assert_eq!(bob.address(), "5CfWTDh7XxJ2yrayqQ2aJnnZAH5v5XaF1oJFfH5QCpbfP9v8");
    let other = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let swapped = json.replace("5CfWTDh7XxJ2yrayqQ2aJnnZAH5v5XaF1oJFfH5QCpbfP9v8", other);
    assert!(matches!(Account::from_json(&swapped, "whoisbob"), Err(KeyError::Mismatch)));
}

#[test]
fn broken_account_files_are_refused_without_panic() {
    let account = Account::generate();
    let json = account.to_json("x", "pass").unwrap();
    assert!(matches!(Account::from_json("", "pass"), Err(KeyError::Format(_))));
    assert!(matches!(Account::from_json("{}", "pass"), Err(KeyError::Format(_))));
    let mut value: serde_json::Value = serde_json::from_str(&json).unwrap();
    value["encoded"] = "AAAA".into();
    let short = value.to_string();
    assert!(matches!(Account::from_json(&short, "pass"), Err(KeyError::Format(_))));
    value["encoding"]["version"] = "2".into();
    let old = value.to_string();
    assert!(matches!(Account::from_json(&old, "pass"), Err(KeyError::Format(_))));
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let secret = PersonSecret::from_bytes([0xab; 32]);
    assert!(!format!("{secret:?}").contains("abab"));
    let key = EncryptionSecret::from_bytes([0xab; 32]);
    assert!(!format!("{key:?}").contains("abab"));
}
