//! RFC 9497, VOPRF mode, suite ristretto255-SHA512, with a key in shares.
//!
//! A registrar is a server of the RFC whose private key is its share. The client blinds once and
//! asks several registrars with the same blinded element; it verifies each answer's proof under the
//! public key of that registrar's share. Evaluations are the blinded element times the share, so
//! Lagrange's combination of t of them is the blinded element times the key: what one server with
//! the whole key would have answered. Unblinding and hashing are the RFC's `Finalize`, which is the
//! same in OPRF and VOPRF mode (sections 3.3.1 and 3.3.2) but for the proof verified here before.

use curve25519_dalek::{RistrettoPoint, traits::Identity};
use kanglian_primitives::PersonId;
use rand_core_06::OsRng;
use voprf::{
    BlindedElement, EvaluationElement, OprfClient, Proof, Ristretto255, VoprfClient, VoprfServer,
};
use zeroize::Zeroizing;

use super::{person_of, sharing};

/// Longest input, in bytes: a document is far shorter.
pub const MAX_INPUT: usize = 256;

/// Why an evaluation does not come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OprfError {
    /// The input is empty or too long.
    #[error("the input has 1 to {MAX_INPUT} bytes")]
    Input,
    /// The element is not canonical, or the identity.
    #[error("not an element of ristretto255 other than the identity, in canonical form")]
    Element,
    /// The proof does not hold under the published key.
    #[error("the proof does not hold under the published key")]
    Proof,
    /// The key is no scalar other than 0.
    #[error("not a key share")]
    Key,
    /// Fewer answers than the threshold, or several of one registrar.
    #[error("too few answers of different registrars")]
    TooFew,
}

/// A registrar's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// The blinded element times the registrar's share.
    pub element: [u8; 32],
    /// DLEQ proof: scalars c and s.
    pub proof: [u8; 64],
}

/// A registrar's share of the key, as the server that evaluates with it.
pub struct KeyShare(VoprfServer<Ristretto255>);

impl KeyShare {
    /// From the share's canonical bytes.
    pub fn from_bytes(share: &[u8; 32]) -> Result<Self, OprfError> {
        VoprfServer::new_with_key(share).map(Self).map_err(|_| OprfError::Key)
    }

    /// The share's public key.
    pub fn public(&self) -> [u8; 32] {
        self.0.get_public_key().compress().to_bytes()
    }

    /// Evaluates a blinded element and proves it.
    pub fn evaluate(&self, blinded: &[u8; 32]) -> Result<Evaluation, OprfError> {
        self.evaluate_with(blinded, &mut OsRng)
    }

    pub(super) fn evaluate_with(
        &self,
        blinded: &[u8; 32],
        rng: &mut (impl rand_core_06::RngCore + rand_core_06::CryptoRng),
    ) -> Result<Evaluation, OprfError> {
        let blinded = BlindedElement::deserialize(blinded).map_err(|_| OprfError::Element)?;
        let answer = self.0.blind_evaluate(rng, &blinded);
        let mut proof = [0u8; 64];
        proof.copy_from_slice(&answer.proof.serialize());
        Ok(Evaluation { element: answer.message.serialize().into(), proof })
    }
}

impl std::fmt::Debug for KeyShare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyShare(of 0x{})", hex::encode(self.public()))
    }
}

/// Whether bytes are an element that may be evaluated: canonical, not the identity.
pub fn check_blinded(element: &[u8; 32]) -> Result<(), OprfError> {
    match sharing::element(element) {
        Ok(point) if point != RistrettoPoint::identity() => Ok(()),
        _ => Err(OprfError::Element),
    }
}

/// A blinded input and what is needed to unblind the answers.
pub struct Blinding {
    input: Zeroizing<Vec<u8>>,
    state: VoprfClient<Ristretto255>,
    element: [u8; 32],
}

impl Blinding {
    /// Blinds an input with a fresh scalar.
    pub fn new(input: &[u8]) -> Result<Self, OprfError> {
        Self::with_rng(input, &mut OsRng)
    }

    pub(super) fn with_rng(
        input: &[u8],
        rng: &mut (impl rand_core_06::RngCore + rand_core_06::CryptoRng),
    ) -> Result<Self, OprfError> {
        if input.is_empty() || input.len() > MAX_INPUT {
            return Err(OprfError::Input);
        }
        let blinded =
            VoprfClient::<Ristretto255>::blind(input, rng).map_err(|_| OprfError::Input)?;
        Ok(Self {
            input: Zeroizing::new(input.to_vec()),
            state: blinded.state,
            element: blinded.message.serialize().into(),
        })
    }

    /// What the registrars are asked with.
    pub fn element(&self) -> &[u8; 32] {
        &self.element
    }

    /// Checks an answer's proof under the public key of the registrar's share.
    pub fn verify(&self, key: &[u8; 32], answer: &Evaluation) -> Result<(), OprfError> {
        let key = sharing::element(key).map_err(|_| OprfError::Proof)?;
        let element =
            EvaluationElement::deserialize(&answer.element).map_err(|_| OprfError::Element)?;
        let proof = Proof::deserialize(&answer.proof).map_err(|_| OprfError::Proof)?;
        let output = self.state.finalize(&self.input, &element, &proof, key);
        output.map(|_| ()).map_err(|_| OprfError::Proof)
    }

    /// The function's output from verified answers with their registrars' indices. As many as the
    /// threshold are needed; more do no harm.
    pub fn combine(
        &self,
        answers: &[(u16, Evaluation)],
        threshold: usize,
    ) -> Result<Zeroizing<[u8; 64]>, OprfError> {
        if threshold == 0 || answers.len() < threshold {
            return Err(OprfError::TooFew);
        }
        let answers = &answers[..threshold];
        let indices: Vec<u16> = answers.iter().map(|(index, _)| *index).collect();
        let coefficients = sharing::lagrange_at_zero(&indices).map_err(|_| OprfError::TooFew)?;
        let mut sum = RistrettoPoint::identity();
        for ((_, answer), coefficient) in answers.iter().zip(coefficients) {
            let element = sharing::element(&answer.element).map_err(|_| OprfError::Element)?;
            sum += element * coefficient;
        }
        let whole = EvaluationElement::deserialize(&sum.compress().to_bytes())
            .map_err(|_| OprfError::Element)?;
        // The state begins with the blind, which is all that unblinding needs.
        let state = Zeroizing::new(<[u8; 64]>::from(self.state.serialize()));
        let (blind, _) = state.split_at(32);
        let client =
            OprfClient::<Ristretto255>::deserialize(blind).map_err(|_| OprfError::Element)?;
        let output = client.finalize(&self.input, &whole).map_err(|_| OprfError::Input)?;
        let mut bytes = Zeroizing::new([0u8; 64]);
        bytes.copy_from_slice(&output);
        Ok(bytes)
    }

    /// The person that verified answers give.
    pub fn person(
        &self,
        answers: &[(u16, Evaluation)],
        threshold: usize,
    ) -> Result<PersonId, OprfError> {
        Ok(person_of(&*self.combine(answers, threshold)?))
    }
}

impl std::fmt::Debug for Blinding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blinding(0x{})", hex::encode(self.element))
    }
}
