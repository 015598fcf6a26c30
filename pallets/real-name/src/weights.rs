//! Weights of the calls. The runtime brings measured ones; `()` is an estimate for tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// What the calls cost.
pub trait WeightInfo {
    /// `k` scope keys.
    fn attest(k: u32) -> Weight;
    /// [`crate::Call::renew`]
    fn renew() -> Weight;
    /// [`crate::Call::rotate_controller`]
    fn rotate_controller() -> Weight;
    /// [`crate::Call::rotate_data_key`]
    fn rotate_data_key() -> Weight;
    /// [`crate::Call::move_region`]
    fn move_region() -> Weight;
    /// [`crate::Call::invalidate_attester`]
    fn invalidate_attester() -> Weight;
    /// [`crate::Call::re_attest`]
    fn re_attest() -> Weight;
    /// [`crate::Call::suspend`]
    fn suspend() -> Weight;
    /// [`crate::Call::lift`]
    fn lift() -> Weight;
    /// [`crate::Call::remove_expired`]
    fn remove_expired() -> Weight;
    /// [`crate::Call::link`]
    fn link() -> Weight;
    /// [`crate::Call::approve_link`]
    fn approve_link() -> Weight;
    /// [`crate::Call::refuse_link`]
    fn refuse_link() -> Weight;
    /// [`crate::Call::undo_alias`]
    fn undo_alias() -> Weight;
    /// [`crate::Call::migrate`]
    fn migrate() -> Weight;
}

impl WeightInfo for () {
    fn attest(k: u32) -> Weight {
        Weight::from_parts(180_000_000, 8_000)
            .saturating_add(Weight::from_parts(4_000_000, 2_600).saturating_mul(k.into()))
            .saturating_add(RocksDbWeight::get().reads_writes(11, 5))
            .saturating_add(RocksDbWeight::get().reads_writes(1, 1).saturating_mul(k.into()))
    }
    fn renew() -> Weight {
        Weight::from_parts(24_000_000, 3_700)
            .saturating_add(RocksDbWeight::get().reads_writes(6, 1))
    }
    fn rotate_controller() -> Weight {
        Weight::from_parts(160_000_000, 6_200)
            .saturating_add(RocksDbWeight::get().reads_writes(7, 5))
    }
    fn rotate_data_key() -> Weight {
        Weight::from_parts(22_000_000, 3_700)
            .saturating_add(RocksDbWeight::get().reads_writes(4, 1))
    }
    fn move_region() -> Weight {
        Weight::from_parts(24_000_000, 8_000)
            .saturating_add(RocksDbWeight::get().reads_writes(5, 1))
    }
    fn invalidate_attester() -> Weight {
        Weight::from_parts(12_000_000, 3_500)
            .saturating_add(RocksDbWeight::get().reads_writes(1, 1))
    }
    fn re_attest() -> Weight {
        Weight::from_parts(24_000_000, 3_700)
            .saturating_add(RocksDbWeight::get().reads_writes(7, 1))
    }
    fn suspend() -> Weight {
        Weight::from_parts(18_000_000, 8_000)
            .saturating_add(RocksDbWeight::get().reads_writes(2, 1))
    }
    fn lift() -> Weight {
        Weight::from_parts(14_000_000, 3_700)
            .saturating_add(RocksDbWeight::get().reads_writes(1, 1))
    }
    fn remove_expired() -> Weight {
        Weight::from_parts(26_000_000, 3_700)
            .saturating_add(RocksDbWeight::get().reads_writes(4, 3))
    }
    fn link() -> Weight {
        Weight::from_parts(330_000_000, 24_000)
            .saturating_add(RocksDbWeight::get().reads_writes(28, 4))
    }
    fn approve_link() -> Weight {
        Weight::from_parts(70_000_000, 24_000)
            .saturating_add(RocksDbWeight::get().reads_writes(24, 4))
    }
    fn refuse_link() -> Weight {
        Weight::from_parts(20_000_000, 4_000)
            .saturating_add(RocksDbWeight::get().reads_writes(3, 2))
    }
    fn undo_alias() -> Weight {
        Weight::from_parts(40_000_000, 8_000)
            .saturating_add(RocksDbWeight::get().reads_writes(8, 5))
    }
    fn migrate() -> Weight {
        Weight::from_parts(190_000_000, 12_000)
            .saturating_add(RocksDbWeight::get().reads_writes(18, 3))
    }
}
