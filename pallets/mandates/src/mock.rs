//! A runtime with this pallet alone. Account 2 stands for two thirds of the council, account 3
//! for its majority.

use frame_support::{construct_runtime, derive_impl, ord_parameter_types, parameter_types};
use frame_system::EnsureSignedBy;
use sp_core::H256;
use sp_runtime::BuildStorage;

use crate::{self as pallet_mandates, EnsureRegulator, Upgrades};

type Block = frame_system::mocking::MockBlock<Test>;

construct_runtime!(
    pub enum Test {
        System: frame_system,
        Mandates: pallet_mandates,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

pub const TWO_THIRDS: u64 = 2;
pub const MAJORITY: u64 = 3;
pub const REGULATOR: u64 = 4;
pub const NEW_REGULATOR: u64 = 5;
pub const STRANGER: u64 = 6;

/// The time lock in this runtime.
pub const TIME_LOCK: u64 = 100;
/// The least time lock in this runtime, when the genesis names none.
pub const LEAST_TIME_LOCK: u64 = 60;
/// For how long an upgrade can be enacted in this runtime.
pub const ENACT_PERIOD: u64 = 50;
/// How many upgrades may wait in this runtime.
pub const MAX_PENDING: u32 = 8;

parameter_types! {
    pub static Authorized: Vec<H256> = Vec::new();
    pub static SetTimeLock: u64 = TIME_LOCK;
    pub const LeastTimeLock: u64 = LEAST_TIME_LOCK;
    pub const EnactPeriod: u64 = ENACT_PERIOD;
    pub const MaxPending: u32 = MAX_PENDING;
}

ord_parameter_types! {
    pub const TwoThirds: u64 = TWO_THIRDS;
    pub const Majority: u64 = MAJORITY;
}

/// Notes what is authorised.
pub struct Notes;

impl Upgrades<H256> for Notes {
    fn authorize(code_hash: H256) {
        Authorized::mutate(|all| all.push(code_hash));
    }
}

impl pallet_mandates::Config for Test {
    type ProposeOrigin = EnsureSignedBy<TwoThirds, u64>;
    type VetoOrigin = EnsureRegulator<Test>;
    type CancelOrigin = EnsureSignedBy<Majority, u64>;
    type Upgrades = Notes;
    type TimeLock = SetTimeLock;
    type LeastTimeLock = LeastTimeLock;
    type EnactPeriod = EnactPeriod;
    type MaxPending = MaxPending;
    type WeightInfo = ();
}

/// The hash of some code.
pub fn code(n: u8) -> H256 {
    H256::repeat_byte(n)
}

pub struct ExtBuilder {
    regulator: Option<u64>,
    least_time_lock: Option<u64>,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self { regulator: Some(REGULATOR), least_time_lock: None }
    }
}

impl ExtBuilder {
    /// Begins without a regulator.
    pub fn without_regulator(mut self) -> Self {
        self.regulator = None;
        self
    }

    /// Begins with a least time lock named at genesis.
    pub fn with_least_time_lock(mut self, blocks: u64) -> Self {
        self.least_time_lock = Some(blocks);
        self
    }

    pub fn build(self) -> sp_io::TestExternalities {
        let storage = RuntimeGenesisConfig {
            system: Default::default(),
            mandates: pallet_mandates::GenesisConfig {
                regulator: self.regulator,
                least_time_lock: self.least_time_lock,
            },
        };
        let mut ext: sp_io::TestExternalities =
            storage.build_storage().expect("the genesis builds").into();
        ext.execute_with(|| {
            Authorized::set(Vec::new());
            SetTimeLock::set(TIME_LOCK);
            System::set_block_number(1);
        });
        ext
    }

    /// Runs the test, then checks the invariants.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            Mandates::do_try_state().expect("invariants hold");
        });
    }
}

/// For the benchmark suite.
#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
    ExtBuilder::default().build()
}
