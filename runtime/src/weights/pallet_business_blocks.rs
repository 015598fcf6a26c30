//! Weights of `pallet_business_blocks` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_business_blocks`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_business_blocks::WeightInfo for WeightInfo<T> {
    // Storage: `BusinessBlocks::Blocks` (r:1 w:1)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    fn add() -> Weight {
        // At least 65_644 ns.
        Weight::from_parts(68_668_000, 10447)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `BusinessBlocks::Blocks` (r:1 w:1)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    fn retire() -> Weight {
        // At least 64_631 ns.
        Weight::from_parts(69_811_000, 10447)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Schemas` (r:1 w:1)
    // Proof: `BusinessBlocks::Schemas` (`max_values`: None, `max_size`: Some(146), added: 2621, mode: `MaxEncodedLen`)
    fn add_schema() -> Weight {
        // At least 71_805 ns.
        Weight::from_parts(77_435_000, 10447)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `BusinessBlocks::Schemas` (r:1 w:1)
    // Proof: `BusinessBlocks::Schemas` (`max_values`: None, `max_size`: Some(146), added: 2621, mode: `MaxEncodedLen`)
    fn retire_schema() -> Weight {
        // At least 28_644 ns.
        Weight::from_parts(31_910_000, 3611)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `BusinessBlocks::Blocks` (r:1 w:1)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    fn set_reward_weight() -> Weight {
        // At least 63_710 ns.
        Weight::from_parts(65_714_000, 10447)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
