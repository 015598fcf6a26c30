//! Tests: one file a call, named sentences.

mod adopt_bundle;
mod cancel_code;
mod issue_code;
mod random;
mod redeem_code;
mod remove_code;

use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::{CodeKey, Grantee, TermsId};
use sp_runtime::DispatchError::BadOrigin;

use crate::{Codes, Error, Event, OpenCodes, mock::*};

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Origins that are nobody's.
pub fn unsigned_origins() -> [RuntimeOrigin; 2] {
    [RuntimeOrigin::root(), RuntimeOrigin::none()]
}

pub fn last_event() -> Event<Test> {
    match System::events().last().map(|record| record.event.clone()) {
        Some(RuntimeEvent::AccessCodes(event)) => event,
        other => panic!("the last event is {other:?}"),
    }
}

pub fn open_codes() -> Vec<CodeKey> {
    OpenCodes::<Test>::get(ALICE).into_inner()
}

/// Who holds terms of Alice, and which.
pub fn holders() -> Vec<(Grantee<AccountId>, u64)> {
    Given::get().into_iter().map(|(_, grantee, terms)| (grantee, terms.id.0)).collect()
}
