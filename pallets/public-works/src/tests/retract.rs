use kanglian_primitives::{Retraction, WorkStanding};

use super::*;

#[test]
fn retract_gives_the_reward_back_once() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital(1).publish());
        assert_ok!(PublicWorks::retract(signed(HOSPITAL), work(1), RetractionReason::Error));
        let event = Event::Retracted {
            work: work(1),
            author: hospital(),
            reason: RetractionReason::Error,
            returned: 60,
        };
        assert_eq!(last_event(), event);
        let facts = facts(work(1));
        let retraction = Retraction { reason: RetractionReason::Error, at: NOW };
        assert_eq!(facts.retracted, Some(retraction));
        assert_eq!((facts.standing(), facts.paid), (WorkStanding::Retracted, 0));
        assert_noop!(
            PublicWorks::retract(signed(HOSPITAL), work(1), RetractionReason::Other),
            Error::<Test>::AlreadyRetracted
        );
        assert_ok!(PublicWorks::take_down(signed(REGULATOR), work(1), TakedownReason::False));
        assert_eq!(TakenBack::get(), [(HOSPITAL, PAID)], "it is taken back once");
    });
}

#[test]
fn retract_is_for_the_author_only() {
    ExtBuilder.build_and_execute(|| {
        let retract = |origin| PublicWorks::retract(origin, work(1), RetractionReason::Rights);
        assert_noop!(retract(signed(HOSPITAL)), Error::<Test>::NotFound);
        assert_ok!(Draft::hospital(1).publish());
        for origin in other_origins() {
            assert_noop!(retract(origin), BadOrigin);
        }
        for other in [CLINIC, BRANCH] {
            assert_noop!(retract(signed(other)), Error::<Test>::NotAuthor);
        }
        // A superseded work can still be retracted: it is still read.
        assert_ok!(Draft::hospital(2).supersede(work(1)));
        assert_ok!(retract(signed(HOSPITAL)));
        assert_eq!(facts(work(2)).standing(), WorkStanding::Current);
    });
}

#[test]
fn retract_does_not_make_room_for_more_that_is_paid() {
    ExtBuilder.build_and_execute(|| {
        for number in 1..=MAX_PER_DAY {
            assert_ok!(Draft::hospital(number as u8).publish());
            let id = work(number as u8);
            assert_ok!(PublicWorks::retract(signed(HOSPITAL), id, RetractionReason::Other));
        }
        assert_eq!(Rewards::get().len() as u32, MAX_REWARDED);
        assert_noop!(Draft::hospital(1).publish(), Error::<Test>::AlreadyPublished);
        assert_noop!(Draft::hospital(9).publish(), Error::<Test>::TooManyToday);
    });
}
