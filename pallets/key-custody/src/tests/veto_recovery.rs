use super::*;

fn hear() -> DispatchResult {
    Custody::record_hearing(signed(pan_centre(JIANGSU)), FIRST, [7; 32])
}

#[test]
fn a_veto_voids_approvals_raises_the_bar_and_restarts_the_delay() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        approve(FIRST, &[SHANGHAI, JIANGSU, ZHEJIANG]);
        at(START + DAY);
        assert_ok!(veto(FIRST));
        let contested = recovery(FIRST);
        assert_eq!(contested.status, RecoveryStatus::Contested);
        assert_eq!((contested.bar, contested.approvals.len()), (4, 0));
        assert_eq!(contested.executable_from, START + DAY + DELAY);
        assert_eq!(contested.expires_at, START + DAY + PERIOD);
        assert!(person(ALICE).frozen, "the old key still acts no more");
        last_event(Event::RecoveryContested {
            id: FIRST,
            person: ALICE,
            bar: 4,
            executable_from: START + DAY + DELAY,
        });
    });
}

#[test]
fn only_the_present_account_of_the_person_vetoes() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        let call = |origin| Custody::veto_recovery(origin, FIRST);
        only(&[Caller::Person], call);
        assert_noop!(call(signed(BOB_ACCOUNT)), Error::<Test>::OtherPerson);
        assert_noop!(call(signed(NEW.account())), DispatchError::BadOrigin);
        assert_noop!(veto(RecoveryId(1)), Error::<Test>::RecoveryUnknown);
        // Whatever the standing.
        set_person(ALICE, |person| person.valid_until = START);
        assert_ok!(call(Caller::Person.origin()));
    });
}

#[test]
fn a_veto_counts_until_the_recovery_is_executed() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        approve(FIRST, &[SHANGHAI, JIANGSU, ZHEJIANG]);
        // The delay is over and every approval is there: the veto comes first in the block.
        at(START + DELAY);
        assert_ok!(veto(FIRST));
        assert_noop!(execute(FIRST), Error::<Test>::DelayNotOver);
        at(START + 2 * DELAY);
        assert_noop!(execute(FIRST), Error::<Test>::NotEnoughApprovals);
        assert_eq!(person(ALICE).controller, ALICE_OLD);
    });
}

#[test]
fn after_execution_the_old_key_vetoes_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        recover();
        assert_noop!(veto(FIRST), DispatchError::BadOrigin);
        let new = signed(NEW.account());
        assert_noop!(Custody::veto_recovery(new, FIRST), Error::<Test>::NotPending);
    });
}

#[test]
fn a_thief_with_the_old_phone_cannot_block_for_ever() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        assert_ok!(veto(FIRST));
        assert_noop!(veto(FIRST), Error::<Test>::AlreadyContested);
        assert_noop!(
            Custody::approve_recovery(signed(pan_centre(SHANGHAI)), FIRST),
            Error::<Test>::HearingMissing
        );
        assert_ok!(hear());
        last_event(Event::HearingRecorded { id: FIRST, person: ALICE, protocol: [7; 32] });
        approve(FIRST, &[SHANGHAI, JIANGSU, ZHEJIANG]);
        assert_noop!(veto(FIRST), Error::<Test>::AlreadyContested);
        at(START + DELAY);
        assert_noop!(execute(FIRST), Error::<Test>::NotEnoughApprovals);
        approve(FIRST, &[GUANGDONG]);
        assert_noop!(veto(FIRST), Error::<Test>::AlreadyContested);
        assert_ok!(execute(FIRST));
        assert_eq!(person(ALICE).controller, NEW.account());
    });
}

#[test]
fn the_raised_bar_does_not_exceed_the_regions_there_are() {
    ExtBuilder::default().build_and_execute(|| {
        set_active(ANHUI, false);
        set_active(GUANGDONG, false);
        assert_ok!(open());
        assert_ok!(veto(FIRST));
        assert_eq!(recovery(FIRST).bar, 3);
        // Nor does it fall below what it was.
        Bar::set(5);
        assert_ok!(Custody::dismiss_recovery(signed(pan_centre(JIANGSU)), FIRST));
        assert_ok!(open_by(CONTROLLER_B, NEW));
        assert_ok!(veto(RecoveryId(1)));
        assert_eq!(recovery(RecoveryId(1)).bar, 5);
    });
}

#[test]
fn a_veto_refuses_ended_and_expired_recoveries() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        at(START + PERIOD);
        assert_noop!(veto(FIRST), Error::<Test>::Expired);
        assert_ok!(Custody::withdraw_recovery(signed(CONTROLLER_A), FIRST));
        assert_noop!(veto(FIRST), Error::<Test>::NotPending);
    });
}

#[test]
fn a_hearing_is_recorded_by_the_home_region_or_governance() {
    ExtBuilder::default().build_and_execute(|| {
        let call = |origin| Custody::record_hearing(origin, FIRST, [7; 32]);
        assert_noop!(hear(), Error::<Test>::RecoveryUnknown);
        assert_ok!(open());
        assert_noop!(hear(), Error::<Test>::NotContested);
        assert_ok!(veto(FIRST));
        only(&[Caller::PanCentre, Caller::Root, Caller::Admin], call);
        assert_noop!(call(signed(pan_centre(ZHEJIANG))), Error::<Test>::OtherRegion);
        // The home region is suspended: governance hears.
        set_active(JIANGSU, false);
        assert_noop!(hear(), DispatchError::BadOrigin);
        assert_ok!(call(Caller::Admin.origin()));
        set_active(JIANGSU, true);
        assert_noop!(hear(), Error::<Test>::HearingRecorded);
    });
}

#[test]
fn a_hearing_comes_too_late_when_time_is_over() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        assert_ok!(veto(FIRST));
        at(START + PERIOD);
        assert_noop!(hear(), Error::<Test>::Expired);
    });
}
