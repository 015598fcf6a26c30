//! Command line of the node.

use sc_cli::RunCmd;

/// The Kanglian node.
#[derive(Debug, clap::Parser)]
// The other pool loses transactions under load (docs/adr/0013).
#[command(mut_arg("pool_type", |arg| arg.default_value("single-state")))]
pub struct Cli {
    /// Other work than running the node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// Options of the running node.
    #[command(flatten)]
    pub run: RunCmd,

    /// Options of finality.
    #[command(flatten)]
    pub finality: FinalityOptions,
}

/// How this node takes part in finality (docs/adr/0002).
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct FinalityOptions {
    /// Milliseconds that a GRANDPA vote is taken to travel; a voting round takes about four of them.
    #[arg(long, value_name = "MS", default_value_t = 50, value_parser = clap::value_parser!(u64).range(10..=10_000))]
    pub grandpa_gossip_ms: u64,

    /// How far behind the best block this node votes.
    #[arg(long, value_enum, default_value_t = VotingRule::Best)]
    pub grandpa_voting_rule: VotingRule,
}

/// A restriction on what GRANDPA votes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum VotingRule {
    /// The best block.
    Best,
    /// One block behind the best.
    Before,
    /// Two blocks behind the best, at most three quarters of the way there (Substrate's default).
    Cautious,
}

/// What the node does besides running.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Generate, inspect and insert keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Write a chain spec from a preset or a file.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Write a chain spec (older name, kept for existing scripts).
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Verify blocks.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Write the state at a block as a chain spec.
    ExportState(sc_cli::ExportStateCmd),

    /// Read blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove the chain's data.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Go back some blocks, never behind the finalised one.
    Revert(sc_cli::RevertCmd),

    /// Show what the database holds.
    ChainInfo(sc_cli::ChainInfoCmd),

    /// Measure calls and blocks on this machine.
    #[cfg(feature = "runtime-benchmarks")]
    #[command(subcommand)]
    Benchmark(Box<frame_benchmarking_cli::BenchmarkCmd>),
}
