//! Weights of `pallet_safe_mode` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_safe_mode`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_safe_mode::WeightInfo for WeightInfo<T> {
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn on_initialize_noop() -> Weight {
        // At least 3_276 ns.
        Weight::from_parts(3_757_000, 1489).saturating_add(T::DbWeight::get().reads(1))
    }
    // Storage: `SafeMode::EnteredUntil` (r:1 w:1)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn on_initialize_exit() -> Weight {
        // At least 11_231 ns.
        Weight::from_parts(12_594_000, 1489)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn enter() -> Weight {
        // At least 0 ns.
        Weight::from_parts(0, 0)
    }
    // Storage: `SafeMode::EnteredUntil` (r:1 w:1)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn force_enter() -> Weight {
        // At least 14_416 ns.
        Weight::from_parts(16_401_000, 1489)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn extend() -> Weight {
        // At least 0 ns.
        Weight::from_parts(0, 0)
    }
    // Storage: `SafeMode::EnteredUntil` (r:1 w:1)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn force_extend() -> Weight {
        // At least 15_089 ns.
        Weight::from_parts(16_752_000, 1489)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `SafeMode::EnteredUntil` (r:1 w:1)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn force_exit() -> Weight {
        // At least 14_918 ns.
        Weight::from_parts(16_622_000, 1489)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn release_deposit() -> Weight {
        // At least 0 ns.
        Weight::from_parts(0, 0)
    }
    // Storage: `SafeMode::Deposits` (r:1 w:1)
    // Proof: `SafeMode::Deposits` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    fn force_release_deposit() -> Weight {
        // At least 70_031 ns.
        Weight::from_parts(73_468_000, 3604)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `SafeMode::Deposits` (r:1 w:1)
    // Proof: `SafeMode::Deposits` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    fn force_slash_deposit() -> Weight {
        // At least 55_725 ns.
        Weight::from_parts(58_861_000, 3604)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
