//! A newborn enrolled by birth certificate with the parent as guardian; a record that is wrong,
//! corrected by its author; one of somebody else, rejected.

use anyhow::Context as _;
use kanglian_primitives::{
    Action, BusinessBlockSet, Capacity, CorrectionId, CorrectionReason, CorrectionStatus, Grantee,
    Instant, Purpose, PurposeSet, RecordStatus, RefusalReason, blocks,
};
use kanglian_sdk::{
    chain::{At, Call, ChainError, InBlock, Wait, calls, types::PersonStatus},
    keys::{Account, PersonSecret},
    registrar::wire::{Evaluator, Outcome},
    vault::{Ask, VaultError},
};

use super::{
    records,
    stage::{Stage, check},
    world::{Cast, JIANGSU, Patient, World},
};
use crate::{
    commands::{
        corrections,
        guardians::{self, Birth},
    },
    consenting::{self, Wish},
    document::{Document, DocumentType},
    instant::{self, DAY},
    output,
    ports::PROVINCES,
    registrars,
};

/// Any day of the past does.
const BIRTHDAY: &str = "2026-01-15";

/// Plays the act.
pub async fn play(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    stage: &mut Stage,
) -> anyhow::Result<()> {
    let child = stage
        .step("A newborn is enrolled by birth certificate, with the patient as guardian", async {
            born(world, cast, patient).await
        })
        .await?;
    stage
        .step("The guardian consents for the child; a stranger, or for too long, does not", async {
            guard(world, cast, patient, &child).await
        })
        .await?;
    stage
        .step("A wrong record: the author reads what is wrong, and amends", async {
            correct(world, cast, patient).await
        })
        .await?;
    stage
        .step("A record of somebody else: marked, rejected, paid back once", async {
            wrong_person(world, cast, patient).await
        })
        .await
}

async fn send(world: &World, call: &Call, account: &Account) -> anyhow::Result<InBlock> {
    Ok(world.chain().submit(call, account, Wait::Finalized).await?)
}

/// Expects that the chain refuses a call by the error's name.
async fn refused(world: &World, call: &Call, account: &Account, name: &str) -> anyhow::Result<()> {
    match world.chain().submit(call, account, Wait::Finalized).await {
        Err(ChainError::Dispatch(failure)) if failure.name == name => Ok(()),
        Err(error) => Err(anyhow::Error::from(error).context(format!("expected {name}"))),
        Ok(_) => anyhow::bail!("expected {name}, the chain accepted it"),
    }
}

async fn born(world: &World, cast: &Cast, patient: &Patient) -> anyhow::Result<(Patient, String)> {
    let chain = world.chain();
    let child = Account::generate();
    let digits = u32::from_le_bytes([child.id().0[0], child.id().0[1], child.id().0[2], 0]);
    let document = Document::parse(DocumentType::BirthCertificate, &format!("K{digits:09}"))?;
    let registrars = world.registrars(&cast.hospital.account)?;
    let institution = Evaluator::Institution(cast.hospital.id);
    let evaluated = registrars::person_of(&registrars, institution, &document).await?;
    let secret = PersonSecret::generate();
    let birth = Birth {
        ward: evaluated.person,
        guardian: patient.id,
        institution: cast.hospital.id,
        region: PROVINCES[JIANGSU].0,
        until: guardians::end_of_minority(BIRTHDAY)?,
        blocks: BusinessBlockSet::of(blocks::MEDICAL).with(blocks::EMERGENCY_SUMMARY),
    };
    let genesis = chain.genesis_hash();
    let (enrolment, request) = birth.requests(&genesis, &patient.account, (&child, &secret));
    let signature = enrolment.checked_signature(&genesis)?;
    let (by_guardian, by_ward) = request.checked_signatures(&genesis)?;
    let attest = calls::real_name::attest(birth.ward, &enrolment.attestation(), &signature);
    let guardian =
        calls::guardianships::attest_guardian(&request.body(), &by_guardian, by_ward.as_ref());
    let both = calls::utility::batch_all(vec![attest, guardian.clone()]);
    let included = send(world, &both, &cast.hospital.account).await?;
    for line in &evaluated.opened {
        let outcome = Outcome::Attested(birth.ward);
        registrars::file_one(&registrars, &line.registrar, line.evaluation, outcome).await?;
    }
    // The same signatures count once.
    refused(world, &guardian, &cast.hospital.account, "GuardianKnown").await?;
    let known = chain.person(&birth.ward, At::Hash(included.block)).await?;
    let known = known.context("the newborn is not on chain")?;
    check!(known.status == PersonStatus::Held(birth.until), "the newborn is {:?}", known.status);
    world.settle(included.number).await?;
    let seen = format!(
        "{}; one extrinsic in block {}; the keys are the guardian's until {}",
        birth.ward,
        included.number,
        instant::show(birth.until)
    );
    Ok((Patient { id: birth.ward, account: child, secret }, seen))
}

/// Consent of the child to be treated at the clinic.
async fn consent(
    world: &World,
    cast: &Cast,
    parent: &Patient,
    child: &Patient,
    until: Instant,
) -> anyhow::Result<Call> {
    let wish = Wish {
        grantee: Grantee::Institution(cast.clinic.id),
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: instant::now(),
        until,
        records_from: 0,
        records_until: Instant::MAX,
        may_delegate: 0,
    };
    // The guardian's own account leaves the bundle, as one who may give terms for the child.
    let vault = world.vault(PROVINCES[JIANGSU].0, &parent.account)?;
    let chain = world.chain();
    let terms = consenting::prepare(chain, &vault, &child.secret, child.id, &wish).await?;
    Ok(calls::consents::grant(&wish.grantee, &terms))
}

async fn guard(
    world: &World,
    cast: &Cast,
    parent: &Patient,
    child: &Patient,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let acting = |call: &Call| calls::guardianships::act_for(child.id, call.clone());
    let month = instant::now().saturating_add(30 * DAY as u64);
    let grant = consent(world, cast, parent, child, month).await?;
    // Nobody but the guardian, nothing else, not beyond the guardianship.
    refused(world, &acting(&grant), &cast.doctor, "NotActingFor").await?;
    let batch = calls::utility::batch_all(vec![grant.clone()]);
    refused(world, &acting(&batch), &parent.account, "CallNotAllowed").await?;
    let given = send(world, &acting(&grant), &parent.account).await?;
    let event = given.event("Guardianships", "ActedFor");
    check!(event.is_some(), "no event says who acted for whom");
    let capacity = chain
        .acts_for(parent.account.id(), child.id, Action::Log, instant::now(), At::Best)
        .await?;
    check!(capacity == Some(Capacity::Guardian), "the guardian is {capacity:?}");
    world.settle(given.number).await?;
    // The hospital writes the first record; the clinic reads it by the guardian's consent.
    let sharer = records::sharer(world, &cast.hospital, child).await?;
    let item = records::item("Immunization", 1, "newborn");
    let stored = records::store(&sharer, &item, blocks::MEDICAL).await?;
    let included = records::share(&sharer, &stored).await?;
    let original = records::original(world, &stored).await?;
    world.settle(included.number).await?;
    let clinic = Grantee::Institution(cast.clinic.id);
    let ask = Ask { acting_as: clinic, subject: child.id, purpose: Purpose::Treatment };
    let vault = world.vault(PROVINCES[JIANGSU].0, &cast.clinic.account)?;
    let mut sealed = Vec::new();
    vault.fetch(&ask, &original.facts.id, &mut sealed).await?;
    // The guardian sees who read; a stranger does not.
    let guardian = world.vault(PROVINCES[JIANGSU].0, &parent.account)?;
    let log = guardian.own_log(&child.id, None, None).await?;
    let read = log.lines.iter().any(|line| line.entry.record == Some(original.facts.id));
    check!(read, "the guardian does not see the clinic's read");
    let stranger = world.vault(PROVINCES[JIANGSU].0, &cast.doctor)?;
    let turned_away = stranger.own_log(&child.id, None, None).await.is_err();
    check!(turned_away, "a stranger sees the child's access log");
    let seen = format!(
        "the clinic read {}; {} lines in the child's log",
        original.facts.id,
        log.lines.len()
    );
    Ok(((), seen))
}

/// A record that the hospital shares about the patient.
async fn shared(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    tag: &str,
) -> anyhow::Result<(records::Original, InBlock)> {
    let sharer = records::sharer(world, &cast.hospital, patient).await?;
    let item = records::item("Observation", 1, tag);
    let stored = records::store(&sharer, &item, blocks::MEDICAL).await?;
    let included = records::share(&sharer, &stored).await?;
    world.settle(included.number).await?;
    Ok((records::original(world, &stored).await?, included))
}

async fn asked(
    world: &World,
    patient: &Patient,
    record: &records::Original,
    reason: CorrectionReason,
    text: &str,
) -> anyhow::Result<(CorrectionId, InBlock)> {
    let chain = world.chain();
    let vault = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let id = record.facts.id;
    let call = corrections::request(chain, &vault, patient.id, id, reason, text).await?;
    let included = send(world, &call, &patient.account).await?;
    let file = chain.correction_file(&patient.id, At::Hash(included.block)).await?;
    world.settle(included.number).await?;
    Ok((file.last, included))
}

async fn correct(world: &World, cast: &Cast, patient: &Patient) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let text = "剂量应为 5 毫克，不是 50 毫克。 The dose is 5 mg, not 50 mg.";
    let (record, _) = shared(world, cast, patient, "to-correct").await?;
    let (id, _) = asked(world, patient, &record, CorrectionReason::Incorrect, text).await?;
    // The author reads what is wrong; another institution is given nothing.
    let vault = world.vault(PROVINCES[JIANGSU].0, &cast.hospital.account)?;
    let secret = &cast.hospital.secret;
    let (one, read) = corrections::read(chain, &vault, secret, &patient.id, id).await?;
    check!(read == text, "the author reads another text");
    let elsewhere = world.vault(PROVINCES[JIANGSU].0, &cast.clinic.account)?;
    match elsewhere.get_bundle(&patient.id, &one.text).await {
        Err(VaultError::Refused { status: 404, .. }) => {},
        Ok(_) => anyhow::bail!("the vault gave the text to another institution"),
        Err(error) => return Err(error.into()),
    }
    let refuse = calls::corrections::refuse(patient.id, id, RefusalReason::Opinion);
    refused(world, &refuse, &cast.clinic.account, "NotAuthor").await?;
    let early = calls::corrections::escalate(patient.id, id);
    refused(world, &early, &cast.doctor, "NotDue").await?;
    let unrelated = calls::corrections::amend(patient.id, id, record.facts.id);
    refused(world, &unrelated, &cast.hospital.account, "NotSuperseded").await?;
    // The amendment takes the old record's place, and the request names it.
    let sharer = records::sharer(world, &cast.hospital, patient).await?;
    let item = records::item("Observation", 2, "corrected");
    let amended = sharer.supersede(record.facts.id, &item, blocks::MEDICAL, None).await?;
    let amend = calls::corrections::amend(patient.id, id, amended.record);
    let included = send(world, &amend, &cast.hospital.account).await?;
    let found = chain.correction(&patient.id, id, At::Hash(included.block)).await?;
    let found = found.context("the request is gone")?;
    check!(
        found.status == CorrectionStatus::Amended(amended.record),
        "the request is {}",
        found.status
    );
    let old = chain.record(&record.facts.id, At::Best).await?.context("the old record is gone")?;
    check!(old.status == RecordStatus::Superseded(amended.record), "the old one still stands");
    let told = corrections::changed(chain, &record.facts.id, old.status).await?;
    check!(told.is_some(), "who read the old one is not told");
    // What was sealed for the decision is given to the author no more.
    world.settle(included.number).await?;
    check!(
        vault.get_bundle(&patient.id, &one.text).await.is_err(),
        "the text is given after the decision"
    );
    Ok(((), format!("request {id}: {} → {}", record.facts.id, amended.record)))
}

async fn wrong_person(
    world: &World,
    cast: &Cast,
    patient: &Patient,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let (record, paid) = shared(world, cast, patient, "of-somebody-else").await?;
    let before = world.balance(&patient.account.id(), At::Hash(paid.block)).await?;
    let mark = calls::corrections::mark_wrong_person(record.facts.id);
    refused(world, &mark, &cast.clinic.account, "NotAuthor").await?;
    send(world, &mark, &cast.hospital.account).await?;
    check!(chain.is_wrong_person(record.facts.id, At::Best).await?, "the record is not marked");
    let reject = calls::records::reject(record.facts.id);
    let rejected = send(world, &reject, &patient.account).await?;
    let after = world.balance(&patient.account.id(), At::Hash(rejected.block)).await?;
    check!(after < before, "the reward was not taken back: {before} and {after}");
    refused(world, &reject, &patient.account, "AlreadyRejected").await?;
    let last = world.balance(&patient.account.id(), At::Finalized).await?;
    check!(last == after, "it was taken back twice: {after} and {last}");
    // Nobody reads it any more, its author neither.
    world.settle(rejected.number).await?;
    let hospital = Grantee::Institution(cast.hospital.id);
    let ask = Ask { acting_as: hospital, subject: patient.id, purpose: Purpose::Treatment };
    let vault = world.vault(PROVINCES[JIANGSU].0, &cast.hospital.account)?;
    let mut sealed = Vec::new();
    let read = vault.fetch(&ask, &record.facts.id, &mut sealed).await;
    check!(read.is_err() && sealed.is_empty(), "the rejected record is still read");
    Ok(((), format!("{} gone; {} taken back", record.facts.id, output::hmc(before - after))))
}
