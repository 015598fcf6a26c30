use super::*;
use kanglian_primitives::{BusinessBlockSet, SchemaId};
use kanglian_traits::{BlockInspect, BlockView};

#[test]
fn questions_of_other_pallets_are_answered() {
    ExtBuilder::default().build_and_execute(|| {
        let restricted = BlockView { public: false, restricted: true, reward_weight: 100 };
        assert_eq!(<BusinessBlocks as BlockInspect>::block(RESTRICTED), Some(restricted));
        assert_eq!(<BusinessBlocks as BlockInspect>::block(FREE), None);
        assert_eq!(
            <BusinessBlocks as BlockInspect>::schema(RESTRICTED_CONDITION),
            Some((RESTRICTED, restricted))
        );
        assert_eq!(<BusinessBlocks as BlockInspect>::schema(FREE_SCHEMA), None);
        assert_eq!(
            BusinessBlocks::open_blocks(),
            BusinessBlockSet::of(PRIVATE).with(RESTRICTED).with(PUBLIC)
        );
        assert_eq!(BusinessBlocks::restricted_blocks(), BusinessBlockSet::of(RESTRICTED));
    });
}

#[test]
fn retired_blocks_are_in_no_set() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(BusinessBlocks::retire(council(), RESTRICTED));
        assert_eq!(BusinessBlocks::open_blocks(), BusinessBlockSet::of(PRIVATE).with(PUBLIC));
        assert_eq!(BusinessBlocks::restricted_blocks(), BusinessBlockSet::EMPTY);
    });
}

#[test]
fn view_functions_show_retired_ones_too() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(BusinessBlocks::retire(council(), RESTRICTED));
        assert_eq!(BusinessBlocks::all_blocks().len(), 3);
        assert!(BusinessBlocks::block_details(RESTRICTED).is_some_and(|block| block.retired));
        assert_eq!(BusinessBlocks::block_details(FREE), None);
        assert_eq!(BusinessBlocks::schema_details(CONDITION).expect("known").block, PRIVATE);
        assert_eq!(BusinessBlocks::schema_details(FREE_SCHEMA), None);
    });
}

#[test]
fn pages_of_schemas_cover_all_once() {
    ExtBuilder::with(crate::genesis_blocks(), crate::genesis_schemas()).build_and_execute(|| {
        let mut seen: Vec<SchemaId> = vec![];
        loop {
            let page = BusinessBlocks::schemas_after(seen.last().copied(), 7);
            if page.is_empty() {
                break;
            }
            assert!(page.len() <= 7);
            seen.extend(page.into_iter().map(|(id, _)| id));
        }
        seen.sort();
        let expected: Vec<_> =
            crate::genesis_schemas().into_iter().map(|schema| schema.id).collect();
        assert_eq!(seen, expected);
        assert_eq!(BusinessBlocks::schemas_after(None, u32::MAX).len(), expected.len());
        assert!(BusinessBlocks::schemas_after(None, 0).is_empty());
    });
}
