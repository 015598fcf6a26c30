//! Whoever has the old phone may know the secret in it: what is shared from now on is sealed with
//! keys that follow from another one.

use std::collections::BTreeSet;

use anyhow::Context as _;
use kanglian_primitives::{DealtScope, blocks};
use kanglian_sdk::{chain::At, envelope::open_bytes, keys::PersonSecret, vault::Ask};

use super::{
    reading::Visit,
    records::{self, Original},
    stage::{Stage, check},
    world::{Cast, JIANGSU, Patient, World, until},
};
use crate::{
    names,
    opening::{self, Keys},
    ports::PROVINCES,
    renewal,
};

/// Plays the act; afterwards the patient has the fresh secret.
pub async fn play(
    world: &World,
    cast: &Cast,
    patient: &mut Patient,
    visit: &mut Visit,
    stage: &mut Stage,
) -> anyhow::Result<()> {
    let fresh = stage
        .step("A fresh secret: the new phone deals it and seals its keys to who may read", async {
            renew(world, patient).await
        })
        .await?;
    let old = std::mem::replace(&mut patient.secret, fresh);
    let since = stage
        .step("The hospital shares a record with the new key", async {
            share(world, cast, patient).await
        })
        .await?;
    stage
        .step("The patient and the doctor open it; the old phone's secret does not", async {
            open(world, cast, patient, &old, &since, visit).await
        })
        .await
}

async fn renew(world: &World, patient: &Patient) -> anyhow::Result<(PersonSecret, String)> {
    let chain = world.chain();
    let (account, person) = (&patient.account, patient.id);
    let vault = world.vault(PROVINCES[JIANGSU].0, account)?;
    let before = chain.scope_keys(&person, At::Best).await?;
    let fresh = renewal::renewed(chain, &patient.secret, person).await?;
    let done = renewal::carry_out(chain, &vault, account, &fresh, person, true).await?;
    check!(done.left.is_empty(), "left to do: {}", done.left.join("; "));
    let rotated: BTreeSet<_> = done.rotated.iter().map(|(block, _)| *block).collect();
    let all: BTreeSet<_> = before.iter().map(|(block, _)| *block).collect();
    check!(rotated == all, "not every block has a new key");
    let genesis = chain.genesis_hash();
    for (block, known) in chain.scope_keys(&person, At::Best).await? {
        let old = patient.secret.scope_secret(&genesis, &person, block, known.epoch).public();
        check!(
            old != known.key,
            "{}: its key follows from the old secret",
            names::show_block(block)
        );
    }
    until("the custodians to acknowledge the fresh secret", || async move {
        let view = chain.dealing(&person, DealtScope::Whole, At::Finalized).await?;
        Ok(view.context("the dealing is not on chain")?.recoverable)
    })
    .await?;
    let sealed: usize = done.rotated.iter().map(|(_, rotated)| rotated.resealed).sum();
    let dealt: Vec<_> = done.dealt.iter().map(|made| made.number.to_string()).collect();
    Ok((
        fresh,
        format!(
            "dealings {}; {} blocks have new keys, sealed again to {sealed} grants",
            dealt.join(" and "),
            rotated.len()
        ),
    ))
}

async fn share(
    world: &World,
    cast: &Cast,
    patient: &Patient,
) -> anyhow::Result<(Original, String)> {
    let sharer = records::sharer(world, &cast.hospital, patient).await?;
    let condition = records::item("Condition", 1, "after the recovery");
    let stored = records::store(&sharer, &condition, blocks::MEDICAL).await?;
    let included = records::share(&sharer, &stored).await?;
    let original = records::original(world, &stored).await?;
    world.settle(included.number).await?;
    let seen = format!(
        "{} of epoch {} in block {}",
        original.facts.id, original.facts.key_epoch, included.number
    );
    Ok((original, seen))
}

async fn open(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    old: &PersonSecret,
    since: &Original,
    visit: &mut Visit,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let own = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let ask = Ask::own(patient.id);
    let mut sealed = Vec::new();
    let fetched = own.fetch(&ask, &since.facts.id, &mut sealed).await?;
    let keys = Keys::Own(patient.secret.clone());
    let key = opening::data_key(chain, &own, &ask, &since.facts, &keys, &fetched.wraps).await?;
    let content = open_bytes(&sealed, &key, &since.facts.id).await?;
    check!(content == since.bytes, "the patient reads something else");
    // Whoever has the old phone and all sealed bytes beside.
    let stolen = Keys::Own(old.clone());
    let opened = opening::data_key(chain, &own, &ask, &since.facts, &stolen, &fetched.wraps).await;
    check!(opened.is_err(), "the old phone's secret opens what was shared since");

    let mut sealed = Vec::new();
    visit.requests += 1;
    let fetched = visit.vault.fetch(&visit.ask, &since.facts.id, &mut sealed).await?;
    visit.reads += 1;
    let keys = Keys::Granted(cast.doctor_secret.clone());
    let (vault, ask) = (&visit.vault, &visit.ask);
    let key = opening::data_key(chain, vault, ask, &since.facts, &keys, &fetched.wraps).await?;
    let content = open_bytes(&sealed, &key, &since.facts.id).await?;
    check!(content == since.bytes, "the doctor reads something else");
    Ok(((), format!("{} bytes, twice the same; the old secret: nothing", since.bytes.len())))
}
