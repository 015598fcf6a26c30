use super::*;
use kanglian_traits::BlockInspect;

#[test]
fn retire_schema_closes_this_schema_only() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(BusinessBlocks::retire_schema(council(), CONDITION));
        System::assert_last_event(
            Event::SchemaRetired { schema: CONDITION, block: PRIVATE }.into(),
        );
        assert!(Schemas::<Test>::get(CONDITION).is_some_and(|schema| schema.retired));
        assert_eq!(<BusinessBlocks as BlockInspect>::schema(CONDITION), None);
        assert!(<BusinessBlocks as BlockInspect>::block(PRIVATE).is_some());
    });
}

#[test]
fn retire_schema_refuses_everybody_but_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in others() {
            assert_noop!(BusinessBlocks::retire_schema(origin, CONDITION), BadOrigin);
        }
    });
}

#[test]
fn retire_schema_refuses_an_unknown_schema() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            BusinessBlocks::retire_schema(council(), FREE_SCHEMA),
            Error::<Test>::SchemaUnknown
        );
    });
}

#[test]
fn retire_schema_refuses_a_retired_schema() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(BusinessBlocks::retire_schema(council(), CONDITION));
        assert_noop!(
            BusinessBlocks::retire_schema(council(), CONDITION),
            Error::<Test>::SchemaRetired
        );
    });
}
