//! Answers to other pallets and to clients.

use frame_support::assert_ok;
use kanglian_traits::{PersonInspect, PersonView};

use super::*;

#[test]
fn valid_and_acting_agree_and_end_at_the_boundary_instant() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let controller = ALICE_WALLET.account();
        let end = entry(ALICE).valid_until;
        let view = PersonView { id: ALICE, controller: controller.clone(), home_region: JIANGSU };
        for now in [START, end - 1] {
            assert_eq!(RealName::valid(&ALICE, now), Some(view.clone()));
            assert_eq!(RealName::acting(&controller, now), Some(view.clone()));
        }
        for now in [end, u64::MAX] {
            assert_eq!(RealName::valid(&ALICE, now), None);
            assert_eq!(RealName::acting(&controller, now), None);
        }
        assert_eq!(RealName::acting(&STRANGER, START), None);
        assert_eq!(RealName::valid(&BOB, START), None);
    });
}

#[test]
fn suspending_the_home_region_leaves_the_person_valid() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        suspend_region(JIANGSU);
        assert!(RealName::valid(&ALICE, START).is_some());
    });
}

#[test]
fn revoking_the_attester_leaves_the_person_valid() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        revoke_institution(hospital_a());
        assert!(RealName::valid(&ALICE, START).is_some());
    });
}

#[test]
fn controller_answers_whatever_the_standing() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let controller = |id| <RealName as PersonInspect<AccountId32>>::controller(&id);
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        assert_eq!(controller(ALICE), Some(ALICE_WALLET.account()));
        assert_eq!(controller(BOB), None);
    });
}

#[test]
fn view_functions_tell_the_standing() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let end = entry(ALICE).valid_until;
        assert_eq!(RealName::person(ALICE), Some(entry(ALICE)));
        assert_eq!(RealName::person_of(ALICE_WALLET.account()), Some(ALICE));
        assert_eq!(RealName::standing(BOB), None);
        assert_eq!(RealName::standing(ALICE), Some(Standing::Valid));
        assert_ok!(RealName::invalidate_attester(RuntimeOrigin::root(), hospital_a(), START));
        assert_eq!(RealName::invalid_from(hospital_a()), Some(START));
        assert_eq!(RealName::standing(ALICE), Some(Standing::Invalidated));
        at(end);
        assert_eq!(RealName::standing(ALICE), Some(Standing::Expired));
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        assert_eq!(RealName::standing(ALICE), Some(Standing::Suspended));
        at(end + GRACE);
        assert_ok!(RealName::remove_expired(Caller::Stranger.origin(), ALICE));
        assert_eq!(RealName::standing(ALICE), Some(Standing::Closed));
    });
}

#[test]
fn try_state_notices_what_no_call_would_leave_behind() {
    let corruptions: [fn(); 6] = [
        || PersonOf::<Test>::remove(ALICE_WALLET.account()),
        || PersonOf::<Test>::insert(STRANGER, ALICE),
        || {
            System::dec_sufficients(&ALICE_WALLET.account());
        },
        || change(|entry| entry.status = PersonStatus::Closed),
        || change(|entry| entry.data_key = low_order_key()),
        || change(|entry| entry.attested_at = START + 1),
    ];
    for corrupt in corruptions {
        ExtBuilder::default().with_alice().build().execute_with(|| {
            assert_ok!(RealName::do_try_state());
            corrupt();
            assert!(RealName::do_try_state().is_err());
        });
    }
}

fn change(with: fn(&mut Person<AccountId32>)) {
    Persons::<Test>::mutate(ALICE, |entry| with(entry.as_mut().expect("is known")));
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn setting_a_person_for_benchmarks_may_be_repeated_and_keeps_the_invariants() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        for (id, controller) in [
            (ALICE, STRANGER),
            (ALICE, STRANGER),
            (BOB, STRANGER),
            (ALICE, ALICE_WALLET.account()),
            (BOB, ALICE_WALLET.account()),
        ] {
            RealName::benchmark_set_person(id, ZHEJIANG, &controller);
            let view = PersonView { id, controller: controller.clone(), home_region: ZHEJIANG };
            assert_eq!(RealName::acting(&controller, START), Some(view));
            assert_ok!(RealName::do_try_state());
        }
    });
}
