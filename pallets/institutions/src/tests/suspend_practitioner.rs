use super::*;

#[test]
fn suspend_practitioner_stops_them_there_at_once() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::suspend_practitioner(by(PAN_JIANGSU), hospital(), DOCTOR));
        System::assert_last_event(
            Event::PractitionerSuspended { institution: hospital(), account: DOCTOR }.into(),
        );
        assert!(!Institutions::is_practitioner(&DOCTOR, &hospital(), NOW));
        assert!(!Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW));
        assert!(Institutions::is_practitioner(&NURSE, &hospital(), NOW));
        let entry = Practitioners::<Test>::get(DOCTOR, hospital()).expect("known");
        assert_eq!(entry.status, PractitionerStatus::Suspended);
    });
}

#[test]
fn suspend_practitioner_refuses_everybody_but_active_pan_centres() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[PAN_JIANGSU, PAN_ZHEJIANG]) {
            assert_noop!(Institutions::suspend_practitioner(origin, hospital(), DOCTOR), BadOrigin);
        }
    });
}

#[test]
fn suspend_practitioner_stays_inside_the_province() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::suspend_practitioner(by(PAN_ZHEJIANG), hospital(), DOCTOR),
            Error::<Test>::OtherRegion
        );
    });
}

#[test]
fn suspend_practitioner_refuses_unknown_ones() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::suspend_practitioner(by(PAN_JIANGSU), unknown(), DOCTOR),
            Error::<Test>::InstitutionUnknown
        );
        assert_noop!(
            Institutions::suspend_practitioner(by(PAN_JIANGSU), hospital(), STRANGER),
            Error::<Test>::PractitionerUnknown
        );
    });
}

#[test]
fn suspend_practitioner_refuses_a_suspended_one() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::suspend_practitioner(by(PAN_JIANGSU), hospital(), DOCTOR));
        assert_noop!(
            Institutions::suspend_practitioner(by(PAN_JIANGSU), hospital(), DOCTOR),
            Error::<Test>::PractitionerStopped
        );
    });
}
