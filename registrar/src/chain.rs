//! The chain as a registrar needs it: how fresh the node is, who may ask, who was attested.

use std::time::Duration;

use futures::{FutureExt, future::BoxFuture};
use kanglian_primitives::{
    AccessQuery, Grantee, Hash32, Height, Instant, InstitutionId, PersonId, Purpose, Refusal,
};
use kanglian_sdk::{
    chain::{At as SdkAt, ChainError, Client, Head},
    registrar::wire::Evaluator,
    wire::AccountId,
};

/// Wait before another attempt to reach the node, doubling up to the second value.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// Why the chain gave no answer that counts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// The node is behind.
    #[error("{0}")]
    Stale(String),
    /// The node did not answer.
    #[error("{0}")]
    Unreachable(String),
}

impl From<ChainError> for ChainFault {
    fn from(error: ChainError) -> Self {
        Self::Unreachable(error.to_string())
    }
}

/// Which state is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The best block's.
    Best,
    /// The finalised one's.
    Finalised,
}

impl From<At> for SdkAt {
    fn from(at: At) -> Self {
        match at {
            At::Best => Self::Best,
            At::Finalised => Self::Finalized,
        }
    }
}

/// A block's height and time.
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

/// Where the node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChainState {
    /// The best block.
    pub best: Tip,
    /// The finalised one.
    pub finalised: Tip,
    /// Whether the node is catching up.
    pub syncing: bool,
}

/// Who attested a person, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attested {
    /// The institution.
    pub attester: InstitutionId,
    /// When.
    pub at: Instant,
}

/// An answer of the chain.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, ChainFault>>;

/// What is asked of the chain.
pub trait ChainView: Send + Sync {
    /// Hash of the first block.
    fn genesis(&self) -> Hash32;
    /// Where the node is now.
    fn state(&self) -> Answer<'_, ChainState>;
    /// Whether the account may ask for the evaluator at this instant.
    fn in_standing(
        &self,
        at: At,
        account: AccountId,
        evaluator: Evaluator,
        now: Instant,
    ) -> Answer<'_, bool>;
    /// Who attested a person; by the finalised state.
    fn attested(&self, person: PersonId) -> Answer<'_, Option<Attested>>;
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
    /// The present, max(local clock, best block's time stamp); an error when the node is behind.
    pub fn check(&self, state: &ChainState) -> Result<Instant, ChainFault> {
        let local = kanglian_sdk::now();
        if state.syncing {
            return Err(ChainFault::Stale("the registrar's node is catching up".to_owned()));
        }
        for (what, tip, limit) in
            [("best", &state.best, self.best), ("finalised", &state.finalised, self.finalised)]
        {
            let age = Duration::from_millis(local.saturating_sub(tip.timestamp));
            if age > limit {
                return Err(ChainFault::Stale(format!(
                    "the {what} block of the registrar's node is {} s old, {} s are allowed",
                    age.as_secs(),
                    limit.as_secs()
                )));
            }
        }
        Ok(local.max(state.best.timestamp))
    }
}

/// The chain through a node, asked anew for every request: evaluations are rare.
pub struct LiveChain(Client);

impl LiveChain {
    /// Connects to the node, as often as it takes.
    pub async fn connect(url: &str) -> Result<Self, ChainError> {
        let mut wait = BACK_OFF.0;
        loop {
            match Client::connect(url).await {
                Ok(client) => return Ok(Self(client)),
                Err(error @ ChainError::BadUrl { .. }) => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "the node cannot be reached yet");
                    tokio::time::sleep(wait).await;
                    wait = wait.saturating_mul(2).min(BACK_OFF.1);
                },
            }
        }
    }

    /// Whether the account acts as the grantee, by the runtime's own judgement.
    async fn acts_as(
        &self,
        at: SdkAt,
        account: AccountId,
        acting_as: Grantee<AccountId>,
        now: Instant,
    ) -> Result<bool, ChainFault> {
        // Nobody is allowed this purpose: the answer is about the account alone.
        let subject = PersonId([0; 32]);
        let query = AccessQuery { account, acting_as, subject, purpose: Purpose::Marketing };
        let answer = self.0.readable(&query, None, 1, now, at).await?;
        Ok(answer.err() != Some(Refusal::NotActingAs))
    }
}

impl ChainView for LiveChain {
    fn genesis(&self) -> Hash32 {
        self.0.genesis_hash()
    }

    fn state(&self) -> Answer<'_, ChainState> {
        async move {
            let (best, finalised, health) =
                futures::try_join!(self.0.best(), self.0.finalized(), self.0.health())?;
            let syncing = health.syncing;
            Ok(ChainState { best: best.into(), finalised: finalised.into(), syncing })
        }
        .boxed()
    }

    fn in_standing(
        &self,
        at: At,
        account: AccountId,
        evaluator: Evaluator,
        now: Instant,
    ) -> Answer<'_, bool> {
        async move {
            let at = at.into();
            let institution = match evaluator {
                Evaluator::Regulator => return Ok(self.0.regulator(at).await? == Some(account)),
                Evaluator::Institution(institution) => institution,
            };
            let controller = Grantee::Institution(institution);
            let practitioner = Grantee::Practitioner { account, institution };
            Ok(self.acts_as(at, account, controller, now).await?
                || self.acts_as(at, account, practitioner, now).await?)
        }
        .boxed()
    }

    fn attested(&self, person: PersonId) -> Answer<'_, Option<Attested>> {
        async move {
            let known = self.0.person(&person, SdkAt::Finalized).await?;
            Ok(known.map(|known| Attested { attester: known.attester, at: known.attested_at }))
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_or_syncing_node_is_stale() {
        let freshness =
            Freshness { best: Duration::from_secs(6), finalised: Duration::from_secs(60) };
        let now = kanglian_sdk::now();
        let tip = |age: u64| Tip { height: 1, timestamp: now - age };
        let state = |best, finalised, syncing| ChainState {
            best: tip(best),
            finalised: tip(finalised),
            syncing,
        };
        assert!(freshness.check(&state(1_000, 50_000, false)).is_ok());
        for (state, word) in [
            (state(9_000, 9_000, false), "best"),
            (state(0, 70_000, false), "finalised"),
            (state(0, 0, true), "catching up"),
        ] {
            let error = freshness.check(&state).unwrap_err();
            assert!(error.to_string().contains(word), "{error}");
        }
        let ahead = ChainState { best: tip(0), finalised: tip(0), syncing: false };
        assert!(freshness.check(&ahead).unwrap() >= now);
    }
}
