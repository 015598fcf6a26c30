//! Physicians, and what abuse of an emergency brings.

use super::*;
use crate::Barred;
use frame_support::dispatch::DispatchResult;
use kanglian_primitives::{Instant, PersonId};
use kanglian_traits::SuspendPractitioner;

fn physician(who: u64, id: InstitutionId, now: Instant) -> bool {
    <Institutions as SuspendPractitioner<u64>>::physician(&who, &id, now).is_some()
}

fn stop(who: u64) -> bool {
    <Institutions as SuspendPractitioner<u64>>::stop(&who, None, &hospital())
}

#[test]
fn a_physician_is_an_active_doctor_of_a_permitted_institution() {
    ExtBuilder::default().build_and_execute(|| {
        let view = <Institutions as SuspendPractitioner<u64>>::physician(&DOCTOR, &hospital(), NOW)
            .expect("the doctor practises there");
        assert_eq!(view.region, JIANGSU);
        let known = Practitioners::<Test>::get(DOCTOR, hospital()).expect("practises");
        assert_eq!(view.encryption_key, known.encryption_key);
        assert!(!physician(NURSE, hospital(), NOW) && !physician(DEAN, hospital(), NOW));
        assert!(!physician(DOCTOR, clinic(), NOW) && !physician(DOCTOR, unknown(), NOW));
        assert!(!physician(DOCTOR, hospital(), NOW + YEAR));
        set_active(JIANGSU, false);
        assert!(!physician(DOCTOR, hospital(), NOW));
    });
}

#[test]
fn whoever_is_stopped_stays_so_until_the_council_lifts_it() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(stop(DOCTOR));
        System::assert_last_event(
            Event::PractitionerSuspended { institution: hospital(), account: DOCTOR }.into(),
        );
        assert!(!physician(DOCTOR, hospital(), NOW));
        assert!(!Institutions::is_practitioner(&DOCTOR, &hospital(), NOW));
        assert_noop!(
            Institutions::remove_practitioner(by(DEAN), DOCTOR),
            Error::<Test>::PractitionerStopped
        );
        assert!(stop(DOCTOR), "stopped already");
        assert_ok!(Institutions::lift_practitioner(by(COUNCIL), hospital(), DOCTOR));
        assert!(physician(DOCTOR, hospital(), NOW));
        assert!(!stop(STRANGER), "nobody who does not practise there");
        assert!(Barred::<Test>::contains_key(STRANGER), "but barred all the same");
        assert_eq!(Practitioners::<Test>::get(STRANGER, hospital()), None);
    });
}

const PERSON: PersonId = PersonId([7; 32]);
/// Another account of the doctor.
const SECOND: u64 = 33;

fn add(who: u64) -> DispatchResult {
    Institutions::add_practitioner(by(DEAN), who, Role::Doctor, KEY, NOW + YEAR)
}

fn lift(who: u64) -> DispatchResult {
    Institutions::lift_practitioner(by(COUNCIL), hospital(), who)
}

#[test]
fn leaving_before_the_review_is_no_way_around_it() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::remove_practitioner(by(DEAN), DOCTOR));
        assert!(!stop(DOCTOR), "no longer practises there");
        System::assert_last_event(
            Event::PractitionerBarred { institution: hospital(), account: DOCTOR }.into(),
        );
        assert_noop!(add(DOCTOR), Error::<Test>::PractitionerBarred);
        // Nor elsewhere.
        assert_ok!(Institutions::permit(by(COUNCIL), vec![clinic()].try_into().unwrap()));
        let elsewhere =
            |who| Institutions::add_practitioner(by(FOUNDER), who, Role::Doctor, KEY, NOW + YEAR);
        assert_noop!(elsewhere(DOCTOR), Error::<Test>::PractitionerBarred);
        // The council lifts it where it was.
        assert_noop!(
            Institutions::lift_practitioner(by(COUNCIL), clinic(), DOCTOR),
            Error::<Test>::PractitionerUnknown
        );
        assert_ok!(lift(DOCTOR));
        assert_ok!(add(DOCTOR));
        assert_ok!(elsewhere(DOCTOR));
        assert_noop!(lift(DOCTOR), Error::<Test>::PractitionerNotStopped);
    });
}

#[test]
fn a_barred_physician_opens_no_emergency_where_else_he_practises() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::permit(by(COUNCIL), vec![clinic()].try_into().unwrap()));
        let at_clinic =
            Institutions::add_practitioner(by(FOUNDER), DOCTOR, Role::Doctor, KEY, NOW + YEAR);
        assert_ok!(at_clinic);
        assert!(physician(DOCTOR, clinic(), NOW));
        assert!(stop(DOCTOR));
        assert!(!physician(DOCTOR, clinic(), NOW));
        assert!(Institutions::is_practitioner(&DOCTOR, &clinic(), NOW), "goes on otherwise");
        assert_ok!(lift(DOCTOR));
        assert!(physician(DOCTOR, clinic(), NOW) && physician(DOCTOR, hospital(), NOW));
    });
}

#[test]
fn another_account_of_the_same_person_is_barred_too() {
    ExtBuilder::default().build_and_execute(|| {
        // The account spoke for the person when the emergency was opened, not any more.
        let stopped =
            |who| <Institutions as SuspendPractitioner<u64>>::stop(&who, Some(PERSON), &hospital());
        assert!(stopped(DOCTOR));
        People::set([(SECOND, PERSON)].into());
        assert_noop!(add(SECOND), Error::<Test>::PractitionerBarred);
        // Found again by way of the second account: one lifting of each ends it.
        assert!(!stopped(SECOND));
        check();
        assert_ok!(lift(DOCTOR));
        assert_noop!(add(SECOND), Error::<Test>::PractitionerBarred);
        assert_ok!(lift(SECOND));
        assert_ok!(add(SECOND));
    });
}

#[test]
fn what_the_person_is_now_counts_when_nothing_is_known_of_then() {
    ExtBuilder::default().build_and_execute(|| {
        People::set([(DOCTOR, PERSON)].into());
        assert!(stop(DOCTOR));
        People::set([(SECOND, PERSON)].into());
        assert_noop!(add(SECOND), Error::<Test>::PractitionerBarred);
    });
}
