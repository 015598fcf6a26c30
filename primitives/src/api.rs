//! Questions vaults and clients ask the runtime.

use alloc::vec::Vec;
use codec::Codec;

use crate::{
    AccessQuery, Action, Capacity, CaseRef, Custodian, DealingView, DealtScope, Decision,
    Emergency, EmergencyId, EmergencyNote, FilePage, Grantee, Hash32, Instant, InstitutionId,
    PersonId, RecordFacts, RecordId, Recovery, RecoveryId, Refusal, RegionCode, ShareClaim, Terms,
    VaultInfo, WaitingPart, WorkClaim, WorkFacts, WorkId,
};

sp_api::decl_runtime_apis! {
    /// Who may read and write what.
    pub trait ConsentsApi<AccountId>
    where
        AccountId: Codec,
    {
        /// Whether a record may be read.
        fn decide(query: AccessQuery<AccountId>, record: RecordId, now: Instant) -> Decision;

        /// What of a person's file a reader may see: facts of the readable records only. `limit`
        /// counts records looked at and is cut to [`crate::MAX_PAGE`]: a page may be short or
        /// empty and still have a `next`.
        fn readable(
            query: AccessQuery<AccountId>,
            cursor: Option<RecordId>,
            limit: u32,
            now: Instant,
        ) -> Result<FilePage, Refusal>;

        /// Whether a share with these facts would be accepted from the account, receipts aside.
        fn may_share(account: AccountId, claim: ShareClaim, now: Instant) -> Result<(), Refusal>;

        /// Whether the account acts as the grantee at this instant.
        fn acts_as(account: AccountId, grantee: Grantee<AccountId>, now: Instant) -> bool;

        /// Whether the grantee itself counts at this instant, whoever acts as it: permitted,
        /// valid, not suspended.
        fn in_standing(grantee: Grantee<AccountId>, now: Instant) -> bool;

        /// Terms that a person gave, with their grantees.
        fn terms_of(person: PersonId) -> Vec<(Grantee<AccountId>, Terms<AccountId>)>;
    }

    /// Guardians and proxies.
    pub trait GuardianshipsApi<AccountId>
    where
        AccountId: Codec,
    {
        /// As what the account may do this for the person at this instant.
        fn acts_for(
            account: AccountId,
            person: PersonId,
            action: Action,
            now: Instant,
        ) -> Option<Capacity>;
    }

    /// Requests to correct a record.
    pub trait CorrectionsApi {
        /// Who made the record that a waiting request with this sealed text is about.
        fn text_for(person: PersonId, text: Hash32) -> Option<InstitutionId>;

        /// Whether the author of the record says that it is about somebody else.
        fn is_wrong_person(record: RecordId) -> bool;
    }

    /// Records of persons.
    pub trait RecordsApi {
        /// A person's file, whoever asks; vaults answer this to the person only.
        fn file_of(person: PersonId, cursor: Option<RecordId>, limit: u32) -> FilePage;

        /// One record.
        fn record(id: RecordId) -> Option<RecordFacts>;
    }

    /// Public works, which anybody may know of.
    pub trait PublicWorksApi<AccountId>
    where
        AccountId: Codec,
    {
        /// Whether a work with these facts would be accepted from the account, receipts aside.
        fn may_publish(account: AccountId, claim: WorkClaim, now: Instant) -> Result<(), Refusal>;

        /// The works among these, at most [`crate::MAX_PAGE`], with everybody's standing at `now`.
        fn works(ids: Vec<WorkId>, now: Instant) -> Vec<WorkFacts>;

        /// Works in the order of publication from a number on, which counts from 0. `limit` is cut
        /// to [`crate::MAX_PAGE`].
        fn works_from(number: u64, limit: u32, now: Instant) -> Vec<WorkFacts>;
    }

    /// Provinces.
    pub trait RegionsApi {
        /// Every registered province's vault.
        fn vaults() -> Vec<VaultInfo>;
    }

    /// Custodians, recoveries and emergencies.
    pub trait KeyCustodyApi<AccountId>
    where
        AccountId: Codec,
    {
        /// Custodians of all regions that appointed one, rising by region; suspended regions too.
        fn custodians() -> Vec<(RegionCode, Custodian<AccountId>)>;

        /// The person's dealing in force, and whether it could be opened now.
        fn dealing(person: PersonId, scope: DealtScope) -> Option<DealingView>;

        /// The person's last recovery.
        fn recovery_of(person: PersonId) -> Option<RecoveryId>;

        /// One recovery.
        fn recovery(id: RecoveryId) -> Option<Recovery<AccountId>>;

        /// Emergencies about a person, the last ones.
        fn emergencies_of(person: PersonId) -> Vec<EmergencyNote<AccountId>>;

        /// One emergency.
        fn emergency(id: EmergencyId) -> Option<Emergency<AccountId>>;

        /// Parts of the region that wait for its custodian's answer, in the order of storage,
        /// after the one named. `limit` is cut to [`crate::MAX_PAGE`].
        fn waiting_dealings(
            region: RegionCode,
            after: Option<(PersonId, DealtScope)>,
            limit: u32,
        ) -> Vec<WaitingPart>;

        /// Cases that wait for the region's hand-over, in the order of storage, after the one
        /// named; not those of emergencies that are over. `limit` is cut to [`crate::MAX_PAGE`].
        fn waiting_cases(
            region: RegionCode,
            after: Option<CaseRef>,
            limit: u32,
            now: Instant,
        ) -> Vec<CaseRef>;

        /// Emergencies whose review is overdue and not done, in the order of storage, after the
        /// one named. `limit` is cut to [`crate::MAX_PAGE`].
        fn overdue_reviews(
            after: Option<EmergencyId>,
            limit: u32,
            now: Instant,
        ) -> Vec<EmergencyId>;

        /// The emergency about the person that this practitioner of this institution has open.
        fn open_emergency(
            person: PersonId,
            practitioner: AccountId,
            institution: InstitutionId,
            now: Instant,
        ) -> Option<EmergencyId>;

        /// Whether an emergency was opened about the person's summary as dealt under this number.
        fn was_opened(person: PersonId, number: u32) -> bool;

        /// The person that the account spoke for until a recovery; none for other accounts.
        fn lost_by(account: AccountId) -> Option<PersonId>;

        /// Dealings in force in which the region has a part, in the order of storage, of those
        /// after the one named. `limit` counts dealings looked at and is cut to
        /// [`crate::MAX_PAGE`]: a page may be short or empty and still have a next one, which goes
        /// on after what is given beside it.
        fn parts_of(
            region: RegionCode,
            after: Option<(PersonId, DealtScope)>,
            limit: u32,
        ) -> (Vec<WaitingPart>, Option<(PersonId, DealtScope)>);

        /// Open emergencies, then executed recoveries, in which the region has handed over. Paged
        /// as [`Self::parts_of`].
        fn answered_cases(
            region: RegionCode,
            after: Option<CaseRef>,
            limit: u32,
            now: Instant,
        ) -> (Vec<CaseRef>, Option<CaseRef>);

        /// Whether the account may fetch a blob about the person that has this hash.
        fn may_fetch(account: AccountId, subject: PersonId, hash: Hash32, now: Instant) -> bool;

        /// Whether a dealing or a case about the person names a blob with this hash.
        fn is_named(subject: PersonId, hash: Hash32) -> bool;
    }
}
