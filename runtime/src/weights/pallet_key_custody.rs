//! Weights of `pallet_key_custody` on this runtime: estimated by hand from the storage items that the
//! calls touch, until `scripts/weights.sh` writes measured ones.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_key_custody`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_key_custody::WeightInfo for WeightInfo<T> {
    fn set_custodian() -> Weight {
        Weight::from_parts(60_000_000, 4_000)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn remove_custodian() -> Weight {
        Weight::from_parts(50_000_000, 4_000)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn deal(n: u32) -> Weight {
        Weight::from_parts(60_000_000, 6_000)
            .saturating_add(Weight::from_parts(3_000_000, 100).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes(u64::from(n).saturating_mul(2)))
    }
    fn acknowledge() -> Weight {
        Weight::from_parts(45_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn complain() -> Weight {
        Weight::from_parts(40_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn open_recovery() -> Weight {
        Weight::from_parts(260_000_000, 9_000)
            .saturating_add(T::DbWeight::get().reads(20))
            .saturating_add(T::DbWeight::get().writes(13))
    }
    fn approve_recovery() -> Weight {
        Weight::from_parts(40_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn veto_recovery() -> Weight {
        Weight::from_parts(45_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn record_hearing() -> Weight {
        Weight::from_parts(45_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn dismiss_recovery() -> Weight {
        Weight::from_parts(100_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn withdraw_recovery() -> Weight {
        Weight::from_parts(100_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn execute_recovery() -> Weight {
        Weight::from_parts(190_000_000, 9_000)
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().writes(26))
    }
    fn hand_over() -> Weight {
        Weight::from_parts(50_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn open_emergency() -> Weight {
        Weight::from_parts(110_000_000, 9_000)
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().writes(22))
    }
    fn review_emergency() -> Weight {
        Weight::from_parts(105_000_000, 9_000)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(25))
    }
    fn escalate_emergency() -> Weight {
        Weight::from_parts(60_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn close_emergency() -> Weight {
        Weight::from_parts(70_000_000, 9_000)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(19))
    }
    fn prune_case() -> Weight {
        Weight::from_parts(80_000_000, 9_000)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(20))
    }
    fn collect_coins() -> Weight {
        Weight::from_parts(80_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn rotate_key() -> Weight {
        Weight::from_parts(70_000_000, 8_000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
