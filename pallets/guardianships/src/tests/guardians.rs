//! `attest_guardian`, `confirm_guardian`, `end_guardianship`.

use super::*;
use GuardianBasis::{Interim, Judgment, Minor};

#[test]
fn a_parent_of_a_newborn_counts_at_once_with_the_wards_signature() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        assert_eq!(
            last_event(),
            Event::GuardianAttested {
                ward: CHILD,
                guardian: MOTHER,
                institution: clinic(),
                basis: Minor,
                until: OF_AGE,
                holds_keys: true,
                confirmed: true,
            }
        );
        assert_eq!(Persons::get()[&CHILD].held_until, Some(OF_AGE));
        assert_ok!(act(MOTHER, CHILD, revoking()));
    });
}

#[test]
fn without_the_wards_signature_it_waits_for_the_pan_centre() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(attest_body(&body(FATHER, Minor, OF_AGE, true), false));
        assert_noop!(act(FATHER, CHILD, revoking()), Error::<Test>::NotActingFor);
        assert_eq!(Persons::get()[&CHILD].held_until, None, "nothing is held yet");
        assert_noop!(confirm(FAR_PAN_CENTRE, FATHER), Error::<Test>::OutsideRegion);
        assert_noop!(confirm(STRANGER, FATHER), BadOrigin);
        assert_noop!(confirm(CLINIC_ACCOUNT, FATHER), BadOrigin);
        assert_noop!(confirm(PAN_CENTRE, NEIGHBOUR), Error::<Test>::GuardianUnknown);
        assert_ok!(confirm(PAN_CENTRE, FATHER));
        let by = Some(JIANGSU);
        let event = Event::GuardianConfirmed { ward: CHILD, guardian: FATHER, by };
        assert_eq!(last_event(), event);
        assert_ok!(act(FATHER, CHILD, revoking()));
        assert_eq!(Persons::get()[&CHILD].held_until, Some(OF_AGE));
        assert_noop!(confirm(PAN_CENTRE, FATHER), Error::<Test>::AlreadyConfirmed);
    });
}

#[test]
fn an_adult_cannot_be_put_under_guardianship_by_signatures_alone() {
    ExtBuilder.build_and_execute(|| {
        // Even the ward's signature does not make it count: the will is in question.
        assert_ok!(attest_body(&body(FATHER, Interim, NOW + YEAR, false), true));
        assert_noop!(act(FATHER, CHILD, revoking()), Error::<Test>::NotActingFor);
        assert_ok!(confirm(PAN_CENTRE, FATHER));
        assert_ok!(act(FATHER, CHILD, revoking()));
    });
}

#[test]
fn what_a_court_judged_is_confirmed_and_ended_by_vote_only() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(attest_body(&body(FATHER, Judgment, NOW + YEAR, false), false));
        assert_noop!(confirm(PAN_CENTRE, FATHER), Error::<Test>::NeedsVote);
        assert_ok!(confirm(COUNCIL, FATHER));
        assert_noop!(end(PAN_CENTRE, FATHER), Error::<Test>::NeedsVote);
        assert_ok!(end(COUNCIL, FATHER));
        let event = Event::GuardianshipEnded { ward: CHILD, guardian: FATHER, by: None };
        assert_eq!(last_event(), event);
        assert_noop!(act(FATHER, CHILD, revoking()), Error::<Test>::NotActingFor);
    });
}

#[test]
fn the_pan_centre_ends_it_at_once_and_held_keys_stop() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        assert!(acts_itself(CHILD, NOW));
        assert_noop!(end(FAR_PAN_CENTRE, MOTHER), Error::<Test>::OutsideRegion);
        assert_noop!(end(STRANGER, MOTHER), BadOrigin);
        assert_ok!(end(PAN_CENTRE, MOTHER));
        assert_noop!(act(MOTHER, CHILD, revoking()), Error::<Test>::NotActingFor);
        assert!(!acts_itself(CHILD, NOW), "the keys are the mother's");
        assert_noop!(end(PAN_CENTRE, MOTHER), Error::<Test>::AlreadyOver);
        assert_noop!(end(PAN_CENTRE, FATHER), Error::<Test>::GuardianUnknown);
    });
}

#[test]
fn another_guardian_does_not_bring_ended_keys_back_to_life() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        assert_ok!(end(PAN_CENTRE, MOTHER));
        assert_ok!(attest_body(&body(GRANDFATHER, Minor, OF_AGE, true), false));
        assert_ok!(confirm(PAN_CENTRE, GRANDFATHER));
        assert!(!acts_itself(CHILD, NOW), "the mother has that key");
        assert_ok!(act(GRANDFATHER, CHILD, revoking()));
        // New keys by the institution, held by the grandfather.
        assert_ok!(take_over(CLINIC_ACCOUNT, Wallet(9)));
        assert!(acts_itself(CHILD, NOW));
        assert!(!acts_itself(CHILD, OF_AGE));
        assert_ok!(act(GRANDFATHER, CHILD, revoking()));
    });
}

#[test]
fn it_ends_at_its_instant() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        set_now(OF_AGE - 1);
        assert_ok!(act(MOTHER, CHILD, revoking()));
        assert!(acts_itself(CHILD, OF_AGE - 1));
        set_now(OF_AGE);
        assert_noop!(act(MOTHER, CHILD, revoking()), Error::<Test>::NotActingFor);
        assert!(!acts_itself(CHILD, OF_AGE));
        assert_noop!(end(PAN_CENTRE, MOTHER), Error::<Test>::AlreadyOver);
    });
}

#[test]
fn a_late_confirmation_is_refused() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(attest_body(&body(FATHER, Interim, NOW + DAY, false), false));
        set_now(NOW + DAY);
        assert_noop!(confirm(PAN_CENTRE, FATHER), Error::<Test>::AlreadyOver);
    });
}

#[test]
fn signatures_are_the_guardians_over_exactly_this_here_and_once() {
    ExtBuilder.build_and_execute(|| {
        let genuine = body(MOTHER, Minor, OF_AGE, true);
        let bad = DispatchError::from(Error::<Test>::BadSignature);
        let send = |body: &payloads::GuardianBody, payload: Vec<u8>, ward: Option<Vec<u8>>| {
            Guardianships::attest_guardian(
                signed(CLINIC_ACCOUNT),
                body.ward,
                body.guardian,
                body.basis,
                body.until,
                body.holds_keys,
                wallet(MOTHER).sign(&payload),
                ward.map(|payload| wallet(CHILD).sign(&payload)),
            )
        };
        let over = |body: &payloads::GuardianBody| payloads::guardian(&genesis(), body);
        let elsewhere = payloads::guardian(&[1; 32], &genuine);
        assert_noop!(send(&genuine, elsewhere.clone(), None), bad);
        assert_noop!(send(&genuine, over(&genuine), Some(elsewhere)), bad);
        for forged in [
            payloads::GuardianBody { holds_keys: false, ..genuine },
            payloads::GuardianBody { until: OF_AGE + COMING_OF_AGE_STEP, ..genuine },
            payloads::GuardianBody { basis: Interim, ..genuine },
            payloads::GuardianBody { institution: far_clinic(), ..genuine },
            payloads::GuardianBody { ward: NEIGHBOUR, ..genuine },
            payloads::GuardianBody { number: 2, ..genuine },
        ] {
            assert_noop!(send(&genuine, over(&forged), None), bad);
        }
        // Somebody else's signature.
        let other = payloads::GuardianBody { guardian: FATHER, ..genuine };
        assert_noop!(send(&other, over(&other), None), bad);
        assert_ok!(send(&genuine, over(&genuine), Some(over(&genuine))));
        // Ended, it does not come back with the old signatures.
        assert_ok!(end(PAN_CENTRE, MOTHER));
        assert_noop!(send(&genuine, over(&genuine), Some(over(&genuine))), bad);
    });
}

#[test]
fn the_end_is_bounded_and_does_not_tell_the_birthday() {
    ExtBuilder.build_and_execute(|| {
        let attest = |basis, until| attest_body(&body(MOTHER, basis, until, false), false);
        assert_noop!(attest(Minor, OF_AGE + DAY), Error::<Test>::TellsBirthday);
        assert_noop!(attest(Interim, NOW), Error::<Test>::EndsInPast);
        assert_noop!(attest(Interim, NOW + 20 * YEAR + 1), Error::<Test>::TooLong);
        assert_noop!(attest(Interim, u64::MAX), Error::<Test>::TooLong);
        assert_ok!(attest(Interim, NOW + 20 * YEAR));
    });
}

#[test]
fn who_may_be_guardian_and_who_may_attest() {
    ExtBuilder.build_and_execute(|| {
        let own = payloads::GuardianBody { guardian: CHILD, ..body(MOTHER, Minor, OF_AGE, true) };
        assert_noop!(attest_body(&own, false), Error::<Test>::OwnSelf);
        change(MOTHER, |known| known.suspended = true);
        let mother = body(MOTHER, Minor, OF_AGE, true);
        assert_noop!(attest_body(&mother, false), Error::<Test>::GuardianNotActive);
        change(MOTHER, |known| known.suspended = false);
        change(CHILD, |known| known.suspended = true);
        assert_noop!(attest_body(&mother, false), Error::<Test>::WardNotActive);
        change(CHILD, |known| known.suspended = false);
        change(CHILD, |known| known.home = ZHEJIANG);
        assert_noop!(attest_body(&mother, false), Error::<Test>::OutsideRegion);
        change(CHILD, |known| known.home = JIANGSU);
        attest_mother();
        assert_noop!(
            attest_body(&body(MOTHER, Minor, OF_AGE, true), true),
            Error::<Test>::GuardianKnown
        );
        // Nobody who is a ward guards another.
        let by_child = payloads::GuardianBody {
            ward: NEIGHBOUR,
            number: 1,
            ..body(CHILD, Interim, NOW + YEAR, false)
        };
        assert_noop!(attest_body(&by_child, false), Error::<Test>::GuardianIsWard);
        // Only institutions attest.
        let payload = payloads::guardian(&genesis(), &body(FATHER, Minor, OF_AGE, true));
        for origin in [signed(STRANGER), of(FATHER), RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let signature = wallet(FATHER).sign(&payload);
            let (until, none) = (OF_AGE, None);
            let call = Guardianships::attest_guardian(
                origin, CHILD, FATHER, Minor, until, true, signature, none,
            );
            assert_noop!(call, BadOrigin);
        }
    });
}

#[test]
fn a_ward_has_four_guardians_at_most_and_the_past_makes_room() {
    ExtBuilder.build_and_execute(|| {
        for n in 1..=5u8 {
            let id = PersonId([0xd0 + n; 32]);
            add_person(id, JIANGSU, wallet(id).account());
            let made = attest_body(&body(id, Interim, NOW + YEAR, false), false);
            match n {
                5 => assert_eq!(made, Err(Error::<Test>::TooManyGuardians.into())),
                _ => {
                    assert_ok!(made);
                },
            }
        }
        set_now(NOW + YEAR);
        assert_ok!(attest_body(&body(MOTHER, Interim, NOW + 2 * YEAR, false), false));
        assert_eq!(Guardianships::guardians_of(CHILD).len(), 1);
    });
}

#[test]
fn a_guardian_without_standing_does_not_act() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        change(MOTHER, |known| known.suspended = true);
        assert_noop!(act(MOTHER, CHILD, revoking()), Error::<Test>::NotActingFor);
    });
}
