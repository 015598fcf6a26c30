//! Client of a provincial vault: sign in, upload, fetch, list a file, bundles, own access log.
//!
//! A [`VaultClient`] speaks to one vault as one account. It signs in when it must and keeps the
//! token until it ends. What the vault says is checked: receipts and log receipts against the
//! vault's key, bytes against their `RecordId`, log lines against an anchor from the chain.

mod log;
mod receipts;
mod signing;
mod transfer;

use std::{sync::Arc, time::Duration};

use kanglian_primitives::{
    CodeKey, FilePage, Grantee, Hash32, Instant, PersonId, Purpose, RecordId, RegionCode,
    VaultInfo, VaultKey, payloads,
};
use serde::de::DeserializeOwned;
use url::Url;

pub use log::{LogFault, LogMark, OwnLog, VerifiedLine, leaf_hash, verify_lines};
pub use receipts::{KeptReceipt, ReceiptStanding, contradictions, root_of};
pub use signing::{
    AccountSigner, dev_vault_key, dev_vault_seed, verify, verify_ed25519, verify_log_receipt,
    verify_receipt, verify_work_receipt,
};
pub use transfer::{Fetched, Progress, Uploaded, no_progress};

use crate::wire::{
    AccountId, BundleReply, ChallengeReply, ChallengeRequest, ErrorBody, HEADER_ACCESS, HEADER_LOG,
    Health, LoginReply, LoginRequest, MAX_BUNDLE, MAX_CUSTODY, SignedAccess, SignedLogReceipt,
    decode_header, encode_header, paths,
};

/// How long a reading statement made here counts.
const STATEMENT_VALIDITY: Instant = 10 * 60 * 1000;
/// Tokens are renewed so long before they end.
const TOKEN_MARGIN: Instant = 30 * 1000;
/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Kept connections close before the vault closes them.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest silence while a reply is read.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Why a vault did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No connection, or it broke.
    #[error("the vault at {url} cannot be reached: {reason}")]
    Unreachable {
        /// Where it should be.
        url: String,
        /// What the network said.
        reason: String,
    },
    /// The vault said no.
    #[error("the vault refused ({status} {code}): {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Stable code.
        code: String,
        /// For people.
        message: String,
    },
    /// What the vault sent does not hold.
    #[error("verification failed: {0}")]
    Verification(String),
    /// The access log does not hold.
    #[error("the access log does not hold: {0}")]
    Log(#[from] LogFault),
    /// The vault does not speak this protocol.
    #[error("the vault sent an unexpected reply: {0}")]
    Protocol(String),
    /// A file could not be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The caller's input cannot be sent.
    #[error("{0}")]
    Usage(String),
}

impl VaultError {
    /// The vault's stable code, when it refused.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            _ => None,
        }
    }
}

/// Which vault, on which chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultTarget {
    /// Its province.
    pub region: RegionCode,
    /// The key that the chain names for it.
    pub key: VaultKey,
    /// Base URL.
    pub url: Url,
    /// The chain's genesis hash.
    pub genesis: Hash32,
}

impl VaultTarget {
    /// A vault as the chain names it.
    pub fn new(info: &VaultInfo, genesis: Hash32) -> Result<Self, VaultError> {
        let url = Url::parse(&info.url)
            .map_err(|error| VaultError::Usage(format!("vault URL {:?}: {error}", info.url)))?;
        Ok(Self { region: info.region, key: info.key, url, genesis })
    }
}

/// Host, and port unless it is the scheme's own, as login texts name a vault.
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// As what somebody reads, whose records, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// As what the reader acts.
    pub acting_as: Grantee<AccountId>,
    /// Whose records.
    pub subject: PersonId,
    /// Why.
    pub purpose: Purpose,
}

impl Ask {
    /// A person who looks at the own file.
    pub fn own(subject: PersonId) -> Self {
        Self { acting_as: Grantee::Person(subject), subject, purpose: Purpose::PatientRequest }
    }
}

/// One vault, as one account.
pub struct VaultClient {
    http: reqwest::Client,
    target: VaultTarget,
    signer: Arc<dyn AccountSigner>,
    session: tokio::sync::Mutex<Option<LoginReply>>,
    keep: Option<Keep>,
}

/// Where receipts for reads go, as soon as each came.
pub type Keep = Arc<dyn Fn(KeptReceipt) + Send + Sync>;

impl VaultClient {
    /// A client; nothing is sent yet.
    pub fn new(target: VaultTarget, signer: Arc<dyn AccountSigner>) -> Result<Self, VaultError> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| VaultError::Usage(error.to_string()))?;
        Ok(Self { http, target, signer, session: tokio::sync::Mutex::new(None), keep: None })
    }

    /// Hands every receipt for a read to `keep`.
    #[must_use]
    pub fn keeping(mut self, keep: Keep) -> Self {
        self.keep = Some(keep);
        self
    }

    /// The vault that is spoken to.
    pub fn target(&self) -> &VaultTarget {
        &self.target
    }

    /// The account that speaks.
    pub fn account(&self) -> AccountId {
        self.signer.account()
    }

    /// Signs in now; gives the end of the token. Other calls sign in by themselves.
    pub async fn login(&self) -> Result<Instant, VaultError> {
        let mut session = self.session.lock().await;
        let reply = self.sign_in().await?;
        let until = reply.expires_at;
        *session = Some(reply);
        Ok(until)
    }

    /// The vault's own account of its state; needs no account.
    pub async fn health(&self) -> Result<Health, VaultError> {
        let request = self.http.get(self.url("/health")?);
        self.json(self.send(request).await?).await
    }

    /// A page of a person's file: facts of the records that the reader may read.
    pub async fn file(
        &self,
        ask: &Ask,
        cursor: Option<&RecordId>,
        limit: u32,
    ) -> Result<FilePage, VaultError> {
        let url = self.url(&paths::file(&ask.subject, cursor, limit))?;
        let request = self.http.get(url).header(HEADER_ACCESS, self.statement(ask));
        let reply = self.authorised(request).await?;
        self.log_receipt(&reply, ask, None)?;
        self.json(reply).await
    }

    /// A person's whole file, page after page.
    pub async fn whole_file(&self, ask: &Ask) -> Result<FilePage, VaultError> {
        let mut whole = FilePage::default();
        let mut cursor = None;
        loop {
            let page = self.file(ask, cursor.as_ref(), kanglian_primitives::MAX_PAGE).await?;
            whole.records.extend(page.records);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(whole),
            }
        }
    }

    /// Stores a bundle of sealed scope secrets for terms of the subject; gives its BLAKE3, which
    /// the terms name.
    pub async fn put_bundle(
        &self,
        subject: &PersonId,
        bundle: Vec<u8>,
    ) -> Result<(Hash32, BundleReply), VaultError> {
        if bundle.len() > MAX_BUNDLE {
            return Err(VaultError::Usage(format!("a bundle has at most {MAX_BUNDLE} bytes")));
        }
        let hash: Hash32 = blake3::hash(&bundle).into();
        let request = self.http.put(self.url(&paths::bundle(&hash, subject))?).body(bundle);
        let reply = self.json(self.authorised(request).await?).await?;
        Ok((hash, reply))
    }

    /// Stores the bundle that whoever redeemed a code sealed again to the grantee's own key; gives
    /// its BLAKE3.
    pub async fn put_adopted_bundle(
        &self,
        subject: &PersonId,
        code: &CodeKey,
        bundle: Vec<u8>,
    ) -> Result<(Hash32, BundleReply), VaultError> {
        if bundle.len() > MAX_BUNDLE {
            return Err(VaultError::Usage(format!("a bundle has at most {MAX_BUNDLE} bytes")));
        }
        let hash: Hash32 = blake3::hash(&bundle).into();
        let url = self.url(&paths::adopted_bundle(&hash, subject, code))?;
        let reply = self.json(self.authorised(self.http.put(url).body(bundle)).await?).await?;
        Ok((hash, reply))
    }

    /// A bundle, verified against its hash.
    pub async fn get_bundle(
        &self,
        subject: &PersonId,
        hash: &Hash32,
    ) -> Result<Vec<u8>, VaultError> {
        let request = self.http.get(self.url(&paths::bundle(hash, subject))?);
        let reply = self.authorised(request).await?;
        if reply.content_length().is_some_and(|length| length > MAX_BUNDLE as u64) {
            return Err(VaultError::Protocol("the bundle is too large".into()));
        }
        let bundle = reply.bytes().await.map_err(|error| self.broken(&error))?;
        if blake3::hash(&bundle) != *hash {
            return Err(VaultError::Verification("the bundle is not the one asked for".into()));
        }
        Ok(bundle.to_vec())
    }

    /// Stores a blob of a dealing or of a case that the chain names; gives its BLAKE3.
    pub async fn put_custody(
        &self,
        subject: &PersonId,
        blob: Vec<u8>,
    ) -> Result<(Hash32, BundleReply), VaultError> {
        if blob.len() > MAX_CUSTODY {
            return Err(VaultError::Usage(format!("a blob has at most {MAX_CUSTODY} bytes")));
        }
        let hash: Hash32 = blake3::hash(&blob).into();
        let request = self.http.put(self.url(&paths::custody(&hash, subject))?).body(blob);
        let reply = self.json(self.authorised(request).await?).await?;
        Ok((hash, reply))
    }

    /// A blob of a dealing or of a case, verified against its hash.
    pub async fn get_custody(
        &self,
        subject: &PersonId,
        hash: &Hash32,
    ) -> Result<Vec<u8>, VaultError> {
        let request = self.http.get(self.url(&paths::custody(hash, subject))?);
        let reply = self.authorised(request).await?;
        if reply.content_length().is_some_and(|length| length > MAX_CUSTODY as u64) {
            return Err(VaultError::Protocol("the blob is too large".into()));
        }
        let blob = reply.bytes().await.map_err(|error| self.broken(&error))?;
        if blake3::hash(&blob) != *hash {
            return Err(VaultError::Verification("the blob is not the one asked for".into()));
        }
        Ok(blob.to_vec())
    }

    fn url(&self, path: &str) -> Result<Url, VaultError> {
        self.target.url.join(path).map_err(|error| VaultError::Usage(error.to_string()))
    }

    /// A fresh signed statement for a header.
    fn statement(&self, ask: &Ask) -> String {
        let issued_at = now();
        let statement = payloads::AccessStatement {
            region: self.target.region,
            account: self.signer.account(),
            acting_as: ask.acting_as,
            subject: ask.subject,
            purpose: ask.purpose,
            issued_at,
            expires_at: issued_at.saturating_add(STATEMENT_VALIDITY),
        };
        let signature = self.signer.sign(&payloads::access(&self.target.genesis, &statement));
        encode_header(&SignedAccess {
            statement,
            scheme: self.signer.scheme().number(),
            signature: signature.to_vec(),
        })
    }

    /// The receipt for the line that a read left in the access log, verified.
    fn log_receipt(
        &self,
        reply: &reqwest::Response,
        ask: &Ask,
        record: Option<RecordId>,
    ) -> Result<SignedLogReceipt, VaultError> {
        let receipt: SignedLogReceipt = reply
            .headers()
            .get(HEADER_LOG)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| decode_header(value).ok())
            .ok_or_else(|| VaultError::Verification("the reply has no log receipt".into()))?;
        let holds = receipt.body.region == self.target.region
            && verify_log_receipt(&self.target.genesis, &receipt, &self.target.key);
        if holds && let Some(keep) = &self.keep {
            let account = self.signer.account();
            keep(KeptReceipt::of(self.target.genesis, account, ask, record, &receipt));
        }
        match holds {
            true => Ok(receipt),
            false => Err(VaultError::Verification("the log receipt does not hold".into())),
        }
    }

    async fn sign_in(&self) -> Result<LoginReply, VaultError> {
        let account = self.signer.account().to_string();
        let request = self
            .http
            .post(self.url("/v1/login/challenge")?)
            .json(&ChallengeRequest { account: account.clone() });
        let challenge: ChallengeReply = self.json(self.send(request).await?).await?;
        // Never sign a text that names another chain, region or host.
        let expected = payloads::login_text(
            &self.target.genesis,
            self.target.region,
            &host_of(&self.target.url),
            challenge.text.rsplit(':').nth(1).unwrap_or_default(),
            challenge.expires_at,
        );
        if challenge.text != expected {
            return Err(VaultError::Verification(
                "the login text names another chain, region or host".into(),
            ));
        }
        let signature = hex::encode(self.signer.sign(challenge.text.as_bytes()));
        let scheme = Some(self.signer.scheme());
        let login = LoginRequest { account, text: challenge.text, signature, scheme };
        self.json(self.send(self.http.post(self.url("/v1/login")?).json(&login)).await?).await
    }

    async fn token(&self) -> Result<String, VaultError> {
        let mut session = self.session.lock().await;
        if let Some(reply) = session.as_ref()
            && now().saturating_add(TOKEN_MARGIN) < reply.expires_at
        {
            return Ok(reply.token.clone());
        }
        let reply = self.sign_in().await?;
        let token = reply.token.clone();
        *session = Some(reply);
        Ok(token)
    }

    /// Sends with the account's token; signs in again once when the vault forgot it. A request
    /// whose body is a stream cannot be sent twice.
    async fn authorised(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, VaultError> {
        let again = request.try_clone();
        let first = self.send(request.bearer_auth(self.token().await?)).await;
        match (first, again) {
            (Err(VaultError::Refused { status: 401, .. }), Some(again)) => {
                *self.session.lock().await = None;
                self.send(again.bearer_auth(self.token().await?)).await
            },
            (first, _) => first,
        }
    }

    async fn send(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, VaultError> {
        let reply = request.send().await.map_err(|error| self.broken(&error))?;
        let status = reply.status();
        if status.is_success() {
            return Ok(reply);
        }
        let body = reply.bytes().await.map_err(|error| self.broken(&error))?;
        let error = serde_json::from_slice(&body).unwrap_or_else(|_| ErrorBody {
            code: "unknown".into(),
            message: "the reply has no error body".into(),
        });
        Err(VaultError::Refused {
            status: status.as_u16(),
            code: error.code,
            message: error.message,
        })
    }

    async fn json<T: DeserializeOwned>(&self, reply: reqwest::Response) -> Result<T, VaultError> {
        let body = reply.bytes().await.map_err(|error| self.broken(&error))?;
        serde_json::from_slice(&body).map_err(|error| VaultError::Protocol(error.to_string()))
    }

    fn broken(&self, error: &reqwest::Error) -> VaultError {
        let mut reason = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(error) = cause {
            reason = format!("{reason}: {error}");
            cause = error.source();
        }
        VaultError::Unreachable { url: self.target.url.to_string(), reason }
    }
}

/// Milliseconds since the Unix epoch by the local clock.
fn now() -> Instant {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |elapsed| Instant::try_from(elapsed.as_millis()).unwrap_or(Instant::MAX))
}
