//! Dealings and what custodians say of them.

use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use kanglian_primitives::{
    ComplaintReason, Dealing, DealingTerms, DealingView, DealtScope, MIN_CUSTODIANS, MIN_THRESHOLD,
    PartAnswer, PerCustodian, PersonId, RegionCode, WaitingPart,
};
use kanglian_traits::RegionInspect;
use sp_runtime::{ArithmeticError, DispatchError};

use crate::{
    Config, Custodians, Dealings, Error, Event, Pallet, WaitingParts, custodians::page_size,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_deal(
        person: PersonId,
        scope: DealtScope,
        terms: DealingTerms,
    ) -> DispatchResult {
        let threshold = terms.threshold;
        let parts = terms.parts.len();
        ensure!(parts >= usize::from(MIN_CUSTODIANS), Error::<T>::TooFewCustodians);
        ensure!(
            threshold >= MIN_THRESHOLD && usize::from(threshold) <= parts,
            Error::<T>::WrongThreshold
        );
        ensure!(terms.commitments.len() == usize::from(threshold), Error::<T>::WrongCommitments);
        let rising = terms.parts.iter().zip(terms.parts.iter().skip(1));
        ensure!(
            rising.clone().all(|(one, next)| one.region < next.region),
            Error::<T>::PartsNotRising
        );

        let custodians = Custodians::<T>::get();
        let mut keys = PerCustodian::new();
        let mut answers = PerCustodian::new();
        let mut regions = PerCustodian::new();
        for part in &terms.parts {
            let custodian = custodians.get(&part.region).ok_or(Error::<T>::NoCustodian)?;
            ensure!(T::Regions::is_active(part.region), Error::<T>::NoCustodian);
            // Each list is as long as the parts, which fit.
            keys.try_push(custodian.key).map_err(|_| Error::<T>::NoPart)?;
            answers.try_push(PartAnswer::Waiting).map_err(|_| Error::<T>::NoPart)?;
            regions.try_push(part.region).map_err(|_| Error::<T>::NoPart)?;
        }

        let former = Dealings::<T>::get(person, scope);
        let last = former.as_ref().map(|former| former.number).unwrap_or_default();
        let number = last.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        for part in former.iter().flat_map(|former| former.terms.parts.iter()) {
            WaitingParts::<T>::remove(part.region, (person, scope));
        }
        for region in &regions {
            WaitingParts::<T>::insert(region, (person, scope), number);
        }
        let dealing = Dealing { number, dealt_at: T::Clock::now(), terms, keys, answers };
        Dealings::<T>::insert(person, scope, dealing);
        Self::deposit_event(Event::Dealt { person, scope, number, threshold, regions });
        Ok(())
    }

    pub(crate) fn do_acknowledge(
        who: &T::AccountId,
        person: PersonId,
        scope: DealtScope,
        number: u32,
    ) -> DispatchResult {
        let (region, dealing) = Self::answer(who, person, scope, number, PartAnswer::Acknowledged)?;
        let counting = Self::counting(dealing.acknowledged());
        let recoverable = counting >= dealing.terms.threshold;
        Self::deposit_event(Event::Acknowledged {
            person,
            scope,
            number,
            region,
            counting,
            recoverable,
        });
        Ok(())
    }

    pub(crate) fn do_complain(
        who: &T::AccountId,
        person: PersonId,
        scope: DealtScope,
        number: u32,
        reason: ComplaintReason,
    ) -> DispatchResult {
        let (region, _) = Self::answer(who, person, scope, number, PartAnswer::Bad(reason))?;
        Self::deposit_event(Event::Complained { person, scope, number, region, reason });
        Ok(())
    }

    /// Notes a custodian's answer; gives its region and the dealing.
    fn answer(
        who: &T::AccountId,
        person: PersonId,
        scope: DealtScope,
        number: u32,
        said: PartAnswer,
    ) -> Result<(RegionCode, Dealing), DispatchError> {
        let custodian = Self::custodian_of(who).ok_or(Error::<T>::NotCustodian)?;
        let dealing = Dealings::<T>::try_mutate(person, scope, |entry| {
            let dealing = entry.as_mut().ok_or(Error::<T>::DealingUnknown)?;
            ensure!(dealing.number == number, Error::<T>::DealingReplaced);
            let index = Self::part_of(dealing, custodian)?;
            let answer = dealing.answers.get_mut(index).ok_or(Error::<T>::NoPart)?;
            let is_final = *answer == PartAnswer::Bad(ComplaintReason::BadShare);
            ensure!(!is_final && *answer != said, Error::<T>::AlreadyAnswered);
            *answer = said;
            Ok::<_, DispatchError>(dealing.clone())
        })?;
        WaitingParts::<T>::remove(custodian.0, (person, scope));
        Ok((custodian.0, dealing))
    }

    /// Whether enough custodians hold good shares of the dealing now.
    pub(crate) fn is_answerable(dealing: &Dealing) -> bool {
        Self::counting(dealing.acknowledged()) >= dealing.terms.threshold
    }

    /// Whether the person's keys could be recovered now.
    pub fn is_recoverable(person: &PersonId, scope: DealtScope) -> bool {
        Dealings::<T>::get(person, scope).is_some_and(|dealing| Self::is_answerable(&dealing))
    }

    /// The dealing as clients see it.
    pub(crate) fn view_of_dealing(dealing: Dealing) -> DealingView {
        let counting = Self::counting(dealing.acknowledged());
        let recoverable = counting >= dealing.terms.threshold;
        DealingView { dealing, counting, recoverable }
    }

    /// Dealings in which the region has a part, of `limit` after the one named.
    pub(crate) fn page_of_own_parts(
        region: RegionCode,
        after: Option<(PersonId, DealtScope)>,
        limit: u32,
    ) -> (Vec<WaitingPart>, Option<(PersonId, DealtScope)>) {
        let all = match after {
            Some((person, scope)) => {
                Dealings::<T>::iter_from(Dealings::<T>::hashed_key_for(person, scope))
            },
            None => Dealings::<T>::iter(),
        };
        let size = page_size(limit);
        let looked_at: Vec<_> = all.take(size).collect();
        let last = looked_at.last().map(|(person, scope, _)| (*person, *scope));
        let next = last.filter(|_| looked_at.len() == size);
        let own =
            looked_at.into_iter().filter(|(_, _, dealing)| dealing.index_of(region).is_some());
        (own.map(|(person, scope, dealing)| (person, scope, dealing.number)).collect(), next)
    }

    /// Parts that wait for the region's custodian, after the one named.
    pub(crate) fn page_of_parts(
        region: RegionCode,
        after: Option<(PersonId, DealtScope)>,
        limit: u32,
    ) -> Vec<WaitingPart> {
        let all = match after {
            Some(last) => WaitingParts::<T>::iter_prefix_from(
                region,
                WaitingParts::<T>::hashed_key_for(region, last),
            ),
            None => WaitingParts::<T>::iter_prefix(region),
        };
        let parts = all.map(|((person, scope), number)| (person, scope, number));
        parts.take(page_size(limit)).collect()
    }
}
