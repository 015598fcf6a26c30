//! What the calls do once their origin is known.

use frame_support::{BoundedVec, ensure, traits::Time};
use kanglian_primitives::{
    BusinessBlockSet, EncryptionKey, Instant, InstitutionId, RegionCode, TeamId,
};
use kanglian_traits::BlockInspect;
use sp_runtime::DispatchResult;

use crate::{
    Config, Error, Event, Institution, InstitutionOf, InstitutionStatus, Institutions, Pallet,
    Practitioner, PractitionerStatus, Practitioners, Profile, ProfileOf, SpentTeams, Team,
    TeamName, Teams,
    impls::{is_kind, is_name},
};

/// The institution as stored.
type InstitutionFor<T> = Institution<<T as frame_system::Config>::AccountId>;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_nominate(region: RegionCode, profile: ProfileOf<T>) -> DispatchResult {
        let (institution, controller) = (profile.id, profile.controller.clone());
        Self::insert_nomination(region, profile, T::Clock::now(), T::Blocks::open_blocks())?;
        Self::deposit_event(Event::Nominated { institution, region, controller });
        Ok(())
    }

    pub(crate) fn do_nominate_batch(
        region: RegionCode,
        profiles: BoundedVec<ProfileOf<T>, T::MaxBatch>,
    ) -> DispatchResult {
        ensure!(!profiles.is_empty(), Error::<T>::BatchEmpty);
        let (now, open) = (T::Clock::now(), T::Blocks::open_blocks());
        let institutions =
            BoundedVec::truncate_from(profiles.iter().map(|profile| profile.id).collect());
        for profile in profiles {
            Self::insert_nomination(region, profile, now, open)?;
        }
        Self::deposit_event(Event::BatchNominated { region, institutions });
        Ok(())
    }

    fn insert_nomination(
        region: RegionCode,
        profile: ProfileOf<T>,
        now: Instant,
        open: BusinessBlockSet,
    ) -> DispatchResult {
        let Profile { id, kind, name, controller, encryption_key, blocks, valid_until } = profile;
        ensure!(is_kind(&kind), Error::<T>::KindInvalid);
        ensure!(is_name(&name), Error::<T>::NameInvalid);
        ensure!(!encryption_key.is_low_order(), Error::<T>::WeakKey);
        ensure!(!blocks.is_empty(), Error::<T>::BlocksEmpty);
        ensure!(blocks.is_subset_of(open), Error::<T>::BlockNotOpen);
        ensure!(now < valid_until, Error::<T>::Expired);
        ensure!(!Institutions::<T>::contains_key(id), Error::<T>::InstitutionExists);
        Self::take_controller(&controller, id)?;
        let status = InstitutionStatus::Nominated;
        let institution = Institution {
            region,
            kind,
            name,
            controller,
            encryption_key,
            blocks,
            valid_until,
            status,
        };
        Institutions::<T>::insert(id, institution);
        Ok(())
    }

    pub(crate) fn do_withdraw(region: RegionCode, id: InstitutionId) -> DispatchResult {
        let institution = Self::within(region, id)?;
        ensure!(institution.status == InstitutionStatus::Nominated, Error::<T>::NotNominated);
        Institutions::<T>::remove(id);
        Self::free_controller(&institution.controller);
        Self::deposit_event(Event::Withdrawn { institution: id });
        Ok(())
    }

    pub(crate) fn do_permit(ids: BoundedVec<InstitutionId, T::MaxBatch>) -> DispatchResult {
        ensure!(!ids.is_empty(), Error::<T>::BatchEmpty);
        let now = T::Clock::now();
        for id in &ids {
            Self::mutate(*id, |institution| {
                ensure!(
                    institution.status != InstitutionStatus::Permitted,
                    Error::<T>::AlreadyPermitted
                );
                ensure!(now < institution.valid_until, Error::<T>::Expired);
                institution.status = InstitutionStatus::Permitted;
                Ok(())
            })?;
        }
        Self::deposit_event(Event::Permitted { institutions: ids });
        Ok(())
    }

    pub(crate) fn do_revoke(id: InstitutionId) -> DispatchResult {
        let mut freed = None;
        Self::mutate(id, |institution| {
            institution.status = InstitutionStatus::Revoked;
            freed = Some(institution.controller.clone());
            Ok(())
        })?;
        if let Some(controller) = freed {
            Self::free_controller(&controller);
            Self::deposit_event(Event::Revoked { institution: id, controller });
        }
        Ok(())
    }

    pub(crate) fn do_suspend(region: RegionCode, id: InstitutionId) -> DispatchResult {
        let mut institution = Self::within(region, id)?;
        ensure!(institution.status == InstitutionStatus::Permitted, Error::<T>::NotPermitted);
        institution.status = InstitutionStatus::Suspended;
        Institutions::<T>::insert(id, institution);
        Self::deposit_event(Event::Suspended { institution: id, region });
        Ok(())
    }

    pub(crate) fn do_renew(id: InstitutionId, valid_until: Instant) -> DispatchResult {
        ensure!(T::Clock::now() < valid_until, Error::<T>::Expired);
        Self::mutate(id, |institution| {
            institution.valid_until = valid_until;
            Ok(())
        })?;
        Self::deposit_event(Event::Renewed { institution: id, valid_until });
        Ok(())
    }

    pub(crate) fn do_replace_controller(id: InstitutionId, new: T::AccountId) -> DispatchResult {
        let mut old = new.clone();
        Self::mutate(id, |institution| {
            Self::take_controller(&new, id)?;
            old = core::mem::replace(&mut institution.controller, new.clone());
            Self::free_controller(&old);
            Ok(())
        })?;
        Self::deposit_event(Event::ControllerReplaced { institution: id, old, new });
        Ok(())
    }

    pub(crate) fn do_set_encryption_key(id: InstitutionId, key: EncryptionKey) -> DispatchResult {
        ensure!(!key.is_low_order(), Error::<T>::WeakKey);
        Self::mutate(id, |institution| {
            institution.encryption_key = key;
            Ok(())
        })?;
        Self::deposit_event(Event::EncryptionKeySet { institution: id, key });
        Ok(())
    }

    pub(crate) fn do_add_practitioner(
        id: InstitutionId,
        account: T::AccountId,
        practitioner: Practitioner,
    ) -> DispatchResult {
        let Practitioner { role, encryption_key, valid_until, .. } = practitioner;
        ensure!(!encryption_key.is_low_order(), Error::<T>::WeakKey);
        ensure!(T::Clock::now() < valid_until, Error::<T>::Expired);
        ensure!(!Practitioners::<T>::contains_key(&account, id), Error::<T>::PractitionerExists);
        ensure!(!Self::is_barred(&account), Error::<T>::PractitionerBarred);
        Practitioners::<T>::insert(&account, id, practitioner);
        frame_system::Pallet::<T>::inc_sufficients(&account);
        Self::deposit_event(Event::PractitionerAdded {
            institution: id,
            account,
            role,
            valid_until,
        });
        Ok(())
    }

    pub(crate) fn do_remove_practitioner(
        id: InstitutionId,
        account: T::AccountId,
    ) -> DispatchResult {
        let practitioner =
            Practitioners::<T>::get(&account, id).ok_or(Error::<T>::PractitionerUnknown)?;
        ensure!(practitioner.status == PractitionerStatus::Active, Error::<T>::PractitionerStopped);
        Self::drop_practitioner(id, account);
        Ok(())
    }

    pub(crate) fn do_clear_practitioner(
        id: InstitutionId,
        account: T::AccountId,
    ) -> DispatchResult {
        let institution = Institutions::<T>::get(id).ok_or(Error::<T>::InstitutionUnknown)?;
        ensure!(institution.status == InstitutionStatus::Revoked, Error::<T>::NotRevoked);
        ensure!(Practitioners::<T>::contains_key(&account, id), Error::<T>::PractitionerUnknown);
        Self::drop_practitioner(id, account);
        Ok(())
    }

    fn drop_practitioner(id: InstitutionId, account: T::AccountId) {
        Practitioners::<T>::remove(&account, id);
        frame_system::Pallet::<T>::dec_sufficients(&account);
        Self::deposit_event(Event::PractitionerRemoved { institution: id, account });
    }

    pub(crate) fn do_suspend_practitioner(
        region: RegionCode,
        id: InstitutionId,
        account: T::AccountId,
    ) -> DispatchResult {
        Self::within(region, id)?;
        Practitioners::<T>::try_mutate(&account, id, |practitioner| {
            let practitioner = practitioner.as_mut().ok_or(Error::<T>::PractitionerUnknown)?;
            let active = practitioner.status == PractitionerStatus::Active;
            ensure!(active, Error::<T>::PractitionerStopped);
            practitioner.status = PractitionerStatus::Suspended;
            DispatchResult::Ok(())
        })?;
        Self::deposit_event(Event::PractitionerSuspended { institution: id, account });
        Ok(())
    }

    pub(crate) fn do_lift_practitioner(id: InstitutionId, account: T::AccountId) -> DispatchResult {
        let unbarred = Self::unbar(&account, id);
        Practitioners::<T>::try_mutate(&account, id, |practitioner| {
            let Some(practitioner) = practitioner else {
                ensure!(unbarred, Error::<T>::PractitionerUnknown);
                return DispatchResult::Ok(());
            };
            let stopped = practitioner.status == PractitionerStatus::Suspended;
            ensure!(stopped || unbarred, Error::<T>::PractitionerNotStopped);
            practitioner.status = PractitionerStatus::Active;
            Ok(())
        })?;
        Self::deposit_event(Event::PractitionerLifted { institution: id, account });
        Ok(())
    }

    pub(crate) fn do_create_team(
        id: InstitutionId,
        team: TeamId,
        name: TeamName,
        encryption_key: EncryptionKey,
    ) -> DispatchResult {
        ensure!(is_name(&name), Error::<T>::NameInvalid);
        ensure!(!encryption_key.is_low_order(), Error::<T>::WeakKey);
        ensure!(!Teams::<T>::contains_key(id, team), Error::<T>::TeamExists);
        ensure!(!SpentTeams::<T>::contains_key(id, team), Error::<T>::TeamNumberSpent);
        Teams::<T>::insert(id, team, Team { name, encryption_key, members: Default::default() });
        Self::deposit_event(Event::TeamCreated { institution: id, team });
        Ok(())
    }

    pub(crate) fn do_add_team_member(
        id: InstitutionId,
        team: TeamId,
        account: T::AccountId,
    ) -> DispatchResult {
        let active = Practitioners::<T>::get(&account, id)
            .is_some_and(|practitioner| practitioner.is_active(T::Clock::now()));
        ensure!(active, Error::<T>::NotActive);
        Teams::<T>::try_mutate(id, team, |entry| {
            let entry = entry.as_mut().ok_or(Error::<T>::TeamUnknown)?;
            ensure!(!entry.members.contains(&account), Error::<T>::AlreadyMember);
            entry.members.try_insert(account.clone()).map_err(|_| Error::<T>::TeamFull)?;
            DispatchResult::Ok(())
        })?;
        Self::deposit_event(Event::TeamMemberAdded { institution: id, team, account });
        Ok(())
    }

    pub(crate) fn do_remove_team_member(
        id: InstitutionId,
        team: TeamId,
        account: T::AccountId,
    ) -> DispatchResult {
        Teams::<T>::try_mutate(id, team, |entry| {
            let entry = entry.as_mut().ok_or(Error::<T>::TeamUnknown)?;
            ensure!(entry.members.remove(&account), Error::<T>::NotMember);
            DispatchResult::Ok(())
        })?;
        Self::deposit_event(Event::TeamMemberRemoved { institution: id, team, account });
        Ok(())
    }

    pub(crate) fn do_dissolve_team(id: InstitutionId, team: TeamId) -> DispatchResult {
        ensure!(Teams::<T>::contains_key(id, team), Error::<T>::TeamUnknown);
        Teams::<T>::remove(id, team);
        SpentTeams::<T>::insert(id, team, ());
        Self::deposit_event(Event::TeamDissolved { institution: id, team });
        Ok(())
    }

    /// The institution, if it is of this region.
    fn within(region: RegionCode, id: InstitutionId) -> Result<InstitutionFor<T>, Error<T>> {
        let institution = Institutions::<T>::get(id).ok_or(Error::<T>::InstitutionUnknown)?;
        ensure!(institution.region == region, Error::<T>::OtherRegion);
        Ok(institution)
    }

    /// Changes an institution that is not revoked.
    fn mutate(
        id: InstitutionId,
        change: impl FnOnce(&mut InstitutionFor<T>) -> Result<(), Error<T>>,
    ) -> DispatchResult {
        Institutions::<T>::try_mutate(id, |institution| {
            let institution = institution.as_mut().ok_or(Error::<T>::InstitutionUnknown)?;
            let revoked = institution.status == InstitutionStatus::Revoked;
            ensure!(!revoked, Error::<T>::InstitutionRevoked);
            change(institution).map_err(Into::into)
        })
    }

    /// Lets an account speak for an institution.
    pub(crate) fn take_controller(who: &T::AccountId, id: InstitutionId) -> Result<(), Error<T>> {
        ensure!(!InstitutionOf::<T>::contains_key(who), Error::<T>::ControllerTaken);
        InstitutionOf::<T>::insert(who, id);
        frame_system::Pallet::<T>::inc_sufficients(who);
        Ok(())
    }

    /// The account speaks for no institution any longer.
    pub(crate) fn free_controller(who: &T::AccountId) {
        InstitutionOf::<T>::remove(who);
        frame_system::Pallet::<T>::dec_sufficients(who);
    }
}
