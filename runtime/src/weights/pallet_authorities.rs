//! Weights of `pallet_authorities` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_authorities`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_authorities::WeightInfo for WeightInfo<T> {
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Session::NextKeys` (r:1 w:0)
    // Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Authorities::Authorities` (r:1 w:1)
    // Proof: `Authorities::Authorities` (`max_values`: Some(1), `max_size`: Some(3602), added: 4097, mode: `MaxEncodedLen`)
    fn add() -> Weight {
        // At least 56_305 ns.
        Weight::from_parts(60_173_000, 13406)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Authorities::Authorities` (r:1 w:1)
    // Proof: `Authorities::Authorities` (`max_values`: Some(1), `max_size`: Some(3602), added: 4097, mode: `MaxEncodedLen`)
    // Storage: `Authorities::Offenders` (r:1 w:1)
    // Proof: `Authorities::Offenders` (`max_values`: Some(1), `max_size`: Some(3202), added: 3697, mode: `MaxEncodedLen`)
    // Storage: `Session::NextKeys` (r:100 w:0)
    // Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
    fn remove() -> Weight {
        // At least 530_465 ns.
        Weight::from_parts(559_980_000, 263638)
            .saturating_add(T::DbWeight::get().reads(102))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Aura::CurrentSlot` (r:1 w:0)
    // Proof: `Aura::CurrentSlot` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Session::Validators` (r:1 w:0)
    // Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Aura::Authorities` (r:1 w:0)
    // Proof: `Aura::Authorities` (`max_values`: Some(1), `max_size`: Some(3202), added: 3697, mode: `MaxEncodedLen`)
    // Storage: `Session::QueuedKeys` (r:1 w:0)
    // Proof: `Session::QueuedKeys` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Authorities::Authorities` (r:1 w:0)
    // Proof: `Authorities::Authorities` (`max_values`: Some(1), `max_size`: Some(3602), added: 4097, mode: `MaxEncodedLen`)
    // Storage: `Authorities::LastReported` (r:1 w:1)
    // Proof: `Authorities::LastReported` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
    // Storage: `Authorities::Offenders` (r:1 w:1)
    // Proof: `Authorities::Offenders` (`max_values`: Some(1), `max_size`: Some(3202), added: 3697, mode: `MaxEncodedLen`)
    // Storage: `Session::NextKeys` (r:100 w:0)
    // Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `n` from 1 to 200.
    fn report_double_block(n: u32) -> Weight {
        // At least 748_304 ns.
        Weight::from_parts(836_521_742, 263709)
            .saturating_add(Weight::from_parts(51_463_447, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(107))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(Weight::from_parts(0, 96).saturating_mul(n.into()))
    }
    // Storage: `Authorities::Authorities` (r:1 w:0)
    // Proof: `Authorities::Authorities` (`max_values`: Some(1), `max_size`: Some(3602), added: 4097, mode: `MaxEncodedLen`)
    // Storage: `Authorities::Offenders` (r:1 w:1)
    // Proof: `Authorities::Offenders` (`max_values`: Some(1), `max_size`: Some(3202), added: 3697, mode: `MaxEncodedLen`)
    // Storage: `Session::NextKeys` (r:100 w:0)
    // Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `n` from 1 to 100.
    fn on_offence(n: u32) -> Weight {
        // At least 513_373 ns.
        Weight::from_parts(1_794_453_629, 263638)
            .saturating_add(Weight::from_parts(114_866_896, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(102))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
