//! A runtime with this pallet alone; the registries answer from tables.

use std::collections::BTreeMap;

use frame_support::{
    derive_impl,
    dispatch::DispatchResult,
    parameter_types,
    traits::{ConstU8, ConstU32, ConstU64, EitherOfDiverse, EnsureOrigin},
};
use frame_system::EnsureRoot;
use kanglian_primitives::{
    BusinessBlockSet, DealingPart, DealingTerms, DealtScope, EncryptionKey, Hash32, Instant,
    InstitutionId, PersonId, RegionCode, TeamId, VaultKey,
    payloads::{self, RecoveryBody},
};
use kanglian_traits::{
    EnsureController, EnsureInstitution, EnsurePanCentre, EnsurePerson, IdentityStatus,
    IdentityView, InstitutionInspect, InstitutionView, PersonInspect, PersonView, PhysicianView,
    RecoverPerson, RegionInspect, SuspendPractitioner,
};
use sp_core::{Pair, sr25519};
use sp_runtime::{
    AccountId32, BuildStorage, DispatchError, MultiSignature, MultiSigner, TokenError,
};

use crate as pallet_key_custody;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Balances: pallet_balances,
        Custody: pallet_key_custody,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = sp_runtime::traits::IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type ExistentialDeposit = ConstU64<ED>;
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxFreezes = ConstU32<1>;
}

/// The least that an account begins with.
pub const ED: u64 = 10;

impl pallet_timestamp::Config for Test {
    type Moment = u64;
    type OnTimestampSet = ();
    type MinimumPeriod = ConstU64<1>;
    type WeightInfo = ();
}

pub const HOUR: Instant = 3_600_000;
pub const DAY: Instant = 24 * HOUR;
pub const YEAR: Instant = 365 * DAY;
/// The time at which every test begins.
pub const START: Instant = 1_767_225_600_000;
/// How long the old key can veto.
pub const DELAY: Instant = 3 * DAY;
/// How long a recovery may take.
pub const PERIOD: Instant = 30 * DAY;
/// How long a review may take after the emergency's end.
pub const REVIEW: Instant = 7 * DAY;

pub const SHANGHAI: RegionCode = RegionCode(310_000);
pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);
pub const ANHUI: RegionCode = RegionCode(340_000);
pub const GUANGDONG: RegionCode = RegionCode(440_000);
/// Every region, rising.
pub const REGIONS: [RegionCode; 5] = [SHANGHAI, JIANGSU, ZHEJIANG, ANHUI, GUANGDONG];

/// At home in Jiangsu.
pub const ALICE: PersonId = PersonId([0xa1; 32]);
/// At home in Zhejiang.
pub const BOB: PersonId = PersonId([0xb0; 32]);

pub const ADMIN: AccountId32 = AccountId32::new([0xad; 32]);
pub const ALICE_OLD: AccountId32 = AccountId32::new([0x01; 32]);
pub const BOB_ACCOUNT: AccountId32 = AccountId32::new([0x02; 32]);
pub const CONTROLLER_A: AccountId32 = AccountId32::new([0xca; 32]);
pub const CONTROLLER_B: AccountId32 = AccountId32::new([0xcb; 32]);
/// A physician of hospital A.
pub const DOCTOR: AccountId32 = AccountId32::new([0xd0; 32]);
/// A physician of hospital A and of hospital B.
pub const SURGEON: AccountId32 = AccountId32::new([0xd1; 32]);
pub const STRANGER: AccountId32 = AccountId32::new([0x55; 32]);

pub fn hospital_a() -> InstitutionId {
    InstitutionId::from_parts(320_100, 1)
}

/// In Zhejiang.
pub fn hospital_b() -> InstitutionId {
    InstitutionId::from_parts(330_100, 2)
}

pub fn pan_centre(region: RegionCode) -> AccountId32 {
    let mut bytes = [0xcc; 32];
    bytes[..4].copy_from_slice(&region.0.to_le_bytes());
    AccountId32::new(bytes)
}

pub fn custodian(region: RegionCode) -> AccountId32 {
    let mut bytes = [0xcd; 32];
    bytes[..4].copy_from_slice(&region.0.to_le_bytes());
    AccountId32::new(bytes)
}

pub fn custodian_key(region: RegionCode) -> EncryptionKey {
    let mut bytes = [0x0e; 32];
    bytes[..4].copy_from_slice(&region.0.to_le_bytes());
    EncryptionKey::x25519(bytes)
}

/// A person in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockPerson {
    pub controller: AccountId32,
    pub data_key: EncryptionKey,
    pub home: RegionCode,
    pub status: IdentityStatus,
    pub frozen: bool,
    pub valid_until: Instant,
}

/// A practitioner in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockPractitioner {
    pub physician: bool,
    pub stopped: bool,
}

parameter_types! {
    pub static ActiveRegions: Vec<RegionCode> = REGIONS.to_vec();
    pub static Permitted: BTreeMap<InstitutionId, (RegionCode, AccountId32)> = BTreeMap::new();
    pub static Staff: BTreeMap<(AccountId32, InstitutionId), MockPractitioner> = BTreeMap::new();
    pub static Barred: Vec<(AccountId32, Option<PersonId>)> = Vec::new();
    pub static Persons: BTreeMap<PersonId, MockPerson> = BTreeMap::new();
    pub static Bar: u8 = 3;
    pub static MostRegions: u32 = 5;
    pub static FurtherCentres: BTreeMap<RegionCode, AccountId32> = BTreeMap::new();
    pub static ParameterDelay: Instant = DELAY;
}

pub fn set_active(region: RegionCode, active: bool) {
    ActiveRegions::mutate(|all| {
        all.retain(|known| *known != region);
        if active {
            all.push(region);
        }
    });
}

pub fn set_person(id: PersonId, change: impl FnOnce(&mut MockPerson)) {
    Persons::mutate(|all| change(all.get_mut(&id).expect("the person is in the table")));
}

pub fn person(id: PersonId) -> MockPerson {
    Persons::get()[&id].clone()
}

pub fn forbid(id: InstitutionId) {
    Permitted::mutate(|all| all.remove(&id));
}

pub struct Tables;

impl RegionInspect<AccountId32> for Tables {
    fn is_active(region: RegionCode) -> bool {
        ActiveRegions::get().contains(&region)
    }
    fn region_of_pan_centre(who: &AccountId32) -> Option<RegionCode> {
        let is_centre = |region: &RegionCode| Self::pan_centre(*region).as_ref() == Some(who);
        ActiveRegions::get().into_iter().find(is_centre)
    }
    fn region_of_vault(_: &VaultKey) -> Option<RegionCode> {
        None
    }
    fn active_vaults() -> Vec<(RegionCode, VaultKey)> {
        ActiveRegions::get().into_iter().map(|region| (region, VaultKey([1; 32]))).collect()
    }
    fn pan_centre(region: RegionCode) -> Option<AccountId32> {
        let further = FurtherCentres::get().get(&region).cloned();
        further.or_else(|| REGIONS.contains(&region).then(|| pan_centre(region)))
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_region(region: RegionCode, centre: &AccountId32, _: VaultKey) {
        set_active(region, true);
        FurtherCentres::mutate(|all| all.insert(region, centre.clone()));
    }
}

fn valid_person(id: &PersonId, now: Instant) -> Option<MockPerson> {
    let found = Persons::get().get(id).cloned();
    found.filter(|person| person.status == IdentityStatus::Open && now < person.valid_until)
}

fn view(id: PersonId, person: MockPerson) -> PersonView<AccountId32> {
    PersonView { id, controller: person.controller, home_region: person.home }
}

impl PersonInspect<AccountId32> for Tables {
    fn acting(who: &AccountId32, now: Instant) -> Option<PersonView<AccountId32>> {
        let id = Self::speaks_for(who)?;
        valid_person(&id, now).filter(|person| !person.frozen).map(|person| view(id, person))
    }
    fn valid(id: &PersonId, now: Instant) -> Option<PersonView<AccountId32>> {
        valid_person(id, now).map(|person| view(*id, person))
    }
    fn speaks_for(who: &AccountId32) -> Option<PersonId> {
        let persons = Persons::get();
        let found = persons
            .iter()
            .find(|(_, one)| one.controller == *who && one.status != IdentityStatus::Closed);
        found.map(|(id, _)| *id)
    }
    fn controller(id: &PersonId) -> Option<AccountId32> {
        Persons::get().get(id).map(|person| person.controller.clone())
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_person(id: PersonId, home: RegionCode, controller: &AccountId32) {
        let person = MockPerson { controller: controller.clone(), home, ..new_person(JIANGSU) };
        Persons::mutate(|all| all.insert(id, person));
    }
}

/// What the registry of real names answers when a person cannot be recovered.
pub const PEOPLE_REFUSAL: DispatchError = DispatchError::Token(TokenError::Blocked);

impl RecoverPerson<AccountId32> for Tables {
    fn identity(id: &PersonId) -> Option<IdentityView<AccountId32>> {
        Persons::get().get(id).map(|person| IdentityView {
            controller: person.controller.clone(),
            home_region: person.home,
            status: person.status,
        })
    }
    fn is_free(who: &AccountId32) -> bool {
        Self::speaks_for(who).is_none()
    }
    fn freeze(id: &PersonId) -> DispatchResult {
        set_person(*id, |person| person.frozen = true);
        Ok(())
    }
    fn thaw(id: &PersonId) -> DispatchResult {
        set_person(*id, |person| person.frozen = false);
        Ok(())
    }
    fn recover(id: &PersonId, new: &AccountId32, data_key: EncryptionKey) -> DispatchResult {
        if person(*id).status != IdentityStatus::Open || !Self::is_free(new) {
            return Err(PEOPLE_REFUSAL);
        }
        set_person(*id, |person| {
            person.controller = new.clone();
            person.data_key = data_key;
            person.frozen = false;
        });
        Ok(())
    }
}

impl InstitutionInspect<AccountId32> for Tables {
    fn acting(who: &AccountId32, now: Instant) -> Option<InstitutionView<AccountId32>> {
        let all = Permitted::get();
        let id = all.iter().find(|(_, (_, controller))| controller == who).map(|(id, _)| *id)?;
        Self::permitted(&id, now)
    }
    fn permitted(id: &InstitutionId, _: Instant) -> Option<InstitutionView<AccountId32>> {
        let (region, controller) = Permitted::get().get(id).cloned()?;
        let blocks = BusinessBlockSet(u64::MAX);
        Self::is_active(region).then_some(InstitutionView { id: *id, region, controller, blocks })
    }
    fn is_practitioner(who: &AccountId32, id: &InstitutionId, now: Instant) -> bool {
        Staff::get().get(&(who.clone(), *id)).is_some_and(|one| !one.stopped)
            && Self::permitted(id, now).is_some()
    }
    fn is_team_member(_: &AccountId32, _: &InstitutionId, _: TeamId, _: Instant) -> bool {
        false
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_institution(id: InstitutionId, region: RegionCode, controller: &AccountId32) {
        Permitted::mutate(|all| all.insert(id, (region, controller.clone())));
    }
}

/// A physician's key.
pub const DOCTORS_KEY: EncryptionKey = EncryptionKey::x25519([0xdd; 32]);

impl SuspendPractitioner<AccountId32> for Tables {
    fn physician(who: &AccountId32, id: &InstitutionId, now: Instant) -> Option<PhysicianView> {
        let physician = Staff::get().get(&(who.clone(), *id)).is_some_and(|one| one.physician);
        let region = Self::permitted(id, now)?.region;
        (physician && Self::is_practitioner(who, id, now))
            .then_some(PhysicianView { region, encryption_key: DOCTORS_KEY })
    }
    fn stop(who: &AccountId32, person: Option<PersonId>, id: &InstitutionId) -> bool {
        Barred::mutate(|all| all.push((who.clone(), person)));
        Staff::mutate(|all| match all.get_mut(&(who.clone(), *id)) {
            Some(practitioner) => {
                practitioner.stopped = true;
                true
            },
            None => false,
        })
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_physician(who: &AccountId32, id: InstitutionId, _: EncryptionKey) {
        let practitioner = MockPractitioner { physician: true, stopped: false };
        Staff::mutate(|all| all.insert((who.clone(), id), practitioner));
    }
}

/// Signed by [`ADMIN`].
pub struct EnsureAdmin;

impl EnsureOrigin<RuntimeOrigin> for EnsureAdmin {
    type Success = ();
    fn try_origin(o: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
        match frame_system::ensure_signed(o.clone()) {
            Ok(who) if who == ADMIN => Ok(()),
            _ => Err(o),
        }
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
        Ok(RuntimeOrigin::signed(ADMIN))
    }
}

#[cfg(feature = "runtime-benchmarks")]
pub struct SetTime;

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for SetTime {
    fn set_time(now: Instant) {
        Timestamp::set_timestamp(now);
    }
}

impl pallet_key_custody::Config for Test {
    type PanCentreOrigin = EnsurePanCentre<Tables>;
    type PersonOrigin = EnsurePerson<Tables, Timestamp>;
    type ControllerOrigin = EnsureController<Tables>;
    type InstitutionOrigin = EnsureInstitution<Tables, Timestamp>;
    type AdminOrigin = EitherOfDiverse<EnsureRoot<AccountId32>, EnsureAdmin>;
    type Regions = Tables;
    type People = Tables;
    type Institutions = Tables;
    type Currency = Balances;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type Clock = Timestamp;
    type OffchainSignature = MultiSignature;
    type OffchainPublic = MultiSigner;
    type RecoveryDelay = ParameterDelay;
    type LeastRecoveryDelay = ConstU64<DAY>;
    type RecoveryBar = Bar;
    type RecoveryPeriod = ConstU64<PERIOD>;
    type CoolDown = ConstU64<{ 30 * DAY }>;
    type MaxPendingRecoveries = ConstU32<3>;
    type MaxEmergencyHours = ConstU8<4>;
    type MaxOpenEmergencies = ConstU32<3>;
    type ReviewPeriod = ConstU64<REVIEW>;
    type Retention = ConstU64<YEAR>;
    type MaxRegions = MostRegions;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = SetTime;
}

/// Keys that a person makes on a new device.
#[derive(Clone, Copy)]
pub struct Device(pub u8);

impl Device {
    pub fn pair(self) -> sr25519::Pair {
        sr25519::Pair::from_seed(&[self.0; 32])
    }
    pub fn account(self) -> AccountId32 {
        self.pair().public().into()
    }
    pub fn data_key(self) -> EncryptionKey {
        EncryptionKey::x25519([self.0.wrapping_add(0x40); 32])
    }
    pub fn reseal_key(self) -> EncryptionKey {
        EncryptionKey::x25519([self.0.wrapping_add(0x60); 32])
    }
    pub fn payload(self, person: PersonId, institution: InstitutionId) -> Vec<u8> {
        let body = RecoveryBody {
            person,
            institution,
            new_controller: self.account(),
            new_data_key: self.data_key(),
            reseal_key: self.reseal_key(),
        };
        payloads::recovery(&genesis(), &body)
    }
    pub fn sign(self, message: &[u8]) -> MultiSignature {
        self.pair().sign(message).into()
    }
    /// Agrees to take over, when this institution asks.
    pub fn agree(self, person: PersonId, institution: InstitutionId) -> MultiSignature {
        self.sign(&self.payload(person, institution))
    }
}

pub const NEW: Device = Device(3);
pub const THIEF: Device = Device(4);

pub fn genesis() -> Hash32 {
    System::block_hash(0).0
}

/// The hash of a region's share in dealing `n`.
pub fn share_of(region: RegionCode, n: u8) -> Hash32 {
    let mut hash = [n; 32];
    hash[..4].copy_from_slice(&region.0.to_le_bytes());
    hash
}

/// Terms with a part for each of these regions; `n` sets the hashes apart.
pub fn terms(threshold: u8, regions: &[RegionCode], n: u8) -> DealingTerms {
    let part = |region: &RegionCode| DealingPart { region: *region, share: share_of(*region, n) };
    DealingTerms {
        threshold,
        commitments: vec![[0xc0; 32]; threshold.into()].try_into().expect("few"),
        parts: regions.iter().map(part).collect::<Vec<_>>().try_into().expect("few"),
        sealed: [n.wrapping_add(0x80); 32],
    }
}

/// Alice deals to all five regions; three open it.
pub fn deal(scope: DealtScope) -> DispatchResult {
    Custody::deal(RuntimeOrigin::signed(ALICE_OLD), scope, terms(3, &REGIONS, 1))
}

/// These custodians acknowledge Alice's dealing in force.
pub fn acknowledge(scope: DealtScope, regions: &[RegionCode]) {
    let number = crate::Dealings::<Test>::get(ALICE, scope).expect("dealt").number;
    for region in regions {
        let who = RuntimeOrigin::signed(custodian(*region));
        Custody::acknowledge(who, ALICE, scope, number).expect("a good share");
    }
}

fn new_person(home: RegionCode) -> MockPerson {
    MockPerson {
        controller: ALICE_OLD,
        data_key: EncryptionKey::x25519([0x20; 32]),
        home,
        status: IdentityStatus::Open,
        frozen: false,
        valid_until: START + 10 * YEAR,
    }
}

fn fill_tables() {
    ActiveRegions::set(REGIONS.to_vec());
    Bar::set(3);
    MostRegions::set(5);
    FurtherCentres::set(BTreeMap::new());
    ParameterDelay::set(DELAY);
    Permitted::set(BTreeMap::from([
        (hospital_a(), (JIANGSU, CONTROLLER_A)),
        (hospital_b(), (ZHEJIANG, CONTROLLER_B)),
    ]));
    let physician = MockPractitioner { physician: true, stopped: false };
    Barred::set(Vec::new());
    Staff::set(BTreeMap::from([
        ((DOCTOR, hospital_a()), physician.clone()),
        ((SURGEON, hospital_a()), physician.clone()),
        ((SURGEON, hospital_b()), physician),
    ]));
    let bob = MockPerson { controller: BOB_ACCOUNT, ..new_person(ZHEJIANG) };
    Persons::set(BTreeMap::from([(ALICE, new_person(JIANGSU)), (BOB, bob)]));
}

#[derive(Default)]
pub struct ExtBuilder {
    delay: Option<Instant>,
    dealt: bool,
}

impl ExtBuilder {
    /// Names a recovery delay in the genesis.
    pub fn with_delay(mut self, delay: Instant) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Begins with both of Alice's scopes dealt and acknowledged by everybody.
    pub fn dealt(mut self) -> Self {
        self.dealt = true;
        self
    }

    pub fn build(self) -> sp_io::TestExternalities {
        fill_tables();
        let custodians = REGIONS
            .iter()
            .map(|region| (region.0, custodian(*region), custodian_key(*region)))
            .collect();
        let mut storage =
            frame_system::GenesisConfig::<Test>::default().build_storage().expect("builds");
        pallet_key_custody::GenesisConfig::<Test> { custodians, recovery_delay: self.delay }
            .assimilate_storage(&mut storage)
            .expect("builds");
        let mut ext = sp_io::TestExternalities::new(storage);
        ext.execute_with(|| {
            System::set_block_number(1);
            Timestamp::set_timestamp(START);
            if self.dealt {
                for scope in [DealtScope::Whole, DealtScope::Emergency] {
                    deal(scope).expect("deals");
                    acknowledge(scope, &REGIONS);
                }
            }
        });
        ext
    }

    /// Runs the test, then checks the invariants.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            Custody::do_try_state().expect("invariants hold");
        });
    }
}

/// For the benchmark suite.
#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut ext = ExtBuilder::default().build();
    MostRegions::set(40);
    ext.register_extension(sp_keystore::KeystoreExt::new(
        sp_keystore::testing::MemoryKeystore::new(),
    ));
    ext
}
