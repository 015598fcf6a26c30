//! Benchmarks: worst case of every call and hook. Paying for a share is measured with `share`.

use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::traits::{
    EnsureOrigin, Get, Hooks,
    fungible::{Inspect, Mutate},
};
use frame_system::{RawOrigin, pallet_prelude::BlockNumberFor};
use kanglian_primitives::{Amount, HMC, RegionCode, VaultKey};
use kanglian_traits::RegionInspect;

use crate::*;

/// So many regions with pan-centres: those of the genesis first, then new ones.
fn regions<T: Config>(count: u32) -> Vec<RegionCode> {
    let mut regions: Vec<_> =
        T::Regions::active_vaults().into_iter().map(|(region, _)| region).collect();
    let mut number = 0;
    while regions.len() < count as usize {
        let region = RegionCode((11 + number) * 10_000);
        if !regions.contains(&region) {
            let mut key = [9; 32];
            key[..4].copy_from_slice(&number.to_le_bytes());
            let pan_centre = account("pan_centre", number, 0);
            T::Regions::benchmark_set_region(region, &pan_centre, VaultKey(key));
            regions.push(region);
        }
        number += 1;
    }
    regions.truncate(count as usize);
    regions
}

/// Notes one HMC for each of `count` regions and mints what that takes.
fn earn<T: Config>(count: u32) {
    Pallet::<T>::emit((Amount::from(count) + 1) * HMC);
    Era::<T>::mutate(|era| {
        for region in regions::<T>(count) {
            let _ = era.regions.try_insert(region, HMC);
            era.reserved += HMC;
        }
    });
}

fn admin<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn on_initialize_idle() {
        let before = Era::<T>::get();
        let now: BlockNumberFor<T> = before.started_at.into();
        #[block]
        {
            Pallet::<T>::on_initialize(now);
        }
        assert_eq!(Era::<T>::get(), before);
    }

    #[benchmark]
    fn begin_era() {
        earn::<T>(T::MaxRegions::get());
        let ended = Era::<T>::get();
        let now = ended.started_at + Schedule::<T>::get().era_length;
        #[block]
        {
            Pallet::<T>::on_initialize(now.into());
        }
        assert_eq!(Era::<T>::get().index, ended.index + 1);
        assert_eq!(RegionEarned::<T>::get(ended.index), Some(ended.regions));
    }

    #[benchmark]
    fn set_schedule() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        let schedule = RewardSchedule { reward: 7 * HMC, ..Default::default() };
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, schedule);
        assert_eq!(Schedule::<T>::get(), schedule);
        Ok(())
    }

    #[benchmark]
    fn set_transfer_policy() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, TransferPolicy::Members);
        assert_eq!(Policy::<T>::get(), TransferPolicy::Members);
        Ok(())
    }

    #[benchmark]
    fn settle_era(n: Linear<1, { T::MaxRegions::get() }>) {
        earn::<T>(n);
        let ended = Era::<T>::get();
        Pallet::<T>::begin_era(ended.index + 1, ended.started_at + 1, &Schedule::<T>::get());
        let caller: T::AccountId = whitelisted_caller();
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), ended.index);
        assert_eq!(RegionEarned::<T>::get(ended.index), None);
    }

    #[benchmark]
    fn claw_back() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        let who: T::AccountId = account("who", 0, 0);
        Pallet::<T>::emit(1_000 * HMC);
        T::Currency::mint_into(&who, 10 * HMC)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone(), 10 * HMC);
        assert_eq!(T::Currency::balance(&who), 0);
        Ok(())
    }

    #[benchmark]
    fn set_publishing_schedule() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        let schedule = PublishingSchedule { reward: 7 * HMC, ..Default::default() };
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, schedule);
        assert_eq!(Publishing::<T>::get(), schedule);
        Ok(())
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::ExtBuilder::default().build(),
        crate::mock::Test
    );
}
