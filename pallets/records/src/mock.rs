//! A runtime of this pallet alone; every question to others is answered from a table, and vaults
//! sign with real keys.

use std::collections::{BTreeMap, BTreeSet};

use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU64, Time},
};
use kanglian_primitives::{
    AccessQuery, Amount, Author, BusinessBlockId, BusinessBlockSet, Decision, EncryptionKey,
    Height, Instant, InstitutionId, KeyEpoch, PersonId, Receipt, RecordFacts, RecordId, Refusal,
    RegionCode, SchemaId, ShareClaim, TeamId, VaultKey, blocks,
    payloads::{self, ReceiptBody},
};
use kanglian_traits::{
    BlockInspect, BlockView, ConsentInspect, EnsurePerson, InstitutionInspect, InstitutionView,
    OnAttested, Payment, PersonInspect, PersonView, RegionInspect, RewardOnShare, Share,
};
use sp_core::{Pair, ed25519};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};

use crate as pallet_records;
use crate::Receipts;

pub type AccountId = u64;

pub const ALICE: AccountId = 1;
pub const BOB: AccountId = 2;
pub const HOSPITAL: AccountId = 3;
pub const CLINIC: AccountId = 4;
pub const STRANGER: AccountId = 9;

pub const PERSON_A: PersonId = PersonId([0xa1; 32]);
pub const PERSON_B: PersonId = PersonId([0xb1; 32]);

pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);
pub const FUJIAN: RegionCode = RegionCode(350_000);
pub const SICHUAN: RegionCode = RegionCode(510_000);
pub const REGIONS: [RegionCode; 4] = [JIANGSU, ZHEJIANG, FUJIAN, SICHUAN];

pub const CONDITION: SchemaId = SchemaId(1);
pub const OBSERVATION: SchemaId = SchemaId(2);
pub const PERSONAL_OBSERVATION: SchemaId = SchemaId(6_001);
pub const ARTICLE: SchemaId = SchemaId(4_001);

pub const NOW: Instant = 1_800_000_000_000;
pub const EPOCH: KeyEpoch = KeyEpoch(3);
pub const SIZE: u64 = 4_096;
pub const MAX_SIZE: u64 = 1 << 40;
pub const MAX_BATCH: u32 = 100_000;
/// What the mock pays for a share.
pub const PAID: Payment = Payment { subject: 40, author: 40, regions: 20 };

pub fn hospital() -> InstitutionId {
    InstitutionId::from_parts(320_000, 1)
}

pub fn clinic() -> InstitutionId {
    InstitutionId::from_parts(330_000, 2)
}

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Records: pallet_records,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

parameter_types! {
    pub const MinReceipts: u32 = 2;
    pub const MaxBatch: u32 = MAX_BATCH;
    /// Active regions and the keys of their vaults.
    pub static Vaults: BTreeMap<RegionCode, VaultKey> = BTreeMap::new();
    /// Permitted institutions by controller.
    pub static Permitted: BTreeMap<AccountId, InstitutionView<AccountId>> = BTreeMap::new();
    /// Valid persons.
    pub static Valid: BTreeMap<PersonId, PersonView<AccountId>> = BTreeMap::new();
    pub static Aliases: BTreeMap<PersonId, PersonId> = BTreeMap::new();
    pub static WriteConsents: BTreeSet<(PersonId, InstitutionId, BusinessBlockId)> =
        BTreeSet::new();
    pub static ScopeEpochs: BTreeMap<(PersonId, BusinessBlockId), KeyEpoch> = BTreeMap::new();
    pub static OpenBlocks: BTreeMap<BusinessBlockId, BlockView> = BTreeMap::new();
    pub static OpenSchemas: BTreeMap<SchemaId, BusinessBlockId> = BTreeMap::new();
    /// What shares paid: record, subject's account, author's account, regions, weight.
    pub static Rewards: Vec<(RecordId, AccountId, AccountId, Vec<RegionCode>, u32)> = Vec::new();
    pub static TakenBack: Vec<(AccountId, AccountId, Vec<RegionCode>, Payment)> = Vec::new();
    pub static RewardFails: bool = false;
}

pub struct Tables;

impl RegionInspect<AccountId> for Tables {
    fn is_active(region: RegionCode) -> bool {
        Vaults::get().contains_key(&region)
    }
    fn region_of_pan_centre(_: &AccountId) -> Option<RegionCode> {
        None
    }
    fn region_of_vault(_: &VaultKey) -> Option<RegionCode> {
        None
    }
    fn active_vaults() -> Vec<(RegionCode, VaultKey)> {
        Vaults::get().into_iter().collect()
    }
    fn pan_centre(_: RegionCode) -> Option<AccountId> {
        None
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_region(region: RegionCode, _: &AccountId, vault: VaultKey) {
        Vaults::mutate(|table| table.insert(region, vault));
    }
}

impl InstitutionInspect<AccountId> for Tables {
    fn acting(who: &AccountId, _: Instant) -> Option<InstitutionView<AccountId>> {
        Permitted::get().get(who).copied()
    }
    fn permitted(id: &InstitutionId, _: Instant) -> Option<InstitutionView<AccountId>> {
        Permitted::get().into_values().find(|view| view.id == *id)
    }
    fn is_practitioner(_: &AccountId, _: &InstitutionId, _: Instant) -> bool {
        false
    }
    fn is_team_member(_: &AccountId, _: &InstitutionId, _: TeamId, _: Instant) -> bool {
        false
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_institution(id: InstitutionId, region: RegionCode, controller: &AccountId) {
        permit(*controller, id, region);
    }
}

impl PersonInspect<AccountId> for Tables {
    fn acting(who: &AccountId, _: Instant) -> Option<PersonView<AccountId>> {
        Valid::get().into_values().find(|view| view.controller == *who)
    }
    fn valid(id: &PersonId, _: Instant) -> Option<PersonView<AccountId>> {
        Valid::get().get(id).copied()
    }
    fn speaks_for(who: &AccountId) -> Option<PersonId> {
        <Self as PersonInspect<AccountId>>::acting(who, 0).map(|view| view.id)
    }
    fn controller(id: &PersonId) -> Option<AccountId> {
        Valid::get().get(id).map(|view| view.controller)
    }
    fn canonical(id: &PersonId) -> PersonId {
        Aliases::get().get(id).copied().unwrap_or(*id)
    }
    fn aliases(id: &PersonId) -> Vec<PersonId> {
        let leads = |(alias, canonical): (PersonId, PersonId)| (canonical == *id).then_some(alias);
        Aliases::get().into_iter().filter_map(leads).collect()
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_person(id: PersonId, home_region: RegionCode, controller: &AccountId) {
        enrol(id, home_region, *controller);
    }
}

impl BlockInspect for Tables {
    fn block(id: BusinessBlockId) -> Option<BlockView> {
        OpenBlocks::get().get(&id).copied()
    }
    fn schema(id: SchemaId) -> Option<(BusinessBlockId, BlockView)> {
        let block = OpenSchemas::get().get(&id).copied()?;
        Self::block(block).map(|view| (block, view))
    }
    fn open_blocks() -> BusinessBlockSet {
        OpenBlocks::get().into_keys().collect()
    }
    fn restricted_blocks() -> BusinessBlockSet {
        BusinessBlockSet::EMPTY
    }
}

impl ConsentInspect<AccountId> for Tables {
    fn decide(_: &AccessQuery<AccountId>, _: &RecordFacts, _: Instant) -> Decision {
        Decision::Refused(Refusal::NoConsent)
    }
    fn may_write(
        person: &PersonId,
        institution: &InstitutionId,
        block: BusinessBlockId,
        _: Instant,
    ) -> bool {
        WriteConsents::get().contains(&(*person, *institution, block))
    }
    fn scope_epoch(person: &PersonId, block: BusinessBlockId) -> Option<KeyEpoch> {
        ScopeEpochs::get().get(&(*person, block)).copied()
    }
}

impl OnAttested for Tables {
    fn on_attested(
        person: PersonId,
        scope_keys: Vec<(BusinessBlockId, EncryptionKey)>,
        attester: InstitutionId,
        write_blocks: BusinessBlockSet,
        _: Instant,
    ) -> DispatchResult {
        for (block, _) in scope_keys {
            ScopeEpochs::mutate(|table| table.insert((person, block), KeyEpoch(0)));
        }
        for block in write_blocks.iter() {
            let_write(person, attester, block);
        }
        Ok(())
    }
}

impl RewardOnShare<AccountId> for Tables {
    fn reward(share: Share<'_, AccountId>) -> Result<Payment, DispatchError> {
        if RewardFails::get() {
            return Err(DispatchError::Other("reward"));
        }
        Rewards::mutate(|paid| {
            paid.push((
                share.record,
                *share.subject_account,
                *share.author_account,
                share.regions.to_vec(),
                share.weight,
            ))
        });
        Ok(PAID)
    }
    fn claw_back(
        subject: &AccountId,
        author: &AccountId,
        regions: &[RegionCode],
        paid: Payment,
    ) -> Result<Payment, DispatchError> {
        if RewardFails::get() {
            return Err(DispatchError::Other("claw back"));
        }
        TakenBack::mutate(|taken| taken.push((*subject, *author, regions.to_vec(), paid)));
        Ok(Payment { author: paid.author / 2, ..paid })
    }
}

impl pallet_records::Config for Test {
    type Regions = Tables;
    type Institutions = Tables;
    type People = Tables;
    type Blocks = Tables;
    type Consents = Tables;
    type Reward = Tables;
    type Clock = Timestamp;
    type PersonOrigin = EnsurePerson<Tables, Timestamp>;
    type MinReceipts = MinReceipts;
    type MaxSize = ConstU64<MAX_SIZE>;
    type MaxBatch = MaxBatch;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Tables;
}

pub fn permit(controller: AccountId, id: InstitutionId, region: RegionCode) {
    let blocks = BusinessBlockSet(u64::MAX);
    let view = InstitutionView { id, region, controller, blocks };
    Permitted::mutate(|table| table.insert(controller, view));
}

pub fn enrol(id: PersonId, home_region: RegionCode, controller: AccountId) {
    Valid::mutate(|table| table.insert(id, PersonView { id, controller, home_region }));
}

pub fn let_write(person: PersonId, institution: InstitutionId, block: BusinessBlockId) {
    WriteConsents::mutate(|table| table.insert((person, institution, block)));
}

pub fn open_block(id: BusinessBlockId, public: bool) {
    let view = BlockView { public, restricted: false, reward_weight: 150 };
    OpenBlocks::mutate(|table| table.insert(id, view));
}

pub fn suspend_region(region: RegionCode) {
    Vaults::mutate(|table| table.remove(&region));
}

/// The key with which a region's vault signs.
pub fn vault(region: RegionCode) -> ed25519::Pair {
    let mut seed = [1; 32];
    seed[..4].copy_from_slice(&region.0.to_le_bytes());
    ed25519::Pair::from_seed(&seed)
}

/// Four active regions, one hospital that may write into Alice's medical block, one clinic that may
/// not, and two persons at home in Jiangsu and Zhejiang.
pub struct ExtBuilder;

impl ExtBuilder {
    pub fn build(self) -> sp_io::TestExternalities {
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
        let mut ext = sp_io::TestExternalities::new(storage);
        let keystore = sp_keystore::testing::MemoryKeystore::new();
        ext.register_extension(sp_keystore::KeystoreExt::new(keystore));
        ext.execute_with(|| {
            System::set_block_number(1);
            Timestamp::set_timestamp(NOW);
            Vaults::set(REGIONS.map(|region| (region, VaultKey(vault(region).public().0))).into());
            permit(HOSPITAL, hospital(), JIANGSU);
            permit(CLINIC, clinic(), ZHEJIANG);
            enrol(PERSON_A, JIANGSU, ALICE);
            enrol(PERSON_B, ZHEJIANG, BOB);
            let_write(PERSON_A, hospital(), blocks::MEDICAL);
            for person in [PERSON_A, PERSON_B] {
                for block in [blocks::MEDICAL, blocks::PERSONAL, blocks::HEALTH_EDUCATION] {
                    ScopeEpochs::mutate(|table| table.insert((person, block), EPOCH));
                }
            }
            open_block(blocks::MEDICAL, false);
            open_block(blocks::PERSONAL, false);
            open_block(blocks::HEALTH_EDUCATION, true);
            OpenSchemas::set(
                [
                    (CONDITION, blocks::MEDICAL),
                    (OBSERVATION, blocks::MEDICAL),
                    (PERSONAL_OBSERVATION, blocks::PERSONAL),
                    (ARTICLE, blocks::HEALTH_EDUCATION),
                ]
                .into(),
            );
        });
        ext
    }

    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            Records::do_try_state().unwrap();
        });
    }
}

pub fn record(number: u8) -> RecordId {
    RecordId([number; 32])
}

pub fn genesis() -> [u8; 32] {
    System::block_hash(0).0
}

pub fn height() -> Height {
    u32::try_from(System::block_number()).unwrap()
}

/// A share about to be made. Receipts are signed over its facts when it is made, unless given.
#[derive(Clone, Debug)]
pub struct Draft {
    pub account: AccountId,
    pub author: Author,
    pub subject: PersonId,
    pub block: BusinessBlockId,
    pub schema: SchemaId,
    pub record: RecordId,
    pub size: u64,
    pub epoch: KeyEpoch,
    pub count: u32,
    pub regions: Vec<RegionCode>,
    pub expires_at: Height,
    pub receipts: Option<Vec<Receipt>>,
}

impl Draft {
    /// The hospital writes into Alice's medical block.
    pub fn hospital() -> Self {
        Self {
            account: HOSPITAL,
            author: Author::Institution(hospital()),
            subject: PERSON_A,
            block: blocks::MEDICAL,
            schema: CONDITION,
            record: record(1),
            size: SIZE,
            epoch: EPOCH,
            count: 1,
            regions: vec![JIANGSU, ZHEJIANG],
            expires_at: height() + 100,
            receipts: None,
        }
    }

    /// Alice writes into her own personal block.
    pub fn alice() -> Self {
        Self {
            account: ALICE,
            author: Author::Person(PERSON_A),
            block: blocks::PERSONAL,
            schema: PERSONAL_OBSERVATION,
            ..Self::hospital()
        }
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub fn body(&self, region: RegionCode) -> ReceiptBody {
        ReceiptBody {
            region,
            record: self.record,
            size: self.size,
            subject: self.subject,
            author: self.author,
            epoch: self.epoch,
            expires_at: self.expires_at,
        }
    }

    pub fn receipt(&self, region: RegionCode) -> Receipt {
        sign(&vault(region), &genesis(), &self.body(region))
    }

    pub fn receipts(&self) -> Receipts {
        let receipts = self
            .receipts
            .clone()
            .unwrap_or_else(|| self.regions.iter().map(|region| self.receipt(*region)).collect());
        receipts.try_into().unwrap()
    }

    pub fn claim(&self) -> ShareClaim {
        ShareClaim {
            record: self.record,
            size: self.size,
            subject: self.subject,
            author: self.author,
            block: self.block,
            epoch: self.epoch,
        }
    }

    pub fn share(&self) -> DispatchResult {
        Records::share(
            RuntimeOrigin::signed(self.account),
            self.subject,
            self.block,
            self.schema,
            self.record,
            self.size,
            self.epoch,
            self.receipts(),
        )
    }

    pub fn share_batch(&self) -> DispatchResult {
        Records::share_batch(
            RuntimeOrigin::signed(self.account),
            self.subject,
            self.block,
            self.schema,
            self.record,
            self.size,
            self.epoch,
            self.receipts(),
            self.count,
        )
    }

    pub fn supersede(&self, old: RecordId) -> DispatchResult {
        Records::supersede(
            RuntimeOrigin::signed(self.account),
            old,
            self.schema,
            self.record,
            self.size,
            self.epoch,
            self.receipts(),
        )
    }
}

pub fn sign(vault: &ed25519::Pair, genesis: &[u8; 32], body: &ReceiptBody) -> Receipt {
    let signature = vault.sign(&payloads::receipt(genesis, body)).0;
    Receipt { region: body.region, expires_at: body.expires_at, signature }
}

pub fn last_event() -> RuntimeEvent {
    System::events().pop().expect("an event was deposited").event
}

/// Payments made so far, whole.
pub fn paid() -> Amount {
    PAID.total() * Amount::try_from(Rewards::get().len()).unwrap()
}

/// The clock of the mock, as the pallet reads it.
pub fn now() -> Instant {
    <Timestamp as Time>::now()
}

/// The call fails with this error, stores nothing and pays nothing.
#[macro_export]
macro_rules! assert_refused {
    ($call:expr, $error:expr $(,)?) => {
        let paid = $crate::mock::paid();
        frame_support::assert_noop!($call, $error);
        assert_eq!($crate::mock::paid(), paid, "a refused call must not pay");
        assert!($crate::mock::TakenBack::get().is_empty(), "a refused call must not take back");
    };
}
