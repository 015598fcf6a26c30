//! A proof that a share is kept.
//!
//! Schnorr's proof of knowledge (C. Schnorr, *Efficient identification and signatures for smart
//! cards*, 1989) of the scalar behind the share's public key, made non-interactive by hashing
//! (Fiat and Shamir) with everything it is about and a fresh challenge. The share's public key
//! follows from the commitments on chain. The proof shows nothing of the share, and an old one does
//! not fit a new challenge.

use codec::Encode;
use curve25519_dalek::{RistrettoPoint, Scalar, constants::RISTRETTO_BASEPOINT_TABLE};
use kanglian_primitives::Hash32;
use rand_core_06::OsRng;
use sha2::{Digest, Sha512};
use zeroize::Zeroizing;

use super::{DRILL_DOMAIN, DealingContext, Share};
use crate::sharing::{self, Commitments};

/// A proof that a share is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareProof {
    /// The prover's random point.
    pub point: [u8; 32],
    /// The answer, a canonical scalar.
    pub answer: [u8; 32],
}

impl ShareProof {
    /// Proves that a share is known, for a challenge.
    pub fn prove(share: &Share, context: &DealingContext, challenge: &Hash32) -> Self {
        let nonce = Zeroizing::new(Scalar::random(&mut OsRng));
        let point = (&*nonce * RISTRETTO_BASEPOINT_TABLE).compress().to_bytes();
        let key = (&share.value * RISTRETTO_BASEPOINT_TABLE).compress().to_bytes();
        let hashed = hashed(context, share.position, challenge, &key, &point);
        let answer = *nonce + hashed * share.value;
        Self { point, answer: answer.to_bytes() }
    }

    /// Whether it is the proof of the share at this place of the dealing, for this challenge.
    pub fn holds(
        &self,
        commitments: &Commitments,
        position: u8,
        context: &DealingContext,
        challenge: &Hash32,
    ) -> bool {
        let key: RistrettoPoint = commitments.share_key(position.into());
        let (Ok(point), Ok(answer)) =
            (sharing::element(&self.point), sharing::scalar(&self.answer))
        else {
            return false;
        };
        let bytes = key.compress().to_bytes();
        let hashed = hashed(context, position, challenge, &bytes, &self.point);
        &answer * RISTRETTO_BASEPOINT_TABLE == point + hashed * key
    }
}

fn hashed(
    context: &DealingContext,
    position: u8,
    challenge: &Hash32,
    key: &[u8; 32],
    point: &[u8; 32],
) -> Scalar {
    let DealingContext { genesis, person, scope, number } = context;
    let about = (DRILL_DOMAIN, genesis, person, scope, number, position);
    let digest = Sha512::digest((about, challenge, key, point).encode());
    Scalar::from_bytes_mod_order_wide(&digest.into())
}
