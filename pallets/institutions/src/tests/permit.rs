use super::*;

#[test]
fn permit_lets_a_nominated_institution_act() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(Institutions::acting(&FOUNDER, NOW), None);
        assert_ok!(Institutions::permit(by(COUNCIL), list(&[clinic()])));
        System::assert_last_event(Event::Permitted { institutions: list(&[clinic()]) }.into());
        assert_eq!(status(clinic()), Some(InstitutionStatus::Permitted));
        assert_eq!(Institutions::acting(&FOUNDER, NOW).expect("permitted").region, ZHEJIANG);
    });
}

#[test]
fn permit_lifts_a_suspension() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::suspend(by(PAN_JIANGSU), hospital()));
        assert_ok!(Institutions::permit(by(COUNCIL), list(&[clinic(), hospital()])));
        assert!(Institutions::acting(&DEAN, NOW).is_some());
        assert!(Institutions::acting(&FOUNDER, NOW).is_some());
    });
}

#[test]
fn permit_refuses_everybody_but_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[COUNCIL]) {
            assert_noop!(Institutions::permit(origin, list(&[clinic()])), BadOrigin);
        }
    });
}

#[test]
fn permit_refuses_an_empty_list() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Institutions::permit(by(COUNCIL), list(&[])), Error::<Test>::BatchEmpty);
    });
}

#[test]
fn permit_is_all_or_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::permit(by(COUNCIL), list(&[clinic(), unknown()])),
            Error::<Test>::InstitutionUnknown
        );
        assert_noop!(
            Institutions::permit(by(COUNCIL), list(&[clinic(), hospital()])),
            Error::<Test>::AlreadyPermitted
        );
        assert_noop!(
            Institutions::permit(by(COUNCIL), list(&[clinic(), clinic()])),
            Error::<Test>::AlreadyPermitted
        );
        assert_eq!(status(clinic()), Some(InstitutionStatus::Nominated));
    });
}

#[test]
fn permit_refuses_a_revoked_institution() {
    ExtBuilder::default().build_and_execute(|| {
        revoke_hospital();
        assert_noop!(
            Institutions::permit(by(COUNCIL), list(&[hospital()])),
            Error::<Test>::InstitutionRevoked
        );
    });
}

#[test]
fn permit_refuses_a_profile_that_expired_while_waiting() {
    ExtBuilder::default().build_and_execute(|| {
        set_now(NOW + YEAR);
        assert_noop!(Institutions::permit(by(COUNCIL), list(&[clinic()])), Error::<Test>::Expired);
        assert_ok!(Institutions::renew(by(COUNCIL), clinic(), NOW + YEAR + 1));
        assert_ok!(Institutions::permit(by(COUNCIL), list(&[clinic()])));
    });
}
