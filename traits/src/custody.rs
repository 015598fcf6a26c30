//! Recovery of keys and emergencies.

use frame_support::dispatch::DispatchResult;
use kanglian_primitives::{
    EmergencyId, EncryptionKey, Instant, InstitutionId, PersonId, RegionCode,
};

/// How offices set an identity's standing; expiry and voided attestations aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityStatus {
    /// In force or expired: keys can be recovered.
    Open,
    /// Suspended by the home region.
    Suspended,
    /// Closed for good.
    Closed,
}

/// An identity whatever its standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityView<AccountId> {
    /// The account that speaks for the person.
    pub controller: AccountId,
    /// The home region.
    pub home_region: RegionCode,
    /// How it stands.
    pub status: IdentityStatus,
}

/// What the registry of real names does for recoveries.
pub trait RecoverPerson<AccountId> {
    /// The identity; none when never attested.
    fn identity(id: &PersonId) -> Option<IdentityView<AccountId>>;

    /// Whether the account speaks for nobody yet.
    fn is_free(who: &AccountId) -> bool;

    /// From now on the person's account acts no more; terms and write consents go on. It can
    /// still take rights from others.
    fn freeze(id: &PersonId) -> DispatchResult;

    /// Ends [`Self::freeze`].
    fn thaw(id: &PersonId) -> DispatchResult;

    /// Another account speaks for the person, with another data key; ends [`Self::freeze`].
    fn recover(id: &PersonId, new: &AccountId, data_key: EncryptionKey) -> DispatchResult;
}

/// What others ask of recoveries.
pub trait RecoveryInspect {
    /// Whether a recovery of the person's keys is pending.
    fn is_pending(person: &PersonId) -> bool;
}

impl RecoveryInspect for () {
    fn is_pending(_: &PersonId) -> bool {
        false
    }
}

/// What others ask of emergencies.
pub trait EmergencyInspect<AccountId> {
    /// The emergency about the person that the practitioner of this institution has open at `now`.
    /// The practitioner's own standing is the asker's matter.
    fn open_case(
        person: &PersonId,
        practitioner: &AccountId,
        institution: &InstitutionId,
        now: Instant,
    ) -> Option<EmergencyId>;
}

impl<AccountId> EmergencyInspect<AccountId> for () {
    fn open_case(
        _: &PersonId,
        _: &AccountId,
        _: &InstitutionId,
        _: Instant,
    ) -> Option<EmergencyId> {
        None
    }
}

/// A physician in good standing at a permitted institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhysicianView {
    /// The institution's region.
    pub region: RegionCode,
    /// The key to which things are sealed for the physician.
    pub encryption_key: EncryptionKey,
}

/// What the registry of institutions does for emergencies.
pub trait SuspendPractitioner<AccountId> {
    /// The account as an active physician of that permitted institution.
    fn physician(who: &AccountId, id: &InstitutionId, now: Instant) -> Option<PhysicianView>;

    /// Stops the practitioner there until the council lifts it, and bars the account, and the
    /// person behind it, from being registered anywhere and from emergencies as long: leaving
    /// before the review is no way around it. Gives whether the account is stopped there now:
    /// false when it no longer practises there.
    fn stop(who: &AccountId, person: Option<PersonId>, id: &InstitutionId) -> bool;

    /// Registers the account as a physician of that institution. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_physician(_who: &AccountId, _id: InstitutionId, _key: EncryptionKey) {}
}
