use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::HMC;
use sp_runtime::traits::BadOrigin;

use crate::{Error, Event, mock::*};

fn claw_back(who: AccountId, amount: u128) -> sp_runtime::DispatchResult {
    HealthCoin::claw_back(RuntimeOrigin::root(), who, amount)
}

#[test]
fn claw_back_moves_coins_into_the_pot() {
    ExtBuilder::default().build_and_execute(|| {
        let budget = HealthCoin::budget();
        assert_ok!(claw_back(RICH, 3 * HMC));
        assert_eq!(last_event(), Event::ClawedBack { who: RICH, amount: 3 * HMC }.into());
        assert_eq!(balance(RICH), ENDOWMENT - 3 * HMC);
        assert_eq!(HealthCoin::budget(), budget + 3 * HMC);
    });
}

#[test]
fn claw_back_refuses_everyone_but_the_admin() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [RuntimeOrigin::signed(RICH), RuntimeOrigin::none()] {
            assert_noop!(HealthCoin::claw_back(origin, RICH, HMC), BadOrigin);
        }
    });
}

#[test]
fn claw_back_takes_all_that_is_held_and_not_a_unit_more() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(claw_back(RICH, ENDOWMENT + 1), Error::<Test>::NotHeld);
        assert_noop!(claw_back(RICH, u128::MAX), Error::<Test>::NotHeld);
        assert_noop!(claw_back(BOB, 1), Error::<Test>::NotHeld);
        assert_ok!(claw_back(RICH, ENDOWMENT));
        assert_eq!(balance(RICH), 0);
        assert_noop!(claw_back(RICH, 1), Error::<Test>::NotHeld);
    });
}

#[test]
fn claw_back_refuses_nothing_and_the_pot() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(claw_back(RICH, 0), Error::<Test>::ZeroAmount);
        assert_noop!(claw_back(HealthCoin::pot(), HMC), Error::<Test>::IsPot);
    });
}

#[test]
fn claw_back_that_leaves_dust_takes_the_dust_too_and_burns_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        let (issuance, before) = (HealthCoin::issuance(), pot());
        assert_ok!(claw_back(RICH, ENDOWMENT - ED + 1));
        assert_eq!(balance(RICH), 0);
        assert_eq!(pot(), before + ENDOWMENT);
        assert_eq!(HealthCoin::issuance(), issuance);
    });
}
