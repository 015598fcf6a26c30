use sp_runtime::AccountId32;

use super::*;
use crate::Bucket;

/// Draws as often as the quota allows, and counts.
fn draw_all(who: &AccountId32) -> u32 {
    (0..).take_while(|_| FreeLane::draw(who)).count() as u32
}

#[test]
fn a_quota_is_drawn_to_its_end() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(FreeLane::remaining(&PATIENT), 4);
        assert_eq!(draw_all(&PATIENT), 4);
        assert_eq!(FreeLane::remaining(&PATIENT), 0);
        assert_eq!(FreeLane::remaining(&HOSPITAL), 5_000);
        assert_eq!(draw_all(&HOSPITAL), 5_000);
    });
}

#[test]
fn a_stranger_has_no_quota_and_leaves_no_state() {
    ExtBuilder.build_and_execute(|| {
        assert!(!FreeLane::peek(&STRANGER, now()));
        assert!(!FreeLane::draw(&STRANGER));
        assert_eq!(FreeLane::remaining(&STRANGER), 0);
        assert_eq!(FreeLane::hourly_of(STRANGER), None);
        assert!(Usage::<Test>::get(STRANGER).is_none());
    });
}

#[test]
fn a_quota_of_zero_is_no_quota() {
    ExtBuilder.build_and_execute(|| {
        set_quota(&PATIENT, Some(0));
        assert!(!FreeLane::draw(&PATIENT));
        assert!(Usage::<Test>::get(PATIENT).is_none());
    });
}

#[test]
fn calls_recover_continuously_to_the_millisecond() {
    ExtBuilder.build_and_execute(|| {
        draw_all(&PATIENT);
        advance(QUARTER - 1);
        assert!(!FreeLane::draw(&PATIENT));
        advance(1);
        assert_eq!(FreeLane::remaining(&PATIENT), 1);
        assert_eq!(draw_all(&PATIENT), 1);
        advance(2 * QUARTER);
        assert_eq!(draw_all(&PATIENT), 2);
    });
}

#[test]
fn a_refused_draw_does_not_lose_what_recovered() {
    ExtBuilder.build_and_execute(|| {
        draw_all(&PATIENT);
        for _ in 0..QUARTER / 10_000 - 1 {
            advance(10_000);
            assert!(!FreeLane::draw(&PATIENT));
        }
        advance(10_000);
        assert!(FreeLane::draw(&PATIENT));
    });
}

#[test]
fn a_quota_that_does_not_divide_the_hour_loses_nothing_to_rounding() {
    ExtBuilder.build_and_execute(|| {
        set_quota(&PATIENT, Some(7));
        draw_all(&PATIENT);
        let mut drawn = 0;
        for _ in 0..3_600 {
            advance(1_000);
            drawn += draw_all(&PATIENT);
        }
        assert_eq!(drawn, 7);
    });
}

#[test]
fn a_bucket_never_gives_more_than_its_quota_after_a_long_rest() {
    ExtBuilder.build_and_execute(|| {
        draw_all(&PATIENT);
        advance(1_000 * HOUR);
        assert_eq!(draw_all(&PATIENT), 4);
    });
}

#[test]
fn peek_looks_at_the_instant_it_is_given_and_draws_nothing() {
    ExtBuilder.build_and_execute(|| {
        draw_all(&PATIENT);
        let before = Usage::<Test>::get(PATIENT);
        assert!(!FreeLane::peek(&PATIENT, now()));
        assert!(!FreeLane::peek(&PATIENT, now() + QUARTER - 1));
        assert!(FreeLane::peek(&PATIENT, now() + QUARTER));
        assert_eq!(Usage::<Test>::get(PATIENT), before);
    });
}

#[test]
fn the_adapters_questions_agree_with_peek_and_draw() {
    ExtBuilder.build_and_execute(|| {
        for _ in 0..4 {
            assert!(FreeLane::can_withdraw_free(&PATIENT, 1));
            assert!(FreeLane::withdraw_free(&PATIENT, 1));
        }
        assert!(!FreeLane::can_withdraw_free(&PATIENT, 1));
        assert!(!FreeLane::withdraw_free(&PATIENT, 1));
        assert_eq!(FreeLane::remaining_of(PATIENT), 0);
    });
}

#[test]
fn a_larger_quota_counts_at_once() {
    ExtBuilder.build_and_execute(|| {
        draw_all(&PATIENT);
        set_quota(&PATIENT, Some(10));
        assert_eq!(FreeLane::remaining(&PATIENT), 6);
    });
}

#[test]
fn a_smaller_quota_leaves_a_full_bucket_that_is_empty_after_an_hour() {
    ExtBuilder.build_and_execute(|| {
        draw_all(&HOSPITAL);
        set_quota(&HOSPITAL, Some(4));
        assert_eq!(FreeLane::remaining(&HOSPITAL), 0);
        advance(HOUR);
        assert_eq!(FreeLane::remaining(&HOSPITAL), 4);
    });
}

#[test]
fn an_account_that_is_registered_no_more_has_no_quota() {
    ExtBuilder.build_and_execute(|| {
        assert!(FreeLane::draw(&PATIENT));
        set_quota(&PATIENT, None);
        assert!(!FreeLane::draw(&PATIENT));
        assert_eq!(FreeLane::remaining(&PATIENT), 0);
    });
}

#[test]
fn the_largest_quota_overflows_nothing() {
    ExtBuilder.build_and_execute(|| {
        set_quota(&PATIENT, Some(u32::MAX));
        assert!(FreeLane::draw(&PATIENT));
        assert_eq!(FreeLane::remaining(&PATIENT), u32::MAX - 1);
        let full = Bucket { level: u64::from(u32::MAX) * HOUR, at: 0 };
        assert_eq!(full.level_at(u32::MAX, 0), full.level);
        assert_eq!(full.room(u32::MAX, u64::MAX), u32::MAX);
        assert_eq!(full.pour(u32::MAX, 1, 0), None);
    });
}

#[test]
fn a_clock_that_goes_back_gives_nothing() {
    let full = Bucket { level: 4 * HOUR, at: START };
    assert_eq!(full.room(4, START - HOUR), 0);
    assert!(!full.is_surely_empty(START - HOUR));
}

#[test]
fn a_heavy_transaction_draws_several_calls_or_none() {
    ExtBuilder.build_and_execute(|| {
        assert!(!FreeLane::withdraw_free(&PATIENT, 5));
        assert_eq!(FreeLane::remaining(&PATIENT), 4);
        assert!(FreeLane::withdraw_free(&PATIENT, 3));
        assert_eq!(FreeLane::remaining(&PATIENT), 1);
        assert!(!FreeLane::can_withdraw_free(&PATIENT, 2));
        assert!(FreeLane::can_withdraw_free(&PATIENT, 1));
        assert!(!FreeLane::withdraw_free(&PATIENT, u32::MAX));
    });
}

#[test]
fn another_account_of_the_same_owner_draws_from_the_same_bucket() {
    ExtBuilder.build_and_execute(|| {
        for _ in 0..4 {
            assert!(FreeLane::draw(&PATIENT));
        }
        assert!(!FreeLane::draw(&NEW_PHONE), "the quota is used up for both");
        assert_eq!(FreeLane::remaining(&NEW_PHONE), 0);
        advance(QUARTER);
        assert!(FreeLane::draw(&NEW_PHONE));
        assert!(!FreeLane::draw(&PATIENT));
        assert!(!Usage::<Test>::contains_key(&NEW_PHONE));
    });
}
