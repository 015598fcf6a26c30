use frame_support::assert_ok;
use kanglian_primitives::{FilePage, MAX_PAGE, RecordId};
use kanglian_traits::RecordInspect;

use crate::mock::*;

/// Alice's file with records 1 to `count`, shared in falling order.
fn fill(count: u8) {
    for number in (1..=count).rev() {
        assert_ok!(Draft::hospital().with(|draft| draft.record = record(number)).share());
    }
}

fn ids(page: &FilePage) -> Vec<RecordId> {
    page.records.iter().map(|facts| facts.id).collect()
}

#[test]
fn file_of_pages_through_all_records_once() {
    ExtBuilder.build_and_execute(|| {
        fill(7);
        assert_ok!(
            Draft::alice()
                .with(|draft| {
                    draft.account = BOB;
                    draft.subject = PERSON_B;
                    draft.author = kanglian_primitives::Author::Person(PERSON_B);
                    draft.record = record(8);
                })
                .share()
        );
        for limit in 1..=9 {
            let (mut seen, mut cursor) = (vec![], None);
            loop {
                let page = Records::file_of(PERSON_A, cursor, limit);
                assert!(page.records.len() <= limit as usize);
                seen.extend(ids(&page));
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, (1..=7).map(record).collect::<Vec<_>>(), "limit {limit}");
        }
    });
}

#[test]
fn file_of_nobody_is_empty() {
    ExtBuilder.build_and_execute(|| {
        fill(1);
        assert_eq!(Records::file_of(PERSON_B, None, 10), FilePage::default());
        assert_eq!(Records::file_of(PERSON_A, Some(record(1)), 10), FilePage::default());
    });
}

#[test]
fn file_of_cuts_the_limit() {
    ExtBuilder.build_and_execute(|| {
        for number in 0..=MAX_PAGE {
            let mut id = [0; 32];
            id[..4].copy_from_slice(&number.to_be_bytes());
            assert_ok!(Draft::hospital().with(|draft| draft.record = RecordId(id)).share());
        }
        let page = Records::file_of(PERSON_A, None, u32::MAX);
        assert_eq!(page.records.len(), MAX_PAGE as usize);
        assert_eq!(page.next, ids(&page).last().copied());
        assert_eq!(Records::file_of(PERSON_A, page.next, u32::MAX).records.len(), 1);
        assert_eq!(Records::file_of(PERSON_A, None, 0).records.len(), 1);
    });
}

#[test]
fn file_of_takes_a_cursor_that_is_no_record() {
    ExtBuilder.build_and_execute(|| {
        fill(3);
        let between = RecordId([2; 32].map(|byte: u8| byte - 1));
        assert_eq!(ids(&Records::file_of(PERSON_A, Some(between), 10)).len(), 2);
        let mut before = [1; 32];
        before[31] = 0;
        assert_eq!(ids(&Records::file_of(PERSON_A, Some(RecordId(before)), 10)).len(), 3);
    });
}

#[test]
fn facts_are_those_of_the_record() {
    ExtBuilder.build_and_execute(|| {
        fill(1);
        assert_eq!(<Records as RecordInspect>::facts(&record(1)), Records::record(record(1)));
        assert_eq!(<Records as RecordInspect>::facts(&record(2)), None);
    });
}

/// Bob's id becomes another name of Alice's.
fn link() {
    Aliases::mutate(|all| all.insert(PERSON_B, PERSON_A));
    Valid::mutate(|all| all.remove(&PERSON_B));
}

#[test]
fn file_of_pages_through_the_files_of_linked_ids_too() {
    ExtBuilder.build_and_execute(|| {
        fill(4);
        for number in [2, 9].map(|n| n + 40) {
            let draft = Draft::alice().with(|draft| {
                draft.account = BOB;
                draft.subject = PERSON_B;
                draft.author = kanglian_primitives::Author::Person(PERSON_B);
                draft.record = record(number);
            });
            assert_ok!(draft.share());
        }
        link();
        let all: Vec<_> = [1, 2, 3, 4, 42, 49].map(record).into();
        for limit in 1..=7 {
            let (mut seen, mut cursor) = (vec![], None);
            loop {
                let page = Records::file_of(PERSON_A, cursor, limit);
                seen.extend(ids(&page));
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, all, "limit {limit}");
        }
        assert_eq!(ids(&Records::file_of(PERSON_B, None, 9)), all[4..]);
        // The person rejects what was shared about either id.
        assert_ok!(Records::reject(RuntimeOrigin::signed(ALICE), record(42)));
    });
}

#[test]
fn nothing_is_shared_about_a_linked_id() {
    ExtBuilder.build_and_execute(|| {
        let draft = || {
            Draft::hospital().with(|draft| {
                draft.subject = PERSON_B;
                draft.record = record(1);
            })
        };
        let_write(PERSON_B, hospital(), kanglian_primitives::blocks::MEDICAL);
        link();
        crate::assert_refused!(draft().share(), crate::Error::<Test>::SubjectNotActive);
    });
}
