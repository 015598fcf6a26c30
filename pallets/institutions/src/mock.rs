//! A runtime of its own for the tests: provinces and blocks answer from tables.

use std::collections::BTreeMap;

use frame_support::{
    assert_ok, derive_impl, ord_parameter_types, parameter_types,
    traits::{ConstU32, ConstU64},
};
use frame_system::EnsureSignedBy;
use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, EncryptionKey, Instant, InstitutionId, PersonId, RegionCode,
    SchemaId, TeamId, VaultKey, blocks,
};
use kanglian_traits::{
    BlockInspect, BlockView, EnsureInstitution, EnsurePanCentre, PersonInspect, PersonView,
    RegionInspect,
};
use sp_io::TestExternalities;
use sp_runtime::BuildStorage;

use crate as pallet_institutions;
use crate::{InstitutionOf, Practitioners, ProfileOf, Role};

pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);
pub const ANHUI: RegionCode = RegionCode(340_000);

pub const PAN_JIANGSU: u64 = 10;
pub const PAN_ZHEJIANG: u64 = 11;
/// Pan-centre of a suspended province.
pub const PAN_ANHUI: u64 = 12;
pub const COUNCIL: u64 = 100;
/// Controller of the permitted hospital.
pub const DEAN: u64 = 20;
/// Controller of the nominated clinic.
pub const FOUNDER: u64 = 21;
/// Doctor of the hospital and member of its team.
pub const DOCTOR: u64 = 30;
/// Nurse of the hospital, in no team.
pub const NURSE: u64 = 31;
pub const STRANGER: u64 = 40;

pub const TEAM: TeamId = TeamId(1);
pub const KEY: EncryptionKey = EncryptionKey::x25519([9; 32]);
pub const WEAK_KEY: EncryptionKey = EncryptionKey::x25519([0; 32]);
pub const NOW: Instant = 1_700_000_000_000;
pub const YEAR: Instant = 365 * 24 * 3_600_000;
pub const MAX_BATCH: u32 = 4;
pub const MAX_TEAM_MEMBERS: u32 = 3;

/// A permitted hospital in Jiangsu.
pub fn hospital() -> InstitutionId {
    InstitutionId::from_parts(320_100, 1)
}

/// A nominated clinic in Zhejiang.
pub fn clinic() -> InstitutionId {
    InstitutionId::from_parts(330_100, 2)
}

/// A code that nobody registered.
pub fn unknown() -> InstitutionId {
    InstitutionId::from_parts(320_100, 99)
}

/// What a pan-centre would say of a sound institution.
pub fn profile(id: InstitutionId, controller: u64) -> ProfileOf<Test> {
    crate::Profile {
        id,
        kind: b"A1".to_vec().try_into().expect("short enough"),
        name: "鼓楼医院".as_bytes().to_vec().try_into().expect("short enough"),
        controller,
        encryption_key: KEY,
        blocks: BusinessBlockSet::of(blocks::MEDICAL).with(blocks::RESTRICTED_MEDICAL),
        valid_until: NOW + YEAR,
    }
}

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
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Institutions = pallet_institutions;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

impl pallet_timestamp::Config for Test {
    type Moment = u64;
    type OnTimestampSet = ();
    type MinimumPeriod = ConstU64<1>;
    type WeightInfo = ();
}

parameter_types! {
    /// Pan-centre and whether active, by region.
    pub static RegionTable: BTreeMap<u32, (u64, bool)> = BTreeMap::new();
    /// Persons by the accounts that speak for them.
    pub static People: BTreeMap<u64, PersonId> = BTreeMap::new();
    /// Blocks that are open.
    pub static OpenBlocks: BusinessBlockSet = BusinessBlockSet(0xff);
}

/// Suspends or resumes a province.
pub fn set_active(region: RegionCode, active: bool) {
    RegionTable::mutate(|table| {
        if let Some(entry) = table.get_mut(&region.0) {
            entry.1 = active;
        }
    });
}

/// Answers for the registry of provinces.
pub struct MockRegions;

impl RegionInspect<u64> for MockRegions {
    fn is_active(region: RegionCode) -> bool {
        RegionTable::get().get(&region.0).is_some_and(|(_, active)| *active)
    }
    fn region_of_pan_centre(who: &u64) -> Option<RegionCode> {
        RegionTable::get()
            .into_iter()
            .find(|(_, (account, active))| account == who && *active)
            .map(|(code, _)| RegionCode(code))
    }
    fn region_of_vault(_: &VaultKey) -> Option<RegionCode> {
        None
    }
    fn active_vaults() -> Vec<(RegionCode, VaultKey)> {
        vec![]
    }
    fn pan_centre(region: RegionCode) -> Option<u64> {
        RegionTable::get().get(&region.0).map(|(account, _)| *account)
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_region(region: RegionCode, pan_centre: &u64, _: VaultKey) {
        RegionTable::mutate(|table| {
            table.insert(region.0, (*pan_centre, true));
        });
    }
}

/// Answers for the registry of real names.
pub struct MockPeople;

impl PersonInspect<u64> for MockPeople {
    fn acting(_: &u64, _: Instant) -> Option<PersonView<u64>> {
        None
    }
    fn valid(_: &PersonId, _: Instant) -> Option<PersonView<u64>> {
        None
    }
    fn speaks_for(who: &u64) -> Option<PersonId> {
        People::get().get(who).copied()
    }
    fn controller(_: &PersonId) -> Option<u64> {
        None
    }
}

/// Answers for the registry of business blocks.
pub struct MockBlocks;

impl BlockInspect for MockBlocks {
    fn block(id: BusinessBlockId) -> Option<BlockView> {
        let view = BlockView { public: false, restricted: false, reward_weight: 100 };
        OpenBlocks::get().contains(id).then_some(view)
    }
    fn schema(_: SchemaId) -> Option<(BusinessBlockId, BlockView)> {
        None
    }
    fn open_blocks() -> BusinessBlockSet {
        OpenBlocks::get()
    }
    fn restricted_blocks() -> BusinessBlockSet {
        BusinessBlockSet::EMPTY
    }
}

ord_parameter_types! {
    pub const Council: u64 = COUNCIL;
}

impl pallet_institutions::Config for Test {
    type PanCentreOrigin = EnsurePanCentre<MockRegions>;
    type PermitOrigin = EnsureSignedBy<Council, u64>;
    type InstitutionOrigin = EnsureInstitution<Institutions, Timestamp>;
    type Regions = MockRegions;
    type People = MockPeople;
    type Blocks = MockBlocks;
    type Clock = Timestamp;
    type MaxBatch = ConstU32<MAX_BATCH>;
    type MaxTeamMembers = ConstU32<MAX_TEAM_MEMBERS>;
    type WeightInfo = ();
}

/// Sets the chain's time.
pub fn set_now(now: Instant) {
    pallet_timestamp::Now::<Test>::put(now);
}

/// Builds a chain and checks its invariants after the test. It begins with three provinces, Anhui
/// suspended; the hospital, permitted, with a doctor in its team and a nurse; the nominated clinic.
#[derive(Default)]
pub struct ExtBuilder {
    empty: bool,
}

impl ExtBuilder {
    /// Without any institution.
    #[cfg(feature = "runtime-benchmarks")]
    pub fn empty() -> Self {
        Self { empty: true }
    }

    pub fn build(self) -> TestExternalities {
        RegionTable::set(BTreeMap::from([
            (JIANGSU.0, (PAN_JIANGSU, true)),
            (ZHEJIANG.0, (PAN_ZHEJIANG, true)),
            (ANHUI.0, (PAN_ANHUI, false)),
        ]));
        OpenBlocks::set(BusinessBlockSet(0xff));
        People::set(BTreeMap::new());
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
        let mut ext = TestExternalities::new(storage.expect("genesis is sound"));
        ext.execute_with(|| {
            System::set_block_number(1);
            set_now(NOW);
            if !self.empty {
                found();
                System::reset_events();
            }
        });
        ext
    }

    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            check();
        });
    }
}

fn found() {
    let dean = || RuntimeOrigin::signed(DEAN);
    assert_ok!(Institutions::nominate(
        RuntimeOrigin::signed(PAN_JIANGSU),
        profile(hospital(), DEAN)
    ));
    assert_ok!(Institutions::nominate(
        RuntimeOrigin::signed(PAN_ZHEJIANG),
        profile(clinic(), FOUNDER)
    ));
    let ids = vec![hospital()].try_into().expect("fits");
    assert_ok!(Institutions::permit(RuntimeOrigin::signed(COUNCIL), ids));
    for (who, role) in [(DOCTOR, Role::Doctor), (NURSE, Role::Nurse)] {
        assert_ok!(Institutions::add_practitioner(dean(), who, role, KEY, NOW + YEAR));
    }
    let name = "心内科".as_bytes().to_vec().try_into().expect("fits");
    assert_ok!(Institutions::create_team(dean(), TEAM, name, KEY));
    assert_ok!(Institutions::add_team_member(dean(), TEAM, DOCTOR));
}

/// Invariants, and that accounts are held exactly as often as they are registered: nobody else
/// holds them here.
pub fn check() {
    Institutions::do_try_state().expect("invariants hold");
    let mut registrations = BTreeMap::<u64, u32>::new();
    let controllers = InstitutionOf::<Test>::iter_keys();
    let practitioners = Practitioners::<Test>::iter_keys().map(|(who, _)| who);
    for who in controllers.chain(practitioners) {
        *registrations.entry(who).or_default() += 1;
    }
    let held: BTreeMap<_, _> = frame_system::Account::<Test>::iter()
        .map(|(who, account)| (who, account.sufficients))
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(held, registrations, "sufficients follow registrations");
}

#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> TestExternalities {
    ExtBuilder::empty().build()
}
