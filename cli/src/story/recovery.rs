//! The phone is gone: new keys, an institution that checks who asks, pan-centres that check for
//! themselves, a delay, and custodians that give the old file back. The old key ends, grants stay.

use std::time::Duration;

use anyhow::Context as _;
use kanglian_primitives::{CaseRef, Grantee, RecoveryId, RecoveryStatus, payloads::RecoveryBody};
use kanglian_sdk::{
    chain::{At, ChainError, Wait, calls, calls::key_custody},
    custody::{Answer, CustodyError, combine},
    envelope::open_bytes,
    keys::{Account, EncryptionSecret},
    vault::{Ask, VaultError},
};

use super::{
    reading::Visit,
    records::SharedRecords,
    renewal,
    stage::{Stage, check},
    world::{Cast, JIANGSU, Patient, World, ZHEJIANG},
};
use crate::{
    context, custody, instant,
    opening::{self, Keys},
    output,
    ports::PROVINCES,
    request::RecoveryRequest,
    vault::Vault,
};

const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(500);

/// The patient's new keys.
struct NewKeys {
    account: Account,
    data: EncryptionSecret,
    reseal: EncryptionSecret,
}

/// Plays the act; afterwards the patient has the new account.
pub async fn play(
    world: &World,
    cast: &Cast,
    patient: &mut Patient,
    shared: &SharedRecords,
    visit: &mut Visit,
    stage: &mut Stage,
) -> anyhow::Result<()> {
    let new = NewKeys {
        account: Account::generate(),
        data: EncryptionSecret::generate(),
        reseal: EncryptionSecret::generate(),
    };
    let id = stage
        .step("The phone is lost; the hospital opens a recovery for new keys", async {
            open(world, cast, patient, &new).await
        })
        .await?;
    stage
        .step("Three pan-centres approve; before its delay nothing is carried out", async {
            approve(world, cast, id).await
        })
        .await?;
    stage
        .step(
            "The new phone carries it out, without coins; the old key has none left, and no right",
            async { execute(world, cast, patient, &new, id).await },
        )
        .await?;
    stage
        .step("Custodians hand over; two shares open nothing, three give the secret back", async {
            collect(world, patient, &new, id).await
        })
        .await?;
    let old = std::mem::replace(&mut patient.account, new.account);
    stage
        .step("The patient opens an old record with it, every byte the same", async {
            open_old(world, patient, shared).await
        })
        .await?;
    stage
        .step("The doctor's grant still works; the old phone reads nothing", async {
            grant_works(world, cast, patient, &old, shared, visit).await
        })
        .await?;
    renewal::play(world, cast, patient, visit, stage).await
}

fn is_refused<T>(result: &Result<T, ChainError>) -> bool {
    matches!(result, Err(error) if error.is_refused())
}

async fn open(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    new: &NewKeys,
) -> anyhow::Result<(RecoveryId, String)> {
    let chain = world.chain();
    let genesis = chain.genesis_hash();
    let body = RecoveryBody {
        person: patient.id,
        institution: cast.hospital.id,
        new_controller: new.account.id(),
        new_data_key: new.data.public(),
        reseal_key: new.reseal.public(),
    };
    // The request travels as a file, as it does between a patient and a hospital.
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("recovery.json");
    let signer = context::signer(&new.account);
    RecoveryRequest::sign(&genesis, &body, signer.as_ref()).write(&path)?;
    let request = RecoveryRequest::read(&path)?;
    let signature = request.checked_signature(&genesis)?;
    let call = key_custody::open_recovery(request.body(), &signature);
    let included = chain.submit(&call, &cast.hospital.account, Wait::Finalized).await?;
    let at = At::Hash(included.block);
    let id = chain.recovery_of(&patient.id, at).await?.context("no recovery is on chain")?;
    let found = chain.recovery(id, at).await?.context("the recovery is gone")?;
    check!(found.status == RecoveryStatus::Open, "it is {:?}", found.status);
    check!(found.old_controller == patient.account.id(), "another account is replaced");
    // Nobody opens a second one, with whatever keys; the old key gives nothing away meanwhile.
    let other = Account::generate();
    let body = RecoveryBody { new_controller: other.id(), institution: cast.clinic.id, ..body };
    let signer = context::signer(&other);
    let request = RecoveryRequest::sign(&genesis, &body, signer.as_ref());
    let call = key_custody::open_recovery(&body, &request.checked_signature(&genesis)?);
    let second = chain.submit(&call, &cast.clinic.account, Wait::Finalized).await;
    check!(is_refused(&second), "a second recovery was opened");
    let key = EncryptionSecret::generate().public();
    let call = calls::real_name::rotate_data_key(key);
    let thief = chain.submit(&call, &patient.account, Wait::Finalized).await;
    check!(thief.is_err(), "the old key changed the data key during the recovery");
    let seen = format!(
        "recovery {id}: {} approvals needed, from {} on; no second one, and the old key can only \
         object",
        found.bar,
        instant::show(found.executable_from)
    );
    Ok((id, seen))
}

async fn approve(world: &World, cast: &Cast, id: RecoveryId) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let call = key_custody::approve_recovery(id);
    let execute = key_custody::execute_recovery(id);
    let hospital = chain.submit(&call, &cast.hospital.account, Wait::Finalized).await;
    check!(is_refused(&hospital), "a hospital approved");
    let mut number = 0;
    for centre in world.pan_centres.iter().skip(1) {
        number = chain.submit(&call, centre, Wait::Finalized).await?.number;
    }
    let twice = chain.submit(&call, &world.pan_centres[ZHEJIANG], Wait::Finalized).await;
    check!(is_refused(&twice), "a pan-centre approved twice");
    let found = chain.recovery(id, At::Finalized).await?.context("the recovery is gone")?;
    check!(found.approvals.len() >= usize::from(found.bar), "{} approvals", found.approvals.len());
    let now = chain.best().await?.timestamp;
    let early = match now < found.executable_from {
        true => {
            let early = chain.submit(&execute, &cast.hospital.account, Wait::Finalized).await;
            let late = chain.best().await?.timestamp >= found.executable_from;
            check!(is_refused(&early) || late, "it was carried out before its delay");
            "refused before the delay is over"
        },
        false => "the delay was over by then",
    };
    let custodians = chain.case(CaseRef::Recovery(id), instant::now(), At::Finalized).await?;
    let early_shares = custodians.map_or(0, |case| case.handed_over.len());
    check!(early_shares == 0, "{early_shares} custodians answered before the execution");
    let approvals: Vec<_> = found.approvals.iter().map(ToString::to_string).collect();
    Ok(((), format!("{} by block {number}; {early}", approvals.join(", "))))
}

async fn execute(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    new: &NewKeys,
    id: RecoveryId,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let found = chain.recovery(id, At::Finalized).await?.context("the recovery is gone")?;
    let begun = std::time::Instant::now();
    let left = found.executable_from.saturating_sub(instant::now());
    let patience = Duration::from_millis(left).saturating_add(PATIENCE);
    while chain.best().await?.timestamp < found.executable_from {
        check!(begun.elapsed() < patience, "the delay does not end");
        tokio::time::sleep(PAUSE).await;
    }
    let coins = world.balance(&patient.account.id(), At::Best).await?;
    let call = key_custody::execute_recovery(id);
    let included = chain.submit(&call, &new.account, Wait::Finalized).await?;
    let at = At::Hash(included.block);
    let (left, came) = (
        world.balance(&patient.account.id(), at).await?,
        world.balance(&new.account.id(), at).await?,
    );
    check!(left == 0 && came == coins, "{left} coins stayed, {came} of {coins} came");
    let person = chain.person(&patient.id, at).await?.context("the person is gone")?;
    check!(person.controller == new.account.id(), "another account speaks for the person");
    check!(person.data_key == new.data.public(), "the data key is another");
    let twice = chain.submit(&call, &cast.hospital.account, Wait::Finalized).await;
    check!(is_refused(&twice), "it was carried out twice");
    for call in [
        calls::real_name::rotate_data_key(EncryptionSecret::generate().public()),
        key_custody::veto_recovery(id),
    ] {
        let old = chain.submit(&call, &patient.account, Wait::Finalized).await;
        check!(old.is_err(), "the old key still does {call}");
    }
    world.settle(included.number).await?;
    let waited = output::latency(begun.elapsed());
    Ok((
        (),
        format!(
            "block {}, {waited} after the approvals, with {}; the old key: refused",
            included.number,
            output::hmc(came)
        ),
    ))
}

async fn collect(
    world: &World,
    patient: &Patient,
    new: &NewKeys,
    id: RecoveryId,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let vault = world.vault(PROVINCES[ZHEJIANG].0, &new.account)?;
    let id = CaseRef::Recovery(id);
    let begun = std::time::Instant::now();
    let combined = custody::collect(chain, &vault, id, &new.reseal, PATIENCE).await?;
    let took = output::latency(begun.elapsed());
    check!(combined.faults.is_empty(), "false shares: {:?}", combined.faults);
    let used: Vec<_> = combined.used.iter().map(ToString::to_string).collect();
    let secret = custody::recovered(chain, combined, patient.id).await?;
    check!(secret == patient.secret, "another secret came back");

    let case = chain.case(id, instant::now(), At::Finalized).await?.context("it is gone")?;
    let dealing = case.dealing.as_ref().context("nothing was dealt")?;
    let context = case.context(chain.genesis_hash()).context("nothing was dealt")?;
    let sealed = vault.get_custody(&patient.id, &dealing.terms.sealed).await?;
    let mut answers = Vec::new();
    for over in case.handed_over.iter().take(2) {
        let blob = vault.get_custody(&patient.id, &over.blob).await?;
        answers.push(Answer { region: over.region, blob });
    }
    let few = combine(&dealing.terms, &context, &id, &new.reseal, &answers, &sealed);
    check!(
        matches!(few, Err(CustodyError::TooFew { have: 2, need: 3, .. })),
        "two shares sufficed"
    );
    // Nobody else is given them, the old phone least of all.
    let old = world.vault(PROVINCES[ZHEJIANG].0, &patient.account)?;
    for over in &case.handed_over {
        let given = old.get_custody(&patient.id, &over.blob).await;
        check!(
            matches!(given, Err(VaultError::Refused { status: 404, .. })),
            "the old key was given a share"
        );
    }
    Ok((
        (),
        format!(
            "shares of {} after {took}; the published scope keys follow from it",
            used.join(", ")
        ),
    ))
}

async fn open_old(
    world: &World,
    patient: &Patient,
    shared: &SharedRecords,
) -> anyhow::Result<((), String)> {
    let vault = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let ask = Ask::own(patient.id);
    let file = vault.whole_file(&ask).await?;
    let keys = Keys::Own(patient.secret.clone());
    let mut bytes = 0usize;
    let old = [shared.medical.first().context("nothing was shared")?, &shared.restricted];
    for one in old {
        let mut sealed = Vec::new();
        let fetched = vault.fetch(&ask, &one.facts.id, &mut sealed).await?;
        let chain = world.chain();
        let key = opening::data_key(chain, &vault, &ask, &one.facts, &keys, &fetched.wraps);
        let content = open_bytes(&sealed, &key.await?, &one.facts.id).await?;
        check!(content == one.bytes, "{}: the content differs", one.facts.id);
        bytes += content.len();
    }
    Ok((
        (),
        format!("{} records listed; {} opened, {bytes} bytes equal", file.records.len(), old.len()),
    ))
}

async fn grant_works(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    old: &Account,
    shared: &SharedRecords,
    visit: &mut Visit,
) -> anyhow::Result<((), String)> {
    let one = shared.medical.first().context("nothing was shared")?;
    let mut sealed = Vec::new();
    visit.requests += 1;
    let fetched = visit.vault.fetch(&visit.ask, &one.facts.id, &mut sealed).await?;
    visit.reads += 1;
    let keys = Keys::Granted(cast.doctor_secret.clone());
    let (chain, ask) = (world.chain(), &visit.ask);
    let key = opening::data_key(chain, &visit.vault, ask, &one.facts, &keys, &fetched.wraps);
    let content = open_bytes(&sealed, &key.await?, &one.facts.id).await?;
    check!(content == one.bytes, "the doctor reads something else");

    let stolen: Vault = world.vault(PROVINCES[JIANGSU].0, old)?;
    let ask = Ask { acting_as: Grantee::Person(patient.id), ..Ask::own(patient.id) };
    let mut nothing = Vec::new();
    let refused = stolen.fetch(&ask, &one.facts.id, &mut nothing).await;
    check!(
        matches!(&refused, Err(VaultError::Refused { status: 403 | 404, .. }))
            && nothing.is_empty(),
        "the old phone read: {:?}",
        refused.map(|fetched| fetched.size)
    );
    let terms = chain.terms_of(&patient.id, At::Finalized).await?;
    Ok((
        (),
        format!("terms {} of {} still count; the old phone: refused", visit.terms, terms.len()),
    ))
}
