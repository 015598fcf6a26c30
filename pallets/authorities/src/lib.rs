//! The named validators of the provinces: who is in the next set.
//!
//! | call | who |
//! | --- | --- |
//! | [`Pallet::add`], [`Pallet::remove`] | [`Config::GovernanceOrigin`]: two thirds of the council |
//! | [`Pallet::report_double_block`] | anyone, signed; pays no fee when it succeeds |
//!
//! Invariants: accounts are unique; offenders are authorities; while there is an authority, one is
//! no offender. An addition never leaves a region above ⌊(n−1)/3⌋ of four or more authorities,
//! unless removals had left that other region above it before.
//!
//! Asks [`kanglian_traits::RegionInspect`] whether a region is active and [`SessionKeys`] for keys.
//! Gives [`Pallet::validators_for_next_session`] to the runtime's session manager, and is an
//! [`sp_staking::offence::OnOffenceHandler`].

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod evidence;
mod impls;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

#[frame_support::pallet]
pub mod pallet {
    use alloc::{boxed::Box, vec::Vec};
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use kanglian_primitives::RegionCode;
    use kanglian_traits::RegionInspect;

    use super::{AuthorityOf, Cause, SessionKeys, Slot, WeightInfo, evidence};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Adds and removes authorities: two thirds of the council.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The registry of provinces.
        type Regions: RegionInspect<Self::AccountId>;

        /// Session keys of authorities.
        type Keys: SessionKeys<Self::AccountId>;

        /// The Aura slot of the current block.
        type CurrentSlot: Get<Slot>;

        /// Most authorities there can be.
        #[pallet::constant]
        type MaxAuthorities: Get<u32>;

        /// Longest encoded header in a report, in bytes.
        #[pallet::constant]
        type MaxHeaderSize: Get<u32>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// All authorities, in the order of their addition, which is the order of the set.
    #[pallet::storage]
    pub type Authorities<T: Config> =
        StorageValue<_, BoundedVec<AuthorityOf<T>, T::MaxAuthorities>, ValueQuery>;

    /// Authorities that are left out of the sets planned from now on, until the council removes
    /// them and adds them anew.
    #[pallet::storage]
    pub type Offenders<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxAuthorities>, ValueQuery>;

    /// The last slot for which an account was reported; no report at or before it counts again.
    /// An entry stays when the authority goes; the council's additions bound their number.
    // blake2_128_concat: accounts are chosen by their owners.
    #[pallet::storage]
    pub type LastReported<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Slot, OptionQuery>;

    /// The set given to the session pallet last.
    #[pallet::storage]
    pub type LastPlanned<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxAuthorities>, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An authority will be in the sets planned from now on.
        AuthorityAdded {
            /// The authority.
            account: T::AccountId,
            /// Its province.
            region: RegionCode,
        },
        /// An authority will not be in the sets planned from now on.
        AuthorityRemoved {
            /// The authority.
            account: T::AccountId,
            /// Its province.
            region: RegionCode,
        },
        /// An offender is left out of the sets planned from now on.
        OffenderDropped {
            /// The authority.
            account: T::AccountId,
            /// What it did.
            cause: Cause,
        },
        /// An offender stays in the set, because nobody else could validate.
        OffenderKept {
            /// The authority.
            account: T::AccountId,
            /// What it did.
            cause: Cause,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The region is unknown or suspended. Register or resume it first.
        RegionNotActive,
        /// The account is an authority already. Nothing needs to be done.
        AlreadyAuthority,
        /// The account has set no session keys. Send `session.setKeys` from it first.
        NoSessionKeys,
        /// A region would hold more than a third of the authorities. Add others first.
        RegionTooStrong,
        /// There are as many authorities as the chain can hold. Remove one first.
        TooManyAuthorities,
        /// The account is no authority. Check the account.
        NotAuthority,
        /// Nobody else could validate. Add another authority first.
        LastAuthority,
        /// A header is longer than the limit or does not consist of a hash with one Aura slot and
        /// one Aura seal at its end. Pass the sealed header as the node gives it.
        MalformedHeader,
        /// The headers are of different slots. This is no offence.
        DifferentSlots,
        /// Both headers are the same block. This is no offence.
        SameBlock,
        /// The slot is yet to come. Report it when it has passed.
        FutureSlot,
        /// No authority of the current or the queued set sealed both headers. Check the headers.
        UnknownAuthor,
        /// The author is left out of the next set already, or was reported for this slot or a
        /// later one. Nothing needs to be done.
        AlreadyReported,
    }

    /// Authorities from the first block on, each with its province's code.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The authorities, in the order of the set.
        pub authorities: Vec<(T::AccountId, u32)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for (account, region) in &self.authorities {
                assert!(
                    RegionCode(*region).is_province_level(),
                    "{region} is not the code of a province"
                );
                Pallet::<T>::push(account.clone(), RegionCode(*region))
                    .unwrap_or_else(|error| panic!("authority {account:?} is refused: {error:?}"));
            }
            assert!(
                Pallet::<T>::is_balanced(&Authorities::<T>::get()),
                "a province holds more than a third of the authorities"
            );
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxAuthorities::get() > 0, "MaxAuthorities must be above zero");
            assert!(T::MaxHeaderSize::get() >= 512, "MaxHeaderSize must hold a plain header");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Adds an authority of an active region; it is in the next set that is planned.
        ///
        /// ## Dispatch origin
        /// [`Config::GovernanceOrigin`].
        ///
        /// ## Errors
        /// [`Error::RegionNotActive`], [`Error::NoSessionKeys`], [`Error::AlreadyAuthority`],
        /// [`Error::RegionTooStrong`], [`Error::TooManyAuthorities`].
        ///
        /// ## Events
        /// [`Event::AuthorityAdded`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::add())]
        pub fn add(
            origin: OriginFor<T>,
            account: T::AccountId,
            region: RegionCode,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            ensure!(T::Regions::is_active(region), Error::<T>::RegionNotActive);
            ensure!(T::Keys::registered(&account), Error::<T>::NoSessionKeys);
            Self::ensure_balanced_addition(region)?;
            Self::push(account.clone(), region)?;
            Self::deposit_event(Event::AuthorityAdded { account, region });
            Ok(())
        }

        /// Removes an authority, offender or not.
        ///
        /// ## Dispatch origin
        /// [`Config::GovernanceOrigin`].
        ///
        /// ## Errors
        /// [`Error::NotAuthority`], [`Error::LastAuthority`].
        ///
        /// ## Events
        /// [`Event::AuthorityRemoved`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::remove())]
        pub fn remove(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            let region = Self::take(&account)?;
            Self::deposit_event(Event::AuthorityRemoved { account, region });
            Ok(())
        }

        /// Proves with two sealed headers that an authority made two blocks in one slot; it is
        /// left out of the next set that is planned. Costs nothing when it succeeds.
        ///
        /// ## Dispatch origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// [`Error::MalformedHeader`], [`Error::DifferentSlots`], [`Error::SameBlock`],
        /// [`Error::FutureSlot`], [`Error::UnknownAuthor`], [`Error::NotAuthority`],
        /// [`Error::AlreadyReported`].
        ///
        /// ## Events
        /// [`Event::OffenderDropped`] or [`Event::OffenderKept`].
        #[pallet::call_index(2)]
        #[pallet::weight(
            T::WeightInfo::report_double_block(T::MaxAuthorities::get().saturating_mul(2))
        )]
        pub fn report_double_block(
            origin: OriginFor<T>,
            first: Box<HeaderFor<T>>,
            second: Box<HeaderFor<T>>,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let proof = evidence::DoubleBlock::<T>::new(*first, *second)?;
            ensure!(proof.slot <= T::CurrentSlot::get(), Error::<T>::FutureSlot);
            let (author, tried) = proof.author(&T::Keys::authors())?;
            let event = Self::punish_double_block(author, proof.slot)?;
            Self::deposit_event(event);
            Ok((Some(T::WeightInfo::report_double_block(tried)), Pays::No).into())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// All authorities with their provinces, offenders included.
        pub fn authorities() -> Vec<AuthorityOf<T>> {
            Authorities::<T>::get().into_inner()
        }

        /// Authorities that are left out of the sets planned from now on.
        pub fn offenders() -> Vec<T::AccountId> {
            Offenders::<T>::get().into_inner()
        }

        /// The set that would be planned now: authorities with session keys that are no offenders.
        pub fn next_set() -> Vec<T::AccountId> {
            Self::able()
        }
    }
}
