//! Requests to correct a record.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

use crate::{Hash32, Instant, InstitutionId, PersonId, RecordId, RegionCode, reason::code_enum};

code_enum!(
    /// What is wrong with a record.
    CorrectionReason {
        /// Something in it is not true.
        Incorrect = 0, "incorrect";
        /// Something is missing.
        Incomplete = 1, "incomplete";
        /// It was true and is no longer.
        Outdated = 2, "outdated";
        /// It is about somebody else.
        WrongPerson = 3, "wrong-person";
    }
    "incorrect, incomplete, outdated, wrong-person"
);

code_enum!(
    /// Why a correction was refused.
    RefusalReason {
        /// The record is right as it stands.
        Accurate = 0, "accurate";
        /// What is asked for is an opinion that the author does not share.
        Opinion = 1, "opinion";
        /// What was brought forward does not show it.
        NotShown = 2, "not-shown";
        /// The law keeps the record as it is.
        KeptByLaw = 3, "kept-by-law";
    }
    "accurate, opinion, not-shown, kept-by-law"
);

/// A request for the correction of a record; rising for each person, the first is 1.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
#[serde(transparent)]
pub struct CorrectionId(pub u32);

impl core::fmt::Display for CorrectionId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

/// How far a request has come.
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
pub enum CorrectionStatus {
    /// Waits for the author.
    #[codec(index = 0)]
    Open,
    /// The author did not decide in time; waits for the pan-centre.
    #[codec(index = 1)]
    Overdue,
    /// The pan-centre found for the person; waits for the author to amend.
    #[codec(index = 2)]
    Upheld,
    /// The record was amended: the record that stands in its place.
    #[codec(index = 3)]
    Amended(RecordId),
    /// The author said that the record is about somebody else.
    #[codec(index = 4)]
    WrongPerson,
    /// The author refused.
    #[codec(index = 5)]
    Refused(RefusalReason),
    /// The pan-centre dismissed it.
    #[codec(index = 6)]
    Dismissed(RefusalReason),
    /// The person took it back.
    #[codec(index = 7)]
    Withdrawn,
}

impl CorrectionStatus {
    /// Whether somebody still has to decide.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open | Self::Overdue | Self::Upheld)
    }
}

impl core::fmt::Display for CorrectionStatus {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Open => f.pad("open"),
            Self::Overdue => f.pad("overdue"),
            Self::Upheld => f.pad("upheld"),
            Self::Amended(_) => f.pad("amended"),
            Self::WrongPerson => f.pad("wrong-person"),
            Self::Refused(reason) => write!(f, "refused: {reason}"),
            Self::Dismissed(reason) => write!(f, "dismissed: {reason}"),
            Self::Withdrawn => f.pad("withdrawn"),
        }
    }
}

/// A request for the correction of a record.
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
pub struct Correction {
    /// The record.
    pub record: RecordId,
    /// What is wrong with it.
    pub reason: CorrectionReason,
    /// BLAKE3 of the sealed text at the vaults that says more.
    pub text: Hash32,
    /// Who made the record and has to decide.
    pub author: InstitutionId,
    /// The author's region, whose pan-centre decides when the author does not.
    pub region: RegionCode,
    /// When it was asked for.
    pub asked_at: Instant,
    /// Until when whoever is to decide next should have.
    pub decide_by: Instant,
    /// How far it has come.
    pub status: CorrectionStatus,
    /// When it was decided or withdrawn.
    pub ended_at: Option<Instant>,
}

/// A request, by whose it is.
pub type CorrectionRef = (PersonId, CorrectionId);
