//! Weights of `pallet_records` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_records`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_records::WeightInfo for WeightInfo<T> {
    // Storage: `BusinessBlocks::Schemas` (r:1 w:0)
    // Proof: `BusinessBlocks::Schemas` (`max_values`: None, `max_size`: Some(146), added: 2621, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `Consents::WriteConsents` (r:1 w:0)
    // Proof: `Consents::WriteConsents` (`max_values`: None, `max_size`: Some(100), added: 2575, mode: `MaxEncodedLen`)
    // Storage: `Consents::ScopeKeys` (r:1 w:0)
    // Proof: `Consents::ScopeKeys` (`max_values`: None, `max_size`: Some(94), added: 2569, mode: `MaxEncodedLen`)
    // Storage: `Records::Records` (r:1 w:1)
    // Proof: `Records::Records` (`max_values`: None, `max_size`: Some(260), added: 2735, mode: `MaxEncodedLen`)
    // Storage: `HealthCoin::EarnedByPerson` (r:1 w:1)
    // Proof: `HealthCoin::EarnedByPerson` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `HealthCoin::EarnedByAuthor` (r:1 w:1)
    // Proof: `HealthCoin::EarnedByAuthor` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Records::FileOf` (r:0 w:1)
    // Proof: `Records::FileOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // `r` from 2 to 4.
    fn share(r: u32) -> Weight {
        // At least 356_129 ns.
        Weight::from_parts(275_353_161, 13406)
            .saturating_add(Weight::from_parts(55_531_524, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    // Storage: `BusinessBlocks::Schemas` (r:1 w:0)
    // Proof: `BusinessBlocks::Schemas` (`max_values`: None, `max_size`: Some(146), added: 2621, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `Consents::WriteConsents` (r:1 w:0)
    // Proof: `Consents::WriteConsents` (`max_values`: None, `max_size`: Some(100), added: 2575, mode: `MaxEncodedLen`)
    // Storage: `Consents::ScopeKeys` (r:1 w:0)
    // Proof: `Consents::ScopeKeys` (`max_values`: None, `max_size`: Some(94), added: 2569, mode: `MaxEncodedLen`)
    // Storage: `Records::Records` (r:1 w:1)
    // Proof: `Records::Records` (`max_values`: None, `max_size`: Some(260), added: 2735, mode: `MaxEncodedLen`)
    // Storage: `HealthCoin::EarnedByPerson` (r:1 w:1)
    // Proof: `HealthCoin::EarnedByPerson` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `HealthCoin::EarnedByAuthor` (r:1 w:1)
    // Proof: `HealthCoin::EarnedByAuthor` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Records::FileOf` (r:0 w:1)
    // Proof: `Records::FileOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // `r` from 2 to 4.
    fn share_batch(r: u32) -> Weight {
        // At least 360_356 ns.
        Weight::from_parts(194_468_255, 13406)
            .saturating_add(Weight::from_parts(104_095_931, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    // Storage: `Records::Records` (r:2 w:2)
    // Proof: `Records::Records` (`max_values`: None, `max_size`: Some(260), added: 2735, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Schemas` (r:1 w:0)
    // Proof: `BusinessBlocks::Schemas` (`max_values`: None, `max_size`: Some(146), added: 2621, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `Consents::WriteConsents` (r:1 w:0)
    // Proof: `Consents::WriteConsents` (`max_values`: None, `max_size`: Some(100), added: 2575, mode: `MaxEncodedLen`)
    // Storage: `Consents::ScopeKeys` (r:1 w:0)
    // Proof: `Consents::ScopeKeys` (`max_values`: None, `max_size`: Some(94), added: 2569, mode: `MaxEncodedLen`)
    // Storage: `Records::FileOf` (r:0 w:1)
    // Proof: `Records::FileOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // `r` from 2 to 4.
    fn supersede(r: u32) -> Weight {
        // At least 232_897 ns.
        Weight::from_parts(184_081_905, 13406)
            .saturating_add(Weight::from_parts(40_299_357, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Proof: `RealName::PersonOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `Records::Records` (r:1 w:1)
    // Proof: `Records::Records` (`max_values`: None, `max_size`: Some(260), added: 2735, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:5 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    fn reject() -> Weight {
        // At least 234_701 ns.
        Weight::from_parts(247_023_000, 14005)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
