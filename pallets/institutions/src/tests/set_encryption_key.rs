use super::*;

const NEW_KEY: EncryptionKey = EncryptionKey::x25519([11; 32]);

#[test]
fn set_encryption_key_replaces_the_key() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::set_encryption_key(by(DEAN), NEW_KEY));
        System::assert_last_event(
            Event::EncryptionKeySet { institution: hospital(), key: NEW_KEY }.into(),
        );
        assert_eq!(Registry::<Test>::get(hospital()).expect("known").encryption_key, NEW_KEY);
    });
}

#[test]
fn set_encryption_key_refuses_everybody_but_a_permitted_institution() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[DEAN]) {
            assert_noop!(Institutions::set_encryption_key(origin, NEW_KEY), BadOrigin);
        }
        set_active(JIANGSU, false);
        assert_noop!(Institutions::set_encryption_key(by(DEAN), NEW_KEY), BadOrigin);
    });
}

#[test]
fn set_encryption_key_refuses_a_key_of_small_order() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Institutions::set_encryption_key(by(DEAN), WEAK_KEY), Error::<Test>::WeakKey);
    });
}
