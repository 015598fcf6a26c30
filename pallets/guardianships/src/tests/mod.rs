//! Tests: one file a group of calls, named sentences.

mod act_for;
mod guardians;
mod proxies;
mod random;
mod take_over;

use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use kanglian_primitives::{
    Action, ActionSet, BusinessBlockSet, COMING_OF_AGE_STEP, Capacity, Grantee, GuardianBasis,
    Instant, PersonId, TermsId, blocks, payloads,
};
use kanglian_traits::{PersonInspect, TermsGiver};
use sp_runtime::DispatchError::{self, BadOrigin};

use crate::{Error, Event, mock::*};

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

pub fn of(person: PersonId) -> RuntimeOrigin {
    signed(wallet(person).account())
}

pub fn last_event() -> Event<Test> {
    match System::events().last().map(|record| record.event.clone()) {
        Some(RuntimeEvent::Guardianships(event)) => event,
        other => panic!("the last event is {other:?}"),
    }
}

/// Revokes something for a person.
pub fn act(by: PersonId, person: PersonId, call: RuntimeCall) -> DispatchResult {
    let done = Guardianships::act_for(of(by), person, Box::new(call));
    done.map(|_| ()).map_err(|refused| refused.error)
}

pub fn revoking() -> RuntimeCall {
    remark(Action::Revoke, BusinessBlockSet::EMPTY, None, vec![])
}

pub fn granting(until: Instant) -> RuntimeCall {
    let medical = BusinessBlockSet::of(blocks::MEDICAL);
    remark(Action::Grant, medical, Some(until), vec![])
}

/// Whether the account behind the person still acts itself.
pub fn acts_itself(person: PersonId, at: Instant) -> bool {
    let controller = Persons::get()[&person].controller.clone();
    <Registry as PersonInspect<_>>::acting(&controller, at).is_some()
}

pub fn confirm(by: AccountId, guardian: PersonId) -> DispatchResult {
    Guardianships::confirm_guardian(signed(by), CHILD, guardian)
}

pub fn end(by: AccountId, guardian: PersonId) -> DispatchResult {
    Guardianships::end_guardianship(signed(by), CHILD, guardian)
}
