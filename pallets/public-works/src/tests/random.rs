//! Random sequences of calls against a model of what was paid.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Publish { clinic: bool, number: u8 },
    Supersede { clinic: bool, old: u8, number: u8 },
    Endorse { who: u64, number: u8 },
    Withdraw { who: u64, number: u8 },
    Retract { who: u64, number: u8 },
    TakeDown { who: u64, number: u8 },
    Restore { number: u8 },
    Pass { days: u64 },
    Permit { clinic: bool, permitted: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let number = || 1..8u8;
    let who = || prop::sample::select(vec![HOSPITAL, CLINIC, BRANCH, REGULATOR, STRANGER]);
    prop_oneof![
        6 => (any::<bool>(), number()).prop_map(|(clinic, number)| Step::Publish { clinic, number }),
        4 => (any::<bool>(), number(), number())
            .prop_map(|(clinic, old, number)| Step::Supersede { clinic, old, number }),
        3 => (who(), number()).prop_map(|(who, number)| Step::Endorse { who, number }),
        2 => (who(), number()).prop_map(|(who, number)| Step::Withdraw { who, number }),
        2 => (who(), number()).prop_map(|(who, number)| Step::Retract { who, number }),
        2 => (who(), number()).prop_map(|(who, number)| Step::TakeDown { who, number }),
        1 => number().prop_map(|number| Step::Restore { number }),
        1 => (0..3u64).prop_map(|days| Step::Pass { days }),
        1 => (any::<bool>(), any::<bool>())
            .prop_map(|(clinic, permitted)| Step::Permit { clinic, permitted }),
    ]
}

fn draft(clinic: bool, number: u8) -> Draft {
    if clinic { Draft::clinic(number) } else { Draft::hospital(number) }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_work_is_paid_once_and_taken_back_once(steps in prop::collection::vec(step(), 10..40)) {
        ExtBuilder.build().execute_with(|| {
            Trusting::set(true);
            let mut authors: BTreeMap<u8, u64> = BTreeMap::new();
            let mut published = 0u64;
            for step in steps {
                match step {
                    Step::Publish { clinic, number } => {
                        let draft = draft(clinic, number);
                        if draft.publish().is_ok() {
                            published += 1;
                            prop_assert!(authors.insert(number, draft.account).is_none());
                        }
                    },
                    Step::Supersede { clinic, old, number } => {
                        let draft = draft(clinic, number);
                        if draft.supersede(work(old)).is_ok() {
                            published += 1;
                            prop_assert_eq!(authors.get(&old), Some(&draft.account));
                            prop_assert!(authors.insert(number, draft.account).is_none());
                        }
                    },
                    Step::Endorse { who, number } => {
                        if PublicWorks::endorse(signed(who), work(number)).is_ok() {
                            prop_assert!(who == HOSPITAL || who == CLINIC || who == BRANCH);
                            prop_assert!(authors[&number] != who);
                        }
                    },
                    Step::Withdraw { who, number } => {
                        let _ = PublicWorks::withdraw_endorsement(signed(who), work(number));
                    },
                    Step::Retract { who, number } => {
                        let reason = RetractionReason::Other;
                        if PublicWorks::retract(signed(who), work(number), reason).is_ok() {
                            prop_assert_eq!(authors[&number], who);
                        }
                    },
                    Step::TakeDown { who, number } => {
                        let reason = TakedownReason::False;
                        if PublicWorks::take_down(signed(who), work(number), reason).is_ok() {
                            prop_assert_eq!(who, REGULATOR);
                        }
                    },
                    Step::Restore { number } => {
                        let _ = PublicWorks::restore(signed(REGULATOR), work(number));
                    },
                    Step::Pass { days } => set_now(pallet_timestamp::Now::<Test>::get() + days * DAY),
                    Step::Permit { clinic, permitted } => match (clinic, permitted) {
                        (true, true) => permit(CLINIC, clinic_id(), ZHEJIANG),
                        (true, false) => suspend(CLINIC),
                        (false, true) => permit(HOSPITAL, hospital(), JIANGSU),
                        (false, false) => suspend(HOSPITAL),
                    },
                }
                PublicWorks::do_try_state().unwrap();
                let mut paid: Vec<_> = Rewards::get().into_iter().map(|(id, ..)| id).collect();
                let all = paid.len();
                paid.sort_unstable();
                paid.dedup();
                prop_assert_eq!(paid.len(), all, "a work is paid once");
                let kept = PublicWorks::works_from(0, 256, NOW)
                    .into_iter()
                    .filter(|work| work.paid > 0)
                    .count();
                prop_assert_eq!(kept + TakenBack::get().len(), all, "what was paid is kept or taken back");
                prop_assert_eq!(crate::Count::<Test>::get(), published);
            }
            Ok(())
        })?;
    }
}

fn clinic_id() -> kanglian_primitives::InstitutionId {
    super::clinic()
}
