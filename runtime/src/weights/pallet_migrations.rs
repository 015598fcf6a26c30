//! Weights of `pallet_migrations` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_migrations`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_migrations::WeightInfo for WeightInfo<T> {
    // Storage: `MultiBlockMigrations::Cursor` (r:1 w:1)
    // Proof: `MultiBlockMigrations::Cursor` (`max_values`: Some(1), `max_size`: Some(65550), added: 66045, mode: `MaxEncodedLen`)
    // Storage: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Proof: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    fn onboard_new_mbms() -> Weight {
        // At least 12_603 ns.
        Weight::from_parts(13_776_000, 67035)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `MultiBlockMigrations::Cursor` (r:1 w:0)
    // Proof: `MultiBlockMigrations::Cursor` (`max_values`: Some(1), `max_size`: Some(65550), added: 66045, mode: `MaxEncodedLen`)
    fn progress_mbms_none() -> Weight {
        // At least 2_375 ns.
        Weight::from_parts(2_736_000, 67035).saturating_add(T::DbWeight::get().reads(1))
    }
    // Storage: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Proof: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Storage: `MultiBlockMigrations::Cursor` (r:0 w:1)
    // Proof: `MultiBlockMigrations::Cursor` (`max_values`: Some(1), `max_size`: Some(65550), added: 66045, mode: `MaxEncodedLen`)
    fn exec_migration_completed() -> Weight {
        // At least 10_590 ns.
        Weight::from_parts(11_582_000, 3561)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Proof: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Storage: `MultiBlockMigrations::Historic` (r:1 w:0)
    // Proof: `MultiBlockMigrations::Historic` (`max_values`: None, `max_size`: Some(266), added: 2741, mode: `MaxEncodedLen`)
    fn exec_migration_skipped_historic() -> Weight {
        // At least 17_563 ns.
        Weight::from_parts(18_966_000, 3731).saturating_add(T::DbWeight::get().reads(2))
    }
    // Storage: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Proof: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Storage: `MultiBlockMigrations::Historic` (r:1 w:0)
    // Proof: `MultiBlockMigrations::Historic` (`max_values`: None, `max_size`: Some(266), added: 2741, mode: `MaxEncodedLen`)
    fn exec_migration_advance() -> Weight {
        // At least 17_001 ns.
        Weight::from_parts(18_454_000, 3731).saturating_add(T::DbWeight::get().reads(2))
    }
    // Storage: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Proof: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Storage: `MultiBlockMigrations::Historic` (r:1 w:1)
    // Proof: `MultiBlockMigrations::Historic` (`max_values`: None, `max_size`: Some(266), added: 2741, mode: `MaxEncodedLen`)
    fn exec_migration_complete() -> Weight {
        // At least 19_988 ns.
        Weight::from_parts(21_881_000, 3731)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Proof: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Storage: `MultiBlockMigrations::Historic` (r:1 w:0)
    // Proof: `MultiBlockMigrations::Historic` (`max_values`: None, `max_size`: Some(266), added: 2741, mode: `MaxEncodedLen`)
    // Storage: `MultiBlockMigrations::Cursor` (r:0 w:1)
    // Proof: `MultiBlockMigrations::Cursor` (`max_values`: Some(1), `max_size`: Some(65550), added: 66045, mode: `MaxEncodedLen`)
    fn exec_migration_fail() -> Weight {
        // At least 20_728 ns.
        Weight::from_parts(22_512_000, 3731)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn on_init_loop() -> Weight {
        // At least 230 ns.
        Weight::from_parts(291_000, 0)
    }
    // Storage: `MultiBlockMigrations::Cursor` (r:0 w:1)
    // Proof: `MultiBlockMigrations::Cursor` (`max_values`: Some(1), `max_size`: Some(65550), added: 66045, mode: `MaxEncodedLen`)
    fn force_set_cursor() -> Weight {
        // At least 6_031 ns.
        Weight::from_parts(7_123_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `MultiBlockMigrations::Cursor` (r:0 w:1)
    // Proof: `MultiBlockMigrations::Cursor` (`max_values`: Some(1), `max_size`: Some(65550), added: 66045, mode: `MaxEncodedLen`)
    fn force_set_active_cursor() -> Weight {
        // At least 6_613 ns.
        Weight::from_parts(7_815_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `MultiBlockMigrations::Cursor` (r:1 w:0)
    // Proof: `MultiBlockMigrations::Cursor` (`max_values`: Some(1), `max_size`: Some(65550), added: 66045, mode: `MaxEncodedLen`)
    // Storage: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    // Proof: UNKNOWN KEY `0x583359fe0e84d953a9dd84e8addb08a5` (r:1 w:0)
    fn force_onboard_mbms() -> Weight {
        // At least 10_249 ns.
        Weight::from_parts(22_041_000, 67035).saturating_add(T::DbWeight::get().reads(2))
    }
    // Storage: `MultiBlockMigrations::Historic` (r:256 w:256)
    // Proof: `MultiBlockMigrations::Historic` (`max_values`: None, `max_size`: Some(266), added: 2741, mode: `MaxEncodedLen`)
    // `n` from 0 to 256.
    fn clear_historic(n: u32) -> Weight {
        // At least 27_482 ns.
        Weight::from_parts(108_935_506, 3965)
            .saturating_add(Weight::from_parts(2_028_310, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2738).saturating_mul(n.into()))
    }
    // Storage: `Skipped::Metadata` (r:0 w:0)
    // Proof: `Skipped::Metadata` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `n` from 0 to 2048.
    fn reset_pallet_migration(n: u32) -> Weight {
        // At least 3_738 ns.
        Weight::from_parts(52_820_904, 1446)
            .saturating_add(Weight::from_parts(1_004_471, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 1).saturating_mul(n.into()))
    }
}
