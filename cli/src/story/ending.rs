//! The patient revokes, the next read is refused; the patient looks at the own access log, each line
//! proved against the root on chain.

use std::time::Instant;

use anyhow::Context as _;
use kanglian_primitives::Basis;
use kanglian_sdk::{
    chain::{At, Wait, calls},
    vault::OwnLog,
};

use super::{
    reading::{Visit, expect_refusal, ground},
    records::SharedRecords,
    stage::{Stage, check},
    world::{Cast, Patient, World, ZHEJIANG, until},
};
use crate::{output, ports::PROVINCES, vault::Vault};

/// Records that the doctor tries after the revocation; vaults take 60 refusals a minute.
const TRIED: usize = 10;

/// Plays the act.
pub async fn play(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    shared: &SharedRecords,
    mut visit: Visit,
    stage: &mut Stage,
) -> anyhow::Result<()> {
    stage
        .step("The patient revokes; the doctor's next read is refused", async {
            revoke(world, patient, shared, &mut visit).await
        })
        .await?;
    stage
        .step("The patient lists the own access log, proved against the chain", async {
            own_log(world, cast, patient, &visit).await
        })
        .await
}

async fn revoke(
    world: &World,
    patient: &Patient,
    shared: &SharedRecords,
    visit: &mut Visit,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let record = shared.medical.first().context("nothing was shared")?.facts.id;
    let mut last = Vec::new();
    visit.vault.fetch(&visit.ask, &record, &mut last).await?;
    visit.requests += 1;
    visit.reads += 1;

    let begun = Instant::now();
    let call = calls::consents::revoke(&visit.grantee, visit.terms);
    let included = chain.submit(&call, &patient.account, Wait::Finalized).await?;
    world.settle(included.number).await?;
    let took = output::latency(begun.elapsed());
    let terms = chain.terms_of(&patient.id, At::Hash(included.block)).await?;
    check!(terms.iter().all(|(to, _)| *to != visit.grantee), "the terms are still on chain");
    for one in shared.medical.iter().take(TRIED) {
        expect_refusal(visit, &one.facts.id, 403, "no_consent").await?;
    }
    Ok(((), format!("read just before; {took} after revoking {TRIED} of {TRIED}: 403 no_consent")))
}

async fn own_log(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    visit: &Visit,
) -> anyhow::Result<((), String)> {
    let region = PROVINCES[ZHEJIANG].0;
    let vault = world.vault(region, &patient.account)?;
    let doctor = cast.doctor.id();
    // The vault anchors every few seconds: wait until the anchor on chain covers the last line.
    let covered = || async {
        let (log, _) = proved_log(world, patient, &vault).await?;
        let mut lines = log.lines.iter().rev();
        let last = lines.find(|line| line.entry.statement.account == doctor);
        Ok(last.is_some_and(|line| line.anchored))
    };
    until("the access log to be anchored on chain", covered).await?;
    let (log, anchored) = proved_log(world, patient, &vault).await?;
    let by_doctor: Vec<_> =
        log.lines.iter().filter(|line| line.entry.statement.account == doctor).collect();
    let allowed = by_doctor.iter().filter(|line| line.entry.basis.is_some()).count();
    let refused = by_doctor.len() - allowed;
    let records = by_doctor.iter().filter(|line| line.entry.record.is_some()).count();
    check!(
        by_doctor.len() >= visit.requests,
        "the doctor asked {} times, the log has {} lines",
        visit.requests,
        by_doctor.len()
    );
    for line in &by_doctor {
        let statement = &line.entry.statement;
        check!(statement.subject == patient.id, "line {} is about somebody else", line.index);
        check!(statement.acting_as == visit.grantee, "line {} names another reader", line.index);
        let basis = line.entry.basis;
        let known = match basis {
            None => true,
            Some(Basis::Terms(id)) => id == visit.terms,
            // The list that was empty stands on no terms.
            Some(_) => line.entry.record.is_none(),
        };
        check!(known, "line {} was allowed by {}", line.index, ground(basis));
        check!(line.anchored, "line {} is not anchored", line.index);
    }
    let least = visit.reads.min(visit.requests);
    check!(allowed >= least, "{least} reads were allowed, the log has {allowed}");
    check!(refused >= visit.requests - least, "refused reads are missing in the log");
    check!(records > 0, "no line names a record");

    // A line that a vault changed afterwards is noticed: the same proofs do not fit another root.
    let (size, mut root) = log.anchor.context("the log has no anchor")?;
    root[0] ^= 1;
    let wrong = vault.own_log(&patient.id, Some((size, root)), None).await;
    check!(wrong.is_err(), "the proofs hold against a wrong root");
    // What is known now must still be there next time.
    let anchor = chain_anchor(world).await?;
    let again = vault.own_log(&patient.id, anchor, Some(&log.mark())).await?;
    check!(again.lines.len() >= log.lines.len(), "lines vanished");
    let seen = format!(
        "{} lines by the doctor in Zhejiang: {allowed} allowed, {refused} refused; every proof \
         holds against the root of {anchored} lines on chain",
        by_doctor.len()
    );
    Ok(((), seen))
}

async fn chain_anchor(world: &World) -> anyhow::Result<Option<(u64, kanglian_primitives::Hash32)>> {
    let region = PROVINCES[ZHEJIANG].0;
    let anchor = world.chain().access_log(region, At::Finalized).await?;
    Ok(anchor.map(|anchor| (anchor.size, anchor.root)))
}

/// The own log with every proof verified against the finalised anchor, and how much that covers.
async fn proved_log(
    world: &World,
    patient: &Patient,
    vault: &Vault,
) -> anyhow::Result<(OwnLog, u64)> {
    let anchor = chain_anchor(world).await?;
    let log = vault.own_log(&patient.id, anchor, None).await?;
    Ok((log, anchor.map_or(0, |(size, _)| size)))
}
