//! Shares of a secret scalar.
//!
//! Shamir's scheme over the scalars of ristretto255 (A. Shamir, *How to share a secret*, 1979): the
//! secret is the value at 0 of a polynomial of degree t − 1, share i its value at i. Feldman's
//! commitments (P. Feldman, *A practical scheme for non-interactive verifiable secret sharing*,
//! 1987) are the coefficients times the generator: with them everybody can check a share, and knows
//! every share's public key. Sums of sharings are sharings of the sum, which gives a key that nobody
//! dealt alone (T. Pedersen, 1991) and, with sharings of zero, new shares of the same key
//! (A. Herzberg and others, *Proactive secret sharing*, 1995).

use curve25519_dalek::{
    RistrettoPoint, Scalar, constants::RISTRETTO_BASEPOINT_TABLE, ristretto::CompressedRistretto,
    traits::Identity,
};
use rand_core_06::OsRng;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Most shares of one secret.
pub const MAX_SHARES: u16 = 64;

/// Why shares or commitments do not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SharingError {
    /// Threshold and number of shares do not go together.
    #[error(
        "a threshold is at least 1 and at most the number of shares, of which there are at most {MAX_SHARES}"
    )]
    Threshold,
    /// Two answers have one index, or one has none.
    #[error("shares have different indices from 1 on")]
    Indices,
    /// Bytes are no canonical element.
    #[error("not a canonical element of ristretto255")]
    Element,
    /// Bytes are no canonical scalar.
    #[error("not a canonical scalar")]
    Scalar,
}

/// Whether a threshold and a number of shares go together.
pub fn check_threshold(threshold: u16, shares: u16) -> Result<(), SharingError> {
    match (1..=shares).contains(&threshold) && shares <= MAX_SHARES {
        true => Ok(()),
        false => Err(SharingError::Threshold),
    }
}

/// An element of the group from its canonical bytes.
pub fn element(bytes: &[u8; 32]) -> Result<RistrettoPoint, SharingError> {
    CompressedRistretto(*bytes).decompress().ok_or(SharingError::Element)
}

/// A scalar from its canonical bytes.
pub fn scalar(bytes: &[u8; 32]) -> Result<Scalar, SharingError> {
    Option::from(Scalar::from_canonical_bytes(*bytes)).ok_or(SharingError::Scalar)
}

/// A polynomial; its value at 0 is the secret.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Polynomial(Vec<Scalar>);

impl Polynomial {
    /// A random polynomial for a threshold. Its value at 0 is random too.
    pub fn random(threshold: u16) -> Self {
        Self((0..threshold).map(|_| Scalar::random(&mut OsRng)).collect())
    }

    /// A random polynomial whose value at 0 is 0.
    pub fn random_zero(threshold: u16) -> Self {
        Self::random_of(Scalar::ZERO, threshold)
    }

    /// The polynomial with these coefficients.
    pub fn from_coefficients(coefficients: Vec<Scalar>) -> Self {
        Self(coefficients)
    }

    /// The share of an index.
    pub fn share(&self, index: u16) -> Scalar {
        let at = Scalar::from(index);
        self.0.iter().rev().fold(Scalar::ZERO, |value, coefficient| value * at + coefficient)
    }

    /// A random polynomial whose value at 0 is a secret.
    pub fn random_of(secret: Scalar, threshold: u16) -> Self {
        let mut polynomial = Self::random(threshold);
        if let Some(constant) = polynomial.0.first_mut() {
            *constant = secret;
        }
        polynomial
    }

    /// What everybody may know of it.
    pub fn commitments(&self) -> Commitments {
        Commitments(self.0.iter().map(|c| c * RISTRETTO_BASEPOINT_TABLE).collect())
    }
}

impl std::fmt::Debug for Polynomial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Polynomial(of {} coefficients)", self.0.len())
    }
}

/// Commitments to a polynomial's coefficients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitments(Vec<RistrettoPoint>);

impl Commitments {
    /// From canonical bytes, the constant term first.
    pub fn from_bytes(bytes: &[[u8; 32]]) -> Result<Self, SharingError> {
        bytes.iter().map(element).collect::<Result<_, _>>().map(Self)
    }

    /// Their canonical bytes.
    pub fn to_bytes(&self) -> Vec<[u8; 32]> {
        self.0.iter().map(|commitment| commitment.compress().to_bytes()).collect()
    }

    /// How many shares are needed.
    pub fn threshold(&self) -> usize {
        self.0.len()
    }

    /// The public key of the secret.
    pub fn public(&self) -> RistrettoPoint {
        self.0.first().copied().unwrap_or_else(RistrettoPoint::identity)
    }

    /// The public key of a share.
    pub fn share_key(&self, index: u16) -> RistrettoPoint {
        let at = Scalar::from(index);
        self.0.iter().rev().fold(RistrettoPoint::identity(), |value, point| value * at + point)
    }

    /// Whether a share belongs to the polynomial.
    pub fn holds(&self, index: u16, share: &Scalar) -> bool {
        share * RISTRETTO_BASEPOINT_TABLE == self.share_key(index)
    }

    /// Commitments to the polynomial times a factor.
    pub fn times(&self, factor: &Scalar) -> Self {
        Self(self.0.iter().map(|commitment| commitment * factor).collect())
    }

    /// Commitments to the sum of two polynomials of one degree.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        (self.0.len() == other.0.len())
            .then(|| Self(self.0.iter().zip(&other.0).map(|(one, other)| one + other).collect()))
    }
}

/// Lagrange's coefficients at 0 for shares of these indices.
pub fn lagrange_at_zero(indices: &[u16]) -> Result<Vec<Scalar>, SharingError> {
    let distinct = indices.iter().enumerate().all(|(at, one)| !indices[..at].contains(one));
    if !distinct || indices.contains(&0) {
        return Err(SharingError::Indices);
    }
    let coefficient = |own: &u16| {
        let (mut over, mut under) = (Scalar::ONE, Scalar::ONE);
        for other in indices.iter().filter(|other| *other != own) {
            over *= Scalar::from(*other);
            under *= Scalar::from(*other) - Scalar::from(*own);
        }
        over * under.invert()
    };
    Ok(indices.iter().map(coefficient).collect())
}

/// The secret out of as many shares as the threshold, or more. Fewer give another value: whoever
/// combines counts them, and compares the result with the secret's public key.
pub fn combine(shares: &[(u16, &Scalar)]) -> Result<Scalar, SharingError> {
    let indices: Vec<u16> = shares.iter().map(|(index, _)| *index).collect();
    let coefficients = lagrange_at_zero(&indices)?;
    Ok(shares
        .iter()
        .zip(coefficients)
        .fold(Scalar::ZERO, |sum, ((_, share), coefficient)| sum + *share * coefficient))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_shares_of_the_threshold_give_the_secret_and_fewer_do_not() {
        let polynomial = Polynomial::random(3);
        let secret = polynomial.share(0);
        let sum = |indices: &[u16]| {
            let shares: Vec<_> =
                indices.iter().map(|index| (*index, polynomial.share(*index))).collect();
            let shares: Vec<_> = shares.iter().map(|(index, share)| (*index, share)).collect();
            combine(&shares).unwrap()
        };
        for indices in [[1, 2, 3], [4, 2, 1], [64, 7, 9]] {
            assert_eq!(sum(&indices), secret);
        }
        assert_eq!(sum(&[1, 2, 3, 4]), secret);
        assert_ne!(sum(&[1, 2]), secret);
    }

    #[test]
    fn commitments_know_every_share_and_no_other() {
        let (polynomial, other) = (Polynomial::random(3), Polynomial::random_zero(3));
        let commitments = polynomial.commitments();
        for index in 1..=5 {
            assert!(commitments.holds(index, &polynomial.share(index)));
            assert!(!commitments.holds(index, &polynomial.share(index + 1)));
        }
        assert_eq!(other.commitments().public(), RistrettoPoint::identity());
        let sum = commitments.plus(&other.commitments()).unwrap();
        assert_eq!(sum.public(), commitments.public());
        assert!(sum.holds(2, &(polynomial.share(2) + other.share(2))));
        assert!(!sum.holds(2, &polynomial.share(2)), "an old share is none of the new ones");
        assert_eq!(Commitments::from_bytes(&sum.to_bytes()), Ok(sum));
        assert!(commitments.plus(&Polynomial::random(2).commitments()).is_none());
    }

    #[test]
    fn wrong_indices_thresholds_and_bytes_are_refused() {
        assert_eq!(lagrange_at_zero(&[1, 2, 1]), Err(SharingError::Indices));
        assert_eq!(lagrange_at_zero(&[0, 2]), Err(SharingError::Indices));
        for (threshold, shares) in [(0, 4), (5, 4), (0, 0), (1, 65)] {
            assert!(check_threshold(threshold, shares).is_err());
        }
        for (threshold, shares) in [(1, 1), (3, 4), (64, 64)] {
            assert!(check_threshold(threshold, shares).is_ok());
        }
        assert_eq!(element(&[0xff; 32]), Err(SharingError::Element));
        assert_eq!(scalar(&[0xff; 32]), Err(SharingError::Scalar));
    }

    #[test]
    fn a_polynomial_does_not_show_its_coefficients() {
        assert_eq!(format!("{:?}", Polynomial::random(3)), "Polynomial(of 3 coefficients)");
    }
}
