use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Op {
    Set { generation: u32, epoch: u32, swap: Option<u8> },
    Declare { generation: u32, ahead: u32 },
    Url { number: u8 },
    Anchor { number: u8, size: u64 },
    Wait { blocks: u32 },
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (0..3u32, 0..6u32, proptest::option::of(44..47u8))
            .prop_map(|(generation, epoch, swap)| Op::Set { generation, epoch, swap }),
        1 => (0..3u32, 0..4u32)
            .prop_map(|(generation, ahead)| Op::Declare { generation, ahead }),
        1 => (40..47u8).prop_map(|number| Op::Url { number }),
        3 => (40..47u8, 0..4u64).prop_map(|(number, size)| Op::Anchor { number, size }),
        1 => (1..4u32).prop_map(|blocks| Op::Wait { blocks }),
    ]
}

fn run(op: Op) -> DispatchResult {
    match op {
        Op::Set { generation, epoch, swap } => {
            let mut set = crate::mock::set(generation, epoch);
            if let Some(number) = swap {
                set.members[2] = member(SICHUAN, number);
            }
            put(set)
        },
        Op::Declare { generation, ahead } => {
            let from = System::block_number().saturating_add(ahead);
            Registrars::declare_compromised(two_thirds(), generation, from)
        },
        Op::Url { number } => Registrars::update_url(registrar(number), url("http://b")),
        Op::Anchor { number, size } => {
            Registrars::anchor_evaluation_log(registrar(number), size, [1; 32], Default::default())
        },
        Op::Wait { blocks } => {
            System::set_block_number(System::block_number() + blocks);
            Ok(())
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_sequence_of_calls_keeps_the_invariants(
        ops in proptest::collection::vec(op(), 1..20),
    ) {
        ExtBuilder::default().build_and_execute(|| {
            for op in ops {
                let before = Registrars::present();
                let _ = run(op);
                Registrars::do_try_state().unwrap();
                let (before, after) = (before.unwrap(), Registrars::present().unwrap());
                let same = before.generation == after.generation;
                prop_assert_eq!(same, before.network_key == after.network_key);
                prop_assert!(after.generation > before.generation || after.epoch >= before.epoch);
                let held: u32 = (40..47).map(|number| System::sufficients(&account(number))).sum();
                prop_assert_eq!(held as usize, after.members.len());
            }
            Ok(())
        })?;
    }
}
