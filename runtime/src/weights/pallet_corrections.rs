//! Weights of `pallet_corrections` on this runtime: reckoned by hand from those of like calls, until
//! `scripts/weights.sh` measures them.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_corrections`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_corrections::WeightInfo for WeightInfo<T> {
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Storage: `Records::Records` (r:1 w:0)
    // Storage: `Corrections::Waiting` (r:1 w:1)
    // Storage: `Corrections::Files` (r:1 w:1)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Corrections::Corrections` (r:0 w:1)
    fn request() -> Weight {
        Weight::from_parts(90_000_000, 20000)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Corrections::Corrections` (r:1 w:1)
    // Storage: `Records::Records` (r:2 w:0)
    // Storage: `Corrections::Waiting` (r:1 w:1)
    // Storage: `Corrections::Files` (r:1 w:1)
    fn amend() -> Weight {
        Weight::from_parts(80_000_000, 22000)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Corrections::Corrections` (r:1 w:1)
    // Storage: `Corrections::Waiting` (r:1 w:1)
    // Storage: `Corrections::Files` (r:1 w:1)
    fn refuse() -> Weight {
        Weight::from_parts(60_000_000, 14000)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Records::Records` (r:1 w:0)
    // Storage: `Corrections::WrongPerson` (r:1 w:1)
    // Storage: `Corrections::Waiting` (r:1 w:1)
    // Storage: `Corrections::Corrections` (r:1 w:1)
    // Storage: `Corrections::Files` (r:1 w:1)
    fn mark_wrong_person() -> Weight {
        Weight::from_parts(90_000_000, 22000)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Corrections::Corrections` (r:1 w:1)
    fn escalate() -> Weight {
        Weight::from_parts(40_000_000, 6000)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Corrections::Corrections` (r:1 w:1)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Corrections::Waiting` (r:1 w:1)
    // Storage: `Corrections::Files` (r:1 w:1)
    fn review() -> Weight {
        Weight::from_parts(60_000_000, 10000)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Storage: `Corrections::Corrections` (r:1 w:1)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `Corrections::Waiting` (r:1 w:1)
    // Storage: `Corrections::Files` (r:1 w:1)
    fn withdraw() -> Weight {
        Weight::from_parts(55_000_000, 10000)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Corrections::Corrections` (r:1 w:1)
    // Storage: `Timestamp::Now` (r:1 w:0)
    fn remove() -> Weight {
        Weight::from_parts(40_000_000, 6000)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
