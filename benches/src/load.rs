//! Load on one authority: extrinsics signed before, kept coming, and counted from blocks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, ensure};
use futures::{StreamExt as _, TryStreamExt as _, future::try_join_all, stream};
use kanglian_primitives::Height;
use kanglian_sdk::{
    AccountId,
    chain::{At, Call, Client, Config, SubmitOptions, json_rpc},
    keys::Account,
};
use subxt::{OnlineClient, backend::LegacyBackend, config::RpcConfigFor, utils::H256};
use subxt_rpcs::LegacyRpcMethods;

/// Submissions under way at a time.
const UNDER_WAY: usize = 16;
/// Accounts whose nonces tell how much is included.
const PROBES: usize = 4;
/// How long the end of a load may take.
const PATIENCE: Duration = Duration::from_secs(180);
/// For how many blocks signatures count.
const MORTALITY: u64 = 1_024;
/// Blocks at the beginning and at the end of a load that may be only partly filled.
const RAGGED: usize = 1;
/// Fewest blocks from which a rate is taken.
const FEWEST: usize = 4;

/// The node under load.
pub struct Loaded {
    chain: Client,
    rpc: LegacyRpcMethods<RpcConfigFor<Config>>,
    online: OnlineClient<Config>,
}

/// Signed extrinsics, in the order in which they are sent.
pub struct Load {
    extrinsics: Vec<Vec<u8>>,
    /// Every sender with its nonce before and after.
    senders: Vec<(AccountId, u64, u64)>,
}

/// What a block holds of a load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Its time stamp in milliseconds.
    pub time: u64,
    /// Events that were looked for.
    pub events: usize,
    /// Of these, shares that paid something.
    pub paid: usize,
    /// Extrinsics that failed.
    pub failed: usize,
}

/// What a load gave.
pub struct Outcome {
    /// Events a second.
    pub rate: f64,
    /// Most events in one block.
    pub fullest: usize,
    /// Events in all.
    pub events: usize,
    /// Of these, shares that paid something.
    pub paid: usize,
}

impl Loaded {
    /// Connects to a node.
    pub async fn connect(chain: Client) -> anyhow::Result<Self> {
        let rpc = json_rpc(chain.url()).await?;
        let backend = LegacyBackend::<Config>::builder().build(rpc.clone());
        let config = Config::builder().use_historic_types(false).build();
        let online = OnlineClient::from_backend_with_config(config, Arc::new(backend)).await?;
        Ok(Self { chain, rpc: LegacyRpcMethods::new(rpc), online })
    }

    /// Signs calls; call i is sent by sender i modulo their number.
    pub async fn sign(
        &self,
        senders: &[&Account],
        count: usize,
        call: impl Fn(usize) -> Call,
    ) -> anyhow::Result<Load> {
        let mut known = Vec::with_capacity(senders.len());
        for sender in senders {
            let nonce = self.chain.next_nonce(&sender.id()).await?;
            known.push((sender.id(), nonce, nonce));
        }
        let options = SubmitOptions { mortality: MORTALITY, ..SubmitOptions::default() };
        let mut extrinsics = Vec::with_capacity(count);
        for index in 0..count {
            let at = index % senders.len();
            let (_, _, nonce) = &mut known[at];
            extrinsics.push(self.chain.sign(&call(index), senders[at], *nonce, options).await?);
            *nonce += 1;
        }
        Ok(Load { extrinsics, senders: known })
    }

    /// Runs a load through, as [`Self::run_through`], and counts the events of this name in the
    /// blocks since.
    pub async fn run(
        &self,
        load: Load,
        backlog: usize,
        event: (&str, &str),
    ) -> anyhow::Result<Outcome> {
        let before = self.chain.best().await?.number;
        self.run_through(load, backlog).await?;
        let after = self.chain.best().await?.number;
        let mut blocks = Vec::new();
        for number in before + 1..=after {
            blocks.push(self.count(number, event).await?);
        }
        let failed: usize = blocks.iter().map(|block| block.failed).sum();
        ensure!(failed == 0, "{failed} extrinsics of the load failed");
        let rate = rate(&blocks).context("too few full blocks: raise --extrinsics")?;
        Ok(Outcome {
            rate,
            fullest: blocks.iter().map(|block| block.events).max().unwrap_or_default(),
            events: blocks.iter().map(|block| block.events).sum(),
            paid: blocks.iter().map(|block| block.paid).sum(),
        })
    }

    /// Sends a load so that about `backlog` extrinsics wait in the pool at any time, and waits until
    /// all are included.
    pub async fn run_through(&self, load: Load, backlog: usize) -> anyhow::Result<()> {
        let included = AtomicUsize::new(0);
        let all = load.extrinsics.len();
        let senders = &load.senders;
        let feed = self.feed(load.extrinsics, backlog, &included);
        let drained = async {
            let watch = self.watch(senders, all, &included);
            tokio::time::timeout(PATIENCE, watch).await.context("the load was not included")?
        };
        tokio::try_join!(feed, drained)?;
        Ok(())
    }

    async fn feed(
        &self,
        extrinsics: Vec<Vec<u8>>,
        backlog: usize,
        included: &AtomicUsize,
    ) -> anyhow::Result<()> {
        stream::iter(extrinsics.into_iter().enumerate())
            .map(|(index, bytes)| async move {
                while index >= included.load(Ordering::Relaxed) + backlog {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                self.rpc.author_submit_extrinsic(&bytes).await.context("submitting the load")?;
                anyhow::Ok(())
            })
            .buffer_unordered(UNDER_WAY)
            .try_collect()
            .await
    }

    /// Estimates from a few senders' nonces how much is included, until all of it is.
    async fn watch(
        &self,
        senders: &[(AccountId, u64, u64)],
        all: usize,
        included: &AtomicUsize,
    ) -> anyhow::Result<()> {
        let step = (senders.len() / PROBES).max(1);
        let probes: Vec<_> = senders.iter().step_by(step).collect();
        loop {
            let done = try_join_all(probes.iter().map(|(account, first, last)| async move {
                let nonce = self.nonce(account).await?;
                let part = nonce.saturating_sub(*first) as f64 / (last - first).max(1) as f64;
                anyhow::Ok(part.min(1.0))
            }))
            .await?;
            let part = done.iter().sum::<f64>() / done.len().max(1) as f64;
            included.store((part * all as f64) as usize, Ordering::Relaxed);
            if part >= 1.0 && self.all_included(senders).await? {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn all_included(&self, senders: &[(AccountId, u64, u64)]) -> anyhow::Result<bool> {
        for (account, _, last) in senders {
            if self.nonce(account).await? < *last {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn nonce(&self, account: &AccountId) -> anyhow::Result<u64> {
        Ok(self.chain.account(account, At::Best).await?.nonce.into())
    }

    async fn count(&self, number: Height, (pallet, name): (&str, &str)) -> anyhow::Result<Counted> {
        let hash = self.chain.block_hash(number).await?.context("a block is gone")?;
        let mut counted = Counted {
            time: self.chain.head(At::Hash(hash)).await?.timestamp,
            ..Counted::default()
        };
        let at = self.online.at_block(H256(hash)).await?;
        let events = at.events().fetch().await?;
        for event in events.iter() {
            let event = event?;
            let found = (event.pallet_name(), event.event_name());
            counted.failed += usize::from(found == ("System", "ExtrinsicFailed"));
            if found != (pallet, name) {
                continue;
            }
            counted.events += 1;
            // `paid` is the last field of `Records.Shared`.
            let paid = event.field_bytes().last_chunk::<16>().copied().map(u128::from_le_bytes);
            counted.paid += usize::from(name == "Shared" && paid.is_some_and(|paid| paid > 0));
        }
        Ok(counted)
    }
}

/// Events a second by block time stamps, over the blocks from the first to the last that holds any,
/// without those at both ends. A slot in which no block was made lowers the rate.
fn rate(blocks: &[Counted]) -> Option<f64> {
    let first = blocks.iter().position(|block| block.events > 0)?;
    let last = blocks.iter().rposition(|block| block.events > 0)?;
    let within = blocks.get(first + RAGGED..(last + 1).checked_sub(RAGGED)?)?;
    if within.len() < FEWEST {
        return None;
    }
    // The first block is where the clock starts: what it holds was made before.
    let (start, counted) = within.split_first()?;
    let events: usize = counted.iter().map(|block| block.events).sum();
    let millis = counted.last()?.time.checked_sub(start.time).filter(|millis| *millis > 0)?;
    Some(events as f64 * 1_000.0 / millis as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(counts: &[(u64, usize)]) -> Vec<Counted> {
        let block = |(time, events): &(u64, usize)| Counted {
            time: *time,
            events: *events,
            ..Counted::default()
        };
        counts.iter().map(block).collect()
    }

    #[test]
    fn ragged_ends_do_not_count() {
        let blocks = blocks(&[
            (0, 0),
            (1_000, 10),
            (2_000, 500),
            (3_000, 600),
            (4_000, 600),
            (5_000, 600),
            (6_000, 3),
            (7_000, 0),
        ]);
        assert_eq!(rate(&blocks), Some(600.0));
    }

    #[test]
    fn a_missed_slot_counts_as_time() {
        let blocks =
            blocks(&[(0, 1), (1_000, 600), (2_000, 600), (4_000, 600), (5_000, 600), (6_000, 1)]);
        assert_eq!(rate(&blocks), Some(450.0));
    }

    #[test]
    fn too_few_blocks_give_no_rate() {
        assert_eq!(rate(&blocks(&[(0, 1), (1_000, 600), (2_000, 600), (3_000, 1)])), None);
        assert_eq!(rate(&blocks(&[(0, 0)])), None);
        assert_eq!(rate(&[]), None);
    }
}
