//! Which keys a registrar starts with.

use clap::Parser;
use kanglian_sdk::registrar::{DEV_PHRASE, RegistrarIdentity, RegistrarSet, RegistrarShare};
use tempfile::TempDir;

use crate::settings::Options;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    options: Options,
}

fn write_private(path: &std::path::Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// The set of a local network, in a file.
fn set_in(folder: &TempDir) -> (RegistrarSet, String) {
    let place = |at: u16| (format!("registrar {at}"), format!("http://127.0.0.1:{at}"));
    let places: Vec<_> = (1..=4).map(place).collect();
    let set = RegistrarSet::dev(DEV_PHRASE, 3, &places).unwrap();
    let path = folder.path().join("registrars.json");
    std::fs::write(&path, set.to_json().unwrap()).unwrap();
    (set, path.to_str().unwrap().to_owned())
}

fn options(set: &str, more: &[&str]) -> Options {
    let base = [
        "registrar",
        "--registrars",
        set,
        "--listen",
        "127.0.0.1:0",
        "--node",
        "ws://127.0.0.1:1",
        "--data",
        "/nowhere",
    ];
    Line::try_parse_from(base.iter().chain(more)).unwrap_or_else(|error| panic!("{error}")).options
}

#[test]
fn development_keys_need_a_word_and_a_set_that_is_for_development() {
    let folder = TempDir::new().unwrap();
    let (mut set, path) = set_in(&folder);
    let keys = options(&path, &["--dev-share", "2", "--insecure-dev-key"]).keys().unwrap();
    assert_eq!(keys.index, 2);
    assert_eq!(keys.share.public(), set.share_key(2).unwrap());
    let error = |more: &[&str]| options(&path, more).keys().unwrap_err().to_string();
    assert!(error(&["--dev-share", "2"]).contains("insecure-dev-key"));
    assert!(error(&["--dev-share", "5", "--insecure-dev-key"]).contains("nobody's"));
    set.body.development = false;
    for index in 1..=4 {
        set.sign(&RegistrarIdentity::dev(DEV_PHRASE, index)).unwrap();
    }
    std::fs::write(&path, set.to_json().unwrap()).unwrap();
    assert!(error(&["--dev-share", "2", "--insecure-dev-key"]).contains("local network"));
}

#[test]
fn key_files_have_to_fit_the_set_and_their_passphrase_stays_private() {
    let folder = TempDir::new().unwrap();
    let (mut set, path) = set_in(&folder);
    set.body.development = false;
    for index in 1..=4 {
        set.sign(&RegistrarIdentity::dev(DEV_PHRASE, index)).unwrap();
    }
    std::fs::write(&path, set.to_json().unwrap()).unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (key, share, phrase) = (file("key"), file("share"), file("passphrase"));
    RegistrarIdentity::dev(DEV_PHRASE, 1).write(key.as_ref(), "correct horse").unwrap();
    RegistrarShare::dev(DEV_PHRASE, 3, 1).write(share.as_ref(), "correct horse").unwrap();
    write_private(phrase.as_ref(), "correct horse\n");
    let more = |share: &str| {
        options(&path, &["--key-file", &key, "--share-file", share, "--passphrase-file", &phrase])
    };
    assert_eq!(more(&share).keys().unwrap().index, 1);
    let other = file("other");
    RegistrarShare::dev(DEV_PHRASE, 3, 2).write(other.as_ref(), "correct horse").unwrap();
    let error = more(&other).keys().unwrap_err().to_string();
    assert!(error.contains("not registrar 1's of epoch 0"), "{error}");
    write_private(phrase.as_ref(), "wrong horse\n");
    assert!(more(&share).keys().unwrap_err().to_string().contains("wrong passphrase"));
    std::fs::write(&phrase, "correct horse\n").unwrap();
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(&phrase, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(more(&share).keys().unwrap_err().to_string().contains("chmod 600"));
    // A set that is not signed by all.
    set.signatures.remove(&3);
    std::fs::write(&path, set.to_json().unwrap()).unwrap();
    assert!(more(&share).keys().unwrap_err().to_string().contains("not signed by registrar 3"));
}

#[test]
fn options_have_bounds() {
    let folder = TempDir::new().unwrap();
    let (_, path) = set_in(&folder);
    let base = [
        "registrar",
        "--registrars",
        &path,
        "--listen",
        "127.0.0.1:0",
        "--node",
        "ws://127.0.0.1:1",
        "--data",
        "/nowhere",
        "--dev-share",
        "1",
    ];
    for more in [
        ["--evaluations-per-hour", "0"],
        ["--outcome-hours", "0"],
        ["--listen", "nowhere"],
        ["--dev-share", "x"],
        ["--key-file", "x"],
        ["--node", "::"],
    ] {
        assert!(Line::try_parse_from(base.iter().chain(&more)).is_err(), "{more:?}");
    }
    assert!(Line::try_parse_from(&base[..base.len() - 2]).is_err(), "no keys at all");
    let options = options(&path, &["--dev-share", "1", "--outcome-hours", "2"]);
    assert_eq!(options.limits().overdue_after, 7_200_000);
}
