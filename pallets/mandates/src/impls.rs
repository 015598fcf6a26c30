//! Bodies of the longer calls, and the regulator's origin.

use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
    dispatch::{DispatchResult, DispatchResultWithPostInfo},
    ensure,
    traits::{EnsureOrigin, Get, OriginTrait},
};
use sp_runtime::traits::Saturating;

use crate::{
    Config, Error, Event, Pallet, Pending, PendingUpgrade, Regulator, Upgrades, WeightInfo,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_propose(code_hash: T::Hash) -> DispatchResultWithPostInfo {
        let now = frame_system::Pallet::<T>::block_number();
        let counted = Pending::<T>::count();
        let expired: Vec<T::Hash> = Pending::<T>::iter()
            .filter(|(_, upgrade)| now >= upgrade.expires_at)
            .map(|(hash, _)| hash)
            .collect();
        ensure!(
            expired.contains(&code_hash) || !Pending::<T>::contains_key(code_hash),
            Error::<T>::AlreadyPending
        );
        for hash in expired {
            Pending::<T>::remove(hash);
        }
        ensure!(Pending::<T>::count() < T::MaxPending::get(), Error::<T>::TooManyPending);

        let time_lock = T::TimeLock::get().max(Self::least_time_lock());
        let enact_from = now.saturating_add(time_lock);
        let expires_at = enact_from.saturating_add(T::EnactPeriod::get());
        Pending::<T>::insert(
            code_hash,
            PendingUpgrade { proposed_at: now, enact_from, expires_at },
        );
        Self::deposit_event(Event::UpgradeProposed { code_hash, enact_from, expires_at });
        Ok(Some(T::WeightInfo::propose_upgrade(counted)).into())
    }

    pub(crate) fn do_enact(who: T::AccountId, code_hash: T::Hash) -> DispatchResult {
        let upgrade = Pending::<T>::get(code_hash).ok_or(Error::<T>::NotPending)?;
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(now >= upgrade.enact_from, Error::<T>::Locked);
        ensure!(now < upgrade.expires_at, Error::<T>::Expired);
        Pending::<T>::remove(code_hash);
        T::Upgrades::authorize(code_hash);
        Self::deposit_event(Event::UpgradeEnacted { code_hash, who });
        Ok(())
    }

    /// Takes an upgrade out of its time lock.
    pub(crate) fn take_pending(code_hash: T::Hash) -> DispatchResult {
        Pending::<T>::take(code_hash).map(drop).ok_or(Error::<T>::NotPending.into())
    }

    /// Makes the account the regulator's and gives the former one.
    pub(crate) fn seat(account: &T::AccountId) -> Option<T::AccountId> {
        let old = Regulator::<T>::get();
        frame_system::Pallet::<T>::inc_sufficients(account);
        Regulator::<T>::put(account);
        if let Some(old) = &old {
            frame_system::Pallet::<T>::dec_sufficients(old);
        }
        old
    }
}

/// Signed by the regulator; gives its account.
pub struct EnsureRegulator<T>(PhantomData<T>);

impl<T: Config> EnsureOrigin<T::RuntimeOrigin> for EnsureRegulator<T> {
    type Success = T::AccountId;

    fn try_origin(o: T::RuntimeOrigin) -> Result<Self::Success, T::RuntimeOrigin> {
        match (o.as_signer(), Regulator::<T>::get()) {
            (Some(who), Some(regulator)) if *who == regulator => Ok(regulator),
            _ => Err(o),
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<T::RuntimeOrigin, ()> {
        use codec::Decode;
        let regulator = match Regulator::<T>::get() {
            Some(regulator) => regulator,
            None => {
                let mut zeroes = sp_runtime::traits::TrailingZeroInput::zeroes();
                let account = T::AccountId::decode(&mut zeroes).map_err(drop)?;
                Pallet::<T>::seat(&account);
                account
            },
        };
        Ok(frame_system::RawOrigin::Signed(regulator).into())
    }
}
