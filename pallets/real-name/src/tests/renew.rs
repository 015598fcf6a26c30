use frame_support::{assert_noop, assert_ok};

use super::*;

fn renew(until: Instant) -> DispatchResult {
    RealName::renew(Caller::Institution.origin(), ALICE, until)
}

#[test]
fn renew_extends_the_validity() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let (before, until) = (entry(ALICE), START + 400 * DAY);
        // Another hospital of the home region may do it too.
        assert_ok!(RealName::renew(RuntimeOrigin::signed(CONTROLLER_B), ALICE, until));
        assert_eq!(entry(ALICE), Person { valid_until: until, ..before });
        last_event(Event::Renewed { person: ALICE, institution: hospital_b(), valid_until: until });
    });
}

#[test]
fn renew_refuses_whoever_is_no_institution() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        only(&[Caller::Institution], |origin| RealName::renew(origin, ALICE, START + 400 * DAY));
    });
}

#[test]
fn renew_refuses_an_unknown_person_and_another_region() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let until = START + 400 * DAY;
        assert_noop!(
            RealName::renew(Caller::Institution.origin(), BOB, until),
            Error::<Test>::PersonUnknown
        );
        assert_noop!(
            RealName::renew(RuntimeOrigin::signed(CONTROLLER_Z), ALICE, until),
            Error::<Test>::OutsideRegion
        );
    });
}

#[test]
fn renew_never_shortens_and_keeps_the_bound() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let end = entry(ALICE).valid_until;
        assert_noop!(renew(end), Error::<Test>::NotExtended);
        assert_noop!(renew(START + 1), Error::<Test>::NotExtended);
        assert_noop!(renew(START + MAX_VALIDITY + 1), Error::<Test>::ValidityTooLong);
        assert_ok!(renew(end + 1));
        assert_ok!(renew(START + MAX_VALIDITY));
    });
}

#[test]
fn renew_ends_at_expiry() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let end = entry(ALICE).valid_until;
        at(end);
        assert_noop!(renew(end + DAY), Error::<Test>::Expired);
        at(end - 1);
        assert_ok!(renew(end + DAY));
    });
}

#[test]
fn renew_refuses_whoever_does_not_stand() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let until = START + 400 * DAY;
        Persons::<Test>::mutate(ALICE, |entry| {
            entry.as_mut().expect("is known").status = PersonStatus::Suspended;
        });
        assert_noop!(renew(until), Error::<Test>::PersonSuspended);
        assert_ok!(RealName::lift(RuntimeOrigin::root(), ALICE));

        assert_ok!(RealName::invalidate_attester(RuntimeOrigin::root(), hospital_a(), START));
        assert_noop!(renew(until), Error::<Test>::AttesterVoid);
        assert_noop!(
            RealName::renew(RuntimeOrigin::signed(CONTROLLER_B), ALICE, until),
            Error::<Test>::Invalidated
        );

        let end = entry(ALICE).valid_until + GRACE;
        at(end);
        assert_ok!(RealName::remove_expired(Caller::Stranger.origin(), ALICE));
        assert_noop!(
            RealName::renew(RuntimeOrigin::signed(CONTROLLER_B), ALICE, end + DAY),
            Error::<Test>::PersonClosed
        );
    });
}
