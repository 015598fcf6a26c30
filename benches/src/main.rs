//! Measurements of a running Kanglian against the goals in `docs/performance.md`.
//!
//! | command | measures | file |
//! | --- | --- | --- |
//! | `finality` | submit → best → finalised with four authorities on this machine | [`finality`] |
//! | `throughput` | shares and readings a second beside transfers, one authority | [`throughput`] |
//! | `growth` | a share with 10^6 records on chain beside one with 10^3 | [`growth`] |
//! | `reads` | an authorised read of a 10 KB record, and the consent check in it | [`reads`] |
//! | `revocations` | reads after finalised revocations while nodes and vaults are killed | [`revocations`] |
//! | `identities` | people enrolled by document, and every byte left behind searched for them | [`identities`] |
//! | `vault` | PUT and GET beside a bare server; the vault's memory from 1 MB to 1 GB | [`vault`] |
//! | `sealing` | sealing and opening beside the raw cipher | [`sealing`] |
//!
//! Times on a shared machine wobble. Where a goal is a ratio, both sides run in turns in the same
//! run (A B A B …) and the figure is the median of the paired ratios. The binaries of node and
//! vault come from `KANGLIAN_BIN_DIR`, else from the folder this program lies in; build both with
//! `--release`. Nothing is left behind but the output.

mod bare;
mod finality;
mod growth;
mod identities;
mod load;
mod practices;
mod program;
mod reads;
mod report;
mod revocations;
mod scan;
mod sealing;
mod stats;
mod throughput;
mod vault;
mod world;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

use report::Report;

/// Where the binaries of node and vault are looked for.
const BIN_DIR: &str = "KANGLIAN_BIN_DIR";

/// Measures a running Kanglian.
#[derive(Parser)]
#[command(name = "kanglian-bench", version)]
struct Cli {
    /// Print the result as JSON instead of a table.
    #[arg(long, global = true)]
    json: bool,

    /// End with exit code 2 when a goal is missed.
    #[arg(long, global = true)]
    check: bool,

    #[command(subcommand)]
    benchmark: Benchmark,
}

#[derive(Subcommand)]
enum Benchmark {
    Finality(finality::Options),
    Throughput(throughput::Options),
    Growth(growth::Options),
    Reads(reads::Options),
    Revocations(revocations::Options),
    Identities(identities::Options),
    Vault(vault::Options),
    Sealing(sealing::Options),
    #[command(hide = true)]
    BareServer(bare::Options),
}

fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    if std::env::var_os(BIN_DIR).is_none() {
        return again_with_bin_dir();
    }
    tokio::runtime::Runtime::new().context("starting the async runtime")?.block_on(run(cli))
}

/// Runs a benchmark until it is done or this program is told to stop. Either way what it started
/// ends with it.
async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let mut stop = signal(SignalKind::terminate())?;
    let interrupted = || anyhow::anyhow!("interrupted");
    tokio::select! {
        result = measure(cli) => result,
        _ = tokio::signal::ctrl_c() => Err(interrupted()),
        _ = stop.recv() => Err(interrupted()),
    }
}

async fn measure(cli: Cli) -> anyhow::Result<ExitCode> {
    let report: Report = match cli.benchmark {
        Benchmark::Finality(options) => finality::run(&options).await?,
        Benchmark::Throughput(options) => throughput::run(&options).await?,
        Benchmark::Growth(options) => growth::run(&options).await?,
        Benchmark::Reads(options) => reads::run(&options).await?,
        Benchmark::Revocations(options) => revocations::run(&options).await?,
        Benchmark::Identities(options) => identities::run(&options).await?,
        Benchmark::Vault(options) => vault::run(&options).await?,
        Benchmark::Sealing(options) => sealing::run(&options).await?,
        Benchmark::BareServer(options) => {
            bare::serve(&options).await?;
            return Ok(ExitCode::SUCCESS);
        },
    };
    report.print(cli.json)?;
    Ok(if cli.check && !report.goals_met() { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

/// Becomes this program once more with the folder of its binary as the folder of binaries: what
/// starts the nodes reads it from the environment.
fn again_with_bin_dir() -> anyhow::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    let program = std::env::current_exe().context("finding this program")?;
    let folder = program.parent().context("a program lies in a folder")?;
    let error = std::process::Command::new(&program)
        .args(std::env::args_os().skip(1))
        .env(BIN_DIR, folder)
        .exec();
    Err(error).context("starting this program again")
}
