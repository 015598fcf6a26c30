//! `undo_alias`, and whoever asks for what an id leads to.

use frame_support::{assert_noop, assert_ok};
use kanglian_traits::PersonInspect;

use super::*;

const ALICE_2: PersonId = PersonId([0xa2; 32]);

fn undo(alias: PersonId) -> DispatchResult {
    RealName::undo_alias(Caller::PanCentre.origin(), alias)
}

#[test]
fn an_id_that_is_no_alias_leads_to_itself() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        for id in [ALICE, BOB] {
            assert_eq!(RealName::canonical(&id), id);
            assert!(RealName::aliases(&id).is_empty());
        }
    });
}

#[test]
fn a_wrong_link_is_undone_and_its_signatures_do_not_count_again() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        let (payload, before) = (link_payload(0), entry(BOB));
        assert_ok!(link(true));
        at(START + LINK_PERIOD - 1);
        assert_ok!(undo(BOB));
        last_event(Event::AliasUndone { alias: BOB, canonical: ALICE, region: JIANGSU });
        assert_eq!(entry(BOB), before);
        assert!(RealName::acting(&BOB_WALLET.account(), START).is_some());
        assert!(RealName::aliases(&ALICE).is_empty());
        // Replayed.
        let (a, b) = (ALICE_WALLET.sign(&payload), BOB_WALLET.sign(&payload));
        assert_noop!(
            RealName::link(Caller::Institution.origin(), BOB, ALICE, a, Some(b)),
            Error::<Test>::BadSignature
        );
        // Signed anew, it counts.
        assert_ok!(link(true));
    });
}

#[test]
fn a_wrong_migration_is_undone_and_the_right_one_follows() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        OpenGeneration::set(Some(1));
        let wrong = PersonId([0xee; 32]);
        let old = ALICE_WALLET.sign(&migrate_payload(1, ALICE, wrong, 0));
        assert_ok!(migrate(ALICE, wrong));
        assert_ok!(undo(wrong));
        assert_eq!(RealName::canonical(&wrong), wrong);
        assert_noop!(
            RealName::migrate(Caller::Institution.origin(), ALICE, wrong, old),
            Error::<Test>::BadSignature
        );
        assert_ok!(migrate(ALICE, ALICE_2));
    });
}

#[test]
fn undo_alias_is_a_pan_centres_of_a_region_concerned_within_the_period() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        assert_noop!(undo(BOB), Error::<Test>::NotAlias);
        assert_ok!(link(true));
        only(&[Caller::PanCentre], |origin| RealName::undo_alias(origin, BOB));
        let zhejiang = RuntimeOrigin::signed(PAN_CENTRE_ZHEJIANG);
        assert_noop!(RealName::undo_alias(zhejiang, BOB), Error::<Test>::OutsideRegion);
        assert_noop!(undo(ALICE), Error::<Test>::NotAlias);
        at(START + LINK_PERIOD);
        assert_noop!(undo(BOB), Error::<Test>::PeriodOver);
    });
}

#[test]
fn the_pan_centre_ends_a_request_too() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        assert_ok!(link(false));
        let zhejiang = RuntimeOrigin::signed(PAN_CENTRE_ZHEJIANG);
        assert_noop!(RealName::undo_alias(zhejiang, BOB), Error::<Test>::OutsideRegion);
        assert_ok!(undo(BOB));
        last_event(Event::LinkRefused { alias: BOB, canonical: ALICE });
        assert_eq!(RealName::round(BOB), 1);
    });
}
