//! Benchmarks: each call with the present set full and the longest URLs.

use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};
use frame_system::RawOrigin;
use kanglian_primitives::{Hash32, Instant, RegionCode, RegistrarKey};
use kanglian_traits::log_tree;

use crate::{types::*, *};

/// Prepares the chain for benchmarks.
pub trait BenchmarkHelper {
    /// Makes so many provinces active; gives their codes.
    fn active_regions(count: u32) -> Vec<RegionCode>;
    /// Makes `Clock` say `now`.
    fn set_time(now: Instant);
}

fn longest_url() -> RegistrarUrl {
    let mut url = b"https://".to_vec();
    url.resize(MAX_URL_LENGTH as usize, b'u');
    RegistrarUrl::truncate_from(url)
}

fn bytes(tag: u8, index: u32) -> [u8; 32] {
    sp_io::hashing::blake2_256(&[&[tag][..], &index.to_le_bytes()].concat())
}

fn set<T: Config>(count: u32, epoch: u32) -> RegistrarSetOf<T> {
    let regions = T::BenchmarkHelper::active_regions(count);
    let member = |(index, region): (u32, RegionCode)| Registrar {
        region,
        // Of an epoch's own, so that all leave and all enter.
        signing_key: RegistrarKey(bytes(epoch as u8, index)),
        share_key: bytes(200, index),
        url: longest_url(),
    };
    let members: Vec<_> = (0u32..).zip(regions).map(member).collect();
    RegistrarSet {
        generation: 0,
        epoch,
        threshold: 1,
        network_key: [7; 32],
        members: members.try_into().expect("as many as there is room for"),
    }
}

fn last_registrar<T: Config>() -> RegistrarKey {
    let set = Present::<T>::get().expect("there is a set");
    set.members.last().expect("it has members").signing_key
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_registrars(m: Linear<1, { T::MaxRegistrars::get() }>) -> Result<(), BenchmarkError> {
        let origin =
            T::RegisterOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        Pallet::<T>::do_set(super::set::<T>(m, 0))?;
        let next = super::set::<T>(m, 1);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, next.clone());

        assert_eq!(Present::<T>::get(), Some(next));
        Ok(())
    }

    #[benchmark]
    fn declare_compromised() -> Result<(), BenchmarkError> {
        let origin =
            T::RegisterOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        Pallet::<T>::do_set(super::set::<T>(T::MaxRegistrars::get(), 0))?;
        let from = frame_system::Pallet::<T>::block_number();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 0, from);

        assert_eq!(Compromised::<T>::get(0), Some(from));
        Ok(())
    }

    #[benchmark]
    fn update_url() -> Result<(), BenchmarkError> {
        Pallet::<T>::do_set(super::set::<T>(T::MaxRegistrars::get(), 0))?;
        let registrar = last_registrar::<T>();
        let url = RegistrarUrl::truncate_from([&b"http://"[..], &[b'x'; 121]].concat());

        #[extrinsic_call]
        _(RawOrigin::Signed(Pallet::<T>::account_of(&registrar)), url.clone());

        let set = Present::<T>::get().expect("there is a set");
        assert_eq!(set.members.last().map(|member| member.url.clone()), Some(url));
        Ok(())
    }

    /// The old log has one line less than the new one, whose size is a power of two: every hash
    /// of the proof but the first two goes into both roots.
    #[benchmark]
    fn anchor_evaluation_log(p: Linear<3, 64>) -> Result<(), BenchmarkError> {
        Pallet::<T>::do_set(super::set::<T>(T::MaxRegistrars::get(), 0))?;
        let registrar = last_registrar::<T>();
        let proof: Vec<Hash32> = (0..p).map(|at| [at as u8; 32]).collect();
        let new_size = 1u64 << (p - 1);
        let (start, next) = (proof[0], proof[1]);
        let old_root = proof[2..].iter().fold(start, |right, left| log_tree::node(left, &right));
        let new_root = proof[2..]
            .iter()
            .fold(log_tree::node(&start, &next), |right, left| log_tree::node(left, &right));
        T::BenchmarkHelper::set_time(5);
        Logs::<T>::insert(registrar, EvaluationLog { size: new_size - 1, root: old_root, at: 0 });
        let proof: LogProof = proof.try_into().expect("the component is within the bound");

        #[extrinsic_call]
        _(RawOrigin::Signed(Pallet::<T>::account_of(&registrar)), new_size, new_root, proof);

        let stored = Logs::<T>::get(registrar).map(|log| (log.size, log.root));
        assert_eq!(stored, Some((new_size, new_root)));
        Ok(())
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::ExtBuilder::default().empty().build(),
        crate::mock::Test
    );
}
