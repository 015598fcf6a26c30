//! Benchmarks of every call at its worst: as many custodians as a dealing can have, signatures
//! wrapped by a wallet, so that two are verified, and full lists of notes.

use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::traits::{
    EnsureOrigin, Get, Time,
    fungible::{Inspect, Mutate},
};
use frame_system::RawOrigin;
use kanglian_primitives::{
    DealingPart, HandOver, MAX_CUSTODIANS, PartAnswer, VaultKey,
    payloads::{self, RecoveryBody},
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
const PERSON: PersonId = PersonId([0xa1; 32]);
const KEY_TYPE: KeyTypeId = KeyTypeId(*b"kanl");
const FIRST: RecoveryId = RecoveryId(0);
const CASE: EmergencyId = EmergencyId(0);

fn key(n: u8) -> EncryptionKey {
    EncryptionKey::x25519([n.saturating_add(9); 32])
}

fn account<AccountId: From<AccountId32>>(kind: u8, n: u8) -> AccountId {
    let mut bytes = [kind; 32];
    bytes[31] = n;
    AccountId32::new(bytes).into()
}

/// Codes of province level, rising.
fn region(n: u8) -> RegionCode {
    RegionCode(u32::from(n).saturating_add(11).saturating_mul(10_000))
}

fn set_region<T>(n: u8)
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    let pan_centre: T::AccountId = account(0xcc, n);
    T::Regions::benchmark_set_region(region(n), &pan_centre, VaultKey([n.saturating_add(1); 32]));
}

/// Custodians of `n` active regions.
fn set_custodians<T>(n: u32)
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    T::BenchmarkHelper::set_time(NOW);
    for n in 0..u8::try_from(n).expect("few") {
        set_region::<T>(n);
        let custodian: T::AccountId = account(0xcd, n);
        Pallet::<T>::do_set_custodian(region(n), custodian, key(n)).expect("a fresh custodian");
    }
}

fn terms(n: u32) -> DealingTerms {
    let part = |n: u8| DealingPart { region: region(n), share: [n; 32] };
    let count = u8::try_from(n).expect("few");
    let threshold = count.min(3);
    DealingTerms {
        threshold,
        commitments: vec![[1; 32]; threshold.into()].try_into().expect("few"),
        parts: (0..count).map(part).collect::<Vec<_>>().try_into().expect("few"),
        sealed: [9; 32],
    }
}

fn pan_centre_origin<T>(n: u8) -> T::RuntimeOrigin
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    RawOrigin::Signed(account::<T::AccountId>(0xcc, n)).into()
}

fn set_person<T>() -> T::AccountId
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    let controller: T::AccountId = account(0xa1, 0);
    T::People::benchmark_set_person(PERSON, region(0), &controller);
    controller
}

/// The person has dealt both scopes to as many custodians as can be, who all acknowledged.
fn set_dealt<T>() -> T::AccountId
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    set_custodians::<T>(MAX_CUSTODIANS);
    let controller = set_person::<T>();
    for scope in [DealtScope::Whole, DealtScope::Emergency] {
        Pallet::<T>::do_deal(PERSON, scope, terms(MAX_CUSTODIANS)).expect("dealt");
        for n in 0..u8::try_from(MAX_CUSTODIANS).expect("few") {
            let custodian: T::AccountId = account(0xcd, n);
            Pallet::<T>::do_acknowledge(&custodian, PERSON, scope, 1).expect("acknowledged");
        }
    }
    controller
}

fn set_institution<T>() -> (T::RuntimeOrigin, InstitutionView<T::AccountId>)
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    let controller: T::AccountId = account(0xca, 0);
    let id = InstitutionId::from_parts(region(0).0, 1);
    T::Institutions::benchmark_set_institution(id, region(0), &controller);
    let origin: T::RuntimeOrigin = RawOrigin::Signed(controller).into();
    let view = T::InstitutionOrigin::ensure_origin(origin.clone()).expect("a permitted one");
    (origin, view)
}

/// The new account's keys and its agreement.
fn agreement<T>(institution: InstitutionId) -> (NewKeys<T::AccountId>, T::OffchainSignature)
where
    T: Config<OffchainSignature = MultiSignature, OffchainPublic = MultiSigner>,
    T::AccountId: From<AccountId32>,
{
    let public: sr25519::Public =
        sp_io::crypto::sr25519_generate(KEY_TYPE, Some(b"//Kanglian//Benchmark".to_vec()));
    let controller: T::AccountId = MultiSigner::from(public).into_account().into();
    let keys = NewKeys { controller: controller.clone(), data_key: key(30), reseal_key: key(31) };
    let body = RecoveryBody {
        person: PERSON,
        institution,
        new_controller: controller,
        new_data_key: keys.data_key,
        reseal_key: keys.reseal_key,
    };
    let genesis = frame_system::Pallet::<T>::block_hash(
        frame_system::pallet_prelude::BlockNumberFor::<T>::zero(),
    );
    let payload = payloads::recovery(&genesis.0, &body);
    let message = [b"<Bytes>", payload.as_slice(), b"</Bytes>"];
    let signature = sp_io::crypto::sr25519_sign(KEY_TYPE, &public, &message.concat());
    (keys, signature.expect("the key was just made").into())
}

/// A pending recovery of a person whose secret is dealt.
fn set_recovery<T>() -> T::RuntimeOrigin
where
    T: Config<OffchainSignature = MultiSignature, OffchainPublic = MultiSigner>,
    T::AccountId: From<AccountId32>,
{
    set_dealt::<T>();
    let (origin, view) = set_institution::<T>();
    let (keys, signature) = agreement::<T>(view.id);
    Pallet::<T>::do_open_recovery(view, PERSON, keys, signature).expect("opened");
    origin
}

fn set_executed<T>()
where
    T: Config<OffchainSignature = MultiSignature, OffchainPublic = MultiSigner>,
    T::AccountId: From<AccountId32>,
{
    set_recovery::<T>();
    for n in 0..T::RecoveryBar::get().max(3) {
        Pallet::<T>::do_approve_recovery(region(n), FIRST).expect("approved");
    }
    T::BenchmarkHelper::set_time(NOW.saturating_add(Pallet::<T>::delay()));
}

fn set_physician<T>() -> (T::AccountId, InstitutionId)
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    set_dealt::<T>();
    let (_, view) = set_institution::<T>();
    let doctor: T::AccountId = account(0xd0, 0);
    T::Institutions::benchmark_set_physician(&doctor, view.id, key(40));
    (doctor, view.id)
}

/// An open emergency; lists of notes are as full as they get with it.
fn set_emergency<T>() -> T::AccountId
where
    T: Config,
    T::AccountId: From<AccountId32>,
{
    let (doctor, id) = set_physician::<T>();
    let hours = T::MaxEmergencyHours::get();
    let reason = EmergencyReason::Unconscious;
    Pallet::<T>::do_open_emergency(doctor.clone(), PERSON, id, reason, hours).expect("opened");
    let note = EmergenciesOf::<T>::get(PERSON)[0].clone();
    let fill = |list: &mut NoteList<T>| {
        for n in 1..u64::from(MAX_NOTES) {
            let reviewed = false;
            let _ = list.try_push(EmergencyNote {
                id: EmergencyId(n.saturating_add(1_000)),
                reviewed,
                ..note.clone()
            });
        }
    };
    EmergenciesOf::<T>::mutate(PERSON, fill);
    EmergenciesBy::<T>::mutate(&doctor, fill);
    doctor
}

#[benchmarks(
    where
        T: Config<OffchainSignature = MultiSignature, OffchainPublic = MultiSigner>,
        T::AccountId: From<AccountId32>,
)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_custodian() -> Result<(), BenchmarkError> {
        set_custodians::<T>(MAX_CUSTODIANS);
        let new: T::AccountId = account(0x77, 0);

        #[extrinsic_call]
        _(pan_centre_origin::<T>(0), new.clone(), key(50));

        assert_eq!(Custodians::<T>::get()[&region(0)].account, new);
        Ok(())
    }

    #[benchmark]
    fn remove_custodian() -> Result<(), BenchmarkError> {
        set_custodians::<T>(MAX_CUSTODIANS);

        #[extrinsic_call]
        _(pan_centre_origin::<T>(0));

        assert!(!Custodians::<T>::get().contains_key(&region(0)));
        Ok(())
    }

    #[benchmark]
    fn deal(n: Linear<3, { MAX_CUSTODIANS }>) -> Result<(), BenchmarkError> {
        set_custodians::<T>(MAX_CUSTODIANS);
        let controller = set_person::<T>();
        // A former dealing whose parts still wait.
        Pallet::<T>::do_deal(PERSON, DealtScope::Whole, terms(n)).expect("dealt");

        #[extrinsic_call]
        _(RawOrigin::Signed(controller), DealtScope::Whole, terms(n));

        let dealing = Dealings::<T>::get(PERSON, DealtScope::Whole).expect("dealt");
        assert_eq!(dealing.number, 2);
        Ok(())
    }

    #[benchmark]
    fn acknowledge() -> Result<(), BenchmarkError> {
        set_custodians::<T>(MAX_CUSTODIANS);
        set_person::<T>();
        let scope = DealtScope::Whole;
        Pallet::<T>::do_deal(PERSON, scope, terms(MAX_CUSTODIANS)).expect("dealt");
        let last = u8::try_from(MAX_CUSTODIANS.saturating_sub(1)).expect("few");
        for n in 0..last {
            let custodian: T::AccountId = account(0xcd, n);
            Pallet::<T>::do_acknowledge(&custodian, PERSON, scope, 1).expect("acknowledged");
        }
        let custodian: T::AccountId = account(0xcd, last);

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), PERSON, scope, 1);

        let dealing = Dealings::<T>::get(PERSON, scope).expect("dealt");
        assert!(dealing.answers.iter().all(|answer| *answer == PartAnswer::Acknowledged));
        Ok(())
    }

    #[benchmark]
    fn complain() -> Result<(), BenchmarkError> {
        set_dealt::<T>();
        let custodian: T::AccountId = account(0xcd, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), PERSON, DealtScope::Whole, 1, ComplaintReason::BadShare);

        let dealing = Dealings::<T>::get(PERSON, DealtScope::Whole).expect("dealt");
        assert_eq!(dealing.answers[0], PartAnswer::Bad(ComplaintReason::BadShare));
        Ok(())
    }

    #[benchmark]
    fn open_recovery() -> Result<(), BenchmarkError> {
        // The former one has expired and gives way.
        set_recovery::<T>();
        let id = InstitutionId::from_parts(region(1).0, 2);
        let (keys, signature) = agreement::<T>(id);
        let later = NOW.saturating_add(T::RecoveryPeriod::get());
        T::BenchmarkHelper::set_time(later);
        CoolDowns::<T>::remove(PERSON);
        let other: T::AccountId = account(0xcb, 0);
        T::Institutions::benchmark_set_institution(id, region(1), &other);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(other),
            PERSON,
            keys.controller,
            keys.data_key,
            keys.reseal_key,
            signature,
        );

        assert_eq!(RecoveryOf::<T>::get(PERSON), Some(RecoveryId(1)));
        Ok(())
    }

    #[benchmark]
    fn approve_recovery() -> Result<(), BenchmarkError> {
        set_recovery::<T>();

        #[extrinsic_call]
        _(pan_centre_origin::<T>(1), FIRST);

        assert_eq!(Recoveries::<T>::get(FIRST).expect("opened").approvals.len(), 1);
        Ok(())
    }

    #[benchmark]
    fn veto_recovery() -> Result<(), BenchmarkError> {
        set_recovery::<T>();
        let controller: T::AccountId = account(0xa1, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(controller), FIRST);

        let recovery = Recoveries::<T>::get(FIRST).expect("opened");
        assert_eq!(recovery.status, RecoveryStatus::Contested);
        Ok(())
    }

    #[benchmark]
    fn record_hearing() -> Result<(), BenchmarkError> {
        set_recovery::<T>();
        Pallet::<T>::do_veto_recovery(PERSON, FIRST).expect("vetoed");

        #[extrinsic_call]
        _(pan_centre_origin::<T>(0), FIRST, [5; 32]);

        assert_eq!(Recoveries::<T>::get(FIRST).expect("opened").hearing, Some([5; 32]));
        Ok(())
    }

    #[benchmark]
    fn dismiss_recovery() -> Result<(), BenchmarkError> {
        set_recovery::<T>();

        #[extrinsic_call]
        _(pan_centre_origin::<T>(0), FIRST);

        let recovery = Recoveries::<T>::get(FIRST).expect("kept");
        assert_eq!(recovery.status, RecoveryStatus::Dismissed);
        Ok(())
    }

    #[benchmark]
    fn withdraw_recovery() -> Result<(), BenchmarkError> {
        let origin = set_recovery::<T>();
        // After a veto, which brings the cool-down.
        Pallet::<T>::do_veto_recovery(PERSON, FIRST).expect("vetoed");

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, FIRST);

        let recovery = Recoveries::<T>::get(FIRST).expect("kept");
        assert_eq!(recovery.status, RecoveryStatus::Withdrawn);
        Ok(())
    }

    #[benchmark]
    fn execute_recovery() -> Result<(), BenchmarkError> {
        set_executed::<T>();
        let old: T::AccountId = account(0xa1, 0);
        let coins = T::Currency::minimum_balance();
        T::Currency::mint_into(&old, coins)?;
        let caller: T::AccountId = account(0x55, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), FIRST);

        let recovery = Recoveries::<T>::get(FIRST).expect("kept");
        assert_eq!(recovery.status, RecoveryStatus::Executed);
        assert_eq!(WaitingCases::<T>::iter().count(), 16);
        assert_eq!(T::Currency::balance(&recovery.new_controller), coins);
        Ok(())
    }

    #[benchmark]
    fn hand_over() -> Result<(), BenchmarkError> {
        set_executed::<T>();
        Pallet::<T>::do_execute_recovery(FIRST).expect("executed");
        Recoveries::<T>::mutate(FIRST, |recovery| {
            let recovery = recovery.as_mut().expect("kept");
            for n in 1..u8::try_from(MAX_CUSTODIANS).expect("few") {
                let done = HandOver { region: region(n), blob: [n; 32] };
                recovery.handed_over.try_push(done).expect("fits");
            }
        });
        let custodian: T::AccountId = account(0xcd, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), CaseRef::Recovery(FIRST), [7; 32]);

        assert_eq!(Recoveries::<T>::get(FIRST).expect("kept").handed_over.len(), 16);
        Ok(())
    }

    #[benchmark]
    fn open_emergency() -> Result<(), BenchmarkError> {
        let (doctor, id) = set_physician::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(doctor), PERSON, id, EmergencyReason::Unconscious, 4);

        assert!(Emergencies::<T>::contains_key(CASE));
        Ok(())
    }

    #[benchmark]
    fn review_emergency() -> Result<(), BenchmarkError> {
        set_emergency::<T>();
        let due = Emergencies::<T>::get(CASE).expect("opened").review_by;
        T::BenchmarkHelper::set_time(due);
        Pallet::<T>::do_escalate_emergency(CASE).expect("overdue");

        #[extrinsic_call]
        _(pan_centre_origin::<T>(0), CASE, ReviewOutcome::Abuse);

        let emergency = Emergencies::<T>::get(CASE).expect("kept");
        assert_eq!(emergency.review, Some(ReviewOutcome::Abuse));
        Ok(())
    }

    #[benchmark]
    fn escalate_emergency() -> Result<(), BenchmarkError> {
        set_emergency::<T>();
        let due = Emergencies::<T>::get(CASE).expect("opened").review_by;
        T::BenchmarkHelper::set_time(due);
        let caller: T::AccountId = account(0x55, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), CASE);

        assert!(Emergencies::<T>::get(CASE).expect("kept").escalated);
        Ok(())
    }

    #[benchmark]
    fn close_emergency() -> Result<(), BenchmarkError> {
        let doctor = set_emergency::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(doctor), CASE);

        assert!(!Emergencies::<T>::get(CASE).expect("kept").is_open(T::Clock::now()));
        Ok(())
    }

    #[benchmark]
    fn prune_case() -> Result<(), BenchmarkError> {
        set_emergency::<T>();
        let outcome = ReviewOutcome::Justified;
        Pallet::<T>::do_review_emergency(None, CASE, outcome).expect("reviewed");
        let end = Emergencies::<T>::get(CASE).expect("kept").ends_at;
        T::BenchmarkHelper::set_time(end.saturating_add(T::Retention::get()));
        let caller: T::AccountId = account(0x55, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), CaseRef::Emergency(CASE));

        assert!(!Emergencies::<T>::contains_key(CASE));
        Ok(())
    }

    #[benchmark]
    fn rotate_key() -> Result<(), BenchmarkError> {
        set_custodians::<T>(MAX_CUSTODIANS);
        let custodian: T::AccountId = account(0xcd, 0);
        for n in 0..u8::try_from(MAX_FORMER_KEYS).expect("few") {
            Pallet::<T>::do_rotate_key(&custodian, key(n.saturating_add(60))).expect("rotated");
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), key(50));

        assert_eq!(Custodians::<T>::get()[&region(0)].key, key(50));
        assert_eq!(FormerKeys::<T>::get()[&region(0)].len(), 4);
        Ok(())
    }

    /// The account has been found again, which thaws its coins.
    #[benchmark]
    fn collect_coins() -> Result<(), BenchmarkError> {
        let controller = set_person::<T>();
        Pallet::<T>::freeze_coins(&controller).expect("frozen");
        LostAccounts::<T>::insert(&controller, PERSON);
        let caller: T::AccountId = account(0x55, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), controller.clone());

        assert!(!Pallet::<T>::has_frozen_coins(&controller));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
