//! `adopt_bundle`: from the code's bundle to the grantee's own, once, by who redeemed.

use super::*;

fn adopt(who: AccountId, bundle: u8) -> frame_support::dispatch::DispatchResult {
    AccessCodes::adopt_bundle(signed(who), key(1), team(), [bundle; 32])
}

#[test]
fn the_redeemer_names_the_bundle_of_the_grantee() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        assert_ok!(redeem(1, NURSE, team()));
        assert_ok!(adopt(NURSE, 9));
        let event =
            Event::BundleAdopted { person: ALICE, code: key(1), grantee: team(), bundle: [9; 32] };
        assert_eq!(last_event(), event);
        assert_eq!(Given::get()[0].2.bundle, [9; 32]);
        assert_noop!(adopt(NURSE, 8), BUNDLE_REFUSED);
    });
}

#[test]
fn adopt_refuses_everybody_but_the_redeemer() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(adopt(NURSE, 9), Error::<Test>::CodeNotFound);
        assert_ok!(issue(1, 2));
        assert_noop!(adopt(NURSE, 9), Error::<Test>::NotRedeemer);
        assert_ok!(redeem(1, NURSE, team()));
        assert_noop!(adopt(DOCTOR, 9), Error::<Test>::NotRedeemer);
        assert_noop!(adopt(STRANGER, 9), Error::<Test>::NotRedeemer);
        let other = AccessCodes::adopt_bundle(signed(NURSE), key(1), doctor(), [9; 32]);
        assert_noop!(other, Error::<Test>::NotRedeemer);
        for origin in unsigned_origins() {
            let call = AccessCodes::adopt_bundle(origin, key(1), team(), [9; 32]);
            assert_noop!(call, BadOrigin);
        }
        set_acting(NURSE, team(), false);
        assert_noop!(adopt(NURSE, 9), Error::<Test>::NotActingAs);
    });
}

#[test]
fn adopt_refuses_terms_that_were_revoked() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        assert_ok!(redeem(1, NURSE, team()));
        Given::set(Vec::new());
        assert_noop!(adopt(NURSE, 9), BUNDLE_REFUSED);
    });
}

#[test]
fn a_cancelled_or_used_up_code_still_lets_its_redeemer_adopt() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 2));
        assert_ok!(redeem(1, NURSE, team()));
        assert_ok!(AccessCodes::cancel_code(signed(ALICE_ACCOUNT), key(1)));
        assert_ok!(adopt(NURSE, 9));
    });
}
