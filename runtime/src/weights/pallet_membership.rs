//! Weights of `pallet_membership` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_membership`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_membership::WeightInfo for WeightInfo<T> {
    // Storage: `CouncilMembership::Members` (r:1 w:1)
    // Proof: `CouncilMembership::Members` (`max_values`: Some(1), `max_size`: Some(1281), added: 1776, mode: `MaxEncodedLen`)
    // Storage: `Council::Proposals` (r:1 w:0)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Members` (r:0 w:1)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Prime` (r:0 w:1)
    // Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // `m` from 1 to 39.
    fn add_member(m: u32) -> Weight {
        // At least 20_699 ns.
        Weight::from_parts(22_236_901, 2766)
            .saturating_add(Weight::from_parts(62_344, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
    }
    // Storage: `CouncilMembership::Members` (r:1 w:1)
    // Proof: `CouncilMembership::Members` (`max_values`: Some(1), `max_size`: Some(1281), added: 1776, mode: `MaxEncodedLen`)
    // Storage: `Council::Proposals` (r:1 w:0)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `CouncilMembership::Prime` (r:1 w:0)
    // Proof: `CouncilMembership::Prime` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    // Storage: `Council::Members` (r:0 w:1)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Prime` (r:0 w:1)
    // Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // `m` from 2 to 40.
    fn remove_member(m: u32) -> Weight {
        // At least 26_019 ns.
        Weight::from_parts(27_554_778, 2766)
            .saturating_add(Weight::from_parts(53_632, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
    }
    // Storage: `CouncilMembership::Members` (r:1 w:1)
    // Proof: `CouncilMembership::Members` (`max_values`: Some(1), `max_size`: Some(1281), added: 1776, mode: `MaxEncodedLen`)
    // Storage: `Council::Proposals` (r:1 w:0)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `CouncilMembership::Prime` (r:1 w:0)
    // Proof: `CouncilMembership::Prime` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    // Storage: `Council::Members` (r:0 w:1)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Prime` (r:0 w:1)
    // Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // `m` from 2 to 40.
    fn swap_member(m: u32) -> Weight {
        // At least 26_250 ns.
        Weight::from_parts(27_422_837, 2766)
            .saturating_add(Weight::from_parts(75_922, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
    }
    // Storage: `CouncilMembership::Members` (r:1 w:1)
    // Proof: `CouncilMembership::Members` (`max_values`: Some(1), `max_size`: Some(1281), added: 1776, mode: `MaxEncodedLen`)
    // Storage: `Council::Proposals` (r:1 w:0)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `CouncilMembership::Prime` (r:1 w:0)
    // Proof: `CouncilMembership::Prime` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    // Storage: `Council::Members` (r:0 w:1)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Prime` (r:0 w:1)
    // Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // `m` from 1 to 40.
    fn reset_members(m: u32) -> Weight {
        // At least 26_029 ns.
        Weight::from_parts(27_804_591, 2766)
            .saturating_add(Weight::from_parts(223_982, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
    }
    // Storage: `CouncilMembership::Members` (r:1 w:1)
    // Proof: `CouncilMembership::Members` (`max_values`: Some(1), `max_size`: Some(1281), added: 1776, mode: `MaxEncodedLen`)
    // Storage: `Council::Proposals` (r:1 w:0)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `CouncilMembership::Prime` (r:1 w:1)
    // Proof: `CouncilMembership::Prime` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    // Storage: `Council::Members` (r:0 w:1)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Prime` (r:0 w:1)
    // Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // `m` from 1 to 40.
    fn change_key(m: u32) -> Weight {
        // At least 26_850 ns.
        Weight::from_parts(28_222_500, 2766)
            .saturating_add(Weight::from_parts(82_082, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
    }
    // Storage: `CouncilMembership::Members` (r:1 w:0)
    // Proof: `CouncilMembership::Members` (`max_values`: Some(1), `max_size`: Some(1281), added: 1776, mode: `MaxEncodedLen`)
    // Storage: `CouncilMembership::Prime` (r:0 w:1)
    // Proof: `CouncilMembership::Prime` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    // Storage: `Council::Prime` (r:0 w:1)
    // Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // `m` from 1 to 40.
    fn set_prime(m: u32) -> Weight {
        // At least 11_912 ns.
        Weight::from_parts(14_130_279, 2766)
            .saturating_add(Weight::from_parts(12_263, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
    }
    // Storage: `CouncilMembership::Prime` (r:0 w:1)
    // Proof: `CouncilMembership::Prime` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    // Storage: `Council::Prime` (r:0 w:1)
    // Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    fn clear_prime() -> Weight {
        // At least 5_360 ns.
        Weight::from_parts(6_323_000, 0).saturating_add(T::DbWeight::get().writes(2))
    }
}
