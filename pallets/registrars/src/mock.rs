//! A chain with this pallet alone; provinces answer from a table.

use frame_support::{derive_impl, ord_parameter_types, parameter_types, traits::ConstU64};
use frame_system::EnsureSignedBy;
use kanglian_primitives::{RegionCode, RegistrarKey, VaultKey};
use kanglian_traits::RegionInspect;
use sp_runtime::{AccountId32, BuildStorage, traits::IdentityLookup};

use crate::{self as pallet_registrars, GenesisRegistrar, Registrar, RegistrarSetOf, RegistrarUrl};

pub const BEIJING: RegionCode = RegionCode(110_000);
pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);
pub const SICHUAN: RegionCode = RegionCode(510_000);
/// Registered, but suspended.
pub const YUNNAN: RegionCode = RegionCode(530_000);

pub const STRANGER: AccountId32 = AccountId32::new([99; 32]);
pub const NETWORK_KEY: [u8; 32] = [0x11; 32];
pub const NOW: u64 = 1_767_225_600_000;

ord_parameter_types! {
    pub const CouncilTwoThirds: AccountId32 = AccountId32::new([201; 32]);
}

parameter_types! {
    pub const MaxRegistrars: u32 = 4;
    pub static Active: Vec<RegionCode> = vec![BEIJING, JIANGSU, ZHEJIANG, SICHUAN];
}

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Registrars: pallet_registrars,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

impl pallet_timestamp::Config for Test {
    type Moment = u64;
    type OnTimestampSet = ();
    type MinimumPeriod = ConstU64<1>;
    type WeightInfo = ();
}

pub struct Provinces;

impl RegionInspect<AccountId32> for Provinces {
    fn is_active(region: RegionCode) -> bool {
        Active::get().contains(&region)
    }
    fn region_of_pan_centre(_: &AccountId32) -> Option<RegionCode> {
        None
    }
    fn region_of_vault(_: &VaultKey) -> Option<RegionCode> {
        None
    }
    fn active_vaults() -> Vec<(RegionCode, VaultKey)> {
        Vec::new()
    }
    fn pan_centre(_: RegionCode) -> Option<AccountId32> {
        None
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for Provinces {
    fn active_regions(count: u32) -> Vec<RegionCode> {
        Active::get().into_iter().take(count as usize).collect()
    }
    fn set_time(now: u64) {
        Timestamp::set_timestamp(now);
    }
}

impl crate::Config for Test {
    type RegisterOrigin = EnsureSignedBy<CouncilTwoThirds, AccountId32>;
    type Regions = Provinces;
    type Clock = Timestamp;
    type MaxRegistrars = MaxRegistrars;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Provinces;
}

pub fn two_thirds() -> RuntimeOrigin {
    RuntimeOrigin::signed(CouncilTwoThirds::get())
}

/// The key of the registrar with a number.
pub fn key(number: u8) -> RegistrarKey {
    RegistrarKey([number; 32])
}

pub fn account(number: u8) -> AccountId32 {
    AccountId32::new([number; 32])
}

pub fn registrar(number: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(number))
}

pub fn url(text: &str) -> RegistrarUrl {
    RegistrarUrl::try_from(text.as_bytes().to_vec()).unwrap()
}

pub fn member(region: RegionCode, number: u8) -> Registrar {
    Registrar {
        region,
        signing_key: key(number),
        share_key: [number.wrapping_add(100); 32],
        url: url("http://127.0.0.1:8700"),
    }
}

/// Two of Beijing, Jiangsu and Zhejiang, of an epoch.
pub fn set(generation: u32, epoch: u32) -> RegistrarSetOf<Test> {
    let members = vec![member(BEIJING, 41), member(JIANGSU, 42), member(ZHEJIANG, 43)];
    RegistrarSetOf::<Test> {
        generation,
        epoch,
        threshold: 2,
        network_key: [NETWORK_KEY[0] + generation as u8; 32],
        members: members.try_into().unwrap(),
    }
}

/// A chain whose genesis has [`set`] of generation 0 and epoch 0.
#[derive(Default)]
pub struct ExtBuilder {
    empty: bool,
}

impl ExtBuilder {
    /// Without a set.
    pub fn empty(mut self) -> Self {
        self.empty = true;
        self
    }

    pub fn build(self) -> sp_io::TestExternalities {
        Active::set(vec![BEIJING, JIANGSU, ZHEJIANG, SICHUAN]);
        let members: Vec<GenesisRegistrar> = set(0, 0)
            .members
            .into_iter()
            .map(|one| {
                let url = String::from_utf8(one.url.into_inner()).unwrap();
                (one.region.0, one.signing_key, one.share_key, url)
            })
            .collect();
        let genesis = (!self.empty).then_some((2, NETWORK_KEY, members));
        let storage = RuntimeGenesisConfig {
            registrars: pallet_registrars::GenesisConfig { set: genesis, ..Default::default() },
            ..Default::default()
        }
        .build_storage()
        .unwrap();
        let mut ext = sp_io::TestExternalities::from(storage);
        ext.execute_with(|| {
            System::set_block_number(1);
            Timestamp::set_timestamp(NOW);
        });
        ext
    }

    pub fn build_and_execute<R>(self, test: impl FnOnce() -> R) -> R {
        self.build().execute_with(|| {
            let result = test();
            Registrars::do_try_state().unwrap();
            result
        })
    }
}
