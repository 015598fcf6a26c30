//! What of a file a reader sees, and what pages betray.

use kanglian_primitives::{FilePage, MAX_PAGE, Refusal};

use super::*;

/// A file of records in order, as the registry of records pages through it.
fn paged(file: &[RecordFacts], cursor: Option<RecordId>, limit: u32) -> FilePage {
    let start = match cursor {
        None => 0,
        Some(cursor) => file.iter().position(|facts| facts.id == cursor).unwrap() + 1,
    };
    let rest = &file[start..];
    let records = rest[..rest.len().min(limit as usize)].to_vec();
    let next = if records.len() < rest.len() { records.last().map(|last| last.id) } else { None };
    FilePage { records, next }
}

fn readable(
    file: &[RecordFacts],
    query: &AccessQuery<AccountId>,
    cursor: Option<RecordId>,
    limit: u32,
) -> Result<FilePage, Refusal> {
    Consents::readable(query, cursor, limit, NOW, |subject, cursor, limit| {
        assert_eq!(subject, query.subject);
        assert!(limit <= MAX_PAGE);
        paged(file, cursor, limit)
    })
}

/// `count` records, every one of the blocks in turn.
fn file_of(count: u32, blocks: &[BusinessBlockId]) -> Vec<RecordFacts> {
    let id = |number: u32| {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&number.to_be_bytes());
        RecordId(id)
    };
    let blocks = blocks.iter().cycle();
    (0..count).zip(blocks).map(|(at, block)| RecordFacts { id: id(at), ..record(*block) }).collect()
}

fn all_pages(file: &[RecordFacts], query: &AccessQuery<AccountId>, limit: u32) -> Vec<RecordId> {
    let (mut seen, mut cursor) = (vec![], None);
    loop {
        let page = match readable(file, query, cursor, limit) {
            Err(Refusal::NoConsent) => return seen,
            page => page.unwrap(),
        };
        assert!(page.records.len() <= limit as usize);
        seen.extend(page.records.iter().map(|facts| facts.id));
        if let Some(next) = page.next {
            assert!(seen.contains(&next), "a cursor is a record that was shown");
        }
        cursor = page.next;
        if cursor.is_none() {
            return seen;
        }
    }
}

#[test]
fn pages_hold_the_readable_records_and_betray_no_others() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        let mixed = [
            blocks::RESTRICTED_MEDICAL,
            blocks::MEDICAL,
            blocks::PERSONAL,
            blocks::RESTRICTED_MEDICAL,
        ];
        let file = file_of(1_500, &mixed);
        let expected: Vec<RecordId> = file
            .iter()
            .filter(|facts| facts.block == blocks::MEDICAL)
            .map(|facts| facts.id)
            .collect();
        let query = query(DOCTOR, at_a());
        for limit in [1, 7, 100, 256] {
            assert_eq!(all_pages(&file, &query, limit), expected, "{limit}");
        }
    });
}

#[test]
fn pages_agree_with_decide() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), Terms { blocks: ALL_MEDICAL, ..terms(1) });
        let mut file = file_of(
            60,
            &[blocks::MEDICAL, blocks::RESTRICTED_MEDICAL, blocks::HEALTH, blocks::PERSONAL],
        );
        for (at, facts) in file.iter_mut().enumerate() {
            match at % 5 {
                0 => facts.status = RecordStatus::Rejected,
                1 => facts.author = Author::Institution(hospital_a()),
                2 => facts.shared_at = NOW + 20 * DAY,
                _ => {},
            }
        }
        let readers = [
            query(HOSPITAL_A_ACCOUNT, at_a()),
            query(DOCTOR, at_a()),
            query(HOSPITAL_B_ACCOUNT, at_b()),
            query(ALICE_ACCOUNT, Grantee::Person(ALICE)),
            query(BOB_ACCOUNT, Grantee::Person(BOB)),
        ];
        for query in readers {
            let allowed: Vec<RecordId> = file
                .iter()
                .filter(|facts| {
                    matches!(Consents::decide(&query, facts, NOW), Decision::Allowed(_))
                })
                .map(|facts| facts.id)
                .collect();
            assert_eq!(all_pages(&file, &query, 7), allowed);
        }
    });
}

#[test]
fn readers_without_any_ground_are_refused_before_the_file_is_opened() {
    ExtBuilder.build_and_execute(|| {
        let query = query(DOCTOR, at_a());
        let page = Consents::readable(&query, None, 10, NOW, |_, _, _| {
            panic!("the file of a person without terms for the reader is not opened")
        });
        assert_eq!(page, Err(Refusal::NoConsent));
    });
}

#[test]
fn dead_children_show_nothing() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), Terms { may_delegate: 1, ..terms(1) });
        delegate(HOSPITAL_A_ACCOUNT, at_a(), team_of_a(), child(1, at_a(), 1)).unwrap();
        let file = file_of(3, &[blocks::MEDICAL]);
        let query = query(NURSE, team_of_a());
        assert_eq!(all_pages(&file, &query, 10).len(), 3);
        Consents::revoke(signed(ALICE_ACCOUNT), at_a(), TermsId(1)).unwrap();
        assert_eq!(readable(&file, &query, None, 10), Err(Refusal::NoConsent));
    });
}

#[test]
fn readers_and_subjects_without_standing_are_refused() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        let file = file_of(3, &[blocks::MEDICAL]);
        let stranger = readable(&file, &query(STRANGER, at_a()), None, 10);
        assert_eq!(stranger, Err(Refusal::NotActingAs));
        let marketing = query_of(ALICE, DOCTOR, at_a(), Purpose::Marketing);
        assert_eq!(readable(&file, &marketing, None, 10), Err(Refusal::NoConsent));
        suspend_person(ALICE, true);
        let doctor = readable(&file, &query(DOCTOR, at_a()), None, 10);
        assert_eq!(doctor, Err(Refusal::SubjectNotActive));
    });
}

#[test]
fn a_record_of_somebody_else_in_the_file_is_not_shown() {
    ExtBuilder.build_and_execute(|| {
        let file = vec![RecordFacts { subject: BOB, ..record(blocks::MEDICAL) }];
        let query = query(ALICE_ACCOUNT, Grantee::Person(ALICE));
        assert_eq!(readable(&file, &query, None, 10), Ok(FilePage::default()));
    });
}

#[test]
fn limits_of_nothing_and_of_too_much_are_cut() {
    ExtBuilder.build_and_execute(|| {
        let file = file_of(300, &[blocks::MEDICAL]);
        let query = query(ALICE_ACCOUNT, Grantee::Person(ALICE));
        let count = |limit| readable(&file, &query, None, limit).unwrap().records.len();
        assert_eq!(count(0), 1);
        assert_eq!(count(256), 256);
        assert_eq!(count(u32::MAX), 256);
    });
}

#[test]
fn a_very_long_hidden_stretch_is_looked_through_in_bounded_work() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        let mut file = file_of(64 * 256 + 10, &[blocks::PERSONAL]);
        file.last_mut().unwrap().block = blocks::MEDICAL;
        let query = query(DOCTOR, at_a());
        let first = readable(&file, &query, None, 10).unwrap();
        assert!(first.records.is_empty() && first.next.is_some());
        let second = readable(&file, &query, first.next, 10).unwrap();
        assert_eq!((second.records.len(), second.next), (1, None));
    });
}
