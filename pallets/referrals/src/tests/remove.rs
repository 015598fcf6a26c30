//! `remove`: by anybody, when a referral has been over for a while.

use super::*;

fn remove(id: ReferralId) -> DispatchResult {
    Referrals::remove(signed(STRANGER), ALICE, id)
}

#[test]
fn anybody_removes_what_ended_or_expired_after_the_grace() {
    ExtBuilder.build_and_execute(|| {
        let (closed, expired) = (refer(&[team()]), refer(&[hospital()]));
        assert_ok!(close(DOCTOR, closed, doctor()));
        set_now(NOW + DAY - 1);
        assert_noop!(remove(closed), Error::<Test>::NotOver);
        set_now(NOW + DAY);
        assert_ok!(remove(closed));
        assert_eq!(last_event(), Event::Removed { person: ALICE, id: closed });
        assert_noop!(remove(closed), Error::<Test>::ReferralNotFound);
        set_now(NOW + 11 * DAY - 1);
        assert_noop!(remove(expired), Error::<Test>::NotOver);
        set_now(NOW + 11 * DAY);
        assert_ok!(remove(expired));
        assert_eq!(crate::Files::<Test>::get(ALICE).open, 0);
        assert_eq!(refer(&[team()]), ReferralId(3), "numbers are never used twice");
    });
}

#[test]
fn remove_refuses_root_and_unsigned() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team()]);
        set_now(NOW + 50 * DAY);
        for origin in unsigned_origins() {
            assert_noop!(Referrals::remove(origin, ALICE, id), BadOrigin);
        }
    });
}
