use proptest::prelude::*;
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

use super::*;
use crate::{Authorities as Stored, types::region_limit};

#[derive(Clone, Debug)]
enum Op {
    Add(AccountId32, RegionCode),
    Remove(AccountId32),
    Report(AccountId32, u64),
    Offence(AccountId32),
    PurgeKeys(AccountId32),
    SetKeys(AccountId32),
    Plan,
}

fn account() -> impl Strategy<Value = AccountId32> {
    (1u8..8).prop_map(|byte| AccountId32::new([byte; 32]))
}

fn region() -> impl Strategy<Value = RegionCode> {
    (11u32..16).prop_map(|division| RegionCode(division * 10_000))
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (account(), region()).prop_map(|(a, b)| Op::Add(a, b)),
        2 => account().prop_map(Op::Remove),
        1 => (account(), 1u64..4).prop_map(|(a, b)| Op::Report(a, b)),
        1 => account().prop_map(Op::Offence),
        1 => account().prop_map(Op::PurgeKeys),
        1 => account().prop_map(Op::SetKeys),
        1 => Just(Op::Plan),
    ]
}

fn held(region: RegionCode) -> u32 {
    Stored::<Test>::get().iter().filter(|authority| authority.region == region).count() as u32
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_sequence_of_calls_keeps_the_invariants(
        ops in proptest::collection::vec(op(), 1..20),
    ) {
        ExtBuilder::default().build_and_execute(|| {
            for op in ops {
                match op {
                    Op::Add(who, region) => {
                        if Authorities::add(council(), who, region).is_ok() {
                            let limit = region_limit(Stored::<Test>::get().len() as u32);
                            prop_assert!(limit.is_none_or(|limit| held(region) <= limit));
                        }
                    },
                    Op::Remove(who) => {
                        let _ = Authorities::remove(council(), who);
                    },
                    Op::Report(who, slot) => {
                        let _ = Authorities::report_double_block(
                            signed(STRANGER),
                            sealed(&who, slot, 1),
                            sealed(&who, slot, 2),
                        );
                    },
                    Op::Offence(who) => {
                        let details = OffenceDetails::<AccountId32, _> {
                            offender: (who, ()),
                            reporters: vec![],
                        };
                        Authorities::on_offence(&[details], &[], 1);
                    },
                    Op::PurgeKeys(who) => {
                        let mut without = WithoutKeys::get();
                        without.push(who);
                        WithoutKeys::set(without);
                    },
                    Op::SetKeys(who) => {
                        let mut without = WithoutKeys::get();
                        without.retain(|account| *account != who);
                        WithoutKeys::set(without);
                    },
                    Op::Plan => {
                        if let Some(set) = Authorities::validators_for_next_session() {
                            prop_assert!(!set.is_empty());
                        }
                    },
                }
                Authorities::do_try_state().unwrap();
            }
            Ok(())
        })?;
    }
}
