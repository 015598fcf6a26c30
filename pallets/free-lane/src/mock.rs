//! A chain with this pallet alone; quotas come from a table.

use frame_support::{derive_impl, parameter_types};
use sp_runtime::{
    AccountId32, BuildStorage, traits::IdentityLookup, type_with_default::TypeWithDefault,
};

use crate::{self as pallet_free_lane, FirstNonce, FreeQuota, HOUR, Quota};

/// A person with 4 calls an hour: one recovers in 15 minutes.
pub const PATIENT: AccountId32 = AccountId32::new([1; 32]);
/// The same person's later account.
pub const NEW_PHONE: AccountId32 = AccountId32::new([0xa3; 32]);
/// An institution with 5,000 calls an hour.
pub const HOSPITAL: AccountId32 = AccountId32::new([2; 32]);
pub const STRANGER: AccountId32 = AccountId32::new([99; 32]);

pub const QUARTER: u64 = HOUR / 4;

/// When the chain of a test begins.
pub const START: u64 = 1_750_000_000_000;

parameter_types! {
    pub const MinAhead: u32 = 16;
    pub const SweepLimit: u32 = 10;
    pub static Quotas: Vec<(AccountId32, u32)> = vec![];
}

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        FreeLane: pallet_free_lane,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
    type Nonce = TypeWithDefault<u32, FirstNonce<Test>>;
    type OnKilledAccount = FreeLane;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

pub struct Table;

impl FreeQuota<AccountId32> for Table {
    fn of(who: &AccountId32) -> Option<Quota<AccountId32>> {
        let (_, hourly) = Quotas::get().into_iter().find(|(account, _)| account == who)?;
        let drawn_by = if *who == NEW_PHONE { PATIENT } else { who.clone() };
        Some(Quota { hourly, drawn_by })
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_quota(who: &AccountId32) {
        set_quota(who, Some(5_000));
    }
}

impl crate::Config for Test {
    type Clock = Timestamp;
    type Quota = Table;
    type MinAhead = MinAhead;
    type SweepLimit = SweepLimit;
    type WeightInfo = ();
}

pub fn set_quota(who: &AccountId32, quota: Option<u32>) {
    let mut quotas = Quotas::get();
    quotas.retain(|(account, _)| account != who);
    quotas.extend(quota.map(|quota| (who.clone(), quota)));
    Quotas::set(quotas);
}

/// Lets time pass.
pub fn advance(milliseconds: u64) {
    pallet_timestamp::Now::<Test>::mutate(|now| *now += milliseconds);
}

pub fn now() -> u64 {
    pallet_timestamp::Now::<Test>::get()
}

/// Builds a chain with the patient and the hospital registered.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
    pub fn build(self) -> sp_io::TestExternalities {
        Quotas::set(vec![(PATIENT, 4), (NEW_PHONE, 4), (HOSPITAL, 5_000)]);
        let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
        let mut ext = sp_io::TestExternalities::from(storage);
        ext.execute_with(|| {
            System::set_block_number(1);
            pallet_timestamp::Now::<Test>::put(START);
        });
        ext
    }

    pub fn build_and_execute<R>(self, test: impl FnOnce() -> R) -> R {
        self.build().execute_with(|| {
            let result = test();
            FreeLane::do_try_state().unwrap();
            result
        })
    }
}
