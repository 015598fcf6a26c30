use kanglian_traits::{EmergencyInspect, IdentityStatus};

use super::*;

fn opened(who: AccountId32, at: InstitutionId, person: PersonId) -> DispatchResult {
    let reason = EmergencyReason::LifeThreatening;
    Custody::open_emergency(signed(who), person, at, reason, 1)
}

fn is_open(who: &AccountId32, at: InstitutionId, now: Instant) -> bool {
    <Custody as EmergencyInspect<_>>::open_case(&ALICE, who, &at, now).is_some()
}

/// Another person whose summary is dealt and acknowledged.
fn add_person(n: u8) -> PersonId {
    let id = PersonId([n; 32]);
    let account = AccountId32::new([n; 32]);
    Persons::mutate(|all| {
        let entry = MockPerson { controller: account.clone(), ..all[&ALICE].clone() };
        all.insert(id, entry);
    });
    let scope = DealtScope::Emergency;
    assert_ok!(Custody::deal(signed(account), scope, terms(2, &REGIONS[..3], 1)));
    for region in &REGIONS[..2] {
        assert_ok!(Custody::acknowledge(signed(custodian(*region)), id, scope, 1));
    }
    id
}

#[test]
fn open_emergency_lasts_the_hours_named_and_is_noted_everywhere() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_ok!(open_emergency(4));
        let ends_at = START + 4 * HOUR;
        let case = emergency(CASE);
        assert_eq!((case.person, &case.practitioner), (ALICE, &DOCTOR));
        assert_eq!((case.institution, case.region), (hospital_a(), JIANGSU));
        assert_eq!(case.reseal_key, DOCTORS_KEY);
        assert_eq!((case.ends_at, case.review_by), (ends_at, ends_at + REVIEW));
        assert_eq!((case.review, case.escalated), (None, false));
        assert_eq!(case.dealing.number, 1);
        assert!(is_open(&DOCTOR, hospital_a(), ends_at - 1));
        assert!(!is_open(&DOCTOR, hospital_a(), ends_at));
        assert!(!is_open(&SURGEON, hospital_a(), START));
        assert!(!is_open(&DOCTOR, hospital_b(), START));
        assert_eq!(Custody::emergencies_of(ALICE).len(), 1);
        assert_eq!(Custody::emergencies_by(DOCTOR).len(), 1);
        assert_eq!(Custody::page_of_cases(JIANGSU, None, 9, START), [CaseRef::Emergency(CASE)]);
        last_event(Event::EmergencyOpened {
            id: CASE,
            person: ALICE,
            practitioner: DOCTOR,
            institution: hospital_a(),
            region: JIANGSU,
            reason: EmergencyReason::Unconscious,
            ends_at,
        });
    });
}

#[test]
fn open_emergency_refuses_whoever_is_no_active_physician() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let call = |origin| {
            let reason = EmergencyReason::NoRepresentative;
            Custody::open_emergency(origin, ALICE, hospital_a(), reason, 1)
        };
        let signers = [Caller::None, Caller::Root, Caller::Doctor];
        only_or(&signers, Error::<Test>::NotPhysician, call);
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(opened(DOCTOR, hospital_b(), ALICE), Error::<Test>::NotPhysician);
        let with = |physician, stopped| {
            let entry = MockPractitioner { physician, stopped };
            Staff::mutate(|all| all.insert((DOCTOR, hospital_a()), entry));
        };
        for (physician, stopped) in [(false, false), (true, true)] {
            with(physician, stopped);
            assert_noop!(open_emergency(1), Error::<Test>::NotPhysician);
        }
        with(true, false);
        forbid(hospital_a());
        assert_noop!(open_emergency(1), Error::<Test>::NotPhysician);
    });
}

#[test]
fn open_emergency_refuses_hours_out_of_range() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        for hours in [0, 5, u8::MAX] {
            assert_noop!(open_emergency(hours), Error::<Test>::WrongHours);
        }
    });
}

#[test]
fn open_emergency_refuses_persons_that_do_not_count() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let unknown = opened(DOCTOR, hospital_a(), PersonId([9; 32]));
        assert_eq!(unknown, Err(Error::<Test>::PersonNotValid.into()));
        for status in [IdentityStatus::Suspended, IdentityStatus::Closed] {
            set_person(ALICE, |person| person.status = status);
            assert_noop!(open_emergency(1), Error::<Test>::PersonNotValid);
        }
        set_person(ALICE, |person| {
            person.status = IdentityStatus::Open;
            person.valid_until = START;
        });
        assert_noop!(open_emergency(1), Error::<Test>::PersonNotValid);
        // Whose keys are being recovered is still treated.
        set_person(ALICE, |person| person.valid_until = START + YEAR);
        assert_ok!(open());
        assert_ok!(open_emergency(1));
    });
}

#[test]
fn open_emergency_needs_enough_good_shares_of_the_summary() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(open_emergency(1), Error::<Test>::NotAnswerable);
        assert_ok!(deal(DealtScope::Whole));
        acknowledge(DealtScope::Whole, &REGIONS);
        assert_noop!(open_emergency(1), Error::<Test>::NotAnswerable);
        assert_ok!(deal(DealtScope::Emergency));
        acknowledge(DealtScope::Emergency, &REGIONS[..2]);
        assert_noop!(open_emergency(1), Error::<Test>::NotAnswerable);
        acknowledge(DealtScope::Emergency, &REGIONS[2..3]);
        set_active(REGIONS[0], false);
        assert_noop!(open_emergency(1), Error::<Test>::NotAnswerable);
        set_active(REGIONS[0], true);
        assert_ok!(open_emergency(1));
    });
}

#[test]
fn one_practitioner_opens_one_emergency_about_a_person_at_a_time() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_ok!(opened(SURGEON, hospital_a(), ALICE));
        assert_noop!(opened(SURGEON, hospital_a(), ALICE), Error::<Test>::AlreadyOpen);
        assert_noop!(opened(SURGEON, hospital_b(), ALICE), Error::<Test>::AlreadyOpen);
        assert_ok!(opened(DOCTOR, hospital_a(), ALICE));
        at(START + HOUR);
        assert_ok!(opened(SURGEON, hospital_b(), ALICE));
        assert!(is_open(&SURGEON, hospital_b(), START + HOUR));
        assert!(!is_open(&SURGEON, hospital_a(), START + HOUR));
    });
}

#[test]
fn a_practitioner_has_a_bounded_number_of_emergencies_open() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let people: Vec<_> = (0x60..0x68).map(add_person).collect();
        for person in &people[..3] {
            assert_ok!(opened(DOCTOR, hospital_a(), *person));
        }
        let next = || opened(DOCTOR, hospital_a(), people[3]);
        assert_noop!(next(), Error::<Test>::TooManyEmergencies);
        // Over, and its review not due: it does not keep a physician from the next patient.
        at(START + HOUR);
        assert_ok!(next());
        at(START + 2 * HOUR);
        // The first three reviews are overdue now: they are held against the practitioner.
        at(START + HOUR + REVIEW);
        assert_noop!(opened(DOCTOR, hospital_a(), people[4]), Error::<Test>::TooManyEmergencies);
        assert_ok!(review(EmergencyId(0), ReviewOutcome::Justified));
        assert_ok!(opened(DOCTOR, hospital_a(), people[4]));
    });
}

#[test]
fn one_practitioner_cannot_take_all_the_room_at_a_person() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let close = |id| Custody::close_emergency(signed(DOCTOR), EmergencyId(id));
        for id in 0..MOST_UNREVIEWED_ABOUT_ONE as u64 {
            assert_ok!(opened(DOCTOR, hospital_a(), ALICE));
            assert_ok!(close(id));
        }
        assert_noop!(opened(DOCTOR, hospital_a(), ALICE), Error::<Test>::ReviewsOutstanding);
        assert_ok!(opened(SURGEON, hospital_a(), ALICE));
        assert_ok!(review(EmergencyId(1), ReviewOutcome::Justified));
        assert_ok!(opened(DOCTOR, hospital_a(), ALICE));
    });
}

#[test]
fn notes_at_a_person_are_bounded_and_ended_ones_make_room() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let doctors = |n: u8| AccountId32::new([n; 32]);
        for n in 0..=MAX_NOTES as u8 + 1 {
            let entry = MockPractitioner { physician: true, stopped: false };
            Staff::mutate(|all| all.insert((doctors(n + 100), hospital_a()), entry));
        }
        for n in 0..MAX_NOTES as u8 {
            assert_ok!(opened(doctors(n + 100), hospital_a(), ALICE));
        }
        let next = |n: u8| opened(doctors(100 + MAX_NOTES as u8 + n), hospital_a(), ALICE);
        assert_noop!(next(0), Error::<Test>::TooManyCases);
        at(START + HOUR);
        assert_ok!(review(EmergencyId(5), ReviewOutcome::Justified));
        let noted =
            |id| Custody::emergencies_of(ALICE).iter().any(|note| note.id == EmergencyId(id));
        assert_ok!(next(0));
        assert!(!noted(5) && noted(0), "reviewed ones go first");
        assert_ok!(next(1));
        assert!(!noted(0), "nobody is refused help for want of a review");
        assert_eq!(Custody::emergencies_of(ALICE).len(), MAX_NOTES as usize);
        assert_ok!(review(EmergencyId(0), ReviewOutcome::Justified));
    });
}
