//! A live reader: prints readings within seconds of their share, and goes on after an interruption
//! where it stopped.

use std::{collections::VecDeque, io::Write, path::PathBuf, time::Duration};

use anyhow::Context as _;
use clap::Args;
use codec::Decode;
use indicatif::ProgressBar;
use kanglian_primitives::{
    Amount, Author, BusinessBlockId, Height, Instant, PersonId, RecordFacts, RecordId,
    RecordStatus, RegionCode, SchemaId,
};
use kanglian_sdk::{
    chain::{At, Client, Event},
    vault::{Ask, VaultError},
};
use serde::{Deserialize, Serialize};

use crate::{
    fault::{Class, Fault, class_of},
    files, names,
    opening::{self, Keys},
    vault::Vault,
};

/// Behind by more blocks than this, the file is listed instead: nodes forget old states.
const MAX_BEHIND: Height = 128;
/// Records remembered as printed.
const REMEMBERED: usize = 4_096;
/// How long a vault may need until it has seen the share.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pause after a failure, doubling up to the second value.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// What to follow.
#[derive(Debug, Args)]
pub struct FollowArgs {
    /// Only of this business block
    #[arg(long, value_parser = names::block, default_value = "personal")]
    block: BusinessBlockId,
    /// Only of this schema
    #[arg(long)]
    schema: Option<u32>,
    /// File that keeps how far one has read; without one, following begins with what is shared next
    #[arg(long)]
    cursor: Option<PathBuf>,
    /// Also what was shared before, when there is no cursor yet
    #[arg(long)]
    from_start: bool,
    /// End after so many readings
    #[arg(long)]
    count: Option<u64>,
}

/// How far one has read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// Blocks up to this one were looked at.
    height: Height,
    /// Records shared before this instant were printed.
    shared_at: Instant,
    /// Records printed last.
    printed: VecDeque<RecordId>,
}

/// `Records.Shared`, as the chain tells it.
#[derive(Decode)]
struct Shared {
    record: RecordId,
    subject: PersonId,
    _author: Author,
    block: BusinessBlockId,
    schema: SchemaId,
    _region: RegionCode,
    _size: u64,
    _count: u32,
    _paid: Amount,
}

struct Following<'a> {
    args: &'a FollowArgs,
    chain: &'a Client,
    vault: &'a Vault,
    ask: &'a Ask,
    keys: &'a Keys,
    cursor: Cursor,
    printed: u64,
    out: &'a mut (dyn Write + Send),
}

impl FollowArgs {
    /// So many readings of a block, from what was shared before on.
    pub fn from_start(block: BusinessBlockId, count: u64) -> Self {
        Self { block, schema: None, cursor: None, from_start: true, count: Some(count) }
    }

    /// Follows until told to stop, or until enough was printed.
    pub async fn run(
        &self,
        chain: &Client,
        vault: &Vault,
        ask: &Ask,
        keys: &Keys,
        out: &mut (dyn Write + Send),
    ) -> anyhow::Result<()> {
        let (cursor, printed) = (Cursor::default(), 0);
        let mut following = Following { args: self, chain, vault, ask, keys, cursor, printed, out };
        following.begin().await?;
        let stop = tokio::signal::ctrl_c();
        tokio::pin!(stop);
        let mut wait = BACK_OFF.0;
        loop {
            let round = tokio::select! {
                _ = &mut stop => return Ok(()),
                round = following.rounds() => round,
            };
            match round {
                Ok(()) => return Ok(()),
                Err(error) if class_of(&error) == Class::Unreachable => {
                    tracing::warn!("{error:#}; trying again");
                    tokio::select! {
                        _ = &mut stop => return Ok(()),
                        () = tokio::time::sleep(wait) => {},
                    }
                    wait = wait.saturating_mul(2).min(BACK_OFF.1);
                },
                Err(error) => return Err(error),
            }
        }
    }
}

impl Following<'_> {
    /// Where it begins: the cursor, the start, or now.
    async fn begin(&mut self) -> anyhow::Result<()> {
        let kept = match &self.args.cursor {
            Some(path) if path.exists() => {
                let bytes = files::read_small(path)?;
                let read = serde_json::from_slice(&bytes);
                Some(read.map_err(|error| Fault::usage(format!("{}: {error}", path.display())))?)
            },
            _ => None,
        };
        if let Some(cursor) = kept {
            self.cursor = cursor;
            return Ok(());
        }
        if !self.args.from_start {
            let head = self.chain.finalized().await?;
            self.cursor.height = head.number;
            self.cursor.shared_at = head.timestamp;
        }
        self.save()
    }

    /// Looks at every finalised block; ends when enough was printed.
    async fn rounds(&mut self) -> anyhow::Result<()> {
        let mut heads = self.chain.subscribe_finalized().await?;
        let mut head = self.chain.finalized().await?;
        loop {
            if head.number.saturating_sub(self.cursor.height) > MAX_BEHIND {
                self.catch_up(head.number, head.timestamp).await?;
            }
            while self.cursor.height < head.number && !self.is_enough() {
                let next = self.cursor.height.saturating_add(1);
                let hash = self.chain.block_hash(next).await?;
                let hash = hash.with_context(|| format!("the node has no block {next}"))?;
                for event in self.chain.events(hash).await? {
                    if let Some(record) = self.wanted(&event) {
                        self.print(&record).await?;
                    }
                }
                self.cursor.height = next;
                self.save()?;
            }
            if self.is_enough() {
                return Ok(());
            }
            head = heads.next().await?;
        }
    }

    fn is_enough(&self) -> bool {
        self.args.count.is_some_and(|count| self.printed >= count)
    }

    fn wanted(&self, event: &Event) -> Option<RecordId> {
        if !event.is("Records", "Shared") {
            return None;
        }
        let shared: Shared = event.decode().ok()?;
        let schema = self.args.schema.is_none_or(|schema| SchemaId(schema) == shared.schema);
        let wanted =
            schema && shared.subject == self.ask.subject && shared.block == self.args.block;
        wanted.then_some(shared.record)
    }

    /// Prints what the vault lists and was not printed yet, oldest first.
    async fn catch_up(&mut self, height: Height, timestamp: Instant) -> anyhow::Result<()> {
        let mut records = self.vault.whole_file(self.ask).await?.records;
        records.retain(|facts| {
            facts.block == self.args.block
                && facts.status == RecordStatus::Active
                && facts.shared_at >= self.cursor.shared_at
                && self.args.schema.is_none_or(|schema| SchemaId(schema) == facts.schema)
        });
        records.sort_by_key(|facts| (facts.shared_at, facts.id));
        for facts in records {
            if self.is_enough() {
                return Ok(());
            }
            self.print_facts(&facts).await?;
            self.cursor.shared_at = facts.shared_at;
            self.save()?;
        }
        self.cursor.height = height;
        self.cursor.shared_at = timestamp;
        self.save()
    }

    async fn print(&mut self, record: &RecordId) -> anyhow::Result<()> {
        match self.chain.record(record, At::Finalized).await? {
            Some(facts) if facts.status == RecordStatus::Active => self.print_facts(&facts).await,
            _ => Ok(()),
        }
    }

    /// Fetches and opens a record; prints its readings, a line each.
    async fn print_facts(&mut self, facts: &RecordFacts) -> anyhow::Result<()> {
        if self.cursor.printed.contains(&facts.id) {
            return Ok(());
        }
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("opened");
        let begun = std::time::Instant::now();
        let (chain, vault, ask, keys) = (self.chain, self.vault, self.ask, self.keys);
        loop {
            let bar = ProgressBar::hidden();
            match opening::fetch_and_open(chain, vault, ask, facts, keys, &path, &bar).await {
                Ok(_) => break,
                // The vault's node may be a block behind the one that told of the share.
                Err(error)
                    if begun.elapsed() < PATIENCE
                        && matches!(
                            error.downcast_ref::<VaultError>(),
                            Some(VaultError::Refused { status: 404, .. })
                        ) =>
                {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                },
                Err(error) => return Err(error.context(facts.id.to_string())),
            }
        }
        let content = std::fs::read(&path)?;
        for line in content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            self.out.write_all(line)?;
            self.out.write_all(b"\n")?;
            self.printed = self.printed.saturating_add(1);
        }
        self.out.flush()?;
        self.cursor.printed.push_back(facts.id);
        if self.cursor.printed.len() > REMEMBERED {
            self.cursor.printed.pop_front();
        }
        self.save()
    }

    fn save(&self) -> anyhow::Result<()> {
        match &self.args.cursor {
            Some(path) => files::replace(path, &serde_json::to_vec(&self.cursor)?),
            None => Ok(()),
        }
    }
}
