//! Coins while a recovery pends, and after it.

use frame_support::traits::{
    ReservableCurrency,
    fungible::{Inspect, Mutate},
};
use kanglian_traits::IdentityStatus;
use sp_runtime::TokenError;

use super::*;

fn pay(who: &AccountId32, amount: u64) {
    Balances::mint_into(who, amount).expect("minted");
}

fn coins(who: &AccountId32) -> u64 {
    Balances::total_balance(who)
}

/// Whether the old key can send in some way.
fn can_send() -> bool {
    let who = || signed(ALICE_OLD);
    let mut sent = false;
    let _ = frame_support::storage::with_storage_layer::<(), DispatchError, _>(|| {
        sent = Balances::transfer_allow_death(who(), STRANGER, 50).is_ok()
            || Balances::transfer_keep_alive(who(), STRANGER, 50).is_ok()
            || Balances::burn(who(), 50, false).is_ok();
        Balances::transfer_all(who(), STRANGER, false)?;
        sent |= coins(&STRANGER) > 0;
        Err(DispatchError::Other("looked only"))
    });
    sent
}

fn collect(account: AccountId32) -> DispatchResult {
    Custody::collect_coins(signed(STRANGER), account)
}

fn moved(to: AccountId32, amount: u64) {
    System::assert_has_event(
        Event::CoinsMoved { person: ALICE, from: ALICE_OLD, to, amount }.into(),
    );
}

#[test]
fn nothing_leaves_the_old_account_while_a_recovery_pends() {
    ExtBuilder::default().build_and_execute(|| {
        pay(&ALICE_OLD, 1_000);
        assert!(can_send());
        assert_ok!(open());
        assert!(!can_send());
        assert_noop!(
            Balances::transfer_allow_death(signed(ALICE_OLD), STRANGER, 1),
            TokenError::Frozen
        );
        // A veto keeps them where they are; what is earned meanwhile is kept too.
        assert_ok!(veto(FIRST));
        pay(&ALICE_OLD, 500);
        assert!(!can_send());
        assert_eq!(coins(&ALICE_OLD), 1_500);
    });
}

#[test]
fn a_recovery_that_ends_otherwise_gives_the_coins_back() {
    let ends: [fn() -> DispatchResult; 3] = [
        || Custody::dismiss_recovery(signed(pan_centre(JIANGSU)), FIRST),
        || Custody::withdraw_recovery(signed(CONTROLLER_A), FIRST),
        || {
            at(START + PERIOD);
            Custody::prune_case(signed(STRANGER), CaseRef::Recovery(FIRST))
        },
    ];
    for end in ends {
        ExtBuilder::default().build_and_execute(|| {
            pay(&ALICE_OLD, 1_000);
            let before = System::account(ALICE_OLD);
            assert_ok!(open());
            assert_eq!(System::sufficients(&NEW.account()), 1);
            assert_ok!(end());
            assert_eq!(System::account(ALICE_OLD), before);
            assert!(!System::account_exists(&NEW.account()), "nothing of the new one is left");
            assert!(can_send());
        });
    }
}

#[test]
fn one_that_gives_way_to_another_leaves_them_frozen() {
    ExtBuilder::default().build_and_execute(|| {
        pay(&ALICE_OLD, 1_000);
        assert_ok!(open());
        at(START + PERIOD);
        assert_ok!(open_by(CONTROLLER_B, THIEF));
        assert!(!can_send());
        assert_eq!(System::sufficients(&NEW.account()), 0);
    });
}

#[test]
fn coins_and_what_was_earned_meanwhile_arrive_once() {
    ExtBuilder::default().build_and_execute(|| {
        pay(&ALICE_OLD, 1_000);
        assert_ok!(open());
        pay(&ALICE_OLD, 500);
        approve(FIRST, &[SHANGHAI, JIANGSU, ZHEJIANG]);
        at(START + DELAY);
        assert_ok!(execute(FIRST));
        assert_eq!((coins(&ALICE_OLD), coins(&NEW.account())), (0, 1_500));
        moved(NEW.account(), 1_500);
        assert_noop!(execute(FIRST), Error::<Test>::NotPending);
        assert_noop!(collect(ALICE_OLD), Error::<Test>::NothingToCollect);
        // They are the new key's to send.
        let send = Balances::transfer_allow_death(signed(NEW.account()), STRANGER, 1_500);
        assert_ok!(send);
    });
}

#[test]
fn an_account_without_coins_is_frozen_before_the_first_arrive() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        pay(&ALICE_OLD, 500);
        assert!(!can_send());
        approve(FIRST, &[SHANGHAI, JIANGSU, ZHEJIANG]);
        at(START + DELAY);
        assert_ok!(execute(FIRST));
        assert_eq!((coins(&ALICE_OLD), coins(&NEW.account())), (0, 500));
    });
    ExtBuilder::default().build_and_execute(|| {
        recover();
        assert_eq!(coins(&NEW.account()), 0);
    });
}

#[test]
fn deposits_come_with_the_next_collection() {
    ExtBuilder::default().build_and_execute(|| {
        pay(&ALICE_OLD, 1_000);
        assert_ok!(Balances::reserve(&ALICE_OLD, 400));
        recover();
        assert_eq!((coins(&ALICE_OLD), coins(&NEW.account())), (400, 600));
        assert_noop!(collect(ALICE_OLD), Error::<Test>::NothingToCollect);
        // The other call gives it back: it is the person's, whoever has the key.
        assert_eq!(Balances::unreserve(&ALICE_OLD, 400), 0);
        assert!(!can_send());
        assert_ok!(collect(ALICE_OLD));
        moved(NEW.account(), 400);
        assert_eq!((coins(&ALICE_OLD), coins(&NEW.account())), (0, 1_000));
        // As is what somebody sends there by mistake, long after.
        at(START + 3 * YEAR);
        assert_ok!(Custody::prune_case(signed(STRANGER), CaseRef::Recovery(FIRST)));
        pay(&ALICE_OLD, 70);
        assert!(!can_send());
        assert_ok!(collect(ALICE_OLD));
        assert_eq!(coins(&NEW.account()), 1_070);
    });
}

#[test]
fn a_deposit_cannot_be_used_to_get_them_out() {
    ExtBuilder::default().build_and_execute(|| {
        pay(&ALICE_OLD, 1_000);
        assert_ok!(open());
        // Whether or not it can be made, it comes back to the frozen account.
        let _ = Balances::reserve(&ALICE_OLD, 900);
        approve(FIRST, &[SHANGHAI, JIANGSU, ZHEJIANG]);
        at(START + DELAY);
        assert_ok!(execute(FIRST));
        Balances::unreserve(&ALICE_OLD, 900);
        assert!(!can_send());
        let _ = collect(ALICE_OLD);
        assert_eq!((coins(&ALICE_OLD), coins(&NEW.account())), (0, 1_000));
    });
}

#[test]
fn less_than_an_account_begins_with_waits() {
    ExtBuilder::default().build_and_execute(|| {
        pay(&ALICE_OLD, 1_000);
        assert_ok!(Balances::reserve(&ALICE_OLD, 990));
        assert_ok!(open());
        approve(FIRST, &[SHANGHAI, JIANGSU, ZHEJIANG]);
        at(START + DELAY);
        assert_ok!(execute(FIRST));
        assert_eq!(coins(&NEW.account()), ED);
        Balances::unreserve(&ALICE_OLD, ED - 1);
        assert_noop!(collect(ALICE_OLD), Error::<Test>::NothingToCollect);
        Balances::unreserve(&ALICE_OLD, 1_000);
        assert_ok!(collect(ALICE_OLD));
        assert_eq!((coins(&ALICE_OLD), coins(&NEW.account())), (0, 1_000));
    });
}

#[test]
fn collect_coins_is_anybodys_but_signed_and_only_for_lost_accounts() {
    ExtBuilder::default().build_and_execute(|| {
        pay(&ALICE_OLD, 1_000);
        assert_noop!(collect(ALICE_OLD), Error::<Test>::NotLost);
        assert_ok!(open());
        assert_noop!(collect(ALICE_OLD), Error::<Test>::NotLost);
        assert_noop!(collect(BOB_ACCOUNT), Error::<Test>::NotLost);
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
            assert_noop!(Custody::collect_coins(origin, ALICE_OLD), DispatchError::BadOrigin);
        }
        // A person who was forgotten since has no account that they could go to.
        assert_ok!(Custody::dismiss_recovery(signed(pan_centre(JIANGSU)), FIRST));
        assert_ok!(Custody::freeze_coins(&STRANGER));
        LostAccounts::<Test>::insert(STRANGER, PersonId([9; 32]));
        assert_noop!(collect(STRANGER), Error::<Test>::PersonUnknown);
    });
}

#[test]
fn an_account_that_speaks_for_its_person_again_is_free() {
    ExtBuilder::default().build_and_execute(|| {
        recover();
        // The phone was found, and the person changes back to its account.
        set_person(ALICE, |person| person.controller = ALICE_OLD);
        pay(&ALICE_OLD, 100);
        assert!(!can_send());
        assert_ok!(collect(ALICE_OLD));
        last_event(Event::AccountFound { person: ALICE, account: ALICE_OLD });
        assert_eq!(Custody::lost_by(ALICE_OLD), None);
        assert!(can_send());
        assert_noop!(collect(ALICE_OLD), Error::<Test>::NotLost);
    });
}

#[test]
fn a_second_recovery_finds_the_account_frozen_and_leaves_it_so() {
    ExtBuilder::default().build_and_execute(|| {
        recover();
        set_person(ALICE, |person| person.controller = ALICE_OLD);
        pay(&ALICE_OLD, 100);
        assert_ok!(open_by(CONTROLLER_B, THIEF));
        // Found while the case pends: free only when it ends.
        assert_ok!(collect(ALICE_OLD));
        assert!(!can_send());
        assert_ok!(Custody::withdraw_recovery(signed(CONTROLLER_B), RecoveryId(1)));
        assert!(can_send());
    });
    ExtBuilder::default().build_and_execute(|| {
        recover();
        set_person(ALICE, |person| person.controller = ALICE_OLD);
        assert_ok!(open_by(CONTROLLER_B, THIEF));
        assert_ok!(Custody::withdraw_recovery(signed(CONTROLLER_B), RecoveryId(1)));
        // Nobody has said that it was found.
        assert_eq!(Custody::lost_by(ALICE_OLD), Some(ALICE));
        pay(&ALICE_OLD, 100);
        assert!(!can_send());
    });
}

#[test]
fn an_account_lost_by_one_person_makes_no_other_rich() {
    ExtBuilder::default().build_and_execute(|| {
        pay(&BOB_ACCOUNT, 100);
        assert_ok!(Custody::freeze_coins(&BOB_ACCOUNT));
        LostAccounts::<Test>::insert(BOB_ACCOUNT, BOB);
        // Alice took Bob's lost account, and is recovered from it.
        set_person(BOB, |bob| bob.controller = STRANGER);
        set_person(ALICE, |alice| alice.controller = BOB_ACCOUNT);
        recover();
        assert_eq!(coins(&NEW.account()), 0);
        assert_ok!(collect(BOB_ACCOUNT));
        assert_eq!(coins(&STRANGER), 100);
    });
}

#[test]
fn only_the_new_account_of_an_executable_recovery_need_not_pay() {
    ExtBuilder::default().build_and_execute(|| {
        let free = |who: AccountId32| Custody::is_executable_by(FIRST, &who);
        assert!(!free(NEW.account()));
        assert_ok!(open());
        approve(FIRST, &[SHANGHAI, JIANGSU]);
        at(START + DELAY);
        assert!(!free(NEW.account()), "too few approvals");
        approve(FIRST, &[ZHEJIANG]);
        at(START + DELAY - 1);
        assert!(!free(NEW.account()), "too early");
        at(START + DELAY);
        assert!(free(NEW.account()));
        for other in [ALICE_OLD, STRANGER, CONTROLLER_A, THIEF.account()] {
            assert!(!free(other));
        }
        for refused in [
            || set_person(ALICE, |alice| alice.status = IdentityStatus::Suspended),
            || set_person(BOB, |bob| bob.controller = NEW.account()),
            || set_active(ZHEJIANG, false),
            || forbid(hospital_a()),
            || at(START + PERIOD),
        ] {
            let undone = frame_support::storage::with_storage_layer::<(), DispatchError, _>(|| {
                let (persons, permitted) = (Persons::get(), Permitted::get());
                refused();
                assert!(!free(NEW.account()));
                Persons::set(persons);
                Permitted::set(permitted);
                set_active(ZHEJIANG, true);
                Err(DispatchError::Other("undone"))
            });
            assert!(undone.is_err() && free(NEW.account()));
        }
        assert_ok!(execute(FIRST));
        assert!(!free(NEW.account()), "it is done");
    });
}
