use frame_support::{assert_noop, assert_ok};

use super::*;

#[test]
fn cancel_withdraws_an_upgrade() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        assert_ok!(Mandates::cancel(Origin::signed(MAJORITY), code(1)));
        assert_eq!(Pending::<Test>::count(), 0);
        last_event(Event::UpgradeCancelled { code_hash: code(1) });
    });
}

#[test]
fn cancel_clears_an_expired_upgrade() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        System::set_block_number(10 * (TIME_LOCK + ENACT_PERIOD));
        assert_ok!(Mandates::cancel(Origin::signed(MAJORITY), code(1)));
    });
}

#[test]
fn cancel_refuses_whoever_is_not_the_majority() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        only(&[MAJORITY], |origin| Mandates::cancel(origin, code(1)));
    });
}

#[test]
fn cancel_refuses_what_does_not_wait() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Mandates::cancel(Origin::signed(MAJORITY), code(1)),
            Error::<Test>::NotPending
        );
    });
}
