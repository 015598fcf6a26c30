//! Calls made for somebody else.

use frame_support::{
    dispatch::{
        DispatchErrorWithPostInfo, DispatchResultWithPostInfo, GetDispatchInfo,
        extract_actual_weight,
    },
    ensure,
    traits::{Get, Time},
};
use frame_system::RawOrigin;
use kanglian_primitives::{Act, Action, Capacity, Guardianship, Instant, PersonId, Proxyship};
use kanglian_traits::{ActInspect, PersonInspect};
use sp_runtime::{DispatchError, traits::Dispatchable};

use crate::{Config, Error, Event, Pallet, Proxies, Wards, WeightInfo};

impl<T: Config> Pallet<T> {
    /// As what the account may do this for the person at `now`.
    pub fn capacity(
        who: &T::AccountId,
        person: &PersonId,
        action: Action,
        now: Instant,
    ) -> Option<Capacity> {
        let by = T::People::acting(who, now)?.id;
        if Self::guardianship(&by, person, now).is_some() {
            return Some(Capacity::Guardian);
        }
        let mandate = Self::mandate(&by, person, now)?;
        mandate.actions.contains(action).then_some(Capacity::Proxy)
    }

    fn guardianship(by: &PersonId, ward: &PersonId, now: Instant) -> Option<Guardianship> {
        let guardians = Wards::<T>::get(ward).guardians;
        guardians.into_iter().find(|one| one.guardian == *by && one.counts(now))
    }

    fn mandate(by: &PersonId, person: &PersonId, now: Instant) -> Option<Proxyship> {
        Proxies::<T>::get(person).into_iter().find(|one| one.proxy == *by && now < one.until)
    }

    pub(crate) fn do_act_for(
        who: T::AccountId,
        person: PersonId,
        call: <T as Config>::RuntimeCall,
    ) -> DispatchResultWithPostInfo {
        let now = T::Clock::now();
        let by = T::People::acting(&who, now).ok_or(Error::<T>::NotActingFor)?.id;
        let act = T::Acts::act(&person, &call).ok_or(Error::<T>::CallNotAllowed)?;
        let capacity = Self::judge(&by, &person, &act, now)?;
        let controller = T::People::controller(&person).ok_or(Error::<T>::WardNotActive)?;

        let info = call.get_dispatch_info();
        let done = call.dispatch(RawOrigin::Signed(controller).into());
        let own = T::WeightInfo::act_for().saturating_add(T::DbWeight::get().reads(2));
        let actual = Some(own.saturating_add(extract_actual_weight(&done, &info)));
        done.map_err(|refused| DispatchErrorWithPostInfo {
            post_info: actual.into(),
            error: match refused.error {
                // The person's own account could not make the call either.
                DispatchError::BadOrigin => Error::<T>::WardNotActive.into(),
                error => error,
            },
        })?;
        Self::deposit_event(Event::ActedFor { person, by, capacity, action: act.action });
        Ok(actual.into())
    }

    /// As what one person may do this for the other, or why not.
    fn judge(
        by: &PersonId,
        person: &PersonId,
        act: &Act,
        now: Instant,
    ) -> Result<Capacity, Error<T>> {
        let ends_by = |until| act.until.is_none_or(|end| end <= until);
        if let Some(guardianship) = Self::guardianship(by, person, now) {
            ensure!(ends_by(guardianship.until), Error::<T>::OutlastsMandate);
            return Ok(Capacity::Guardian);
        }
        let mandate = Self::mandate(by, person, now).ok_or(Error::<T>::NotActingFor)?;
        ensure!(mandate.actions.contains(act.action), Error::<T>::ActionBeyondMandate);
        let reads = !act.readers.contains(by) || mandate.actions.contains(Action::Read);
        ensure!(reads, Error::<T>::ActionBeyondMandate);
        ensure!(act.blocks.is_subset_of(mandate.blocks), Error::<T>::BlocksBeyondMandate);
        ensure!(ends_by(mandate.until), Error::<T>::OutlastsMandate);
        Ok(Capacity::Proxy)
    }
}
