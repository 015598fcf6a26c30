//! Benchmarks: a draw by a registered account with a bucket in use, and a sweep that removes all it
//! looks at.

use frame_benchmarking::v2::*;
use frame_support::traits::{Get, Time};

use crate::{types::capacity, *};

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn draw() -> Result<(), BenchmarkError> {
        let who: T::AccountId = account("registered", 0, 0);
        T::Quota::benchmark_set_quota(&who);
        let Quota { hourly, drawn_by } = T::Quota::of(&who).ok_or(BenchmarkError::Weightless)?;
        let level = capacity(hourly.saturating_sub(1));
        Usage::<T>::insert(drawn_by, Bucket { level, at: T::Clock::now() });
        let drawn;

        #[block]
        {
            drawn = Pallet::<T>::draw(&who);
        }

        assert!(drawn);
        assert_eq!(Pallet::<T>::remaining(&who), 0);
        Ok(())
    }

    #[benchmark]
    fn sweep(n: Linear<0, { T::SweepLimit::get() }>) -> Result<(), BenchmarkError> {
        let at = T::Clock::now();
        for index in 0..n {
            let who: T::AccountId = account("drawn", index, 0);
            Usage::<T>::insert(&who, Bucket { level: HOUR, at });
        }
        let looked_at;

        #[block]
        {
            looked_at = Pallet::<T>::sweep(n.max(1), at.saturating_add(HOUR));
        }

        assert_eq!(looked_at, n);
        assert_eq!(Usage::<T>::iter().count(), 0);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder.build(), crate::mock::Test);
}
