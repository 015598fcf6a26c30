use super::*;

#[test]
fn resume_lifts_a_suspension() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Regions::suspend(majority(), JIANGSU));
        assert_ok!(Regions::resume(two_thirds(), JIANGSU));
        assert_eq!(status(JIANGSU), RegionStatus::Active);
        assert_eq!(last_event(), Event::RegionResumed { region: JIANGSU });
    });
}

#[test]
fn resume_refuses_every_other_origin() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Regions::suspend(majority(), JIANGSU));
        for origin in [
            majority(),
            signed(JIANGSU_CENTRE),
            signed(STRANGER),
            RuntimeOrigin::root(),
            RuntimeOrigin::none(),
        ] {
            assert_noop!(Regions::resume(origin, JIANGSU), BadOrigin);
        }
    });
}

#[test]
fn resume_refuses_an_unknown_and_an_active_region() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Regions::resume(two_thirds(), YUNNAN), Error::<Test>::NotRegistered);
        assert_noop!(Regions::resume(two_thirds(), JIANGSU), Error::<Test>::NotSuspended);
    });
}
