//! Weights of the calls. The runtime uses its own; the figures here serve tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// Weights of the calls, each for its worst case.
pub trait WeightInfo {
    /// Two signatures wrapped by a wallet; the last place is taken, with keys.
    fn attest_guardian() -> Weight;
    /// All places taken, with keys.
    fn confirm_guardian() -> Weight;
    /// All places taken, with keys.
    fn end_guardianship() -> Weight;
    /// All places taken, with keys; a wrapped signature.
    fn take_over() -> Weight;
    /// The last place is taken, with terms of five blocks.
    fn appoint_proxy() -> Weight;
    /// All places taken, with terms.
    fn revoke_proxy() -> Weight;
    /// The call itself aside: all places of guardians and proxies are taken, the last proxy acts.
    fn act_for() -> Weight;
}

/// A proof of a person's entry.
const ENTRY: u64 = 3_500;

fn weight(micros: u64, proof: u64, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(micros.saturating_mul(1_000_000), proof)
        .saturating_add(RocksDbWeight::get().reads(reads))
        .saturating_add(RocksDbWeight::get().writes(writes))
}

impl WeightInfo for () {
    fn attest_guardian() -> Weight {
        weight(320, 8 * ENTRY, 11, 2)
    }
    fn confirm_guardian() -> Weight {
        weight(50, 3 * ENTRY, 4, 2)
    }
    fn end_guardianship() -> Weight {
        weight(50, 3 * ENTRY, 4, 2)
    }
    fn take_over() -> Weight {
        weight(180, 8 * ENTRY, 11, 5)
    }
    fn appoint_proxy() -> Weight {
        weight(120, 6 * ENTRY, 9, 2)
    }
    fn revoke_proxy() -> Weight {
        weight(60, 3 * ENTRY, 3, 2)
    }
    fn act_for() -> Weight {
        weight(50, 5 * ENTRY, 7, 0)
    }
}
