use super::*;

fn prune(case: CaseRef) -> DispatchResult {
    Custody::prune_case(signed(STRANGER), case)
}

#[test]
fn a_pending_recovery_whose_time_is_over_is_ended_by_anybody() {
    ExtBuilder::default().build_and_execute(|| {
        let case = CaseRef::Recovery(FIRST);
        assert_noop!(prune(case), Error::<Test>::RecoveryUnknown);
        assert_ok!(open());
        approve(FIRST, &[SHANGHAI]);
        at(START + PERIOD - 1);
        assert_noop!(prune(case), Error::<Test>::TooEarly);
        at(START + PERIOD);
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
            assert_noop!(Custody::prune_case(origin, case), DispatchError::BadOrigin);
        }
        assert_ok!(prune(case));
        assert_eq!(recovery(FIRST).status, RecoveryStatus::Lapsed);
        assert!(!person(ALICE).frozen, "the old key acts again");
        last_event(Event::RecoveryEnded {
            id: FIRST,
            person: ALICE,
            institution: hospital_a(),
            status: RecoveryStatus::Lapsed,
        });
        assert_noop!(open(), Error::<Test>::CoolingDown);
    });
}

#[test]
fn ended_recoveries_go_after_the_retention() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        recover();
        let case = CaseRef::Recovery(FIRST);
        at(START + DELAY + YEAR - 1);
        assert_noop!(prune(case), Error::<Test>::TooEarly);
        at(START + DELAY + YEAR);
        assert_ok!(prune(case));
        assert_eq!(Custody::recovery(FIRST), None);
        assert_eq!(Custody::recovery_of(ALICE), None);
        assert_eq!(WaitingCases::<Test>::iter().count(), 0);
        last_event(Event::CasePruned { case });
        assert_noop!(prune(case), Error::<Test>::RecoveryUnknown);
    });
}

#[test]
fn emergencies_go_after_review_and_retention() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let case = CaseRef::Emergency(CASE);
        assert_noop!(prune(case), Error::<Test>::EmergencyUnknown);
        assert_ok!(open_emergency(1));
        at(START + HOUR + YEAR);
        assert_noop!(prune(case), Error::<Test>::TooEarly);
        assert_ok!(review(CASE, ReviewOutcome::Justified));
        assert_ok!(prune(case));
        assert_eq!(Custody::emergency(CASE), None);
        assert!(Custody::emergencies_of(ALICE).is_empty());
        assert!(Custody::emergencies_by(DOCTOR).is_empty());
        assert_eq!(WaitingCases::<Test>::iter().count(), 0);
        last_event(Event::CasePruned { case });
    });
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_ok!(open_emergency(1));
        assert_ok!(review(CASE, ReviewOutcome::Justified));
        at(START + HOUR + YEAR - 1);
        assert_noop!(prune(CaseRef::Emergency(CASE)), Error::<Test>::TooEarly);
    });
}
