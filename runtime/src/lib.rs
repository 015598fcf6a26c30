//! The runtime of the Kanglian main chain and of every side chain; only the genesis differs.
//!
//! `configs/` says how each pallet is set up, `apis.rs` what clients can ask, `constants.rs` holds
//! values with units, `genesis_config_presets.rs` the networks that can be started by name.

#![cfg_attr(not(feature = "std"), no_std)]
// `#[frame_support::runtime]` expands past the default limit.
#![recursion_limit = "512"]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

extern crate alloc;

mod apis;
mod configs;
pub mod constants;
pub mod extensions;
pub mod genesis_config_presets;
mod migrations;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;

pub use apis::{RUNTIME_API_VERSIONS, RuntimeApi};
pub use configs::{ProxyType, recovery_bar, upgrade_time_lock};
pub use kanglian_primitives::SS58_PREFIX;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
    MultiAddress, MultiSignature, generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    type_with_default::TypeWithDefault,
};
use sp_version::RuntimeVersion;

/// A signature by an account: sr25519, ed25519 or ecdsa.
pub type Signature = MultiSignature;
/// An account, as 32 bytes.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Amounts of HMC in the smallest unit.
pub type Balance = kanglian_primitives::Amount;
/// Count of an account's extrinsics, as clients see it.
pub type Nonce = u32;
/// The same as it is stored: a new account begins above those of all accounts removed before.
pub type StoredNonce = TypeWithDefault<Nonce, pallet_free_lane::FirstNonce<Runtime>>;
/// Hash of blocks and calls.
pub type Hash = sp_core::H256;
/// Height of blocks.
pub type BlockNumber = kanglian_primitives::Height;
/// How extrinsics name accounts.
pub type Address = MultiAddress<AccountId, ()>;
/// Block header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// Block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// Checks around a signed extrinsic, in the order stock clients expect.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    extensions::CheckNonce,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// An extrinsic as it comes in.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;

/// What an extrinsic's signature is over.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// Executes blocks.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// Types that the node uses without knowing the calls.
pub mod opaque {
    use super::*;
    pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

    /// Block with opaque extrinsics.
    pub type Block = generic::Block<Header, UncheckedExtrinsic>;
}

impl_opaque_keys! {
    /// Keys of an authority: block production and finality.
    pub struct SessionKeys {
        pub aura: Aura,
        pub grandpa: Grandpa,
    }
}

macro_rules! version {
    ($spec_version:tt) => {
        /// Version of the runtime. `spec_version` rises with every upgrade of a shared network.
        #[sp_version::runtime_version]
        pub const VERSION: RuntimeVersion = RuntimeVersion {
            spec_name: Cow::Borrowed("kanglian"),
            impl_name: Cow::Borrowed("kanglian"),
            authoring_version: 1,
            spec_version: $spec_version,
            impl_version: 1,
            apis: RUNTIME_API_VERSIONS,
            transaction_version: 1,
            system_version: 1,
        };
    };
}

#[cfg(not(feature = "upgrade-drill"))]
version!(101);
// One more, for the code that a rehearsal upgrades to (`scripts/upgrade-drill.sh`).
#[cfg(feature = "upgrade-drill")]
version!(102);

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    // The chain itself.
    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(3)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(4)]
    pub type FreeLane = pallet_free_lane;

    // Who designs, votes and produces blocks.
    #[runtime::pallet_index(10)]
    pub type Regions = pallet_regions;
    #[runtime::pallet_index(11)]
    pub type Authorities = pallet_authorities;
    #[runtime::pallet_index(12)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(13)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(14)]
    pub type Offences = pallet_offences;
    #[runtime::pallet_index(15)]
    pub type Historical = pallet_session::historical;
    #[runtime::pallet_index(16)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(17)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(18)]
    pub type Council = pallet_collective::Pallet<Runtime, Instance1>;
    #[runtime::pallet_index(19)]
    pub type CouncilMembership = pallet_membership::Pallet<Runtime, Instance1>;
    #[runtime::pallet_index(20)]
    pub type Mandates = pallet_mandates;
    #[runtime::pallet_index(21)]
    pub type Parameters = pallet_parameters;

    // Health management.
    #[runtime::pallet_index(30)]
    pub type BusinessBlocks = pallet_business_blocks;
    #[runtime::pallet_index(31)]
    pub type Institutions = pallet_institutions;
    #[runtime::pallet_index(32)]
    pub type RealName = pallet_real_name;
    #[runtime::pallet_index(33)]
    pub type Consents = pallet_consents;
    #[runtime::pallet_index(34)]
    pub type Records = pallet_records;
    #[runtime::pallet_index(35)]
    pub type HealthCoin = pallet_health_coin;
    #[runtime::pallet_index(36)]
    pub type KeyCustody = pallet_key_custody;
    #[runtime::pallet_index(60)]
    pub type AccessCodes = pallet_access_codes;
    #[runtime::pallet_index(61)]
    pub type Referrals = pallet_referrals;
    #[runtime::pallet_index(66)]
    pub type PublicWorks = pallet_public_works;
    #[runtime::pallet_index(63)]
    pub type Guardianships = pallet_guardianships;
    #[runtime::pallet_index(64)]
    pub type Corrections = pallet_corrections;
    #[runtime::pallet_index(62)]
    pub type Registrars = pallet_registrars;

    // Tools around calls.
    #[runtime::pallet_index(50)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(51)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(52)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(53)]
    pub type Preimage = pallet_preimage;
    #[runtime::pallet_index(54)]
    pub type Scheduler = pallet_scheduler;
    #[runtime::pallet_index(55)]
    pub type TxPause = pallet_tx_pause;
    #[runtime::pallet_index(56)]
    pub type SafeMode = pallet_safe_mode;
    #[runtime::pallet_index(57)]
    pub type MultiBlockMigrations = pallet_migrations;
}
