//! Weights of the calls. The runtime uses its own; the figures here serve tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// Weights of the calls, each for its worst case.
pub trait WeightInfo {
    /// By a permitted institution's record.
    fn request() -> Weight;
    /// Amended.
    fn amend() -> Weight;
    /// Refused.
    fn refuse() -> Weight;
    /// With a request about the record.
    fn mark_wrong_person() -> Weight;
    /// Overdue.
    fn escalate() -> Weight;
    /// Dismissed.
    fn review() -> Weight;
    /// Withdrawn.
    fn withdraw() -> Weight;
    /// Over.
    fn remove() -> Weight;
}

/// A proof of a request.
const ENTRY: u64 = 3_000;

fn weight(micros: u64, reads: u64, writes: u64) -> Weight {
    let proof = ENTRY.saturating_mul(reads);
    Weight::from_parts(micros.saturating_mul(1_000_000), proof)
        .saturating_add(RocksDbWeight::get().reads(reads))
        .saturating_add(RocksDbWeight::get().writes(writes))
}

impl WeightInfo for () {
    fn request() -> Weight {
        weight(60, 9, 3)
    }
    fn amend() -> Weight {
        weight(60, 8, 3)
    }
    fn refuse() -> Weight {
        weight(50, 6, 3)
    }
    fn mark_wrong_person() -> Weight {
        weight(60, 9, 4)
    }
    fn escalate() -> Weight {
        weight(30, 2, 1)
    }
    fn review() -> Weight {
        weight(40, 4, 3)
    }
    fn withdraw() -> Weight {
        weight(40, 4, 3)
    }
    fn remove() -> Weight {
        weight(30, 2, 1)
    }
}
