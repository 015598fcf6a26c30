use frame_support::assert_ok;
use kanglian_primitives::RecordStatus;

use crate::{FileOf, Record, Records as Stored, StoredIn, mock::*};

/// What `try_state` says of one good record after this change to it.
fn complaint(change: impl FnOnce(&mut Record<AccountId>)) -> &'static str {
    ExtBuilder.build().execute_with(|| {
        assert_ok!(Draft::hospital().share());
        assert_ok!(Records::do_try_state());
        Stored::<Test>::mutate(record(1), |stored| change(stored.as_mut().unwrap()));
        Records::do_try_state().unwrap_err().into()
    })
}

#[test]
fn try_state_notices_a_wrong_record() {
    let falling = StoredIn::truncate_from(vec![ZHEJIANG, JIANGSU]);
    for (said, expected) in [
        (complaint(|stored| stored.size = 0), "a record's size is out of range"),
        (complaint(|stored| stored.count = 0), "a record's count is out of range"),
        (complaint(|stored| stored.stored_in = falling.clone()), "a record's regions do not rise"),
        (complaint(|stored| stored.stored_in.clear()), "a record is stored nowhere"),
        (complaint(|stored| stored.subject = PERSON_B), "a record is not in its subject's file"),
        (
            complaint(|stored| stored.status = RecordStatus::Superseded(record(9))),
            "a record's successor does not exist",
        ),
        (
            complaint(|stored| stored.status = RecordStatus::Superseded(record(1))),
            "a record is its own successor",
        ),
    ] {
        assert_eq!(said, expected);
    }
}

#[test]
fn try_state_notices_a_wrong_successor() {
    ExtBuilder.build().execute_with(|| {
        assert_ok!(Draft::hospital().share());
        assert_ok!(Draft::alice().with(|draft| draft.record = record(2)).share());
        Stored::<Test>::mutate(record(1), |stored| {
            stored.as_mut().unwrap().status = RecordStatus::Superseded(record(2));
        });
        assert_eq!(
            Records::do_try_state(),
            Err("a record's successor is of another subject, block or author".into())
        );
    });
}

#[test]
fn try_state_notices_a_wrong_file() {
    ExtBuilder.build().execute_with(|| {
        assert_ok!(Draft::hospital().share());
        FileOf::<Test>::insert(PERSON_A, record(2), ());
        assert_eq!(Records::do_try_state(), Err("a file names an unknown record".into()));
        FileOf::<Test>::remove(PERSON_A, record(2));
        FileOf::<Test>::insert(PERSON_B, record(1), ());
        assert_eq!(Records::do_try_state(), Err("a file names another person's record".into()));
    });
}
