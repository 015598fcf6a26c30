//! `reject`: ends the access of one offer, and the referral with the last.

use super::*;

#[test]
fn the_last_rejection_ends_the_referral() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team(), hospital()]);
        assert_ok!(reject(NURSE, id, team()));
        let event = Event::Rejected { person: ALICE, id, by: team(), reason: Reason::NoCapacity };
        assert_eq!(last_event(), event);
        assert_eq!(status(id), ReferralStatus::Offered);
        assert!(!reads(&team(), 1) && reads(&hospital(), 1));
        assert_ok!(Referrals::reject(signed(DEAN), ALICE, id, hospital(), Reason::OutOfScope));
        assert_eq!(status(id), ReferralStatus::Rejected);
        assert!(!reads(&hospital(), 1));
        assert_eq!(Referrals::referral(ALICE, id).unwrap().ended_at, Some(NOW));
    });
}

#[test]
fn reject_refuses_everybody_it_was_not_offered_to() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team()]);
        assert_noop!(reject(NURSE, ReferralId(9), team()), Error::<Test>::ReferralNotFound);
        assert_noop!(reject(DEAN, id, hospital()), Error::<Test>::NotOffered);
        assert_noop!(reject(DEAN, id, team()), Error::<Test>::NotActingAs);
        assert_ok!(accept(NURSE, id, team()));
        assert_noop!(reject(NURSE, id, team()), Error::<Test>::NotOffered);
        for origin in unsigned_origins() {
            let call = Referrals::reject(origin, ALICE, id, team(), Reason::Other);
            assert_noop!(call, BadOrigin);
        }
    });
}
