use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::BadOrigin;

use crate::{Era, Error, Event, RegionEarned, mock::*};

fn one_share_then_next_era() {
    reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
    go_to(u64::from(ERA));
}

fn settle(era: u32) -> sp_runtime::DispatchResult {
    HealthCoin::settle_era(RuntimeOrigin::signed(BOB), era)
}

#[test]
fn settle_era_pays_every_region_once() {
    ExtBuilder::default().build_and_execute(|| {
        one_share_then_next_era();
        let each = cents(10, 0, 0).subject;
        let before = pot();
        assert_ok!(settle(0));
        assert_eq!(last_event(), Event::EraSettled { era: 0, paid: 2 * each, left: 0 }.into());
        assert_eq!(balance(CENTRE_JIANGSU), ENDOWMENT + each);
        assert_eq!(balance(CENTRE_ZHEJIANG), each);
        assert_eq!(pot(), before - 2 * each);
        assert_eq!(Era::<Test>::get().reserved, 0);
        assert_eq!(RegionEarned::<Test>::get(0), None);
        assert_noop!(settle(0), Error::<Test>::NothingToSettle);
    });
}

#[test]
fn settle_era_refuses_who_did_not_sign() {
    ExtBuilder::default().build_and_execute(|| {
        one_share_then_next_era();
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(HealthCoin::settle_era(origin, 0), BadOrigin);
        }
    });
}

#[test]
fn settle_era_refuses_an_era_that_is_not_over() {
    ExtBuilder::default().build_and_execute(|| {
        reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        for era in [0, 1, u32::MAX] {
            assert_noop!(settle(era), Error::<Test>::EraNotOver);
        }
        go_to(u64::from(ERA));
        assert_noop!(settle(1), Error::<Test>::EraNotOver);
        assert_ok!(settle(0));
    });
}

#[test]
fn settle_era_refuses_an_era_in_which_nobody_earned() {
    ExtBuilder::default().build_and_execute(|| {
        go_to(u64::from(ERA));
        assert_noop!(settle(0), Error::<Test>::NothingToSettle);
    });
}

#[test]
fn settle_era_keeps_the_claim_of_a_region_that_cannot_be_paid() {
    ExtBuilder::default().build_and_execute(|| {
        // Fujian has no account.
        reward(ALICE, HOSPITAL, &[JIANGSU, FUJIAN], 100).unwrap();
        go_to(u64::from(ERA));
        let each = cents(10, 0, 0).subject;
        assert_ok!(settle(0));
        assert_eq!(last_event(), Event::EraSettled { era: 0, paid: each, left: 1 }.into());
        assert_eq!(HealthCoin::region_earned(0), vec![(FUJIAN, each)]);
        assert_eq!(Era::<Test>::get().reserved, each);
        assert_noop!(settle(0), Error::<Test>::NothingToSettle);

        set_pan_centre(FUJIAN, 13);
        assert_ok!(settle(0));
        assert_eq!((balance(13), Era::<Test>::get().reserved), (each, 0));
        assert_eq!(balance(CENTRE_JIANGSU), ENDOWMENT + each, "not paid twice");
    });
}

#[test]
fn settle_era_keeps_what_is_too_small_for_a_new_account() {
    ExtBuilder::default().schedule(|schedule| schedule.reward = ED).build_and_execute(|| {
        reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        go_to(u64::from(ERA));
        assert_ok!(settle(0));
        assert_eq!(HealthCoin::region_earned(0), vec![(ZHEJIANG, ED / 10)]);
        assert_noop!(settle(0), Error::<Test>::NothingToSettle);
    });
}

#[test]
fn settling_one_era_leaves_the_others() {
    ExtBuilder::default().build_and_execute(|| {
        one_share_then_next_era();
        reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        go_to(u64::from(ERA) * 2);
        assert_ok!(settle(1));
        assert_eq!(HealthCoin::region_earned(0).len(), 2);
        assert_ok!(settle(0));
        assert_eq!(balance(CENTRE_ZHEJIANG), cents(20, 0, 0).subject);
    });
}
