//! The doctor is refused, the patient grants, the doctor reads in another province; the restricted
//! block stays invisible.

use std::{collections::BTreeSet, time::Instant};

use anyhow::Context as _;
use kanglian_primitives::{
    Basis, BusinessBlockSet, Grantee, Purpose, PurposeSet, RecordId, TermsId, blocks,
};
use kanglian_sdk::{
    AccountId,
    chain::At,
    envelope::{DataKey, open_bytes},
    vault::{Ask, Fetched, VaultError},
};

use super::{
    records::{Original, SharedRecords},
    stage::{Stage, check},
    world::{Cast, JIANGSU, Patient, World, ZHEJIANG, until},
};
use crate::{
    consenting::{self, Wish},
    instant::{self, DAY},
    names,
    opening::{self, Keys},
    output,
    ports::PROVINCES,
    vault::Vault,
};

/// What the doctor did, for the last act.
pub struct Visit {
    /// As whom the doctor reads.
    pub grantee: Grantee<AccountId>,
    /// The patient's terms for the doctor.
    pub terms: TermsId,
    /// How often the doctor asked Zhejiang's vault for something, in vain or not.
    pub requests: usize,
    /// How often it was given something.
    pub reads: usize,
    /// The doctor at Zhejiang's vault.
    pub vault: Vault,
    /// What the doctor asks.
    pub ask: Ask,
}

/// Plays the act.
pub async fn play(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    shared: &SharedRecords,
    stage: &mut Stage,
) -> anyhow::Result<Visit> {
    let grantee = Grantee::Practitioner { account: cast.doctor.id(), institution: cast.clinic.id };
    let ask = Ask { acting_as: grantee, subject: patient.id, purpose: Purpose::Treatment };
    let vault = world.vault(PROVINCES[ZHEJIANG].0, &cast.doctor)?;
    let mut visit = Visit { grantee, terms: TermsId(0), requests: 0, reads: 0, vault, ask };
    stage
        .step("The doctor asks without consent, in Zhejiang, and learns nothing", async {
            refused(&mut visit, shared).await
        })
        .await?;
    stage
        .step("The patient grants medical records for treatment until a date", async {
            grant(world, patient, &mut visit).await
        })
        .await?;
    stage
        .step("The doctor lists the file in Zhejiang: medical records, nothing else", async {
            list(&mut visit, shared).await
        })
        .await?;
    stage
        .step("The doctor fetches, opens, and compares every byte", async {
            read_all(world, cast, &mut visit, shared).await
        })
        .await?;
    stage
        .step("The restricted record stays invisible to the doctor", async {
            invisible(&mut visit, shared).await
        })
        .await?;
    stage.step("The patient opens it at home", async { own(world, patient, shared).await }).await?;
    Ok(visit)
}

/// Expects that a record is refused without a byte of it, with this status and code.
pub async fn expect_refusal(
    visit: &mut Visit,
    record: &RecordId,
    status: u16,
    code: &str,
) -> anyhow::Result<String> {
    let mut got: Vec<u8> = Vec::new();
    visit.requests += 1;
    let result = visit.vault.fetch(&visit.ask, record, &mut got).await;
    check!(got.is_empty(), "{} bytes left the vault", got.len());
    match result {
        Ok(_) => anyhow::bail!("the vault gave {record}"),
        Err(VaultError::Refused { status: found, code: named, message })
            if found == status && named == code =>
        {
            Ok(message)
        },
        Err(VaultError::Refused { status: found, code: named, message }) => {
            anyhow::bail!("expected {status} {code}, the vault said {found} {named}: {message}")
        },
        Err(error) => Err(error.into()),
    }
}

/// A record that does not exist.
fn nowhere() -> RecordId {
    RecordId([0x5a; 32])
}

/// Without consent: nothing in the list, 403 for a record, 404 for the restricted one as for one
/// that does not exist.
async fn refused(visit: &mut Visit, shared: &SharedRecords) -> anyhow::Result<((), String)> {
    visit.requests += 1;
    match visit.vault.whole_file(&visit.ask).await {
        Ok(file) => {
            visit.reads += 1;
            check!(file.records.is_empty(), "{} records are listed", file.records.len());
        },
        Err(VaultError::Refused { status: 403, .. }) => {},
        Err(error) => return Err(error.into()),
    }
    let medical = shared.medical.first().context("nothing was shared")?;
    expect_refusal(visit, &medical.facts.id, 403, "no_consent").await?;
    let hidden = expect_refusal(visit, &shared.restricted.facts.id, 404, "not_found").await?;
    let missing = expect_refusal(visit, &nowhere(), 404, "not_found").await?;
    check!(hidden == missing, "the answers betray the record: {hidden:?} and {missing:?}");
    Ok(((), "nothing listed; 403 for a medical record; 404 for the restricted one".to_owned()))
}

async fn grant(
    world: &World,
    patient: &Patient,
    visit: &mut Visit,
) -> anyhow::Result<((), String)> {
    let now = instant::now();
    let wish = Wish {
        grantee: visit.grantee,
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: now,
        until: now.saturating_add(30 * DAY as u64),
        records_from: 0,
        records_until: kanglian_primitives::Instant::MAX,
        may_delegate: 0,
    };
    let vault = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let chain = world.chain();
    let given =
        consenting::grant(chain, &vault, &patient.account, &patient.secret, patient.id, &wish);
    let given = given.await?;
    visit.terms = given.id;
    let at = At::Hash(given.included.block);
    let terms = chain.terms_of(&patient.id, at).await?;
    let found = terms.iter().find(|(to, terms)| *to == visit.grantee && terms.id == given.id);
    let (_, terms) = found.context("the terms are not on chain")?;
    check!(terms.blocks == wish.blocks && terms.until == wish.until, "the terms are other ones");
    world.settle(given.included.number).await?;
    // The bundle was left in Jiangsu; the doctor asks in Zhejiang.
    let (doctor, hash) = (&visit.vault, terms.bundle);
    until("the sealed scope secret to reach Zhejiang", || async move {
        match doctor.get_bundle(&patient.id, &hash).await {
            Ok(_) => Ok(true),
            Err(VaultError::Refused { status: 404, .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    })
    .await?;
    let seen = format!(
        "terms {} for {} until {}; secret sealed to the doctor's key, its hash on chain",
        given.id,
        names::show_purposes(wish.purposes),
        instant::show(wish.until)
    );
    Ok(((), seen))
}

async fn list(visit: &mut Visit, shared: &SharedRecords) -> anyhow::Result<((), String)> {
    visit.requests += 1;
    let file = visit.vault.whole_file(&visit.ask).await?;
    visit.reads += 1;
    let listed: BTreeSet<_> = file.records.iter().map(|facts| facts.id).collect();
    let expected: BTreeSet<_> = shared.medical.iter().map(|one| one.facts.id).collect();
    check!(listed == expected, "{} listed, {} expected", listed.len(), expected.len());
    for one in &shared.medical {
        let same = file.records.contains(&one.facts);
        check!(same, "the vault says other things of {} than the chain", one.facts.id);
    }
    let blocks: BTreeSet<_> = file.records.iter().map(|facts| facts.block).collect();
    let blocks: Vec<_> = blocks.into_iter().map(names::show_block).collect();
    Ok(((), format!("{} records, all of: {}", listed.len(), blocks.join(", "))))
}

/// Opens what was fetched and compares it with the original.
async fn compare(
    original: &Original,
    sealed: &[u8],
    key: &DataKey,
    fetched: &Fetched,
) -> anyhow::Result<()> {
    let record = &original.facts.id;
    check!(fetched.size == original.facts.size, "{record}: {} bytes came", fetched.size);
    // Opening hashes the sealed bytes again and compares with the id on chain.
    let content = open_bytes(sealed, key, record).await?;
    check!(content == original.bytes, "{record}: the content differs from what was shared");
    Ok(())
}

async fn read_all(
    world: &World,
    cast: &Cast,
    visit: &mut Visit,
    shared: &SharedRecords,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let region = PROVINCES[ZHEJIANG].0;
    let keys = Keys::Granted(cast.doctor_secret.clone());
    let (mut elsewhere, mut bytes, mut latencies) = (0usize, 0u64, Vec::new());
    for one in &shared.medical {
        let record = &one.facts.id;
        let on_chain = chain.record(record, At::Finalized).await?;
        check!(on_chain.as_ref() == Some(&one.facts), "{record} on chain is another");
        let begun = Instant::now();
        let mut sealed = Vec::new();
        let fetched = visit.vault.fetch(&visit.ask, record, &mut sealed).await?;
        latencies.push(begun.elapsed());
        visit.requests += 1;
        visit.reads += 1;
        check!(!fetched.receipts.is_empty(), "{record}: no receipt for the access log");
        let key =
            opening::data_key(chain, &visit.vault, &visit.ask, &one.facts, &keys, &fetched.wraps);
        compare(one, &sealed, &key.await?, &fetched).await?;
        bytes += fetched.size;
        elsewhere += usize::from(!one.facts.stored_in.contains(&region));
    }
    latencies.sort();
    let median = latencies.get(latencies.len() / 2).copied().unwrap_or_default();
    let seen = format!(
        "{} records, {} KiB, {elsewhere} of them stored in other provinces only; bytes equal, \
         BLAKE3 is the id on chain; fetch p50 {}",
        shared.medical.len(),
        bytes / 1024,
        output::latency(median)
    );
    Ok(((), seen))
}

/// The doctor's terms never cover the restricted block.
async fn invisible(visit: &mut Visit, shared: &SharedRecords) -> anyhow::Result<((), String)> {
    let record = shared.restricted.facts.id;
    let hidden = expect_refusal(visit, &record, 404, "not_found").await?;
    let missing = expect_refusal(visit, &nowhere(), 404, "not_found").await?;
    check!(hidden == missing, "the answers betray the record: {hidden:?} and {missing:?}");
    Ok(((), format!("404, the same words as for a record that does not exist: {hidden}")))
}

/// The patient reads everything, also what is restricted.
async fn own(
    world: &World,
    patient: &Patient,
    shared: &SharedRecords,
) -> anyhow::Result<((), String)> {
    let vault = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let ask = Ask::own(patient.id);
    let file = vault.whole_file(&ask).await?;
    let expected = shared.medical.len() + 1;
    check!(file.records.len() == expected, "{} records are listed", file.records.len());
    let one = &shared.restricted;
    let mut sealed = Vec::new();
    let fetched = vault.fetch(&ask, &one.facts.id, &mut sealed).await?;
    let keys = Keys::Own(patient.secret.clone());
    let key =
        opening::data_key(world.chain(), &vault, &ask, &one.facts, &keys, &fetched.wraps).await?;
    compare(one, &sealed, &key, &fetched).await?;
    Ok(((), format!("{expected} records listed; the restricted one opened")))
}

/// In words: on what ground a line of the access log was allowed.
pub fn ground(basis: Option<Basis>) -> &'static str {
    match basis {
        None => "refused",
        Some(Basis::Subject) => "the subject",
        Some(Basis::Author) => "the author",
        Some(Basis::Terms(_)) => "terms",
        Some(Basis::Emergency(_)) => "an emergency",
    }
}
