//! What a person says is wrong with a record: a text sealed to the record's author and to the person,
//! in the form of a bundle, which is what vaults keep.

use kanglian_primitives::payloads::{envelope_aad, hpke_info};
use kanglian_primitives::{BusinessBlockId, EncryptionKey, Hash32, KeyEpoch, PersonId, RecordId};

use super::{Bundle, BundleEntry, EnvelopeError, hpke_open, hpke_seal};
use crate::keys::EncryptionSecret;

/// Longest text in bytes.
pub const MAX_CORRECTION_TEXT: usize = 4_096;

fn aad(genesis: &Hash32, person: &PersonId, record: &RecordId) -> Vec<u8> {
    envelope_aad(genesis, person, BusinessBlockId(0), KeyEpoch(0), &record.0)
}

/// Seals a text to each of the keys.
pub fn seal_correction(
    text: &str,
    to: &[EncryptionKey],
    genesis: &Hash32,
    person: &PersonId,
    record: &RecordId,
) -> Result<Bundle, EnvelopeError> {
    if text.len() > MAX_CORRECTION_TEXT {
        return Err(EnvelopeError::TooLong { max: MAX_CORRECTION_TEXT as u64 });
    }
    let aad = aad(genesis, person, record);
    let entry = |key: &EncryptionKey| {
        let (enc, ciphertext) = hpke_seal(key, hpke_info::CORRECTION, &aad, text.as_bytes())?;
        let (block, epoch, suite) = (BusinessBlockId(0), KeyEpoch(0), key.suite);
        Ok(BundleEntry { block, epoch, suite, enc, ciphertext })
    };
    to.iter().map(entry).collect::<Result<_, _>>().map(Bundle)
}

/// Opens such a text with the secret of one of the keys.
pub fn open_correction(
    bundle: &Bundle,
    secret: &EncryptionSecret,
    genesis: &Hash32,
    person: &PersonId,
    record: &RecordId,
) -> Result<String, EnvelopeError> {
    let aad = aad(genesis, person, record);
    let opened = bundle.0.iter().find_map(|entry| {
        hpke_open(secret, &entry.enc, hpke_info::CORRECTION, &aad, &entry.ciphertext).ok()
    });
    let bytes = opened.ok_or(EnvelopeError::Unwrap)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| EnvelopeError::Bundle("no UTF-8 text"))?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_author_and_the_person_read_the_text_and_nobody_else() {
        let secret = |n| EncryptionSecret::from_bytes([n; 32]);
        let (author, person) = (secret(1), secret(2));
        let keys = [author.public(), person.public()];
        let (id, record) = (PersonId([3; 32]), RecordId([4; 32]));
        let bundle = seal_correction("剂量写错了", &keys, &[5; 32], &id, &record).unwrap();
        for holder in [&author, &person] {
            let text = open_correction(&bundle, holder, &[5; 32], &id, &record).unwrap();
            assert_eq!(text, "剂量写错了");
        }
        assert!(open_correction(&bundle, &secret(9), &[5; 32], &id, &record).is_err());
        assert!(open_correction(&bundle, &author, &[6; 32], &id, &record).is_err(), "elsewhere");
        let another = RecordId([7; 32]);
        assert!(open_correction(&bundle, &author, &[5; 32], &id, &another).is_err());
        let long = "x".repeat(MAX_CORRECTION_TEXT + 1);
        assert!(seal_correction(&long, &keys, &[5; 32], &id, &record).is_err());
    }
}
