//! What the vault asks the chain, behind a trait, and the real thing over the vault's own node.

mod live;

use std::sync::Arc;

use futures::{FutureExt, future::BoxFuture};
use kanglian_primitives::{
    AccessQuery, ActionSet, CodeKey, Decision, EmergencyId, FilePage, Grantee, Hash32, Height,
    Instant, InstitutionId, PersonId, RecordFacts, RecordId, ReferralId, Refusal, RegionCode,
    ShareClaim, Terms, VaultInfo, WorkClaim, WorkFacts, WorkId,
};
use kanglian_sdk::{
    chain::{care::Referral, types::Schemas},
    wire::AccountId,
};

pub use kanglian_sdk::chain::{ChainFault, ChainState, Freshness, Side, Tip};
pub use live::LiveChain;

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
        at: Side,
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
                self.decide(Side::Best, query, record, now),
                self.decide(Side::Finalised, query, record, now),
            )
        }
        .boxed()
    }
    /// What of a person's file a reader may see.
    fn readable(
        &self,
        at: Side,
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
    /// Whether a public work would be accepted, receipts aside; by the best state.
    fn may_publish(
        &self,
        account: AccountId,
        claim: WorkClaim,
        now: Instant,
    ) -> Answer<'_, Result<(), Refusal>>;
    /// The public works among these; by the finalised state.
    fn works(&self, ids: Vec<WorkId>, now: Instant) -> Answer<'_, Vec<WorkFacts>>;
    /// Public works in the order of publication from a number on; by the finalised state.
    fn works_from(&self, number: u64, limit: u32, now: Instant) -> Answer<'_, Vec<WorkFacts>>;
    /// Terms that a person gave.
    fn terms_of(
        &self,
        at: Side,
        person: PersonId,
    ) -> Answer<'_, Vec<(Grantee<AccountId>, Terms<AccountId>)>>;
    /// Whose records a code opens, and which bundle is sealed to it, when the account redeemed it.
    fn redeemed(
        &self,
        at: Side,
        code: CodeKey,
        account: AccountId,
    ) -> Answer<'_, Option<(PersonId, Hash32)>>;
    /// Bundles that are sealed to a person's open codes; by the best state.
    fn code_bundles(&self, person: PersonId) -> Answer<'_, Vec<Hash32>>;
    /// Whether the account may do one of these things for the person now, as guardian or proxy.
    fn acts_for(
        &self,
        at: Side,
        account: AccountId,
        person: PersonId,
        actions: ActionSet,
        now: Instant,
    ) -> Answer<'_, bool>;
    /// Whether the account speaks for or practises at who has to decide on a request of the person
    /// with this sealed text.
    fn decides_on(
        &self,
        at: Side,
        account: AccountId,
        person: PersonId,
        text: Hash32,
        now: Instant,
    ) -> Answer<'_, bool>;
    /// Whether a waiting request of the person has this sealed text; by the best state.
    fn is_correction(&self, person: PersonId, text: Hash32) -> Answer<'_, bool>;
    /// Whether a grantee itself counts, whoever acts as it: permitted, valid, not suspended.
    fn in_standing(&self, at: Side, grantee: Grantee<AccountId>, now: Instant) -> Answer<'_, bool>;
    /// Whether the account is a person's, an institution's, a practitioner's or a custodian's,
    /// whatever the standing; by the best state.
    fn is_known(&self, account: AccountId) -> Answer<'_, bool>;
    /// The emergency about a person that a practitioner of an institution has open.
    fn open_emergency(
        &self,
        at: Side,
        subject: PersonId,
        practitioner: AccountId,
        institution: InstitutionId,
        now: Instant,
    ) -> Answer<'_, Option<EmergencyId>>;
    /// Whether the chain names a blob of a dealing or of a hand-over for a person.
    fn is_named(&self, at: Side, subject: PersonId, hash: Hash32) -> Answer<'_, bool>;
    /// Whether an account may fetch such a blob.
    fn may_fetch(
        &self,
        at: Side,
        account: AccountId,
        subject: PersonId,
        hash: Hash32,
        now: Instant,
    ) -> Answer<'_, bool>;
    /// One record.
    fn record(&self, at: Side, record: RecordId) -> Answer<'_, Option<RecordFacts>>;
    /// A person's home region; by the best state.
    fn home_region(&self, person: PersonId) -> Answer<'_, Option<RegionCode>>;
    /// Every province's vault.
    fn vaults(&self) -> Answer<'_, Arc<Vec<VaultInfo>>>;
    /// Schemas of records; by the best state.
    fn schemas(&self) -> Answer<'_, Arc<Schemas>>;
    /// A person's referrals, by number; by the best state.
    fn referrals(&self, person: PersonId) -> Answer<'_, Vec<(ReferralId, Referral)>>;
    /// Size and root of the region's access log on chain; by the best state.
    fn anchor(&self, region: RegionCode) -> Answer<'_, Option<(u64, Hash32)>>;
    /// Sends an anchor; gives the height of the block that holds it.
    fn submit_anchor(&self, size: u64, root: Hash32, proof: Vec<Hash32>) -> Answer<'_, Height>;
}
