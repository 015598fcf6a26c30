//! Weights of calls. The runtime uses generated ones.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// What calls cost; `r` receipts are verified.
pub trait WeightInfo {
    fn share(r: u32) -> Weight;
    fn share_batch(r: u32) -> Weight;
    fn supersede(r: u32) -> Weight;
    fn reject() -> Weight;
}

/// Estimates for tests.
impl WeightInfo for () {
    fn share(r: u32) -> Weight {
        Weight::from_parts(120_000_000, 6_200)
            .saturating_add(Weight::from_parts(45_000_000, 0).saturating_mul(r.into()))
            .saturating_add(RocksDbWeight::get().reads_writes(14, 6))
    }
    fn share_batch(r: u32) -> Weight {
        Self::share(r)
    }
    fn supersede(r: u32) -> Weight {
        Weight::from_parts(80_000_000, 6_200)
            .saturating_add(Weight::from_parts(45_000_000, 0).saturating_mul(r.into()))
            .saturating_add(RocksDbWeight::get().reads_writes(11, 3))
    }
    fn reject() -> Weight {
        Weight::from_parts(220_000_000, 12_600)
            .saturating_add(RocksDbWeight::get().reads_writes(10, 8))
    }
}
