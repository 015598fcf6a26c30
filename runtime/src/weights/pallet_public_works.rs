//! Weights of `pallet_public_works` on this runtime: reckoned by hand from those of like calls,
//! until `scripts/weights.sh` measures them.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_public_works`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_public_works::WeightInfo for WeightInfo<T> {
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `BusinessBlocks::Schemas` (r:1 w:0)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Storage: `PublicWorks::Works` (r:1 w:1)
    // Storage: `PublicWorks::Published` (r:1 w:1)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Storage: `HealthCoin::Publishing` (r:1 w:0)
    // Storage: `HealthCoin::EarnedByPublisher` (r:1 w:1)
    // Storage: `System::Account` (r:2 w:2)
    // Storage: `PublicWorks::Count` (r:1 w:1)
    // Storage: `PublicWorks::Numbered` (r:0 w:1)
    fn publish(r: u32) -> Weight {
        Weight::from_parts(260_000_000, 20000)
            .saturating_add(Weight::from_parts(56_000_000, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `PublicWorks::Works` (r:2 w:2)
    // Storage: `BusinessBlocks::Schemas` (r:1 w:0)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Storage: `PublicWorks::Published` (r:1 w:1)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Storage: `PublicWorks::Count` (r:1 w:1)
    // Storage: `PublicWorks::Numbered` (r:0 w:1)
    fn supersede(r: u32) -> Weight {
        Weight::from_parts(200_000_000, 25000)
            .saturating_add(Weight::from_parts(56_000_000, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `PublicWorks::Works` (r:1 w:1)
    fn endorse() -> Weight {
        Weight::from_parts(90_000_000, 14000)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: as `endorse`.
    fn withdraw_endorsement() -> Weight {
        Weight::from_parts(90_000_000, 14000)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `PublicWorks::Works` (r:1 w:1)
    // Storage: `System::Account` (r:2 w:2)
    // Storage: `HealthCoin::Era` (r:1 w:1)
    fn retract() -> Weight {
        Weight::from_parts(240_000_000, 22000)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    // Storage: `Mandates::Regulator` (r:1 w:0)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Storage: `PublicWorks::Works` (r:1 w:1)
    // Storage: `System::Account` (r:2 w:2)
    // Storage: `HealthCoin::Era` (r:1 w:1)
    // Storage: `Regions::Regions` (r:1 w:0)
    fn take_down() -> Weight {
        Weight::from_parts(230_000_000, 22000)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    // Storage: `Mandates::Regulator` (r:1 w:0)
    // Storage: `PublicWorks::Works` (r:1 w:1)
    fn restore() -> Weight {
        Weight::from_parts(60_000_000, 8000)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
