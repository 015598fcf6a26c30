//! What must hold of the storage after every block.

use alloc::collections::BTreeSet;
use frame_support::{ensure, traits::Time};
use kanglian_primitives::{Action, ActionSet, COMING_OF_AGE_STEP, GuardianBasis};
use sp_runtime::TryRuntimeError;

use crate::{Config, Pallet, Proxies, Wards};

impl<T: Config> Pallet<T> {
    /// Checks that guardians and proxies are others, named once, and within what calls accept.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = T::Clock::now();
        for (ward, entry) in Wards::<T>::iter() {
            let mut seen = BTreeSet::new();
            let count = u32::try_from(entry.guardians.len()).unwrap_or(u32::MAX);
            ensure!(entry.attested >= count, "every guardian was attested");
            for one in &entry.guardians {
                ensure!(one.guardian != ward, "nobody is the own guardian");
                ensure!(seen.insert(one.guardian), "a guardian stands once");
                ensure!(one.since <= now, "a guardian was attested in the future");
                let is_step = one.until.checked_rem(COMING_OF_AGE_STEP) == Some(0);
                ensure!(
                    one.basis != GuardianBasis::Minor || is_step || one.until <= now,
                    "the end of a minor's guardianship tells no birthday"
                );
            }
        }
        for (person, proxies) in Proxies::<T>::iter() {
            let mut seen = BTreeSet::new();
            ensure!(!proxies.is_empty(), "a list names somebody");
            for one in &proxies {
                ensure!(one.proxy != person, "nobody is the own proxy");
                ensure!(seen.insert(one.proxy), "a proxy stands once");
                let within = one.actions.is_subset_of(ActionSet::OF_PROXIES);
                ensure!(within && !one.actions.is_empty(), "a mandate names actions of proxies");
                ensure!(!one.blocks.is_empty(), "a mandate names blocks");
                ensure!(one.since < one.until, "a mandate lasts");
                let reads = one.actions.contains(Action::Read);
                ensure!(reads == one.terms.is_some(), "who reads has terms");
            }
        }
        Ok(())
    }
}
