//! Weights of `pallet_institutions` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_institutions`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_institutions::WeightInfo for WeightInfo<T> {
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:1)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:1)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn nominate() -> Weight {
        // At least 60_504 ns.
        Weight::from_parts(64_010_000, 13406)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:64 w:64)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:64 w:64)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:64 w:64)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // `n` from 1 to 64.
    fn nominate_batch(n: u32) -> Weight {
        // At least 63_078 ns.
        Weight::from_parts(54_392_879, 13406)
            .saturating_add(Weight::from_parts(18_634_798, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2736).saturating_mul(n.into()))
    }
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:1)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:0 w:1)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    fn withdraw() -> Weight {
        // At least 50_645 ns.
        Weight::from_parts(54_953_000, 13406)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:64 w:64)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // `n` from 1 to 64.
    fn permit(n: u32) -> Weight {
        // At least 26_290 ns.
        Weight::from_parts(21_100_553, 1493)
            .saturating_add(Weight::from_parts(7_811_937, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2736).saturating_mul(n.into()))
    }
    // Storage: `Institutions::Institutions` (r:1 w:1)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:0 w:1)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    fn revoke() -> Weight {
        // At least 40_847 ns.
        Weight::from_parts(44_323_000, 3726)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:1)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    fn suspend() -> Weight {
        // At least 33_914 ns.
        Weight::from_parts(41_066_000, 13406)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:1)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    fn renew() -> Weight {
        // At least 24_517 ns.
        Weight::from_parts(27_612_000, 3726)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Institutions::Institutions` (r:1 w:1)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:2)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn replace_controller() -> Weight {
        // At least 55_434 ns.
        Weight::from_parts(60_273_000, 6196)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:1)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    fn set_encryption_key() -> Weight {
        // At least 42_419 ns.
        Weight::from_parts(45_816_000, 13406)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Practitioners` (r:1 w:1)
    // Proof: `Institutions::Practitioners` (`max_values`: None, `max_size`: Some(127), added: 2602, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn add_practitioner() -> Weight {
        // At least 56_206 ns.
        Weight::from_parts(66_842_000, 13406)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Practitioners` (r:1 w:1)
    // Proof: `Institutions::Practitioners` (`max_values`: None, `max_size`: Some(127), added: 2602, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn remove_practitioner() -> Weight {
        // At least 62_397 ns.
        Weight::from_parts(67_356_000, 13406)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Practitioners` (r:1 w:1)
    // Proof: `Institutions::Practitioners` (`max_values`: None, `max_size`: Some(127), added: 2602, mode: `MaxEncodedLen`)
    fn suspend_practitioner() -> Weight {
        // At least 38_943 ns.
        Weight::from_parts(41_468_000, 13406)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Institutions::Practitioners` (r:1 w:1)
    // Proof: `Institutions::Practitioners` (`max_values`: None, `max_size`: Some(127), added: 2602, mode: `MaxEncodedLen`)
    fn lift_practitioner() -> Weight {
        // At least 22_402 ns.
        Weight::from_parts(32_856_000, 3592)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Teams` (r:1 w:1)
    // Proof: `Institutions::Teams` (`max_values`: None, `max_size`: Some(2197), added: 4672, mode: `MaxEncodedLen`)
    // Storage: `Institutions::SpentTeams` (r:1 w:0)
    // Proof: `Institutions::SpentTeams` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    fn create_team() -> Weight {
        // At least 49_604 ns.
        Weight::from_parts(52_989_000, 13406)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Practitioners` (r:1 w:0)
    // Proof: `Institutions::Practitioners` (`max_values`: None, `max_size`: Some(127), added: 2602, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Teams` (r:1 w:1)
    // Proof: `Institutions::Teams` (`max_values`: None, `max_size`: Some(2197), added: 4672, mode: `MaxEncodedLen`)
    fn add_team_member() -> Weight {
        // At least 73_678 ns.
        Weight::from_parts(87_294_000, 13406)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Teams` (r:1 w:1)
    // Proof: `Institutions::Teams` (`max_values`: None, `max_size`: Some(2197), added: 4672, mode: `MaxEncodedLen`)
    fn remove_team_member() -> Weight {
        // At least 62_999 ns.
        Weight::from_parts(75_291_000, 13406)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Teams` (r:1 w:1)
    // Proof: `Institutions::Teams` (`max_values`: None, `max_size`: Some(2197), added: 4672, mode: `MaxEncodedLen`)
    // Storage: `Institutions::SpentTeams` (r:0 w:1)
    // Proof: `Institutions::SpentTeams` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    fn dissolve_team() -> Weight {
        // At least 55_945 ns.
        Weight::from_parts(63_649_000, 13406)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Practitioners` (r:1 w:1)
    // Proof: `Institutions::Practitioners` (`max_values`: None, `max_size`: Some(127), added: 2602, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn clear_practitioner() -> Weight {
        // At least 47_710 ns.
        Weight::from_parts(51_357_000, 3726)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
