//! Options, read once; and the keys they name.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use kanglian_sdk::{
    keys::{KeyError, read_private},
    registrar::{
        DEV_PHRASE, RegistrarIdentity, RegistrarSet, RegistrarShare, SetError,
        oprf::{KeyShare, OprfError},
    },
};
use url::Url;

use crate::{chain::Freshness, store::Limits};

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
    /// The registrar set.
    #[error("registrars: {0}")]
    Set(#[from] SetError),
    /// The share.
    #[error("share-file: {0}")]
    Share(#[from] OprfError),
}

/// Everything a registrar is told.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// File of the registrar set
    #[arg(long, env = "KANGLIAN_REGISTRARS")]
    pub registrars: PathBuf,
    /// File of the registrar's own keys
    #[arg(long, env = "KANGLIAN_REGISTRAR_KEY_FILE", required_unless_present = "dev_share")]
    pub key_file: Option<PathBuf>,
    /// File of its share of the network key
    #[arg(long, env = "KANGLIAN_REGISTRAR_SHARE_FILE", required_unless_present = "dev_share")]
    pub share_file: Option<PathBuf>,
    /// File whose line is the passphrase of both; readable by its owner only
    #[arg(long, env = "KANGLIAN_PASSPHRASE_FILE", required_unless_present = "dev_share")]
    pub passphrase_file: Option<PathBuf>,
    /// Takes the well-known keys of this registrar of a local network (needs --insecure-dev-key)
    #[arg(long, conflicts_with_all = ["key_file", "share_file"])]
    pub dev_share: Option<u16>,
    /// Accepts that everybody can derive the keys
    #[arg(long)]
    pub insecure_dev_key: bool,
    /// Where to listen, such as 127.0.0.1:8700
    #[arg(long, env = "KANGLIAN_REGISTRAR_LISTEN")]
    pub listen: SocketAddr,
    /// WebSocket of the registrar's own node
    #[arg(long, env = "KANGLIAN_NODE")]
    pub node: Url,
    /// Data folder
    #[arg(long, env = "KANGLIAN_REGISTRAR_DATA")]
    pub data: PathBuf,
    /// Evaluations of one institution in an hour
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub evaluations_per_hour: u64,
    /// Hours after which an evaluation without an outcome is overdue
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u64).range(1..=8_760))]
    pub outcome_hours: u64,
    /// Overdue evaluations with which an institution may still ask for more
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=1_000_000))]
    pub overdue_limit: u64,
    /// Seconds between anchors of the log's head on chain
    #[arg(long, env = "KANGLIAN_REGISTRAR_ANCHOR_SECONDS", default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub anchor_interval_seconds: u64,
    /// Connections at a time
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u64).range(1..=65_536))]
    pub max_connections: u64,
    /// Connections of one address at a time; 0 for no limit
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(0..=65_536))]
    pub max_connections_per_address: u64,
    /// Seconds for a request's head
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub header_timeout_seconds: u64,
    /// Seconds for a connection with its request and answer
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub connection_timeout_seconds: u64,
    /// Seconds for what the node is asked on one request
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub chain_timeout_seconds: u64,
    /// Seconds for running requests when the registrar stops
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub stop_timeout_seconds: u64,
    /// Age in seconds of the best block beyond which nothing is evaluated
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub best_max_age_seconds: u64,
    /// Age in seconds of the finalised block beyond which nothing is evaluated
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub finalised_max_age_seconds: u64,
}

impl Options {
    /// What evaluators are allowed.
    pub fn limits(&self) -> Limits {
        Limits {
            per_hour: self.evaluations_per_hour,
            overdue_after: self.outcome_hours.saturating_mul(60 * 60 * 1000),
            overdue_limit: self.overdue_limit,
        }
    }

    /// How old the chain's state may be.
    pub fn freshness(&self) -> Freshness {
        Freshness {
            best: Duration::from_secs(self.best_max_age_seconds),
            finalised: Duration::from_secs(self.finalised_max_age_seconds),
        }
    }

    /// Limits of connections.
    pub fn connections(&self) -> Connections {
        let count = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        Connections {
            most: count(self.max_connections),
            per_address: count(self.max_connections_per_address),
            header: Duration::from_secs(self.header_timeout_seconds),
            whole: Duration::from_secs(self.connection_timeout_seconds),
            stop: Duration::from_secs(self.stop_timeout_seconds),
        }
    }

    /// The keys, checked against the set.
    pub fn keys(&self) -> Result<Keys, SettingsError> {
        let set = RegistrarSet::read(&self.registrars)?;
        let conflict = |reason: &str| SettingsError::Conflict(reason.to_owned());
        let Some(index) = self.dev_share else {
            if self.insecure_dev_key {
                return Err(conflict("insecure-dev-key goes with dev-share only"));
            }
            if set.body.development && set.body.epoch == 0 {
                return Err(conflict("registrars: everybody can derive the shares of this set"));
            }
            let missing = || conflict("key-file, share-file and passphrase-file are all needed");
            let key_file = self.key_file.as_ref().ok_or_else(missing)?;
            let share_file = self.share_file.as_ref().ok_or_else(missing)?;
            let passphrase_file = self.passphrase_file.as_ref().ok_or_else(missing)?;
            let key = |key| move |source| SettingsError::Key { key, source };
            let text = read_private(passphrase_file, true).map_err(key("passphrase-file"))?;
            let passphrase = text.trim_end_matches(['\r', '\n']);
            let identity =
                RegistrarIdentity::read(key_file, passphrase).map_err(key("key-file"))?;
            let share = RegistrarShare::read(share_file, passphrase).map_err(key("share-file"))?;
            return Keys::new(set, identity, &share);
        };
        if !self.insecure_dev_key {
            return Err(conflict(
                "dev-share: everybody can derive these keys; for a local network add \
                 insecure-dev-key",
            ));
        }
        if !set.body.development {
            return Err(conflict("dev-share: the registrar set is not one of a local network"));
        }
        let identity = RegistrarIdentity::dev(DEV_PHRASE, index);
        let share = RegistrarShare::dev(DEV_PHRASE, set.body.threshold, index);
        Keys::new(set, identity, &share)
    }
}

/// Limits of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// At a time.
    pub most: usize,
    /// Of one address; 0 for no limit.
    pub per_address: usize,
    /// For a request's head.
    pub header: Duration,
    /// For a connection with its request and answer.
    pub whole: Duration,
    /// For running requests when the registrar stops.
    pub stop: Duration,
}

/// A registrar's keys with the set that they belong to.
#[derive(Debug)]
pub struct Keys {
    /// The set.
    pub set: RegistrarSet,
    /// The registrar's place in it.
    pub index: u16,
    /// Its own keys.
    pub identity: RegistrarIdentity,
    /// Its share of the network key.
    pub share: KeyShare,
}

impl Keys {
    /// Holds keys and share against the set.
    pub fn new(
        set: RegistrarSet,
        identity: RegistrarIdentity,
        share: &RegistrarShare,
    ) -> Result<Self, SettingsError> {
        let index = set.index_of(&identity.signing_key()).ok_or_else(|| {
            SettingsError::Conflict("key-file: these keys are nobody's in the set".to_owned())
        })?;
        let share = share.key()?;
        if share.public() != set.share_key(index)? {
            return Err(SettingsError::Conflict(format!(
                "share-file: the share is not registrar {index}'s of epoch {}; after a refresh \
                 both the new share and the new set are taken",
                set.body.epoch
            )));
        }
        Ok(Self { set, index, identity, share })
    }
}
