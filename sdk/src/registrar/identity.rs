//! What a registrar keeps secret: its own keys, and its share of the network key.
//!
//! Both are files under a passphrase ([`SecretFile`]). On local networks both can follow from a
//! phrase that everybody may know.

use std::path::Path;

use curve25519_dalek::Scalar;
use ed25519_dalek::{Signer, SigningKey};
use hkdf::Hkdf;
use sha2::{Digest, Sha256, Sha512};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{
    oprf::{KeyShare, OprfError},
    set::Member,
    sharing::{self, Polynomial},
};
use crate::keys::{EncryptionSecret, KeyError, SecretFile, SecretKind, VaultSigner};

const SIGNING_INFO: &[u8] = b"kanglian/registrar-signing/v1";
const ENCRYPTION_INFO: &[u8] = b"kanglian/registrar-encryption/v1";
const DEV_KEY: &str = "kanglian/dev-registrars/v1";
const DEV_IDENTITY: &str = "kanglian/dev-registrar/v1";

/// A registrar's own keys: it signs with one, and shares are sealed to the other. Both follow from
/// one seed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RegistrarIdentity([u8; 32]);

impl RegistrarIdentity {
    /// Fresh keys.
    pub fn generate() -> Self {
        Self(crate::random_bytes())
    }

    /// The keys of a seed.
    pub const fn from_seed(seed: [u8; 32]) -> Self {
        Self(seed)
    }

    /// The keys of registrar `index` on a local network. Whoever knows the phrase has them.
    pub fn dev(phrase: &str, index: u16) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(DEV_IDENTITY);
        hasher.update(phrase);
        hasher.update(index.to_le_bytes());
        Self(hasher.finalize().into())
    }

    fn derive(&self, info: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut out = Zeroizing::new([0u8; 32]);
        let derived = Hkdf::<Sha256>::new(None, &self.0).expand(info, &mut *out);
        debug_assert!(derived.is_ok());
        out
    }

    fn signing(&self) -> SigningKey {
        SigningKey::from_bytes(&self.derive(SIGNING_INFO))
    }

    /// The key as the account that sends its extrinsics.
    pub fn signer(&self) -> VaultSigner {
        VaultSigner::from_seed(&self.derive(SIGNING_INFO))
    }

    /// The key that its signatures are verified with.
    pub fn signing_key(&self) -> [u8; 32] {
        self.signing().verifying_key().to_bytes()
    }

    /// Its signature.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing().sign(message).to_bytes()
    }

    /// The secret that opens shares sealed to it.
    pub fn encryption(&self) -> EncryptionSecret {
        EncryptionSecret::from_bytes(*self.derive(ENCRYPTION_INFO))
    }

    /// What the other registrars are told.
    pub fn member(&self, name: &str, url: &str) -> Member {
        Member {
            name: name.to_owned(),
            url: url.to_owned(),
            signing_key: self.signing_key(),
            encryption_key: self.encryption().public().key,
        }
    }

    /// Reads the keys from a file.
    pub fn read(path: &Path, passphrase: &str) -> Result<Self, KeyError> {
        let file = SecretFile::read(path)?;
        let identity = Self(*file.open_as(SecretKind::Registrar, passphrase)?);
        match file.public() == Some(identity.signing_key()) {
            true => Ok(identity),
            false => Err(KeyError::Mismatch),
        }
    }

    /// Writes the keys to a new file under a passphrase.
    pub fn write(&self, path: &Path, passphrase: &str) -> Result<(), KeyError> {
        let public = Some(self.signing_key());
        SecretFile::seal(SecretKind::Registrar, public, &self.0, passphrase)?.write(path)
    }
}

impl std::fmt::Debug for RegistrarIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegistrarIdentity(0x{})", hex::encode(self.signing_key()))
    }
}

/// A share of the network key.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RegistrarShare([u8; 32]);

impl RegistrarShare {
    /// From a scalar.
    pub fn from_scalar(share: &Scalar) -> Self {
        Self(share.to_bytes())
    }

    /// The share of registrar `index` on a local network. Whoever knows the phrase has the key.
    pub fn dev(phrase: &str, threshold: u16, index: u16) -> Self {
        Self::from_scalar(&dev_polynomial(phrase, threshold).share(index))
    }

    pub(super) fn scalar(&self) -> Result<Scalar, sharing::SharingError> {
        sharing::scalar(&self.0)
    }

    /// The server that evaluates with it.
    pub fn key(&self) -> Result<KeyShare, OprfError> {
        KeyShare::from_bytes(&self.0)
    }

    /// Reads a share from a file; checks it against the public key beside it.
    pub fn read(path: &Path, passphrase: &str) -> Result<Self, KeyError> {
        let file = SecretFile::read(path)?;
        let share = Self(*file.open_as(SecretKind::RegistrarShare, passphrase)?);
        let public = share.key().map_err(KeyError::format)?.public();
        match file.public() == Some(public) {
            true => Ok(share),
            false => Err(KeyError::Mismatch),
        }
    }

    /// Writes the share to a new file under a passphrase.
    pub fn write(&self, path: &Path, passphrase: &str) -> Result<(), KeyError> {
        let public = Some(self.key().map_err(KeyError::format)?.public());
        SecretFile::seal(SecretKind::RegistrarShare, public, &self.0, passphrase)?.write(path)
    }
}

impl std::fmt::Debug for RegistrarShare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RegistrarShare(…)")
    }
}

/// The polynomial of a local network: its coefficients follow from a phrase. The key does not
/// depend on the threshold.
pub(super) fn dev_polynomial(phrase: &str, threshold: u16) -> Polynomial {
    let coefficient = |at: u16| {
        let mut hasher = Sha512::new();
        hasher.update(DEV_KEY);
        hasher.update(phrase);
        hasher.update(at.to_le_bytes());
        Scalar::from_bytes_mod_order_wide(&hasher.finalize().into())
    };
    Polynomial::from_coefficients((0..threshold).map(coefficient).collect())
}
