//! From a document to a person, with everybody well, some gone, some lying.

use kanglian_sdk::registrar::{
    INPUT_DOMAIN, RegistrarIdentity, RegistrarSet, RegistrarShare,
    oprf::Blinding,
    wire::{EvaluateReply, EvaluateRequest, EvaluationStatement, Signed, element_hash, paths},
};

use super::{world::*, *};

/// A signed request as the hospital makes it, changed before it is signed.
fn request(
    network: &Network,
    blinding: &Blinding,
    signer: &SigningKey,
    change: impl FnOnce(&mut EvaluationStatement),
) -> EvaluateRequest {
    let mut statement = EvaluationStatement {
        registrar: network.set.member(1).unwrap().signing_key,
        epoch: 0,
        account: signer.account(),
        evaluator: for_hospital(),
        element: element_hash(blinding.element()),
        issued_at: kanglian_sdk::now(),
        nonce: [3; 16],
    };
    change(&mut statement);
    let request = Signed::sign(&GENESIS, statement, signer).to_body();
    EvaluateRequest { element: *blinding.element(), request }
}

async fn post(network: &Network, request: &impl serde::Serialize) -> (u16, serde_json::Value) {
    let url = format!("{}{}", network.registrars[0].url, paths::EVALUATE);
    let reply = reqwest::Client::new().post(url).json(request).send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap())
}

async fn refused(network: &Network, request: &impl serde::Serialize) -> (u16, String) {
    let (status, reply) = post(network, request).await;
    (status, reply["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hospitals_give_the_same_person_the_same_id() {
    let network = Network::start().await;
    let one = network.client(hospital()).person(for_hospital(), DOCUMENT).await.unwrap();
    let two = network.client(clinic()).person(for_clinic(), DOCUMENT).await.unwrap();
    assert_eq!(one.person, two.person);
    assert_eq!((one.opened.len(), one.faults.len()), (3, 0));
    let nurse = network.client(nurse()).person(for_hospital(), DOCUMENT).await.unwrap();
    assert_eq!(nurse.person, one.person);
    assert_ne!(network.person("01:440524188001010014").await, one.person);
    // The same as one registrar with the whole key gives.
    let single = Network::single(limits()).await;
    assert_eq!(single.person(DOCUMENT).await, one.person);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_registrar_may_be_gone_two_may_not() {
    let mut network = Network::start().await;
    let person = network.person(DOCUMENT).await;
    network.registrars[1].stop().await;
    for _ in 0..4 {
        assert_eq!(network.person(DOCUMENT).await, person);
    }
    network.registrars[3].stop().await;
    let error = network.client(hospital()).person(for_hospital(), DOCUMENT).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("2 of 4 registrars answered, 3 are needed:"), "{text}");
    assert!(text.contains("registrar 2: cannot be reached"), "{text}");
    assert!(text.contains("registrar 4: cannot be reached"), "{text}");
    // What the two have in their logs is known, so that a reason can be filed.
    let RegistrarError::TooFew { opened, .. } = error else { panic!() };
    assert_eq!(opened.len(), 2);
    let client = network.client(hospital());
    for line in opened {
        let reason = Outcome::Closed(Reason::Aborted);
        client.file(&line.registrar, line.evaluation, reason).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lying_registrar_is_named_and_spoils_nothing() {
    let other = |index, share| match index {
        2 => RegistrarShare::dev("//Elsewhere", 3, 2),
        _ => share,
    };
    let network = Network::start_with(4, 3, limits(), other).await;
    let honest = Network::start().await;
    let right = honest.person(DOCUMENT).await;
    let mut named = 0;
    for _ in 0..5 {
        let asked = network.client(hospital()).person(for_hospital(), DOCUMENT).await.unwrap();
        assert_eq!(asked.person, right);
        for fault in asked.faults {
            assert_eq!(fault.name, "registrar 2");
            assert!(matches!(fault.error, AskError::Wrong(_)), "{}", fault.error);
            named += 1;
        }
    }
    // Three of four are asked at first, at random.
    assert!(named > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_of_two_epochs_do_not_mix() {
    let network = Network::start().await;
    let mut body = network.set.body.clone();
    body.epoch = 1;
    let mut newer = RegistrarSet::new(body);
    for index in 1..=4 {
        newer.sign(&RegistrarIdentity::dev(PHRASE, index)).unwrap();
    }
    let asked = network.client_of(&newer, hospital()).person(for_hospital(), DOCUMENT).await;
    assert_eq!(codes(asked), ["other_epoch"; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_do_not_hold_are_refused() {
    let network = Network::start().await;
    let blinding = Blinding::new(b"somebody").unwrap();
    let (signer, now) = (hospital(), kanglian_sdk::now());
    let with = |change: fn(&mut EvaluationStatement)| request(&network, &blinding, &signer, change);
    for (request, expected) in [
        (with(|statement| statement.registrar = [9; 32]), (403, "other_registrar")),
        (with(|statement| statement.issued_at -= 61_000), (403, "expired")),
        (with(|statement| statement.issued_at += 61_000), (403, "expired")),
        (with(|statement| statement.element = [1; 32]), (400, "bad_request")),
        (with(|statement| statement.epoch = 9), (409, "other_epoch")),
        (with(|statement| statement.evaluator = for_clinic()), (403, "not_permitted")),
        (with(|statement| statement.evaluator = Evaluator::Regulator), (403, "not_permitted")),
        (with(|statement| statement.account = clinic().account()), (401, "bad_signature")),
        (request(&network, &blinding, &stranger(), |_| ()), (403, "not_permitted")),
    ] {
        let (status, code) = refused(&network, &request).await;
        assert_eq!((status, code.as_str()), expected);
    }
    // Signed for another chain.
    let mut foreign = with(|_| ());
    let statement = Signed::<EvaluationStatement>::from_body(&foreign.request).unwrap().statement;
    foreign.request = Signed::sign(&[8; 32], statement, &signer).to_body();
    assert_eq!(refused(&network, &foreign).await, (401, "bad_signature".to_owned()));
    // Not signed, cut, with bytes behind it, of another scheme.
    let good = with(|_| ());
    let mut unsigned = good.clone();
    unsigned.request.signature = "00".repeat(64);
    assert_eq!(refused(&network, &unsigned).await.1, "bad_signature");
    for change in [
        |text: &mut String| text.truncate(10),
        |text: &mut String| text.push_str("00"),
        |text: &mut String| text.clear(),
        |text: &mut String| text.replace_range(0..2, "zz"),
    ] {
        let mut broken = good.clone();
        change(&mut broken.request.statement);
        assert_eq!(refused(&network, &broken).await, (400, "bad_request".to_owned()));
    }
    let mut scheme = good.clone();
    scheme.request.scheme = 2;
    assert_eq!(refused(&network, &scheme).await.1, "bad_signature");
    // Elements that are none.
    for element in [[0; 32], [0xff; 32], [1; 32]] {
        let mut bad = good.clone();
        bad.element = element;
        assert_eq!(refused(&network, &bad).await, (400, "bad_element".to_owned()));
    }
    assert_eq!(network.registrars[0].app.store.head().0, 0, "nothing of all that is in the log");
    // Once, and not again.
    let (status, reply) = post(&network, &good).await;
    assert_eq!(status, 200, "{reply}");
    let reply: EvaluateReply = serde_json::from_value(reply).unwrap();
    assert_eq!(reply.evaluation, 0);
    assert!(reply.outcome_until > now);
    assert_eq!(refused(&network, &good).await, (403, "replayed".to_owned()));
    assert_eq!(network.registrars[0].app.store.head().0, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn standing_counts_in_the_best_and_the_finalised_state() {
    let network = Network::start().await;
    let own = (hospital().account().0, for_hospital());
    let ask = || async { network.client(hospital()).person(for_hospital(), DOCUMENT).await };
    network.world.script().ended_in_best.insert(own);
    assert_eq!(codes(ask().await), ["not_permitted"; 4]);
    network.world.script().ended_in_best.clear();
    ask().await.unwrap();
    network.world.script().standing.remove(&own);
    assert_eq!(codes(ask().await), ["not_permitted"; 4]);
    network.world.script().not_final.insert(own);
    assert_eq!(codes(ask().await), ["not_permitted"; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_evaluated_on_an_old_state() {
    let network = Network::start().await;
    let ask = || async { network.client(hospital()).person(for_hospital(), DOCUMENT).await };
    let client = network.client(hospital());
    assert_eq!(client.health(1).await.unwrap().status, "ok");
    let behind: [fn(&mut Script); 4] = [
        |script| script.syncing = true,
        |script| (script.syncing, script.best_age) = (false, 7_000),
        |script| (script.best_age, script.finalised_age) = (0, 61_000),
        // It came back and has finalised nothing since (ADR 9).
        |script| (script.finalised_age, script.since) = (0, kanglian_sdk::now() + 60_000),
    ];
    for change in behind {
        change(&mut network.world.script());
        assert_eq!(codes(ask().await), ["stale"; 4]);
        assert_eq!(client.health(1).await.unwrap().status, "stale");
    }
    network.world.script().since = 0;
    network.world.script().frozen = true;
    assert_eq!(codes(ask().await), ["chain_unreachable"; 4]);
    network.world.script().frozen = false;
    ask().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registrar_without_a_node_says_so() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let set = RegistrarSet::dev(PHRASE, 1, &[("alone".to_owned(), url)]).unwrap();
    let identity = RegistrarIdentity::dev(PHRASE, 1);
    let share = RegistrarShare::dev(PHRASE, 1, 1);
    let keys = crate::settings::Keys::new(set.clone(), identity, &share).unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let chain = Arc::new(NoNode);
    let _running = Registrar::start(listener, keys, chain, folder.path(), limits(), connections());
    let client = Registrars::new(set, GENESIS, Arc::new(hospital())).unwrap();
    assert_eq!(codes(client.person(for_hospital(), DOCUMENT).await), ["stale"]);
    assert_eq!(client.health(1).await.unwrap().status, "stale");
}

#[tokio::test]
async fn an_input_has_bounds() {
    let network = Network::single(limits()).await;
    let long = "9".repeat(300 - INPUT_DOMAIN.len());
    let asked = network.client(hospital()).person(for_hospital(), &long).await;
    assert!(matches!(asked, Err(RegistrarError::Oprf(_))));
}
