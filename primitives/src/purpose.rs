//! Why a record is read: HL7 v3 PurposeOfUse (code system `v3-ActReason`).

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::hex32::serde_as_text;

macro_rules! purposes {
    ($($(#[$doc:meta])* $name:ident = $index:literal, $code:literal;)*) => {
        /// Why a record is read: codes of HL7 v3 PurposeOfUse.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode,
            DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
        )]
        pub enum Purpose {
            $($(#[$doc])* #[codec(index = $index)] $name = $index,)*
        }

        impl Purpose {
            /// Every purpose, in order of its bit.
            pub const ALL: &'static [Purpose] = &[$(Purpose::$name),*];

            /// The HL7 code.
            pub const fn code(self) -> &'static str {
                match self { $(Purpose::$name => $code),* }
            }
        }
    };
}

purposes! {
    /// Treatment.
    Treatment = 0, "TREAT";
    /// Emergency treatment.
    EmergencyTreatment = 1, "ETREAT";
    /// Break the glass.
    BreakTheGlass = 2, "BTG";
    /// Care management.
    CareManagement = 3, "CAREMGT";
    /// Coordination of care.
    CoordinationOfCare = 4, "COC";
    /// Clinical trial research.
    ClinicalTrialResearch = 5, "CLINTRCH";
    /// Health research.
    HealthResearch = 6, "HRESCH";
    /// Public health.
    PublicHealth = 7, "PUBHLTH";
    /// Payment.
    Payment = 8, "HPAYMT";
    /// Legal.
    Legal = 9, "HLEGAL";
    /// The patient's own request.
    PatientRequest = 10, "PATRQT";
    /// The family's request.
    FamilyRequest = 11, "FAMRQT";
    /// Power of attorney.
    PowerOfAttorney = 12, "PWATRNY";
    /// Marketing: exists in the code system and can never be granted.
    Marketing = 13, "HMARKT";
}

impl Purpose {
    /// Whether terms may name this purpose. Marketing never may; emergency purposes have their own
    /// procedure, and what the person, the family or a court asks for needs no grant.
    pub const fn is_grantable(self) -> bool {
        PurposeSet::GRANTABLE.contains(self)
    }
}

impl core::fmt::Display for Purpose {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that is no PurposeOfUse code known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurposeError;

impl core::fmt::Display for PurposeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("expected an HL7 v3 PurposeOfUse code such as TREAT or CAREMGT")
    }
}

impl core::error::Error for PurposeError {}

impl core::str::FromStr for Purpose {
    type Err = PurposeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|purpose| purpose.code() == text).ok_or(PurposeError)
    }
}
serde_as_text!(Purpose);

/// A set of purposes, bit n for the purpose with index n.
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
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct PurposeSet(pub u32);

impl PurposeSet {
    /// The set without members.
    pub const EMPTY: Self = Self(0);

    /// All that terms may name.
    pub const GRANTABLE: Self = Self::of(Purpose::Treatment)
        .with(Purpose::CareManagement)
        .with(Purpose::CoordinationOfCare)
        .with(Purpose::ClinicalTrialResearch)
        .with(Purpose::HealthResearch)
        .with(Purpose::PublicHealth)
        .with(Purpose::Payment)
        .with(Purpose::FamilyRequest)
        .with(Purpose::PowerOfAttorney);

    /// The set with one member.
    pub const fn of(purpose: Purpose) -> Self {
        Self(1 << purpose as u32)
    }

    /// This set with one more member.
    #[must_use]
    pub const fn with(self, purpose: Purpose) -> Self {
        Self(self.0 | Self::of(purpose).0)
    }

    /// Whether the purpose is a member.
    pub const fn contains(self, purpose: Purpose) -> bool {
        self.0 & Self::of(purpose).0 != 0
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
    pub fn iter(self) -> impl Iterator<Item = Purpose> {
        Purpose::ALL.iter().copied().filter(move |purpose| self.contains(*purpose))
    }
}

impl FromIterator<Purpose> for PurposeSet {
    fn from_iter<I: IntoIterator<Item = Purpose>>(iter: I) -> Self {
        iter.into_iter().fold(Self::EMPTY, Self::with)
    }
}
