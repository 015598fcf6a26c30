//! # Registrars
//!
//! The present set of the registrars that evaluate person ids, and the heads of their logs.
//!
//! Registrars hold shares of one group key off chain. The chain pins what everybody must agree on:
//! the generation of the key, the key itself, how many have to answer, and who holds which share.
//! Registrars anchor the roots of their evaluation logs here, so that a log that is cut or rewritten
//! later contradicts its own anchors.
//!
//! ## Who may call what
//!
//! | call | origin |
//! | --- | --- |
//! | `set_registrars`, `declare_compromised` | [`Config::RegisterOrigin`]: two thirds of the council |
//! | `update_url`, `anchor_evaluation_log` | a registrar of the present set, by its signing key |
//!
//! ## Invariants
//!
//! - Within a generation the group key stays and the epoch rises; a new generation follows only one
//!   that was declared compromised, has the next number and another key.
//! - Registrars are of different provinces, with different keys; no signing key is of small order.
//! - An anchored log only grows, and each anchor provably continues the one before.
//! - Each registrar of the present set holds one sufficient reference.
//!
//! ## What it asks of and gives to others
//!
//! Asks [`RegionInspect`](kanglian_traits::RegionInspect) whether provinces are active. Gives
//! [`RegistrarInspect`](kanglian_traits::RegistrarInspect).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod impls;
#[cfg(test)]
mod mock;
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

#[frame_support::pallet]
pub mod pallet {
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use kanglian_primitives::{Hash32, Instant, RegionCode, RegistrarKey};
    use kanglian_traits::RegionInspect;

    use crate::{
        EvaluationLog, GenesisSet, LogProof, MAX_PROOF, RegistrarSetOf, RegistrarUrl, WeightInfo,
    };

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId: From<[u8; 32]> + AsRef<[u8; 32]>> {
        /// Sets the registrars and declares a generation compromised: two thirds of the council.
        type RegisterOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Provinces.
        type Regions: RegionInspect<Self::AccountId>;

        /// The time of the block, in milliseconds.
        type Clock: Time<Moment = Instant>;

        /// Most registrars.
        #[pallet::constant]
        type MaxRegistrars: Get<u32>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// Prepares provinces and time for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::BenchmarkHelper;
    }

    /// The present set; none before the first.
    #[pallet::storage]
    pub type Present<T: Config> = StorageValue<_, RegistrarSetOf<T>, OptionQuery>;

    /// The number of the present group key. Beside the set, so that an attestation reads no more.
    #[pallet::storage]
    pub type Generation<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// From which height on a generation's ids are attested no more.
    // Twox: governance alone chooses the keys.
    #[pallet::storage]
    pub type Compromised<T: Config> =
        StorageMap<_, Twox64Concat, u32, BlockNumberFor<T>, OptionQuery>;

    /// The last anchored head of each registrar's log, former registrars' too.
    // Twox: governance alone lets keys in.
    #[pallet::storage]
    pub type Logs<T: Config> =
        StorageMap<_, Twox64Concat, RegistrarKey, EvaluationLog, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// There is a new set of registrars.
        RegistrarsSet {
            /// The number of the group key.
            generation: u32,
            /// The number of its shares.
            epoch: u32,
            /// How many have to answer.
            threshold: u16,
            /// The group's public key.
            network_key: [u8; 32],
            /// The registrars' signing keys, in order.
            members: Vec<RegistrarKey>,
        },
        /// A generation's ids are attested no more from a height on.
        GenerationCompromised {
            /// The generation.
            generation: u32,
            /// The first height.
            from: BlockNumberFor<T>,
        },
        /// A registrar answers elsewhere.
        UrlUpdated {
            /// The registrar.
            registrar: RegistrarKey,
            /// Its base URL.
            url: RegistrarUrl,
        },
        /// The head of a registrar's log was anchored.
        EvaluationLogAnchored {
            /// The registrar.
            registrar: RegistrarKey,
            /// Lines.
            size: u64,
            /// RFC 6962 root over them.
            root: Hash32,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The threshold is not between 1 and the number of registrars. Correct it.
        InvalidThreshold,
        /// A registrar's province is unknown or suspended. Name one of an active province.
        RegionNotActive,
        /// Two registrars are of one province. Each province has one.
        RegionTwice,
        /// Two registrars have the same signing key or share. Each has its own.
        KeyTwice,
        /// A signing key is of small order, or a group element is the identity. Hold the ceremony
        /// again.
        WeakKey,
        /// The URL is not `http://` or `https://` followed by printable ASCII. Correct the URL.
        InvalidUrl,
        /// The generation is neither the present one nor the one that follows it.
        WrongGeneration,
        /// The present generation was not declared compromised, so none may follow it.
        GenerationInForce,
        /// The present generation was declared compromised. Set the next one.
        GenerationClosed,
        /// Refreshing and replacing keep the group key; this is another one. Reshare the present
        /// key.
        NetworkKeyChanged,
        /// A new generation has a new group key; this is the compromised one. Make a new key.
        NetworkKeyUnchanged,
        /// The epoch is not above the present one. Propose the set of the last ceremony.
        EpochNotRising,
        /// There is no set yet. Set one.
        NoRegistrars,
        /// The generation is declared compromised already.
        AlreadyCompromised,
        /// The height lies in the past. Attestations that stand are not undone by it; name the next
        /// height.
        HeightInPast,
        /// The account is no registrar of the present set.
        NotRegistrar,
        /// The log has no more lines than the anchored one. Anchor when it has grown.
        LogNotGrowing,
        /// The proof does not show that the log continues the anchored one. Whoever rewrote a log
        /// cannot anchor it.
        InconsistentLog,
    }

    /// The set in force from the first block on; generation and epoch are 0. It follows from no
    /// checks of provinces but those of the call.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The set.
        pub set: Option<GenesisSet>,
        /// Marks the runtime.
        #[serde(skip)]
        pub marker: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            if let Some(set) = &self.set {
                let set = Pallet::<T>::genesis_set(set).unwrap_or_else(|| {
                    panic!("there are too many registrars or a URL is too long")
                });
                Pallet::<T>::do_set(set)
                    .unwrap_or_else(|error| panic!("the registrars are refused: {error:?}"));
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                (1..=u32::from(u16::MAX)).contains(&T::MaxRegistrars::get()),
                "there must be room for a registrar, and indices have two bytes"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Puts a set of registrars in force: the first one, one with new shares of the same key
        /// (refreshed, or dealt to other registrars), or one with the key of the next generation.
        ///
        /// ## Dispatch origin
        /// [`Config::RegisterOrigin`].
        ///
        /// ## Errors
        /// [`Error::InvalidThreshold`], [`Error::RegionNotActive`], [`Error::RegionTwice`],
        /// [`Error::KeyTwice`], [`Error::WeakKey`], [`Error::InvalidUrl`],
        /// [`Error::WrongGeneration`], [`Error::GenerationInForce`], [`Error::GenerationClosed`],
        /// [`Error::NetworkKeyChanged`], [`Error::NetworkKeyUnchanged`],
        /// [`Error::EpochNotRising`].
        ///
        /// ## Events
        /// [`Event::RegistrarsSet`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set_registrars(
            u32::try_from(set.members.len()).unwrap_or(T::MaxRegistrars::get())
        ))]
        pub fn set_registrars(origin: OriginFor<T>, set: RegistrarSetOf<T>) -> DispatchResult {
            T::RegisterOrigin::ensure_origin(origin)?;
            Self::do_set(set)
        }

        /// Declares the present group key known to others: from a height on nobody is attested
        /// under it. Whoever is attested stays so, and is migrated under the next generation.
        ///
        /// ## Dispatch origin
        /// [`Config::RegisterOrigin`].
        ///
        /// ## Errors
        /// [`Error::NoRegistrars`], [`Error::WrongGeneration`], [`Error::AlreadyCompromised`],
        /// [`Error::HeightInPast`].
        ///
        /// ## Events
        /// [`Event::GenerationCompromised`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::declare_compromised())]
        pub fn declare_compromised(
            origin: OriginFor<T>,
            generation: u32,
            from: BlockNumberFor<T>,
        ) -> DispatchResult {
            T::RegisterOrigin::ensure_origin(origin)?;
            Self::do_declare_compromised(generation, from)
        }

        /// Says where the calling registrar answers.
        ///
        /// ## Dispatch origin
        /// A registrar of the present set.
        ///
        /// ## Errors
        /// [`Error::NotRegistrar`], [`Error::InvalidUrl`].
        ///
        /// ## Events
        /// [`Event::UrlUpdated`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::update_url())]
        pub fn update_url(origin: OriginFor<T>, url: RegistrarUrl) -> DispatchResult {
            let registrar = Self::key_of(&ensure_signed(origin)?);
            Self::do_update_url(registrar, url)
        }

        /// Anchors the root of the calling registrar's evaluation log.
        ///
        /// The proof is the one of RFC 6962, section 2.1.2, from the anchored size to `size`, and
        /// empty for the first anchor.
        ///
        /// ## Dispatch origin
        /// A registrar of the present set; its province may be suspended.
        ///
        /// ## Errors
        /// [`Error::NotRegistrar`], [`Error::LogNotGrowing`], [`Error::InconsistentLog`].
        ///
        /// ## Events
        /// [`Event::EvaluationLogAnchored`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::anchor_evaluation_log(
            u32::try_from(proof.len()).unwrap_or(MAX_PROOF)
        ))]
        pub fn anchor_evaluation_log(
            origin: OriginFor<T>,
            size: u64,
            root: Hash32,
            proof: LogProof,
        ) -> DispatchResult {
            let registrar = Self::key_of(&ensure_signed(origin)?);
            Self::do_anchor_evaluation_log(registrar, size, root, &proof)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The present set.
        pub fn present() -> Option<RegistrarSetOf<T>> {
            Present::<T>::get()
        }

        /// From which height on a generation's ids are attested no more.
        pub fn compromised_from(generation: u32) -> Option<BlockNumberFor<T>> {
            Compromised::<T>::get(generation)
        }

        /// The last anchor of a registrar's log.
        pub fn evaluation_log(registrar: RegistrarKey) -> Option<EvaluationLog> {
            Logs::<T>::get(registrar)
        }

        /// The province of a registrar of the present set.
        pub fn registrar_region(registrar: RegistrarKey) -> Option<RegionCode> {
            <Self as kanglian_traits::RegistrarInspect>::region_of(&registrar)
        }
    }
}
