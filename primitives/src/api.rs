//! Questions vaults and clients ask the runtime.

use alloc::vec::Vec;
use codec::Codec;

use crate::{
    AccessQuery, Decision, FilePage, Grantee, Instant, PersonId, RecordFacts, RecordId, Refusal,
    ShareClaim, Terms, VaultInfo,
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

    /// Records of persons.
    pub trait RecordsApi {
        /// A person's file, whoever asks; vaults answer this to the person only.
        fn file_of(person: PersonId, cursor: Option<RecordId>, limit: u32) -> FilePage;

        /// One record.
        fn record(id: RecordId) -> Option<RecordFacts>;
    }

    /// Provinces.
    pub trait RegionsApi {
        /// Every registered province's vault.
        fn vaults() -> Vec<VaultInfo>;
    }
}
