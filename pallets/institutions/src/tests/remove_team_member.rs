use super::*;

#[test]
fn remove_team_member_takes_effect_at_once() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::remove_team_member(by(DEAN), TEAM, DOCTOR));
        System::assert_last_event(
            Event::TeamMemberRemoved { institution: hospital(), team: TEAM, account: DOCTOR }
                .into(),
        );
        assert!(!Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW));
        assert!(Institutions::is_practitioner(&DOCTOR, &hospital(), NOW));
    });
}

#[test]
fn remove_team_member_strikes_people_off_who_have_left() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::remove_practitioner(by(DEAN), DOCTOR));
        assert_ok!(Institutions::remove_team_member(by(DEAN), TEAM, DOCTOR));
        assert_ok!(Institutions::add_practitioner(
            by(DEAN),
            DOCTOR,
            Role::Researcher,
            KEY,
            NOW + YEAR
        ));
        assert!(!Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW));
    });
}

#[test]
fn remove_team_member_refuses_everybody_but_a_permitted_institution() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[DEAN]) {
            assert_noop!(Institutions::remove_team_member(origin, TEAM, DOCTOR), BadOrigin);
        }
    });
}

#[test]
fn remove_team_member_refuses_unknown_teams_and_members() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::remove_team_member(by(DEAN), TeamId(2), DOCTOR),
            Error::<Test>::TeamUnknown
        );
        assert_noop!(
            Institutions::remove_team_member(by(DEAN), TEAM, NURSE),
            Error::<Test>::NotMember
        );
    });
}
