//! Shares that must not count: forged receipt, a receipt lifted from another author, a duplicate, a
//! share by a suspended hospital. Nothing is stored, nothing is paid.

use anyhow::Context as _;
use kanglian_primitives::{
    BusinessBlockSet, Receipt, RecordId, RegionCode, blocks, payloads, payloads::ReceiptBody,
};
use kanglian_sdk::{
    chain::{At, Call, ChainError, Wait, calls, types::InstitutionStatus},
    keys::{Account, VaultSigner},
    vault::{VaultError, no_progress},
};

use super::{
    records::{self, SharedRecords, Stored, item},
    stage::{Stage, check},
    world::{Cast, JIANGSU, Patient, World},
};
use crate::{
    council::{self, Majority},
    instant::{self, DAY},
    output,
    ports::PROVINCES,
    sharing::Sharer,
};

/// Plays the act.
pub async fn play(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    shared: &SharedRecords,
    stage: &mut Stage,
) -> anyhow::Result<()> {
    let sharer = records::sharer(world, &cast.hospital, patient).await?;
    let fresh = records::store(&sharer, &item("Observation", 1, "fresh"), blocks::MEDICAL).await?;
    let trial = Trial { world, patient, author: &cast.hospital.account };
    stage
        .step("Forged receipts are refused: nothing stored, nothing paid", async {
            forged(&trial, &sharer, &fresh).await
        })
        .await?;
    stage
        .step("Receipts lifted from another author are refused", async {
            lifted(&trial, cast, &sharer).await
        })
        .await?;
    stage
        .step("A second share of the same record is refused", async {
            let (prepared, receipts) = &shared.first;
            let call = sharer.call(prepared, receipts.clone(), None);
            let record = prepared.upload.claim.record;
            let why = trial.refused(&call, &record, "AlreadyShared").await?;
            Ok(((), format!("{why}; still one record, nothing paid")))
        })
        .await?;
    stage
        .step("A suspended hospital's share is refused, by vault and chain", async {
            suspended(&trial, cast, &sharer, &fresh).await
        })
        .await?;
    stage
        .step("The council lifts the suspension, and the same share counts", async {
            lift(world, cast, &sharer, &fresh).await
        })
        .await
}

/// Tries shares that must fail and looks at the state before and after.
struct Trial<'a> {
    world: &'a World,
    patient: &'a Patient,
    author: &'a Account,
}

/// What a failed share must not have changed.
#[derive(Debug, PartialEq, Eq)]
struct State {
    is_on_chain: bool,
    records: usize,
    patient: u128,
    author: u128,
}

impl Trial<'_> {
    async fn state(&self, record: &RecordId, at: At) -> anyhow::Result<State> {
        Ok(State {
            is_on_chain: self.world.chain().record(record, at).await?.is_some(),
            records: self.world.file_length(&self.patient.id, at).await?,
            patient: self.world.balance(&self.patient.account.id(), at).await?,
            author: self.world.balance(&self.author.id(), at).await?,
        })
    }

    /// Submits a share as a real extrinsic; it must fail with this error of the records pallet and
    /// change nothing. Gives the reason.
    async fn refused(
        &self,
        call: &Call,
        record: &RecordId,
        expected: &str,
    ) -> anyhow::Result<String> {
        let chain = self.world.chain();
        let begun = At::Hash(chain.finalized_hash().await?);
        let (why, before, after) = match chain.submit(call, self.author, Wait::Finalized).await {
            Ok(included) => anyhow::bail!("{call} was accepted in block {}", included.number),
            Err(ChainError::Dispatch(failure)) => {
                let known = failure.is("Records", expected);
                check!(known, "expected Records::{expected}, it failed with {failure}");
                let block = failure.block.context("the failure names no block")?;
                let head = chain.head(At::Hash(block)).await?;
                (failure.code(), At::Hash(head.parent), At::Hash(block))
            },
            // Refused before it could enter a block.
            Err(ChainError::Invalid(reason)) => (reason.to_string(), begun, At::Best),
            Err(error) => return Err(error.into()),
        };
        let before = self.state(record, before).await?;
        let after = self.state(record, after).await?;
        let is_on_chain = expected == "AlreadyShared";
        check!(before.is_on_chain == is_on_chain, "{record} is on chain: {}", before.is_on_chain);
        check!(after.is_on_chain == is_on_chain, "{record} is on chain now");
        check!(before.records == after.records, "the file changed: {before:?}, {after:?}");
        check!(before.patient == after.patient, "the patient was paid: {before:?}, {after:?}");
        check!(after.author <= before.author, "the author was paid: {before:?}, {after:?}");
        Ok(why)
    }
}

async fn forged(
    trial: &Trial<'_>,
    sharer: &Sharer,
    fresh: &Stored,
) -> anyhow::Result<((), String)> {
    let record = fresh.prepared.upload.claim.record;
    let mut reasons = Vec::new();
    let twice = fresh.receipts.iter().take(1).cycle().take(2).copied().collect();
    let variants: [(&str, Vec<Receipt>, &str); 4] = [
        ("a changed bit", changed(&fresh.receipts), "ReceiptNotGenuine"),
        ("the forger's own key", resigned(trial.world, fresh), "ReceiptNotGenuine"),
        ("one province only", fresh.receipts.iter().take(1).copied().collect(), "TooFewReceipts"),
        ("one province twice", twice, "DuplicateRegion"),
    ];
    for (what, receipts, expected) in variants {
        let call = sharer.call(&fresh.prepared, receipts, None);
        let why = trial.refused(&call, &record, expected).await?;
        reasons.push(format!("{what}: {why}"));
    }
    Ok(((), reasons.join("; ")))
}

fn changed(receipts: &[Receipt]) -> Vec<Receipt> {
    let mut receipts = receipts.to_vec();
    if let Some(last) = receipts.last_mut() {
        last.signature[17] ^= 1;
    }
    receipts
}

/// The same receipts, signed by somebody who is no vault.
fn resigned(world: &World, fresh: &Stored) -> Vec<Receipt> {
    let forger = VaultSigner::generate();
    let claim = &fresh.prepared.upload.claim;
    let sign = |receipt: &Receipt| {
        let body = ReceiptBody {
            region: receipt.region,
            record: claim.record,
            size: claim.size,
            subject: claim.subject,
            author: claim.author,
            epoch: claim.epoch,
            expires_at: receipt.expires_at,
        };
        let genesis = world.chain().genesis_hash();
        Receipt { signature: forger.sign(&payloads::receipt(&genesis, &body)), ..*receipt }
    };
    fresh.receipts.iter().map(sign).collect()
}

/// The Zhejiang hospital may write too, and stores a record. Jiangsu's hospital tries to share it
/// as its own; then its author does.
async fn lifted(trial: &Trial<'_>, cast: &Cast, sharer: &Sharer) -> anyhow::Result<((), String)> {
    let (world, patient) = (trial.world, trial.patient);
    let until = instant::now().saturating_add(30 * DAY as u64);
    let medical = BusinessBlockSet::of(blocks::MEDICAL);
    let allow = calls::consents::allow_writing(cast.clinic.id, medical, until);
    let included = world.chain().submit(&allow, &patient.account, Wait::Finalized).await?;
    world.settle(included.number).await?;
    let clinic = records::sharer(world, &cast.clinic, patient).await?;
    let procedure = item("Procedure", 2, "zhejiang");
    let theirs = records::store(&clinic, &procedure, blocks::MEDICAL).await?;
    let record = theirs.prepared.upload.claim.record;
    let call = sharer.call(&theirs.prepared, theirs.receipts.clone(), None);
    let why = trial.refused(&call, &record, "ReceiptNotGenuine").await?;
    let included = records::share(&clinic, &theirs).await?;
    let facts = records::original(world, &theirs).await?.facts;
    check!(facts.author == clinic.author(), "the record has another author");
    let paid = output::hmc(facts.paid);
    let seen =
        format!("{why}; then its real author shares it in block {}, {paid}", included.number);
    Ok(((), seen))
}

async fn suspended(
    trial: &Trial<'_>,
    cast: &Cast,
    sharer: &Sharer,
    fresh: &Stored,
) -> anyhow::Result<((), String)> {
    let world = trial.world;
    let chain = world.chain();
    let call = calls::institutions::suspend(cast.hospital.id);
    let centre = &world.pan_centres[JIANGSU];
    let included = chain.submit(&call, centre, Wait::Finalized).await?;
    let known = chain.institution(&cast.hospital.id, At::Hash(included.block)).await?;
    let known = known.context("the hospital is gone")?;
    check!(known.status == InstitutionStatus::Suspended, "it is {}", known.status);
    world.settle(included.number).await?;

    let late = sharer.seal(&item("Observation", 2, "late"), blocks::MEDICAL, None).await?;
    let uploaded = sharer.upload(&late, no_progress()).await;
    let refused = uploaded.err().context("the vault took a suspended hospital's record")?;
    let vault = match refused.downcast_ref::<VaultError>() {
        Some(VaultError::Refused { status, code, .. }) => format!("{status} {code}"),
        _ => return Err(refused),
    };
    let home: RegionCode = PROVINCES[JIANGSU].0;
    let record = fresh.prepared.upload.claim.record;
    let call = sharer.call(&fresh.prepared, fresh.receipts.clone(), None);
    let why = trial.refused(&call, &record, "NotActingAs").await?;
    Ok(((), format!("vault of {home}: {vault}; chain, with good receipts: {why}")))
}

async fn lift(
    world: &World,
    cast: &Cast,
    sharer: &Sharer,
    fresh: &Stored,
) -> anyhow::Result<((), String)> {
    let call = calls::institutions::permit(&[cast.hospital.id]);
    council::pass(world.chain(), &world.council, &call, Majority::Simple).await?;
    let included = records::share(sharer, fresh).await?;
    let facts = records::original(world, fresh).await?.facts;
    world.settle(included.number).await?;
    let paid = output::hmc(facts.paid);
    Ok(((), format!("{} in block {}, {paid}", facts.id, included.number)))
}
