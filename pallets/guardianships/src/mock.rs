//! A runtime with this pallet alone; registries and consents answer from tables.

use std::collections::{BTreeMap, BTreeSet};

use codec::{Decode, Encode};
use frame_support::{
    derive_impl,
    dispatch::DispatchResult,
    ensure, parameter_types,
    traits::{ConstU64, EnsureOrigin},
};
use kanglian_primitives::{
    Act, Action, ActionSet, BusinessBlockSet, COMING_OF_AGE_STEP, EncryptionKey, Grantee,
    GuardianBasis, Hash32, Instant, InstitutionId, PersonId, Purpose, PurposeSet, RegionCode,
    TeamId, Terms, TermsId, TermsTemplate, VaultKey, blocks,
    payloads::{self, GuardianBody, TakeOverBody},
};
use kanglian_traits::{
    ActInspect, EnsureController, EnsureInstitution, EnsurePanCentre, EnsurePerson, HoldKeys,
    IdentityStatus, IdentityView, InstitutionInspect, InstitutionView, PersonInspect, PersonView,
    RecoverPerson, RecoveryInspect, RegionInspect, TermsGiver, WardInspect,
};
use sp_core::{Pair, sr25519};
use sp_keystore::{KeystoreExt, testing::MemoryKeystore};
use sp_runtime::{
    AccountId32, BuildStorage, DispatchError, MultiSignature, MultiSigner,
    traits::{IdentifyAccount, IdentityLookup},
};

pub type AccountId = AccountId32;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Guardianships: crate,
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
    type RuntimeCall = RuntimeCall;
    type Acts = Remarks;
    type InstitutionOrigin = EnsureInstitution<Registry, Timestamp>;
    type PersonOrigin = EnsurePerson<Registry, Timestamp>;
    type RevokeOrigin = EnsureController<Registry>;
    type PanCentreOrigin = EnsurePanCentre<Registry>;
    type AdminOrigin = EnsureCouncil;
    type People = Registry;
    type Recoveries = Registry;
    type Terms = Registry;
    type Clock = Timestamp;
    type OffchainSignature = MultiSignature;
    type OffchainPublic = MultiSigner;
    type MaxGuardianTerm = ConstU64<{ 20 * YEAR }>;
    type MaxProxyTerm = ConstU64<{ 2 * YEAR }>;
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
pub const YEAR: Instant = 365 * DAY;
/// When the child comes of age, rounded up.
pub const OF_AGE: Instant = (NOW / COMING_OF_AGE_STEP + 60) * COMING_OF_AGE_STEP;

pub const CHILD: PersonId = PersonId([0xc1; 32]);
pub const MOTHER: PersonId = PersonId([0xa1; 32]);
pub const FATHER: PersonId = PersonId([0xa2; 32]);
pub const GRANDFATHER: PersonId = PersonId([0xa3; 32]);
pub const NEIGHBOUR: PersonId = PersonId([0xb0; 32]);

pub const CLINIC_ACCOUNT: AccountId = AccountId::new([0xca; 32]);
pub const FAR_CLINIC_ACCOUNT: AccountId = AccountId::new([0xcb; 32]);
pub const PAN_CENTRE: AccountId = AccountId::new([0x32; 32]);
pub const FAR_PAN_CENTRE: AccountId = AccountId::new([0x33; 32]);
pub const COUNCIL: AccountId = AccountId::new([0xad; 32]);
pub const STRANGER: AccountId = AccountId::new([7; 32]);

pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);

/// What the mock's consents say when they refuse terms.
pub const TERMS_REFUSED: DispatchError = DispatchError::Other("terms refused");

pub fn clinic() -> InstitutionId {
    InstitutionId::from_parts(320_100, 1)
}

pub fn far_clinic() -> InstitutionId {
    InstitutionId::from_parts(330_100, 2)
}

/// A key pair.
#[derive(Clone, Copy)]
pub struct Wallet(pub u8);

impl Wallet {
    fn pair(self) -> sr25519::Pair {
        sr25519::Pair::from_seed(&[self.0; 32])
    }

    pub fn account(self) -> AccountId {
        MultiSigner::from(self.pair().public()).into_account()
    }

    pub fn sign(self, message: &[u8]) -> MultiSignature {
        self.pair().sign(message).into()
    }

    /// Signs as browser wallets do.
    pub fn sign_wrapped(self, message: &[u8]) -> MultiSignature {
        self.sign(&[b"<Bytes>", message, b"</Bytes>"].concat())
    }
}

/// The wallet of a person at the beginning.
pub fn wallet(person: PersonId) -> Wallet {
    Wallet(person.0[0])
}

/// What the table of real names knows of a person.
#[derive(Clone)]
pub struct Known {
    pub controller: AccountId,
    pub home: RegionCode,
    pub suspended: bool,
    pub held_until: Option<Instant>,
}

parameter_types! {
    pub static PanCentres: BTreeMap<AccountId, RegionCode> =
        BTreeMap::from([(PAN_CENTRE, JIANGSU), (FAR_PAN_CENTRE, ZHEJIANG)]);
    pub static Persons: BTreeMap<PersonId, Known> = BTreeMap::new();
    pub static Recovering: BTreeSet<PersonId> = BTreeSet::new();
    pub static Given: BTreeMap<(PersonId, Grantee<AccountId>, TermsId), Terms<AccountId>> =
        BTreeMap::new();
    pub static Permitted: BTreeMap<AccountId, (InstitutionId, RegionCode)> = BTreeMap::new();
}

/// All registries of the mock.
pub struct Registry;

/// Signed by [`COUNCIL`].
pub struct EnsureCouncil;

impl EnsureOrigin<RuntimeOrigin> for EnsureCouncil {
    type Success = ();
    fn try_origin(o: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
        match frame_system::ensure_signed(o.clone()) {
            Ok(who) if who == COUNCIL => Ok(()),
            _ => Err(o),
        }
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
        Ok(RuntimeOrigin::signed(COUNCIL))
    }
}

/// Calls that tests make for others: remarks that say what they do, and one that needs root.
pub struct Remarks;

/// A remark that stands for a call.
pub fn remark(
    action: Action,
    blocks: BusinessBlockSet,
    until: Option<Instant>,
    readers: Vec<PersonId>,
) -> RuntimeCall {
    let remark = (action, blocks, until, readers).encode();
    RuntimeCall::System(frame_system::Call::remark_with_event { remark })
}

impl ActInspect<RuntimeCall> for Remarks {
    fn act(_: &PersonId, call: &RuntimeCall) -> Option<Act> {
        let plain = |action| Act {
            action,
            blocks: BusinessBlockSet::EMPTY,
            until: None,
            readers: Vec::new(),
        };
        match call {
            RuntimeCall::System(frame_system::Call::remark_with_event { remark }) => {
                let (action, blocks, until, readers) =
                    Decode::decode(&mut remark.as_slice()).ok()?;
                Some(Act { action, blocks, until, readers })
            },
            RuntimeCall::System(frame_system::Call::set_heap_pages { .. }) => {
                Some(plain(Action::Manage))
            },
            _ => None,
        }
    }
}

fn view(id: PersonId, at: Instant, acting: bool) -> Option<PersonView<AccountId>> {
    let known = Persons::get().get(&id).cloned().filter(|known| !known.suspended)?;
    let lapsed = known.held_until.is_some_and(|until| at >= until);
    (!(acting && lapsed)).then_some(PersonView {
        id,
        controller: known.controller,
        home_region: known.home,
    })
}

impl PersonInspect<AccountId> for Registry {
    fn acting(who: &AccountId, now: Instant) -> Option<PersonView<AccountId>> {
        Self::speaks_for(who).and_then(|id| view(id, now, true))
    }
    fn valid(id: &PersonId, now: Instant) -> Option<PersonView<AccountId>> {
        view(*id, now, false)
    }
    fn speaks_for(who: &AccountId) -> Option<PersonId> {
        let all = Persons::get();
        all.iter().find(|(_, known)| known.controller == *who).map(|(person, _)| *person)
    }
    fn controller(id: &PersonId) -> Option<AccountId> {
        Persons::get().get(id).map(|known| known.controller.clone())
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_person(id: PersonId, home: RegionCode, controller: &AccountId) {
        add_person(id, home, controller.clone());
    }
}

pub fn add_person(id: PersonId, home: RegionCode, controller: AccountId) {
    let known = Known { controller, home, suspended: false, held_until: None };
    Persons::mutate(|all| all.insert(id, known));
}

pub fn change(id: PersonId, with: impl FnOnce(&mut Known)) {
    Persons::mutate(|all| with(all.get_mut(&id).unwrap()));
}

impl RecoverPerson<AccountId> for Registry {
    fn identity(id: &PersonId) -> Option<IdentityView<AccountId>> {
        Persons::get().get(id).map(|known| IdentityView {
            controller: known.controller.clone(),
            home_region: known.home,
            status: match known.suspended {
                true => IdentityStatus::Suspended,
                false => IdentityStatus::Open,
            },
        })
    }
    fn is_free(who: &AccountId) -> bool {
        Self::speaks_for(who).is_none()
    }
    fn freeze(_: &PersonId) -> DispatchResult {
        Ok(())
    }
    fn thaw(_: &PersonId) -> DispatchResult {
        Ok(())
    }
    fn recover(id: &PersonId, new: &AccountId, _: EncryptionKey) -> DispatchResult {
        Guardianships::keys_replaced(id);
        let held_until = Guardianships::keys_held_until(id);
        change(*id, |known| {
            known.controller = new.clone();
            known.held_until = held_until;
        });
        Ok(())
    }
}

impl HoldKeys for Registry {
    fn hold(id: &PersonId, until: Instant) -> DispatchResult {
        change(*id, |known| known.held_until = Some(until));
        Ok(())
    }
}

impl RecoveryInspect for Registry {
    fn is_pending(person: &PersonId) -> bool {
        Recovering::get().contains(person)
    }
}

impl TermsGiver<AccountId> for Registry {
    fn acts_as(_: &AccountId, _: &Grantee<AccountId>, _: Instant) -> bool {
        false
    }
    fn check(_: &TermsTemplate, _: Instant) -> DispatchResult {
        Ok(())
    }
    fn next_id(_: &PersonId, _: &Grantee<AccountId>) -> TermsId {
        TermsId(1)
    }
    fn give(
        person: PersonId,
        grantee: Grantee<AccountId>,
        terms: Terms<AccountId>,
    ) -> DispatchResult {
        let key = (person, grantee, terms.id);
        ensure!(!Given::get().contains_key(&key), TERMS_REFUSED);
        Given::mutate(|given| given.insert(key, terms));
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
    fn in_force(
        person: &PersonId,
        grantee: &Grantee<AccountId>,
        id: TermsId,
        now: Instant,
    ) -> bool {
        let given = Given::get();
        given.get(&(*person, grantee.clone(), id)).is_some_and(|terms| now < terms.until)
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
    fn acting(who: &AccountId, _: Instant) -> Option<InstitutionView<AccountId>> {
        let (id, region) = Permitted::get().get(who).copied()?;
        let (controller, blocks) = (who.clone(), BusinessBlockSet(u64::MAX));
        Some(InstitutionView { id, region, controller, blocks })
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
    fn benchmark_set_institution(id: InstitutionId, region: RegionCode, controller: &AccountId) {
        Permitted::mutate(|all| all.insert(controller.clone(), (id, region)));
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<RuntimeCall> for Registry {
    fn set_time(now: Instant) {
        set_now(now);
    }
    fn call_for_others() -> RuntimeCall {
        remark(Action::Revoke, BusinessBlockSet::EMPTY, None, Vec::new())
    }
}

pub fn set_now(now: Instant) {
    pallet_timestamp::Now::<Test>::put(now);
}

pub fn genesis() -> Hash32 {
    System::block_hash(0).0
}

/// What the clinic attests for the child, by this guardian.
pub fn body(guardian: PersonId, basis: GuardianBasis, until: Instant, holds: bool) -> GuardianBody {
    GuardianBody {
        ward: CHILD,
        guardian,
        institution: clinic(),
        basis,
        until,
        holds_keys: holds,
        number: crate::Wards::<Test>::get(CHILD).attested + 1,
    }
}

/// The clinic attests what the guardian signed, and the ward where asked.
pub fn attest_body(body: &GuardianBody, by_ward: bool) -> DispatchResult {
    let payload = payloads::guardian(&genesis(), body);
    let ward = by_ward.then(|| wallet(body.ward).sign_wrapped(&payload));
    Guardianships::attest_guardian(
        RuntimeOrigin::signed(CLINIC_ACCOUNT),
        body.ward,
        body.guardian,
        body.basis,
        body.until,
        body.holds_keys,
        wallet(body.guardian).sign(&payload),
        ward,
    )
}

/// The mother is guardian of the child, and holds the keys.
pub fn attest_mother() {
    attest_body(&body(MOTHER, GuardianBasis::Minor, OF_AGE, true), true).unwrap();
}

/// The child's keys pass to a new wallet.
pub fn take_over(who: AccountId, new: Wallet) -> DispatchResult {
    let old = Persons::get()[&CHILD].controller.clone();
    let (ward, data_key, institution) = (CHILD, EncryptionKey::x25519([9; 32]), clinic());
    let body = TakeOverBody { ward, old, new: new.account(), data_key, institution };
    let signature = new.sign(&payloads::take_over(&genesis(), &body));
    let by = RuntimeOrigin::signed(who);
    Guardianships::take_over(by, CHILD, new.account(), data_key, signature)
}

/// Terms over the medical block for ten days.
pub fn terms(id: u64) -> Terms<AccountId> {
    Terms {
        id: TermsId(id),
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::PowerOfAttorney),
        from: NOW,
        until: NOW + 10 * DAY,
        records_from: 0,
        records_until: u64::MAX,
        may_delegate: 0,
        parent: None,
        bundle: [7; 32],
    }
}

/// The mother gives the neighbour a mandate for these actions in the medical block for ten days.
pub fn appoint(actions: ActionSet) -> DispatchResult {
    let terms = actions.contains(Action::Read).then(|| terms(1));
    Guardianships::appoint_proxy(
        RuntimeOrigin::signed(wallet(MOTHER).account()),
        NEIGHBOUR,
        BusinessBlockSet::of(blocks::MEDICAL),
        actions,
        NOW + 10 * DAY,
        terms,
    )
}

/// Builds the chain of a test.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
    pub fn build(self) -> sp_io::TestExternalities {
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
        let mut chain = sp_io::TestExternalities::new(storage);
        chain.register_extension(KeystoreExt::new(MemoryKeystore::new()));
        chain.execute_with(|| {
            Persons::set(BTreeMap::new());
            Recovering::set(BTreeSet::new());
            Given::set(BTreeMap::new());
            Permitted::set(BTreeMap::from([
                (CLINIC_ACCOUNT, (clinic(), JIANGSU)),
                (FAR_CLINIC_ACCOUNT, (far_clinic(), ZHEJIANG)),
            ]));
            for person in [CHILD, MOTHER, FATHER, GRANDFATHER, NEIGHBOUR] {
                add_person(person, JIANGSU, wallet(person).account());
            }
            System::set_block_number(1);
            set_now(NOW);
        });
        chain
    }

    /// Runs a test and checks the storage's invariants after it.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            Guardianships::do_try_state().unwrap();
        });
    }
}

#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
    ExtBuilder.build()
}
