//! What this pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
    dispatch::DispatchClass, traits::ConstU32,
};
use kanglian_primitives::{
    BusinessBlockSet, EncryptionKey, Grantee, Hash32, Instant, KeyEpoch, Terms, TermsId,
};
use scale_info::TypeInfo;

use crate::Config;

/// How often terms may be given on, one below the other.
pub const MAX_DELEGATION: u8 = 2;

/// Furthest that a terms identifier may run ahead of the last one and of the clock. Whoever gives
/// terms on chooses identifiers too, and one at the end of the range would lock the grantee out
/// for ever.
pub const MAX_ID_LEAD: u64 = 1 << 32;

/// Terms with this runtime's accounts.
pub type TermsOf<T> = Terms<<T as frame_system::Config>::AccountId>;

/// Bundles that were sealed again: whose, which terms, and the BLAKE3 of the new bundle.
pub type Resealed<AccountId> = BoundedVec<(Grantee<AccountId>, TermsId, Hash32), ConstU32<32>>;

/// Hashes of a consistency proof. A log of 2^64 lines needs no more than 64.
pub type LogProof = BoundedVec<Hash32, ConstU32<64>>;

/// What a grantee holds of one person.
#[derive(
    CloneNoBound,
    DebugNoBound,
    DefaultNoBound,
    PartialEqNoBound,
    EqNoBound,
    Encode,
    Decode,
    MaxEncodedLen,
    TypeInfo,
)]
#[codec(mel_bound())]
#[scale_info(skip_type_params(T))]
pub struct GrantFile<T: Config> {
    /// The highest identifier ever used here; stays when its terms end.
    pub last_id: TermsId,
    /// Terms, rising by identifier. Expired ones stay until room is needed.
    pub terms: BoundedVec<TermsOf<T>, T::MaxTermsPerGrantee>,
}

impl<T: Config> GrantFile<T> {
    /// The terms with this identifier.
    pub fn find(&self, id: TermsId) -> Option<&TermsOf<T>> {
        self.terms.iter().find(|terms| terms.id == id)
    }
}

/// What an institution may write into a person's file.
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
pub struct WriteConsent {
    /// Into which blocks; never none.
    pub blocks: BusinessBlockSet,
    /// First instant at which it no longer may.
    pub until: Instant,
}

/// A published scope key.
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
pub struct ScopeKey {
    /// Its generation.
    pub epoch: KeyEpoch,
    /// The key.
    pub key: EncryptionKey,
}

/// The last anchor of a vault's access log.
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
pub struct AccessLog {
    /// Lines in the log.
    pub size: u64,
    /// Root of its RFC 6962 tree over SHA-256.
    pub root: Hash32,
    /// When it was anchored.
    pub at: Instant,
}

/// As what kind of member an account acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// The controller of the institution or of the person.
    Controller,
    /// A practitioner.
    Member,
}

/// Ending a write consent is a revocation and outranks other calls.
pub(crate) fn class_of_allow_writing(blocks: &BusinessBlockSet) -> DispatchClass {
    if blocks.is_empty() { DispatchClass::Operational } else { DispatchClass::Normal }
}

/// Whether a half-open range of instants contains one.
pub(crate) fn within(from: Instant, until: Instant, instant: Instant) -> bool {
    from <= instant && instant < until
}

/// Whether a child goes nowhere beyond its parent, depth aside.
pub(crate) fn is_within_parent<AccountId>(
    child: &Terms<AccountId>,
    parent: &Terms<AccountId>,
) -> bool {
    child.blocks.is_subset_of(parent.blocks)
        && child.purposes.is_subset_of(parent.purposes)
        && parent.from <= child.from
        && child.until <= parent.until
        && parent.records_from <= child.records_from
        && child.records_until <= parent.records_until
}
