//! Signing in: a challenge that names chain, region and host, signed once, for a short token.
//!
//! Challenges are not kept: a nonce carries a keyed hash over account and time, so that nobody can
//! push out another's. Only what was signed is remembered, until it would no longer count anyway.
//!
//! Anybody can make a key pair and sign in with it. Accounts that the chain knows — of persons,
//! institutions and practitioners, each of which somebody vouched for — therefore share nothing
//! with those that it does not know ([`Standing`]):
//!
//! | | known to the chain | stranger |
//! | --- | --- | --- |
//! | sessions at a time | 100,000 | 1,000; a further one ends the oldest of a stranger |
//! | used challenges remembered | 200,000 | 20,000 |
//! | sign-ins of one address a minute | no limit | a setting |
//! | sessions of one account | 8; a further one ends its oldest | the same |
//!
//! So a flood of strangers signs out and refuses strangers only. Which of the two an account is,
//! is asked of the chain after its signature was verified, and not again while it has a session.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use kanglian_primitives::{Hash32, Instant, RegionCode, payloads};
use kanglian_sdk::{
    vault::verify,
    wire::{AccountId, ChallengeReply, LoginReply, LoginRequest, Scheme},
};

use crate::{
    error::ApiError,
    http::remote::Address,
    quota::{Rate, WINDOW},
};

/// How long a challenge counts.
pub const CHALLENGE_VALIDITY: Instant = 5 * 60 * 1000;
/// How long a token counts.
pub const TOKEN_VALIDITY: Instant = 15 * 60 * 1000;
/// Most used challenges of known accounts remembered at a time.
const MAX_USED: usize = 200_000;
/// Most sessions of known accounts kept at a time.
const MAX_SESSIONS: usize = 100_000;
/// Most used challenges of strangers remembered at a time.
pub const MAX_USED_OF_STRANGERS: usize = 20_000;
/// Most sessions of strangers kept at a time; beyond it the oldest goes.
pub const MAX_STRANGERS: usize = 1_000;
/// Most sessions of one account; beyond it its oldest goes.
const MAX_SESSIONS_PER_ACCOUNT: usize = 8;

/// The random part of a nonce.
pub(crate) type Salt = [u8; 16];

/// What the chain says of an account that signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It speaks for a person or an institution, or practises at one.
    Known,
    /// Anybody's.
    Stranger,
}

/// A challenge with its account's signature: verified, not yet used up.
#[derive(Debug)]
pub struct Signed {
    pub(crate) account: AccountId,
    pub(crate) expires_at: Instant,
    pub(crate) salt: Salt,
}

impl Signed {
    /// Who signed.
    pub fn account(&self) -> AccountId {
        self.account
    }
}

struct Session {
    account: AccountId,
    expires_at: Instant,
}

/// What is kept of accounts of one standing.
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

    fn remove_oldest(&mut self) {
        if let Some((_, token)) = self.by_end.first().copied() {
            self.remove(&token);
        }
    }

    fn has(&self, account: &AccountId, now: Instant) -> bool {
        let after = (account.0, now.saturating_add(1), [0; 32]);
        let last = (account.0, Instant::MAX, [u8::MAX; 32]);
        self.by_account.range(after..=last).next().is_some()
    }

    fn insert(&mut self, token: Hash32, session: Session) {
        self.by_end.insert((session.expires_at, token));
        self.by_account.insert((session.account.0, session.expires_at, token));
        self.by_token.insert(token, session);
    }
}

/// Used challenges and sessions.
#[derive(Default)]
struct Kept {
    /// Challenges that were signed, by their end.
    used: BTreeSet<(Instant, Salt)>,
    sessions: Sessions,
}

/// The same for each standing.
#[derive(Default)]
struct ByStanding {
    known: Kept,
    strangers: Kept,
}

impl ByStanding {
    fn of(&mut self, standing: Standing) -> &mut Kept {
        match standing {
            Standing::Known => &mut self.known,
            Standing::Stranger => &mut self.strangers,
        }
    }

    fn was_used(&self, challenge: &(Instant, Salt)) -> bool {
        self.known.used.contains(challenge) || self.strangers.used.contains(challenge)
    }
}

/// Who is signed in. It lives in memory: a restart signs everybody out.
pub struct Auth {
    genesis: Hash32,
    region: RegionCode,
    host: String,
    /// Makes nonces; of this process alone.
    key: Hash32,
    kept: Mutex<ByStanding>,
    /// Sign-ins of strangers, by address.
    strangers: Rate<Address>,
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
    /// For a vault that clients know under a host. Of one address so many strangers sign in within
    /// a minute; 0 for no limit.
    pub fn new(genesis: Hash32, region: RegionCode, host: String, strangers: u32) -> Self {
        let (kept, strangers) = (Mutex::default(), Rate::new(strangers.into(), WINDOW));
        Self { genesis, region, host, key: random(), kept, strangers }
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

    /// What was signed, if its account did. Nothing is used up by it, whether it holds or not:
    /// anybody can send a wrong signature.
    pub fn verify(&self, request: &LoginRequest, now: Instant) -> Result<Signed, ApiError> {
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
        if lock(&self.kept).was_used(&(expires_at, salt)) {
            return Err(used());
        }
        Ok(Signed { account, expires_at, salt })
    }

    /// Whether the account is signed in as one that the chain knows.
    pub fn is_known(&self, account: &AccountId, now: Instant) -> bool {
        lock(&self.kept).known.sessions.has(account, now)
    }

    /// A token for a signed challenge, which is used up by it.
    pub fn open(
        &self,
        signed: &Signed,
        standing: Standing,
        address: Address,
        now: Instant,
    ) -> Result<LoginReply, ApiError> {
        let challenge = (signed.expires_at, signed.salt);
        let is_stranger = standing == Standing::Stranger;
        if is_stranger && !self.strangers.has_left(&address, now) {
            return Err(ApiError::busy(
                "too many accounts that the chain does not know sign in from this address; wait a \
                 minute",
            ));
        }
        let most_used = if is_stranger { MAX_USED_OF_STRANGERS } else { MAX_USED };
        let mut all = lock(&self.kept);
        if all.was_used(&challenge) {
            return Err(used());
        }
        let kept = all.of(standing);
        while kept.used.first().is_some_and(|(end, _)| *end <= now) {
            kept.used.pop_first();
        }
        let sessions = &mut kept.sessions;
        sessions.remove_over(now);
        if kept.used.len() >= most_used {
            return Err(ApiError::busy("too many accounts sign in"));
        }
        sessions.remove_oldest_of(&signed.account);
        match standing {
            Standing::Known if sessions.by_token.len() >= MAX_SESSIONS => {
                return Err(ApiError::busy("too many accounts are signed in"));
            },
            Standing::Stranger if sessions.by_token.len() >= MAX_STRANGERS => {
                sessions.remove_oldest();
            },
            _ => {},
        }
        kept.used.insert(challenge);
        let token = hex::encode(random::<32>());
        let expires_at = now.saturating_add(TOKEN_VALIDITY);
        sessions.insert(token_hash(&token), Session { account: signed.account, expires_at });
        drop(all);
        if is_stranger {
            self.strangers.note(&address, 1, now);
        }
        Ok(LoginReply { token, expires_at })
    }

    /// Whose token this is.
    pub fn account(&self, token: &str, now: Instant) -> Option<AccountId> {
        let hash = token_hash(token);
        let mut all = lock(&self.kept);
        for standing in [Standing::Known, Standing::Stranger] {
            let sessions = &mut all.of(standing).sessions;
            let Some(session) = sessions.by_token.get(&hash) else { continue };
            if now < session.expires_at {
                return Some(session.account);
            }
            sessions.remove(&hash);
        }
        None
    }
}

fn used() -> ApiError {
    ApiError::unauthorised("login_unknown", "the challenge was used")
}
