//! What the chain says of a public work.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

use crate::{
    Amount, BusinessBlockId, Hash32, Instant, InstitutionId, RegionCode, SchemaId, WorkId,
    reason::code_enum,
};

/// Longest metadata document of a public work, in bytes.
pub const MAX_WORK_METADATA: u32 = 64 * 1024;

/// What an institution says of a work it publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct WorkClaim {
    /// BLAKE3 of its bytes.
    pub work: WorkId,
    /// How many they are.
    pub size: u64,
    /// BLAKE3 of the metadata document.
    pub metadata: Hash32,
    /// Who publishes it.
    pub author: InstitutionId,
    /// The public business block.
    pub block: BusinessBlockId,
}

code_enum!(
    /// Why an author retracted a work.
    RetractionReason {
        /// It contains an error.
        Error = 0, "error";
        /// Knowledge has moved on.
        Outdated = 1, "outdated";
        /// The author had no right to publish it.
        Rights = 2, "rights";
        /// It contains something about a person.
        Privacy = 3, "privacy";
        /// Another reason, told outside of the chain.
        Other = 4, "other";
    }
    "error, outdated, rights, privacy, other"
);

code_enum!(
    /// Why the regulator took a work down.
    TakedownReason {
        /// Following it does harm.
        Harmful = 0, "harmful";
        /// It is not true.
        False = 1, "false";
        /// It advertises.
        Advertising = 2, "advertising";
        /// Somebody else has the rights to it.
        Rights = 3, "rights";
        /// It contains something about a person.
        Privacy = 4, "privacy";
        /// The law forbids it for another reason.
        Unlawful = 5, "unlawful";
    }
    "harmful, false, advertising, rights, privacy, unlawful"
);

/// That an author retracted a work.
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
pub struct Retraction {
    /// Why.
    pub reason: RetractionReason,
    /// When.
    pub at: Instant,
}

/// That the regulator took a work down.
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
pub struct Takedown {
    /// Why.
    pub reason: TakedownReason,
    /// When.
    pub at: Instant,
}

/// An endorsement as clients see it.
#[derive(
    Clone,
    Copy,
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
pub struct EndorsementFacts {
    /// Who endorses.
    pub by: InstitutionId,
    /// Since when.
    pub at: Instant,
    /// Whether that institution is permitted at the instant asked about.
    pub in_standing: bool,
}

/// A public work as clients and vaults see it.
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
pub struct WorkFacts {
    /// BLAKE3 of its bytes.
    pub id: WorkId,
    /// Its number in the order of publication, from 0.
    pub number: u64,
    /// Who published it.
    pub author: InstitutionId,
    /// Whether the author is permitted at the instant asked about.
    pub author_in_standing: bool,
    /// The author's region when it was published.
    pub region: RegionCode,
    /// The public business block.
    pub block: BusinessBlockId,
    /// The schema of the content.
    pub schema: SchemaId,
    /// Bytes.
    pub size: u64,
    /// BLAKE3 of the metadata document.
    #[serde(with = "hash")]
    pub metadata: Hash32,
    /// When it was published.
    pub published_at: Instant,
    /// What publishing it paid, less what was taken back.
    pub paid: Amount,
    /// The work it took the place of.
    pub supersedes: Option<WorkId>,
    /// The work that took its place.
    pub superseded_by: Option<WorkId>,
    /// That its author retracted it.
    pub retracted: Option<Retraction>,
    /// That the regulator took it down: vaults do not give it out.
    pub taken_down: Option<Takedown>,
    /// Who endorses it, in the order of endorsing.
    pub endorsements: alloc::vec::Vec<EndorsementFacts>,
    /// Regions whose receipts the publication carried.
    pub stored_in: alloc::vec::Vec<RegionCode>,
}

impl WorkFacts {
    /// How the work stands, in a word: what weighs most first.
    pub const fn standing(&self) -> WorkStanding {
        match self {
            Self { taken_down: Some(_), .. } => WorkStanding::TakenDown,
            Self { retracted: Some(_), .. } => WorkStanding::Retracted,
            Self { superseded_by: Some(_), .. } => WorkStanding::Superseded,
            Self { author_in_standing: false, .. } => WorkStanding::AuthorNotPermitted,
            Self { .. } => WorkStanding::Current,
        }
    }
}

/// How a public work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkStanding {
    /// It counts.
    Current,
    /// Its author has put another in its place.
    Superseded,
    /// Its author retracted it.
    Retracted,
    /// The regulator took it down.
    TakenDown,
    /// Its author is suspended, expired or revoked.
    AuthorNotPermitted,
}

impl core::fmt::Display for WorkStanding {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(match self {
            Self::Current => "current",
            Self::Superseded => "superseded",
            Self::Retracted => "retracted",
            Self::TakenDown => "taken down",
            Self::AuthorNotPermitted => "author not permitted",
        })
    }
}

/// A hash as text: 0x and 64 digits.
mod hash {
    use super::WorkId;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(hash: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        WorkId(*hash).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        WorkId::deserialize(deserializer).map(|id| id.0)
    }
}
