//! Wrapped data keys: HPKE (RFC 9180) in base mode, suite X25519-HKDF-SHA256 with
//! ChaCha20-Poly1305.

use codec::{Decode, Encode};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use kanglian_primitives::payloads::{envelope_aad, hpke_info};
use kanglian_primitives::{
    BusinessBlockId, EncryptionKey, Hash32, KeyEpoch, PersonId, RecordId, Suite,
};
use zeroize::Zeroizing;

use super::{DataKey, EnvelopeError};
use crate::keys::EncryptionSecret;

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type Encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey;

/// For whom a data key is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum WrapRecipient {
    /// The subject's scope key of a block and epoch.
    #[codec(index = 0)]
    Scope {
        /// The business block.
        block: BusinessBlockId,
        /// The epoch.
        epoch: KeyEpoch,
    },
    /// A key by itself, such as the author's.
    #[codec(index = 1)]
    Key(EncryptionKey),
}

/// A data key sealed to one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Wrap {
    /// For whom.
    pub recipient: WrapRecipient,
    /// With which suite.
    pub suite: Suite,
    /// The encapsulated key.
    pub enc: [u8; 32],
    /// The data key and its tag, 48 bytes.
    pub ciphertext: Vec<u8>,
}

/// What a wrap is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrapContext {
    /// The chain.
    pub genesis: Hash32,
    /// Whose record.
    pub subject: PersonId,
    /// The business block.
    pub block: BusinessBlockId,
    /// The scope-key epoch.
    pub epoch: KeyEpoch,
    /// The record.
    pub record: RecordId,
}

impl WrapContext {
    /// The associated data.
    pub fn aad(&self) -> Vec<u8> {
        envelope_aad(&self.genesis, &self.subject, self.block, self.epoch, &self.record.0)
    }

    /// The recipient that stands for the subject's scope key.
    pub const fn scope(&self) -> WrapRecipient {
        WrapRecipient::Scope { block: self.block, epoch: self.epoch }
    }
}

/// Wraps a data key to a public key: the subject's scope key (recipient [`WrapContext::scope`]) or
/// a key by itself ([`WrapRecipient::Key`]).
pub fn wrap(
    key: &DataKey,
    to: &EncryptionKey,
    recipient: WrapRecipient,
    context: &WrapContext,
) -> Result<Wrap, EnvelopeError> {
    let (enc, ciphertext) = hpke_seal(to, hpke_info::RECORD, &context.aad(), key.as_bytes())?;
    Ok(Wrap { recipient, suite: to.suite, enc, ciphertext })
}

/// Opens a wrapped data key.
pub fn unwrap(
    wrap: &Wrap,
    secret: &EncryptionSecret,
    context: &WrapContext,
) -> Result<DataKey, EnvelopeError> {
    let bytes = hpke_open(secret, &wrap.enc, hpke_info::RECORD, &context.aad(), &wrap.ciphertext)?;
    let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| EnvelopeError::Unwrap)?;
    Ok(DataKey::from_bytes(bytes))
}

/// Opens the data key with the first of several wraps for which there is a secret. `secret_of` says
/// which secret belongs to a recipient.
pub fn unwrap_any<'a>(
    wraps: &[Wrap],
    context: &WrapContext,
    mut secret_of: impl FnMut(&WrapRecipient) -> Option<&'a EncryptionSecret>,
) -> Result<DataKey, EnvelopeError> {
    let mut last = EnvelopeError::NoWrap;
    for wrap in wraps {
        let Some(secret) = secret_of(&wrap.recipient) else { continue };
        match unwrap(wrap, secret, context) {
            Ok(key) => return Ok(key),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Seals a few bytes to a public key; gives the encapsulated key and the ciphertext. Refuses points
/// of small order.
pub fn hpke_seal(
    to: &EncryptionKey,
    info: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<([u8; 32], Vec<u8>), EnvelopeError> {
    seal_with_rng(to, info, aad, plaintext, &mut rand::rng())
}

pub(crate) fn seal_with_rng(
    to: &EncryptionKey,
    info: &[u8],
    aad: &[u8],
    plaintext: &[u8],
    rng: &mut impl rand::CryptoRng,
) -> Result<([u8; 32], Vec<u8>), EnvelopeError> {
    if to.is_low_order() {
        return Err(EnvelopeError::LowOrderKey);
    }
    let key = PublicKey::from_bytes(&to.key).map_err(|_| EnvelopeError::LowOrderKey)?;
    let (enc, ciphertext) = hpke::single_shot_seal_with_rng::<
        ChaCha20Poly1305,
        HkdfSha256,
        X25519HkdfSha256,
    >(&OpModeS::Base, &key, info, plaintext, aad, rng)
    .map_err(|_| EnvelopeError::LowOrderKey)?;
    Ok((enc.to_bytes().into(), ciphertext))
}

/// Opens what [`hpke_seal`] sealed.
pub fn hpke_open(
    secret: &EncryptionSecret,
    enc: &[u8; 32],
    info: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    if EncryptionKey::x25519(*enc).is_low_order() {
        return Err(EnvelopeError::LowOrderKey);
    }
    let key = PrivateKey::from_bytes(secret.as_bytes()).map_err(|_| EnvelopeError::Unwrap)?;
    let enc = Encapsulated::from_bytes(enc).map_err(|_| EnvelopeError::Unwrap)?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &key,
        &enc,
        info,
        ciphertext,
        aad,
    )
    .map(Zeroizing::new)
    .map_err(|_| EnvelopeError::Unwrap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    /// Gives the bytes it was made with.
    struct Fixed(Vec<u8>);

    impl rand::TryRng for Fixed {
        type Error = Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            let mut out = [0; 4];
            self.try_fill_bytes(&mut out)?;
            Ok(u32::from_le_bytes(out))
        }
        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            let mut out = [0; 8];
            self.try_fill_bytes(&mut out)?;
            Ok(u64::from_le_bytes(out))
        }
        fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
            out.copy_from_slice(&self.0.drain(..out.len()).collect::<Vec<_>>());
            Ok(())
        }
    }

    impl rand::TryCryptoRng for Fixed {}

    fn bytes(text: &str) -> Vec<u8> {
        hex::decode(text).unwrap()
    }

    fn key(text: &str) -> [u8; 32] {
        bytes(text).try_into().unwrap()
    }

    // RFC 9180, appendix A.2.1, sequence number 0.
    const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
    const IKM_E: &str = "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b";
    const ENC: &str = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a";
    const PK_R: &str = "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a";
    const SK_R: &str = "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb";
    const PT: &str = "4265617574792069732074727574682c20747275746820626561757479";
    const AAD: &str = "436f756e742d30";
    const CT: &str = "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db\
                      21993c62ce81883d2dd1b51a28";

    #[test]
    fn rfc_9180_base_mode_vector_is_sealed_to_the_byte() {
        let to = EncryptionKey::x25519(key(PK_R));
        let mut rng = Fixed(bytes(IKM_E));
        let (enc, ciphertext) =
            seal_with_rng(&to, &bytes(INFO), &bytes(AAD), &bytes(PT), &mut rng).unwrap();
        assert_eq!(hex::encode(enc), ENC);
        assert_eq!(hex::encode(ciphertext), CT);
    }

    #[test]
    fn rfc_9180_base_mode_vector_opens() {
        let secret = EncryptionSecret::from_bytes(key(SK_R));
        assert_eq!(secret.public(), EncryptionKey::x25519(key(PK_R)));
        let opened = hpke_open(&secret, &key(ENC), &bytes(INFO), &bytes(AAD), &bytes(CT)).unwrap();
        assert_eq!(*opened, bytes(PT));
    }
}
