//! A chain with this pallet alone.

use frame_support::{derive_impl, ord_parameter_types, parameter_types};
use frame_system::EnsureSignedBy;
use kanglian_primitives::{EncryptionKey, RegionCode, VaultKey};
use kanglian_traits::EnsurePanCentre;
use sp_runtime::{AccountId32, BuildStorage, traits::IdentityLookup};

use crate::{self as pallet_regions, RegionName, VaultUrl};

pub const BEIJING: RegionCode = RegionCode(110_000);
pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const SICHUAN: RegionCode = RegionCode(510_000);
pub const YUNNAN: RegionCode = RegionCode(530_000);

pub const BEIJING_CENTRE: AccountId32 = AccountId32::new([11; 32]);
pub const JIANGSU_CENTRE: AccountId32 = AccountId32::new([32; 32]);
pub const NEW_CENTRE: AccountId32 = AccountId32::new([33; 32]);
pub const STRANGER: AccountId32 = AccountId32::new([99; 32]);

pub const BEIJING_VAULT: VaultKey = VaultKey([0xb1; 32]);
pub const JIANGSU_VAULT: VaultKey = VaultKey([0xb2; 32]);
pub const NEW_VAULT: VaultKey = VaultKey([0xb3; 32]);

pub const CUSTODIAN: EncryptionKey = EncryptionKey::x25519([9; 32]);

ord_parameter_types! {
    pub const CouncilTwoThirds: AccountId32 = AccountId32::new([201; 32]);
    pub const CouncilMajority: AccountId32 = AccountId32::new([202; 32]);
}

parameter_types! {
    pub const MaxRegions: u32 = 3;
}

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Regions: pallet_regions,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

impl crate::Config for Test {
    type RegisterOrigin = EnsureSignedBy<CouncilTwoThirds, AccountId32>;
    type SuspendOrigin = EnsureSignedBy<CouncilMajority, AccountId32>;
    type PanCentreOrigin = EnsurePanCentre<Regions>;
    type MaxRegions = MaxRegions;
    type WeightInfo = ();
}

pub fn two_thirds() -> RuntimeOrigin {
    RuntimeOrigin::signed(CouncilTwoThirds::get())
}

pub fn majority() -> RuntimeOrigin {
    RuntimeOrigin::signed(CouncilMajority::get())
}

pub fn signed(who: AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

pub fn name(text: &str) -> RegionName {
    RegionName::try_from(text.as_bytes().to_vec()).unwrap()
}

pub fn url(text: &str) -> VaultUrl {
    VaultUrl::try_from(text.as_bytes().to_vec()).unwrap()
}

/// Builds a chain with Beijing and Jiangsu, or with the regions given.
pub struct ExtBuilder {
    regions: Vec<(u32, String, AccountId32, EncryptionKey, VaultKey, String)>,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self {
            regions: vec![
                (
                    BEIJING.0,
                    "北京".into(),
                    BEIJING_CENTRE,
                    CUSTODIAN,
                    BEIJING_VAULT,
                    "https://vault.beijing.example".into(),
                ),
                (
                    JIANGSU.0,
                    "江苏".into(),
                    JIANGSU_CENTRE,
                    CUSTODIAN,
                    JIANGSU_VAULT,
                    "http://127.0.0.1:8601".into(),
                ),
            ],
        }
    }
}

impl ExtBuilder {
    pub fn regions(
        mut self,
        regions: Vec<(u32, String, AccountId32, EncryptionKey, VaultKey, String)>,
    ) -> Self {
        self.regions = regions;
        self
    }

    pub fn build(self) -> sp_io::TestExternalities {
        let storage = RuntimeGenesisConfig {
            regions: pallet_regions::GenesisConfig { regions: self.regions },
            ..Default::default()
        }
        .build_storage()
        .unwrap();
        let mut ext = sp_io::TestExternalities::from(storage);
        ext.execute_with(|| System::set_block_number(1));
        ext
    }

    pub fn build_and_execute<R>(self, test: impl FnOnce() -> R) -> R {
        self.build().execute_with(|| {
            let result = test();
            Regions::do_try_state().unwrap();
            result
        })
    }
}
