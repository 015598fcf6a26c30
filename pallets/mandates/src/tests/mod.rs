//! Tests, one file a call.

mod cancel;
mod enact;
mod propose_upgrade;
mod questions;
mod sequences;
mod set_regulator;
mod veto;

use frame_support::{assert_noop, assert_ok, dispatch::DispatchErrorWithPostInfo};
use sp_core::H256;
use sp_runtime::{DispatchError, DispatchResult};

use crate::{mock::*, *};

pub(crate) type Origin = RuntimeOrigin;

/// Every kind of caller but those allowed is refused.
pub(crate) fn only(allowed: &[u64], call: impl Fn(Origin) -> DispatchResult) {
    assert_noop!(call(Origin::none()), DispatchError::BadOrigin);
    assert_noop!(call(Origin::root()), DispatchError::BadOrigin);
    for who in [TWO_THIRDS, MAJORITY, REGULATOR, NEW_REGULATOR, STRANGER] {
        if !allowed.contains(&who) {
            assert_noop!(call(Origin::signed(who)), DispatchError::BadOrigin);
        }
    }
}

/// Proposes and drops the post-dispatch weight.
pub(crate) fn propose_as(origin: Origin, hash: H256) -> DispatchResult {
    Mandates::propose_upgrade(origin, hash)
        .map(drop)
        .map_err(|DispatchErrorWithPostInfo { error, .. }| error)
}

pub(crate) fn propose(hash: H256) -> DispatchResult {
    propose_as(Origin::signed(TWO_THIRDS), hash)
}

/// Puts the code numbered `n` in its time lock.
pub(crate) fn wait_for_code(n: u8) {
    assert_ok!(propose(code(n)));
}

pub(crate) fn last_event(event: Event<Test>) {
    System::assert_last_event(event.into());
}
