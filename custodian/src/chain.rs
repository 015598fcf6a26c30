//! The chain as a custodian needs it. Everything is read from one finalised block: what may still be
//! replaced is not acted on.

use std::time::Duration;

use futures::{FutureExt, future::BoxFuture};
use kanglian_primitives::{
    CaseRef, ComplaintReason, Custodian, DealingView, DealtScope, Hash32, Height, Instant,
    PersonId, RegionCode, VaultInfo, WaitingPart,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Call, ChainError, Client, Head, Wait, calls::key_custody},
    custody::Case,
    keys::Account,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Wait before another attempt to reach the node, doubling up to the second value.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));
/// Without a finalised head for so long, the subscription is made again.
const SILENCE: Duration = Duration::from_secs(20);

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

/// A finalised block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Finalised {
    /// Its hash.
    pub hash: Hash32,
    /// Its height.
    pub height: Height,
    /// Its time stamp.
    pub timestamp: Instant,
    /// Whether the node was catching up when it told it.
    pub syncing: bool,
}

impl Finalised {
    /// The present, max(local clock, the block's time stamp); none when the block is too old for
    /// anything to be answered by it.
    pub fn now(&self, max_age: Duration) -> Option<Instant> {
        let local = kanglian_sdk::now();
        let age = Duration::from_millis(local.saturating_sub(self.timestamp));
        (!self.syncing && age <= max_age).then(|| local.max(self.timestamp))
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
    client: Client,
    account: Account,
}

impl LiveChain {
    /// Connects to the node, as often as it takes.
    pub async fn connect(url: &str, account: Account) -> Result<Self, ChainError> {
        let mut wait = BACK_OFF.0;
        loop {
            match Client::connect(url).await {
                Ok(client) => return Ok(Self { client, account }),
                Err(error @ ChainError::BadUrl { .. }) => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "the node cannot be reached yet");
                    tokio::time::sleep(wait).await;
                    wait = wait.saturating_mul(2).min(BACK_OFF.1);
                },
            }
        }
    }

    /// The finalised block of now, without following.
    pub async fn finalised(&self) -> Result<Finalised, ChainError> {
        self.told(self.client.finalized().await?).await
    }

    async fn told(&self, head: Head) -> Result<Finalised, ChainError> {
        let syncing = self.client.health().await?.syncing;
        Ok(Finalised { hash: head.hash, height: head.number, timestamp: head.timestamp, syncing })
    }

    /// Tells every finalised head until told to stop. When nothing comes the last head ages, and
    /// nothing is answered by it.
    pub async fn follow(&self, heads: &watch::Sender<Finalised>, stop: &CancellationToken) {
        let mut wait = BACK_OFF.0;
        let followed = async {
            loop {
                let run = async {
                    let mut stream = self.client.subscribe_finalized().await?;
                    while let Ok(head) = tokio::time::timeout(SILENCE, stream.next()).await {
                        heads.send_replace(self.told(head?).await?);
                    }
                    Ok::<(), ChainError>(())
                };
                match run.await {
                    Ok(()) => wait = BACK_OFF.0,
                    Err(error) => {
                        tracing::warn!(%error, "following the node was interrupted");
                        tokio::time::sleep(wait).await;
                        wait = wait.saturating_mul(2).min(BACK_OFF.1);
                    },
                }
            }
        };
        tokio::select! {
            () = stop.cancelled() => {},
            () = followed => {},
        }
    }
}

impl ChainView for LiveChain {
    fn genesis(&self) -> Hash32 {
        self.client.genesis_hash()
    }

    fn appointed(
        &self,
        at: Hash32,
        account: AccountId,
    ) -> Answer<'_, Option<(RegionCode, Custodian<AccountId>)>> {
        async move {
            let all = self.client.custodians(At::Hash(at)).await?;
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
        async move { Ok(self.client.waiting_dealings(region, after, At::Hash(at)).await?) }.boxed()
    }

    fn dealing(
        &self,
        at: Hash32,
        person: PersonId,
        scope: DealtScope,
    ) -> Answer<'_, Option<DealingView>> {
        async move { Ok(self.client.dealing(&person, scope, At::Hash(at)).await?) }.boxed()
    }

    fn waiting_cases(
        &self,
        at: Hash32,
        region: RegionCode,
        after: Option<CaseRef>,
        now: Instant,
    ) -> Answer<'_, Vec<CaseRef>> {
        async move { Ok(self.client.waiting_cases(region, after, now, At::Hash(at)).await?) }
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
                    self.client.answered_cases(region, after, now, At::Hash(at)).await?;
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
        async move { Ok(self.client.case(case, now, At::Hash(at)).await?) }.boxed()
    }

    fn dealings_of(&self, at: Hash32, region: RegionCode) -> Answer<'_, Vec<WaitingPart>> {
        async move {
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let (page, next) = self.client.parts_of(region, after, At::Hash(at)).await?;
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
        async move { Ok(self.client.vaults(At::Hash(at)).await?) }.boxed()
    }

    fn say(&self, said: Said) -> Answer<'_, Height> {
        async move {
            let call = said.call();
            Ok(self.client.submit(&call, &self.account, Wait::Finalized).await?.number)
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_block_or_a_syncing_node_gives_no_present() {
        let now = kanglian_sdk::now();
        let limit = Duration::from_secs(60);
        let head = |age: u64, syncing| Finalised {
            hash: [1; 32],
            height: 1,
            timestamp: now - age,
            syncing,
        };
        assert!(head(1_000, false).now(limit).is_some_and(|present| present >= now));
        assert_eq!(head(70_000, false).now(limit), None);
        assert_eq!(head(0, true).now(limit), None);
        assert_eq!(Finalised::default().now(limit), None);
        // A block that is ahead of the local clock moves the present on.
        let ahead = Finalised { timestamp: now + 5_000, ..head(0, false) };
        assert!(ahead.now(limit).is_some_and(|present| present >= now + 5_000));
    }
}
