use frame_support::{assert_noop, assert_ok};
use kanglian_traits::PersonInspect;

use super::*;

fn invalidate(from: Instant) -> DispatchResult {
    RealName::invalidate_attester(RuntimeOrigin::signed(ADMIN), hospital_a(), from)
}

#[test]
fn invalidate_attester_voids_from_its_instant_on() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(invalidate(START + 1));
        last_event(Event::AttesterInvalidated { institution: hospital_a(), from: START + 1 });
        assert!(RealName::valid(&ALICE, START).is_some(), "attested before the instant");

        assert_ok!(invalidate(START));
        assert_eq!(InvalidFrom::<Test>::get(hospital_a()), Some(START));
        assert_eq!(RealName::valid(&ALICE, START), None);
        assert_eq!(RealName::acting(&ALICE_WALLET.account(), START), None);
        assert_noop!(RealName::move_region(alice(), ZHEJIANG), DispatchError::BadOrigin);
    });
}

#[test]
fn invalidate_attester_leaves_other_institutions_alone() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(RealName::invalidate_attester(RuntimeOrigin::root(), hospital_b(), 0));
        assert!(RealName::valid(&ALICE, START).is_some());
    });
}

#[test]
fn invalidate_attester_can_be_corrected() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(invalidate(0));
        assert_noop!(invalidate(0), Error::<Test>::Unchanged);
        assert_ok!(invalidate(START + DAY));
        assert!(RealName::valid(&ALICE, START).is_some());
    });
}

#[test]
fn invalidate_attester_refuses_whoever_is_not_governance() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        only(&[Caller::Root, Caller::Admin], |origin| {
            RealName::invalidate_attester(origin, hospital_a(), START)
        });
    });
}
