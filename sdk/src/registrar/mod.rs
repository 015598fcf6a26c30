//! From a document number to a [`PersonId`], without telling anybody the number.
//!
//! A person's id is a pseudorandom function of the identity document under one key for the life of
//! the network. Nobody holds that key: *n* registrars hold Shamir shares of it, and *t* of them have
//! to answer. Each answers as an ordinary server of RFC 9497 (VOPRF mode, ristretto255-SHA512) with
//! its share: it sees a blinded element that is independent of the number, and proves that it used
//! the share whose public key is published.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`oprf`] | blinds, evaluates, verifies, combines, finalises |
//! | [`set`] | the published registrar set: who they are, threshold, commitments |
//! | [`ceremony`] | making and refreshing the shares, by files |
//! | [`identity`] | a registrar's own keys and the file of its share |
//! | [`wire`] | signed requests, log entries, replies |
//! | [`client`] | asks the registrars; files what became of an evaluation |
//! | [`audit`] | a registrar's log, verified |
//!
//! Formats and who can do what: `docs/identity.md`.

pub mod audit;
pub mod ceremony;
pub mod client;
pub mod identity;
pub mod oprf;
pub mod set;
pub mod wire;

use hkdf::Hkdf;
use kanglian_primitives::PersonId;
use sha2::Sha512;

pub use crate::sharing;
pub use client::{Evaluated, RegistrarError, Registrars};
pub use identity::{RegistrarIdentity, RegistrarShare};
pub use set::{Member, RegistrarSet, SetError};

/// Stands before the canonical document in the function's input.
pub const INPUT_DOMAIN: &str = "kanglian/document/v1:";
/// Phrase of the well-known registrars of local networks. Whoever knows it has their keys.
pub const DEV_PHRASE: &str = "//Registrars";
/// HKDF info of person ids.
pub const PERSON_INFO: &[u8] = b"kanglian/person/v1";

/// The person that the function's output stands for: HKDF-SHA512 without a salt.
pub fn person_of(output: &[u8; 64]) -> PersonId {
    let mut id = [0u8; 32];
    // 32 bytes are always within what HKDF-SHA512 can give.
    let derived = Hkdf::<Sha512>::new(None, output).expand(PERSON_INFO, &mut id);
    debug_assert!(derived.is_ok());
    PersonId(id)
}

#[cfg(test)]
mod tests;
