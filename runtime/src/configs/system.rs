//! System, time and the tools around calls.

use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    parameter_types,
    traits::{
        ConstU8, ConstU32, ConstU64, Contains, EnsureOrigin, EqualPrivilegeOnly, InsideBoth,
        LinearStoragePrice, fungible::HoldConsideration,
    },
    weights::{RuntimeDbWeight, Weight},
};
use frame_system::limits::{BlockLength, BlockWeights};
use pallet_tx_pause::RuntimeCallNameOf;
use sp_version::RuntimeVersion;

use super::{
    fees::TransferPolicyFilter,
    governance::{ProxyType, RootOrCouncilMajority, RootOrCouncilTwoThirds},
};
use crate::weights;
use crate::{
    AccountId, Aura, Balance, Balances, Block, BlockNumber, FreeLane, Hash, OriginCaller,
    PalletInfo, Preimage, Runtime, RuntimeCall, RuntimeEvent, RuntimeHoldReason, RuntimeOrigin,
    RuntimeTask, SS58_PREFIX, SafeMode, StoredNonce, System, TxPause, VERSION,
    constants::{
        block,
        money::{MILLI_HMC, PREIMAGE_BASE, PREIMAGE_BYTE},
        time,
    },
    migrations,
};

parameter_types! {
    pub const Version: RuntimeVersion = VERSION;
    pub const BlockHashCount: BlockNumber = time::BLOCK_HASH_COUNT;
    pub const Ss58Prefix: u16 = SS58_PREFIX;
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
        .base_block(block::BASE)
        .for_class(DispatchClass::all(), |class| class.base_extrinsic = block::EXTRINSIC_BASE)
        .for_class(DispatchClass::Normal, |class| {
            class.max_total = Some(block::NORMAL_RATIO * block::MAX_WEIGHT);
        })
        .for_class(DispatchClass::Operational, |class| {
            class.max_total = Some(block::MAX_WEIGHT);
            // What normal calls leave is theirs in any case.
            class.reserved = Some(block::MAX_WEIGHT - block::NORMAL_RATIO * block::MAX_WEIGHT);
        })
        .avg_block_initialization(block::INITIALISATION)
        .build_or_panic();
    pub const DbWeight: RuntimeDbWeight = block::STORAGE_COST;
    pub RuntimeBlockLength: BlockLength =
        BlockLength::builder()
        .max_length(block::MAX_LENGTH)
        .modify_max_length_for_class(DispatchClass::Normal, |length| {
            *length = block::NORMAL_RATIO * block::MAX_LENGTH;
        })
        .build();
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BaseCallFilter = InsideBoth<InsideBoth<SafeMode, TxPause>, TransferPolicyFilter>;
    type Block = Block;
    type BlockWeights = RuntimeBlockWeights;
    type DbWeight = DbWeight;
    type SystemWeightInfo = weights::frame_system::WeightInfo<Runtime>;
    type ExtensionsWeightInfo = weights::frame_system_extensions::WeightInfo<Runtime>;
    type BlockLength = RuntimeBlockLength;
    type AccountId = AccountId;
    type Nonce = StoredNonce;
    type OnKilledAccount = FreeLane;
    type Hash = Hash;
    type BlockHashCount = BlockHashCount;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type SS58Prefix = Ss58Prefix;
    type MaxConsumers = ConstU32<64>;
    type SingleBlockMigrations = migrations::SingleBlockMigrations;
    type MultiBlockMigrator = crate::MultiBlockMigrations;
}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    type MinimumPeriod = ConstU64<{ time::SLOT_MS / 2 }>;
    type WeightInfo = weights::pallet_timestamp::WeightInfo<Runtime>;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = weights::pallet_utility::WeightInfo<Runtime>;
}

parameter_types! {
    pub const DepositBase: Balance = 20 * MILLI_HMC;
    pub const DepositFactor: Balance = 2 * MILLI_HMC;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = DepositBase;
    type DepositFactor = DepositFactor;
    type MaxSignatories = ConstU32<40>;
    type WeightInfo = weights::pallet_multisig::WeightInfo<Runtime>;
    type BlockNumberProvider = System;
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = DepositBase;
    type ProxyDepositFactor = DepositFactor;
    type MaxProxies = ConstU32<16>;
    type WeightInfo = weights::pallet_proxy::WeightInfo<Runtime>;
    type MaxPending = ConstU32<16>;
    type CallHasher = sp_runtime::traits::BlakeTwo256;
    type AnnouncementDepositBase = DepositBase;
    type AnnouncementDepositFactor = DepositFactor;
    type BlockNumberProvider = System;
}

parameter_types! {
    pub const PreimageBase: Balance = PREIMAGE_BASE;
    pub const PreimageByte: Balance = PREIMAGE_BYTE;
    pub const PreimageHold: RuntimeHoldReason =
        RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
}

impl pallet_preimage::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = weights::pallet_preimage::WeightInfo<Runtime>;
    type Currency = Balances;
    type ManagerOrigin = RootOrCouncilMajority;
    type Consideration = HoldConsideration<
        AccountId,
        Balances,
        PreimageHold,
        LinearStoragePrice<PreimageBase, PreimageByte, Balance>,
    >;
}

parameter_types! {
    pub MaximumSchedulerWeight: Weight = block::NORMAL_RATIO * block::MAX_WEIGHT;
}

impl pallet_scheduler::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type PalletsOrigin = OriginCaller;
    type RuntimeCall = RuntimeCall;
    type MaximumWeight = MaximumSchedulerWeight;
    type ScheduleOrigin = RootOrCouncilTwoThirds;
    type OriginPrivilegeCmp = EqualPrivilegeOnly;
    type MaxScheduledPerBlock = ConstU32<50>;
    type WeightInfo = weights::pallet_scheduler::WeightInfo<Runtime>;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

/// What no vote pauses: blocks need it, governance undoes a pause with it, or it takes rights away
/// from readers and offenders only, or works that do harm from everybody.
pub struct NeverPaused;
impl Contains<RuntimeCallNameOf<Runtime>> for NeverPaused {
    fn contains(name: &RuntimeCallNameOf<Runtime>) -> bool {
        let (pallet, call) = (name.0.as_slice(), name.1.as_slice());
        match pallet {
            b"Timestamp" | b"Grandpa" | b"Council" | b"Mandates" | b"TxPause" | b"SafeMode" => true,
            b"Consents" => {
                matches!(call, b"revoke" | b"revoke_linked" | b"renounce" | b"anchor_access_log")
            },
            b"RealName" => call == b"refuse_link",
            b"Registrars" => matches!(call, b"anchor_evaluation_log" | b"declare_compromised"),
            b"KeyCustody" => {
                matches!(call, b"veto_recovery" | b"dismiss_recovery" | b"close_emergency")
            },
            b"AccessCodes" => call == b"cancel_code",
            b"Referrals" => matches!(call, b"close" | b"close_own"),
            b"PublicWorks" => matches!(call, b"retract" | b"take_down"),
            b"Guardianships" => {
                matches!(call, b"end_guardianship" | b"revoke_proxy" | b"renounce_proxy")
            },
            b"Authorities" => call == b"report_double_block",
            b"System" => call == b"apply_authorized_upgrade",
            _ => false,
        }
    }
}

impl pallet_tx_pause::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PauseOrigin = RootOrCouncilTwoThirds;
    type UnpauseOrigin = RootOrCouncilMajority;
    type WhitelistedCalls = NeverPaused;
    type MaxNameLen = ConstU32<256>;
    type WeightInfo = weights::pallet_tx_pause::WeightInfo<Runtime>;
}

/// Two thirds of the council put the chain into safe mode for an hour.
pub struct ForAnHour;
impl EnsureOrigin<RuntimeOrigin> for ForAnHour {
    type Success = BlockNumber;
    fn try_origin(o: RuntimeOrigin) -> Result<BlockNumber, RuntimeOrigin> {
        <RootOrCouncilTwoThirds as EnsureOrigin<_>>::try_origin(o).map(|_| time::HOURS)
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
        Ok(RuntimeOrigin::root())
    }
}

/// What stays open in safe mode: consensus, governance, a person's right to withdraw consent and to
/// contest a recovery, emergencies, and the end of works that do harm.
pub struct SafeModeWhitelist;
impl Contains<RuntimeCall> for SafeModeWhitelist {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(
            call,
            RuntimeCall::System(_)
                | RuntimeCall::Timestamp(_)
                | RuntimeCall::Grandpa(_)
                | RuntimeCall::Council(_)
                | RuntimeCall::CouncilMembership(_)
                | RuntimeCall::Mandates(_)
                | RuntimeCall::Regions(_)
                | RuntimeCall::Authorities(_)
                | RuntimeCall::SafeMode(_)
                | RuntimeCall::TxPause(_)
                | RuntimeCall::Consents(
                    pallet_consents::Call::revoke { .. }
                        | pallet_consents::Call::revoke_linked { .. }
                        | pallet_consents::Call::renounce { .. }
                        | pallet_consents::Call::anchor_access_log { .. }
                )
                | RuntimeCall::KeyCustody(
                    pallet_key_custody::Call::veto_recovery { .. }
                        | pallet_key_custody::Call::dismiss_recovery { .. }
                        | pallet_key_custody::Call::open_emergency { .. }
                        | pallet_key_custody::Call::hand_over { .. }
                        | pallet_key_custody::Call::close_emergency { .. }
                )
                | RuntimeCall::RealName(pallet_real_name::Call::refuse_link { .. })
                | RuntimeCall::Registrars(
                    pallet_registrars::Call::anchor_evaluation_log { .. }
                        | pallet_registrars::Call::declare_compromised { .. }
                )
                | RuntimeCall::AccessCodes(pallet_access_codes::Call::cancel_code { .. })
                | RuntimeCall::Referrals(
                    pallet_referrals::Call::close { .. } | pallet_referrals::Call::close_own { .. }
                )
                | RuntimeCall::PublicWorks(
                    pallet_public_works::Call::retract { .. }
                        | pallet_public_works::Call::take_down { .. }
                )
                | RuntimeCall::Guardianships(
                    pallet_guardianships::Call::end_guardianship { .. }
                        | pallet_guardianships::Call::revoke_proxy { .. }
                        | pallet_guardianships::Call::renounce_proxy { .. }
                )
        )
    }
}

parameter_types! {
    pub const SafeModeDuration: BlockNumber = time::HOURS;
    pub const NoDeposit: Option<Balance> = None;
    pub const NoDelay: Option<BlockNumber> = None;
}

impl pallet_safe_mode::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WhitelistedCalls = SafeModeWhitelist;
    type EnterDuration = SafeModeDuration;
    type ExtendDuration = SafeModeDuration;
    type EnterDepositAmount = NoDeposit;
    type ExtendDepositAmount = NoDeposit;
    type ForceEnterOrigin = ForAnHour;
    type ForceExtendOrigin = ForAnHour;
    type ForceExitOrigin = RootOrCouncilTwoThirds;
    type ForceDepositOrigin = RootOrCouncilTwoThirds;
    type Notify = ();
    type ReleaseDelay = NoDelay;
    type WeightInfo = weights::pallet_safe_mode::WeightInfo<Runtime>;
}

parameter_types! {
    pub MaxMigrationWeight: Weight = sp_runtime::Perbill::from_percent(50) * block::MAX_WEIGHT;
}

impl pallet_migrations::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    #[cfg(not(feature = "runtime-benchmarks"))]
    type Migrations = ();
    #[cfg(feature = "runtime-benchmarks")]
    type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
    type CursorMaxLen = ConstU32<65_536>;
    type IdentifierMaxLen = ConstU32<256>;
    type MigrationStatusHandler = ();
    type FailedMigrationHandler = frame_support::migrations::FreezeChainOnFailedMigration;
    type MaxServiceWeight = MaxMigrationWeight;
    type WeightInfo = weights::pallet_migrations::WeightInfo<Runtime>;
}

/// Operational calls pay this many times the tip's weight in priority.
pub type OperationalFeeMultiplier = ConstU8<5>;
