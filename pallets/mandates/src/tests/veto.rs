use frame_support::{assert_noop, assert_ok};

use super::*;

#[test]
fn veto_ends_an_upgrade() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        wait_for_code(2);
        assert_ok!(Mandates::veto(Origin::signed(REGULATOR), code(1)));
        last_event(Event::UpgradeVetoed { code_hash: code(1) });
        assert_eq!(Pending::<Test>::iter_keys().collect::<Vec<_>>(), vec![code(2)]);
        System::set_block_number(1 + TIME_LOCK);
        assert_noop!(Mandates::enact(Origin::signed(STRANGER), code(1)), Error::<Test>::NotPending);
    });
}

#[test]
fn veto_still_counts_after_the_time_lock() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        System::set_block_number(TIME_LOCK + ENACT_PERIOD);
        assert_ok!(Mandates::veto(Origin::signed(REGULATOR), code(1)));
    });
}

#[test]
fn veto_refuses_whoever_is_not_the_regulator() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        only(&[REGULATOR], |origin| Mandates::veto(origin, code(1)));
    });
}

#[test]
fn nobody_vetoes_while_the_seat_is_empty() {
    ExtBuilder::default().without_regulator().build_and_execute(|| {
        wait_for_code(1);
        only(&[], |origin| Mandates::veto(origin, code(1)));
    });
}

#[test]
fn veto_refuses_what_does_not_wait() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Mandates::veto(Origin::signed(REGULATOR), code(1)), Error::<Test>::NotPending);
    });
}
