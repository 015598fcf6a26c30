use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::BadOrigin;

use crate::{Event, Policy, TransferPolicy, mock::*};

fn may(to: AccountId) -> bool {
    HealthCoin::may_receive(|| [ALICE, HOSPITAL].contains(&to))
}

#[test]
fn set_transfer_policy_is_kept_and_told() {
    ExtBuilder::default().build_and_execute(|| {
        for policy in [TransferPolicy::Members, TransferPolicy::Open, TransferPolicy::ClosedLoop] {
            assert_ok!(HealthCoin::set_transfer_policy(RuntimeOrigin::root(), policy));
            assert_eq!(last_event(), Event::TransferPolicySet { policy }.into());
            assert_eq!(Policy::<Test>::get(), policy);
        }
    });
}

#[test]
fn set_transfer_policy_refuses_everyone_but_the_admin() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [RuntimeOrigin::signed(ALICE), RuntimeOrigin::none()] {
            assert_noop!(HealthCoin::set_transfer_policy(origin, TransferPolicy::Open), BadOrigin);
        }
    });
}

#[test]
fn may_receive_follows_the_policy() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(!may(HOSPITAL));
        assert!(!may(CLINIC));
    });
    ExtBuilder::default().policy(TransferPolicy::Members).build_and_execute(|| {
        assert!(may(HOSPITAL));
        assert!(!may(BOB));
    });
    ExtBuilder::default().policy(TransferPolicy::Open).build_and_execute(|| {
        assert!(may(CLINIC));
    });
}
