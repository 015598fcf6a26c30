//! A secret that the custodians of several provinces can give back together, and none of them alone.
//!
//! For each dealing the person's client draws a fresh scalar, shares it among *n* custodians so that
//! *m* of them are needed ([`crate::sharing`], Feldman's scheme), and seals the payload with a key
//! that follows from the scalar. What is dealt may therefore be any bytes, and the shares of an older
//! dealing open nothing of a newer one. Each share is HPKE-sealed to its custodian; shares and
//! payload lie in vaults, their hashes and the commitments on chain.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`dealing`] | makes a dealing: commitments, sealed shares, sealed payload |
//! | [`share`] | opens and checks a share, seals it again to whom a case names |
//! | [`case`] | a case for which custodians seal their shares again |
//! | [`combine`] | out of checked shares the payload; names those that are false |
//! | [`payload`] | what is dealt: the person's secret, or the emergency summary's scope secrets |
//! | [`proof`] | shows that a share is kept, without showing it |
//! | [`wish`] | with whom a person deals, and when anew |
//! | [`client`] | asks custodians for proofs |
//! | [`wire`] | what is said over HTTP |
//!
//! Who can do what with it, in words: `docs/recovery.md`.

pub mod case;
pub mod client;
pub mod combine;
pub mod dealing;
pub mod payload;
pub mod proof;
pub mod share;
pub mod wire;
pub mod wish;

use kanglian_primitives::{
    CaseRef, DealtScope, EncryptionKey, Hash32, MIN_CUSTODIANS, MIN_THRESHOLD, PersonId,
    RegionCode, payloads,
};

pub use case::{Case, CaseState};
pub use combine::{Answer, Combined, combine};
pub use dealing::{Custodian, Dealt, deal};
pub use payload::{Payload, SealedPayload};
pub use proof::ShareProof;
pub use share::{SealedShare, Share, ShareFault};
pub use wish::{Reason, choose, default_threshold, reason_to_deal};

use crate::keys::EncryptionSecret;

/// Domain of proofs that a share is kept.
pub const DRILL_DOMAIN: &str = "kanglian/custody-drill/v1";
/// Most custodians of one dealing.
pub const MAX_PARTS: usize = kanglian_primitives::MAX_CUSTODIANS as usize;
/// Custodians that a person deals with unless told otherwise.
pub const USUAL_CUSTODIANS: usize = 5;

/// Why dealing or combining failed.
#[derive(Debug, thiserror::Error)]
pub enum CustodyError {
    /// Threshold and number of custodians do not go together.
    #[error(
        "a dealing has {MIN_CUSTODIANS} to {MAX_PARTS} custodians of different provinces and a \
         threshold of at least {MIN_THRESHOLD} and at most their number"
    )]
    Threshold,
    /// A custodian's key protects nothing.
    #[error("the custodian key of region {0} is a point of small order and protects nothing")]
    Key(RegionCode),
    /// Too few shares hold.
    #[error("{have} shares hold, {need} are needed{}", faults_in_words(faults))]
    TooFew {
        /// Shares that hold.
        have: usize,
        /// The threshold.
        need: usize,
        /// Shares that do not, by their custodian's region.
        faults: Vec<(RegionCode, ShareFault)>,
    },
    /// The commitments on chain are none.
    #[error("the dealing's commitments are no elements of the group")]
    Commitments,
    /// The payload does not open.
    #[error("the payload does not open: it belongs to another dealing, or was changed")]
    Payload,
    /// The bytes are not those that the chain names.
    #[error("the bytes are not those of the hash on chain")]
    Hash,
}

fn faults_in_words(faults: &[(RegionCode, ShareFault)]) -> String {
    faults.iter().map(|(region, fault)| format!("; region {region}: {fault}")).collect()
}

/// Which dealing: what shares and payload are bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DealingContext {
    /// The chain.
    pub genesis: Hash32,
    /// Whose secret.
    pub person: PersonId,
    /// What is dealt.
    pub scope: DealtScope,
    /// The dealing's number, rising for each person and scope.
    pub number: u32,
}

impl DealingContext {
    /// Associated data of a share sealed to its custodian.
    pub fn share_aad(&self, position: u8) -> Vec<u8> {
        payloads::share_aad(&self.genesis, &self.person, self.scope, self.number, position)
    }

    /// Associated data of a share sealed to whom a case names.
    pub fn hand_over_aad(&self, position: u8, case: &CaseRef) -> Vec<u8> {
        let Self { genesis, person, scope, number } = self;
        payloads::hand_over_aad(genesis, person, *scope, *number, position, *case)
    }

    fn payload_info(&self) -> Vec<u8> {
        payloads::custody_info(&self.person, self.scope, self.number)
    }
}

/// BLAKE3, by which the chain names blobs.
pub fn blob_hash(bytes: &[u8]) -> Hash32 {
    *blake3::hash(bytes).as_bytes()
}

/// Encryption key of a custodian of a local network: BLAKE3(`kanglian/dev-custodian/v1` ‖ phrase), the
/// phrase being like `//Jiangsu-Custodian`. Whoever knows the phrase has the key.
pub fn dev_custodian_secret(phrase: &str) -> EncryptionSecret {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"kanglian/dev-custodian/v1").update(phrase.as_bytes());
    EncryptionSecret::from_bytes(*hasher.finalize().as_bytes())
}

/// Public key of [`dev_custodian_secret`].
pub fn dev_custodian_key(phrase: &str) -> EncryptionKey {
    dev_custodian_secret(phrase).public()
}

#[cfg(test)]
mod tests;
