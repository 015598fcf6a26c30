//! What is stored for a region, and what its parts must look like.

use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use kanglian_primitives::{EncryptionKey, RegionCode, VaultInfo, VaultKey};
use scale_info::TypeInfo;
use sp_runtime::BoundedBTreeMap;

use crate::Config;

/// Longest name of a region, in bytes.
pub const MAX_NAME_LENGTH: u32 = 64;

/// Longest base URL of a vault, in bytes.
pub const MAX_URL_LENGTH: u32 = 128;

/// A region's name, UTF-8.
pub type RegionName = BoundedVec<u8, ConstU32<MAX_NAME_LENGTH>>;

/// A vault's base URL, printable ASCII.
pub type VaultUrl = BoundedVec<u8, ConstU32<MAX_URL_LENGTH>>;

/// A region with the runtime's accounts.
pub type RegionOf<T> = Region<<T as frame_system::Config>::AccountId>;

/// All regions by their codes.
pub type RegionMap<T> = BoundedBTreeMap<RegionCode, RegionOf<T>, <T as Config>::MaxRegions>;

/// Standing of a region.
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
pub enum RegionStatus {
    /// Takes part in everything.
    #[codec(index = 0)]
    Active,
    /// Stopped by the council; only its people keep their rights.
    #[codec(index = 1)]
    Suspended,
}

/// A province.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Region<AccountId> {
    /// Its name, UTF-8.
    pub name: RegionName,
    /// The account that speaks for it; rewards for storing go there.
    pub pan_centre: AccountId,
    /// The key to which shares of people's secrets are sealed.
    pub custodian_key: EncryptionKey,
    /// The key with which its vault signs.
    pub vault_key: VaultKey,
    /// Where its vault answers.
    pub vault_url: VaultUrl,
    /// Its standing.
    pub status: RegionStatus,
}

impl<AccountId> Region<AccountId> {
    /// An active region.
    pub fn new(
        name: RegionName,
        pan_centre: AccountId,
        custodian_key: EncryptionKey,
        vault_key: VaultKey,
        vault_url: VaultUrl,
    ) -> Self {
        let status = RegionStatus::Active;
        Self { name, pan_centre, custodian_key, vault_key, vault_url, status }
    }

    /// Whether the region is active.
    pub fn is_active(&self) -> bool {
        self.status == RegionStatus::Active
    }

    /// The vault as clients see it.
    pub fn vault_info(&self, region: RegionCode) -> VaultInfo {
        VaultInfo {
            region,
            key: self.vault_key,
            url: String::from_utf8_lossy(&self.vault_url).into_owned(),
            active: self.is_active(),
        }
    }
}

/// Which place an account has in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    PanCentre,
    Vault,
}

/// Whether the bytes are UTF-8, not empty, and free of control characters.
pub(crate) fn is_name(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes)
        .is_ok_and(|text| !text.trim().is_empty() && !text.chars().any(char::is_control))
}

/// Whether the bytes are `http://` or `https://` followed by printable ASCII without spaces.
pub(crate) fn is_url(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b"https://").or_else(|| bytes.strip_prefix(b"http://"));
    rest.is_some_and(|rest| {
        rest.first().is_some_and(u8::is_ascii_alphanumeric)
            || rest.first().is_some_and(|first| *first == b'[')
    }) && bytes.iter().all(u8::is_ascii_graphic)
}

/// y coordinates of the points of order 1, 2, 4 and 8 and their non-canonical forms, in little
/// endian without the sign. Verification accepts signatures for such keys that nobody had to make.
const LOW_ORDER_ED25519: [[u8; 32]; 7] = [
    [0; 32],
    edge(0x01, 0x00),
    edge(0xec, 0x7f),
    edge(0xed, 0x7f),
    edge(0xee, 0x7f),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
];

/// 32 bytes with these ends; between them all ones when the last byte is not zero, else all zeros.
const fn edge(first: u8, last: u8) -> [u8; 32] {
    let mut bytes = if last == 0 { [0x00; 32] } else { [0xff; 32] };
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

/// Whether the ed25519 key is a point of small order.
pub(crate) fn is_low_order(key: &VaultKey) -> bool {
    let mut y = key.0;
    if let Some(last) = y.last_mut() {
        *last &= 0x7f;
    }
    LOW_ORDER_ED25519.contains(&y)
}
