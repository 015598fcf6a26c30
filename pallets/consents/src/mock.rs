//! A runtime with this pallet alone; the registries answer from tables.

use std::collections::{BTreeMap, BTreeSet};

use frame_support::{derive_impl, parameter_types, traits::ConstU64};
use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, EmergencyId, Instant, InstitutionId, PersonId, RegionCode,
    SchemaId, TeamId, VaultKey, blocks,
};
use kanglian_traits::{
    BlockInspect, BlockView, EmergencyInspect, EnsureController, EnsurePerson, EnsureVault,
    InstitutionInspect, InstitutionView, PersonInspect, PersonView, RegionInspect,
};
use sp_runtime::{AccountId32, BuildStorage, traits::IdentityLookup};

pub type AccountId = AccountId32;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Consents: crate,
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

parameter_types! {
    pub const MaxTerm: Instant = 100 * DAY;
    pub const MaxTermsPerGrantee: u32 = 16;
}

impl crate::Config for Test {
    type WeightInfo = ();
    type Clock = Timestamp;
    type People = Registry;
    type Institutions = Registry;
    type Blocks = Registry;
    type Emergencies = Registry;
    type PersonOrigin = EnsurePerson<Registry, Timestamp>;
    type RevokeOrigin = EnsureController<Registry>;
    type VaultOrigin = EnsureVault<Registry>;
    type MaxTerm = MaxTerm;
    type MaxTermsPerGrantee = MaxTermsPerGrantee;
    #[cfg(feature = "runtime-benchmarks")]
    type Regions = Registry;
}

/// When every test begins.
pub const NOW: Instant = 1_700_000_000_000;
/// A day.
pub const DAY: Instant = 86_400_000;

pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);
pub const JIANGSU_VAULT: VaultKey = VaultKey([0xe1; 32]);
pub const ZHEJIANG_VAULT: VaultKey = VaultKey([0xe2; 32]);

pub const ALICE: PersonId = PersonId([0xa1; 32]);
pub const BOB: PersonId = PersonId([0xb0; 32]);

pub const ALICE_ACCOUNT: AccountId = AccountId::new([1; 32]);
pub const BOB_ACCOUNT: AccountId = AccountId::new([2; 32]);
pub const HOSPITAL_A_ACCOUNT: AccountId = AccountId::new([3; 32]);
pub const HOSPITAL_B_ACCOUNT: AccountId = AccountId::new([4; 32]);
/// Practises at hospital A.
pub const DOCTOR: AccountId = AccountId::new([5; 32]);
/// Practises at hospital A and is in its team.
pub const NURSE: AccountId = AccountId::new([6; 32]);
pub const STRANGER: AccountId = AccountId::new([7; 32]);

pub const TEAM: TeamId = TeamId(1);

pub fn hospital_a() -> InstitutionId {
    InstitutionId::from_parts(320_100, 1)
}

pub fn hospital_b() -> InstitutionId {
    InstitutionId::from_parts(330_100, 2)
}

/// A person in the table.
#[derive(Clone)]
pub struct MockPerson {
    pub controller: AccountId,
    pub valid_until: Instant,
    pub suspended: bool,
}

/// An institution in the table.
#[derive(Clone)]
pub struct MockInstitution {
    pub region: RegionCode,
    pub controller: AccountId,
    pub valid_until: Instant,
    pub suspended: bool,
}

/// A region in the table.
#[derive(Clone)]
pub struct MockRegion {
    pub vault: VaultKey,
    pub suspended: bool,
}

parameter_types! {
    pub static Persons: BTreeMap<PersonId, MockPerson> = BTreeMap::new();
    pub static Aliases: BTreeMap<PersonId, PersonId> = BTreeMap::new();
    pub static Institutions: BTreeMap<InstitutionId, MockInstitution> = BTreeMap::new();
    pub static Practitioners: BTreeSet<(AccountId, InstitutionId)> = BTreeSet::new();
    pub static Members: BTreeSet<(InstitutionId, TeamId, AccountId)> = BTreeSet::new();
    pub static Blocks: BTreeMap<BusinessBlockId, BlockView> = BTreeMap::new();
    pub static OpenEmergencies: Vec<(EmergencyId, PersonId, AccountId, InstitutionId, Instant)> =
        Vec::new();
    pub static Provinces: BTreeMap<RegionCode, MockRegion> = BTreeMap::new();
}

/// All registries of the mock.
pub struct Registry;

fn person_view(id: &PersonId, person: &MockPerson, now: Instant) -> Option<PersonView<AccountId>> {
    (!person.suspended && now < person.valid_until).then(|| PersonView {
        id: *id,
        controller: person.controller.clone(),
        home_region: JIANGSU,
    })
}

impl PersonInspect<AccountId> for Registry {
    fn acting(who: &AccountId, now: Instant) -> Option<PersonView<AccountId>> {
        let persons = Persons::get();
        let (id, person) = persons.iter().find(|(_, person)| person.controller == *who)?;
        person_view(id, person, now)
    }

    fn valid(id: &PersonId, now: Instant) -> Option<PersonView<AccountId>> {
        Persons::get().get(id).and_then(|person| person_view(id, person, now))
    }

    fn speaks_for(who: &AccountId) -> Option<PersonId> {
        let persons = Persons::get();
        persons.iter().find(|(_, person)| person.controller == *who).map(|(id, _)| *id)
    }

    fn controller(id: &PersonId) -> Option<AccountId> {
        Persons::get().get(id).map(|person| person.controller.clone())
    }

    fn canonical(id: &PersonId) -> PersonId {
        Aliases::get().get(id).copied().unwrap_or(*id)
    }

    fn aliases(id: &PersonId) -> Vec<PersonId> {
        let leads = |(alias, canonical): (PersonId, PersonId)| (canonical == *id).then_some(alias);
        Aliases::get().into_iter().filter_map(leads).collect()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_alias(id: PersonId) -> PersonId {
        let alias = PersonId([0xe1; 32]);
        Aliases::mutate(|all| all.insert(alias, id));
        alias
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_person(id: PersonId, _: RegionCode, controller: &AccountId) {
        add_person(id, controller.clone());
    }
}

fn institution_view(
    id: &InstitutionId,
    institution: &MockInstitution,
    now: Instant,
) -> Option<InstitutionView<AccountId>> {
    let counts = !institution.suspended
        && now < institution.valid_until
        && Registry::is_active(institution.region);
    counts.then(|| InstitutionView {
        id: *id,
        region: institution.region,
        controller: institution.controller.clone(),
        blocks: BusinessBlockSet(u64::MAX),
    })
}

impl InstitutionInspect<AccountId> for Registry {
    fn acting(who: &AccountId, now: Instant) -> Option<InstitutionView<AccountId>> {
        let institutions = Institutions::get();
        let (id, institution) = institutions.iter().find(|(_, one)| one.controller == *who)?;
        institution_view(id, institution, now)
    }

    fn permitted(id: &InstitutionId, now: Instant) -> Option<InstitutionView<AccountId>> {
        Institutions::get().get(id).and_then(|found| institution_view(id, found, now))
    }

    fn is_practitioner(who: &AccountId, id: &InstitutionId, now: Instant) -> bool {
        Practitioners::get().contains(&(who.clone(), *id)) && Self::permitted(id, now).is_some()
    }

    fn is_team_member(who: &AccountId, id: &InstitutionId, team: TeamId, now: Instant) -> bool {
        Members::get().contains(&(*id, team, who.clone())) && Self::is_practitioner(who, id, now)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_institution(id: InstitutionId, region: RegionCode, controller: &AccountId) {
        add_institution(id, region, controller.clone());
    }
}

impl EmergencyInspect<AccountId> for Registry {
    fn open_case(
        person: &PersonId,
        practitioner: &AccountId,
        institution: &InstitutionId,
        now: Instant,
    ) -> Option<EmergencyId> {
        OpenEmergencies::get()
            .into_iter()
            .find(|(_, about, by, at, until)| {
                about == person && by == practitioner && at == institution && now < *until
            })
            .map(|(id, ..)| id)
    }
}

impl BlockInspect for Registry {
    fn block(id: BusinessBlockId) -> Option<BlockView> {
        Blocks::get().get(&id).copied()
    }

    fn schema(_: SchemaId) -> Option<(BusinessBlockId, BlockView)> {
        None
    }

    fn open_blocks() -> BusinessBlockSet {
        Blocks::get().keys().copied().collect()
    }

    fn restricted_blocks() -> BusinessBlockSet {
        let blocks = Blocks::get();
        blocks.iter().filter(|(_, view)| view.restricted).map(|(id, _)| *id).collect()
    }
}

impl RegionInspect<AccountId> for Registry {
    fn is_active(region: RegionCode) -> bool {
        Provinces::get().get(&region).is_some_and(|found| !found.suspended)
    }

    fn region_of_pan_centre(_: &AccountId) -> Option<RegionCode> {
        None
    }

    fn region_of_vault(key: &VaultKey) -> Option<RegionCode> {
        let provinces = Provinces::get();
        provinces.iter().find(|(_, found)| found.vault == *key).map(|(region, _)| *region)
    }

    fn active_vaults() -> Vec<(RegionCode, VaultKey)> {
        let provinces = Provinces::get();
        let active = provinces.iter().filter(|(_, found)| !found.suspended);
        active.map(|(region, found)| (*region, found.vault)).collect()
    }

    fn pan_centre(_: RegionCode) -> Option<AccountId> {
        None
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_region(region: RegionCode, _: &AccountId, vault: VaultKey) {
        Provinces::mutate(|all| all.insert(region, MockRegion { vault, suspended: false }));
    }
}

pub fn add_person(id: PersonId, controller: AccountId) {
    let person = MockPerson { controller, valid_until: u64::MAX, suspended: false };
    Persons::mutate(|all| all.insert(id, person));
}

pub fn add_institution(id: InstitutionId, region: RegionCode, controller: AccountId) {
    let institution =
        MockInstitution { region, controller, valid_until: u64::MAX, suspended: false };
    Institutions::mutate(|all| all.insert(id, institution));
}

pub fn suspend_person(id: PersonId, suspended: bool) {
    Persons::mutate(|all| all.get_mut(&id).unwrap().suspended = suspended);
}

pub fn suspend_institution(id: InstitutionId, suspended: bool) {
    Institutions::mutate(|all| all.get_mut(&id).unwrap().suspended = suspended);
}

pub fn suspend_region(region: RegionCode, suspended: bool) {
    Provinces::mutate(|all| all.get_mut(&region).unwrap().suspended = suspended);
}

pub fn set_practitioner(who: AccountId, id: InstitutionId, active: bool) {
    Practitioners::mutate(|all| match active {
        true => all.insert((who, id)),
        false => all.remove(&(who, id)),
    });
}

pub fn set_member(who: AccountId, id: InstitutionId, member: bool) {
    Members::mutate(|all| match member {
        true => all.insert((id, TEAM, who)),
        false => all.remove(&(id, TEAM, who)),
    });
}

pub fn set_now(now: Instant) {
    pallet_timestamp::Now::<Test>::put(now);
}

fn fill_tables() {
    Persons::set(BTreeMap::new());
    Aliases::set(BTreeMap::new());
    Institutions::set(BTreeMap::new());
    Practitioners::set(BTreeSet::new());
    Members::set(BTreeSet::new());
    OpenEmergencies::set(Vec::new());
    let view = |public, restricted| BlockView { public, restricted, reward_weight: 100 };
    Blocks::set(BTreeMap::from([
        (blocks::MEDICAL, view(false, false)),
        (blocks::RESTRICTED_MEDICAL, view(false, true)),
        (blocks::ELDERLY_CARE, view(false, false)),
        (blocks::HEALTH, view(false, false)),
        (blocks::HEALTH_EDUCATION, view(true, false)),
        (blocks::PERSONAL, view(false, false)),
        (blocks::EMERGENCY_SUMMARY, view(false, false)),
    ]));
    Provinces::set(BTreeMap::from([
        (JIANGSU, MockRegion { vault: JIANGSU_VAULT, suspended: false }),
        (ZHEJIANG, MockRegion { vault: ZHEJIANG_VAULT, suspended: false }),
    ]));
    add_person(ALICE, ALICE_ACCOUNT);
    add_person(BOB, BOB_ACCOUNT);
    add_institution(hospital_a(), JIANGSU, HOSPITAL_A_ACCOUNT);
    add_institution(hospital_b(), ZHEJIANG, HOSPITAL_B_ACCOUNT);
    set_practitioner(DOCTOR, hospital_a(), true);
    set_practitioner(NURSE, hospital_a(), true);
    set_member(NURSE, hospital_a(), true);
}

/// Builds the chain of a test.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
    pub fn build(self) -> sp_io::TestExternalities {
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
        let mut chain = sp_io::TestExternalities::new(storage);
        chain.execute_with(|| {
            fill_tables();
            System::set_block_number(1);
            set_now(NOW);
        });
        chain
    }

    /// Runs a test and checks the storage's invariants after it.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            Consents::do_try_state().unwrap();
        });
    }
}

#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
    ExtBuilder.build()
}
