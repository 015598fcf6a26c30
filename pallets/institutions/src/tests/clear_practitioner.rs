use super::*;

#[test]
fn clear_practitioner_lets_anyone_tidy_up_after_a_revocation() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::suspend_practitioner(by(PAN_JIANGSU), hospital(), NURSE));
        revoke_hospital();
        for who in [DOCTOR, NURSE] {
            assert_eq!(System::sufficients(&who), 1);
            assert_ok!(Institutions::clear_practitioner(by(STRANGER), hospital(), who));
            System::assert_last_event(
                Event::PractitionerRemoved { institution: hospital(), account: who }.into(),
            );
            assert_eq!(Practitioners::<Test>::get(who, hospital()), None);
            assert_eq!(System::sufficients(&who), 0);
        }
    });
}

#[test]
fn clear_practitioner_asks_for_a_signature_only() {
    ExtBuilder::default().build_and_execute(|| {
        revoke_hospital();
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(Institutions::clear_practitioner(origin, hospital(), DOCTOR), BadOrigin);
        }
    });
}

#[test]
fn clear_practitioner_touches_revoked_institutions_only() {
    ExtBuilder::default().build_and_execute(|| {
        let clear = || Institutions::clear_practitioner(by(STRANGER), hospital(), DOCTOR);
        assert_noop!(clear(), Error::<Test>::NotRevoked);
        assert_ok!(Institutions::suspend(by(PAN_JIANGSU), hospital()));
        assert_noop!(clear(), Error::<Test>::NotRevoked);
        assert_noop!(
            Institutions::clear_practitioner(by(STRANGER), unknown(), DOCTOR),
            Error::<Test>::InstitutionUnknown
        );
    });
}

#[test]
fn clear_practitioner_refuses_an_unknown_one() {
    ExtBuilder::default().build_and_execute(|| {
        revoke_hospital();
        assert_noop!(
            Institutions::clear_practitioner(by(STRANGER), hospital(), STRANGER),
            Error::<Test>::PractitionerUnknown
        );
        assert_ok!(Institutions::clear_practitioner(by(STRANGER), hospital(), DOCTOR));
        assert_noop!(
            Institutions::clear_practitioner(by(STRANGER), hospital(), DOCTOR),
            Error::<Test>::PractitionerUnknown
        );
    });
}
