use super::*;

#[test]
fn dissolve_team_ends_membership_for_all() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::dissolve_team(by(DEAN), TEAM));
        System::assert_last_event(
            Event::TeamDissolved { institution: hospital(), team: TEAM }.into(),
        );
        assert_eq!(Institutions::team_details(hospital(), TEAM), None);
        assert!(SpentTeams::<Test>::contains_key(hospital(), TEAM));
        assert!(!Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW));
    });
}

#[test]
fn dissolve_team_refuses_everybody_but_a_permitted_institution() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[DEAN]) {
            assert_noop!(Institutions::dissolve_team(origin, TEAM), BadOrigin);
        }
    });
}

#[test]
fn dissolve_team_refuses_an_unknown_team() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Institutions::dissolve_team(by(DEAN), TeamId(2)), Error::<Test>::TeamUnknown);
        assert_ok!(Institutions::dissolve_team(by(DEAN), TEAM));
        assert_noop!(Institutions::dissolve_team(by(DEAN), TEAM), Error::<Test>::TeamUnknown);
    });
}
