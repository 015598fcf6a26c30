//! One file a call, then what the registry answers, its genesis, and random sequences of calls.

mod genesis;
mod inspect;
mod register;
mod replace_pan_centre;
mod resume;
mod sequences;
mod suspend;
mod update_vault;

use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError::BadOrigin;

use crate::{Error, Event, RegionStatus, mock::*};

/// The region's status; panics when there is none.
fn status(code: kanglian_primitives::RegionCode) -> RegionStatus {
    Regions::region(code).unwrap().status
}

fn last_event() -> Event<Test> {
    match System::events().pop().expect("an event").event {
        RuntimeEvent::Regions(event) => event,
        other => panic!("an event of another pallet: {other:?}"),
    }
}
