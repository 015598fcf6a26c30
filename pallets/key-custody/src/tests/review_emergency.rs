use kanglian_traits::EmergencyInspect;

use super::*;

const JUSTIFIED: ReviewOutcome = ReviewOutcome::Justified;
const ABUSE: ReviewOutcome = ReviewOutcome::Abuse;

fn is_open(now: Instant) -> bool {
    <Custody as EmergencyInspect<_>>::open_case(&ALICE, &DOCTOR, &hospital_a(), now).is_some()
}

fn stopped() -> Option<bool> {
    Staff::get().get(&(DOCTOR, hospital_a())).map(|practitioner| practitioner.stopped)
}

fn escalate() -> DispatchResult {
    Custody::escalate_emergency(signed(STRANGER), CASE)
}

fn close() -> DispatchResult {
    Custody::close_emergency(signed(DOCTOR), CASE)
}

#[test]
fn a_justified_emergency_runs_to_its_end() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_ok!(open_emergency(2));
        assert_ok!(review(CASE, JUSTIFIED));
        assert_eq!(emergency(CASE).review, Some(JUSTIFIED));
        assert!(is_open(START + 2 * HOUR - 1));
        assert_eq!(Unreviewed::<Test>::get(CASE), None);
        assert_eq!(stopped(), Some(false));
        last_event(Event::EmergencyReviewed {
            id: CASE,
            person: ALICE,
            practitioner: DOCTOR,
            outcome: JUSTIFIED,
            suspended: false,
        });
        assert_noop!(review(CASE, ABUSE), Error::<Test>::AlreadyReviewed);
    });
}

#[test]
fn abuse_ends_the_emergency_and_suspends_the_practitioner() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_ok!(open_emergency(4));
        at(START + HOUR);
        assert_ok!(review(CASE, ABUSE));
        assert_eq!(emergency(CASE).ends_at, START + HOUR);
        assert!(!is_open(START + HOUR));
        assert_eq!(stopped(), Some(true));
        last_event(Event::EmergencyReviewed {
            id: CASE,
            person: ALICE,
            practitioner: DOCTOR,
            outcome: ABUSE,
            suspended: true,
        });
        assert_noop!(
            Custody::hand_over(signed(custodian(JIANGSU)), CaseRef::Emergency(CASE), [1; 32]),
            Error::<Test>::EmergencyOver
        );
        assert_eq!(WaitingCases::<Test>::iter().count(), 0);
        assert_noop!(open_emergency(1), Error::<Test>::NotPhysician);
    });
}

#[test]
fn abuse_found_later_is_recorded_though_the_practitioner_has_left() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_ok!(open_emergency(1));
        at(START + DAY);
        Staff::mutate(|all| all.remove(&(DOCTOR, hospital_a())));
        assert_ok!(review(CASE, ABUSE));
        assert_eq!(emergency(CASE).ends_at, START + HOUR, "an end does not move back");
        last_event(Event::EmergencyReviewed {
            id: CASE,
            person: ALICE,
            practitioner: DOCTOR,
            outcome: ABUSE,
            suspended: false,
        });
    });
}

#[test]
fn review_is_the_regions_pan_centres_or_governances() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_noop!(review(CASE, JUSTIFIED), Error::<Test>::EmergencyUnknown);
        assert_ok!(open_emergency(1));
        let call = |origin| Custody::review_emergency(origin, CASE, JUSTIFIED);
        only(&[Caller::PanCentre, Caller::Root, Caller::Admin], call);
        assert_noop!(call(signed(pan_centre(ZHEJIANG))), Error::<Test>::OtherRegion);
        set_active(JIANGSU, false);
        assert_noop!(review(CASE, JUSTIFIED), DispatchError::BadOrigin);
        assert_ok!(call(Caller::Admin.origin()));
    });
}

#[test]
fn an_overdue_review_names_the_pan_centre_once() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_noop!(escalate(), Error::<Test>::EmergencyUnknown);
        assert_ok!(open_emergency(1));
        let due = START + HOUR + REVIEW;
        at(due - 1);
        assert_noop!(escalate(), Error::<Test>::NotOverdue);
        assert_eq!(Custody::overdue_reviews(None, 10, due - 1), []);
        at(due);
        assert_eq!(Custody::overdue_reviews(None, 10, due), [CASE]);
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
            assert_noop!(Custody::escalate_emergency(origin, CASE), DispatchError::BadOrigin);
        }
        assert_ok!(escalate());
        last_event(Event::EmergencyEscalated {
            id: CASE,
            region: JIANGSU,
            pan_centre: Some(pan_centre(JIANGSU)),
            owed: 1,
        });
        assert_noop!(escalate(), Error::<Test>::AlreadyEscalated);
        assert_eq!(Custody::overdue_count(JIANGSU), 1);
        assert_ok!(review(CASE, JUSTIFIED));
        assert_eq!(Custody::overdue_count(JIANGSU), 0);
        assert_noop!(escalate(), Error::<Test>::AlreadyReviewed);
    });
}

#[test]
fn close_emergency_ends_it_early_and_leaves_the_review() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_noop!(close(), Error::<Test>::EmergencyUnknown);
        assert_ok!(open_emergency(4));
        only_or(
            &[Caller::None, Caller::Root, Caller::Doctor],
            Error::<Test>::OtherPractitioner,
            |origin| Custody::close_emergency(origin, CASE),
        );
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
            assert_noop!(Custody::close_emergency(origin, CASE), DispatchError::BadOrigin);
        }
        at(START + HOUR);
        assert_ok!(close());
        assert!(!is_open(START + HOUR));
        last_event(Event::EmergencyClosed { id: CASE, person: ALICE, practitioner: DOCTOR });
        assert_noop!(close(), Error::<Test>::EmergencyOver);
        assert!(Unreviewed::<Test>::contains_key(CASE));
        // The next patient, or the same one again.
        assert_ok!(open_emergency(1));
    });
}

#[test]
fn abuse_counts_against_who_left_before_the_review() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_ok!(open_emergency(2));
        Staff::mutate(|all| all.remove(&(DOCTOR, hospital_a())));
        assert_ok!(review(CASE, ABUSE));
        assert_eq!(Barred::get(), vec![(DOCTOR, None)]);
    });
}

#[test]
fn abuse_counts_against_the_person_who_opened_whatever_account_speaks_now() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let own = PersonId([0xd0; 32]);
        Persons::mutate(|all| {
            let doctor = MockPerson { controller: DOCTOR, ..all[&ALICE].clone() };
            all.insert(own, doctor)
        });
        assert_ok!(open_emergency(2));
        set_person(own, |person| person.controller = STRANGER);
        assert_ok!(review(CASE, ABUSE));
        assert_eq!(Barred::get(), vec![(DOCTOR, Some(own))]);
        assert_eq!(OpenedBy::<Test>::get(CASE), None);
    });
}
