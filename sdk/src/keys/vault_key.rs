//! A vault's ed25519 key: it signs receipts and log statements, and as an account it sends the
//! vault's transactions.

use std::path::Path;

use ed25519_dalek::{Signer as _, SigningKey};
use kanglian_primitives::VaultKey;
use subxt::utils::MultiSignature;

use super::{KeyError, SecretFile, SecretKind, read_private, write_private};
use crate::AccountId;

/// A vault's key.
#[derive(Clone)]
pub struct VaultSigner(SigningKey);

impl VaultSigner {
    /// A fresh key.
    pub fn generate() -> Self {
        Self::from_seed(&crate::random_bytes())
    }

    /// The key of a seed.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The public key.
    pub fn public(&self) -> VaultKey {
        VaultKey(self.0.verifying_key().to_bytes())
    }

    /// The key as an account.
    pub fn id(&self) -> AccountId {
        AccountId::from(self.public().0)
    }

    /// Its signature.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// The key as ed25519-dalek has it.
    pub fn signing_key(&self) -> &SigningKey {
        &self.0
    }

    /// Reads a key: a file under a passphrase, or with none given a seed in plain hexadecimal that
    /// only the file's owner may read.
    pub fn read(path: &Path, passphrase: Option<&str>) -> Result<Self, KeyError> {
        let Some(passphrase) = passphrase else {
            let text = read_private(path, true)?;
            let digits = text.trim();
            let mut seed = zeroize::Zeroizing::new([0u8; 32]);
            hex::decode_to_slice(digits.strip_prefix("0x").unwrap_or(digits), &mut *seed)
                .map_err(|_| KeyError::format("expected a seed of 64 hexadecimal digits"))?;
            return Ok(Self::from_seed(&seed));
        };
        let file = SecretFile::read(path)?;
        let key = Self::from_seed(&*file.open_as(SecretKind::Vault, passphrase)?);
        if file.public() != Some(key.public().0) {
            return Err(KeyError::Mismatch);
        }
        Ok(key)
    }

    /// Writes the key to a new file: under a passphrase, or with none given as a plain seed that
    /// only the file's owner may read, for vaults that start unattended.
    pub fn write(&self, path: &Path, passphrase: Option<&str>) -> Result<(), KeyError> {
        match passphrase {
            Some(passphrase) => {
                let public = Some(self.public().0);
                SecretFile::seal(SecretKind::Vault, public, self.0.as_bytes(), passphrase)?
                    .write(path)
            },
            None => {
                let text = zeroize::Zeroizing::new(format!("{}\n", hex::encode(self.0.as_bytes())));
                write_private(path, text.as_bytes(), false)
            },
        }
    }
}

impl std::fmt::Debug for VaultSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VaultSigner({})", self.public())
    }
}

impl subxt::tx::Signer<crate::chain::Config> for VaultSigner {
    fn account_id(&self) -> AccountId {
        self.id()
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        MultiSignature::Ed25519(self.sign(payload))
    }
}

impl crate::vault::AccountSigner for VaultSigner {
    fn account(&self) -> AccountId {
        self.id()
    }

    fn scheme(&self) -> crate::wire::Scheme {
        crate::wire::Scheme::Ed25519
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.sign(message)
    }
}
