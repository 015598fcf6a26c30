use frame_support::{assert_noop, assert_ok};

use super::*;

fn enact() -> DispatchResult {
    Mandates::enact(Origin::signed(STRANGER), code(1))
}

#[test]
fn enact_authorises_the_code_once() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        System::set_block_number(1 + TIME_LOCK);
        assert_ok!(enact());
        assert_eq!(Authorized::get(), vec![code(1)]);
        assert_eq!(Pending::<Test>::count(), 0);
        last_event(Event::UpgradeEnacted { code_hash: code(1), who: STRANGER });
        assert_noop!(enact(), Error::<Test>::NotPending);
        assert_eq!(Authorized::get(), vec![code(1)]);
    });
}

#[test]
fn enact_waits_for_the_whole_time_lock() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        for now in [1, 2, TIME_LOCK] {
            System::set_block_number(now);
            assert_noop!(enact(), Error::<Test>::Locked);
        }
        System::set_block_number(1 + TIME_LOCK);
        assert_ok!(enact());
    });
}

#[test]
fn enact_ends_at_expiry() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        for now in [1 + TIME_LOCK + ENACT_PERIOD, u64::MAX] {
            System::set_block_number(now);
            assert_noop!(enact(), Error::<Test>::Expired);
        }
        System::set_block_number(TIME_LOCK + ENACT_PERIOD);
        assert_ok!(enact());
    });
}

#[test]
fn enact_is_for_any_signed_account() {
    for who in [TWO_THIRDS, MAJORITY, REGULATOR, NEW_REGULATOR, STRANGER] {
        ExtBuilder::default().build_and_execute(|| {
            wait_for_code(1);
            System::set_block_number(1 + TIME_LOCK);
            for origin in [Origin::none(), Origin::root()] {
                assert_noop!(Mandates::enact(origin, code(1)), DispatchError::BadOrigin);
            }
            assert_ok!(Mandates::enact(Origin::signed(who), code(1)));
        });
    }
}

#[test]
fn enact_refuses_what_does_not_wait() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(enact(), Error::<Test>::NotPending);
    });
}
