//! Invariants of the stored state.

use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

use crate::{Config, Pallet, Pending, Regulator};

impl<T: Config> Pallet<T> {
    /// Checks counter, bound and order of heights, and that the regulator can send extrinsics.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        let mut found = 0u32;
        for (_, upgrade) in Pending::<T>::iter() {
            found = found.saturating_add(1);
            ensure!(upgrade.proposed_at <= now, "an upgrade was proposed in the future");
            ensure!(
                upgrade.proposed_at <= upgrade.enact_from
                    && upgrade.enact_from < upgrade.expires_at,
                "an upgrade's heights are out of order"
            );
        }
        ensure!(found == Pending::<T>::count(), "the counter of upgrades is wrong");
        ensure!(found <= T::MaxPending::get(), "more upgrades wait than may");
        if let Some(regulator) = Regulator::<T>::get() {
            ensure!(
                frame_system::Pallet::<T>::sufficients(&regulator) > 0,
                "the regulator's account has no sufficient reference"
            );
        }
        Ok(())
    }
}
