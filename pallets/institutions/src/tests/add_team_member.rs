use super::*;

#[test]
fn add_team_member_lists_a_practitioner() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(!Institutions::is_team_member(&NURSE, &hospital(), TEAM, NOW));
        assert_ok!(Institutions::add_team_member(by(DEAN), TEAM, NURSE));
        System::assert_last_event(
            Event::TeamMemberAdded { institution: hospital(), team: TEAM, account: NURSE }.into(),
        );
        assert!(Institutions::is_team_member(&NURSE, &hospital(), TEAM, NOW));
        assert!(!Institutions::is_team_member(&NURSE, &hospital(), TeamId(2), NOW));
    });
}

#[test]
fn add_team_member_refuses_everybody_but_a_permitted_institution() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[DEAN]) {
            assert_noop!(Institutions::add_team_member(origin, TEAM, NURSE), BadOrigin);
        }
    });
}

#[test]
fn add_team_member_takes_active_practitioners_only() {
    ExtBuilder::default().build_and_execute(|| {
        let add = |who| Institutions::add_team_member(by(DEAN), TEAM, who);
        assert_noop!(add(STRANGER), Error::<Test>::NotActive);
        assert_ok!(Institutions::suspend_practitioner(by(PAN_JIANGSU), hospital(), NURSE));
        assert_noop!(add(NURSE), Error::<Test>::NotActive);
        assert_ok!(Institutions::add_practitioner(
            by(DEAN),
            STRANGER,
            Role::Technician,
            KEY,
            NOW + 1
        ));
        set_now(NOW + 1);
        assert_noop!(add(STRANGER), Error::<Test>::NotActive);
    });
}

#[test]
fn add_team_member_refuses_unknown_teams_and_listed_members() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::add_team_member(by(DEAN), TeamId(2), NURSE),
            Error::<Test>::TeamUnknown
        );
        assert_noop!(
            Institutions::add_team_member(by(DEAN), TEAM, DOCTOR),
            Error::<Test>::AlreadyMember
        );
    });
}

#[test]
fn a_team_holds_no_more_than_its_bound() {
    ExtBuilder::default().build_and_execute(|| {
        let join = |who| {
            assert_ok!(Institutions::add_practitioner(by(DEAN), who, Role::Nurse, KEY, NOW + YEAR));
            Institutions::add_team_member(by(DEAN), TEAM, who)
        };
        for who in 1..u64::from(MAX_TEAM_MEMBERS) {
            assert_ok!(join(600 + who));
        }
        assert_noop!(Institutions::add_team_member(by(DEAN), TEAM, NURSE), Error::<Test>::TeamFull);
    });
}
