//! Bodies of the calls.

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Defensive, Get, Time},
};
use kanglian_primitives::{
    Author, Correction, CorrectionId, CorrectionReason, CorrectionStatus, Hash32, Instant,
    InstitutionId, PersonId, RecordId, RecordStatus, RefusalReason, RegionCode,
};
use kanglian_traits::{InstitutionInspect, RecordInspect};

use crate::{Config, Corrections, Error, Event, Files, Pallet, Waiting, WrongPerson};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_request(
        person: PersonId,
        record: RecordId,
        reason: CorrectionReason,
        text: Hash32,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let facts = T::Records::facts(&record).filter(|facts| facts.subject == person);
        let facts = facts.ok_or(Error::<T>::RecordNotFound)?;
        let Author::Institution(author) = facts.author else {
            return Err(Error::<T>::OwnRecord.into());
        };
        match facts.status {
            RecordStatus::Active => {},
            RecordStatus::Superseded(_) => return Err(Error::<T>::NotCurrent.into()),
            RecordStatus::Rejected => return Err(Error::<T>::RecordNotFound.into()),
        }
        ensure!(!Waiting::<T>::contains_key(record), Error::<T>::AlreadyRequested);
        let mut file = Files::<T>::get(person);
        ensure!(file.open < T::MaxOpen::get(), Error::<T>::TooManyRequests);
        file.open = file.open.saturating_add(1);
        let last = file.last.0.checked_add(1).ok_or(Error::<T>::TooManyRequests)?;
        file.last = CorrectionId(last);
        let id = file.last;
        // An author that is permitted no longer cannot decide; where the record was shared can.
        let region =
            T::Institutions::permitted(&author, now).map_or(facts.region, |one| one.region);
        let decide_by = now.saturating_add(T::DecidePeriod::get());
        let correction = Correction {
            record,
            reason,
            text,
            author,
            region,
            asked_at: now,
            decide_by,
            status: CorrectionStatus::Open,
            ended_at: None,
        };
        Corrections::<T>::insert(person, id, correction);
        Files::<T>::insert(person, file);
        Waiting::<T>::insert(record, id);
        Self::deposit_event(Event::Requested {
            person,
            id,
            record,
            reason,
            text,
            author,
            decide_by,
        });
        Ok(())
    }

    pub(crate) fn do_amend(
        author: InstitutionId,
        person: PersonId,
        id: CorrectionId,
        record: RecordId,
    ) -> DispatchResult {
        let correction = Self::of_author(&author, &person, id)?;
        let old = T::Records::facts(&correction.record).ok_or(Error::<T>::RecordNotFound)?;
        ensure!(old.status == RecordStatus::Superseded(record), Error::<T>::NotSuperseded);
        let new = T::Records::facts(&record).ok_or(Error::<T>::RecordNotFound)?;
        ensure!(new.shared_at >= correction.asked_at, Error::<T>::AmendmentTooOld);
        Self::finish(&person, id, correction, CorrectionStatus::Amended(record));
        Self::deposit_event(Event::Amended { person, id, old: old.id, record });
        Ok(())
    }

    pub(crate) fn do_refuse(
        author: InstitutionId,
        person: PersonId,
        id: CorrectionId,
        reason: RefusalReason,
    ) -> DispatchResult {
        let correction = Self::of_author(&author, &person, id)?;
        ensure!(correction.status != CorrectionStatus::Upheld, Error::<T>::MustAmend);
        Self::finish(&person, id, correction, CorrectionStatus::Refused(reason));
        Self::deposit_event(Event::Refused { person, id, reason });
        Ok(())
    }

    pub(crate) fn do_mark_wrong_person(author: InstitutionId, record: RecordId) -> DispatchResult {
        let facts = T::Records::facts(&record).ok_or(Error::<T>::RecordNotFound)?;
        ensure!(facts.author == Author::Institution(author), Error::<T>::NotAuthor);
        ensure!(!WrongPerson::<T>::contains_key(record), Error::<T>::AlreadyMarked);
        WrongPerson::<T>::insert(record, T::Clock::now());
        let person = facts.subject;
        let id = Waiting::<T>::get(record);
        if let Some((id, correction)) =
            id.and_then(|id| Corrections::<T>::get(person, id).map(|found| (id, found)))
        {
            Self::finish(&person, id, correction, CorrectionStatus::WrongPerson);
        }
        Self::deposit_event(Event::MarkedWrongPerson { person, record, author, id });
        Ok(())
    }

    pub(crate) fn do_escalate(person: PersonId, id: CorrectionId) -> DispatchResult {
        let now = T::Clock::now();
        let mut correction = Self::open(&person, id)?;
        let waits_for_author = correction.status != CorrectionStatus::Overdue;
        ensure!(waits_for_author && now >= correction.decide_by, Error::<T>::NotDue);
        let decide_by = now.saturating_add(T::DecidePeriod::get());
        let (author, region) = (correction.author, correction.region);
        correction.status = CorrectionStatus::Overdue;
        correction.decide_by = decide_by;
        Corrections::<T>::insert(person, id, correction);
        Self::deposit_event(Event::Overdue { person, id, author, region, decide_by });
        Ok(())
    }

    pub(crate) fn do_review(
        region: RegionCode,
        person: PersonId,
        id: CorrectionId,
        dismiss: Option<RefusalReason>,
    ) -> DispatchResult {
        let mut correction =
            Corrections::<T>::get(person, id).ok_or(Error::<T>::RequestNotFound)?;
        ensure!(correction.status == CorrectionStatus::Overdue, Error::<T>::NotEscalated);
        ensure!(correction.region == region, Error::<T>::OutsideRegion);
        match dismiss {
            Some(reason) => {
                Self::finish(&person, id, correction, CorrectionStatus::Dismissed(reason));
                Self::deposit_event(Event::Dismissed { person, id, reason });
            },
            None => {
                let decide_by = T::Clock::now().saturating_add(T::DecidePeriod::get());
                correction.status = CorrectionStatus::Upheld;
                correction.decide_by = decide_by;
                Corrections::<T>::insert(person, id, correction);
                Self::deposit_event(Event::Upheld { person, id, decide_by });
            },
        }
        Ok(())
    }

    pub(crate) fn do_withdraw(person: PersonId, id: CorrectionId) -> DispatchResult {
        let correction = Self::open(&person, id)?;
        Self::finish(&person, id, correction, CorrectionStatus::Withdrawn);
        Self::deposit_event(Event::Withdrawn { person, id });
        Ok(())
    }

    pub(crate) fn do_remove(person: PersonId, id: CorrectionId) -> DispatchResult {
        let correction = Corrections::<T>::get(person, id).ok_or(Error::<T>::RequestNotFound)?;
        let ended_at = correction.ended_at.ok_or(Error::<T>::NotOver)?;
        let stays_until = ended_at.saturating_add(T::Grace::get());
        ensure!(T::Clock::now() >= stays_until, Error::<T>::NotOver);
        Corrections::<T>::remove(person, id);
        Self::deposit_event(Event::Removed { person, id });
        Ok(())
    }

    /// A request that waits for somebody.
    fn open(person: &PersonId, id: CorrectionId) -> Result<Correction, Error<T>> {
        let correction = Corrections::<T>::get(person, id).ok_or(Error::<T>::RequestNotFound)?;
        ensure!(correction.status.is_open(), Error::<T>::AlreadyDecided);
        Ok(correction)
    }

    /// The same, for the author.
    fn of_author(
        author: &InstitutionId,
        person: &PersonId,
        id: CorrectionId,
    ) -> Result<Correction, Error<T>> {
        let correction = Self::open(person, id)?;
        ensure!(correction.author == *author, Error::<T>::NotAuthor);
        Ok(correction)
    }

    fn finish(
        person: &PersonId,
        id: CorrectionId,
        mut correction: Correction,
        status: CorrectionStatus,
    ) {
        let now: Instant = T::Clock::now();
        Waiting::<T>::remove(correction.record);
        Files::<T>::mutate(person, |file| {
            file.open = file.open.checked_sub(1).defensive_unwrap_or_default();
        });
        correction.status = status;
        correction.ended_at = Some(now);
        Corrections::<T>::insert(person, id, correction);
    }
}
