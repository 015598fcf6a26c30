//! Guardians: attested, confirmed, ended, and taken over from.

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{EnsureOrigin, Get, Time},
};
use frame_system::pallet_prelude::{BlockNumberFor, OriginFor};
use kanglian_primitives::{
    COMING_OF_AGE_STEP, EncryptionKey, GuardianBasis, Guardianship, Hash32, Instant, PersonId,
    RegionCode,
    payloads::{self, GuardianBody, TakeOverBody},
};
use kanglian_traits::{
    HoldKeys, IdentityView, InstitutionView, PersonInspect, RecoverPerson, RecoveryInspect,
    WardInspect,
};
use sp_runtime::{
    DispatchError,
    traits::{Verify, Zero},
};

use crate::{Config, Error, Event, Pallet, Ward, Wards};

/// Words that wallets put around raw bytes before they sign them.
const WRAP: (&[u8], &[u8]) = (b"<Bytes>", b"</Bytes>");

impl<T: Config> Pallet<T> {
    /// What guardian and ward sign.
    pub(crate) fn body(
        ward: PersonId,
        guardian: PersonId,
        institution: &InstitutionView<T::AccountId>,
        basis: GuardianBasis,
        until: Instant,
        holds_keys: bool,
    ) -> GuardianBody {
        let institution = institution.id;
        let number = Wards::<T>::get(ward).attested.saturating_add(1);
        GuardianBody { ward, guardian, institution, basis, until, holds_keys, number }
    }

    pub(crate) fn do_attest_guardian(
        institution: InstitutionView<T::AccountId>,
        body: GuardianBody,
        (guardian_signature, ward_signature): (T::OffchainSignature, Option<T::OffchainSignature>),
    ) -> DispatchResult {
        let GuardianBody { ward, guardian, basis, until, holds_keys, number, .. } = body;
        let now = T::Clock::now();
        ensure!(ward != guardian, Error::<T>::OwnSelf);
        Self::ensure_end(basis, until, now)?;
        let ward_view = T::People::valid(&ward, now).ok_or(Error::<T>::WardNotActive)?;
        ensure!(ward_view.home_region == institution.region, Error::<T>::OutsideRegion);
        let guardian_view =
            T::People::valid(&guardian, now).ok_or(Error::<T>::GuardianNotActive)?;
        let is_ward = Wards::<T>::get(guardian).guardians.iter().any(|one| one.counts(now));
        ensure!(!is_ward, Error::<T>::GuardianIsWard);

        let mut entry = Wards::<T>::get(ward);
        // What is over makes room, unless the ward still has to take keys over.
        entry.guardians.retain(|one| now < one.until || (one.holds_keys && one.confirmed));
        let known = |one: &Guardianship| one.guardian == guardian && now < one.until;
        ensure!(!entry.guardians.iter().any(known), Error::<T>::GuardianKnown);
        entry.guardians.retain(|one| one.guardian != guardian);

        let payload = payloads::guardian(&Self::genesis(), &body);
        Self::ensure_signed_by(&guardian_view.controller, &payload, &guardian_signature)?;
        if let Some(signature) = &ward_signature {
            Self::ensure_signed_by(&ward_view.controller, &payload, signature)?;
        }
        let confirmed = basis == GuardianBasis::Minor && ward_signature.is_some();
        let institution = institution.id;
        let since = now;
        let made =
            Guardianship { guardian, institution, basis, since, until, holds_keys, confirmed };
        entry.guardians.try_push(made).map_err(|_| Error::<T>::TooManyGuardians)?;
        entry.attested = number;
        Wards::<T>::insert(ward, entry);
        Self::hold_keys(&ward)?;
        Self::deposit_event(Event::GuardianAttested {
            ward,
            guardian,
            institution,
            basis,
            until,
            holds_keys,
            confirmed,
        });
        Ok(())
    }

    fn ensure_end(basis: GuardianBasis, until: Instant, now: Instant) -> DispatchResult {
        ensure!(until > now, Error::<T>::EndsInPast);
        let latest = now.saturating_add(T::MaxGuardianTerm::get());
        ensure!(until <= latest, Error::<T>::TooLong);
        let is_step = until.checked_rem(COMING_OF_AGE_STEP) == Some(0);
        ensure!(basis != GuardianBasis::Minor || is_step, Error::<T>::TellsBirthday);
        Ok(())
    }

    /// Governance, or the pan-centre of the region given.
    pub(crate) fn ensure_office(origin: OriginFor<T>) -> Result<Option<RegionCode>, DispatchError> {
        match T::AdminOrigin::try_origin(origin) {
            Ok(_) => Ok(None),
            Err(origin) => Ok(Some(T::PanCentreOrigin::ensure_origin(origin)?)),
        }
    }

    /// The ward's entry and the guardian's place in it, when this office is competent.
    fn find(
        by: Option<RegionCode>,
        ward: &PersonId,
        guardian: &PersonId,
    ) -> Result<(Ward, usize), Error<T>> {
        let identity = Self::identity(ward)?;
        let entry = Wards::<T>::get(ward);
        let at = entry.guardians.iter().position(|one| one.guardian == *guardian);
        let at = at.ok_or(Error::<T>::GuardianUnknown)?;
        if let Some(region) = by {
            ensure!(identity.home_region == region, Error::<T>::OutsideRegion);
            let judged = entry.guardians.get(at).map(|one| one.basis);
            ensure!(judged != Some(GuardianBasis::Judgment), Error::<T>::NeedsVote);
        }
        Ok((entry, at))
    }

    fn identity(ward: &PersonId) -> Result<IdentityView<T::AccountId>, Error<T>> {
        <T::People as RecoverPerson<T::AccountId>>::identity(ward).ok_or(Error::<T>::WardNotActive)
    }

    pub(crate) fn do_confirm_guardian(
        by: Option<RegionCode>,
        ward: PersonId,
        guardian: PersonId,
    ) -> DispatchResult {
        let (mut entry, at) = Self::find(by, &ward, &guardian)?;
        let one = entry.guardians.get_mut(at).ok_or(Error::<T>::GuardianUnknown)?;
        ensure!(!one.confirmed, Error::<T>::AlreadyConfirmed);
        ensure!(T::Clock::now() < one.until, Error::<T>::AlreadyOver);
        one.confirmed = true;
        Wards::<T>::insert(ward, entry);
        Self::hold_keys(&ward)?;
        Self::deposit_event(Event::GuardianConfirmed { ward, guardian, by });
        Ok(())
    }

    pub(crate) fn do_end_guardianship(
        by: Option<RegionCode>,
        ward: PersonId,
        guardian: PersonId,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let (mut entry, at) = Self::find(by, &ward, &guardian)?;
        let one = entry.guardians.get_mut(at).ok_or(Error::<T>::GuardianUnknown)?;
        ensure!(now < one.until, Error::<T>::AlreadyOver);
        one.until = now;
        if !(one.holds_keys && one.confirmed) {
            entry.guardians.remove(at);
        }
        Wards::<T>::insert(ward, entry);
        Self::hold_keys(&ward)?;
        Self::deposit_event(Event::GuardianshipEnded { ward, guardian, by });
        Ok(())
    }

    /// Tells the registry until when the guardians who hold the keys act with them.
    fn hold_keys(ward: &PersonId) -> DispatchResult {
        match <Self as WardInspect>::keys_held_until(ward) {
            Some(until) => T::People::hold(ward, until),
            None => Ok(()),
        }
    }

    pub(crate) fn do_take_over(
        institution: InstitutionView<T::AccountId>,
        ward: PersonId,
        new: T::AccountId,
        data_key: EncryptionKey,
        signature: T::OffchainSignature,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let identity = Self::identity(&ward)?;
        ensure!(identity.home_region == institution.region, Error::<T>::OutsideRegion);
        let mut entry = Wards::<T>::get(ward);
        let mut held = entry.guardians.iter().filter(|one| one.holds_keys && one.confirmed);
        ensure!(held.clone().count() > 0, Error::<T>::KeysNotHeld);
        ensure!(held.any(|one| one.takeover_from() <= now), Error::<T>::TooEarly);
        ensure!(!T::Recoveries::is_pending(&ward), Error::<T>::RecoveryPending);
        ensure!(T::People::is_free(&new), Error::<T>::AccountInUse);
        let body = TakeOverBody {
            ward,
            old: identity.controller,
            new: new.clone(),
            data_key,
            institution: institution.id,
        };
        Self::ensure_signed_by(&new, &payloads::take_over(&Self::genesis(), &body), &signature)?;
        // Those whose time has come; another guardian who goes on holds the new keys.
        entry.guardians.retain(|one| now < one.takeover_from());
        Wards::<T>::insert(ward, entry);
        T::People::recover(&ward, &new, data_key)?;
        Self::deposit_event(Event::TakenOver {
            ward,
            institution: institution.id,
            controller: new,
        });
        Ok(())
    }

    /// Checks a signature over the payload as it is, or as wallets wrap it.
    fn ensure_signed_by(
        signer: &T::AccountId,
        payload: &[u8],
        signature: &T::OffchainSignature,
    ) -> Result<(), Error<T>> {
        let signed = signature.verify(payload, signer)
            || signature.verify([WRAP.0, payload, WRAP.1].concat().as_slice(), signer);
        ensure!(signed, Error::<T>::BadSignature);
        Ok(())
    }

    pub(crate) fn genesis() -> Hash32 {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero()).0
    }
}

impl<T: Config> WardInspect for Pallet<T> {
    fn keys_held_until(person: &PersonId) -> Option<Instant> {
        let guardians = Wards::<T>::get(person).guardians;
        let held = guardians.iter().filter(|one| one.holds_keys && one.confirmed);
        held.map(|one| one.until).min()
    }

    fn keys_replaced(person: &PersonId) {
        let now = T::Clock::now();
        Wards::<T>::mutate_exists(person, |entry| {
            if let Some(ward) = entry {
                ward.guardians.retain(|one| now < one.until || !(one.holds_keys && one.confirmed));
            }
        });
    }
}
