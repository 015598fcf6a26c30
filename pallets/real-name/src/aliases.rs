//! Other names of persons: two documents of one person, and ids of a later generation of registrars.

use alloc::vec::Vec;
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, Time},
};
use kanglian_primitives::{
    Instant, InstitutionId, PersonId, RegionCode,
    payloads::{self, LinkBody, MigrationBody},
};
use kanglian_traits::{InstitutionView, RegistrarInspect};

use crate::{
    Alias, AliasKind, Aliases, AliasesOf, Config, Error, Event, Generations, LinkRequest,
    LinkRequests, Pallet, Person, PersonStatus, Persons, Rounds, Standing,
};

/// Steps from an alias to the person: a later generation's id, then a linked one.
const MAX_STEPS: usize = 2;

impl<T: Config> Pallet<T> {
    /// The id that this one leads to; itself when it is no alias.
    pub(crate) fn follow(id: PersonId) -> PersonId {
        let next = |id: &PersonId| Aliases::<T>::get(id).map(|alias| alias.canonical);
        core::iter::successors(Some(id), next)
            .take(MAX_STEPS.saturating_add(1))
            .last()
            .unwrap_or(id)
    }

    /// The ids that lead to this one, directly or in two steps.
    pub(crate) fn names_of(id: &PersonId) -> Vec<PersonId> {
        let mut names = AliasesOf::<T>::get(id).into_inner();
        let further: Vec<_> = names.iter().flat_map(AliasesOf::<T>::get).collect();
        names.extend(further);
        names
    }

    pub(crate) fn do_link(
        institution: InstitutionView<T::AccountId>,
        alias: PersonId,
        canonical: PersonId,
        canonical_signature: T::OffchainSignature,
        alias_signature: Option<T::OffchainSignature>,
    ) -> DispatchResult {
        let (now, by) = (T::Clock::now(), institution.id);
        Self::ensure_attester(&by, now)?;
        let (from, into) = Self::linkable(&alias, &canonical, now)?;
        let body = LinkBody { alias, canonical, institution: by, round: Rounds::<T>::get(alias) };
        let payload = payloads::link(&Self::genesis(), &body);
        Self::ensure_signed_by(&into.controller, payload.clone(), canonical_signature)?;
        if let Some(signature) = alias_signature {
            Self::ensure_signed_by(&from.controller, payload, signature)?;
            LinkRequests::<T>::remove(alias);
            return Self::put_link(alias, canonical, by, None, now);
        }
        let waits = LinkRequests::<T>::get(alias).is_some_and(|request| now < request.until);
        ensure!(!waits, Error::<T>::LinkPending);
        let approvable_from = now.saturating_add(T::LinkDelay::get());
        let until = approvable_from.saturating_add(T::LinkPeriod::get());
        let request = LinkRequest { canonical, by, from: approvable_from, until };
        LinkRequests::<T>::insert(alias, request);
        Self::deposit_event(Event::LinkRequested {
            alias,
            canonical,
            institution: by,
            approvable_from,
        });
        Ok(())
    }

    pub(crate) fn do_approve_link(region: RegionCode, alias: PersonId) -> DispatchResult {
        let now = T::Clock::now();
        let request = LinkRequests::<T>::get(alias).ok_or(Error::<T>::NoLinkRequest)?;
        Self::ensure_attester(&request.by, now)?;
        let (from, _) = Self::linkable(&alias, &request.canonical, now)?;
        ensure!(from.home_region == region, Error::<T>::OutsideRegion);
        ensure!(now >= request.from, Error::<T>::TooEarly);
        ensure!(now < request.until, Error::<T>::PeriodOver);
        LinkRequests::<T>::remove(alias);
        Self::put_link(alias, request.canonical, request.by, Some(region), now)
    }

    pub(crate) fn do_refuse_link(alias: PersonId) -> DispatchResult {
        let request = LinkRequests::<T>::take(alias).ok_or(Error::<T>::NoLinkRequest)?;
        Self::end_round(alias);
        Self::deposit_event(Event::LinkRefused { alias, canonical: request.canonical });
        Ok(())
    }

    pub(crate) fn do_undo_alias(region: RegionCode, alias: PersonId) -> DispatchResult {
        let concerned = |id: &PersonId| {
            Persons::<T>::get(id).is_some_and(|person| person.home_region == region)
        };
        if let Some(request) = LinkRequests::<T>::get(alias) {
            let either = concerned(&alias) || concerned(&request.canonical);
            ensure!(either, Error::<T>::OutsideRegion);
            return Self::do_refuse_link(alias);
        }
        let Alias { canonical, kind, since, .. } =
            Aliases::<T>::get(alias).ok_or(Error::<T>::NotAlias)?;
        ensure!(concerned(&alias) || concerned(&canonical), Error::<T>::OutsideRegion);
        let until = since.saturating_add(T::LinkPeriod::get());
        ensure!(T::Clock::now() < until, Error::<T>::PeriodOver);
        match kind {
            AliasKind::Linked => Self::try_change(alias, |entry| {
                entry.status = PersonStatus::Active;
                Ok(())
            })?,
            // Another migration under the same generation is open again.
            AliasKind::Migrated => Generations::<T>::mutate_exists(canonical, |generation| {
                *generation =
                    generation.and_then(|number| number.checked_sub(1)).filter(|left| *left > 0);
            }),
        }
        Aliases::<T>::remove(alias);
        AliasesOf::<T>::mutate_exists(canonical, |entry| {
            if let Some(names) = entry {
                names.retain(|name| *name != alias);
            }
            *entry = entry.take().filter(|names| !names.is_empty());
        });
        Self::end_round(alias);
        Self::deposit_event(Event::AliasUndone { alias, canonical, region });
        Ok(())
    }

    pub(crate) fn do_migrate(
        institution: InstitutionView<T::AccountId>,
        old: PersonId,
        new: PersonId,
        signature: T::OffchainSignature,
    ) -> DispatchResult {
        let (now, by) = (T::Clock::now(), institution.id);
        let generation = T::Generations::open_generation().ok_or(Error::<T>::GenerationClosed)?;
        Self::ensure_attester(&by, now)?;
        ensure!(Persons::<T>::contains_key(old), Error::<T>::PersonUnknown);
        ensure!(Generations::<T>::get(old) < generation, Error::<T>::AlreadyMigrated);
        let known = Persons::<T>::contains_key(new) || Aliases::<T>::contains_key(new);
        ensure!(!known, Error::<T>::PersonKnown);
        // Of two linked ids each has its document, and one account speaks for both.
        let speaker = Self::ensure_valid(&Self::follow(old), now)?;
        let round = Rounds::<T>::get(new);
        let body = MigrationBody { generation, old, new, institution: by, round };
        let payload = payloads::migrate(&Self::genesis(), &body);
        Self::ensure_signed_by(&speaker.controller, payload, signature)?;
        Self::put_alias(new, old, AliasKind::Migrated, by, now)?;
        Generations::<T>::insert(old, generation);
        Self::deposit_event(Event::Migrated { old, new, generation, institution: by });
        Ok(())
    }

    /// Both persons, when one may become another name of the other.
    fn linkable(
        alias: &PersonId,
        canonical: &PersonId,
        now: Instant,
    ) -> Result<(Person<T::AccountId>, Person<T::AccountId>), Error<T>> {
        ensure!(alias != canonical, Error::<T>::SamePerson);
        let persons = (Self::ensure_valid(alias, now)?, Self::ensure_valid(canonical, now)?);
        let linked = |name: &PersonId| {
            Aliases::<T>::get(name).is_some_and(|entry| entry.kind == AliasKind::Linked)
        };
        ensure!(!AliasesOf::<T>::get(alias).iter().any(linked), Error::<T>::HasAliases);
        Ok(persons)
    }

    /// The person, when valid and not being recovered.
    fn ensure_valid(id: &PersonId, now: Instant) -> Result<Person<T::AccountId>, Error<T>> {
        let Some(person) = Persons::<T>::get(id) else {
            return Err(match Aliases::<T>::contains_key(id) {
                true => Error::<T>::PersonLinked,
                false => Error::<T>::PersonUnknown,
            });
        };
        match Self::standing_of(&person, now) {
            Standing::Valid => Ok(person),
            Standing::Recovering => Err(Error::<T>::RecoveryPending),
            Standing::Suspended => Err(Error::<T>::PersonSuspended),
            Standing::Closed => Err(Error::<T>::PersonClosed),
            Standing::Expired => Err(Error::<T>::Expired),
            Standing::Invalidated => Err(Error::<T>::Invalidated),
            Standing::Linked => Err(Error::<T>::PersonLinked),
            Standing::NotTakenOver => Err(Error::<T>::NotTakenOver),
        }
    }

    fn put_link(
        alias: PersonId,
        canonical: PersonId,
        by: InstitutionId,
        approved_by: Option<RegionCode>,
        now: Instant,
    ) -> DispatchResult {
        Self::put_alias(alias, canonical, AliasKind::Linked, by, now)?;
        Self::try_change(alias, |entry| {
            entry.status = PersonStatus::Linked;
            Ok(())
        })?;
        Self::deposit_event(Event::Linked { alias, canonical, institution: by, approved_by });
        Ok(())
    }

    fn put_alias(
        alias: PersonId,
        canonical: PersonId,
        kind: AliasKind,
        by: InstitutionId,
        since: Instant,
    ) -> DispatchResult {
        AliasesOf::<T>::try_append(canonical, alias).map_err(|()| Error::<T>::TooManyAliases)?;
        Aliases::<T>::insert(alias, Alias { canonical, kind, by, since });
        Ok(())
    }

    /// What was signed for the alias before counts no more.
    fn end_round(alias: PersonId) {
        Rounds::<T>::mutate(alias, |round| *round = round.saturating_add(1));
    }
}
