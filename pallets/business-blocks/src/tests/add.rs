use super::*;
use kanglian_primitives::BusinessBlockId;

fn add(
    origin: RuntimeOrigin,
    id: BusinessBlockId,
    name: &str,
    public: bool,
    restricted: bool,
    weight: u32,
) -> sp_runtime::DispatchResult {
    BusinessBlocks::add(origin, id, text("块"), text(name), public, restricted, weight)
}

#[test]
fn add_keeps_the_block() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(add(council(), FREE, "Sport", false, true, MAX_REWARD_WEIGHT));
        let expected = Block {
            name_zh: text("块"),
            name_en: text("Sport"),
            public: false,
            restricted: true,
            reward_weight: MAX_REWARD_WEIGHT,
            retired: false,
        };
        assert_eq!(Blocks::<Test>::get().get(&FREE), Some(&expected));
        System::assert_last_event(
            Event::BlockAdded {
                block: FREE,
                public: false,
                restricted: true,
                reward_weight: MAX_REWARD_WEIGHT,
            }
            .into(),
        );
    });
}

#[test]
fn add_refuses_everybody_but_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in others() {
            assert_noop!(add(origin, FREE, "Sport", false, false, 100), BadOrigin);
        }
    });
}

#[test]
fn add_refuses_a_number_above_63() {
    ExtBuilder::default().build_and_execute(|| {
        for id in [64, u8::MAX] {
            assert_noop!(
                add(council(), BusinessBlockId(id), "Sport", false, false, 100),
                Error::<Test>::NumberTooHigh
            );
        }
    });
}

#[test]
fn add_refuses_a_number_in_use_even_by_a_retired_block() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(add(council(), PRIVATE, "Sport", false, false, 1), Error::<Test>::BlockExists);
        assert_ok!(BusinessBlocks::retire(council(), PRIVATE));
        assert_noop!(add(council(), PRIVATE, "Sport", false, false, 1), Error::<Test>::BlockExists);
    });
}

#[test]
fn add_refuses_a_public_restricted_block() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            add(council(), FREE, "Sport", true, true, 100),
            Error::<Test>::PublicAndRestricted
        );
    });
}

#[test]
fn add_refuses_names_that_cannot_be_shown() {
    ExtBuilder::default().build_and_execute(|| {
        for name in ["", "  ", "a\nb", "a\0"] {
            assert_noop!(add(council(), FREE, name, false, false, 100), Error::<Test>::NameInvalid);
        }
        let broken = BoundedVec::truncate_from(vec![0xff, 0xfe]);
        assert_noop!(
            BusinessBlocks::add(council(), FREE, broken, text("Sport"), false, false, 100),
            Error::<Test>::NameInvalid
        );
    });
}

#[test]
fn add_refuses_a_weight_above_the_highest() {
    ExtBuilder::default().build_and_execute(|| {
        for weight in [MAX_REWARD_WEIGHT + 1, u32::MAX] {
            assert_noop!(
                add(council(), FREE, "Sport", false, false, weight),
                Error::<Test>::WeightTooHigh
            );
        }
        assert_ok!(add(council(), FREE, "Sport", false, false, 0));
    });
}

#[test]
fn all_sixty_four_numbers_have_room() {
    ExtBuilder::with(vec![], vec![]).build_and_execute(|| {
        for id in 0..64 {
            assert_ok!(add(council(), BusinessBlockId(id), "Block", false, false, 1));
        }
        assert_eq!(Blocks::<Test>::get().len(), 64);
    });
}
