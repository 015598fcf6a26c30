//! Rules behind the calls, and answers to other pallets.

use frame_support::{defensive, ensure, traits::Get};
use kanglian_primitives::{BusinessBlockId, BusinessBlockSet, SchemaId};
use kanglian_traits::{BlockInspect, BlockView};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    Block, Blocks, Config, Error, GenesisBlock, GenesisSchema, MAX_LEVEL, Pallet, Schema, Schemas,
};

/// Whether a name can be shown: UTF-8, not empty, no control characters.
pub(crate) fn is_name(name: &[u8]) -> bool {
    core::str::from_utf8(name)
        .is_ok_and(|text| !text.trim().is_empty() && !text.chars().any(char::is_control))
}

impl<T: Config> Pallet<T> {
    /// The rules that a block keeps all its life.
    pub(crate) fn check_block(id: BusinessBlockId, block: &Block) -> DispatchResult {
        ensure!(id.is_valid(), Error::<T>::NumberTooHigh);
        ensure!(!(block.public && block.restricted), Error::<T>::PublicAndRestricted);
        ensure!(is_name(&block.name_zh) && is_name(&block.name_en), Error::<T>::NameInvalid);
        ensure!(block.reward_weight <= T::MaxRewardWeight::get(), Error::<T>::WeightTooHigh);
        Ok(())
    }

    /// The rules that a schema keeps all its life, its block aside.
    pub(crate) fn check_schema(schema: &Schema) -> DispatchResult {
        ensure!((1..=MAX_LEVEL).contains(&schema.level), Error::<T>::LevelOutOfRange);
        ensure!(is_name(&schema.name), Error::<T>::NameInvalid);
        Ok(())
    }

    pub(crate) fn do_add(id: BusinessBlockId, block: Block) -> DispatchResult {
        Self::check_block(id, &block)?;
        Blocks::<T>::try_mutate(|blocks| {
            ensure!(!blocks.contains_key(&id), Error::<T>::BlockExists);
            blocks.try_insert(id, block).map(drop).map_err(|_| {
                defensive!("there are as many places as numbers");
                Error::<T>::NumberTooHigh.into()
            })
        })
    }

    pub(crate) fn do_add_schema(id: SchemaId, schema: Schema) -> DispatchResult {
        Self::check_schema(&schema)?;
        match Blocks::<T>::get().get(&schema.block) {
            None => return Err(Error::<T>::BlockUnknown.into()),
            Some(block) => ensure!(!block.retired, Error::<T>::BlockRetired),
        }
        ensure!(!Schemas::<T>::contains_key(id), Error::<T>::SchemaExists);
        Schemas::<T>::insert(id, schema);
        Ok(())
    }

    /// Changes a block that is not retired.
    pub(crate) fn mutate_open(
        id: BusinessBlockId,
        change: impl FnOnce(&mut Block),
    ) -> DispatchResult {
        Blocks::<T>::try_mutate(|blocks| {
            let block = blocks.get_mut(&id).ok_or(Error::<T>::BlockUnknown)?;
            ensure!(!block.retired, Error::<T>::BlockRetired);
            change(block);
            Ok(())
        })
    }

    pub(crate) fn build_block(block: &GenesisBlock) -> DispatchResult {
        let name = |text: &str| {
            text.as_bytes()
                .to_vec()
                .try_into()
                .map_err(|_| DispatchError::from(Error::<T>::NameInvalid))
        };
        Self::do_add(
            block.id,
            Block {
                name_zh: name(&block.name_zh)?,
                name_en: name(&block.name_en)?,
                public: block.public,
                restricted: block.restricted,
                reward_weight: block.reward_weight,
                retired: false,
            },
        )
    }

    pub(crate) fn build_schema(schema: &GenesisSchema) -> DispatchResult {
        let name = schema.name.as_bytes().to_vec();
        Self::do_add_schema(
            schema.id,
            Schema {
                block: schema.block,
                name: name.try_into().map_err(|_| Error::<T>::NameInvalid)?,
                level: schema.level,
                retention_years: schema.retention_years,
                retired: false,
            },
        )
    }
}

impl<T: Config> BlockInspect for Pallet<T> {
    fn block(id: BusinessBlockId) -> Option<BlockView> {
        Blocks::<T>::get().get(&id).and_then(Block::open)
    }

    fn schema(id: SchemaId) -> Option<(BusinessBlockId, BlockView)> {
        let schema = Schemas::<T>::get(id).filter(|schema| !schema.retired)?;
        Self::block(schema.block).map(|view| (schema.block, view))
    }

    fn open_blocks() -> BusinessBlockSet {
        Blocks::<T>::get().iter().filter(|(_, block)| !block.retired).map(|(id, _)| *id).collect()
    }

    fn restricted_blocks() -> BusinessBlockSet {
        Blocks::<T>::get()
            .iter()
            .filter(|(_, block)| !block.retired && block.restricted)
            .map(|(id, _)| *id)
            .collect()
    }
}
