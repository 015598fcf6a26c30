//! What is dealt, sealed with a key that follows from the dealing's scalar.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use codec::{Decode, DecodeAll, Encode};
use curve25519_dalek::Scalar;
use hkdf::Hkdf;
use kanglian_primitives::{BusinessBlockId, DealtScope, KeyEpoch, Suite};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::{CustodyError, DealingContext};
use crate::{
    envelope::ScopeSecret,
    keys::{EncryptionSecret, PersonSecret},
};

/// What a dealing gives back.
#[derive(Clone, Debug)]
pub enum Payload {
    /// Everything the person can open.
    Whole(PersonSecret),
    /// Scope secrets of the emergency summary, all epochs so far.
    Emergency(Vec<ScopeSecret>),
}

impl Payload {
    /// In which scope it is dealt.
    pub fn scope(&self) -> DealtScope {
        match self {
            Self::Whole(_) => DealtScope::Whole,
            Self::Emergency(_) => DealtScope::Emergency,
        }
    }

    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match self {
            Self::Whole(secret) => return secret.to_bytes(),
            Self::Emergency(scopes) => {
                // Room for all of it from the start: growing would leave copies behind.
                let mut bytes = Vec::with_capacity(8 + 37 * scopes.len());
                codec::Compact(u32::try_from(scopes.len()).unwrap_or(u32::MAX))
                    .encode_to(&mut bytes);
                for scope in scopes {
                    (scope.block, scope.epoch).encode_to(&mut bytes);
                    bytes.extend_from_slice(scope.secret.as_bytes());
                }
                bytes
            },
        })
    }

    fn from_bytes(scope: DealtScope, bytes: &[u8]) -> Option<Self> {
        match scope {
            DealtScope::Whole => PersonSecret::from_slice(bytes).map(Self::Whole),
            DealtScope::Emergency => {
                let entries =
                    Vec::<(BusinessBlockId, KeyEpoch, [u8; 32])>::decode_all(&mut &*bytes).ok()?;
                let open = |(block, epoch, mut bytes): (_, _, [u8; 32])| {
                    let secret = EncryptionSecret::from_bytes(bytes);
                    bytes.zeroize();
                    ScopeSecret { block, epoch, secret }
                };
                Some(Self::Emergency(entries.into_iter().map(open).collect()))
            },
        }
    }
}

/// A payload under the key of its dealing. Vaults keep its SCALE bytes; their BLAKE3 is on chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SealedPayload {
    /// With which suite.
    pub suite: Suite,
    /// The payload and its tag.
    pub ciphertext: Vec<u8>,
}

impl SealedPayload {
    /// Seals a payload.
    pub(super) fn seal(
        payload: &Payload,
        scalar: &Scalar,
        context: &DealingContext,
    ) -> Result<Self, CustodyError> {
        let ciphertext = cipher(scalar, context)
            .encrypt(&Nonce::default(), payload.to_bytes().as_slice())
            .map_err(|_| CustodyError::Payload)?;
        Ok(Self { suite: Suite::default(), ciphertext })
    }

    /// Reads a sealed payload from a vault; what else is said of it is the hash's matter.
    pub fn read(bytes: &[u8]) -> Result<Self, CustodyError> {
        Self::decode_all(&mut &*bytes).map_err(|_| CustodyError::Payload)
    }

    pub(super) fn open(
        &self,
        scalar: &Scalar,
        context: &DealingContext,
    ) -> Result<Payload, CustodyError> {
        let opened = cipher(scalar, context)
            .decrypt(&Nonce::default(), self.ciphertext.as_slice())
            .map(Zeroizing::new)
            .map_err(|_| CustodyError::Payload)?;
        Payload::from_bytes(context.scope, &opened).ok_or(CustodyError::Payload)
    }
}

/// The scalar is fresh for each dealing and seals one payload, so the nonce may be the same always.
/// What the payload is bound to stands in the key's derivation.
fn cipher(scalar: &Scalar, context: &DealingContext) -> ChaCha20Poly1305 {
    let ikm = Zeroizing::new(scalar.to_bytes());
    let mut key = Zeroizing::new([0u8; 32]);
    // 32 bytes are always within what HKDF-SHA256 can give.
    let derived = Hkdf::<Sha256>::new(Some(&context.genesis), &*ikm)
        .expand(&context.payload_info(), &mut *key);
    debug_assert!(derived.is_ok());
    ChaCha20Poly1305::new((&*key).into())
}
