//! Key files and options.

use std::path::{Path, PathBuf};

use clap::Parser;

use super::*;
use crate::settings::{KeyOptions, Options, SettingsError};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    options: Options,
}

fn options(folder: &Path) -> KeyOptions {
    KeyOptions {
        account_file: Some(folder.join("account.json")),
        key_file: Some(folder.join("key.json")),
        keys_folder: None,
        passphrase_file: Some(folder.join("passphrase")),
        dev_key: None,
        insecure_dev_key: false,
    }
}

fn write_private(path: PathBuf, text: &str) {
    kanglian_sdk::keys::write_private(&path, text.as_bytes(), true).unwrap();
}

#[test]
fn keys_are_made_once_under_a_passphrase_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    assert!(matches!(options.generate(), Err(SettingsError::Key { key: "passphrase-file", .. })));
    write_private(folder.path().join("passphrase"), "correct horse\n");
    let made = options.generate().unwrap();
    let read = options.read().unwrap();
    assert_eq!(read.account.id(), made.account.id());
    assert_eq!(read.secret, made.secret);
    assert!(matches!(options.generate(), Err(SettingsError::Key { key: "account-file", .. })));
    // Nothing in the files shows the secret.
    let secret: String = made.secret.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let text = std::fs::read_to_string(folder.path().join("key.json")).unwrap();
    assert!(!text.contains(&secret));

    write_private(folder.path().join("passphrase"), "another one\n");
    assert!(matches!(options.read(), Err(SettingsError::Key { key: "account-file", .. })));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(folder.path().join("passphrase"), open).unwrap();
        let refused = options.read();
        assert!(matches!(refused, Err(SettingsError::Key { key: "passphrase-file", .. })));
    }
    // Half of the files is not replaced by the other half.
    std::fs::remove_file(folder.path().join("account.json")).unwrap();
    assert!(matches!(options.generate(), Err(SettingsError::Key { key: "key-file", .. })));
    assert!(!folder.path().join("account.json").exists());
}

#[test]
fn a_rotation_makes_a_key_beside_the_others_and_all_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path());
    write_private(folder.path().join("passphrase"), "correct horse\n");
    let first = options.generate().unwrap();
    assert!(matches!(options.make_further(), Err(SettingsError::Conflict(_))));
    options.keys_folder = Some(folder.path().join("keys"));
    assert!(matches!(options.read(), Err(SettingsError::Key { key: "keys-folder", .. })));
    let (second, path) = options.make_further().unwrap();
    let (third, _) = options.make_further().unwrap();
    std::fs::write(folder.path().join("keys/notes.txt"), "not a key").unwrap();
    let read = options.read().unwrap();
    for secret in [&first.secret, &second, &third] {
        assert_eq!(read.secret_of(&secret.public()), Some(secret));
    }
    assert_eq!(read.secret_of(&EncryptionSecret::generate().public()), None);
    // A file that does not open is named, and not left out.
    std::fs::write(&path, "{}").unwrap();
    assert!(matches!(options.read(), Err(SettingsError::Key { key: "keys-folder", .. })));
}

#[test]
fn development_keys_are_taken_only_when_said_so_twice() {
    let dev = |phrase: Option<&str>, insecure| KeyOptions {
        account_file: None,
        key_file: None,
        keys_folder: None,
        passphrase_file: None,
        dev_key: phrase.map(str::to_owned),
        insecure_dev_key: insecure,
    };
    let keys = dev(Some("//Jiangsu-Custodian"), true).read().unwrap();
    assert_eq!(keys.secret, dev_custodian_secret("//Jiangsu-Custodian"));
    let conflict = |options: KeyOptions| match options.read() {
        Err(SettingsError::Conflict(reason)) => reason,
        other => panic!("{other:?}"),
    };
    assert!(conflict(dev(Some("//Jiangsu-Custodian"), false)).contains("insecure-dev-key"));
    assert!(conflict(dev(None, true)).contains("dev-key"));
    assert!(conflict(dev(None, false)).contains("passphrase-file"));
    assert!(dev(Some("//Jiangsu-Custodian"), true).generate().is_err());
}

#[test]
fn options_are_checked_by_name_and_hold_no_secret() {
    let run = ["run", "--listen", "127.0.0.1:0", "--node", "ws://127.0.0.1:1"];
    let dev = ["--dev-key", "//A", "--insecure-dev-key"];
    let parse = |more: &[&str]| Cli::try_parse_from([&run[..], more].concat());
    let parsed = parse(&dev).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(parsed.options.work(), WORK);
    for wrong in [
        &[][..],
        &["--dev-key", "//A", "--key-file", "x"],
        &["--dev-key", "//A", "--missing-after-seconds", "0"],
        &["--dev-key", "//A", "--max-connections", "many"],
        &["--dev-key", "//A", "--passphrase", "secret"],
    ] {
        assert!(parse(wrong).is_err(), "{wrong:?}");
    }
}
