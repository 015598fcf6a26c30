//! Weights of the calls. The runtime uses generated ones; the unit implementation serves tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// Weights of this pallet's calls.
pub trait WeightInfo {
    /// Weight of `add` with all other authorities in place.
    fn add() -> Weight;
    /// Weight of `remove` with all authorities in place.
    fn remove() -> Weight;
    /// Weight of `report_double_block` when `n` keys are tried.
    fn report_double_block(n: u32) -> Weight;
    /// Weight of a report of `n` offenders by the offences pallet.
    fn on_offence(n: u32) -> Weight;
}

/// Storage proof of the list of authorities and the list of offenders, in bytes.
const LISTS_PROOF: u64 = 12_000;
/// Storage proof of one authority's session keys, in bytes.
const KEYS_PROOF: u64 = 2_700;
/// Authorities whose keys are read in the worst case.
const MOST: u64 = 100;

impl WeightInfo for () {
    fn add() -> Weight {
        Weight::from_parts(40_000_000, LISTS_PROOF + KEYS_PROOF)
            .saturating_add(RocksDbWeight::get().reads_writes(3, 1))
    }
    fn remove() -> Weight {
        Weight::from_parts(120_000_000, LISTS_PROOF + MOST * KEYS_PROOF)
            .saturating_add(RocksDbWeight::get().reads_writes(2 + MOST, 2))
    }
    fn report_double_block(n: u32) -> Weight {
        Weight::from_parts(250_000_000, LISTS_PROOF + MOST * KEYS_PROOF)
            .saturating_add(Weight::from_parts(55_000_000, 0).saturating_mul(n.into()))
            .saturating_add(RocksDbWeight::get().reads_writes(6 + MOST, 2))
    }
    fn on_offence(n: u32) -> Weight {
        Weight::from_parts(20_000_000, LISTS_PROOF + MOST * KEYS_PROOF)
            .saturating_add(Weight::from_parts(110_000_000, 0).saturating_mul(n.into()))
            .saturating_add(RocksDbWeight::get().reads_writes(2 + MOST, 1))
    }
}
