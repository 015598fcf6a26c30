use super::*;
use frame_support::dispatch::DispatchResult;
use kanglian_primitives::{BusinessBlockId, SchemaId};
use proptest::prelude::*;

/// One call with arguments at and around their bounds.
fn call() -> impl Strategy<Value = (u8, bool, u8, u32, u32, u8)> {
    (0u8..5, prop::bool::weighted(0.9), 60u8..66, 0u32..6, 999u32..1_002, 0u8..7)
}

fn run(
    (which, council_calls, block, schema, weight, level): (u8, bool, u8, u32, u32, u8),
) -> DispatchResult {
    let origin = if council_calls { council() } else { RuntimeOrigin::signed(STRANGER) };
    let (block, schema) = (BusinessBlockId(block), SchemaId(schema));
    let flag = |bit: u8| level & bit != 0;
    match which {
        0 => {
            BusinessBlocks::add(origin, block, text("块"), text("Block"), flag(1), flag(2), weight)
        },
        1 => BusinessBlocks::retire(origin, block),
        2 => BusinessBlocks::add_schema(origin, schema, block, text("Schema"), level, 15),
        3 => BusinessBlocks::retire_schema(origin, schema),
        _ => BusinessBlocks::set_reward_weight(origin, block, weight),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn invariants_outlive_any_sequence_of_calls(
        calls in prop::collection::vec(call(), 1..=20)
    ) {
        ExtBuilder::default().build().execute_with(|| {
            for call in calls {
                let before = Blocks::<Test>::get();
                let _ = run(call);
                BusinessBlocks::do_try_state().expect("invariants hold");
                for (id, block) in before.iter().filter(|(_, block)| block.retired) {
                    assert_eq!(Blocks::<Test>::get().get(id), Some(block), "retiring is final");
                }
            }
        });
    }
}
