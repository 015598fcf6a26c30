//! The registrar's keyed evaluation: from a document number to a [`PersonId`].
//!
//! A stand-in for the threshold registrar service: HMAC-SHA256 with a key file that only registrars
//! hold, over the document's type and checked number. Without the key nobody can go from a number
//! to the id or try numbers; whoever holds the key can, so it stays with the registrar.

use std::path::Path;

use anyhow::anyhow;
use hmac::{Hmac, KeyInit, Mac};
use kanglian_primitives::PersonId;
use kanglian_sdk::keys::{PersonSecret, read_private, write_private};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    document::{RESIDENT_CARD, ResidentNumber},
    fault::Fault,
};

const DOMAIN: &[u8] = b"kanglian/person/v1";

/// The registrar's key.
pub struct RegistrarKey(Zeroizing<[u8; 32]>);

impl RegistrarKey {
    /// A fresh key.
    pub fn generate() -> Self {
        // A person's secret is 32 bytes of the system's random numbers too.
        Self(Zeroizing::new(*PersonSecret::generate().as_bytes()))
    }

    /// Reads a key file: 64 hexadecimal digits, readable by its owner only.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = read_private(path, true)?;
        let mut key = Zeroizing::new([0u8; 32]);
        hex::decode_to_slice(text.trim_end(), key.as_mut_slice()).map_err(|_| {
            Fault::usage(format!("{}: a registrar key is 64 hexadecimal digits", path.display()))
        })?;
        Ok(Self(key))
    }

    /// Writes the key to a new file that only its owner may read.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let text = Zeroizing::new(format!("{}\n", hex::encode(self.0.as_slice())));
        Ok(write_private(path, text.as_bytes(), false)?)
    }

    /// The id of the person with this document.
    pub fn evaluate(&self, number: &ResidentNumber) -> anyhow::Result<PersonId> {
        let mut hmac = Hmac::<Sha256>::new_from_slice(self.0.as_slice())
            .map_err(|_| anyhow!("the registrar key has no usable length"))?;
        for part in [DOMAIN, RESIDENT_CARD.as_bytes(), number.expose().as_bytes()] {
            hmac.update(part);
            hmac.update(b"\0");
        }
        Ok(PersonId(hmac.finalize().into_bytes().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_gives_one_person_under_one_key() {
        let number = ResidentNumber::parse("11010519491231002X").unwrap();
        let other = ResidentNumber::synthetic(110_105, 19_491_231, 3).unwrap();
        let (first, second) = (RegistrarKey::generate(), RegistrarKey::generate());
        let person = first.evaluate(&number).unwrap();
        assert_eq!(person, first.evaluate(&number).unwrap());
        assert_ne!(person, second.evaluate(&number).unwrap());
        assert_ne!(person, first.evaluate(&other).unwrap());
    }

    #[test]
    fn a_key_survives_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registrar.key");
        let key = RegistrarKey::generate();
        key.write(&path).unwrap();
        assert!(key.write(&path).is_err(), "an existing key stays");
        let number = ResidentNumber::parse("11010519491231002X").unwrap();
        let read = RegistrarKey::read(&path).unwrap();
        assert_eq!(read.evaluate(&number).unwrap(), key.evaluate(&number).unwrap());
        std::fs::remove_file(&path).unwrap();
        write_private(&path, b"short", false).unwrap();
        assert!(RegistrarKey::read(&path).is_err());
    }
}
