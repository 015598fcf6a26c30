//! Who reads, as what, and why: the questions vaults put to the chain and its answers.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

use crate::{
    Author, BusinessBlockId, BusinessBlockSet, EmergencyId, Instant, InstitutionId, KeyEpoch,
    PersonId, Purpose, PurposeSet, RecordId, TeamId, TermsId,
};

/// To whom terms are given, and as what a reader acts.
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
pub enum Grantee<AccountId> {
    /// A permitted institution: its controller and its practitioners.
    #[codec(index = 0)]
    Institution(InstitutionId),
    /// A practitioner at an institution; ends when either of the two is no longer permitted.
    #[codec(index = 1)]
    Practitioner {
        /// The practitioner's account.
        account: AccountId,
        /// Where they practise.
        institution: InstitutionId,
    },
    /// A care team of an institution; whoever leaves the team loses access at once.
    #[codec(index = 2)]
    CareTeam {
        /// The team's institution.
        institution: InstitutionId,
        /// The team's number there.
        team: TeamId,
    },
    /// Another person.
    #[codec(index = 3)]
    Person(PersonId),
}

/// Where terms hang in the delegation tree: the grantee that gave them on, and which terms.
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
pub struct ParentTerms<AccountId> {
    /// Who gave them on.
    pub grantee: Grantee<AccountId>,
    /// Which terms of that grantee.
    pub id: TermsId,
}

/// What a grantee may read, for what, and until when.
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
pub struct Terms<AccountId> {
    /// Rising for each (person, grantee); never reused.
    pub id: TermsId,
    /// Business blocks that may be read.
    pub blocks: BusinessBlockSet,
    /// Purposes that may be named.
    pub purposes: PurposeSet,
    /// First instant at which the terms count.
    pub from: Instant,
    /// First instant at which they no longer count.
    pub until: Instant,
    /// Records shared before this instant are not covered.
    pub records_from: Instant,
    /// Records shared at or after this instant are not covered.
    pub records_until: Instant,
    /// How often the grantee may give the terms on, one below the other (0 … 2).
    pub may_delegate: u8,
    /// The terms these were given on from; they end with them.
    pub parent: Option<ParentTerms<AccountId>>,
    /// BLAKE3 of the bundle of sealed scope secrets kept at the vaults.
    pub bundle: crate::Hash32,
}

impl<AccountId> Terms<AccountId> {
    /// Root terms with this number and bundle out of a template.
    pub fn from_template(template: &TermsTemplate, id: TermsId, bundle: crate::Hash32) -> Self {
        Self {
            id,
            blocks: template.blocks,
            purposes: template.purposes,
            from: template.from,
            until: template.until,
            records_from: template.records_from,
            records_until: template.records_until,
            may_delegate: template.may_delegate,
            parent: None,
            bundle,
        }
    }
}

/// What terms are going to say, before it is known who gets them.
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
pub struct TermsTemplate {
    /// Business blocks that may be read.
    pub blocks: BusinessBlockSet,
    /// Purposes that may be named.
    pub purposes: PurposeSet,
    /// First instant at which the terms count.
    pub from: Instant,
    /// First instant at which they no longer count.
    pub until: Instant,
    /// Records shared before this instant are not covered.
    pub records_from: Instant,
    /// Records shared at or after this instant are not covered.
    pub records_until: Instant,
    /// How often the grantee may give the terms on, one below the other (0 … 2).
    pub may_delegate: u8,
}

/// A wish to read one record or a person's file.
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
pub struct AccessQuery<AccountId> {
    /// The account that signed in.
    pub account: AccountId,
    /// As what it acts.
    pub acting_as: Grantee<AccountId>,
    /// Whose records.
    pub subject: PersonId,
    /// Why.
    pub purpose: Purpose,
}

/// On what ground a read is allowed.
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
pub enum Basis {
    /// The reader is the subject.
    #[codec(index = 0)]
    Subject,
    /// The reader's institution made the record.
    #[codec(index = 1)]
    Author,
    /// Terms of a grant.
    #[codec(index = 2)]
    Terms(TermsId),
    /// An open emergency; the emergency summary alone.
    #[codec(index = 3)]
    Emergency(EmergencyId),
}

/// Why a read or a share is refused.
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
pub enum Refusal {
    /// No such record, or none the reader may know of.
    #[codec(index = 0)]
    NotFound,
    /// The account is not what it claims to act as, or that is expired or suspended.
    #[codec(index = 1)]
    NotActingAs,
    /// No terms cover the block, the purpose, the record's date and this instant.
    #[codec(index = 2)]
    NoConsent,
    /// The subject is unknown, expired or suspended.
    #[codec(index = 3)]
    SubjectNotActive,
    /// The subject gave this author no right to write into the block.
    #[codec(index = 4)]
    NoWriteConsent,
    /// The epoch is not the one of the subject's published scope key for the block.
    #[codec(index = 5)]
    WrongKeyEpoch,
    /// The record is on chain already.
    #[codec(index = 6)]
    AlreadyShared,
    /// The block does not exist, is retired, or takes public works only.
    #[codec(index = 7)]
    BlockNotOpen,
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NotFound => "no such record, or none you may know of",
            Self::NotActingAs => {
                "the account is not what it claims to act as, or that is expired or suspended"
            },
            Self::NoConsent => "no consent covers this block, purpose, record date and instant",
            Self::SubjectNotActive => "the subject is unknown, expired or suspended",
            Self::NoWriteConsent => {
                "the subject gave this author no right to write into this business block"
            },
            Self::WrongKeyEpoch => "the subject's scope key for the block has another epoch",
            Self::AlreadyShared => "the record is on chain already",
            Self::BlockNotOpen => {
                "the business block does not exist, is retired, or takes public works only"
            },
        })
    }
}

/// The chain's answer to a wish to read.
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
pub enum Decision {
    /// Allowed, on this ground.
    #[codec(index = 0)]
    Allowed(Basis),
    /// Refused, for this reason.
    #[codec(index = 1)]
    Refused(Refusal),
}

/// What an author is about to upload, to be checked before bytes are taken.
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
pub struct ShareClaim {
    /// BLAKE3 of the sealed bytes.
    pub record: RecordId,
    /// Sealed bytes.
    pub size: u64,
    /// Whose record it is to be.
    pub subject: PersonId,
    /// Who made it.
    pub author: Author,
    /// The business block.
    pub block: BusinessBlockId,
    /// The scope-key epoch it is sealed for.
    pub epoch: KeyEpoch,
}
