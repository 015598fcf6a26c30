use super::*;

#[test]
fn remove_practitioner_ends_practice_and_teams_at_once() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::remove_practitioner(by(DEAN), DOCTOR));
        System::assert_last_event(
            Event::PractitionerRemoved { institution: hospital(), account: DOCTOR }.into(),
        );
        assert_eq!(Practitioners::<Test>::get(DOCTOR, hospital()), None);
        assert_eq!(System::sufficients(&DOCTOR), 0);
        assert!(!Institutions::is_practitioner(&DOCTOR, &hospital(), NOW));
        assert!(!Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW));
    });
}

#[test]
fn remove_practitioner_refuses_everybody_but_a_permitted_institution() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[DEAN]) {
            assert_noop!(Institutions::remove_practitioner(origin, DOCTOR), BadOrigin);
        }
    });
}

#[test]
fn remove_practitioner_stays_inside_the_institution() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::permit(by(COUNCIL), list(&[clinic()])));
        assert_noop!(
            Institutions::remove_practitioner(by(FOUNDER), DOCTOR),
            Error::<Test>::PractitionerUnknown
        );
    });
}

#[test]
fn remove_practitioner_cannot_undo_a_suspension() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::suspend_practitioner(by(PAN_JIANGSU), hospital(), DOCTOR));
        assert_noop!(
            Institutions::remove_practitioner(by(DEAN), DOCTOR),
            Error::<Test>::PractitionerStopped
        );
    });
}
