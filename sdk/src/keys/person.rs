//! A person's secret and what follows from it.

use hkdf::Hkdf;
use kanglian_primitives::payloads::SCOPE_INFO;
use kanglian_primitives::{BusinessBlockId, EncryptionKey, Hash32, KeyEpoch, PersonId};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// HKDF info prefix of data keys.
pub const DATA_INFO: &[u8] = b"kanglian/data/v1";

/// A person's secret: 32 uniform random bytes. Everything that person can open follows from it.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct PersonSecret([u8; 32]);

impl PersonSecret {
    /// A fresh secret.
    pub fn generate() -> Self {
        Self(crate::random_bytes())
    }

    /// A given secret.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The secret's bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The scope secret of a business block and epoch: what opens wraps of records in it.
    pub fn scope_secret(
        &self,
        genesis: &Hash32,
        person: &PersonId,
        block: BusinessBlockId,
        epoch: KeyEpoch,
    ) -> EncryptionSecret {
        self.derive(genesis, &[SCOPE_INFO, &person.0, &[block.0], &epoch.0.to_le_bytes()])
    }

    /// The secret of the person's data key: what opens bundles that others give this person.
    pub fn data_secret(&self, genesis: &Hash32, person: &PersonId) -> EncryptionSecret {
        self.derive(genesis, &[DATA_INFO, &person.0])
    }

    fn derive(&self, genesis: &Hash32, info: &[&[u8]]) -> EncryptionSecret {
        let mut out = [0u8; 32];
        // 32 bytes are always within what HKDF-SHA256 can give.
        let derived = Hkdf::<Sha256>::new(Some(genesis), &self.0).expand_multi_info(info, &mut out);
        debug_assert!(derived.is_ok());
        let secret = EncryptionSecret(out);
        out.zeroize();
        secret
    }
}

impl std::fmt::Debug for PersonSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonSecret(…)")
    }
}

/// An X25519 secret key.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct EncryptionSecret([u8; 32]);

impl EncryptionSecret {
    /// A fresh key.
    pub fn generate() -> Self {
        Self(crate::random_bytes())
    }

    /// A given key; it is clamped where it is used (RFC 7748).
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key's bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The public key.
    pub fn public(&self) -> EncryptionKey {
        let secret = x25519_dalek::StaticSecret::from(self.0);
        EncryptionKey::x25519(x25519_dalek::PublicKey::from(&secret).to_bytes())
    }
}

impl std::fmt::Debug for EncryptionSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EncryptionSecret(of {})", self.public())
    }
}
