//! Bodies of the calls.

use alloc::vec::Vec;
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, Time, defensive_prelude::*},
};
use kanglian_primitives::{
    Author, Grantee, Instant, InstitutionId, PersonId, RecordFacts, RecordId, RecordStatus,
    ReferralId,
};
use kanglian_traits::{PersonInspect, RecordInspect, TermsGiver};

use crate::{
    Config, Error, Event, Files, Offer, OfferStatus, Offers, Pallet, Reason, Referral,
    ReferralStatus, Referrals,
};

impl<T: Config> Pallet<T> {
    /// Refers in the name of a holder of terms, or of the person.
    pub(crate) fn do_refer(
        person: PersonId,
        holder: Option<(T::AccountId, Grantee<T::AccountId>)>,
        request: Option<RecordId>,
        offers: Offers<T::AccountId>,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let by = holder.as_ref().map(|(_, grantee)| grantee.clone());
        Self::check_offers(by.as_ref(), &offers)?;
        if let Some(record) = request {
            Self::record_of(&person, &record)?;
        }
        let mut file = Files::<T>::get(person);
        let room = T::MaxOpenReferrals::get();
        // A quarter is the person's: whoever holds terms cannot take all of it.
        let kept = if holder.is_some() { room / 4 } else { 0 };
        ensure!(file.open < room.saturating_sub(kept), Error::<T>::TooManyReferrals);
        file.open = file.open.saturating_add(1);
        let id = ReferralId(file.last.0.saturating_add(1));
        file.last = id;
        let until = offers.iter().map(|(_, terms)| terms.until).max().unwrap_or(now);
        let mut made = Referral {
            by: by.clone(),
            request,
            at: now,
            until,
            offers: Default::default(),
            status: ReferralStatus::Offered,
            result: None,
            ended_at: None,
        };
        let mut to = Vec::with_capacity(offers.len());
        for (grantee, terms) in offers {
            let number = terms.id;
            match &holder {
                Some((who, acting_as)) => {
                    let acting_as = acting_as.clone();
                    T::Terms::give_on(who, person, acting_as, grantee.clone(), terms)?;
                },
                None => T::Terms::give(person, grantee.clone(), terms)?,
            }
            to.push((grantee.clone(), number));
            let offer = Offer { to: grantee, terms: number, status: OfferStatus::Offered };
            made.offers.try_push(offer).map_err(|_| Error::<T>::OfferedTwice)?;
        }
        Referrals::<T>::insert(person, id, made);
        Files::<T>::insert(person, file);
        Self::deposit_event(Event::Referred { person, id, by, request, to });
        Ok(())
    }

    fn check_offers(
        by: Option<&Grantee<T::AccountId>>,
        offers: &Offers<T::AccountId>,
    ) -> Result<(), Error<T>> {
        ensure!(!offers.is_empty(), Error::<T>::NoOffers);
        let mut rest = offers.iter();
        while let Some((grantee, _)) = rest.next() {
            ensure!(
                !matches!(grantee, Grantee::Person(_)) && by != Some(grantee),
                Error::<T>::GranteeNotEligible
            );
            ensure!(rest.clone().all(|(other, _)| other != grantee), Error::<T>::OfferedTwice);
        }
        Ok(())
    }

    pub(crate) fn do_accept(
        who: T::AccountId,
        person: PersonId,
        id: ReferralId,
        by: Grantee<T::AccountId>,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let mut referral = Self::load(&person, id)?;
        let at = Self::offered_to(&referral, &by)?;
        ensure!(T::Terms::acts_as(&who, &by, now), Error::<T>::NotActingAs);
        ensure!(T::People::valid(&person, now).is_some(), Error::<T>::SubjectNotActive);
        ensure!(T::Terms::in_force(&person, &by, at.terms, now), Error::<T>::AccessEnded);
        for offer in referral.offers.iter_mut() {
            if offer.to == by {
                offer.status = OfferStatus::Accepted;
            } else {
                Self::withdraw(&person, offer);
            }
        }
        referral.status = ReferralStatus::Accepted;
        Referrals::<T>::insert(person, id, referral);
        Self::deposit_event(Event::Accepted { person, id, by });
        Ok(())
    }

    pub(crate) fn do_reject(
        who: T::AccountId,
        person: PersonId,
        id: ReferralId,
        by: Grantee<T::AccountId>,
        reason: Reason,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let mut referral = Self::load(&person, id)?;
        Self::offered_to(&referral, &by)?;
        ensure!(T::Terms::acts_as(&who, &by, now), Error::<T>::NotActingAs);
        for offer in referral.offers.iter_mut().filter(|offer| offer.to == by) {
            T::Terms::end(person, &offer.to, offer.terms);
            offer.status = OfferStatus::Rejected(reason);
        }
        if !referral.offers.iter().any(|offer| offer.status == OfferStatus::Offered) {
            Self::finish(&person, &mut referral, ReferralStatus::Rejected, now);
        }
        Referrals::<T>::insert(person, id, referral);
        Self::deposit_event(Event::Rejected { person, id, by, reason });
        Ok(())
    }

    pub(crate) fn do_return_result(
        who: T::AccountId,
        person: PersonId,
        id: ReferralId,
        by: Grantee<T::AccountId>,
        record: RecordId,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let mut referral = Self::load(&person, id)?;
        ensure!(
            referral.status == ReferralStatus::Accepted
                && Self::accepted_by(&referral) == Some(&by),
            Error::<T>::NotAccepted
        );
        ensure!(T::Terms::acts_as(&who, &by, now), Error::<T>::NotActingAs);
        let facts = Self::record_of(&person, &record)?;
        ensure!(
            institution_of(&by).is_some_and(|own| facts.author == Author::Institution(own)),
            Error::<T>::NotReceiversRecord
        );
        ensure!(facts.shared_at >= referral.at, Error::<T>::ResultTooOld);
        referral.result = Some(record);
        Self::end_access(&person, &mut referral);
        Self::finish(&person, &mut referral, ReferralStatus::Returned, now);
        Referrals::<T>::insert(person, id, referral);
        Self::deposit_event(Event::ResultReturned { person, id, by, record });
        Ok(())
    }

    /// Closes in the name of a party, or of the person.
    pub(crate) fn do_close(
        person: PersonId,
        id: ReferralId,
        party: Option<(T::AccountId, Grantee<T::AccountId>)>,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let mut referral = Self::load(&person, id)?;
        ensure!(referral.status != ReferralStatus::Closed, Error::<T>::AlreadyClosed);
        if let Some((who, grantee)) = &party {
            let is_party = referral.by.as_ref() == Some(grantee)
                || Self::accepted_by(&referral) == Some(grantee);
            ensure!(is_party, Error::<T>::NotParty);
            ensure!(T::Terms::acts_as(who, grantee, now), Error::<T>::NotActingAs);
        }
        Self::end_access(&person, &mut referral);
        Self::finish(&person, &mut referral, ReferralStatus::Closed, now);
        Referrals::<T>::insert(person, id, referral);
        let by = party.map(|(_, grantee)| grantee);
        Self::deposit_event(Event::Closed { person, id, by });
        Ok(())
    }

    pub(crate) fn do_remove(person: PersonId, id: ReferralId) -> DispatchResult {
        let referral = Self::load(&person, id)?;
        let over_at = referral.ended_at.unwrap_or(referral.until);
        let stays_until = over_at.saturating_add(T::Grace::get());
        ensure!(T::Clock::now() >= stays_until, Error::<T>::NotOver);
        if referral.is_open() {
            Self::count_one_less(&person);
        }
        Referrals::<T>::remove(person, id);
        Self::deposit_event(Event::Removed { person, id });
        Ok(())
    }

    fn load(person: &PersonId, id: ReferralId) -> Result<Referral<T::AccountId>, Error<T>> {
        Referrals::<T>::get(person, id).ok_or(Error::<T>::ReferralNotFound)
    }

    /// A record of the person that stands.
    fn record_of(person: &PersonId, record: &RecordId) -> Result<RecordFacts, Error<T>> {
        T::Records::facts(record)
            .filter(|facts| facts.subject == *person && facts.status != RecordStatus::Rejected)
            .ok_or(Error::<T>::RecordNotFound)
    }

    /// The open offer to a grantee.
    fn offered_to<'a>(
        referral: &'a Referral<T::AccountId>,
        grantee: &Grantee<T::AccountId>,
    ) -> Result<Offer<T::AccountId>, Error<T>>
    where
        T::AccountId: 'a,
    {
        let offer = referral
            .offers
            .iter()
            .find(|offer| offer.to == *grantee && offer.status == OfferStatus::Offered);
        offer.cloned().ok_or(Error::<T>::NotOffered)
    }

    /// Who accepted, also when the referral is over.
    fn accepted_by(referral: &Referral<T::AccountId>) -> Option<&Grantee<T::AccountId>> {
        let mut offers = referral.offers.iter();
        offers.find(|offer| offer.status == OfferStatus::Accepted).map(|offer| &offer.to)
    }

    /// Takes an open offer back.
    fn withdraw(person: &PersonId, offer: &mut Offer<T::AccountId>) {
        if offer.status == OfferStatus::Offered {
            // The person may have revoked the terms before.
            T::Terms::end(*person, &offer.to, offer.terms);
            offer.status = OfferStatus::Withdrawn;
        }
    }

    /// Ends whatever access the referral still gives.
    fn end_access(person: &PersonId, referral: &mut Referral<T::AccountId>) {
        for offer in referral.offers.iter_mut() {
            Self::withdraw(person, offer);
            if offer.status == OfferStatus::Accepted {
                T::Terms::end(*person, &offer.to, offer.terms);
            }
        }
    }

    /// Brings a referral to a state in which nobody has access. A returned one may still be
    /// closed; it counts as open no longer.
    fn finish(
        person: &PersonId,
        referral: &mut Referral<T::AccountId>,
        status: ReferralStatus,
        now: Instant,
    ) {
        if referral.is_open() {
            Self::count_one_less(person);
        }
        referral.status = status;
        referral.ended_at = Some(now);
    }

    fn count_one_less(person: &PersonId) {
        Files::<T>::mutate(person, |file| {
            file.open = file.open.checked_sub(1).defensive_unwrap_or_default();
        });
    }
}

/// The institution that stands behind a grantee.
fn institution_of<AccountId>(grantee: &Grantee<AccountId>) -> Option<InstitutionId> {
    match grantee {
        Grantee::Institution(institution)
        | Grantee::Practitioner { institution, .. }
        | Grantee::CareTeam { institution, .. } => Some(*institution),
        Grantee::Person(_) => None,
    }
}
