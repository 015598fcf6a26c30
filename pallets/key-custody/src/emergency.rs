//! Emergencies, their reviews, and the end of old cases.

use alloc::vec::Vec;
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, Time},
};
use kanglian_primitives::{
    CaseRef, DealtScope, Emergency, EmergencyId, EmergencyNote, EmergencyReason, Instant,
    InstitutionId, PersonId, RecoveryStatus, RegionCode, ReviewOutcome,
};
use kanglian_traits::{PersonInspect, RegionInspect, SuspendPractitioner};
use sp_runtime::{ArithmeticError, DispatchError};

use crate::{
    Config, Dealings, Emergencies, EmergenciesBy, EmergenciesOf, Error, Event, HOUR_MS,
    MOST_UNREVIEWED_ABOUT_ONE, NextEmergency, NoteList, OpenedBy, OverdueReviews, Pallet,
    Recoveries, Unreviewed, custodians::page_size,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_open_emergency(
        practitioner: T::AccountId,
        person: PersonId,
        institution: InstitutionId,
        reason: EmergencyReason,
        hours: u8,
    ) -> DispatchResult {
        let now = T::Clock::now();
        ensure!((1..=T::MaxEmergencyHours::get()).contains(&hours), Error::<T>::WrongHours);
        let physician = T::Institutions::physician(&practitioner, &institution, now)
            .ok_or(Error::<T>::NotPhysician)?;
        ensure!(T::People::valid(&person, now).is_some(), Error::<T>::PersonNotValid);
        let dealing = Dealings::<T>::get(person, DealtScope::Emergency)
            .filter(Self::is_answerable)
            .ok_or(Error::<T>::NotAnswerable)?;

        let mut by = EmergenciesBy::<T>::get(&practitioner);
        by.retain(|note| is_live(note, now));
        let held = by.iter().filter(|note| is_held_against(note, now)).count();
        let most = usize::try_from(T::MaxOpenEmergencies::get()).unwrap_or_default();
        ensure!(held < most, Error::<T>::TooManyEmergencies);
        let mut about = EmergenciesOf::<T>::get(person);
        let twice =
            about.iter().any(|note| note.practitioner == practitioner && now < note.ends_at);
        ensure!(!twice, Error::<T>::AlreadyOpen);
        let waiting =
            about.iter().filter(|note| note.practitioner == practitioner && !note.reviewed).count();
        ensure!(waiting < MOST_UNREVIEWED_ABOUT_ONE, Error::<T>::ReviewsOutstanding);

        let id = NextEmergency::<T>::try_mutate(|next| {
            let id = EmergencyId(*next);
            *next = next.checked_add(1).ok_or(ArithmeticError::Overflow)?;
            Ok::<_, DispatchError>(id)
        })?;
        let ends_at = now.saturating_add(HOUR_MS.saturating_mul(hours.into()));
        let review_by = ends_at.saturating_add(T::ReviewPeriod::get());
        let note = EmergencyNote {
            id,
            practitioner: practitioner.clone(),
            institution,
            ends_at,
            review_by,
            reviewed: false,
        };
        by.try_push(note.clone()).map_err(|_| Error::<T>::TooManyCases)?;
        if about.is_full() {
            // Reviewed ones first. The others are still known by their numbers, and reviewed.
            let over = |note: &EmergencyNote<T::AccountId>| now >= note.ends_at;
            let done = about.iter().position(|note| over(note) && note.reviewed);
            if let Some(place) = done.or_else(|| about.iter().position(over)) {
                about.remove(place);
            }
        }
        about.try_push(note).map_err(|_| Error::<T>::TooManyCases)?;

        Self::await_hand_overs(&dealing, CaseRef::Emergency(id));
        EmergenciesBy::<T>::insert(&practitioner, by);
        EmergenciesOf::<T>::insert(person, about);
        Unreviewed::<T>::insert(id, review_by);
        if let Some(own) = T::People::speaks_for(&practitioner) {
            OpenedBy::<T>::insert(id, own);
        }
        let emergency = Emergency {
            person,
            practitioner: practitioner.clone(),
            institution,
            region: physician.region,
            reason,
            reseal_key: physician.encryption_key,
            opened_at: now,
            ends_at,
            review_by,
            review: None,
            escalated: false,
            dealing,
            handed_over: Default::default(),
        };
        Emergencies::<T>::insert(id, emergency);
        Self::deposit_event(Event::EmergencyOpened {
            id,
            person,
            practitioner,
            institution,
            region: physician.region,
            reason,
            ends_at,
        });
        Ok(())
    }

    pub(crate) fn do_review_emergency(
        office: Option<RegionCode>,
        id: EmergencyId,
        outcome: ReviewOutcome,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let emergency = Self::change_emergency(id, |emergency| {
            let responsible = office.is_none_or(|region| region == emergency.region);
            ensure!(responsible, Error::<T>::OtherRegion);
            ensure!(emergency.review.is_none(), Error::<T>::AlreadyReviewed);
            emergency.review = Some(outcome);
            if outcome == ReviewOutcome::Abuse {
                emergency.ends_at = emergency.ends_at.min(now);
            }
            Ok(())
        })?;
        Unreviewed::<T>::remove(id);
        let own = OpenedBy::<T>::take(id);
        if emergency.escalated {
            OverdueReviews::<T>::mutate_exists(emergency.region, |owed| {
                *owed = owed.and_then(|count| count.checked_sub(1)).filter(|count| *count > 0);
            });
        }
        let suspended = outcome == ReviewOutcome::Abuse
            && T::Institutions::stop(&emergency.practitioner, own, &emergency.institution);
        Self::deposit_event(Event::EmergencyReviewed {
            id,
            person: emergency.person,
            practitioner: emergency.practitioner,
            outcome,
            suspended,
        });
        Ok(())
    }

    pub(crate) fn do_escalate_emergency(id: EmergencyId) -> DispatchResult {
        let now = T::Clock::now();
        let emergency = Self::change_emergency(id, |emergency| {
            ensure!(emergency.review.is_none(), Error::<T>::AlreadyReviewed);
            ensure!(now >= emergency.review_by, Error::<T>::NotOverdue);
            ensure!(!emergency.escalated, Error::<T>::AlreadyEscalated);
            emergency.escalated = true;
            Ok(())
        })?;
        let region = emergency.region;
        let owed = OverdueReviews::<T>::mutate(region, |owed| {
            *owed = owed.saturating_add(1);
            *owed
        });
        let pan_centre = T::Regions::pan_centre(region);
        Self::deposit_event(Event::EmergencyEscalated { id, region, pan_centre, owed });
        Ok(())
    }

    pub(crate) fn do_close_emergency(who: &T::AccountId, id: EmergencyId) -> DispatchResult {
        let now = T::Clock::now();
        let emergency = Self::change_emergency(id, |emergency| {
            ensure!(emergency.practitioner == *who, Error::<T>::OtherPractitioner);
            ensure!(emergency.is_open(now), Error::<T>::EmergencyOver);
            emergency.ends_at = now;
            Ok(())
        })?;
        Self::deposit_event(Event::EmergencyClosed {
            id,
            person: emergency.person,
            practitioner: emergency.practitioner,
        });
        Ok(())
    }

    /// Changes an emergency, and its notes at person and practitioner with it.
    fn change_emergency(
        id: EmergencyId,
        change: impl FnOnce(&mut Emergency<T::AccountId>) -> DispatchResult,
    ) -> Result<Emergency<T::AccountId>, DispatchError> {
        let now = T::Clock::now();
        let emergency = Emergencies::<T>::try_mutate(id, |entry| {
            let emergency = entry.as_mut().ok_or(Error::<T>::EmergencyUnknown)?;
            change(emergency)?;
            Ok::<_, DispatchError>(emergency.clone())
        })?;
        let amend = |notes: &mut NoteList<T>| {
            if let Some(note) = notes.iter_mut().find(|note| note.id == id) {
                note.ends_at = emergency.ends_at;
                note.reviewed = emergency.review.is_some();
            }
        };
        EmergenciesOf::<T>::mutate(emergency.person, amend);
        EmergenciesBy::<T>::mutate_exists(&emergency.practitioner, |entry| {
            if let Some(notes) = entry {
                amend(notes);
                notes.retain(|note| is_live(note, now));
            }
            *entry = entry.take().filter(|notes| !notes.is_empty());
        });
        if !emergency.is_open(now) {
            Self::await_no_more(&emergency.dealing, CaseRef::Emergency(id));
        }
        Ok(emergency)
    }

    pub(crate) fn do_prune_case(case: CaseRef) -> DispatchResult {
        let now = T::Clock::now();
        let is_old = |end: Instant| now >= end.saturating_add(T::Retention::get());
        match case {
            CaseRef::Recovery(id) => {
                let mut recovery = Recoveries::<T>::get(id).ok_or(Error::<T>::RecoveryUnknown)?;
                if recovery.is_pending() {
                    ensure!(Self::may_lapse(&recovery, now), Error::<T>::TooEarly);
                    Self::end_recovery(id, &mut recovery, RecoveryStatus::Lapsed)?;
                    Recoveries::<T>::insert(id, recovery);
                    return Ok(());
                }
                ensure!(recovery.ended_at.is_some_and(is_old), Error::<T>::TooEarly);
                Self::remove_recovery(id, &recovery);
            },
            CaseRef::Emergency(id) => {
                let emergency = Emergencies::<T>::get(id).ok_or(Error::<T>::EmergencyUnknown)?;
                let done = emergency.review.is_some() && is_old(emergency.ends_at);
                ensure!(done, Error::<T>::TooEarly);
                Self::await_no_more(&emergency.dealing, case);
                let forget = |entry: &mut Option<NoteList<T>>| {
                    if let Some(notes) = entry {
                        notes.retain(|note| note.id != id);
                    }
                    *entry = entry.take().filter(|notes| !notes.is_empty());
                };
                EmergenciesOf::<T>::mutate_exists(emergency.person, forget);
                EmergenciesBy::<T>::mutate_exists(&emergency.practitioner, forget);
                Emergencies::<T>::remove(id);
            },
        }
        Self::deposit_event(Event::CasePruned { case });
        Ok(())
    }

    /// Whether an emergency was opened about the person's summary as dealt under this number.
    pub(crate) fn is_opened(person: &PersonId, number: u32) -> bool {
        let notes = EmergenciesOf::<T>::get(person);
        let mut cases = notes.iter().filter_map(|note| Emergencies::<T>::get(note.id));
        cases.any(|emergency| emergency.dealing.number == number)
    }

    /// Emergencies whose review is overdue, after the one named.
    pub(crate) fn page_of_overdue(
        after: Option<EmergencyId>,
        limit: u32,
        now: Instant,
    ) -> Vec<EmergencyId> {
        let all = match after {
            Some(last) => Unreviewed::<T>::iter_from(Unreviewed::<T>::hashed_key_for(last)),
            None => Unreviewed::<T>::iter(),
        };
        let overdue = all.filter(|(_, review_by)| now >= *review_by);
        overdue.map(|(id, _)| id).take(page_size(limit)).collect()
    }
}

/// Whether the emergency is open or waits for its review.
pub(crate) fn is_live<AccountId>(note: &EmergencyNote<AccountId>, now: Instant) -> bool {
    now < note.ends_at || !note.reviewed
}

/// Whether the emergency counts towards the most that a practitioner may have: it is open, or its
/// review is overdue.
fn is_held_against<AccountId>(note: &EmergencyNote<AccountId>, now: Instant) -> bool {
    now < note.ends_at || (!note.reviewed && now >= note.review_by)
}
