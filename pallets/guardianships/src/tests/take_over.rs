//! `take_over`.

use super::*;
use kanglian_primitives::EncryptionKey;

#[test]
fn a_ward_of_eighteen_takes_over_though_the_guardian_says_nothing() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        // The birthday lies within the last step.
        set_now(OF_AGE - COMING_OF_AGE_STEP - 1);
        assert_noop!(take_over(CLINIC_ACCOUNT, Wallet(9)), Error::<Test>::TooEarly);
        set_now(OF_AGE - COMING_OF_AGE_STEP);
        assert_ok!(take_over(CLINIC_ACCOUNT, Wallet(9)));
        let (ward, institution, controller) = (CHILD, clinic(), Wallet(9).account());
        assert_eq!(last_event(), Event::TakenOver { ward, institution, controller });
        assert!(acts_itself(CHILD, OF_AGE + YEAR));
        assert_noop!(act(MOTHER, CHILD, revoking()), Error::<Test>::NotActingFor);
        assert_eq!(Guardianships::guardians_of(CHILD), vec![]);
        assert_noop!(take_over(CLINIC_ACCOUNT, Wallet(8)), Error::<Test>::KeysNotHeld);
    });
}

#[test]
fn it_also_comes_late() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        set_now(OF_AGE + YEAR);
        assert!(!acts_itself(CHILD, OF_AGE + YEAR));
        assert_ok!(take_over(CLINIC_ACCOUNT, Wallet(9)));
        assert!(acts_itself(CHILD, OF_AGE + YEAR));
    });
}

#[test]
fn it_is_refused_to_strangers_and_for_people_whose_keys_are_their_own() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(take_over(CLINIC_ACCOUNT, Wallet(9)), Error::<Test>::KeysNotHeld);
        attest_mother();
        set_now(OF_AGE);
        assert_noop!(take_over(FAR_CLINIC_ACCOUNT, Wallet(9)), Error::<Test>::OutsideRegion);
        assert_noop!(take_over(STRANGER, Wallet(9)), BadOrigin);
        assert_noop!(take_over(PAN_CENTRE, Wallet(9)), BadOrigin);
        assert_noop!(take_over(CLINIC_ACCOUNT, wallet(MOTHER)), Error::<Test>::AccountInUse);
        Recovering::mutate(|all| all.insert(CHILD));
        assert_noop!(take_over(CLINIC_ACCOUNT, Wallet(9)), Error::<Test>::RecoveryPending);
        Recovering::mutate(|all| all.remove(&CHILD));
        let key = EncryptionKey::x25519([9; 32]);
        let forged = Wallet(8).sign(b"something else");
        let call = Guardianships::take_over(
            signed(CLINIC_ACCOUNT),
            CHILD,
            Wallet(9).account(),
            key,
            forged.clone(),
        );
        assert_noop!(call, Error::<Test>::BadSignature);
        let unknown = PersonId([1; 32]);
        let new = Wallet(9).account();
        let call = Guardianships::take_over(signed(CLINIC_ACCOUNT), unknown, new, key, forged);
        assert_noop!(call, Error::<Test>::WardNotActive);
    });
}

#[test]
fn one_of_two_parents_ended_the_other_goes_on_with_new_keys() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        assert_ok!(attest_body(&body(FATHER, GuardianBasis::Minor, OF_AGE, true), true));
        assert_ok!(end(PAN_CENTRE, FATHER));
        assert!(!acts_itself(CHILD, NOW), "the father has the keys too");
        assert_ok!(act(MOTHER, CHILD, revoking()));
        assert_ok!(take_over(CLINIC_ACCOUNT, Wallet(9)));
        assert!(acts_itself(CHILD, NOW));
        assert!(!acts_itself(CHILD, OF_AGE));
        assert_ok!(act(MOTHER, CHILD, revoking()));
        assert_noop!(act(FATHER, CHILD, revoking()), Error::<Test>::NotActingFor);
    });
}
