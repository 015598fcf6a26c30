//! A wearable's export becomes batches of readings, each shared once; a doctor with consent follows.

use std::{fmt::Write as _, future::pending};

use anyhow::Context as _;
use kanglian_primitives::{BusinessBlockSet, Grantee, Instant, Purpose, PurposeSet, blocks};
use kanglian_sdk::{chain::At, vault::Ask};

use super::{
    stage::{Stage, check},
    world::{Cast, JIANGSU, Patient, World},
};
use crate::{
    agent::Agent,
    commands::follow::FollowArgs,
    consenting::{self, Wish},
    context::Context,
    instant::{self, DAY},
    opening::Keys,
    ports::PROVINCES,
};

/// Readings of the export, and in a batch.
const READINGS: u64 = 300;
const BATCH: u32 = 100;

/// Plays the act.
pub async fn play(
    world: &World,
    context: &Context,
    cast: &Cast,
    patient: &Patient,
    stage: &mut Stage,
) -> anyhow::Result<()> {
    let ask = stage
        .step("The patient lets the doctor read the personal block", async {
            grant(world, cast, patient).await
        })
        .await?;
    stage
        .step("A wearable's 300 readings are shared in three batches, once", async {
            stream(world, context, patient).await
        })
        .await?;
    stage
        .step("The doctor, following, reads each of them exactly once", async {
            follow(world, cast, &ask).await
        })
        .await
}

async fn grant(world: &World, cast: &Cast, patient: &Patient) -> anyhow::Result<(Ask, String)> {
    let now = instant::now();
    let grantee = Grantee::Practitioner { account: cast.doctor.id(), institution: cast.clinic.id };
    let wish = Wish {
        grantee,
        blocks: BusinessBlockSet::of(blocks::PERSONAL),
        purposes: PurposeSet::of(Purpose::CareManagement),
        from: now,
        until: now.saturating_add(DAY as u64),
        records_from: 0,
        records_until: Instant::MAX,
        may_delegate: 0,
    };
    let vault = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let (account, secret) = (&patient.account, &patient.secret);
    let given =
        consenting::grant(world.chain(), &vault, account, secret, patient.id, &wish).await?;
    world.settle(given.included.number).await?;
    let ask = Ask { acting_as: grantee, subject: patient.id, purpose: Purpose::CareManagement };
    Ok((ask, format!("terms {} in block {}", given.id, given.included.number)))
}

async fn stream(
    world: &World,
    context: &Context,
    patient: &Patient,
) -> anyhow::Result<((), String)> {
    let folder = tempfile::tempdir()?;
    let mut export = "time,metric,value,unit,device\n".to_owned();
    for number in 0..READINGS {
        writeln!(export, "2026-01-01T00:{:02}:00Z,steps,{number},{{steps}},band", number % 60)?;
    }
    export.push_str("yesterday,steps,1,{steps},band\n");
    let file = folder.path().join("export.csv");
    std::fs::write(&file, export)?;
    let before = world.file_length(&patient.id, At::Finalized).await?;
    let agent = Agent::of_file(folder.path().join("spool"), file, BATCH);
    let run = async || {
        let (chain, account) = (world.chain().clone(), patient.account.clone());
        agent.stream(context, chain, account, pending()).await
    };
    let first = run().await.context("the agent")?;
    check!(first.taken == READINGS && first.set_aside == 1, "it took {first:?}");
    check!(first.waiting == 0, "batches wait: {first:?}");
    let again = run().await.context("the agent, again")?;
    check!(again.taken == 0 && again.known == 0, "it took readings twice: {again:?}");
    let shared = world.file_length(&patient.id, At::Finalized).await?.saturating_sub(before);
    check!(shared == 3, "{shared} records instead of 3");
    Ok(((), "one malformed row set aside with its reason; a second run shared nothing".to_owned()))
}

async fn follow(world: &World, cast: &Cast, ask: &Ask) -> anyhow::Result<((), String)> {
    let vault = world.vault(PROVINCES[JIANGSU].0, &cast.doctor)?;
    let keys = Keys::Granted(cast.doctor_secret.clone());
    let mut printed = Vec::new();
    let args = FollowArgs::from_start(blocks::PERSONAL, READINGS);
    args.run(world.chain(), &vault, ask, &keys, &mut printed).await?;
    let mut values = Vec::new();
    for line in String::from_utf8(printed)?.lines() {
        let reading: serde_json::Value = serde_json::from_str(line)?;
        values.push(reading["valueQuantity"]["value"].as_u64().context("a reading has a value")?);
    }
    values.sort_unstable();
    check!(values == (0..READINGS).collect::<Vec<_>>(), "readings are missing or double");
    Ok(((), format!("{READINGS} readings, each once")))
}
