//! sr25519 accounts, kept as polkadot-js keeps them.

use std::path::Path;
use std::str::FromStr;

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_secretbox::XSalsa20Poly1305;
use crypto_secretbox::aead::{Aead, KeyInit};
use hkdf::HkdfExtract;
use schnorrkel::derive::{ChainCode, Derivation};
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey, SecretKey};
use serde::{Deserialize, Serialize};
use sha2::Sha512;
use subxt::utils::MultiSignature;
use subxt_signer::{DeriveJunction, ExposeSecret, SecretUri, bip39::Mnemonic};
use zeroize::Zeroizing;

use super::{KeyError, read_private, write_private};
use crate::AccountId;

/// Signing context of Substrate.
const CONTEXT: &[u8] = b"substrate";

/// What stands before the secret and before the public key in the encrypted part.
const PKCS8_HEADER: [u8; 16] = [48, 83, 2, 1, 1, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
const PKCS8_DIVIDER: [u8; 5] = [161, 35, 3, 33, 0];

/// scrypt as polkadot-js allows it: (N, p, r). New files are written with the first.
const SCRYPT: [(u32, u32, u32); 6] = [
    (1 << 15, 1, 8),
    (1 << 13, 10, 8),
    (1 << 14, 5, 8),
    (1 << 15, 3, 8),
    (1 << 16, 2, 8),
    (1 << 17, 1, 8),
];

/// An sr25519 account.
#[derive(Clone)]
pub struct Account(Keypair);

impl Account {
    /// A fresh account.
    pub fn generate() -> Self {
        let seed = Zeroizing::new(crate::random_bytes::<32>());
        Self::from_seed(&seed)
    }

    /// The account of a seed (mini secret), as `subkey` and wallets derive it.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        // Every 32 bytes are a mini secret.
        let mini = MiniSecretKey::from_bytes(seed).unwrap_or_else(|_| MiniSecretKey::generate());
        Self(mini.expand_to_keypair(ExpansionMode::Ed25519))
    }

    /// The account of a secret phrase or `0x…` seed with a path and a password: `//Alice`,
    /// `word word …//hard/soft///password`.
    pub fn from_uri(uri: &str) -> Result<Self, KeyError> {
        let bad = |reason: String| KeyError::Uri(reason);
        let SecretUri { phrase, password, junctions } =
            SecretUri::from_str(uri).map_err(|error| bad(error.to_string()))?;
        let phrase = phrase.expose_secret();
        let mut seed = Zeroizing::new([0u8; 32]);
        if let Some(digits) = phrase.strip_prefix("0x") {
            hex::decode_to_slice(digits, &mut *seed).map_err(|error| bad(error.to_string()))?;
        } else {
            let mnemonic = Mnemonic::from_str(phrase).map_err(|error| bad(error.to_string()))?;
            let (entropy, length) = mnemonic.to_entropy_array();
            let entropy = Zeroizing::new(entropy);
            let password = password.as_ref().map(|text| text.expose_secret().to_string());
            let long = seed_of_entropy(
                entropy.get(..length).unwrap_or_default(),
                password.as_deref().unwrap_or_default(),
            );
            seed.copy_from_slice(long.first_chunk::<32>().unwrap_or(&[0; 32]));
        }
        let mut secret = Self::from_seed(&seed).0.secret.clone();
        for junction in junctions {
            secret = match junction {
                DeriveJunction::Soft(code) => secret.derived_key_simple(ChainCode(code), []).0,
                DeriveJunction::Hard(code) => secret
                    .hard_derive_mini_secret_key(Some(ChainCode(code)), b"")
                    .0
                    .expand(ExpansionMode::Ed25519),
            };
        }
        Ok(Self(secret.to_keypair()))
    }

    /// The account's 32 bytes.
    pub fn id(&self) -> AccountId {
        AccountId::from(self.0.public.to_bytes())
    }

    /// The account's SS58 address.
    pub fn address(&self) -> String {
        self.id().to_string()
    }

    /// Its signature.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(schnorrkel::signing_context(CONTEXT).bytes(message)).to_bytes()
    }

    /// Its signature as calls take it.
    pub fn multi_signature(&self, message: &[u8]) -> MultiSignature {
        MultiSignature::Sr25519(self.sign(message))
    }

    /// Reads a polkadot-js JSON file.
    pub fn read(path: &Path, passphrase: &str) -> Result<Self, KeyError> {
        Self::from_json(&read_private(path, false)?, passphrase)
    }

    /// Writes a polkadot-js JSON file that only its owner may read; refuses to overwrite one.
    pub fn write(&self, path: &Path, name: &str, passphrase: &str) -> Result<(), KeyError> {
        write_private(path, self.to_json(name, passphrase)?.as_bytes(), false)
    }

    /// The address in a polkadot-js JSON file, without a passphrase.
    pub fn address_in(path: &Path) -> Result<AccountId, KeyError> {
        let file: File =
            serde_json::from_str(&read_private(path, false)?).map_err(KeyError::format)?;
        file.account()
    }

    /// The account as polkadot-js JSON, version 3, under a passphrase.
    pub fn to_json(&self, name: &str, passphrase: &str) -> Result<String, KeyError> {
        if passphrase.is_empty() {
            return Err(KeyError::EmptyPassphrase);
        }
        let (n, p, r) = SCRYPT[0];
        let salt: [u8; 32] = crate::random_bytes();
        let nonce: [u8; 24] = crate::random_bytes();
        let key = stretch(passphrase, &salt, n, p, r)?;
        let mut plain = Zeroizing::new(Vec::with_capacity(117));
        plain.extend_from_slice(&PKCS8_HEADER);
        plain.extend_from_slice(&*Zeroizing::new(self.0.secret.to_ed25519_bytes()));
        plain.extend_from_slice(&PKCS8_DIVIDER);
        plain.extend_from_slice(&self.0.public.to_bytes());
        let sealed = XSalsa20Poly1305::new((&*key).into())
            .encrypt((&nonce).into(), plain.as_slice())
            .map_err(|_| KeyError::format("the key cannot be encrypted"))?;
        let mut encoded = salt.to_vec();
        for number in [n, p, r] {
            encoded.extend_from_slice(&number.to_le_bytes());
        }
        encoded.extend_from_slice(&nonce);
        encoded.extend_from_slice(&sealed);
        let file = File {
            address: self.address(),
            encoded: STANDARD.encode(encoded),
            encoding: Encoding {
                content: vec!["pkcs8".to_owned(), "sr25519".to_owned()],
                kind: vec!["scrypt".to_owned(), "xsalsa20-poly1305".to_owned()],
                version: "3".to_owned(),
            },
            meta: Meta { genesis_hash: String::new(), name: name.to_owned(), when: crate::now() },
        };
        let mut text = serde_json::to_string_pretty(&file).map_err(KeyError::format)?;
        text.push('\n');
        Ok(text)
    }

    /// Reads polkadot-js JSON, version 3.
    pub fn from_json(json: &str, passphrase: &str) -> Result<Self, KeyError> {
        let file: File = serde_json::from_str(json).map_err(KeyError::format)?;
        let account = file.account()?;
        let has = |list: &[String], word: &str| list.iter().any(|known| known == word);
        let Encoding { content, kind, version } = &file.encoding;
        if version != "3" || !has(content, "pkcs8") || !has(content, "sr25519") {
            return Err(KeyError::format("expected version 3 with a pkcs8 sr25519 key"));
        }
        if !has(kind, "scrypt") || !has(kind, "xsalsa20-poly1305") {
            return Err(KeyError::format("expected scrypt and xsalsa20-poly1305"));
        }
        let encoded = STANDARD.decode(&file.encoded).map_err(KeyError::format)?;
        let short = || KeyError::format("the encrypted part is too short");
        let (salt, rest) = encoded.split_first_chunk::<32>().ok_or_else(short)?;
        let (n, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        let (p, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        let (r, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        let (nonce, sealed) = rest.split_first_chunk::<24>().ok_or_else(short)?;
        let [n, p, r] = [*n, *p, *r].map(u32::from_le_bytes);
        if !SCRYPT.contains(&(n, p, r)) {
            return Err(KeyError::format("scrypt parameters that polkadot-js does not use"));
        }
        let key = stretch(passphrase, salt, n, p, r)?;
        let plain = XSalsa20Poly1305::new((&*key).into())
            .decrypt(nonce.into(), sealed)
            .map(Zeroizing::new)
            .map_err(|_| KeyError::WrongPassphrase)?;
        let secret = plain
            .strip_prefix(PKCS8_HEADER.as_slice())
            .and_then(|rest| rest.split_first_chunk::<64>())
            .filter(|(_, rest)| {
                rest.strip_prefix(PKCS8_DIVIDER.as_slice()) == Some(account.0.as_slice())
            });
        let (secret, _) = secret.ok_or(KeyError::Mismatch)?;
        let secret = SecretKey::from_ed25519_bytes(secret).map_err(KeyError::format)?;
        let found = Self(secret.to_keypair());
        if found.id() != account {
            return Err(KeyError::Mismatch);
        }
        Ok(found)
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.address())
    }
}

impl subxt::tx::Signer<crate::chain::Config> for Account {
    fn account_id(&self) -> AccountId {
        self.id()
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        self.multi_signature(payload)
    }
}

impl crate::vault::AccountSigner for Account {
    fn account(&self) -> AccountId {
        self.id()
    }

    fn scheme(&self) -> crate::wire::Scheme {
        crate::wire::Scheme::Sr25519
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.sign(message)
    }
}

#[derive(Serialize, Deserialize)]
struct File {
    address: String,
    encoded: String,
    encoding: Encoding,
    #[serde(default)]
    meta: Meta,
}

#[derive(Serialize, Deserialize)]
struct Encoding {
    content: Vec<String>,
    #[serde(rename = "type")]
    kind: Vec<String>,
    version: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Meta {
    genesis_hash: String,
    name: String,
    #[serde(rename = "whenCreated")]
    when: u64,
}

impl File {
    fn account(&self) -> Result<AccountId, KeyError> {
        AccountId::from_str(&self.address).map_err(KeyError::format)
    }
}

fn stretch(
    passphrase: &str,
    salt: &[u8; 32],
    n: u32,
    p: u32,
    r: u32,
) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let log_n = u8::try_from(n.trailing_zeros()).unwrap_or(0);
    let params = scrypt::Params::new(log_n, r, p).map_err(KeyError::format)?;
    let mut key = Zeroizing::new([0u8; 32]);
    scrypt::scrypt(passphrase.as_bytes(), salt, &params, &mut *key).map_err(KeyError::format)?;
    Ok(key)
}

/// The seed of a phrase as Substrate derives it: PBKDF2-HMAC-SHA512 over the entropy, 2048 rounds.
/// HKDF's extract step is HMAC, and 64 bytes are one block of PBKDF2.
fn seed_of_entropy(entropy: &[u8], password: &str) -> Zeroizing<[u8; 64]> {
    let hmac = |message: &[&[u8]]| {
        let mut extract = HkdfExtract::<Sha512>::new(Some(entropy));
        for part in message {
            extract.input_ikm(part);
        }
        let (out, _) = extract.finalize();
        Zeroizing::new(<[u8; 64]>::from(out))
    };
    let mut round = hmac(&[b"mnemonic", password.as_bytes(), &1u32.to_be_bytes()]);
    let mut out = round.clone();
    for _ in 1..2048 {
        round = hmac(&[round.as_slice()]);
        out.iter_mut().zip(round.iter()).for_each(|(sum, byte)| *sum ^= byte);
    }
    out
}
