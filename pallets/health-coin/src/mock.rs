//! A runtime of balances and this pallet; regions come from a table.

use std::collections::BTreeMap;

use frame_support::{
    PalletId, derive_impl, parameter_types,
    traits::{Hooks, fungible::Inspect},
};
use frame_system::EnsureRoot;
use kanglian_primitives::{Amount, HMC, PersonId, RecordId, RegionCode, VaultKey};
use kanglian_traits::{Payment, RegionInspect, RewardOnShare, Share};
use sp_runtime::{BuildStorage, DispatchError};

use crate as pallet_health_coin;
use crate::{RewardSchedule, TransferPolicy};

pub type AccountId = u64;

pub const ALICE: AccountId = 1;
pub const BOB: AccountId = 2;
pub const HOSPITAL: AccountId = 3;
pub const CLINIC: AccountId = 4;
pub const RICH: AccountId = 5;
pub const CENTRE_JIANGSU: AccountId = 11;
pub const CENTRE_ZHEJIANG: AccountId = 12;

pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);
pub const FUJIAN: RegionCode = RegionCode(350_000);
pub const STORED: [RegionCode; 2] = [JIANGSU, ZHEJIANG];

pub const ED: Amount = HMC / 1_000;
/// What accounts have at genesis.
pub const ENDOWMENT: Amount = 1_000 * HMC;
pub const EMISSION: Amount = 100 * HMC;
pub const ERA: u32 = 10;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        HealthCoin: pallet_health_coin,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountData = pallet_balances::AccountData<Amount>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Amount;
    type ExistentialDeposit = ExistentialDeposit;
    type AccountStore = System;
    type DustRemoval = HealthCoin;
}

parameter_types! {
    pub const ExistentialDeposit: Amount = ED;
    pub const PotId: PalletId = PalletId(*b"kl/hmpot");
    pub const MaxRegions: u32 = 40;
    pub static PanCentres: BTreeMap<RegionCode, AccountId> = BTreeMap::new();
}

/// Regions with a pan-centre, from the table.
pub struct Regions;

impl RegionInspect<AccountId> for Regions {
    fn is_active(region: RegionCode) -> bool {
        PanCentres::get().contains_key(&region)
    }
    fn region_of_pan_centre(who: &AccountId) -> Option<RegionCode> {
        PanCentres::get().into_iter().find(|(_, centre)| centre == who).map(|(region, _)| region)
    }
    fn region_of_vault(_: &VaultKey) -> Option<RegionCode> {
        None
    }
    fn active_vaults() -> Vec<(RegionCode, VaultKey)> {
        Vec::new()
    }
    fn pan_centre(region: RegionCode) -> Option<AccountId> {
        PanCentres::get().get(&region).copied()
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_region(region: RegionCode, pan_centre: &AccountId, _: VaultKey) {
        set_pan_centre(region, *pan_centre);
    }
}

impl pallet_health_coin::Config for Test {
    type Currency = Balances;
    type Regions = Regions;
    type AdminOrigin = EnsureRoot<AccountId>;
    type PalletId = PotId;
    type MaxRegions = MaxRegions;
    type WeightInfo = ();
}

pub fn set_pan_centre(region: RegionCode, account: AccountId) {
    PanCentres::mutate(|table| table.insert(region, account));
}

/// 1 HMC a share, 40/40/20; caps of 2 HMC a person and 3 HMC an author.
pub fn schedule() -> RewardSchedule {
    RewardSchedule {
        era_length: ERA,
        emission: EMISSION,
        reward: HMC,
        subject_percent: 40,
        author_percent: 40,
        region_percent: 20,
        cap_person: 2 * HMC,
        cap_author: 3 * HMC,
    }
}

pub struct ExtBuilder {
    schedule: RewardSchedule,
    policy: TransferPolicy,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self { schedule: schedule(), policy: TransferPolicy::ClosedLoop }
    }
}

impl ExtBuilder {
    pub fn schedule(mut self, change: impl FnOnce(&mut RewardSchedule)) -> Self {
        change(&mut self.schedule);
        self
    }

    pub fn policy(mut self, policy: TransferPolicy) -> Self {
        self.policy = policy;
        self
    }

    pub fn build(self) -> sp_io::TestExternalities {
        let storage = RuntimeGenesisConfig {
            system: Default::default(),
            balances: pallet_balances::GenesisConfig {
                balances: vec![(RICH, ENDOWMENT), (CENTRE_JIANGSU, ENDOWMENT)],
                ..Default::default()
            },
            health_coin: pallet_health_coin::GenesisConfig {
                schedule: self.schedule,
                policy: self.policy,
                ..Default::default()
            },
        }
        .build_storage()
        .unwrap();
        let mut ext = sp_io::TestExternalities::new(storage);
        ext.execute_with(|| {
            System::set_block_number(1);
            PanCentres::set(
                [(JIANGSU, CENTRE_JIANGSU), (ZHEJIANG, CENTRE_ZHEJIANG)].into_iter().collect(),
            );
        });
        ext
    }

    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            HealthCoin::do_try_state().unwrap();
        });
    }
}

/// Runs the hooks of every block up to `height`.
pub fn go_to(height: u64) {
    while System::block_number() < height {
        let next = System::block_number() + 1;
        System::set_block_number(next);
        HealthCoin::on_initialize(next);
    }
}

pub fn person(number: u64) -> PersonId {
    let mut id = [0; 32];
    id[..8].copy_from_slice(&number.to_le_bytes());
    PersonId(id)
}

pub const RECORD: RecordId = RecordId([7; 32]);

/// Rewards a share about `subject`, whose person has the account's number.
pub fn reward(
    subject: AccountId,
    author: AccountId,
    regions: &[RegionCode],
    weight: u32,
) -> Result<Payment, DispatchError> {
    HealthCoin::reward(Share {
        record: RECORD,
        subject: person(subject),
        subject_account: &subject,
        author_account: &author,
        regions,
        weight,
    })
}

/// Takes back what a share paid.
pub fn take_back(
    subject: AccountId,
    author: AccountId,
    regions: &[RegionCode],
    paid: Payment,
) -> Result<Payment, DispatchError> {
    <HealthCoin as RewardOnShare<AccountId>>::claw_back(&subject, &author, regions, paid)
}

pub fn balance(who: AccountId) -> Amount {
    Balances::balance(&who)
}

pub fn pot() -> Amount {
    balance(HealthCoin::pot())
}

pub fn last_event() -> RuntimeEvent {
    System::events().pop().expect("an event was deposited").event
}

/// A payment in hundredths of HMC.
pub fn cents(subject: Amount, author: Amount, regions: Amount) -> Payment {
    const CENT: Amount = HMC / 100;
    Payment { subject: subject * CENT, author: author * CENT, regions: regions * CENT }
}
