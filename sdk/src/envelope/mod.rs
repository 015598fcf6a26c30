//! Sealed records: one fresh data key each, a stream of encrypted chunks, and the data key wrapped
//! to those who may read.
//!
//! A sealed object is a 32-byte header and chunks of 64 KiB, each encrypted and authenticated with
//! the header as associated data; the construction (STREAM) makes a missing, doubled or displaced
//! chunk and a cut end visible. BLAKE3 over all of it is the [`RecordId`]. [`seal`] and [`open`]
//! work in constant memory.
//!
//! The data key travels in [`Wrap`]s (HPKE, RFC 9180, base mode), bound to chain, subject, business
//! block, epoch and record. What opens a wrap is a scope secret; with a grant, scope secrets reach
//! the grantee in a [`Bundle`].

mod bundle;
mod chunks;
mod correction;
mod hpke;
mod stream;

pub use bundle::{Bundle, BundleContext, BundleEntry, ScopeSecret};
pub use correction::{MAX_CORRECTION_TEXT, open_correction, seal_correction};
pub(crate) use hpke::seal_with_rng;
pub use hpke::{Wrap, WrapContext, WrapRecipient, hpke_open, hpke_seal, unwrap, unwrap_any, wrap};
pub use stream::{
    CHUNK, HEADER, Header, MAX_LENGTH, Sealed, open, open_bytes, open_file, seal, seal_bytes,
    seal_file, seal_with, sealed_size,
};

use kanglian_primitives::RecordId;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The key of one sealed object; wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct DataKey([u8; 32]);

impl DataKey {
    /// A fresh key.
    pub fn generate() -> Self {
        Self(crate::random_bytes())
    }

    /// A given key.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key's bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// Why sealing or opening failed. Every cause that could be an attack is an error of its own, so
/// that nothing half-opened is taken for whole.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// Reading or writing failed.
    #[error("reading or writing failed: {0}")]
    Io(#[from] std::io::Error),
    /// The content is not as long as was said.
    #[error("the content has {found} bytes or more, {expected} were announced")]
    Length {
        /// Bytes announced.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// The content is too long.
    #[error("the content is longer than {max} bytes")]
    TooLong {
        /// The most that can be sealed.
        max: u64,
    },
    /// The bytes are no sealed object of a known form.
    #[error("not a sealed object of a known form: {0}")]
    Header(&'static str),
    /// The sealed bytes end too early.
    #[error("the sealed bytes end too early")]
    Truncated,
    /// There are bytes behind the end.
    #[error("there are bytes behind the end of the sealed object")]
    TrailingBytes,
    /// A chunk is not authentic: wrong key, changed, doubled or displaced.
    #[error("chunk {0} is not authentic: wrong key, or the bytes were changed or reordered")]
    Chunk(u32),
    /// The bytes are not those of the record.
    #[error("the bytes are those of record {found}, expected {expected}")]
    WrongRecord {
        /// The record asked for.
        expected: RecordId,
        /// The record the bytes belong to.
        found: RecordId,
    },
    /// A public key with which every agreement gives zero.
    #[error("the public key is a point of small order and protects nothing")]
    LowOrderKey,
    /// A wrap or a bundle entry does not open.
    #[error(
        "the wrapped key does not open: it was made for another key, subject, block, epoch or \
         record, or was changed"
    )]
    Unwrap,
    /// None of the wraps is for one of the keys at hand.
    #[error("none of the wrapped keys is for a key at hand")]
    NoWrap,
    /// A bundle's bytes do not read, or are not those of the hash.
    #[error("the bundle of scope secrets is damaged: {0}")]
    Bundle(&'static str),
}
