use super::*;

fn key(n: u8) -> EncryptionKey {
    EncryptionKey::x25519([n; 32])
}

fn rotate(region: RegionCode, key: EncryptionKey) -> DispatchResult {
    Custody::rotate_key(signed(custodian(region)), key)
}

fn whole() -> DealingView {
    Custody::dealing(ALICE, DealtScope::Whole).expect("dealt")
}

#[test]
fn rotate_key_is_the_custodians_own() {
    ExtBuilder::default().build_and_execute(|| {
        let call = |origin| Custody::rotate_key(origin, key(0x31));
        only_or(
            &[Caller::Custodian, Caller::None, Caller::Root],
            Error::<Test>::NotCustodian,
            call,
        );
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
            assert_noop!(call(origin), DispatchError::BadOrigin);
        }
        set_active(JIANGSU, false);
        assert_noop!(rotate(JIANGSU, key(0x31)), Error::<Test>::NotCustodian);
        set_active(JIANGSU, true);
        at(START + 5);
        assert_ok!(rotate(JIANGSU, key(0x31)));
        let now = Custodians::<Test>::get()[&JIANGSU].clone();
        let expected = Custodian { account: custodian(JIANGSU), key: key(0x31), since: START + 5 };
        assert_eq!(now, expected);
        last_event(Event::CustodianKeyRotated { region: JIANGSU, key: key(0x31) });
    });
}

#[test]
fn rotate_key_refuses_weak_own_and_others_keys() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(rotate(JIANGSU, key(0)), Error::<Test>::LowOrderKey);
        assert_noop!(rotate(JIANGSU, custodian_key(JIANGSU)), Error::<Test>::Unchanged);
        assert_noop!(rotate(JIANGSU, custodian_key(ANHUI)), Error::<Test>::AccountTaken);
        // Nor one that another had, by whichever call.
        assert_ok!(rotate(ANHUI, key(0x31)));
        assert_noop!(rotate(JIANGSU, custodian_key(ANHUI)), Error::<Test>::AccountTaken);
        assert_noop!(
            Custody::set_custodian(
                signed(pan_centre(JIANGSU)),
                custodian(JIANGSU),
                custodian_key(ANHUI)
            ),
            Error::<Test>::AccountTaken
        );
        // The own former one may be taken up again.
        assert_ok!(rotate(ANHUI, custodian_key(ANHUI)));
        assert_eq!(FormerKeys::<Test>::get()[&ANHUI].to_vec(), [key(0x31)]);
    });
}

#[test]
fn what_was_sealed_to_a_former_key_is_still_answered() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        for (n, region) in (0x40..).zip(REGIONS) {
            assert_ok!(rotate(region, key(n)));
        }
        assert_eq!((whole().counting, whole().recoverable), (5, true));
        let blob = share_of(JIANGSU, 1);
        assert!(Custody::may_fetch(custodian(JIANGSU), ALICE, blob, START));
        recover();
        let case = CaseRef::Recovery(FIRST);
        for region in REGIONS {
            assert_ok!(Custody::hand_over(signed(custodian(region)), case, [1; 32]));
        }
        // A part that waits is acknowledged with the former key, too.
        assert_ok!(Custody::deal(signed(NEW.account()), DealtScope::Whole, terms(3, &REGIONS, 2)));
        assert_ok!(rotate(JIANGSU, key(0x77)));
        acknowledge(DealtScope::Whole, &[JIANGSU]);
    });
}

#[test]
fn a_key_given_by_the_pan_centre_ends_what_the_former_ones_opened() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_ok!(rotate(JIANGSU, key(0x31)));
        let centre = || signed(pan_centre(JIANGSU));
        assert_ok!(Custody::set_custodian(centre(), custodian(JIANGSU), key(0x32)));
        assert_eq!(whole().counting, 4);
        assert!(!FormerKeys::<Test>::get().contains_key(&JIANGSU));
        assert!(!Custody::may_fetch(custodian(JIANGSU), ALICE, share_of(JIANGSU, 1), START));
        assert_ok!(rotate(JIANGSU, key(0x33)));
        assert_ok!(Custody::remove_custodian(centre()));
        assert!(FormerKeys::<Test>::get().is_empty());
    });
}

#[test]
fn former_keys_are_bounded_and_the_oldest_makes_room() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        for n in 0..MAX_FORMER_KEYS as u8 {
            assert_ok!(rotate(JIANGSU, key(0x31 + n)));
            assert_eq!(whole().counting, 5);
        }
        assert_ok!(rotate(JIANGSU, key(0x60)));
        assert_eq!(FormerKeys::<Test>::get()[&JIANGSU].len(), MAX_FORMER_KEYS as usize);
        assert_eq!(whole().counting, 4, "the key dealt to is forgotten");
    });
}
