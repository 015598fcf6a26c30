//! Health management: provinces, institutions, people, consents, records and the coin.

use frame_support::{
    PalletId, parameter_types,
    traits::{ConstU8, ConstU32, ConstU64, Get},
};
use kanglian_primitives::Instant;
use kanglian_traits::{
    EnsureController, EnsureInstitution, EnsurePanCentre, EnsurePerson, EnsureVault,
};

use super::acting::ActsForOthers;
use super::governance::{RootOrCouncilMajority, RootOrCouncilTwoThirds, dynamic_params::custody};
use crate::weights;
use crate::{
    Balances, BusinessBlocks, Consents, Guardianships, HealthCoin, Institutions, KeyCustody,
    RealName, Records, Regions, Registrars, Runtime, RuntimeCall, RuntimeFreezeReason, Signature,
    Timestamp,
};

#[cfg(feature = "runtime-benchmarks")]
/// Sets the time for benchmarks.
pub struct BenchmarkClock;
#[cfg(feature = "runtime-benchmarks")]
impl pallet_real_name::BenchmarkHelper for BenchmarkClock {
    fn set_time(now: Instant) {
        pallet_timestamp::Now::<Runtime>::put(now);
    }
}
#[cfg(feature = "runtime-benchmarks")]
impl pallet_key_custody::BenchmarkHelper for BenchmarkClock {
    fn set_time(now: Instant) {
        pallet_timestamp::Now::<Runtime>::put(now);
    }
}

type PanCentre = EnsurePanCentre<Regions>;
type InstitutionController = EnsureInstitution<Institutions, Timestamp>;
type Person = EnsurePerson<RealName, Timestamp>;

/// Most provinces: GB/T 2260 has 34 province-level divisions.
pub const MAX_REGIONS: u32 = 40;

const DAY_MS: Instant = 86_400_000;
const YEAR_MS: Instant = 365 * DAY_MS;

impl pallet_regions::Config for Runtime {
    type RegisterOrigin = RootOrCouncilTwoThirds;
    type SuspendOrigin = RootOrCouncilMajority;
    type PanCentreOrigin = PanCentre;
    type MaxRegions = ConstU32<MAX_REGIONS>;
    type WeightInfo = weights::pallet_regions::WeightInfo<Runtime>;
}

impl pallet_business_blocks::Config for Runtime {
    type AdminOrigin = RootOrCouncilMajority;
    type MaxRewardWeight = ConstU32<1_000>;
    type WeightInfo = weights::pallet_business_blocks::WeightInfo<Runtime>;
}

/// An alias's account may object to a link as long as an old key may to a recovery.
pub struct LinkDelay;
impl Get<Instant> for LinkDelay {
    fn get() -> Instant {
        KeyCustody::recovery_delay()
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_registrars::BenchmarkHelper for BenchmarkClock {
    fn active_regions(count: u32) -> alloc::vec::Vec<kanglian_primitives::RegionCode> {
        use kanglian_traits::RegionInspect;
        let region = |at: u32| {
            let code = kanglian_primitives::RegionCode(110_000 + 10_000 * at);
            let tag =
                |byte: u8| sp_io::hashing::blake2_256(&[&[byte], &at.to_le_bytes()[..]].concat());
            let vault = kanglian_primitives::VaultKey(tag(1));
            Regions::benchmark_set_region(code, &crate::AccountId::new(tag(2)), vault);
            code
        };
        (0..count).map(region).collect()
    }
    fn set_time(now: Instant) {
        pallet_timestamp::Now::<Runtime>::put(now);
    }
}

impl pallet_registrars::Config for Runtime {
    type RegisterOrigin = RootOrCouncilTwoThirds;
    type Regions = Regions;
    type Clock = Timestamp;
    // One a province.
    type MaxRegistrars = ConstU32<MAX_REGIONS>;
    type WeightInfo = weights::pallet_registrars::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = BenchmarkClock;
}

impl pallet_real_name::Config for Runtime {
    type InstitutionOrigin = InstitutionController;
    type PersonOrigin = Person;
    type PanCentreOrigin = PanCentre;
    type AdminOrigin = RootOrCouncilMajority;
    type ControllerOrigin = EnsureController<RealName>;
    type Generations = Registrars;
    type Regions = Regions;
    type Recoveries = KeyCustody;
    type Wards = Guardianships;
    type OnAttested = Consents;
    type Clock = Timestamp;
    type OffchainSignature = Signature;
    type OffchainPublic = sp_runtime::MultiSigner;
    type MaxValidity = ConstU64<{ 20 * YEAR_MS }>;
    type CloseGrace = ConstU64<{ YEAR_MS }>;
    type LinkDelay = LinkDelay;
    type LinkPeriod = ConstU64<{ 30 * DAY_MS }>;
    type WeightInfo = weights::pallet_real_name::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type Institutions = Institutions;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = BenchmarkClock;
}

impl pallet_consents::Config for Runtime {
    type WeightInfo = weights::pallet_consents::WeightInfo<Runtime>;
    type Clock = Timestamp;
    type People = RealName;
    type Institutions = Institutions;
    type Blocks = BusinessBlocks;
    type Emergencies = KeyCustody;
    type PersonOrigin = Person;
    type RevokeOrigin = EnsureController<RealName>;
    type VaultOrigin = EnsureVault<Regions>;
    type MaxTerm = ConstU64<{ 10 * YEAR_MS }>;
    type MaxTermsPerGrantee = ConstU32<16>;
    #[cfg(feature = "runtime-benchmarks")]
    type Regions = Regions;
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_access_codes::BenchmarkHelper for BenchmarkClock {
    fn set_time(now: Instant) {
        pallet_timestamp::Now::<Runtime>::put(now);
    }
}

impl pallet_access_codes::Config for Runtime {
    type WeightInfo = weights::pallet_access_codes::WeightInfo<Runtime>;
    type Clock = Timestamp;
    type People = RealName;
    type Terms = Consents;
    type PersonOrigin = Person;
    type RevokeOrigin = EnsureController<RealName>;
    type MaxOpenCodes = ConstU32<16>;
    type MaxLife = ConstU64<{ 90 * DAY_MS }>;
    type MaxSignatureLife = ConstU64<{ 10 * 60_000 }>;
    type Grace = ConstU64<DAY_MS>;
    #[cfg(feature = "runtime-benchmarks")]
    type Regions = Regions;
    #[cfg(feature = "runtime-benchmarks")]
    type Institutions = Institutions;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = BenchmarkClock;
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_referrals::BenchmarkHelper for BenchmarkClock {
    fn set_time(now: Instant) {
        pallet_timestamp::Now::<Runtime>::put(now);
    }
}

impl pallet_referrals::Config for Runtime {
    type WeightInfo = weights::pallet_referrals::WeightInfo<Runtime>;
    type Clock = Timestamp;
    type People = RealName;
    type Terms = Consents;
    type Records = Records;
    type PersonOrigin = Person;
    type RevokeOrigin = EnsureController<RealName>;
    type MaxOpenReferrals = ConstU32<32>;
    type Grace = ConstU64<{ 30 * DAY_MS }>;
    #[cfg(feature = "runtime-benchmarks")]
    type Regions = Regions;
    #[cfg(feature = "runtime-benchmarks")]
    type Institutions = Institutions;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = BenchmarkClock;
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_public_works::BenchmarkHelper for BenchmarkClock {
    fn set_time(now: Instant) {
        pallet_timestamp::Now::<Runtime>::put(now);
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_guardianships::BenchmarkHelper<RuntimeCall> for BenchmarkClock {
    fn set_time(now: Instant) {
        pallet_timestamp::Now::<Runtime>::put(now);
    }
    fn call_for_others() -> RuntimeCall {
        RuntimeCall::Consents(pallet_consents::Call::revoke {
            grantee: kanglian_primitives::Grantee::Person(kanglian_primitives::PersonId([1; 32])),
            id: kanglian_primitives::TermsId(1),
        })
    }
}

impl pallet_guardianships::Config for Runtime {
    type WeightInfo = weights::pallet_guardianships::WeightInfo<Runtime>;
    type RuntimeCall = RuntimeCall;
    type Acts = ActsForOthers;
    type InstitutionOrigin = InstitutionController;
    type PersonOrigin = Person;
    type RevokeOrigin = EnsureController<RealName>;
    type PanCentreOrigin = PanCentre;
    type AdminOrigin = RootOrCouncilMajority;
    type People = RealName;
    type Recoveries = KeyCustody;
    type Terms = Consents;
    type Clock = Timestamp;
    type OffchainSignature = Signature;
    type OffchainPublic = sp_runtime::MultiSigner;
    type MaxGuardianTerm = ConstU64<{ 20 * YEAR_MS }>;
    type MaxProxyTerm = ConstU64<{ 5 * YEAR_MS }>;
    #[cfg(feature = "runtime-benchmarks")]
    type Regions = Regions;
    #[cfg(feature = "runtime-benchmarks")]
    type Institutions = Institutions;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = BenchmarkClock;
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_corrections::BenchmarkHelper for BenchmarkClock {
    fn set_time(now: Instant) {
        pallet_timestamp::Now::<Runtime>::put(now);
    }
}

/// Public works of 256 MiB at most.
const MAX_WORK_SIZE: u64 = 256 << 20;

impl pallet_public_works::Config for Runtime {
    type WeightInfo = weights::pallet_public_works::WeightInfo<Runtime>;
    type Clock = Timestamp;
    type Institutions = Institutions;
    type Blocks = BusinessBlocks;
    type Receipts = Records;
    type Reward = HealthCoin;
    type InstitutionOrigin = InstitutionController;
    type RegulatorOrigin = pallet_mandates::EnsureRegulator<Runtime>;
    type MaxSize = ConstU64<MAX_WORK_SIZE>;
    type MaxEndorsements = ConstU32<64>;
    type MaxPerDay = ConstU32<100>;
    type MaxRewardedPerDay = ConstU32<10>;
    #[cfg(feature = "runtime-benchmarks")]
    type Regions = Regions;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = BenchmarkClock;
}

impl pallet_corrections::Config for Runtime {
    type WeightInfo = weights::pallet_corrections::WeightInfo<Runtime>;
    type Clock = Timestamp;
    type Records = Records;
    type Institutions = Institutions;
    type PersonOrigin = Person;
    type RevokeOrigin = EnsureController<RealName>;
    type InstitutionOrigin = InstitutionController;
    type PanCentreOrigin = PanCentre;
    type DecidePeriod = ConstU64<{ 30 * DAY_MS }>;
    type MaxOpen = ConstU32<32>;
    type Grace = ConstU64<{ 90 * DAY_MS }>;
    #[cfg(feature = "runtime-benchmarks")]
    type People = RealName;
    #[cfg(feature = "runtime-benchmarks")]
    type Regions = Regions;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = BenchmarkClock;
}

parameter_types! {
    pub const PotId: PalletId = PalletId(*b"kl/hmcpt");
}

impl pallet_health_coin::Config for Runtime {
    type Currency = Balances;
    type Regions = Regions;
    type AdminOrigin = RootOrCouncilTwoThirds;
    type PalletId = PotId;
    type MaxRegions = ConstU32<MAX_REGIONS>;
    type WeightInfo = weights::pallet_health_coin::WeightInfo<Runtime>;
}

/// Records of one tebibyte at most.
const MAX_RECORD_SIZE: u64 = 1 << 40;

impl pallet_records::Config for Runtime {
    type Regions = Regions;
    type Institutions = Institutions;
    type People = RealName;
    type Blocks = BusinessBlocks;
    type Consents = Consents;
    type Reward = HealthCoin;
    type Clock = Timestamp;
    type PersonOrigin = Person;
    type MinReceipts = ConstU32<2>;
    type MaxSize = ConstU64<MAX_RECORD_SIZE>;
    type MaxBatch = ConstU32<1_000_000>;
    type WeightInfo = weights::pallet_records::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Consents;
}

impl pallet_institutions::Config for Runtime {
    type PanCentreOrigin = PanCentre;
    type PermitOrigin = RootOrCouncilMajority;
    type InstitutionOrigin = InstitutionController;
    type Regions = Regions;
    type People = RealName;
    type Blocks = BusinessBlocks;
    type Clock = Timestamp;
    type MaxBatch = ConstU32<64>;
    type MaxTeamMembers = ConstU32<64>;
    type WeightInfo = weights::pallet_institutions::WeightInfo<Runtime>;
}

impl pallet_key_custody::Config for Runtime {
    type PanCentreOrigin = PanCentre;
    type PersonOrigin = Person;
    type ControllerOrigin = EnsureController<RealName>;
    type InstitutionOrigin = InstitutionController;
    type AdminOrigin = RootOrCouncilMajority;
    type Regions = Regions;
    type People = RealName;
    type Institutions = Institutions;
    type Currency = Balances;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type Clock = Timestamp;
    type OffchainSignature = Signature;
    type OffchainPublic = sp_runtime::MultiSigner;
    type RecoveryDelay = custody::RecoveryDelay;
    type LeastRecoveryDelay = ConstU64<DAY_MS>;
    type RecoveryBar = custody::RecoveryBar;
    type RecoveryPeriod = ConstU64<{ 30 * DAY_MS }>;
    type CoolDown = ConstU64<{ 30 * DAY_MS }>;
    type MaxPendingRecoveries = ConstU32<16>;
    type MaxEmergencyHours = ConstU8<4>;
    type MaxOpenEmergencies = ConstU32<3>;
    type ReviewPeriod = ConstU64<{ 7 * DAY_MS }>;
    type Retention = ConstU64<YEAR_MS>;
    type MaxRegions = ConstU32<MAX_REGIONS>;
    type WeightInfo = weights::pallet_key_custody::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = BenchmarkClock;
}
