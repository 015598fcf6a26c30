//! Records are sealed, stored in two provinces, shared with one extrinsic each, and paid for in the
//! same transactions.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures::{StreamExt, TryStreamExt, future::try_join_all, stream};
use kanglian_primitives::{Author, BusinessBlockId, Hash32, Receipt, RecordFacts, blocks};
use kanglian_sdk::{
    chain::{At, InBlock, Wait},
    vault::no_progress,
};

use super::{
    generate,
    resources::{Input, LEAST, LEAST_TYPES},
    stage::{Stage, check},
    world::{Cast, Hospital, JIANGSU, Patient, World},
};
use crate::{
    input::{Content, Item},
    output,
    ports::PROVINCES,
    sharing::{Prepared, Sharer},
};

const PATIENCE: Duration = Duration::from_secs(60);
/// Uploads under way at once.
const UPLOADS: usize = 4;

/// A record on chain with what was sealed in it.
pub struct Original {
    /// What the chain says of it.
    pub facts: RecordFacts,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What the hospital shared.
pub struct SharedRecords {
    /// Clinical records.
    pub medical: Vec<Original>,
    /// One record in the restricted block.
    pub restricted: Original,
    /// A share that was carried out: to be tried again.
    pub first: (Prepared, Vec<Receipt>),
}

/// A sealed and stored record, not shared yet.
pub struct Stored {
    /// What was sealed.
    pub prepared: Prepared,
    /// The vaults' receipts.
    pub receipts: Vec<Receipt>,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Plays the act.
pub async fn play(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    input: &Input,
    stage: &mut Stage,
) -> anyhow::Result<SharedRecords> {
    let sharer = sharer(world, &cast.hospital, patient).await?;
    let items: Vec<Item> = input
        .resources
        .iter()
        .map(|resource| Item {
            name: resource.name.clone(),
            kind: Some(resource.kind.clone()),
            content: Content::Bytes(resource.bytes.clone()),
        })
        .collect();
    let stored = stage
        .step("The hospital seals resources and two provinces store each", async {
            store_all(&sharer, &items).await
        })
        .await?;
    let shared = stage
        .step("It shares them, one extrinsic each, and both are paid in it", async {
            share_all(world, cast, patient, &sharer, stored).await
        })
        .await?;
    let restricted = stage
        .step("It shares a record in the restricted block", async {
            share_restricted(world, &sharer).await
        })
        .await?;
    let (medical, first) = shared;
    Ok(SharedRecords { medical, restricted, first })
}

/// A hospital that shares records of the patient through Jiangsu's vault.
pub async fn sharer(
    world: &World,
    hospital: &Hospital,
    patient: &Patient,
) -> anyhow::Result<Sharer> {
    let vault = world.vault(PROVINCES[JIANGSU].0, &hospital.account)?;
    let account = hospital.account.clone();
    let author = Author::Institution(hospital.id);
    let key = hospital.secret.public();
    Sharer::new(world.chain().clone(), vault, account, author, key, patient.id).await
}

/// A made-up resource as a record to share; the tag makes it unlike all others.
pub fn item(kind: &str, number: usize, tag: &str) -> Item {
    let mut resource = generate::resource(kind, number);
    resource["meta"]["source"] = format!("urn:kanglian:story:{tag}").into();
    Item {
        name: format!("{kind}-{tag}.json"),
        kind: Some(kind.to_owned()),
        content: Content::Bytes(resource.to_string().into_bytes()),
    }
}

/// Seals a record and uploads it; checks who stores it.
pub async fn store(sharer: &Sharer, item: &Item, block: BusinessBlockId) -> anyhow::Result<Stored> {
    let prepared = sharer.seal(item, block, None).await?;
    let receipts = sharer.upload(&prepared, no_progress()).await?;
    let regions: BTreeSet<_> = receipts.iter().map(|receipt| receipt.region).collect();
    let home = PROVINCES[JIANGSU].0;
    check!(regions.len() >= 2, "{}: only {} provinces store it", item.name, regions.len());
    check!(regions.contains(&home), "{}: the home province does not store it", item.name);
    let Content::Bytes(bytes) = item.content.clone() else { anyhow::bail!("not in memory") };
    Ok(Stored { prepared, receipts, bytes })
}

async fn store_all(sharer: &Sharer, items: &[Item]) -> anyhow::Result<(Vec<Stored>, String)> {
    let stored: Vec<Stored> = stream::iter(items)
        .map(|item| store(sharer, item, blocks::MEDICAL))
        .buffered(UPLOADS)
        .try_collect()
        .await?;
    let types: BTreeSet<_> = items.iter().filter_map(|item| item.kind.as_deref()).collect();
    check!(stored.len() >= LEAST, "only {} resources", stored.len());
    check!(types.len() >= LEAST_TYPES, "only {} types", types.len());
    let bytes: u64 = stored.iter().map(|one| one.prepared.upload.claim.size).sum();
    let mut provinces: BTreeMap<String, usize> = BTreeMap::new();
    for receipt in stored.iter().flat_map(|one| &one.receipts) {
        *provinces.entry(receipt.region.to_string()).or_default() += 1;
    }
    let provinces: Vec<_> =
        provinces.iter().map(|(region, count)| format!("{region}: {count}")).collect();
    let seen = format!(
        "{} resources of {} types, {} KiB sealed; verified receipts {}",
        stored.len(),
        types.len(),
        bytes / 1024,
        provinces.join(", ")
    );
    Ok((stored, seen))
}

/// Balances of patient and hospital at a block.
async fn balances(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    at: At,
) -> anyhow::Result<(u128, u128)> {
    Ok((
        world.balance(&patient.account.id(), at).await?,
        world.balance(&cast.hospital.account.id(), at).await?,
    ))
}

type SharedAll = (Vec<Original>, (Prepared, Vec<Receipt>));

async fn share_all(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    sharer: &Sharer,
    stored: Vec<Stored>,
) -> anyhow::Result<(SharedAll, String)> {
    let mut under_way = Vec::new();
    for one in &stored {
        let call = sharer.call(&one.prepared, one.receipts.clone(), None);
        under_way.push((Instant::now(), sharer.send(&call).await?));
    }
    let outcomes = under_way.into_iter().map(|(begun, mut pending)| async move {
        let included = pending.wait(Wait::Finalized, PATIENCE).await?;
        anyhow::Ok((included, begun.elapsed()))
    });
    let outcomes = try_join_all(outcomes).await?;
    let mut latencies: Vec<Duration> = outcomes.iter().map(|(_, latency)| *latency).collect();
    latencies.sort();

    let mut paid: BTreeMap<Hash32, (u128, u128, usize)> = BTreeMap::new();
    for (included, _) in &outcomes {
        let (subject, author) = reward(included)?;
        let sum = paid.entry(included.block).or_default();
        *sum = (sum.0 + subject, sum.1 + author, sum.2 + 1);
    }
    // In every block, both balances rise by exactly what its shares paid.
    let mut total = (0, 0);
    for (block, (subject, author, count)) in &paid {
        let head = world.chain().head(At::Hash(*block)).await?;
        let before = balances(world, cast, patient, At::Hash(head.parent)).await?;
        let after = balances(world, cast, patient, At::Hash(*block)).await?;
        let expected = (before.0 + subject, before.1 + author);
        check!(
            after == expected,
            "block {}: {count} shares paid {} and {}, balances went from {before:?} to {after:?}",
            head.number,
            output::hmc(*subject),
            output::hmc(*author)
        );
        total = (total.0 + subject, total.1 + author);
    }
    let originals = stored.iter().map(|one| original(world, one));
    let originals = try_join_all(originals).await?;
    let median = latencies.get(latencies.len() / 2).copied().unwrap_or_default();
    let seen = format!(
        "{} shares in {} blocks; patient +{}, hospital +{}; submit to finalised p50 {}",
        originals.len(),
        paid.len(),
        output::hmc(total.0),
        output::hmc(total.1),
        output::latency(median)
    );
    let first = stored.into_iter().next().context("nothing was shared")?;
    Ok(((originals, (first.prepared, first.receipts)), seen))
}

/// What a share paid to subject and author, out of its own transaction's events.
fn reward(included: &InBlock) -> anyhow::Result<(u128, u128)> {
    check!(included.event("Records", "Shared").is_some(), "the share has no event");
    let rewarded = included.event("HealthCoin", "Rewarded").context("the share paid nothing")?;
    let part =
        |name: &str| rewarded.number(name).with_context(|| format!("no {name} in the event"));
    let (subject, author) = (part("subject")?, part("author")?);
    check!(subject > 0 && author > 0, "a part was left out: {subject} and {author}");
    Ok((subject, author))
}

/// What the chain says of a shared record, checked against what was sealed.
pub async fn original(world: &World, stored: &Stored) -> anyhow::Result<Original> {
    let claim = &stored.prepared.upload.claim;
    let facts = world.chain().record(&claim.record, At::Best).await?;
    let facts = facts.with_context(|| format!("{} is not on chain", claim.record))?;
    let regions: BTreeSet<_> = stored.receipts.iter().map(|receipt| receipt.region).collect();
    let same = facts.size == claim.size
        && facts.subject == claim.subject
        && facts.author == claim.author
        && facts.block == claim.block
        && facts.key_epoch == claim.epoch
        && facts.schema == stored.prepared.schema
        && facts.stored_in.iter().copied().collect::<BTreeSet<_>>() == regions;
    check!(same, "the chain says other things of {} than were shared", claim.record);
    Ok(Original { facts, bytes: stored.bytes.clone() })
}

async fn share_restricted(world: &World, sharer: &Sharer) -> anyhow::Result<(Original, String)> {
    let condition = item("Condition", 1, "restricted");
    let stored = store(sharer, &condition, blocks::RESTRICTED_MEDICAL).await?;
    let included = share(sharer, &stored).await?;
    let original = original(world, &stored).await?;
    world.settle(included.number).await?;
    let seen = format!("{} in block {}", original.facts.id, included.number);
    Ok((original, seen))
}

/// Shares a stored record and waits until it is final.
pub async fn share(sharer: &Sharer, stored: &Stored) -> anyhow::Result<InBlock> {
    let call = sharer.call(&stored.prepared, stored.receipts.clone(), None);
    let mut pending = sharer.send(&call).await?;
    Ok(pending.wait(Wait::Finalized, PATIENCE).await?)
}
