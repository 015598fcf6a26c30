//! Guardians (监护人) and proxies (委托代理人): who acts for a person, and in what.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

use crate::{BusinessBlockSet, Instant, InstitutionId, PersonId, TermsId};

/// Steps in which the end of a minor's guardianship is told, in milliseconds: 90 days since the
/// Unix epoch. The 18th birthday itself would tell the birth date.
pub const COMING_OF_AGE_STEP: Instant = 90 * 86_400_000;

/// Why a person has a guardian.
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
#[serde(rename_all = "kebab-case")]
pub enum GuardianBasis {
    /// Not 18 years old.
    #[codec(index = 0)]
    Minor,
    /// A court has found the person without capacity, or with a limited one, and named the
    /// guardian.
    #[codec(index = 1)]
    Judgment,
    /// The person chose the guardian while capable (意定监护).
    #[codec(index = 2)]
    Agreement,
    /// Named for a while by the civil affairs department or a residents' committee (临时监护).
    #[codec(index = 3)]
    Interim,
}

impl GuardianBasis {
    /// All of them with the codes that stand for them.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Minor, "minor"),
        (Self::Judgment, "judgment"),
        (Self::Agreement, "agreement"),
        (Self::Interim, "interim"),
    ];
}

impl core::fmt::Display for GuardianBasis {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let named = Self::ALL.iter().find(|(basis, _)| basis == self);
        f.pad(named.map_or("", |(_, code)| code))
    }
}

/// A text that names none of the known values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode(&'static str);

impl core::fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "expected one of {}", self.0)
    }
}

impl core::error::Error for UnknownCode {}

impl core::str::FromStr for GuardianBasis {
    type Err = UnknownCode;
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let named = Self::ALL.iter().find(|(_, code)| *code == text);
        named.map(|(basis, _)| *basis).ok_or(UnknownCode("minor, judgment, agreement, interim"))
    }
}

/// What may be done for a person.
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
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Give terms to readers.
    #[codec(index = 0)]
    Grant,
    /// End terms.
    #[codec(index = 1)]
    Revoke,
    /// Refer the person, and close referrals.
    #[codec(index = 2)]
    Refer,
    /// Issue authorisation codes and cancel them.
    #[codec(index = 3)]
    Codes,
    /// Ask for the correction of records.
    #[codec(index = 4)]
    Correct,
    /// See who read what.
    #[codec(index = 5)]
    Log,
    /// Read records.
    #[codec(index = 6)]
    Read,
    /// Everything that a guardian may and a proxy may not: let institutions write, rotate scope
    /// keys, move home, reject records.
    #[codec(index = 7)]
    Manage,
}

impl Action {
    /// All of them with the codes that stand for them.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Grant, "grant"),
        (Self::Revoke, "revoke"),
        (Self::Refer, "refer"),
        (Self::Codes, "codes"),
        (Self::Correct, "correct"),
        (Self::Log, "log"),
        (Self::Read, "read"),
        (Self::Manage, "manage"),
    ];
}

impl core::fmt::Display for Action {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let named = Self::ALL.iter().find(|(action, _)| action == self);
        f.pad(named.map_or("", |(_, code)| code))
    }
}

impl core::str::FromStr for Action {
    type Err = UnknownCode;
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let named = Self::ALL.iter().find(|(_, code)| *code == text);
        named
            .map(|(action, _)| *action)
            .ok_or(UnknownCode("grant, revoke, refer, codes, correct, log, read"))
    }
}

/// A set of actions, bit n for the action with index n.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
#[serde(transparent)]
pub struct ActionSet(pub u8);

impl ActionSet {
    /// What a person can give a proxy: all but [`Action::Manage`].
    pub const OF_PROXIES: Self = Self(0b0111_1111);

    /// The set with one member.
    pub const fn of(action: Action) -> Self {
        Self(1 << action as u8)
    }

    /// This set with one more member.
    #[must_use]
    pub const fn with(self, action: Action) -> Self {
        Self(self.0 | Self::of(action).0)
    }

    /// Whether the action is a member.
    pub const fn contains(self, action: Action) -> bool {
        self.0 & Self::of(action).0 != 0
    }

    /// Whether every member is in `other` too.
    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether there is no member.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, in order of their bits.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.into_iter().map(|(action, _)| action).filter(move |one| self.contains(*one))
    }
}

impl FromIterator<Action> for ActionSet {
    fn from_iter<I: IntoIterator<Item = Action>>(iter: I) -> Self {
        iter.into_iter().fold(Self::default(), Self::with)
    }
}

/// What a call done for a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// The action.
    pub action: Action,
    /// Business blocks it is about; empty when it is about none.
    pub blocks: BusinessBlockSet,
    /// Until when its effect lasts; none when it gives nothing.
    pub until: Option<Instant>,
    /// Persons who come to read by it.
    pub readers: alloc::vec::Vec<PersonId>,
}

/// A guardianship of one ward.
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
pub struct Guardianship {
    /// The guardian.
    pub guardian: PersonId,
    /// The institution that saw the papers.
    pub institution: InstitutionId,
    /// Why.
    pub basis: GuardianBasis,
    /// When it was attested.
    pub since: Instant,
    /// First instant at which it no longer counts.
    pub until: Instant,
    /// Whether the guardian's client holds the ward's keys. They stop acting with the
    /// guardianship, until the ward takes over.
    pub holds_keys: bool,
    /// Whether the ward's own key, the pan-centre or the council has confirmed it. It counts from
    /// then on only.
    pub confirmed: bool,
}

impl Guardianship {
    /// Whether the guardian acts for the ward at `now`; standing aside.
    pub fn counts(&self, now: Instant) -> bool {
        self.confirmed && now < self.until
    }

    /// From when on the ward may take over.
    pub fn takeover_from(&self) -> Instant {
        match self.basis {
            // The birthday lies within the last step.
            GuardianBasis::Minor => self.until.saturating_sub(COMING_OF_AGE_STEP),
            _ => self.until,
        }
    }
}

/// A person's proxy.
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
pub struct Proxyship {
    /// Who acts for the person.
    pub proxy: PersonId,
    /// In which business blocks.
    pub blocks: BusinessBlockSet,
    /// What the proxy may do.
    pub actions: ActionSet,
    /// Since when.
    pub since: Instant,
    /// First instant at which it no longer counts.
    pub until: Instant,
    /// The terms by which the proxy reads, when reading is among the actions.
    pub terms: Option<TermsId>,
}

/// As what somebody acts for a person.
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
pub enum Capacity {
    /// A guardian.
    #[codec(index = 0)]
    Guardian,
    /// A proxy.
    #[codec(index = 1)]
    Proxy,
}
