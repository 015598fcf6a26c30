//! Four registrars go from a document number that none of them sees to the person's id; the
//! person's client makes keys and signs; the hospital attests, once; the regulator checks.

use anyhow::Context as _;
use kanglian_primitives::{
    BusinessBlockSet, InstitutionId, RegionCode, blocks, payloads::AttestationBody,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Wait, calls, types::PersonStatus},
    keys::{Account, PersonSecret},
    registrar::{
        Evaluated,
        wire::{Evaluator, Outcome, Reason},
    },
};

use super::{
    stage::{Stage, check},
    world::{Cast, Patient, World},
};
use crate::{
    commands::{identity::how_to_go_on, sampling},
    consenting, context,
    document::{Document, ResidentNumber},
    instant::{self, DAY},
    names,
    ports::PROVINCES,
    registrars,
    request::EnrolmentRequest,
};

/// Numbers that nobody has, each wrong in its own way.
const WRONG: [&str; 6] = [
    "110105194912310021",
    "11010519491231002x",
    "110105491231002",
    "11010519490230002X",
    "１1010519491231002X",
    "",
];

/// Plays the act.
pub async fn play(world: &World, cast: &Cast, stage: &mut Stage) -> anyhow::Result<Patient> {
    let account = Account::generate();
    let document = document_of(&account)?;
    let evaluated = stage
        .step("The registrars give the person's id and learn nothing", async {
            evaluate(world, cast, &document).await
        })
        .await?;
    let patient = Patient { id: evaluated.person, account, secret: PersonSecret::generate() };
    stage
        .step("The hospital enrols the patient, who signed keys and write consent", async {
            enrol(world, cast, &patient, &evaluated).await
        })
        .await?;
    stage
        .step("Another hospital gets the same id and cannot enrol it again", async {
            enrol_again(world, cast, &patient, &document).await
        })
        .await?;
    stage
        .step(
            "The regulator finds an evaluation for the attestation, and the person in a sample",
            regulate(world, cast, &patient, &document),
        )
        .await?;
    Ok(patient)
}

/// A birthday and a sequence that follow from the new account: somebody new each time.
fn document_of(account: &Account) -> anyhow::Result<Document> {
    let bytes = account.id().0;
    let birth = 19_400_101
        + u32::from(bytes[0] % 60) * 10_000
        + u32::from(bytes[1] % 12) * 100
        + u32::from(bytes[2] % 28);
    let division = 320_100 + u32::from(bytes[5] % 16);
    let sequence = u32::from(bytes[3]) + u32::from(bytes[4]);
    Ok(ResidentNumber::synthetic(division, birth, sequence)?.into())
}

async fn evaluate(
    world: &World,
    cast: &Cast,
    document: &Document,
) -> anyhow::Result<(Evaluated, String)> {
    for text in WRONG {
        check!(ResidentNumber::parse(text).is_err(), "a wrong number was taken: {text}");
    }
    let registrars = world.registrars(&cast.hospital.account)?;
    let institution = Evaluator::Institution(cast.hospital.id);
    let evaluated = registrars::person_of(&registrars, institution, document).await?;
    check!(evaluated.faults.is_empty(), "a registrar failed: {:?}", evaluated.faults);
    let known = world.chain().person(&evaluated.person, At::Finalized).await?;
    check!(known.is_none(), "somebody new is on chain already");
    // An account that no institution knows gets no answer.
    let nobody = world.registrars(&Account::generate())?;
    check!(
        registrars::person_of(&nobody, institution, document).await.is_err(),
        "a stranger was answered"
    );
    let (answered, wrong) = (evaluated.opened.len(), WRONG.len());
    let of = registrars.set().body.members.len();
    let seen = format!(
        "{document} (synthetic) → {} by {answered} of {of} registrars; {wrong} wrong numbers and a \
         stranger refused",
        evaluated.person
    );
    Ok((evaluated, seen))
}

/// The clinic in another province, with the same document.
async fn enrol_again(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    document: &Document,
) -> anyhow::Result<((), String)> {
    let registrars = world.registrars(&cast.clinic.account)?;
    let institution = Evaluator::Institution(cast.clinic.id);
    let evaluated = registrars::person_of(&registrars, institution, document).await?;
    check!(evaluated.person == patient.id, "one document gave two ids");
    // Whoever tries all the same is refused by the chain.
    let impostor =
        Patient { id: patient.id, account: Account::generate(), secret: PersonSecret::generate() };
    let (body, _) = attestation(world, &impostor, cast.clinic.id, PROVINCES[1].0);
    let genesis = world.chain().genesis_hash();
    let signer = context::signer(&impostor.account);
    let request = EnrolmentRequest::sign(&genesis, &body, signer.as_ref());
    let signature = request.checked_signature(&genesis)?;
    let call = calls::real_name::attest(request.body().person, &request.attestation(), &signature);
    let refused = world.chain().submit(&call, &cast.clinic.account, Wait::Finalized).await;
    let refused = refused.err().context("somebody was enrolled twice")?.to_string();
    check!(refused.contains("PersonKnown"), "refused for another reason: {refused}");
    registrars::close(&registrars, &evaluated.opened, Reason::AlreadyKnown).await;
    let known = world.chain().person(&patient.id, At::Finalized).await?;
    let known = known.context("the person is not on chain")?;
    check!(known.controller == patient.account.id(), "another account speaks for the person");
    Ok(((), how_to_go_on(&patient.id, &known)))
}

async fn regulate(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    document: &Document,
) -> anyhow::Result<((), String)> {
    let registrars = world.registrars(world.regulator()?)?;
    let own = sampling::excess(world.chain(), &registrars, cast.hospital.id).await?;
    check!(own == (1, 0), "{} attestations are covered, {} in excess", own.0, own.1);
    check!(sampling::holds(&registrars, patient.id, document).await?, "the sample does not hold");
    let invented = document_of(&Account::generate())?;
    let holds = sampling::holds(&registrars, patient.id, &invented).await?;
    check!(!holds, "somebody else's document gives the person");
    let seen = "1 attestation, covered by evaluations in the registrars' verified logs; the sampled \
                document gives the person, another does not";
    Ok(((), seen.to_owned()))
}

/// What a patient signs who is at home in a region and enrols at an institution there.
pub(super) fn attestation(
    world: &World,
    patient: &Patient,
    attester: InstitutionId,
    home_region: RegionCode,
) -> (AttestationBody<AccountId>, BusinessBlockSet) {
    let genesis = world.chain().genesis_hash();
    let now = instant::now();
    let scopes = BusinessBlockSet::of(blocks::MEDICAL)
        .with(blocks::RESTRICTED_MEDICAL)
        .with(blocks::HEALTH)
        .with(blocks::PERSONAL)
        .with(blocks::EMERGENCY_SUMMARY);
    let write = BusinessBlockSet::of(blocks::MEDICAL).with(blocks::RESTRICTED_MEDICAL);
    let days = |days: u64| now.saturating_add(days * DAY as u64);
    let body = AttestationBody {
        person: patient.id,
        controller: patient.account.id(),
        home_region,
        data_key: patient.secret.data_secret(&genesis, &patient.id).public(),
        scope_keys: consenting::first_scope_keys(&patient.secret, &genesis, &patient.id, scopes),
        attester,
        write_blocks: write,
        write_until: days(365),
        valid_until: days(3_000),
    };
    (body, write)
}

async fn enrol(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    evaluated: &Evaluated,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let genesis = chain.genesis_hash();
    let home = PROVINCES[0].0;
    let (body, write) = attestation(world, patient, cast.hospital.id, home);
    // The request travels as a file, as it does between a patient and a hospital.
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("enrolment.json");
    let signer = context::signer(&patient.account);
    EnrolmentRequest::sign(&genesis, &body, signer.as_ref()).write(&path)?;
    let request = EnrolmentRequest::read(&path)?;
    let signature = request.checked_signature(&genesis)?;
    let call = calls::real_name::attest(request.body().person, &request.attestation(), &signature);
    let included = chain.submit(&call, &cast.hospital.account, Wait::Finalized).await?;

    let at = At::Hash(included.block);
    let known = chain.person(&patient.id, at).await?.context("the person is not on chain")?;
    check!(known.status == PersonStatus::Active, "the person is {}", known.status);
    check!(known.controller == patient.account.id(), "another account speaks for the person");
    check!(known.home_region == home, "the home region is {}", known.home_region);
    check!(known.attester == cast.hospital.id, "attested by {}", known.attester);
    check!(known.data_key == body.data_key, "the data key on chain is another");
    let published = chain.scope_keys(&patient.id, at).await?;
    for (block, key) in &body.scope_keys {
        let found = published.iter().find(|(known, _)| known == block);
        let same = found.is_some_and(|(_, scope)| scope.key == *key && scope.epoch.0 == 0);
        check!(same, "the scope key of {} is not on chain", names::show_block(*block));
    }
    let consent = chain.write_consent(&patient.id, &cast.hospital.id, at).await?;
    let consent = consent.context("no write consent is on chain")?;
    check!(consent.blocks == write, "the write consent is for other blocks");
    let registrars = world.registrars(&cast.hospital.account)?;
    for line in &evaluated.opened {
        let outcome = Outcome::Attested(patient.id);
        registrars::file_one(&registrars, &line.registrar, line.evaluation, outcome).await?;
    }
    let seen = format!(
        "{} scope keys; the hospital may write into {}; block {}; outcome filed with {} registrars",
        published.len(),
        names::show_blocks(write),
        included.number,
        evaluated.opened.len()
    );
    Ok(((), seen))
}
