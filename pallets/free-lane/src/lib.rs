//! A quota of calls that registered people and institutions make without a fee, and where the
//! nonces of accounts begin.
//!
//! This pallet has no calls: nobody calls it but the runtime's fee adapter and pool checks.
//!
//! | function | asked by |
//! | --- | --- |
//! | [`Pallet::can_withdraw_free`], [`Pallet::withdraw_free`] | the fee adapter, before the balance |
//! | [`Pallet::max_ahead`], [`Pallet::is_too_far_ahead`] | the check of nonces in the pool |
//! | [`Pallet::remaining`] | clients |
//! | [`FirstNonce`], [`Pallet`] as `OnKilledAccount` | the system pallet |
//!
//! A quota of q calls an hour is a leaky bucket: each call pours one in, and q an hour run out,
//! continuously. Failing calls pour too, because the adapter draws before dispatch.
//!
//! Where nonces begin: an account without balance and standing is removed, and with it its nonce.
//! Were it to begin at 0 when it comes back, what it once signed without an end could be replayed.
//! So no account begins below the highest nonce that any removed account had reached.
//!
//! Invariants: no bucket that is stored is dry or was filled in the future. State does not grow for
//! ever: an hour after its last draw a bucket is empty, and `on_idle` removes it.
//!
//! Asks [`FreeQuota`] how many calls an account has. Gives the functions above.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use impls::FirstNonce;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

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

#[frame_support::pallet]
pub mod pallet {
    use frame_support::{
        pallet_prelude::*,
        traits::{OnKilledAccount, Time},
    };
    use frame_system::pallet_prelude::*;
    use kanglian_primitives::Instant;

    use super::{Bucket, FreeQuota, WeightInfo};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// The chain's time.
        type Clock: Time<Moment = Instant>;

        /// How many calls an account has an hour.
        type Quota: FreeQuota<Self::AccountId>;

        /// How far ahead of its account a nonce may be when the account's quota is lower or there
        /// is none.
        #[pallet::constant]
        type MinAhead: Get<u32>;

        /// Most buckets looked at in one block to remove those that are empty.
        #[pallet::constant]
        type SweepLimit: Get<u32>;

        /// Weights.
        type WeightInfo: WeightInfo;
    }

    /// What accounts have drawn and not yet recovered; none when nothing.
    // blake2_128_concat: accounts are chosen by their owners.
    #[pallet::storage]
    pub type Usage<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Bucket, OptionQuery>;

    /// The account after which the next sweep goes on; none when it begins anew.
    #[pallet::storage]
    pub type SweptTo<T: Config> = StorageValue<_, T::AccountId, OptionQuery>;

    /// The highest nonce that any removed account had reached: accounts begin here.
    #[pallet::storage]
    pub type HighestRemovedNonce<T: Config> = StorageValue<_, u32, ValueQuery>;

    impl<T: Config> OnKilledAccount<T::AccountId> for Pallet<T> {
        fn on_killed_account(who: &T::AccountId) {
            Self::note_removed(who);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            let limit = Self::affordable_sweep(remaining);
            if limit == 0 {
                return Weight::zero();
            }
            T::WeightInfo::sweep(Self::sweep(limit, T::Clock::now()))
        }

        fn integrity_test() {
            assert!(T::SweepLimit::get() > 0, "SweepLimit must be above zero");
            assert!(T::MinAhead::get() > 0, "MinAhead must be above zero");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// How many free calls the account has left now.
        pub fn remaining_of(who: T::AccountId) -> u32 {
            Self::remaining(&who)
        }

        /// How many free calls the account has an hour; none when it is not registered.
        pub fn hourly_of(who: T::AccountId) -> Option<u32> {
            T::Quota::hourly(&who)
        }
    }
}
