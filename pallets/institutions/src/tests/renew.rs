use super::*;

#[test]
fn renew_sets_the_end_and_nothing_else() {
    ExtBuilder::default().build_and_execute(|| {
        set_now(NOW + YEAR);
        assert_eq!(Institutions::acting(&DEAN, NOW + YEAR), None);
        assert_ok!(Institutions::renew(by(COUNCIL), hospital(), NOW + 2 * YEAR));
        System::assert_last_event(
            Event::Renewed { institution: hospital(), valid_until: NOW + 2 * YEAR }.into(),
        );
        assert_eq!(status(hospital()), Some(InstitutionStatus::Permitted));
        assert!(Institutions::acting(&DEAN, NOW + YEAR).is_some());
        assert!(Institutions::acting(&DEAN, NOW + 2 * YEAR).is_none());
    });
}

#[test]
fn renew_does_not_permit() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::renew(by(COUNCIL), clinic(), NOW + 2 * YEAR));
        assert_eq!(status(clinic()), Some(InstitutionStatus::Nominated));
    });
}

#[test]
fn renew_refuses_everybody_but_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[COUNCIL]) {
            assert_noop!(Institutions::renew(origin, hospital(), NOW + 2 * YEAR), BadOrigin);
        }
    });
}

#[test]
fn renew_asks_for_an_end_in_the_future() {
    ExtBuilder::default().build_and_execute(|| {
        for end in [0, NOW] {
            assert_noop!(Institutions::renew(by(COUNCIL), hospital(), end), Error::<Test>::Expired);
        }
        assert_ok!(Institutions::renew(by(COUNCIL), hospital(), NOW + 1));
    });
}

#[test]
fn renew_refuses_unknown_and_revoked_institutions() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::renew(by(COUNCIL), unknown(), NOW + YEAR),
            Error::<Test>::InstitutionUnknown
        );
        revoke_hospital();
        assert_noop!(
            Institutions::renew(by(COUNCIL), hospital(), NOW + YEAR),
            Error::<Test>::InstitutionRevoked
        );
    });
}
