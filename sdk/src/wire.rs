//! What vaults and their clients say to each other over HTTP: header names, SCALE values carried
//! in headers, and JSON bodies.
//!
//! Headers hold base64 (standard alphabet, padded) of a SCALE value; trailing bytes are refused.
//! Byte strings in JSON are lower-case hexadecimal without a prefix, identifiers have their text
//! form, accounts are SS58.

use base64::{Engine, engine::general_purpose::STANDARD};
use codec::{Decode, DecodeAll, Encode};
use kanglian_primitives::{
    CodeKey, Hash32, Height, Instant, PersonId, Receipt, RecordId, RegionCode, ShareClaim,
    WorkClaim, WorkFacts, WorkId,
    payloads::{AccessStatement, LogReceiptBody, PeerRequest},
};
use serde::{Deserialize, Serialize};

use crate::{envelope::Wrap, works::WorkMetadata};

/// Accounts of the chain.
pub type AccountId = subxt::utils::AccountId32;

/// Request and reply header: [`Upload`] of an object.
pub const HEADER_UPLOAD: &str = "x-kanglian-upload";
/// Request header: [`SignedAccess`] of a reader.
pub const HEADER_ACCESS: &str = "x-kanglian-access";
/// Reply header: [`SignedLogReceipt`] for the line that the read left in the access log.
pub const HEADER_LOG: &str = "x-kanglian-log";
/// Reply header: `Vec<Wrap>`, the wrapped data keys of an object.
pub const HEADER_WRAPS: &str = "x-kanglian-wraps";
/// Request header: [`WorkUpload`] of a public work, whose body is the metadata document and then
/// the work's bytes.
pub const HEADER_WORK: &str = "x-kanglian-work";
/// Reply header: how a public work stands.
pub const HEADER_STANDING: &str = "x-kanglian-standing";
/// Request header between vaults: [`SignedPeerRequest`].
pub const HEADER_PEER: &str = "x-kanglian-peer";

/// Longest statement of a reader, in milliseconds.
pub const MAX_STATEMENT: Instant = 60 * 60 * 1000;
/// Largest bundle of sealed scope secrets, in bytes.
pub const MAX_BUNDLE: usize = 256 * 1024;
/// Largest blob of a dealing or of a case, in bytes.
pub const MAX_CUSTODY: usize = 64 * 1024;
/// Most wraps of one object.
pub const MAX_WRAPS: usize = 16;
/// Most lines in one page of a person's access log.
pub const MAX_LOG_PAGE: u32 = 256;

/// What is uploaded: the claim that the chain checks, and the wrapped data keys.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Upload {
    /// Facts that receipts repeat.
    pub claim: ShareClaim,
    /// The data key, wrapped to the subject's scope key and to the author.
    pub wraps: Vec<Wrap>,
}

/// What is uploaded of a public work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WorkUpload {
    /// Facts that receipts repeat.
    pub claim: WorkClaim,
    /// Bytes of the metadata document, which come first.
    pub metadata_size: u32,
    /// The author's region, whose receipt the chain asks for.
    pub home: RegionCode,
}

/// A public work that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkHit {
    /// What the vault's node says of it, finalised.
    pub work: WorkFacts,
    /// What is read of its metadata.
    pub metadata: WorkMetadata,
}

/// Reply to `GET /public/v1/works`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorksReply {
    /// What was found, newest first.
    pub works: Vec<WorkHit>,
    /// Pass this as the cursor for the next page, which may be empty; none when there is no more.
    pub next: Option<u64>,
}

/// A reader's statement with its signature over [`kanglian_primitives::payloads::access`], raw or
/// wrapped in `<Bytes>`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedAccess {
    /// What the reader says.
    pub statement: AccessStatement<AccountId>,
    /// 0 ed25519, 1 sr25519, 2 ecdsa.
    pub scheme: u8,
    /// 64 bytes, 65 for ecdsa.
    pub signature: Vec<u8>,
}

/// A vault's statement that a line stands in its access log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedLogReceipt {
    /// Which line.
    pub body: LogReceiptBody,
    /// ed25519 by the vault over [`kanglian_primitives::payloads::log`].
    pub signature: [u8; 64],
}

/// A vault's request to another, with its ed25519 signature over
/// [`kanglian_primitives::payloads::peer`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedPeerRequest {
    /// What is asked.
    pub request: PeerRequest,
    /// The asking vault's signature.
    pub signature: [u8; 64],
}

/// Why a header does not hold what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Not base64.
    #[error("the header is not base64")]
    Base64,
    /// Not the SCALE value, or more than it.
    #[error("the header does not hold the expected SCALE value")]
    Scale,
}

/// A SCALE value as a header.
pub fn encode_header<T: Encode>(value: &T) -> String {
    STANDARD.encode(value.encode())
}

/// A SCALE value from a header.
pub fn decode_header<T: Decode>(text: &str) -> Result<T, HeaderError> {
    let bytes = STANDARD.decode(text).map_err(|_| HeaderError::Base64)?;
    T::decode_all(&mut bytes.as_slice()).map_err(|_| HeaderError::Scale)
}

/// Every error of a vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// Stable, for programs: `no_consent`, `damaged`, …
    pub code: String,
    /// For people.
    pub message: String,
}

/// `POST /v1/login/challenge`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeRequest {
    /// SS58 of the account that will sign.
    pub account: String,
}

/// Reply to [`ChallengeRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeReply {
    /// The text to sign, raw or wrapped in `<Bytes>`.
    pub text: String,
    /// When the text no longer counts.
    pub expires_at: Instant,
}

/// Signature schemes of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Ed25519 (RFC 8032).
    Ed25519 = 0,
    /// Schnorr over Ristretto, context `substrate`.
    Sr25519 = 1,
}

impl Scheme {
    /// The number that [`SignedAccess`] and the access log carry.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The scheme with a number; none for schemes that vaults do not take.
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Ed25519),
            1 => Some(Self::Sr25519),
            _ => None,
        }
    }
}

/// `POST /v1/login`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// SS58 of the account.
    pub account: String,
    /// The text of the challenge, unchanged.
    pub text: String,
    /// Hexadecimal, 64 bytes.
    pub signature: String,
    /// None: the vault tries the schemes in turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Scheme>,
}

/// Reply to [`LoginRequest`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginReply {
    /// Bearer token: 32 random bytes, hexadecimal.
    pub token: String,
    /// When the token no longer counts.
    pub expires_at: Instant,
}

impl core::fmt::Debug for LoginReply {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "LoginReply(until {})", self.expires_at)
    }
}

/// A storage receipt in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptBody {
    /// The storing region.
    pub region: RegionCode,
    /// First height at which the receipt no longer counts.
    pub expires_at: Height,
    /// Hexadecimal, 64 bytes.
    pub signature: String,
}

impl From<&Receipt> for ReceiptBody {
    fn from(receipt: &Receipt) -> Self {
        Self {
            region: receipt.region,
            expires_at: receipt.expires_at,
            signature: hex::encode(receipt.signature),
        }
    }
}

impl TryFrom<&ReceiptBody> for Receipt {
    type Error = hex::FromHexError;
    fn try_from(body: &ReceiptBody) -> Result<Self, Self::Error> {
        let mut signature = [0u8; 64];
        hex::decode_to_slice(&body.signature, &mut signature)?;
        Ok(Self { region: body.region, expires_at: body.expires_at, signature })
    }
}

/// Reply to an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadReply {
    /// Receipts of this vault and of those it replicated to.
    pub receipts: Vec<ReceiptBody>,
    /// Regions that hold the object beside this one.
    pub replicas: Vec<RegionCode>,
}

/// Reply to a stored bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleReply {
    /// Regions that hold the bundle beside this one.
    pub replicas: Vec<RegionCode>,
}

/// A log's state as the chain holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Lines.
    pub size: u64,
    /// RFC 6962 root over them.
    #[serde(with = "hex_bytes")]
    pub root: Hash32,
    /// Height at which the vault saw it on chain.
    pub block: Height,
}

/// One line of a person's access log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// Where in the vault's log, from 0.
    pub index: u64,
    /// Hexadecimal, 32 bytes: 24 random ones, then the index plus one of the same person's line
    /// before this one (little endian; 0 for the first). The leaf commits to the salt, so a line
    /// that a vault leaves out of a listing is missed by the next one.
    pub salt: String,
    /// Hexadecimal SCALE of [`kanglian_primitives::payloads::LogEntry`].
    pub entry: String,
    /// Hexadecimal inclusion proof in the tree of `proof_size` lines, leaf to root; none for lines
    /// that came after it.
    pub proof: Option<Vec<String>>,
}

/// Reply to `GET /v1/persons/{person}/log`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogReply {
    /// Lines in the vault's log now.
    pub size: u64,
    /// Their root.
    #[serde(with = "hex_bytes")]
    pub root: Hash32,
    /// What the vault last saw on chain.
    pub anchor: Option<Anchor>,
    /// The tree that the proofs are about: as asked by `size`, else the anchored one.
    pub proof_size: u64,
    /// The person's lines from the asked index on, rising.
    pub entries: Vec<LogLine>,
    /// Where the next page begins; none when there is no more.
    pub next: Option<u64>,
}

/// Reply to `GET /v1/log/consistency`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsistencyReply {
    /// Lines in the older tree.
    pub from: u64,
    /// Lines in the newer tree.
    pub to: u64,
    /// Root of the older tree.
    #[serde(with = "hex_bytes")]
    pub from_root: Hash32,
    /// Root of the newer tree.
    #[serde(with = "hex_bytes")]
    pub to_root: Hash32,
    /// RFC 6962 consistency proof, hexadecimal hashes.
    pub proof: Vec<String>,
}

/// Reply to `GET /v1/log/inclusion`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InclusionReply {
    /// The line's index, from 0.
    pub index: u64,
    /// Lines in the tree that the proof is about.
    pub size: u64,
    /// The line's leaf hash: salted, it tells nothing of the line.
    #[serde(with = "hex_bytes")]
    pub leaf: Hash32,
    /// RFC 6962 inclusion proof, hexadecimal hashes, leaf to root.
    pub proof: Vec<String>,
}

/// Reply to `GET /health`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// `ok`, or `stale` when reads are refused because the node is behind.
    pub status: String,
    /// The vault's region.
    pub region: RegionCode,
    /// SS58 of the vault's account.
    pub account: String,
    /// Best height of the vault's node.
    pub best: Height,
    /// Finalised height.
    pub finalised: Height,
    /// Lines in the access log.
    pub log_size: u64,
    /// Software version.
    pub version: String,
}

/// Paths of the interface, so that servers, clients and peer signatures spell them alike.
pub mod paths {
    use super::*;

    /// Where an object is put and read.
    pub fn object(record: &RecordId) -> String {
        format!("/v1/objects/{record}")
    }

    /// A page of a person's file.
    pub fn file(person: &PersonId, cursor: Option<&RecordId>, limit: u32) -> String {
        let cursor = cursor.map(|cursor| format!("cursor={cursor}&")).unwrap_or_default();
        format!("/v1/persons/{person}/file?{cursor}limit={limit}")
    }

    /// A bundle that belongs to a person's terms.
    pub fn bundle(hash: &Hash32, subject: &PersonId) -> String {
        format!("/v1/bundles/0x{}?subject={subject}", hex::encode(hash))
    }

    /// A blob of a dealing of a person's secret, or of a case about it.
    pub fn custody(hash: &Hash32, subject: &PersonId) -> String {
        format!("/v1/custody/0x{}?subject={subject}", hex::encode(hash))
    }

    /// A bundle that whoever redeemed a code sealed again.
    pub fn adopted_bundle(hash: &Hash32, subject: &PersonId, code: &CodeKey) -> String {
        format!("{}&code={code}", bundle(hash, subject))
    }

    /// A person's own access log; `size` asks for proofs in the tree of so many lines.
    pub fn log(person: &PersonId, from: u64, limit: u32, size: Option<u64>) -> String {
        let size = size.map(|size| format!("&size={size}")).unwrap_or_default();
        format!("/v1/persons/{person}/log?from={from}&limit={limit}{size}")
    }

    /// A consistency proof.
    pub fn consistency(from: u64, to: u64) -> String {
        format!("/v1/log/consistency?from={from}&to={to}")
    }

    /// Where a public work is put.
    pub fn put_work(work: &WorkId) -> String {
        format!("/v1/works/{work}")
    }

    /// A public work's bytes.
    pub fn work(work: &WorkId) -> String {
        format!("/public/v1/works/{work}")
    }

    /// A public work's metadata document.
    pub fn work_metadata(work: &WorkId) -> String {
        format!("/public/v1/works/{work}/metadata")
    }

    /// What the chain says of a public work.
    pub fn work_facts(work: &WorkId) -> String {
        format!("/public/v1/works/{work}/facts")
    }

    /// A public work, between vaults.
    pub fn peer_work(work: &WorkId) -> String {
        format!("/peer/v1/works/{work}")
    }

    /// An inclusion proof.
    pub fn inclusion(index: u64, size: u64) -> String {
        format!("/v1/log/inclusion?index={index}&size={size}")
    }

    /// An object, between vaults.
    pub fn peer_object(record: &RecordId) -> String {
        format!("/peer/v1/objects/{record}")
    }

    /// A bundle, between vaults.
    pub fn peer_bundle(hash: &Hash32, subject: &PersonId) -> String {
        format!("/peer/v1/bundles/0x{}?subject={subject}", hex::encode(hash))
    }

    /// A blob of a dealing or of a case, between vaults.
    pub fn peer_custody(hash: &Hash32, subject: &PersonId) -> String {
        format!("/peer/v1/custody/0x{}?subject={subject}", hex::encode(hash))
    }
}

/// Serde form of 32 bytes: hexadecimal without a prefix.
pub(crate) mod hex_bytes {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0u8; 32];
        hex::decode_to_slice(&text, &mut bytes).map_err(D::Error::custom)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_refuse_trailing_bytes_and_foreign_letters() {
        let text = encode_header(&7u32);
        assert_eq!(decode_header::<u32>(&text), Ok(7));
        assert_eq!(
            decode_header::<u32>(&STANDARD.encode([7, 0, 0, 0, 0])),
            Err(HeaderError::Scale)
        );
        assert_eq!(decode_header::<u32>("BwAA AA=="), Err(HeaderError::Base64));
    }

    #[test]
    fn receipts_survive_json() {
        let receipt =
            Receipt { region: RegionCode(320_000), expires_at: 1_800, signature: [9; 64] };
        let body = ReceiptBody::from(&receipt);
        assert_eq!(Receipt::try_from(&body), Ok(receipt));
        assert!(Receipt::try_from(&ReceiptBody { signature: "00".into(), ..body }).is_err());
    }

    #[test]
    fn tokens_do_not_show_in_debug_output() {
        let reply = LoginReply { token: "secret".into(), expires_at: 5 };
        assert!(!format!("{reply:?}").contains("secret"));
    }
}
