//! Bodies of the calls.

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, Time},
    weights::Weight,
};
use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, EncryptionKey, Grantee, Hash32, Instant, InstitutionId,
    KeyEpoch, PersonId, PurposeSet, RegionCode, TermsId,
};
use kanglian_traits::{BlockInspect, PersonInspect, log_tree};

use crate::{
    AccessLog, AccessLogs, Config, Error, Event, Grants, MAX_DELEGATION, MAX_ID_LEAD, Pallet,
    Resealed, ScopeKey, ScopeKeys, TermsOf, WriteConsent, WriteConsents, is_within_parent,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_grant(
        person: PersonId,
        grantee: Grantee<T::AccountId>,
        terms: TermsOf<T>,
    ) -> DispatchResult {
        let now = T::Clock::now();
        ensure!(terms.parent.is_none(), Error::<T>::ParentGiven);
        Self::check_terms(&terms, now)?;
        Self::add_terms(person, &grantee, terms.clone(), now)?;
        Self::deposit_event(Event::Granted { person, grantee, terms });
        Ok(())
    }

    pub(crate) fn do_delegate(
        who: &T::AccountId,
        subject: PersonId,
        acting_as: Grantee<T::AccountId>,
        grantee: Grantee<T::AccountId>,
        terms: TermsOf<T>,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let link = terms.parent.as_ref().filter(|parent| parent.grantee == acting_as);
        let parent_id = link.ok_or(Error::<T>::ParentMissing)?.id;
        Self::check_terms(&terms, now)?;
        ensure!(Self::acts_as(who, &acting_as, now).is_some(), Error::<T>::NotActingAs);
        ensure!(T::People::valid(&subject, now).is_some(), Error::<T>::SubjectNotActive);
        ensure!(Self::is_in_standing(&grantee, now), Error::<T>::GranteeNotInStanding);
        let parent = Self::terms_in_force(&subject, &acting_as, parent_id, now)
            .ok_or(Error::<T>::ParentNotInForce)?;
        let depth_left = parent.may_delegate.checked_sub(1).ok_or(Error::<T>::MayNotDelegate)?;
        ensure!(
            terms.may_delegate <= depth_left && is_within_parent(&terms, &parent),
            Error::<T>::BeyondParent
        );
        Self::add_terms(subject, &grantee, terms.clone(), now)?;
        Self::deposit_event(Event::Delegated { person: subject, by: acting_as, grantee, terms });
        Ok(())
    }

    /// Takes terms out of a grantee's file. The file stays, with the identifier it remembers.
    pub(crate) fn end_terms(
        person: PersonId,
        grantee: &Grantee<T::AccountId>,
        id: TermsId,
    ) -> DispatchResult {
        Grants::<T>::try_mutate_exists(person, grantee, |file| {
            let file = file.as_mut().ok_or(Error::<T>::TermsNotFound)?;
            ensure!(file.find(id).is_some(), Error::<T>::TermsNotFound);
            file.terms.retain(|terms| terms.id != id);
            Ok(())
        })
    }

    pub(crate) fn do_allow_writing(
        person: PersonId,
        institution: InstitutionId,
        blocks: BusinessBlockSet,
        until: Instant,
    ) -> DispatchResult {
        if blocks.is_empty() {
            WriteConsents::<T>::take(person, institution).ok_or(Error::<T>::NoWriteConsent)?;
            Self::deposit_event(Event::WritingEnded { person, institution });
            return Ok(());
        }
        Self::put_write_consent(person, institution, blocks, until)?;
        Self::deposit_event(Event::WritingAllowed { person, institution, blocks, until });
        Ok(())
    }

    /// Stores a write consent for at least one block. A restricted block may stand beside others
    /// here: writing shows nothing to the writer.
    pub(crate) fn put_write_consent(
        person: PersonId,
        institution: InstitutionId,
        blocks: BusinessBlockSet,
        until: Instant,
    ) -> DispatchResult {
        Self::check_end(until, T::Clock::now())?;
        for block in blocks.iter() {
            Self::ensure_private(block)?;
        }
        WriteConsents::<T>::insert(person, institution, WriteConsent { blocks, until });
        Ok(())
    }

    pub(crate) fn do_rotate_scope_key(
        person: PersonId,
        block: BusinessBlockId,
        epoch: KeyEpoch,
        key: EncryptionKey,
        resealed: Resealed<T::AccountId>,
    ) -> DispatchResult {
        Self::put_scope_key(person, block, epoch, key)?;
        let count = resealed.iter().fold(0u32, |count, _| count.saturating_add(1));
        for (grantee, id, bundle) in resealed {
            Grants::<T>::try_mutate_exists(person, grantee, |file| {
                let held = file.as_mut().map(|file| file.terms.iter_mut());
                let terms = held
                    .and_then(|mut held| held.find(|terms| terms.id == id))
                    .ok_or(Error::<T>::TermsNotFound)?;
                ensure!(terms.blocks.contains(block), Error::<T>::BlockNotCovered);
                terms.bundle = bundle;
                Ok::<_, Error<T>>(())
            })?;
        }
        Self::deposit_event(Event::ScopeKeyRotated { person, block, epoch, key, resealed: count });
        Ok(())
    }

    /// Publishes the scope key of the epoch that follows.
    pub(crate) fn put_scope_key(
        person: PersonId,
        block: BusinessBlockId,
        epoch: KeyEpoch,
        key: EncryptionKey,
    ) -> DispatchResult {
        ensure!(!key.is_low_order(), Error::<T>::LowOrderKey);
        Self::ensure_private(block)?;
        let next = match ScopeKeys::<T>::get(person, block) {
            None => Some(0),
            Some(published) => published.epoch.0.checked_add(1),
        };
        ensure!(next == Some(epoch.0), Error::<T>::WrongEpoch);
        ScopeKeys::<T>::insert(person, block, ScopeKey { epoch, key });
        Ok(())
    }

    pub(crate) fn do_anchor_access_log(
        region: RegionCode,
        size: u64,
        root: Hash32,
        proof: &[Hash32],
    ) -> DispatchResult {
        let anchored = AccessLogs::<T>::get(region);
        ensure!(size > anchored.map(|log| log.size).unwrap_or_default(), Error::<T>::LogNotGrowing);
        let consistent = match anchored {
            None => proof.is_empty(),
            Some(log) => log_tree::is_consistent((log.size, &log.root), (size, &root), proof),
        };
        ensure!(consistent, Error::<T>::InconsistentLog);
        AccessLogs::<T>::insert(region, AccessLog { size, root, at: T::Clock::now() });
        Self::deposit_event(Event::AccessLogAnchored { region, size, root });
        Ok(())
    }

    /// Whether terms are well formed, whoever gives them.
    pub(crate) fn check_terms(terms: &TermsOf<T>, now: Instant) -> Result<(), Error<T>> {
        ensure!(!terms.purposes.is_empty(), Error::<T>::NoPurposes);
        ensure!(
            terms.purposes.is_subset_of(PurposeSet::GRANTABLE),
            Error::<T>::PurposeNotGrantable
        );
        ensure!(terms.from < terms.until, Error::<T>::EmptyPeriod);
        Self::check_end(terms.until, now)?;
        ensure!(terms.records_from < terms.records_until, Error::<T>::EmptyRecordRange);
        ensure!(terms.may_delegate <= MAX_DELEGATION, Error::<T>::DelegatesTooDeep);
        ensure!(!terms.blocks.is_empty(), Error::<T>::NoBlocks);
        for block in terms.blocks.iter() {
            let restricted = Self::ensure_private(block)?;
            ensure!(
                !restricted || terms.blocks == BusinessBlockSet::of(block),
                Error::<T>::RestrictedNotAlone
            );
        }
        Ok(())
    }

    fn check_end(until: Instant, now: Instant) -> Result<(), Error<T>> {
        ensure!(until > now, Error::<T>::AlreadyOver);
        ensure!(until <= now.saturating_add(T::MaxTerm::get()), Error::<T>::TooLong);
        Ok(())
    }

    /// Ensures that the block is open and holds people's records; says whether it is restricted.
    pub(crate) fn ensure_private(block: BusinessBlockId) -> Result<bool, Error<T>> {
        let view = T::Blocks::block(block).filter(|view| !view.public);
        view.map(|view| view.restricted).ok_or(Error::<T>::BlockNotOpen)
    }

    /// Puts checked terms into a grantee's file; expired ones leave it.
    pub(crate) fn add_terms(
        person: PersonId,
        grantee: &Grantee<T::AccountId>,
        terms: TermsOf<T>,
        now: Instant,
    ) -> Result<(), Error<T>> {
        let mut file = Grants::<T>::get(person, grantee).unwrap_or_default();
        ensure!(terms.id > file.last_id, Error::<T>::IdNotRising);
        let furthest = file.last_id.0.max(now).saturating_add(MAX_ID_LEAD);
        ensure!(terms.id.0 <= furthest, Error::<T>::IdTooFarAhead);
        file.last_id = terms.id;
        file.terms.retain(|held| now < held.until);
        if file.terms.is_full() && terms.parent.is_none() {
            // The person's own terms come before what others gave on.
            if let Some(place) = file.terms.iter().position(|held| held.parent.is_some()) {
                let id = file.terms.remove(place).id;
                Self::deposit_event(Event::Ended { person, grantee: grantee.clone(), id });
            }
        }
        file.terms.try_push(terms).map_err(|_| Error::<T>::TooManyTerms)?;
        Grants::<T>::insert(person, grantee, file);
        Ok(())
    }

    /// What finding out about practitioners and teams costs beyond the controller's case, which
    /// the benchmarks measure: their entries, and the institution by its identifier.
    pub(crate) fn weight_of_acting(acting_as: &Grantee<T::AccountId>) -> Weight {
        let reads = match acting_as {
            Grantee::Institution(_) | Grantee::Practitioner { .. } => 1,
            Grantee::CareTeam { .. } => 2,
            Grantee::Person(_) => 0,
        };
        T::DbWeight::get().reads(reads)
    }
}
