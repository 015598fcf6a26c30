//! What a share costs on a chain with many records, beside a chain with few.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};
use kanglian_e2e::bin_dir;
use kanglian_sdk::chain::{Config, json_rpc};
use rand::Rng as _;
use serde_json::Value;
use subxt::config::RpcConfigFor;
use subxt_rpcs::LegacyRpcMethods;

use crate::{
    load::Loaded,
    practices::{Practices, SHARED},
    program::DevNode,
    report::{Report, Row, progress},
    stats::{median, median_ratio},
    world::World,
};

/// Records that one person has, in the state that is filled in.
const RECORDS_EACH: usize = 10;
/// Shares of the chain whose entries serve as samples.
const SAMPLES: usize = 16;
/// Where the raw storage of a chain spec begins.
const TOP: &str = "\"top\":{";
/// Maps that a share reads or writes and that grow: with the records, or with the people.
const GROWING: [(&str, &str, bool); 6] = [
    ("Records", "Records", true),
    ("Records", "FileOf", true),
    ("RealName", "Persons", false),
    ("Consents", "ScopeKeys", false),
    ("Consents", "WriteConsents", false),
    ("System", "Account", false),
];

/// What a share costs when the chain holds many records, against few.
///
/// Measures, in turns (A B A B …) on two nodes with one authority each: the proposer's time for a
/// share (`substrate_proposer_block_constructed`: executing the block's extrinsics and computing
/// the state root) under a backlog that fills the blocks. The nodes differ in their genesis only:
/// it holds so many records, the entries by which people's files list them, and a tenth as many
/// people with account, scope key and write consent. These entries are copies of a real chain's
/// under random keys.
///
/// Leaves out: signing, the pool's checks, writing the block to disk, other authorities. The state
/// is warm: each node's first turn does not count.
#[derive(clap::Args)]
pub struct Options {
    /// Records on the small chain.
    #[arg(long, default_value_t = 1_000)]
    few: usize,

    /// Records on the large chain.
    #[arg(long, default_value_t = 1_000_000)]
    many: usize,

    /// Shares of a turn.
    #[arg(long, default_value_t = 3_000)]
    shares: usize,

    /// Turns on each chain, after one that does not count.
    #[arg(long, default_value_t = 5)]
    rounds: usize,

    /// Folder for the nodes' data, on a disk with several gigabytes.
    #[arg(long)]
    folder: Option<PathBuf>,

    /// Only write the chain spec with many records to this file, for `kanglian-node benchmark
    /// storage`.
    #[arg(long)]
    spec: Option<PathBuf>,
}

/// An entry that is copied: where its map begins, how long the rest of its key is, its value.
struct Sample {
    prefix: Vec<u8>,
    rest: usize,
    value: Vec<u8>,
    by_record: bool,
}

/// Runs the measurement.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    ensure!(options.rounds > 0 && options.shares > 0, "--rounds and --shares are at least 1");
    let temporary = match &options.folder {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    }?;
    let plain = temporary.path().join("plain.json");
    export_spec(&plain)?;
    progress("a chain to take samples from");
    let samples = samples(&temporary.path().join("samples"), &plain).await?;

    if let Some(spec) = &options.spec {
        fill(&plain, spec, &samples, options.many)?;
        let mut report = Report::new("growth");
        report.note(format!("{} records in {}", options.many, spec.display()));
        return Ok(report);
    }
    let few = node(temporary.path(), "few", &plain, &samples, options.few).await?;
    let many = node(temporary.path(), "many", &plain, &samples, options.many).await?;
    let worlds = [
        World::of_development(few.connect().await?).await?,
        World::of_development(many.connect().await?).await?,
    ];
    let all = (options.rounds + 1) * options.shares;
    let small = Side::new(&few, &worlds[0], all).await?;
    let large = Side::new(&many, &worlds[1], all).await?;
    let (mut on_few, mut on_many) = (vec![], vec![]);
    for round in 0..=options.rounds {
        let one = small.turn(options.shares).await?;
        let other = large.turn(options.shares).await?;
        progress(format_args!("round {round}: {one:.0} and {other:.0} µs a share"));
        if round > 0 {
            on_few.push(one);
            on_many.push(other);
        }
    }
    Ok(report(options, &on_few, &on_many))
}

fn report(options: &Options, few: &[f64], many: &[f64]) -> Report {
    let mut report = Report::new("growth");
    report.row(Row::new(format!("share, {} records", options.few), median(few), "µs"));
    report.row(Row::new(format!("share, {} records", options.many), median(many), "µs"));
    report.row(Row::new("many / few", median_ratio(many, few), "").at_most(1.3));
    report.note(format!("{} turns of {} shares on each chain", options.rounds, options.shares));
    report
}

/// A chain under load.
struct Side<'a> {
    node: &'a DevNode,
    loaded: Loaded,
    practices: Practices<'a>,
}

impl<'a> Side<'a> {
    async fn new(node: &'a DevNode, world: &'a World, shares: usize) -> anyhow::Result<Self> {
        let practices = Practices::found(world, shares).await?;
        practices.raise_schedule().await?;
        Ok(Self { node, loaded: Loaded::connect(world.chain.clone()).await?, practices })
    }

    /// Microseconds that the proposer needs for a share.
    async fn turn(&self, shares: usize) -> anyhow::Result<f64> {
        let load = self.practices.shares(&self.loaded, shares, None).await?;
        let before = self.proposing().await?;
        let outcome = self.loaded.run(load, shares, SHARED).await?;
        ensure!(outcome.events == shares, "{} of {shares} shares arrived", outcome.events);
        Ok((self.proposing().await? - before) * 1e6 / shares as f64)
    }

    /// Seconds that the proposer has needed so far.
    async fn proposing(&self) -> anyhow::Result<f64> {
        self.node.metric("substrate_proposer_block_constructed_sum").await
    }
}

fn export_spec(path: &Path) -> anyhow::Result<()> {
    let status = Command::new(bin_dir().join("kanglian-node"))
        .args(["export-chain-spec", "--chain", "dev", "--raw", "--output"])
        .arg(path)
        .output()
        .context("kanglian-node does not start")?
        .status;
    ensure!(status.success(), "kanglian-node export-chain-spec: {status}");
    Ok(())
}

/// Lets a chain make entries of every map that grows, and takes one of each.
async fn samples(folder: &Path, spec: &Path) -> anyhow::Result<Vec<Sample>> {
    std::fs::create_dir(folder)?;
    let node = DevNode::start_with(folder, spec).await?;
    let world = World::of_development(node.connect().await?).await?;
    let practices = Practices::found(&world, SAMPLES).await?;
    let loaded = Loaded::connect(world.chain.clone()).await?;
    let load = practices.shares(&loaded, SAMPLES, None).await?;
    loaded.run_through(load, SAMPLES).await?;

    let rpc = LegacyRpcMethods::<RpcConfigFor<Config>>::new(json_rpc(&node.url()).await?);
    let mut samples = vec![];
    for (pallet, map, by_record) in GROWING {
        let prefix =
            [pallet, map].map(|name| sp_crypto_hashing::twox_128(name.as_bytes())).concat();
        let keys = rpc.state_get_keys_paged(&prefix, 1, None, None).await?;
        let key = keys.first().with_context(|| format!("{pallet}.{map} is empty"))?;
        let value = rpc.state_get_storage(key, None).await?.context("an entry is gone")?;
        samples.push(Sample { rest: key.len() - prefix.len(), prefix, value, by_record });
    }
    Ok(samples)
}

/// A node whose genesis holds so many records.
async fn node(
    folder: &Path,
    name: &str,
    plain: &Path,
    samples: &[Sample],
    records: usize,
) -> anyhow::Result<DevNode> {
    progress(format_args!("a genesis with {records} records"));
    let folder = folder.join(name);
    std::fs::create_dir(&folder)?;
    let spec = folder.join("spec.json");
    fill(plain, &spec, samples, records)?;
    let node = DevNode::start_with(&folder, &spec).await?;
    std::fs::remove_file(&spec)?;
    Ok(node)
}

/// Writes a chain spec with more storage.
fn fill(plain: &Path, filled: &Path, samples: &[Sample], records: usize) -> anyhow::Result<()> {
    let spec: Value = serde_json::from_str(&std::fs::read_to_string(plain)?)?;
    let text = spec.to_string();
    let at = text.find(TOP).context("the chain spec is not raw")? + TOP.len();
    let mut file = BufWriter::new(File::create(filled)?);
    file.write_all(&text.as_bytes()[..at])?;
    for Sample { prefix, rest, value, by_record } in samples {
        let count = if *by_record { records } else { records.div_ceil(RECORDS_EACH) };
        let (prefix, value) = (hex::encode(prefix), hex::encode(value));
        let mut key = vec![0u8; *rest];
        for _ in 0..count {
            rand::rng().fill_bytes(&mut key);
            write!(file, "\"0x{prefix}{}\":\"0x{value}\",", hex::encode(&key))?;
        }
    }
    file.write_all(&text.as_bytes()[at..])?;
    Ok(file.flush()?)
}
