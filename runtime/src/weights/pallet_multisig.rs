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
        // At least 45_075 ns.
        Weight::from_parts(47_266_451, 3997)
            .saturating_add(Weight::from_parts(7_945, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(2))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 2 to 40.
    // `z` from 0 to 10000.
    fn as_multi_create(s: u32, z: u32) -> Weight {
        // At least 63_570 ns.
        Weight::from_parts(48_983_998, 4890)
            .saturating_add(Weight::from_parts(431_470, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(8_004, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 3 to 40.
    // `z` from 0 to 10000.
    fn as_multi_approve(s: u32, z: u32) -> Weight {
        // At least 44_965 ns.
        Weight::from_parts(31_499_464, 4890)
            .saturating_add(Weight::from_parts(409_219, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(8_104, 0).saturating_mul(z.into()))
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
        // At least 82_986 ns.
        Weight::from_parts(64_478_561, 4890)
            .saturating_add(Weight::from_parts(645_980, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(8_436, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 2 to 40.
    fn approve_as_multi_create(s: u32) -> Weight {
        // At least 45_285 ns.
        Weight::from_parts(50_677_819, 4890)
            .saturating_add(Weight::from_parts(354_718, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 2 to 40.
    fn approve_as_multi_approve(s: u32) -> Weight {
        // At least 28_424 ns.
        Weight::from_parts(30_850_661, 4890)
            .saturating_add(Weight::from_parts(372_712, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 2 to 40.
    fn cancel_as_multi(s: u32) -> Weight {
        // At least 44_964 ns.
        Weight::from_parts(48_869_068, 4890)
            .saturating_add(Weight::from_parts(375_220, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Multisig::Multisigs` (r:1 w:1)
    // Proof: `Multisig::Multisigs` (`max_values`: None, `max_size`: Some(1425), added: 3900, mode: `MaxEncodedLen`)
    // `s` from 2 to 40.
    fn poke_deposit(s: u32) -> Weight {
        // At least 43_111 ns.
        Weight::from_parts(47_324_606, 4890)
            .saturating_add(Weight::from_parts(334_814, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
