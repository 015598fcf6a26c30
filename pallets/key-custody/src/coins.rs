//! Coins of an account whose key may be in other hands.

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{
        fungible::{Inspect, InspectFreeze, Mutate, MutateFreeze, Unbalanced},
        tokens::{Fortitude, Precision, Preservation, Provenance},
    },
};
use kanglian_primitives::PersonId;
use kanglian_traits::{RecoverPerson, RecoveryInspect};
use sp_runtime::{
    DispatchError,
    traits::{Bounded, Zero},
};

use crate::{BalanceOf, Config, Error, Event, FreezeReason, LostAccounts, Pallet};

impl<T: Config> Pallet<T> {
    /// From now on nothing leaves the account, whatever it has and whatever arrives. Deposits can
    /// still be made and are given back to it.
    pub(crate) fn freeze_coins(who: &T::AccountId) -> DispatchResult {
        // A freeze stays only while the account does: also that of an account without coins.
        frame_system::Pallet::<T>::inc_providers(who);
        T::Currency::set_freeze(&FreezeReason::Recovery.into(), who, Bounded::max_value())
    }

    /// Ends [`Self::freeze_coins`].
    pub(crate) fn thaw_coins(who: &T::AccountId) -> DispatchResult {
        if !Self::has_frozen_coins(who) {
            return Ok(());
        }
        T::Currency::thaw(&FreezeReason::Recovery.into(), who)?;
        // An account that others refer to stays; that is their matter.
        let _ = frame_system::Pallet::<T>::dec_providers(who);
        Ok(())
    }

    /// Whether the account's coins are frozen.
    pub(crate) fn has_frozen_coins(who: &T::AccountId) -> bool {
        !T::Currency::balance_frozen(&FreezeReason::Recovery.into(), who).is_zero()
    }

    /// The account is lost for good: its coins, those that are there and those that come, are the
    /// person's.
    pub(crate) fn lose_account(
        person: PersonId,
        old: &T::AccountId,
        new: &T::AccountId,
    ) -> DispatchResult {
        // Who took an account that another person's recovery had replaced has no right to its coins.
        let owner = LostAccounts::<T>::mutate(old, |entry| *entry.get_or_insert(person));
        let amount = Self::movable(old, new);
        if owner != person || amount.is_zero() {
            return Ok(());
        }
        Self::move_coins(person, old, new, amount)
    }

    pub(crate) fn do_collect_coins(account: &T::AccountId) -> DispatchResult {
        let person = LostAccounts::<T>::get(account).ok_or(Error::<T>::NotLost)?;
        let identity = T::People::identity(&person).ok_or(Error::<T>::PersonUnknown)?;
        if identity.controller == *account {
            LostAccounts::<T>::remove(account);
            if !Self::is_pending(&person) {
                Self::thaw_coins(account)?;
            }
            let account = account.clone();
            Self::deposit_event(Event::AccountFound { person, account });
            return Ok(());
        }
        let amount = Self::movable(account, &identity.controller);
        ensure!(!amount.is_zero(), Error::<T>::NothingToCollect);
        Self::move_coins(person, account, &identity.controller, amount)
    }

    /// What can go from a frozen account to another: all that is on no deposit, unless it is less
    /// than an account begins with.
    fn movable(from: &T::AccountId, to: &T::AccountId) -> BalanceOf<T> {
        let free = T::Currency::reducible_balance(from, Preservation::Expendable, Fortitude::Force);
        match T::Currency::can_deposit(to, free, Provenance::Extant).into_result() {
            Ok(()) => free,
            Err(_) => Zero::zero(),
        }
    }

    /// As a transfer, but the freeze does not hold it back, and stays.
    fn move_coins(
        person: PersonId,
        from: &T::AccountId,
        to: &T::AccountId,
        amount: BalanceOf<T>,
    ) -> Result<(), DispatchError> {
        let (exact, expendable) = (Precision::Exact, Preservation::Expendable);
        T::Currency::decrease_balance(from, amount, exact, expendable, Fortitude::Force)?;
        T::Currency::increase_balance(to, amount, exact)?;
        T::Currency::done_transfer(from, to, amount);
        let (from, to) = (from.clone(), to.clone());
        Self::deposit_event(Event::CoinsMoved { person, from, to, amount });
        Ok(())
    }
}
