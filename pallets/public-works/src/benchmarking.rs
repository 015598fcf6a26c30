//! Benchmarks, each for the worst case: an institution that is paid, a work endorsed by as many as
//! can.

use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};
use frame_system::{RawOrigin, pallet_prelude::BlockNumberFor};
use kanglian_primitives::{
    Height, MAX_RECEIPT_VALIDITY, Receipt, VaultKey,
    payloads::{self, WorkReceiptBody},
};
use sp_core::{crypto::KeyTypeId, ed25519};
use sp_runtime::{SaturatedConversion, traits::Zero};

use super::*;

/// Sets the time of the chain for benchmarks.
pub trait BenchmarkHelper {
    /// Makes `Clock` say `now`.
    fn set_time(now: Instant);
}

const VAULT: KeyTypeId = KeyTypeId(*b"kbpw");
const NOW: Instant = 1_767_225_600_000;
const HOME: RegionCode = RegionCode(110_000);
const SIZE: u64 = 4_096;
const METADATA: Hash32 = [7; 32];
const FIRST: WorkId = WorkId([0x11; 32]);
const SECOND: WorkId = WorkId([0x22; 32]);

fn institution(number: u32) -> InstitutionId {
    InstitutionId::from_parts(HOME.0, number)
}

struct Setup<T: Config> {
    caller: T::AccountId,
    schema: SchemaId,
    block: BusinessBlockId,
    vaults: Vec<(RegionCode, ed25519::Public)>,
}

impl<T: Config> Setup<T> {
    /// `count` regions with vaults, and an institution.
    fn new(count: u32) -> Result<Self, BenchmarkError> {
        T::BenchmarkHelper::set_time(NOW);
        let vaults = (0..count)
            .map(|index| {
                let region = RegionCode(HOME.0 + index * 10_000);
                let key = sp_io::crypto::ed25519_generate(VAULT, None);
                let pan_centre: T::AccountId = account("pan_centre", index, 0);
                T::Regions::benchmark_set_region(region, &pan_centre, VaultKey(key.0));
                (region, key)
            })
            .collect();
        let caller: T::AccountId = account("author", 0, 0);
        T::Institutions::benchmark_set_institution(institution(0), HOME, &caller);
        let (schema, block) = (0..64_000)
            .map(SchemaId)
            .find_map(|id| {
                let (block, view) = T::Blocks::schema(id)?;
                view.public.then_some((id, block))
            })
            .ok_or(BenchmarkError::Stop("no schema of a public block"))?;
        Ok(Self { caller, schema, block, vaults })
    }

    fn receipts(&self, work: WorkId) -> Result<Receipts, BenchmarkError> {
        let height: Height = frame_system::Pallet::<T>::block_number().saturated_into();
        let genesis: Hash32 = codec::Encode::using_encoded(
            &frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero()),
            |bytes| bytes.try_into(),
        )
        .map_err(|_| BenchmarkError::Stop("block hashes have 32 bytes"))?;
        let mut receipts = Receipts::default();
        for (region, key) in &self.vaults {
            let body = WorkReceiptBody {
                region: *region,
                work,
                size: SIZE,
                metadata: METADATA,
                author: institution(0),
                expires_at: height + MAX_RECEIPT_VALIDITY,
            };
            let signature =
                sp_io::crypto::ed25519_sign(VAULT, key, &payloads::work_receipt(&genesis, &body))
                    .ok_or(BenchmarkError::Stop("no keystore to sign with"))?
                    .0;
            receipts
                .try_push(Receipt { region: *region, expires_at: body.expires_at, signature })
                .map_err(|_| BenchmarkError::Stop("too many receipts"))?;
        }
        Ok(receipts)
    }

    /// A paid work, endorsed by so many.
    fn published(endorsements: u32) -> Result<Self, BenchmarkError> {
        let setup = Self::new(MAX_RECEIPTS)?;
        let receipts = setup.receipts(FIRST)?;
        let origin = RawOrigin::Signed(setup.caller.clone()).into();
        Pallet::<T>::publish(origin, FIRST, setup.block, setup.schema, SIZE, METADATA, receipts)?;
        for number in 1..=endorsements {
            let origin = RawOrigin::Signed(endorser::<T>(number)).into();
            Pallet::<T>::endorse(origin, FIRST)?;
        }
        Ok(setup)
    }
}

fn endorser<T: Config>(number: u32) -> T::AccountId {
    let who: T::AccountId = account("endorser", number, 0);
    T::Institutions::benchmark_set_institution(institution(number), HOME, &who);
    who
}

fn stored<T: Config>(id: WorkId) -> Result<Work<T::AccountId, T::MaxEndorsements>, BenchmarkError> {
    Works::<T>::get(id).ok_or(BenchmarkError::Stop("it was stored"))
}

fn regulator<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::RegulatorOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn publish(r: Linear<2, MAX_RECEIPTS>) -> Result<(), BenchmarkError> {
        let setup = Setup::<T>::new(r)?;
        let receipts = setup.receipts(FIRST)?;

        #[extrinsic_call]
        _(
            RawOrigin::Signed(setup.caller),
            FIRST,
            setup.block,
            setup.schema,
            SIZE,
            METADATA,
            receipts,
        );

        assert_eq!(stored::<T>(FIRST)?.author, institution(0));
        Ok(())
    }

    #[benchmark]
    fn supersede(r: Linear<2, MAX_RECEIPTS>) -> Result<(), BenchmarkError> {
        let mut setup = Setup::<T>::published(T::MaxEndorsements::get())?;
        setup.vaults.truncate(r as usize);
        let receipts = setup.receipts(SECOND)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(setup.caller), FIRST, SECOND, setup.schema, SIZE, METADATA, receipts);

        assert_eq!(stored::<T>(FIRST)?.superseded_by, Some(SECOND));
        Ok(())
    }

    #[benchmark]
    fn endorse() -> Result<(), BenchmarkError> {
        let most = T::MaxEndorsements::get();
        Setup::<T>::published(most - 1)?;
        let caller = endorser::<T>(most);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), FIRST);

        assert_eq!(stored::<T>(FIRST)?.endorsements.len() as u32, most);
        Ok(())
    }

    #[benchmark]
    fn withdraw_endorsement() -> Result<(), BenchmarkError> {
        let most = T::MaxEndorsements::get();
        Setup::<T>::published(most)?;
        let caller = endorser::<T>(most);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), FIRST);

        assert_eq!(stored::<T>(FIRST)?.endorsements.len() as u32, most - 1);
        Ok(())
    }

    #[benchmark]
    fn retract() -> Result<(), BenchmarkError> {
        let setup = Setup::<T>::published(T::MaxEndorsements::get())?;

        #[extrinsic_call]
        _(RawOrigin::Signed(setup.caller), FIRST, RetractionReason::Error);

        assert!(stored::<T>(FIRST)?.retracted.is_some());
        Ok(())
    }

    #[benchmark]
    fn take_down() -> Result<(), BenchmarkError> {
        Setup::<T>::published(T::MaxEndorsements::get())?;
        let origin = regulator::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, FIRST, TakedownReason::Harmful);

        assert!(stored::<T>(FIRST)?.taken_down.is_some());
        Ok(())
    }

    #[benchmark]
    fn restore() -> Result<(), BenchmarkError> {
        Setup::<T>::published(T::MaxEndorsements::get())?;
        Pallet::<T>::take_down(regulator::<T>()?, FIRST, TakedownReason::Harmful)?;
        let origin = regulator::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, FIRST);

        assert!(stored::<T>(FIRST)?.taken_down.is_none());
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder.build(), crate::mock::Test);
}
