//! What chain, vaults and clients must agree on to the byte: identifiers, enums, signed payloads
//! and runtime interfaces.
//!
//! Nothing here does I/O or holds state. Every type that crosses the wire is SCALE-encoded in the
//! field order written here; `vectors/*.json` pins those bytes for Rust and TypeScript alike.
//! Identifiers have one text form, used by `Display`, `FromStr` and JSON.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod access;
#[cfg(feature = "runtime-api")]
pub mod api;
mod correction;
mod custody;
mod ed25519;
mod guardianship;
mod hex32;
mod ids;
mod institution_id;
pub mod payloads;
mod purpose;
mod reason;
mod record;
mod work;

pub use access::*;
pub use correction::*;
pub use custody::*;
pub use guardianship::*;
pub use hex32::ParseHexError;
pub use ids::*;
pub use institution_id::{InstitutionId, InstitutionIdError};
pub use purpose::*;
pub use reason::UnknownReason;
pub use record::*;
pub use work::*;

/// Milliseconds since the Unix epoch. A validity is half open: from ≤ now < until.
pub type Instant = u64;

/// Amounts of Health Management Coin (健康管理币, HMC) in its smallest unit.
pub type Amount = u128;

/// 32 bytes of a hash whose function the context names.
pub type Hash32 = [u8; 32];

/// Block heights.
pub type Height = u32;

/// One HMC: 12 decimals.
pub const HMC: Amount = 1_000_000_000_000;

/// SS58 address type of all Kanglian networks (generic Substrate, as wallets know it).
pub const SS58_PREFIX: u16 = 42;

/// Longest list of receipts in a share.
pub const MAX_RECEIPTS: u32 = 4;

/// Longest validity of a receipt, in blocks of one second.
pub const MAX_RECEIPT_VALIDITY: Height = 3_600;

/// Most entries in one page of a person's file.
pub const MAX_PAGE: u32 = 256;
