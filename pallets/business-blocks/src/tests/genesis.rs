use super::*;
use crate::{GenesisBlock, GenesisSchema, genesis_blocks, genesis_schemas};
use kanglian_primitives::{BusinessBlockId, BusinessBlockSet, SchemaId, blocks};
use kanglian_traits::BlockInspect;

#[test]
fn the_standard_set_is_sound() {
    ExtBuilder::with(genesis_blocks(), genesis_schemas()).build_and_execute(|| {
        assert_eq!(BusinessBlocks::open_blocks(), BusinessBlockSet(0xff));
        assert_eq!(
            BusinessBlocks::restricted_blocks(),
            BusinessBlockSet::of(blocks::RESTRICTED_MEDICAL)
        );
        let public: BusinessBlockSet = BusinessBlocks::open_blocks()
            .iter()
            .filter(|id| <BusinessBlocks as BlockInspect>::block(*id).expect("open").public)
            .collect();
        assert_eq!(
            public,
            BusinessBlockSet::of(blocks::HEALTH_EDUCATION).with(blocks::PUBLIC_KNOWLEDGE)
        );
        for block in BusinessBlocks::open_blocks().iter() {
            assert!(
                Schemas::<Test>::iter().any(|(_, schema)| schema.block == block),
                "block {block} has a schema"
            );
        }
    });
}

#[test]
fn schema_numbers_tell_their_block() {
    let schemas = genesis_schemas();
    assert!(schemas.len() >= 20, "{}", schemas.len());
    assert!(schemas.windows(2).all(|pair| pair[0].id < pair[1].id), "numbers rise");
    for schema in schemas {
        assert_eq!(schema.id.0 / 1_000, u32::from(schema.block.0), "{}", schema.name);
    }
}

#[test]
fn fixed_numbers_stay_fixed() {
    let names: std::collections::BTreeMap<_, _> =
        genesis_schemas().into_iter().map(|schema| (schema.id.0, schema.name)).collect();
    for (id, name) in [
        (1, "FHIR R4 Patient"),
        (3, "FHIR R4 Condition"),
        (4, "FHIR R4 Observation"),
        (13, "FHIR R4 DocumentReference"),
        (553, "WS/T 500.53 出院小结"),
        (1_003, "FHIR R4 Condition"),
        (2_010, "FHIR R4 CarePlan"),
        (3_365, "WS 365 城乡居民健康档案"),
        (4_013, "FHIR R4 DocumentReference"),
        (5_024, "FHIR R4 Library"),
        (6_004, "FHIR R4 Observation"),
        (7_015, "FHIR IPS Bundle"),
    ] {
        assert_eq!(names.get(&id).map(String::as_str), Some(name));
    }
}

fn block(id: u8, name: &str) -> GenesisBlock {
    GenesisBlock {
        id: BusinessBlockId(id),
        name_zh: name.into(),
        name_en: name.into(),
        public: false,
        restricted: false,
        reward_weight: 100,
    }
}

#[test]
#[should_panic(expected = "genesis block 64")]
fn a_genesis_with_an_impossible_block_does_not_start() {
    ExtBuilder::with(vec![block(64, "Block")], vec![]).build();
}

#[test]
#[should_panic(expected = "genesis block 1")]
fn a_genesis_with_too_long_a_name_does_not_start() {
    ExtBuilder::with(vec![block(1, &"n".repeat(65))], vec![]).build();
}

#[test]
#[should_panic(expected = "genesis schema 7")]
fn a_genesis_with_a_schema_of_no_block_does_not_start() {
    let schema = GenesisSchema {
        id: SchemaId(7),
        block: BusinessBlockId(9),
        name: "FHIR R4 Patient".into(),
        level: 4,
        retention_years: 30,
    };
    ExtBuilder::with(vec![block(1, "Block")], vec![schema]).build();
}
