//! Weights of the calls. The runtime brings measured ones; `()` is an estimate for tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// What the calls cost.
pub trait WeightInfo {
    /// `m` registrars; as many leave.
    fn set_registrars(m: u32) -> Weight;
    /// [`crate::Call::declare_compromised`]
    fn declare_compromised() -> Weight;
    /// [`crate::Call::update_url`]
    fn update_url() -> Weight;
    /// `p` hashes in the proof.
    fn anchor_evaluation_log(p: u32) -> Weight;
}

impl WeightInfo for () {
    fn set_registrars(m: u32) -> Weight {
        Weight::from_parts(40_000_000, 22_000)
            .saturating_add(Weight::from_parts(12_000_000, 5_206).saturating_mul(m.into()))
            .saturating_add(RocksDbWeight::get().reads_writes(3, 2))
            .saturating_add(RocksDbWeight::get().reads_writes(2, 2).saturating_mul(m.into()))
    }
    fn declare_compromised() -> Weight {
        Weight::from_parts(30_000_000, 12_000)
            .saturating_add(RocksDbWeight::get().reads_writes(2, 1))
    }
    fn update_url() -> Weight {
        Weight::from_parts(30_000_000, 12_000)
            .saturating_add(RocksDbWeight::get().reads_writes(1, 1))
    }
    fn anchor_evaluation_log(p: u32) -> Weight {
        Weight::from_parts(45_000_000, 14_000)
            .saturating_add(Weight::from_parts(1_200_000, 0).saturating_mul(p.into()))
            .saturating_add(RocksDbWeight::get().reads_writes(3, 1))
    }
}
