//! Files with one secret under a passphrase.

use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{EncryptionSecret, KeyError, PersonSecret, read_private, write_private};

const VERSION: u32 = 1;
const CIPHER: &str = "chacha20-poly1305";
/// scrypt with 32 MiB: about a tenth of a second.
const LOG_N: u8 = 15;
const BLOCK: u32 = 8;
/// Most that a file may ask of scrypt (1 GiB), so that a planted file cannot exhaust the machine.
const MAX_LOG_N: u8 = 20;

/// What a secret file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// A person's secret.
    Person,
    /// An X25519 key.
    Encryption,
    /// A vault's ed25519 seed.
    Vault,
    /// The seed of a registrar's own keys.
    Registrar,
    /// A registrar's share of the network key for person ids.
    RegistrarShare,
}

impl std::fmt::Display for SecretKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Person => "person",
            Self::Encryption => "encryption",
            Self::Vault => "vault",
            Self::Registrar => "registrar",
            Self::RegistrarShare => "registrar-share",
        })
    }
}

/// A secret under a passphrase: scrypt and ChaCha20-Poly1305, as JSON with a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretFile {
    version: u32,
    kind: SecretKind,
    /// The public key where there is one: people recognise the file by it, and it is checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    public: Option<String>,
    kdf: Kdf,
    cipher: String,
    nonce: String,
    ciphertext: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kdf {
    name: String,
    log_n: u8,
    r: u32,
    p: u32,
    salt: String,
}

impl SecretFile {
    /// Puts a secret under a passphrase.
    pub fn seal(
        kind: SecretKind,
        public: Option<[u8; 32]>,
        secret: &[u8],
        passphrase: &str,
    ) -> Result<Self, KeyError> {
        if passphrase.is_empty() {
            return Err(KeyError::EmptyPassphrase);
        }
        let salt: [u8; 32] = crate::random_bytes();
        let nonce: [u8; 12] = crate::random_bytes();
        let mut file = Self {
            version: VERSION,
            kind,
            public: public.map(|key| format!("0x{}", hex::encode(key))),
            kdf: Kdf {
                name: "scrypt".to_owned(),
                log_n: LOG_N,
                r: BLOCK,
                p: 1,
                salt: hex::encode(salt),
            },
            cipher: CIPHER.to_owned(),
            nonce: hex::encode(nonce),
            ciphertext: String::new(),
        };
        let key = file.key(passphrase)?;
        let sealed = ChaCha20Poly1305::new((&*key).into())
            .encrypt(&Nonce::from(nonce), Payload { msg: secret, aad: &file.aad() })
            .map_err(|_| KeyError::format("the secret cannot be encrypted"))?;
        file.ciphertext = hex::encode(sealed);
        Ok(file)
    }

    /// Takes the secret out.
    pub fn open(&self, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        if self.version != VERSION {
            return Err(KeyError::format(format_args!("version {}", self.version)));
        }
        if self.kdf.name != "scrypt" || self.cipher != CIPHER {
            return Err(KeyError::format("another cipher or another way from passphrase to key"));
        }
        let nonce: [u8; 12] = bytes("nonce", &self.nonce)?;
        let ciphertext = hex::decode(&self.ciphertext)
            .map_err(|error| KeyError::format(format_args!("ciphertext: {error}")))?;
        let key = self.key(passphrase)?;
        ChaCha20Poly1305::new((&*key).into())
            .decrypt(&Nonce::from(nonce), Payload { msg: &ciphertext, aad: &self.aad() })
            .map(Zeroizing::new)
            .map_err(|_| KeyError::WrongPassphrase)
    }

    /// What it holds.
    pub fn kind(&self) -> SecretKind {
        self.kind
    }

    /// The public key it names.
    pub fn public(&self) -> Option<[u8; 32]> {
        bytes("public", self.public.as_deref()?.strip_prefix("0x")?).ok()
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let text = read_private(path, false)?;
        serde_json::from_str(&text).map_err(KeyError::format)
    }

    /// Writes a file that only its owner may read; refuses to overwrite one.
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        self.write_as(path, false)
    }

    /// Writes a file that only its owner may read, over an older one if told so.
    pub fn write_as(&self, path: &Path, replace: bool) -> Result<(), KeyError> {
        let mut text = serde_json::to_vec_pretty(self).map_err(KeyError::format)?;
        text.push(b'\n');
        write_private(path, &text, replace)
    }

    pub(crate) fn open_as(
        &self,
        kind: SecretKind,
        passphrase: &str,
    ) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.ensure_kind(kind)?;
        let opened = self.open(passphrase)?;
        let mut secret = Zeroizing::new([0u8; 32]);
        match opened.len() {
            32 => secret.copy_from_slice(&opened),
            _ => return Err(KeyError::format("the secret has another length")),
        }
        Ok(secret)
    }

    fn ensure_kind(&self, expected: SecretKind) -> Result<(), KeyError> {
        match self.kind == expected {
            true => Ok(()),
            false => Err(KeyError::Kind { found: self.kind, expected }),
        }
    }

    /// Everything beside the ciphertext is authenticated with it.
    fn aad(&self) -> Vec<u8> {
        use codec::Encode;
        let Kdf { name, log_n, r, p, salt } = &self.kdf;
        (
            "kanglian/secret-file/v1",
            self.version,
            self.kind.to_string(),
            &self.public,
            (name, log_n, r, p, salt),
            &self.cipher,
        )
            .encode()
    }

    fn key(&self, passphrase: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let salt: [u8; 32] = bytes("salt", &self.kdf.salt)?;
        if self.kdf.log_n > MAX_LOG_N || self.kdf.r > 16 || self.kdf.p > 4 {
            return Err(KeyError::format("it asks for more memory than is given"));
        }
        let params = scrypt::Params::new(self.kdf.log_n, self.kdf.r, self.kdf.p)
            .map_err(KeyError::format)?;
        let mut key = Zeroizing::new([0u8; 32]);
        scrypt::scrypt(passphrase.as_bytes(), &salt, &params, &mut *key)
            .map_err(KeyError::format)?;
        Ok(key)
    }
}

fn bytes<const N: usize>(what: &str, text: &str) -> Result<[u8; N], KeyError> {
    let mut out = [0u8; N];
    hex::decode_to_slice(text, &mut out)
        .map_err(|error| KeyError::format(format_args!("{what}: {error}")))?;
    Ok(out)
}

impl PersonSecret {
    /// Reads a person's secret from a file.
    pub fn read(path: &Path, passphrase: &str) -> Result<Self, KeyError> {
        let file = SecretFile::read(path)?;
        file.ensure_kind(SecretKind::Person)?;
        Self::from_slice(&file.open(passphrase)?)
            .ok_or_else(|| KeyError::format("the secret has another length"))
    }

    /// Writes the secret to a new file under a passphrase.
    pub fn write(&self, path: &Path, passphrase: &str) -> Result<(), KeyError> {
        self.write_as(path, passphrase, false)
    }

    /// Writes the secret to a file under a passphrase, over an older one if told so.
    pub fn write_as(&self, path: &Path, passphrase: &str, replace: bool) -> Result<(), KeyError> {
        let file = SecretFile::seal(SecretKind::Person, None, &self.to_bytes(), passphrase)?;
        file.write_as(path, replace)
    }
}

impl EncryptionSecret {
    /// Reads a key from a file.
    pub fn read(path: &Path, passphrase: &str) -> Result<Self, KeyError> {
        let file = SecretFile::read(path)?;
        let secret = Self::from_bytes(*file.open_as(SecretKind::Encryption, passphrase)?);
        if file.public() != Some(secret.public().key) {
            return Err(KeyError::Mismatch);
        }
        Ok(secret)
    }

    /// Writes the key to a new file under a passphrase.
    pub fn write(&self, path: &Path, passphrase: &str) -> Result<(), KeyError> {
        let public = Some(self.public().key);
        SecretFile::seal(SecretKind::Encryption, public, self.as_bytes(), passphrase)?.write(path)
    }
}
