//! Changes to the registry, the next set, and what becomes of offenders.

use alloc::{collections::btree_map::BTreeMap, vec::Vec};
use frame_support::{
    defensive, ensure, pallet_prelude::DispatchResult, traits::Get, weights::Weight,
};
use kanglian_primitives::RegionCode;
use sp_runtime::{BoundedVec, DispatchError, Perbill};
use sp_staking::{
    SessionIndex,
    offence::{OffenceDetails, OnOffenceHandler},
};

use crate::{
    Authorities, Authority, AuthorityOf, Cause, Config, Error, Event, LastPlanned, LastReported,
    Offenders, Pallet, SessionKeys, Slot, WeightInfo, types::region_limit,
};

/// Length as the count it is; lists here are bounded by a `u32`.
fn count<A>(list: &[A]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

/// How many authorities each region holds.
fn holdings<AccountId>(authorities: &[Authority<AccountId>]) -> BTreeMap<RegionCode, u32> {
    let mut holdings = BTreeMap::<RegionCode, u32>::new();
    for authority in authorities {
        let held = holdings.entry(authority.region).or_default();
        *held = held.saturating_add(1);
    }
    holdings
}

impl<T: Config> Pallet<T> {
    /// Whether no region holds more than its limit.
    pub(crate) fn is_balanced(authorities: &[AuthorityOf<T>]) -> bool {
        region_limit(count(authorities))
            .is_none_or(|limit| holdings(authorities).values().all(|held| *held <= limit))
    }

    /// Refuses an addition that leaves its region above the limit, or that makes a limit apply
    /// which another region exceeds. A region that removals left above the limit is no hindrance.
    pub(crate) fn ensure_balanced_addition(region: RegionCode) -> DispatchResult {
        let authorities = Authorities::<T>::get();
        let before = region_limit(count(&authorities));
        let Some(limit) = region_limit(count(&authorities).saturating_add(1)) else {
            return Ok(());
        };
        let mut held = holdings(&authorities);
        let own = held.remove(&region).unwrap_or_default().saturating_add(1);
        let tips_another =
            held.values().any(|held| *held > limit && before.is_none_or(|before| *held <= before));
        ensure!(own <= limit && !tips_another, Error::<T>::RegionTooStrong);
        Ok(())
    }

    /// Appends an authority.
    pub(crate) fn push(account: T::AccountId, region: RegionCode) -> DispatchResult {
        Authorities::<T>::try_mutate(|authorities| -> DispatchResult {
            ensure!(
                authorities.iter().all(|authority| authority.account != account),
                Error::<T>::AlreadyAuthority
            );
            authorities
                .try_push(Authority { account, region })
                .map_err(|_| Error::<T>::TooManyAuthorities)?;
            Ok(())
        })
    }

    /// Takes an authority out, unless nobody else could validate; gives its region.
    pub(crate) fn take(account: &T::AccountId) -> Result<RegionCode, DispatchError> {
        let authorities = Authorities::<T>::get();
        let region = authorities
            .iter()
            .find(|authority| authority.account == *account)
            .map(|authority| authority.region)
            .ok_or(Error::<T>::NotAuthority)?;
        ensure!(Self::others_can_validate(account), Error::<T>::LastAuthority);
        Authorities::<T>::mutate(|list| list.retain(|authority| authority.account != *account));
        Offenders::<T>::mutate(|list| list.retain(|offender| offender != account));
        Ok(region)
    }

    /// Authorities that have session keys and are no offenders, in the order of the set.
    pub(crate) fn able() -> Vec<T::AccountId> {
        let offenders = Offenders::<T>::get();
        Authorities::<T>::get()
            .into_iter()
            .map(|authority| authority.account)
            .filter(|account| !offenders.contains(account) && T::Keys::registered(account))
            .collect()
    }

    /// Whether somebody but the account could validate.
    fn others_can_validate(account: &T::AccountId) -> bool {
        Self::able().iter().any(|able| able != account)
    }

    /// The set for the session being planned. None when it is the one given last, or when nobody
    /// could validate: the session pallet then keeps the set it has.
    ///
    /// The runtime's session manager asks once for each session it plans, and nobody else does.
    pub fn validators_for_next_session() -> Option<Vec<T::AccountId>> {
        let able = Self::able();
        if able.is_empty() || LastPlanned::<T>::get().as_slice() == able.as_slice() {
            return None;
        }
        match BoundedVec::try_from(able.clone()) {
            Ok(planned) => LastPlanned::<T>::put(planned),
            Err(_) => {
                defensive!("a filtered list is no longer than the list");
            },
        }
        Some(able)
    }

    /// Leaves an authority out of the next set, unless nobody else could validate. Gives the event
    /// that says so; none when the account is no authority or is left out already.
    fn punish(account: T::AccountId, cause: Cause) -> Option<Event<T>> {
        let known = Authorities::<T>::get().iter().any(|authority| authority.account == account);
        if !known || Offenders::<T>::get().contains(&account) {
            return None;
        }
        if !Self::others_can_validate(&account) {
            return Some(Event::OffenderKept { account, cause });
        }
        match Offenders::<T>::try_mutate(|offenders| offenders.try_push(account.clone())) {
            Ok(()) => Some(Event::OffenderDropped { account, cause }),
            Err(_) => {
                defensive!("offenders are authorities, whose number has the same bound");
                None
            },
        }
    }

    /// Judges a proven double block.
    pub(crate) fn punish_double_block(
        author: T::AccountId,
        slot: Slot,
    ) -> Result<Event<T>, DispatchError> {
        ensure!(
            Authorities::<T>::get().iter().any(|authority| authority.account == author),
            Error::<T>::NotAuthority
        );
        ensure!(
            LastReported::<T>::get(&author).is_none_or(|last| last < slot),
            Error::<T>::AlreadyReported
        );
        let event = Self::punish(author.clone(), Cause::DoubleBlock { slot })
            .ok_or(Error::<T>::AlreadyReported)?;
        LastReported::<T>::insert(&author, slot);
        Ok(event)
    }
}

impl<T: Config, Reporter, FullId> OnOffenceHandler<Reporter, (T::AccountId, FullId), Weight>
    for Pallet<T>
{
    fn on_offence(
        offenders: &[OffenceDetails<Reporter, (T::AccountId, FullId)>],
        _slash_fraction: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        for details in offenders {
            let (account, _) = &details.offender;
            if let Some(event) = Self::punish(account.clone(), Cause::Offence { session }) {
                Self::deposit_event(event);
            }
        }
        // No more offenders than authorities: the caller reports validators of one set.
        T::WeightInfo::on_offence(count(offenders).min(T::MaxAuthorities::get()))
    }
}
