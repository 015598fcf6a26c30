use super::*;
use kanglian_traits::BlockInspect;

#[test]
fn set_reward_weight_counts_at_once() {
    ExtBuilder::default().build_and_execute(|| {
        for weight in [0, 1, MAX_REWARD_WEIGHT] {
            assert_ok!(BusinessBlocks::set_reward_weight(council(), PRIVATE, weight));
            System::assert_last_event(
                Event::RewardWeightSet { block: PRIVATE, reward_weight: weight }.into(),
            );
            let view = <BusinessBlocks as BlockInspect>::block(PRIVATE).expect("open");
            assert_eq!(view.reward_weight, weight);
        }
    });
}

#[test]
fn set_reward_weight_refuses_everybody_but_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in others() {
            assert_noop!(BusinessBlocks::set_reward_weight(origin, PRIVATE, 1), BadOrigin);
        }
    });
}

#[test]
fn set_reward_weight_refuses_more_than_the_highest() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            BusinessBlocks::set_reward_weight(council(), PRIVATE, MAX_REWARD_WEIGHT + 1),
            Error::<Test>::WeightTooHigh
        );
    });
}

#[test]
fn set_reward_weight_refuses_unknown_and_retired_blocks() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            BusinessBlocks::set_reward_weight(council(), FREE, 1),
            Error::<Test>::BlockUnknown
        );
        assert_ok!(BusinessBlocks::retire(council(), PRIVATE));
        assert_noop!(
            BusinessBlocks::set_reward_weight(council(), PRIVATE, 1),
            Error::<Test>::BlockRetired
        );
    });
}
