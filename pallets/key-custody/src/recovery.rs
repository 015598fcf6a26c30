//! Recoveries of lost keys.

use alloc::vec::Vec;
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{EnsureOrigin, Get, Time},
};
use frame_system::pallet_prelude::{BlockNumberFor, OriginFor};
use kanglian_primitives::{
    CaseRef, DealtScope, Hash32, Instant, InstitutionId, PersonId, Recovery, RecoveryId,
    RecoveryStatus, RegionCode,
    payloads::{self, RecoveryBody},
};
use kanglian_traits::{
    IdentityStatus, IdentityView, InstitutionInspect, InstitutionView, RecoverPerson, RegionInspect,
};
use sp_runtime::{
    ArithmeticError, DispatchError,
    traits::{Verify, Zero},
};

use crate::{
    Config, CoolDowns, Dealings, Error, Event, GenesisDelay, LEAST_BAR, LostAccounts, NewKeys,
    NextRecovery, OTHER_REGIONS, Pallet, PendingAt, Recoveries, RecoveryOf,
};

/// Words that wallets put around raw bytes before they sign them.
const WRAP: (&[u8], &[u8]) = (b"<Bytes>", b"</Bytes>");

/// A recovery of this runtime.
type RecoveryFor<T> = Recovery<<T as frame_system::Config>::AccountId>;

impl<T: Config> Pallet<T> {
    /// The region whose pan-centre sends; none for governance.
    pub(crate) fn ensure_office(origin: OriginFor<T>) -> Result<Option<RegionCode>, DispatchError> {
        match T::AdminOrigin::try_origin(origin) {
            Ok(_) => Ok(None),
            Err(origin) => Ok(Some(T::PanCentreOrigin::ensure_origin(origin)?)),
        }
    }

    /// For how long the old key can veto.
    pub(crate) fn delay() -> Instant {
        GenesisDelay::<T>::get()
            .unwrap_or_else(|| T::RecoveryDelay::get().max(T::LeastRecoveryDelay::get()))
    }

    pub(crate) fn do_open_recovery(
        opener: InstitutionView<T::AccountId>,
        person: PersonId,
        keys: NewKeys<T::AccountId>,
        signature: T::OffchainSignature,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let identity = Self::identity(&person)?;
        match identity.status {
            IdentityStatus::Open => {},
            IdentityStatus::Suspended => return Err(Error::<T>::PersonSuspended.into()),
            IdentityStatus::Closed => return Err(Error::<T>::PersonClosed.into()),
        }
        let NewKeys { controller: new_controller, data_key, reseal_key } = keys;
        ensure!(!data_key.is_low_order() && !reseal_key.is_low_order(), Error::<T>::LowOrderKey);
        let unused = T::People::is_free(&new_controller)
            && !LostAccounts::<T>::contains_key(&new_controller);
        ensure!(unused, Error::<T>::AccountInUse);
        let body = RecoveryBody {
            person,
            institution: opener.id,
            new_controller: &new_controller,
            new_data_key: data_key,
            reseal_key,
        };
        Self::ensure_possession(&body, signature)?;
        let cooling = CoolDowns::<T>::get(person);
        ensure!(
            !cooling.iter().any(|(id, until)| *id == opener.id && now < *until),
            Error::<T>::CoolingDown
        );
        Self::make_room(person, now)?;
        PendingAt::<T>::try_mutate(opener.id, |pending| {
            ensure!(*pending < T::MaxPendingRecoveries::get(), Error::<T>::TooManyRecoveries);
            *pending = pending.saturating_add(1);
            Ok::<_, Error<T>>(())
        })?;
        let id = NextRecovery::<T>::try_mutate(|next| {
            let id = RecoveryId(*next);
            *next = next.checked_add(1).ok_or(ArithmeticError::Overflow)?;
            Ok::<_, DispatchError>(id)
        })?;
        T::People::freeze(&person)?;
        let old_controller = identity.controller;
        // What a former recovery froze is frozen.
        if !LostAccounts::<T>::contains_key(&old_controller) {
            Self::freeze_coins(&old_controller)?;
        }
        // So that it can send the call that executes the recovery, without coins.
        frame_system::Pallet::<T>::inc_sufficients(&new_controller);

        let executable_from = now.saturating_add(Self::delay());
        let recovery = Recovery {
            person,
            institution: opener.id,
            region: opener.region,
            old_controller: old_controller.clone(),
            new_controller: new_controller.clone(),
            new_data_key: data_key,
            reseal_key,
            opened_at: now,
            executable_from,
            expires_at: now.saturating_add(T::RecoveryPeriod::get()),
            bar: T::RecoveryBar::get().max(LEAST_BAR),
            approvals: Default::default(),
            status: RecoveryStatus::Open,
            hearing: None,
            ended_at: None,
            dealing: None,
            handed_over: Default::default(),
        };
        Recoveries::<T>::insert(id, recovery);
        RecoveryOf::<T>::insert(person, id);
        Self::deposit_event(Event::RecoveryOpened {
            id,
            person,
            institution: opener.id,
            old_controller,
            new_controller,
            executable_from,
        });
        Ok(())
    }

    /// Removes the person's last recovery when it has ended, or ends one that cannot go on.
    fn make_room(person: PersonId, now: Instant) -> DispatchResult {
        let Some(id) = RecoveryOf::<T>::get(person) else { return Ok(()) };
        let Some(mut last) = Recoveries::<T>::get(id) else { return Ok(()) };
        if last.is_pending() {
            let goes_on = !Self::may_lapse(&last, now)
                && T::Institutions::permitted(&last.institution, now).is_some();
            ensure!(!goes_on, Error::<T>::RecoveryPending);
            Self::end_recovery(id, &mut last, RecoveryStatus::Lapsed)?;
        }
        Self::remove_recovery(id, &last);
        Ok(())
    }

    /// Forgets an ended recovery.
    pub(crate) fn remove_recovery(id: RecoveryId, recovery: &RecoveryFor<T>) {
        if let Some(dealing) = &recovery.dealing {
            Self::await_no_more(dealing, CaseRef::Recovery(id));
        }
        Recoveries::<T>::remove(id);
        RecoveryOf::<T>::remove(recovery.person);
    }

    pub(crate) fn do_approve_recovery(region: RegionCode, id: RecoveryId) -> DispatchResult {
        let (person, approvals, bar) = Self::try_change(id, |recovery| {
            Self::ensure_runs(recovery)?;
            ensure!(recovery.takes_approvals(), Error::<T>::HearingMissing);
            let Err(place) = recovery.approvals.binary_search(&region) else {
                return Err(Error::<T>::AlreadyApproved.into());
            };
            recovery.approvals.try_insert(place, region).map_err(|_| Error::<T>::TooManyRegions)?;
            let approvals = u8::try_from(recovery.approvals.len()).unwrap_or(u8::MAX);
            Ok((recovery.person, approvals, recovery.bar))
        })?;
        Self::deposit_event(Event::RecoveryApproved { id, person, region, approvals, bar });
        Ok(())
    }

    pub(crate) fn do_veto_recovery(person: PersonId, id: RecoveryId) -> DispatchResult {
        let now = T::Clock::now();
        let (bar, executable_from) = Self::try_change(id, |recovery| {
            ensure!(recovery.person == person, Error::<T>::OtherPerson);
            ensure!(recovery.status != RecoveryStatus::Contested, Error::<T>::AlreadyContested);
            Self::ensure_runs(recovery)?;
            recovery.status = RecoveryStatus::Contested;
            recovery.approvals = Default::default();
            // One more than before, but never more than there are: nobody vetoes for ever.
            let active = u8::try_from(T::Regions::active_vaults().len()).unwrap_or(u8::MAX);
            let more = recovery.bar.saturating_add(1);
            recovery.bar = recovery.bar.max(more.min(active));
            recovery.executable_from = now.saturating_add(Self::delay());
            recovery.expires_at = now.saturating_add(T::RecoveryPeriod::get());
            Ok((recovery.bar, recovery.executable_from))
        })?;
        Self::deposit_event(Event::RecoveryContested { id, person, bar, executable_from });
        Ok(())
    }

    pub(crate) fn do_record_hearing(
        office: Option<RegionCode>,
        id: RecoveryId,
        protocol: Hash32,
    ) -> DispatchResult {
        let person = Self::try_change(id, |recovery| {
            Self::ensure_home(office, &recovery.person)?;
            ensure!(recovery.status == RecoveryStatus::Contested, Error::<T>::NotContested);
            Self::ensure_runs(recovery)?;
            ensure!(recovery.hearing.is_none(), Error::<T>::HearingRecorded);
            recovery.hearing = Some(protocol);
            Ok(recovery.person)
        })?;
        Self::deposit_event(Event::HearingRecorded { id, person, protocol });
        Ok(())
    }

    pub(crate) fn do_dismiss_recovery(
        office: Option<RegionCode>,
        id: RecoveryId,
    ) -> DispatchResult {
        Self::try_change(id, |recovery| {
            Self::ensure_home(office, &recovery.person)?;
            Self::end_recovery(id, recovery, RecoveryStatus::Dismissed)
        })
    }

    pub(crate) fn do_withdraw_recovery(
        institution: InstitutionId,
        id: RecoveryId,
    ) -> DispatchResult {
        Self::try_change(id, |recovery| {
            ensure!(recovery.institution == institution, Error::<T>::OtherInstitution);
            Self::end_recovery(id, recovery, RecoveryStatus::Withdrawn)
        })
    }

    pub(crate) fn do_execute_recovery(id: RecoveryId) -> DispatchResult {
        let now = T::Clock::now();
        let recovery = Self::try_change(id, |recovery| {
            Self::ensure_executable(recovery, now)?;
            T::People::recover(&recovery.person, &recovery.new_controller, recovery.new_data_key)?;
            recovery.status = RecoveryStatus::Executed;
            recovery.ended_at = Some(now);
            recovery.dealing = Dealings::<T>::get(recovery.person, DealtScope::Whole);
            Ok(recovery.clone())
        })?;
        Self::no_longer_pending(&recovery);
        Self::lose_account(recovery.person, &recovery.old_controller, &recovery.new_controller)?;
        if let Some(dealing) = &recovery.dealing {
            Self::await_hand_overs(dealing, CaseRef::Recovery(id));
        }
        Self::deposit_event(Event::RecoveryExecuted {
            id,
            person: recovery.person,
            old_controller: recovery.old_controller,
            new_controller: recovery.new_controller,
            dealing: recovery.dealing.map(|dealing| dealing.number),
        });
        Ok(())
    }

    /// Whether the recovery can be executed now and its new account is this one: then it need not
    /// pay for that call.
    pub fn is_executable_by(id: RecoveryId, who: &T::AccountId) -> bool {
        Recoveries::<T>::get(id).is_some_and(|recovery| {
            recovery.new_controller == *who
                && Self::ensure_executable(&recovery, T::Clock::now()).is_ok()
                && T::People::is_free(who)
                && Self::identity(&recovery.person)
                    .is_ok_and(|identity| identity.status == IdentityStatus::Open)
        })
    }

    /// The delay is over, enough regions approved, and the institution is still permitted.
    fn ensure_executable(recovery: &RecoveryFor<T>, now: Instant) -> DispatchResult {
        Self::ensure_runs(recovery)?;
        ensure!(now >= recovery.executable_from, Error::<T>::DelayNotOver);
        Self::ensure_approved(recovery)?;
        let permitted = T::Institutions::permitted(&recovery.institution, now).is_some();
        ensure!(permitted, Error::<T>::InstitutionNotPermitted);
        Ok(())
    }

    /// Ends a pending recovery without new keys: the old key acts again.
    pub(crate) fn end_recovery(
        id: RecoveryId,
        recovery: &mut RecoveryFor<T>,
        status: RecoveryStatus,
    ) -> DispatchResult {
        ensure!(recovery.is_pending(), Error::<T>::NotPending);
        let now = T::Clock::now();
        let by_itself =
            status == RecoveryStatus::Withdrawn && recovery.status == RecoveryStatus::Open;
        // Whoever corrects a mistake waits for a shorter time, but waits: else a person could be
        // kept from acting by opening and withdrawing again and again.
        let pause = if by_itself { Self::delay() } else { T::CoolDown::get() };
        Self::cool_down(&recovery.person, recovery.institution, now, pause);
        recovery.status = status;
        recovery.ended_at = Some(now);
        Self::no_longer_pending(recovery);
        T::People::thaw(&recovery.person)?;
        if !LostAccounts::<T>::contains_key(&recovery.old_controller) {
            Self::thaw_coins(&recovery.old_controller)?;
        }
        Self::deposit_event(Event::RecoveryEnded {
            id,
            person: recovery.person,
            institution: recovery.institution,
            status,
        });
        Ok(())
    }

    fn no_longer_pending(recovery: &RecoveryFor<T>) {
        frame_system::Pallet::<T>::dec_sufficients(&recovery.new_controller);
        PendingAt::<T>::mutate_exists(recovery.institution, |pending| {
            *pending = pending.and_then(|count| count.checked_sub(1)).filter(|count| *count > 0);
        });
    }

    /// Whether anybody may end it: its time is over, or the delay passed and nobody approved.
    pub(crate) fn may_lapse(recovery: &RecoveryFor<T>, now: Instant) -> bool {
        let idle = recovery.status == RecoveryStatus::Open
            && recovery.approvals.is_empty()
            && now >= recovery.executable_from;
        idle || now >= recovery.expires_at
    }

    fn cool_down(person: &PersonId, institution: InstitutionId, now: Instant, pause: Instant) {
        let until = now.saturating_add(pause);
        CoolDowns::<T>::mutate(person, |list| {
            list.retain(|(id, end)| *id != institution && now < *end);
            if list.is_full() {
                let first = list.iter().enumerate().min_by_key(|(_, (_, end))| *end);
                if let Some((place, _)) = first {
                    list.remove(place);
                }
            }
            let _ = list.try_push((institution, until));
        });
    }

    /// Enough active regions approved, and enough of them are others than the opener's.
    fn ensure_approved(recovery: &RecoveryFor<T>) -> DispatchResult {
        let counted: Vec<_> =
            recovery.approvals.iter().filter(|region| T::Regions::is_active(**region)).collect();
        let others = counted.iter().filter(|region| ***region != recovery.region).count();
        ensure!(
            counted.len() >= usize::from(recovery.bar) && others >= OTHER_REGIONS,
            Error::<T>::NotEnoughApprovals
        );
        Ok(())
    }

    /// The recovery pends and its time is not over.
    fn ensure_runs(recovery: &RecoveryFor<T>) -> DispatchResult {
        ensure!(recovery.is_pending(), Error::<T>::NotPending);
        ensure!(T::Clock::now() < recovery.expires_at, Error::<T>::Expired);
        Ok(())
    }

    /// Governance, or the pan-centre of the person's home region.
    fn ensure_home(office: Option<RegionCode>, person: &PersonId) -> DispatchResult {
        let home = Self::identity(person)?.home_region;
        ensure!(office.is_none_or(|region| region == home), Error::<T>::OtherRegion);
        Ok(())
    }

    fn identity(person: &PersonId) -> Result<IdentityView<T::AccountId>, Error<T>> {
        T::People::identity(person).ok_or(Error::<T>::PersonUnknown)
    }

    fn try_change<R>(
        id: RecoveryId,
        change: impl FnOnce(&mut RecoveryFor<T>) -> Result<R, DispatchError>,
    ) -> Result<R, DispatchError> {
        Recoveries::<T>::try_mutate(id, |entry| {
            change(entry.as_mut().ok_or(Error::<T>::RecoveryUnknown)?)
        })
    }

    /// Checks that the new account agrees, by a signature over the payload as it is or as wallets
    /// wrap it.
    fn ensure_possession(
        body: &RecoveryBody<&T::AccountId>,
        signature: T::OffchainSignature,
    ) -> DispatchResult {
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero()).0;
        let payload = payloads::recovery(&genesis, body);
        let wrapped = [WRAP.0, &payload, WRAP.1].concat();
        let signed = signature.verify(payload.as_slice(), body.new_controller)
            || signature.verify(wrapped.as_slice(), body.new_controller);
        ensure!(signed, Error::<T>::BadSignature);
        Ok(())
    }
}
