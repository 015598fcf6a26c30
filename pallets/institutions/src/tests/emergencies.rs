//! Physicians, and what abuse of an emergency brings.

use super::*;
use kanglian_primitives::Instant;
use kanglian_traits::SuspendPractitioner;

fn physician(who: u64, id: InstitutionId, now: Instant) -> bool {
    <Institutions as SuspendPractitioner<u64>>::physician(&who, &id, now).is_some()
}

fn stop(who: u64) -> bool {
    <Institutions as SuspendPractitioner<u64>>::stop(&who, &hospital())
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
        assert_eq!(Practitioners::<Test>::get(STRANGER, hospital()), None);
    });
}
