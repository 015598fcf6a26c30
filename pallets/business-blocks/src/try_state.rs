//! Invariants of the stored state.

use frame_support::ensure;
use sp_runtime::TryRuntimeError;

use crate::{Blocks, Config, Pallet, Schemas};

impl<T: Config> Pallet<T> {
    /// Every block and schema keeps its rules, and every schema has its block.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let blocks = Blocks::<T>::get();
        for (id, block) in blocks.iter() {
            Self::check_block(*id, block)?;
        }
        for (_, schema) in Schemas::<T>::iter() {
            Self::check_schema(&schema)?;
            ensure!(blocks.contains_key(&schema.block), "a schema names a block that is not there");
        }
        Ok(())
    }
}
