use super::*;

const OTHER_TEAM: TeamId = TeamId(2);

#[test]
fn create_team_begins_without_members() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::create_team(by(DEAN), OTHER_TEAM, text("产科"), KEY));
        let expected =
            Team { name: text("产科"), encryption_key: KEY, members: Default::default() };
        assert_eq!(Teams::<Test>::get(hospital(), OTHER_TEAM), Some(expected));
        System::assert_last_event(
            Event::TeamCreated { institution: hospital(), team: OTHER_TEAM }.into(),
        );
    });
}

#[test]
fn create_team_refuses_everybody_but_a_permitted_institution() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[DEAN]) {
            assert_noop!(
                Institutions::create_team(origin, OTHER_TEAM, text("产科"), KEY),
                BadOrigin
            );
        }
    });
}

#[test]
fn create_team_refuses_a_bad_name_or_key() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::create_team(by(DEAN), OTHER_TEAM, text(""), KEY),
            Error::<Test>::NameInvalid
        );
        assert_noop!(
            Institutions::create_team(by(DEAN), OTHER_TEAM, text("产科"), WEAK_KEY),
            Error::<Test>::WeakKey
        );
    });
}

#[test]
fn a_number_names_one_team_for_ever() {
    ExtBuilder::default().build_and_execute(|| {
        let again = || Institutions::create_team(by(DEAN), TEAM, text("产科"), KEY);
        assert_noop!(again(), Error::<Test>::TeamExists);
        assert_ok!(Institutions::dissolve_team(by(DEAN), TEAM));
        assert_noop!(again(), Error::<Test>::TeamNumberSpent);
    });
}

#[test]
fn institutions_number_their_teams_apart() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::permit(by(COUNCIL), list(&[clinic()])));
        assert_ok!(Institutions::create_team(by(FOUNDER), TEAM, text("全科"), KEY));
        assert!(!Institutions::is_team_member(&DOCTOR, &clinic(), TEAM, NOW));
    });
}
