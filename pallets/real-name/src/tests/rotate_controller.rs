use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::payloads;
use kanglian_traits::PersonInspect;

use super::*;

fn rotate(origin: RuntimeOrigin) -> DispatchResult {
    let old = ALICE_WALLET.account();
    RealName::rotate_controller(origin, NEW_WALLET.account(), NEW_WALLET.sign_rotation(ALICE, &old))
}

#[test]
fn rotate_controller_hands_the_person_over() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let (old, new, before) = (ALICE_WALLET.account(), NEW_WALLET.account(), entry(ALICE));
        assert_ok!(rotate(alice()));
        assert_eq!(entry(ALICE), Person { controller: new.clone(), ..before });
        assert_eq!(PersonOf::<Test>::get(&old), None);
        assert_eq!(PersonOf::<Test>::get(&new), Some(ALICE));
        assert_eq!((System::sufficients(&old), System::sufficients(&new)), (0, 1));
        assert_eq!(RealName::acting(&old, START), None);
        last_event(Event::ControllerRotated { person: ALICE, old, new });
        // The old account is free for somebody else.
        assert_ok!(attest(BOB, ALICE_WALLET, attestation(ALICE_WALLET)));
    });
}

#[test]
fn rotate_controller_takes_a_wrapped_signature() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let (old, new) = (ALICE_WALLET.account(), NEW_WALLET.account());
        let payload = payloads::rotate(&genesis(), &ALICE, &old, &new);
        assert_ok!(RealName::rotate_controller(alice(), new, NEW_WALLET.sign_wrapped(&payload)));
    });
}

#[test]
fn rotate_controller_refuses_whoever_is_not_the_person() {
    ExtBuilder::default().with_alice().build_and_execute(|| only(&[Caller::Person], rotate));
}

#[test]
fn rotate_controller_refuses_a_suspended_person() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        only(&[], rotate);
    });
}

#[test]
fn rotate_controller_refuses_an_account_in_use() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_ok!(attest(BOB, BOB_WALLET, attestation(BOB_WALLET)));
        let old = ALICE_WALLET.account();
        for taken in [ALICE_WALLET, BOB_WALLET] {
            let signature = taken.sign_rotation(ALICE, &old);
            assert_noop!(
                RealName::rotate_controller(alice(), taken.account(), signature),
                Error::<Test>::AccountInUse
            );
        }
    });
}

#[test]
fn rotate_controller_refuses_a_signature_over_anything_else() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let (old, new) = (ALICE_WALLET.account(), NEW_WALLET.account());
        let mut elsewhere = genesis();
        elsewhere[0] ^= 1;
        for signature in [
            ALICE_WALLET.sign_rotation(ALICE, &old),
            ALICE_WALLET.sign(&payloads::rotate(&genesis(), &ALICE, &old, &new)),
            NEW_WALLET.sign_rotation(BOB, &old),
            NEW_WALLET.sign_rotation(ALICE, &new),
            NEW_WALLET.sign(&payloads::rotate(&elsewhere, &ALICE, &old, &new)),
        ] {
            assert_noop!(
                RealName::rotate_controller(alice(), new.clone(), signature),
                Error::<Test>::BadSignature
            );
        }
    });
}

#[test]
fn rotate_controller_cannot_be_replayed_after_the_account_came_back() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let (old, new) = (ALICE_WALLET.account(), NEW_WALLET.account());
        assert_ok!(rotate(alice()));
        // The same words sent by the new account name the wrong old one.
        assert_noop!(
            RealName::rotate_controller(
                RuntimeOrigin::signed(new),
                old.clone(),
                ALICE_WALLET.sign_rotation(ALICE, &old)
            ),
            Error::<Test>::BadSignature
        );
    });
}
