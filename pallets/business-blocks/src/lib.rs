//! # Business blocks
//!
//! Keeps the business blocks (业务块) and the schemas of what is recorded in them.
//!
//! | call | who |
//! | --- | --- |
//! | `add`, `retire`, `set_reward_weight` | `AdminOrigin` (a majority of the council) |
//! | `add_schema`, `retire_schema` | `AdminOrigin` |
//!
//! ## Invariants
//!
//! - A number names one block or schema for ever; retiring is final and removes nothing.
//! - No block is both public and restricted.
//! - Every schema names a block that exists. It is open while neither it nor its block is retired.
//!
//! ## What it asks of others and gives
//!
//! It asks nothing. It gives [`kanglian_traits::BlockInspect`] to whoever takes records or consents.
//! All blocks lie in one storage value, so that a question about them costs one read.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod impls;
#[cfg(test)]
mod mock;
mod standard;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use standard::{genesis_blocks, genesis_schemas};
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use kanglian_primitives::{BusinessBlockId, MAX_PAGE, SchemaId};

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// What the runtime decides.
    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Who governs blocks and schemas.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Highest reward weight in percent.
        #[pallet::constant]
        type MaxRewardWeight: Get<u32>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Every block, retired ones too.
    #[pallet::storage]
    pub type Blocks<T: Config> =
        StorageValue<_, BoundedBTreeMap<BusinessBlockId, Block, MaxBlocks>, ValueQuery>;

    /// Every schema, retired ones too.
    // Twox: numbers are chosen by governance only.
    #[pallet::storage]
    pub type Schemas<T: Config> = StorageMap<_, Twox64Concat, SchemaId, Schema, OptionQuery>;

    /// Blocks and schemas at the start; [`genesis_blocks`] and [`genesis_schemas`] hold the
    /// standard set.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Blocks.
        pub blocks: Vec<GenesisBlock>,
        /// Schemas of these blocks.
        pub schemas: Vec<GenesisSchema>,
        /// Marker.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// # Panics
        ///
        /// When a list breaks a rule that the calls enforce: no chain starts from a wrong genesis.
        fn build(&self) {
            for block in &self.blocks {
                let added = Pallet::<T>::build_block(block);
                assert!(added.is_ok(), "genesis block {}: {added:?}", block.id);
            }
            for schema in &self.schemas {
                let added = Pallet::<T>::build_schema(schema);
                assert!(added.is_ok(), "genesis schema {}: {added:?}", schema.id);
            }
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A block was added.
        BlockAdded {
            /// Its number.
            block: BusinessBlockId,
            /// Whether it takes public works.
            public: bool,
            /// Whether it is restricted.
            restricted: bool,
            /// Reward weight in percent.
            reward_weight: u32,
        },
        /// A block takes nothing new from now on, and neither do its schemas.
        BlockRetired {
            /// Its number.
            block: BusinessBlockId,
        },
        /// A schema was added.
        SchemaAdded {
            /// Its number.
            schema: SchemaId,
            /// Its block.
            block: BusinessBlockId,
            /// Data level of GB/T 39725.
            level: u8,
            /// For how many years records must be kept.
            retention_years: u8,
        },
        /// A schema takes nothing new from now on.
        SchemaRetired {
            /// Its number.
            schema: SchemaId,
            /// Its block.
            block: BusinessBlockId,
        },
        /// Sharing into a block pays something else from now on.
        RewardWeightSet {
            /// The block.
            block: BusinessBlockId,
            /// Reward weight in percent.
            reward_weight: u32,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The number is above 63. Choose a free number from 0 to 63.
        NumberTooHigh,
        /// The number names a block already, perhaps a retired one. Choose a free number.
        BlockExists,
        /// No block has this number. Add it first or correct the number.
        BlockUnknown,
        /// The block is retired. Use another block.
        BlockRetired,
        /// A block cannot be both public and restricted. Choose one of the two.
        PublicAndRestricted,
        /// A name is empty, no UTF-8, or has control characters. Correct it.
        NameInvalid,
        /// The reward weight is above the highest allowed. Lower it.
        WeightTooHigh,
        /// The number names a schema already, perhaps a retired one. Choose a free number.
        SchemaExists,
        /// No schema has this number. Add it first or correct the number.
        SchemaUnknown,
        /// The schema is retired. Use another schema.
        SchemaRetired,
        /// The data level is none of the five of GB/T 39725. Choose 1 to 5.
        LevelOutOfRange,
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Adds a business block.
        ///
        /// ## Dispatch origin
        ///
        /// `AdminOrigin`.
        ///
        /// ## Errors
        ///
        /// [`Error::NumberTooHigh`], [`Error::PublicAndRestricted`], [`Error::NameInvalid`],
        /// [`Error::WeightTooHigh`], [`Error::BlockExists`].
        ///
        /// ## Events
        ///
        /// [`Event::BlockAdded`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::add())]
        pub fn add(
            origin: OriginFor<T>,
            id: BusinessBlockId,
            name_zh: BlockName,
            name_en: BlockName,
            public: bool,
            restricted: bool,
            reward_weight: u32,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            let retired = false;
            Self::do_add(
                id,
                Block { name_zh, name_en, public, restricted, reward_weight, retired },
            )?;
            Self::deposit_event(Event::BlockAdded { block: id, public, restricted, reward_weight });
            Ok(())
        }

        /// Closes a block and its schemas for everything new, for ever.
        ///
        /// ## Dispatch origin
        ///
        /// `AdminOrigin`.
        ///
        /// ## Errors
        ///
        /// [`Error::BlockUnknown`], [`Error::BlockRetired`].
        ///
        /// ## Events
        ///
        /// [`Event::BlockRetired`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::retire())]
        pub fn retire(origin: OriginFor<T>, id: BusinessBlockId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::mutate_open(id, |block| block.retired = true)?;
            Self::deposit_event(Event::BlockRetired { block: id });
            Ok(())
        }

        /// Adds a schema to an open block.
        ///
        /// ## Dispatch origin
        ///
        /// `AdminOrigin`.
        ///
        /// ## Errors
        ///
        /// [`Error::LevelOutOfRange`], [`Error::NameInvalid`], [`Error::BlockUnknown`],
        /// [`Error::BlockRetired`], [`Error::SchemaExists`].
        ///
        /// ## Events
        ///
        /// [`Event::SchemaAdded`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::add_schema())]
        pub fn add_schema(
            origin: OriginFor<T>,
            schema: SchemaId,
            block: BusinessBlockId,
            name: SchemaName,
            level: u8,
            retention_years: u8,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            let retired = false;
            Self::do_add_schema(schema, Schema { block, name, level, retention_years, retired })?;
            Self::deposit_event(Event::SchemaAdded { schema, block, level, retention_years });
            Ok(())
        }

        /// Closes a schema for everything new, for ever.
        ///
        /// ## Dispatch origin
        ///
        /// `AdminOrigin`.
        ///
        /// ## Errors
        ///
        /// [`Error::SchemaUnknown`], [`Error::SchemaRetired`].
        ///
        /// ## Events
        ///
        /// [`Event::SchemaRetired`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::retire_schema())]
        pub fn retire_schema(origin: OriginFor<T>, schema: SchemaId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            let block = Schemas::<T>::try_mutate(schema, |entry| {
                let entry = entry.as_mut().ok_or(Error::<T>::SchemaUnknown)?;
                ensure!(!entry.retired, Error::<T>::SchemaRetired);
                entry.retired = true;
                Ok::<_, DispatchError>(entry.block)
            })?;
            Self::deposit_event(Event::SchemaRetired { schema, block });
            Ok(())
        }

        /// Sets what sharing into an open block pays, in percent of the schedule's reward.
        ///
        /// ## Dispatch origin
        ///
        /// `AdminOrigin`.
        ///
        /// ## Errors
        ///
        /// [`Error::WeightTooHigh`], [`Error::BlockUnknown`], [`Error::BlockRetired`].
        ///
        /// ## Events
        ///
        /// [`Event::RewardWeightSet`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::set_reward_weight())]
        pub fn set_reward_weight(
            origin: OriginFor<T>,
            id: BusinessBlockId,
            weight: u32,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(weight <= T::MaxRewardWeight::get(), Error::<T>::WeightTooHigh);
            Self::mutate_open(id, |block| block.reward_weight = weight)?;
            Self::deposit_event(Event::RewardWeightSet { block: id, reward_weight: weight });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Every block with its number, rising, retired ones too.
        pub fn all_blocks() -> Vec<(BusinessBlockId, Block)> {
            Blocks::<T>::get().into_iter().collect()
        }

        /// One block, retired or not.
        pub fn block_details(id: BusinessBlockId) -> Option<Block> {
            Blocks::<T>::get().get(&id).cloned()
        }

        /// One schema, retired or not.
        pub fn schema_details(id: SchemaId) -> Option<Schema> {
            Schemas::<T>::get(id)
        }

        /// A page of schemas in the order of the chain's map, after the one given; `limit` is cut
        /// to 256.
        pub fn schemas_after(cursor: Option<SchemaId>, limit: u32) -> Vec<(SchemaId, Schema)> {
            let entries = match cursor {
                Some(last) => Schemas::<T>::iter_from(Schemas::<T>::hashed_key_for(last)),
                None => Schemas::<T>::iter(),
            };
            entries.take(usize::try_from(limit.min(MAX_PAGE)).unwrap_or_default()).collect()
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
