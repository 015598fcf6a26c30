use super::*;
use crate::HighestRemovedNonce;

fn nonce(who: &AccountId32) -> u32 {
    *System::account_nonce(who)
}

/// The account comes, sends so many extrinsics, and goes.
fn live(who: &AccountId32, extrinsics: u32) {
    System::inc_sufficients(who);
    for _ in 0..extrinsics {
        System::inc_account_nonce(who);
    }
    System::dec_sufficients(who);
}

#[test]
fn an_account_that_comes_back_begins_where_it_ended() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(nonce(&STRANGER), 0);
        live(&STRANGER, 3);
        assert!(!System::account_exists(&STRANGER));
        assert_eq!(nonce(&STRANGER), 3, "also while it is not there");
        System::inc_sufficients(&STRANGER);
        assert_eq!(nonce(&STRANGER), 3, "what it signed before counts no more");
        System::inc_account_nonce(&STRANGER);
        assert_eq!(nonce(&STRANGER), 4);
    });
}

#[test]
fn the_highest_of_all_removed_accounts_counts() {
    ExtBuilder.build_and_execute(|| {
        System::inc_sufficients(&HOSPITAL);
        System::inc_account_nonce(&HOSPITAL);
        live(&STRANGER, 7);
        live(&PATIENT, 0);
        assert_eq!(HighestRemovedNonce::<Test>::get(), 7);
        assert_eq!(nonce(&PATIENT), 7);
        assert_eq!(nonce(&HOSPITAL), 1, "who stays is not touched");
    });
}
