use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::RegionCode;

use super::*;

#[test]
fn move_region_changes_the_home() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let before = entry(ALICE);
        assert_ok!(RealName::move_region(alice(), ZHEJIANG));
        assert_eq!(entry(ALICE), Person { home_region: ZHEJIANG, ..before });
        last_event(Event::RegionMoved { person: ALICE, from: JIANGSU, to: ZHEJIANG });
        // The offices of the new home are in charge now.
        assert_noop!(
            RealName::suspend(Caller::PanCentre.origin(), ALICE),
            Error::<Test>::OutsideRegion
        );
        assert_ok!(RealName::suspend(RuntimeOrigin::signed(PAN_CENTRE_ZHEJIANG), ALICE));
    });
}

#[test]
fn move_region_leads_out_of_a_suspended_region_but_not_into_one() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        suspend_region(JIANGSU);
        assert_ok!(RealName::move_region(alice(), ZHEJIANG));
        assert_noop!(RealName::move_region(alice(), JIANGSU), Error::<Test>::RegionNotActive);
    });
}

#[test]
fn move_region_refuses_whoever_is_not_the_person() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        only(&[Caller::Person], |origin| RealName::move_region(origin, ZHEJIANG));
    });
}

#[test]
fn move_region_refuses_an_unknown_region_and_the_home_itself() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_noop!(
            RealName::move_region(alice(), RegionCode(990_000)),
            Error::<Test>::RegionNotActive
        );
        assert_noop!(RealName::move_region(alice(), JIANGSU), Error::<Test>::Unchanged);
    });
}
