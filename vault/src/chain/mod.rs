//! What the vault asks the chain, behind a trait, and the real thing over the vault's own node.

mod live;

use std::{
    sync::{Arc, RwLock},
    time::Duration,
};

use futures::{FutureExt, future::BoxFuture};
use kanglian_primitives::{
    AccessQuery, CodeKey, Decision, FilePage, Grantee, Hash32, Height, Instant, PersonId,
    RecordFacts, RecordId, Refusal, RegionCode, ShareClaim, Terms, VaultInfo,
};
use kanglian_sdk::wire::AccountId;

pub use live::LiveChain;

/// Which state answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The best block's.
    Best,
    /// The last finalised block's.
    Finalised,
}

/// A block as the vault sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tip {
    /// Height.
    pub height: Height,
    /// Time stamp.
    pub timestamp: Instant,
}

/// What the vault knows of its node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// Why the chain did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// The node is behind.
    #[error("{0}")]
    Stale(String),
    /// The node did not answer, or not what was expected.
    #[error("the node did not answer: {0}")]
    Unreachable(String),
}

/// A future answer of the chain.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, ChainFault>>;

/// The chain, as far as a vault needs it.
pub trait ChainView: Send + Sync + 'static {
    /// Hash of the first block.
    fn genesis(&self) -> Hash32;
    /// What is known of the node, without asking it.
    fn state(&self) -> ChainState;
    /// Whether a record may be read.
    fn decide(
        &self,
        at: At,
        query: AccessQuery<AccountId>,
        record: RecordId,
        now: Instant,
    ) -> Answer<'_, Decision>;
    /// Whether a record may be read, by the best state and by the finalised one.
    fn decide_twice(
        &self,
        query: AccessQuery<AccountId>,
        record: RecordId,
        now: Instant,
    ) -> Answer<'_, (Decision, Decision)> {
        async move {
            futures::try_join!(
                self.decide(At::Best, query, record, now),
                self.decide(At::Finalised, query, record, now),
            )
        }
        .boxed()
    }
    /// What of a person's file a reader may see.
    fn readable(
        &self,
        at: At,
        query: AccessQuery<AccountId>,
        cursor: Option<RecordId>,
        limit: u32,
        now: Instant,
    ) -> Answer<'_, Result<FilePage, Refusal>>;
    /// Whether a share would be accepted, receipts aside; by the best state.
    fn may_share(
        &self,
        account: AccountId,
        claim: ShareClaim,
        now: Instant,
    ) -> Answer<'_, Result<(), Refusal>>;
    /// Terms that a person gave.
    fn terms_of(
        &self,
        at: At,
        person: PersonId,
    ) -> Answer<'_, Vec<(Grantee<AccountId>, Terms<AccountId>)>>;
    /// Whose records a code opens, and which bundle is sealed to it, when the account redeemed it.
    fn redeemed(
        &self,
        at: At,
        code: CodeKey,
        account: AccountId,
    ) -> Answer<'_, Option<(PersonId, Hash32)>>;
    /// Bundles that are sealed to a person's open codes; by the best state.
    fn code_bundles(&self, person: PersonId) -> Answer<'_, Vec<Hash32>>;
    /// Whether a grantee itself counts, whoever acts as it: permitted, valid, not suspended.
    fn in_standing(
        &self,
        at: At,
        grantee: Grantee<AccountId>,
        subject: PersonId,
        now: Instant,
    ) -> Answer<'_, bool>;
    /// Whether the account is a person's, an institution's or a practitioner's, whatever the
    /// standing; by the best state.
    fn is_known(&self, account: AccountId) -> Answer<'_, bool>;
    /// One record.
    fn record(&self, at: At, record: RecordId) -> Answer<'_, Option<RecordFacts>>;
    /// A person's home region; by the best state.
    fn home_region(&self, person: PersonId) -> Answer<'_, Option<RegionCode>>;
    /// Every province's vault.
    fn vaults(&self) -> Answer<'_, Arc<Vec<VaultInfo>>>;
    /// Size and root of the region's access log on chain; by the best state.
    fn anchor(&self, region: RegionCode) -> Answer<'_, Option<(u64, Hash32)>>;
    /// Sends an anchor; gives the height of the block that holds it.
    fn submit_anchor(&self, size: u64, root: Hash32, proof: Vec<Hash32>) -> Answer<'_, Height>;
}

/// How old a state may be.
#[derive(Clone, Copy, Debug)]
pub struct Freshness {
    /// The best block.
    pub best: Duration,
    /// The finalised block.
    pub finalised: Duration,
}

impl Freshness {
    /// The present for consent checks, max(local clock, best block's time stamp); an error when
    /// the node is behind.
    pub fn check(&self, state: &ChainState) -> Result<Instant, ChainFault> {
        let local = kanglian_sdk::now();
        if state.syncing {
            return Err(ChainFault::Stale("the vault's node is catching up".to_owned()));
        }
        // A node that was away comes back with the state it left, and until it has peers it does not
        // know that it is behind. A block made and finalised since says that it is not.
        if state.finalised.timestamp < state.since {
            return Err(ChainFault::Stale(
                "the vault's node has finalised nothing since it was connected".to_owned(),
            ));
        }
        let age = |tip: &Tip| Duration::from_millis(local.saturating_sub(tip.timestamp));
        for (what, tip, limit) in
            [("best", &state.best, self.best), ("finalised", &state.finalised, self.finalised)]
        {
            if age(tip) > limit {
                return Err(ChainFault::Stale(format!(
                    "the {what} block of the vault's node is {} s old, {} s are allowed",
                    age(tip).as_secs(),
                    limit.as_secs()
                )));
            }
        }
        Ok(local.max(state.best.timestamp))
    }
}

/// Shared state that a follower writes and requests read.
#[derive(Debug, Default)]
pub(crate) struct Shared(RwLock<ChainState>);

impl Shared {
    pub(crate) fn get(&self) -> ChainState {
        *self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut ChainState)) {
        change(&mut self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}
