//! `request`, `withdraw`, `remove`.

use super::*;

#[test]
fn a_person_asks_the_author_who_has_thirty_days() {
    ExtBuilder.build_and_execute(|| {
        let (record, id) = asked(1);
        let (reason, author) = (CorrectionReason::Incorrect, clinic());
        let (text, decide_by) = ([9; 32], NOW + 30 * DAY);
        let person = ALICE;
        let event = Event::Requested { person, id, record, reason, text, author, decide_by };
        assert_eq!(last_event(), event);
        assert_eq!(status(id), CorrectionStatus::Open);
        assert_eq!(Corrections::correction(ALICE, id).unwrap().region, JIANGSU);
        assert_eq!(Corrections::corrections_of(ALICE).len(), 1);
        assert_eq!(Corrections::text_for(ALICE, text), Some(author));
        assert_eq!(Corrections::text_for(ALICE, [8; 32]), None);
        assert_ok!(Corrections::withdraw(signed(ALICE_ACCOUNT), id));
        assert_eq!(Corrections::text_for(ALICE, text), None, "who has decided needs it no more");
    });
}

#[test]
fn only_the_subject_asks_about_a_current_record_of_an_institution() {
    ExtBuilder.build_and_execute(|| {
        let record = share(1, Author::Institution(clinic()));
        let ask = |origin, record| {
            Corrections::request(origin, record, CorrectionReason::Outdated, [9; 32])
        };
        assert_noop!(ask(signed(BOB_ACCOUNT), record), Error::<Test>::RecordNotFound);
        let unknown = RecordId([99; 32]);
        assert_noop!(ask(signed(ALICE_ACCOUNT), unknown), Error::<Test>::RecordNotFound);
        for origin in [signed(STRANGER), RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(ask(origin, record), BadOrigin);
        }
        Suspended::mutate(|all| all.insert(ALICE));
        assert_noop!(ask(signed(ALICE_ACCOUNT), record), BadOrigin);
        Suspended::mutate(|all| all.remove(&ALICE));
        let own = share(2, Author::Person(ALICE));
        assert_noop!(request(own), Error::<Test>::OwnRecord);
        set_status(record, RecordStatus::Superseded(own));
        assert_noop!(request(record), Error::<Test>::NotCurrent);
        set_status(record, RecordStatus::Rejected);
        assert_noop!(request(record), Error::<Test>::RecordNotFound);
    });
}

#[test]
fn one_request_a_record_and_three_a_person_wait_at_most() {
    ExtBuilder.build_and_execute(|| {
        let (record, first) = asked(1);
        assert_noop!(request(record), Error::<Test>::AlreadyRequested);
        asked(2);
        asked(3);
        let fourth = share(4, Author::Institution(clinic()));
        assert_noop!(request(fourth), Error::<Test>::TooManyRequests);
        assert_ok!(Corrections::withdraw(signed(ALICE_ACCOUNT), first));
        assert_ok!(request(fourth));
    });
}

#[test]
fn a_suspended_person_still_withdraws_and_nobody_else_does() {
    ExtBuilder.build_and_execute(|| {
        let (record, id) = asked(1);
        let withdraw = |who| Corrections::withdraw(signed(who), id);
        assert_noop!(withdraw(BOB_ACCOUNT), Error::<Test>::RequestNotFound);
        assert_noop!(withdraw(STRANGER), BadOrigin);
        Suspended::mutate(|all| all.insert(ALICE));
        assert_ok!(withdraw(ALICE_ACCOUNT));
        assert_eq!(last_event(), Event::Withdrawn { person: ALICE, id });
        assert_noop!(withdraw(ALICE_ACCOUNT), Error::<Test>::AlreadyDecided);
        Suspended::mutate(|all| all.remove(&ALICE));
        assert_ok!(request(record));
    });
}

#[test]
fn what_is_over_is_removed_after_a_while() {
    ExtBuilder.build_and_execute(|| {
        let (_, id) = asked(1);
        let remove = || Corrections::remove(signed(STRANGER), ALICE, id);
        set_now(NOW + 365 * DAY);
        assert_noop!(remove(), Error::<Test>::NotOver);
        assert_ok!(refuse(CLINIC_ACCOUNT, id));
        set_now(NOW + 366 * DAY - 1);
        assert_noop!(remove(), Error::<Test>::NotOver);
        set_now(NOW + 366 * DAY);
        assert_ok!(remove());
        assert_eq!(last_event(), Event::Removed { person: ALICE, id });
        assert_noop!(remove(), Error::<Test>::RequestNotFound);
        let call = Corrections::remove(RuntimeOrigin::none(), ALICE, id);
        assert_noop!(call, BadOrigin);
    });
}
