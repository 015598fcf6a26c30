//! What a registrar writes, says and logs never contains a document number.

use std::{path::Path, process::Stdio};

use sha2::{Digest, Sha256, Sha512};
use tempfile::TempDir;

use super::{child::Child, *};

/// Every byte below a folder.
fn bytes(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => all.extend(bytes(&path)),
            false => all.extend(std::fs::read(&path).unwrap()),
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_number_and_no_plain_hash_of_one_is_on_disk_or_in_what_is_logged() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let errors = std::fs::File::create(folder.path().join("stderr")).unwrap();
    let child = Child::start(&data, Stdio::from(errors));
    let numbers: Vec<String> = (0..12).map(|at| format!("3201021980022{at:05}")).collect();
    let client = child.client(hospital());
    let mut told = Vec::new();
    for number in &numbers {
        let asked = client.person(for_hospital(), &format!("01:{number}")).await.unwrap();
        let line = &asked.opened[0];
        let reason = Outcome::Closed(Reason::Aborted);
        client.file(&line.registrar, line.evaluation, reason).await.unwrap();
        // A refusal is logged too.
        let refused = client.person(for_clinic(), &format!("01:{number}")).await;
        told.extend(refused.unwrap_err().to_string().into_bytes());
    }
    let base = child.set.member(1).unwrap().url.clone();
    for path in ["/metrics", "/v1/log/entries?from=0&limit=512", "/health"] {
        let reply = reqwest::get(format!("{base}{path}")).await.unwrap();
        let text = reply.text().await.unwrap();
        // Entries are hexadecimal.
        for word in text.split('"') {
            told.extend(hex::decode(word).unwrap_or_default());
        }
        told.extend(text.into_bytes());
    }
    child.kill();
    let written = bytes(folder.path());
    let seen = [written.as_slice(), &told].concat();
    let account = hospital().account();
    let holds = |needle: &[u8]| seen.windows(needle.len()).any(|window| window == needle);
    assert!(holds(&account.0), "what is looked for would be found");
    assert!(holds(hospital_id().code().as_bytes()));
    for number in &numbers {
        let document = format!("01:{number}");
        let input = format!("{}{document}", kanglian_sdk::registrar::INPUT_DOMAIN);
        assert!(!holds(number.as_bytes()), "{number}");
        assert!(!holds(hex::encode(number).as_bytes()));
        for text in [number.as_str(), &document, &input] {
            assert!(!holds(&Sha256::digest(text)[..16]));
            assert!(!holds(&Sha512::digest(text)[..16]));
            assert!(!holds(hex::encode(Sha256::digest(text)).as_bytes()));
        }
    }
}
