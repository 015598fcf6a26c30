//! An emergency: a physician who has no consent opens the emergency summary and nothing else; the
//! pan-centre reviews, the patient sees it.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use kanglian_primitives::{
    Author, Basis, CaseRef, EmergencyId, EmergencyReason, Purpose, RecordId, ReviewOutcome, blocks,
};
use kanglian_sdk::{
    chain::{At, ChainError, Wait, calls, calls::key_custody, types::Role},
    custody::{Answer, CustodyError, combine},
    ips,
    keys::{Account, EncryptionSecret},
    vault::{Ask, VaultError},
};

use super::{
    generate, records,
    records::SharedRecords,
    stage::{Stage, check},
    world::{Cast, JIANGSU, Patient, World, until},
};
use crate::{
    commands::emergency::Practitioner,
    input::{Content, Item},
    instant::{self, DAY},
    output,
    ports::PROVINCES,
    sharing::Sharer,
    vault::Vault,
};

/// Number of Shanghai among the provinces: there the physician asks.
const SHANGHAI: usize = 2;
const PATIENCE: Duration = Duration::from_secs(60);

/// The physician, who has no terms from the patient.
struct Physician {
    account: Account,
    secret: EncryptionSecret,
}

/// Plays the act.
pub async fn play(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    shared: &SharedRecords,
    stage: &mut Stage,
) -> anyhow::Result<()> {
    let physician =
        Physician { account: Account::generate(), secret: EncryptionSecret::generate() };
    let (record, summary) = stage
        .step("The patient keeps an emergency summary (FHIR IPS)", async {
            write_summary(world, patient).await
        })
        .await?;
    stage
        .step("An emergency physician without consent is refused", async {
            refused(world, cast, patient, &physician, &record, shared).await
        })
        .await?;
    let id = stage
        .step("She opens an emergency; custodians answer; she reads the summary", async {
            read(world, cast, patient, &physician, &summary).await
        })
        .await?;
    stage
        .step("Two shares open nothing, and nothing beyond the summary opens", async {
            nothing_more(world, cast, patient, &physician, id, shared).await
        })
        .await?;
    stage
        .step("The pan-centre reviews, she closes, and it is over", async {
            review(world, cast, patient, &physician, id, &record).await
        })
        .await?;
    stage
        .step("The patient sees the emergency on chain and in the own log", async {
            own_log(world, patient, &physician, id).await
        })
        .await
}

async fn write_summary(
    world: &World,
    patient: &Patient,
) -> anyhow::Result<((RecordId, Vec<u8>), String)> {
    let resources = ["Patient", "AllergyIntolerance", "MedicationRequest", "Condition"]
        .map(|kind| generate::resource(kind, 1));
    let at = instant::show(instant::now()).replacen(' ', "T", 1).replace(' ', "");
    let document = ips::document(&patient.id, &at, &resources);
    check!(ips::is_summary(&document), "what was made is no summary");
    let bytes = format!("{document:#}\n").into_bytes();
    let item = Item {
        name: "summary.json".to_owned(),
        kind: Some("Bundle".to_owned()),
        content: Content::Bytes(bytes.clone()),
    };
    let genesis = world.chain().genesis_hash();
    let key = patient.secret.data_secret(&genesis, &patient.id).public();
    let vault = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let author = Author::Person(patient.id);
    let (chain, account) = (world.chain().clone(), patient.account.clone());
    let sharer = Sharer::new(chain, vault, account, author, key, patient.id).await?;
    let stored = records::store(&sharer, &item, blocks::EMERGENCY_SUMMARY).await?;
    let included = records::share(&sharer, &stored).await?;
    world.settle(included.number).await?;
    let record = stored.prepared.upload.claim.record;
    let entries = document["entry"].as_array().map_or(0, Vec::len);
    Ok(((record, bytes), format!("{record}: a document of {entries} resources, sealed")))
}

impl Physician {
    fn at<'a>(&'a self, cast: &Cast, patient: &Patient) -> Practitioner<'a> {
        Practitioner {
            account: &self.account,
            secret: &self.secret,
            institution: cast.hospital.id,
            person: patient.id,
        }
    }

    fn vault(&self, world: &World) -> anyhow::Result<Vault> {
        world.vault(PROVINCES[SHANGHAI].0, &self.account)
    }
}

/// Expects that a record is refused without a byte of it.
async fn expect_refusal(
    vault: &Vault,
    ask: &Ask,
    record: &RecordId,
) -> anyhow::Result<(u16, String)> {
    let mut got = Vec::new();
    let result = vault.fetch(ask, record, &mut got).await;
    check!(got.is_empty(), "{} bytes left the vault", got.len());
    match result {
        Err(VaultError::Refused { status: status @ (403 | 404), code, .. }) => Ok((status, code)),
        Ok(_) => anyhow::bail!("the vault gave {record}"),
        Err(error) => Err(error.into()),
    }
}

async fn refused(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    physician: &Physician,
    record: &RecordId,
    shared: &SharedRecords,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let until = instant::now().saturating_add(365 * DAY as u64);
    let key = physician.secret.public();
    let account = physician.account.id();
    let call = calls::institutions::add_practitioner(&account, Role::Doctor, key, until);
    let included = chain.submit(&call, &cast.hospital.account, Wait::Finalized).await?;
    world.settle(included.number).await?;
    let (vault, ask) = (physician.vault(world)?, physician.at(cast, patient).ask());
    check!(ask.purpose == Purpose::EmergencyTreatment, "another purpose is asked for");
    match vault.whole_file(&ask).await {
        Ok(file) => check!(file.records.is_empty(), "{} records are listed", file.records.len()),
        Err(VaultError::Refused { status: 403, .. }) => {},
        Err(error) => return Err(error.into()),
    }
    let medical = shared.medical.first().context("nothing was shared")?;
    let mut codes = Vec::new();
    for record in [record, &medical.facts.id] {
        let (status, code) = expect_refusal(&vault, &ask, record).await?;
        codes.push(format!("{status} {code}"));
    }
    Ok(((), format!("at Shanghai's vault: {}", codes.join(", "))))
}

async fn read(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    physician: &Physician,
    summary: &[u8],
) -> anyhow::Result<(EmergencyId, String)> {
    let chain = world.chain();
    let begun = Instant::now();
    let reason = EmergencyReason::Unconscious;
    let call = key_custody::open_emergency(patient.id, cast.hospital.id, reason, 4);
    let included = chain.submit(&call, &physician.account, Wait::Finalized).await?;
    let practitioner = physician.at(cast, patient);
    let id = practitioner.open_case(chain, At::Hash(included.block)).await?;
    let vault = physician.vault(world)?;
    // The vault's node may finalise the opening a moment later.
    world.settle(included.number).await?;
    let read = practitioner.read(chain, &vault, PATIENCE).await?;
    let took = output::latency(begun.elapsed());
    check!(read.records == 1, "{} records were read", read.records);
    check!(read.bytes == summary, "the summary differs from what the patient wrote");
    check!(read.used.len() == 3, "{} shares were used", read.used.len());
    // Once is enough.
    let again = chain.submit(&call, &physician.account, Wait::Finalized).await;
    check!(is_refused(&again), "a second emergency about the same person was opened");
    let regions: Vec<_> = read.used.iter().map(ToString::to_string).collect();
    let seen = format!(
        "emergency {id} in block {}; shares of {}; {} bytes equal, {took} after she asked",
        included.number,
        regions.join(", "),
        summary.len()
    );
    Ok((id, seen))
}

fn is_refused<T>(result: &Result<T, ChainError>) -> bool {
    matches!(result, Err(error) if error.is_refused())
}

async fn nothing_more(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    physician: &Physician,
    id: EmergencyId,
    shared: &SharedRecords,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let vault = physician.vault(world)?;
    let case = chain.case(CaseRef::Emergency(id), instant::now(), At::Finalized).await?;
    let case = case.context("the emergency is gone")?;
    let dealing = case.dealing.as_ref().context("nothing was dealt")?;
    let context = case.context(chain.genesis_hash()).context("nothing was dealt")?;
    let mut answers = Vec::new();
    for over in case.handed_over.iter().take(2) {
        let blob = vault.get_custody(&patient.id, &over.blob).await?;
        answers.push(Answer { region: over.region, blob });
    }
    let sealed = vault.get_custody(&patient.id, &dealing.terms.sealed).await?;
    let few = combine(&dealing.terms, &context, &case.id, &physician.secret, &answers, &sealed);
    check!(
        matches!(few, Err(CustodyError::TooFew { have: 2, need: 3, .. })),
        "two shares sufficed"
    );
    // What was handed over is for the physician alone.
    let doctor = world.vault(PROVINCES[SHANGHAI].0, &cast.doctor)?;
    for over in &case.handed_over {
        let other = doctor.get_custody(&patient.id, &over.blob).await;
        check!(
            matches!(other, Err(VaultError::Refused { status: 404, .. })),
            "another doctor was given a share"
        );
    }
    let ask = physician.at(cast, patient).ask();
    let mut codes = Vec::new();
    for one in [shared.medical.first().context("nothing was shared")?, &shared.restricted] {
        let (status, code) = expect_refusal(&vault, &ask, &one.facts.id).await?;
        codes.push(format!("{status} {code}"));
    }
    Ok((
        (),
        format!("2 of 3 shares: refused; medical and restricted records: {}", codes.join(", ")),
    ))
}

async fn review(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    physician: &Physician,
    id: EmergencyId,
    record: &RecordId,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let call = key_custody::review_emergency(id, ReviewOutcome::Justified);
    let stranger = chain.submit(&call, &world.pan_centres[SHANGHAI], Wait::Finalized).await;
    check!(is_refused(&stranger), "another province's pan-centre reviewed");
    chain.submit(&call, &world.pan_centres[JIANGSU], Wait::Finalized).await?;
    let close = key_custody::close_emergency(id);
    let closed = chain.submit(&close, &physician.account, Wait::Finalized).await?;
    world.settle(closed.number).await?;
    let (vault, ask) = (physician.vault(world)?, physician.at(cast, patient).ask());
    let (status, code) = expect_refusal(&vault, &ask, record).await?;
    let found = chain.emergency(id, At::Hash(closed.block)).await?.context("it is gone")?;
    check!(found.review == Some(ReviewOutcome::Justified), "the review is not on chain");
    check!(!found.is_open(instant::now()), "it is still open");
    Ok(((), format!("justified, by Jiangsu only; her next read: {status} {code}")))
}

async fn own_log(
    world: &World,
    patient: &Patient,
    physician: &Physician,
    id: EmergencyId,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let notes = chain.emergencies_of(&patient.id, At::Finalized).await?;
    let note = notes.iter().find(|note| note.id == id).context("the chain tells of none")?;
    check!(note.practitioner == physician.account.id(), "the chain names another practitioner");
    let region = PROVINCES[SHANGHAI].0;
    let vault = world.vault(region, &patient.account)?;
    let (vault, account) = (&vault, physician.account.id());
    let anchored = || async move {
        let anchor = chain.access_log(region, At::Finalized).await?;
        let anchor = anchor.map(|anchor| (anchor.size, anchor.root));
        let log = vault.own_log(&patient.id, anchor, None).await?;
        let by_her: Vec<_> =
            log.lines.iter().filter(|line| line.entry.statement.account == account).collect();
        let allowed =
            by_her.iter().filter(|line| line.entry.basis == Some(Basis::Emergency(id))).count();
        let refused = by_her.iter().filter(|line| line.entry.basis.is_none()).count();
        let whole = !by_her.is_empty() && by_her.iter().all(|line| line.anchored);
        let other = by_her.len() - allowed - refused;
        check!(other == 0, "{other} lines stand on another ground");
        anyhow::Ok((whole, allowed, refused))
    };
    until("the access log to be anchored on chain", || async move { Ok(anchored().await?.0) })
        .await?;
    let (_, allowed, refused) = anchored().await?;
    check!(allowed >= 2 && refused >= 4, "{allowed} lines allowed, {refused} refused");
    Ok(((), format!("{allowed} lines by emergency {id}, {refused} refused, all proved")))
}
