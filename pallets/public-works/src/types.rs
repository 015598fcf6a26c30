//! What this pallet stores.

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound,
    traits::{ConstU32, Get},
};
use kanglian_primitives::{
    BusinessBlockId, Hash32, Instant, InstitutionId, MAX_RECEIPTS, Receipt, RegionCode, Retraction,
    SchemaId, Takedown, WorkId,
};
use kanglian_traits::Payment;
use scale_info::TypeInfo;

/// Receipts of a publication.
pub type Receipts = BoundedVec<Receipt, ConstU32<MAX_RECEIPTS>>;

/// Regions that said they store a work, rising.
pub type StoredIn = BoundedVec<RegionCode, ConstU32<MAX_RECEIPTS>>;

/// That an institution endorses a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Endorsement {
    /// Who.
    pub by: InstitutionId,
    /// Since when.
    pub at: Instant,
}

/// A public work.
#[derive(
    CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[scale_info(skip_type_params(MaxEndorsements))]
#[codec(mel_bound(AccountId: MaxEncodedLen, MaxEndorsements: Get<u32>))]
pub struct Work<AccountId, MaxEndorsements>
where
    AccountId: Clone + core::fmt::Debug + PartialEq + Eq,
    MaxEndorsements: Get<u32>,
{
    /// Its number in the order of publication, from 0.
    pub number: u64,
    /// Who published it.
    pub author: InstitutionId,
    /// The account that published it and was paid.
    pub author_account: AccountId,
    /// The author's region when it was published.
    pub region: RegionCode,
    /// The public business block.
    pub block: BusinessBlockId,
    /// The schema of the content.
    pub schema: SchemaId,
    /// Bytes.
    pub size: u64,
    /// BLAKE3 of the metadata document.
    pub metadata: Hash32,
    /// When it was published.
    pub published_at: Instant,
    /// What publishing it paid and was not taken back.
    pub paid: Payment,
    /// The work it took the place of.
    pub supersedes: Option<WorkId>,
    /// The work that took its place.
    pub superseded_by: Option<WorkId>,
    /// That its author retracted it.
    pub retracted: Option<Retraction>,
    /// That the regulator took it down.
    pub taken_down: Option<Takedown>,
    /// Who endorses it, in the order of endorsing.
    pub endorsements: BoundedVec<Endorsement, MaxEndorsements>,
    /// Regions whose receipts the publication carried, rising.
    pub stored_in: StoredIn,
}

/// What an institution published on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Daily {
    /// The day, counted from the Unix epoch in UTC.
    pub day: u64,
    /// Works, those that supersede others among them.
    pub works: u32,
    /// Those that were put to the coin for payment.
    pub rewarded: u32,
}

/// What is about to be published.
pub(crate) struct Submission {
    pub work: WorkId,
    pub block: BusinessBlockId,
    pub schema: SchemaId,
    pub size: u64,
    pub metadata: Hash32,
    pub receipts: Receipts,
}
