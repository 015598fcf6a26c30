//! Weights of `pallet_free_lane` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_free_lane`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_free_lane::WeightInfo for WeightInfo<T> {
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Proof: `RealName::PersonOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Practitioners` (r:1 w:0)
    // Proof: `Institutions::Practitioners` (`max_values`: None, `max_size`: Some(127), added: 2602, mode: `MaxEncodedLen`)
    // Storage: `Council::Members` (r:1 w:0)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `FreeLane::Usage` (r:1 w:1)
    // Proof: `FreeLane::Usage` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    fn draw() -> Weight {
        // At least 46_377 ns.
        Weight::from_parts(48_671_000, 13406)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `FreeLane::SweptTo` (r:1 w:1)
    // Proof: `FreeLane::SweptTo` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::Usage` (r:17 w:16)
    // Proof: `FreeLane::Usage` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    // `n` from 0 to 16.
    fn sweep(n: u32) -> Weight {
        // At least 9_137 ns.
        Weight::from_parts(11_148_857, 3529)
            .saturating_add(Weight::from_parts(6_995_904, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2539).saturating_mul(n.into()))
    }
}
