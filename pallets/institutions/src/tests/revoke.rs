use super::*;

#[test]
fn revoke_ends_the_institution_and_frees_its_controller() {
    ExtBuilder::default().build_and_execute(|| {
        revoke_hospital();
        System::assert_last_event(
            Event::Revoked { institution: hospital(), controller: DEAN }.into(),
        );
        assert_eq!(status(hospital()), Some(InstitutionStatus::Revoked));
        assert_eq!(InstitutionOf::<Test>::get(DEAN), None);
        assert_eq!(System::sufficients(&DEAN), 0);
        assert_eq!(Institutions::acting(&DEAN, NOW), None);
        assert!(!Institutions::is_practitioner(&DOCTOR, &hospital(), NOW));
        assert!(!Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW));
    });
}

#[test]
fn revoke_reaches_every_standing_but_its_own() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::revoke(by(COUNCIL), clinic()));
        assert_ok!(Institutions::suspend(by(PAN_JIANGSU), hospital()));
        revoke_hospital();
        for id in [clinic(), hospital()] {
            assert_noop!(Institutions::revoke(by(COUNCIL), id), Error::<Test>::InstitutionRevoked);
        }
    });
}

#[test]
fn revoke_refuses_everybody_but_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[COUNCIL]) {
            assert_noop!(Institutions::revoke(origin, hospital()), BadOrigin);
        }
    });
}

#[test]
fn revoke_refuses_an_unknown_code() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::revoke(by(COUNCIL), unknown()),
            Error::<Test>::InstitutionUnknown
        );
    });
}
