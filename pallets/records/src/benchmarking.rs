//! Benchmarks: worst case of every call, an institution that shares about a person and is paid.

use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::traits::{Get, Time};
use frame_system::{RawOrigin, pallet_prelude::BlockNumberFor};
use kanglian_primitives::{
    Author, BusinessBlockId, BusinessBlockSet, EncryptionKey, Height, Instant, InstitutionId,
    KeyEpoch, MAX_RECEIPT_VALIDITY, MAX_RECEIPTS, PersonId, Receipt, RecordId, RecordStatus,
    RegionCode, SchemaId, VaultKey,
    payloads::{self, ReceiptBody},
};
use kanglian_traits::{BlockInspect, InstitutionInspect, OnAttested, PersonInspect, RegionInspect};
use sp_core::crypto::KeyTypeId;
use sp_runtime::{SaturatedConversion, traits::Zero};

use crate::*;

const VAULT: KeyTypeId = KeyTypeId(*b"kbch");
const HOME: RegionCode = RegionCode(110_000);
const SUBJECT: PersonId = PersonId([0xb1; 32]);
const EPOCH: KeyEpoch = KeyEpoch(0);
const SIZE: u64 = 4_096;
const YEAR: Instant = 365 * 24 * 3_600 * 1_000;

/// Keys that are in memory when a share is executed; see the README.
fn whitelist<T: Config>(caller: &T::AccountId) {
    let genesis = frame_system::BlockHash::<T>::hashed_key_for(BlockNumberFor::<T>::zero());
    let time = frame_support::storage::storage_prefix(b"Timestamp", b"Now").to_vec();
    let account = frame_system::Account::<T>::hashed_key_for(caller);
    for key in [genesis, time, account] {
        frame_benchmarking::benchmarking::add_to_whitelist(key.into());
    }
}

/// The first schema of a block that takes records.
fn schema<T: Config>() -> Result<(SchemaId, BusinessBlockId), BenchmarkError> {
    (0..64_000)
        .map(SchemaId)
        .find_map(|id| T::Blocks::schema(id).filter(|(_, view)| !view.public).map(|(b, _)| (id, b)))
        .ok_or(BenchmarkError::Stop("no schema of a private block"))
}

struct Setup<T: Config> {
    caller: T::AccountId,
    author: Author,
    person: T::AccountId,
    schema: SchemaId,
    block: BusinessBlockId,
    vaults: alloc::vec::Vec<(RegionCode, sp_core::ed25519::Public)>,
}

impl<T: Config> Setup<T> {
    /// `count` regions with vaults, one institution that may write, one person.
    fn new(count: u32) -> Result<Self, BenchmarkError> {
        let count = count.max(T::MinReceipts::get());
        let mut vaults = vec![];
        for index in 0..count {
            let region = RegionCode(HOME.0 + index * 10_000);
            let key = sp_io::crypto::ed25519_generate(VAULT, None);
            let pan_centre: T::AccountId = account("pan_centre", index, 0);
            T::Regions::benchmark_set_region(region, &pan_centre, VaultKey(key.0));
            vaults.push((region, key));
        }
        let caller: T::AccountId = whitelisted_caller();
        let person: T::AccountId = account("person", 0, 0);
        let institution = InstitutionId::from_parts(HOME.0, 77);
        T::Institutions::benchmark_set_institution(institution, HOME, &caller);
        T::People::benchmark_set_person(SUBJECT, HOME, &person);
        let (schema, block) = schema::<T>()?;
        T::BenchmarkHelper::on_attested(
            SUBJECT,
            vec![(block, EncryptionKey::x25519([9; 32]))],
            institution,
            BusinessBlockSet::of(block),
            T::Clock::now().saturating_add(YEAR),
        )?;
        whitelist::<T>(&caller);
        let author = Author::Institution(institution);
        Ok(Self { caller, author, person, schema, block, vaults })
    }

    fn receipts(&self, record: RecordId) -> Result<Receipts, BenchmarkError> {
        let height: Height = frame_system::Pallet::<T>::block_number().saturated_into();
        let genesis = Pallet::<T>::genesis_hash();
        let mut receipts = Receipts::default();
        for (region, key) in &self.vaults {
            let body = ReceiptBody {
                region: *region,
                record,
                size: SIZE,
                subject: SUBJECT,
                author: self.author,
                epoch: EPOCH,
                expires_at: height + MAX_RECEIPT_VALIDITY,
            };
            let signature =
                sp_io::crypto::ed25519_sign(VAULT, key, &payloads::receipt(&genesis, &body))
                    .ok_or(BenchmarkError::Stop("no keystore to sign with"))?
                    .0;
            receipts
                .try_push(Receipt { region: *region, expires_at: body.expires_at, signature })
                .map_err(|_| BenchmarkError::Stop("too many receipts"))?;
        }
        Ok(receipts)
    }

    fn share(&self, record: RecordId) -> Result<(), BenchmarkError> {
        let origin = RawOrigin::Signed(self.caller.clone()).into();
        let receipts = self.receipts(record)?;
        Pallet::<T>::share(
            origin,
            SUBJECT,
            self.block,
            self.schema,
            record,
            SIZE,
            EPOCH,
            receipts,
        )?;
        Ok(())
    }
}

const FIRST: RecordId = RecordId([0x11; 32]);
const SECOND: RecordId = RecordId([0x22; 32]);

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn share(r: Linear<2, MAX_RECEIPTS>) -> Result<(), BenchmarkError> {
        let setup = Setup::<T>::new(r)?;
        let receipts = setup.receipts(FIRST)?;
        #[extrinsic_call]
        _(
            RawOrigin::Signed(setup.caller),
            SUBJECT,
            setup.block,
            setup.schema,
            FIRST,
            SIZE,
            EPOCH,
            receipts,
        );
        assert_eq!(Records::<T>::get(FIRST).map(|record| record.author), Some(setup.author));
        Ok(())
    }

    #[benchmark]
    fn share_batch(r: Linear<2, MAX_RECEIPTS>) -> Result<(), BenchmarkError> {
        let setup = Setup::<T>::new(r)?;
        let receipts = setup.receipts(FIRST)?;
        let count = T::MaxBatch::get();
        #[extrinsic_call]
        _(
            RawOrigin::Signed(setup.caller),
            SUBJECT,
            setup.block,
            setup.schema,
            FIRST,
            SIZE,
            EPOCH,
            receipts,
            count,
        );
        assert_eq!(Records::<T>::get(FIRST).map(|record| record.count), Some(count));
        Ok(())
    }

    #[benchmark]
    fn supersede(r: Linear<2, MAX_RECEIPTS>) -> Result<(), BenchmarkError> {
        let setup = Setup::<T>::new(r)?;
        setup.share(FIRST)?;
        let receipts = setup.receipts(SECOND)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(setup.caller), FIRST, setup.schema, SECOND, SIZE, EPOCH, receipts);
        let status = Records::<T>::get(FIRST).map(|record| record.status);
        assert_eq!(status, Some(RecordStatus::Superseded(SECOND)));
        Ok(())
    }

    #[benchmark]
    fn reject() -> Result<(), BenchmarkError> {
        let setup = Setup::<T>::new(MAX_RECEIPTS)?;
        setup.share(FIRST)?;
        whitelist::<T>(&setup.person);
        #[extrinsic_call]
        _(RawOrigin::Signed(setup.person), FIRST);
        let status = Records::<T>::get(FIRST).map(|record| record.status);
        assert_eq!(status, Some(RecordStatus::Rejected));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder.build(), crate::mock::Test);
}
