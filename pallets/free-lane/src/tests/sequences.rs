use frame_support::{traits::Hooks, weights::Weight};
use proptest::prelude::*;
use sp_runtime::AccountId32;

use super::*;

#[derive(Clone, Debug)]
enum Op {
    Draw(AccountId32),
    Advance(u64),
    SetQuota(AccountId32, Option<u32>),
    Sweep,
}

fn account() -> impl Strategy<Value = AccountId32> {
    (1u8..5).prop_map(|byte| AccountId32::new([byte; 32]))
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => account().prop_map(Op::Draw),
        3 => (0..HOUR).prop_map(Op::Advance),
        2 => (account(), proptest::option::of(0u32..6)).prop_map(|(a, b)| Op::SetQuota(a, b)),
        1 => Just(Op::Sweep),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_sequence_keeps_the_invariants(ops in proptest::collection::vec(op(), 1..40)) {
        ExtBuilder.build_and_execute(|| {
            for op in ops {
                match op {
                    Op::Draw(who) => {
                        let (free, before) = (
                            FreeLane::can_withdraw_free(&who, 1),
                            FreeLane::remaining(&who),
                        );
                        prop_assert_eq!(free, before > 0);
                        prop_assert_eq!(FreeLane::draw(&who), free);
                        prop_assert_eq!(FreeLane::remaining(&who), before.saturating_sub(1));
                    },
                    Op::Advance(milliseconds) => advance(milliseconds),
                    Op::SetQuota(who, quota) => set_quota(&who, quota),
                    Op::Sweep => {
                        let before = [1, 2, 3, 4].map(|byte| {
                            FreeLane::remaining(&AccountId32::new([byte; 32]))
                        });
                        FreeLane::on_idle(1, Weight::MAX);
                        let after = [1, 2, 3, 4].map(|byte| {
                            FreeLane::remaining(&AccountId32::new([byte; 32]))
                        });
                        prop_assert_eq!(before, after);
                    },
                }
                FreeLane::do_try_state().unwrap();
            }
            Ok(())
        })?;
    }

    /// From any start, no stretch of time allows more calls than the bucket holds and what
    /// recovers in it.
    #[test]
    fn no_stretch_of_time_allows_more_than_bucket_and_recovery(
        quota in 1u32..300,
        steps in proptest::collection::vec((0u64..120_000, 0u32..50), 1..40),
    ) {
        ExtBuilder.build_and_execute(|| {
            set_quota(&PATIENT, Some(quota));
            let (mut drawn, mut elapsed) = (0u64, 0u64);
            for (milliseconds, tries) in steps {
                advance(milliseconds);
                elapsed += milliseconds;
                drawn += (0..tries).filter(|_| FreeLane::draw(&PATIENT)).count() as u64;
                prop_assert!(drawn * HOUR <= u64::from(quota) * (HOUR + elapsed));
            }
            Ok(())
        })?;
    }
}
