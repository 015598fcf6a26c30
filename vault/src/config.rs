//! Configuration: a TOML file, `KANGLIAN_` environment variables and flags, the later over the
//! earlier. Everything is parsed once, here; a bad value names its key and where it stands.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use kanglian_primitives::RegionCode;
use url::Url;

/// Every key that a file or the environment may hold.
const KEYS: &[&str] = &[
    "region",
    "listen",
    "public-url",
    "node",
    "data",
    "key-file",
    "dev-key",
    "insecure-dev-key",
    "storage",
    "s3-bucket",
    "s3-region",
    "s3-endpoint",
    "s3-access-key-id",
    "s3-secret-access-key",
    "s3-allow-http",
    "replicas",
    "max-object-bytes",
    "max-requests",
    "max-requests-per-account",
    "hourly-bytes-per-account",
    "max-requests-per-address",
    "max-connections-per-address",
    "stranger-logins-per-address",
    "public-requests-per-address",
    "trusted-proxies",
    "decision-timeout-seconds",
    "header-timeout-seconds",
    "body-idle-timeout-seconds",
    "stop-timeout-seconds",
    "anchor-interval-seconds",
    "collect-interval-seconds",
    "best-max-age-seconds",
    "finalised-max-age-seconds",
    "cors-origins",
];

/// Keys whose value is a secret: allowed in the file and the environment, never as a flag.
const SECRET_KEYS: &[&str] = &["s3-secret-access-key"];

/// Why a configuration does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value cannot be read.
    #[error("{key} ({place}): {reason}")]
    Value {
        /// The key.
        key: String,
        /// Where the value stands.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// A value is missing.
    #[error("{0} is not set: give it as a flag, as KANGLIAN_{1}, or in the configuration file")]
    Missing(&'static str, String),
    /// Two values do not go together.
    #[error("{0}")]
    Conflict(String),
    /// The file cannot be read.
    #[error("configuration file {path}: {reason}")]
    File {
        /// Which file.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

/// Where sealed bytes lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In the data folder.
    Local,
    /// In an S3 bucket.
    S3(S3),
}

/// An S3 bucket.
#[derive(Clone, PartialEq, Eq)]
pub struct S3 {
    /// Bucket.
    pub bucket: String,
    /// S3 region.
    pub region: String,
    /// Endpoint, for services other than AWS.
    pub endpoint: Option<String>,
    /// Access key; the environment's credentials otherwise.
    pub access_key_id: Option<String>,
    /// Secret key.
    pub secret_access_key: Option<String>,
    /// Whether the endpoint may be plain HTTP.
    pub allow_http: bool,
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "S3({} in {})", self.bucket, self.region)
    }
}

/// Where the vault's key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A key file written by `keygen`.
    File(PathBuf),
    /// Derived from a phrase that anybody may know; for local networks.
    Dev(String),
}

/// Everything a vault is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The vault's province.
    pub region: RegionCode,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The URL that clients know, as on chain; login texts name its host.
    pub public_url: Url,
    /// WebSocket of the vault's own node.
    pub node: Url,
    /// Data folder.
    pub data: PathBuf,
    /// Where the key comes from.
    pub key: KeySource,
    /// Where sealed bytes lie.
    pub storage: Storage,
    /// How many other vaults an upload goes to.
    pub replicas: usize,
    /// Largest object.
    pub max_object_bytes: u64,
    /// Most requests at a time.
    pub max_requests: usize,
    /// Most requests at a time of one account.
    pub max_requests_per_account: usize,
    /// Most bytes of objects that one account may upload within an hour; 0 for no limit.
    pub hourly_bytes_per_account: u64,
    /// Most requests at a time of one remote address; 0 for no limit.
    pub max_requests_per_address: usize,
    /// Most connections at a time of one remote address; 0 for no limit. In all there are four
    /// times as many as requests.
    pub max_connections_per_address: usize,
    /// Most accounts without standing on chain that sign in from one address within a minute; 0
    /// for no limit.
    pub stranger_logins_per_address: u32,
    /// Most requests without an account from one address within a minute; 0 for no limit.
    pub public_requests_per_address: u32,
    /// Proxies that tell in `X-Forwarded-For` for whom they ask.
    pub trusted_proxies: Vec<IpAddr>,
    /// Longest wait for what the chain decides on a request.
    pub decision_timeout: Duration,
    /// Longest time for a request's head.
    pub header_timeout: Duration,
    /// Longest silence within a body, either way.
    pub body_idle_timeout: Duration,
    /// Longest time for running requests when the vault stops.
    pub stop_timeout: Duration,
    /// How often the log's root goes on chain, when it grew.
    pub anchor_interval: Duration,
    /// How often unshared objects are looked for.
    pub collect_interval: Duration,
    /// Best block older than this: nothing is served.
    pub best_max_age: Duration,
    /// Finalised block older than this: nothing is served.
    pub finalised_max_age: Duration,
    /// Web origins that may call; none by default.
    pub cors_origins: Vec<String>,
}

/// Values by key, with the place each came from.
#[derive(Debug, Default)]
pub struct Values {
    values: BTreeMap<String, (String, String)>,
}

impl Values {
    /// Reads the file, then the environment, then flags.
    pub fn gather(
        file: Option<&std::path::Path>,
        environment: impl Iterator<Item = (String, String)>,
        flags: &[(&'static str, Option<String>)],
    ) -> Result<Self, ConfigError> {
        let mut values = Self::default();
        if let Some(path) = file {
            values.read_file(path)?;
        }
        for (name, value) in environment {
            let Some(key) = name.strip_prefix("KANGLIAN_") else { continue };
            let key = key.to_ascii_lowercase().replace('_', "-");
            // Other programs of the project share the prefix.
            if KEYS.contains(&key.as_str()) {
                values.values.insert(key, (value, name));
            }
        }
        for (key, value) in flags {
            if let Some(value) = value {
                values.values.insert((*key).to_owned(), (value.clone(), format!("--{key}")));
            }
        }
        Ok(values)
    }

    fn read_file(&mut self, path: &std::path::Path) -> Result<(), ConfigError> {
        let place = path.display().to_string();
        let fail = |reason: String| ConfigError::File { path: place.clone(), reason };
        let text = std::fs::read_to_string(path).map_err(|error| fail(error.to_string()))?;
        let table: toml::Table =
            text.parse().map_err(|error: toml::de::Error| fail(error.to_string()))?;
        for (key, value) in table {
            if !KEYS.contains(&key.as_str()) {
                return Err(fail(format!("unknown key {key:?}")));
            }
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Boolean(yes) => yes.to_string(),
                toml::Value::Array(items) => items
                    .iter()
                    .map(|item| item.as_str())
                    .collect::<Option<Vec<_>>>()
                    .ok_or_else(|| fail(format!("{key}: expected a list of texts")))?
                    .join(","),
                _ => return Err(fail(format!("{key}: expected a text, a number or a list"))),
            };
            self.values.insert(key, (value, place.clone()));
        }
        Ok(())
    }

    fn get<T>(&self, key: &'static str) -> Result<Option<T>, ConfigError>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        let Some((text, place)) = self.values.get(key) else { return Ok(None) };
        text.parse().map(Some).map_err(|error: T::Err| ConfigError::Value {
            key: key.to_owned(),
            place: place.clone(),
            reason: if SECRET_KEYS.contains(&key) {
                "cannot be read".to_owned()
            } else {
                format!("{text:?}: {error}")
            },
        })
    }

    fn need<T>(&self, key: &'static str) -> Result<T, ConfigError>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        self.get(key)?
            .ok_or_else(|| ConfigError::Missing(key, key.to_ascii_uppercase().replace('-', "_")))
    }

    fn within(
        &self,
        key: &'static str,
        default: u64,
        range: std::ops::RangeInclusive<u64>,
    ) -> Result<u64, ConfigError> {
        let value = self.get(key)?.unwrap_or(default);
        if range.contains(&value) {
            return Ok(value);
        }
        let place = self.values.get(key).map(|(_, place)| place.clone()).unwrap_or_default();
        Err(ConfigError::Value {
            key: key.to_owned(),
            place,
            reason: format!("{value} is not within {} … {}", range.start(), range.end()),
        })
    }

    fn seconds(
        &self,
        key: &'static str,
        default: u64,
        range: std::ops::RangeInclusive<u64>,
    ) -> Result<Duration, ConfigError> {
        self.within(key, default, range).map(Duration::from_secs)
    }

    fn small(&self, key: &'static str, default: u32) -> Result<u32, ConfigError> {
        let value = self.within(key, default.into(), 0..=u32::MAX.into())?;
        Ok(u32::try_from(value).unwrap_or(u32::MAX))
    }

    /// IP addresses with commas between.
    fn addresses(&self, key: &'static str) -> Result<Vec<IpAddr>, ConfigError> {
        let Some((text, place)) = self.values.get(key) else { return Ok(Vec::new()) };
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let address = |item: &str| {
            item.parse().map_err(|error| ConfigError::Value {
                key: key.to_owned(),
                place: place.clone(),
                reason: format!("{item:?}: {error}"),
            })
        };
        items.map(address).collect()
    }

    fn url(&self, key: &'static str, schemes: &[&str]) -> Result<Url, ConfigError> {
        let url: Url = self.need(key)?;
        if schemes.contains(&url.scheme()) && url.has_host() {
            return Ok(url);
        }
        let place = self.values.get(key).map(|(_, place)| place.clone()).unwrap_or_default();
        let reason = format!("{url} is not a {} URL", schemes.join(" or "));
        Err(ConfigError::Value { key: key.to_owned(), place, reason })
    }

    /// Where sealed bytes lie.
    pub fn storage(&self) -> Result<Storage, ConfigError> {
        match self.get::<String>("storage")?.as_deref() {
            None | Some("local") => Ok(Storage::Local),
            Some("s3") => Ok(Storage::S3(S3 {
                bucket: self.need("s3-bucket")?,
                region: self.get("s3-region")?.unwrap_or_else(|| "us-east-1".to_owned()),
                endpoint: self.get("s3-endpoint")?,
                access_key_id: self.get("s3-access-key-id")?,
                secret_access_key: self.get("s3-secret-access-key")?,
                allow_http: self.get("s3-allow-http")?.unwrap_or(false),
            })),
            Some(other) => Err(ConfigError::Value {
                key: "storage".to_owned(),
                place: self.values.get("storage").map(|(_, at)| at.clone()).unwrap_or_default(),
                reason: format!("{other:?}: expected local or s3"),
            }),
        }
    }

    fn key(&self) -> Result<KeySource, ConfigError> {
        let insecure = self.get::<bool>("insecure-dev-key")?.unwrap_or(false);
        match (self.get::<PathBuf>("key-file")?, self.get::<String>("dev-key")?) {
            (Some(_), Some(_)) => Err(ConfigError::Conflict(
                "key-file and dev-key are both set: a vault has one key".to_owned(),
            )),
            (None, Some(_)) if !insecure => Err(ConfigError::Conflict(
                "dev-key: anybody who knows the phrase has the key; for a local network add \
                 insecure-dev-key"
                    .to_owned(),
            )),
            (None, Some(phrase)) => Ok(KeySource::Dev(phrase)),
            (Some(path), None) => Ok(KeySource::File(path)),
            (None, None) => Err(ConfigError::Missing("key-file", "KEY_FILE".to_owned())),
        }
    }

    /// Where the data lies; all that `check` without peers needs.
    pub fn data(&self) -> Result<PathBuf, ConfigError> {
        self.need("data")
    }

    /// The typed settings.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let cors: String = self.get("cors-origins")?.unwrap_or_default();
        let count = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        let max_requests = self.within("max-requests", 512, 1..=65_536)?;
        Ok(Settings {
            region: self.need("region")?,
            listen: self.need("listen")?,
            public_url: self.url("public-url", &["http", "https"])?,
            node: self.url("node", &["ws", "wss"])?,
            data: self.data()?,
            key: self.key()?,
            storage: self.storage()?,
            replicas: count(self.within("replicas", 1, 0..=3)?),
            max_object_bytes: self.within("max-object-bytes", 1 << 36, 1..=1 << 40)?,
            max_requests: count(max_requests),
            max_requests_per_address: count(self.within(
                "max-requests-per-address",
                max_requests.div_ceil(2),
                0..=65_536,
            )?),
            max_connections_per_address: count(self.within(
                "max-connections-per-address",
                max_requests,
                0..=262_144,
            )?),
            stranger_logins_per_address: self.small("stranger-logins-per-address", 120)?,
            public_requests_per_address: self.small("public-requests-per-address", 600)?,
            trusted_proxies: self.addresses("trusted-proxies")?,
            decision_timeout: self.seconds("decision-timeout-seconds", 5, 1..=60)?,
            max_requests_per_account: count(self.within(
                "max-requests-per-account",
                16,
                1..=65_536,
            )?),
            hourly_bytes_per_account: self.within(
                "hourly-bytes-per-account",
                1 << 37,
                0..=1 << 50,
            )?,
            header_timeout: self.seconds("header-timeout-seconds", 15, 1..=600)?,
            body_idle_timeout: self.seconds("body-idle-timeout-seconds", 30, 1..=600)?,
            stop_timeout: self.seconds("stop-timeout-seconds", 20, 1..=600)?,
            anchor_interval: self.seconds("anchor-interval-seconds", 5, 1..=3_600)?,
            collect_interval: self.seconds("collect-interval-seconds", 60, 1..=86_400)?,
            best_max_age: self.seconds("best-max-age-seconds", 6, 1..=600)?,
            finalised_max_age: self.seconds("finalised-max-age-seconds", 60, 1..=3_600)?,
            cors_origins: cors
                .split(',')
                .map(str::trim)
                .filter(|origin| !origin.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }
}
