use frame_support::{
    assert_ok,
    traits::{fungible::Mutate, tokens::Preservation::Expendable},
};
use kanglian_primitives::HMC;
use kanglian_traits::Payment;

use crate::{Era, Event, mock::*};

fn undo(paid: Payment) -> Payment {
    take_back(ALICE, HOSPITAL, &STORED, paid).unwrap()
}

fn spend(who: AccountId, amount: u128) {
    assert_ok!(Balances::transfer(&who, &RICH, amount, Expendable));
}

#[test]
fn take_back_undoes_a_reward() {
    ExtBuilder::default().build_and_execute(|| {
        let budget = HealthCoin::budget();
        let paid = reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        assert_eq!(undo(paid), paid);
        assert_eq!((balance(ALICE), balance(HOSPITAL)), (0, 0));
        assert_eq!(HealthCoin::region_earned(0), vec![]);
        assert_eq!(Era::<Test>::get().reserved, 0);
        assert_eq!(HealthCoin::budget(), budget);
        assert_eq!(
            last_event(),
            Event::RewardTakenBack {
                subject: paid.subject,
                author: paid.author,
                regions: paid.regions,
            }
            .into()
        );
    });
}

#[test]
fn take_back_takes_no_more_than_is_held() {
    ExtBuilder::default().build_and_execute(|| {
        let paid = reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        spend(ALICE, paid.subject);
        spend(HOSPITAL, paid.author / 2);
        let back = undo(paid);
        assert_eq!((back.subject, back.author), (0, paid.author / 2));
        assert_eq!(back.regions, paid.regions);
        assert_eq!((balance(ALICE), balance(HOSPITAL)), (0, 0));
        assert_eq!(balance(RICH), ENDOWMENT + paid.subject + paid.author / 2);
    });
}

#[test]
fn take_back_leaves_what_other_shares_paid() {
    ExtBuilder::default().build_and_execute(|| {
        let first = reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        let second = reward(ALICE, HOSPITAL, &STORED, 50).unwrap();
        assert_eq!(undo(first), first);
        assert_eq!((balance(ALICE), balance(HOSPITAL)), (second.subject, second.author));
        assert_eq!(Era::<Test>::get().reserved, second.regions);
    });
}

#[test]
fn take_back_spares_a_party_that_was_not_paid() {
    ExtBuilder::default().schedule(|schedule| schedule.cap_author = 0).build_and_execute(|| {
        assert_ok!(Balances::transfer(&RICH, &HOSPITAL, HMC, Expendable));
        let paid = reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        assert_eq!(paid, cents(40, 0, 20));
        assert_eq!(undo(paid), paid);
        assert_eq!(balance(HOSPITAL), HMC);
    });
}

#[test]
fn take_back_of_nothing_moves_and_tells_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        let (before, events) = (pot(), System::events().len());
        assert_eq!(undo(Payment::default()), Payment::default());
        assert_eq!((pot(), System::events().len()), (before, events));
        let no_regions = take_back(BOB, BOB, &[], cents(0, 0, 20));
        assert_eq!(no_regions, Ok(Payment::default()));
    });
}

#[test]
fn take_back_after_settling_charges_the_pan_centres() {
    ExtBuilder::default().build_and_execute(|| {
        let paid = reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        go_to(u64::from(ERA));
        assert_ok!(HealthCoin::settle_era(RuntimeOrigin::signed(BOB), 0));
        assert_eq!(undo(paid), paid);
        assert_eq!((balance(CENTRE_JIANGSU), balance(CENTRE_ZHEJIANG)), (ENDOWMENT, 0));
        assert_eq!(pot(), 2 * EMISSION);
    });
}

#[test]
fn take_back_after_settling_comes_out_of_new_earnings_first() {
    ExtBuilder::default().build_and_execute(|| {
        let paid = reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        go_to(u64::from(ERA));
        assert_ok!(HealthCoin::settle_era(RuntimeOrigin::signed(BOB), 0));
        // Jiangsu earns 0.05 in the new era, Zhejiang 0.05 too.
        reward(BOB, CLINIC, &STORED, 50).unwrap();
        assert_eq!(undo(paid), paid);
        let half = cents(5, 0, 0).subject;
        assert_eq!(balance(CENTRE_JIANGSU), ENDOWMENT + half);
        assert_eq!(balance(CENTRE_ZHEJIANG), half);
        assert_eq!(Era::<Test>::get().reserved, 0);
    });
}

#[test]
fn take_back_before_settling_nets_against_the_claim() {
    ExtBuilder::default().build_and_execute(|| {
        let paid = reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        go_to(u64::from(ERA));
        let back = undo(paid);
        // Zhejiang's account holds nothing yet, Jiangsu's does.
        assert_eq!(back.regions, paid.regions / 2);
        assert_ok!(HealthCoin::settle_era(RuntimeOrigin::signed(BOB), 0));
        assert_eq!(balance(CENTRE_JIANGSU), ENDOWMENT);
    });
}

#[test]
fn take_back_from_a_region_without_account_takes_what_is_noted() {
    ExtBuilder::default().build_and_execute(|| {
        let paid = reward(ALICE, HOSPITAL, &[FUJIAN], 100).unwrap();
        let back = take_back(ALICE, HOSPITAL, &[FUJIAN], paid);
        assert_eq!(back, Ok(paid));
        let again = take_back(BOB, BOB, &[FUJIAN], cents(0, 0, 20));
        assert_eq!(again, Ok(Payment::default()));
    });
}

#[test]
fn take_back_does_not_reset_caps() {
    ExtBuilder::default().build_and_execute(|| {
        for _ in 0..5 {
            let paid = reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
            assert_eq!(undo(paid), paid);
        }
        assert_eq!(reward(ALICE, HOSPITAL, &STORED, 100), Ok(cents(0, 40, 20)));
    });
}
