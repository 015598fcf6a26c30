//! Signing in: a challenge that names chain, region and host, signed once, for a short token.

use std::{
    collections::HashMap,
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
/// Most challenges kept at a time; beyond it the oldest go.
const MAX_CHALLENGES: usize = 20_000;
/// Most sessions kept at a time.
const MAX_SESSIONS: usize = 100_000;

struct Challenge {
    account: AccountId,
    expires_at: Instant,
}

struct Session {
    account: AccountId,
    expires_at: Instant,
}

/// Open challenges and sessions. They live in memory: a restart signs everybody out.
pub struct Auth {
    genesis: Hash32,
    region: RegionCode,
    host: String,
    challenges: Mutex<HashMap<String, Challenge>>,
    sessions: Mutex<HashMap<Hash32, Session>>,
}

fn random_hex<const N: usize>() -> String {
    use rand::Rng;
    let mut bytes = [0u8; N];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
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
        Self { genesis, region, host, challenges: Mutex::default(), sessions: Mutex::default() }
    }

    /// A text for an account to sign.
    pub fn challenge(&self, account: AccountId, now: Instant) -> ChallengeReply {
        let nonce = random_hex::<16>();
        let expires_at = now.saturating_add(CHALLENGE_VALIDITY);
        let text = payloads::login_text(&self.genesis, self.region, &self.host, &nonce, expires_at);
        let mut challenges = lock(&self.challenges);
        if challenges.len() >= MAX_CHALLENGES {
            challenges.retain(|_, challenge| now < challenge.expires_at);
        }
        if challenges.len() >= MAX_CHALLENGES {
            let oldest = challenges.iter().min_by_key(|(_, challenge)| challenge.expires_at);
            if let Some(nonce) = oldest.map(|(nonce, _)| nonce.clone()) {
                challenges.remove(&nonce);
            }
        }
        challenges.insert(nonce, Challenge { account, expires_at });
        ChallengeReply { text, expires_at }
    }

    /// A token for a signed challenge. The challenge is used up whatever comes of it.
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
        let challenge = lock(&self.challenges).remove(nonce).ok_or_else(|| {
            ApiError::unauthorised("login_unknown", "the challenge is unknown or was used")
        })?;
        if challenge.account != account || challenge.expires_at != expires_at {
            return Err(ApiError::unauthorised(
                "login_mismatch",
                "the challenge was made for another account or time",
            ));
        }
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
        self.open_session(account, now)
    }

    fn open_session(&self, account: AccountId, now: Instant) -> Result<LoginReply, ApiError> {
        let mut sessions = lock(&self.sessions);
        if sessions.len() >= MAX_SESSIONS {
            sessions.retain(|_, session| now < session.expires_at);
        }
        if sessions.len() >= MAX_SESSIONS {
            return Err(ApiError::busy("too many accounts are signed in"));
        }
        let token = random_hex::<32>();
        let expires_at = now.saturating_add(TOKEN_VALIDITY);
        sessions.insert(token_hash(&token), Session { account, expires_at });
        Ok(LoginReply { token, expires_at })
    }

    /// Whose token this is.
    pub fn account(&self, token: &str, now: Instant) -> Option<AccountId> {
        let hash = token_hash(token);
        let mut sessions = lock(&self.sessions);
        let session = sessions.get(&hash)?;
        if now < session.expires_at {
            return Some(session.account);
        }
        sessions.remove(&hash);
        None
    }
}
