//! Block production, finality, sessions and offences.

use alloc::vec::Vec;
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32, ConstU64, Get},
};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::sr25519;
use sp_runtime::traits::{Convert, ConvertInto, OpaqueKeys};
use sp_staking::SessionIndex;

use super::governance::RootOrCouncilTwoThirds;
use crate::weights;
use crate::{
    AccountId, Aura, Authorities, Balance, Balances, BlockNumber, Historical, Offences, Regions,
    Runtime, RuntimeCall, RuntimeEvent, Session, SessionKeys, UncheckedExtrinsic, constants::time,
};

/// Most authorities of one chain.
pub const MAX_AUTHORITIES: u32 = 100;

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type DisabledValidators = Session;
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = ConstU64<{ time::SLOT_MS }>;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Aura>;
    type EventHandler = ();
}

parameter_types! {
    pub const SessionPeriod: BlockNumber = time::SESSION;
    pub const SessionOffset: BlockNumber = 0;
    pub const KeyDeposit: Balance = 0;
    pub const SetIdSessions: u64 = time::REPORTABLE_SESSIONS as u64;
    pub const ReportLongevity: u64 =
        time::REPORTABLE_SESSIONS as u64 * time::SESSION as u64;
}

/// Feeds the session pallet from the registry of authorities.
pub struct AuthoritySet;

impl pallet_session::SessionManager<AccountId> for AuthoritySet {
    fn new_session(_: SessionIndex) -> Option<Vec<AccountId>> {
        Authorities::validators_for_next_session()
    }
    fn end_session(_: SessionIndex) {}
    fn start_session(_: SessionIndex) {}
}

impl pallet_session::historical::SessionManager<AccountId, ()> for AuthoritySet {
    fn new_session(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
        <Self as pallet_session::SessionManager<AccountId>>::new_session(index)
            .map(|accounts| accounts.into_iter().map(|account| (account, ())).collect())
    }
    fn end_session(_: SessionIndex) {}
    fn start_session(_: SessionIndex) {}
}

/// An authority's full identification is its account: there is no stake.
pub struct NoExposure;
impl Convert<AccountId, Option<()>> for NoExposure {
    fn convert(_: AccountId) -> Option<()> {
        Some(())
    }
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = pallet_session::PeriodicSessions<SessionPeriod, SessionOffset>;
    type NextSessionRotation = pallet_session::PeriodicSessions<SessionPeriod, SessionOffset>;
    type SessionManager = pallet_session::historical::NoteHistoricalRoot<Self, AuthoritySet>;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = ();
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = KeyDeposit;
}

/// What the registry of authorities asks about session keys.
pub struct AuraKeys;

impl pallet_authorities::SessionKeys<AccountId> for AuraKeys {
    fn registered(who: &AccountId) -> bool {
        Session::load_keys(who).is_some()
    }

    fn authors() -> Vec<(AccountId, sr25519::Public)> {
        let mut authors: Vec<_> = Session::validators()
            .into_iter()
            .zip(pallet_aura::Authorities::<Runtime>::get().into_iter().map(AuraId::into_inner))
            .collect();
        for (account, keys) in pallet_session::QueuedKeys::<Runtime>::get() {
            let pair = (account, keys.aura.into_inner());
            if !authors.contains(&pair) {
                authors.push(pair);
            }
        }
        authors
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_register(who: &AccountId) {
        let keys = benchmark_keys(sr25519::Public::from_raw(*AsRef::<[u8; 32]>::as_ref(who)));
        pallet_session::NextKeys::<Runtime>::insert(who, keys);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_authors(authors: Vec<(AccountId, sr25519::Public)>) {
        let queued = authors.into_iter().map(|(who, key)| (who, benchmark_keys(key))).collect();
        pallet_session::QueuedKeys::<Runtime>::put::<Vec<_>>(queued);
    }
}

#[cfg(feature = "runtime-benchmarks")]
fn benchmark_keys(aura: sr25519::Public) -> SessionKeys {
    SessionKeys { aura: aura.into(), grandpa: sp_core::ed25519::Public::from_raw(aura.0).into() }
}

/// The slot of the current block.
pub struct CurrentSlot;
impl Get<u64> for CurrentSlot {
    fn get() -> u64 {
        *pallet_aura::CurrentSlot::<Runtime>::get()
    }
}

impl pallet_authorities::Config for Runtime {
    type GovernanceOrigin = RootOrCouncilTwoThirds;
    type Regions = Regions;
    type Keys = AuraKeys;
    type CurrentSlot = CurrentSlot;
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type MaxHeaderSize = ConstU32<4_096>;
    type WeightInfo = weights::pallet_authorities::WeightInfo<Runtime>;
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = NoExposure;
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session::historical::IdentificationTuple<Self>;
    type OnOffenceHandler = Authorities;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = SetIdSessions;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl<C> frame_system::offchain::CreateTransactionBase<C> for Runtime
where
    RuntimeCall: From<C>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

/// Equivocation reports are unsigned extrinsics.
impl<C> frame_system::offchain::CreateBare<C> for Runtime
where
    RuntimeCall: From<C>,
{
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}
