use super::*;

const NEW_ACCOUNT: AccountId32 = AccountId32::new([0x77; 32]);

fn set(account: AccountId32, key: EncryptionKey) -> DispatchResult {
    Custody::set_custodian(signed(pan_centre(JIANGSU)), account, key)
}

#[test]
fn set_custodian_replaces_account_and_key() {
    ExtBuilder::default().build_and_execute(|| {
        at(START + 5);
        let key = EncryptionKey::x25519([0x31; 32]);
        assert_ok!(set(NEW_ACCOUNT, key));
        let found = Custodians::<Test>::get()[&JIANGSU].clone();
        assert_eq!(found, Custodian { account: NEW_ACCOUNT, key, since: START + 5 });
        assert_eq!(System::sufficients(&custodian(JIANGSU)), 0);
        assert_eq!(System::sufficients(&NEW_ACCOUNT), 1);
        assert_eq!(Custody::custodian_of(&custodian(JIANGSU)), None);
        last_event(Event::CustodianSet { region: JIANGSU, account: NEW_ACCOUNT, key });
        // The same account with another key keeps its one reference.
        assert_ok!(set(NEW_ACCOUNT, custodian_key(JIANGSU)));
        assert_eq!(System::sufficients(&NEW_ACCOUNT), 1);
    });
}

#[test]
fn set_custodian_refuses_whoever_is_no_pan_centre() {
    ExtBuilder::default().build_and_execute(|| {
        let call = |origin| Custody::set_custodian(origin, NEW_ACCOUNT, custodian_key(JIANGSU));
        only(&[Caller::PanCentre], call);
        set_active(JIANGSU, false);
        only(&[], call);
    });
}

#[test]
fn set_custodian_refuses_weak_keys_and_accounts_of_others() {
    ExtBuilder::default().build_and_execute(|| {
        let key = custodian_key(JIANGSU);
        let weak = EncryptionKey::x25519([0; 32]);
        assert_noop!(set(NEW_ACCOUNT, weak), Error::<Test>::LowOrderKey);
        assert_noop!(set(custodian(ZHEJIANG), key), Error::<Test>::AccountTaken);
        let shared = custodian_key(ZHEJIANG);
        assert_noop!(set(NEW_ACCOUNT, shared), Error::<Test>::AccountTaken);
        assert_noop!(set(custodian(JIANGSU), key), Error::<Test>::Unchanged);
        for region in [JIANGSU, ZHEJIANG] {
            assert_noop!(set(pan_centre(region), key), Error::<Test>::PanCentreAccount);
        }
    });
}

#[test]
fn as_many_custodians_as_the_chain_holds() {
    ExtBuilder::default().build_and_execute(|| {
        let more = RegionCode(500_000);
        let key = custodian_key(more);
        assert_noop!(
            Custody::do_set_custodian(more, NEW_ACCOUNT, key),
            Error::<Test>::TooManyRegions
        );
    });
}

#[test]
fn remove_custodian_ends_it_once() {
    ExtBuilder::default().build_and_execute(|| {
        only(&[Caller::PanCentre], Custody::remove_custodian);
        let origin = || signed(pan_centre(JIANGSU));
        assert_ok!(Custody::remove_custodian(origin()));
        assert_eq!(System::sufficients(&custodian(JIANGSU)), 0);
        last_event(Event::CustodianRemoved { region: JIANGSU, account: custodian(JIANGSU) });
        assert_noop!(Custody::remove_custodian(origin()), Error::<Test>::NoCustodian);
    });
}

#[test]
fn parts_of_a_replaced_key_or_a_suspended_region_count_no_more() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let counting = || Custody::dealing(ALICE, DealtScope::Whole).expect("dealt").counting;
        assert_eq!(counting(), 5);
        // A new account with the same key holds the same shares.
        assert_ok!(set(NEW_ACCOUNT, custodian_key(JIANGSU)));
        assert_eq!(counting(), 5);
        assert_ok!(set(NEW_ACCOUNT, EncryptionKey::x25519([0x31; 32])));
        assert_eq!(counting(), 4);
        assert_ok!(Custody::remove_custodian(signed(pan_centre(ZHEJIANG))));
        assert!(Custody::is_recoverable(&ALICE, DealtScope::Whole));
        set_active(ANHUI, false);
        assert!(!Custody::is_recoverable(&ALICE, DealtScope::Whole));
        assert!(!Custody::dealing(ALICE, DealtScope::Whole).expect("dealt").recoverable);
        set_active(ANHUI, true);
        assert!(Custody::is_recoverable(&ALICE, DealtScope::Whole));
    });
}
