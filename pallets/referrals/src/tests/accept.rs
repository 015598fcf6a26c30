//! `accept`: by one of those it was offered to, who alone keeps access.

use super::*;

#[test]
fn whoever_accepts_keeps_access_and_the_others_lose_it() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team(), hospital()]);
        assert_ok!(accept(DEAN, id, hospital()));
        assert_eq!(last_event(), Event::Accepted { person: ALICE, id, by: hospital() });
        assert!(reads(&hospital(), 1) && !reads(&team(), 1));
        assert_eq!(status(id), ReferralStatus::Accepted);
        assert_eq!(offers_of(id), [OfferStatus::Withdrawn, OfferStatus::Accepted]);
        assert_noop!(accept(NURSE, id, team()), Error::<Test>::NotOffered);
        assert_noop!(accept(DEAN, id, hospital()), Error::<Test>::NotOffered);
    });
}

#[test]
fn rejected_by_one_and_accepted_by_another() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team(), hospital()]);
        assert_ok!(reject(NURSE, id, team()));
        assert_ok!(accept(DEAN, id, hospital()));
        let rejected = OfferStatus::Rejected(Reason::NoCapacity);
        assert_eq!(offers_of(id), [rejected, OfferStatus::Accepted]);
        assert!(reads(&hospital(), 1) && !reads(&team(), 1));
        assert_noop!(accept(NURSE, id, team()), Error::<Test>::NotOffered);
    });
}

#[test]
fn accept_refuses_everybody_it_was_not_offered_to() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team()]);
        assert_noop!(accept(NURSE, ReferralId(9), team()), Error::<Test>::ReferralNotFound);
        assert_noop!(accept(DEAN, id, hospital()), Error::<Test>::NotOffered);
        assert_noop!(accept(DOCTOR, id, doctor()), Error::<Test>::NotOffered);
        assert_noop!(accept(DEAN, id, team()), Error::<Test>::NotActingAs);
        assert_noop!(accept(STRANGER, id, team()), Error::<Test>::NotActingAs);
        set_acting(NURSE, team(), false);
        assert_noop!(accept(NURSE, id, team()), Error::<Test>::NotActingAs);
        for origin in unsigned_origins() {
            assert_noop!(Referrals::accept(origin, ALICE, id, team()), BadOrigin);
        }
    });
}

#[test]
fn what_was_revoked_or_has_expired_cannot_be_accepted() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team(), hospital()]);
        <Registry as TermsGiver<AccountId>>::end(ALICE, &team(), TermsId(1));
        assert_noop!(accept(NURSE, id, team()), Error::<Test>::AccessEnded);
        set_now(NOW + 10 * DAY);
        assert_noop!(accept(DEAN, id, hospital()), Error::<Test>::AccessEnded);
    });
}

#[test]
fn an_offer_ends_with_the_terms_it_came_from() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team()]);
        assert!(reads(&team(), 1));
        <Registry as TermsGiver<AccountId>>::end(ALICE, &doctor(), TermsId(1));
        assert!(!reads(&team(), 1));
        assert_noop!(accept(NURSE, id, team()), Error::<Test>::AccessEnded);
    });
}

#[test]
fn a_referral_of_a_suspended_person_is_not_accepted() {
    ExtBuilder.build_and_execute(|| {
        let id = refer(&[team()]);
        suspend_person(ALICE, true);
        assert_noop!(accept(NURSE, id, team()), Error::<Test>::SubjectNotActive);
    });
}
