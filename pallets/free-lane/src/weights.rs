//! Weights. The runtime uses generated ones; the unit implementation serves tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// Weights of this pallet's work.
pub trait WeightInfo {
    /// Weight of one draw; also bounds a look at the quota.
    fn draw() -> Weight;
    /// Weight of a sweep that looks at `n` buckets and removes all of them.
    fn sweep(n: u32) -> Weight;
}

/// Storage proof of a bucket, in bytes.
const BUCKET_PROOF: u64 = 2_600;

impl WeightInfo for () {
    fn draw() -> Weight {
        Weight::from_parts(20_000_000, 16_000)
            .saturating_add(RocksDbWeight::get().reads_writes(4, 1))
    }
    fn sweep(n: u32) -> Weight {
        let n = u64::from(n);
        Weight::from_parts(8_000_000, 3_500)
            .saturating_add(Weight::from_parts(4_000_000, BUCKET_PROOF).saturating_mul(n))
            .saturating_add(RocksDbWeight::get().reads_writes(2, 1))
            .saturating_add(RocksDbWeight::get().reads_writes(n, n))
    }
}
