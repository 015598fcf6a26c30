//! Real-name identities and consents.

use alloc::vec::Vec;
use frame_support::dispatch::DispatchResult;
use kanglian_primitives::{
    AccessQuery, Act, BusinessBlockId, BusinessBlockSet, Decision, EncryptionKey, Instant,
    InstitutionId, KeyEpoch, PersonId, RecordFacts, RegionCode,
};

/// A person whose identity is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonView<AccountId> {
    /// The identifier.
    pub id: PersonId,
    /// The account that speaks for the person.
    pub controller: AccountId,
    /// The home region.
    pub home_region: RegionCode,
}

/// What others ask of the registry of real names. A person counts only while the identity is
/// active, has not expired at `now`, and its attestation has not been invalidated.
pub trait PersonInspect<AccountId> {
    /// The person the account speaks for.
    fn acting(who: &AccountId, now: Instant) -> Option<PersonView<AccountId>>;

    /// The person with this identifier.
    fn valid(id: &PersonId, now: Instant) -> Option<PersonView<AccountId>>;

    /// The person the account speaks for, whatever the standing: for rights that nobody loses.
    fn speaks_for(who: &AccountId) -> Option<PersonId>;

    /// The account that speaks for the person, whatever the standing: for money that goes back.
    fn controller(id: &PersonId) -> Option<AccountId>;

    /// The id that this one is another name of; itself when it is none's.
    fn canonical(id: &PersonId) -> PersonId {
        *id
    }

    /// Other names of the person.
    fn aliases(_id: &PersonId) -> Vec<PersonId> {
        Vec::new()
    }

    /// Gives the person another name, two steps away where there can be two. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_alias(id: PersonId) -> PersonId {
        id
    }

    /// Attests a person controlled by the account. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_person(_id: PersonId, _region: RegionCode, _controller: &AccountId) {}
}

/// What enrolment brings beside the identity; the attested person signed it.
pub trait OnAttested {
    /// Publishes the first scope keys (epoch 0) and gives the attester its write consent.
    fn on_attested(
        person: PersonId,
        scope_keys: Vec<(BusinessBlockId, EncryptionKey)>,
        attester: InstitutionId,
        write_blocks: BusinessBlockSet,
        write_until: Instant,
    ) -> DispatchResult;
}

impl OnAttested for () {
    fn on_attested(
        _: PersonId,
        _: Vec<(BusinessBlockId, EncryptionKey)>,
        _: InstitutionId,
        _: BusinessBlockSet,
        _: Instant,
    ) -> DispatchResult {
        Ok(())
    }
}

/// What others ask of consents.
pub trait ConsentInspect<AccountId> {
    /// Whether the record may be read. The facts are the record's; standing of reader, subject and
    /// grant is judged at `now`.
    fn decide(query: &AccessQuery<AccountId>, facts: &RecordFacts, now: Instant) -> Decision;

    /// Whether the institution may write into the person's block.
    fn may_write(
        person: &PersonId,
        institution: &InstitutionId,
        block: BusinessBlockId,
        now: Instant,
    ) -> bool;

    /// The epoch of the person's published scope key; none when there is no key.
    fn scope_epoch(person: &PersonId, block: BusinessBlockId) -> Option<KeyEpoch>;
}

/// What the registry of real names asks of guardianships.
pub trait WardInspect {
    /// The instant from which the person's keys no longer act, because the time of a guardian who
    /// holds them is over; also when it is past, until other keys have taken over. None when no
    /// guardian holds them.
    fn keys_held_until(person: &PersonId) -> Option<Instant>;

    /// The person's keys were replaced by ones that the guardians of the past do not hold.
    fn keys_replaced(person: &PersonId);
}

impl WardInspect for () {
    fn keys_held_until(_: &PersonId) -> Option<Instant> {
        None
    }
    fn keys_replaced(_: &PersonId) {}
}

/// What the registry of real names does for guardianships.
pub trait HoldKeys {
    /// From `until` on the account that speaks for the person no longer acts, until other keys
    /// take over. An earlier or later `until` takes the place of the one before.
    fn hold(id: &PersonId, until: Instant) -> DispatchResult;
}

/// Says what calls do that are made for somebody else.
pub trait ActInspect<Call> {
    /// What the call does when it is made for the person; none when nobody may make it for
    /// another.
    fn act(person: &PersonId, call: &Call) -> Option<Act>;
}
