//! The chain as a registrar needs it: how fresh the node is, who may ask, who was attested.

use futures::{FutureExt, future::BoxFuture};
use kanglian_primitives::{Grantee, Hash32, Instant, InstitutionId, PersonId};
pub use kanglian_sdk::chain::{ChainFault, ChainState, Freshness, Side, Tip};
use kanglian_sdk::{
    chain::{At, ChainError, Follower},
    registrar::wire::Evaluator,
    wire::AccountId,
};

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
    /// What is known of the node, without asking it.
    fn state(&self) -> ChainState;
    /// Whether the account may ask for the evaluator at this instant.
    fn in_standing(
        &self,
        at: Side,
        account: AccountId,
        evaluator: Evaluator,
        now: Instant,
    ) -> Answer<'_, bool>;
    /// Who attested a person; by the finalised state.
    fn attested(&self, person: PersonId) -> Answer<'_, Option<Attested>>;
}

/// The chain through a node.
pub struct LiveChain(Follower);

impl LiveChain {
    /// Connects to the node, as often as it takes, and follows its heads.
    pub async fn connect(url: &str) -> Result<Self, ChainError> {
        Follower::connect(url).await.map(Self)
    }
}

impl ChainView for LiveChain {
    fn genesis(&self) -> Hash32 {
        self.0.client().genesis_hash()
    }

    fn state(&self) -> ChainState {
        self.0.state()
    }

    fn in_standing(
        &self,
        at: Side,
        account: AccountId,
        evaluator: Evaluator,
        now: Instant,
    ) -> Answer<'_, bool> {
        async move {
            let client = self.0.client();
            Ok(match evaluator {
                Evaluator::Regulator => client.regulator(at.into()).await? == Some(account),
                // Its controller or one of its practitioners.
                Evaluator::Institution(institution) => {
                    let grantee = Grantee::Institution(institution);
                    client.acts_as(&account, &grantee, now, at.into()).await?
                },
            })
        }
        .boxed()
    }

    fn attested(&self, person: PersonId) -> Answer<'_, Option<Attested>> {
        async move {
            let known = self.0.client().person(&person, At::Finalized).await?;
            Ok(known.map(|known| Attested { attester: known.attester, at: known.attested_at }))
        }
        .boxed()
    }
}
