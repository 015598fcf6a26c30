//! Weights of calls and hooks. The runtime uses generated ones.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// What calls and hooks cost.
pub trait WeightInfo {
    /// A block in which no era begins.
    fn on_initialize_idle() -> Weight;
    /// An era begins while every region earned in the one that ends.
    fn begin_era() -> Weight;
    fn set_schedule() -> Weight;
    fn set_transfer_policy() -> Weight;
    /// `n` regions are paid.
    fn settle_era(n: u32) -> Weight;
    fn claw_back() -> Weight;
    fn set_publishing_schedule() -> Weight;
}

/// Estimates for tests.
impl WeightInfo for () {
    fn on_initialize_idle() -> Weight {
        Weight::from_parts(3_000_000, 1_500).saturating_add(RocksDbWeight::get().reads(2))
    }
    fn begin_era() -> Weight {
        Weight::from_parts(40_000_000, 4_000)
            .saturating_add(RocksDbWeight::get().reads_writes(5, 5))
    }
    fn set_schedule() -> Weight {
        Weight::from_parts(8_000_000, 0).saturating_add(RocksDbWeight::get().writes(1))
    }
    fn set_transfer_policy() -> Weight {
        Weight::from_parts(7_000_000, 0).saturating_add(RocksDbWeight::get().writes(1))
    }
    fn settle_era(n: u32) -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(Weight::from_parts(35_000_000, 2_600).saturating_mul(n.into()))
            .saturating_add(RocksDbWeight::get().reads_writes(4, 3))
            .saturating_add(RocksDbWeight::get().reads_writes(1, 1).saturating_mul(n.into()))
    }
    fn claw_back() -> Weight {
        Weight::from_parts(50_000_000, 6_200)
            .saturating_add(RocksDbWeight::get().reads_writes(2, 2))
    }
    fn set_publishing_schedule() -> Weight {
        Weight::from_parts(8_000_000, 0).saturating_add(RocksDbWeight::get().writes(1))
    }
}
