//! What became of an evaluation: attested once, or a reason; nothing else, and by nobody else.

use super::{world::*, *};

#[tokio::test(flavor = "multi_thread")]
async fn each_evaluation_ends_once_and_each_attestation_counts_once() {
    let network = Network::single(limits()).await;
    let client = network.client(hospital());
    let asked = client.person(for_hospital(), DOCUMENT).await.unwrap();
    let (person, line) = (asked.person, &asked.opened[0]);
    let file =
        |evaluation: u64, outcome: Outcome| client.file(&line.registrar, evaluation, outcome);
    let attested = Outcome::Attested(person);
    assert_eq!(code(file(line.evaluation, attested).await), "not_attested");
    // By somebody else, or before the evaluation: not this one's end.
    network.world.attest(person, clinic_id());
    assert_eq!(code(file(line.evaluation, attested).await), "not_attested");
    network.world.attest(person, hospital_id());
    network.world.script().attested.get_mut(&person).unwrap().at -= 3_600_000;
    assert_eq!(code(file(line.evaluation, attested).await), "not_attested");
    network.world.attest(person, hospital_id());
    let receipt = file(line.evaluation, attested).await.unwrap();
    assert_eq!(receipt.index, 1);
    assert_eq!(code(file(line.evaluation, attested).await), "already_filed");
    let closed = Outcome::Closed(Reason::Aborted);
    assert_eq!(code(file(line.evaluation, closed).await), "already_filed");
    // Another evaluation of the same person is not covered by the same attestation.
    let again = client.person(for_hospital(), DOCUMENT).await.unwrap();
    let second = again.opened[0].evaluation;
    assert_eq!(code(file(second, attested).await), "already_counted");
    file(second, Outcome::Closed(Reason::Duplicate)).await.unwrap();
    // A line that is no evaluation, and one that is not there.
    for evaluation in [1, 99, u64::MAX] {
        assert_eq!(code(file(evaluation, closed).await), "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_own_institution_ends_an_evaluation() {
    let network = Network::single(limits()).await;
    let asked = network.client(hospital()).person(for_hospital(), DOCUMENT).await.unwrap();
    let line = &asked.opened[0];
    let closed = Outcome::Closed(Reason::Aborted);
    for signer in [clinic(), stranger(), regulator()] {
        let filed = network.client(signer).file(&line.registrar, line.evaluation, closed).await;
        assert_eq!(code(filed), "not_yours");
    }
    // A practitioner of the institution may.
    let filed = network.client(nurse()).file(&line.registrar, line.evaluation, closed).await;
    filed.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_regulator_samples_and_attests_nobody() {
    let network = Network::start().await;
    let enrolled = network.person(DOCUMENT).await;
    let client = network.client(regulator());
    let asked = client.person(Evaluator::Regulator, DOCUMENT).await.unwrap();
    assert_eq!(asked.person, enrolled);
    network.world.attest(enrolled, hospital_id());
    for line in &asked.opened {
        let attested = Outcome::Attested(enrolled);
        let filed = client.file(&line.registrar, line.evaluation, attested).await;
        assert_eq!(code(filed), "not_attested");
        let sampled = Outcome::Closed(Reason::Sampling);
        client.file(&line.registrar, line.evaluation, sampled).await.unwrap();
    }
}
