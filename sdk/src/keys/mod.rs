//! Secrets and the files they are kept in.
//!
//! | type | what it is | its file |
//! | --- | --- | --- |
//! | [`PersonSecret`] | random bytes from which a person's data key and scope keys follow, and former ones | [`SecretFile`] |
//! | [`EncryptionSecret`] | one X25519 key: of an institution, a practitioner, a team, a custodian | [`SecretFile`] |
//! | [`Account`] | an sr25519 account that signs transactions and statements | polkadot-js JSON v3 |
//! | [`VaultSigner`] | the ed25519 key of a vault | [`SecretFile`], or a plain seed for unattended starts |
//!
//! Files are written at once, readable by their owner only. Secrets are wiped from memory when they
//! are dropped and never show in `Debug`.

mod account;
mod files;
mod person;
mod secret_file;
mod vault_key;

pub use account::Account;
pub use files::{read_private, write_private};
pub use person::{DATA_INFO, EncryptionSecret, MAX_FORMER, PersonSecret};
pub use secret_file::{SecretFile, SecretKind};
pub use vault_key::VaultSigner;

use std::path::PathBuf;

/// Why a key or a key file does not serve.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Reading or writing a file failed.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// There is a file already.
    #[error("{0} exists already and is not overwritten")]
    Exists(PathBuf),
    /// Others may read a file that holds a secret without a passphrase.
    #[error("{0} holds a secret and others may read it: chmod 600 it")]
    ReadableByOthers(PathBuf),
    /// The passphrase does not open the file.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// No passphrase was given.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// The file is none of the expected form.
    #[error("not a key file of a known form: {0}")]
    Format(String),
    /// The file holds another kind of secret.
    #[error("the file holds a secret of the kind {found}, expected {expected}")]
    Kind {
        /// What is in it.
        found: SecretKind,
        /// What was asked for.
        expected: SecretKind,
    },
    /// The secret does not belong to the public key beside it.
    #[error("the secret does not belong to the public key or address beside it")]
    Mismatch,
    /// A text from which a key should be derived is none.
    #[error("not a secret phrase, seed or path such as //Alice: {0}")]
    Uri(String),
}

impl KeyError {
    pub(crate) fn file(path: &std::path::Path, source: std::io::Error) -> Self {
        if source.kind() == std::io::ErrorKind::AlreadyExists {
            return Self::Exists(path.to_owned());
        }
        Self::File { path: path.to_owned(), source }
    }

    pub(crate) fn format(reason: impl std::fmt::Display) -> Self {
        Self::Format(reason.to_string())
    }
}
