//! The log: whole, signed, growing; what a registrar that changes it cannot hide.

use kanglian_sdk::registrar::audit::{AuditFault, End, HeadMark};

use super::{world::*, *};
use crate::store::Store;

async fn fault(client: &Registrars, known: Option<HeadMark>) -> AuditFault {
    match client.verified_log(1, known, None).await.unwrap_err() {
        AskError::Log(fault) => fault,
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_can_verify_the_log_and_that_it_grows() {
    let network = Network::single(limits()).await;
    let client = network.client(hospital());
    let empty = client.verified_log(1, None, None).await.unwrap();
    assert_eq!((empty.mark.size, empty.evaluations.len()), (0, 0));
    let mut persons = Vec::new();
    for number in 0..5 {
        let asked = client.person(for_hospital(), &format!("01:{number}")).await.unwrap();
        persons.push((asked.person, asked.opened[0].clone()));
    }
    let first = client.verified_log(1, Some(empty.mark), None).await.unwrap();
    let (person, line) = &persons[1];
    network.world.attest(*person, hospital_id());
    client.file(&line.registrar, line.evaluation, Outcome::Attested(*person)).await.unwrap();
    let (_, line) = &persons[3];
    let reason = Outcome::Closed(Reason::AlreadyKnown);
    client.file(&line.registrar, line.evaluation, reason).await.unwrap();
    let second = client.verified_log(1, Some(first.mark), None).await.unwrap();
    assert_eq!((first.mark.size, second.mark.size), (5, 7));
    let ends: Vec<_> = second.evaluations.iter().map(|known| known.end).collect();
    assert!(matches!(ends[1], Some(End::Attested(known, _)) if known == *person));
    assert_eq!(ends[3], Some(End::Closed(Reason::AlreadyKnown)));
    assert_eq!(ends.iter().filter(|end| end.is_none()).count(), 3);
    assert!(second.evaluations.iter().all(|known| known.evaluator == for_hospital()));
    // What was seen before must be part of it.
    for known in [HeadMark { size: 5, root: [1; 32] }, HeadMark { size: 8, ..second.mark }] {
        let inconsistent = AuditFault::Inconsistent { from: known.size, to: 7 };
        assert_eq!(fault(&client, Some(known)).await, inconsistent);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registrar_that_lost_lines_contradicts_what_it_signed() {
    let network = Network::single(limits()).await;
    for number in 0..3 {
        network.person(&format!("01:{number}")).await;
    }
    let client = network.client(hospital());
    let seen = client.verified_log(1, None, None).await.unwrap().mark;
    // The same keys over an empty folder, at the same address for the client.
    let fresh = Network::single(limits()).await;
    fresh.person(DOCUMENT).await;
    let fault = fault(&fresh.client(hospital()), Some(seen)).await;
    assert_eq!(fault, AuditFault::Inconsistent { from: 3, to: 1 });
}

#[tokio::test(flavor = "multi_thread")]
async fn proofs_of_single_lines_verify_with_ct_merkle() {
    use kanglian_sdk::{
        registrar::wire::{EntriesReply, InclusionReply, leaf_hash, paths},
        tree::Tree,
    };
    let network = Network::single(limits()).await;
    for number in 0..6 {
        network.person(&format!("01:{number}")).await;
    }
    let get = |path: String| {
        let url = format!("{}{path}", network.registrars[0].url);
        async move { reqwest::get(url).await.unwrap() }
    };
    let page: EntriesReply = get(paths::entries(0, 1_000)).await.json().await.unwrap();
    assert_eq!((page.size, page.entries.len()), (6, 6));
    let mut tree = Tree::default();
    for line in &page.entries {
        tree.push(leaf_hash(&line.salt, &hex::decode(&line.entry).unwrap()));
    }
    for (index, size) in [(0, 6), (3, 5), (5, 6)] {
        let reply: InclusionReply = get(paths::inclusion(index, size)).await.json().await.unwrap();
        assert_eq!(Some(reply.root), tree.root(size));
        let proof: Vec<_> = tree.inclusion(index, size).unwrap().iter().map(hex::encode).collect();
        assert_eq!(reply.proof, proof);
    }
    for path in [paths::inclusion(6, 6), paths::inclusion(0, 7), paths::consistency(0, 6)] {
        assert_eq!(get(path).await.status(), 404);
    }
    for path in ["/v1/log/entries", "/v1/log/entries?from=-1&limit=1", "/v1/log/inclusion?index=1"]
    {
        assert_eq!(get(path.to_owned()).await.status(), 400, "{path}");
    }
    let beyond: EntriesReply = get(paths::entries(u64::MAX, 5)).await.json().await.unwrap();
    assert!(beyond.entries.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_the_same_after_a_restart_and_remembers_limits_and_replays() {
    let mut network = Network::single(crate::store::Limits { per_hour: 2, ..limits() }).await;
    network.person(DOCUMENT).await;
    network.person(DOCUMENT).await;
    let head = network.registrars[0].app.store.head();
    network.registrars[0].stop().await;
    network.registrars.clear();
    let folder = &network.folders[0];
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.head(), head);
    drop(store);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let places = [("registrar 1".to_owned(), url)];
    let set = kanglian_sdk::registrar::RegistrarSet::dev(PHRASE, 1, &places).unwrap();
    let identity = kanglian_sdk::registrar::RegistrarIdentity::dev(PHRASE, 1);
    let share = kanglian_sdk::registrar::RegistrarShare::dev(PHRASE, 1, 1);
    let keys = crate::settings::Keys::new(set.clone(), identity, &share).unwrap();
    let limits = crate::store::Limits { per_hour: 2, ..limits() };
    let node = Arc::new(Node(network.world.clone()));
    let _running = Registrar::start(listener, keys, node, folder.path(), limits, connections());
    let client = Registrars::new(set, GENESIS, Arc::new(hospital())).unwrap();
    assert_eq!(codes(client.person(for_hospital(), DOCUMENT).await), ["rate_limited"]);
    assert_eq!(client.open(1, &for_hospital()).await.unwrap().open.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_byte_on_disk_is_noticed_before_anything_is_served() {
    let network = Network::single(limits()).await;
    for number in 0..4 {
        network.person(&format!("01:{number}")).await;
    }
    drop(network.registrars);
    let path = network.folders[0].path().join("evaluations.redb");
    let mut opened = Store::open(network.folders[0].path());
    // Whoever held the file lets go of it when the last request is over.
    for _ in 0..100 {
        if opened.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        opened = Store::open(network.folders[0].path());
    }
    drop(opened.unwrap());
    let good = std::fs::read(&path).unwrap();
    // The accounts of the statements stand in the lines.
    let own = hospital().account().0;
    let at = good.windows(32).position(|window| window == own).expect("a line is in the file");
    let mut bad = good.clone();
    bad[at] ^= 1;
    std::fs::write(&path, &bad).unwrap();
    let error = Store::open(network.folders[0].path()).err().unwrap().to_string();
    assert!(error.contains("altered") || error.contains("corrupt"), "{error}");
    std::fs::write(&path, &good).unwrap();
    assert_eq!(Store::open(network.folders[0].path()).unwrap().head().0, 4);
}
