//! What each call costs at worst: all sixty-four blocks exist, with the longest names.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get},
};
use kanglian_primitives::{BusinessBlockId, MAX_BUSINESS_BLOCKS, SchemaId};

const LAST: BusinessBlockId = BusinessBlockId(MAX_BUSINESS_BLOCKS - 1);
const SCHEMA: SchemaId = SchemaId(u32::MAX);

fn name<S: Get<u32>>() -> BoundedVec<u8, S> {
    BoundedVec::truncate_from(alloc::vec![b'n'; 128])
}

fn admin<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

fn fill<T: Config>(blocks: u8) {
    Blocks::<T>::kill();
    for id in 0..blocks {
        let block = Block {
            name_zh: name(),
            name_en: name(),
            public: false,
            restricted: false,
            reward_weight: 0,
            retired: false,
        };
        Pallet::<T>::do_add(BusinessBlockId(id), block).expect("numbers below 64 are free");
    }
}

fn fill_schema<T: Config>() {
    let schema =
        Schema { block: LAST, name: name(), level: 5, retention_years: 30, retired: false };
    Pallet::<T>::do_add_schema(SCHEMA, schema).expect("the number is free");
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn add() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        fill::<T>(LAST.0);
        let weight = T::MaxRewardWeight::get();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, LAST, name(), name(), false, true, weight);
        assert_eq!(Blocks::<T>::get().len(), usize::from(MAX_BUSINESS_BLOCKS));
        Ok(())
    }

    #[benchmark]
    fn retire() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        fill::<T>(MAX_BUSINESS_BLOCKS);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, LAST);
        assert!(Blocks::<T>::get()[&LAST].retired);
        Ok(())
    }

    #[benchmark]
    fn add_schema() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        fill::<T>(MAX_BUSINESS_BLOCKS);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, SCHEMA, LAST, name(), 5, 30);
        assert!(Schemas::<T>::contains_key(SCHEMA));
        Ok(())
    }

    #[benchmark]
    fn retire_schema() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        fill::<T>(MAX_BUSINESS_BLOCKS);
        fill_schema::<T>();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, SCHEMA);
        assert!(Schemas::<T>::get(SCHEMA).is_some_and(|schema| schema.retired));
        Ok(())
    }

    #[benchmark]
    fn set_reward_weight() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        fill::<T>(MAX_BUSINESS_BLOCKS);
        let weight = T::MaxRewardWeight::get();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, LAST, weight);
        assert_eq!(Blocks::<T>::get()[&LAST].reward_weight, weight);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
