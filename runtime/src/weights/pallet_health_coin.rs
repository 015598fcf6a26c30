//! Weights of `pallet_health_coin` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_health_coin`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_health_coin::WeightInfo for WeightInfo<T> {
    fn on_initialize_idle() -> Weight {
        // At least 2_124 ns.
        Weight::from_parts(2_475_000, 0)
    }
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `HealthCoin::Emitted` (r:1 w:1)
    // Proof: `HealthCoin::Emitted` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    // Storage: `HealthCoin::RegionEarned` (r:0 w:1)
    // Proof: `HealthCoin::RegionEarned` (`max_values`: None, `max_size`: Some(813), added: 3288, mode: `MaxEncodedLen`)
    fn begin_era() -> Weight {
        // At least 58_690 ns.
        Weight::from_parts(61_836_000, 3593)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_schedule() -> Weight {
        // At least 10_901 ns.
        Weight::from_parts(12_403_000, 0)
    }
    // Storage: `HealthCoin::Policy` (r:0 w:1)
    // Proof: `HealthCoin::Policy` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
    fn set_transfer_policy() -> Weight {
        // At least 10_229 ns.
        Weight::from_parts(11_642_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `HealthCoin::RegionEarned` (r:1 w:1)
    // Proof: `HealthCoin::RegionEarned` (`max_values`: None, `max_size`: Some(813), added: 3288, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:41 w:41)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // `n` from 1 to 40.
    fn settle_era(n: u32) -> Weight {
        // At least 88_225 ns.
        Weight::from_parts(89_288_000, 13406)
            .saturating_add(Weight::from_parts(79_863_691, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2603).saturating_mul(n.into()))
    }
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn claw_back() -> Weight {
        // At least 90_189 ns.
        Weight::from_parts(93_796_000, 6196)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `HealthCoin::Publishing` (r:0 w:1)
    // Reckoned by hand until `scripts/weights.sh` measures it.
    fn set_publishing_schedule() -> Weight {
        Weight::from_parts(13_000_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
}
