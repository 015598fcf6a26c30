//! Bodies of the longer calls, and answers to other pallets.

use alloc::vec::Vec;
use frame_support::{
    defensive,
    dispatch::DispatchResult,
    ensure,
    traits::{Get, Time},
};
use frame_system::pallet_prelude::BlockNumberFor;
use kanglian_primitives::{
    Hash32, Instant, InstitutionId, PersonId, RegionCode,
    payloads::{self, AttestationBody},
};
use kanglian_traits::{
    InstitutionView, OnAttested, PersonInspect, PersonView, RecoveryInspect, RegistrarInspect,
    WardInspect,
};
use sp_runtime::{
    DispatchError,
    traits::{Verify, Zero},
};

use crate::{
    Aliases, Attestation, Config, Error, Event, Generations, InvalidFrom, Pallet, Person, PersonOf,
    PersonStatus, Persons, Standing,
};

/// Words that wallets put around raw bytes before they sign them.
const WRAP: (&[u8], &[u8]) = (b"<Bytes>", b"</Bytes>");

impl<T: Config> Pallet<T> {
    pub(crate) fn do_attest(
        institution: InstitutionView<T::AccountId>,
        person: PersonId,
        attestation: Attestation<T::AccountId>,
        signature: T::OffchainSignature,
    ) -> DispatchResult {
        let Attestation {
            controller,
            data_key,
            scope_keys,
            write_blocks,
            write_until,
            valid_until,
        } = attestation;
        let now = T::Clock::now();
        let generation = T::Generations::open_generation().ok_or(Error::<T>::GenerationClosed)?;
        Self::ensure_end(valid_until, now)?;
        ensure!(
            !data_key.is_low_order() && !scope_keys.iter().any(|(_, key)| key.is_low_order()),
            Error::<T>::LowOrderKey
        );
        let rising = scope_keys.iter().zip(scope_keys.iter().skip(1)).all(|(a, b)| a.0 < b.0);
        ensure!(
            rising && scope_keys.iter().all(|(block, _)| block.is_valid()),
            Error::<T>::ScopeKeysNotRising
        );
        Self::ensure_attester(&institution.id, now)?;
        let known = Persons::<T>::contains_key(person) || Aliases::<T>::contains_key(person);
        ensure!(!known, Error::<T>::PersonKnown);
        ensure!(!PersonOf::<T>::contains_key(&controller), Error::<T>::AccountInUse);

        let body = AttestationBody {
            person,
            controller,
            home_region: institution.region,
            data_key,
            scope_keys: scope_keys.into_inner(),
            attester: institution.id,
            write_blocks,
            write_until,
            valid_until,
        };
        Self::ensure_signed_by(
            &body.controller,
            payloads::attest_under(&Self::genesis(), generation, &body),
            signature,
        )?;
        let AttestationBody { controller, scope_keys, .. } = body;

        T::OnAttested::on_attested(person, scope_keys, institution.id, write_blocks, write_until)?;
        Self::bind(&controller, person);
        if generation > 0 {
            Generations::<T>::insert(person, generation);
        }
        Persons::<T>::insert(
            person,
            Person {
                controller: controller.clone(),
                home_region: institution.region,
                attester: institution.id,
                attested_at: now,
                data_key,
                valid_until,
                status: PersonStatus::Active,
            },
        );
        Self::deposit_event(Event::Attested {
            person,
            controller,
            attester: institution.id,
            home_region: institution.region,
            valid_until,
        });
        Ok(())
    }

    pub(crate) fn do_renew(
        institution: InstitutionView<T::AccountId>,
        person: PersonId,
        valid_until: Instant,
    ) -> DispatchResult {
        let now = T::Clock::now();
        Self::ensure_attester(&institution.id, now)?;
        Self::try_change(person, |entry| {
            ensure!(entry.home_region == institution.region, Error::<T>::OutsideRegion);
            match Self::standing_of(entry, now) {
                Standing::Valid | Standing::Recovering | Standing::NotTakenOver => {},
                Standing::Suspended => return Err(Error::<T>::PersonSuspended.into()),
                Standing::Closed => return Err(Error::<T>::PersonClosed.into()),
                Standing::Expired => return Err(Error::<T>::Expired.into()),
                Standing::Invalidated => return Err(Error::<T>::Invalidated.into()),
                Standing::Linked => return Err(Error::<T>::PersonLinked.into()),
            }
            ensure!(valid_until > entry.valid_until, Error::<T>::NotExtended);
            Self::ensure_end(valid_until, now)?;
            entry.valid_until = valid_until;
            Ok(())
        })?;
        Self::deposit_event(Event::Renewed { person, institution: institution.id, valid_until });
        Ok(())
    }

    pub(crate) fn do_rotate_controller(
        person: PersonView<T::AccountId>,
        new: T::AccountId,
        signature: T::OffchainSignature,
    ) -> DispatchResult {
        let PersonView { id, controller: old, .. } = person;
        ensure!(!PersonOf::<T>::contains_key(&new), Error::<T>::AccountInUse);
        let payload = payloads::rotate(&Self::genesis(), &id, &old, &new);
        Self::ensure_signed_by(&new, payload, signature)?;
        Self::try_change(id, |entry| {
            entry.controller = new.clone();
            Ok(())
        })?;
        Self::unbind(&old, id);
        Self::bind(&new, id);
        Self::deposit_event(Event::ControllerRotated { person: id, old, new });
        Ok(())
    }

    pub(crate) fn do_re_attest(
        institution: InstitutionView<T::AccountId>,
        person: PersonId,
    ) -> DispatchResult {
        let now = T::Clock::now();
        Self::ensure_attester(&institution.id, now)?;
        let valid_until = Self::try_change(person, |entry| {
            Self::ensure_open(entry)?;
            let expired = now >= entry.valid_until;
            ensure!(
                expired || !Self::attestation_counts(&entry.attester, entry.attested_at),
                Error::<T>::StillAttested
            );
            if expired {
                let term = entry.valid_until.saturating_sub(entry.attested_at);
                entry.valid_until = now.saturating_add(term.min(T::MaxValidity::get()));
            }
            entry.attester = institution.id;
            entry.attested_at = now;
            Ok(entry.valid_until)
        })?;
        Self::deposit_event(Event::ReAttested { person, attester: institution.id, valid_until });
        Ok(())
    }

    pub(crate) fn do_suspend(region: RegionCode, person: PersonId) -> DispatchResult {
        Self::try_change(person, |entry| {
            ensure!(entry.home_region == region, Error::<T>::OutsideRegion);
            match entry.status {
                PersonStatus::Active | PersonStatus::Recovering | PersonStatus::Held(_) => {
                    entry.status = PersonStatus::Suspended;
                },
                PersonStatus::Suspended => return Err(Error::<T>::PersonSuspended.into()),
                PersonStatus::Closed => return Err(Error::<T>::PersonClosed.into()),
                PersonStatus::Linked => return Err(Error::<T>::PersonLinked.into()),
            }
            Ok(())
        })?;
        Self::deposit_event(Event::Suspended { person, region });
        Ok(())
    }

    pub(crate) fn do_lift(person: PersonId) -> DispatchResult {
        Self::try_change(person, |entry| {
            ensure!(entry.status == PersonStatus::Suspended, Error::<T>::NotSuspended);
            entry.status = match T::Recoveries::is_pending(&person) {
                true => PersonStatus::Recovering,
                false => Self::open_status(&person),
            };
            Ok(())
        })?;
        Self::deposit_event(Event::Lifted { person });
        Ok(())
    }

    pub(crate) fn do_remove_expired(person: PersonId) -> DispatchResult {
        let now = T::Clock::now();
        let controller = Self::try_change(person, |entry| {
            Self::ensure_open(entry)?;
            let closes_at = entry.valid_until.saturating_add(T::CloseGrace::get());
            ensure!(now >= closes_at, Error::<T>::GraceNotOver);
            entry.status = PersonStatus::Closed;
            Ok(entry.controller.clone())
        })?;
        Self::unbind(&controller, person);
        Self::deposit_event(Event::Closed { person, controller });
        Ok(())
    }

    /// Changes a known person's entry, or leaves it as it is when the change is refused.
    pub(crate) fn try_change<R>(
        person: PersonId,
        change: impl FnOnce(&mut Person<T::AccountId>) -> Result<R, DispatchError>,
    ) -> Result<R, DispatchError> {
        Persons::<T>::try_mutate(person, |entry| {
            change(entry.as_mut().ok_or(Error::<T>::PersonUnknown)?)
        })
    }

    /// How the person stands at `now`.
    pub(crate) fn standing_of(person: &Person<T::AccountId>, now: Instant) -> Standing {
        match person.status {
            PersonStatus::Closed => Standing::Closed,
            PersonStatus::Suspended => Standing::Suspended,
            PersonStatus::Linked => Standing::Linked,
            _ if now >= person.valid_until => Standing::Expired,
            _ if !Self::attestation_counts(&person.attester, person.attested_at) => {
                Standing::Invalidated
            },
            PersonStatus::Held(until) if now >= until => Standing::NotTakenOver,
            PersonStatus::Active | PersonStatus::Held(_) => Standing::Valid,
            PersonStatus::Recovering => Standing::Recovering,
        }
    }

    /// The status of a person whom nothing keeps from acting.
    pub(crate) fn open_status(person: &PersonId) -> PersonStatus {
        T::Wards::keys_held_until(person).map_or(PersonStatus::Active, PersonStatus::Held)
    }

    /// Lets the account speak for the person.
    pub(crate) fn bind(account: &T::AccountId, person: PersonId) {
        PersonOf::<T>::insert(account, person);
        frame_system::Pallet::<T>::inc_sufficients(account);
    }

    /// Ends that the account speaks for the person.
    pub(crate) fn unbind(account: &T::AccountId, person: PersonId) {
        if PersonOf::<T>::take(account) == Some(person) {
            frame_system::Pallet::<T>::dec_sufficients(account);
        } else {
            defensive!("a controller speaks for its person");
        }
    }

    /// The identity is neither closed nor another name.
    fn ensure_open(entry: &Person<T::AccountId>) -> Result<(), Error<T>> {
        ensure!(entry.status != PersonStatus::Closed, Error::<T>::PersonClosed);
        ensure!(entry.status != PersonStatus::Linked, Error::<T>::PersonLinked);
        Ok(())
    }

    fn attestation_counts(attester: &InstitutionId, attested_at: Instant) -> bool {
        InvalidFrom::<T>::get(attester).is_none_or(|from| attested_at < from)
    }

    pub(crate) fn ensure_attester(attester: &InstitutionId, now: Instant) -> DispatchResult {
        ensure!(Self::attestation_counts(attester, now), Error::<T>::AttesterVoid);
        Ok(())
    }

    fn ensure_end(valid_until: Instant, now: Instant) -> DispatchResult {
        ensure!(valid_until > now, Error::<T>::EndsInPast);
        let latest = now.saturating_add(T::MaxValidity::get());
        ensure!(valid_until <= latest, Error::<T>::ValidityTooLong);
        Ok(())
    }

    /// Checks a signature over the payload as it is, or as wallets wrap it.
    pub(crate) fn ensure_signed_by(
        signer: &T::AccountId,
        payload: Vec<u8>,
        signature: T::OffchainSignature,
    ) -> DispatchResult {
        let signed = signature.verify(payload.as_slice(), signer)
            || signature.verify([WRAP.0, &payload, WRAP.1].concat().as_slice(), signer);
        ensure!(signed, Error::<T>::BadSignature);
        Ok(())
    }

    pub(crate) fn genesis() -> Hash32 {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero()).0
    }

    fn view(id: PersonId, person: Person<T::AccountId>) -> PersonView<T::AccountId> {
        PersonView { id, controller: person.controller, home_region: person.home_region }
    }
}

impl<T: Config> PersonInspect<T::AccountId> for Pallet<T> {
    fn acting(who: &T::AccountId, now: Instant) -> Option<PersonView<T::AccountId>> {
        let id = PersonOf::<T>::get(who)?;
        Persons::<T>::get(id)
            .filter(|person| Self::standing_of(person, now) == Standing::Valid)
            .map(|person| Self::view(id, person))
    }

    fn valid(id: &PersonId, now: Instant) -> Option<PersonView<T::AccountId>> {
        let counts = [Standing::Valid, Standing::Recovering, Standing::NotTakenOver];
        Persons::<T>::get(id)
            .filter(|person| counts.contains(&Self::standing_of(person, now)))
            .map(|person| Self::view(*id, person))
    }

    fn speaks_for(who: &T::AccountId) -> Option<PersonId> {
        PersonOf::<T>::get(who)
    }

    fn controller(id: &PersonId) -> Option<T::AccountId> {
        Persons::<T>::get(id).map(|person| person.controller)
    }

    fn canonical(id: &PersonId) -> PersonId {
        Self::follow(*id)
    }

    fn aliases(id: &PersonId) -> Vec<PersonId> {
        Self::names_of(id)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_alias(id: PersonId) -> PersonId {
        use crate::{Alias, AliasKind};
        let by = InstitutionId::from_parts(320_000, 0);
        let [linked, migrated] = [[0xe1; 32], [0xe2; 32]].map(PersonId);
        for (alias, canonical, kind) in
            [(linked, id, AliasKind::Linked), (migrated, linked, AliasKind::Migrated)]
        {
            Aliases::<T>::insert(alias, Alias { canonical, kind, by, since: 0 });
        }
        migrated
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_person(id: PersonId, region: RegionCode, controller: &T::AccountId) {
        let now = T::Clock::now();
        if let Some(known) = Persons::<T>::take(id)
            && known.status != PersonStatus::Closed
        {
            Self::unbind(&known.controller, id);
        }
        if let Some(other) = PersonOf::<T>::get(controller) {
            Persons::<T>::remove(other);
            Self::unbind(controller, other);
        }
        Self::bind(controller, id);
        Persons::<T>::insert(
            id,
            Person {
                controller: controller.clone(),
                home_region: region,
                attester: InstitutionId::from_parts(region.0, 0),
                attested_at: now,
                data_key: kanglian_primitives::EncryptionKey::x25519([9; 32]),
                valid_until: now.saturating_add(T::MaxValidity::get()),
                status: PersonStatus::Active,
            },
        );
    }
}
