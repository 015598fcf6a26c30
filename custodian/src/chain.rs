//! The chain as a custodian needs it. Everything is read from one finalised block: what may still be
//! replaced is not acted on.

use std::time::Duration;

use futures::{FutureExt, future::BoxFuture};
use kanglian_primitives::{
    CaseRef, ComplaintReason, Custodian, DealingView, DealtScope, EncryptionKey, Hash32, Height,
    Instant, PersonId, RegionCode, VaultInfo, WaitingPart,
};
use kanglian_sdk::{
    AccountId,
    chain::{
        At, Call, ChainError, ChainState, Client, Follower, Freshness, Side, Wait,
        calls::key_custody,
    },
    custody::Case,
    keys::Account,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether the node still keeps up, whether or not a head came.
const TICK: Duration = Duration::from_secs(1);
/// How often a single look at the chain asks again.
const PAUSE: Duration = Duration::from_millis(100);

/// Why the chain did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// The node did not answer, or not what was expected.
    #[error("the node did not answer: {0}")]
    Unreachable(String),
    /// The chain said no: asking again does not help.
    #[error("the chain refused: {0}")]
    Refused(String),
}

impl From<ChainError> for ChainFault {
    fn from(error: ChainError) -> Self {
        match error.dispatch() {
            Some(_) => Self::Refused(error.to_string()),
            None => Self::Unreachable(error.to_string()),
        }
    }
}

/// A finalised block, and what was known of the node when it told it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Finalised {
    /// Its hash.
    pub hash: Hash32,
    /// What is known of the node.
    pub state: ChainState,
}

impl Finalised {
    /// Its height.
    pub const fn height(&self) -> Height {
        self.state.finalised.height
    }

    /// The present, max(local clock, the chain's); none when the node is not to be believed: it is
    /// catching up, its blocks are too old, or it has finalised nothing since it was connected
    /// (ADR 9).
    pub fn now(&self, max_age: Duration) -> Option<Instant> {
        let limits = Freshness { best: max_age, finalised: max_age };
        limits.check(&self.state).ok()
    }
}

/// What a custodian says on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A share opens and matches; the payload is there.
    Acknowledged(WaitingPart),
    /// A share is bad, or missing.
    Complained(WaitingPart, ComplaintReason),
    /// A share was sealed again for a case.
    HandedOver(CaseRef, Hash32),
}

impl Said {
    fn call(&self) -> Call {
        match self {
            Self::Acknowledged((person, scope, number)) => {
                key_custody::acknowledge(*person, *scope, *number)
            },
            Self::Complained((person, scope, number), reason) => {
                key_custody::complain(*person, *scope, *number, *reason)
            },
            Self::HandedOver(case, blob) => key_custody::hand_over(*case, *blob),
        }
    }
}

/// An answer of the chain.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, ChainFault>>;

/// What is asked of the chain, in the state of a finalised block, and told it.
pub trait ChainView: Send + Sync + 'static {
    /// Hash of the first block.
    fn genesis(&self) -> Hash32;
    /// The region that an account is the custodian of, with what is appointed there.
    fn appointed(
        &self,
        at: Hash32,
        account: AccountId,
    ) -> Answer<'_, Option<(RegionCode, Custodian<AccountId>)>>;
    /// A page of parts of a region that wait for its custodian.
    fn waiting_dealings(
        &self,
        at: Hash32,
        region: RegionCode,
        after: Option<(PersonId, DealtScope)>,
    ) -> Answer<'_, Vec<WaitingPart>>;
    /// A person's dealing in force.
    fn dealing(
        &self,
        at: Hash32,
        person: PersonId,
        scope: DealtScope,
    ) -> Answer<'_, Option<DealingView>>;
    /// A page of cases that wait for a region's hand-over.
    fn waiting_cases(
        &self,
        at: Hash32,
        region: RegionCode,
        after: Option<CaseRef>,
        now: Instant,
    ) -> Answer<'_, Vec<CaseRef>>;
    /// Cases in which somebody may still collect what the region handed over.
    fn answered_cases(
        &self,
        at: Hash32,
        region: RegionCode,
        now: Instant,
    ) -> Answer<'_, Vec<CaseRef>>;
    /// A case as it stands.
    fn case(&self, at: Hash32, case: CaseRef, now: Instant) -> Answer<'_, Option<Case>>;
    /// Dealings in which a region has a part.
    fn dealings_of(&self, at: Hash32, region: RegionCode) -> Answer<'_, Vec<WaitingPart>>;
    /// Every province's vault.
    fn vaults(&self, at: Hash32) -> Answer<'_, Vec<VaultInfo>>;
    /// Says something, and waits until it is final.
    fn say(&self, said: Said) -> Answer<'_, Height>;
}

/// The chain through the custodian's own node.
pub struct LiveChain {
    node: Follower,
    account: Account,
}

impl LiveChain {
    /// Connects to the node, as often as it takes, and follows its heads.
    pub async fn connect(url: &str, account: Account) -> Result<Self, ChainError> {
        Ok(Self { node: Follower::connect(url).await?, account })
    }

    fn client(&self) -> &Client {
        self.node.client()
    }

    /// Says that shares are sealed to another key from now on, and waits until it is final.
    pub async fn rotate_key(&self, key: EncryptionKey) -> Result<Height, ChainFault> {
        let call = key_custody::rotate_key(key);
        Ok(self.client().submit(&call, &self.account, Wait::Finalized).await?.number)
    }

    /// The finalised block of now.
    pub fn finalised(&self) -> Finalised {
        let hash = self.node.told(Side::Finalised).unwrap_or_default();
        Finalised { hash, state: self.node.state() }
    }

    /// The first finalised block that may be worked by, or what there is after this time.
    pub async fn fresh(&self, max_age: Duration, patience: Duration) -> Finalised {
        let fresh = async {
            while self.finalised().now(max_age).is_none() {
                tokio::time::sleep(PAUSE).await;
            }
        };
        let _ = tokio::time::timeout(patience, fresh).await;
        self.finalised()
    }

    /// Tells every finalised head until told to stop, and in between whether the node keeps up.
    pub async fn follow(&self, heads: &watch::Sender<Finalised>, stop: &CancellationToken) {
        let mut told = self.node.finalised_heads();
        let followed = async {
            loop {
                heads.send_replace(self.finalised());
                let _ = tokio::time::timeout(TICK, told.changed()).await;
            }
        };
        stop.run_until_cancelled(followed).await;
    }
}

impl ChainView for LiveChain {
    fn genesis(&self) -> Hash32 {
        self.client().genesis_hash()
    }

    fn appointed(
        &self,
        at: Hash32,
        account: AccountId,
    ) -> Answer<'_, Option<(RegionCode, Custodian<AccountId>)>> {
        async move {
            let all = self.client().custodians(At::Hash(at)).await?;
            Ok(all.into_iter().find(|(_, custodian)| custodian.account == account))
        }
        .boxed()
    }

    fn waiting_dealings(
        &self,
        at: Hash32,
        region: RegionCode,
        after: Option<(PersonId, DealtScope)>,
    ) -> Answer<'_, Vec<WaitingPart>> {
        async move { Ok(self.client().waiting_dealings(region, after, At::Hash(at)).await?) }
            .boxed()
    }

    fn dealing(
        &self,
        at: Hash32,
        person: PersonId,
        scope: DealtScope,
    ) -> Answer<'_, Option<DealingView>> {
        async move { Ok(self.client().dealing(&person, scope, At::Hash(at)).await?) }.boxed()
    }

    fn waiting_cases(
        &self,
        at: Hash32,
        region: RegionCode,
        after: Option<CaseRef>,
        now: Instant,
    ) -> Answer<'_, Vec<CaseRef>> {
        async move { Ok(self.client().waiting_cases(region, after, now, At::Hash(at)).await?) }
            .boxed()
    }

    fn answered_cases(
        &self,
        at: Hash32,
        region: RegionCode,
        now: Instant,
    ) -> Answer<'_, Vec<CaseRef>> {
        async move {
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let (page, next) =
                    self.client().answered_cases(region, after, now, At::Hash(at)).await?;
                all.extend(page);
                match next {
                    Some(_) => after = next,
                    None => return Ok(all),
                }
            }
        }
        .boxed()
    }

    fn case(&self, at: Hash32, case: CaseRef, now: Instant) -> Answer<'_, Option<Case>> {
        async move { Ok(self.client().case(case, now, At::Hash(at)).await?) }.boxed()
    }

    fn dealings_of(&self, at: Hash32, region: RegionCode) -> Answer<'_, Vec<WaitingPart>> {
        async move {
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let (page, next) = self.client().parts_of(region, after, At::Hash(at)).await?;
                all.extend(page);
                match next {
                    Some(_) => after = next,
                    None => return Ok(all),
                }
            }
        }
        .boxed()
    }

    fn vaults(&self, at: Hash32) -> Answer<'_, Vec<VaultInfo>> {
        async move { Ok(self.client().vaults(At::Hash(at)).await?) }.boxed()
    }

    fn say(&self, said: Said) -> Answer<'_, Height> {
        async move {
            let call = said.call();
            Ok(self.client().submit(&call, &self.account, Wait::Finalized).await?.number)
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use kanglian_sdk::chain::Tip;

    use super::*;

    #[test]
    fn an_old_block_a_syncing_and_a_returning_node_give_no_present() {
        let now = kanglian_sdk::now();
        let limit = Duration::from_secs(60);
        let head = |age: u64, syncing, connected: u64| {
            let tip = Tip { height: 1, timestamp: now - age };
            let state = ChainState { best: tip, finalised: tip, syncing, since: now - connected };
            Finalised { hash: [1; 32], state }
        };
        assert!(head(1_000, false, 90_000).now(limit).is_some_and(|present| present >= now));
        assert_eq!(head(70_000, false, 90_000).now(limit), None);
        assert_eq!(head(0, true, 90_000).now(limit), None);
        // It came back with what it knew when it went away.
        assert_eq!(head(2_000, false, 1_000).now(limit), None);
        assert_eq!(Finalised::default().now(limit), None);
        // A block that is ahead of the local clock moves the present on.
        let tip = Tip { height: 1, timestamp: now + 5_000 };
        let state = ChainState { best: tip, finalised: tip, syncing: false, since: now };
        let ahead = Finalised { hash: [1; 32], state };
        assert!(ahead.now(limit).is_some_and(|present| present >= now + 5_000));
    }
}
