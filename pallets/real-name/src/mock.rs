//! A runtime with this pallet alone; the other registries answer from tables.

use frame_support::{
    construct_runtime, derive_impl,
    dispatch::DispatchResult,
    parameter_types,
    traits::{ConstU64, EitherOfDiverse, EnsureOrigin},
};
use frame_system::EnsureRoot;
use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, EncryptionKey, Hash32, Instant, InstitutionId, PersonId,
    RegionCode, RegistrarKey, VaultKey, blocks,
    payloads::{self, AttestationBody, LinkBody, MigrationBody},
};
use kanglian_traits::{
    EnsureController, EnsureInstitution, EnsurePanCentre, EnsurePerson, InstitutionInspect,
    InstitutionView, OnAttested, RecoveryInspect, RegionInspect, RegistrarInspect, WardInspect,
};
use sp_core::{Pair, ed25519, sr25519};
use sp_keystore::{KeystoreExt, testing::MemoryKeystore};
use sp_runtime::{
    AccountId32, BuildStorage, DispatchError, MultiSignature, MultiSigner, TokenError,
    traits::IdentifyAccount,
};

use crate::{self as pallet_real_name, Attestation};

type Block = frame_system::mocking::MockBlock<Test>;

construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        RealName: pallet_real_name,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = sp_runtime::traits::IdentityLookup<AccountId32>;
}

impl pallet_timestamp::Config for Test {
    type Moment = u64;
    type OnTimestampSet = ();
    type MinimumPeriod = ConstU64<1>;
    type WeightInfo = ();
}

/// A day in milliseconds.
pub const DAY: Instant = 86_400_000;
/// The time at which every test begins.
pub const START: Instant = 1_767_225_600_000;
/// Longest validity in this runtime.
pub const MAX_VALIDITY: Instant = 3_650 * DAY;
/// How long an alias's account may object in this runtime.
pub const LINK_DELAY: Instant = 3 * DAY;
/// How long links can be approved or undone in this runtime.
pub const LINK_PERIOD: Instant = 30 * DAY;
/// Grace before closing in this runtime.
pub const GRACE: Instant = 365 * DAY;

pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);

pub const ALICE: PersonId = PersonId([0xa1; 32]);
pub const BOB: PersonId = PersonId([0xb0; 32]);

/// Governance beside root.
pub const ADMIN: AccountId32 = AccountId32::new([0xad; 32]);
pub const PAN_CENTRE_JIANGSU: AccountId32 = AccountId32::new([0x32; 32]);
pub const PAN_CENTRE_ZHEJIANG: AccountId32 = AccountId32::new([0x33; 32]);
pub const CONTROLLER_A: AccountId32 = AccountId32::new([0xca; 32]);
pub const CONTROLLER_B: AccountId32 = AccountId32::new([0xcb; 32]);
pub const CONTROLLER_Z: AccountId32 = AccountId32::new([0xcc; 32]);
pub const STRANGER: AccountId32 = AccountId32::new([0x55; 32]);

/// A hospital in Jiangsu.
pub fn hospital_a() -> InstitutionId {
    InstitutionId::from_parts(320_100, 1)
}

/// Another hospital in Jiangsu.
pub fn hospital_b() -> InstitutionId {
    InstitutionId::from_parts(320_200, 2)
}

/// A hospital in Zhejiang.
pub fn hospital_z() -> InstitutionId {
    InstitutionId::from_parts(330_100, 3)
}

type OnAttestedCall =
    (PersonId, Vec<(BusinessBlockId, EncryptionKey)>, InstitutionId, BusinessBlockSet, Instant);

parameter_types! {
    pub static ActiveRegions: Vec<(RegionCode, AccountId32)> =
        vec![(JIANGSU, PAN_CENTRE_JIANGSU), (ZHEJIANG, PAN_CENTRE_ZHEJIANG)];
    pub static PermittedInstitutions: Vec<(InstitutionId, RegionCode, AccountId32)> = vec![
        (hospital_a(), JIANGSU, CONTROLLER_A),
        (hospital_b(), JIANGSU, CONTROLLER_B),
        (hospital_z(), ZHEJIANG, CONTROLLER_Z),
    ];
    pub static AttestedCalls: Vec<OnAttestedCall> = Vec::new();
    pub static ConsentsRefuse: bool = false;
    pub static Recovering: Vec<PersonId> = Vec::new();
    pub static HeldUntil: Vec<(PersonId, Instant)> = Vec::new();
    pub static OpenGeneration: Option<u32> = Some(0);
    pub const LinkDelay: Instant = LINK_DELAY;
    pub const LinkPeriod: Instant = LINK_PERIOD;
    pub const MaxValidity: Instant = MAX_VALIDITY;
    pub const CloseGrace: Instant = GRACE;
}

/// Suspends a region, and with it its institutions and its pan-centre.
pub fn suspend_region(region: RegionCode) {
    ActiveRegions::mutate(|all| all.retain(|(code, _)| *code != region));
}

/// Withdraws an institution's permission.
pub fn revoke_institution(id: InstitutionId) {
    PermittedInstitutions::mutate(|all| all.retain(|(known, ..)| *known != id));
}

pub struct RegionTable;

impl RegionInspect<AccountId32> for RegionTable {
    fn is_active(region: RegionCode) -> bool {
        ActiveRegions::get().iter().any(|(code, _)| *code == region)
    }
    fn region_of_pan_centre(who: &AccountId32) -> Option<RegionCode> {
        ActiveRegions::get()
            .into_iter()
            .find_map(|(code, account)| (account == *who).then_some(code))
    }
    fn region_of_vault(_: &VaultKey) -> Option<RegionCode> {
        None
    }
    fn active_vaults() -> Vec<(RegionCode, VaultKey)> {
        Vec::new()
    }
    fn pan_centre(region: RegionCode) -> Option<AccountId32> {
        ActiveRegions::get().into_iter().find_map(|(code, who)| (code == region).then_some(who))
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_region(region: RegionCode, pan_centre: &AccountId32, _: VaultKey) {
        suspend_region(region);
        ActiveRegions::mutate(|all| all.push((region, pan_centre.clone())));
    }
}

pub struct InstitutionTable;

impl InstitutionTable {
    fn find(
        fits: impl Fn(&(InstitutionId, RegionCode, AccountId32)) -> bool,
    ) -> Option<InstitutionView<AccountId32>> {
        PermittedInstitutions::get()
            .into_iter()
            .find(|entry| fits(entry) && RegionTable::is_active(entry.1))
            .map(|(id, region, controller)| InstitutionView {
                id,
                region,
                controller,
                blocks: BusinessBlockSet(u64::MAX),
            })
    }
}

impl InstitutionInspect<AccountId32> for InstitutionTable {
    fn acting(who: &AccountId32, _: Instant) -> Option<InstitutionView<AccountId32>> {
        Self::find(|(_, _, controller)| controller == who)
    }
    fn permitted(id: &InstitutionId, _: Instant) -> Option<InstitutionView<AccountId32>> {
        Self::find(|(known, ..)| known == id)
    }
    fn is_practitioner(_: &AccountId32, _: &InstitutionId, _: Instant) -> bool {
        false
    }
    fn is_team_member(
        _: &AccountId32,
        _: &InstitutionId,
        _: kanglian_primitives::TeamId,
        _: Instant,
    ) -> bool {
        false
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_institution(id: InstitutionId, region: RegionCode, controller: &AccountId32) {
        revoke_institution(id);
        PermittedInstitutions::mutate(|all| all.push((id, region, controller.clone())));
    }
}

pub struct Consents;

impl OnAttested for Consents {
    fn on_attested(
        person: PersonId,
        scope_keys: Vec<(BusinessBlockId, EncryptionKey)>,
        attester: InstitutionId,
        write_blocks: BusinessBlockSet,
        write_until: Instant,
    ) -> DispatchResult {
        if ConsentsRefuse::get() {
            return Err(CONSENTS_REFUSAL);
        }
        AttestedCalls::mutate(|calls| {
            calls.push((person, scope_keys, attester, write_blocks, write_until));
        });
        Ok(())
    }
}

pub struct WardTable;

impl WardInspect for WardTable {
    fn keys_held_until(person: &PersonId) -> Option<Instant> {
        HeldUntil::get().iter().find(|(ward, _)| ward == person).map(|(_, until)| *until)
    }
    /// As the pallet does: what is over is forgotten.
    fn keys_replaced(person: &PersonId) {
        let now = Timestamp::get();
        HeldUntil::mutate(|all| all.retain(|(ward, until)| ward != person || *until > now));
    }
}

pub struct RecoveryTable;

impl RecoveryInspect for RecoveryTable {
    fn is_pending(person: &PersonId) -> bool {
        Recovering::get().contains(person)
    }
}

pub struct RegistrarTable;

impl RegistrarInspect for RegistrarTable {
    fn open_generation() -> Option<u32> {
        OpenGeneration::get()
    }
    fn region_of(_: &RegistrarKey) -> Option<RegionCode> {
        None
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_generation(generation: u32) {
        OpenGeneration::set(Some(generation));
    }
}

/// What the consents answer when they refuse.
pub const CONSENTS_REFUSAL: DispatchError = DispatchError::Token(TokenError::Blocked);

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

impl pallet_real_name::Config for Test {
    type InstitutionOrigin = EnsureInstitution<InstitutionTable, Timestamp>;
    type PersonOrigin = EnsurePerson<RealName, Timestamp>;
    type PanCentreOrigin = EnsurePanCentre<RegionTable>;
    type AdminOrigin = EitherOfDiverse<EnsureRoot<AccountId32>, EnsureAdmin>;
    type ControllerOrigin = EnsureController<RealName>;
    type Generations = RegistrarTable;
    type Regions = RegionTable;
    type Recoveries = RecoveryTable;
    type Wards = WardTable;
    type OnAttested = Consents;
    type Clock = Timestamp;
    type OffchainSignature = MultiSignature;
    type OffchainPublic = MultiSigner;
    type MaxValidity = MaxValidity;
    type CloseGrace = CloseGrace;
    type LinkDelay = LinkDelay;
    type LinkPeriod = LinkPeriod;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type Institutions = InstitutionTable;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = SetTime;
}

/// A person's key pair. Even numbers are sr25519, odd ones ed25519.
#[derive(Clone, Copy)]
pub struct Wallet(pub u8);

impl Wallet {
    fn sr(self) -> sr25519::Pair {
        sr25519::Pair::from_seed(&[self.0; 32])
    }

    fn ed(self) -> ed25519::Pair {
        ed25519::Pair::from_seed(&[self.0; 32])
    }

    /// The account.
    pub fn account(self) -> AccountId32 {
        match self.0 % 2 {
            0 => MultiSigner::from(self.sr().public()).into_account(),
            _ => MultiSigner::from(self.ed().public()).into_account(),
        }
    }

    /// Signs the bytes as they are.
    pub fn sign(self, message: &[u8]) -> MultiSignature {
        match self.0 % 2 {
            0 => self.sr().sign(message).into(),
            _ => self.ed().sign(message).into(),
        }
    }

    /// Signs as browser wallets do.
    pub fn sign_wrapped(self, message: &[u8]) -> MultiSignature {
        self.sign(&[b"<Bytes>", message, b"</Bytes>"].concat())
    }

    /// Agrees to take over from `old`.
    pub fn sign_rotation(self, person: PersonId, old: &AccountId32) -> MultiSignature {
        self.sign(&payloads::rotate(&genesis(), &person, old, &self.account()))
    }
}

pub const ALICE_WALLET: Wallet = Wallet(2);
pub const BOB_WALLET: Wallet = Wallet(3);
pub const NEW_WALLET: Wallet = Wallet(4);

/// A key that no low-order check refuses.
pub fn key(n: u8) -> EncryptionKey {
    let mut bytes = [9; 32];
    bytes[0] = n;
    EncryptionKey::x25519(bytes)
}

/// The point of order one.
pub fn low_order_key() -> EncryptionKey {
    EncryptionKey::x25519([0; 32])
}

pub fn genesis() -> Hash32 {
    System::block_hash(0).0
}

/// What a clinic usually attests: two scope keys, write consent and validity of a year.
pub fn attestation(wallet: Wallet) -> Attestation<AccountId32> {
    Attestation {
        controller: wallet.account(),
        data_key: key(1),
        scope_keys: vec![(blocks::MEDICAL, key(2)), (blocks::PERSONAL, key(3))]
            .try_into()
            .expect("two are few"),
        write_blocks: BusinessBlockSet::of(blocks::MEDICAL),
        write_until: START + 30 * DAY,
        valid_until: START + 365 * DAY,
    }
}

/// The payload under an attestation's signature.
pub fn attest_payload(
    person: PersonId,
    attester: InstitutionId,
    home_region: RegionCode,
    attestation: &Attestation<AccountId32>,
) -> Vec<u8> {
    payloads::attest(
        &genesis(),
        &AttestationBody {
            person,
            controller: attestation.controller.clone(),
            home_region,
            data_key: attestation.data_key,
            scope_keys: attestation.scope_keys.to_vec(),
            attester,
            write_blocks: attestation.write_blocks,
            write_until: attestation.write_until,
            valid_until: attestation.valid_until,
        },
    )
}

/// Hospital A attests the person with the wallet's agreement.
pub fn attest(
    person: PersonId,
    wallet: Wallet,
    attestation: Attestation<AccountId32>,
) -> DispatchResult {
    let payload = attest_payload(person, hospital_a(), JIANGSU, &attestation);
    RealName::attest(
        RuntimeOrigin::signed(CONTROLLER_A),
        person,
        attestation,
        wallet.sign(&payload),
    )
}

/// What both accounts sign for hospital A's link of Bob's id to Alice's.
pub fn link_payload(round: u32) -> Vec<u8> {
    let body = LinkBody { alias: BOB, canonical: ALICE, institution: hospital_a(), round };
    payloads::link(&genesis(), &body)
}

/// Hospital A links Bob's id to Alice's, with Bob's signature or without.
pub fn link(with_alias: bool) -> DispatchResult {
    let payload = link_payload(RealName::round(BOB));
    let signature = with_alias.then(|| BOB_WALLET.sign(&payload));
    let by = RuntimeOrigin::signed(CONTROLLER_A);
    RealName::link(by, BOB, ALICE, ALICE_WALLET.sign(&payload), signature)
}

/// What Alice signs for hospital A's migration of an id.
pub fn migrate_payload(generation: u32, old: PersonId, new: PersonId, round: u32) -> Vec<u8> {
    let body = MigrationBody { generation, old, new, institution: hospital_a(), round };
    payloads::migrate(&genesis(), &body)
}

/// Hospital A lets Alice's account have an id of the present generation.
pub fn migrate(old: PersonId, new: PersonId) -> DispatchResult {
    let generation = OpenGeneration::get().unwrap_or_default();
    let payload = migrate_payload(generation, old, new, RealName::round(new));
    let by = RuntimeOrigin::signed(CONTROLLER_A);
    RealName::migrate(by, old, new, ALICE_WALLET.sign(&payload))
}

#[derive(Default)]
pub struct ExtBuilder {
    attested: bool,
    both: bool,
}

impl ExtBuilder {
    /// Begins with Alice attested by hospital A for a year.
    pub fn with_alice(mut self) -> Self {
        self.attested = true;
        self
    }

    /// Begins with Alice and Bob attested by hospital A for a year.
    pub fn with_both(mut self) -> Self {
        self.both = true;
        self.with_alice()
    }

    pub fn build(self) -> sp_io::TestExternalities {
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
        let mut ext = sp_io::TestExternalities::new(storage.expect("the default builds"));
        ext.register_extension(KeystoreExt::new(MemoryKeystore::new()));
        ext.execute_with(|| {
            ActiveRegions::set(vec![
                (JIANGSU, PAN_CENTRE_JIANGSU),
                (ZHEJIANG, PAN_CENTRE_ZHEJIANG),
            ]);
            PermittedInstitutions::set(vec![
                (hospital_a(), JIANGSU, CONTROLLER_A),
                (hospital_b(), JIANGSU, CONTROLLER_B),
                (hospital_z(), ZHEJIANG, CONTROLLER_Z),
            ]);
            AttestedCalls::set(Vec::new());
            ConsentsRefuse::set(false);
            Recovering::set(Vec::new());
            HeldUntil::set(Vec::new());
            OpenGeneration::set(Some(0));
            System::set_block_number(1);
            Timestamp::set_timestamp(START);
            if self.attested {
                attest(ALICE, ALICE_WALLET, attestation(ALICE_WALLET)).expect("attests");
            }
            if self.both {
                attest(BOB, BOB_WALLET, attestation(BOB_WALLET)).expect("attests");
            }
        });
        ext
    }

    /// Runs the test, then checks the invariants.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            RealName::do_try_state().expect("invariants hold");
        });
    }
}

/// For the benchmark suite.
#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
    ExtBuilder::default().build()
}
