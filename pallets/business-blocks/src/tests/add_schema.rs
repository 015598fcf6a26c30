use super::*;
use kanglian_primitives::BusinessBlockId;

fn add(
    origin: RuntimeOrigin,
    block: BusinessBlockId,
    name: &str,
    level: u8,
) -> sp_runtime::DispatchResult {
    BusinessBlocks::add_schema(origin, FREE_SCHEMA, block, text(name), level, 15)
}

#[test]
fn add_schema_keeps_the_schema() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(add(council(), PUBLIC, "FHIR R4 Library", 1));
        let expected = Schema {
            block: PUBLIC,
            name: text("FHIR R4 Library"),
            level: 1,
            retention_years: 15,
            retired: false,
        };
        assert_eq!(Schemas::<Test>::get(FREE_SCHEMA), Some(expected));
        System::assert_last_event(
            Event::SchemaAdded {
                schema: FREE_SCHEMA,
                block: PUBLIC,
                level: 1,
                retention_years: 15,
            }
            .into(),
        );
    });
}

#[test]
fn add_schema_refuses_everybody_but_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in others() {
            assert_noop!(add(origin, PRIVATE, "FHIR R4 Library", 1), BadOrigin);
        }
    });
}

#[test]
fn add_schema_takes_the_five_levels_only() {
    ExtBuilder::default().build_and_execute(|| {
        for level in [0, 6, u8::MAX] {
            assert_noop!(
                add(council(), PRIVATE, "FHIR R4 Library", level),
                Error::<Test>::LevelOutOfRange
            );
        }
        for level in 1..=5 {
            let schema = kanglian_primitives::SchemaId(u32::from(level) + 10);
            assert_ok!(BusinessBlocks::add_schema(
                council(),
                schema,
                PRIVATE,
                text("FHIR R4 Library"),
                level,
                0
            ));
        }
    });
}

#[test]
fn add_schema_refuses_a_name_that_cannot_be_shown() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(add(council(), PRIVATE, "", 1), Error::<Test>::NameInvalid);
    });
}

#[test]
fn add_schema_refuses_an_unknown_block() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(add(council(), FREE, "FHIR R4 Library", 1), Error::<Test>::BlockUnknown);
    });
}

#[test]
fn add_schema_refuses_a_retired_block() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(BusinessBlocks::retire(council(), PRIVATE));
        assert_noop!(add(council(), PRIVATE, "FHIR R4 Library", 1), Error::<Test>::BlockRetired);
    });
}

#[test]
fn add_schema_refuses_a_number_in_use_even_by_a_retired_schema() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(add(council(), PRIVATE, "FHIR R4 Library", 1));
        assert_noop!(add(council(), PUBLIC, "Other", 1), Error::<Test>::SchemaExists);
        assert_ok!(BusinessBlocks::retire_schema(council(), FREE_SCHEMA));
        assert_noop!(add(council(), PUBLIC, "Other", 1), Error::<Test>::SchemaExists);
    });
}
