//! `amend`, `refuse`, `mark_wrong_person`.

use super::*;

#[test]
fn the_author_amends_and_the_request_is_over() {
    ExtBuilder.build_and_execute(|| {
        let (old, id) = asked(1);
        let record = supersede(old, 2);
        assert_ok!(amend(CLINIC_ACCOUNT, id, record));
        assert_eq!(last_event(), Event::Amended { person: ALICE, id, old, record });
        assert_eq!(status(id), CorrectionStatus::Amended(record));
        assert_noop!(amend(CLINIC_ACCOUNT, id, record), Error::<Test>::AlreadyDecided);
        assert_noop!(refuse(CLINIC_ACCOUNT, id), Error::<Test>::AlreadyDecided);
        // The amendment may be wrong again.
        assert_ok!(request(record));
    });
}

#[test]
fn an_amendment_stands_in_the_old_place_and_is_younger_than_the_request() {
    ExtBuilder.build_and_execute(|| {
        let early = share(3, Author::Institution(clinic()));
        set_now(NOW + DAY);
        let (old, id) = asked(1);
        let another = share(2, Author::Institution(clinic()));
        assert_noop!(amend(CLINIC_ACCOUNT, id, another), Error::<Test>::NotSuperseded);
        set_status(old, RecordStatus::Superseded(early));
        assert_noop!(amend(CLINIC_ACCOUNT, id, another), Error::<Test>::NotSuperseded);
        assert_noop!(amend(CLINIC_ACCOUNT, id, early), Error::<Test>::AmendmentTooOld);
        set_status(old, RecordStatus::Superseded(RecordId([77; 32])));
        let gone = RecordId([77; 32]);
        assert_noop!(amend(CLINIC_ACCOUNT, id, gone), Error::<Test>::RecordNotFound);
    });
}

#[test]
fn the_author_refuses_with_a_reason() {
    ExtBuilder.build_and_execute(|| {
        let (record, id) = asked(1);
        assert_ok!(refuse(CLINIC_ACCOUNT, id));
        let reason = RefusalReason::Accurate;
        assert_eq!(last_event(), Event::Refused { person: ALICE, id, reason });
        assert_eq!(status(id), CorrectionStatus::Refused(reason));
        assert_ok!(request(record));
    });
}

#[test]
fn nobody_but_the_author_decides() {
    ExtBuilder.build_and_execute(|| {
        let (record, id) = asked(1);
        let new = supersede(record, 2);
        let mark = |who| Corrections::mark_wrong_person(signed(who), record);
        assert_noop!(refuse(OTHER_ACCOUNT, id), Error::<Test>::NotAuthor);
        assert_noop!(amend(OTHER_ACCOUNT, id, new), Error::<Test>::NotAuthor);
        assert_noop!(mark(OTHER_ACCOUNT), Error::<Test>::NotAuthor);
        for who in [STRANGER, ALICE_ACCOUNT, PAN_CENTRE] {
            assert_noop!(refuse(who.clone(), id), BadOrigin);
            assert_noop!(amend(who.clone(), id, new), BadOrigin);
            assert_noop!(mark(who), BadOrigin);
        }
        // Nor an author that is permitted no longer.
        Permitted::mutate(|all| all.remove(&clinic()));
        assert_noop!(refuse(CLINIC_ACCOUNT, id), BadOrigin);
        let unknown = CorrectionId(9);
        assert_noop!(refuse(OTHER_ACCOUNT, unknown), Error::<Test>::RequestNotFound);
    });
}

#[test]
fn a_record_of_somebody_else_is_marked_asked_or_not() {
    ExtBuilder.build_and_execute(|| {
        let (record, id) = asked(1);
        let mark = |record| Corrections::mark_wrong_person(signed(CLINIC_ACCOUNT), record);
        assert_ok!(mark(record));
        let (person, author) = (ALICE, clinic());
        let event = |record, id| Event::MarkedWrongPerson { person, record, author, id };
        assert_eq!(last_event(), event(record, Some(id)));
        assert_eq!(status(id), CorrectionStatus::WrongPerson);
        assert_eq!(Corrections::wrong_person_since(record), Some(NOW));
        assert_noop!(mark(record), Error::<Test>::AlreadyMarked);
        let another = share(2, Author::Institution(clinic()));
        assert_eq!(Corrections::wrong_person_since(another), None);
        assert_ok!(mark(another));
        assert_eq!(last_event(), event(another, None));
        assert_noop!(mark(RecordId([99; 32])), Error::<Test>::RecordNotFound);
        let own = share(3, Author::Person(ALICE));
        assert_noop!(mark(own), Error::<Test>::NotAuthor);
    });
}
