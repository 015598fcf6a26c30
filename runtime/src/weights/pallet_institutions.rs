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
        // At least 60_564 ns.
        Weight::from_parts(71_664_000, 13406)
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
        // At least 62_487 ns.
        Weight::from_parts(40_924_083, 13406)
            .saturating_add(Weight::from_parts(19_607_812, 0).saturating_mul(n.into()))
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
        // At least 50_355 ns.
        Weight::from_parts(53_280_000, 13406)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:64 w:64)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // `n` from 1 to 64.
    fn permit(n: u32) -> Weight {
        // At least 26_570 ns.
        Weight::from_parts(16_974_277, 1493)
            .saturating_add(Weight::from_parts(8_231_766, 0).saturating_mul(n.into()))
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
        // At least 40_777 ns.
        Weight::from_parts(45_365_000, 3726)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:1)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    fn suspend() -> Weight {
        // At least 33_313 ns.
        Weight::from_parts(36_489_000, 13406)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:1)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    fn renew() -> Weight {
        // At least 24_837 ns.
        Weight::from_parts(27_252_000, 3726)
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
        // At least 55_244 ns.
        Weight::from_parts(58_941_000, 6196)
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
        // At least 42_740 ns.
        Weight::from_parts(46_718_000, 13406)
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
        // At least 57_178 ns.
        Weight::from_parts(92_534_000, 13406)
            .saturating_add(T::DbWeight::get().reads(7))
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
        // At least 63_409 ns.
        Weight::from_parts(103_043_000, 13406)
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
        // At least 39_985 ns.
        Weight::from_parts(76_714_000, 13406)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Institutions::Practitioners` (r:1 w:1)
    // Proof: `Institutions::Practitioners` (`max_values`: None, `max_size`: Some(127), added: 2602, mode: `MaxEncodedLen`)
    fn lift_practitioner() -> Weight {
        // At least 23_083 ns.
        Weight::from_parts(29_064_000, 3592)
            .saturating_add(T::DbWeight::get().reads(1))
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
    // Storage: `Institutions::SpentTeams` (r:1 w:0)
    // Proof: `Institutions::SpentTeams` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    fn create_team() -> Weight {
        // At least 50_956 ns.
        Weight::from_parts(56_997_000, 13406)
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
        // At least 72_797 ns.
        Weight::from_parts(90_410_000, 13406)
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
        // At least 61_927 ns.
        Weight::from_parts(83_547_000, 13406)
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
        // At least 58_941 ns.
        Weight::from_parts(73_578_000, 13406)
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
        // At least 48_421 ns.
        Weight::from_parts(52_338_000, 3726)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
