//! Shares and readings a second beside transfers, on one authority.

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use kanglian_primitives::HMC;
use kanglian_sdk::{
    chain::{Call, Wait, calls},
    keys::Account,
};

use crate::{
    load::{Loaded, Outcome},
    practices::{Practices, SHARED},
    program::DevNode,
    report::{Report, Row, progress},
    stats::{median, median_ratio},
    world::World,
};

/// Sustained extrinsics a second of one authority.
///
/// Measures, in turns (A B C A B C …) on one node started with `--dev`: (A) Balances.transfer,
/// (B) Records.share, (C) Records.share_batch. Extrinsics are signed before and sent over one
/// WebSocket so that the pool always holds a backlog; the node verifies them, builds, executes,
/// stores and finalises its blocks meanwhile. Rates are events by block time stamps, without the
/// first and the last block of each turn. A share carries two real receipts, checks them with its
/// own signature, and pays author, subject and regions; institutions call within their free quota,
/// senders of transfers pay fees. The development preset has one province: a second is registered
/// through the council first, with the well-known vault key whose receipts are signed here. The
/// schedule's emission and caps are raised, so that shares are paid throughout.
///
/// Leaves out: signing, uploads to vaults, other authorities and the network, a state larger than
/// what the run itself makes. The sender of the load runs on the same machine.
#[derive(clap::Args)]
pub struct Options {
    /// Extrinsics of a turn.
    #[arg(long, default_value_t = 8_000)]
    extrinsics: usize,

    /// Turns of each kind.
    #[arg(long, default_value_t = 3)]
    rounds: usize,

    /// Readings in a batch.
    #[arg(long, default_value_t = 1_000)]
    readings: u32,

    /// Extrinsics that wait in the pool at any time.
    #[arg(long, default_value_t = 3_000)]
    backlog: usize,

    /// Accounts that send transfers.
    #[arg(long, default_value_t = 128)]
    senders: usize,

    /// A folder in which the node's data stays, for `kanglian-node benchmark block`.
    #[arg(long)]
    keep: Option<PathBuf>,
}

/// Runs the measurement.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    ensure!(options.senders > 0 && options.rounds > 0, "--senders and --rounds are at least 1");

    progress("starting one authority");
    let temporary = tempfile::tempdir()?;
    let folder = options.keep.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let node = DevNode::start(folder).await?;
    let world = World::of_development(node.connect().await?).await?;
    let practices = Practices::found(&world, 2 * options.rounds * options.extrinsics).await?;
    let senders = endow(&world, options.senders).await?;
    practices.raise_schedule().await?;

    let loaded = Loaded::connect(world.chain.clone()).await?;
    let (mut transfers, mut singles, mut batches) = (vec![], vec![], vec![]);
    for round in 1..=options.rounds {
        let of = options.rounds;
        transfers.push(transfer(&loaded, &senders, options).await?);
        progress(format_args!("round {round} of {of}: {:.0} transfers/s", last(&transfers)));
        singles.push(share(&loaded, &practices, options, None).await?);
        progress(format_args!("round {round} of {of}: {:.0} shares/s", last(&singles)));
        let readings = Some(options.readings);
        batches.push(share(&loaded, &practices, options, readings).await?);
        progress(format_args!("round {round} of {of}: {:.0} batches/s", last(&batches)));
    }
    Ok(report(options, &transfers, &singles, &batches))
}

fn last(outcomes: &[Outcome]) -> f64 {
    outcomes.last().map_or(f64::NAN, |outcome| outcome.rate)
}

fn rates(outcomes: &[Outcome]) -> Vec<f64> {
    outcomes.iter().map(|outcome| outcome.rate).collect()
}

fn report(
    options: &Options,
    transfers: &[Outcome],
    singles: &[Outcome],
    batches: &[Outcome],
) -> Report {
    let (a, b, c) = (rates(transfers), rates(singles), rates(batches));
    let readings: Vec<_> = c.iter().map(|rate| rate * f64::from(options.readings)).collect();
    let mut report = Report::new("throughput");
    report.row(Row::new("transfers", median(&a), "/s").at_least(1_000.0));
    report.row(Row::new("shares", median(&b), "/s"));
    report.row(Row::new("shares / transfers", median_ratio(&b, &a), "").at_least(0.5));
    report.row(Row::new("batches", median(&c), "/s"));
    report.row(Row::new("readings in batches", median(&readings), "/s").at_least(100_000.0));
    for (what, outcomes) in [("transfers", transfers), ("shares", singles), ("batches", batches)] {
        let fullest = outcomes.iter().map(|outcome| outcome.fullest).max().unwrap_or_default();
        report.row(Row::new(format!("most {what} in a block"), fullest as f64, ""));
    }
    let shared = singles.iter().chain(batches);
    let (paid, events) = shared
        .fold((0, 0), |(paid, events), outcome| (paid + outcome.paid, events + outcome.events));
    report.note(format!("{paid} of {events} shares were paid"));
    report.note(format!(
        "{} turns of {} extrinsics each, {} readings a batch",
        options.rounds, options.extrinsics, options.readings
    ));
    report
}

/// New accounts with coin for fees.
async fn endow(world: &World, count: usize) -> anyhow::Result<Vec<Account>> {
    let senders: Vec<_> = (0..count).map(|_| Account::generate()).collect();
    for some in senders.chunks(64) {
        let transfers = some
            .iter()
            .map(|sender| calls::balances::transfer_keep_alive(&sender.id(), 100 * HMC))
            .collect();
        let call = calls::utility::batch_all(transfers);
        world.chain.submit(&call, world.pan_centre(), Wait::BestBlock).await?;
    }
    Ok(senders)
}

async fn transfer(
    loaded: &Loaded,
    senders: &[Account],
    options: &Options,
) -> anyhow::Result<Outcome> {
    let from: Vec<_> = senders.iter().collect();
    let call = |index: usize| -> Call {
        let to = &senders[(index + 1) % senders.len()];
        calls::balances::transfer_keep_alive(&to.id(), 1)
    };
    let load = loaded.sign(&from, options.extrinsics, call).await?;
    loaded.run(load, options.backlog, ("Balances", "Transfer")).await.context("transfers")
}

/// Shares of new records, single ones or batches of so many readings.
async fn share(
    loaded: &Loaded,
    practices: &Practices<'_>,
    options: &Options,
    readings: Option<u32>,
) -> anyhow::Result<Outcome> {
    let load = practices.shares(loaded, options.extrinsics, readings).await?;
    loaded.run(load, options.backlog, SHARED).await.context("shares")
}
