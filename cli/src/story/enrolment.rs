//! The hospital's registrar goes from a document number to the person's id; the person's client
//! makes keys and signs; the hospital attests.

use anyhow::Context as _;
use kanglian_primitives::{
    BusinessBlockSet, PersonId, RegionCode, blocks, payloads::AttestationBody,
};
use kanglian_sdk::{
    chain::{At, Wait, calls, types::PersonStatus},
    keys::{Account, PersonSecret},
};

use super::{
    stage::{Stage, check},
    world::{Cast, Patient, World},
};
use crate::{
    consenting, context,
    document::ResidentNumber,
    enrolment::EnrolmentRequest,
    instant::{self, DAY},
    names,
    ports::PROVINCES,
    registrar::RegistrarKey,
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
    let id = stage.step("The registrar derives the person's id", derive(&account)).await?;
    let patient = Patient { id, account, secret: PersonSecret::generate() };
    stage
        .step("The hospital enrols the patient, who signed keys and write consent", async {
            enrol(world, cast, &patient).await
        })
        .await?;
    Ok(patient)
}

async fn derive(account: &Account) -> anyhow::Result<(PersonId, String)> {
    for text in WRONG {
        check!(ResidentNumber::parse(text).is_err(), "a wrong number was taken: {text}");
    }
    // A birthday and a sequence that follow from the new account: somebody new each time.
    let bytes = account.id().0;
    let birth = 19_400_101
        + u32::from(bytes[0] % 60) * 10_000
        + u32::from(bytes[1] % 12) * 100
        + u32::from(bytes[2] % 28);
    let sequence = u32::from(bytes[3]) + u32::from(bytes[4]);
    let number = ResidentNumber::synthetic(320_102, birth, sequence)?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("registrar.key");
    RegistrarKey::generate().write(&path)?;
    let key = RegistrarKey::read(&path)?;
    let id = key.evaluate(&number)?;
    check!(id == key.evaluate(&number)?, "one number gave two ids");
    let wrong = WRONG.len();
    Ok((id, format!("{number} (synthetic) → {id}; {wrong} wrong numbers refused")))
}

async fn enrol(world: &World, cast: &Cast, patient: &Patient) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let genesis = chain.genesis_hash();
    let now = instant::now();
    let scopes = BusinessBlockSet::of(blocks::MEDICAL)
        .with(blocks::RESTRICTED_MEDICAL)
        .with(blocks::HEALTH)
        .with(blocks::PERSONAL)
        .with(blocks::EMERGENCY_SUMMARY);
    let write = BusinessBlockSet::of(blocks::MEDICAL).with(blocks::RESTRICTED_MEDICAL);
    let home: RegionCode = PROVINCES[0].0;
    let days = |days: u64| now.saturating_add(days * DAY as u64);
    let body = AttestationBody {
        person: patient.id,
        controller: patient.account.id(),
        home_region: home,
        data_key: patient.secret.data_secret(&genesis, &patient.id).public(),
        scope_keys: consenting::first_scope_keys(&patient.secret, &genesis, &patient.id, scopes),
        attester: cast.hospital.id,
        write_blocks: write,
        write_until: days(365),
        valid_until: days(3_000),
    };
    // The request travels as a file, as it does between a patient and a hospital.
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("enrolment.json");
    let signer = context::signer(&patient.account);
    EnrolmentRequest::sign(&genesis, &body, signer.as_ref()).write(&path)?;
    let request = EnrolmentRequest::read(&path)?;
    let signature = request.checked_signature(&genesis)?;
    let call = calls::real_name::attest(request.person(), &request.attestation(), &signature);
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
    let seen = format!(
        "{} scope keys; the hospital may write into {}; block {}",
        published.len(),
        names::show_blocks(write),
        included.number
    );
    Ok(((), seen))
}
