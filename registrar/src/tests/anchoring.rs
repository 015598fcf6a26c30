//! The log's head on chain: it follows the log, a log that was cut or rewritten is found, and a
//! registrar whose share is no longer in force answers nothing.

use kanglian_primitives::RegionCode;
use kanglian_sdk::registrar::audit::{AuditFault, HeadMark};

use super::{world::*, *};
use crate::anchor::{AnchorFault, step};

async fn network_with_set() -> Network {
    let network = Network::single(limits()).await;
    let set = network.set.for_chain(0, &[RegionCode(320_000)]).unwrap();
    network.world.script().set = Some(set);
    network
}

async fn evaluate(network: &Network, numbers: std::ops::Range<u32>) {
    for number in numbers {
        network.person(&format!("01:{number}")).await;
    }
}

/// What the chain has of the log, as an auditor takes it.
fn anchored(network: &Network) -> Option<HeadMark> {
    network.world.script().anchor.map(|(size, root)| HeadMark { size, root })
}

async fn fault(network: &Network, anchor: Option<HeadMark>) -> AuditFault {
    match network.client(hospital()).verified_log(1, None, anchor).await.unwrap_err() {
        AskError::Log(fault) => fault,
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_anchor_follows_the_log() {
    let network = network_with_set().await;
    let app = &network.registrars[0].app;
    assert_eq!(step(app).await.unwrap(), None, "an empty log has no head");
    evaluate(&network, 0..3).await;
    assert_eq!(step(app).await.unwrap(), Some(3));
    assert_eq!(step(app).await.unwrap(), None, "nothing came since");
    evaluate(&network, 3..8).await;
    network.world.script().refuses_anchors = true;
    assert!(matches!(step(app).await, Err(AnchorFault::Chain(_))));
    network.world.script().refuses_anchors = false;
    assert_eq!(step(app).await.unwrap(), Some(8));
    assert_eq!(anchored(&network).map(|mark| Some(mark.root)), Some(app.store.root(8)));
    evaluate(&network, 8..9).await;
    let log = network.client(hospital()).verified_log(1, None, anchored(&network)).await.unwrap();
    assert_eq!(log.mark.size, 9, "lines after the anchor are no fault");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_set_on_chain_nothing_is_anchored_and_all_goes_on() {
    let network = Network::single(limits()).await;
    evaluate(&network, 0..2).await;
    assert_eq!(step(&network.registrars[0].app).await.unwrap(), None);
    assert_eq!(anchored(&network), None);
    evaluate(&network, 2..3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_log_is_found_though_its_head_is_signed() {
    let network = network_with_set().await;
    evaluate(&network, 0..3).await;
    step(&network.registrars[0].app).await.unwrap();
    // The same keys over a log with one line less: its head is signed, its lines are too.
    let cut = network_with_set().await;
    evaluate(&cut, 0..2).await;
    assert!(cut.client(hospital()).verified_log(1, None, None).await.is_ok());
    let found = fault(&cut, anchored(&network)).await;
    assert_eq!(found, AuditFault::Cut { anchored: 3, to: 2 });
    // The registrar itself finds it, too, and answers nothing more.
    let anchor = network.world.script().anchor;
    cut.world.script().anchor = anchor;
    let app = &cut.registrars[0].app;
    assert!(matches!(step(app).await, Err(AnchorFault::Contradiction(3))));
    let asked = cut.client(hospital()).person(for_hospital(), DOCUMENT).await;
    assert_eq!(codes(asked), ["log_contradicts_anchor"]);
    let health = cut.client(hospital()).health(1).await.unwrap();
    assert_eq!(health.status, "log_contradicts_anchor");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_line_is_found_though_the_log_is_as_long() {
    let network = network_with_set().await;
    evaluate(&network, 0..3).await;
    step(&network.registrars[0].app).await.unwrap();
    // As many lines, and more; one of them is another one.
    let rewritten = network_with_set().await;
    evaluate(&rewritten, 7..12).await;
    assert!(rewritten.client(hospital()).verified_log(1, None, None).await.is_ok());
    assert_eq!(fault(&rewritten, anchored(&network)).await, AuditFault::Rewritten(3));
    // Two heads at one size.
    let same_size = network_with_set().await;
    evaluate(&same_size, 0..3).await;
    assert_eq!(fault(&same_size, anchored(&network)).await, AuditFault::Rewritten(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_that_is_no_longer_in_force_answers_nothing() {
    let network = network_with_set().await;
    let app = &network.registrars[0].app;
    step(app).await.unwrap();
    evaluate(&network, 0..1).await;
    let ask = || async { network.client(hospital()).person(for_hospital(), DOCUMENT).await };
    // Refreshed or replaced.
    let mut later = network.set.for_chain(0, &[RegionCode(320_000)]).unwrap();
    later.epoch = 1;
    network.world.script().set = Some(later.clone());
    step(app).await.unwrap();
    assert_eq!(codes(ask().await), ["superseded"]);
    assert_eq!(network.client(hospital()).health(1).await.unwrap().status, "superseded");
    // What it did stays on chain, and may still be closed and read.
    assert_eq!(anchored(&network).map(|mark| mark.size), Some(1));
    assert!(network.client(hospital()).verified_log(1, None, anchored(&network)).await.is_ok());
    // A compromised key.
    (later.generation, later.epoch, later.network_key) = (1, 0, [9; 32]);
    network.world.script().set = Some(later.clone());
    step(app).await.unwrap();
    assert_eq!(codes(ask().await), ["superseded"]);
    // Who left anchors no more: the chain would refuse it.
    later.members[0].signing_key = kanglian_primitives::RegistrarKey([8; 32]);
    network.world.script().set = Some(later);
    assert_eq!(step(app).await.unwrap(), None);
    // A set that is ahead of the vote answers on.
    let mut earlier = network.set.for_chain(0, &[RegionCode(320_000)]).unwrap();
    earlier.epoch = 0;
    network.world.script().set = Some(earlier);
    step(app).await.unwrap();
    assert!(ask().await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registrar_serves_the_set_that_clients_hold_against_the_chain() {
    let network = network_with_set().await;
    let known = network.world.script().set.clone().unwrap();
    let url = network.registrars[0].url.parse().unwrap();
    let served = Registrars::published_set(&url).await.unwrap();
    assert_eq!(served, network.set);
    assert!(served.matches(&known).is_ok());
    let differs = |change: &dyn Fn(&mut kanglian_sdk::chain::identity::ChainRegistrars)| {
        let mut other = known.clone();
        change(&mut other);
        served.matches(&other).unwrap_err().to_string()
    };
    assert!(differs(&|set| set.epoch = 1).contains("it is of epoch 0"));
    assert!(differs(&|set| set.network_key = [1; 32]).contains("network key"));
    assert!(differs(&|set| set.threshold = 2).contains("threshold"));
    assert!(differs(&|set| set.members[0].share_key = [1; 32]).contains("other keys"));
    let key = kanglian_primitives::RegistrarKey([1; 32]);
    assert!(differs(&|set| set.members[0].signing_key = key).contains("other keys"));
    assert!(differs(&|set| set.members.clear()).contains("number"));
    assert!(network.set.for_chain(0, &[]).is_err(), "a province each");
}
