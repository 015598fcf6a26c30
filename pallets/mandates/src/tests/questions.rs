//! Genesis, the regulator's origin, and answers to clients.

use frame_support::{assert_ok, traits::EnsureOrigin};

use super::*;

#[test]
fn genesis_seats_the_regulator() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(Mandates::regulator(), Some(REGULATOR));
        assert_eq!(System::sufficients(&REGULATOR), 1);
    });
    ExtBuilder::default().without_regulator().build_and_execute(|| {
        assert_eq!(Mandates::regulator(), None);
    });
}

#[test]
fn ensure_regulator_gives_the_account() {
    ExtBuilder::default().build_and_execute(|| {
        let ensure = EnsureRegulator::<Test>::ensure_origin;
        assert_eq!(ensure(Origin::signed(REGULATOR)).ok(), Some(REGULATOR));
        for origin in [Origin::none(), Origin::root(), Origin::signed(STRANGER)] {
            assert!(ensure(origin).is_err());
        }
    });
}

#[test]
fn view_functions_list_what_waits() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(Mandates::pending().is_empty());
        assert_ok!(propose(code(3)));
        let upgrade = PendingUpgrade {
            proposed_at: 1,
            enact_from: 1 + TIME_LOCK,
            expires_at: 1 + TIME_LOCK + ENACT_PERIOD,
        };
        assert_eq!(Mandates::pending(), vec![(code(3), upgrade)]);
    });
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn an_empty_seat_is_filled_for_benchmarks() {
    ExtBuilder::default().without_regulator().build_and_execute(|| {
        let origin = EnsureRegulator::<Test>::try_successful_origin();
        assert!(origin.is_ok_and(|origin| EnsureRegulator::<Test>::try_origin(origin).is_ok()));
    });
}

#[test]
fn try_state_notices_what_no_call_would_leave_behind() {
    fn insert(n: u8, proposed_at: u64, enact_from: u64, expires_at: u64) {
        Pending::<Test>::insert(code(n), PendingUpgrade { proposed_at, enact_from, expires_at });
    }
    let corruptions: [fn(); 4] = [
        || insert(1, 2, 3, 4),
        || insert(1, 1, 3, 3),
        || (0..9).for_each(|n| insert(n, 1, 2, 3)),
        || {
            System::dec_sufficients(&REGULATOR);
        },
    ];
    for corrupt in corruptions {
        ExtBuilder::default().build().execute_with(|| {
            assert_ok!(Mandates::do_try_state());
            corrupt();
            assert!(Mandates::do_try_state().is_err());
        });
    }
}
