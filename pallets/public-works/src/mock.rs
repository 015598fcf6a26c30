//! A runtime of this pallet alone; every question to others is answered from a table, and vaults
//! sign with real keys.

use std::collections::{BTreeMap, BTreeSet};

use frame_support::{
    derive_impl,
    dispatch::DispatchResult,
    ensure, parameter_types,
    traits::{ConstU32, ConstU64},
};
use frame_system::EnsureSignedBy;
use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, Hash32, Height, Instant, InstitutionId, Receipt, RegionCode,
    SchemaId, TeamId, VaultKey, WorkId, blocks,
    payloads::{self, WorkReceiptBody},
};
use kanglian_traits::{
    BlockInspect, BlockView, EnsureInstitution, InstitutionInspect, InstitutionView, Payment,
    Publication, ReceiptCheck, ReceiptFault, RegionInspect, RewardOnPublish,
};
use sp_core::{Pair, ed25519};
use sp_runtime::{BuildStorage, DispatchError};

use crate as pallet_public_works;
use crate::Receipts;

pub type AccountId = u64;

pub const HOSPITAL: AccountId = 1;
pub const CLINIC: AccountId = 2;
/// Another site of the hospital.
pub const BRANCH: AccountId = 3;
pub const COLLEGE: AccountId = 4;
pub const REGULATOR: AccountId = 8;
pub const STRANGER: AccountId = 9;

pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);
pub const FUJIAN: RegionCode = RegionCode(350_000);

pub const CONDITION: SchemaId = SchemaId(1);
pub const ARTICLE: SchemaId = SchemaId(4_013);
pub const LIBRARY: SchemaId = SchemaId(4_024);
pub const KNOWLEDGE: SchemaId = SchemaId(5_013);

pub const NOW: Instant = 1_800_000_000_000;
pub const DAY: Instant = 86_400_000;
pub const SIZE: u64 = 4_096;
pub const MAX_SIZE: u64 = 1 << 28;
pub const MAX_PER_DAY: u32 = 4;
pub const MAX_REWARDED: u32 = 2;
pub const METADATA: Hash32 = [0x3e; 32];
/// What the mock pays for a work.
pub const PAID: Payment = Payment { subject: 0, author: 80, regions: 20 };

fn with_site(id: InstitutionId, site: u16) -> InstitutionId {
    format!("{}-{site}", id.code()).parse().unwrap()
}

pub fn hospital() -> InstitutionId {
    InstitutionId::from_parts(320_000, 1)
}
pub fn branch() -> InstitutionId {
    with_site(hospital(), 3)
}
pub fn clinic() -> InstitutionId {
    InstitutionId::from_parts(330_000, 2)
}
pub fn college() -> InstitutionId {
    InstitutionId::from_parts(350_000, 4)
}

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        PublicWorks: pallet_public_works,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

parameter_types! {
    /// Active regions and the keys of their vaults.
    pub static Vaults: BTreeMap<RegionCode, VaultKey> = BTreeMap::new();
    /// Permitted institutions by controller.
    pub static Permitted: BTreeMap<AccountId, InstitutionView<AccountId>> = BTreeMap::new();
    /// Works that were paid, with their author's account.
    pub static Rewards: Vec<(WorkId, AccountId, u32)> = Vec::new();
    /// What was taken back from whom.
    pub static TakenBack: Vec<(AccountId, Payment)> = Vec::new();
    pub static RewardFails: bool = false;
    /// Signatures are taken on trust: random sequences are about everything else.
    pub static Trusting: bool = false;
    pub static Retired: BTreeSet<SchemaId> = BTreeSet::new();
}

frame_support::ord_parameter_types! {
    pub const TheRegulator: AccountId = REGULATOR;
}

pub struct Tables;

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

impl BlockInspect for Tables {
    fn block(id: BusinessBlockId) -> Option<BlockView> {
        let public = match id {
            blocks::MEDICAL => false,
            blocks::HEALTH_EDUCATION | blocks::PUBLIC_KNOWLEDGE => true,
            _ => return None,
        };
        Some(BlockView { public, restricted: false, reward_weight: 50 })
    }
    fn schema(id: SchemaId) -> Option<(BusinessBlockId, BlockView)> {
        let block = match id {
            _ if Retired::get().contains(&id) => return None,
            CONDITION => blocks::MEDICAL,
            ARTICLE | LIBRARY => blocks::HEALTH_EDUCATION,
            KNOWLEDGE => blocks::PUBLIC_KNOWLEDGE,
            _ => return None,
        };
        Self::block(block).map(|view| (block, view))
    }
    fn open_blocks() -> BusinessBlockSet {
        BusinessBlockSet::EMPTY
    }
    fn restricted_blocks() -> BusinessBlockSet {
        BusinessBlockSet::EMPTY
    }
}

impl ReceiptCheck for Tables {
    fn check_receipts(
        receipts: &[Receipt],
        home: RegionCode,
        payload: &dyn Fn(&Hash32, &Receipt) -> Vec<u8>,
    ) -> Result<Vec<RegionCode>, ReceiptFault> {
        ensure!(receipts.len() >= 2, ReceiptFault::TooFew);
        ensure!(receipts.iter().all(|one| one.expires_at > height()), ReceiptFault::Expired);
        ensure!(receipts.iter().all(|one| one.expires_at <= 3_601), ReceiptFault::TooLong);
        let regions: BTreeSet<_> = receipts.iter().map(|receipt| receipt.region).collect();
        ensure!(regions.len() == receipts.len(), ReceiptFault::DuplicateRegion);
        for region in &regions {
            ensure!(Vaults::get().contains_key(region), ReceiptFault::RegionNotActive);
        }
        ensure!(regions.contains(&home), ReceiptFault::HomeMissing);
        for receipt in receipts.iter().filter(|_| !Trusting::get()) {
            let genuine = sp_io::crypto::ed25519_verify(
                &ed25519::Signature::from_raw(receipt.signature),
                &payload(&genesis(), receipt),
                &ed25519::Public::from_raw(Vaults::get()[&receipt.region].0),
            );
            ensure!(genuine, ReceiptFault::NotGenuine);
        }
        Ok(regions.into_iter().collect())
    }
}

impl RewardOnPublish<AccountId> for Tables {
    fn reward(publication: Publication<'_, AccountId>) -> Result<Payment, DispatchError> {
        ensure!(!RewardFails::get(), DispatchError::Other("reward"));
        let paid = (publication.work, *publication.author_account, publication.weight);
        Rewards::mutate(|all| all.push(paid));
        Ok(PAID)
    }
    fn claw_back(
        author: &AccountId,
        _: &[RegionCode],
        paid: Payment,
    ) -> Result<Payment, DispatchError> {
        ensure!(!RewardFails::get(), DispatchError::Other("claw back"));
        if paid.total() > 0 {
            TakenBack::mutate(|all| all.push((*author, paid)));
        }
        // The author has spent half of it.
        Ok(Payment { author: paid.author / 2, ..paid })
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for Tables {
    fn set_time(now: Instant) {
        set_now(now);
    }
}

impl pallet_public_works::Config for Test {
    type WeightInfo = ();
    type Clock = Timestamp;
    type Institutions = Tables;
    type Blocks = Tables;
    type Receipts = Tables;
    type Reward = Tables;
    type InstitutionOrigin = EnsureInstitution<Tables, Timestamp>;
    type RegulatorOrigin = EnsureSignedBy<TheRegulator, AccountId>;
    type MaxSize = ConstU64<MAX_SIZE>;
    type MaxEndorsements = ConstU32<2>;
    type MaxPerDay = ConstU32<MAX_PER_DAY>;
    type MaxRewardedPerDay = ConstU32<MAX_REWARDED>;
    #[cfg(feature = "runtime-benchmarks")]
    type Regions = Tables;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Tables;
}

pub fn permit(controller: AccountId, id: InstitutionId, region: RegionCode) {
    let blocks = BusinessBlockSet(u64::MAX);
    let view = InstitutionView { id, region, controller, blocks };
    Permitted::mutate(|table| table.insert(controller, view));
}

pub fn suspend(controller: AccountId) {
    Permitted::mutate(|table| table.remove(&controller));
}

pub fn set_now(now: Instant) {
    pallet_timestamp::Now::<Test>::put(now);
}

pub fn genesis() -> Hash32 {
    System::block_hash(0).0
}

pub fn height() -> Height {
    u32::try_from(System::block_number()).unwrap()
}

/// The key with which a region's vault signs.
pub fn vault(region: RegionCode) -> ed25519::Pair {
    let mut seed = [1; 32];
    seed[..4].copy_from_slice(&region.0.to_le_bytes());
    ed25519::Pair::from_seed(&seed)
}

/// Three active regions; a hospital with a branch, a clinic and a college.
pub struct ExtBuilder;

impl ExtBuilder {
    pub fn build(self) -> sp_io::TestExternalities {
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
        let mut ext = sp_io::TestExternalities::new(storage);
        let keystore = sp_keystore::testing::MemoryKeystore::new();
        ext.register_extension(sp_keystore::KeystoreExt::new(keystore));
        ext.execute_with(|| {
            System::set_block_number(1);
            set_now(NOW);
            Vaults::set(
                [JIANGSU, ZHEJIANG, FUJIAN]
                    .map(|region| (region, VaultKey(vault(region).public().0)))
                    .into(),
            );
            Permitted::take();
            Rewards::take();
            TakenBack::take();
            permit(HOSPITAL, hospital(), JIANGSU);
            permit(BRANCH, branch(), JIANGSU);
            permit(CLINIC, clinic(), ZHEJIANG);
            permit(COLLEGE, college(), FUJIAN);
        });
        ext
    }

    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            PublicWorks::do_try_state().unwrap();
        });
    }
}

pub fn work(number: u8) -> WorkId {
    WorkId([number; 32])
}

/// A publication about to be made. Receipts are signed over its facts when it is made, unless
/// given.
#[derive(Clone, Debug)]
pub struct Draft {
    pub account: AccountId,
    pub author: InstitutionId,
    pub work: WorkId,
    pub block: BusinessBlockId,
    pub schema: SchemaId,
    pub size: u64,
    pub metadata: Hash32,
    pub regions: Vec<RegionCode>,
    pub expires_at: Height,
    pub receipts: Option<Vec<Receipt>>,
}

impl Draft {
    /// The hospital publishes an article.
    pub fn hospital(number: u8) -> Self {
        Self {
            account: HOSPITAL,
            author: hospital(),
            work: work(number),
            block: blocks::HEALTH_EDUCATION,
            schema: ARTICLE,
            size: SIZE,
            metadata: METADATA,
            regions: vec![ZHEJIANG, JIANGSU],
            expires_at: height() + 100,
            receipts: None,
        }
    }

    /// The clinic does.
    pub fn clinic(number: u8) -> Self {
        Self { account: CLINIC, author: clinic(), ..Self::hospital(number) }
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub fn receipt(&self, region: RegionCode) -> Receipt {
        let body = WorkReceiptBody {
            region,
            work: self.work,
            size: self.size,
            metadata: self.metadata,
            author: self.author,
            expires_at: self.expires_at,
        };
        let signature = match Trusting::get() {
            true => [0; 64],
            false => vault(region).sign(&payloads::work_receipt(&genesis(), &body)).0,
        };
        Receipt { region, expires_at: self.expires_at, signature }
    }

    pub fn receipts(&self) -> Receipts {
        let signed = || self.regions.iter().map(|region| self.receipt(*region)).collect();
        self.receipts.clone().unwrap_or_else(signed).try_into().unwrap()
    }

    pub fn publish(&self) -> DispatchResult {
        PublicWorks::publish(
            RuntimeOrigin::signed(self.account),
            self.work,
            self.block,
            self.schema,
            self.size,
            self.metadata,
            self.receipts(),
        )
    }

    pub fn supersede(&self, old: WorkId) -> DispatchResult {
        PublicWorks::supersede(
            RuntimeOrigin::signed(self.account),
            old,
            self.work,
            self.schema,
            self.size,
            self.metadata,
            self.receipts(),
        )
    }
}
