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
