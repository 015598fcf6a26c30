//! Tests: one file a call or question, named sentences.

mod allow_writing;
mod anchor_access_log;
mod decide;
mod delegate;
mod emergency;
mod giving;
mod grant;
mod linked;
mod on_attested;
mod random;
mod readable;
mod renounce;
mod revoke;
mod rotate_scope_key;

use frame_support::{assert_ok, dispatch::DispatchResult};
use kanglian_primitives::{
    AccessQuery, Author, BusinessBlockId, BusinessBlockSet, Decision, Grantee, Instant, KeyEpoch,
    ParentTerms, PersonId, Purpose, PurposeSet, RecordFacts, RecordId, RecordStatus, SchemaId,
    Terms, TermsId, blocks,
};
use kanglian_traits::ConsentInspect;

use crate::mock::*;

pub const ALL_MEDICAL: BusinessBlockSet =
    BusinessBlockSet::of(blocks::MEDICAL).with(blocks::ELDERLY_CARE).with(blocks::HEALTH);

pub fn at_a() -> Grantee<AccountId> {
    Grantee::Institution(hospital_a())
}

pub fn at_b() -> Grantee<AccountId> {
    Grantee::Institution(hospital_b())
}

pub fn doctor_at_a() -> Grantee<AccountId> {
    Grantee::Practitioner { account: DOCTOR, institution: hospital_a() }
}

pub fn team_of_a() -> Grantee<AccountId> {
    Grantee::CareTeam { institution: hospital_a(), team: TEAM }
}

/// Terms for treatment with medical records, from now on for ten days.
pub fn terms(id: u64) -> Terms<AccountId> {
    Terms {
        id: TermsId(id),
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: NOW,
        until: NOW + 10 * DAY,
        records_from: NOW - 100 * DAY,
        records_until: NOW + 10 * DAY,
        may_delegate: 0,
        parent: None,
        bundle: [0xbb; 32],
    }
}

/// The same terms, given on from those of a grantee.
pub fn child(id: u64, parent: Grantee<AccountId>, parent_id: u64) -> Terms<AccountId> {
    Terms { parent: Some(ParentTerms { grantee: parent, id: TermsId(parent_id) }), ..terms(id) }
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Origins that are nobody's.
pub fn unsigned_origins() -> [RuntimeOrigin; 2] {
    [RuntimeOrigin::root(), RuntimeOrigin::none()]
}

/// Accounts that speak for no person.
pub fn accounts_of_no_person() -> [AccountId; 5] {
    [HOSPITAL_A_ACCOUNT, HOSPITAL_B_ACCOUNT, DOCTOR, NURSE, STRANGER]
}

pub fn grant(grantee: Grantee<AccountId>, terms: Terms<AccountId>) {
    assert_ok!(Consents::grant(signed(ALICE_ACCOUNT), grantee, terms));
}

pub fn delegate(
    who: AccountId,
    acting_as: Grantee<AccountId>,
    grantee: Grantee<AccountId>,
    terms: Terms<AccountId>,
) -> DispatchResult {
    Consents::delegate(signed(who), ALICE, acting_as, grantee, terms)
}

/// A record of Alice by hospital B, shared a day ago.
pub fn record(block: BusinessBlockId) -> RecordFacts {
    RecordFacts {
        id: RecordId([block.0 + 1; 32]),
        subject: ALICE,
        block,
        schema: SchemaId(1),
        author: Author::Institution(hospital_b()),
        region: JIANGSU,
        size: 1_000,
        key_epoch: KeyEpoch(0),
        shared_at: NOW - DAY,
        count: 1,
        paid: 0,
        status: RecordStatus::Active,
        stored_in: vec![JIANGSU],
    }
}

pub fn query(account: AccountId, acting_as: Grantee<AccountId>) -> AccessQuery<AccountId> {
    query_of(ALICE, account, acting_as, Purpose::Treatment)
}

pub fn query_of(
    subject: PersonId,
    account: AccountId,
    acting_as: Grantee<AccountId>,
    purpose: Purpose,
) -> AccessQuery<AccountId> {
    AccessQuery { account, acting_as, subject, purpose }
}

/// The decision about Alice's medical record for treatment at an instant.
pub fn decide_at(account: AccountId, acting_as: Grantee<AccountId>, now: Instant) -> Decision {
    Consents::decide(&query(account, acting_as), &record(blocks::MEDICAL), now)
}

/// The same now, on the chain's clock.
pub fn decide(account: AccountId, acting_as: Grantee<AccountId>) -> Decision {
    decide_at(account, acting_as, Timestamp::get())
}

pub fn last_event() -> crate::Event<Test> {
    let records = System::events();
    match records.last().map(|record| record.event.clone()) {
        Some(RuntimeEvent::Consents(event)) => event,
        other => panic!("the last event is {other:?}"),
    }
}

pub fn held(grantee: &Grantee<AccountId>) -> Vec<u64> {
    let file = crate::Grants::<Test>::get(ALICE, grantee);
    file.map(|file| file.terms.iter().map(|terms| terms.id.0).collect()).unwrap_or_default()
}
