//! One file a call, then planned sets, offences, genesis, and random sequences.

mod add;
mod genesis;
mod next_set;
mod offences;
mod remove;
mod report_double_block;
mod sequences;

use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::RegionCode;
use sp_runtime::{AccountId32, DispatchError::BadOrigin};

use crate::{Cause, Error, Event, mock::*};

fn last_event() -> Event<Test> {
    match System::events().pop().expect("an event").event {
        RuntimeEvent::Authorities(event) => event,
        other => panic!("an event of another pallet: {other:?}"),
    }
}

/// Accounts of the registry, in order.
fn accounts() -> Vec<AccountId32> {
    Authorities::authorities().into_iter().map(|authority| authority.account).collect()
}

/// Reports a double block of the account at the slot and asserts success.
fn report(who: &AccountId32, slot: u64) {
    assert_ok!(Authorities::report_double_block(
        signed(STRANGER),
        sealed(who, slot, 1),
        sealed(who, slot, 2)
    ));
}
