//! Weights of `pallet_consents` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_consents`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_consents::WeightInfo for WeightInfo<T> {
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Proof: `RealName::PersonOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    // Storage: `Consents::Grants` (r:1 w:1)
    // Proof: `Consents::Grants` (`max_values`: None, `max_size`: Some(2478), added: 4953, mode: `MaxEncodedLen`)
    // `b` from 1 to 5.
    fn grant(b: u32) -> Weight {
        // At least 66_184 ns.
        Weight::from_parts(68_636_474, 10447)
            .saturating_add(Weight::from_parts(5_311_133, 0).saturating_mul(b.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:2 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `Consents::Grants` (r:3 w:1)
    // Proof: `Consents::Grants` (`max_values`: None, `max_size`: Some(2478), added: 4953, mode: `MaxEncodedLen`)
    // `b` from 1 to 5.
    fn delegate(b: u32) -> Weight {
        // At least 115_978 ns.
        Weight::from_parts(158_975_031, 15849)
            .saturating_add(Weight::from_parts(7_410_079, 0).saturating_mul(b.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Proof: `RealName::PersonOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `Consents::Grants` (r:1 w:1)
    // Proof: `Consents::Grants` (`max_values`: None, `max_size`: Some(2478), added: 4953, mode: `MaxEncodedLen`)
    fn revoke() -> Weight {
        // At least 37_340 ns.
        Weight::from_parts(44_093_000, 5943)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Reckoned by hand from `revoke`, until `scripts/weights.sh` measures it.
    fn revoke_linked() -> Weight {
        Weight::from_parts(60_000_000, 9_000)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Consents::Grants` (r:1 w:1)
    // Proof: `Consents::Grants` (`max_values`: None, `max_size`: Some(2478), added: 4953, mode: `MaxEncodedLen`)
    fn renounce() -> Weight {
        // At least 54_422 ns.
        Weight::from_parts(61_827_000, 13406)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Proof: `RealName::PersonOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    // Storage: `Consents::WriteConsents` (r:0 w:1)
    // Proof: `Consents::WriteConsents` (`max_values`: None, `max_size`: Some(100), added: 2575, mode: `MaxEncodedLen`)
    // `b` from 0 to 5.
    fn allow_writing(b: u32) -> Weight {
        // At least 45_826 ns.
        Weight::from_parts(51_940_365, 10447)
            .saturating_add(Weight::from_parts(6_088_173, 0).saturating_mul(b.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Proof: `RealName::PersonOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:0)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    // Storage: `Consents::ScopeKeys` (r:1 w:1)
    // Proof: `Consents::ScopeKeys` (`max_values`: None, `max_size`: Some(94), added: 2569, mode: `MaxEncodedLen`)
    // Storage: `Consents::Grants` (r:32 w:32)
    // Proof: `Consents::Grants` (`max_values`: None, `max_size`: Some(2478), added: 4953, mode: `MaxEncodedLen`)
    // `r` from 0 to 32.
    fn rotate_scope_key(r: u32) -> Weight {
        // At least 62_307 ns.
        Weight::from_parts(84_113_876, 10447)
            .saturating_add(Weight::from_parts(12_201_938, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 4953).saturating_mul(r.into()))
    }
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `Consents::AccessLogs` (r:1 w:1)
    // Proof: `Consents::AccessLogs` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // `p` from 3 to 64.
    fn anchor_access_log(p: u32) -> Weight {
        // At least 37_330 ns.
        Weight::from_parts(36_481_541, 13406)
            .saturating_add(Weight::from_parts(1_019_755, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
