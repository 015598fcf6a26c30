//! Tests: one file a group of calls, named sentences.

mod deciding;
mod overdue;
mod random;
mod request;

use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use kanglian_primitives::{
    Author, CorrectionId, CorrectionReason, CorrectionStatus, RecordId, RecordStatus, RefusalReason,
};
use sp_runtime::DispatchError::BadOrigin;

use crate::{Error, Event, mock::*};

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

pub fn last_event() -> Event<Test> {
    match System::events().last().map(|record| record.event.clone()) {
        Some(RuntimeEvent::Corrections(event)) => event,
        other => panic!("the last event is {other:?}"),
    }
}

pub fn status(id: CorrectionId) -> CorrectionStatus {
    Corrections::correction(ALICE, id).unwrap().status
}

pub fn refuse(who: AccountId, id: CorrectionId) -> DispatchResult {
    Corrections::refuse(signed(who), ALICE, id, RefusalReason::Accurate)
}

pub fn amend(who: AccountId, id: CorrectionId, record: RecordId) -> DispatchResult {
    Corrections::amend(signed(who), ALICE, id, record)
}

pub fn escalate(id: CorrectionId) -> DispatchResult {
    Corrections::escalate(signed(STRANGER), ALICE, id)
}

/// The clinic puts another record in the place of this one.
pub fn supersede(old: RecordId, by: u8) -> RecordId {
    let new = share(by, Author::Institution(clinic()));
    set_status(old, RecordStatus::Superseded(new));
    new
}
