use super::*;

#[test]
fn suspend_stops_the_institution_and_its_people_at_once() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW));
        assert_ok!(Institutions::suspend(by(PAN_JIANGSU), hospital()));
        System::assert_last_event(
            Event::Suspended { institution: hospital(), region: JIANGSU }.into(),
        );
        assert_eq!(status(hospital()), Some(InstitutionStatus::Suspended));
        assert_eq!(Institutions::acting(&DEAN, NOW), None);
        assert_eq!(Institutions::permitted(&hospital(), NOW), None);
        assert!(!Institutions::is_practitioner(&DOCTOR, &hospital(), NOW));
        assert!(!Institutions::is_team_member(&DOCTOR, &hospital(), TEAM, NOW));
        assert_noop!(Institutions::remove_practitioner(by(DEAN), DOCTOR), BadOrigin);
    });
}

#[test]
fn suspend_reaches_an_expired_permission() {
    ExtBuilder::default().build_and_execute(|| {
        set_now(NOW + YEAR);
        assert_ok!(Institutions::suspend(by(PAN_JIANGSU), hospital()));
        assert_ok!(Institutions::renew(by(COUNCIL), hospital(), NOW + 2 * YEAR));
        assert_eq!(Institutions::permitted(&hospital(), NOW + YEAR), None, "still suspended");
    });
}

#[test]
fn suspend_refuses_everybody_but_active_pan_centres() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[PAN_JIANGSU, PAN_ZHEJIANG]) {
            assert_noop!(Institutions::suspend(origin, hospital()), BadOrigin);
        }
    });
}

#[test]
fn suspend_stays_inside_the_province() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::suspend(by(PAN_ZHEJIANG), hospital()),
            Error::<Test>::OtherRegion
        );
    });
}

#[test]
fn suspend_refuses_an_unknown_code() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::suspend(by(PAN_JIANGSU), unknown()),
            Error::<Test>::InstitutionUnknown
        );
    });
}

#[test]
fn suspend_stops_permitted_institutions_only() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::suspend(by(PAN_ZHEJIANG), clinic()),
            Error::<Test>::NotPermitted
        );
        let suspend = || Institutions::suspend(by(PAN_JIANGSU), hospital());
        assert_ok!(suspend());
        assert_noop!(suspend(), Error::<Test>::NotPermitted);
        revoke_hospital();
        assert_noop!(suspend(), Error::<Test>::NotPermitted);
    });
}
