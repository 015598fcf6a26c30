//! Weights of `frame_system` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `frame_system`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> frame_system::WeightInfo for WeightInfo<T> {
    // `b` from 0 to 3932160.
    fn remark(b: u32) -> Weight {
        // At least 5_240 ns.
        Weight::from_parts(19_201_946, 0)
            .saturating_add(Weight::from_parts(461, 0).saturating_mul(b.into()))
    }
    // `b` from 0 to 3932160.
    fn remark_with_event(b: u32) -> Weight {
        // At least 11_973 ns.
        Weight::from_parts(12_193_000, 0)
            .saturating_add(Weight::from_parts(1_655, 0).saturating_mul(b.into()))
    }
    // Storage: UNKNOWN KEY `0x3a686561707061676573` (r:0 w:1)
    // Proof: UNKNOWN KEY `0x3a686561707061676573` (r:0 w:1)
    fn set_heap_pages() -> Weight {
        // At least 9_047 ns.
        Weight::from_parts(10_539_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `MultiBlockMigrations::Cursor` (r:1 w:0)
    // Proof: `MultiBlockMigrations::Cursor` (`max_values`: Some(1), `max_size`: Some(65550), added: 66045, mode: `MaxEncodedLen`)
    // Storage: UNKNOWN KEY `0x3a636f6465` (r:0 w:1)
    // Proof: UNKNOWN KEY `0x3a636f6465` (r:0 w:1)
    fn set_code() -> Weight {
        // At least 137_628_542 ns.
        Weight::from_parts(142_561_245_000, 67035)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Skipped::Metadata` (r:0 w:0)
    // Proof: `Skipped::Metadata` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `i` from 0 to 1000.
    fn set_storage(i: u32) -> Weight {
        // At least 5_891 ns.
        Weight::from_parts(6_352_000, 0)
            .saturating_add(Weight::from_parts(1_186_154, 0).saturating_mul(i.into()))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(i.into())))
    }
    // Storage: `Skipped::Metadata` (r:0 w:0)
    // Proof: `Skipped::Metadata` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `i` from 0 to 1000.
    fn kill_storage(i: u32) -> Weight {
        // At least 5_339 ns.
        Weight::from_parts(5_861_000, 0)
            .saturating_add(Weight::from_parts(895_633, 0).saturating_mul(i.into()))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(i.into())))
    }
    // Storage: `Skipped::Metadata` (r:0 w:0)
    // Proof: `Skipped::Metadata` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `p` from 0 to 1000.
    fn kill_prefix(p: u32) -> Weight {
        // At least 9_147 ns.
        Weight::from_parts(9_498_000, 44)
            .saturating_add(Weight::from_parts(1_778_140, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(p.into())))
            .saturating_add(Weight::from_parts(0, 70).saturating_mul(p.into()))
    }
    // Storage: `System::AuthorizedUpgrade` (r:0 w:1)
    // Proof: `System::AuthorizedUpgrade` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    fn authorize_upgrade() -> Weight {
        // At least 30_106 ns.
        Weight::from_parts(35_246_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `System::AuthorizedUpgrade` (r:1 w:1)
    // Proof: `System::AuthorizedUpgrade` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    // Storage: `MultiBlockMigrations::Cursor` (r:1 w:0)
    // Proof: `MultiBlockMigrations::Cursor` (`max_values`: Some(1), `max_size`: Some(65550), added: 66045, mode: `MaxEncodedLen`)
    // Storage: UNKNOWN KEY `0x3a636f6465` (r:0 w:1)
    // Proof: UNKNOWN KEY `0x3a636f6465` (r:0 w:1)
    fn apply_authorized_upgrade() -> Weight {
        // At least 146_600_131 ns.
        Weight::from_parts(158_623_876_000, 67035)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
