//! A runtime with this pallet alone; registries and consents answer from tables.

use std::collections::{BTreeMap, BTreeSet};

use frame_support::{
    derive_impl,
    dispatch::DispatchResult,
    ensure, parameter_types,
    traits::{ConstU32, ConstU64},
};
use kanglian_primitives::{
    Author, BusinessBlockSet, Grantee, Hash32, Instant, InstitutionId, KeyEpoch, ParentTerms,
    PersonId, Purpose, PurposeSet, RecordFacts, RecordId, RecordStatus, ReferralId, RegionCode,
    SchemaId, TeamId, Terms, TermsId, TermsTemplate, VaultKey, blocks,
};
use kanglian_traits::{
    EnsureController, EnsurePerson, InstitutionInspect, InstitutionView, PersonInspect, PersonView,
    RecordInspect, RegionInspect, TermsGiver,
};
use sp_runtime::{AccountId32, BuildStorage, DispatchError, traits::IdentityLookup};

pub type AccountId = AccountId32;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Referrals: crate,
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
    type People = Registry;
    type Terms = Registry;
    type Records = Registry;
    type PersonOrigin = EnsurePerson<Registry, Timestamp>;
    type RevokeOrigin = EnsureController<Registry>;
    type MaxOpenReferrals = ConstU32<4>;
    type Grace = ConstU64<DAY>;
    #[cfg(feature = "runtime-benchmarks")]
    type Regions = Registry;
    #[cfg(feature = "runtime-benchmarks")]
    type Institutions = Registry;
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
/// Practises in the village.
pub const DOCTOR: AccountId = AccountId::new([5; 32]);
/// Is in the county hospital's team.
pub const NURSE: AccountId = AccountId::new([6; 32]);
/// Speaks for the city hospital.
pub const DEAN: AccountId = AccountId::new([8; 32]);
pub const STRANGER: AccountId = AccountId::new([7; 32]);

pub const TEAM: TeamId = TeamId(1);

/// What the mock's consents say when they refuse terms.
pub const TERMS_REFUSED: DispatchError = DispatchError::Other("terms refused");

pub fn village() -> InstitutionId {
    InstitutionId::from_parts(320_100, 1)
}

pub fn county() -> InstitutionId {
    InstitutionId::from_parts(320_100, 2)
}

pub fn city() -> InstitutionId {
    InstitutionId::from_parts(330_100, 3)
}

/// Who refers: the doctor in the village.
pub fn doctor() -> Grantee<AccountId> {
    Grantee::Practitioner { account: DOCTOR, institution: village() }
}

/// The county hospital's team.
pub fn team() -> Grantee<AccountId> {
    Grantee::CareTeam { institution: county(), team: TEAM }
}

/// The city hospital.
pub fn hospital() -> Grantee<AccountId> {
    Grantee::Institution(city())
}

parameter_types! {
    pub static Persons: BTreeMap<PersonId, AccountId> = BTreeMap::new();
    pub static Suspended: BTreeSet<PersonId> = BTreeSet::new();
    pub static Acting: BTreeSet<(AccountId, Grantee<AccountId>)> = BTreeSet::new();
    pub static Given: BTreeMap<(PersonId, Grantee<AccountId>, TermsId), Terms<AccountId>> =
        BTreeMap::new();
    pub static Shared: BTreeMap<RecordId, RecordFacts> = BTreeMap::new();
}

/// All registries of the mock.
pub struct Registry;

fn view(id: PersonId) -> Option<PersonView<AccountId>> {
    let controller = <Registry as PersonInspect<AccountId>>::controller(&id)?;
    (!Suspended::get().contains(&id)).then_some(PersonView {
        id,
        controller,
        home_region: RegionCode(320_000),
    })
}

impl PersonInspect<AccountId> for Registry {
    fn acting(who: &AccountId, _: Instant) -> Option<PersonView<AccountId>> {
        Self::speaks_for(who).and_then(view)
    }
    fn valid(id: &PersonId, _: Instant) -> Option<PersonView<AccountId>> {
        view(*id)
    }
    fn speaks_for(who: &AccountId) -> Option<PersonId> {
        let persons = Persons::get();
        persons.iter().find(|(_, account)| *account == who).map(|(person, _)| *person)
    }
    fn controller(id: &PersonId) -> Option<AccountId> {
        Persons::get().get(id).cloned()
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_person(id: PersonId, _: RegionCode, controller: &AccountId) {
        Persons::mutate(|all| all.insert(id, controller.clone()));
    }
}

impl TermsGiver<AccountId> for Registry {
    fn acts_as(who: &AccountId, grantee: &Grantee<AccountId>, _: Instant) -> bool {
        Acting::get().contains(&(who.clone(), grantee.clone()))
    }
    fn check(_: &TermsTemplate, _: Instant) -> DispatchResult {
        Ok(())
    }
    fn next_id(person: &PersonId, grantee: &Grantee<AccountId>) -> TermsId {
        let given = Given::get();
        let last = given.keys().filter(|(whose, held_by, _)| (whose, held_by) == (person, grantee));
        TermsId(last.map(|(_, _, id)| id.0).max().unwrap_or(0) + 1)
    }
    fn give(
        person: PersonId,
        grantee: Grantee<AccountId>,
        terms: Terms<AccountId>,
    ) -> DispatchResult {
        ensure!(terms.parent.is_none() && !terms.blocks.is_empty(), TERMS_REFUSED);
        let key = (person, grantee, terms.id);
        ensure!(!Given::get().contains_key(&key), TERMS_REFUSED);
        Given::mutate(|given| given.insert(key, terms));
        Ok(())
    }
    fn give_on(
        who: &AccountId,
        person: PersonId,
        acting_as: Grantee<AccountId>,
        grantee: Grantee<AccountId>,
        terms: Terms<AccountId>,
    ) -> DispatchResult {
        let link = terms.parent.clone().filter(|link| link.grantee == acting_as);
        let link = link.ok_or(TERMS_REFUSED)?;
        let parent = Given::get().get(&(person, acting_as.clone(), link.id)).cloned();
        let parent = parent.filter(|parent| parent.may_delegate > terms.may_delegate);
        let parent = parent.ok_or(TERMS_REFUSED)?;
        ensure!(terms.blocks.is_subset_of(parent.blocks), TERMS_REFUSED);
        ensure!(Self::acts_as(who, &acting_as, 0), TERMS_REFUSED);
        let key = (person, grantee, terms.id);
        ensure!(!Given::get().contains_key(&key), TERMS_REFUSED);
        Given::mutate(|given| given.insert(key, terms));
        Ok(())
    }
    fn in_force(
        person: &PersonId,
        grantee: &Grantee<AccountId>,
        id: TermsId,
        now: Instant,
    ) -> bool {
        let given = Given::get();
        let found = given.get(&(*person, grantee.clone(), id));
        found.is_some_and(|terms| {
            terms.from <= now
                && now < terms.until
                && terms
                    .parent
                    .as_ref()
                    .is_none_or(|link| Self::in_force(person, &link.grantee, link.id, now))
        })
    }
    fn end(person: PersonId, grantee: &Grantee<AccountId>, id: TermsId) -> bool {
        Given::mutate(|given| given.remove(&(person, grantee.clone(), id)).is_some())
    }
    fn replace_bundle(
        _: PersonId,
        _: &Grantee<AccountId>,
        _: TermsId,
        _: Hash32,
        _: Hash32,
    ) -> DispatchResult {
        Err(TERMS_REFUSED)
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

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for Registry {
    fn set_time(now: Instant) {
        set_now(now);
    }
}

impl RegionInspect<AccountId> for Registry {
    fn is_active(_: RegionCode) -> bool {
        true
    }
    fn region_of_pan_centre(_: &AccountId) -> Option<RegionCode> {
        None
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
}

impl InstitutionInspect<AccountId> for Registry {
    fn acting(_: &AccountId, _: Instant) -> Option<InstitutionView<AccountId>> {
        None
    }
    fn permitted(_: &InstitutionId, _: Instant) -> Option<InstitutionView<AccountId>> {
        None
    }
    fn is_practitioner(_: &AccountId, _: &InstitutionId, _: Instant) -> bool {
        false
    }
    fn is_team_member(_: &AccountId, _: &InstitutionId, _: TeamId, _: Instant) -> bool {
        false
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_team(institution: InstitutionId, team: TeamId, member: &AccountId) {
        set_acting(member.clone(), Grantee::CareTeam { institution, team }, true);
    }
}

pub fn set_acting(who: AccountId, grantee: Grantee<AccountId>, acts: bool) {
    Acting::mutate(|acting| match acts {
        true => acting.insert((who, grantee)),
        false => acting.remove(&(who, grantee)),
    });
}

pub fn suspend_person(id: PersonId, suspended: bool) {
    Suspended::mutate(|all| match suspended {
        true => all.insert(id),
        false => all.remove(&id),
    });
}

pub fn set_now(now: Instant) {
    pallet_timestamp::Now::<Test>::put(now);
}

/// A record of Alice by an institution, shared now.
pub fn share(id: u8, author: InstitutionId) -> RecordId {
    let record = RecordId([id; 32]);
    let facts = RecordFacts {
        id: record,
        subject: ALICE,
        block: blocks::MEDICAL,
        schema: SchemaId(1),
        author: Author::Institution(author),
        region: RegionCode(320_000),
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

/// Terms with the next number for a grantee, for ten days.
pub fn terms(grantee: &Grantee<AccountId>) -> Terms<AccountId> {
    let now = Timestamp::get();
    Terms {
        id: <Registry as TermsGiver<AccountId>>::next_id(&ALICE, grantee),
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: now,
        until: now + 10 * DAY,
        records_from: 0,
        records_until: u64::MAX,
        may_delegate: 0,
        parent: None,
        bundle: [7; 32],
    }
}

/// Terms given on from the doctor's.
pub fn child(grantee: &Grantee<AccountId>) -> Terms<AccountId> {
    let parent = ParentTerms { grantee: doctor(), id: TermsId(1) };
    Terms { parent: Some(parent), ..terms(grantee) }
}

/// Lets the doctor hold terms 1 that may be given on.
pub fn grant_to_doctor() {
    let given = Terms { may_delegate: 1, until: NOW + 100 * DAY, ..terms(&doctor()) };
    Given::mutate(|all| all.insert((ALICE, doctor(), TermsId(1)), given));
}

/// The doctor refers Alice to these.
pub fn refer(to: &[Grantee<AccountId>]) -> ReferralId {
    let offers: Vec<_> = to.iter().map(|grantee| (grantee.clone(), child(grantee))).collect();
    let by = RuntimeOrigin::signed(DOCTOR);
    let offers = offers.try_into().unwrap();
    Referrals::refer(by, ALICE, doctor(), None, offers).unwrap();
    crate::Files::<Test>::get(ALICE).last
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
            Acting::set(BTreeSet::new());
            Given::set(BTreeMap::new());
            Shared::set(BTreeMap::new());
            set_acting(DOCTOR, doctor(), true);
            set_acting(NURSE, team(), true);
            set_acting(DEAN, hospital(), true);
            System::set_block_number(1);
            set_now(NOW);
            grant_to_doctor();
        });
        chain
    }

    /// Runs a test and checks the storage's invariants after it.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            Referrals::do_try_state().unwrap();
        });
    }
}

#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut chain = ExtBuilder.build();
    chain.execute_with(|| Given::set(BTreeMap::new()));
    chain
}
