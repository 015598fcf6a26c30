//! Invariants of the stored state.

use alloc::collections::btree_set::BTreeSet;
use frame_support::{ensure, traits::Time};
use sp_runtime::TryRuntimeError;

use crate::{Compromised, Config, Generation, Logs, Pallet, Present, types::is_url};

impl<T: Config> Pallet<T> {
    /// Checks the invariants named in the crate's documentation.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let present = Present::<T>::get();
        let generation = present.as_ref().map(|set| set.generation).unwrap_or_default();
        ensure!(Generation::<T>::get() == generation, "the generation is not the set's");
        if let Some(set) = &present {
            let count = set.members.len();
            ensure!((1..=count).contains(&set.threshold.into()), "the threshold cannot be met");
            let (mut regions, mut keys) = (BTreeSet::new(), BTreeSet::new());
            for member in &set.members {
                ensure!(regions.insert(member.region), "two registrars are of one province");
                ensure!(keys.insert(member.signing_key), "two registrars have one key");
                ensure!(!member.signing_key.is_low_order(), "a key is of small order");
                ensure!(is_url(&member.url), "a registrar's URL is not an HTTP URL");
                let account = Self::account_of(&member.signing_key);
                ensure!(
                    frame_system::Pallet::<T>::sufficients(&account) > 0,
                    "a registrar holds no sufficient reference"
                );
            }
        }
        for (past, _) in Compromised::<T>::iter() {
            ensure!(past <= generation, "a generation was compromised before it began");
        }
        for past in 0..generation {
            ensure!(Compromised::<T>::contains_key(past), "a sound generation was given up");
        }
        let now = T::Clock::now();
        for (_, log) in Logs::<T>::iter() {
            ensure!(log.size > 0 && log.at <= now, "an anchor is empty or from the future");
        }
        Ok(())
    }
}
