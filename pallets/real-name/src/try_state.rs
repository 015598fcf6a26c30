//! Invariants of the stored state.

use frame_support::{ensure, traits::Time};
use sp_runtime::TryRuntimeError;

use crate::{Config, Pallet, PersonOf, PersonStatus, Persons};

impl<T: Config> Pallet<T> {
    /// Checks that persons and accounts point at one another, that accounts can send
    /// extrinsics, and that no entry holds what no call would accept.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = T::Clock::now();
        let mut open = 0u64;
        for (id, person) in Persons::<T>::iter() {
            let speaks = PersonOf::<T>::get(&person.controller) == Some(id);
            if person.status == PersonStatus::Closed {
                ensure!(!speaks, "an account still speaks for a closed person");
                ensure!(person.valid_until <= now, "a person was closed before expiry");
            } else {
                ensure!(speaks, "a person's account does not speak for the person");
                ensure!(
                    frame_system::Pallet::<T>::sufficients(&person.controller) > 0,
                    "a person's account has no sufficient reference"
                );
                open = open.saturating_add(1);
            }
            ensure!(person.attested_at <= now, "a person was attested in the future");
            ensure!(person.attested_at < person.valid_until, "a person was never valid");
            ensure!(!person.data_key.is_low_order(), "a person has a data key of small order");
        }
        let accounts = u64::try_from(PersonOf::<T>::iter_keys().count()).unwrap_or(u64::MAX);
        ensure!(accounts == open, "an account speaks for nobody or two speak for one person");
        Ok(())
    }
}
