//! Options, read once; and the keys they name.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use kanglian_primitives::EncryptionKey;
use kanglian_sdk::{
    custody::dev_custodian_secret,
    keys::{Account, EncryptionSecret, KeyError, read_private},
};
use url::Url;

/// Why the options do not serve.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Options do not go together.
    #[error("{0}")]
    Conflict(String),
    /// A key file.
    #[error("{key}: {source}")]
    Key {
        /// Which option names it.
        key: &'static str,
        /// What is wrong.
        source: KeyError,
    },
}

/// Where the custodian's keys are.
#[derive(Clone, Debug, Args)]
pub struct KeyOptions {
    /// File of the custodian's account (polkadot-js JSON)
    #[arg(long, env = "KANGLIAN_CUSTODIAN_ACCOUNT_FILE", required_unless_present = "dev_key")]
    pub account_file: Option<PathBuf>,
    /// File of the secret that shares are sealed to
    #[arg(long, env = "KANGLIAN_CUSTODIAN_KEY_FILE", required_unless_present = "dev_key")]
    pub key_file: Option<PathBuf>,
    /// Folder of further key files under the same passphrase: the one that a rotation made, and
    /// former ones, to which older dealings are sealed
    #[arg(long, env = "KANGLIAN_CUSTODIAN_KEYS_FOLDER")]
    pub keys_folder: Option<PathBuf>,
    /// File whose line is the passphrase of all; readable by its owner only
    #[arg(long, env = "KANGLIAN_PASSPHRASE_FILE", required_unless_present = "dev_key")]
    pub passphrase_file: Option<PathBuf>,
    /// Takes well-known keys, such as //Jiangsu-Custodian's (needs --insecure-dev-key)
    #[arg(long, conflicts_with_all = ["account_file", "key_file", "keys_folder"])]
    pub dev_key: Option<String>,
    /// Accepts that everybody can derive the keys
    #[arg(long)]
    pub insecure_dev_key: bool,
}

/// Everything a custodian is told.
#[derive(Clone, Debug, Args)]
pub struct Options {
    #[command(flatten)]
    /// The keys.
    pub keys: KeyOptions,
    /// Where to listen, such as 127.0.0.1:8750
    #[arg(long, env = "KANGLIAN_CUSTODIAN_LISTEN")]
    pub listen: SocketAddr,
    /// WebSocket of the custodian's own node
    #[arg(long, env = "KANGLIAN_NODE")]
    pub node: Url,
    /// Seconds after a dealing from which on a share that no vault has is complained of
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=604_800))]
    pub missing_after_seconds: u64,
    /// Age in seconds of the finalised block beyond which nothing is answered
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub finalised_max_age_seconds: u64,
    /// Connections at a time
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=4_096))]
    pub max_connections: u64,
    /// Seconds for a request's head
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub header_timeout_seconds: u64,
    /// Seconds for a connection with its request and answer
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub connection_timeout_seconds: u64,
    /// Seconds for running work when the custodian stops
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub stop_timeout_seconds: u64,
}

impl Options {
    /// How the work is done.
    pub fn work(&self) -> Work {
        Work {
            missing_after: Duration::from_secs(self.missing_after_seconds),
            finalised_max_age: Duration::from_secs(self.finalised_max_age_seconds),
        }
    }

    /// Limits of connections.
    pub fn connections(&self) -> Connections {
        Connections {
            most: usize::try_from(self.max_connections).unwrap_or(usize::MAX),
            header: Duration::from_secs(self.header_timeout_seconds),
            whole: Duration::from_secs(self.connection_timeout_seconds),
            stop: Duration::from_secs(self.stop_timeout_seconds),
        }
    }
}

/// How dealings and cases are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// After a dealing from which on a missing share is complained of.
    pub missing_after: Duration,
    /// Age of the finalised block beyond which nothing is answered.
    pub finalised_max_age: Duration,
}

/// Limits of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// At a time.
    pub most: usize,
    /// For a request's head.
    pub header: Duration,
    /// For a connection with its request and answer.
    pub whole: Duration,
    /// For running requests when the custodian stops.
    pub stop: Duration,
}

/// A custodian's keys.
#[derive(Clone, Debug)]
pub struct Keys {
    /// It sends what the custodian says.
    pub account: Account,
    /// Shares are sealed to it, or to one of the further ones.
    pub secret: EncryptionSecret,
    /// Those of the keys' folder.
    pub further: Vec<EncryptionSecret>,
}

impl Keys {
    /// The well-known keys of a phrase.
    pub fn dev(phrase: &str) -> Result<Self, KeyError> {
        let (account, secret) = (Account::from_uri(phrase)?, dev_custodian_secret(phrase));
        Ok(Self { account, secret, further: Vec::new() })
    }

    /// The secret that belongs to a public key, when the custodian has it.
    pub fn secret_of(&self, key: &EncryptionKey) -> Option<&EncryptionSecret> {
        core::iter::once(&self.secret).chain(&self.further).find(|secret| secret.public() == *key)
    }
}

impl KeyOptions {
    /// Reads the keys.
    pub fn read(&self) -> Result<Keys, SettingsError> {
        let conflict = |reason: &str| SettingsError::Conflict(reason.to_owned());
        let wrong = |key| move |source| SettingsError::Key { key, source };
        if let Some(phrase) = &self.dev_key {
            if !self.insecure_dev_key {
                return Err(conflict(
                    "dev-key: everybody can derive these keys; for a local network add \
                     insecure-dev-key",
                ));
            }
            return Keys::dev(phrase).map_err(wrong("dev-key"));
        }
        if self.insecure_dev_key {
            return Err(conflict("insecure-dev-key goes with dev-key only"));
        }
        let missing = || conflict("account-file, key-file and passphrase-file are all needed");
        let account = self.account_file.as_ref().ok_or_else(missing)?;
        let key = self.key_file.as_ref().ok_or_else(missing)?;
        let passphrase = self.passphrase_file.as_ref().ok_or_else(missing)?;
        let text = read_private(passphrase, true).map_err(wrong("passphrase-file"))?;
        let passphrase = text.trim_end_matches(['\r', '\n']);
        Ok(Keys {
            account: Account::read(account, passphrase).map_err(wrong("account-file"))?,
            secret: EncryptionSecret::read(key, passphrase).map_err(wrong("key-file"))?,
            further: self.further(passphrase)?,
        })
    }

    /// The keys of the folder, in the order of their files' names.
    fn further(&self, passphrase: &str) -> Result<Vec<EncryptionSecret>, SettingsError> {
        let wrong = |source| SettingsError::Key { key: "keys-folder", source };
        let Some(folder) = &self.keys_folder else { return Ok(Vec::new()) };
        let files = || {
            let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
                .map(|entry| Ok(entry?.path()))
                .collect::<std::io::Result<_>>()?;
            files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
            files.sort();
            Ok(files)
        };
        let files =
            files().map_err(|source| wrong(KeyError::File { path: folder.clone(), source }))?;
        files.iter().map(|path| EncryptionSecret::read(path, passphrase).map_err(wrong)).collect()
    }

    /// Makes another key in the folder, under the passphrase of the others.
    pub fn make_further(&self) -> Result<(EncryptionSecret, PathBuf), SettingsError> {
        let wrong = |key| move |source| SettingsError::Key { key, source };
        let (Some(folder), Some(passphrase)) = (&self.keys_folder, &self.passphrase_file) else {
            let words = "keys-folder and passphrase-file are needed";
            return Err(SettingsError::Conflict(words.to_owned()));
        };
        let text = read_private(passphrase, true).map_err(wrong("passphrase-file"))?;
        let secret = EncryptionSecret::generate();
        let path = folder.join(format!("{}.json", hex::encode(secret.public().key)));
        secret.write(&path, text.trim_end_matches(['\r', '\n'])).map_err(wrong("keys-folder"))?;
        Ok((secret, path))
    }

    /// Makes the files that the options name, both under the passphrase.
    pub fn generate(&self) -> Result<Keys, SettingsError> {
        let conflict = |reason: &str| SettingsError::Conflict(reason.to_owned());
        let wrong = |key| move |source| SettingsError::Key { key, source };
        if self.dev_key.is_some() {
            return Err(conflict("dev-key: such keys are not made, everybody has them"));
        }
        let missing = || conflict("account-file, key-file and passphrase-file are all needed");
        let account = self.account_file.as_ref().ok_or_else(missing)?;
        let key = self.key_file.as_ref().ok_or_else(missing)?;
        let passphrase = self.passphrase_file.as_ref().ok_or_else(missing)?;
        // Nothing is made unless both can be.
        for (name, path) in [("account-file", account), ("key-file", key)] {
            if path.exists() {
                let source = KeyError::Exists(path.clone());
                return Err(SettingsError::Key { key: name, source });
            }
        }
        let text = read_private(passphrase, true).map_err(wrong("passphrase-file"))?;
        let passphrase = text.trim_end_matches(['\r', '\n']);
        let keys = Keys {
            account: Account::generate(),
            secret: EncryptionSecret::generate(),
            further: Vec::new(),
        };
        keys.account.write(account, "custodian", passphrase).map_err(wrong("account-file"))?;
        keys.secret.write(key, passphrase).map_err(wrong("key-file"))?;
        Ok(keys)
    }
}
