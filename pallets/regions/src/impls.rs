//! Changes to the registry, and what it answers to other pallets.

use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::DispatchResult};
use kanglian_primitives::{RegionCode, VaultKey};
use kanglian_traits::RegionInspect;
use sp_runtime::DispatchError;

use crate::{
    Config, Error, Pallet, RegionMap, RegionOf, RegionStatus, Regions, VaultUrl,
    types::{self, Place},
};

impl<T: Config> Pallet<T> {
    /// The account whose key the vault signs with.
    pub(crate) fn vault_account(key: &VaultKey) -> T::AccountId {
        key.0.into()
    }

    /// The region in which the account has a place, and which.
    fn place_of(regions: &RegionMap<T>, who: &T::AccountId) -> Option<(RegionCode, Place)> {
        regions.iter().find_map(|(code, region)| {
            if region.pan_centre == *who {
                Some((*code, Place::PanCentre))
            } else if Self::vault_account(&region.vault_key) == *who {
                Some((*code, Place::Vault))
            } else {
                None
            }
        })
    }

    /// Lets the account send extrinsics without a balance while it has its place.
    fn enter(who: &T::AccountId) {
        frame_system::Pallet::<T>::inc_sufficients(who);
    }

    /// Takes back what [`Self::enter`] gave.
    fn leave(who: &T::AccountId) {
        frame_system::Pallet::<T>::dec_sufficients(who);
    }

    /// Puts a region that was checked in full into the registry.
    pub(crate) fn insert_region(code: RegionCode, region: RegionOf<T>) -> DispatchResult {
        ensure!(code.is_province_level(), Error::<T>::NotProvinceLevel);
        ensure!(types::is_name(&region.name), Error::<T>::InvalidName);
        ensure!(types::is_url(&region.vault_url), Error::<T>::InvalidUrl);
        ensure!(!region.custodian_key.is_low_order(), Error::<T>::WeakCustodianKey);
        ensure!(!region.vault_key.is_low_order(), Error::<T>::WeakVaultKey);
        let pan_centre = region.pan_centre.clone();
        let vault = Self::vault_account(&region.vault_key);
        Regions::<T>::try_mutate(|regions| -> DispatchResult {
            ensure!(!regions.contains_key(&code), Error::<T>::AlreadyRegistered);
            ensure!(Self::place_of(regions, &pan_centre).is_none(), Error::<T>::AccountTaken);
            ensure!(
                vault != pan_centre && Self::place_of(regions, &vault).is_none(),
                Error::<T>::VaultKeyTaken
            );
            regions.try_insert(code, region).map_err(|_| Error::<T>::TooManyRegions)?;
            Ok(())
        })?;
        Self::enter(&pan_centre);
        Self::enter(&vault);
        Ok(())
    }

    /// Gives the region another vault.
    pub(crate) fn set_vault(code: RegionCode, key: VaultKey, url: VaultUrl) -> DispatchResult {
        ensure!(types::is_url(&url), Error::<T>::InvalidUrl);
        ensure!(!key.is_low_order(), Error::<T>::WeakVaultKey);
        let new = Self::vault_account(&key);
        let old = Regions::<T>::try_mutate(|regions| -> Result<_, DispatchError> {
            let holder = Self::place_of(regions, &new);
            ensure!(
                holder.is_none_or(|place| place == (code, Place::Vault)),
                Error::<T>::VaultKeyTaken
            );
            let region = regions.get_mut(&code).ok_or(Error::<T>::NotRegistered)?;
            let old = Self::vault_account(&region.vault_key);
            region.vault_key = key;
            region.vault_url = url;
            Ok(old)
        })?;
        if old != new {
            Self::enter(&new);
            Self::leave(&old);
        }
        Ok(())
    }

    /// Suspends an active region.
    pub(crate) fn set_suspended(code: RegionCode) -> DispatchResult {
        Regions::<T>::try_mutate(|regions| {
            let region = regions.get_mut(&code).ok_or(Error::<T>::NotRegistered)?;
            ensure!(region.is_active(), Error::<T>::AlreadySuspended);
            region.status = RegionStatus::Suspended;
            Ok(())
        })
    }

    /// Makes a suspended region active.
    pub(crate) fn set_active(code: RegionCode) -> DispatchResult {
        Regions::<T>::try_mutate(|regions| {
            let region = regions.get_mut(&code).ok_or(Error::<T>::NotRegistered)?;
            ensure!(!region.is_active(), Error::<T>::NotSuspended);
            region.status = RegionStatus::Active;
            Ok(())
        })
    }

    /// Gives the region another pan-centre; returns the old one.
    pub(crate) fn set_pan_centre(
        code: RegionCode,
        new: T::AccountId,
    ) -> Result<T::AccountId, DispatchError> {
        let old = Regions::<T>::try_mutate(|regions| -> Result<_, DispatchError> {
            ensure!(regions.contains_key(&code), Error::<T>::NotRegistered);
            ensure!(Self::place_of(regions, &new).is_none(), Error::<T>::AccountTaken);
            let region = regions.get_mut(&code).ok_or(Error::<T>::NotRegistered)?;
            Ok(core::mem::replace(&mut region.pan_centre, new.clone()))
        })?;
        Self::enter(&new);
        Self::leave(&old);
        Ok(old)
    }
}

impl<T: Config> RegionInspect<T::AccountId> for Pallet<T> {
    fn is_active(region: RegionCode) -> bool {
        Regions::<T>::get().get(&region).is_some_and(|region| region.is_active())
    }

    fn region_of_pan_centre(who: &T::AccountId) -> Option<RegionCode> {
        Regions::<T>::get()
            .iter()
            .find(|(_, region)| region.is_active() && region.pan_centre == *who)
            .map(|(code, _)| *code)
    }

    fn region_of_vault(key: &VaultKey) -> Option<RegionCode> {
        Regions::<T>::get()
            .iter()
            .find(|(_, region)| region.vault_key == *key)
            .map(|(code, _)| *code)
    }

    fn active_vaults() -> Vec<(RegionCode, VaultKey)> {
        Regions::<T>::get()
            .iter()
            .filter(|(_, region)| region.is_active())
            .map(|(code, region)| (*code, region.vault_key))
            .collect()
    }

    fn pan_centre(region: RegionCode) -> Option<T::AccountId> {
        Regions::<T>::get().get(&region).map(|region| region.pan_centre.clone())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_region(code: RegionCode, pan_centre: &T::AccountId, vault: VaultKey) {
        crate::benchmarking::put_region::<T>(code, pan_centre.clone(), vault);
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl<T: Config> Pallet<T> {
    /// Puts a region in whatever way stands there already. For benchmarks.
    pub(crate) fn overwrite_region(code: RegionCode, region: RegionOf<T>) {
        let pan_centre = region.pan_centre.clone();
        let vault = Self::vault_account(&region.vault_key);
        let old = Regions::<T>::mutate(|regions| {
            let old = regions.remove(&code);
            assert!(regions.try_insert(code, region).is_ok(), "there is room for a region");
            old
        });
        Self::enter(&pan_centre);
        Self::enter(&vault);
        if let Some(old) = old {
            Self::leave(&old.pan_centre);
            Self::leave(&Self::vault_account(&old.vault_key));
        }
    }
}
