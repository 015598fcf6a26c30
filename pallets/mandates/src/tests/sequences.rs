//! Random sequences of calls: nothing panics, invariants hold after each call, and nothing is
//! authorised that did not wait through its time lock.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Propose(u8),
    Veto(u64, u8),
    Cancel(u64, u8),
    Enact(u8),
    SetRegulator(u64),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let (who, hash) = (TWO_THIRDS..=STRANGER, 0..12u8);
    prop_oneof![
        4 => hash.clone().prop_map(Step::Propose),
        1 => (who.clone(), hash.clone()).prop_map(|(who, hash)| Step::Veto(who, hash)),
        1 => (who.clone(), hash.clone()).prop_map(|(who, hash)| Step::Cancel(who, hash)),
        4 => hash.prop_map(Step::Enact),
        1 => who.prop_map(Step::SetRegulator),
        3 => (0..160u64).prop_map(Step::Wait),
    ]
}

fn run(step: &Step) -> DispatchResult {
    let signed = Origin::signed;
    match *step {
        Step::Propose(hash) => propose(code(hash)),
        Step::Veto(who, hash) => Mandates::veto(signed(who), code(hash)),
        Step::Cancel(who, hash) => Mandates::cancel(signed(who), code(hash)),
        Step::Enact(hash) => Mandates::enact(signed(STRANGER), code(hash)),
        Step::SetRegulator(who) => Mandates::set_regulator(signed(TWO_THIRDS), who),
        Step::Wait(blocks) => {
            System::set_block_number(System::block_number() + blocks);
            Ok(())
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..Default::default() })]

    #[test]
    fn nothing_is_authorised_early(steps in prop::collection::vec(step(), 40)) {
        ExtBuilder::default().build_and_execute(|| {
            // What a plain model says is waiting, and since when.
            let mut model: BTreeMap<u8, u64> = BTreeMap::new();
            let mut authorised = Vec::new();
            for step in steps {
                let now = System::block_number();
                let done = run(&step).is_ok();
                match step {
                    Step::Propose(hash) if done => {
                        model.retain(|_, since| now < *since + TIME_LOCK + ENACT_PERIOD);
                        assert_eq!(model.insert(hash, now), None);
                    },
                    Step::Veto(_, hash) | Step::Cancel(_, hash) if done => {
                        assert!(model.remove(&hash).is_some());
                    },
                    Step::Enact(hash) => {
                        let open = model.get(&hash).is_some_and(|since| {
                            (since + TIME_LOCK..since + TIME_LOCK + ENACT_PERIOD).contains(&now)
                        });
                        assert_eq!(done, open);
                        if done {
                            model.remove(&hash);
                            authorised.push(code(hash));
                        }
                    },
                    _ => {},
                }
                Mandates::do_try_state().expect("invariants hold");
                assert_eq!(Authorized::get(), authorised);
                assert_eq!(usize::try_from(Pending::<Test>::count()), Ok(model.len()));
                let holders: u32 = (TWO_THIRDS..=STRANGER).map(|n| System::sufficients(&n)).sum();
                assert_eq!(holders, 1, "the regulator alone is held");
            }
        });
    }
}
