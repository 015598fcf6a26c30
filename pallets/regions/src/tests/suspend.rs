use super::*;

#[test]
fn suspend_stops_a_region() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Regions::suspend(majority(), JIANGSU));
        assert_eq!(status(JIANGSU), RegionStatus::Suspended);
        assert_eq!(status(BEIJING), RegionStatus::Active);
        assert_eq!(last_event(), Event::RegionSuspended { region: JIANGSU });
    });
}

#[test]
fn suspend_refuses_every_other_origin() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [
            two_thirds(),
            signed(JIANGSU_CENTRE),
            signed(STRANGER),
            RuntimeOrigin::root(),
            RuntimeOrigin::none(),
        ] {
            assert_noop!(Regions::suspend(origin, JIANGSU), BadOrigin);
        }
    });
}

#[test]
fn suspend_refuses_an_unknown_and_a_suspended_region() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Regions::suspend(majority(), YUNNAN), Error::<Test>::NotRegistered);
        assert_ok!(Regions::suspend(majority(), JIANGSU));
        assert_noop!(Regions::suspend(majority(), JIANGSU), Error::<Test>::AlreadySuspended);
    });
}
