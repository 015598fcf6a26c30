//! Tests, one file a call.

mod aliases;
mod attest;
mod held;
mod invalidate_attester;
mod lift;
mod link;
mod migrate;
mod move_region;
mod questions;
mod re_attest;
mod recovery;
mod remove_expired;
mod renew;
mod rotate_controller;
mod rotate_data_key;
mod sequences;
mod suspend;

use frame_support::{assert_noop, dispatch::DispatchResult};
use kanglian_primitives::{Instant, PersonId};
use sp_runtime::{AccountId32, DispatchError};

use crate::{mock::*, *};

/// Kinds of callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    None,
    Root,
    Stranger,
    Institution,
    Person,
    PanCentre,
    Admin,
}

impl Caller {
    const ALL: [Self; 7] = [
        Self::None,
        Self::Root,
        Self::Stranger,
        Self::Institution,
        Self::Person,
        Self::PanCentre,
        Self::Admin,
    ];

    fn origin(self) -> RuntimeOrigin {
        match self {
            Self::None => RuntimeOrigin::none(),
            Self::Root => RuntimeOrigin::root(),
            Self::Stranger => RuntimeOrigin::signed(STRANGER),
            Self::Institution => RuntimeOrigin::signed(CONTROLLER_A),
            Self::Person => RuntimeOrigin::signed(ALICE_WALLET.account()),
            Self::PanCentre => RuntimeOrigin::signed(PAN_CENTRE_JIANGSU),
            Self::Admin => RuntimeOrigin::signed(ADMIN),
        }
    }
}

/// Checks that every other kind of caller is refused.
pub(crate) fn only(allowed: &[Caller], call: impl Fn(RuntimeOrigin) -> DispatchResult) {
    for caller in Caller::ALL.into_iter().filter(|caller| !allowed.contains(caller)) {
        assert_noop!(call(caller.origin()), DispatchError::BadOrigin);
    }
}

/// The person's entry.
pub(crate) fn entry(id: PersonId) -> Person<AccountId32> {
    Persons::<Test>::get(id).expect("the person is attested")
}

/// Checks the last event.
pub(crate) fn last_event(event: Event<Test>) {
    System::assert_last_event(event.into());
}

/// Sets the clock.
pub(crate) fn at(now: Instant) {
    Timestamp::set_timestamp(now);
}

pub(crate) fn alice() -> RuntimeOrigin {
    Caller::Person.origin()
}
