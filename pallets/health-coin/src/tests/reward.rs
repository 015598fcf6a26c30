use kanglian_primitives::{HMC, MAX_RECEIPTS, RegionCode};
use kanglian_traits::{RewardOnShare, Share};

use crate::{Era, Event, mock::*};

#[test]
fn reward_pays_subject_and_author_and_notes_regions() {
    ExtBuilder::default().build_and_execute(|| {
        let issuance = HealthCoin::issuance();
        let paid = cents(40, 40, 20);
        assert_eq!(reward(ALICE, HOSPITAL, &STORED, 100), Ok(paid));
        assert_eq!((balance(ALICE), balance(HOSPITAL)), (paid.subject, paid.author));
        assert_eq!(balance(CENTRE_ZHEJIANG), 0, "regions are settled per era");
        assert_eq!(pot(), EMISSION - paid.subject - paid.author);
        assert_eq!(Era::<Test>::get().reserved, paid.regions);
        assert_eq!(HealthCoin::budget(), EMISSION - ED - paid.total());
        assert_eq!(HealthCoin::issuance(), issuance, "a reward makes no new coins");
        assert_eq!(
            last_event(),
            Event::Rewarded {
                record: RECORD,
                subject: paid.subject,
                author: paid.author,
                regions: paid.regions,
                capped: false,
            }
            .into()
        );
    });
}

#[test]
fn reward_follows_the_weight_of_the_block() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(reward(ALICE, HOSPITAL, &STORED, 50), Ok(cents(20, 20, 10)));
        assert_eq!(reward(BOB, HOSPITAL, &STORED, 150), Ok(cents(60, 60, 30)));
        let events = System::events().len();
        assert_eq!(reward(BOB, HOSPITAL, &STORED, 0), Ok(cents(0, 0, 0)));
        assert_eq!(System::events().len(), events, "nothing due, nothing told");
    });
}

#[test]
fn reward_of_absurd_size_pays_nothing_instead_of_failing() {
    ExtBuilder::default().schedule(|schedule| schedule.reward = u128::MAX).build_and_execute(
        || {
            assert_eq!(reward(ALICE, HOSPITAL, &STORED, 100), Ok(cents(0, 0, 0)));
            assert_eq!(reward(ALICE, HOSPITAL, &STORED, u32::MAX), Ok(cents(0, 0, 0)));
            assert_eq!(pot(), EMISSION);
        },
    );
}

#[test]
fn reward_for_regions_is_shared_evenly_and_the_remainder_stays_in_the_pot() {
    ExtBuilder::default().schedule(|schedule| schedule.reward = 100).build_and_execute(|| {
        // 20 units among three; 40 units are below the existential deposit of a new account.
        let three = [JIANGSU, ZHEJIANG, FUJIAN];
        let paid = reward(ALICE, HOSPITAL, &three, 100).unwrap();
        assert_eq!((paid.subject, paid.author, paid.regions), (0, 0, 18));
        assert_eq!(HealthCoin::region_earned(0), three.map(|region| (region, 6)).to_vec());
        assert_eq!(Era::<Test>::get().reserved, 18);
    });
}

#[test]
fn reward_without_regions_pays_subject_and_author() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(reward(ALICE, HOSPITAL, &[], 100), Ok(cents(40, 40, 0)));
    });
}

#[test]
fn reward_pays_one_account_once() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(reward(ALICE, ALICE, &STORED, 100), Ok(cents(40, 0, 20)));
        assert_eq!(balance(ALICE), cents(40, 0, 0).subject);
        assert_eq!(HealthCoin::earned_by_author(ALICE), 0);
        assert!(matches!(
            last_event(),
            RuntimeEvent::HealthCoin(Event::Rewarded { capped: false, .. })
        ));
    });
}

#[test]
fn reward_stops_exactly_at_the_cap_of_a_person() {
    // The cap is 2 HMC: five parts of 0.4.
    ExtBuilder::default().build_and_execute(|| {
        for _ in 0..5 {
            assert_eq!(reward(ALICE, HOSPITAL, &STORED, 100), Ok(cents(40, 40, 20)));
        }
        assert_eq!(HealthCoin::earned_by_person(person(ALICE)), 2 * HMC);
        assert_eq!(reward(ALICE, CLINIC, &STORED, 100), Ok(cents(0, 40, 20)));
        assert!(matches!(
            last_event(),
            RuntimeEvent::HealthCoin(Event::Rewarded { subject: 0, capped: true, .. })
        ));
        assert_eq!(balance(ALICE), 2 * HMC);
        assert_eq!(reward(BOB, CLINIC, &STORED, 100), Ok(cents(40, 40, 20)), "others go on");
    });
    // One unit less, and the fifth part is left out whole.
    ExtBuilder::default().schedule(|schedule| schedule.cap_person -= 1).build_and_execute(|| {
        for _ in 0..4 {
            assert_eq!(reward(ALICE, HOSPITAL, &STORED, 100), Ok(cents(40, 40, 20)));
        }
        assert_eq!(reward(ALICE, HOSPITAL, &STORED, 100), Ok(cents(0, 40, 20)));
        assert_eq!(HealthCoin::earned_by_person(person(ALICE)), cents(160, 0, 0).subject);
        // What still fits is paid.
        assert_eq!(reward(ALICE, HOSPITAL, &STORED, 50), Ok(cents(20, 20, 10)));
    });
}

#[test]
fn reward_stops_exactly_at_the_cap_of_an_author() {
    // The cap is 3 HMC: seven parts of 0.4 and one of 0.2.
    ExtBuilder::default().build_and_execute(|| {
        for subject in 100..107 {
            assert_eq!(reward(subject, HOSPITAL, &STORED, 100), Ok(cents(40, 40, 20)));
        }
        assert_eq!(reward(107, HOSPITAL, &STORED, 100), Ok(cents(40, 0, 20)));
        assert_eq!(reward(108, HOSPITAL, &STORED, 50), Ok(cents(20, 20, 10)));
        assert_eq!(HealthCoin::earned_by_author(HOSPITAL), 3 * HMC);
        assert_eq!(reward(109, HOSPITAL, &STORED, 50), Ok(cents(20, 0, 10)));
        assert_eq!(balance(HOSPITAL), 3 * HMC);
    });
}

#[test]
fn a_persons_cap_does_not_move_with_the_account() {
    ExtBuilder::default().build_and_execute(|| {
        for _ in 0..5 {
            reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        }
        let paid = HealthCoin::reward(Share {
            record: RECORD,
            subject: person(ALICE),
            subject_account: &BOB,
            author_account: &CLINIC,
            regions: &STORED,
            weight: 100,
        });
        assert_eq!(paid, Ok(cents(0, 40, 20)));
    });
}

#[test]
fn reward_pays_nobody_when_the_pot_cannot_pay_all() {
    // The pot keeps the existential deposit: exactly two shares fit.
    ExtBuilder::default().schedule(|schedule| schedule.emission = 2 * HMC + ED).build_and_execute(
        || {
            assert_eq!(reward(ALICE, HOSPITAL, &STORED, 100), Ok(cents(40, 40, 20)));
            assert_eq!(reward(BOB, HOSPITAL, &STORED, 100), Ok(cents(40, 40, 20)));
            assert_eq!(HealthCoin::budget(), 0);
            assert_eq!(pot(), ED + Era::<Test>::get().reserved, "what regions earned is not spent");
            assert_eq!(reward(ALICE, CLINIC, &STORED, 1), Ok(cents(0, 0, 0)));
            assert!(matches!(
                last_event(),
                RuntimeEvent::HealthCoin(Event::Rewarded {
                    subject: 0,
                    author: 0,
                    regions: 0,
                    capped: true,
                    ..
                })
            ));
        },
    );
    // One unit less, and the second share is unpaid.
    ExtBuilder::default()
        .schedule(|schedule| schedule.emission = 2 * HMC + ED - 1)
        .build_and_execute(|| {
            assert_eq!(reward(ALICE, HOSPITAL, &STORED, 100), Ok(cents(40, 40, 20)));
            assert_eq!(reward(BOB, HOSPITAL, &STORED, 100), Ok(cents(0, 0, 0)));
            assert_eq!(HealthCoin::earned_by_person(person(BOB)), 0);
        });
}

#[test]
fn reward_leaves_out_an_account_that_cannot_take_it() {
    // 40 % of this reward is one unit below the existential deposit.
    let reward_of = ED * 5 / 2 - 2;
    ExtBuilder::default().schedule(|schedule| schedule.reward = reward_of).build_and_execute(
        || {
            let paid = reward(ALICE, RICH, &STORED, 100).unwrap();
            assert_eq!(paid.subject, 0);
            assert!(paid.author > 0 && paid.regions > 0);
            assert_eq!(balance(ALICE), 0);
            assert_eq!(balance(RICH), ENDOWMENT + paid.author);
            assert_eq!(HealthCoin::earned_by_person(person(ALICE)), 0);
        },
    );
}

#[test]
fn reward_takes_the_most_regions_a_share_can_have() {
    ExtBuilder::default().build_and_execute(|| {
        let regions: Vec<_> = (1..=MAX_RECEIPTS).map(|n| RegionCode((10 + n) * 10_000)).collect();
        assert_eq!(reward(ALICE, HOSPITAL, &regions, 100), Ok(cents(40, 40, 20)));
        assert_eq!(HealthCoin::region_earned(0).len(), regions.len());
    });
}
