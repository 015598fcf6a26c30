//! How many requests run at a time, in all, for each account and for each address, how many refused
//! reads an account may leave in the log, and how many bytes on the disk.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kanglian_primitives::Instant;
use kanglian_sdk::wire::AccountId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{error::ApiError, http::remote::Address};

/// Refused reads of one account that are logged within [`WINDOW`]; further ones are not even
/// looked at.
const MAX_REFUSALS: u32 = 60;
/// Length of the window in which events are counted.
pub const WINDOW: Instant = 60_000;
/// Length of the window in which bytes are counted.
const HOUR: Instant = 60 * WINDOW;
/// Bytes of bundles that one account may leave within [`HOUR`]: many thousand usual ones.
const MAX_BUNDLE_BYTES: u64 = 64 << 20;
/// Holders remembered at a time.
const MAX_REMEMBERED: usize = 50_000;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Places of which each holder has at most so many at a time.
pub struct Shares<K> {
    each: usize,
    taken: Arc<Mutex<HashMap<K, usize>>>,
}

/// A place of a holder; given back when dropped.
pub struct Share<K: Eq + Hash> {
    holder: K,
    taken: Arc<Mutex<HashMap<K, usize>>>,
}

/// A place among an account's requests.
pub type Place = Share<[u8; 32]>;

impl<K: Copy + Eq + Hash> Shares<K> {
    /// With so many places for each; 0 for no limit.
    pub fn new(each: usize) -> Self {
        Self { each, taken: Arc::default() }
    }

    /// A place, if the holder has one left.
    pub fn take(&self, holder: K) -> Option<Share<K>> {
        let mut taken = lock(&self.taken);
        let count = taken.entry(holder).or_default();
        if self.each > 0 && *count >= self.each {
            return None;
        }
        *count = count.saturating_add(1);
        drop(taken);
        Some(Share { holder, taken: self.taken.clone() })
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        if let Some(count) = taken.get_mut(&self.holder) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.remove(&self.holder);
            }
        }
    }
}

/// Something of which each holder has at most so much within a window of time.
pub struct Rate<K> {
    most: u64,
    window: Instant,
    counts: Mutex<HashMap<K, (Instant, u64)>>,
}

impl<K: Copy + Eq + Hash> Rate<K> {
    /// With so much for each within the window, in milliseconds; 0 for no limit.
    pub fn new(most: u64, window: Instant) -> Self {
        Self { most, window, counts: Mutex::default() }
    }

    /// Whether the holder has any left.
    pub fn has_left(&self, holder: &K, now: Instant) -> bool {
        let counts = lock(&self.counts);
        let spent = counts.get(holder).is_some_and(|(since, count)| {
            now < since.saturating_add(self.window) && *count >= self.most
        });
        self.most == 0 || !spent
    }

    /// Counts so much.
    pub fn note(&self, holder: &K, amount: u64, now: Instant) {
        let mut counts = lock(&self.counts);
        let count = Self::present(&mut counts, holder, self.window, now);
        *count = count.saturating_add(amount);
    }

    /// Counts so much if that much is left; the first of a window may be any size.
    pub fn draw(&self, holder: &K, amount: u64, now: Instant) -> bool {
        let mut counts = lock(&self.counts);
        let count = Self::present(&mut counts, holder, self.window, now);
        let sum = count.saturating_add(amount);
        let drawn = self.most == 0 || *count == 0 || sum <= self.most;
        if drawn {
            *count = sum;
        }
        drawn
    }

    /// The holder's count in the window that runs now.
    fn present<'a>(
        counts: &'a mut HashMap<K, (Instant, u64)>,
        holder: &K,
        window: Instant,
        now: Instant,
    ) -> &'a mut u64 {
        if counts.len() >= MAX_REMEMBERED {
            counts.retain(|_, (since, _)| now < since.saturating_add(window));
        }
        let (since, count) = counts.entry(*holder).or_insert((now, 0));
        if now >= since.saturating_add(window) {
            (*since, *count) = (now, 0);
        }
        count
    }
}

/// Quotas of requests.
pub struct Quota {
    total: Arc<Semaphore>,
    addresses: Shares<Address>,
    accounts: Shares<[u8; 32]>,
    refusals: Rate<[u8; 32]>,
    uploads: Rate<[u8; 32]>,
    bundles: Rate<[u8; 32]>,
    public: Rate<Address>,
}

impl Quota {
    /// With these limits.
    pub fn new(
        total: usize,
        per_address: usize,
        per_account: usize,
        hourly_bytes: u64,
        public: u32,
    ) -> Self {
        Self {
            total: Arc::new(Semaphore::new(total)),
            addresses: Shares::new(per_address),
            accounts: Shares::new(per_account),
            refusals: Rate::new(MAX_REFUSALS.into(), WINDOW),
            uploads: Rate::new(hourly_bytes, HOUR),
            bundles: Rate::new(MAX_BUNDLE_BYTES, HOUR),
            public: Rate::new(public.into(), WINDOW),
        }
    }

    /// A place among all requests.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let permit = self.total.clone().try_acquire_owned();
        permit.map_err(|_| ApiError::unavailable("busy", "the vault serves all it can; try again"))
    }

    /// A place among the address's requests.
    pub fn enter_address(&self, address: Address) -> Result<Share<Address>, ApiError> {
        let share = self.addresses.take(address);
        share.ok_or_else(|| ApiError::busy("too many requests of this address at a time"))
    }

    /// Counts a request without an account against what the address has within a minute.
    pub fn draw_public(&self, address: &Address) -> Result<(), ApiError> {
        match self.public.draw(address, 1, kanglian_sdk::now()) {
            true => Ok(()),
            false => Err(ApiError::busy("too many requests of this address within a minute")),
        }
    }

    /// A place among the account's requests.
    pub fn enter_account(&self, account: &AccountId) -> Result<Place, ApiError> {
        let place = self.accounts.take(account.0);
        place.ok_or_else(|| ApiError::busy("too many requests of this account at a time"))
    }

    /// Whether the account may still leave refused reads in the log.
    pub fn may_be_refused(&self, account: &AccountId, now: Instant) -> Result<(), ApiError> {
        match self.refusals.has_left(&account.0, now) {
            true => Ok(()),
            false => Err(ApiError::busy("too many refused reads; wait a minute")),
        }
    }

    /// Counts a refused read.
    pub fn note_refusal(&self, account: &AccountId, now: Instant) {
        self.refusals.note(&account.0, 1, now);
    }

    /// Draws an object's bytes from what the account may upload within an hour.
    pub fn draw_upload(&self, account: &AccountId, bytes: u64) -> Result<(), ApiError> {
        Self::drawn(&self.uploads, account, bytes)
    }

    /// Draws a bundle's bytes from what the account may leave within an hour.
    pub fn draw_bundle(&self, account: &AccountId, bytes: u64) -> Result<(), ApiError> {
        Self::drawn(&self.bundles, account, bytes)
    }

    fn drawn(rate: &Rate<[u8; 32]>, account: &AccountId, bytes: u64) -> Result<(), ApiError> {
        match rate.draw(&account.0, bytes, kanglian_sdk::now()) {
            true => Ok(()),
            false => Err(ApiError::busy(format!(
                "the account has uploaded what it may within an hour ({} bytes); go on later",
                rate.most
            ))),
        }
    }
}
