//! `refer` and `refer_own`: who refers, to whom, and that access opens at once.

use kanglian_primitives::{ParentTerms, Terms};

use super::*;

fn offers(to: &[Grantee<AccountId>]) -> Offers<AccountId> {
    let offers: Vec<_> = to.iter().map(|grantee| (grantee.clone(), child(grantee))).collect();
    offers.try_into().unwrap()
}

fn own_offers(to: &[Grantee<AccountId>]) -> Offers<AccountId> {
    let offers: Vec<_> = to.iter().map(|grantee| (grantee.clone(), terms(grantee))).collect();
    offers.try_into().unwrap()
}

fn refer_as(who: AccountId, offers: Offers<AccountId>) -> DispatchResult {
    Referrals::refer(signed(who), ALICE, doctor(), None, offers)
}

#[test]
fn a_doctor_refers_and_access_opens_at_once() {
    ExtBuilder.build_and_execute(|| {
        let request = share(9, village());
        let call = Referrals::refer(
            signed(DOCTOR),
            ALICE,
            doctor(),
            Some(request),
            offers(&[team(), hospital()]),
        );
        assert_ok!(call);
        let id = ReferralId(1);
        let event = Event::Referred {
            person: ALICE,
            id,
            by: Some(doctor()),
            request: Some(request),
            to: vec![(team(), TermsId(1)), (hospital(), TermsId(1))],
        };
        assert_eq!(last_event(), event);
        assert!(reads(&team(), 1) && reads(&hospital(), 1));
        assert_eq!(status(id), ReferralStatus::Offered);
        assert_eq!(offers_of(id), [OfferStatus::Offered; 2]);
        let referral = Referrals::referral(ALICE, id).unwrap();
        assert_eq!((referral.at, referral.until), (NOW, NOW + 10 * DAY));
        assert_eq!(Referrals::referrals_of(ALICE), vec![(id, referral)]);
        assert_eq!(Referrals::referrals_of(BOB), vec![]);
    });
}

#[test]
fn a_person_refers_oneself() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Referrals::refer_own(signed(ALICE_ACCOUNT), None, own_offers(&[hospital()])));
        assert!(reads(&hospital(), 1));
        assert_eq!(Referrals::referral(ALICE, ReferralId(1)).unwrap().by, None);
        for origin in unsigned_origins().into_iter().chain([signed(DOCTOR), signed(STRANGER)]) {
            let call = Referrals::refer_own(origin, None, own_offers(&[team()]));
            assert_noop!(call, BadOrigin);
        }
        suspend_person(ALICE, true);
        let call = Referrals::refer_own(signed(ALICE_ACCOUNT), None, own_offers(&[team()]));
        assert_noop!(call, BadOrigin);
    });
}

#[test]
fn refer_needs_terms_that_may_be_given_on_and_stays_within_them() {
    ExtBuilder.build_and_execute(|| {
        for who in [STRANGER, NURSE, ALICE_ACCOUNT] {
            assert_noop!(refer_as(who, offers(&[team()])), TERMS_REFUSED);
        }
        let wider =
            Terms { blocks: kanglian_primitives::BusinessBlockSet(u64::MAX), ..child(&team()) };
        let offer = vec![(team(), wider)].try_into().unwrap();
        assert_noop!(refer_as(DOCTOR, offer), TERMS_REFUSED);
        let orphan = Terms { parent: None, ..child(&team()) };
        let offer = vec![(team(), orphan)].try_into().unwrap();
        assert_noop!(refer_as(DOCTOR, offer), TERMS_REFUSED);
        let stolen = ParentTerms { grantee: hospital(), id: TermsId(1) };
        let stolen = Terms { parent: Some(stolen), ..child(&team()) };
        let offer = vec![(team(), stolen)].try_into().unwrap();
        assert_noop!(refer_as(DOCTOR, offer), TERMS_REFUSED);
        for origin in unsigned_origins() {
            let call = Referrals::refer(origin, ALICE, doctor(), None, offers(&[team()]));
            assert_noop!(call, BadOrigin);
        }
        assert_ok!(refer_as(DOCTOR, offers(&[team()])));
    });
}

#[test]
fn one_offer_that_is_refused_refuses_the_whole_referral() {
    ExtBuilder.build_and_execute(|| {
        let mut both = offers(&[team(), hospital()]);
        both[1].1.parent = None;
        assert_noop!(refer_as(DOCTOR, both), TERMS_REFUSED);
    });
}

#[test]
fn offers_must_be_well_formed() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(refer_as(DOCTOR, offers(&[])), Error::<Test>::NoOffers);
        let twice = offers(&[team(), hospital(), team()]);
        assert_noop!(refer_as(DOCTOR, twice), Error::<Test>::OfferedTwice);
        for grantee in [Grantee::Person(BOB), doctor()] {
            let call = refer_as(DOCTOR, offers(&[grantee]));
            assert_noop!(call, Error::<Test>::GranteeNotEligible);
        }
    });
}

#[test]
fn a_request_is_a_record_of_the_person() {
    ExtBuilder.build_and_execute(|| {
        let record = share(9, village());
        let refer = |request| {
            let offers = offers(&[team()]);
            Referrals::refer(signed(DOCTOR), ALICE, doctor(), Some(request), offers)
        };
        assert_noop!(refer(RecordId([8; 32])), Error::<Test>::RecordNotFound);
        Shared::mutate(|all| all.get_mut(&record).unwrap().subject = BOB);
        assert_noop!(refer(record), Error::<Test>::RecordNotFound);
        let rejected = share(9, village());
        Shared::mutate(|all| {
            all.get_mut(&rejected).unwrap().status = kanglian_primitives::RecordStatus::Rejected
        });
        assert_noop!(refer(rejected), Error::<Test>::RecordNotFound);
    });
}

#[test]
fn a_person_has_so_many_open_referrals_and_no_more() {
    ExtBuilder.build_and_execute(|| {
        let ids: Vec<_> = (0..3).map(|_| refer(&[team()])).collect();
        let more = || refer_as(DOCTOR, offers(&[team()]));
        assert_noop!(more(), Error::<Test>::TooManyReferrals);
        assert_ok!(Referrals::close_own(signed(ALICE_ACCOUNT), ids[0]));
        assert_ok!(more());
        assert_noop!(more(), Error::<Test>::TooManyReferrals);
        // What is left is the person's.
        let own = || Referrals::refer_own(signed(ALICE_ACCOUNT), None, own_offers(&[hospital()]));
        assert_ok!(own());
        assert_noop!(own(), Error::<Test>::TooManyReferrals);
    });
}
