//! Who decides: the council of pan-centres and regulator, and the mandates of the code team.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    dynamic_params::{dynamic_pallet_params, dynamic_params},
    parameter_types,
    traits::{ConstU32, EitherOfDiverse, EnsureOrigin, EnsureOriginWithArg, InstanceFilter},
    weights::Weight,
};
use frame_system::EnsureRoot;
use kanglian_primitives::Instant;
use pallet_collective::{EnsureProportionAtLeast, EnsureProportionMoreThan};
use scale_info::TypeInfo;
use sp_core::H256;

use crate::weights;
use crate::{
    AccountId, BlockNumber, Council, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
    constants::{block, time},
};

/// The council's instance of the collective and membership pallets.
pub type CouncilInstance = frame_support::instances::Instance1;

/// Root, or more than half of the council.
pub type RootOrCouncilMajority = EitherOfDiverse<
    EnsureRoot<AccountId>,
    EnsureProportionMoreThan<AccountId, CouncilInstance, 1, 2>,
>;

/// Root, or two thirds of the council.
pub type RootOrCouncilTwoThirds = EitherOfDiverse<
    EnsureRoot<AccountId>,
    EnsureProportionAtLeast<AccountId, CouncilInstance, 2, 3>,
>;

/// Parameters that the council changes by two thirds.
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod dynamic_params {
    use super::*;

    /// How governance runs.
    #[dynamic_pallet_params]
    #[codec(index = 0)]
    pub mod governance {
        /// Blocks a motion stays open.
        #[codec(index = 0)]
        pub static MotionDuration: BlockNumber = 7 * time::DAYS;

        /// Blocks between the vote for an upgrade and its enactment. Never below the least time
        /// lock: six hours, unless the genesis of a rehearsal names another.
        #[codec(index = 1)]
        pub static UpgradeTimeLock: BlockNumber = 2 * time::DAYS;
    }

    /// How lost keys are recovered.
    #[dynamic_pallet_params]
    #[codec(index = 1)]
    pub mod custody {
        /// Milliseconds in which the old key can veto. Never below a day, unless the genesis of a
        /// rehearsal names another delay.
        #[codec(index = 0)]
        pub static RecoveryDelay: Instant = 72 * time::HOUR_MS;

        /// Regions that approve a recovery. Never fewer than two.
        #[codec(index = 1)]
        pub static RecoveryBar: u8 = 3;
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
    fn default() -> Self {
        RuntimeParameters::Governance(dynamic_params::governance::Parameters::MotionDuration(
            dynamic_params::governance::MotionDuration,
            Some(time::DAYS),
        ))
    }
}

/// Two thirds of the council set every parameter.
pub struct ParameterOrigin;
impl<Key> EnsureOriginWithArg<RuntimeOrigin, Key> for ParameterOrigin {
    type Success = ();
    fn try_origin(o: RuntimeOrigin, _: &Key) -> Result<(), RuntimeOrigin> {
        <RootOrCouncilTwoThirds as EnsureOrigin<_>>::try_origin(o).map(|_| ())
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin(_: &Key) -> Result<RuntimeOrigin, ()> {
        Ok(RuntimeOrigin::root())
    }
}

impl pallet_parameters::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeParameters = RuntimeParameters;
    type AdminOrigin = ParameterOrigin;
    type WeightInfo = weights::pallet_parameters::WeightInfo<Runtime>;
}

/// Most members of the council: a seat for each province-level division, and the regulator.
pub const MAX_COUNCIL_MEMBERS: u32 = 40;

parameter_types! {
    pub MaxProposalWeight: Weight = sp_runtime::Perbill::from_percent(50) * block::MAX_WEIGHT;
}

impl pallet_collective::Config<CouncilInstance> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = dynamic_params::governance::MotionDuration;
    type MaxProposals = ConstU32<100>;
    type MaxMembers = ConstU32<MAX_COUNCIL_MEMBERS>;
    // There is no prime: an uncast vote is a no, also when a motion's time is over.
    type DefaultVote = pallet_collective::PrimeDefaultVote;
    type WeightInfo = weights::pallet_collective::WeightInfo<Runtime>;
    type SetMembersOrigin = EnsureRoot<AccountId>;
    type MaxProposalWeight = MaxProposalWeight;
    type DisapproveOrigin = RootOrCouncilTwoThirds;
    type KillOrigin = RootOrCouncilTwoThirds;
    type Consideration = ();
}

impl pallet_membership::Config<CouncilInstance> for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type AddOrigin = RootOrCouncilTwoThirds;
    type RemoveOrigin = RootOrCouncilTwoThirds;
    type SwapOrigin = RootOrCouncilTwoThirds;
    type ResetOrigin = EnsureRoot<AccountId>;
    // No prime: an uncast vote counts as no.
    #[cfg(not(feature = "runtime-benchmarks"))]
    type PrimeOrigin = frame_support::traits::NeverEnsureOrigin<()>;
    // The pallet's benchmarks name a prime before they measure anything.
    #[cfg(feature = "runtime-benchmarks")]
    type PrimeOrigin = EnsureRoot<AccountId>;
    type MembershipInitialized = Council;
    type MembershipChanged = Council;
    type MaxMembers = ConstU32<MAX_COUNCIL_MEMBERS>;
    type WeightInfo = weights::pallet_membership::WeightInfo<Runtime>;
}

/// Authorises an upgrade once the time lock is over; the code itself anyone may then supply.
pub struct AuthorizeUpgrade;
impl pallet_mandates::Upgrades<H256> for AuthorizeUpgrade {
    fn authorize(code_hash: H256) {
        System::do_authorize_upgrade(code_hash, true);
    }
}

parameter_types! {
    pub const LeastTimeLock: BlockNumber = time::LEAST_TIME_LOCK;
    pub const EnactPeriod: BlockNumber = 14 * time::DAYS;
}

impl pallet_mandates::Config for Runtime {
    type ProposeOrigin = RootOrCouncilTwoThirds;
    type VetoOrigin = pallet_mandates::EnsureRegulator<Runtime>;
    type CancelOrigin = RootOrCouncilMajority;
    type Upgrades = AuthorizeUpgrade;
    type TimeLock = dynamic_params::governance::UpgradeTimeLock;
    type LeastTimeLock = LeastTimeLock;
    type EnactPeriod = EnactPeriod;
    type MaxPending = ConstU32<8>;
    type WeightInfo = weights::pallet_mandates::WeightInfo<Runtime>;
}

/// What a proxy (委托代理人) may do for an account.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    #[codec(index = 0)]
    Any,
    /// Everything but moving coins, changing who speaks for a person, and dealing a secret.
    #[codec(index = 1)]
    NonTransfer,
    /// Votes and motions.
    #[codec(index = 2)]
    Governance,
    /// Sharing records and publishing works.
    #[codec(index = 3)]
    Sharing,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            Self::NonTransfer => !matches!(
                call,
                RuntimeCall::Balances(_)
                    | RuntimeCall::RealName(
                        pallet_real_name::Call::rotate_controller { .. }
                            | pallet_real_name::Call::rotate_data_key { .. }
                            | pallet_real_name::Call::refuse_link { .. }
                    )
                    | RuntimeCall::KeyCustody(pallet_key_custody::Call::deal { .. })
                    | RuntimeCall::Proxy(_)
            ),
            Self::Governance => matches!(
                call,
                RuntimeCall::Council(_) | RuntimeCall::Mandates(_) | RuntimeCall::Utility(_)
            ),
            Self::Sharing => matches!(
                call,
                RuntimeCall::Records(_) | RuntimeCall::PublicWorks(_) | RuntimeCall::Utility(_)
            ),
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        match (self, other) {
            (own, other) if own == other => true,
            (Self::Any, _) => true,
            (_, Self::Any) => false,
            (Self::NonTransfer, _) => true,
            _ => false,
        }
    }
}

/// The parameter that sets the upgrades' time lock. For clients in Rust and tests.
pub fn upgrade_time_lock(blocks: BlockNumber) -> RuntimeParameters {
    RuntimeParameters::Governance(dynamic_params::governance::Parameters::UpgradeTimeLock(
        dynamic_params::governance::UpgradeTimeLock,
        Some(blocks),
    ))
}

/// The parameter that sets how many regions approve a recovery. For clients in Rust and tests.
pub fn recovery_bar(regions: u8) -> RuntimeParameters {
    RuntimeParameters::Custody(dynamic_params::custody::Parameters::RecoveryBar(
        dynamic_params::custody::RecoveryBar,
        Some(regions),
    ))
}
