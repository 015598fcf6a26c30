use kanglian_primitives::{Takedown, WorkStanding};

use super::*;

#[test]
fn take_down_gives_the_reward_back_and_restoring_does_not_pay_again() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital(1).publish());
        assert_ok!(PublicWorks::take_down(signed(REGULATOR), work(1), TakedownReason::Harmful));
        let event = Event::TakenDown {
            work: work(1),
            author: hospital(),
            reason: TakedownReason::Harmful,
            returned: 60,
        };
        assert_eq!(last_event(), event);
        let taken = Takedown { reason: TakedownReason::Harmful, at: NOW };
        assert_eq!(facts(work(1)).taken_down, Some(taken));
        assert_eq!(facts(work(1)).standing(), WorkStanding::TakenDown);
        assert_noop!(
            PublicWorks::take_down(signed(REGULATOR), work(1), TakedownReason::False),
            Error::<Test>::AlreadyTakenDown
        );
        assert_noop!(PublicWorks::endorse(signed(CLINIC), work(1)), Error::<Test>::NotCurrent);

        assert_ok!(PublicWorks::restore(signed(REGULATOR), work(1)));
        assert_eq!(last_event(), Event::Restored { work: work(1) });
        assert_eq!(facts(work(1)).standing(), WorkStanding::Current);
        assert_eq!((facts(work(1)).paid, Rewards::get().len()), (0, 1));
        assert_noop!(PublicWorks::restore(signed(REGULATOR), work(1)), Error::<Test>::NotTakenDown);
        assert_ok!(PublicWorks::take_down(signed(REGULATOR), work(1), TakedownReason::Unlawful));
        assert_eq!(TakenBack::get(), [(HOSPITAL, PAID)], "it is taken back once");
    });
}

#[test]
fn take_down_and_restore_are_the_regulators() {
    ExtBuilder.build_and_execute(|| {
        let down = |origin| PublicWorks::take_down(origin, work(1), TakedownReason::Privacy);
        assert_noop!(down(signed(REGULATOR)), Error::<Test>::NotFound);
        assert_noop!(PublicWorks::restore(signed(REGULATOR), work(1)), Error::<Test>::NotFound);
        assert_ok!(Draft::hospital(1).publish());
        for who in [HOSPITAL, CLINIC, STRANGER] {
            assert_noop!(down(signed(who)), BadOrigin);
            assert_noop!(PublicWorks::restore(signed(who), work(1)), BadOrigin);
        }
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(down(origin), BadOrigin);
        }
    });
}

#[test]
fn take_down_leaves_nothing_behind_when_the_coin_fails() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital(1).publish());
        RewardFails::set(true);
        let down = PublicWorks::take_down(signed(REGULATOR), work(1), TakedownReason::Privacy);
        assert_noop!(down, sp_runtime::DispatchError::Other("claw back"));
    });
}
