use frame_support::{assert_noop, assert_ok};

use super::*;

#[test]
fn rotate_data_key_replaces_the_key() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let before = entry(ALICE);
        assert_ok!(RealName::rotate_data_key(alice(), key(7)));
        assert_eq!(entry(ALICE), Person { data_key: key(7), ..before });
        last_event(Event::DataKeyRotated { person: ALICE, key: key(7) });
    });
}

#[test]
fn rotate_data_key_refuses_whoever_is_not_the_person() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        only(&[Caller::Person], |origin| RealName::rotate_data_key(origin, key(7)));
    });
}

#[test]
fn rotate_data_key_refuses_small_order_and_the_same_key() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_noop!(
            RealName::rotate_data_key(alice(), low_order_key()),
            Error::<Test>::LowOrderKey
        );
        assert_noop!(RealName::rotate_data_key(alice(), key(1)), Error::<Test>::Unchanged);
    });
}
