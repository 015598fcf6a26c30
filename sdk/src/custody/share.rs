//! A custodian's share: opened, checked, sealed again.

use std::convert::Infallible;

use codec::{Decode, DecodeAll, Encode};
use curve25519_dalek::{RistrettoPoint, Scalar, traits::Identity};
use kanglian_primitives::{CaseRef, DealingTerms, EncryptionKey, Suite, payloads::hpke_info};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{CustodyError, DealingContext};
use crate::{
    envelope::{EnvelopeError, hpke_open, hpke_seal, seal_with_rng},
    keys::EncryptionSecret,
    sharing::{self, Commitments},
};

/// Why a share does not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareFault {
    /// The blob is none, or not the one that the chain names.
    #[error("the sealed share is damaged, or not the one that the chain names")]
    Blob,
    /// It does not open.
    #[error("the sealed share does not open: made for another key, dealing, place or case")]
    Seal,
    /// It is no scalar.
    #[error("what was sealed is no share")]
    Scalar,
    /// It is not the share that the commitments know.
    #[error("the share is not the one that the dealer committed to")]
    Commitment,
    /// The custodian is none of the dealing's.
    #[error("the custodian has no part in this dealing")]
    NoPart,
}

/// BLAKE3 context of the randomness with which shares are handed over.
const HAND_OVER_RANDOMNESS: &str = "kanglian 2026 custody hand-over randomness v1";

/// Bytes that follow from a key.
struct Stream(blake3::OutputReader);

impl rand::TryRng for Stream {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut out = [0; 4];
        self.0.fill(&mut out);
        Ok(u32::from_le_bytes(out))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut out = [0; 8];
        self.0.fill(&mut out);
        Ok(u64::from_le_bytes(out))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(out);
        Ok(())
    }
}

impl rand::TryCryptoRng for Stream {}

/// A share of a dealing's scalar; wiped from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Share {
    #[zeroize(skip)]
    pub(super) position: u8,
    pub(super) value: Scalar,
}

impl Share {
    /// Its place among the dealing's parts, from 1 on.
    pub fn position(&self) -> u8 {
        self.position
    }

    /// Whether it is the share that the dealer committed to.
    pub fn check(&self, commitments: &Commitments) -> Result<(), ShareFault> {
        match commitments.holds(self.position.into(), &self.value) {
            true => Ok(()),
            false => Err(ShareFault::Commitment),
        }
    }

    /// Seals it to whom a case names. The same again gives the same bytes: the chain is told their
    /// hash before a vault has them, and a custodian that was interrupted in between must be able
    /// to make them once more. What is random in sealing follows from the custodian's secret, the
    /// share, and all that is sealed and bound, so that nothing else is ever sealed with it.
    pub fn hand_over(
        &self,
        custodian: &EncryptionSecret,
        to: &EncryptionKey,
        context: &DealingContext,
        case: &CaseRef,
    ) -> Result<SealedShare, EnvelopeError> {
        let aad = context.hand_over_aad(self.position, case);
        let bytes = Zeroizing::new(self.value.to_bytes());
        let mut hasher = blake3::Hasher::new_derive_key(HAND_OVER_RANDOMNESS);
        hasher.update(custodian.as_bytes()).update(&*bytes).update(&to.encode()).update(&aad);
        let mut random = Stream(hasher.finalize_xof());
        let sealed = seal_with_rng(to, hpke_info::SHARE, &aad, &*bytes, &mut random);
        let (enc, ciphertext) = sealed?;
        Ok(SealedShare { suite: to.suite, enc, ciphertext })
    }

    pub(super) fn seal(
        &self,
        to: &EncryptionKey,
        context: &DealingContext,
    ) -> Result<SealedShare, EnvelopeError> {
        let aad = context.share_aad(self.position);
        let bytes = Zeroizing::new(self.value.to_bytes());
        let (enc, ciphertext) = hpke_seal(to, hpke_info::SHARE, &aad, &*bytes)?;
        Ok(SealedShare { suite: to.suite, enc, ciphertext })
    }
}

impl std::fmt::Debug for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Share(at {})", self.position)
    }
}

/// A share sealed to one key. Vaults keep its SCALE bytes; their BLAKE3 is on chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SealedShare {
    /// With which suite.
    pub suite: Suite,
    /// The encapsulated key.
    pub enc: [u8; 32],
    /// The share and its tag, 48 bytes.
    pub ciphertext: Vec<u8>,
}

impl SealedShare {
    /// Reads a sealed share from a vault.
    pub fn read(bytes: &[u8]) -> Result<Self, ShareFault> {
        Self::decode_all(&mut &*bytes).map_err(|_| ShareFault::Blob)
    }

    /// Opens a share that was sealed to its custodian, and checks it against the commitments.
    pub fn open(
        &self,
        secret: &EncryptionSecret,
        context: &DealingContext,
        position: u8,
        commitments: &Commitments,
    ) -> Result<Share, ShareFault> {
        self.open_with(secret, &context.share_aad(position), position, commitments)
    }

    /// Opens a share that was handed over in a case, and checks it against the commitments.
    pub fn open_handed_over(
        &self,
        secret: &EncryptionSecret,
        context: &DealingContext,
        case: &CaseRef,
        position: u8,
        commitments: &Commitments,
    ) -> Result<Share, ShareFault> {
        self.open_with(secret, &context.hand_over_aad(position, case), position, commitments)
    }

    fn open_with(
        &self,
        secret: &EncryptionSecret,
        aad: &[u8],
        position: u8,
        commitments: &Commitments,
    ) -> Result<Share, ShareFault> {
        let opened = hpke_open(secret, &self.enc, hpke_info::SHARE, aad, &self.ciphertext)
            .map_err(|_| ShareFault::Seal)?;
        let bytes: Zeroizing<[u8; 32]> =
            Zeroizing::new(opened.as_slice().try_into().map_err(|_| ShareFault::Scalar)?);
        let value = sharing::scalar(&bytes).map_err(|_| ShareFault::Scalar)?;
        let share = Share { position, value };
        share.check(commitments)?;
        Ok(share)
    }
}

/// The commitments of a dealing, if they are elements of the group and hide something.
pub fn commitments(terms: &DealingTerms) -> Result<Commitments, CustodyError> {
    let commitments =
        Commitments::from_bytes(&terms.commitments).map_err(|_| CustodyError::Commitments)?;
    let threshold = usize::from(terms.threshold);
    let hides = commitments.public() != RistrettoPoint::identity();
    match hides && threshold > 0 && commitments.threshold() == threshold {
        true => Ok(commitments),
        false => Err(CustodyError::Commitments),
    }
}
