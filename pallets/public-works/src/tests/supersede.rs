use kanglian_primitives::{WorkStanding, blocks};

use super::*;

#[test]
fn supersede_links_both_and_pays_nothing() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital(1).publish());
        assert_ok!(PublicWorks::endorse(signed(CLINIC), work(1)));
        assert_ok!(Draft::hospital(2).supersede(work(1)));
        let event =
            Event::Superseded { old: work(1), work: work(2), number: 1, author: hospital() };
        assert_eq!(last_event(), event);
        let (old, new) = (facts(work(1)), facts(work(2)));
        assert_eq!((old.superseded_by, new.supersedes), (Some(work(2)), Some(work(1))));
        assert_eq!(old.standing(), WorkStanding::Superseded);
        assert_eq!((old.endorsements.len(), new.endorsements.len()), (1, 0));
        assert_eq!((old.paid, new.paid), (PAID.total(), 0));
        // A chain of trivial changes earns nothing, and is bounded by the day.
        assert_ok!(Draft::hospital(3).supersede(work(2)));
        assert_ok!(Draft::hospital(4).supersede(work(3)));
        assert_eq!(Rewards::get().len(), 1);
        assert_noop!(Draft::hospital(5).supersede(work(4)), Error::<Test>::TooManyToday);
    });
}

#[test]
fn supersede_is_for_the_author_of_a_current_work() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(Draft::hospital(2).supersede(work(1)), Error::<Test>::NotFound);
        assert_ok!(Draft::hospital(1).publish());
        for origin in other_origins() {
            let receipts = Draft::hospital(2).receipts();
            let call =
                PublicWorks::supersede(origin, work(1), work(2), ARTICLE, SIZE, METADATA, receipts);
            assert_noop!(call, BadOrigin);
        }
        assert_noop!(Draft::clinic(2).supersede(work(1)), Error::<Test>::NotAuthor);
        assert_noop!(Draft::hospital(1).supersede(work(1)), Error::<Test>::AlreadyPublished);
        let other_block = Draft::hospital(2).with(|draft| {
            (draft.block, draft.schema) = (blocks::PUBLIC_KNOWLEDGE, KNOWLEDGE);
        });
        assert_noop!(other_block.supersede(work(1)), Error::<Test>::SchemaOfOtherBlock);
        assert_ok!(Draft::hospital(2).supersede(work(1)));
        assert_noop!(Draft::hospital(3).supersede(work(1)), Error::<Test>::NotCurrent);
        assert_ok!(PublicWorks::retract(signed(HOSPITAL), work(2), RetractionReason::Error));
        assert_noop!(Draft::hospital(3).supersede(work(2)), Error::<Test>::NotCurrent);
    });
}

#[test]
fn supersede_does_not_save_a_work_that_was_taken_down() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital(1).publish());
        assert_ok!(PublicWorks::take_down(signed(REGULATOR), work(1), TakedownReason::False));
        assert_noop!(Draft::hospital(2).supersede(work(1)), Error::<Test>::NotCurrent);
        assert_noop!(Draft::hospital(1).publish(), Error::<Test>::AlreadyPublished);
    });
}
