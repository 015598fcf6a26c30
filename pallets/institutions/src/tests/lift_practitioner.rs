use super::*;

#[test]
fn lift_practitioner_lets_them_act_again() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::suspend_practitioner(by(PAN_JIANGSU), hospital(), DOCTOR));
        assert_ok!(Institutions::lift_practitioner(by(COUNCIL), hospital(), DOCTOR));
        System::assert_last_event(
            Event::PractitionerLifted { institution: hospital(), account: DOCTOR }.into(),
        );
        assert!(Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW));
    });
}

#[test]
fn lift_practitioner_refuses_everybody_but_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::suspend_practitioner(by(PAN_JIANGSU), hospital(), DOCTOR));
        for origin in everybody_but(&[COUNCIL]) {
            assert_noop!(Institutions::lift_practitioner(origin, hospital(), DOCTOR), BadOrigin);
        }
    });
}

#[test]
fn lift_practitioner_refuses_unknown_and_active_ones() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::lift_practitioner(by(COUNCIL), clinic(), DOCTOR),
            Error::<Test>::PractitionerUnknown
        );
        assert_noop!(
            Institutions::lift_practitioner(by(COUNCIL), hospital(), DOCTOR),
            Error::<Test>::PractitionerNotStopped
        );
    });
}
