//! Weights of `pallet_real_name` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_real_name`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_real_name::WeightInfo for WeightInfo<T> {
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:1)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::PersonOf` (r:1 w:1)
    // Proof: `RealName::PersonOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // Storage: `BusinessBlocks::Blocks` (r:1 w:0)
    // Proof: `BusinessBlocks::Blocks` (`max_values`: Some(1), `max_size`: Some(8962), added: 9457, mode: `MaxEncodedLen`)
    // Storage: `Consents::ScopeKeys` (r:6 w:6)
    // Proof: `Consents::ScopeKeys` (`max_values`: None, `max_size`: Some(94), added: 2569, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `Consents::WriteConsents` (r:0 w:1)
    // Proof: `Consents::WriteConsents` (`max_values`: None, `max_size`: Some(100), added: 2575, mode: `MaxEncodedLen`)
    // `k` from 0 to 6.
    fn attest(k: u32) -> Weight {
        // At least 228_649 ns.
        Weight::from_parts(245_343_237, 13406)
            .saturating_add(Weight::from_parts(12_504_806, 0).saturating_mul(k.into()))
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(k.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(k.into())))
            .saturating_add(Weight::from_parts(0, 2569).saturating_mul(k.into()))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Institutions::InstitutionOf` (r:1 w:0)
    // Proof: `Institutions::InstitutionOf` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `Institutions::Institutions` (r:1 w:0)
    // Proof: `Institutions::Institutions` (`max_values`: None, `max_size`: Some(261), added: 2736, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:2 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:1)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    fn renew() -> Weight {
        // At least 60_433 ns.
        Weight::from_parts(64_421_000, 13406)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `RealName::PersonOf` (r:2 w:2)
    // Proof: `RealName::PersonOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:1)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn rotate_controller() -> Weight {
        // At least 183_885 ns.
        Weight::from_parts(192_301_000, 6196)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Proof: `RealName::PersonOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:1)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    fn rotate_data_key() -> Weight {
        // At least 41_047 ns.
        Weight::from_parts(43_802_000, 3619)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `RealName::PersonOf` (r:1 w:0)
    // Proof: `RealName::PersonOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:1)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::InvalidFrom` (r:1 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    fn move_region() -> Weight {
        // At least 50_585 ns.
        Weight::from_parts(53_550_000, 13406)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `RealName::InvalidFrom` (r:1 w:1)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    fn invalidate_attester() -> Weight {
        // At least 18_925 ns.
        Weight::from_parts(20_719_000, 3501)
            .saturating_add(T::DbWeight::get().reads(1))
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
    // Storage: `RealName::InvalidFrom` (r:2 w:0)
    // Proof: `RealName::InvalidFrom` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:1)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    fn re_attest() -> Weight {
        // At least 60_824 ns.
        Weight::from_parts(65_303_000, 13406)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Regions::Regions` (r:1 w:0)
    // Proof: `Regions::Regions` (`max_values`: Some(1), `max_size`: Some(11921), added: 12416, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:1)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    fn suspend() -> Weight {
        // At least 30_918 ns.
        Weight::from_parts(34_685_000, 13406)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `RealName::Persons` (r:1 w:1)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    fn lift() -> Weight {
        // At least 20_398 ns.
        Weight::from_parts(22_602_000, 3619)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `RealName::Persons` (r:1 w:1)
    // Proof: `RealName::Persons` (`max_values`: None, `max_size`: Some(154), added: 2629, mode: `MaxEncodedLen`)
    // Storage: `RealName::PersonOf` (r:1 w:1)
    // Proof: `RealName::PersonOf` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `FreeLane::HighestRemovedNonce` (r:1 w:0)
    // Proof: `FreeLane::HighestRemovedNonce` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn remove_expired() -> Weight {
        // At least 47_099 ns.
        Weight::from_parts(49_944_000, 3619)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Reckoned by hand from like calls, until `scripts/weights.sh` measures them.
    fn link() -> Weight {
        Weight::from_parts(480_000_000, 45_000)
            .saturating_add(T::DbWeight::get().reads(33))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn approve_link() -> Weight {
        Weight::from_parts(140_000_000, 45_000)
            .saturating_add(T::DbWeight::get().reads(27))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn refuse_link() -> Weight {
        Weight::from_parts(35_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn undo_alias() -> Weight {
        Weight::from_parts(80_000_000, 14_000)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn migrate() -> Weight {
        Weight::from_parts(260_000_000, 20_000)
            .saturating_add(T::DbWeight::get().reads(19))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}
