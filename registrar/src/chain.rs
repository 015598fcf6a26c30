//! The chain as a registrar needs it: how fresh the node is, who may ask, who was attested.

use std::time::Duration;

use futures::{FutureExt, future::BoxFuture};
use kanglian_primitives::{
    Grantee, Hash32, Height, Instant, InstitutionId, PersonId, RegistrarKey,
};
pub use kanglian_sdk::chain::{ChainFault, ChainState, Freshness, Side, Tip};
use kanglian_sdk::{
    chain::{
        At, ChainError, Follower, SubmitOptions, Wait, calls,
        identity::{AliasKind, ChainRegistrars},
        types::LogAnchor,
    },
    keys::VaultSigner,
    registrar::wire::Evaluator,
    wire::AccountId,
};

/// How long an anchor may take into a block.
const ANCHOR_TIMEOUT: Duration = Duration::from_secs(30);

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
    /// Who attested a person, or had an attested person migrated to this id; by the finalised
    /// state.
    fn attested(&self, person: PersonId) -> Answer<'_, Option<Attested>>;
    /// The registrars that the council put in force; by the finalised state.
    fn registrars(&self) -> Answer<'_, Option<ChainRegistrars>>;
    /// The anchored head of a registrar's log; by the best state.
    fn anchor(&self, registrar: RegistrarKey) -> Answer<'_, Option<(u64, Hash32)>>;
    /// Sends an anchor; gives the height of the block that holds it.
    fn submit_anchor(&self, size: u64, root: Hash32, proof: Vec<Hash32>) -> Answer<'_, Height>;
}

/// The chain through a node, and the key with which the registrar sends anchors.
pub struct LiveChain(Follower, VaultSigner);

impl LiveChain {
    /// Connects to the node, as often as it takes, and follows its heads.
    pub async fn connect(url: &str, signer: VaultSigner) -> Result<Self, ChainError> {
        Ok(Self(Follower::connect(url).await?, signer))
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
            let client = self.0.client();
            if let Some(known) = client.person(&person, At::Finalized).await? {
                return Ok(Some(Attested { attester: known.attester, at: known.attested_at }));
            }
            let alias = client.alias(&person, At::Finalized).await?;
            let migrated = alias.filter(|alias| alias.kind == AliasKind::Migrated);
            Ok(migrated.map(|alias| Attested { attester: alias.by, at: alias.since }))
        }
        .boxed()
    }

    fn registrars(&self) -> Answer<'_, Option<ChainRegistrars>> {
        async move { Ok(self.0.client().chain_registrars(At::Finalized).await?) }.boxed()
    }

    fn anchor(&self, registrar: RegistrarKey) -> Answer<'_, Option<(u64, Hash32)>> {
        async move {
            let anchor = self.0.client().evaluation_log(&registrar, At::Best).await?;
            Ok(anchor.map(|LogAnchor { size, root, .. }| (size, root)))
        }
        .boxed()
    }

    fn submit_anchor(&self, size: u64, root: Hash32, proof: Vec<Hash32>) -> Answer<'_, Height> {
        async move {
            let call = calls::registrars::anchor_evaluation_log(size, root, &proof);
            let options = SubmitOptions {
                wait: Wait::BestBlock,
                timeout: ANCHOR_TIMEOUT,
                ..SubmitOptions::default()
            };
            Ok(self.0.client().submit(&call, &self.1, options).await?.number)
        }
        .boxed()
    }
}
