//! Terms that other pallets give and end.

use frame_support::{dispatch::DispatchResult, ensure};
use kanglian_primitives::{Grantee, Hash32, Instant, PersonId, Terms, TermsId, TermsTemplate};
use kanglian_traits::TermsGiver;

use crate::{Config, Error, Event, Grants, Pallet, TermsOf};

impl<T: Config> TermsGiver<T::AccountId> for Pallet<T> {
    fn acts_as(who: &T::AccountId, grantee: &Grantee<T::AccountId>, now: Instant) -> bool {
        Self::acts_as(who, grantee, now).is_some()
    }

    fn check(template: &TermsTemplate, now: Instant) -> DispatchResult {
        let terms = Terms::from_template(template, TermsId(1), Hash32::default());
        Ok(Self::check_terms(&terms, now)?)
    }

    fn next_id(person: &PersonId, grantee: &Grantee<T::AccountId>) -> TermsId {
        let last = Grants::<T>::get(person, grantee).map(|file| file.last_id);
        TermsId(last.unwrap_or_default().0.saturating_add(1))
    }

    fn give(person: PersonId, grantee: Grantee<T::AccountId>, terms: TermsOf<T>) -> DispatchResult {
        Self::do_grant(person, grantee, terms)
    }

    fn give_on(
        who: &T::AccountId,
        person: PersonId,
        acting_as: Grantee<T::AccountId>,
        grantee: Grantee<T::AccountId>,
        terms: TermsOf<T>,
    ) -> DispatchResult {
        Self::do_delegate(who, person, acting_as, grantee, terms)
    }

    fn in_force(
        person: &PersonId,
        grantee: &Grantee<T::AccountId>,
        id: TermsId,
        now: Instant,
    ) -> bool {
        Self::terms_in_force(person, grantee, id, now).is_some()
    }

    fn end(person: PersonId, grantee: &Grantee<T::AccountId>, id: TermsId) -> bool {
        let ended = Self::end_terms(person, grantee, id).is_ok();
        if ended {
            Self::deposit_event(Event::Ended { person, grantee: grantee.clone(), id });
        }
        ended
    }

    fn replace_bundle(
        person: PersonId,
        grantee: &Grantee<T::AccountId>,
        id: TermsId,
        old: Hash32,
        new: Hash32,
    ) -> DispatchResult {
        Grants::<T>::try_mutate_exists(person, grantee, |file| {
            let held = file.as_mut().map(|file| file.terms.iter_mut());
            let terms = held
                .and_then(|mut held| held.find(|terms| terms.id == id))
                .ok_or(Error::<T>::TermsNotFound)?;
            ensure!(terms.bundle == old, Error::<T>::OtherBundle);
            terms.bundle = new;
            Ok::<_, Error<T>>(())
        })?;
        Ok(())
    }
}
