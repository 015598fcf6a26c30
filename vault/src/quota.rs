//! How many requests run at a time, in all and for each account, and how many refused reads an
//! account may leave in the log.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kanglian_primitives::Instant;
use kanglian_sdk::wire::AccountId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;

/// Refused reads of one account that are logged within [`REFUSAL_WINDOW`]; further ones are not
/// even looked at.
const MAX_REFUSALS: u32 = 60;
/// Length of the window.
const REFUSAL_WINDOW: Instant = 60_000;
/// Accounts remembered at a time.
const MAX_REMEMBERED: usize = 50_000;

/// Quotas of requests.
pub struct Quota {
    total: Arc<Semaphore>,
    per_account: usize,
    running: Arc<Mutex<HashMap<[u8; 32], usize>>>,
    refusals: Mutex<HashMap<[u8; 32], (Instant, u32)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A place among an account's requests; given back when dropped.
pub struct Place {
    account: [u8; 32],
    running: Arc<Mutex<HashMap<[u8; 32], usize>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut running = lock(&self.running);
        if let Some(count) = running.get_mut(&self.account) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                running.remove(&self.account);
            }
        }
    }
}

impl Quota {
    /// With these limits.
    pub fn new(total: usize, per_account: usize) -> Self {
        Self {
            total: Arc::new(Semaphore::new(total)),
            per_account,
            running: Arc::default(),
            refusals: Mutex::default(),
        }
    }

    /// A place among all requests.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let permit = self.total.clone().try_acquire_owned();
        permit.map_err(|_| ApiError::unavailable("busy", "the vault serves all it can; try again"))
    }

    /// A place among the account's requests.
    pub fn enter_account(&self, account: &AccountId) -> Result<Place, ApiError> {
        let mut running = lock(&self.running);
        let count = running.entry(account.0).or_default();
        if *count >= self.per_account {
            return Err(ApiError::busy("too many requests of this account at a time"));
        }
        *count = count.saturating_add(1);
        drop(running);
        Ok(Place { account: account.0, running: self.running.clone() })
    }

    /// Whether the account may still leave refused reads in the log.
    pub fn may_be_refused(&self, account: &AccountId, now: Instant) -> Result<(), ApiError> {
        match lock(&self.refusals).get(&account.0) {
            Some((since, count))
                if now < since.saturating_add(REFUSAL_WINDOW) && *count >= MAX_REFUSALS =>
            {
                Err(ApiError::busy("too many refused reads; wait a minute"))
            },
            _ => Ok(()),
        }
    }

    /// Counts a refused read.
    pub fn note_refusal(&self, account: &AccountId, now: Instant) {
        let mut refusals = lock(&self.refusals);
        if refusals.len() >= MAX_REMEMBERED {
            refusals.retain(|_, (since, _)| now < since.saturating_add(REFUSAL_WINDOW));
        }
        let (since, count) = refusals.entry(account.0).or_insert((now, 0));
        if now >= since.saturating_add(REFUSAL_WINDOW) {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
    }
}
