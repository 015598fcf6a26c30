//! Bounded lists and small types of this pallet.

use frame_support::{BoundedVec, traits::ConstU32};
use kanglian_primitives::{
    Custodian, EmergencyNote, EncryptionKey, Instant, InstitutionId, RegionCode,
};
use sp_runtime::BoundedBTreeMap;

use crate::Config;

/// Fewest regions that approve any recovery.
pub const LEAST_BAR: u8 = 2;

/// Of the approving regions, how many must be others than the opening institution's.
pub const OTHER_REGIONS: usize = 2;

/// Most emergencies noted at a person or at a practitioner.
pub const MAX_NOTES: u32 = 32;

/// Most emergencies about one person that one practitioner may have without a review.
pub const MOST_UNREVIEWED_ABOUT_ONE: usize = 3;

/// Most institutions that cool down about one person. When there are more, the earliest to end
/// makes room.
pub const MAX_COOL_DOWNS: u32 = 8;

/// Milliseconds in an hour.
pub(crate) const HOUR_MS: Instant = 3_600_000;

/// Custodians by region.
pub type CustodianMap<T> = BoundedBTreeMap<
    RegionCode,
    Custodian<<T as frame_system::Config>::AccountId>,
    <T as Config>::MaxRegions,
>;

/// Most former keys of a custodian. When there are more, the oldest makes room.
pub const MAX_FORMER_KEYS: u32 = 4;

/// Former keys of custodians by region.
pub type FormerKeyMap<T> = BoundedBTreeMap<
    RegionCode,
    BoundedVec<EncryptionKey, ConstU32<MAX_FORMER_KEYS>>,
    <T as Config>::MaxRegions,
>;

/// Amounts of the coin.
pub type BalanceOf<T> = <<T as Config>::Currency as frame_support::traits::fungible::Inspect<
    <T as frame_system::Config>::AccountId,
>>::Balance;

/// Emergencies noted at a person or at a practitioner.
pub type NoteList<T> =
    BoundedVec<EmergencyNote<<T as frame_system::Config>::AccountId>, ConstU32<MAX_NOTES>>;

/// Institutions and until when they cool down.
pub type CoolDownList = BoundedVec<(InstitutionId, Instant), ConstU32<MAX_COOL_DOWNS>>;

/// Keys that a recovery asks for.
pub(crate) struct NewKeys<AccountId> {
    /// The account that is to speak for the person.
    pub controller: AccountId,
    /// The person's data key from then on.
    pub data_key: EncryptionKey,
    /// The key that custodians are to seal their shares to.
    pub reseal_key: EncryptionKey,
}
