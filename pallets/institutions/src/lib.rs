//! # Institutions
//!
//! Keeps the permitted institutions, their practitioners and their care teams.
//!
//! | call | who |
//! | --- | --- |
//! | `nominate`, `nominate_batch`, `withdraw`, `suspend`, `suspend_practitioner` | `PanCentreOrigin`: the pan-centre, inside its province |
//! | `permit`, `revoke`, `renew`, `replace_controller`, `lift_practitioner` | `PermitOrigin`: the council |
//! | `set_encryption_key`, `add_practitioner`, `remove_practitioner`, `create_team`, `add_team_member`, `remove_team_member`, `dissolve_team` | `InstitutionOrigin`: the controller of a permitted institution |
//! | `clear_practitioner` | anyone, signed: only at a revoked institution |
//!
//! ## Invariants
//!
//! - An account speaks for one institution at most, and `InstitutionOf` names it exactly while the
//!   institution is not revoked.
//! - Revoking is final, and so is dissolving a team: neither the code nor the number is used again.
//! - A suspension ends by the council only; an institution cannot remove a suspended practitioner.
//!   Whoever abused an emergency is registered nowhere, by account or person, until then.
//! - A controller and a practitioner hold one sufficient reference each for every registration.
//!
//! ## What it asks of others and gives
//!
//! It asks which provinces are active, which blocks are open, and what time it is. It gives
//! [`kanglian_traits::InstitutionInspect`]: an institution counts only while it is permitted, not
//! expired, and its province is active; a practitioner or team only while the institution counts.
//! It also gives [`kanglian_traits::SuspendPractitioner`] to whoever reviews emergencies.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod impls;
#[cfg(test)]
mod mock;
mod outcomes;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

use frame_support::pallet_macros::import_section;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[import_section(outcomes::outcomes)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{EnsureOrigin, Time},
    };
    use frame_system::pallet_prelude::*;
    use kanglian_primitives::{
        EncryptionKey, Instant, InstitutionId, MAX_PAGE, PersonId, RegionCode, TeamId,
    };
    use kanglian_traits::{
        BlockInspect, InstitutionInspect, InstitutionView, PersonInspect, RegionInspect,
    };

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// What the runtime decides.
    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Who nominates and suspends: a pan-centre; gives its active region.
        type PanCentreOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = RegionCode>;

        /// Who permits and lifts: the council.
        type PermitOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who speaks for a permitted institution; gives the institution.
        type InstitutionOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionView<Self::AccountId>>;

        /// The registry of provinces.
        type Regions: RegionInspect<Self::AccountId>;

        /// The registry of real names.
        type People: PersonInspect<Self::AccountId>;

        /// The registry of business blocks.
        type Blocks: BlockInspect;

        /// The chain's time in milliseconds.
        type Clock: Time<Moment = Instant>;

        /// Most institutions in one call.
        #[pallet::constant]
        type MaxBatch: Get<u32>;

        /// Most members of a team.
        #[pallet::constant]
        type MaxTeamMembers: Get<u32>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Every institution, revoked ones too.
    // Blake2: codes come from outside, by pan-centres.
    #[pallet::storage]
    pub type Institutions<T: Config> =
        StorageMap<_, Blake2_128Concat, InstitutionId, Institution<T::AccountId>, OptionQuery>;

    /// For which institution an account speaks or is to speak.
    // Blake2: anybody can make accounts.
    #[pallet::storage]
    pub type InstitutionOf<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, InstitutionId, OptionQuery>;

    /// Who practises where.
    // Blake2 twice: anybody can make accounts, codes come from outside.
    #[pallet::storage]
    pub type Practitioners<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        T::AccountId,
        Blake2_128Concat,
        InstitutionId,
        Practitioner,
        OptionQuery,
    >;

    /// Care teams of an institution.
    // Blake2, then Twox: an institution that chose bad numbers would burden its own teams only.
    #[pallet::storage]
    pub type Teams<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        InstitutionId,
        Twox64Concat,
        TeamId,
        TeamOf<T>,
        OptionQuery,
    >;

    /// Numbers of teams that are no more.
    // Hashers as for the teams.
    #[pallet::storage]
    pub type SpentTeams<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, InstitutionId, Twox64Concat, TeamId, (), OptionQuery>;

    /// Accounts whose emergency was found to be abuse, until the council lifts it, whether or not
    /// they still practise where it was.
    // Blake2: anybody can make accounts.
    #[pallet::storage]
    pub type Barred<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Bar, OptionQuery>;

    /// The persons behind them.
    // Blake2: attesting institutions choose persons.
    #[pallet::storage]
    pub type BarredPersons<T: Config> =
        StorageMap<_, Blake2_128Concat, PersonId, T::AccountId, OptionQuery>;

    /// A team of this runtime.
    pub type TeamOf<T> =
        Team<<T as frame_system::Config>::AccountId, <T as Config>::MaxTeamMembers>;

    /// A profile of this runtime.
    pub type ProfileOf<T> = Profile<<T as frame_system::Config>::AccountId>;

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Proposes an institution of the pan-centre's province.
        ///
        /// ## Dispatch origin
        /// `PanCentreOrigin`; its region becomes the institution's, whatever the code says.
        ///
        /// ## Errors
        /// [`Error::KindInvalid`], [`Error::NameInvalid`], [`Error::WeakKey`],
        /// [`Error::BlocksEmpty`], [`Error::BlockNotOpen`], [`Error::Expired`],
        /// [`Error::InstitutionExists`], [`Error::ControllerTaken`].
        ///
        /// ## Events
        /// [`Event::Nominated`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::nominate())]
        pub fn nominate(origin: OriginFor<T>, profile: ProfileOf<T>) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_nominate(region, profile)
        }

        /// Proposes several institutions, all or none.
        ///
        /// ## Dispatch origin
        /// `PanCentreOrigin`; its region becomes the institutions'.
        ///
        /// ## Errors
        /// [`Error::BatchEmpty`] and those of `nominate`.
        ///
        /// ## Events
        /// [`Event::BatchNominated`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::nominate_batch(count(profiles)))]
        pub fn nominate_batch(
            origin: OriginFor<T>,
            profiles: BoundedVec<ProfileOf<T>, T::MaxBatch>,
        ) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_nominate_batch(region, profiles)
        }

        /// Takes back a nomination and frees its controller.
        ///
        /// ## Dispatch origin
        /// `PanCentreOrigin` of the institution's region.
        ///
        /// ## Errors
        /// [`Error::InstitutionUnknown`], [`Error::OtherRegion`], [`Error::NotNominated`].
        ///
        /// ## Events
        /// [`Event::Withdrawn`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn withdraw(origin: OriginFor<T>, id: InstitutionId) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_withdraw(region, id)
        }

        /// Permits nominated institutions and lifts suspensions, all or none.
        ///
        /// ## Dispatch origin
        /// `PermitOrigin`.
        ///
        /// ## Errors
        /// [`Error::BatchEmpty`], [`Error::InstitutionUnknown`], [`Error::AlreadyPermitted`],
        /// [`Error::InstitutionRevoked`], [`Error::Expired`].
        ///
        /// ## Events
        /// [`Event::Permitted`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::permit(count(ids)))]
        pub fn permit(
            origin: OriginFor<T>,
            ids: BoundedVec<InstitutionId, T::MaxBatch>,
        ) -> DispatchResult {
            T::PermitOrigin::ensure_origin(origin)?;
            Self::do_permit(ids)
        }

        /// Ends an institution for ever and frees its controller.
        ///
        /// ## Dispatch origin
        /// `PermitOrigin`.
        ///
        /// ## Errors
        /// [`Error::InstitutionUnknown`], [`Error::InstitutionRevoked`].
        ///
        /// ## Events
        /// [`Event::Revoked`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::revoke())]
        pub fn revoke(origin: OriginFor<T>, id: InstitutionId) -> DispatchResult {
            T::PermitOrigin::ensure_origin(origin)?;
            Self::do_revoke(id)
        }

        /// Stops an institution at once, until the council permits it again.
        ///
        /// ## Dispatch origin
        /// `PanCentreOrigin` of the institution's region.
        ///
        /// ## Errors
        /// [`Error::InstitutionUnknown`], [`Error::OtherRegion`], [`Error::NotPermitted`].
        ///
        /// ## Events
        /// [`Event::Suspended`].
        #[pallet::call_index(5)]
        #[pallet::weight((T::WeightInfo::suspend(), DispatchClass::Operational))]
        pub fn suspend(origin: OriginFor<T>, id: InstitutionId) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_suspend(region, id)
        }

        /// Sets the end of an institution's permission; its standing stays.
        ///
        /// ## Dispatch origin
        /// `PermitOrigin`.
        ///
        /// ## Errors
        /// [`Error::Expired`], [`Error::InstitutionUnknown`], [`Error::InstitutionRevoked`].
        ///
        /// ## Events
        /// [`Event::Renewed`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::renew())]
        pub fn renew(
            origin: OriginFor<T>,
            id: InstitutionId,
            valid_until: Instant,
        ) -> DispatchResult {
            T::PermitOrigin::ensure_origin(origin)?;
            Self::do_renew(id, valid_until)
        }

        /// Lets another account speak for an institution and frees the one before.
        ///
        /// ## Dispatch origin
        /// `PermitOrigin`.
        ///
        /// ## Errors
        /// [`Error::ControllerTaken`], [`Error::InstitutionUnknown`],
        /// [`Error::InstitutionRevoked`].
        ///
        /// ## Events
        /// [`Event::ControllerReplaced`].
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::replace_controller())]
        pub fn replace_controller(
            origin: OriginFor<T>,
            id: InstitutionId,
            account: T::AccountId,
        ) -> DispatchResult {
            T::PermitOrigin::ensure_origin(origin)?;
            Self::do_replace_controller(id, account)
        }

        /// Sets the key to which things are sealed for the institution.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`.
        ///
        /// ## Errors
        /// [`Error::WeakKey`], [`Error::InstitutionUnknown`].
        ///
        /// ## Events
        /// [`Event::EncryptionKeySet`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::set_encryption_key())]
        pub fn set_encryption_key(origin: OriginFor<T>, key: EncryptionKey) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_set_encryption_key(institution.id, key)
        }

        /// Registers somebody who practises at the institution.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`.
        ///
        /// ## Errors
        /// [`Error::WeakKey`], [`Error::Expired`], [`Error::PractitionerExists`],
        /// [`Error::PractitionerBarred`].
        ///
        /// ## Events
        /// [`Event::PractitionerAdded`].
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::add_practitioner())]
        pub fn add_practitioner(
            origin: OriginFor<T>,
            account: T::AccountId,
            role: Role,
            encryption_key: EncryptionKey,
            valid_until: Instant,
        ) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            let status = PractitionerStatus::Active;
            let practitioner = Practitioner { role, encryption_key, valid_until, status };
            Self::do_add_practitioner(institution.id, account, practitioner)
        }

        /// Ends somebody's practice at the institution; they leave its teams at once.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`.
        ///
        /// ## Errors
        /// [`Error::PractitionerUnknown`], [`Error::PractitionerStopped`].
        ///
        /// ## Events
        /// [`Event::PractitionerRemoved`].
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::remove_practitioner())]
        pub fn remove_practitioner(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_remove_practitioner(institution.id, account)
        }

        /// Stops a practitioner at one institution at once, until the council lifts it.
        ///
        /// ## Dispatch origin
        /// `PanCentreOrigin` of the institution's region.
        ///
        /// ## Errors
        /// [`Error::InstitutionUnknown`], [`Error::OtherRegion`], [`Error::PractitionerUnknown`],
        /// [`Error::PractitionerStopped`].
        ///
        /// ## Events
        /// [`Event::PractitionerSuspended`].
        #[pallet::call_index(11)]
        #[pallet::weight((T::WeightInfo::suspend_practitioner(), DispatchClass::Operational))]
        pub fn suspend_practitioner(
            origin: OriginFor<T>,
            id: InstitutionId,
            account: T::AccountId,
        ) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_suspend_practitioner(region, id, account)
        }

        /// Ends a practitioner's suspension, and what an abused emergency at this institution
        /// barred the account from, though it no longer practises there.
        ///
        /// ## Dispatch origin
        /// `PermitOrigin`.
        ///
        /// ## Errors
        /// [`Error::PractitionerUnknown`], [`Error::PractitionerNotStopped`].
        ///
        /// ## Events
        /// [`Event::PractitionerLifted`].
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::lift_practitioner())]
        pub fn lift_practitioner(
            origin: OriginFor<T>,
            id: InstitutionId,
            account: T::AccountId,
        ) -> DispatchResult {
            T::PermitOrigin::ensure_origin(origin)?;
            Self::do_lift_practitioner(id, account)
        }

        /// Creates a care team without members.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`.
        ///
        /// ## Errors
        /// [`Error::NameInvalid`], [`Error::WeakKey`], [`Error::TeamExists`],
        /// [`Error::TeamNumberSpent`].
        ///
        /// ## Events
        /// [`Event::TeamCreated`].
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::create_team())]
        pub fn create_team(
            origin: OriginFor<T>,
            team: TeamId,
            name: TeamName,
            encryption_key: EncryptionKey,
        ) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_create_team(institution.id, team, name, encryption_key)
        }

        /// Lists an active practitioner of the institution in a team.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`.
        ///
        /// ## Errors
        /// [`Error::NotActive`], [`Error::TeamUnknown`], [`Error::AlreadyMember`],
        /// [`Error::TeamFull`].
        ///
        /// ## Events
        /// [`Event::TeamMemberAdded`].
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::add_team_member())]
        pub fn add_team_member(
            origin: OriginFor<T>,
            team: TeamId,
            account: T::AccountId,
        ) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_add_team_member(institution.id, team, account)
        }

        /// Strikes somebody off a team's list, whether they still practise there or not.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`.
        ///
        /// ## Errors
        /// [`Error::TeamUnknown`], [`Error::NotMember`].
        ///
        /// ## Events
        /// [`Event::TeamMemberRemoved`].
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::remove_team_member())]
        pub fn remove_team_member(
            origin: OriginFor<T>,
            team: TeamId,
            account: T::AccountId,
        ) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_remove_team_member(institution.id, team, account)
        }

        /// Ends a team; its number is never used again.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`.
        ///
        /// ## Errors
        /// [`Error::TeamUnknown`].
        ///
        /// ## Events
        /// [`Event::TeamDissolved`].
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::dissolve_team())]
        pub fn dissolve_team(origin: OriginFor<T>, team: TeamId) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_dissolve_team(institution.id, team)
        }

        /// Removes a practitioner's entry at a revoked institution, where it can count no more.
        ///
        /// ## Dispatch origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// [`Error::InstitutionUnknown`], [`Error::NotRevoked`], [`Error::PractitionerUnknown`].
        ///
        /// ## Events
        /// [`Event::PractitionerRemoved`].
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::clear_practitioner())]
        pub fn clear_practitioner(
            origin: OriginFor<T>,
            id: InstitutionId,
            account: T::AccountId,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_clear_practitioner(id, account)
        }
    }

    /// How many are in a list.
    fn count<V, S>(list: &BoundedVec<V, S>) -> u32 {
        u32::try_from(list.len()).unwrap_or(u32::MAX)
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// One institution, whatever its standing.
        pub fn institution_details(id: InstitutionId) -> Option<Institution<T::AccountId>> {
            Institutions::<T>::get(id)
        }

        /// For which institution the account speaks or is to speak, whatever the standing.
        pub fn institution_of(account: T::AccountId) -> Option<InstitutionId> {
            InstitutionOf::<T>::get(account)
        }

        /// Whether the institution counts now.
        pub fn is_permitted(id: InstitutionId) -> bool {
            <Self as InstitutionInspect<T::AccountId>>::permitted(&id, T::Clock::now()).is_some()
        }

        /// A page of institutions in the order of the chain's map, after the one given; `limit`
        /// is cut to 256.
        pub fn institutions_after(
            cursor: Option<InstitutionId>,
            limit: u32,
        ) -> Vec<(InstitutionId, Institution<T::AccountId>)> {
            let entries = match cursor {
                Some(last) => Institutions::<T>::iter_from(Institutions::<T>::hashed_key_for(last)),
                None => Institutions::<T>::iter(),
            };
            entries.take(usize::try_from(limit.min(MAX_PAGE)).unwrap_or_default()).collect()
        }

        /// One practitioner at one institution, whatever the standing.
        pub fn practitioner_details(
            account: T::AccountId,
            id: InstitutionId,
        ) -> Option<Practitioner> {
            Practitioners::<T>::get(account, id)
        }

        /// Where the account practises, whatever the standing; 256 entries at most.
        pub fn practises_at(account: T::AccountId) -> Vec<(InstitutionId, Practitioner)> {
            let most = usize::try_from(MAX_PAGE).unwrap_or_default();
            Practitioners::<T>::iter_prefix(account).take(most).collect()
        }

        /// One team of an institution.
        pub fn team_details(id: InstitutionId, team: TeamId) -> Option<TeamOf<T>> {
            Teams::<T>::get(id, team)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxBatch::get() > 0, "a batch holds at least one institution");
            assert!(T::MaxTeamMembers::get() > 0, "a team holds at least one member");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
