//! Weights of `frame_system_extensions` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `frame_system_extensions`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> frame_system::ExtensionsWeightInfo for WeightInfo<T> {
    fn check_genesis() -> Weight {
        // At least 3_166 ns.
        Weight::from_parts(3_607_000, 0)
    }
    fn check_mortality_mortal_transaction() -> Weight {
        // At least 6_212 ns.
        Weight::from_parts(7_785_000, 0)
    }
    fn check_mortality_immortal_transaction() -> Weight {
        // At least 6_162 ns.
        Weight::from_parts(6_793_000, 0)
    }
    fn check_non_zero_sender() -> Weight {
        // At least 831 ns.
        Weight::from_parts(1_001_000, 0)
    }
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn check_nonce() -> Weight {
        // At least 11_852 ns.
        Weight::from_parts(14_227_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn check_spec_version() -> Weight {
        // At least 642 ns.
        Weight::from_parts(791_000, 0)
    }
    fn check_tx_version() -> Weight {
        // At least 651 ns.
        Weight::from_parts(812_000, 0)
    }
    fn check_weight() -> Weight {
        // At least 7_474 ns.
        Weight::from_parts(8_256_000, 0)
    }
    fn weight_reclaim() -> Weight {
        // At least 4_528 ns.
        Weight::from_parts(5_069_000, 0)
    }
}
