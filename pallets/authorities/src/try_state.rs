//! What must always be true of the authorities.

use alloc::collections::btree_set::BTreeSet;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

use crate::{Authorities, Config, LastPlanned, Offenders, Pallet};

impl<T: Config> Pallet<T> {
    /// Checks the invariants named in the crate's documentation. The share of a region is no
    /// invariant, because removals are exempt from its limit.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut accounts = BTreeSet::new();
        for authority in Authorities::<T>::get() {
            ensure!(authority.region.is_province_level(), "an authority's region is no province");
            ensure!(accounts.insert(authority.account), "an authority is listed twice");
        }
        let mut offenders = BTreeSet::new();
        for offender in Offenders::<T>::get() {
            ensure!(accounts.contains(&offender), "an offender is no authority");
            ensure!(offenders.insert(offender), "an offender is listed twice");
        }
        ensure!(
            accounts.is_empty() || offenders.len() < accounts.len(),
            "every authority is an offender"
        );
        let planned: BTreeSet<_> = LastPlanned::<T>::get().into_iter().collect();
        ensure!(
            planned.len() == LastPlanned::<T>::get().len(),
            "an authority was planned twice for one set"
        );
        Ok(())
    }
}
