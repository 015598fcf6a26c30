//! Benchmarks of every call at its worst: signatures wrapped by a wallet, so that two are
//! verified, and as many scope keys as there are private business blocks at genesis.

use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};
use frame_system::RawOrigin;
use kanglian_primitives::{
    BusinessBlockSet, EncryptionKey, Instant, InstitutionId, PersonId, RegionCode, VaultKey,
    blocks,
    payloads::{self, AttestationBody, LinkBody, MigrationBody},
};
use kanglian_traits::{
    InstitutionInspect, InstitutionView, PersonInspect, RegionInspect, RegistrarInspect,
};
use sp_core::{crypto::KeyTypeId, sr25519};
use sp_runtime::{
    AccountId32, MultiSignature, MultiSigner,
    traits::{IdentifyAccount, Zero},
};

use crate::*;

/// Sets the time of the chain for benchmarks.
pub trait BenchmarkHelper {
    /// Makes `Clock` say `now`.
    fn set_time(now: Instant);
}

const NOW: Instant = 1_767_225_600_000;
const REGION: RegionCode = RegionCode(320_000);
const OTHER_REGION: RegionCode = RegionCode(330_000);
const PERSON: PersonId = PersonId([0xa1; 32]);
const OTHER: PersonId = PersonId([0xb0; 32]);
const NEW: PersonId = PersonId([0xa2; 32]);
const KEY_TYPE: KeyTypeId = KeyTypeId(*b"kanl");

// The business blocks that take scope keys at genesis.
const PRIVATE_BLOCKS: [kanglian_primitives::BusinessBlockId; 6] = [
    blocks::MEDICAL,
    blocks::RESTRICTED_MEDICAL,
    blocks::ELDERLY_CARE,
    blocks::HEALTH,
    blocks::PERSONAL,
    blocks::EMERGENCY_SUMMARY,
];

fn key(n: u8) -> EncryptionKey {
    EncryptionKey::x25519([n.saturating_add(9); 32])
}

fn account<AccountId: From<AccountId32>>(n: u8) -> AccountId {
    AccountId32::new([n; 32]).into()
}

/// An account whose key the keystore holds.
fn signer() -> (sr25519::Public, AccountId32) {
    signer_of("//Kanglian//Benchmark")
}

fn signer_of(seed: &str) -> (sr25519::Public, AccountId32) {
    let public = sp_io::crypto::sr25519_generate(KEY_TYPE, Some(seed.as_bytes().to_vec()));
    (public, MultiSigner::from(public).into_account())
}

fn sign_wrapped(public: &sr25519::Public, payload: &[u8]) -> MultiSignature {
    let message = [b"<Bytes>", payload, b"</Bytes>"].concat();
    sp_io::crypto::sr25519_sign(KEY_TYPE, public, &message).expect("the key was just made").into()
}

fn set_region<T: Config>(region: RegionCode, pan_centre: &T::AccountId) {
    let tag = u8::try_from(region.0 / 10_000).expect("a province level code is below 83");
    T::Regions::benchmark_set_region(region, pan_centre, VaultKey([tag; 32]));
}

/// A permitted institution in an active region, with its origin. Its attestations count up to a
/// later instant, so that every check of them reads a value.
fn institution<T>() -> Result<(T::RuntimeOrigin, InstitutionView<T::AccountId>), BenchmarkError>
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    T::BenchmarkHelper::set_time(NOW);
    set_region::<T>(REGION, &account(0x32));
    let controller: T::AccountId = account(0xca);
    T::Institutions::benchmark_set_institution(
        InstitutionId::from_parts(REGION.0, 1),
        REGION,
        &controller,
    );
    let origin = T::InstitutionOrigin::try_successful_origin()
        .unwrap_or_else(|()| RawOrigin::Signed(controller).into());
    let view =
        T::InstitutionOrigin::try_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
    InvalidFrom::<T>::insert(view.id, Instant::MAX);
    Ok((origin, view))
}

/// An attested person in an active region, with its origin.
fn person<T>() -> Result<(T::RuntimeOrigin, PersonId, T::AccountId), BenchmarkError>
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    T::BenchmarkHelper::set_time(NOW);
    set_region::<T>(REGION, &account(0x32));
    let controller: T::AccountId = account(0xa1);
    <Pallet<T> as PersonInspect<T::AccountId>>::benchmark_set_person(PERSON, REGION, &controller);
    change::<T>(PERSON, |entry| {
        InvalidFrom::<T>::insert(entry.attester, Instant::MAX);
    });
    let origin = T::PersonOrigin::try_successful_origin()
        .unwrap_or_else(|()| RawOrigin::Signed(controller).into());
    let view =
        T::PersonOrigin::try_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
    Ok((origin, view.id, view.controller))
}

/// Two persons whose accounts sign, with an institution that links them: alias and canonical id.
/// The canonical id has as many other names as leave room for one.
fn two<T>() -> Result<(T::RuntimeOrigin, InstitutionId, [sr25519::Public; 2]), BenchmarkError>
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    let (origin, view) = institution::<T>()?;
    let signers = ["//Alias", "//Canonical"].map(signer_of);
    for (id, (_, account)) in [PERSON, OTHER].into_iter().zip(&signers) {
        let account: T::AccountId = account.clone().into();
        <Pallet<T> as PersonInspect<T::AccountId>>::benchmark_set_person(id, REGION, &account);
        change::<T>(id, |entry| {
            InvalidFrom::<T>::insert(entry.attester, Instant::MAX);
        });
    }
    let names = (1..MAX_ALIASES).map(|n| PersonId([u8::try_from(n).unwrap_or(0); 32]));
    let names: Vec<_> = names.collect();
    AliasesOf::<T>::insert(OTHER, AliasList::truncate_from(names.clone()));
    AliasesOf::<T>::insert(PERSON, AliasList::truncate_from(names));
    Ok((origin, view.id, signers.map(|(public, _)| public)))
}

fn genesis<T: Config>() -> kanglian_primitives::Hash32 {
    let zero = frame_system::pallet_prelude::BlockNumberFor::<T>::zero();
    frame_system::Pallet::<T>::block_hash(zero).0
}

fn pan_centre<T>() -> Result<(T::RuntimeOrigin, RegionCode), BenchmarkError>
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    let origin = T::PanCentreOrigin::try_successful_origin()
        .unwrap_or_else(|()| RawOrigin::Signed(account::<T::AccountId>(0x32)).into());
    let region =
        T::PanCentreOrigin::try_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
    Ok((origin, region))
}

fn request<T: Config>(by: InstitutionId) {
    let request = LinkRequest { canonical: OTHER, by, from: 0, until: Instant::MAX };
    LinkRequests::<T>::insert(PERSON, request);
}

fn change<T: Config>(id: PersonId, with: impl FnOnce(&mut Person<T::AccountId>)) {
    Persons::<T>::mutate(id, |entry| with(entry.as_mut().expect("the person is attested")));
}

fn entry<T: Config>(id: PersonId) -> Person<T::AccountId> {
    Persons::<T>::get(id).expect("the person is attested")
}

#[benchmarks(
    where
        T::AccountId: From<AccountId32>,
        T::OffchainSignature: From<MultiSignature>,
)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn attest(k: Linear<0, 6>) -> Result<(), BenchmarkError> {
        let (origin, institution) = institution::<T>()?;
        let (public, controller) = signer();
        let taken = usize::try_from(k).expect("six at most");
        let scope_keys: Vec<_> = PRIVATE_BLOCKS
            .iter()
            .zip(1u8..)
            .take(taken)
            .map(|(block, n)| (*block, key(n)))
            .collect();
        let attestation = Attestation::<T::AccountId> {
            controller: controller.into(),
            data_key: key(0),
            scope_keys: scope_keys.try_into().expect("six are within the bound"),
            write_blocks: BusinessBlockSet::from_iter(PRIVATE_BLOCKS),
            write_until: NOW + 86_400_000,
            valid_until: NOW + T::MaxValidity::get(),
        };
        let body = AttestationBody {
            person: PERSON,
            controller: attestation.controller.clone(),
            home_region: institution.region,
            data_key: attestation.data_key,
            scope_keys: attestation.scope_keys.to_vec(),
            attester: institution.id,
            write_blocks: attestation.write_blocks,
            write_until: attestation.write_until,
            valid_until: attestation.valid_until,
        };
        let genesis = frame_system::Pallet::<T>::block_hash(
            frame_system::pallet_prelude::BlockNumberFor::<T>::zero(),
        );
        let signature = sign_wrapped(&public, &payloads::attest(&genesis.0, &body)).into();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, PERSON, attestation, signature);

        assert_eq!(entry::<T>(PERSON).attester, institution.id);
        assert_eq!(PersonOf::<T>::get(&body.controller), Some(PERSON));
        Ok(())
    }

    #[benchmark]
    fn renew() -> Result<(), BenchmarkError> {
        let (_, id, _) = person::<T>()?;
        let (origin, institution) = institution::<T>()?;
        change::<T>(id, |entry| {
            entry.home_region = institution.region;
            entry.valid_until = NOW + 1;
        });
        let until = NOW + T::MaxValidity::get();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id, until);

        assert_eq!(entry::<T>(id).valid_until, until);
        Ok(())
    }

    #[benchmark]
    fn rotate_controller() -> Result<(), BenchmarkError> {
        let (origin, id, old) = person::<T>()?;
        let (public, new) = signer();
        let new: T::AccountId = new.into();
        let genesis = frame_system::Pallet::<T>::block_hash(
            frame_system::pallet_prelude::BlockNumberFor::<T>::zero(),
        );
        let payload = payloads::rotate(&genesis.0, &id, &old, &new);
        let signature = sign_wrapped(&public, &payload).into();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, new.clone(), signature);

        assert_eq!(PersonOf::<T>::get(&new), Some(id));
        assert_eq!(PersonOf::<T>::get(&old), None);
        Ok(())
    }

    #[benchmark]
    fn rotate_data_key() -> Result<(), BenchmarkError> {
        let (origin, id, _) = person::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, key(77));

        assert_eq!(entry::<T>(id).data_key, key(77));
        Ok(())
    }

    #[benchmark]
    fn move_region() -> Result<(), BenchmarkError> {
        let (origin, id, _) = person::<T>()?;
        set_region::<T>(OTHER_REGION, &account(0x33));

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, OTHER_REGION);

        assert_eq!(entry::<T>(id).home_region, OTHER_REGION);
        Ok(())
    }

    #[benchmark]
    fn invalidate_attester() -> Result<(), BenchmarkError> {
        let origin =
            T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let institution = InstitutionId::from_parts(REGION.0, 1);
        InvalidFrom::<T>::insert(institution, NOW);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, institution, NOW + 1);

        assert_eq!(InvalidFrom::<T>::get(institution), Some(NOW + 1));
        Ok(())
    }

    #[benchmark]
    fn re_attest() -> Result<(), BenchmarkError> {
        let (_, id, _) = person::<T>()?;
        let (origin, institution) = institution::<T>()?;
        InvalidFrom::<T>::insert(entry::<T>(id).attester, 0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id);

        assert_eq!(entry::<T>(id).attester, institution.id);
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let (_, id, _) = person::<T>()?;
        let (origin, region) = pan_centre::<T>()?;
        change::<T>(id, |entry| entry.home_region = region);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id);

        assert_eq!(entry::<T>(id).status, PersonStatus::Suspended);
        Ok(())
    }

    #[benchmark]
    fn lift() -> Result<(), BenchmarkError> {
        let origin =
            T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let (_, id, _) = person::<T>()?;
        change::<T>(id, |entry| entry.status = PersonStatus::Suspended);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id);

        assert_eq!(entry::<T>(id).status, PersonStatus::Active);
        Ok(())
    }

    #[benchmark]
    fn remove_expired() -> Result<(), BenchmarkError> {
        let (_, id, controller) = person::<T>()?;
        let end = entry::<T>(id).valid_until;
        T::BenchmarkHelper::set_time(end + T::CloseGrace::get());
        let caller: T::AccountId = account(0x55);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), id);

        assert_eq!(entry::<T>(id).status, PersonStatus::Closed);
        assert_eq!(PersonOf::<T>::get(&controller), None);
        Ok(())
    }

    #[benchmark]
    fn link() -> Result<(), BenchmarkError> {
        let (origin, institution, [alias, canonical]) = two::<T>()?;
        let body = LinkBody { alias: PERSON, canonical: OTHER, institution, round: 0 };
        let payload = payloads::link(&genesis::<T>(), &body);
        let own = sign_wrapped(&canonical, &payload).into();
        let others = Some(sign_wrapped(&alias, &payload).into());

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, PERSON, OTHER, own, others);

        assert_eq!(entry::<T>(PERSON).status, PersonStatus::Linked);
        Ok(())
    }

    #[benchmark]
    fn approve_link() -> Result<(), BenchmarkError> {
        let (_, institution, _) = two::<T>()?;
        let (origin, region) = pan_centre::<T>()?;
        change::<T>(PERSON, |entry| entry.home_region = region);
        request::<T>(institution);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, PERSON);

        assert_eq!(entry::<T>(PERSON).status, PersonStatus::Linked);
        Ok(())
    }

    #[benchmark]
    fn refuse_link() -> Result<(), BenchmarkError> {
        let (_, institution, _) = two::<T>()?;
        request::<T>(institution);
        let caller = entry::<T>(PERSON).controller;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller));

        assert!(LinkRequests::<T>::get(PERSON).is_none());
        Ok(())
    }

    #[benchmark]
    fn undo_alias() -> Result<(), BenchmarkError> {
        let (_, institution, _) = two::<T>()?;
        let (origin, region) = pan_centre::<T>()?;
        // The region of the one that is looked at last.
        change::<T>(OTHER, |entry| entry.home_region = region);
        change::<T>(PERSON, |entry| {
            entry.home_region = OTHER_REGION;
            entry.status = PersonStatus::Linked;
        });
        let kind = AliasKind::Linked;
        let alias = Alias { canonical: OTHER, kind, by: institution, since: NOW };
        Aliases::<T>::insert(PERSON, alias);
        AliasesOf::<T>::try_append(OTHER, PERSON).map_err(|()| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, PERSON);

        assert_eq!(entry::<T>(PERSON).status, PersonStatus::Active);
        Ok(())
    }

    #[benchmark]
    fn migrate() -> Result<(), BenchmarkError> {
        let (origin, institution, [_, canonical]) = two::<T>()?;
        T::Generations::benchmark_set_generation(1);
        let body = MigrationBody { generation: 1, old: OTHER, new: NEW, institution, round: 0 };
        let payload = payloads::migrate(&genesis::<T>(), &body);
        let signature = sign_wrapped(&canonical, &payload).into();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, OTHER, NEW, signature);

        assert_eq!(Aliases::<T>::get(NEW).map(|alias| alias.canonical), Some(OTHER));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
