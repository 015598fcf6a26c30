//! What this pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use kanglian_primitives::{Grantee, Instant, RecordId, ReferralId, Terms, TermsId};
use scale_info::TypeInfo;

/// To how many a referral is offered at most.
pub const MAX_OFFERS: u32 = 4;

/// To whom a referral is offered, and with which terms.
pub type Offers<AccountId> =
    BoundedVec<(Grantee<AccountId>, Terms<AccountId>), ConstU32<MAX_OFFERS>>;

/// Why a referral was rejected.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Reason {
    /// No bed, no appointment, no staff.
    #[codec(index = 0)]
    NoCapacity,
    /// The receiver does not treat this.
    #[codec(index = 1)]
    OutOfScope,
    /// The receiver sees no need.
    #[codec(index = 2)]
    NotIndicated,
    /// Another reason, told outside of the chain.
    #[codec(index = 3)]
    Other,
}

/// How far one offer of a referral has come.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum OfferStatus {
    /// Open.
    #[codec(index = 0)]
    Offered,
    /// Accepted.
    #[codec(index = 1)]
    Accepted,
    /// Rejected.
    #[codec(index = 2)]
    Rejected(Reason),
    /// Somebody else accepted, or the referral was closed.
    #[codec(index = 3)]
    Withdrawn,
}

/// One of those to whom a referral is offered.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Offer<AccountId> {
    /// To whom.
    pub to: Grantee<AccountId>,
    /// The terms that came with it.
    pub terms: TermsId,
    /// How far it has come.
    pub status: OfferStatus,
}

/// How far a referral has come.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ReferralStatus {
    /// Offered, and accepted by nobody.
    #[codec(index = 0)]
    Offered,
    /// Accepted by one.
    #[codec(index = 1)]
    Accepted,
    /// Rejected by all.
    #[codec(index = 2)]
    Rejected,
    /// The result has come back.
    #[codec(index = 3)]
    Returned,
    /// Closed by a party or by the person.
    #[codec(index = 4)]
    Closed,
}

/// A referral.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Referral<AccountId> {
    /// Who referred; none for the person.
    pub by: Option<Grantee<AccountId>>,
    /// The request, a record of the person: a FHIR ServiceRequest.
    pub request: Option<RecordId>,
    /// When it was made.
    pub at: Instant,
    /// The latest end of the terms that came with it.
    pub until: Instant,
    /// To whom it was offered.
    pub offers: BoundedVec<Offer<AccountId>, ConstU32<MAX_OFFERS>>,
    /// How far it has come.
    pub status: ReferralStatus,
    /// The result, a record of the person.
    pub result: Option<RecordId>,
    /// When it was rejected by all, returned or closed.
    pub ended_at: Option<Instant>,
}

impl<AccountId> Referral<AccountId> {
    /// Whether somebody may still accept it or return a result; expiry aside.
    pub fn is_open(&self) -> bool {
        matches!(self.status, ReferralStatus::Offered | ReferralStatus::Accepted)
    }
}

/// Counts of a person's referrals.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct ReferralFile {
    /// The last number given.
    pub last: ReferralId,
    /// How many are open.
    pub open: u32,
}
