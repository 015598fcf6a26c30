//! Weights of `pallet_multisig` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_multisig`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_multisig::WeightInfo for WeightInfo<T> {
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `TxPause::PausedCalls` (r:1 w:0)
    // Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(532), added: 3007, mode: `MaxEncodedLen`)
    // `z` from 0 to 10000.
    fn as_multi_threshold_1(z: u32) -> Weight {
        // At least 45_696 ns.
        Weight::from_parts(61_174_353, 3997)
            .saturating_add(Weight::from_parts(7_263, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(2))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 2 to 40.
    // `z` from 0 to 10000.
    fn as_multi_create(s: u32, z: u32) -> Weight {
        // At least 63_238 ns.
        Weight::from_parts(53_614_708, 4890)
            .saturating_add(Weight::from_parts(303_579, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(8_634, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 3 to 40.
    // `z` from 0 to 10000.
    fn as_multi_approve(s: u32, z: u32) -> Weight {
        // At least 46_257 ns.
        Weight::from_parts(29_989_186, 4890)
            .saturating_add(Weight::from_parts(414_433, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(8_527, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `TxPause::PausedCalls` (r:1 w:0)
    // Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(532), added: 3007, mode: `MaxEncodedLen`)
    // `s` from 2 to 40.
    // `z` from 0 to 10000.
    fn as_multi_complete(s: u32, z: u32) -> Weight {
        // At least 82_124 ns.
        Weight::from_parts(66_693_170, 4890)
            .saturating_add(Weight::from_parts(459_754, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(8_483, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 2 to 40.
    fn approve_as_multi_create(s: u32) -> Weight {
        // At least 45_305 ns.
        Weight::from_parts(46_875_348, 4890)
            .saturating_add(Weight::from_parts(370_142, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 2 to 40.
    fn approve_as_multi_approve(s: u32) -> Weight {
        // At least 27_982 ns.
        Weight::from_parts(30_346_151, 4890)
            .saturating_add(Weight::from_parts(381_079, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 2 to 40.
    fn cancel_as_multi(s: u32) -> Weight {
        // At least 45_555 ns.
        Weight::from_parts(51_075_337, 4890)
            .saturating_add(Weight::from_parts(265_495, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 2 to 40.
    fn poke_deposit(s: u32) -> Weight {
        // At least 42_860 ns.
        Weight::from_parts(46_654_136, 4890)
            .saturating_add(Weight::from_parts(326_869, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
