//! Tests: one file a call, named sentences.

mod accept;
mod close;
mod random;
mod refer;
mod reject;
mod remove;
mod return_result;

use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use kanglian_primitives::{Grantee, RecordId, ReferralId, TermsId};
use kanglian_traits::TermsGiver;
use sp_runtime::DispatchError::BadOrigin;

use crate::{Error, Event, OfferStatus, Offers, Reason, ReferralStatus, mock::*};

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Origins that are nobody's.
pub fn unsigned_origins() -> [RuntimeOrigin; 2] {
    [RuntimeOrigin::root(), RuntimeOrigin::none()]
}

pub fn last_event() -> Event<Test> {
    match System::events().last().map(|record| record.event.clone()) {
        Some(RuntimeEvent::Referrals(event)) => event,
        other => panic!("the last event is {other:?}"),
    }
}

/// Whether the grantee reads by the terms with this number.
pub fn reads(grantee: &Grantee<AccountId>, id: u64) -> bool {
    <Registry as TermsGiver<AccountId>>::in_force(&ALICE, grantee, TermsId(id), Timestamp::get())
}

pub fn status(id: ReferralId) -> ReferralStatus {
    Referrals::referral(ALICE, id).unwrap().status
}

pub fn offers_of(id: ReferralId) -> Vec<OfferStatus> {
    let referral = Referrals::referral(ALICE, id).unwrap();
    referral.offers.iter().map(|offer| offer.status).collect()
}

pub fn accept(who: AccountId, id: ReferralId, by: Grantee<AccountId>) -> DispatchResult {
    Referrals::accept(signed(who), ALICE, id, by)
}

pub fn reject(who: AccountId, id: ReferralId, by: Grantee<AccountId>) -> DispatchResult {
    Referrals::reject(signed(who), ALICE, id, by, Reason::NoCapacity)
}

pub fn return_result(
    who: AccountId,
    id: ReferralId,
    by: Grantee<AccountId>,
    record: RecordId,
) -> DispatchResult {
    Referrals::return_result(signed(who), ALICE, id, by, record)
}

pub fn close(who: AccountId, id: ReferralId, by: Grantee<AccountId>) -> DispatchResult {
    Referrals::close(signed(who), ALICE, id, by)
}
