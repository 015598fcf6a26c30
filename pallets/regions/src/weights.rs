//! Weights of the calls. The runtime uses generated ones; the unit implementation serves tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// Weights of this pallet's calls.
pub trait WeightInfo {
    /// Weight of `register` with all other regions in place.
    fn register() -> Weight;
    /// Weight of `update_vault` with all regions in place.
    fn update_vault() -> Weight;
    /// Weight of `suspend` with all regions in place.
    fn suspend() -> Weight;
    /// Weight of `resume` with all regions in place.
    fn resume() -> Weight;
    /// Weight of `replace_pan_centre` with all regions in place.
    fn replace_pan_centre() -> Weight;
}

/// Storage proof of the regions' value, in bytes.
const REGIONS_PROOF: u64 = 14_000;
/// Storage proof of an account, in bytes.
const ACCOUNT_PROOF: u64 = 2_600;

impl WeightInfo for () {
    fn register() -> Weight {
        Weight::from_parts(60_000_000, REGIONS_PROOF + 2 * ACCOUNT_PROOF)
            .saturating_add(RocksDbWeight::get().reads_writes(3, 3))
    }
    fn update_vault() -> Weight {
        Weight::from_parts(60_000_000, REGIONS_PROOF + 2 * ACCOUNT_PROOF)
            .saturating_add(RocksDbWeight::get().reads_writes(3, 3))
    }
    fn suspend() -> Weight {
        Weight::from_parts(40_000_000, REGIONS_PROOF)
            .saturating_add(RocksDbWeight::get().reads_writes(1, 1))
    }
    fn resume() -> Weight {
        Weight::from_parts(40_000_000, REGIONS_PROOF)
            .saturating_add(RocksDbWeight::get().reads_writes(1, 1))
    }
    fn replace_pan_centre() -> Weight {
        Weight::from_parts(60_000_000, REGIONS_PROOF + 2 * ACCOUNT_PROOF)
            .saturating_add(RocksDbWeight::get().reads_writes(3, 3))
    }
}
