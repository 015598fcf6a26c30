//! What is stored of registrars.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound,
    traits::{ConstU32, Get},
};
use kanglian_primitives::{Hash32, Instant, RegionCode, RegistrarKey};
use scale_info::TypeInfo;

use crate::Config;

/// Longest base URL of a registrar, in bytes.
pub const MAX_URL_LENGTH: u32 = 128;

/// Longest consistency proof: as many hashes as a tree of 2^63 leaves needs.
pub const MAX_PROOF: u32 = 64;

/// A registrar's base URL, printable ASCII.
pub type RegistrarUrl = BoundedVec<u8, ConstU32<MAX_URL_LENGTH>>;

/// A consistency proof (RFC 6962, section 2.1.2).
pub type LogProof = BoundedVec<Hash32, ConstU32<MAX_PROOF>>;

/// The set of this runtime.
pub type RegistrarSetOf<T> = RegistrarSet<<T as Config>::MaxRegistrars>;

/// A registrar.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Registrar {
    /// Its province.
    pub region: RegionCode,
    /// It signs log heads and its extrinsics with this key.
    pub signing_key: RegistrarKey,
    /// The public key of its share of the group key, an element of ristretto255.
    pub share_key: [u8; 32],
    /// Where it answers.
    pub url: RegistrarUrl,
}

/// Who holds shares of which key.
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
#[scale_info(skip_type_params(Most))]
pub struct RegistrarSet<Most: Get<u32>> {
    /// The number of the group key: 0 at launch, one more after each compromise.
    pub generation: u32,
    /// The number of its shares: 0 at first, one more with each refresh or replacement.
    pub epoch: u32,
    /// How many registrars have to answer.
    pub threshold: u16,
    /// The group's public key, an element of ristretto255.
    pub network_key: [u8; 32],
    /// The registrars; the first has index 1.
    pub members: BoundedVec<Registrar, Most>,
}

/// The anchored head of a registrar's log.
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
pub struct EvaluationLog {
    /// Lines.
    pub size: u64,
    /// RFC 6962 root over them.
    pub root: Hash32,
    /// When it was anchored.
    pub at: Instant,
}

/// A registrar at genesis: region, signing key, share key, URL.
pub type GenesisRegistrar = (u32, RegistrarKey, [u8; 32], alloc::string::String);

/// The set at genesis: threshold, group key, registrars.
pub type GenesisSet = (u16, [u8; 32], Vec<GenesisRegistrar>);

/// Whether the bytes are `http://` or `https://` followed by printable ASCII without spaces.
pub(crate) fn is_url(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b"https://").or_else(|| bytes.strip_prefix(b"http://"));
    rest.and_then(<[u8]>::first)
        .is_some_and(|first| first.is_ascii_alphanumeric() || *first == b'[')
        && bytes.iter().all(u8::is_ascii_graphic)
}
