//! Benchmarks of every call at its worst: as many upgrades wait as may.

use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};
use frame_system::{RawOrigin, pallet_prelude::BlockNumberFor};
use sp_runtime::{
    SaturatedConversion,
    traits::{Hash, One, Saturating, Zero},
};

use crate::*;

fn code_hash<T: Config>(n: u32) -> T::Hash {
    T::Hashing::hash_of(&(b"code", n))
}

/// Fills the list with `n` upgrades that can be enacted until `expires_at`.
fn fill<T: Config>(n: u32, expires_at: BlockNumberFor<T>) {
    for known in Pending::<T>::iter_keys().collect::<Vec<_>>() {
        Pending::<T>::remove(known);
    }
    for at in 0..n {
        let zero = BlockNumberFor::<T>::zero();
        let upgrade = PendingUpgrade { proposed_at: zero, enact_from: zero, expires_at };
        Pending::<T>::insert(code_hash::<T>(at), upgrade);
    }
}

fn fill_all<T: Config>() {
    let later = frame_system::Pallet::<T>::block_number().saturating_add(1_000u32.into());
    fill::<T>(T::MaxPending::get(), later);
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn propose_upgrade(p: Linear<0, 8>) -> Result<(), BenchmarkError> {
        let origin =
            T::ProposeOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        frame_system::Pallet::<T>::set_block_number(10u32.saturated_into());
        // The worst: all of them are expired and go.
        fill::<T>(p.min(T::MaxPending::get()), BlockNumberFor::<T>::one());
        let new = code_hash::<T>(u32::MAX);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, new);

        assert!(Pending::<T>::contains_key(new));
        assert_eq!(Pending::<T>::count(), 1);
        Ok(())
    }

    #[benchmark]
    fn veto() -> Result<(), BenchmarkError> {
        fill_all::<T>();
        let origin =
            T::VetoOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, code_hash::<T>(0));

        assert!(!Pending::<T>::contains_key(code_hash::<T>(0)));
        Ok(())
    }

    #[benchmark]
    fn cancel() -> Result<(), BenchmarkError> {
        fill_all::<T>();
        let origin =
            T::CancelOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, code_hash::<T>(0));

        assert!(!Pending::<T>::contains_key(code_hash::<T>(0)));
        Ok(())
    }

    #[benchmark]
    fn enact() {
        fill_all::<T>();
        let caller: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), code_hash::<T>(0));

        assert!(!Pending::<T>::contains_key(code_hash::<T>(0)));
    }

    #[benchmark]
    fn set_regulator() -> Result<(), BenchmarkError> {
        let origin =
            T::ProposeOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        Pallet::<T>::seat(&account("old", 0, 0));
        let new: T::AccountId = account("new", 0, 0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, new.clone());

        assert_eq!(Regulator::<T>::get(), Some(new));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
