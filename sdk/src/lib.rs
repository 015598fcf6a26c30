//! The Rust client of Kanglian: what the command line, the vaults and other programs use to reach
//! the chain and the vaults, and to seal and open records.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`chain`] | connects to a node: calls, runtime interfaces, storage, subscriptions |
//! | [`custody`] | deals a secret to custodians, checks and combines shares, proves that one is kept |
//! | [`envelope`] | seals and opens records in a stream, wraps data keys, bundles scope secrets |
//! | [`hardening`] | keeps secrets out of core dumps |
//! | [`ips`] | the patient summary that an emergency opens |
//! | [`codes`] | authorisation codes: their text, their keys |
//! | [`keys`] | persons' secrets, accounts and vault keys, and the files they are kept in |
//! | [`fhir`] | FHIR R4: resources and their schemas; grants, log lines, referrals, records as FHIR and back |
//! | [`registrar`] | from a document number to a person's id, with the registrars' help |
//! | [`sharing`] | Shamir's shares with Feldman's commitments; Lagrange at 0 |
//! | [`tree`] | the RFC 6962 tree of access logs and evaluation logs |
//! | [`wire`] | what clients and vaults send one another |
//! | [`works`] | public works: metadata, and a client without an account |
//! | [`vault`] | the client of a province's vault |
//!
//! The SDK knows [`kanglian_primitives`] and the metadata of the node it talks to. It names no
//! pallet crate: pallets, calls, hashers and errors are looked up by name in the live metadata, and
//! a call whose arguments do not fit the node's runtime is refused before it is signed.

pub mod chain;
pub mod codes;
pub mod custody;
pub mod envelope;
pub mod fhir;
pub mod hardening;
pub mod ips;
pub mod keys;
pub mod registrar;
pub mod sharing;
pub mod tree;
pub mod vault;
pub mod wire;
pub mod works;

pub use fhir::referral as fhir_referral;
pub use kanglian_primitives as primitives;

/// An account: 32 bytes, shown as an SS58 address of type 42.
pub type AccountId = subxt::utils::AccountId32;

/// The present in Unix milliseconds by the local clock.
pub fn now() -> kanglian_primitives::Instant {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .ok()
        .and_then(|since| u64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}

/// Fills an array from the operating system's random number generator.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    use rand::Rng;
    let mut out = [0u8; N];
    rand::rng().fill_bytes(&mut out);
    out
}
