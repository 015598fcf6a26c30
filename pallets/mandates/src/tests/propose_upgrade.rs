use frame_support::{assert_noop, assert_ok};

use super::*;

#[test]
fn propose_upgrade_puts_the_hash_in_its_time_lock() {
    ExtBuilder::default().build_and_execute(|| {
        System::set_block_number(7);
        assert_ok!(propose(code(1)));
        let (enact_from, expires_at) = (7 + TIME_LOCK, 7 + TIME_LOCK + ENACT_PERIOD);
        assert_eq!(
            Pending::<Test>::get(code(1)),
            Some(PendingUpgrade { proposed_at: 7, enact_from, expires_at })
        );
        assert_eq!(Pending::<Test>::count(), 1);
        assert!(Authorized::get().is_empty(), "nothing is authorised by a vote alone");
        last_event(Event::UpgradeProposed { code_hash: code(1), enact_from, expires_at });
    });
}

#[test]
fn propose_upgrade_refuses_whoever_is_not_two_thirds() {
    ExtBuilder::default().build_and_execute(|| {
        only(&[TWO_THIRDS], |origin| propose_as(origin, code(1)));
    });
}

#[test]
fn propose_upgrade_refuses_what_waits_already() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        System::set_block_number(TIME_LOCK + ENACT_PERIOD);
        assert_noop!(propose(code(1)), Error::<Test>::AlreadyPending);
        // Expired one block later: it may be voted again, with a time lock of its own.
        System::set_block_number(1 + TIME_LOCK + ENACT_PERIOD);
        assert_ok!(propose(code(1)));
        let enact_from = 1 + 2 * TIME_LOCK + ENACT_PERIOD;
        assert_eq!(Pending::<Test>::get(code(1)).map(|it| it.enact_from), Some(enact_from));
        assert_eq!(Pending::<Test>::count(), 1);
    });
}

#[test]
fn propose_upgrade_refuses_one_more_than_may_wait() {
    ExtBuilder::default().build_and_execute(|| {
        (1..=8).for_each(wait_for_code);
        assert_noop!(propose(code(9)), Error::<Test>::TooManyPending);
        assert_ok!(Mandates::cancel(Origin::signed(MAJORITY), code(4)));
        assert_ok!(propose(code(9)));
        assert_eq!(Pending::<Test>::count(), MAX_PENDING);
    });
}

#[test]
fn propose_upgrade_makes_room_by_dropping_expired_ones() {
    ExtBuilder::default().build_and_execute(|| {
        (1..=4).for_each(wait_for_code);
        System::set_block_number(2);
        (5..=8).for_each(wait_for_code);
        System::set_block_number(1 + TIME_LOCK + ENACT_PERIOD);
        assert_ok!(propose(code(9)));
        let mut left: Vec<_> = Pending::<Test>::iter_keys().collect();
        left.sort();
        assert_eq!(left, (5..=9).map(code).collect::<Vec<_>>());
    });
}

#[test]
fn propose_upgrade_says_what_it_weighed() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        let info = Mandates::propose_upgrade(Origin::signed(TWO_THIRDS), code(2));
        let weight = info.map(|info| info.actual_weight);
        assert_eq!(weight, Ok(Some(<() as WeightInfo>::propose_upgrade(1))));
    });
}

#[test]
fn a_vetoed_upgrade_may_be_voted_again_and_waits_from_the_start() {
    ExtBuilder::default().build_and_execute(|| {
        wait_for_code(1);
        System::set_block_number(90);
        assert_ok!(Mandates::veto(Origin::signed(REGULATOR), code(1)));
        assert_ok!(propose(code(1)));
        System::set_block_number(1 + TIME_LOCK);
        assert_noop!(Mandates::enact(Origin::signed(STRANGER), code(1)), Error::<Test>::Locked);
    });
}

#[test]
fn propose_upgrade_never_waits_less_than_the_least_time_lock() {
    for (builder, least) in [
        (ExtBuilder::default(), LEAST_TIME_LOCK),
        (ExtBuilder::default().with_least_time_lock(10), 10),
    ] {
        builder.build_and_execute(|| {
            assert_eq!(Mandates::least_time_lock(), least);
            for (set, waits) in [(0, least), (least, least), (least + 1, least + 1)] {
                SetTimeLock::set(set);
                assert_ok!(propose(code(set as u8)));
                let pending = Pending::<Test>::get(code(set as u8));
                assert_eq!(pending.map(|it| it.enact_from), Some(1 + waits));
            }
        });
    }
}
