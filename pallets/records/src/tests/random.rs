use std::collections::BTreeSet;

use kanglian_primitives::{Author, KeyEpoch, RecordStatus, blocks};
use proptest::prelude::*;

use crate::mock::*;

/// What is wrong with a share.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Flaw {
    None,
    Forged,
    Epoch,
    Size,
    Lonely,
    Twice,
    Expired,
}

#[derive(Clone, Debug)]
enum Step {
    Share { by_person: bool, number: u8, flaw: Flaw, batch: bool },
    Supersede { old: u8, number: u8, flaw: Flaw },
    Reject { who: AccountId, number: u8 },
    Suspend(usize),
    Resume(usize),
    Blocks(u64),
}

fn flaw() -> impl Strategy<Value = Flaw> {
    prop_oneof![
        6 => Just(Flaw::None),
        1 => Just(Flaw::Forged),
        1 => Just(Flaw::Epoch),
        1 => Just(Flaw::Size),
        1 => Just(Flaw::Lonely),
        1 => Just(Flaw::Twice),
        1 => Just(Flaw::Expired),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (any::<bool>(), 0..6u8, flaw(), any::<bool>()).prop_map(
            |(by_person, number, flaw, batch)| Step::Share { by_person, number, flaw, batch }
        ),
        3 => (0..6u8, 0..6u8, flaw())
            .prop_map(|(old, number, flaw)| Step::Supersede { old, number, flaw }),
        3 => (1..5u64, 0..6u8).prop_map(|(who, number)| Step::Reject { who, number }),
        1 => (0..4usize).prop_map(Step::Suspend),
        2 => (0..4usize).prop_map(Step::Resume),
        1 => (1..200u64).prop_map(Step::Blocks),
    ]
}

fn spoil(draft: Draft, flaw: Flaw) -> Draft {
    draft.with(|draft| match flaw {
        Flaw::None => {},
        Flaw::Forged => {
            let mut receipts = draft.receipts().into_inner();
            receipts[0].signature[9] ^= 1;
            draft.receipts = Some(receipts);
        },
        Flaw::Epoch => draft.epoch = KeyEpoch(EPOCH.0 + 1),
        Flaw::Size => draft.size = 0,
        Flaw::Lonely => draft.regions = vec![JIANGSU],
        Flaw::Twice => draft.regions = vec![JIANGSU, JIANGSU],
        Flaw::Expired => draft.expires_at = height(),
    })
}

/// Makes the step and says whether it succeeded.
fn apply(step: &Step) -> bool {
    match *step {
        Step::Share { by_person, number, flaw, batch } => {
            let draft = if by_person { Draft::alice() } else { Draft::hospital() };
            let draft = spoil(draft.with(|draft| draft.record = record(number)), flaw);
            let result = if batch { draft.share_batch() } else { draft.share() };
            assert!(result.is_err() || flaw == Flaw::None, "{flaw:?} was accepted");
            result.is_ok()
        },
        Step::Supersede { old, number, flaw } => {
            let draft = Draft::hospital().with(|draft| draft.record = record(number));
            let result = spoil(draft, flaw).supersede(record(old));
            assert!(result.is_err() || flaw == Flaw::None, "{flaw:?} was accepted");
            result.is_ok()
        },
        Step::Reject { who, number } => {
            let result = Records::reject(RuntimeOrigin::signed(who), record(number));
            assert!(result.is_err() || who == ALICE, "{who} rejected Alice's record");
            result.is_ok()
        },
        Step::Suspend(index) => {
            suspend_region(REGIONS[index]);
            true
        },
        Step::Resume(index) => {
            let region = REGIONS[index];
            let key = sp_core::Pair::public(&vault(region)).0;
            Vaults::mutate(|table| table.insert(region, kanglian_primitives::VaultKey(key)));
            true
        },
        Step::Blocks(count) => {
            System::set_block_number(System::block_number() + count);
            true
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_record_is_paid_once_and_taken_back_once(steps in prop::collection::vec(step(), 20)) {
        ExtBuilder.build().execute_with(|| {
            Rewards::take();
            TakenBack::take();
            for step in &steps {
                let (paid, taken) = (Rewards::get().len(), TakenBack::get().len());
                let root = sp_io::storage::root(sp_runtime::StateVersion::V1);
                let done = apply(step);
                if !done {
                    let after = sp_io::storage::root(sp_runtime::StateVersion::V1);
                    assert_eq!(root, after, "a refused {step:?} changed the state");
                    assert_eq!((paid, taken), (Rewards::get().len(), TakenBack::get().len()));
                }
                assert_eq!(Records::do_try_state(), Ok(()), "after {step:?}");
            }
            let rewards = Rewards::get();
            let distinct: BTreeSet<_> = rewards.iter().map(|(record, ..)| *record).collect();
            assert_eq!(distinct.len(), rewards.len(), "a record was paid twice");

            let all: Vec<_> = (0..6u8).filter_map(|n| Records::record(record(n))).collect();
            let rejected =
                all.iter().filter(|facts| facts.status == RecordStatus::Rejected).count();
            assert_eq!(rejected, TakenBack::get().len(), "taken back once a rejection");
            for facts in &all {
                let by_person = facts.author == Author::Person(PERSON_A);
                assert_eq!(facts.block == blocks::PERSONAL, by_person);
                assert!(facts.stored_in.len() >= 2);
            }
        });
    }
}
