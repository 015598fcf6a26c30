//! Health Management Coin: pays for successful shares out of a pot that is filled once an era.
//!
//! | who | may |
//! | --- | --- |
//! | `AdminOrigin` (council, two thirds) | `set_schedule`, `set_publishing_schedule`, `set_transfer_policy`, `claw_back` |
//! | anyone signed | `settle_era` |
//! | the pallet behind [`RewardOnShare`](kanglian_traits::RewardOnShare) | pay for a share, take a payment back |
//! | the pallet behind [`RewardOnPublish`](kanglian_traits::RewardOnPublish) | pay for a public work, take a payment back |
//!
//! Invariants: issuance = genesis + emitted − burned; the pot holds at least what regions have
//! earned and not been paid; within an era and under one schedule nobody earns more than the cap.
//!
//! It asks [`RegionInspect`](kanglian_traits::RegionInspect) for the accounts of regions. It gives
//! `RewardOnShare` to records and `RewardOnPublish` to public works, takes dust and fees in as `OnUnbalanced`, and answers
//! [`Pallet::may_receive`] to the runtime's call filter.

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

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

const LOG_TARGET: &str = "runtime::health-coin";

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{
        PalletId,
        pallet_prelude::*,
        traits::{
            fungible,
            tokens::{Fortitude::Force, Preservation::Expendable},
        },
    };
    use frame_system::pallet_prelude::*;
    use kanglian_primitives::{
        Amount, InstitutionId, MAX_RECEIPTS, PersonId, RecordId, RegionCode, WorkId,
    };
    use kanglian_traits::RegionInspect;
    use sp_runtime::{SaturatedConversion, traits::Zero};

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// The native balance.
        type Currency: fungible::Inspect<Self::AccountId, Balance = Amount>
            + fungible::Mutate<Self::AccountId>
            + fungible::Balanced<Self::AccountId>;

        /// Provinces and their accounts.
        type Regions: RegionInspect<Self::AccountId>;

        /// May change the schedule and the transfer policy and claw back.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Names the pot's account.
        #[pallet::constant]
        type PalletId: Get<PalletId>;

        /// Most regions that can earn in one era.
        #[pallet::constant]
        type MaxRegions: Get<u32>;

        /// Weights of calls and hooks.
        type WeightInfo: WeightInfo;
    }

    // Schedule and Era are read in every block's `on_initialize`, so they are in memory when a
    // share comes: benchmarks do not count them.

    /// What a share pays.
    #[pallet::storage]
    #[pallet::whitelist_storage]
    pub type Schedule<T: Config> = StorageValue<_, RewardSchedule, ValueQuery>;

    /// The running era.
    #[pallet::storage]
    #[pallet::whitelist_storage]
    pub type Era<T: Config> = StorageValue<_, EraState<T::MaxRegions>, ValueQuery>;

    /// What regions earned in past eras and have not been paid.
    // Twox64: eras are numbered by the chain.
    #[pallet::storage]
    pub type RegionEarned<T: Config> =
        StorageMap<_, Twox64Concat, u32, RegionEarnings<T::MaxRegions>, OptionQuery>;

    /// What persons earned in the era they last earned in.
    // Blake2: identifiers come from outside.
    #[pallet::storage]
    pub type EarnedByPerson<T: Config> =
        StorageMap<_, Blake2_128Concat, PersonId, Earned, ValueQuery>;

    /// What authors' accounts earned in the era they last earned in.
    // Blake2: accounts come from outside.
    #[pallet::storage]
    pub type EarnedByAuthor<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Earned, ValueQuery>;

    /// What publishing a public work pays.
    #[pallet::storage]
    pub type Publishing<T: Config> = StorageValue<_, PublishingSchedule, ValueQuery>;

    /// What institutions earned by publishing in the era they last did so. By institution: its
    /// account may change.
    // Blake2: identifiers come from outside.
    #[pallet::storage]
    pub type EarnedByPublisher<T: Config> =
        StorageMap<_, Blake2_128Concat, InstitutionId, Earned, ValueQuery>;

    /// Minted into the pot since genesis, the genesis era included.
    #[pallet::storage]
    pub type Emitted<T: Config> = StorageValue<_, Amount, ValueQuery>;

    /// Dust and fees that could not be put into the pot.
    #[pallet::storage]
    pub type Burned<T: Config> = StorageValue<_, Amount, ValueQuery>;

    /// Issuance that balances brought along at genesis.
    #[pallet::storage]
    pub type GenesisIssuance<T: Config> = StorageValue<_, Amount, ValueQuery>;

    /// Who may transfer coins to whom.
    #[pallet::storage]
    pub type Policy<T: Config> = StorageValue<_, TransferPolicy, ValueQuery>;

    /// What the chain starts with. Balances must be built before this pallet.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// What a share pays.
        pub schedule: RewardSchedule,
        /// Who may transfer coins to whom.
        pub policy: TransferPolicy,
        #[serde(skip)]
        #[doc(hidden)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(
                self.schedule.is_valid(),
                "healthCoin.schedule: percentages make 100 and an era has at least one block"
            );
            GenesisIssuance::<T>::put(Pallet::<T>::issuance());
            Schedule::<T>::put(self.schedule);
            Policy::<T>::put(self.policy);
            Pallet::<T>::begin_era(0, 0, &self.schedule);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An era began and its emission went into the pot.
        EraBegan {
            /// The era.
            era: u32,
            /// Minted into the pot.
            emission: Amount,
        },
        /// A share paid.
        Rewarded {
            /// The record.
            record: RecordId,
            /// Paid to the subject.
            subject: Amount,
            /// Paid to the author.
            author: Amount,
            /// Noted for the storing regions together.
            regions: Amount,
            /// Whether a part was left out, because a cap or the pot is used up or the account
            /// cannot take it.
            capped: bool,
        },
        /// What a share paid was taken back into the pot.
        RewardTakenBack {
            /// From the subject.
            subject: Amount,
            /// From the author.
            author: Amount,
            /// From the storing regions together.
            regions: Amount,
        },
        /// Regions were paid what they earned in an era.
        EraSettled {
            /// The era.
            era: u32,
            /// Paid to pan-centres together.
            paid: Amount,
            /// Regions that could not be paid; they can be settled later.
            left: u32,
        },
        /// The schedule changed.
        ScheduleSet {
            /// The new schedule.
            schedule: RewardSchedule,
        },
        /// The transfer policy changed.
        TransferPolicySet {
            /// The new policy.
            policy: TransferPolicy,
        },
        /// A public work paid.
        PublicationRewarded {
            /// The work.
            work: WorkId,
            /// Paid to the author.
            author: Amount,
            /// Noted for the storing regions together.
            regions: Amount,
            /// Whether nothing was paid, because a cap or the pot is used up or the account cannot
            /// take it.
            capped: bool,
        },
        /// The schedule of publishing changed.
        PublishingScheduleSet {
            /// The new schedule.
            schedule: PublishingSchedule,
        },
        /// Governance took coins back into the pot.
        ClawedBack {
            /// From whom.
            who: T::AccountId,
            /// How much.
            amount: Amount,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The percentages of subject, author and regions do not make 100, or that of the regions
        /// alone is above it. Give shares that do.
        PercentagesNotHundred,
        /// An era must last at least one block. Give a length above zero.
        EraTooShort,
        /// The era has not ended. Wait until the next one has begun.
        EraNotOver,
        /// Nothing is left to pay for the era, or no region's account can take it. Nothing to do,
        /// or give the pan-centre's account a balance first.
        NothingToSettle,
        /// The amount is zero. Name what to claw back.
        ZeroAmount,
        /// The account does not hold that much free balance. Claw back what it holds.
        NotHeld,
        /// The pot cannot be clawed back from. Name another account.
        IsPot,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            let schedule = Schedule::<T>::get();
            let era = Era::<T>::get();
            let now = now.saturated_into();
            if now < era.started_at.saturating_add(schedule.era_length) {
                return T::WeightInfo::on_initialize_idle();
            }
            Self::begin_era(era.index.saturating_add(1), now, &schedule);
            T::WeightInfo::begin_era()
        }

        fn integrity_test() {
            assert!(
                T::MaxRegions::get() >= MAX_RECEIPTS,
                "MaxRegions must hold the regions of one share"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Changes what shares pay, from now on; the emission counts from the next era.
        ///
        /// ## Dispatch origin
        /// `AdminOrigin`.
        ///
        /// ## Errors
        /// `PercentagesNotHundred`, `EraTooShort`.
        ///
        /// ## Events
        /// `ScheduleSet`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set_schedule())]
        pub fn set_schedule(origin: OriginFor<T>, schedule: RewardSchedule) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(schedule.percentages_make_hundred(), Error::<T>::PercentagesNotHundred);
            ensure!(!schedule.era_length.is_zero(), Error::<T>::EraTooShort);
            Schedule::<T>::put(schedule);
            Self::deposit_event(Event::ScheduleSet { schedule });
            Ok(())
        }

        /// Changes who may transfer coins to whom.
        ///
        /// ## Dispatch origin
        /// `AdminOrigin`.
        ///
        /// ## Events
        /// `TransferPolicySet`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_transfer_policy())]
        pub fn set_transfer_policy(origin: OriginFor<T>, policy: TransferPolicy) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Policy::<T>::put(policy);
            Self::deposit_event(Event::TransferPolicySet { policy });
            Ok(())
        }

        /// Pays every region's pan-centre what the region earned in an era that is over.
        ///
        /// A region whose account is missing or cannot take the amount keeps its claim.
        ///
        /// ## Dispatch origin
        /// Signed, by anyone.
        ///
        /// ## Errors
        /// `EraNotOver`, `NothingToSettle`.
        ///
        /// ## Events
        /// `EraSettled`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::settle_era(T::MaxRegions::get()))]
        pub fn settle_era(origin: OriginFor<T>, era: u32) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_settle_era(era)
        }

        /// Takes coins back from an account into the pot.
        ///
        /// ## Dispatch origin
        /// `AdminOrigin`.
        ///
        /// ## Errors
        /// `ZeroAmount`, `IsPot`, `NotHeld`.
        ///
        /// ## Events
        /// `ClawedBack`.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::claw_back())]
        pub fn claw_back(
            origin: OriginFor<T>,
            who: T::AccountId,
            amount: Amount,
        ) -> DispatchResult {
            use fungible::Inspect;
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(!amount.is_zero(), Error::<T>::ZeroAmount);
            let pot = Self::pot();
            ensure!(who != pot, Error::<T>::IsPot);
            let held = T::Currency::reducible_balance(&who, Expendable, Force);
            ensure!(amount <= held, Error::<T>::NotHeld);
            Self::bring_to_pot(&who, amount)?;
            Self::deposit_event(Event::ClawedBack { who, amount });
            Ok(())
        }

        /// Changes what publishing a public work pays, from now on.
        ///
        /// ## Dispatch origin
        /// `AdminOrigin`.
        ///
        /// ## Errors
        /// `PercentagesNotHundred`.
        ///
        /// ## Events
        /// `PublishingScheduleSet`.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::set_publishing_schedule())]
        pub fn set_publishing_schedule(
            origin: OriginFor<T>,
            schedule: PublishingSchedule,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(schedule.is_valid(), Error::<T>::PercentagesNotHundred);
            Publishing::<T>::put(schedule);
            Self::deposit_event(Event::PublishingScheduleSet { schedule });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The pot's account.
        pub fn pot() -> T::AccountId {
            use sp_runtime::traits::AccountIdConversion;
            T::PalletId::get().into_account_truncating()
        }

        /// What the pot can still pay: its balance without the existential deposit and without
        /// what regions have earned.
        pub fn budget() -> Amount {
            Self::budget_of(&Era::<T>::get())
        }

        /// What a person earned in the running era.
        pub fn earned_by_person(person: PersonId) -> Amount {
            EarnedByPerson::<T>::get(person).in_era(Era::<T>::get().index)
        }

        /// What an author's account earned in the running era.
        pub fn earned_by_author(author: T::AccountId) -> Amount {
            EarnedByAuthor::<T>::get(author).in_era(Era::<T>::get().index)
        }

        /// What an institution earned by publishing in the running era.
        pub fn earned_by_publisher(author: InstitutionId) -> Amount {
            EarnedByPublisher::<T>::get(author).in_era(Era::<T>::get().index)
        }

        /// What regions earned in an era, running or past, and have not been paid.
        pub fn region_earned(era: u32) -> Vec<(RegionCode, Amount)> {
            let running = Era::<T>::get();
            let earnings = match running.index == era {
                true => running.regions,
                false => RegionEarned::<T>::get(era).unwrap_or_default(),
            };
            earnings.into_iter().collect()
        }
    }
}
