//! Benchmarks: each call with the registry full and the longest name and URL.

use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};
use frame_system::RawOrigin;
use kanglian_primitives::{EncryptionKey, RegionCode, VaultKey};

use crate::{types::*, *};

const CUSTODIAN_KEY: EncryptionKey = EncryptionKey::x25519([9; 32]);

fn longest_name() -> RegionName {
    RegionName::truncate_from(vec![b'n'; MAX_NAME_LENGTH as usize])
}

fn longest_url() -> VaultUrl {
    let mut url = b"https://".to_vec();
    url.resize(MAX_URL_LENGTH as usize, b'u');
    VaultUrl::truncate_from(url)
}

fn vault_key(index: u32) -> VaultKey {
    VaultKey(sp_io::hashing::blake2_256(&index.to_le_bytes()))
}

/// Puts an active region with the longest name and URL in place of whatever has the code.
pub(crate) fn put_region<T: Config>(code: RegionCode, pan_centre: T::AccountId, key: VaultKey) {
    let region = Region::new(longest_name(), pan_centre, CUSTODIAN_KEY, key, longest_url());
    Pallet::<T>::overwrite_region(code, region);
}

/// Fills the registry but for `room` places; gives the first code, its pan-centre's account, and a
/// code that is free when there is room.
fn fill<T: Config>(room: u32) -> (RegionCode, T::AccountId, RegionCode) {
    let codes = |index: u32| RegionCode(110_000 + index * 10_000);
    Regions::<T>::kill();
    let count = T::MaxRegions::get() - room;
    for index in 0..count {
        put_region::<T>(codes(index), account("pan-centre", index, 0), vault_key(index));
    }
    (codes(count - 1), account("pan-centre", count - 1, 0), codes(count))
}

fn status<T: Config>(code: RegionCode) -> Option<RegionStatus> {
    Regions::<T>::get().get(&code).map(|region| region.status)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register() -> Result<(), BenchmarkError> {
        let origin =
            T::RegisterOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let (_, _, code) = fill::<T>(1);
        let new: T::AccountId = account("new", 0, 0);

        #[extrinsic_call]
        _(
            origin as T::RuntimeOrigin,
            code,
            longest_name(),
            new,
            CUSTODIAN_KEY,
            vault_key(u32::MAX),
            longest_url(),
        );

        assert_eq!(status::<T>(code), Some(RegionStatus::Active));
        Ok(())
    }

    #[benchmark]
    fn update_vault() -> Result<(), BenchmarkError> {
        let (code, pan_centre, _) = fill::<T>(0);
        let key = vault_key(u32::MAX);

        #[extrinsic_call]
        _(RawOrigin::Signed(pan_centre), key, longest_url());

        assert_eq!(Regions::<T>::get().get(&code).map(|region| region.vault_key), Some(key));
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let origin =
            T::SuspendOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let (code, _, _) = fill::<T>(0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, code);

        assert_eq!(status::<T>(code), Some(RegionStatus::Suspended));
        Ok(())
    }

    #[benchmark]
    fn resume() -> Result<(), BenchmarkError> {
        let origin =
            T::RegisterOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let (code, _, _) = fill::<T>(0);
        Pallet::<T>::set_suspended(code)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, code);

        assert_eq!(status::<T>(code), Some(RegionStatus::Active));
        Ok(())
    }

    #[benchmark]
    fn replace_pan_centre() -> Result<(), BenchmarkError> {
        let origin =
            T::RegisterOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let (code, _, _) = fill::<T>(0);
        let new: T::AccountId = account("new", 0, 0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, code, new.clone());

        assert_eq!(
            Regions::<T>::get().get(&code).map(|region| region.pan_centre.clone()),
            Some(new)
        );
        Ok(())
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::ExtBuilder::default().build(),
        crate::mock::Test
    );
}
