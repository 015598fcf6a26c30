//! What a guardian who holds the keys does to an identity.

use frame_support::{assert_ok, traits::Time};
use kanglian_traits::{HoldKeys, PersonInspect, RecoverPerson};

use super::*;

const END: Instant = START + 100 * DAY;

fn hold(until: Instant) {
    HeldUntil::set(vec![(ALICE, until)]);
    assert_ok!(<RealName as HoldKeys>::hold(&ALICE, until));
}

fn acts(at: Instant) -> bool {
    <RealName as PersonInspect<_>>::acting(&ALICE_WALLET.account(), at).is_some()
}

fn status() -> PersonStatus {
    Persons::<Test>::get(ALICE).unwrap().status
}

#[test]
fn held_keys_act_until_their_end_and_the_person_goes_on_counting() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        hold(END);
        assert!(acts(END - 1));
        assert!(!acts(END));
        assert!(<RealName as PersonInspect<_>>::valid(&ALICE, END).is_some());
        // Rights can still be taken from others.
        let speaks = <RealName as PersonInspect<_>>::speaks_for(&ALICE_WALLET.account());
        assert_eq!(speaks, Some(ALICE));
    });
}

#[test]
fn rotating_the_account_does_not_outlast_the_end() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        hold(END);
        let new = NEW_WALLET.account();
        let signature = NEW_WALLET.sign_rotation(ALICE, &ALICE_WALLET.account());
        let alice = RuntimeOrigin::signed(ALICE_WALLET.account());
        assert_ok!(RealName::rotate_controller(alice, new.clone(), signature));
        assert!(<RealName as PersonInspect<_>>::acting(&new, END - 1).is_some());
        assert!(<RealName as PersonInspect<_>>::acting(&new, END).is_none());
    });
}

#[test]
fn suspension_and_recovery_do_not_wash_the_hold_off() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        hold(END);
        assert_ok!(RealName::suspend(RuntimeOrigin::signed(PAN_CENTRE_JIANGSU), ALICE));
        assert_ok!(RealName::lift(RuntimeOrigin::root(), ALICE));
        assert_eq!(status(), PersonStatus::Held(END));
        assert_ok!(<RealName as RecoverPerson<_>>::freeze(&ALICE));
        assert_ok!(<RealName as RecoverPerson<_>>::thaw(&ALICE));
        assert_eq!(status(), PersonStatus::Held(END));
    });
}

#[test]
fn new_keys_are_held_before_the_end_and_free_after_it() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        hold(END);
        let new = NEW_WALLET.account();
        assert_ok!(<RealName as RecoverPerson<_>>::recover(&ALICE, &new, key(7)));
        assert_eq!(status(), PersonStatus::Held(END));
        Timestamp::set_timestamp(END);
        let newer = BOB_WALLET.account();
        assert_ok!(<RealName as RecoverPerson<_>>::recover(&ALICE, &newer, key(8)));
        assert_eq!(status(), PersonStatus::Active);
        let now = Timestamp::now();
        assert!(<RealName as PersonInspect<_>>::acting(&newer, now).is_some());
        assert!(<RealName as PersonInspect<_>>::acting(&new, now).is_none());
    });
}

#[test]
fn a_hold_waits_for_the_end_of_a_suspension_and_refuses_a_closed_person() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(RealName::suspend(RuntimeOrigin::signed(PAN_CENTRE_JIANGSU), ALICE));
        hold(END);
        assert_eq!(status(), PersonStatus::Suspended);
        assert_ok!(RealName::lift(RuntimeOrigin::root(), ALICE));
        assert_eq!(status(), PersonStatus::Held(END));
        Timestamp::set_timestamp(START + 365 * DAY + GRACE);
        assert_ok!(RealName::remove_expired(RuntimeOrigin::signed(STRANGER), ALICE));
        let refused = <RealName as HoldKeys>::hold(&ALICE, END);
        assert_eq!(refused, Err(Error::<Test>::PersonClosed.into()));
    });
}
