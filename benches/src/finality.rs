//! How long an extrinsic takes to a best and to a final block.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use kanglian_e2e::{Consortium, PROVINCES};
use kanglian_sdk::{
    chain::{Client, Config, SubmitOptions, calls, json_rpc},
    keys::Account,
};
use rand::Rng as _;
use subxt::config::RpcConfigFor;
use subxt_rpcs::{LegacyRpcMethods, methods::legacy::TransactionStatus};

use crate::{
    report::{Report, Row, progress},
    stats::percentile,
};

/// How long one extrinsic may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Latency of single extrinsics with four authorities on this machine.
///
/// Measures: the time from handing a signed extrinsic (System.remark, 16 bytes) to one node's
/// WebSocket until that node says that a best block holds it, and until it says that the block is
/// final. One extrinsic after the other; before each a random pause within one slot, so that
/// submissions meet the slots at any moment. Four validators with the `local` preset and the
/// node's default options run on this machine, without vaults.
///
/// Leaves out: signing, networks between provinces, load by others, failures. All four nodes share
/// the cores of this machine.
#[derive(clap::Args)]
pub struct Options {
    /// Extrinsics.
    #[arg(long, default_value_t = 200)]
    count: u32,

    /// Extrinsics before that do not count.
    #[arg(long, default_value_t = 5)]
    warm_up: u32,

    /// Longest random pause before a submission, in milliseconds.
    #[arg(long, default_value_t = 1_000)]
    pause_ms: u64,

    /// The node to submit to, 0 to 3.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..4))]
    node: u8,
}

/// When one extrinsic arrived where, in milliseconds after it was handed in.
struct Times {
    best: f64,
    finalised: f64,
}

/// Runs the measurement.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    progress("starting four authorities");
    let consortium = Consortium::start().await;
    let url = consortium.node_url(options.node.into());
    let chain = Client::connect(&url).await?;
    let rpc = LegacyRpcMethods::new(json_rpc(&url).await?);
    let account = Account::from_uri(&format!("//{}", PROVINCES[0].name))?;
    let mut nonce = chain.next_nonce(&account.id()).await?;

    progress(format_args!("{} extrinsics one after the other", options.count));
    let mut times = Vec::new();
    for number in 0..options.warm_up + options.count {
        pause(options.pause_ms).await;
        let call = calls::system::remark(&u128::from(number).to_le_bytes());
        let bytes = chain.sign(&call, &account, nonce, SubmitOptions::default()).await?;
        nonce += 1;
        let followed = tokio::time::timeout(PATIENCE, follow(&rpc, &bytes)).await;
        let taken =
            followed.with_context(|| format!("extrinsic {number} did not become final"))??;
        if number >= options.warm_up {
            times.push(taken);
        }
    }

    let best: Vec<_> = times.iter().map(|times| times.best).collect();
    let finalised: Vec<_> = times.iter().map(|times| times.finalised).collect();
    let behind: Vec<_> = times.iter().map(|times| times.finalised - times.best).collect();
    let mut report = Report::new("finality");
    for (what, values) in [("submit → best", &best), ("best → finalised", &behind)] {
        report.row(Row::new(format!("{what}, p50"), percentile(values, 50.0), "ms"));
        report.row(Row::new(format!("{what}, p99"), percentile(values, 99.0), "ms"));
    }
    let row = |percent: f64| {
        let what = format!("submit → finalised, p{percent:.0}");
        Row::new(what, percentile(&finalised, percent), "ms")
    };
    report.row(row(50.0).at_most(1_000.0));
    report.row(row(99.0).at_most(1_500.0));
    report.note(format!(
        "{} extrinsics through node {}, four authorities on {} cores",
        times.len(),
        options.node,
        std::thread::available_parallelism().map_or(0, usize::from)
    ));
    Ok(report)
}

async fn pause(most: u64) {
    let mut bytes = [0u8; 8];
    rand::rng().fill_bytes(&mut bytes);
    let pause = u64::from_le_bytes(bytes) % most.max(1);
    tokio::time::sleep(Duration::from_millis(pause)).await;
}

/// Submits an extrinsic and notes the times at which the node reports it. When the first block
/// loses against another, the first report of a best block counts: that is what a user sees.
async fn follow(
    rpc: &LegacyRpcMethods<RpcConfigFor<Config>>,
    bytes: &[u8],
) -> anyhow::Result<Times> {
    let begun = Instant::now();
    let elapsed = || begun.elapsed().as_secs_f64() * 1_000.0;
    let mut reports = rpc.author_submit_and_watch_extrinsic(bytes).await?;
    let mut best = None;
    while let Some(status) = reports.next().await {
        match status? {
            TransactionStatus::InBlock(_) => {
                best.get_or_insert_with(elapsed);
            },
            TransactionStatus::Finalized(_) => {
                let finalised = elapsed();
                return Ok(Times { best: best.unwrap_or(finalised), finalised });
            },
            TransactionStatus::Future
            | TransactionStatus::Ready
            | TransactionStatus::Broadcast(_)
            | TransactionStatus::Retracted(_) => {},
            refused => anyhow::bail!("the node gave the extrinsic up: {refused:?}"),
        }
    }
    anyhow::bail!("the node ended the subscription")
}
