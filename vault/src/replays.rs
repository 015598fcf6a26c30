//! Signed requests of other vaults that were taken: none counts twice.
//!
//! A request counts as long as its time is near (about a minute either way), and so long it is
//! remembered. Each vault has a share of the memory, so that one that floods keeps out itself
//! only. A restart forgets: for a minute after it a request taken before could be sent again. It
//! could only repeat what the vault that signed it asked for, between the same two vaults.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
};

use kanglian_primitives::{Hash32, Instant, RegionCode};

use crate::error::ApiError;

/// Most requests of one vault remembered at a time.
pub const MAX_REMEMBERED: usize = 100_000;

/// What was taken, by vault and by the time from which it no longer counts anyway.
#[derive(Default)]
pub struct Replays(Mutex<HashMap<RegionCode, BTreeSet<(Instant, Hash32)>>>);

impl Replays {
    /// Remembers a verified request until it no longer counts; an error when it was taken before.
    /// What is hashed is the signed message and not the signature, of which there may be several.
    pub fn take(
        &self,
        from: RegionCode,
        message: &[u8],
        until: Instant,
        now: Instant,
    ) -> Result<(), ApiError> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = taken.entry(from).or_default();
        while taken.first().is_some_and(|(end, _)| *end < now) {
            taken.pop_first();
        }
        let request = (until, blake3::hash(message).into());
        if taken.contains(&request) {
            return Err(ApiError::forbidden(
                "peer_replayed",
                "this signed request was taken before: sign another",
            ));
        }
        if taken.len() >= MAX_REMEMBERED {
            return Err(ApiError::busy("too many requests of this vault within a minute"));
        }
        taken.insert(request);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: RegionCode = RegionCode(320_000);
    const THERE: RegionCode = RegionCode(330_000);

    #[test]
    fn what_was_taken_is_remembered_as_long_as_it_counts_and_no_longer() {
        let replays = Replays::default();
        replays.take(HERE, b"a", 100, 50).unwrap();
        for now in [50, 100] {
            assert_eq!(replays.take(HERE, b"a", 100, now).unwrap_err().code, "peer_replayed");
        }
        replays.take(HERE, b"b", 100, 50).unwrap();
        replays.take(THERE, b"a", 100, 50).unwrap();
        replays.take(HERE, b"c", 300, 101).unwrap();
        assert_eq!(replays.0.lock().unwrap()[&HERE].len(), 1);
    }

    #[test]
    fn a_vault_that_floods_keeps_out_itself_only() {
        let replays = Replays::default();
        for at in 0..MAX_REMEMBERED as u64 {
            replays.take(HERE, &at.to_le_bytes(), 100, 50).unwrap();
        }
        assert_eq!(replays.take(HERE, b"more", 100, 50).unwrap_err().code, "busy");
        replays.take(THERE, b"more", 100, 50).unwrap();
        replays.take(HERE, b"more", 300, 101).unwrap();
    }
}
