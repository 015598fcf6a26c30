//! `revoke`: ending terms at once.

use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchClass, GetDispatchInfo},
};
use kanglian_primitives::{Basis, Refusal};
use sp_runtime::DispatchError::BadOrigin;

use super::*;
use crate::{Call, Error, Event};

#[test]
fn revoke_ends_the_terms_at_once_and_says_so() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        grant(at_a(), terms(2));
        assert_eq!(decide(DOCTOR, at_a()), Decision::Allowed(Basis::Terms(TermsId(1))));
        assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), at_a(), TermsId(1)));
        assert_eq!(last_event(), Event::Revoked { person: ALICE, grantee: at_a(), id: TermsId(1) });
        assert_eq!(decide(DOCTOR, at_a()), Decision::Allowed(Basis::Terms(TermsId(2))));
        assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), at_a(), TermsId(2)));
        assert_eq!(decide(DOCTOR, at_a()), Decision::Refused(Refusal::NoConsent));
        assert_eq!(Consents::last_terms_id(ALICE, at_a()), TermsId(2));
    });
}

#[test]
fn revoke_refuses_a_stranger() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        for who in accounts_of_no_person() {
            assert_noop!(Consents::revoke(signed(who), at_a(), TermsId(1)), BadOrigin);
        }
        for origin in unsigned_origins() {
            assert_noop!(Consents::revoke(origin, at_a(), TermsId(1)), BadOrigin);
        }
        let call = Consents::revoke(signed(BOB_ACCOUNT), at_a(), TermsId(1));
        assert_noop!(call, Error::<Test>::TermsNotFound);
    });
}

#[test]
fn revoke_refuses_terms_that_are_not_there() {
    ExtBuilder.build_and_execute(|| {
        let revoke = |grantee, id| Consents::revoke(signed(ALICE_ACCOUNT), grantee, TermsId(id));
        assert_noop!(revoke(at_a(), 1), Error::<Test>::TermsNotFound);
        grant(at_a(), terms(1));
        assert_noop!(revoke(at_a(), 2), Error::<Test>::TermsNotFound);
        assert_noop!(revoke(at_b(), 1), Error::<Test>::TermsNotFound);
        assert_ok!(revoke(at_a(), 1));
        assert_noop!(revoke(at_a(), 1), Error::<Test>::TermsNotFound);
    });
}

#[test]
fn revoke_ends_what_others_gave_on() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), Terms { may_delegate: 1, ..terms(1) });
        assert_ok!(delegate(HOSPITAL_A_ACCOUNT, at_a(), team_of_a(), child(1, at_a(), 1)));
        assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), team_of_a(), TermsId(1)));
        assert_eq!(decide(NURSE, team_of_a()), Decision::Refused(Refusal::NoConsent));
        assert_eq!(decide(DOCTOR, at_a()), Decision::Allowed(Basis::Terms(TermsId(1))));
    });
}

#[test]
fn revocations_outrank_other_calls() {
    let class = |call: Call<Test>| call.get_dispatch_info().class;
    let (grantee, id, institution) = (at_a(), TermsId(1), hospital_a());
    let revoke = Call::revoke { grantee: grantee.clone(), id };
    let renounce = Call::renounce { subject: ALICE, acting_as: grantee.clone(), id };
    let none = BusinessBlockSet::EMPTY;
    let end_writing = Call::allow_writing { institution, blocks: none, until: 0 };
    let allow = Call::allow_writing { institution, blocks: ALL_MEDICAL, until: 0 };
    assert_eq!(class(revoke), DispatchClass::Operational);
    assert_eq!(class(renounce), DispatchClass::Operational);
    assert_eq!(class(end_writing), DispatchClass::Operational);
    assert_eq!(class(allow), DispatchClass::Normal);
    assert_eq!(class(Call::grant { grantee, terms: terms(1) }), DispatchClass::Normal);
}

#[test]
fn revoke_is_never_taken_from_the_person() {
    for lose_standing in
        [(|person| person.suspended = true) as fn(&mut MockPerson), |person| person.valid_until = 0]
    {
        ExtBuilder.build_and_execute(|| {
            grant(at_a(), terms(1));
            Persons::mutate(|all| all.get_mut(&ALICE).map(lose_standing));
            let late = Consents::grant(signed(ALICE_ACCOUNT), at_b(), terms(1));
            assert_eq!(late, Err(BadOrigin), "nothing can be given any more");
            assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), at_a(), TermsId(1)));
            add_person(ALICE, ALICE_ACCOUNT);
            assert_eq!(decide(DOCTOR, at_a()), Decision::Refused(Refusal::NoConsent));
        });
    }
}
