//! # Real names
//!
//! One attested identity a person: who speaks for a person, where the person is at home, which
//! institution vouches, and until when.
//!
//! A [`PersonId`](kanglian_primitives::PersonId) is opaque; neither name nor document number is
//! here. An institution that has seen the document attests the person, and the account that is to
//! speak for the person signs what it agrees to. From then on that account alone turns the
//! person's rights.
//!
//! ## Who may call what
//!
//! | call | origin |
//! | --- | --- |
//! | `attest` | controller of a permitted institution, with the person's signature |
//! | `renew` | controller of a permitted institution in the person's home region |
//! | `rotate_controller` | the person, with the new account's signature |
//! | `rotate_data_key`, `move_region` | the person |
//! | `invalidate_attester` | governance (`AdminOrigin`) |
//! | `re_attest` | controller of a permitted institution whose attestations count |
//! | `suspend` | pan-centre of the person's home region |
//! | `lift` | governance (`AdminOrigin`) |
//! | `remove_expired` | any signed account |
//! | `link`, `migrate` | controller of a permitted institution, with the person's signatures |
//! | `approve_link`, `undo_alias` | pan-centre of a home region concerned |
//! | `refuse_link` | the account that speaks for the alias |
//!
//! ## Invariants
//!
//! - An account speaks for at most one person, and every person who is not closed has exactly one
//!   account, which holds one sufficient reference for it.
//! - A person counts for others only while active, before `valid_until`, and while the
//!   attestation is older than the instant from which its attester's attestations are void.
//! - A closed identity never comes back.
//! - The account of a person whose guardian holds the keys does not act once the guardian's time is
//!   over, until other keys take over.
//! - While a recovery of the keys is pending, the account of the person does not act; it can take
//!   rights from others and contest the recovery.
//! - An alias leads to an attested person in two steps at most: the id of a later generation to the
//!   one attested, and a linked id to the one that stays. No alias is attested anew.
//!
//! ## What it asks of and gives to others
//!
//! Asks [`RegionInspect`](kanglian_traits::RegionInspect) whether a region is active. The origins
//! bring institution, person and region with their standing already judged. Asks
//! [`RegistrarInspect`](kanglian_traits::RegistrarInspect) for the generation of registrars. Tells
//! [`OnAttested`](kanglian_traits::OnAttested) the first scope keys and the write consent that
//! the person signed. Asks [`RecoveryInspect`](kanglian_traits::RecoveryInspect) when a suspension is
//! lifted, and [`WardInspect`](kanglian_traits::WardInspect) whether a guardian holds the keys. Gives
//! [`PersonInspect`](kanglian_traits::PersonInspect) and, to whoever runs recoveries,
//! [`RecoverPerson`](kanglian_traits::RecoverPerson); to guardianships
//! [`HoldKeys`](kanglian_traits::HoldKeys).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod aliases;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod impls;
#[cfg(test)]
mod mock;
mod outcomes;
mod recovery;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

#[import_section(outcomes::outcomes)]
#[frame_support::pallet]
pub mod pallet {
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use kanglian_primitives::{EncryptionKey, Instant, InstitutionId, PersonId, RegionCode};
    use kanglian_traits::{
        InstitutionView, OnAttested, PersonView, RecoveryInspect, RegionInspect, RegistrarInspect,
        WardInspect,
    };
    use sp_core::H256;
    use sp_runtime::traits::{IdentifyAccount, Verify};

    use crate::{
        Alias, AliasList, Attestation, LinkRequest, MAX_SCOPE_KEYS, Person, Standing, WeightInfo,
    };

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<Hash = H256> {
        /// A permitted institution that attests.
        type InstitutionOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionView<Self::AccountId>>;

        /// A person whose identity is valid.
        type PersonOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonView<Self::AccountId>>;

        /// The pan-centre of an active region.
        type PanCentreOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = RegionCode>;

        /// Governance that voids an institution's attestations and lifts suspensions.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The account that speaks for a person, whatever the standing.
        type ControllerOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonId>;

        /// Registrars and their generation.
        type Generations: RegistrarInspect;

        /// Provinces.
        type Regions: RegionInspect<Self::AccountId>;

        /// Recoveries of keys.
        type Recoveries: RecoveryInspect;

        /// Guardians who hold their wards' keys.
        type Wards: WardInspect;

        /// Takes the first scope keys and the write consent of an attested person.
        type OnAttested: OnAttested;

        /// The time of the block, in milliseconds.
        type Clock: Time<Moment = Instant>;

        /// A signature that an account makes outside of extrinsics.
        type OffchainSignature: Verify<Signer = Self::OffchainPublic> + Parameter;

        /// The public key behind such a signature.
        type OffchainPublic: IdentifyAccount<AccountId = Self::AccountId>;

        /// Longest validity of an identity, in milliseconds from now.
        #[pallet::constant]
        type MaxValidity: Get<Instant>;

        /// How long an identity stays expired before anybody may close it, in milliseconds.
        #[pallet::constant]
        type CloseGrace: Get<Instant>;

        /// How long an alias's account may object to a link that it did not sign, in milliseconds.
        #[pallet::constant]
        type LinkDelay: Get<Instant>;

        /// How long a request for a link can be approved, and an alias be undone, in milliseconds.
        #[pallet::constant]
        type LinkPeriod: Get<Instant>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// Institutions, for benchmarks to permit one.
        #[cfg(feature = "runtime-benchmarks")]
        type Institutions: kanglian_traits::InstitutionInspect<Self::AccountId>;

        /// Sets the time for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::BenchmarkHelper;
    }

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// Most scope keys that an attestation may bring.
        #[pallet::constant_name(MaxScopeKeys)]
        fn max_scope_keys() -> u32 {
            MAX_SCOPE_KEYS
        }
    }

    /// Attested persons, closed ones included.
    // Blake2: the attesting institution hands the identifier in.
    #[pallet::storage]
    pub type Persons<T: Config> =
        StorageMap<_, Blake2_128Concat, PersonId, Person<T::AccountId>, OptionQuery>;

    /// The person an account speaks for.
    // Blake2: anybody can make accounts that lie side by side.
    #[pallet::storage]
    pub type PersonOf<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, PersonId, OptionQuery>;

    /// Attestations that an institution made at or after the instant do not count.
    // Twox: governance alone chooses the keys.
    #[pallet::storage]
    pub type InvalidFrom<T: Config> =
        StorageMap<_, Twox64Concat, InstitutionId, Instant, OptionQuery>;

    /// Other names of persons.
    // Blake2: institutions hand the identifiers in.
    #[pallet::storage]
    pub type Aliases<T: Config> = StorageMap<_, Blake2_128Concat, PersonId, Alias, OptionQuery>;

    /// The same by the id that they lead to.
    // Hasher as for the aliases.
    #[pallet::storage]
    pub type AliasesOf<T: Config> =
        StorageMap<_, Blake2_128Concat, PersonId, AliasList, ValueQuery>;

    /// Links without the alias's signature, by the alias.
    // Hasher as for the aliases.
    #[pallet::storage]
    pub type LinkRequests<T: Config> =
        StorageMap<_, Blake2_128Concat, PersonId, LinkRequest, OptionQuery>;

    /// How often a link or a migration to the alias was refused or undone: nothing counts twice.
    // Hasher as for the aliases.
    #[pallet::storage]
    pub type Rounds<T: Config> = StorageMap<_, Blake2_128Concat, PersonId, u32, ValueQuery>;

    /// The generation of registrars that a person's newest id is of, when it is not the first.
    // Hasher as for the persons.
    #[pallet::storage]
    pub type Generations<T: Config> = StorageMap<_, Blake2_128Concat, PersonId, u32, ValueQuery>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxValidity::get() > 0, "identities must be able to be valid");
            assert!(T::CloseGrace::get() > 0, "an identity must not be closed as it expires");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Attests a person that the institution has identified by document.
        ///
        /// The controller's signature is over `kanglian/attest/v1` with every field given here,
        /// the institution as attester and its region as home region; under a later generation of
        /// registrars over `kanglian/attest/v2` with the generation before them. It may be wrapped
        /// in `<Bytes>`.
        ///
        /// ## Dispatch origin
        /// A permitted institution.
        ///
        /// ## Errors
        /// `GenerationClosed`, `AttesterVoid`, `PersonKnown` (the id of a person or of an alias),
        /// `AccountInUse`, `EndsInPast`, `ValidityTooLong`,
        /// `LowOrderKey`, `ScopeKeysNotRising`, `BadSignature`, and what the consents refuse.
        ///
        /// ## Events
        /// `Attested`
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::attest(
            u32::try_from(attestation.scope_keys.len()).unwrap_or(MAX_SCOPE_KEYS)
        ))]
        pub fn attest(
            origin: OriginFor<T>,
            person: PersonId,
            attestation: Attestation<T::AccountId>,
            signature: T::OffchainSignature,
        ) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_attest(institution, person, attestation, signature)
        }

        /// Makes a valid identity valid for longer.
        ///
        /// ## Dispatch origin
        /// A permitted institution in the person's home region.
        ///
        /// ## Errors
        /// `AttesterVoid`, `PersonUnknown`, `OutsideRegion`, `PersonClosed`, `PersonSuspended`,
        /// `PersonLinked`, `Expired`, `Invalidated`, `NotExtended`, `ValidityTooLong`.
        ///
        /// ## Events
        /// `Renewed`
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::renew())]
        pub fn renew(
            origin: OriginFor<T>,
            person: PersonId,
            valid_until: Instant,
        ) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_renew(institution, person, valid_until)
        }

        /// Lets another account speak for the person, which agrees by its signature.
        ///
        /// The new account's signature is over `kanglian/rotate/v1` with person, old and new
        /// account. It may be wrapped in `<Bytes>`.
        ///
        /// ## Dispatch origin
        /// The person.
        ///
        /// ## Errors
        /// `AccountInUse`, `BadSignature`.
        ///
        /// ## Events
        /// `ControllerRotated`
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::rotate_controller())]
        pub fn rotate_controller(
            origin: OriginFor<T>,
            new: T::AccountId,
            signature: T::OffchainSignature,
        ) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?;
            Self::do_rotate_controller(person, new, signature)
        }

        /// Replaces the person's data key.
        ///
        /// ## Dispatch origin
        /// The person.
        ///
        /// ## Errors
        /// `LowOrderKey`, `Unchanged`.
        ///
        /// ## Events
        /// `DataKeyRotated`
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::rotate_data_key())]
        pub fn rotate_data_key(origin: OriginFor<T>, key: EncryptionKey) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?.id;
            ensure!(!key.is_low_order(), Error::<T>::LowOrderKey);
            Self::try_change(person, |entry| {
                ensure!(entry.data_key != key, Error::<T>::Unchanged);
                entry.data_key = key;
                Ok(())
            })?;
            Self::deposit_event(Event::DataKeyRotated { person, key });
            Ok(())
        }

        /// Makes another active region the person's home. Possible out of a suspended region too.
        ///
        /// ## Dispatch origin
        /// The person.
        ///
        /// ## Errors
        /// `RegionNotActive`, `Unchanged`.
        ///
        /// ## Events
        /// `RegionMoved`
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::move_region())]
        pub fn move_region(origin: OriginFor<T>, region: RegionCode) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?;
            ensure!(person.home_region != region, Error::<T>::Unchanged);
            ensure!(T::Regions::is_active(region), Error::<T>::RegionNotActive);
            Self::try_change(person.id, |entry| {
                entry.home_region = region;
                Ok(())
            })?;
            Self::deposit_event(Event::RegionMoved {
                person: person.id,
                from: person.home_region,
                to: region,
            });
            Ok(())
        }

        /// Voids what an institution attests or has attested at or after an instant. A later
        /// call with another instant replaces the earlier one.
        ///
        /// ## Dispatch origin
        /// Governance (`AdminOrigin`).
        ///
        /// ## Errors
        /// `Unchanged`.
        ///
        /// ## Events
        /// `AttesterInvalidated`
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::invalidate_attester())]
        pub fn invalidate_attester(
            origin: OriginFor<T>,
            institution: InstitutionId,
            from: Instant,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            InvalidFrom::<T>::try_mutate(institution, |entry| {
                ensure!(*entry != Some(from), Error::<T>::Unchanged);
                *entry = Some(from);
                Ok::<_, DispatchError>(())
            })?;
            Self::deposit_event(Event::AttesterInvalidated { institution, from });
            Ok(())
        }

        /// Vouches again for a person whose attestation was voided or has expired.
        ///
        /// An expired identity becomes valid for as long as it was before, at most
        /// `MaxValidity`. Account, keys, home region and a suspension stay as they are.
        ///
        /// ## Dispatch origin
        /// A permitted institution whose attestations count.
        ///
        /// ## Errors
        /// `AttesterVoid`, `PersonUnknown`, `PersonClosed`, `PersonLinked`, `StillAttested`.
        ///
        /// ## Events
        /// `ReAttested`
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::re_attest())]
        pub fn re_attest(origin: OriginFor<T>, person: PersonId) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_re_attest(institution, person)
        }

        /// Suspends a person at once: nobody reads, writes or acts by this identity.
        ///
        /// ## Dispatch origin
        /// The pan-centre of the person's home region.
        ///
        /// ## Errors
        /// `PersonUnknown`, `OutsideRegion`, `PersonClosed`, `PersonSuspended`, `PersonLinked`.
        ///
        /// ## Events
        /// `Suspended`
        #[pallet::call_index(7)]
        #[pallet::weight((T::WeightInfo::suspend(), DispatchClass::Operational))]
        pub fn suspend(origin: OriginFor<T>, person: PersonId) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_suspend(region, person)
        }

        /// Lifts a person's suspension.
        ///
        /// ## Dispatch origin
        /// Governance (`AdminOrigin`).
        ///
        /// ## Errors
        /// `PersonUnknown`, `NotSuspended`.
        ///
        /// ## Events
        /// `Lifted`
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::lift())]
        pub fn lift(origin: OriginFor<T>, person: PersonId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_lift(person)
        }

        /// Closes an identity that has been expired for the whole of `CloseGrace`, and sets its
        /// account free.
        ///
        /// ## Dispatch origin
        /// Any signed account.
        ///
        /// ## Errors
        /// `PersonUnknown`, `PersonClosed`, `PersonLinked`, `GraceNotOver`.
        ///
        /// ## Events
        /// `Closed`
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::remove_expired())]
        pub fn remove_expired(origin: OriginFor<T>, person: PersonId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_remove_expired(person)
        }

        /// Makes one id another name of a second one: both documents are one person's. Records and
        /// grants of both stay; nothing more is attested, shared or granted under the alias.
        ///
        /// The signatures are those of both ids' accounts over `kanglian/link/v1` with alias,
        /// canonical id, the institution and the alias's round. They may be wrapped in `<Bytes>`.
        /// Without the alias's, the link waits: its account may object for `LinkDelay`, then the
        /// pan-centre of its home region may approve.
        ///
        /// ## Dispatch origin
        /// A permitted institution whose attestations count.
        ///
        /// ## Errors
        /// `AttesterVoid`, `SamePerson`, `PersonUnknown`, `PersonLinked`, `PersonSuspended`,
        /// `PersonClosed`, `Expired`, `Invalidated`, `RecoveryPending`, `HasAliases`,
        /// `TooManyAliases`, `BadSignature`, `LinkPending`.
        ///
        /// ## Events
        /// `Linked` or `LinkRequested`
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::link())]
        pub fn link(
            origin: OriginFor<T>,
            alias: PersonId,
            canonical: PersonId,
            canonical_signature: T::OffchainSignature,
            alias_signature: Option<T::OffchainSignature>,
        ) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_link(institution, alias, canonical, canonical_signature, alias_signature)
        }

        /// Approves a link in place of the alias's account, whose key is lost.
        ///
        /// ## Dispatch origin
        /// The pan-centre of the alias's home region.
        ///
        /// ## Errors
        /// `NoLinkRequest`, `OutsideRegion`, `TooEarly`, `PeriodOver`, `AttesterVoid`, and those of
        /// `link` about the two persons.
        ///
        /// ## Events
        /// `Linked`
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::approve_link())]
        pub fn approve_link(origin: OriginFor<T>, alias: PersonId) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_approve_link(region, alias)
        }

        /// Objects to a link of the own id that was asked for without the own signature.
        ///
        /// ## Dispatch origin
        /// The account that speaks for the alias, whatever the standing.
        ///
        /// ## Errors
        /// `NoLinkRequest`.
        ///
        /// ## Events
        /// `LinkRefused`
        #[pallet::call_index(12)]
        #[pallet::weight((T::WeightInfo::refuse_link(), DispatchClass::Operational))]
        pub fn refuse_link(origin: OriginFor<T>) -> DispatchResult {
            let alias = T::ControllerOrigin::ensure_origin(origin)?;
            Self::do_refuse_link(alias)
        }

        /// Ends a wrong alias, or a request for a link. A linked id is a person of its own again,
        /// with its own account, records and grants.
        ///
        /// ## Dispatch origin
        /// The pan-centre of the home region of either id, within `LinkPeriod`.
        ///
        /// ## Errors
        /// `NotAlias`, `OutsideRegion`, `PeriodOver`.
        ///
        /// ## Events
        /// `AliasUndone` or `LinkRefused`
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::undo_alias())]
        pub fn undo_alias(origin: OriginFor<T>, alias: PersonId) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_undo_alias(region, alias)
        }

        /// Lets a person be known by the id that the present generation of registrars gives for
        /// the document, too. Nothing moves: the id attested first goes on.
        ///
        /// The signature is that of the person's account over `kanglian/migrate/v1` with the
        /// generation, both ids, the institution and the new id's round. It may be wrapped in
        /// `<Bytes>`.
        ///
        /// ## Dispatch origin
        /// A permitted institution whose attestations count.
        ///
        /// ## Errors
        /// `GenerationClosed`, `AttesterVoid`, `PersonUnknown`, `AlreadyMigrated`, `PersonKnown`,
        /// `PersonLinked`, `PersonSuspended`, `PersonClosed`, `Expired`, `Invalidated`,
        /// `RecoveryPending`, `TooManyAliases`, `BadSignature`.
        ///
        /// ## Events
        /// `Migrated`
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::migrate())]
        pub fn migrate(
            origin: OriginFor<T>,
            old: PersonId,
            new: PersonId,
            signature: T::OffchainSignature,
        ) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_migrate(institution, old, new, signature)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The person's entry; none when never attested.
        pub fn person(id: PersonId) -> Option<Person<T::AccountId>> {
            Persons::<T>::get(id)
        }

        /// The person the account speaks for, whatever the standing.
        pub fn person_of(account: T::AccountId) -> Option<PersonId> {
            PersonOf::<T>::get(account)
        }

        /// How the person stands now; none when never attested.
        pub fn standing(id: PersonId) -> Option<Standing> {
            Persons::<T>::get(id).map(|person| Self::standing_of(&person, T::Clock::now()))
        }

        /// How often a link or a migration to the alias was refused or undone.
        pub fn round(alias: PersonId) -> u32 {
            Rounds::<T>::get(alias)
        }

        /// From when on the institution's attestations do not count.
        pub fn invalid_from(institution: InstitutionId) -> Option<Instant> {
            InvalidFrom::<T>::get(institution)
        }
    }
}
