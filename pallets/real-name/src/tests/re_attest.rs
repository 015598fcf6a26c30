use frame_support::{assert_noop, assert_ok};
use kanglian_traits::PersonInspect;

use super::*;

fn re_attest_by_b() -> DispatchResult {
    RealName::re_attest(RuntimeOrigin::signed(CONTROLLER_B), ALICE)
}

#[test]
fn re_attest_heals_a_voided_attestation() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let before = entry(ALICE);
        assert_ok!(RealName::invalidate_attester(RuntimeOrigin::root(), hospital_a(), START));
        at(START + DAY);
        assert_ok!(re_attest_by_b());
        assert_eq!(
            entry(ALICE),
            Person { attester: hospital_b(), attested_at: START + DAY, ..before.clone() }
        );
        assert!(RealName::valid(&ALICE, START + DAY).is_some());
        last_event(Event::ReAttested {
            person: ALICE,
            attester: hospital_b(),
            valid_until: before.valid_until,
        });
    });
}

#[test]
fn re_attest_revives_an_expired_identity_for_its_former_term() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let end = entry(ALICE).valid_until;
        at(end - 1);
        assert_noop!(re_attest_by_b(), Error::<Test>::StillAttested);
        at(end);
        // The institution that attested may do it as well.
        assert_ok!(RealName::re_attest(Caller::Institution.origin(), ALICE));
        assert_eq!(entry(ALICE).valid_until, end + 365 * DAY);
        assert!(RealName::valid(&ALICE, end).is_some());
    });
}

#[test]
fn re_attest_never_exceeds_the_longest_validity() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let end = START + 365 * DAY;
        at(end - 1);
        let renewed = end - 1 + MAX_VALIDITY;
        assert_ok!(RealName::renew(Caller::Institution.origin(), ALICE, renewed));
        at(renewed);
        assert_ok!(re_attest_by_b());
        assert_eq!(entry(ALICE).valid_until, renewed + MAX_VALIDITY);
    });
}

#[test]
fn re_attest_refuses_while_the_attestation_counts() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_noop!(re_attest_by_b(), Error::<Test>::StillAttested);
    });
}

#[test]
fn re_attest_refuses_the_voided_institution_itself() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(RealName::invalidate_attester(RuntimeOrigin::root(), hospital_a(), START));
        assert_noop!(
            RealName::re_attest(Caller::Institution.origin(), ALICE),
            Error::<Test>::AttesterVoid
        );
    });
}

#[test]
fn re_attest_works_from_another_region_when_the_home_region_is_suspended() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        at(START + 365 * DAY);
        suspend_region(JIANGSU);
        assert_noop!(re_attest_by_b(), DispatchError::BadOrigin);
        assert_ok!(RealName::re_attest(RuntimeOrigin::signed(CONTROLLER_Z), ALICE));
        assert_eq!(entry(ALICE).home_region, JIANGSU);
    });
}

#[test]
fn re_attest_keeps_a_suspension() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        assert_ok!(RealName::invalidate_attester(RuntimeOrigin::root(), hospital_a(), START));
        assert_ok!(re_attest_by_b());
        assert_eq!(RealName::standing(ALICE), Some(Standing::Suspended));
    });
}

#[test]
fn re_attest_refuses_unknown_and_closed_persons() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_noop!(
            RealName::re_attest(RuntimeOrigin::signed(CONTROLLER_B), BOB),
            Error::<Test>::PersonUnknown
        );
        at(START + 365 * DAY + GRACE);
        assert_ok!(RealName::remove_expired(Caller::Stranger.origin(), ALICE));
        assert_noop!(re_attest_by_b(), Error::<Test>::PersonClosed);
    });
}

#[test]
fn re_attest_refuses_whoever_is_no_institution() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        at(START + 365 * DAY);
        only(&[Caller::Institution], |origin| RealName::re_attest(origin, ALICE));
    });
}
