//! When to try again what failed.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Waits, doubling with every failure of the same thing.
#[derive(Debug)]
pub struct Backoff<K> {
    first: Duration,
    most: Duration,
    waits: BTreeMap<K, (Instant, Duration)>,
}

impl<K: Ord + Copy> Backoff<K> {
    /// The first wait and the longest.
    pub fn new(first: Duration, most: Duration) -> Self {
        Self { first, most, waits: BTreeMap::new() }
    }

    /// Whether something may be tried now.
    pub fn is_due(&self, key: &K) -> bool {
        self.waits.get(key).is_none_or(|(until, _)| Instant::now() >= *until)
    }

    /// Something failed.
    pub fn failed(&mut self, key: K) {
        let wait = match self.waits.get(&key) {
            Some((_, wait)) => wait.saturating_mul(2).min(self.most),
            None => self.first,
        };
        let until = Instant::now().checked_add(wait).unwrap_or_else(Instant::now);
        self.waits.insert(key, (until, wait));
    }

    /// Something was done.
    pub fn done(&mut self, key: &K) {
        self.waits.remove(key);
    }

    /// Forgets whatever is not among these.
    pub fn keep(&mut self, keys: &[K]) {
        self.waits.retain(|key, _| keys.contains(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_end_with_success() {
        let second = Duration::from_secs(1);
        let mut backoff = Backoff::new(second, 3 * second);
        assert!(backoff.is_due(&7));
        let mut waits = Vec::new();
        for _ in 0..3 {
            backoff.failed(7);
            waits.push(backoff.waits[&7].1);
        }
        assert_eq!(waits, [second, 2 * second, 3 * second]);
        assert!(!backoff.is_due(&7) && backoff.is_due(&8));
        backoff.done(&7);
        assert!(backoff.is_due(&7));
        backoff.failed(7);
        backoff.keep(&[8]);
        assert!(backoff.is_due(&7));
    }
}
