//! `cancel_code`: at once, in any standing, and only one's own.

use super::*;

#[test]
fn a_cancelled_code_gives_nothing_any_more() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 2));
        assert_ok!(AccessCodes::cancel_code(signed(ALICE_ACCOUNT), key(1)));
        assert_eq!(last_event(), Event::CodeCancelled { person: ALICE, code: key(1) });
        assert_noop!(redeem(1, DOCTOR, doctor()), Error::<Test>::CodeNotFound);
        assert!(!Codes::<Test>::contains_key(key(1)), "nobody redeemed it: nothing stays");
        assert!(open_codes().is_empty());
    });
}

#[test]
fn a_cancelled_code_that_was_redeemed_leaves_its_terms_and_refuses_the_next() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 2));
        assert_ok!(redeem(1, DOCTOR, doctor()));
        assert_ok!(AccessCodes::cancel_code(signed(ALICE_ACCOUNT), key(1)));
        assert_eq!(holders(), [(doctor(), 1)]);
        assert_noop!(redeem(1, NURSE, team()), Error::<Test>::Cancelled);
        let again = AccessCodes::cancel_code(signed(ALICE_ACCOUNT), key(1));
        assert_noop!(again, Error::<Test>::Cancelled);
    });
}

#[test]
fn a_suspended_person_cancels() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        suspend_person(ALICE, true);
        assert_ok!(AccessCodes::cancel_code(signed(ALICE_ACCOUNT), key(1)));
        suspend_person(ALICE, false);
        assert_noop!(redeem(1, DOCTOR, doctor()), Error::<Test>::CodeNotFound);
    });
}

#[test]
fn an_expired_code_can_be_cancelled_to_make_room() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        set_now(NOW + 10 * DAY);
        assert_ok!(AccessCodes::cancel_code(signed(ALICE_ACCOUNT), key(1)));
        assert!(open_codes().is_empty());
    });
}

#[test]
fn cancel_refuses_everybody_but_the_issuer() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        for origin in unsigned_origins().into_iter().chain([signed(DOCTOR), signed(STRANGER)]) {
            assert_noop!(AccessCodes::cancel_code(origin, key(1)), BadOrigin);
        }
        let by_bob = AccessCodes::cancel_code(signed(BOB_ACCOUNT), key(1));
        assert_noop!(by_bob, Error::<Test>::NotIssuer);
    });
}

#[test]
fn cancel_refuses_codes_that_are_not_or_are_used_up() {
    ExtBuilder.build_and_execute(|| {
        let cancel = |seed| AccessCodes::cancel_code(signed(ALICE_ACCOUNT), key(seed));
        assert_noop!(cancel(1), Error::<Test>::CodeNotFound);
        assert_ok!(issue(1, 1));
        assert_ok!(redeem(1, DOCTOR, doctor()));
        assert_noop!(cancel(1), Error::<Test>::UsedUp);
    });
}
