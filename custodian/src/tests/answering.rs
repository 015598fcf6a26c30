//! What is answered, what is not, and what a kill leaves behind.

use super::*;

async fn dealings(worker: &TestWorker) {
    worker.answer_dealings(&head(), &mut backoff()).await.unwrap();
}

async fn cases(worker: &TestWorker) -> Cases {
    let mut cases = Cases::default();
    worker.answer_cases(&head(), &mut cases).await.unwrap();
    cases
}

/// What the custodian handed over, opened by the case's key.
fn opens(world: &World, id: CaseRef, key: &EncryptionSecret) -> bool {
    let script = world.script();
    let case = &script.cases[&id];
    let Some(hash) = case.blob_of(JIANGSU) else { return false };
    let Some(blob) = script.blobs.get(&hash) else { return false };
    let terms = &case.dealing.as_ref().unwrap().terms;
    let (context, commitments) = (case.context(GENESIS).unwrap(), commitments(terms).unwrap());
    let sealed = SealedShare::read(blob).unwrap();
    sealed.open_handed_over(key, &context, &id, 2, &commitments).is_ok()
}

#[tokio::test]
async fn a_good_dealing_is_acknowledged_once() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let worker = worker(&world);
    for _ in 0..3 {
        dealings(&worker).await;
    }
    let part = (PATIENT, DealtScope::Whole, 1);
    assert_eq!(world.script().said, [Said::Acknowledged(part)]);
    assert_eq!(worker.state().0, Standing::Appointed(JIANGSU));
    // The next dealing by itself.
    world.deal(PATIENT, &whole(), 2);
    dealings(&worker).await;
    assert_eq!(world.script().said.len(), 2);
}

#[tokio::test]
async fn a_share_that_does_not_match_is_complained_of() {
    let world = World::new();
    let dealt = world.deal(PATIENT, &whole(), 1);
    let other = world.deal(PATIENT, &whole(), 1);
    // Sealed for this dealing and place, of another polynomial.
    {
        let mut script = world.script();
        let dealing = script.dealings.get_mut(&(PATIENT, DealtScope::Whole)).unwrap();
        dealing.terms.commitments = dealt.terms.commitments.clone();
        assert_ne!(dealt.terms.commitments, other.terms.commitments);
    }
    let worker = worker(&world);
    dealings(&worker).await;
    let bad = PartAnswer::Bad(ComplaintReason::BadShare);
    assert_eq!(world.answer_of(PATIENT, DealtScope::Whole), bad);
    dealings(&worker).await;
    assert_eq!(world.script().said.len(), 1);
}

#[tokio::test]
async fn commitments_that_are_none_and_a_payload_that_is_none_are_complained_of() {
    type Spoil = fn(&mut Script);
    let spoil: [Spoil; 2] = [
        |script| {
            let dealing = script.dealings.get_mut(&(PATIENT, DealtScope::Whole)).unwrap();
            dealing.terms.commitments[0] = [0xff; 32];
        },
        |script| {
            let bytes = vec![1, 2, 3];
            let hash = kanglian_sdk::custody::blob_hash(&bytes);
            script.blobs.insert(hash, bytes);
            let dealing = script.dealings.get_mut(&(PATIENT, DealtScope::Whole)).unwrap();
            dealing.terms.sealed = hash;
        },
    ];
    for spoil in spoil {
        let world = World::new();
        world.deal(PATIENT, &whole(), 1);
        spoil(&mut world.script());
        dealings(&worker(&world)).await;
        let bad = PartAnswer::Bad(ComplaintReason::BadShare);
        assert_eq!(world.answer_of(PATIENT, DealtScope::Whole), bad);
    }
}

#[tokio::test]
async fn a_missing_blob_is_complained_of_when_its_time_is_over_and_a_vault_that_is_away_never() {
    for sealed in [false, true] {
        let world = World::new();
        let dealt = world.deal(PATIENT, &whole(), 1);
        let missing = match sealed {
            true => dealt.terms.sealed,
            false => dealt.terms.parts[1].share,
        };
        let blob = world.script().blobs.remove(&missing).unwrap();
        let worker = worker(&world);
        dealings(&worker).await;
        assert!(world.script().said.is_empty(), "the upload follows the call");
        world.script().blobs.insert(missing, blob.clone());
        world.script().vaults_away = true;
        dealings(&worker).await;
        let late = kanglian_sdk::now() - 601_000;
        let whole = (PATIENT, DealtScope::Whole);
        world.script().dealings.get_mut(&whole).unwrap().dealt_at = late;
        dealings(&worker).await;
        assert!(world.script().said.is_empty(), "vaults that are away say nothing of the dealer");
        world.script().vaults_away = false;
        world.script().blobs.remove(&missing);
        dealings(&worker).await;
        let missing = PartAnswer::Bad(ComplaintReason::Missing);
        assert_eq!(world.answer_of(PATIENT, DealtScope::Whole), missing);
    }
}

#[tokio::test]
async fn no_case_is_answered_that_is_not_executed_or_open() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let key = EncryptionSecret::generate();
    let worker = worker(&world);
    for id in [RECOVERY, EMERGENCY] {
        for state in [CaseState::Pending, CaseState::Over] {
            world.script().waiting_cases.clear();
            world.open(id, PATIENT, DealtScope::Whole, state, &key);
            cases(&worker).await;
            assert!(world.script().said.is_empty(), "{id:?} {state:?}");
            assert!(!opens(&world, id, &key));
        }
    }
    // Nor one that the index names and that is not there, or about which nothing was dealt.
    world.script().waiting_cases = vec![CaseRef::Recovery(RecoveryId(99))];
    cases(&worker).await;
    let nobody = PersonId([8; 32]);
    world.open(RECOVERY, nobody, DealtScope::Whole, CaseState::Answering, &key);
    cases(&worker).await;
    assert!(world.script().said.is_empty());
}

#[tokio::test]
async fn an_executed_recovery_gets_the_share_first_on_chain_then_at_a_vault() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let (key, stranger) = (EncryptionSecret::generate(), EncryptionSecret::generate());
    let worker = worker(&world);
    world.open(RECOVERY, PATIENT, DealtScope::Whole, CaseState::Answering, &key);
    let mut remembered = Cases::default();
    for _ in 0..3 {
        worker.answer_cases(&head(), &mut remembered).await.unwrap();
    }
    assert_eq!(world.script().said.len(), 1);
    assert_eq!(world.script().journal[..2], ["said", "left"]);
    assert_eq!(remembered.to_leave(), 0);
    assert!(opens(&world, RECOVERY, &key));
    assert!(!opens(&world, RECOVERY, &stranger));
}

#[tokio::test]
async fn a_custodian_killed_between_chain_and_vault_leaves_the_same_blob_when_it_starts_again() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let key = EncryptionSecret::generate();
    world.open(EMERGENCY, PATIENT, DealtScope::Whole, CaseState::Answering, &key);
    world.script().vaults_refuse = true;
    let mut remembered = Cases::default();
    let first = worker(&world);
    first.answer_cases(&head(), &mut remembered).await.unwrap();
    assert_eq!(remembered.to_leave(), 1);
    assert!(!opens(&world, EMERGENCY, &key));
    // Killed: another process with the same keys and no memory.
    drop((first, remembered));
    world.script().vaults_refuse = false;
    let cases = cases(&worker(&world)).await;
    assert!(opens(&world, EMERGENCY, &key));
    assert_eq!(cases.to_leave(), 0);
    assert_eq!(world.script().said.len(), 1, "nothing is said twice");
}

#[tokio::test]
async fn vaults_and_nodes_that_were_away_are_asked_again() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let key = EncryptionSecret::generate();
    world.open(RECOVERY, PATIENT, DealtScope::Whole, CaseState::Answering, &key);
    let worker = worker(&world);
    world.script().node_away = true;
    worker.answer_cases(&head(), &mut Cases::default()).await.unwrap_err();
    worker.answer_dealings(&head(), &mut backoff()).await.unwrap_err();
    world.script().node_away = false;
    world.script().vaults_away = true;
    cases(&worker).await;
    dealings(&worker).await;
    assert!(world.script().said.is_empty());
    world.script().vaults_away = false;
    // Refused by the chain: nothing is left, and it is tried again.
    world.script().chain_refuses = true;
    cases(&worker).await;
    assert!(world.script().journal.is_empty());
    world.script().chain_refuses = false;
    cases(&worker).await;
    dealings(&worker).await;
    assert!(opens(&world, RECOVERY, &key));
    assert_eq!(world.script().said.len(), 2);
}

#[tokio::test]
async fn an_emergency_comes_before_recoveries() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let key = EncryptionSecret::generate();
    for id in [RECOVERY, EMERGENCY, CaseRef::Recovery(RecoveryId(1))] {
        world.open(id, PATIENT, DealtScope::Whole, CaseState::Answering, &key);
    }
    cases(&worker(&world)).await;
    let script = world.script();
    assert_eq!(script.said.len(), 3);
    assert!(matches!(script.said[0], Said::HandedOver(EMERGENCY, _)));
}

#[tokio::test]
async fn nothing_is_answered_by_an_old_block_or_without_an_appointment() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let key = EncryptionSecret::generate();
    world.open(RECOVERY, PATIENT, DealtScope::Whole, CaseState::Answering, &key);
    let worker = worker(&world);
    let state = head().state;
    let tip = Tip { height: 9, timestamp: kanglian_sdk::now() - 61_000 };
    let old = ChainState { finalised: tip, ..state };
    let syncing = ChainState { syncing: true, ..state };
    let returned = ChainState { since: kanglian_sdk::now() + 1, ..state };
    let heads = [old, syncing, returned, ChainState::default()];
    for head in heads.map(|state| Finalised { state, ..head() }) {
        worker.answer_cases(&head, &mut Cases::default()).await.unwrap();
        worker.answer_dealings(&head, &mut backoff()).await.unwrap();
        assert_eq!(worker.state().0, Standing::Stale);
    }
    // The region named another key, another account, nobody.
    let appointed = world.script().custodians.remove(&JIANGSU).unwrap();
    for replaced in [
        kanglian_primitives::Custodian { key: key.public(), ..appointed.clone() },
        kanglian_primitives::Custodian {
            account: keys(ZHEJIANG).account.id(),
            ..appointed.clone()
        },
    ] {
        world.script().custodians.insert(JIANGSU, replaced);
        cases(&worker).await;
        dealings(&worker).await;
        assert_eq!(worker.state().0, Standing::NotAppointed);
    }
    assert!(world.script().said.is_empty());
    world.script().custodians.insert(JIANGSU, appointed);
    cases(&worker).await;
    assert_eq!(world.script().said.len(), 1);
}

#[tokio::test]
async fn a_share_sealed_to_an_earlier_key_is_not_handed_over() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let key = EncryptionSecret::generate();
    world.open(RECOVERY, PATIENT, DealtScope::Whole, CaseState::Answering, &key);
    let mut rotated = keys(JIANGSU);
    rotated.secret = EncryptionSecret::generate();
    let public = rotated.secret.public();
    world.script().custodians.get_mut(&JIANGSU).unwrap().key = public;
    let worker = Worker::new(rotated, WORK, Chain(world.clone()), Vaults(world.clone()));
    worker.answer_cases(&head(), &mut Cases::default()).await.unwrap();
    worker.answer_dealings(&head(), &mut backoff()).await.unwrap();
    assert!(world.script().said.is_empty(), "no complaint about the dealer either");
}

/// After a rotation both keys are there: dealings to the former one are answered as before, to the
/// same byte, and new ones with the present key.
#[tokio::test]
async fn a_share_sealed_to_a_kept_former_key_is_answered() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let key = EncryptionSecret::generate();
    world.open(RECOVERY, PATIENT, DealtScope::Whole, CaseState::Answering, &key);
    // Handed over, and then killed before it was left at a vault.
    cases(&worker(&world)).await;
    let Some(Said::HandedOver(_, blob)) = world.script().said.first().copied() else {
        panic!("nothing was handed over")
    };
    world.script().blobs.remove(&blob);
    let mut rotated = keys(JIANGSU);
    rotated.further.push(std::mem::replace(&mut rotated.secret, EncryptionSecret::generate()));
    world.script().custodians.get_mut(&JIANGSU).unwrap().key = rotated.secret.public();
    let worker = Worker::new(rotated, WORK, Chain(world.clone()), Vaults(world.clone()));
    worker.answer_cases(&head(), &mut Cases::default()).await.unwrap();
    assert!(world.script().blobs.contains_key(&blob), "sealed again to the same byte");
    assert!(opens(&world, RECOVERY, &key));
    worker.answer_dealings(&head(), &mut backoff()).await.unwrap();
    let acknowledged = |said: &Said| matches!(said, Said::Acknowledged(_));
    assert!(world.script().said.iter().any(acknowledged));
}

#[tokio::test]
async fn a_worker_follows_heads_and_stops_when_told() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let key = EncryptionSecret::generate();
    world.open(EMERGENCY, PATIENT, DealtScope::Whole, CaseState::Answering, &key);
    let worker = Arc::new(worker(&world));
    let (sender, heads) = tokio::sync::watch::channel(Finalised::default());
    let stop = tokio_util::sync::CancellationToken::new();
    let (working, token) = (worker.clone(), stop.clone());
    let running = tokio::spawn(async move { working.run(heads, &token).await });
    sender.send_replace(head());
    let done = async {
        while world.script().said.len() < 2 || worker.state().1 != 9 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), done).await.unwrap();
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
    assert!(opens(&world, EMERGENCY, &key));
}
