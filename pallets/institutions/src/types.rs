//! What is kept of institutions, practitioners and teams.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound,
    storage::bounded_btree_set::BoundedBTreeSet,
    traits::{ConstU32, Get},
};
use kanglian_primitives::{
    BusinessBlockSet, EncryptionKey, Instant, InstitutionId, PersonId, RegionCode,
};
use scale_info::TypeInfo;

/// Class letters of WS 218, such as `A1`.
pub type Kind = BoundedVec<u8, ConstU32<8>>;

/// An institution's name, UTF-8.
pub type InstitutionName = BoundedVec<u8, ConstU32<128>>;

/// A team's name, UTF-8.
pub type TeamName = BoundedVec<u8, ConstU32<64>>;

/// Standing of an institution.
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
)]
pub enum InstitutionStatus {
    /// Proposed by its pan-centre; counts for nothing yet.
    #[codec(index = 0)]
    Nominated,
    /// Permitted by the council.
    #[codec(index = 1)]
    Permitted,
    /// Stopped by its pan-centre until the council permits it again.
    #[codec(index = 2)]
    Suspended,
    /// Ended by the council for ever.
    #[codec(index = 3)]
    Revoked,
}

/// An institution.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Institution<AccountId> {
    /// Its province.
    pub region: RegionCode,
    /// Class letters of WS 218.
    pub kind: Kind,
    /// Its name.
    pub name: InstitutionName,
    /// The account that speaks for it.
    pub controller: AccountId,
    /// The key to which things are sealed for it.
    pub encryption_key: EncryptionKey,
    /// Business blocks it works in.
    pub blocks: BusinessBlockSet,
    /// First instant at which the permission no longer counts.
    pub valid_until: Instant,
    /// Its standing.
    pub status: InstitutionStatus,
}

/// What a pan-centre says of an institution it nominates.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Profile<AccountId> {
    /// Its identifier.
    pub id: InstitutionId,
    /// Class letters of WS 218: a capital letter, then capital letters or digits.
    pub kind: Kind,
    /// Its name, UTF-8.
    pub name: InstitutionName,
    /// The account that is to speak for it.
    pub controller: AccountId,
    /// The key to which things are sealed for it.
    pub encryption_key: EncryptionKey,
    /// Business blocks it is to work in.
    pub blocks: BusinessBlockSet,
    /// First instant at which the permission is not to count any longer.
    pub valid_until: Instant,
}

/// What a practitioner does.
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
)]
pub enum Role {
    /// 医师
    #[codec(index = 0)]
    Doctor,
    /// 护士
    #[codec(index = 1)]
    Nurse,
    /// 药师
    #[codec(index = 2)]
    Pharmacist,
    /// 技师
    #[codec(index = 3)]
    Technician,
    /// 研究人员
    #[codec(index = 4)]
    Researcher,
    /// 管理人员
    #[codec(index = 5)]
    Administrator,
}

/// Standing of a practitioner at one institution.
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
)]
pub enum PractitionerStatus {
    /// May act.
    #[codec(index = 0)]
    Active,
    /// Stopped by the pan-centre until the council lifts it.
    #[codec(index = 1)]
    Suspended,
}

/// A practitioner at one institution.
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
)]
pub struct Practitioner {
    /// What they do there.
    pub role: Role,
    /// The key to which things are sealed for them.
    pub encryption_key: EncryptionKey,
    /// First instant at which they no longer count.
    pub valid_until: Instant,
    /// Their standing.
    pub status: PractitionerStatus,
}

impl Practitioner {
    /// Whether the practitioner may act at `now`, the institution aside.
    pub fn is_active(&self, now: Instant) -> bool {
        self.status == PractitionerStatus::Active && now < self.valid_until
    }
}

/// A care team of an institution.
#[derive(
    CloneNoBound,
    DebugNoBound,
    PartialEqNoBound,
    EqNoBound,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[scale_info(skip_type_params(MaxMembers))]
#[codec(mel_bound(AccountId: MaxEncodedLen))]
pub struct Team<AccountId, MaxMembers>
where
    AccountId: Clone + core::fmt::Debug + Ord,
    MaxMembers: Get<u32>,
{
    /// Its name.
    pub name: TeamName,
    /// The key to which things are sealed for the team.
    pub encryption_key: EncryptionKey,
    /// Listed members; one counts only while an active practitioner of the institution.
    pub members: BoundedBTreeSet<AccountId, MaxMembers>,
}

/// That an account abused an emergency.
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
)]
pub struct Bar {
    /// Where it was.
    pub institution: InstitutionId,
    /// The person behind the account, when it spoke for one.
    pub person: Option<PersonId>,
}
