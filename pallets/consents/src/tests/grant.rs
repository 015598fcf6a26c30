//! `grant`: what terms may say, and who may give them.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError::BadOrigin;

use super::*;
use crate::{Config, Error, Event, Grants, MAX_ID_LEAD};

fn refuses(terms: Terms<AccountId>, error: Error<Test>) {
    assert_noop!(Consents::grant(signed(ALICE_ACCOUNT), at_a(), terms), error);
}

#[test]
fn grant_stores_terms_and_says_so() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Consents::grant(signed(ALICE_ACCOUNT), at_a(), terms(1)));
        let file = Grants::<Test>::get(ALICE, at_a()).unwrap();
        assert_eq!((file.last_id, file.terms.to_vec()), (TermsId(1), vec![terms(1)]));
        assert_eq!(
            last_event(),
            Event::Granted { person: ALICE, grantee: at_a(), terms: terms(1) }
        );
        assert_eq!(Consents::terms_of(ALICE), vec![(at_a(), terms(1))]);
        assert_eq!(Consents::terms_of(BOB), vec![]);
        assert_eq!(Consents::last_terms_id(ALICE, at_a()), TermsId(1));
        assert_eq!(Consents::last_terms_id(ALICE, at_b()), TermsId(0));
    });
}

#[test]
fn grant_gives_to_every_kind_of_grantee() {
    ExtBuilder.build_and_execute(|| {
        for grantee in [at_a(), doctor_at_a(), team_of_a(), Grantee::Person(BOB)] {
            grant(grantee.clone(), terms(1));
            assert_eq!(held(&grantee), [1]);
        }
        assert_eq!(Consents::terms_of(ALICE).len(), 4);
    });
}

#[test]
fn grant_refuses_whoever_is_no_person_in_standing() {
    ExtBuilder.build_and_execute(|| {
        for who in accounts_of_no_person() {
            assert_noop!(Consents::grant(signed(who), at_a(), terms(1)), BadOrigin);
        }
        for origin in unsigned_origins() {
            assert_noop!(Consents::grant(origin, at_a(), terms(1)), BadOrigin);
        }
        suspend_person(ALICE, true);
        assert_noop!(Consents::grant(signed(ALICE_ACCOUNT), at_a(), terms(1)), BadOrigin);
    });
}

#[test]
fn grant_covers_the_callers_own_records_only() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Consents::grant(signed(BOB_ACCOUNT), at_a(), terms(1)));
        assert!(Consents::terms_of(ALICE).is_empty());
        assert_eq!(Consents::terms_of(BOB).len(), 1);
    });
}

#[test]
fn grant_refuses_terms_that_name_a_parent() {
    ExtBuilder.build_and_execute(|| {
        grant(at_b(), Terms { may_delegate: 1, ..terms(1) });
        refuses(child(1, at_b(), 1), Error::ParentGiven);
    });
}

#[test]
fn grant_refuses_blocks_that_hold_no_open_records_of_people() {
    ExtBuilder.build_and_execute(|| {
        refuses(Terms { blocks: BusinessBlockSet::EMPTY, ..terms(1) }, Error::NoBlocks);
        let with = |block| Terms { blocks: terms(1).blocks.with(block), ..terms(1) };
        refuses(with(blocks::HEALTH_EDUCATION), Error::BlockNotOpen);
        refuses(with(blocks::PUBLIC_KNOWLEDGE), Error::BlockNotOpen);
        refuses(with(BusinessBlockId(63)), Error::BlockNotOpen);
        let all = BusinessBlockSet(u64::MAX);
        refuses(Terms { blocks: all, ..terms(1) }, Error::RestrictedNotAlone);
        grant(at_a(), Terms { blocks: ALL_MEDICAL, ..terms(1) });
    });
}

#[test]
fn grant_takes_a_restricted_block_alone_only() {
    ExtBuilder.build_and_execute(|| {
        let restricted = BusinessBlockSet::of(blocks::RESTRICTED_MEDICAL);
        let beside = restricted.with(blocks::MEDICAL);
        refuses(Terms { blocks: beside, ..terms(1) }, Error::RestrictedNotAlone);
        let beside = restricted.with(blocks::EMERGENCY_SUMMARY);
        refuses(Terms { blocks: beside, ..terms(1) }, Error::RestrictedNotAlone);
        grant(at_a(), Terms { blocks: restricted, ..terms(1) });
    });
}

#[test]
fn grant_refuses_purposes_that_are_never_granted() {
    ExtBuilder.build_and_execute(|| {
        refuses(Terms { purposes: PurposeSet::EMPTY, ..terms(1) }, Error::NoPurposes);
        for purpose in Purpose::ALL.iter().filter(|purpose| !purpose.is_grantable()) {
            let purposes = terms(1).purposes.with(*purpose);
            refuses(Terms { purposes, ..terms(1) }, Error::PurposeNotGrantable);
        }
        for unknown in [1 << 14, 1 << 31, u32::MAX] {
            let purposes = PurposeSet(unknown);
            refuses(Terms { purposes, ..terms(1) }, Error::PurposeNotGrantable);
        }
        let marketing = PurposeSet::of(Purpose::Marketing);
        refuses(Terms { purposes: marketing, ..terms(1) }, Error::PurposeNotGrantable);
        grant(at_a(), Terms { purposes: PurposeSet::GRANTABLE, ..terms(1) });
    });
}

#[test]
fn grant_refuses_periods_that_are_empty_over_or_too_long() {
    ExtBuilder.build_and_execute(|| {
        let longest = NOW + <Test as Config>::MaxTerm::get();
        let lasting = |from, until| Terms { from, until, ..terms(1) };
        refuses(lasting(NOW + 1, NOW + 1), Error::EmptyPeriod);
        refuses(lasting(NOW + 2, NOW + 1), Error::EmptyPeriod);
        refuses(lasting(0, NOW), Error::AlreadyOver);
        refuses(lasting(0, NOW - 1), Error::AlreadyOver);
        refuses(lasting(NOW, longest + 1), Error::TooLong);
        refuses(lasting(NOW, u64::MAX), Error::TooLong);
        grant(at_a(), lasting(0, NOW + 1));
        grant(at_b(), lasting(NOW, longest));
    });
}

#[test]
fn grant_refuses_an_empty_range_of_record_dates() {
    ExtBuilder.build_and_execute(|| {
        let dated = |records_from, records_until| Terms { records_from, records_until, ..terms(1) };
        refuses(dated(NOW, NOW), Error::EmptyRecordRange);
        refuses(dated(NOW, NOW - 1), Error::EmptyRecordRange);
        refuses(dated(0, 0), Error::EmptyRecordRange);
        grant(at_a(), dated(0, u64::MAX));
    });
}

#[test]
fn grant_refuses_to_be_given_on_more_than_twice() {
    ExtBuilder.build_and_execute(|| {
        refuses(Terms { may_delegate: 3, ..terms(1) }, Error::DelegatesTooDeep);
        refuses(Terms { may_delegate: u8::MAX, ..terms(1) }, Error::DelegatesTooDeep);
        grant(at_a(), Terms { may_delegate: 2, ..terms(1) });
    });
}

#[test]
fn grant_refuses_an_identifier_that_does_not_rise() {
    ExtBuilder.build_and_execute(|| {
        refuses(terms(0), Error::IdNotRising);
        grant(at_a(), terms(5));
        refuses(terms(5), Error::IdNotRising);
        refuses(terms(4), Error::IdNotRising);
        grant(at_b(), terms(4));
        grant(at_a(), terms(6));
        assert_eq!(held(&at_a()), [5, 6]);
    });
}

#[test]
fn grant_refuses_a_replayed_identifier_after_revocation_and_after_expiry() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), at_a(), TermsId(1)));
        refuses(terms(1), Error::IdNotRising);
        grant(at_a(), terms(2));
        set_now(NOW + 10 * DAY);
        let later = |id| Terms { until: NOW + 20 * DAY, ..terms(id) };
        refuses(later(2), Error::IdNotRising);
        grant(at_a(), later(3));
        assert_eq!(held(&at_a()), [3]);
    });
}

#[test]
fn grant_refuses_an_identifier_that_would_use_up_the_range() {
    ExtBuilder.build_and_execute(|| {
        refuses(terms(u64::MAX), Error::IdTooFarAhead);
        refuses(terms(NOW + MAX_ID_LEAD + 1), Error::IdTooFarAhead);
        grant(at_a(), terms(NOW + MAX_ID_LEAD));
        refuses(terms(NOW + 2 * MAX_ID_LEAD + 1), Error::IdTooFarAhead);
        grant(at_a(), terms(NOW + 2 * MAX_ID_LEAD));
    });
}

#[test]
fn grant_makes_room_of_expired_terms_only() {
    ExtBuilder.build_and_execute(|| {
        for id in 1..=8 {
            grant(at_a(), Terms { until: NOW + DAY, ..terms(id) });
        }
        for id in 9..=16 {
            grant(at_a(), terms(id));
        }
        refuses(terms(17), Error::TooManyTerms);
        set_now(NOW + DAY - 1);
        refuses(terms(17), Error::TooManyTerms);
        set_now(NOW + DAY);
        grant(at_a(), terms(17));
        assert_eq!(held(&at_a()), [9, 10, 11, 12, 13, 14, 15, 16, 17]);
        grant(at_b(), terms(1));
    });
}
