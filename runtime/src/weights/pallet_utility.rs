//! Weights of `pallet_utility` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_utility`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_utility::WeightInfo for WeightInfo<T> {
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `TxPause::PausedCalls` (r:1 w:0)
    // Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(532), added: 3007, mode: `MaxEncodedLen`)
    // `c` from 0 to 1000.
    fn batch(c: u32) -> Weight {
        // At least 12_664 ns.
        Weight::from_parts(85_364_048, 3997)
            .saturating_add(Weight::from_parts(7_747_884, 0).saturating_mul(c.into()))
            .saturating_add(T::DbWeight::get().reads(2))
    }
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `TxPause::PausedCalls` (r:1 w:0)
    // Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(532), added: 3007, mode: `MaxEncodedLen`)
    fn as_derivative() -> Weight {
        // At least 18_945 ns.
        Weight::from_parts(20_949_000, 3997).saturating_add(T::DbWeight::get().reads(2))
    }
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `TxPause::PausedCalls` (r:1 w:0)
    // Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(532), added: 3007, mode: `MaxEncodedLen`)
    // `c` from 0 to 1000.
    fn batch_all(c: u32) -> Weight {
        // At least 10_851 ns.
        Weight::from_parts(11_341_000, 3997)
            .saturating_add(Weight::from_parts(10_212_568, 0).saturating_mul(c.into()))
            .saturating_add(T::DbWeight::get().reads(2))
    }
    fn dispatch_as() -> Weight {
        // At least 13_606 ns.
        Weight::from_parts(18_163_000, 0)
    }
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `TxPause::PausedCalls` (r:1 w:0)
    // Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(532), added: 3007, mode: `MaxEncodedLen`)
    // `c` from 0 to 1000.
    fn force_batch(c: u32) -> Weight {
        // At least 19_807 ns.
        Weight::from_parts(21_270_000, 3997)
            .saturating_add(Weight::from_parts(9_950_021, 0).saturating_mul(c.into()))
            .saturating_add(T::DbWeight::get().reads(2))
    }
    fn dispatch_as_fallible() -> Weight {
        // At least 14_157 ns.
        Weight::from_parts(17_192_000, 0)
    }
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `TxPause::PausedCalls` (r:2 w:0)
    // Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(532), added: 3007, mode: `MaxEncodedLen`)
    fn if_else() -> Weight {
        // At least 29_775 ns.
        Weight::from_parts(32_231_000, 7004).saturating_add(T::DbWeight::get().reads(3))
    }
}
