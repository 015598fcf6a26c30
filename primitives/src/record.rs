//! What the chain says of a record.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

use crate::{
    Amount, BusinessBlockId, Height, Instant, InstitutionId, KeyEpoch, PersonId, RecordId,
    RegionCode, SchemaId, VaultKey,
};

/// Who made a record.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// A permitted institution.
    #[codec(index = 0)]
    Institution(InstitutionId),
    /// The person whose record it is.
    #[codec(index = 1)]
    Person(PersonId),
}

/// Standing of a record.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum RecordStatus {
    /// Current.
    #[codec(index = 0)]
    Active,
    /// A newer record of the same subject and block stands in its place; both stay readable.
    #[codec(index = 1)]
    Superseded(RecordId),
    /// The subject refused a record shared in their name: nobody reads it, the reward is back.
    #[codec(index = 2)]
    Rejected,
}

/// A record as clients and vaults see it.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct RecordFacts {
    /// BLAKE3 of the sealed bytes.
    pub id: RecordId,
    /// Whose record it is.
    pub subject: PersonId,
    /// The business block.
    pub block: BusinessBlockId,
    /// The schema of the content.
    pub schema: SchemaId,
    /// Who made it.
    pub author: Author,
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
    /// What sharing it paid, all parties together.
    pub paid: Amount,
    /// Its standing.
    pub status: RecordStatus,
    /// Regions whose receipts the share carried.
    pub stored_in: alloc::vec::Vec<RegionCode>,
}

/// A page of a person's file, and where the next one begins.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct FilePage {
    /// Records in the order of the chain's map.
    pub records: alloc::vec::Vec<RecordFacts>,
    /// Pass this as the cursor for the next page; none when the file ends here.
    pub next: Option<RecordId>,
}

/// A vault's statement that it stores sealed bytes, valid until a height.
#[derive(
    Clone, Copy, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Receipt {
    /// The storing region.
    pub region: RegionCode,
    /// First height at which the receipt no longer counts.
    pub expires_at: Height,
    /// ed25519 over [`crate::payloads::receipt`] by the region's vault key.
    pub signature: [u8; 64],
}

impl core::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Receipt({}, until #{})", self.region, self.expires_at)
    }
}

/// A province's vault as the chain names it.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct VaultInfo {
    /// The province.
    pub region: RegionCode,
    /// Its vault's signing key; as an ed25519 account it sends the vault's extrinsics.
    pub key: VaultKey,
    /// Base URL, UTF-8.
    pub url: alloc::string::String,
    /// Whether the region is active.
    pub active: bool,
}
