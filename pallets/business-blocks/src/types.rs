//! What is kept of blocks and schemas.

use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use kanglian_primitives::{BusinessBlockId, MAX_BUSINESS_BLOCKS, SchemaId};
use kanglian_traits::BlockView;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A block's name in one language, UTF-8.
pub type BlockName = BoundedVec<u8, ConstU32<64>>;

/// A schema's name, UTF-8.
pub type SchemaName = BoundedVec<u8, ConstU32<128>>;

/// How many blocks there can be.
pub type MaxBlocks = ConstU32<{ MAX_BUSINESS_BLOCKS as u32 }>;

/// Highest data level of GB/T 39725.
pub const MAX_LEVEL: u8 = 5;

/// A business block.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Block {
    /// Chinese name.
    pub name_zh: BlockName,
    /// English name.
    pub name_en: BlockName,
    /// Whether it takes unsealed public works instead of people's records.
    pub public: bool,
    /// Whether a grant must name it alone and nobody else may see that it has records.
    pub restricted: bool,
    /// Reward weight in percent: 100 pays the schedule's reward once.
    pub reward_weight: u32,
    /// Whether it takes nothing new for ever.
    pub retired: bool,
}

impl Block {
    /// The block as others see it; none when it is retired.
    pub fn open(&self) -> Option<BlockView> {
        (!self.retired).then_some(BlockView {
            public: self.public,
            restricted: self.restricted,
            reward_weight: self.reward_weight,
        })
    }
}

/// A schema of records.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Schema {
    /// The block its records belong to.
    pub block: BusinessBlockId,
    /// FHIR resource or profile, or WS/T 500 document.
    pub name: SchemaName,
    /// Data level of GB/T 39725, 1 … 5.
    pub level: u8,
    /// For how many years records must be kept; 0 when nothing obliges.
    pub retention_years: u8,
    /// Whether it takes nothing new for ever.
    pub retired: bool,
}

/// A block of the genesis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisBlock {
    /// Its number.
    pub id: BusinessBlockId,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Whether it takes public works.
    pub public: bool,
    /// Whether it is restricted.
    pub restricted: bool,
    /// Reward weight in percent.
    pub reward_weight: u32,
}

/// A schema of the genesis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisSchema {
    /// Its number.
    pub id: SchemaId,
    /// Its block.
    pub block: BusinessBlockId,
    /// FHIR resource or profile, or WS/T 500 document.
    pub name: String,
    /// Data level of GB/T 39725, 1 … 5.
    pub level: u8,
    /// For how many years records must be kept.
    pub retention_years: u8,
}
