//! A runtime with this pallet alone; registries and records answer from tables.

use std::collections::{BTreeMap, BTreeSet};

use frame_support::{
    derive_impl,
    dispatch::DispatchResult,
    parameter_types,
    traits::{ConstU32, ConstU64},
};
use kanglian_primitives::{
    Author, BusinessBlockSet, CorrectionId, CorrectionReason, Instant, InstitutionId, KeyEpoch,
    PersonId, RecordFacts, RecordId, RecordStatus, RegionCode, SchemaId, TeamId, VaultKey, blocks,
};
use kanglian_traits::{
    EnsureController, EnsureInstitution, EnsurePanCentre, EnsurePerson, InstitutionInspect,
    InstitutionView, PersonInspect, PersonView, RecordInspect, RegionInspect,
};
use sp_runtime::{AccountId32, BuildStorage, traits::IdentityLookup};

pub type AccountId = AccountId32;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Corrections: crate,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type Block = Block;
}

impl pallet_timestamp::Config for Test {
    type Moment = u64;
    type OnTimestampSet = ();
    type MinimumPeriod = ConstU64<1>;
    type WeightInfo = ();
}

impl crate::Config for Test {
    type WeightInfo = ();
    type Clock = Timestamp;
    type Records = Registry;
    type Institutions = Registry;
    type PersonOrigin = EnsurePerson<Registry, Timestamp>;
    type RevokeOrigin = EnsureController<Registry>;
    type InstitutionOrigin = EnsureInstitution<Registry, Timestamp>;
    type PanCentreOrigin = EnsurePanCentre<Registry>;
    type DecidePeriod = ConstU64<{ 30 * DAY }>;
    type MaxOpen = ConstU32<3>;
    type Grace = ConstU64<DAY>;
    #[cfg(feature = "runtime-benchmarks")]
    type People = Registry;
    #[cfg(feature = "runtime-benchmarks")]
    type Regions = Registry;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Registry;
}

/// When every test begins.
pub const NOW: Instant = 1_700_000_000_000;
pub const DAY: Instant = 86_400_000;

pub const ALICE: PersonId = PersonId([0xa1; 32]);
pub const BOB: PersonId = PersonId([0xb0; 32]);
pub const ALICE_ACCOUNT: AccountId = AccountId::new([1; 32]);
pub const BOB_ACCOUNT: AccountId = AccountId::new([2; 32]);
pub const CLINIC_ACCOUNT: AccountId = AccountId::new([0xca; 32]);
pub const OTHER_ACCOUNT: AccountId = AccountId::new([0xcb; 32]);
pub const PAN_CENTRE: AccountId = AccountId::new([0x32; 32]);
pub const FAR_PAN_CENTRE: AccountId = AccountId::new([0x33; 32]);
pub const STRANGER: AccountId = AccountId::new([7; 32]);

pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);

/// In Jiangsu.
pub fn clinic() -> InstitutionId {
    InstitutionId::from_parts(320_100, 1)
}

/// In Zhejiang.
pub fn other() -> InstitutionId {
    InstitutionId::from_parts(330_100, 2)
}

parameter_types! {
    pub static PanCentres: BTreeMap<AccountId, RegionCode> =
        BTreeMap::from([(PAN_CENTRE, JIANGSU), (FAR_PAN_CENTRE, ZHEJIANG)]);
    pub static Persons: BTreeMap<PersonId, AccountId> = BTreeMap::new();
    pub static Suspended: BTreeSet<PersonId> = BTreeSet::new();
    pub static Permitted: BTreeMap<InstitutionId, (AccountId, RegionCode)> = BTreeMap::new();
    pub static Shared: BTreeMap<RecordId, RecordFacts> = BTreeMap::new();
}

/// All registries of the mock.
pub struct Registry;

fn view(id: PersonId) -> Option<PersonView<AccountId>> {
    let controller = Persons::get().get(&id).cloned()?;
    let home_region = JIANGSU;
    (!Suspended::get().contains(&id)).then_some(PersonView { id, controller, home_region })
}

impl PersonInspect<AccountId> for Registry {
    fn acting(who: &AccountId, _: Instant) -> Option<PersonView<AccountId>> {
        Self::speaks_for(who).and_then(view)
    }
    fn valid(id: &PersonId, _: Instant) -> Option<PersonView<AccountId>> {
        view(*id)
    }
    fn speaks_for(who: &AccountId) -> Option<PersonId> {
        let all = Persons::get();
        all.iter().find(|(_, account)| *account == who).map(|(person, _)| *person)
    }
    fn controller(id: &PersonId) -> Option<AccountId> {
        Persons::get().get(id).cloned()
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_person(id: PersonId, _: RegionCode, controller: &AccountId) {
        Persons::mutate(|all| all.insert(id, controller.clone()));
    }
}

impl RecordInspect for Registry {
    fn facts(id: &RecordId) -> Option<RecordFacts> {
        Shared::get().get(id).cloned()
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_record(facts: RecordFacts) {
        Shared::mutate(|all| all.insert(facts.id, facts));
    }
}

impl RegionInspect<AccountId> for Registry {
    fn is_active(_: RegionCode) -> bool {
        true
    }
    fn region_of_pan_centre(who: &AccountId) -> Option<RegionCode> {
        PanCentres::get().get(who).copied()
    }
    fn region_of_vault(_: &VaultKey) -> Option<RegionCode> {
        None
    }
    fn active_vaults() -> Vec<(RegionCode, VaultKey)> {
        Vec::new()
    }
    fn pan_centre(_: RegionCode) -> Option<AccountId> {
        None
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_region(region: RegionCode, pan_centre: &AccountId, _: VaultKey) {
        PanCentres::mutate(|all| all.insert(pan_centre.clone(), region));
    }
}

impl InstitutionInspect<AccountId> for Registry {
    fn acting(who: &AccountId, now: Instant) -> Option<InstitutionView<AccountId>> {
        let all = Permitted::get();
        let found = all.iter().find(|(_, (account, _))| account == who).map(|(id, _)| *id);
        Self::permitted(&found?, now)
    }
    fn permitted(id: &InstitutionId, _: Instant) -> Option<InstitutionView<AccountId>> {
        let (controller, region) = Permitted::get().get(id).cloned()?;
        Some(InstitutionView { id: *id, region, controller, blocks: BusinessBlockSet(u64::MAX) })
    }
    fn is_practitioner(_: &AccountId, _: &InstitutionId, _: Instant) -> bool {
        false
    }
    fn is_team_member(_: &AccountId, _: &InstitutionId, _: TeamId, _: Instant) -> bool {
        false
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_institution(id: InstitutionId, region: RegionCode, controller: &AccountId) {
        Permitted::mutate(|all| all.insert(id, (controller.clone(), region)));
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for Registry {
    fn set_time(now: Instant) {
        set_now(now);
    }
}

pub fn set_now(now: Instant) {
    pallet_timestamp::Now::<Test>::put(now);
}

/// A record of Alice, shared now.
pub fn share(id: u8, author: Author) -> RecordId {
    let record = RecordId([id; 32]);
    let facts = RecordFacts {
        id: record,
        subject: ALICE,
        block: blocks::MEDICAL,
        schema: SchemaId(1),
        author,
        region: JIANGSU,
        size: 1_000,
        key_epoch: KeyEpoch(0),
        shared_at: Timestamp::get(),
        count: 1,
        paid: 0,
        status: RecordStatus::Active,
        stored_in: vec![],
    };
    Shared::mutate(|all| all.insert(record, facts));
    record
}

pub fn set_status(record: RecordId, status: RecordStatus) {
    Shared::mutate(|all| all.get_mut(&record).unwrap().status = status);
}

/// The clinic's record of Alice, of which she says that it is wrong.
pub fn asked(id: u8) -> (RecordId, CorrectionId) {
    let record = share(id, Author::Institution(clinic()));
    request(record).unwrap();
    (record, crate::Files::<Test>::get(ALICE).last)
}

pub fn request(record: RecordId) -> DispatchResult {
    let by = RuntimeOrigin::signed(ALICE_ACCOUNT);
    Corrections::request(by, record, CorrectionReason::Incorrect, [9; 32])
}

/// Builds the chain of a test.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
    pub fn build(self) -> sp_io::TestExternalities {
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
        let mut chain = sp_io::TestExternalities::new(storage);
        chain.execute_with(|| {
            Persons::set(BTreeMap::from([(ALICE, ALICE_ACCOUNT), (BOB, BOB_ACCOUNT)]));
            Suspended::set(BTreeSet::new());
            Permitted::set(BTreeMap::from([
                (clinic(), (CLINIC_ACCOUNT, JIANGSU)),
                (other(), (OTHER_ACCOUNT, ZHEJIANG)),
            ]));
            Shared::set(BTreeMap::new());
            System::set_block_number(1);
            set_now(NOW);
        });
        chain
    }

    /// Runs a test and checks the storage's invariants after it.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            Corrections::do_try_state().unwrap();
        });
    }
}

#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
    ExtBuilder.build()
}
