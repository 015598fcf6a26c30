use super::*;
use kanglian_primitives::{Action, ActionSet, Basis, payloads::LogEntry};
use kanglian_sdk::{
    vault::{
        KeptReceipt, LogFault, ReceiptStanding, VaultError, contradictions, leaf_hash,
        verify_lines, verify_log_receipt,
    },
    wire::SignedLogReceipt,
};

use crate::{anchor, chain::ChainView, log::AccessLog};

fn anchor_on_chain(network: &Network) -> Option<(u64, [u8; 32])> {
    network.world.script().anchors.get(&JIANGSU).copied()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_is_in_the_log_before_its_bytes_and_the_receipt_holds() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let upload = network.shared(&sealed(1_000, 1)).await;
    let client = vault.client(patient());
    let mut bytes = Vec::new();
    let record = upload.claim.record;
    let ask = Ask::own(PATIENT);
    let fetched = client.fetch(&ask, &record, &mut bytes, no_progress()).await.unwrap();
    let receipt: &SignedLogReceipt = &fetched.receipts[0];
    assert!(verify_log_receipt(&world::GENESIS, receipt, &vault.key));
    // The line is on disk: a second handle on a copy of the file sees it.
    let copy = vault.data.path().join("copy.redb");
    std::fs::copy(vault.data.path().join("log.redb"), &copy).unwrap();
    let log = AccessLog::open(&copy).unwrap();
    assert_eq!(log.size(), 1);
    let own = client.own_log(&PATIENT, None, None).await.unwrap();
    let line = &own.lines[0];
    assert_eq!((line.index, line.leaf), (receipt.body.index, receipt.body.leaf));
    assert_eq!(line.entry.record, Some(record));
    assert_eq!(line.entry.basis, Some(Basis::Subject));
    assert!(!line.anchored);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_see_the_log_for_the_person_sees_it_until_that_ends() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    vault.client(patient()).file(&Ask::own(PATIENT), None, 1).await.unwrap();
    let guardian = vault.client(stranger());
    assert_eq!(code(guardian.own_log(&PATIENT, None, None).await), "not_found");
    let may = |action| {
        network.world.script().acting_for =
            vec![(stranger().account(), PATIENT, ActionSet::of(action))];
    };
    may(Action::Grant);
    assert_eq!(code(guardian.own_log(&PATIENT, None, None).await), "not_found");
    may(Action::Log);
    assert_eq!(guardian.own_log(&PATIENT, None, None).await.unwrap().lines.len(), 1);
    network.world.script().acting_for.clear();
    assert_eq!(code(guardian.own_log(&PATIENT, None, None).await), "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_reads_are_logged_without_a_basis() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let record = network.shared(&sealed(1_000, 2)).await.claim.record;
    let client = vault.client(doctor());
    assert_eq!(code(read(&client, &doctors_ask(), &record).await), "no_consent");
    assert_eq!(code(client.file(&doctors_ask(), None, 1).await), "no_consent");
    network.grant(terms(4));
    client.file(&doctors_ask(), None, 1).await.unwrap();
    let own = vault.client(patient()).own_log(&PATIENT, None, None).await.unwrap();
    let seen: Vec<_> = own.lines.iter().map(|line| (line.entry.record, line.entry.basis)).collect();
    assert_eq!(seen, [(Some(record), None), (None, None), (None, Some(Basis::Terms(TermsId(4))))]);
    assert!(own.lines.iter().all(|line| line.entry.statement.account == doctor().account()));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_refusals_of_one_account_are_no_longer_taken() {
    let network = Network::start(&[JIANGSU]).await;
    let client = network.vaults[0].client(stranger());
    let mut codes = Vec::new();
    for _ in 0..62 {
        codes.push(code(client.file(&Ask::own(PATIENT), None, 1).await));
    }
    assert!(codes[..60].iter().all(|code| code == "not_acting_as"));
    assert!(codes[60..].iter().all(|code| code == "busy"));
    assert_eq!(network.vaults[0].app.log.size(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_log_verifies_against_anchors_as_it_grows() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let record = network.shared(&sealed(1_000, 3)).await.claim.record;
    network.grant(terms(1));
    network.world.script().persons.insert(OTHER_PATIENT, stranger().account());
    let (owner, reader, other) =
        (vault.client(patient()), vault.client(doctor()), vault.client(stranger()));
    let mut known = None;
    for round in 1..=6u64 {
        for _ in 0..round {
            read(&reader, &doctors_ask(), &record).await.unwrap();
            // Lines of somebody else between them.
            other.file(&Ask::own(OTHER_PATIENT), None, 1).await.unwrap();
        }
        let anchored = anchor::step(&vault.app).await.unwrap().unwrap();
        assert_eq!(anchored.size, vault.app.log.size());
        let anchor = anchor_on_chain(&network);
        assert_eq!(anchor, Some((anchored.size, anchored.root)));
        let own = owner.own_log(&PATIENT, anchor, known.as_ref()).await.unwrap();
        assert_eq!(own.lines.len() as u64, (1..=round).sum::<u64>());
        assert!(own.lines.iter().all(|line| line.anchored));
        assert_eq!(own.vault_anchor, Some(anchored));
        known = Some(own.mark());
    }
    assert_eq!(anchor::step(&vault.app).await.unwrap(), None, "nothing new, nothing sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_or_altered_line_is_found() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let record = network.shared(&sealed(1_000, 4)).await.claim.record;
    let client = vault.client(patient());
    for _ in 0..3 {
        read(&client, &Ask::own(PATIENT), &record).await.unwrap();
    }
    anchor::step(&vault.app).await.unwrap();
    let anchor = anchor_on_chain(&network);
    let own = client.own_log(&PATIENT, anchor, None).await.unwrap();
    let fault = |result: Result<kanglian_sdk::vault::OwnLog, VaultError>| match result {
        Err(VaultError::Log(fault)) => fault,
        other => panic!("{other:?}"),
    };
    // The person remembers a line that is not told any more.
    let mut mark = own.mark();
    mark.lines.push((9, [0; 32]));
    let result = client.own_log(&PATIENT, anchor, Some(&mark)).await;
    assert_eq!(fault(result), LogFault::Removed(9));
    // Or told otherwise.
    let mut mark = own.mark();
    mark.lines[1].1 = [0; 32];
    let result = client.own_log(&PATIENT, anchor, Some(&mark)).await;
    assert_eq!(fault(result), LogFault::Altered(1));
    // A root that is another.
    let result = client.own_log(&PATIENT, anchor.map(|(size, _)| (size, [7; 32])), None).await;
    assert_eq!(fault(result), LogFault::Altered(0));
    // An older root that the newer tree does not continue.
    let mut mark = own.mark();
    (mark.size, mark.root) = (2, [7; 32]);
    let result = client.own_log(&PATIENT, anchor, Some(&mark)).await;
    assert_eq!(fault(result), LogFault::Inconsistent { from: 2, to: 3 });
    // An anchor beyond the log.
    assert_eq!(code(client.own_log(&PATIENT, Some((9, [7; 32])), None).await), "bad_request");
    // Lines carry links: one that is left out of the listing is missed.
    let lines = client.log_page(&PATIENT, 0, 10, anchor.map(|(size, _)| size)).await.unwrap();
    let link = |at: usize| {
        let salt = hex::decode(&lines.entries[at].salt).unwrap();
        u64::from_le_bytes(salt[24..].try_into().unwrap())
    };
    assert_eq!([link(0), link(1), link(2)], [0, 1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_for_the_person_only_and_comes_in_pages() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let client = vault.client(patient());
    for _ in 0..5 {
        client.file(&Ask::own(PATIENT), None, 1).await.unwrap();
    }
    let page = client.log_page(&PATIENT, 0, 2, None).await.unwrap();
    assert_eq!((page.entries.len(), page.next, page.size), (2, Some(2), 5));
    assert_eq!(vault.app.log.root(5), Some(page.root));
    let rest = client.log_page(&PATIENT, 2, 256, None).await.unwrap();
    assert_eq!((rest.entries.len(), rest.next), (3, None));
    for signer in [doctor(), stranger()] {
        let client = vault.client(signer);
        assert_eq!(code(client.log_page(&PATIENT, 0, 2, None).await), "not_found");
    }
    assert_eq!(code(client.log_page(&PATIENT, 0, 0, None).await), "bad_request");
    assert_eq!(code(client.log_page(&PATIENT, 0, 2, Some(6)).await), "bad_request");
    assert_eq!(code(client.consistency(0, 5).await), "bad_request");
    assert_eq!(code(client.consistency(5, 6).await), "bad_request");
    assert_eq!(client.consistency(2, 5).await.unwrap().to_root, page.root);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_log_goes_on_and_a_shortened_one_stops_all_reading() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let record = network.shared(&sealed(1_000, 5)).await.claim.record;
    let client = vault.client(patient());
    for _ in 0..4 {
        read(&client, &Ask::own(PATIENT), &record).await.unwrap();
    }
    *vault.node.anchor_fails.lock().unwrap() = true;
    anchor::step(&vault.app).await.unwrap_err();
    *vault.node.anchor_fails.lock().unwrap() = false;
    anchor::step(&vault.app).await.unwrap();
    // The same file opened again has the same tree.
    let copy = vault.data.path().join("copy.redb");
    std::fs::copy(vault.data.path().join("log.redb"), &copy).unwrap();
    let log = AccessLog::open(&copy).unwrap();
    let (size, root) = anchor_on_chain(&network).unwrap();
    assert!(log.check_anchor(size, &root));
    assert_eq!(log.next_anchor(size), None);
    let own = client.own_log(&PATIENT, None, None).await.unwrap();
    log.append(own.lines[0].entry.clone()).await.unwrap();
    let (grown, _, proof) = log.next_anchor(size).unwrap();
    assert_eq!(grown, size + 1);
    assert!(!proof.is_empty());
    // The chain knows of more lines than the vault: nothing may be read.
    network.world.script().anchors.insert(JIANGSU, (size + 5, [1; 32]));
    anchor::step(&vault.app).await.unwrap_err();
    let result = read(&client, &Ask::own(PATIENT), &record).await;
    assert_eq!(code(result), "log_broken");
    let health = reqwest::get(vault.url.join("/health").unwrap()).await.unwrap();
    assert_eq!(health.status(), 503);
    assert!(health.text().await.unwrap().contains("log_broken"));
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_appended_at_once_each_get_their_place() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let client = vault.client(patient());
    client.file(&Ask::own(PATIENT), None, 1).await.unwrap();
    let entry: LogEntry<AccountId> =
        client.own_log(&PATIENT, None, None).await.unwrap().lines[0].entry.clone();
    let appends = (0..300).map(|_| vault.app.log.append(entry.clone()));
    let mut places: Vec<u64> = futures::future::try_join_all(appends)
        .await
        .unwrap()
        .into_iter()
        .map(|appended| appended.index)
        .collect();
    places.sort_unstable();
    assert_eq!(places, (1..=300).collect::<Vec<_>>());
    anchor::step(&vault.app).await.unwrap();
    let own = client.own_log(&PATIENT, anchor_on_chain(&network), None).await.unwrap();
    assert_eq!(own.lines.len(), 301);
    assert_ne!(own.lines[0].leaf, leaf_hash(&[0; 32], &entry), "leaves are salted");
    assert_eq!(vault.node.state().best.height, 1_001);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_the_vault_itself_removed_or_altered_is_found_at_every_vault() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let record = network.shared(&sealed(1_000, 7)).await.claim.record;
    network.grant(terms(1));
    for vault in &network.vaults {
        let reader = vault.client(doctor());
        for _ in 0..4 {
            read(&reader, &doctors_ask(), &record).await.unwrap();
        }
        anchor::step(&vault.app).await.unwrap();
        let anchor = network.world.script().anchors.get(&vault.region).copied();
        let own = vault.client(patient()).own_log(&PATIENT, anchor, None).await.unwrap();
        assert_eq!(own.lines.len(), 4);
        assert!(own.lines.iter().all(|line| line.entry.statement.region == vault.region));
        let page = vault.app.log.page(&PATIENT, 0, 10, None).unwrap().unwrap();
        let check = |entries| verify_lines(&GENESIS, vault.region, &PATIENT, anchor, entries);
        for at in 0..4 {
            let mut removed = page.entries.clone();
            removed.remove(at);
            match check(removed) {
                Err(VaultError::Log(fault)) => assert_eq!(fault, LogFault::Removed(at as u64)),
                // Nothing comes after the last: what a person remembers of it tells.
                Ok(rest) => {
                    assert_eq!((at, rest.len()), (3, 3));
                    let mark = own.mark();
                    assert!(mark.lines.iter().any(|(index, _)| *index == 3));
                },
                other => panic!("{other:?}"),
            }
            // Another reader's name, another purpose, another instant, another record: each byte.
            for byte in [0, 20, 60, 100] {
                let mut altered = page.entries.clone();
                let mut entry = hex::decode(&altered[at].entry).unwrap();
                entry[byte] ^= 1;
                altered[at].entry = hex::encode(entry);
                assert!(check(altered).is_err(), "line {at}, byte {byte}");
            }
            let mut salted = page.entries.clone();
            salted[at].salt = hex::encode([at as u8; 32]);
            assert!(check(salted).is_err());
        }
        let mut swapped = page.entries.clone();
        swapped.swap(1, 2);
        assert!(check(swapped).is_err());
        // What one vault's log says is nothing at another's.
        let elsewhere = network.vaults.iter().find(|other| other.region != vault.region).unwrap();
        let foreign = verify_lines(&GENESIS, elsewhere.region, &PATIENT, anchor, page.entries);
        assert!(matches!(foreign, Err(VaultError::Log(LogFault::Foreign(0)))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_holds_the_vault_to_its_receipts() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let record = network.shared(&sealed(1_000, 8)).await.claim.record;
    network.grant(terms(1));
    let kept = Arc::new(std::sync::Mutex::new(Vec::new()));
    let into = kept.clone();
    let reader =
        vault.client(doctor()).keeping(Arc::new(move |one| into.lock().unwrap().push(one)));
    for _ in 0..3 {
        read(&reader, &doctors_ask(), &record).await.unwrap();
    }
    reader.file(&doctors_ask(), None, 5).await.unwrap();
    let kept: Vec<KeptReceipt> = kept.lock().unwrap().clone();
    let records: Vec<_> = kept.iter().map(|one| one.record).collect();
    assert_eq!(records, [Some(record), Some(record), Some(record), None]);
    let receipts: Vec<_> = kept.iter().map(|one| one.signed().unwrap()).collect();
    for receipt in &receipts {
        let standing = reader.check_receipt(receipt, None).await.unwrap();
        assert_eq!(standing, ReceiptStanding::NotAnchored);
    }
    anchor::step(&vault.app).await.unwrap();
    let anchor = anchor_on_chain(&network);
    for receipt in &receipts {
        let standing = reader.check_receipt(receipt, anchor).await.unwrap();
        assert_eq!(standing, ReceiptStanding::Included { size: 4 });
    }
    // The vault signed something else for that line: its own proof convicts it.
    let mut body = receipts[1].body;
    body.leaf = [9; 32];
    let signer =
        kanglian_sdk::keys::VaultSigner::from_seed(&dev_vault_seed(&format!("//{JIANGSU}")));
    let signature = signer.sign(&kanglian_primitives::payloads::log(&GENESIS, &body));
    let lie = kanglian_sdk::wire::SignedLogReceipt { body, signature };
    let standing = reader.check_receipt(&lie, anchor).await.unwrap();
    assert!(matches!(standing, ReceiptStanding::OtherLeaf { .. }), "{standing:?}");
    let other = KeptReceipt::of(GENESIS, doctor().account(), &doctors_ask(), Some(record), &lie);
    let all = [kept, vec![other]].concat();
    assert_eq!(contradictions(&all, |_| Some(vault.key)).len(), 1);
    // A root that does not go with the log; a receipt that the vault never signed.
    let standing = reader.check_receipt(&receipts[0], Some((4, [7; 32]))).await.unwrap();
    assert!(matches!(standing, ReceiptStanding::Unproved { .. }));
    let standing = reader.check_receipt(&receipts[0], Some((9, [7; 32]))).await.unwrap();
    assert!(matches!(standing, ReceiptStanding::Unproved { .. }));
    let mut forged = receipts[0].clone();
    forged.signature[5] ^= 1;
    let standing = reader.check_receipt(&forged, anchor).await.unwrap();
    assert_eq!(standing, ReceiptStanding::NotGenuine);
    assert_eq!(code(reader.inclusion(4, 4).await), "bad_request");
    assert_eq!(code(reader.inclusion(0, 5).await), "bad_request");
}
