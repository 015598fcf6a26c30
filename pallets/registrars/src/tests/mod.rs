//! Tests, one file a call.

mod anchor_evaluation_log;
mod declare_compromised;
mod random;
mod set;
mod update_url;

use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use kanglian_traits::RegistrarInspect;
use sp_runtime::DispatchError::BadOrigin;

use crate::{mock::*, *};

/// Checks the last event.
fn last_event(event: Event<Test>) {
    System::assert_last_event(event.into());
}

/// The council puts a set in force.
fn put(set: RegistrarSetOf<Test>) -> DispatchResult {
    Registrars::set_registrars(two_thirds(), set)
}
