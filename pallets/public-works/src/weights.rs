//! Weights of the calls. The runtime uses its own; the figures here serve tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// Weights of the calls, each for its worst case.
pub trait WeightInfo {
    /// `r` receipts are verified, author and regions are paid.
    fn publish(r: u32) -> Weight;
    /// `r` receipts are verified; the older work is endorsed by as many as can.
    fn supersede(r: u32) -> Weight;
    /// The last that can endorses.
    fn endorse() -> Weight;
    /// The last of as many as can withdraws.
    fn withdraw_endorsement() -> Weight;
    /// A paid work, endorsed by as many as can.
    fn retract() -> Weight;
    /// A paid work, endorsed by as many as can.
    fn take_down() -> Weight;
    /// A work endorsed by as many as can.
    fn restore() -> Weight;
}

/// A proof of a work.
const WORK: u64 = 5_000;

fn weight(micros: u64, proof: u64, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(micros.saturating_mul(1_000_000), proof)
        .saturating_add(RocksDbWeight::get().reads(reads))
        .saturating_add(RocksDbWeight::get().writes(writes))
}

impl WeightInfo for () {
    fn publish(r: u32) -> Weight {
        weight(120, 2 * WORK, 13, 7).saturating_add(weight(50, 0, 0, 0).saturating_mul(r.into()))
    }
    fn supersede(r: u32) -> Weight {
        weight(100, 3 * WORK, 10, 5).saturating_add(weight(50, 0, 0, 0).saturating_mul(r.into()))
    }
    fn endorse() -> Weight {
        weight(50, WORK, 4, 1)
    }
    fn withdraw_endorsement() -> Weight {
        weight(50, WORK, 4, 1)
    }
    fn retract() -> Weight {
        weight(180, 2 * WORK, 8, 4)
    }
    fn take_down() -> Weight {
        weight(180, 2 * WORK, 7, 4)
    }
    fn restore() -> Weight {
        weight(40, WORK, 2, 1)
    }
}
