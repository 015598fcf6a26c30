//! What must always be true of the buckets.

use frame_support::{ensure, traits::Time};
use sp_runtime::TryRuntimeError;

use crate::{Config, HOUR, Pallet, Usage, types::capacity};

impl<T: Config> Pallet<T> {
    /// Checks the invariants named in the crate's documentation.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = T::Clock::now();
        for (_, bucket) in Usage::<T>::iter() {
            ensure!(bucket.level >= HOUR, "a bucket was stored without a draw");
            ensure!(bucket.level <= capacity(u32::MAX), "a bucket holds more than any quota");
            ensure!(bucket.at <= now, "a bucket was filled in the future");
        }
        Ok(())
    }
}
