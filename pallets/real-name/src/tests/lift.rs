use frame_support::{assert_noop, assert_ok};
use kanglian_traits::PersonInspect;

use super::*;

#[test]
fn lift_gives_the_person_back() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let before = entry(ALICE);
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        assert_ok!(RealName::lift(RuntimeOrigin::signed(ADMIN), ALICE));
        assert_eq!(entry(ALICE), before);
        assert!(RealName::valid(&ALICE, START).is_some());
        last_event(Event::Lifted { person: ALICE });
    });
}

#[test]
fn lift_refuses_whoever_is_not_governance() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        only(&[Caller::Root, Caller::Admin], |origin| RealName::lift(origin, ALICE));
    });
}

#[test]
fn lift_refuses_whoever_is_not_suspended() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_noop!(RealName::lift(RuntimeOrigin::root(), ALICE), Error::<Test>::NotSuspended);
        assert_noop!(RealName::lift(RuntimeOrigin::root(), BOB), Error::<Test>::PersonUnknown);
        at(START + 365 * DAY + GRACE);
        assert_ok!(RealName::remove_expired(Caller::Stranger.origin(), ALICE));
        assert_noop!(RealName::lift(RuntimeOrigin::root(), ALICE), Error::<Test>::NotSuspended);
    });
}
