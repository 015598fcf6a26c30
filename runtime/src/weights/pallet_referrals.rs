//! Weights of `pallet_referrals` on this runtime: reckoned by hand from those of like calls, until
//! `scripts/weights.sh` measures them.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_referrals`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_referrals::WeightInfo for WeightInfo<T> {
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Records::Records` (r:1 w:0)
    // Storage: `Referrals::Files` (r:1 w:1)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Storage: `Institutions::Teams` (r:1 w:0)
    // Storage: `Institutions::Practitioners` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Storage: `Consents::Grants` (r:1 w:0)
    // Storage: `Referrals::Referrals` (r:0 w:1)
    fn refer(o: u32) -> Weight {
        Weight::from_parts(120_000_000, 30000)
            .saturating_add(Weight::from_parts(190_000_000, 4953).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(o.into())))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Storage: `Records::Records` (r:1 w:0)
    // Storage: `Referrals::Files` (r:1 w:1)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Storage: `Referrals::Referrals` (r:0 w:1)
    fn refer_own(o: u32) -> Weight {
        Weight::from_parts(90_000_000, 20000)
            .saturating_add(Weight::from_parts(110_000_000, 4953).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(o.into())))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Referrals::Referrals` (r:1 w:1)
    // Storage: `Institutions::Teams` (r:1 w:0)
    // Storage: `Institutions::Practitioners` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Storage: `Consents::Grants` (r:5 w:3)
    fn accept() -> Weight {
        Weight::from_parts(260_000_000, 35000)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Referrals::Referrals` (r:1 w:1)
    // Storage: `Institutions::Teams` (r:1 w:0)
    // Storage: `Institutions::Practitioners` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Consents::Grants` (r:1 w:1)
    // Storage: `Referrals::Files` (r:1 w:1)
    fn reject() -> Weight {
        Weight::from_parts(130_000_000, 22000)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Referrals::Referrals` (r:1 w:1)
    // Storage: `Institutions::Teams` (r:1 w:0)
    // Storage: `Institutions::Practitioners` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Records::Records` (r:1 w:0)
    // Storage: `Consents::Grants` (r:1 w:1)
    // Storage: `Referrals::Files` (r:1 w:1)
    fn return_result() -> Weight {
        Weight::from_parts(140_000_000, 24000)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Referrals::Referrals` (r:1 w:1)
    // Storage: `Institutions::Teams` (r:1 w:0)
    // Storage: `Institutions::Practitioners` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Consents::Grants` (r:4 w:4)
    // Storage: `Referrals::Files` (r:1 w:1)
    fn close() -> Weight {
        Weight::from_parts(220_000_000, 35000)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Referrals::Referrals` (r:1 w:1)
    // Storage: `Consents::Grants` (r:4 w:4)
    // Storage: `Referrals::Files` (r:1 w:1)
    fn close_own() -> Weight {
        Weight::from_parts(190_000_000, 25000)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Referrals::Referrals` (r:1 w:1)
    // Storage: `Referrals::Files` (r:1 w:1)
    fn remove() -> Weight {
        Weight::from_parts(70_000_000, 8000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
