//! `close` and `close_own`: by the parties and the person, in every state but closed.

use super::*;

#[test]
fn whoever_referred_closes_and_all_access_ends() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team(), hospital()]);
        assert_ok!(close(DOCTOR, id, doctor()));
        assert_eq!(last_event(), Event::Closed { person: ALICE, id, by: Some(doctor()) });
        assert!(!reads(&team(), 1) && !reads(&hospital(), 1));
        assert_eq!(offers_of(id), [OfferStatus::Withdrawn; 2]);
        assert_noop!(close(DOCTOR, id, doctor()), Error::<Test>::AlreadyClosed);
        assert_noop!(accept(NURSE, id, team()), Error::<Test>::NotOffered);
    });
}

#[test]
fn whoever_accepted_closes_and_access_ends() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team(), hospital()]);
        assert_noop!(close(NURSE, id, team()), Error::<Test>::NotParty);
        assert_ok!(accept(NURSE, id, team()));
        assert_noop!(close(DEAN, id, hospital()), Error::<Test>::NotParty);
        assert_noop!(close(DEAN, id, team()), Error::<Test>::NotActingAs);
        assert_ok!(close(NURSE, id, team()));
        assert!(!reads(&team(), 1));
        assert_eq!(status(id), ReferralStatus::Closed);
    });
}

#[test]
fn a_returned_and_a_rejected_referral_can_be_closed() {
    ExtBuilder.build_and_execute(|| {
        let returned = refer(&[team()]);
        assert_ok!(accept(NURSE, returned, team()));
        assert_ok!(return_result(NURSE, returned, team(), share(5, county())));
        assert_ok!(close(DOCTOR, returned, doctor()));
        let rejected = refer(&[hospital()]);
        assert_ok!(reject(DEAN, rejected, hospital()));
        assert_ok!(close(DOCTOR, rejected, doctor()));
        assert_eq!(crate::Files::<Test>::get(ALICE).open, 0);
    });
}

#[test]
fn a_person_closes_in_any_standing_and_only_the_own_referrals() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team()]);
        assert_ok!(accept(NURSE, id, team()));
        let by_bob = Referrals::close_own(signed(BOB_ACCOUNT), id);
        assert_noop!(by_bob, Error::<Test>::ReferralNotFound);
        for origin in unsigned_origins().into_iter().chain([signed(DOCTOR), signed(STRANGER)]) {
            assert_noop!(Referrals::close_own(origin, id), BadOrigin);
        }
        suspend_person(ALICE, true);
        assert_ok!(Referrals::close_own(signed(ALICE_ACCOUNT), id));
        assert_eq!(last_event(), Event::Closed { person: ALICE, id, by: None });
        assert!(!reads(&team(), 1));
        let again = Referrals::close_own(signed(ALICE_ACCOUNT), id);
        assert_noop!(again, Error::<Test>::AlreadyClosed);
    });
}

#[test]
fn close_refuses_root_unsigned_and_unknown_referrals() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team()]);
        for origin in unsigned_origins() {
            assert_noop!(Referrals::close(origin, ALICE, id, doctor()), BadOrigin);
        }
        let unknown = close(DOCTOR, ReferralId(9), doctor());
        assert_noop!(unknown, Error::<Test>::ReferralNotFound);
        set_acting(DOCTOR, doctor(), false);
        assert_noop!(close(DOCTOR, id, doctor()), Error::<Test>::NotActingAs);
    });
}

#[test]
fn terms_that_were_revoked_before_do_not_hinder_the_end() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team(), hospital()]);
        assert_ok!(accept(NURSE, id, team()));
        <Registry as TermsGiver<AccountId>>::end(ALICE, &team(), TermsId(1));
        assert_ok!(close(NURSE, id, team()));
    });
}
