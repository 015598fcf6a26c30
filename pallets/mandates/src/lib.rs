//! # Mandates
//!
//! Runtime upgrades by vote: a voted code hash waits through a time lock, in which the regulator
//! may veto it, and is then authorised by this pallet itself.
//!
//! To authorise code takes effect for anybody at once. So no vote reaches that: the council puts
//! a hash here, everybody has the time lock to look at the code behind it, and only a hash that
//! was neither vetoed nor withdrawn is authorised.
//!
//! ## Who may call what
//!
//! | call | origin |
//! | --- | --- |
//! | `propose_upgrade` | the council by two thirds (`ProposeOrigin`) |
//! | `veto` | the regulator (`VetoOrigin`, [`EnsureRegulator`]) |
//! | `cancel` | the council by majority (`CancelOrigin`) |
//! | `enact` | any signed account, between the end of the time lock and expiry |
//! | `set_regulator` | the council by two thirds (`ProposeOrigin`) |
//!
//! ## Invariants
//!
//! - At most `MaxPending` hashes wait. Expired ones make room when a new one comes.
//! - A hash is authorised at most once for each proposal, never before its time lock is over, and
//!   never at or after its expiry.
//! - A proposal that waits cannot be put again: its time lock neither restarts nor shortens.
//! - No time lock is shorter than the least one, which a chain gets at genesis and no call changes.
//! - The regulator's account holds one sufficient reference.
//!
//! ## What it asks of and gives to others
//!
//! Tells [`Upgrades`] which code to authorise; in the runtime that is the system pallet. Gives
//! the origin [`EnsureRegulator`].

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

pub use impls::EnsureRegulator;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use alloc::vec::Vec;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use sp_runtime::traits::Zero;

    use crate::{PendingUpgrade, Upgrades, WeightInfo};

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Governance that puts upgrades in their time lock and names the regulator.
        type ProposeOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Whoever may veto an upgrade.
        type VetoOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Governance that withdraws an upgrade.
        type CancelOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Authorises code.
        type Upgrades: Upgrades<Self::Hash>;

        /// How many blocks an upgrade waits before it can be enacted, unless the least time lock is
        /// longer.
        #[pallet::constant]
        type TimeLock: Get<BlockNumberFor<Self>>;

        /// The least time lock of a chain whose genesis names none.
        #[pallet::constant]
        type LeastTimeLock: Get<BlockNumberFor<Self>>;

        /// For how many blocks after its time lock an upgrade can be enacted.
        #[pallet::constant]
        type EnactPeriod: Get<BlockNumberFor<Self>>;

        /// Most upgrades that wait at a time.
        #[pallet::constant]
        type MaxPending: Get<u32>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// The account that may veto.
    #[pallet::storage]
    pub type Regulator<T: Config> = StorageValue<_, T::AccountId, OptionQuery>;

    /// The least time lock, when this chain's genesis names one. No call changes it.
    #[pallet::storage]
    pub type GenesisTimeLock<T: Config> = StorageValue<_, BlockNumberFor<T>, OptionQuery>;

    /// Upgrades that wait, by code hash; the counter bounds them.
    // Twox: the council alone chooses the keys.
    #[pallet::storage]
    pub type Pending<T: Config> =
        CountedStorageMap<_, Twox64Concat, T::Hash, PendingUpgrade<BlockNumberFor<T>>, OptionQuery>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The account that may veto; none leaves the seat empty.
        pub regulator: Option<T::AccountId>,
        /// Fewest blocks of a time lock on this chain; none for the runtime's own bound. Only for
        /// rehearsals: a chain that people trust names none.
        pub least_time_lock: Option<BlockNumberFor<T>>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            if let Some(regulator) = &self.regulator {
                Pallet::<T>::seat(regulator);
            }
            GenesisTimeLock::<T>::set(self.least_time_lock);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An upgrade was voted and waits.
        UpgradeProposed {
            /// Hash of the code.
            code_hash: T::Hash,
            /// First height at which it can be enacted.
            enact_from: BlockNumberFor<T>,
            /// First height at which it can no longer be enacted.
            expires_at: BlockNumberFor<T>,
        },
        /// The regulator vetoed an upgrade.
        UpgradeVetoed {
            /// Hash of the code.
            code_hash: T::Hash,
        },
        /// The council withdrew an upgrade.
        UpgradeCancelled {
            /// Hash of the code.
            code_hash: T::Hash,
        },
        /// An upgrade was authorised: anybody may apply the code now.
        UpgradeEnacted {
            /// Hash of the code.
            code_hash: T::Hash,
            /// Who asked for it.
            who: T::AccountId,
        },
        /// There is another regulator.
        RegulatorSet {
            /// The former regulator's account.
            old: Option<T::AccountId>,
            /// The regulator's account from now on.
            new: T::AccountId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// This code waits already. Enact or cancel it first.
        AlreadyPending,
        /// As many upgrades wait as may. Cancel one or let one expire.
        TooManyPending,
        /// No upgrade to this code waits. Propose it.
        NotPending,
        /// The time lock is not over. Wait until `enact_from`.
        Locked,
        /// The upgrade has expired. Propose it again.
        Expired,
        /// The account is the regulator's already. Nothing is to be done.
        Unchanged,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxPending::get() > 0, "an upgrade must be able to wait");
            assert!(!T::EnactPeriod::get().is_zero(), "an upgrade must be able to be enacted");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Puts an upgrade to the code with this hash in its time lock.
        ///
        /// ## Dispatch origin
        /// The council by two thirds (`ProposeOrigin`).
        ///
        /// ## Errors
        /// `AlreadyPending`, `TooManyPending`.
        ///
        /// ## Events
        /// `UpgradeProposed`
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::propose_upgrade(T::MaxPending::get()))]
        pub fn propose_upgrade(
            origin: OriginFor<T>,
            code_hash: T::Hash,
        ) -> DispatchResultWithPostInfo {
            T::ProposeOrigin::ensure_origin(origin)?;
            Self::do_propose(code_hash)
        }

        /// Vetoes an upgrade as long as it has not been enacted.
        ///
        /// ## Dispatch origin
        /// The regulator (`VetoOrigin`).
        ///
        /// ## Errors
        /// `NotPending`.
        ///
        /// ## Events
        /// `UpgradeVetoed`
        #[pallet::call_index(1)]
        #[pallet::weight((T::WeightInfo::veto(), DispatchClass::Operational))]
        pub fn veto(origin: OriginFor<T>, code_hash: T::Hash) -> DispatchResult {
            T::VetoOrigin::ensure_origin(origin)?;
            Self::take_pending(code_hash)?;
            Self::deposit_event(Event::UpgradeVetoed { code_hash });
            Ok(())
        }

        /// Withdraws an upgrade as long as it has not been enacted.
        ///
        /// ## Dispatch origin
        /// The council by majority (`CancelOrigin`).
        ///
        /// ## Errors
        /// `NotPending`.
        ///
        /// ## Events
        /// `UpgradeCancelled`
        #[pallet::call_index(2)]
        #[pallet::weight((T::WeightInfo::cancel(), DispatchClass::Operational))]
        pub fn cancel(origin: OriginFor<T>, code_hash: T::Hash) -> DispatchResult {
            T::CancelOrigin::ensure_origin(origin)?;
            Self::take_pending(code_hash)?;
            Self::deposit_event(Event::UpgradeCancelled { code_hash });
            Ok(())
        }

        /// Authorises an upgrade whose time lock is over. Anybody may then apply the code.
        ///
        /// ## Dispatch origin
        /// Any signed account.
        ///
        /// ## Errors
        /// `NotPending`, `Locked`, `Expired`.
        ///
        /// ## Events
        /// `UpgradeEnacted`
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::enact())]
        pub fn enact(origin: OriginFor<T>, code_hash: T::Hash) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_enact(who, code_hash)
        }

        /// Names the regulator's account.
        ///
        /// ## Dispatch origin
        /// The council by two thirds (`ProposeOrigin`).
        ///
        /// ## Errors
        /// `Unchanged`.
        ///
        /// ## Events
        /// `RegulatorSet`
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::set_regulator())]
        pub fn set_regulator(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::ProposeOrigin::ensure_origin(origin)?;
            ensure!(Regulator::<T>::get().as_ref() != Some(&account), Error::<T>::Unchanged);
            let old = Self::seat(&account);
            Self::deposit_event(Event::RegulatorSet { old, new: account });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Upgrades that wait, expired ones included until they make room.
        pub fn pending() -> Vec<(T::Hash, PendingUpgrade<BlockNumberFor<T>>)> {
            Pending::<T>::iter().collect()
        }

        /// Fewest blocks that an upgrade waits, whatever the council sets.
        pub fn least_time_lock() -> BlockNumberFor<T> {
            GenesisTimeLock::<T>::get().unwrap_or_else(T::LeastTimeLock::get)
        }

        /// The regulator's account.
        pub fn regulator() -> Option<T::AccountId> {
            Regulator::<T>::get()
        }
    }
}
