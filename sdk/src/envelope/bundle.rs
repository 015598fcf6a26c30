//! Bundles: the scope secrets that terms of a grant carry, each sealed to the grantee.

use codec::{Decode, DecodeAll, Encode};
use kanglian_primitives::payloads::{envelope_aad, hpke_info};
use kanglian_primitives::{
    BusinessBlockId, EncryptionKey, Hash32, KeyEpoch, PersonId, Suite, TermsId,
};

use super::{EnvelopeError, hpke_open, hpke_seal};
use crate::keys::EncryptionSecret;

/// One sealed scope secret.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BundleEntry {
    /// The business block.
    pub block: BusinessBlockId,
    /// The epoch of the scope key.
    pub epoch: KeyEpoch,
    /// With which suite it is sealed.
    pub suite: Suite,
    /// The encapsulated key.
    pub enc: [u8; 32],
    /// The scope secret and its tag, 48 bytes.
    pub ciphertext: Vec<u8>,
}

/// The sealed scope secrets of one grant's terms. Vaults keep its SCALE bytes; their BLAKE3 stands
/// in the terms on chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Bundle(pub Vec<BundleEntry>);

/// What a bundle is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundleContext {
    /// The chain.
    pub genesis: Hash32,
    /// Whose scope secrets.
    pub subject: PersonId,
    /// Which terms.
    pub terms: TermsId,
}

impl BundleContext {
    fn aad(&self, block: BusinessBlockId, epoch: KeyEpoch) -> Vec<u8> {
        envelope_aad(&self.genesis, &self.subject, block, epoch, &self.terms.0.to_le_bytes())
    }
}

/// A scope secret out of a bundle.
#[derive(Clone, Debug)]
pub struct ScopeSecret {
    /// The business block.
    pub block: BusinessBlockId,
    /// The epoch.
    pub epoch: KeyEpoch,
    /// The secret.
    pub secret: EncryptionSecret,
}

impl Bundle {
    /// Seals scope secrets to the grantee's encryption key.
    pub fn seal(
        secrets: &[ScopeSecret],
        to: &EncryptionKey,
        context: &BundleContext,
    ) -> Result<Self, EnvelopeError> {
        let entry = |scope: &ScopeSecret| {
            let aad = context.aad(scope.block, scope.epoch);
            let (enc, ciphertext) = hpke_seal(to, hpke_info::GRANT, &aad, scope.secret.as_bytes())?;
            Ok(BundleEntry {
                block: scope.block,
                epoch: scope.epoch,
                suite: to.suite,
                enc,
                ciphertext,
            })
        };
        secrets.iter().map(entry).collect::<Result<_, _>>().map(Self)
    }

    /// The hash that stands in the terms: BLAKE3 of the SCALE bytes.
    pub fn hash(&self) -> Hash32 {
        *blake3::hash(&self.encode()).as_bytes()
    }

    /// Reads a bundle from a vault; refuses bytes that are not those of the hash in the terms.
    pub fn read(bytes: &[u8], hash: &Hash32) -> Result<Self, EnvelopeError> {
        if blake3::hash(bytes).as_bytes() != hash {
            return Err(EnvelopeError::Bundle("its bytes are not those of the hash on chain"));
        }
        Self::decode_all(&mut &*bytes)
            .map_err(|_| EnvelopeError::Bundle("its bytes do not read as a bundle"))
    }

    /// Opens all scope secrets.
    pub fn open(
        &self,
        secret: &EncryptionSecret,
        context: &BundleContext,
    ) -> Result<Vec<ScopeSecret>, EnvelopeError> {
        let entry = |entry: &BundleEntry| {
            let aad = context.aad(entry.block, entry.epoch);
            let bytes = hpke_open(secret, &entry.enc, hpke_info::GRANT, &aad, &entry.ciphertext)?;
            let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| EnvelopeError::Unwrap)?;
            Ok(ScopeSecret {
                block: entry.block,
                epoch: entry.epoch,
                secret: EncryptionSecret::from_bytes(bytes),
            })
        };
        self.0.iter().map(entry).collect()
    }
}
