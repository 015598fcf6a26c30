use frame_support::traits::{fungible::Mutate, tokens::Preservation::Expendable};
use kanglian_primitives::{HMC, RegionCode};
use kanglian_traits::Payment;
use proptest::prelude::*;

use crate::{RewardSchedule, mock::*};

#[derive(Clone, Debug)]
enum Step {
    Reward { subject: u64, author: u64, regions: usize, weight: u32 },
    TakeBack { which: usize },
    Blocks(u64),
    Settle(u32),
    ClawBack { who: u64, amount: u128 },
    Schedule { reward: u128, emission: u128, cap: u128, percents: (u8, u8) },
    Spend { who: u64, amount: u128 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1..5u64, 1..5u64, 0..4usize, 0..300u32).prop_map(|(subject, author, regions, weight)| {
            Step::Reward { subject, author, regions, weight }
        }),
        2 => (0..8usize).prop_map(|which| Step::TakeBack { which }),
        2 => (1..15u64).prop_map(Step::Blocks),
        2 => (0..8u32).prop_map(Step::Settle),
        1 => (1..6u64, 0..3 * HMC).prop_map(|(who, amount)| Step::ClawBack { who, amount }),
        1 => (0..20 * HMC, 0..20 * HMC, 0..5 * HMC, (0..=50u8, 0..=50u8)).prop_map(
            |(reward, emission, cap, percents)| Step::Schedule { reward, emission, cap, percents }
        ),
        1 => (1..5u64, 1..HMC).prop_map(|(who, amount)| Step::Spend { who, amount }),
    ]
}

const REGIONS: [RegionCode; 3] = [JIANGSU, ZHEJIANG, FUJIAN];

fn apply(step: Step, paid: &mut Vec<(u64, u64, usize, Payment)>) {
    match step {
        Step::Reward { subject, author, regions, weight } => {
            let (before, budget) = (balance(subject), HealthCoin::budget());
            let payment = reward(subject, author, &REGIONS[..regions], weight).unwrap();
            assert!(payment.total() <= budget);
            assert_eq!(
                balance(subject),
                before + payment.subject + if subject == author { payment.author } else { 0 }
            );
            paid.push((subject, author, regions, payment));
        },
        Step::TakeBack { which } if which < paid.len() => {
            let (subject, author, regions, payment) = paid.swap_remove(which);
            let back = take_back(subject, author, &REGIONS[..regions], payment).unwrap();
            assert!(back.subject <= payment.subject);
            assert!(back.author <= payment.author);
            assert!(back.regions <= payment.regions);
        },
        Step::TakeBack { .. } => {},
        Step::Blocks(count) => go_to(System::block_number() + count),
        Step::Settle(era) => {
            let _ = HealthCoin::settle_era(RuntimeOrigin::signed(BOB), era);
        },
        Step::ClawBack { who, amount } => {
            let _ = HealthCoin::claw_back(RuntimeOrigin::root(), who, amount);
        },
        Step::Schedule { reward, emission, cap, percents: (subject_percent, author_percent) } => {
            let schedule = RewardSchedule {
                reward,
                emission,
                subject_percent,
                author_percent,
                region_percent: 100 - subject_percent - author_percent,
                cap_person: cap,
                cap_author: 2 * cap,
                ..schedule()
            };
            HealthCoin::set_schedule(RuntimeOrigin::root(), schedule).unwrap();
        },
        Step::Spend { who, amount } => {
            let _ = Balances::transfer(&who, &RICH, amount, Expendable);
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn books_balance_after_any_sequence(steps in prop::collection::vec(step(), 20)) {
        ExtBuilder::default().build().execute_with(|| {
            let mut paid = Vec::new();
            for step in steps {
                let told = format!("{step:?}");
                apply(step, &mut paid);
                assert_eq!(HealthCoin::do_try_state(), Ok(()), "after {told}");
            }
        });
    }
}
