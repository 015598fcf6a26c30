//! A node's heads, followed for ever, and whether what they say is young enough to decide by.
//!
//! A service that decides by the chain (a vault, a registrar, a custodian) asks its own node. A node
//! that is behind would let it decide by rights that ended meanwhile: [`Freshness`] says from when on
//! a node is not believed (ADR 9), [`Follower`] gathers what that takes.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Duration,
};

use kanglian_primitives::{Hash32, Height, Instant};
use tokio::sync::watch;

use super::{At, ChainError, Client, Head};

/// Without a head for so long, the subscription is made again.
const SILENCE: Duration = Duration::from_secs(20);
/// How often the node is asked whether it is catching up.
const HEALTH_INTERVAL: Duration = Duration::from_secs(2);
/// Wait before another attempt to reach the node, doubling up to the second value.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// One of the two heads that a node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The best block.
    Best,
    /// The last finalised block.
    Finalised,
}

impl From<Side> for At {
    fn from(side: Side) -> Self {
        match side {
            Side::Best => Self::Best,
            Side::Finalised => Self::Finalized,
        }
    }
}

/// How far a head is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tip {
    /// Height.
    pub height: Height,
    /// Time stamp.
    pub timestamp: Instant,
}

impl From<Head> for Tip {
    fn from(head: Head) -> Self {
        Self { height: head.number, timestamp: head.timestamp }
    }
}

/// What is known of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainState {
    /// The best block.
    pub best: Tip,
    /// The last finalised block.
    pub finalised: Tip,
    /// Whether the node is catching up, or cannot be asked.
    pub syncing: bool,
    /// Since when the node's heads have been followed without a break; [`Instant::MAX`] while they
    /// are not.
    pub since: Instant,
}

impl Default for ChainState {
    /// Nothing is known: not to be believed.
    fn default() -> Self {
        Self { best: Tip::default(), finalised: Tip::default(), syncing: true, since: Instant::MAX }
    }
}

/// Why the chain gave no answer that counts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// The node is behind.
    #[error("{0}")]
    Stale(String),
    /// The node did not answer, or not what was expected.
    #[error("the node did not answer: {0}")]
    Unreachable(String),
}

impl From<ChainError> for ChainFault {
    fn from(error: ChainError) -> Self {
        Self::Unreachable(error.to_string())
    }
}

/// How old a state may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// The best block.
    pub best: Duration,
    /// The finalised block.
    pub finalised: Duration,
}

impl Freshness {
    /// The present for decisions, max(local clock, best block's time stamp); an error when the node
    /// is behind.
    pub fn check(&self, state: &ChainState) -> Result<Instant, ChainFault> {
        let local = crate::now();
        if state.syncing {
            return Err(ChainFault::Stale("the node is catching up".to_owned()));
        }
        // A node that was away comes back with the state it left, and until it has peers it does not
        // know that it is behind. A block made and finalised since says that it is not.
        if state.finalised.timestamp < state.since {
            return Err(ChainFault::Stale(
                "the node has finalised nothing since it was connected".to_owned(),
            ));
        }
        for (what, head, limit) in
            [("best", &state.best, self.best), ("finalised", &state.finalised, self.finalised)]
        {
            let age = Duration::from_millis(local.saturating_sub(head.timestamp));
            if age > limit {
                return Err(ChainFault::Stale(format!(
                    "the node's {what} block is {} s old, {} s are allowed",
                    age.as_secs(),
                    limit.as_secs()
                )));
            }
        }
        Ok(local.max(state.best.timestamp))
    }
}

/// A node whose heads are followed as long as this lives.
pub struct Follower {
    client: Client,
    known: Arc<Known>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

/// What the followers write and everybody reads.
#[derive(Default)]
struct Known {
    state: RwLock<ChainState>,
    /// Hashes of the heads that the node told last.
    best: Mutex<Option<Hash32>>,
    finalised: Mutex<Option<Hash32>>,
    /// Told of every finalised head.
    heads: watch::Sender<()>,
}

impl Known {
    fn update(&self, change: impl FnOnce(&mut ChainState)) {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn hash(&self, side: Side) -> MutexGuard<'_, Option<Hash32>> {
        let slot = match side {
            Side::Best => &self.best,
            Side::Finalised => &self.finalised,
        };
        slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, side: Side, head: Head) {
        *self.hash(side) = Some(head.hash);
        self.update(|state| match side {
            Side::Best => state.best = head.into(),
            Side::Finalised => state.finalised = head.into(),
        });
        if side == Side::Finalised {
            self.heads.send_replace(());
        }
    }
}

impl Follower {
    /// Connects to the node, as often as it takes, and follows its heads.
    pub async fn connect(url: &str) -> Result<Self, ChainError> {
        let mut wait = BACK_OFF.0;
        let client = loop {
            match Client::connect(url).await {
                Ok(client) => break client,
                Err(error @ ChainError::BadUrl { .. }) => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "the node cannot be reached yet");
                    tokio::time::sleep(wait).await;
                    wait = wait.saturating_mul(2).min(BACK_OFF.1);
                },
            }
        };
        let known = Arc::new(Known::default());
        let tasks = vec![
            tokio::spawn(follow(client.clone(), known.clone(), Side::Best)),
            tokio::spawn(follow(client.clone(), known.clone(), Side::Finalised)),
            tokio::spawn(watch_health(client.clone(), known.clone())),
        ];
        Ok(Self { client, known, tasks })
    }

    /// The connection.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// What is known of the node, without asking it.
    pub fn state(&self) -> ChainState {
        *self.known.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes with every finalised head. What is behind it say [`Self::state`] and [`Self::told`].
    pub fn finalised_heads(&self) -> watch::Receiver<()> {
        self.known.heads.subscribe()
    }

    /// The head that the node told last; none before the first.
    pub fn told(&self, side: Side) -> Option<Hash32> {
        *self.known.hash(side)
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Follows a head for ever. When nothing comes the state ages, and requests are refused.
async fn follow(client: Client, known: Arc<Known>, side: Side) {
    let mut wait = BACK_OFF.0;
    loop {
        let run = async {
            known.note(side, client.head(side.into()).await?);
            let mut heads = match side {
                Side::Best => client.subscribe_best().await?,
                Side::Finalised => client.subscribe_finalized().await?,
            };
            // Of both followers, the one that began later counts.
            known.update(|state| state.since = crate::now());
            while let Ok(head) = tokio::time::timeout(SILENCE, heads.next()).await {
                known.note(side, head?);
            }
            Ok::<(), ChainError>(())
        };
        let ended = run.await;
        // What the node says next may be older than what it said last.
        known.update(|state| state.since = Instant::MAX);
        match ended {
            Ok(()) => wait = BACK_OFF.0,
            Err(error) => {
                tracing::warn!(?side, %error, "following the node was interrupted");
                tokio::time::sleep(wait).await;
                wait = wait.saturating_mul(2).min(BACK_OFF.1);
            },
        }
    }
}

async fn watch_health(client: Client, known: Arc<Known>) {
    loop {
        let syncing = client.health().await.map_or(true, |health| health.syncing);
        known.update(|state| state.syncing = syncing);
        tokio::time::sleep(HEALTH_INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESHNESS: Freshness =
        Freshness { best: Duration::from_secs(6), finalised: Duration::from_secs(60) };

    fn state(best_age: u64, finalised_age: u64, syncing: bool, since_age: u64) -> ChainState {
        let now = crate::now();
        let head = |age| Tip { height: 1, timestamp: now - age };
        ChainState {
            best: head(best_age),
            finalised: head(finalised_age),
            syncing,
            since: now - since_age,
        }
    }

    #[test]
    fn a_node_that_keeps_up_is_believed() {
        assert!(FRESHNESS.check(&state(1_000, 50_000, false, 90_000)).is_ok());
    }

    #[test]
    fn an_old_a_syncing_and_a_returning_node_are_not() {
        for (state, word) in [
            (ChainState::default(), "catching up"),
            (state(0, 0, true, 90_000), "catching up"),
            (state(9_000, 9_000, false, 90_000), "best"),
            (state(0, 70_000, false, 90_000), "finalised block is"),
            (state(0, 2_000, false, 1_000), "finalised nothing since"),
            (
                ChainState { since: Instant::MAX, ..state(0, 0, false, 0) },
                "finalised nothing since",
            ),
        ] {
            let error = FRESHNESS.check(&state).unwrap_err();
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    #[test]
    fn a_block_ahead_of_the_clock_sets_the_present() {
        let now = crate::now();
        let ahead = Tip { height: 1, timestamp: now + 5_000 };
        let state = ChainState { best: ahead, finalised: ahead, syncing: false, since: now };
        assert!(FRESHNESS.check(&state).unwrap() >= now + 5_000);
    }
}
