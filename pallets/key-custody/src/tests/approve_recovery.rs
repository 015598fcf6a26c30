use super::*;

fn approve_by(region: RegionCode) -> DispatchResult {
    Custody::approve_recovery(signed(pan_centre(region)), FIRST)
}

#[test]
fn approve_recovery_counts_each_region_once() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        assert_ok!(approve_by(ZHEJIANG));
        assert_ok!(approve_by(SHANGHAI));
        assert_eq!(recovery(FIRST).approvals.to_vec(), [SHANGHAI, ZHEJIANG]);
        last_event(Event::RecoveryApproved {
            id: FIRST,
            person: ALICE,
            region: SHANGHAI,
            approvals: 2,
            bar: 3,
        });
        assert_noop!(approve_by(ZHEJIANG), Error::<Test>::AlreadyApproved);
    });
}

#[test]
fn approve_recovery_refuses_whoever_is_no_pan_centre() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        let call = |origin| Custody::approve_recovery(origin, FIRST);
        only(&[Caller::PanCentre], call);
        set_active(JIANGSU, false);
        only(&[], call);
    });
}

#[test]
fn approve_recovery_refuses_unknown_ended_and_expired_ones() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(approve_by(JIANGSU), Error::<Test>::RecoveryUnknown);
        assert_ok!(open());
        at(START + PERIOD);
        assert_noop!(approve_by(JIANGSU), Error::<Test>::Expired);
        assert_ok!(Custody::withdraw_recovery(signed(CONTROLLER_A), FIRST));
        assert_noop!(approve_by(JIANGSU), Error::<Test>::NotPending);
    });
}
