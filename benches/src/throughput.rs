//! Shares and readings a second beside transfers, on one authority.

use anyhow::{Context as _, ensure};
use kanglian_primitives::{HMC, Height, RecordId};
use kanglian_sdk::{
    chain::{At, Call, Client, Wait, calls, types::Schedule},
    keys::Account,
};
use rand::Rng as _;

use crate::{
    load::{Loaded, Outcome},
    program::DevNode,
    report::{Report, Row, progress},
    stats::{median, median_ratio},
    world::{Institution, Person, World},
};

/// Shares of one institution within its quota of 5,000 calls an hour.
const SHARES_EACH: usize = 4_500;
/// Most institutions in one motion of the council.
const MOST_INSTITUTIONS: usize = 64;
/// Fewest institutions, so that shares come from several accounts.
const FEWEST_INSTITUTIONS: usize = 16;
/// People of each institution.
const PEOPLE_EACH: usize = 4;
/// Sealed bytes that each share claims.
const SIZE: u64 = 10_240;
/// Blocks of an era during the measurement.
const ERA: Height = 15;

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
}

/// An institution with the people it writes about.
struct Practice {
    institution: Institution,
    people: Vec<Person>,
}

/// Runs the measurement.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let shares = 2 * options.rounds * options.extrinsics;
    let wanted = shares.div_ceil(SHARES_EACH).max(FEWEST_INSTITUTIONS);
    ensure!(
        wanted <= MOST_INSTITUTIONS,
        "{shares} shares are more than {MOST_INSTITUTIONS} institutions' quotas allow in an hour"
    );
    ensure!(options.senders > 0 && options.rounds > 0, "--senders and --rounds are at least 1");

    progress("starting one authority");
    let folder = tempfile::tempdir()?;
    let node = DevNode::start(folder.path()).await?;
    let world = World::of_development(node.connect().await?).await?;
    progress(format_args!("{wanted} institutions, {} people", wanted * PEOPLE_EACH));
    let practices = found(&world, wanted).await?;
    let senders = endow(&world, options.senders).await?;
    raise_schedule(&world).await?;

    let loaded = Loaded::connect(world.chain.clone()).await?;
    let (mut transfers, mut singles, mut batches) = (vec![], vec![], vec![]);
    for round in 1..=options.rounds {
        let of = options.rounds;
        transfers.push(transfer(&loaded, &senders, options).await?);
        progress(format_args!("round {round} of {of}: {:.0} transfers/s", last(&transfers)));
        singles.push(share(&loaded, &world, &practices, options, None).await?);
        progress(format_args!("round {round} of {of}: {:.0} shares/s", last(&singles)));
        let readings = Some(options.readings);
        batches.push(share(&loaded, &world, &practices, options, readings).await?);
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

async fn found(world: &World, count: usize) -> anyhow::Result<Vec<Practice>> {
    let institutions = world.admit(count).await?;
    let enrolled = institutions.into_iter().map(|institution| async move {
        let people = world.enrol(&institution, PEOPLE_EACH).await?;
        anyhow::Ok(Practice { institution, people })
    });
    futures::future::try_join_all(enrolled).await
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

/// Lets the pot pay for every share: a large emission, high caps, and a new era soon.
async fn raise_schedule(world: &World) -> anyhow::Result<()> {
    let present = world.chain.schedule(At::Best).await?.context("there is no reward schedule")?;
    let plenty = 1_000_000_000 * HMC;
    let call = calls::health_coin::set_schedule(&Schedule {
        era_length: ERA,
        emission: plenty,
        cap_person: plenty,
        cap_author: plenty,
        ..present
    });
    world.pass(&call).await.context("raising the reward schedule")?;
    progress("waiting for an era with enough coin");
    let height = world.chain.best().await?.number;
    wait_for_height(&world.chain, height + ERA + 1).await
}

async fn wait_for_height(chain: &Client, height: Height) -> anyhow::Result<()> {
    while chain.best().await?.number < height {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    Ok(())
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
    world: &World,
    practices: &[Practice],
    options: &Options,
    readings: Option<u32>,
) -> anyhow::Result<Outcome> {
    let from: Vec<_> = practices.iter().map(|practice| &practice.institution.account).collect();
    let height = world.chain.best().await?.number;
    let call = |index: usize| -> Call {
        let Practice { institution, people } = &practices[index % practices.len()];
        let person = &people[index / practices.len() % people.len()];
        let mut record = [0u8; 32];
        rand::rng().fill_bytes(&mut record);
        let claim = world.claim(institution, person, RecordId(record), SIZE);
        let share = world.share(&claim, height);
        match readings {
            Some(readings) => calls::records::share_batch(&share, readings),
            None => calls::records::share(&share),
        }
    };
    let load = loaded.sign(&from, options.extrinsics, call).await?;
    loaded.run(load, options.backlog, ("Records", "Shared")).await.context("shares")
}
