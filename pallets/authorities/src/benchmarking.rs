//! Benchmarks: each call with the registry full; reports with long headers whose author is the
//! last of all keys that are tried.

use alloc::{boxed::Box, vec::Vec};
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};
use frame_system::{RawOrigin, pallet_prelude::HeaderFor};
use kanglian_primitives::{RegionCode, VaultKey};
use kanglian_traits::RegionInspect;
use sp_core::sr25519;
use sp_runtime::{DigestItem, generic::Digest, traits::Header};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

use crate::{
    evidence::{AURA_ENGINE_ID, AURA_KEY_TYPE},
    *,
};

const SLOT: Slot = 0;

fn region(index: u32) -> RegionCode {
    RegionCode(110_000 + (index % 30) * 10_000)
}

fn authority<T: Config>(index: u32) -> T::AccountId {
    account("authority", index, 0)
}

/// Fills the registry but for `room` places, over 30 regions in turn.
fn fill<T: Config>(room: u32) -> Result<u32, BenchmarkError> {
    Authorities::<T>::kill();
    Offenders::<T>::kill();
    let count = T::MaxAuthorities::get() - room;
    for index in 0..count {
        let who = authority::<T>(index);
        T::Keys::benchmark_register(&who);
        Pallet::<T>::push(who, region(index))?;
    }
    Ok(count)
}

/// A header of [`SLOT`], nearly as long as it may be, sealed by the key.
fn sealed<T: Config>(key: &sr25519::Public, tag: u8) -> Box<HeaderFor<T>> {
    let digest =
        Digest { logs: alloc::vec![DigestItem::PreRuntime(AURA_ENGINE_ID, SLOT.encode())] };
    let mut header = HeaderFor::<T>::new(
        0u32.into(),
        Default::default(),
        Default::default(),
        Default::default(),
        digest,
    );
    let spare = (T::MaxHeaderSize::get() as usize).saturating_sub(header.encoded_size() + 128);
    header.digest_mut().push(DigestItem::Other(alloc::vec![tag; spare]));
    let seal =
        sp_io::crypto::sr25519_sign(AURA_KEY_TYPE, key, header.hash().as_ref()).expect("a key");
    header.digest_mut().push(DigestItem::Seal(AURA_ENGINE_ID, seal.encode()));
    Box::new(header)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn add() -> Result<(), BenchmarkError> {
        let origin = T::GovernanceOrigin::try_successful_origin()
            .map_err(|()| BenchmarkError::Weightless)?;
        let count = fill::<T>(1)?;
        let new = authority::<T>(count);
        T::Keys::benchmark_register(&new);
        T::Regions::benchmark_set_region(
            region(count),
            &account("pan-centre", 0, 0),
            VaultKey([7; 32]),
        );

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, new.clone(), region(count));

        assert!(Authorities::<T>::get().iter().any(|authority| authority.account == new));
        Ok(())
    }

    #[benchmark]
    fn remove() -> Result<(), BenchmarkError> {
        let origin = T::GovernanceOrigin::try_successful_origin()
            .map_err(|()| BenchmarkError::Weightless)?;
        let last = authority::<T>(fill::<T>(0)? - 1);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, last.clone());

        assert!(Authorities::<T>::get().iter().all(|authority| authority.account != last));
        Ok(())
    }

    #[benchmark]
    fn report_double_block(
        n: Linear<1, { T::MaxAuthorities::get().saturating_mul(2) }>,
    ) -> Result<(), BenchmarkError> {
        let last = authority::<T>(fill::<T>(0)? - 1);
        let key = sp_io::crypto::sr25519_generate(AURA_KEY_TYPE, None);
        let mut authors: Vec<_> =
            (1..n).map(|index| (account("author", index, 0), random_key(index))).collect();
        authors.push((last.clone(), key));
        T::Keys::benchmark_set_authors(authors);
        let (first, second) = (sealed::<T>(&key, 1), sealed::<T>(&key, 2));

        #[extrinsic_call]
        _(RawOrigin::Signed(authority::<T>(0)), first, second);

        assert_eq!(Offenders::<T>::get().into_inner(), alloc::vec![last]);
        Ok(())
    }

    #[benchmark]
    fn on_offence(n: Linear<1, { T::MaxAuthorities::get() }>) -> Result<(), BenchmarkError> {
        fill::<T>(0)?;
        let offenders: Vec<_> = (0..n)
            .map(|index| OffenceDetails::<T::AccountId, _> {
                offender: (authority::<T>(index), ()),
                reporters: Vec::new(),
            })
            .collect();

        #[block]
        {
            Pallet::<T>::on_offence(&offenders, &[], 0);
        }

        let kept = u32::from(n == T::MaxAuthorities::get());
        assert_eq!(Offenders::<T>::get().len() as u32, n - kept);
        Ok(())
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::ExtBuilder::default().build(),
        crate::mock::Test
    );
}

/// A valid key that sealed nothing.
fn random_key(index: u32) -> AuraKey {
    let seed = alloc::format!("//kanglian//{index}").into_bytes();
    sp_io::crypto::sr25519_generate(AURA_KEY_TYPE, Some(seed))
}
