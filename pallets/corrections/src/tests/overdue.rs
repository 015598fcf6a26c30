//! `escalate`, `review`.

use super::*;

fn review(who: AccountId, id: CorrectionId, dismiss: Option<RefusalReason>) -> DispatchResult {
    Corrections::review(signed(who), ALICE, id, dismiss)
}

#[test]
fn an_author_who_does_not_decide_in_time_is_named() {
    ExtBuilder.build_and_execute(|| {
        let (_, id) = asked(1);
        set_now(NOW + 30 * DAY - 1);
        assert_noop!(escalate(id), Error::<Test>::NotDue);
        set_now(NOW + 30 * DAY);
        assert_ok!(escalate(id));
        let (person, author, region) = (ALICE, clinic(), JIANGSU);
        let decide_by = NOW + 60 * DAY;
        assert_eq!(last_event(), Event::Overdue { person, id, author, region, decide_by });
        assert_noop!(escalate(id), Error::<Test>::NotDue);
        assert_noop!(escalate(CorrectionId(9)), Error::<Test>::RequestNotFound);
        let call = Corrections::escalate(RuntimeOrigin::none(), ALICE, id);
        assert_noop!(call, BadOrigin);
        // Late is better than never.
        assert_ok!(refuse(CLINIC_ACCOUNT, id));
        assert_noop!(escalate(id), Error::<Test>::AlreadyDecided);
    });
}

#[test]
fn the_pan_centre_of_the_authors_region_decides_then() {
    ExtBuilder.build_and_execute(|| {
        let (old, id) = asked(1);
        assert_noop!(review(PAN_CENTRE, id, None), Error::<Test>::NotEscalated);
        set_now(NOW + 30 * DAY);
        assert_ok!(escalate(id));
        assert_noop!(review(FAR_PAN_CENTRE, id, None), Error::<Test>::OutsideRegion);
        assert_noop!(review(STRANGER, id, None), BadOrigin);
        assert_noop!(review(CLINIC_ACCOUNT, id, None), BadOrigin);
        let unknown = CorrectionId(9);
        assert_noop!(review(PAN_CENTRE, unknown, None), Error::<Test>::RequestNotFound);
        assert_ok!(review(PAN_CENTRE, id, None));
        let decide_by = NOW + 60 * DAY;
        assert_eq!(last_event(), Event::Upheld { person: ALICE, id, decide_by });
        // The author can no longer refuse.
        assert_noop!(refuse(CLINIC_ACCOUNT, id), Error::<Test>::MustAmend);
        set_now(NOW + 60 * DAY);
        assert_ok!(escalate(id));
        assert_ok!(review(PAN_CENTRE, id, None));
        let record = supersede(old, 2);
        assert_ok!(amend(CLINIC_ACCOUNT, id, record));
    });
}

#[test]
fn the_pan_centre_dismisses_with_a_reason() {
    ExtBuilder.build_and_execute(|| {
        let (_, id) = asked(1);
        set_now(NOW + 30 * DAY);
        assert_ok!(escalate(id));
        let reason = RefusalReason::Opinion;
        assert_ok!(review(PAN_CENTRE, id, Some(reason)));
        assert_eq!(last_event(), Event::Dismissed { person: ALICE, id, reason });
        assert_eq!(status(id), CorrectionStatus::Dismissed(reason));
        assert_noop!(review(PAN_CENTRE, id, None), Error::<Test>::NotEscalated);
    });
}

#[test]
fn where_the_author_is_gone_the_pan_centre_of_where_it_was_shared_decides() {
    ExtBuilder.build_and_execute(|| {
        let record = share(1, Author::Institution(other()));
        Permitted::mutate(|all| all.remove(&other()));
        assert_ok!(request(record));
        assert_eq!(Corrections::correction(ALICE, CorrectionId(1)).unwrap().region, JIANGSU);
    });
}
