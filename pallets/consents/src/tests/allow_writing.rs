//! `allow_writing`: who may write into which blocks of a person.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError::BadOrigin;

use super::*;
use crate::{Config, Error, Event, WriteConsent, WriteConsents};

const MEDICAL: BusinessBlockSet = BusinessBlockSet::of(blocks::MEDICAL);
const NONE: BusinessBlockSet = BusinessBlockSet::EMPTY;

fn allow(blocks: BusinessBlockSet, until: Instant) -> DispatchResult {
    Consents::allow_writing(signed(ALICE_ACCOUNT), hospital_a(), blocks, until)
}

fn may_write(block: BusinessBlockId, now: Instant) -> bool {
    Consents::may_write(&ALICE, &hospital_a(), block, now)
}

#[test]
fn allow_writing_stores_what_is_allowed_and_says_so() {
    ExtBuilder.build_and_execute(|| {
        assert!(!may_write(blocks::MEDICAL, NOW));
        assert_ok!(allow(MEDICAL, NOW + 5));
        assert_eq!(
            last_event(),
            Event::WritingAllowed {
                person: ALICE,
                institution: hospital_a(),
                blocks: MEDICAL,
                until: NOW + 5,
            }
        );
        let stored = WriteConsent { blocks: MEDICAL, until: NOW + 5 };
        assert_eq!(Consents::write_consents_of(ALICE), vec![(hospital_a(), stored)]);
        assert!(may_write(blocks::MEDICAL, NOW));
    });
}

#[test]
fn writing_ends_at_its_boundary_instant_and_stays_within_its_blocks() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(allow(MEDICAL, NOW + 5));
        assert!(may_write(blocks::MEDICAL, NOW + 4));
        assert!(!may_write(blocks::MEDICAL, NOW + 5));
        assert!(!may_write(blocks::MEDICAL, u64::MAX));
        for block in [blocks::RESTRICTED_MEDICAL, blocks::HEALTH, BusinessBlockId(64)] {
            assert!(!may_write(block, NOW));
        }
        assert!(!Consents::may_write(&ALICE, &hospital_b(), blocks::MEDICAL, NOW));
        assert!(!Consents::may_write(&BOB, &hospital_a(), blocks::MEDICAL, NOW));
    });
}

#[test]
fn nobody_writes_while_institution_region_or_person_lacks_standing() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(allow(MEDICAL, NOW + 5));
        suspend_institution(hospital_a(), true);
        assert!(!may_write(blocks::MEDICAL, NOW));
        suspend_institution(hospital_a(), false);
        suspend_region(JIANGSU, true);
        assert!(!may_write(blocks::MEDICAL, NOW));
        suspend_region(JIANGSU, false);
        suspend_person(ALICE, true);
        assert!(!may_write(blocks::MEDICAL, NOW));
        suspend_person(ALICE, false);
        assert!(may_write(blocks::MEDICAL, NOW));
    });
}

#[test]
fn allow_writing_replaces_what_was_allowed() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(allow(ALL_MEDICAL, NOW + 50));
        assert_ok!(allow(MEDICAL, NOW + 5));
        assert!(!may_write(blocks::HEALTH, NOW));
        assert!(!may_write(blocks::MEDICAL, NOW + 5));
    });
}

#[test]
fn no_blocks_end_writing_at_once() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(allow(NONE, NOW + 5), Error::<Test>::NoWriteConsent);
        assert_ok!(allow(MEDICAL, NOW + 5));
        assert_ok!(allow(NONE, 0));
        assert_eq!(last_event(), Event::WritingEnded { person: ALICE, institution: hospital_a() });
        assert!(!WriteConsents::<Test>::contains_key(ALICE, hospital_a()));
        assert!(!may_write(blocks::MEDICAL, NOW));
        assert_noop!(allow(NONE, 0), Error::<Test>::NoWriteConsent);
    });
}

#[test]
fn allow_writing_refuses_whoever_is_no_person() {
    ExtBuilder.build_and_execute(|| {
        let call = |origin| Consents::allow_writing(origin, hospital_a(), MEDICAL, NOW + 5);
        for who in accounts_of_no_person() {
            assert_noop!(call(signed(who)), BadOrigin);
        }
        for origin in unsigned_origins() {
            assert_noop!(call(origin), BadOrigin);
        }
    });
}

#[test]
fn allow_writing_refuses_bad_blocks_and_ends() {
    ExtBuilder.build_and_execute(|| {
        let longest = NOW + <Test as Config>::MaxTerm::get();
        let public = MEDICAL.with(blocks::HEALTH_EDUCATION);
        assert_noop!(allow(public, NOW + 5), Error::<Test>::BlockNotOpen);
        assert_noop!(allow(BusinessBlockSet(1 << 63), NOW + 5), Error::<Test>::BlockNotOpen);
        assert_noop!(allow(MEDICAL, NOW), Error::<Test>::AlreadyOver);
        assert_noop!(allow(MEDICAL, 0), Error::<Test>::AlreadyOver);
        assert_noop!(allow(MEDICAL, longest + 1), Error::<Test>::TooLong);
        assert_noop!(allow(MEDICAL, u64::MAX), Error::<Test>::TooLong);
        assert_ok!(allow(MEDICAL.with(blocks::RESTRICTED_MEDICAL), longest));
    });
}

#[test]
fn writing_gives_nothing_to_read() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(allow(MEDICAL, NOW + 5));
        let refused = Decision::Refused(kanglian_primitives::Refusal::NoConsent);
        assert_eq!(decide(HOSPITAL_A_ACCOUNT, at_a()), refused);
    });
}
