//! Weights of `pallet_regions` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_regions`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_regions::WeightInfo for WeightInfo<T> {
    // Storage: `Regions::Regions` (r:1 w:1)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn register() -> Weight {
        // At least 93_756 ns.
        Weight::from_parts(103_304_000, 13406)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Regions::Regions` (r:1 w:1)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn update_vault() -> Weight {
        // At least 134_893 ns.
        Weight::from_parts(141_315_000, 13406)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Regions::Regions` (r:1 w:1)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    fn suspend() -> Weight {
        // At least 68_308 ns.
        Weight::from_parts(72_536_000, 13406)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Regions::Regions` (r:1 w:1)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    fn resume() -> Weight {
        // At least 68_749 ns.
        Weight::from_parts(71_564_000, 13406)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Regions::Regions` (r:1 w:1)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn replace_pan_centre() -> Weight {
        // At least 98_024 ns.
        Weight::from_parts(102_202_000, 13406)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}
