//! What recoveries do to an identity.

use frame_support::{assert_noop, assert_ok};
use kanglian_traits::{IdentityStatus, PersonInspect, RecoverPerson};

use super::*;

fn freeze() -> DispatchResult {
    <RealName as RecoverPerson<_>>::freeze(&ALICE)
}

fn thaw() -> DispatchResult {
    <RealName as RecoverPerson<_>>::thaw(&ALICE)
}

fn recover(wallet: Wallet) -> DispatchResult {
    <RealName as RecoverPerson<_>>::recover(&ALICE, &wallet.account(), key(5))
}

fn close() {
    at(START + 365 * DAY + GRACE);
    assert_ok!(RealName::remove_expired(Caller::Stranger.origin(), ALICE));
}

#[test]
fn a_frozen_person_counts_but_does_not_act() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let old = ALICE_WALLET.account();
        assert_ok!(freeze());
        assert_eq!(RealName::standing(ALICE), Some(Standing::Recovering));
        assert_eq!(RealName::acting(&old, START), None);
        assert!(RealName::valid(&ALICE, START).is_some(), "terms and write consents go on");
        assert_eq!(RealName::speaks_for(&old), Some(ALICE), "it can still revoke and veto");
        only(&[], |origin| RealName::move_region(origin, ZHEJIANG));
        only(&[], |origin| RealName::rotate_data_key(origin, key(7)));
        let signature = NEW_WALLET.sign_rotation(ALICE, &old);
        only(&[], |origin| {
            RealName::rotate_controller(origin, NEW_WALLET.account(), signature.clone())
        });
        // The institution that keeps the identity valid still can.
        let until = START + 400 * DAY;
        assert_ok!(RealName::renew(Caller::Institution.origin(), ALICE, until));
        assert_ok!(freeze());
        assert_ok!(thaw());
        assert_eq!(RealName::standing(ALICE), Some(Standing::Valid));
        assert!(RealName::acting(&old, START).is_some());
    });
}

#[test]
fn a_frozen_person_expires_and_is_invalidated_as_any_other() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(freeze());
        assert_ok!(RealName::invalidate_attester(Caller::Root.origin(), hospital_a(), START));
        assert_eq!(RealName::standing(ALICE), Some(Standing::Invalidated));
        at(START + 365 * DAY);
        assert_eq!(RealName::standing(ALICE), Some(Standing::Expired));
        assert_eq!(RealName::valid(&ALICE, START + 365 * DAY), None);
    });
}

#[test]
fn a_suspension_outlasts_the_freeze_and_leaves_it() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(freeze());
        Recovering::set(vec![ALICE]);
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        assert_eq!(RealName::valid(&ALICE, START), None);
        assert_noop!(recover(NEW_WALLET), Error::<Test>::PersonSuspended);
        assert_ok!(RealName::lift(Caller::Admin.origin(), ALICE));
        assert_eq!(entry(ALICE).status, PersonStatus::Recovering, "the recovery still pends");
        // The recovery ends while the person is suspended: nothing thaws the suspension.
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        Recovering::set(vec![]);
        assert_ok!(thaw());
        assert_eq!(entry(ALICE).status, PersonStatus::Suspended);
        assert_ok!(RealName::lift(Caller::Admin.origin(), ALICE));
        assert_eq!(entry(ALICE).status, PersonStatus::Active);
    });
}

#[test]
fn recover_hands_account_and_data_key_over_and_keeps_the_rest() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let (old, new, before) = (ALICE_WALLET.account(), NEW_WALLET.account(), entry(ALICE));
        assert_ok!(freeze());
        assert_ok!(recover(NEW_WALLET));
        let expected = Person { controller: new.clone(), data_key: key(5), ..before };
        assert_eq!(entry(ALICE), expected);
        assert_eq!(RealName::acting(&old, START), None);
        assert_eq!(RealName::speaks_for(&old), None, "no right is left, not even to revoke");
        assert!(RealName::acting(&new, START).is_some());
        assert_eq!((System::sufficients(&old), System::sufficients(&new)), (0, 1));
        last_event(Event::Recovered { person: ALICE, old: old.clone(), new, data_key: key(5) });
        only(&[], |origin| RealName::move_region(origin, ZHEJIANG));
        // The old account is free for somebody else.
        assert_ok!(attest(BOB, ALICE_WALLET, attestation(ALICE_WALLET)));
    });
}

#[test]
fn recover_refuses_accounts_in_use_and_weak_keys() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(attest(BOB, BOB_WALLET, attestation(BOB_WALLET)));
        for taken in [ALICE_WALLET, BOB_WALLET] {
            assert!(!<RealName as RecoverPerson<_>>::is_free(&taken.account()));
            assert_noop!(recover(taken), Error::<Test>::AccountInUse);
        }
        assert_noop!(
            <RealName as RecoverPerson<_>>::recover(&ALICE, &NEW_WALLET.account(), low_order_key()),
            Error::<Test>::LowOrderKey
        );
    });
}

#[test]
fn closed_suspended_and_unknown_persons_are_not_recovered() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let identity = <RealName as RecoverPerson<_>>::identity;
        assert_eq!(identity(&BOB), None);
        assert_noop!(
            <RealName as RecoverPerson<AccountId32>>::freeze(&BOB),
            Error::<Test>::PersonUnknown
        );
        assert_eq!(identity(&ALICE).map(|one| one.status), Some(IdentityStatus::Open));
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        assert_eq!(identity(&ALICE).map(|one| one.status), Some(IdentityStatus::Suspended));
        assert_noop!(freeze(), Error::<Test>::PersonSuspended);
        assert_noop!(recover(NEW_WALLET), Error::<Test>::PersonSuspended);
        close();
        assert_eq!(identity(&ALICE).map(|one| one.status), Some(IdentityStatus::Closed));
        assert_noop!(freeze(), Error::<Test>::PersonClosed);
        assert_noop!(recover(NEW_WALLET), Error::<Test>::PersonClosed);
        assert_ok!(thaw());
        assert_eq!(entry(ALICE).status, PersonStatus::Closed);
    });
}

#[test]
fn a_frozen_person_is_closed_when_its_time_comes() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(freeze());
        close();
        assert_eq!(entry(ALICE).status, PersonStatus::Closed);
        assert_noop!(recover(NEW_WALLET), Error::<Test>::PersonClosed);
    });
}
