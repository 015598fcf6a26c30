use frame_support::{assert_noop, assert_ok};
use kanglian_traits::PersonInspect;

use super::*;

const CLOSES_AT: Instant = START + 365 * DAY + GRACE;

fn remove() -> DispatchResult {
    RealName::remove_expired(Caller::Stranger.origin(), ALICE)
}

#[test]
fn remove_expired_closes_and_frees_the_account() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let (controller, before) = (ALICE_WALLET.account(), entry(ALICE));
        at(CLOSES_AT);
        assert_ok!(remove());
        assert_eq!(entry(ALICE), Person { status: PersonStatus::Closed, ..before });
        assert_eq!(PersonOf::<Test>::get(&controller), None);
        assert_eq!(System::sufficients(&controller), 0);
        assert_eq!(<RealName as PersonInspect<_>>::controller(&ALICE), Some(controller.clone()));
        last_event(Event::Closed { person: ALICE, controller });
        // The account may speak for somebody else now.
        let again = Attestation { valid_until: CLOSES_AT + DAY, ..attestation(ALICE_WALLET) };
        assert_ok!(attest(BOB, ALICE_WALLET, again));
    });
}

#[test]
fn remove_expired_waits_for_the_whole_grace() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        for now in [START, START + 365 * DAY, CLOSES_AT - 1] {
            at(now);
            assert_noop!(remove(), Error::<Test>::GraceNotOver);
        }
        at(CLOSES_AT);
        assert_ok!(remove());
    });
}

#[test]
fn remove_expired_is_for_any_signed_account() {
    for caller in Caller::ALL {
        ExtBuilder::default().with_alice().build_and_execute(|| {
            at(CLOSES_AT);
            let call = |origin| RealName::remove_expired(origin, ALICE);
            match caller {
                Caller::None | Caller::Root => {
                    assert_noop!(call(caller.origin()), DispatchError::BadOrigin);
                },
                _ => {
                    assert_ok!(call(caller.origin()));
                },
            }
        });
    }
}

#[test]
fn remove_expired_refuses_unknown_and_closed_persons() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        at(CLOSES_AT);
        assert_noop!(
            RealName::remove_expired(Caller::Stranger.origin(), BOB),
            Error::<Test>::PersonUnknown
        );
        assert_ok!(remove());
        assert_noop!(remove(), Error::<Test>::PersonClosed);
    });
}
