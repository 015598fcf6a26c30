use frame_support::{assert_noop, assert_ok};

use super::*;

fn set(account: u64) -> DispatchResult {
    Mandates::set_regulator(Origin::signed(TWO_THIRDS), account)
}

#[test]
fn set_regulator_moves_the_seat() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(System::sufficients(&REGULATOR), 1);
        assert_ok!(set(NEW_REGULATOR));
        assert_eq!(Regulator::<Test>::get(), Some(NEW_REGULATOR));
        assert_eq!(System::sufficients(&REGULATOR), 0);
        assert_eq!(System::sufficients(&NEW_REGULATOR), 1);
        last_event(Event::RegulatorSet { old: Some(REGULATOR), new: NEW_REGULATOR });
        wait_for_code(1);
        only(&[NEW_REGULATOR], |origin| Mandates::veto(origin, code(1)));
        assert_ok!(Mandates::veto(Origin::signed(NEW_REGULATOR), code(1)));
    });
}

#[test]
fn set_regulator_fills_an_empty_seat() {
    ExtBuilder::default().without_regulator().build_and_execute(|| {
        assert_ok!(set(NEW_REGULATOR));
        last_event(Event::RegulatorSet { old: None, new: NEW_REGULATOR });
    });
}

#[test]
fn set_regulator_refuses_the_account_in_the_seat() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(set(REGULATOR), Error::<Test>::Unchanged);
    });
}

#[test]
fn set_regulator_refuses_whoever_is_not_two_thirds() {
    ExtBuilder::default().build_and_execute(|| {
        only(&[TWO_THIRDS], |origin| Mandates::set_regulator(origin, NEW_REGULATOR));
    });
}
