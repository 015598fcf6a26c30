//! Guardians, proxies and corrections on the whole runtime: what they may, and what must not happen.

mod common;

use common::*;
use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::{
    Action, ActionSet, BusinessBlockSet, COMING_OF_AGE_STEP, CorrectionId, CorrectionReason,
    EncryptionKey, Grantee, GuardianBasis, PersonId, Purpose, PurposeSet, RecordId, Terms, TermsId,
    blocks,
    payloads::{self, AttestationBody, GuardianBody, TakeOverBody},
};
use kanglian_runtime::{
    AccountId, Consents, Corrections, FreeLane, Guardianships, RealName, Records, Runtime,
    RuntimeCall, RuntimeOrigin,
};
use kanglian_traits::PersonInspect;
use sp_core::Pair;
use sp_runtime::{DispatchError, DispatchResult, ModuleError, MultiSignature};

const MOTHER: PersonId = PersonId([0xbb; 32]);
const FRIEND: PersonId = PersonId([0xcc; 32]);

type Denied = pallet_guardianships::Error<Runtime>;

fn now() -> u64 {
    pallet_timestamp::Now::<Runtime>::get()
}

fn enrol(name: &str, person: PersonId) {
    let body = AttestationBody {
        person,
        controller: account(name),
        home_region: JIANGSU,
        data_key: EncryptionKey::x25519([0x22; 32]),
        scope_keys: vec![],
        attester: hospital(),
        write_blocks: BusinessBlockSet::EMPTY,
        write_until: 0,
        valid_until: START + YEAR,
    };
    let signature = pair(name).sign(&payloads::attest(&genesis_hash(), &body));
    let attestation = pallet_real_name::Attestation {
        controller: body.controller,
        data_key: body.data_key,
        scope_keys: Default::default(),
        write_blocks: body.write_blocks,
        write_until: body.write_until,
        valid_until: body.valid_until,
    };
    let signature = MultiSignature::Sr25519(signature);
    assert_ok!(RealName::attest(signed("Hospital"), person, attestation, signature));
}

/// Hospital, the patient with a record, and two more people.
fn world(test: impl FnOnce()) {
    local().execute_with(|| {
        permit_hospital();
        enrol_patient();
        enrol("Mother", MOTHER);
        enrol("Friend", FRIEND);
        assert_ok!(submit("Hospital", share(RecordId([1; 32]), blocks::MEDICAL)).expect("free"));
        test();
        assert_ok!(Guardianships::do_try_state());
        assert_ok!(Corrections::do_try_state());
        assert_ok!(RealName::do_try_state());
        assert_ok!(Consents::do_try_state());
    });
}

fn of_age() -> u64 {
    (now() / COMING_OF_AGE_STEP + 2) * COMING_OF_AGE_STEP
}

/// The patient is a minor, whose mother holds the keys.
fn guard() {
    let body = GuardianBody {
        ward: patient(),
        guardian: MOTHER,
        institution: hospital(),
        basis: GuardianBasis::Minor,
        until: of_age(),
        holds_keys: true,
        number: 1,
    };
    let payload = payloads::guardian(&genesis_hash(), &body);
    let sign = |name: &str| MultiSignature::Sr25519(pair(name).sign(&payload));
    assert_ok!(Guardianships::attest_guardian(
        signed("Hospital"),
        body.ward,
        body.guardian,
        body.basis,
        body.until,
        body.holds_keys,
        sign("Mother"),
        Some(sign("Patient")),
    ));
}

fn hospital_reads() -> Grantee<AccountId> {
    Grantee::Institution(hospital())
}

fn grant(blocks: BusinessBlockSet, until: u64) -> RuntimeCall {
    let id = pallet_consents::Grants::<Runtime>::get(patient(), hospital_reads())
        .map_or(1, |file| file.last_id.0 + 1);
    RuntimeCall::Consents(pallet_consents::Call::grant {
        grantee: hospital_reads(),
        terms: Terms {
            id: TermsId(id),
            blocks,
            purposes: PurposeSet::of(Purpose::Treatment),
            from: now(),
            until,
            records_from: 0,
            records_until: u64::MAX,
            may_delegate: 0,
            parent: None,
            bundle: [7; 32],
        },
    })
}

fn medical() -> BusinessBlockSet {
    BusinessBlockSet::of(blocks::MEDICAL)
}

fn acting(call: RuntimeCall) -> RuntimeCall {
    let (person, call) = (patient(), Box::new(call));
    RuntimeCall::Guardianships(pallet_guardianships::Call::act_for { person, call })
}

fn dispatch(who: &str, call: RuntimeCall) -> DispatchResult {
    use sp_runtime::traits::Dispatchable;
    let origin: RuntimeOrigin = signed(who);
    call.dispatch(origin).map(|_| ()).map_err(|refused| refused.error)
}

fn appoint(actions: ActionSet) {
    assert_ok!(Guardianships::appoint_proxy(
        signed("Patient"),
        FRIEND,
        medical(),
        actions,
        now() + YEAR / 2,
        None,
    ));
}

#[test]
fn a_guardian_acts_for_the_ward_and_draws_the_wards_quota() {
    world(|| {
        guard();
        let (own, wards) = (account("Mother"), account("Patient"));
        let before = (FreeLane::remaining(&own), FreeLane::remaining(&wards));
        let call = acting(grant(medical(), of_age()));
        assert_ok!(submit("Mother", call).expect("the ward's quota pays"));
        assert_eq!(FreeLane::remaining(&own), before.0, "the guardian's own is untouched");
        assert!(FreeLane::remaining(&wards) < before.1);
        let file = pallet_consents::Grants::<Runtime>::get(patient(), hospital_reads());
        assert_eq!(file.expect("given").terms.len(), 1);
        let longer = acting(grant(medical(), of_age() + 1));
        assert_eq!(dispatch("Mother", longer), Err(Denied::OutlastsMandate.into()));
    });
}

#[test]
fn a_stranger_draws_nobodys_quota_but_the_own() {
    world(|| {
        let before = FreeLane::remaining(&account("Patient"));
        let call = acting(grant(medical(), now() + 1_000));
        let done = submit("Friend", call).expect("the own quota pays for a failing call too");
        assert_eq!(done, Err(Denied::NotActingFor.into()));
        assert_eq!(FreeLane::remaining(&account("Patient")), before);
    });
}

#[test]
fn a_proxy_oversteps_neither_alone_nor_wrapped() {
    world(|| {
        appoint(ActionSet::of(Action::Grant));
        let until = now() + 1_000_000;
        assert_ok!(dispatch("Friend", acting(grant(medical(), until))));
        let restricted = BusinessBlockSet::of(blocks::RESTRICTED_MEDICAL);
        let beyond = acting(grant(restricted, until));
        assert_noop!(dispatch("Friend", beyond.clone()), Denied::BlocksBeyondMandate);
        let revoke = RuntimeCall::Consents(pallet_consents::Call::revoke {
            grantee: hospital_reads(),
            id: TermsId(1),
        });
        assert_noop!(dispatch("Friend", acting(revoke.clone())), Denied::ActionBeyondMandate);
        // A batch inside is on no list; a batch outside changes nothing.
        let inside = acting(RuntimeCall::Utility(pallet_utility::Call::batch_all {
            calls: vec![revoke.clone()],
        }));
        assert_noop!(dispatch("Friend", inside), Denied::CallNotAllowed);
        let outside = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![beyond] });
        let refused = dispatch("Friend", outside);
        let expected: DispatchError = Denied::BlocksBeyondMandate.into();
        assert!(matches!((refused, expected),
                (Err(DispatchError::Module(ModuleError { index: a, error: b, .. })),
                 DispatchError::Module(ModuleError { index: c, error: d, .. })) if a == c && b == d));
        // Coins, keys and mandates are not a proxy's, nor a guardian's.
        for call in [
            RuntimeCall::Balances(pallet_balances::Call::transfer_allow_death {
                dest: account("Friend").into(),
                value: 1,
            }),
            RuntimeCall::RealName(pallet_real_name::Call::rotate_data_key {
                key: EncryptionKey::x25519([0x44; 32]),
            }),
            RuntimeCall::Guardianships(pallet_guardianships::Call::revoke_proxy { proxy: FRIEND }),
            acting(revoke),
        ] {
            assert_noop!(dispatch("Friend", acting(call)), Denied::CallNotAllowed);
        }
        // After the revocation.
        assert_ok!(Guardianships::revoke_proxy(signed("Patient"), FRIEND));
        let call = acting(grant(medical(), until));
        assert_noop!(dispatch("Friend", call), Denied::NotActingFor);
    });
}

#[test]
fn held_keys_stop_at_the_end_and_the_ward_takes_over() {
    world(|| {
        guard();
        let end = of_age();
        pallet_timestamp::Now::<Runtime>::put(end);
        let acts = |name: &str| RealName::acting(&account(name), end).is_some();
        // The identity of this test is over by then; let it count for longer.
        pallet_real_name::Persons::<Runtime>::mutate(patient(), |person| {
            person.as_mut().expect("enrolled").valid_until = end + YEAR;
        });
        assert!(!acts("Patient"));
        assert!(RealName::valid(&patient(), end).is_some(), "the file goes on");
        let data_key = EncryptionKey::x25519([0x55; 32]);
        let body = TakeOverBody {
            ward: patient(),
            old: account("Patient"),
            new: account("Grown"),
            data_key,
            institution: hospital(),
        };
        let payload = payloads::take_over(&genesis_hash(), &body);
        let signature = MultiSignature::Sr25519(pair("Grown").sign(&payload));
        // The hospital's permission may be over as well.
        pallet_institutions::Institutions::<Runtime>::mutate(hospital(), |known| {
            known.as_mut().expect("permitted").valid_until = end + YEAR;
        });
        assert_ok!(Guardianships::take_over(
            signed("Hospital"),
            patient(),
            account("Grown"),
            data_key,
            signature,
        ));
        assert!(acts("Grown") && !acts("Patient"));
    });
}

#[test]
fn a_guardian_asks_for_a_correction_and_nobody_else_does() {
    world(|| {
        guard();
        let request = RuntimeCall::Corrections(pallet_corrections::Call::request {
            record: RecordId([1; 32]),
            reason: CorrectionReason::Incorrect,
            text: [9; 32],
        });
        assert_noop!(dispatch("Friend", acting(request.clone())), Denied::NotActingFor);
        assert_ok!(dispatch("Mother", acting(request)));
        let found = Corrections::correction(patient(), CorrectionId(1)).expect("asked");
        assert_eq!((found.author, found.region), (hospital(), JIANGSU));
        // The record of somebody else: marked by the hospital, rejected for the ward, paid back once.
        assert_ok!(Corrections::mark_wrong_person(signed("Hospital"), RecordId([1; 32])));
        let reject =
            RuntimeCall::Records(pallet_records::Call::reject { record: RecordId([1; 32]) });
        let paid = balance("Patient");
        assert_ok!(dispatch("Mother", acting(reject.clone())));
        assert!(balance("Patient") < paid);
        let after = balance("Patient");
        let again = dispatch("Mother", acting(reject));
        assert_eq!(again, Err(pallet_records::Error::<Runtime>::AlreadyRejected.into()));
        assert_eq!(balance("Patient"), after);
        assert_ok!(Records::do_try_state());
    });
}
