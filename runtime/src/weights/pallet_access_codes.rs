//! Weights of `pallet_access_codes` on this runtime: reckoned by hand from those of like calls, until
//! `scripts/weights.sh` measures them.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_access_codes`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_access_codes::WeightInfo for WeightInfo<T> {
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Storage: `AccessCodes::Codes` (r:1 w:1)
    // Storage: `AccessCodes::OpenCodes` (r:1 w:1)
    fn issue_code(b: u32) -> Weight {
        Weight::from_parts(85_000_000, 13000)
            .saturating_add(Weight::from_parts(6_000_000, 0).saturating_mul(b.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Storage: `AccessCodes::Codes` (r:1 w:1)
    // Storage: `AccessCodes::OpenCodes` (r:1 w:1)
    fn cancel_code() -> Weight {
        Weight::from_parts(60_000_000, 8000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `AccessCodes::Codes` (r:1 w:1)
    // Storage: `Institutions::Teams` (r:1 w:0)
    // Storage: `Institutions::Practitioners` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Storage: `Consents::Grants` (r:1 w:1)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Storage: `AccessCodes::OpenCodes` (r:1 w:1)
    fn redeem_code() -> Weight {
        Weight::from_parts(290_000_000, 25000)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `AccessCodes::Codes` (r:1 w:0)
    // Storage: `Institutions::Teams` (r:1 w:0)
    // Storage: `Institutions::Practitioners` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Consents::Grants` (r:1 w:1)
    fn adopt_bundle() -> Weight {
        Weight::from_parts(110_000_000, 20000)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `AccessCodes::Codes` (r:1 w:1)
    // Storage: `AccessCodes::OpenCodes` (r:1 w:1)
    fn remove_code() -> Weight {
        Weight::from_parts(65_000_000, 8000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
