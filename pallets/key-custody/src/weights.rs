//! Weights of the calls. The runtime brings measured ones; `()` is an estimate for tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// What the calls cost.
pub trait WeightInfo {
    /// [`crate::Call::set_custodian`]
    fn set_custodian() -> Weight;
    /// [`crate::Call::remove_custodian`]
    fn remove_custodian() -> Weight;
    /// `n` parts.
    fn deal(n: u32) -> Weight;
    /// [`crate::Call::acknowledge`]
    fn acknowledge() -> Weight;
    /// [`crate::Call::complain`]
    fn complain() -> Weight;
    /// [`crate::Call::open_recovery`]
    fn open_recovery() -> Weight;
    /// [`crate::Call::approve_recovery`]
    fn approve_recovery() -> Weight;
    /// [`crate::Call::veto_recovery`]
    fn veto_recovery() -> Weight;
    /// [`crate::Call::record_hearing`]
    fn record_hearing() -> Weight;
    /// [`crate::Call::dismiss_recovery`]
    fn dismiss_recovery() -> Weight;
    /// [`crate::Call::withdraw_recovery`]
    fn withdraw_recovery() -> Weight;
    /// [`crate::Call::execute_recovery`]
    fn execute_recovery() -> Weight;
    /// [`crate::Call::hand_over`]
    fn hand_over() -> Weight;
    /// [`crate::Call::open_emergency`]
    fn open_emergency() -> Weight;
    /// [`crate::Call::review_emergency`]
    fn review_emergency() -> Weight;
    /// [`crate::Call::escalate_emergency`]
    fn escalate_emergency() -> Weight;
    /// [`crate::Call::close_emergency`]
    fn close_emergency() -> Weight;
    /// [`crate::Call::prune_case`]
    fn prune_case() -> Weight;
    /// [`crate::Call::collect_coins`]
    fn collect_coins() -> Weight;
    /// [`crate::Call::rotate_key`]
    fn rotate_key() -> Weight;
}

impl WeightInfo for () {
    fn set_custodian() -> Weight {
        Weight::from_parts(70_000_000, 8_000)
            .saturating_add(RocksDbWeight::get().reads_writes(5, 4))
    }
    fn remove_custodian() -> Weight {
        Weight::from_parts(60_000_000, 8_000)
            .saturating_add(RocksDbWeight::get().reads_writes(4, 3))
    }
    fn deal(n: u32) -> Weight {
        Weight::from_parts(60_000_000, 6_000)
            .saturating_add(RocksDbWeight::get().reads_writes(7, 1))
            .saturating_add(Weight::from_parts(3_000_000, 100).saturating_mul(n.into()))
            .saturating_add(RocksDbWeight::get().writes(2).saturating_mul(n.into()))
    }
    fn acknowledge() -> Weight {
        Weight::from_parts(45_000_000, 6_000)
            .saturating_add(RocksDbWeight::get().reads_writes(4, 2))
    }
    fn complain() -> Weight {
        Weight::from_parts(40_000_000, 6_000)
            .saturating_add(RocksDbWeight::get().reads_writes(3, 2))
    }
    fn open_recovery() -> Weight {
        Weight::from_parts(260_000_000, 9_000)
            .saturating_add(RocksDbWeight::get().reads_writes(20, 13))
    }
    fn approve_recovery() -> Weight {
        Weight::from_parts(40_000_000, 6_000)
            .saturating_add(RocksDbWeight::get().reads_writes(3, 1))
    }
    fn veto_recovery() -> Weight {
        Weight::from_parts(45_000_000, 6_000)
            .saturating_add(RocksDbWeight::get().reads_writes(5, 1))
    }
    fn record_hearing() -> Weight {
        Weight::from_parts(45_000_000, 6_000)
            .saturating_add(RocksDbWeight::get().reads_writes(4, 1))
    }
    fn dismiss_recovery() -> Weight {
        Weight::from_parts(60_000_000, 6_000)
            .saturating_add(RocksDbWeight::get().reads_writes(11, 7))
    }
    fn withdraw_recovery() -> Weight {
        Weight::from_parts(60_000_000, 6_000)
            .saturating_add(RocksDbWeight::get().reads_writes(13, 7))
    }
    fn execute_recovery() -> Weight {
        Weight::from_parts(190_000_000, 9_000)
            .saturating_add(RocksDbWeight::get().reads_writes(16, 26))
    }
    fn hand_over() -> Weight {
        Weight::from_parts(50_000_000, 6_000)
            .saturating_add(RocksDbWeight::get().reads_writes(4, 2))
    }
    fn open_emergency() -> Weight {
        Weight::from_parts(110_000_000, 9_000)
            .saturating_add(RocksDbWeight::get().reads_writes(12, 21))
    }
    fn review_emergency() -> Weight {
        Weight::from_parts(90_000_000, 9_000)
            .saturating_add(RocksDbWeight::get().reads_writes(6, 22))
    }
    fn escalate_emergency() -> Weight {
        Weight::from_parts(60_000_000, 6_000)
            .saturating_add(RocksDbWeight::get().reads_writes(5, 4))
    }
    fn close_emergency() -> Weight {
        Weight::from_parts(70_000_000, 9_000)
            .saturating_add(RocksDbWeight::get().reads_writes(4, 19))
    }
    fn prune_case() -> Weight {
        Weight::from_parts(80_000_000, 9_000)
            .saturating_add(RocksDbWeight::get().reads_writes(9, 20))
    }
    fn collect_coins() -> Weight {
        Weight::from_parts(80_000_000, 6_000)
            .saturating_add(RocksDbWeight::get().reads_writes(6, 3))
    }
    fn rotate_key() -> Weight {
        Weight::from_parts(70_000_000, 8_000)
            .saturating_add(RocksDbWeight::get().reads_writes(3, 2))
    }
}
