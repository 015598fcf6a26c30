//! Signing in: a challenge that names chain, region and host, signed once, for a short token.
//!
//! Challenges are not kept: a nonce carries a keyed hash over account and time, so that nobody can
//! push out another's. Only what was signed is remembered, until it would no longer count anyway.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use kanglian_primitives::{Hash32, Instant, RegionCode, payloads};
use kanglian_sdk::{
    vault::verify,
    wire::{AccountId, ChallengeReply, LoginReply, LoginRequest, Scheme},
};

use crate::error::ApiError;

/// How long a challenge counts.
pub const CHALLENGE_VALIDITY: Instant = 5 * 60 * 1000;
/// How long a token counts.
pub const TOKEN_VALIDITY: Instant = 15 * 60 * 1000;
/// Most used challenges remembered at a time.
const MAX_USED: usize = 200_000;
/// Most sessions kept at a time.
const MAX_SESSIONS: usize = 100_000;
/// Most sessions of one account; beyond it its oldest goes.
const MAX_SESSIONS_PER_ACCOUNT: usize = 8;

/// The random part of a nonce.
type Salt = [u8; 16];

struct Session {
    account: AccountId,
    expires_at: Instant,
}

#[derive(Default)]
struct Sessions {
    by_token: HashMap<Hash32, Session>,
    /// By end.
    by_end: BTreeSet<(Instant, Hash32)>,
    /// By account, then end.
    by_account: BTreeSet<(Hash32, Instant, Hash32)>,
}

impl Sessions {
    fn remove(&mut self, token: &Hash32) {
        if let Some(Session { account, expires_at }) = self.by_token.remove(token) {
            self.by_end.remove(&(expires_at, *token));
            self.by_account.remove(&(account.0, expires_at, *token));
        }
    }

    fn remove_over(&mut self, now: Instant) {
        while let Some((_, token)) = self.by_end.first().copied().filter(|(end, _)| *end <= now) {
            self.remove(&token);
        }
    }

    /// Makes room among the account's own.
    fn remove_oldest_of(&mut self, account: &AccountId) {
        let own = (account.0, 0, [0; 32])..=(account.0, Instant::MAX, [u8::MAX; 32]);
        let own: Vec<Hash32> = self.by_account.range(own).map(|(_, _, token)| *token).collect();
        let excess = own.len().saturating_add(1).saturating_sub(MAX_SESSIONS_PER_ACCOUNT);
        for token in own.iter().take(excess) {
            self.remove(token);
        }
    }

    fn insert(&mut self, token: Hash32, session: Session) {
        self.by_end.insert((session.expires_at, token));
        self.by_account.insert((session.account.0, session.expires_at, token));
        self.by_token.insert(token, session);
    }
}

/// Who is signed in. It lives in memory: a restart signs everybody out.
pub struct Auth {
    genesis: Hash32,
    region: RegionCode,
    host: String,
    /// Makes nonces; of this process alone.
    key: Hash32,
    /// Challenges that were signed, by their end.
    used: Mutex<BTreeSet<(Instant, Salt)>>,
    sessions: Mutex<Sessions>,
}

fn random<const N: usize>() -> [u8; N] {
    use rand::Rng;
    let mut bytes = [0u8; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// Tokens are kept hashed: looking one up tells nothing by its time.
fn token_hash(token: &str) -> Hash32 {
    blake3::hash(token.as_bytes()).into()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Auth {
    /// For a vault that clients know under a host.
    pub fn new(genesis: Hash32, region: RegionCode, host: String) -> Self {
        let (used, sessions) = (Mutex::default(), Mutex::default());
        Self { genesis, region, host, key: random(), used, sessions }
    }

    /// What only this process can make of a challenge's random part.
    fn mac(&self, account: &AccountId, expires_at: Instant, salt: &Salt) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&account.0).update(&expires_at.to_le_bytes()).update(salt);
        hasher.finalize()
    }

    /// A text for an account to sign.
    pub fn challenge(&self, account: AccountId, now: Instant) -> ChallengeReply {
        let expires_at = now.saturating_add(CHALLENGE_VALIDITY);
        let salt: Salt = random();
        let mac = self.mac(&account, expires_at, &salt);
        let nonce = format!("{}{}", hex::encode(salt), mac.to_hex());
        let text = payloads::login_text(&self.genesis, self.region, &self.host, &nonce, expires_at);
        ChallengeReply { text, expires_at }
    }

    /// The random part of a nonce that this process gave to the account for that time.
    fn given(&self, nonce: &str, account: &AccountId, expires_at: Instant) -> Option<Salt> {
        let bytes = hex::decode(nonce).ok()?;
        let (salt, mac) = bytes.split_first_chunk::<16>()?;
        let mac: Hash32 = mac.try_into().ok()?;
        // Compared in constant time.
        (self.mac(account, expires_at, salt) == mac).then_some(*salt)
    }

    /// Remembers a challenge until its end; fails when it is known. None is pushed out by others.
    fn use_up(&self, expires_at: Instant, salt: Salt, now: Instant) -> Result<(), ApiError> {
        let mut used = lock(&self.used);
        while used.first().is_some_and(|(end, _)| *end <= now) {
            used.pop_first();
        }
        if used.contains(&(expires_at, salt)) {
            return Err(ApiError::unauthorised("login_unknown", "the challenge was used"));
        }
        if used.len() >= MAX_USED {
            return Err(ApiError::busy("too many accounts sign in"));
        }
        used.insert((expires_at, salt));
        Ok(())
    }

    /// A token for a signed challenge, which is used up by it. A wrong signature uses up nothing:
    /// anybody can send one.
    pub fn login(&self, request: &LoginRequest, now: Instant) -> Result<LoginReply, ApiError> {
        let account: AccountId = request
            .account
            .parse()
            .map_err(|_| ApiError::bad_request("account: not an SS58 address"))?;
        let mut parts = request.text.rsplit(':');
        let (expires_at, nonce) = parts
            .next()
            .and_then(|text| text.parse::<Instant>().ok())
            .zip(parts.next())
            .ok_or_else(|| ApiError::bad_request("text: not a login text of this network"))?;
        let expected =
            payloads::login_text(&self.genesis, self.region, &self.host, nonce, expires_at);
        if request.text != expected {
            return Err(ApiError::unauthorised(
                "login_mismatch",
                "the text names another chain, region or host",
            ));
        }
        let salt = self.given(nonce, &account, expires_at).ok_or_else(|| {
            ApiError::unauthorised(
                "login_mismatch",
                "the challenge was not made, or for another account or time",
            )
        })?;
        if now >= expires_at {
            return Err(ApiError::unauthorised("login_expired", "the challenge has expired"));
        }
        let signature = hex::decode(&request.signature)
            .map_err(|_| ApiError::bad_request("signature: not hexadecimal"))?;
        let message = request.text.as_bytes();
        let holds = match request.scheme {
            Some(scheme) => verify(scheme, &account, message, &signature),
            None => [Scheme::Sr25519, Scheme::Ed25519]
                .into_iter()
                .any(|scheme| verify(scheme, &account, message, &signature)),
        };
        if !holds {
            return Err(ApiError::unauthorised(
                "login_signature",
                "the signature is not the account's",
            ));
        }
        self.use_up(expires_at, salt, now)?;
        self.open_session(account, now)
    }

    fn open_session(&self, account: AccountId, now: Instant) -> Result<LoginReply, ApiError> {
        let mut sessions = lock(&self.sessions);
        sessions.remove_over(now);
        sessions.remove_oldest_of(&account);
        if sessions.by_token.len() >= MAX_SESSIONS {
            return Err(ApiError::busy("too many accounts are signed in"));
        }
        let token = hex::encode(random::<32>());
        let expires_at = now.saturating_add(TOKEN_VALIDITY);
        sessions.insert(token_hash(&token), Session { account, expires_at });
        Ok(LoginReply { token, expires_at })
    }

    /// Whose token this is.
    pub fn account(&self, token: &str, now: Instant) -> Option<AccountId> {
        let hash = token_hash(token);
        let mut sessions = lock(&self.sessions);
        let session = sessions.by_token.get(&hash)?;
        if now < session.expires_at {
            return Some(session.account);
        }
        sessions.remove(&hash);
        None
    }
}
