//! Tests: one file a call, named sentences.

mod answers;
mod endorse;
mod publish;
mod random;
mod retract;
mod supersede;
mod take_down;

use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::{RetractionReason, TakedownReason, WorkFacts, WorkId};
use sp_runtime::DispatchError::BadOrigin;

use crate::{Error, Event, mock::*};

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Origins that speak for no institution.
pub fn other_origins() -> [RuntimeOrigin; 4] {
    [signed(STRANGER), signed(REGULATOR), RuntimeOrigin::root(), RuntimeOrigin::none()]
}

pub fn last_event() -> Event<Test> {
    match System::events().last().map(|record| record.event.clone()) {
        Some(RuntimeEvent::PublicWorks(event)) => event,
        other => panic!("the last event is {other:?}"),
    }
}

pub fn facts(id: WorkId) -> WorkFacts {
    PublicWorks::works_now(vec![id]).pop().unwrap()
}
