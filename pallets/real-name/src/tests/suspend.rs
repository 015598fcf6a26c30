use frame_support::{assert_noop, assert_ok};
use kanglian_traits::PersonInspect;

use super::*;

#[test]
fn suspend_freezes_the_person_at_once() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let before = entry(ALICE);
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        assert_eq!(entry(ALICE), Person { status: PersonStatus::Suspended, ..before });
        assert_eq!(RealName::valid(&ALICE, START), None);
        assert_eq!(RealName::acting(&ALICE_WALLET.account(), START), None);
        last_event(Event::Suspended { person: ALICE, region: JIANGSU });
    });
}

#[test]
fn suspend_refuses_whoever_is_no_pan_centre() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        only(&[Caller::PanCentre], |origin| RealName::suspend(origin, ALICE));
        suspend_region(JIANGSU);
        only(&[], |origin| RealName::suspend(origin, ALICE));
    });
}

#[test]
fn suspend_refuses_another_region_and_an_unknown_person() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_noop!(
            RealName::suspend(RuntimeOrigin::signed(PAN_CENTRE_ZHEJIANG), ALICE),
            Error::<Test>::OutsideRegion
        );
        assert_noop!(
            RealName::suspend(Caller::PanCentre.origin(), BOB),
            Error::<Test>::PersonUnknown
        );
    });
}

#[test]
fn suspend_refuses_suspended_and_closed_persons() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let suspend = || RealName::suspend(Caller::PanCentre.origin(), ALICE);
        assert_ok!(suspend());
        assert_noop!(suspend(), Error::<Test>::PersonSuspended);
        at(START + 365 * DAY + GRACE);
        assert_ok!(RealName::remove_expired(Caller::Stranger.origin(), ALICE));
        assert_noop!(suspend(), Error::<Test>::PersonClosed);
    });
}
