//! Weights of the calls. The runtime uses its own; the figures here serve tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// Weights of the calls, each for its worst case.
pub trait WeightInfo {
    /// `b` blocks in the terms, the person's list of codes nearly full.
    fn issue_code(b: u32) -> Weight;
    /// A code that was redeemed, full list.
    fn cancel_code() -> Weight;
    /// The last use of a code, for a full care team; full list, grantee's file nearly full.
    fn redeem_code() -> Weight;
    /// A code with all uses redeemed, for a full care team.
    fn adopt_bundle() -> Weight;
    /// A code with all but one use redeemed, full list.
    fn remove_code() -> Weight;
}

/// A proof of a full code and its list of open ones.
const CODE: u64 = 6_000;

fn weight(micros: u64, proof: u64, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(micros.saturating_mul(1_000_000), proof)
        .saturating_add(RocksDbWeight::get().reads(reads))
        .saturating_add(RocksDbWeight::get().writes(writes))
}

impl WeightInfo for () {
    fn issue_code(b: u32) -> Weight {
        weight(50, 2 * CODE, 6, 2).saturating_add(weight(2, 0, 0, 0).saturating_mul(b.into()))
    }
    fn cancel_code() -> Weight {
        weight(40, CODE, 3, 2)
    }
    fn redeem_code() -> Weight {
        weight(180, 4 * CODE, 11, 3)
    }
    fn adopt_bundle() -> Weight {
        weight(70, 3 * CODE, 6, 1)
    }
    fn remove_code() -> Weight {
        weight(40, CODE, 3, 2)
    }
}
