//! Proxies: appointed, revoked, renounced.

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, Time},
};
use kanglian_primitives::{
    Action, ActionSet, BusinessBlockSet, Grantee, Instant, PersonId, Proxyship, Terms,
};
use kanglian_traits::{PersonInspect, TermsGiver, WardInspect};

use crate::{Config, Error, Event, Pallet, Proxies};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_appoint_proxy(
        person: PersonId,
        proxy: PersonId,
        blocks: BusinessBlockSet,
        actions: ActionSet,
        until: Instant,
        terms: Option<Terms<T::AccountId>>,
    ) -> DispatchResult {
        let now = T::Clock::now();
        ensure!(person != proxy, Error::<T>::OwnSelf);
        ensure!(!actions.is_empty(), Error::<T>::NoActions);
        ensure!(actions.is_subset_of(ActionSet::OF_PROXIES), Error::<T>::NotForProxies);
        ensure!(!blocks.is_empty(), Error::<T>::NoBlocks);
        ensure!(until > now, Error::<T>::EndsInPast);
        ensure!(until <= now.saturating_add(T::MaxProxyTerm::get()), Error::<T>::TooLong);
        ensure!(
            <Self as WardInspect>::keys_held_until(&person).is_none(),
            Error::<T>::HeldByGuardian
        );
        ensure!(T::People::valid(&proxy, now).is_some(), Error::<T>::ProxyNotActive);
        ensure!(actions.contains(Action::Read) == terms.is_some(), Error::<T>::TermsDoNotFit);
        if let Some(terms) = &terms {
            let within = terms.blocks.is_subset_of(blocks)
                && terms.until <= until
                && terms.may_delegate == 0;
            ensure!(within, Error::<T>::TermsBeyondMandate);
        }
        let mut proxies = Proxies::<T>::get(person);
        proxies.retain(|one| now < one.until);
        ensure!(!proxies.iter().any(|one| one.proxy == proxy), Error::<T>::ProxyKnown);
        let number = terms.as_ref().map(|terms| terms.id);
        let mandate = Proxyship { proxy, blocks, actions, since: now, until, terms: number };
        proxies.try_push(mandate).map_err(|_| Error::<T>::TooManyProxies)?;
        Proxies::<T>::insert(person, proxies);
        if let Some(terms) = terms {
            T::Terms::give(person, Grantee::Person(proxy), terms)?;
        }
        Self::deposit_event(Event::ProxyAppointed { person, mandate });
        Ok(())
    }

    pub(crate) fn do_end_proxy(
        person: PersonId,
        proxy: PersonId,
        renounced: bool,
    ) -> DispatchResult {
        let mut proxies = Proxies::<T>::get(person);
        let at = proxies.iter().position(|one| one.proxy == proxy);
        let ended = proxies.remove(at.ok_or(Error::<T>::ProxyUnknown)?);
        if let Some(id) = ended.terms {
            // The person may have revoked them before.
            T::Terms::end(person, &Grantee::Person(proxy), id);
        }
        match proxies.is_empty() {
            true => Proxies::<T>::remove(person),
            false => Proxies::<T>::insert(person, proxies),
        }
        Self::deposit_event(Event::ProxyEnded { person, proxy, renounced });
        Ok(())
    }
}
