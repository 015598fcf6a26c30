//! Weights of `pallet_guardianships` on this runtime: reckoned by hand from those of like calls, until
//! `scripts/weights.sh` measures them.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_guardianships`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_guardianships::WeightInfo for WeightInfo<T> {
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `RealName::Persons` (r:2 w:1)
    // Storage: `RealName::InvalidFrom` (r:2 w:0)
    // Storage: `Guardianships::Wards` (r:2 w:1)
    // Storage: `System::BlockHash` (r:1 w:0)
    fn attest_guardian() -> Weight {
        Weight::from_parts(420_000_000, 24000)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `RealName::Persons` (r:1 w:1)
    // Storage: `Guardianships::Wards` (r:1 w:1)
    // Storage: `Timestamp::Now` (r:1 w:0)
    fn confirm_guardian() -> Weight {
        Weight::from_parts(60_000_000, 10000)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `RealName::Persons` (r:1 w:1)
    // Storage: `Guardianships::Wards` (r:1 w:1)
    // Storage: `Timestamp::Now` (r:1 w:0)
    fn end_guardianship() -> Weight {
        Weight::from_parts(60_000_000, 10000)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `RealName::Persons` (r:1 w:1)
    // Storage: `Guardianships::Wards` (r:1 w:1)
    // Storage: `KeyCustody::RecoveryOf` (r:1 w:0)
    // Storage: `KeyCustody::Recoveries` (r:1 w:0)
    // Storage: `RealName::PersonOf` (r:2 w:2)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Storage: `System::Account` (r:2 w:2)
    fn take_over() -> Weight {
        Weight::from_parts(260_000_000, 28000)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Storage: `RealName::Persons` (r:2 w:0)
    // Storage: `RealName::InvalidFrom` (r:2 w:0)
    // Storage: `Guardianships::Wards` (r:1 w:0)
    // Storage: `Guardianships::Proxies` (r:1 w:1)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Storage: `Consents::Grants` (r:1 w:1)
    fn appoint_proxy() -> Weight {
        Weight::from_parts(190_000_000, 22000)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Storage: `Guardianships::Proxies` (r:1 w:1)
    // Storage: `Consents::Grants` (r:1 w:1)
    fn revoke_proxy() -> Weight {
        Weight::from_parts(80_000_000, 10000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Storage: `RealName::Persons` (r:2 w:0)
    // Storage: `RealName::InvalidFrom` (r:2 w:0)
    // Storage: `Guardianships::Wards` (r:1 w:0)
    // Storage: `Guardianships::Proxies` (r:1 w:0)
    fn act_for() -> Weight {
        Weight::from_parts(80_000_000, 18000)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(0))
    }
}
