//! A runtime with this pallet alone; registries and consents answer from tables.

use std::collections::{BTreeMap, BTreeSet};

use frame_support::{
    derive_impl,
    dispatch::DispatchResult,
    ensure, parameter_types,
    traits::{ConstU32, ConstU64},
};
use kanglian_primitives::{
    BusinessBlockSet, CodeKey, Grantee, Hash32, Instant, InstitutionId, PersonId, Purpose,
    PurposeSet, RegionCode, TeamId, Terms, TermsId, TermsTemplate, VaultKey, blocks,
    payloads::{self, RedemptionBody},
};
use kanglian_traits::{
    EnsureController, EnsurePerson, InstitutionInspect, InstitutionView, PersonInspect, PersonView,
    RegionInspect, TermsGiver,
};
use sp_core::{Pair, ed25519};
use sp_runtime::{AccountId32, BuildStorage, DispatchError, traits::IdentityLookup};

pub type AccountId = AccountId32;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        AccessCodes: crate,
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
    type PersonOrigin = EnsurePerson<Registry, Timestamp>;
    type RevokeOrigin = EnsureController<Registry>;
    type MaxOpenCodes = ConstU32<3>;
    type MaxLife = ConstU64<{ 30 * DAY }>;
    type MaxSignatureLife = ConstU64<{ 10 * MINUTE }>;
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
pub const MINUTE: Instant = 60_000;
pub const DAY: Instant = 86_400_000;

pub const ALICE: PersonId = PersonId([0xa1; 32]);
pub const BOB: PersonId = PersonId([0xb0; 32]);
pub const ALICE_ACCOUNT: AccountId = AccountId::new([1; 32]);
pub const BOB_ACCOUNT: AccountId = AccountId::new([2; 32]);
pub const DOCTOR: AccountId = AccountId::new([5; 32]);
pub const NURSE: AccountId = AccountId::new([6; 32]);
pub const STRANGER: AccountId = AccountId::new([7; 32]);

pub const TEAM: TeamId = TeamId(1);

/// What the mock's consents say when they refuse terms.
pub const TERMS_REFUSED: DispatchError = DispatchError::Other("terms refused");
/// What they say when there is no such bundle to replace.
pub const BUNDLE_REFUSED: DispatchError = DispatchError::Other("bundle refused");

pub fn hospital() -> InstitutionId {
    InstitutionId::from_parts(320_100, 1)
}

pub fn doctor() -> Grantee<AccountId> {
    Grantee::Practitioner { account: DOCTOR, institution: hospital() }
}

pub fn team() -> Grantee<AccountId> {
    Grantee::CareTeam { institution: hospital(), team: TEAM }
}

parameter_types! {
    pub static Persons: BTreeMap<PersonId, AccountId> = BTreeMap::new();
    pub static Suspended: BTreeSet<PersonId> = BTreeSet::new();
    pub static Acting: BTreeSet<(AccountId, Grantee<AccountId>)> = BTreeSet::new();
    pub static Given: Vec<(PersonId, Grantee<AccountId>, Terms<AccountId>)> = Vec::new();
    pub static LastIds: BTreeMap<(PersonId, Grantee<AccountId>), u64> = BTreeMap::new();
    pub static RefuseTerms: bool = false;
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
    fn check(template: &TermsTemplate, _: Instant) -> DispatchResult {
        ensure!(!template.blocks.is_empty(), TERMS_REFUSED);
        Ok(())
    }
    fn next_id(person: &PersonId, grantee: &Grantee<AccountId>) -> TermsId {
        TermsId(LastIds::get().get(&(*person, grantee.clone())).copied().unwrap_or(0) + 1)
    }
    fn give(
        person: PersonId,
        grantee: Grantee<AccountId>,
        terms: Terms<AccountId>,
    ) -> DispatchResult {
        ensure!(!RefuseTerms::get(), TERMS_REFUSED);
        LastIds::mutate(|ids| ids.insert((person, grantee.clone()), terms.id.0));
        Given::mutate(|given| given.push((person, grantee, terms)));
        Ok(())
    }
    fn give_on(
        _: &AccountId,
        _: PersonId,
        _: Grantee<AccountId>,
        _: Grantee<AccountId>,
        _: Terms<AccountId>,
    ) -> DispatchResult {
        Err(TERMS_REFUSED)
    }
    fn in_force(person: &PersonId, grantee: &Grantee<AccountId>, id: TermsId, _: Instant) -> bool {
        Given::get()
            .iter()
            .any(|(whose, held_by, terms)| (whose, held_by, terms.id) == (person, grantee, id))
    }
    fn end(person: PersonId, grantee: &Grantee<AccountId>, id: TermsId) -> bool {
        Given::mutate(|given| {
            let before = given.len();
            given.retain(|(whose, held_by, terms)| {
                (whose, held_by, terms.id) != (&person, grantee, id)
            });
            given.len() < before
        })
    }
    fn replace_bundle(
        person: PersonId,
        grantee: &Grantee<AccountId>,
        id: TermsId,
        old: Hash32,
        new: Hash32,
    ) -> DispatchResult {
        Given::mutate(|given| {
            let found = given.iter_mut().find(|(whose, held_by, terms)| {
                (*whose, held_by, terms.id, terms.bundle) == (person, grantee, id, old)
            });
            found.ok_or(BUNDLE_REFUSED)?.2.bundle = new;
            Ok(())
        })
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

/// The key pair of a code.
pub fn pair(seed: u8) -> ed25519::Pair {
    ed25519::Pair::from_seed(&[seed; 32])
}

pub fn key(seed: u8) -> CodeKey {
    CodeKey(pair(seed).public().0)
}

pub fn genesis() -> Hash32 {
    System::block_hash(0).into()
}

pub fn template() -> TermsTemplate {
    TermsTemplate {
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: NOW,
        until: NOW + 60 * DAY,
        records_from: 0,
        records_until: u64::MAX,
        may_delegate: 1,
    }
}

/// What the code of this seed signs for Alice's records.
pub fn redemption(
    seed: u8,
    redeemer: AccountId,
    grantee: Grantee<AccountId>,
) -> RedemptionBody<AccountId> {
    let expires_at = Timestamp::get() + MINUTE;
    RedemptionBody { code: key(seed), person: ALICE, redeemer, grantee, expires_at }
}

pub fn sign(seed: u8, body: &RedemptionBody<AccountId>) -> [u8; 64] {
    pair(seed).sign(&payloads::code(&genesis(), body)).0
}

pub fn issue(seed: u8, uses: u8) -> DispatchResult {
    let by = RuntimeOrigin::signed(ALICE_ACCOUNT);
    AccessCodes::issue_code(by, key(seed), template(), uses, NOW + 10 * DAY, [seed; 32])
}

/// Redeems with an honest signature.
pub fn redeem(seed: u8, who: AccountId, grantee: Grantee<AccountId>) -> DispatchResult {
    let body = redemption(seed, who.clone(), grantee.clone());
    let signature = sign(seed, &body);
    let by = RuntimeOrigin::signed(who);
    AccessCodes::redeem_code(by, key(seed), grantee, body.expires_at, signature)
}

/// Builds the chain of a test.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
    pub fn build(self) -> sp_io::TestExternalities {
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
        let mut chain = sp_io::TestExternalities::new(storage);
        let keystore = sp_keystore::testing::MemoryKeystore::new();
        chain.register_extension(sp_keystore::KeystoreExt::new(keystore));
        chain.execute_with(|| {
            Persons::set(BTreeMap::from([(ALICE, ALICE_ACCOUNT), (BOB, BOB_ACCOUNT)]));
            Suspended::set(BTreeSet::new());
            Acting::set(BTreeSet::new());
            Given::set(Vec::new());
            LastIds::set(BTreeMap::new());
            RefuseTerms::set(false);
            set_acting(DOCTOR, doctor(), true);
            set_acting(DOCTOR, team(), true);
            set_acting(NURSE, team(), true);
            System::set_block_number(1);
            set_now(NOW);
        });
        chain
    }

    /// Runs a test and checks the storage's invariants after it.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            AccessCodes::do_try_state().unwrap();
        });
    }
}

#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
    ExtBuilder.build()
}
