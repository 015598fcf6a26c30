//! Weights of the calls. The runtime brings measured ones; `()` is an estimate for tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// What the calls cost.
pub trait WeightInfo {
    /// `p` upgrades that wait, all of them expired.
    fn propose_upgrade(p: u32) -> Weight;
    /// [`crate::Call::veto`]
    fn veto() -> Weight;
    /// [`crate::Call::cancel`]
    fn cancel() -> Weight;
    /// [`crate::Call::enact`]
    fn enact() -> Weight;
    /// [`crate::Call::set_regulator`]
    fn set_regulator() -> Weight;
}

impl WeightInfo for () {
    fn propose_upgrade(p: u32) -> Weight {
        Weight::from_parts(18_000_000, 3_500)
            .saturating_add(Weight::from_parts(4_000_000, 2_520).saturating_mul(p.into()))
            .saturating_add(RocksDbWeight::get().reads_writes(3, 2))
            .saturating_add(RocksDbWeight::get().reads_writes(1, 1).saturating_mul(p.into()))
    }
    fn veto() -> Weight {
        Weight::from_parts(16_000_000, 3_500)
            .saturating_add(RocksDbWeight::get().reads_writes(3, 2))
    }
    fn cancel() -> Weight {
        Weight::from_parts(14_000_000, 3_500)
            .saturating_add(RocksDbWeight::get().reads_writes(2, 2))
    }
    fn enact() -> Weight {
        Weight::from_parts(20_000_000, 3_500)
            .saturating_add(RocksDbWeight::get().reads_writes(2, 3))
    }
    fn set_regulator() -> Weight {
        Weight::from_parts(18_000_000, 5_200)
            .saturating_add(RocksDbWeight::get().reads_writes(3, 3))
    }
}
