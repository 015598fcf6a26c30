//! What the chain keeps of a record.

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use kanglian_primitives::{
    Author, BusinessBlockId, Instant, KeyEpoch, MAX_RECEIPTS, PersonId, Receipt, RecordFacts,
    RecordId, RecordStatus, RegionCode, SchemaId, ShareClaim,
};
use kanglian_traits::{InstitutionView, Payment, PersonView};
use scale_info::TypeInfo;

/// Receipts of a share.
pub type Receipts = BoundedVec<Receipt, ConstU32<MAX_RECEIPTS>>;

/// Regions that said they store a record, rising.
pub type StoredIn = BoundedVec<RegionCode, ConstU32<MAX_RECEIPTS>>;

/// A record on chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Record<AccountId> {
    /// Whose record it is.
    pub subject: PersonId,
    /// The business block.
    pub block: BusinessBlockId,
    /// The schema of the content.
    pub schema: SchemaId,
    /// Who made it.
    pub author: Author,
    /// The account that shared it and was paid as author.
    pub author_account: AccountId,
    /// The subject's home region when it was shared.
    pub region: RegionCode,
    /// Sealed bytes.
    pub size: u64,
    /// The scope-key epoch it was sealed for.
    pub key_epoch: KeyEpoch,
    /// When it was shared.
    pub shared_at: Instant,
    /// Readings in a batch; 1 for a single record.
    pub count: u32,
    /// What sharing it paid.
    pub paid: Payment,
    /// Its standing.
    pub status: RecordStatus,
    /// Regions whose receipts the share carried, rising.
    pub stored_in: StoredIn,
}

impl<AccountId> Record<AccountId> {
    /// The record as clients and vaults see it.
    pub fn facts(self, id: RecordId) -> RecordFacts {
        RecordFacts {
            id,
            subject: self.subject,
            block: self.block,
            schema: self.schema,
            author: self.author,
            region: self.region,
            size: self.size,
            key_epoch: self.key_epoch,
            shared_at: self.shared_at,
            count: self.count,
            paid: self.paid.total(),
            status: self.status,
            stored_in: self.stored_in.into_inner(),
        }
    }
}

/// A record that is about to be stored.
#[derive(Clone)]
pub(crate) struct Submission {
    pub subject: PersonId,
    pub block: BusinessBlockId,
    pub schema: SchemaId,
    pub record: RecordId,
    pub size: u64,
    pub epoch: KeyEpoch,
    pub receipts: Receipts,
    pub count: u32,
}

impl Submission {
    pub fn claim(&self, author: Author) -> ShareClaim {
        ShareClaim {
            record: self.record,
            size: self.size,
            subject: self.subject,
            author,
            block: self.block,
            epoch: self.epoch,
        }
    }
}

/// As what an account shares.
pub(crate) enum Writer<AccountId> {
    Institution(InstitutionView<AccountId>),
    Person(PersonView<AccountId>),
}

impl<AccountId> Writer<AccountId> {
    pub fn author(&self) -> Author {
        match self {
            Self::Institution(institution) => Author::Institution(institution.id),
            Self::Person(person) => Author::Person(person.id),
        }
    }
}

/// A submission that passed every check.
pub(crate) struct Checked<AccountId> {
    pub author: Author,
    pub subject: PersonView<AccountId>,
    pub stored_in: StoredIn,
    /// The block's reward weight in percent.
    pub weight: u32,
}
