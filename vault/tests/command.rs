//! The program itself: its commands, their exit codes, and an orderly end.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

fn vault(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kanglian-vault"));
    command.args(arguments).env_clear().env("KANGLIAN_LOG", "warn");
    command
}

fn output(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = vault(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

fn path(folder: &TempDir, name: &str) -> String {
    Path::join(folder.path(), name).display().to_string()
}

#[test]
fn keygen_prints_the_public_key_and_keeps_the_secret_one() {
    let folder = TempDir::new().unwrap();
    let file = path(&folder, "vault.key");
    let (code, out, err) = output(&["keygen", &file]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("public key: 0x") && out.contains("account:    5"), "{out}");
    let secret = std::fs::read_to_string(&file).unwrap();
    assert!(!out.contains(secret.trim()));
    let (code, _, err) = output(&["keygen", &file]);
    assert_eq!(code, Some(1));
    assert!(err.contains("vault.key"), "{err}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), secret);
}

#[test]
fn what_is_wrong_with_the_configuration_is_named() {
    let (code, _, err) = output(&["run"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("region is not set"), "{err}");
    let (code, _, err) = output(&["run", "--region", "32"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("region (--region)"), "{err}");
    let (code, _, _) = output(&["walk"]);
    assert_eq!(code, Some(2));
}

#[test]
fn check_finds_nothing_wrong_in_an_empty_folder() {
    let folder = TempDir::new().unwrap();
    let (code, out, err) = output(&["check", "--data", &path(&folder, "data")]);
    assert_eq!((code, out.as_str()), (Some(0), "0 objects checked, 0 damaged\n"), "{err}");
}

#[test]
fn a_vault_without_its_node_waits_and_stops_when_told() {
    let folder = TempDir::new().unwrap();
    let data = path(&folder, "data");
    let mut child = vault(&[
        "run",
        "--region",
        "320000",
        "--listen",
        "127.0.0.1:0",
        "--public-url",
        "http://127.0.0.1:8600",
        "--node",
        "ws://127.0.0.1:1",
        "--data",
        &data,
        "--dev-key",
        "//Jiangsu-Vault",
        "--insecure-dev-key",
    ])
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(child.try_wait().unwrap(), None, "it waits for its node");
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "it stops in time");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(status.code(), Some(0));
}
