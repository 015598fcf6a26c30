//! A person's secret and what follows from it.

use codec::{DecodeAll, Encode};
use hkdf::Hkdf;
use kanglian_primitives::payloads::SCOPE_INFO;
use kanglian_primitives::{BusinessBlockId, EncryptionKey, Hash32, KeyEpoch, PersonId};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// HKDF info prefix of data keys.
pub const DATA_INFO: &[u8] = b"kanglian/data/v1";

/// Most former secrets that are kept.
pub const MAX_FORMER: usize = 32;

/// Up to which epoch of each block keys follow from a secret.
type Epochs = Vec<(BusinessBlockId, KeyEpoch)>;

/// A person's secret: 32 uniform random bytes. Everything that person can open follows from it, or
/// from one that was in force before and is kept beside it.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct PersonSecret {
    present: [u8; 32],
    /// From the oldest on.
    former: Vec<Former>,
}

/// A secret whose later epochs follow from another one: others may know it.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
struct Former {
    secret: [u8; 32],
    #[zeroize(skip)]
    until: Epochs,
}

impl PersonSecret {
    /// A fresh secret.
    pub fn generate() -> Self {
        Self::from_bytes(crate::random_bytes())
    }

    /// A given secret, with no former ones.
    pub const fn from_bytes(present: [u8; 32]) -> Self {
        Self { present, former: Vec::new() }
    }

    /// A fresh secret that keeps this one for what was made so far: `epochs` are the present ones of
    /// all blocks. None when as many were kept as can be.
    pub fn renewed(
        &self,
        epochs: impl IntoIterator<Item = (BusinessBlockId, KeyEpoch)>,
    ) -> Option<Self> {
        if self.former.len() >= MAX_FORMER {
            return None;
        }
        let mut former = Vec::with_capacity(self.former.len().saturating_add(1));
        former.extend(self.former.iter().cloned());
        former.push(Former { secret: self.present, until: epochs.into_iter().collect() });
        Some(Self { present: crate::random_bytes(), former })
    }

    /// Whether the keys of this epoch follow from a secret that was in force before: the block's key
    /// is to be rotated.
    pub fn is_former(&self, block: BusinessBlockId, epoch: KeyEpoch) -> bool {
        self.former_of(block, epoch).is_some()
    }

    fn former_of(&self, block: BusinessBlockId, epoch: KeyEpoch) -> Option<&[u8; 32]> {
        let covers = |former: &&Former| {
            former.until.iter().any(|(known, last)| *known == block && epoch <= *last)
        };
        self.former.iter().find(covers).map(|former| &former.secret)
    }

    /// The bytes to be sealed: the secret, and former ones when there are any.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let epochs: usize = self.former.iter().map(|former| former.until.len()).sum();
        // Room for all of it from the start: growing would leave copies behind.
        let room = 36 + 40 * self.former.len() + 8 * epochs;
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        bytes.extend_from_slice(&self.present);
        if !self.former.is_empty() {
            codec::Compact(u32::try_from(self.former.len()).unwrap_or(u32::MAX))
                .encode_to(&mut *bytes);
            for former in &self.former {
                bytes.extend_from_slice(&former.secret);
                former.until.encode_to(&mut *bytes);
            }
        }
        bytes
    }

    /// What [`Self::to_bytes`] gave; none for anything else.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let (present, mut rest) = bytes.split_first_chunk::<32>()?;
        if rest.is_empty() {
            return Some(Self::from_bytes(*present));
        }
        let former = Vec::<([u8; 32], Epochs)>::decode_all(&mut rest).ok()?;
        if former.is_empty() || former.len() > MAX_FORMER {
            return None;
        }
        let keep = |(mut bytes, until): ([u8; 32], Epochs)| {
            let former = Former { secret: bytes, until };
            bytes.zeroize();
            former
        };
        Some(Self { present: *present, former: former.into_iter().map(keep).collect() })
    }

    /// The scope secret of a business block and epoch: what opens wraps of records in it.
    pub fn scope_secret(
        &self,
        genesis: &Hash32,
        person: &PersonId,
        block: BusinessBlockId,
        epoch: KeyEpoch,
    ) -> EncryptionSecret {
        let info: &[&[u8]] = &[SCOPE_INFO, &person.0, &[block.0], &epoch.0.to_le_bytes()];
        derive(self.former_of(block, epoch).unwrap_or(&self.present), genesis, info)
    }

    /// The secret of the person's data key: what opens bundles that others give this person.
    pub fn data_secret(&self, genesis: &Hash32, person: &PersonId) -> EncryptionSecret {
        derive(&self.present, genesis, &[DATA_INFO, &person.0])
    }
}

fn derive(secret: &[u8; 32], genesis: &Hash32, info: &[&[u8]]) -> EncryptionSecret {
    let mut out = [0u8; 32];
    // 32 bytes are always within what HKDF-SHA256 can give.
    let derived = Hkdf::<Sha256>::new(Some(genesis), secret).expand_multi_info(info, &mut out);
    debug_assert!(derived.is_ok());
    let secret = EncryptionSecret(out);
    out.zeroize();
    secret
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
