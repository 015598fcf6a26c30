use super::*;
use kanglian_traits::BlockInspect;

#[test]
fn retire_closes_the_block_and_its_schemas() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(<BusinessBlocks as BlockInspect>::schema(CONDITION).is_some());
        assert_ok!(BusinessBlocks::retire(council(), PRIVATE));
        System::assert_last_event(Event::BlockRetired { block: PRIVATE }.into());
        assert!(Blocks::<Test>::get()[&PRIVATE].retired);
        assert_eq!(<BusinessBlocks as BlockInspect>::block(PRIVATE), None);
        assert_eq!(<BusinessBlocks as BlockInspect>::schema(CONDITION), None);
        assert!(<BusinessBlocks as BlockInspect>::schema(RESTRICTED_CONDITION).is_some());
    });
}

#[test]
fn retire_refuses_everybody_but_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in others() {
            assert_noop!(BusinessBlocks::retire(origin, PRIVATE), BadOrigin);
        }
    });
}

#[test]
fn retire_refuses_an_unknown_block() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(BusinessBlocks::retire(council(), FREE), Error::<Test>::BlockUnknown);
    });
}

#[test]
fn retire_refuses_a_retired_block() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(BusinessBlocks::retire(council(), PUBLIC));
        assert_noop!(BusinessBlocks::retire(council(), PUBLIC), Error::<Test>::BlockRetired);
    });
}
