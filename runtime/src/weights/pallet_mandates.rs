//! Weights of `pallet_mandates` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_mandates`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_mandates::WeightInfo for WeightInfo<T> {
    // Storage: `Mandates::CounterForPending` (r:1 w:1)
    // Proof: `Mandates::CounterForPending` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `Mandates::Pending` (r:10 w:9)
    // Proof: `Mandates::Pending` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    // Storage: `Parameters::Parameters` (r:1 w:0)
    // Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
    // Storage: `Mandates::GenesisTimeLock` (r:1 w:0)
    // Proof: `Mandates::GenesisTimeLock` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // `p` from 0 to 8.
    fn propose_upgrade(p: u32) -> Weight {
        // At least 36_168 ns.
        Weight::from_parts(40_059_673, 6044)
            .saturating_add(Weight::from_parts(10_871_509, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(p.into())))
            .saturating_add(Weight::from_parts(0, 2527).saturating_mul(p.into()))
    }
    // Storage: `Mandates::Regulator` (r:1 w:0)
    // Proof: `Mandates::Regulator` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    // Storage: `Mandates::Pending` (r:1 w:1)
    // Proof: `Mandates::Pending` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    // Storage: `Mandates::CounterForPending` (r:1 w:1)
    // Proof: `Mandates::CounterForPending` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn veto() -> Weight {
        // At least 26_730 ns.
        Weight::from_parts(28_794_000, 3517)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Mandates::Pending` (r:1 w:1)
    // Proof: `Mandates::Pending` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    // Storage: `Mandates::CounterForPending` (r:1 w:1)
    // Proof: `Mandates::CounterForPending` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn cancel() -> Weight {
        // At least 24_486 ns.
        Weight::from_parts(26_659_000, 3517)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Mandates::Pending` (r:1 w:1)
    // Proof: `Mandates::Pending` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    // Storage: `Mandates::CounterForPending` (r:1 w:1)
    // Proof: `Mandates::CounterForPending` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `System::AuthorizedUpgrade` (r:0 w:1)
    // Proof: `System::AuthorizedUpgrade` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    fn enact() -> Weight {
        // At least 33_763 ns.
        Weight::from_parts(36_128_000, 3517)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Mandates::Regulator` (r:1 w:1)
    // Proof: `Mandates::Regulator` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn set_regulator() -> Weight {
        // At least 41_738 ns.
        Weight::from_parts(44_894_000, 6196)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}
