//! Weights of the calls.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// What each call weighs.
pub trait WeightInfo {
    /// `nominate`
    fn nominate() -> Weight;
    /// `nominate_batch` with `n` profiles
    fn nominate_batch(n: u32) -> Weight;
    /// `withdraw`
    fn withdraw() -> Weight;
    /// `permit` with `n` identifiers
    fn permit(n: u32) -> Weight;
    /// `revoke`
    fn revoke() -> Weight;
    /// `suspend`
    fn suspend() -> Weight;
    /// `renew`
    fn renew() -> Weight;
    /// `replace_controller`
    fn replace_controller() -> Weight;
    /// `set_encryption_key`
    fn set_encryption_key() -> Weight;
    /// `add_practitioner`
    fn add_practitioner() -> Weight;
    /// `remove_practitioner`
    fn remove_practitioner() -> Weight;
    /// `suspend_practitioner`
    fn suspend_practitioner() -> Weight;
    /// `lift_practitioner`
    fn lift_practitioner() -> Weight;
    /// `create_team`
    fn create_team() -> Weight;
    /// `add_team_member`
    fn add_team_member() -> Weight;
    /// `remove_team_member`
    fn remove_team_member() -> Weight;
    /// `dissolve_team`
    fn dissolve_team() -> Weight;
    /// `clear_practitioner`
    fn clear_practitioner() -> Weight;
}

/// Bytes of proof for one map entry.
const ENTRY: u64 = 3_800;
/// Bytes of proof for the registries of provinces and blocks.
const REGISTRIES: u64 = 28_000;

fn cost(micros: u64, reads: u64, writes: u64) -> Weight {
    let database = RocksDbWeight::get();
    let proof = ENTRY.saturating_mul(reads).saturating_add(REGISTRIES);
    Weight::from_parts(micros.saturating_mul(1_000_000), proof)
        .saturating_add(database.reads(reads))
        .saturating_add(database.writes(writes))
}

/// For tests. Who calls costs three reads for an institution and one for a pan-centre.
impl WeightInfo for () {
    fn nominate() -> Weight {
        cost(60, 6, 3)
    }
    fn nominate_batch(n: u32) -> Weight {
        cost(40, 3, 0).saturating_add(cost(20, 3, 3).saturating_mul(n.into()))
    }
    fn withdraw() -> Weight {
        cost(40, 4, 3)
    }
    fn permit(n: u32) -> Weight {
        cost(10, 1, 0).saturating_add(cost(10, 1, 1).saturating_mul(n.into()))
    }
    fn revoke() -> Weight {
        cost(30, 3, 3)
    }
    fn suspend() -> Weight {
        cost(30, 2, 1)
    }
    fn renew() -> Weight {
        cost(15, 2, 1)
    }
    fn replace_controller() -> Weight {
        cost(40, 4, 5)
    }
    fn set_encryption_key() -> Weight {
        cost(40, 4, 1)
    }
    fn add_practitioner() -> Weight {
        cost(60, 9, 2)
    }
    fn remove_practitioner() -> Weight {
        cost(50, 6, 2)
    }
    fn suspend_practitioner() -> Weight {
        cost(40, 3, 1)
    }
    fn lift_practitioner() -> Weight {
        cost(30, 2, 3)
    }
    fn create_team() -> Weight {
        cost(45, 6, 1)
    }
    fn add_team_member() -> Weight {
        cost(60, 6, 1)
    }
    fn remove_team_member() -> Weight {
        cost(55, 5, 1)
    }
    fn dissolve_team() -> Weight {
        cost(50, 5, 2)
    }
    fn clear_practitioner() -> Weight {
        cost(30, 3, 2)
    }
}
