//! Identifiers: a newtype each.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

use crate::hex32::{hex_identifier, serde_as_text};

/// Province-level administrative division, six digits `XX0000` (GB/T 2260).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(transparent)]
pub struct RegionCode(pub u32);

impl RegionCode {
    /// Whether the code has the shape of a province-level division: 110000 … 820000, last four
    /// digits zero.
    pub fn is_province_level(self) -> bool {
        self.0.is_multiple_of(10_000) && (110_000..=820_000).contains(&self.0)
    }
}

impl core::fmt::Display for RegionCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl core::str::FromStr for RegionCode {
    type Err = RegionCodeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        let code = digits.then(|| text.parse().ok()).flatten().map(RegionCode);
        code.filter(|code| code.is_province_level()).ok_or(RegionCodeError)
    }
}

/// A text that is no province-level division code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionCodeError;

impl core::fmt::Display for RegionCodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("expected six digits of a province-level division, such as 320000 (GB/T 2260)")
    }
}

impl core::error::Error for RegionCodeError {}

/// A person, opaque: derived from the identity document by a blind evaluation that no holder of
/// this value can repeat.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct PersonId(pub [u8; 32]);
hex_identifier!(PersonId);

/// A record: BLAKE3 of its sealed bytes.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct RecordId(pub [u8; 32]);
hex_identifier!(RecordId);

/// ed25519 key with which a vault signs receipts, log statements and its own extrinsics.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct VaultKey(pub [u8; 32]);
hex_identifier!(VaultKey);

impl VaultKey {
    /// Whether the key is a point of small order: anybody could sign for it.
    pub fn is_low_order(&self) -> bool {
        crate::ed25519::is_low_order(&self.0)
    }
}

/// A public work: BLAKE3 of its bytes, which lie open at vaults.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct WorkId(pub [u8; 32]);
hex_identifier!(WorkId);

/// ed25519 key with which a registrar signs the heads of its evaluation log and its own
/// extrinsics.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct RegistrarKey(pub [u8; 32]);
hex_identifier!(RegistrarKey);

impl RegistrarKey {
    /// Whether the key is a point of small order: anybody could sign for it.
    pub fn is_low_order(&self) -> bool {
        crate::ed25519::is_low_order(&self.0)
    }
}

/// An authorisation code as the chain knows it: the ed25519 public key that follows from it.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct CodeKey(pub [u8; 32]);
hex_identifier!(CodeKey);

impl CodeKey {
    /// Whether the key is a point of small order: anybody could sign for it.
    pub fn is_low_order(&self) -> bool {
        crate::ed25519::is_low_order(&self.0)
    }
}

macro_rules! number_identifier {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode,
            DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

number_identifier!(
    /// A schema of records: a FHIR profile or a WS/T 500 document.
    SchemaId(u32)
);
number_identifier!(
    /// A registered chain.
    ChainId(u32)
);
number_identifier!(
    /// Generation of a person's scope key for one business block; the first is 0.
    KeyEpoch(u32)
);
number_identifier!(
    /// Terms of a grant; chosen by the person's client, rising for each grantee.
    TermsId(u64)
);
number_identifier!(
    /// A referral of one person; the first is 1.
    ReferralId(u32)
);
number_identifier!(
    /// A care team within its institution.
    TeamId(u32)
);
number_identifier!(
    /// A business block (业务块), 0 … 63.
    BusinessBlockId(u8)
);

/// Number of business blocks that can exist.
pub const MAX_BUSINESS_BLOCKS: u8 = 64;

/// Business blocks of the genesis.
pub mod blocks {
    use super::BusinessBlockId;
    /// 医疗: clinical records.
    pub const MEDICAL: BusinessBlockId = BusinessBlockId(0);
    /// 受限医疗: psychiatry, HIV, reproduction and whatever the person hides.
    pub const RESTRICTED_MEDICAL: BusinessBlockId = BusinessBlockId(1);
    /// 养老: elderly care.
    pub const ELDERLY_CARE: BusinessBlockId = BusinessBlockId(2);
    /// 健康: resident health record (WS 365).
    pub const HEALTH: BusinessBlockId = BusinessBlockId(3);
    /// 健康宣教: public works of health education.
    pub const HEALTH_EDUCATION: BusinessBlockId = BusinessBlockId(4);
    /// 公共知识: public works of knowledge.
    pub const PUBLIC_KNOWLEDGE: BusinessBlockId = BusinessBlockId(5);
    /// 个人管理: what people and their devices record.
    pub const PERSONAL: BusinessBlockId = BusinessBlockId(6);
    /// 急救摘要: emergency summary (FHIR IPS).
    pub const EMERGENCY_SUMMARY: BusinessBlockId = BusinessBlockId(7);
}

impl BusinessBlockId {
    /// Whether the number is within 0 … 63.
    pub const fn is_valid(self) -> bool {
        self.0 < MAX_BUSINESS_BLOCKS
    }
}

/// A set of business blocks, bit n for block n.
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
pub struct BusinessBlockSet(pub u64);

impl BusinessBlockSet {
    /// The set without members.
    pub const EMPTY: Self = Self(0);

    /// The set with one member; empty when the number is above 63.
    pub const fn of(block: BusinessBlockId) -> Self {
        match 1u64.checked_shl(block.0 as u32) {
            Some(bit) => Self(bit),
            None => Self(0),
        }
    }

    /// This set with one more member.
    #[must_use]
    pub const fn with(self, block: BusinessBlockId) -> Self {
        Self(self.0 | Self::of(block).0)
    }

    /// Whether the block is a member.
    pub const fn contains(self, block: BusinessBlockId) -> bool {
        self.0 & Self::of(block).0 != 0
    }

    /// Whether every member is in `other` too.
    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether there is no member.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, rising.
    pub fn iter(self) -> impl Iterator<Item = BusinessBlockId> {
        (0..MAX_BUSINESS_BLOCKS).map(BusinessBlockId).filter(move |block| self.contains(*block))
    }
}

impl FromIterator<BusinessBlockId> for BusinessBlockSet {
    fn from_iter<I: IntoIterator<Item = BusinessBlockId>>(iter: I) -> Self {
        iter.into_iter().fold(Self::EMPTY, Self::with)
    }
}

/// Cipher suite of a key or an envelope.
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
pub enum Suite {
    /// X25519-HKDF-SHA256 and ChaCha20-Poly1305 (RFC 9180, RFC 8439).
    #[default]
    #[codec(index = 1)]
    X25519ChaCha20Poly1305,
}

/// A public encryption key: the key, or its hash for suites with longer keys.
#[derive(
    Clone, Copy, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct EncryptionKey {
    /// Which suite the key belongs to.
    pub suite: Suite,
    /// The key's 32 bytes.
    pub key: [u8; 32],
}

impl EncryptionKey {
    /// A key of suite 1.
    pub const fn x25519(key: [u8; 32]) -> Self {
        Self { suite: Suite::X25519ChaCha20Poly1305, key }
    }

    /// Whether the key is one of the points of small order, or their non-canonical forms, with
    /// which every X25519 agreement gives zero (RFC 7748, section 6.1).
    pub fn is_low_order(&self) -> bool {
        const P_LOW: u8 = 0xed;
        const ORDER_8: [[u8; 32]; 2] = [
            [
                0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f,
                0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16,
                0x5f, 0x49, 0xb8, 0x00,
            ],
            [
                0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83,
                0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd,
                0xd0, 0x9f, 0x11, 0x57,
            ],
        ];
        let mut key = self.key;
        key[31] &= 0x7f;
        let small = key[0] <= 1 && key[1..].iter().all(|byte| *byte == 0);
        let around_p = key[31] == 0x7f
            && key[1..31].iter().all(|byte| *byte == 0xff)
            && (P_LOW - 1..=P_LOW + 1).contains(&key[0]);
        small || around_p || ORDER_8.contains(&key)
    }
}

impl core::fmt::Display for EncryptionKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("0x")?;
        self.key.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl core::fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl core::str::FromStr for EncryptionKey {
    type Err = crate::ParseHexError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        crate::hex32::parse(text).map(Self::x25519)
    }
}
serde_as_text!(EncryptionKey);
