use frame_support::{traits::Hooks, weights::Weight};
use sp_runtime::AccountId32;

use super::*;
use crate::{SweptTo, WeightInfo};

fn register_and_draw(count: u8) {
    for byte in 0..count {
        let who = AccountId32::new([byte; 32]);
        set_quota(&who, Some(4));
        assert!(FreeLane::draw(&who));
    }
}

fn buckets() -> usize {
    Usage::<Test>::iter().count()
}

#[test]
fn a_bucket_is_removed_an_hour_after_its_last_draw() {
    ExtBuilder.build_and_execute(|| {
        register_and_draw(1);
        advance(HOUR - 1);
        FreeLane::on_idle(1, Weight::MAX);
        assert_eq!(buckets(), 1);
        advance(1);
        FreeLane::on_idle(1, Weight::MAX);
        assert_eq!(buckets(), 0);
    });
}

#[test]
fn a_sweep_looks_at_no_more_than_its_limit_and_goes_on_where_it_ended() {
    ExtBuilder.build_and_execute(|| {
        register_and_draw(25);
        advance(HOUR);
        for left in [15, 5, 0] {
            FreeLane::on_idle(1, Weight::MAX);
            assert_eq!(buckets(), left);
        }
        assert!(SweptTo::<Test>::get().is_none());
    });
}

#[test]
fn a_sweep_passes_over_buckets_in_use() {
    ExtBuilder.build_and_execute(|| {
        register_and_draw(25);
        for _ in 0..2 {
            FreeLane::on_idle(1, Weight::MAX);
        }
        assert_eq!(buckets(), 25);
        assert!(SweptTo::<Test>::get().is_some());
        advance(HOUR);
        // The first two rounds ended after 20; the rest is swept first, then all the others.
        for left in [20, 10, 0] {
            FreeLane::on_idle(1, Weight::MAX);
            assert_eq!(buckets(), left);
        }
    });
}

#[test]
fn a_sweep_keeps_within_the_weight_it_is_given() {
    ExtBuilder.build_and_execute(|| {
        register_and_draw(25);
        advance(HOUR);
        let none = <() as WeightInfo>::sweep(0);
        assert_eq!(FreeLane::on_idle(1, Weight::zero()), Weight::zero());
        assert_eq!(FreeLane::on_idle(1, none), Weight::zero());
        assert_eq!(buckets(), 25);
        let three = <() as WeightInfo>::sweep(3);
        assert_eq!(FreeLane::on_idle(1, three), three);
        assert_eq!(buckets(), 22);
    });
}

#[test]
fn a_sweep_reports_what_it_looked_at() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(FreeLane::on_idle(1, Weight::MAX), <() as WeightInfo>::sweep(0));
        register_and_draw(2);
        assert_eq!(FreeLane::on_idle(1, Weight::MAX), <() as WeightInfo>::sweep(2));
    });
}

#[test]
fn removal_of_a_bucket_gives_no_call_more() {
    ExtBuilder.build_and_execute(|| {
        for _ in 0..4 {
            assert!(FreeLane::draw(&PATIENT));
        }
        advance(HOUR);
        let before = FreeLane::remaining(&PATIENT);
        FreeLane::on_idle(1, Weight::MAX);
        assert_eq!(FreeLane::remaining(&PATIENT), before);
    });
}
