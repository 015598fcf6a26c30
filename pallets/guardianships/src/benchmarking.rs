//! Benchmarks, each for the worst case.

use alloc::boxed::Box;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Time};
use frame_system::RawOrigin;
use kanglian_primitives::{
    COMING_OF_AGE_STEP, Grantee, Purpose, PurposeSet, VaultKey, blocks,
    payloads::{self, TakeOverBody},
};
use sp_core::{crypto::KeyTypeId, sr25519};
use sp_runtime::{AccountId32, MultiSignature, MultiSigner, traits::IdentifyAccount};

use super::*;

/// Sets the time of the chain for benchmarks, and gives them a call.
pub trait BenchmarkHelper<Call> {
    /// Makes `Clock` say `now`.
    fn set_time(now: Instant);

    /// A cheap call that a proxy may make for a person under [`Action::Revoke`].
    fn call_for_others() -> Call;
}

const NOW: Instant = 1_767_225_600_000;
const END: Instant = (NOW / COMING_OF_AGE_STEP + 4) * COMING_OF_AGE_STEP;
const REGION: RegionCode = RegionCode(320_000);
const WARD: PersonId = PersonId([0xa1; 32]);
const KEY_TYPE: KeyTypeId = KeyTypeId(*b"kanl");

fn person_id(n: u8) -> PersonId {
    PersonId([n; 32])
}

/// An account whose key the keystore holds.
fn signer<T>(n: u8) -> (sr25519::Public, T::AccountId)
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    let seed = alloc::format!("//Kanglian//{n}").into_bytes();
    let public = sp_io::crypto::sr25519_generate(KEY_TYPE, Some(seed));
    (public, MultiSigner::from(public).into_account().into())
}

fn sign(public: &sr25519::Public, payload: &[u8]) -> MultiSignature {
    let message = [b"<Bytes>", payload, b"</Bytes>"].concat();
    sp_io::crypto::sr25519_sign(KEY_TYPE, public, &message).expect("the key was just made").into()
}

fn set_person<T>(n: u8) -> (sr25519::Public, T::AccountId)
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    let (public, controller) = signer::<T>(n);
    T::People::benchmark_set_person(person_id(n), REGION, &controller);
    (public, controller)
}

fn set_up<T>() -> (T::RuntimeOrigin, InstitutionView<T::AccountId>)
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    T::BenchmarkHelper::set_time(NOW);
    T::Regions::benchmark_set_region(REGION, &account("pan-centre", 0, 0), VaultKey([0xe1; 32]));
    let controller: T::AccountId = account("controller", 0, 0);
    let id = InstitutionId::from_parts(320_100, 1);
    T::Institutions::benchmark_set_institution(id, REGION, &controller);
    let origin: T::RuntimeOrigin = RawOrigin::Signed(controller).into();
    let view = T::InstitutionOrigin::ensure_origin(origin.clone()).expect("a permitted one");
    (origin, view)
}

/// As many guardians as given, who hold the ward's keys.
fn set_guardians<T: Config>(count: u32, confirmed: bool) {
    let entry = Ward {
        attested: count,
        guardians: (1..=count)
            .map(|n| Guardianship {
                guardian: person_id(n as u8),
                institution: InstitutionId::from_parts(320_100, 1),
                basis: GuardianBasis::Interim,
                since: NOW,
                until: END,
                holds_keys: true,
                confirmed,
            })
            .collect::<alloc::vec::Vec<_>>()
            .try_into()
            .expect("as many as can be"),
    };
    Wards::<T>::insert(WARD, entry);
}

fn terms<T: Config>() -> Terms<T::AccountId> {
    let given = [
        blocks::MEDICAL,
        blocks::ELDERLY_CARE,
        blocks::HEALTH,
        blocks::PERSONAL,
        blocks::EMERGENCY_SUMMARY,
    ];
    Terms {
        id: T::Terms::next_id(&WARD, &Grantee::Person(person_id(1))),
        blocks: given.into_iter().collect(),
        purposes: PurposeSet::of(Purpose::PowerOfAttorney),
        from: T::Clock::now(),
        until: END,
        records_from: 0,
        records_until: u64::MAX,
        may_delegate: 0,
        parent: None,
        bundle: [7; 32],
    }
}

/// As many proxies as given.
fn set_proxies<T: Config>(count: u32) {
    let proxies: alloc::vec::Vec<_> = (1..=count)
        .map(|n| Proxyship {
            proxy: person_id(n as u8 + 0x40),
            blocks: BusinessBlockSet(u64::MAX),
            actions: ActionSet::of(Action::Revoke),
            since: NOW,
            until: END,
            terms: None,
        })
        .collect();
    Proxies::<T>::insert(WARD, ProxyList::try_from(proxies).expect("as many as can be"));
}

fn pan_centre<T: Config>() -> T::RuntimeOrigin {
    RawOrigin::Signed(account("pan-centre", 0, 0)).into()
}

#[benchmarks(
    where
        T: Config<OffchainSignature = MultiSignature, OffchainPublic = MultiSigner>,
        T::AccountId: From<AccountId32>,
)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn attest_guardian() -> Result<(), BenchmarkError> {
        let (origin, institution) = set_up::<T>();
        let (ward_key, _) = set_person::<T>(0xa1);
        let (guardian_key, _) = set_person::<T>(0xb1);
        set_guardians::<T>(MAX_GUARDIANS - 1, true);
        let basis = GuardianBasis::Minor;
        let guardian = person_id(0xb1);
        let body = Pallet::<T>::body(WARD, guardian, &institution, basis, END, true);
        let payload = payloads::guardian(&Pallet::<T>::genesis(), &body);
        let by_guardian = sign(&guardian_key, &payload);
        let by_ward = Some(sign(&ward_key, &payload));

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, WARD, guardian, basis, END, true, by_guardian, by_ward);

        let made = Wards::<T>::get(WARD).guardians;
        assert!(made.iter().any(|one| one.guardian == guardian && one.confirmed));
        Ok(())
    }

    #[benchmark]
    fn confirm_guardian() -> Result<(), BenchmarkError> {
        set_up::<T>();
        set_person::<T>(0xa1);
        set_guardians::<T>(MAX_GUARDIANS, false);

        #[extrinsic_call]
        _(pan_centre::<T>() as T::RuntimeOrigin, WARD, person_id(4));

        assert!(Wards::<T>::get(WARD).guardians.iter().any(|one| one.confirmed));
        Ok(())
    }

    #[benchmark]
    fn end_guardianship() -> Result<(), BenchmarkError> {
        set_up::<T>();
        set_person::<T>(0xa1);
        set_guardians::<T>(MAX_GUARDIANS, true);

        #[extrinsic_call]
        _(pan_centre::<T>() as T::RuntimeOrigin, WARD, person_id(4));

        assert!(Wards::<T>::get(WARD).guardians.iter().any(|one| one.until == NOW));
        Ok(())
    }

    #[benchmark]
    fn take_over() -> Result<(), BenchmarkError> {
        let (origin, institution) = set_up::<T>();
        let (_, old) = set_person::<T>(0xa1);
        set_guardians::<T>(MAX_GUARDIANS, true);
        let (key, new) = signer::<T>(0xc1);
        let data_key = EncryptionKey::x25519([9; 32]);
        T::BenchmarkHelper::set_time(END);
        let institution = institution.id;
        let body = TakeOverBody { ward: WARD, old, new: new.clone(), data_key, institution };
        let signature = sign(&key, &payloads::take_over(&Pallet::<T>::genesis(), &body));

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, WARD, new.clone(), data_key, signature);

        assert_eq!(T::People::controller(&WARD), Some(new));
        Ok(())
    }

    #[benchmark]
    fn appoint_proxy() -> Result<(), BenchmarkError> {
        set_up::<T>();
        let (_, controller) = set_person::<T>(0xa1);
        set_person::<T>(1);
        set_proxies::<T>(MAX_PROXIES - 1);
        let (blocks, actions) = (BusinessBlockSet(u64::MAX), ActionSet::OF_PROXIES);
        let terms = Some(terms::<T>());

        #[extrinsic_call]
        _(RawOrigin::Signed(controller), person_id(1), blocks, actions, END, terms);

        assert_eq!(Proxies::<T>::get(WARD).len(), MAX_PROXIES as usize);
        Ok(())
    }

    #[benchmark]
    fn revoke_proxy() -> Result<(), BenchmarkError> {
        set_up::<T>();
        let (_, controller) = set_person::<T>(0xa1);
        set_person::<T>(1);
        set_proxies::<T>(MAX_PROXIES - 1);
        let origin = RawOrigin::Signed(controller.clone()).into();
        let (blocks, actions) = (BusinessBlockSet(u64::MAX), ActionSet::OF_PROXIES);
        let terms = Some(terms::<T>());
        Pallet::<T>::appoint_proxy(origin, person_id(1), blocks, actions, END, terms)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(controller), person_id(1));

        assert_eq!(Proxies::<T>::get(WARD).len(), MAX_PROXIES as usize - 1);
        Ok(())
    }

    /// The call made costs its own weight, which is taken off by hand.
    #[benchmark]
    fn act_for() -> Result<(), BenchmarkError> {
        set_up::<T>();
        set_person::<T>(0xa1);
        set_guardians::<T>(MAX_GUARDIANS, true);
        set_proxies::<T>(MAX_PROXIES);
        let (_, proxy) = set_person::<T>(0x48);
        let call = Box::new(T::BenchmarkHelper::call_for_others());
        let origin: T::RuntimeOrigin = RawOrigin::Signed(proxy).into();

        #[block]
        {
            // The call's own outcome does not matter.
            let _ = Pallet::<T>::act_for(origin, WARD, call);
        }

        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
