//! What is stored for an authority, and what this pallet asks about session keys.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use kanglian_primitives::RegionCode;
use scale_info::TypeInfo;
use sp_core::sr25519;
use sp_staking::SessionIndex;

/// An Aura slot.
pub type Slot = u64;

/// The public key with which an authority seals blocks.
pub type AuraKey = sr25519::Public;

/// Count of authorities from which on the share of a region is limited.
pub const LIMITED_FROM: u32 = 4;

/// An authority with the runtime's accounts.
pub type AuthorityOf<T> = Authority<<T as frame_system::Config>::AccountId>;

/// A named validator of a province.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Authority<AccountId> {
    /// The account whose session keys validate.
    pub account: AccountId,
    /// Its province.
    pub region: RegionCode,
}

/// Why an authority is an offender.
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
pub enum Cause {
    /// It sealed two blocks for one slot.
    #[codec(index = 0)]
    DoubleBlock {
        /// The slot.
        slot: Slot,
    },
    /// The runtime's offences pallet reported it, such as for a GRANDPA equivocation.
    #[codec(index = 1)]
    Offence {
        /// The session in which it happened.
        session: SessionIndex,
    },
}

/// What this pallet asks about session keys.
pub trait SessionKeys<AccountId> {
    /// Whether the account has set session keys.
    fn registered(who: &AccountId) -> bool;

    /// Authorities of the current and the queued set with their Aura keys, each pair once. At most
    /// twice as many as there can be authorities.
    fn authors() -> Vec<(AccountId, AuraKey)>;

    /// Makes [`Self::registered`] true of the account. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_register(_who: &AccountId) {}

    /// Makes [`Self::authors`] answer with this list. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_authors(_authors: Vec<(AccountId, AuraKey)>) {}
}

/// Most authorities a region may hold among `count`; none when there is no limit.
pub(crate) fn region_limit(count: u32) -> Option<u32> {
    (count >= LIMITED_FROM).then(|| count.saturating_sub(1) / 3)
}
