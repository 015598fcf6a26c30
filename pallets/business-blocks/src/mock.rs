//! A runtime of its own for the tests.

use frame_support::{derive_impl, ord_parameter_types, traits::ConstU32};
use frame_system::EnsureSignedBy;
use kanglian_primitives::{BusinessBlockId, SchemaId};
use sp_io::TestExternalities;
use sp_runtime::BuildStorage;

use crate as pallet_business_blocks;
use crate::{GenesisBlock, GenesisSchema};

pub const COUNCIL: u64 = 100;
pub const STRANGER: u64 = 3;
pub const MAX_REWARD_WEIGHT: u32 = 1_000;

/// A private block, a restricted one, a public one and a retired one.
pub const PRIVATE: BusinessBlockId = BusinessBlockId(0);
pub const RESTRICTED: BusinessBlockId = BusinessBlockId(1);
pub const PUBLIC: BusinessBlockId = BusinessBlockId(4);
pub const FREE: BusinessBlockId = BusinessBlockId(63);

/// Schemas of the private and of the restricted block.
pub const CONDITION: SchemaId = SchemaId(3);
pub const RESTRICTED_CONDITION: SchemaId = SchemaId(1_003);
pub const FREE_SCHEMA: SchemaId = SchemaId(900);

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeTask,
        RuntimeHoldReason,
        RuntimeFreezeReason,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type BusinessBlocks = pallet_business_blocks;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

ord_parameter_types! {
    pub const Council: u64 = COUNCIL;
}

impl pallet_business_blocks::Config for Test {
    type AdminOrigin = EnsureSignedBy<Council, u64>;
    type MaxRewardWeight = ConstU32<MAX_REWARD_WEIGHT>;
    type WeightInfo = ();
}

/// Builds a chain and checks its invariants after the test.
pub struct ExtBuilder {
    blocks: Vec<GenesisBlock>,
    schemas: Vec<GenesisSchema>,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        let block = |id, public, restricted| GenesisBlock {
            id,
            name_zh: "业务块".into(),
            name_en: "Block".into(),
            public,
            restricted,
            reward_weight: 100,
        };
        let schema = |id, block| GenesisSchema {
            id,
            block,
            name: "FHIR R4 Condition".into(),
            level: 4,
            retention_years: 30,
        };
        Self {
            blocks: vec![
                block(PRIVATE, false, false),
                block(RESTRICTED, false, true),
                block(PUBLIC, true, false),
            ],
            schemas: vec![schema(CONDITION, PRIVATE), schema(RESTRICTED_CONDITION, RESTRICTED)],
        }
    }
}

impl ExtBuilder {
    pub fn with(blocks: Vec<GenesisBlock>, schemas: Vec<GenesisSchema>) -> Self {
        Self { blocks, schemas }
    }

    pub fn build(self) -> TestExternalities {
        let config = RuntimeGenesisConfig {
            business_blocks: crate::GenesisConfig {
                blocks: self.blocks,
                schemas: self.schemas,
                ..Default::default()
            },
            ..Default::default()
        };
        let mut ext = TestExternalities::new(config.build_storage().expect("genesis is sound"));
        ext.execute_with(|| System::set_block_number(1));
        ext
    }

    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            BusinessBlocks::do_try_state().expect("invariants hold");
        });
    }
}

#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> TestExternalities {
    ExtBuilder::with(vec![], vec![]).build()
}
