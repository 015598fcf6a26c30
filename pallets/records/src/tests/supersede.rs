use frame_support::assert_ok;
use kanglian_primitives::{Author, RecordStatus, SchemaId, blocks};
use sp_runtime::traits::BadOrigin;

use crate::{Error, Event, assert_refused, mock::*};

fn second() -> Draft {
    Draft::hospital().with(|draft| {
        draft.record = record(2);
        draft.schema = OBSERVATION;
    })
}

fn status(number: u8) -> RecordStatus {
    Records::record(record(number)).unwrap().status
}

#[test]
fn supersede_links_both_records_and_pays_nothing() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        assert_ok!(second().supersede(record(1)));
        assert_eq!(
            last_event(),
            Event::Superseded {
                old: record(1),
                record: record(2),
                subject: PERSON_A,
                author: Author::Institution(hospital()),
                block: blocks::MEDICAL,
                schema: OBSERVATION,
                region: JIANGSU,
                size: SIZE,
            }
            .into()
        );
        assert_eq!(status(1), RecordStatus::Superseded(record(2)));
        assert_eq!(status(2), RecordStatus::Active);
        let facts = Records::record(record(2)).unwrap();
        assert_eq!((facts.paid, facts.count, facts.schema), (0, 1, OBSERVATION));
        assert_eq!(Rewards::get().len(), 1, "a correction pays nothing");
        assert_eq!(Records::file_of(PERSON_A, None, 10).records.len(), 2);
    });
}

#[test]
fn supersede_by_the_institutions_new_controller_counts() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        Permitted::mutate(|table| table.remove(&HOSPITAL));
        permit(STRANGER, hospital(), JIANGSU);
        assert_refused!(second().supersede(record(1)), Error::<Test>::NotActingAs);
        assert_ok!(second().with(|draft| draft.account = STRANGER).supersede(record(1)));
    });
}

#[test]
fn supersede_refuses_who_did_not_sign() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        let draft = second();
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let call = Records::supersede(
                origin,
                record(1),
                draft.schema,
                draft.record,
                draft.size,
                draft.epoch,
                draft.receipts(),
            );
            assert_refused!(call, BadOrigin);
        }
    });
}

#[test]
fn supersede_refuses_another_author() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        let_write(PERSON_A, clinic(), blocks::MEDICAL);
        let clinic = second().with(|draft| {
            draft.account = CLINIC;
            draft.author = Author::Institution(clinic());
        });
        assert_refused!(clinic.supersede(record(1)), Error::<Test>::NotAuthor);
        let subject = second().with(|draft| {
            draft.account = ALICE;
            draft.author = Author::Person(PERSON_A);
        });
        assert_refused!(subject.supersede(record(1)), Error::<Test>::NotAuthor);
        let stranger = second().with(|draft| draft.account = STRANGER);
        assert_refused!(stranger.supersede(record(1)), Error::<Test>::NotActingAs);
    });
}

#[test]
fn supersede_refuses_an_unknown_record() {
    ExtBuilder.build_and_execute(|| {
        assert_refused!(second().supersede(record(1)), Error::<Test>::NotFound);
    });
}

#[test]
fn supersede_refuses_what_is_no_longer_current() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        assert_ok!(second().supersede(record(1)));
        let third = second().with(|draft| draft.record = record(3));
        assert_refused!(third.supersede(record(1)), Error::<Test>::NotCurrent);
        assert_ok!(third.supersede(record(2)));
        assert_ok!(Records::reject(RuntimeOrigin::signed(ALICE), record(3)));
        let fourth = second().with(|draft| draft.record = record(4));
        frame_support::assert_noop!(fourth.supersede(record(3)), Error::<Test>::NotCurrent);
    });
}

#[test]
fn supersede_refuses_a_record_that_is_on_chain_itself_included() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        assert_refused!(Draft::hospital().supersede(record(1)), Error::<Test>::AlreadyShared);
        assert_ok!(second().share());
        assert_refused!(second().supersede(record(1)), Error::<Test>::AlreadyShared);
    });
}

#[test]
fn supersede_stays_in_the_block_and_checks_what_share_checks() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        let other_block = second().with(|draft| draft.schema = PERSONAL_OBSERVATION);
        assert_refused!(other_block.supersede(record(1)), Error::<Test>::SchemaOfOtherBlock);
        let unknown = second().with(|draft| draft.schema = SchemaId(77));
        assert_refused!(unknown.supersede(record(1)), Error::<Test>::SchemaNotOpen);
        let empty = second().with(|draft| draft.size = 0);
        assert_refused!(empty.supersede(record(1)), Error::<Test>::SizeOutOfRange);
        let about_another = second().with(|draft| draft.subject = PERSON_B);
        assert_refused!(about_another.supersede(record(1)), Error::<Test>::ReceiptNotGenuine);
        let replayed =
            second().with(|draft| draft.receipts = Some(Draft::hospital().receipts().into_inner()));
        assert_refused!(replayed.supersede(record(1)), Error::<Test>::ReceiptNotGenuine);
        WriteConsents::mutate(|table| table.clear());
        assert_refused!(second().supersede(record(1)), Error::<Test>::NoWriteConsent);
        OpenBlocks::mutate(|table| table.remove(&blocks::MEDICAL));
        assert_refused!(second().supersede(record(1)), Error::<Test>::BlockNotOpen);
    });
}
