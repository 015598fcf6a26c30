//! What must always be true of the registry.

use alloc::collections::btree_set::BTreeSet;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

use crate::{Config, Pallet, Regions, types};

impl<T: Config> Pallet<T> {
    /// Checks the invariants named in the crate's documentation.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut accounts = BTreeSet::new();
        for (code, region) in Regions::<T>::get().iter() {
            ensure!(code.is_province_level(), "a region's code is not of province level");
            ensure!(types::is_name(&region.name), "a region's name is not UTF-8 text");
            ensure!(types::is_url(&region.vault_url), "a vault's URL is not an HTTP URL");
            ensure!(!region.custodian_key.is_low_order(), "a custodian key is of small order");
            ensure!(!region.vault_key.is_low_order(), "a vault key is of small order");
            for account in [region.pan_centre.clone(), Self::vault_account(&region.vault_key)] {
                ensure!(
                    frame_system::Pallet::<T>::sufficients(&account) > 0,
                    "a region's account holds no sufficients reference"
                );
                ensure!(accounts.insert(account), "an account has two places in regions");
            }
        }
        Ok(())
    }
}
