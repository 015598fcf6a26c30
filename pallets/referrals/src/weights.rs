//! Weights of the calls. The runtime uses its own; the figures here serve tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// Weights of the calls, each for its worst case.
pub trait WeightInfo {
    /// `o` offers, each of five blocks, given on by a full care team that holds delegated terms.
    fn refer(o: u32) -> Weight;
    /// `o` offers, each of five blocks.
    fn refer_own(o: u32) -> Weight;
    /// Offered to as many as can be, a full care team accepts.
    fn accept() -> Weight;
    /// The last of all rejects.
    fn reject() -> Weight;
    /// A full care team returns the result.
    fn return_result() -> Weight;
    /// Offered to as many as can be, closed by the team that referred.
    fn close() -> Weight;
    /// Offered to as many as can be.
    fn close_own() -> Weight;
    /// Open, all terms expired.
    fn remove() -> Weight;
}

/// A proof of a referral, or of a full file of terms.
const FILE: u64 = 6_500;

fn weight(micros: u64, proof: u64, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(micros.saturating_mul(1_000_000), proof)
        .saturating_add(RocksDbWeight::get().reads(reads))
        .saturating_add(RocksDbWeight::get().writes(writes))
}

impl WeightInfo for () {
    fn refer(o: u32) -> Weight {
        weight(80, 4 * FILE, 12, 2).saturating_add(weight(120, FILE, 2, 1).saturating_mul(o.into()))
    }
    fn refer_own(o: u32) -> Weight {
        weight(60, 2 * FILE, 7, 2).saturating_add(weight(70, FILE, 1, 1).saturating_mul(o.into()))
    }
    fn accept() -> Weight {
        weight(180, 6 * FILE, 14, 4)
    }
    fn reject() -> Weight {
        weight(90, 3 * FILE, 7, 3)
    }
    fn return_result() -> Weight {
        weight(100, 4 * FILE, 8, 3)
    }
    fn close() -> Weight {
        weight(150, 6 * FILE, 10, 6)
    }
    fn close_own() -> Weight {
        weight(130, 6 * FILE, 7, 6)
    }
    fn remove() -> Weight {
        weight(45, 2 * FILE, 3, 2)
    }
}
