//! `issue_code`: who issues, and what a code must look like.

use kanglian_primitives::{BusinessBlockSet, CodeKey, Instant, TermsTemplate};

use super::*;

fn issue_as(
    origin: RuntimeOrigin,
    template: TermsTemplate,
    uses: u8,
    expires_at: Instant,
) -> frame_support::dispatch::DispatchResult {
    AccessCodes::issue_code(origin, key(1), template, uses, expires_at, [7; 32])
}

#[test]
fn issue_stores_a_code_that_is_open_and_says_so() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue_as(signed(ALICE_ACCOUNT), template(), 2, NOW + DAY));
        assert_eq!(
            last_event(),
            Event::CodeIssued {
                person: ALICE,
                code: key(1),
                template: template(),
                uses: 2,
                expires_at: NOW + DAY,
                sealed: [7; 32],
            }
        );
        let code = AccessCodes::code(key(1)).unwrap();
        assert_eq!((code.person, code.uses_left(), code.is_open()), (ALICE, 2, true));
        assert_eq!(AccessCodes::codes_of(ALICE), vec![(key(1), code)]);
        assert_eq!(AccessCodes::codes_of(BOB), vec![]);
        assert!(holders().is_empty(), "nobody reads before the code is redeemed");
    });
}

#[test]
fn issue_refuses_everybody_but_a_person_in_standing() {
    ExtBuilder.build_and_execute(|| {
        let refused = |origin| {
            assert_noop!(issue_as(origin, template(), 1, NOW + DAY), BadOrigin);
        };
        unsigned_origins().into_iter().for_each(refused);
        [DOCTOR, NURSE, STRANGER].into_iter().for_each(|who| refused(signed(who)));
        suspend_person(ALICE, true);
        refused(signed(ALICE_ACCOUNT));
    });
}

#[test]
fn issue_refuses_keys_under_which_anybody_signs() {
    ExtBuilder.build_and_execute(|| {
        let issue = |key| {
            AccessCodes::issue_code(signed(ALICE_ACCOUNT), key, template(), 1, NOW + DAY, [7; 32])
        };
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut other_sign = identity;
        other_sign[31] = 0x80;
        let mut minus_one = [0xff; 32];
        (minus_one[0], minus_one[31]) = (0xec, 0x7f);
        for small in [[0; 32], identity, other_sign, minus_one] {
            assert_noop!(issue(CodeKey(small)), Error::<Test>::SmallOrderKey);
        }
        assert_ok!(issue(key(1)));
    });
}

#[test]
fn issue_bounds_uses_and_life() {
    ExtBuilder.build_and_execute(|| {
        let issue =
            |uses, expires_at| issue_as(signed(ALICE_ACCOUNT), template(), uses, expires_at);
        assert_noop!(issue(0, NOW + DAY), Error::<Test>::NoUses);
        assert_noop!(issue(17, NOW + DAY), Error::<Test>::TooManyUses);
        assert_noop!(issue(1, 0), Error::<Test>::AlreadyOver);
        assert_noop!(issue(1, NOW), Error::<Test>::AlreadyOver);
        assert_noop!(issue(1, NOW + 30 * DAY + 1), Error::<Test>::TooLong);
        assert_noop!(issue(1, Instant::MAX), Error::<Test>::TooLong);
        assert_ok!(issue(16, NOW + 30 * DAY));
    });
}

#[test]
fn issue_refuses_terms_that_nobody_could_get() {
    ExtBuilder.build_and_execute(|| {
        let none = TermsTemplate { blocks: BusinessBlockSet::EMPTY, ..template() };
        assert_noop!(issue_as(signed(ALICE_ACCOUNT), none, 1, NOW + DAY), TERMS_REFUSED);
    });
}

#[test]
fn issue_refuses_a_key_that_is_taken_by_anybody() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        assert_noop!(issue(1, 1), Error::<Test>::CodeTaken);
        let by_bob = issue_as(signed(BOB_ACCOUNT), template(), 1, NOW + DAY);
        assert_noop!(by_bob, Error::<Test>::CodeTaken);
    });
}

#[test]
fn a_person_has_so_many_open_codes_and_no_more() {
    ExtBuilder.build_and_execute(|| {
        for seed in 1..=3 {
            assert_ok!(issue(seed, 1));
        }
        assert_noop!(issue(4, 1), Error::<Test>::TooManyCodes);
        // One that is used up makes room.
        assert_ok!(redeem(1, DOCTOR, doctor()));
        assert_ok!(issue(4, 1));
        assert_noop!(issue(5, 1), Error::<Test>::TooManyCodes);
        assert_eq!(open_codes(), [key(2), key(3), key(4)]);
    });
}
