//! A chain with this pallet alone; regions and session keys answer from tables.

use codec::Encode;
use frame_support::{derive_impl, ord_parameter_types, parameter_types};
use frame_system::EnsureSignedBy;
use kanglian_primitives::{RegionCode, VaultKey};
use kanglian_traits::RegionInspect;
use sp_core::{Pair, sr25519};
use sp_runtime::{
    AccountId32, BuildStorage, Digest, DigestItem,
    traits::{Header as _, IdentityLookup},
};

use crate::{self as pallet_authorities, AuraKey, SessionKeys, Slot, evidence::AURA_ENGINE_ID};

pub type Header = frame_system::pallet_prelude::HeaderFor<Test>;

pub const BEIJING: RegionCode = RegionCode(110_000);
pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const SICHUAN: RegionCode = RegionCode(510_000);
pub const YUNNAN: RegionCode = RegionCode(530_000);

pub const ALICE: AccountId32 = AccountId32::new([1; 32]);
pub const BOB: AccountId32 = AccountId32::new([2; 32]);
pub const CAROL: AccountId32 = AccountId32::new([3; 32]);
pub const DAVE: AccountId32 = AccountId32::new([4; 32]);
pub const ERIN: AccountId32 = AccountId32::new([5; 32]);
pub const STRANGER: AccountId32 = AccountId32::new([99; 32]);

ord_parameter_types! {
    pub const CouncilTwoThirds: AccountId32 = AccountId32::new([201; 32]);
}

parameter_types! {
    pub const MaxAuthorities: u32 = 8;
    pub const MaxHeaderSize: u32 = 1_024;
    pub static CurrentSlot: Slot = 1_000;
    pub static SuspendedRegions: Vec<RegionCode> = vec![];
    pub static WithoutKeys: Vec<AccountId32> = vec![];
    pub static Authors: Vec<(AccountId32, AuraKey)> = vec![];
}

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Authorities: pallet_authorities,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

/// Every region is active unless the table says that it is suspended.
pub struct Regions;

impl RegionInspect<AccountId32> for Regions {
    fn is_active(region: RegionCode) -> bool {
        !SuspendedRegions::get().contains(&region)
    }
    fn region_of_pan_centre(_: &AccountId32) -> Option<RegionCode> {
        None
    }
    fn region_of_vault(_: &VaultKey) -> Option<RegionCode> {
        None
    }
    fn active_vaults() -> Vec<(RegionCode, VaultKey)> {
        vec![]
    }
    fn pan_centre(_: RegionCode) -> Option<AccountId32> {
        None
    }
}

/// Everybody has session keys unless the table says otherwise.
pub struct Keys;

impl SessionKeys<AccountId32> for Keys {
    fn registered(who: &AccountId32) -> bool {
        !WithoutKeys::get().contains(who)
    }
    fn authors() -> Vec<(AccountId32, AuraKey)> {
        Authors::get()
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_authors(authors: Vec<(AccountId32, AuraKey)>) {
        Authors::set(authors);
    }
}

impl crate::Config for Test {
    type GovernanceOrigin = EnsureSignedBy<CouncilTwoThirds, AccountId32>;
    type Regions = Regions;
    type Keys = Keys;
    type CurrentSlot = CurrentSlot;
    type MaxAuthorities = MaxAuthorities;
    type MaxHeaderSize = MaxHeaderSize;
    type WeightInfo = ();
}

pub fn council() -> RuntimeOrigin {
    RuntimeOrigin::signed(CouncilTwoThirds::get())
}

pub fn signed(who: AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// The Aura pair of an account.
pub fn pair(who: &AccountId32) -> sr25519::Pair {
    sr25519::Pair::from_seed(who.as_ref())
}

/// A header of the slot, without a seal; the tag makes it differ from others.
pub fn unsealed(slot: Slot, tag: u32) -> Header {
    let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())] };
    Header::new(tag, Default::default(), Default::default(), Default::default(), digest)
}

/// Ends the header in the account's seal.
pub fn seal(mut header: Header, who: &AccountId32) -> Box<Header> {
    let signature = pair(who).sign(header.hash().as_ref());
    header.digest_mut().push(DigestItem::Seal(AURA_ENGINE_ID, signature.encode()));
    Box::new(header)
}

/// A header of the slot, sealed by the account.
pub fn sealed(who: &AccountId32, slot: Slot, tag: u32) -> Box<Header> {
    seal(unsealed(slot, tag), who)
}

/// Builds a chain with four authorities of four provinces, or with those given.
pub struct ExtBuilder {
    authorities: Vec<(AccountId32, u32)>,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self {
            authorities: vec![
                (ALICE, BEIJING.0),
                (BOB, JIANGSU.0),
                (CAROL, SICHUAN.0),
                (DAVE, YUNNAN.0),
            ],
        }
    }
}

impl ExtBuilder {
    pub fn authorities(mut self, authorities: Vec<(AccountId32, RegionCode)>) -> Self {
        self.authorities =
            authorities.into_iter().map(|(account, region)| (account, region.0)).collect();
        self
    }

    pub fn build(self) -> sp_io::TestExternalities {
        CurrentSlot::set(1_000);
        SuspendedRegions::set(vec![]);
        WithoutKeys::set(vec![]);
        Authors::set(
            [ALICE, BOB, CAROL, DAVE].map(|who| (who.clone(), pair(&who).public())).to_vec(),
        );
        let storage = RuntimeGenesisConfig {
            authorities: pallet_authorities::GenesisConfig { authorities: self.authorities },
            ..Default::default()
        }
        .build_storage()
        .unwrap();
        let mut ext = sp_io::TestExternalities::from(storage);
        ext.register_extension(sp_keystore::KeystoreExt::new(
            sp_keystore::testing::MemoryKeystore::new(),
        ));
        ext.execute_with(|| System::set_block_number(1));
        ext
    }

    pub fn build_and_execute<R>(self, test: impl FnOnce() -> R) -> R {
        self.build().execute_with(|| {
            let result = test();
            Authorities::do_try_state().unwrap();
            result
        })
    }
}
