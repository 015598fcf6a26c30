//! `return_result`: by who accepted, with a record of its own, and access ends.

use super::*;

#[test]
fn the_result_comes_back_and_access_ends() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team()]);
        assert_ok!(accept(NURSE, id, team()));
        let record = share(5, county());
        assert_ok!(return_result(NURSE, id, team(), record));
        let event = Event::ResultReturned { person: ALICE, id, by: team(), record };
        assert_eq!(last_event(), event);
        assert!(!reads(&team(), 1));
        let referral = Referrals::referral(ALICE, id).unwrap();
        assert_eq!((referral.status, referral.result), (ReferralStatus::Returned, Some(record)));
        let again = return_result(NURSE, id, team(), record);
        assert_noop!(again, Error::<Test>::NotAccepted);
        assert_noop!(accept(NURSE, id, team()), Error::<Test>::NotOffered);
    });
}

#[test]
fn only_who_accepted_returns_a_result() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team(), hospital()]);
        let record = share(5, county());
        assert_noop!(return_result(NURSE, id, team(), record), Error::<Test>::NotAccepted);
        assert_ok!(accept(NURSE, id, team()));
        let by_other = share(6, city());
        assert_noop!(return_result(DEAN, id, hospital(), by_other), Error::<Test>::NotAccepted);
        assert_noop!(return_result(DEAN, id, team(), record), Error::<Test>::NotActingAs);
        let unknown = return_result(NURSE, ReferralId(9), team(), record);
        assert_noop!(unknown, Error::<Test>::ReferralNotFound);
        for origin in unsigned_origins() {
            let call = Referrals::return_result(origin, ALICE, id, team(), record);
            assert_noop!(call, BadOrigin);
        }
    });
}

#[test]
fn a_result_is_the_receivers_own_record_made_since() {
    ExtBuilder.build_and_execute(|| {
        let old = share(4, county());
        set_now(NOW + 1);
        let id = refer(&[team()]);
        assert_ok!(accept(NURSE, id, team()));
        let result = |record| return_result(NURSE, id, team(), record);
        assert_noop!(result(RecordId([9; 32])), Error::<Test>::RecordNotFound);
        assert_noop!(result(old), Error::<Test>::ResultTooOld);
        assert_noop!(result(share(6, city())), Error::<Test>::NotReceiversRecord);
        assert_ok!(result(share(5, county())));
    });
}
