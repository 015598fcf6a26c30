//! Weights of the calls.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// What each call weighs.
pub trait WeightInfo {
    /// `add`
    fn add() -> Weight;
    /// `retire`
    fn retire() -> Weight;
    /// `add_schema`
    fn add_schema() -> Weight;
    /// `retire_schema`
    fn retire_schema() -> Weight;
    /// `set_reward_weight`
    fn set_reward_weight() -> Weight;
}

/// Bytes of proof for the value that holds all blocks.
const BLOCKS: u64 = 12_000;
/// Bytes of proof for one schema.
const SCHEMA: u64 = 3_700;

fn cost(micros: u64, proof: u64, reads: u64, writes: u64) -> Weight {
    let database = RocksDbWeight::get();
    Weight::from_parts(micros.saturating_mul(1_000_000), proof)
        .saturating_add(database.reads(reads))
        .saturating_add(database.writes(writes))
}

/// For tests.
impl WeightInfo for () {
    fn add() -> Weight {
        cost(30, BLOCKS, 1, 1)
    }
    fn retire() -> Weight {
        cost(30, BLOCKS, 1, 1)
    }
    fn add_schema() -> Weight {
        cost(30, BLOCKS + SCHEMA, 2, 1)
    }
    fn retire_schema() -> Weight {
        cost(12, SCHEMA, 1, 1)
    }
    fn set_reward_weight() -> Weight {
        cost(30, BLOCKS, 1, 1)
    }
}
