use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::HMC;
use sp_runtime::traits::BadOrigin;

use crate::{Era, Error, Event, RewardSchedule, Schedule, mock::*};

#[test]
fn set_schedule_counts_from_now_on() {
    ExtBuilder::default().build_and_execute(|| {
        let doubled = RewardSchedule { reward: 2 * HMC, ..schedule() };
        assert_ok!(HealthCoin::set_schedule(RuntimeOrigin::root(), doubled));
        assert_eq!(last_event(), Event::ScheduleSet { schedule: doubled }.into());
        assert_eq!(Schedule::<Test>::get(), doubled);
        assert_eq!(reward(ALICE, HOSPITAL, &STORED, 100), Ok(cents(80, 80, 40)));
    });
}

#[test]
fn set_schedule_refuses_everyone_but_the_admin() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [RuntimeOrigin::signed(CENTRE_JIANGSU), RuntimeOrigin::none()] {
            assert_noop!(HealthCoin::set_schedule(origin, schedule()), BadOrigin);
        }
    });
}

#[test]
fn set_schedule_refuses_percentages_that_do_not_make_hundred() {
    ExtBuilder::default().build_and_execute(|| {
        for (subject_percent, author_percent, region_percent) in
            [(0, 0, 0), (40, 40, 19), (40, 40, 21), (255, 255, 100), (156, 100, 100)]
        {
            let wrong =
                RewardSchedule { subject_percent, author_percent, region_percent, ..schedule() };
            assert_noop!(
                HealthCoin::set_schedule(RuntimeOrigin::root(), wrong),
                Error::<Test>::PercentagesNotHundred
            );
        }
    });
}

#[test]
fn set_schedule_refuses_an_era_without_blocks() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            HealthCoin::set_schedule(
                RuntimeOrigin::root(),
                RewardSchedule { era_length: 0, ..schedule() }
            ),
            Error::<Test>::EraTooShort
        );
    });
}

#[test]
fn set_schedule_with_a_shorter_era_ends_the_running_one_at_the_next_block() {
    ExtBuilder::default().build_and_execute(|| {
        go_to(5);
        let short = RewardSchedule { era_length: 2, emission: HMC, ..schedule() };
        assert_ok!(HealthCoin::set_schedule(RuntimeOrigin::root(), short));
        let before = pot();
        go_to(6);
        assert_eq!((Era::<Test>::get().index, Era::<Test>::get().started_at), (1, 6));
        assert_eq!(pot(), before + HMC);
    });
}
