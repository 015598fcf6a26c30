use super::*;

#[test]
fn replace_controller_ends_the_old_key_at_once() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::replace_controller(by(COUNCIL), hospital(), STRANGER));
        System::assert_last_event(
            Event::ControllerReplaced { institution: hospital(), old: DEAN, new: STRANGER }.into(),
        );
        assert_eq!(Institutions::acting(&DEAN, NOW), None);
        assert_eq!(Institutions::acting(&STRANGER, NOW).expect("permitted").id, hospital());
        assert_eq!(Registry::<Test>::get(hospital()).expect("known").controller, STRANGER);
        assert_eq!((System::sufficients(&DEAN), System::sufficients(&STRANGER)), (0, 1));
        assert!(Institutions::is_practitioner(&DOCTOR, &hospital(), NOW), "people stay");
    });
}

#[test]
fn replace_controller_refuses_everybody_but_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[COUNCIL]) {
            assert_noop!(Institutions::replace_controller(origin, hospital(), STRANGER), BadOrigin);
        }
    });
}

#[test]
fn replace_controller_refuses_accounts_that_speak_for_an_institution() {
    ExtBuilder::default().build_and_execute(|| {
        for taken in [DEAN, FOUNDER] {
            assert_noop!(
                Institutions::replace_controller(by(COUNCIL), hospital(), taken),
                Error::<Test>::ControllerTaken
            );
        }
        assert_ok!(Institutions::replace_controller(by(COUNCIL), hospital(), DOCTOR));
        assert_eq!(System::sufficients(&DOCTOR), 2, "as controller and as practitioner");
    });
}

#[test]
fn replace_controller_refuses_unknown_and_revoked_institutions() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::replace_controller(by(COUNCIL), unknown(), STRANGER),
            Error::<Test>::InstitutionUnknown
        );
        revoke_hospital();
        assert_noop!(
            Institutions::replace_controller(by(COUNCIL), hospital(), STRANGER),
            Error::<Test>::InstitutionRevoked
        );
    });
}

/// How an institution gets back what it lost with its keys.
#[test]
fn the_new_controller_replaces_the_encryption_key_and_the_old_one_does_not() {
    ExtBuilder::default().build_and_execute(|| {
        let key = EncryptionKey::x25519([12; 32]);
        assert_ok!(Institutions::replace_controller(by(COUNCIL), hospital(), STRANGER));
        assert_noop!(Institutions::set_encryption_key(by(DEAN), key), BadOrigin);
        assert_noop!(Institutions::remove_practitioner(by(DEAN), DOCTOR), BadOrigin);
        assert_ok!(Institutions::set_encryption_key(by(STRANGER), key));
        assert_eq!(Registry::<Test>::get(hospital()).expect("known").encryption_key, key);
    });
}
