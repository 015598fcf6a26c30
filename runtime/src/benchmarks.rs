//! Which pallets `kanglian-node benchmark pallet` measures on this runtime (`scripts/weights.sh`).

use alloc::{string::String, vec::Vec};
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList, baseline};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};
use frame_system_benchmarking::{
    Pallet as SystemBench, extensions::Pallet as SystemExtensionsBench,
};

use crate::*;
use baseline::Pallet as BaselineBench;

frame_benchmarking::define_benchmarks!(
    [frame_benchmarking, BaselineBench::<Runtime>]
    [frame_system, SystemBench::<Runtime>]
    [frame_system_extensions, SystemExtensionsBench::<Runtime>]
    [pallet_balances, Balances]
    [pallet_collective, Council]
    [pallet_membership, CouncilMembership]
    [pallet_multisig, Multisig]
    [pallet_preimage, Preimage]
    [pallet_proxy, Proxy]
    [pallet_scheduler, Scheduler]
    [pallet_timestamp, Timestamp]
    [pallet_utility, Utility]
    [pallet_migrations, MultiBlockMigrations]
    [pallet_parameters, Parameters]
    [pallet_safe_mode, SafeMode]
    [pallet_tx_pause, TxPause]
    [pallet_transaction_payment, TransactionPayment]
    [pallet_free_lane, FreeLane]
    [pallet_regions, Regions]
    [pallet_authorities, Authorities]
    [pallet_mandates, Mandates]
    [pallet_business_blocks, BusinessBlocks]
    [pallet_institutions, Institutions]
    [pallet_real_name, RealName]
    [pallet_consents, Consents]
    [pallet_records, Records]
    [pallet_key_custody, KeyCustody]
    [pallet_health_coin, HealthCoin]
    [pallet_access_codes, AccessCodes]
    [pallet_referrals, Referrals]
    [pallet_public_works, PublicWorks]
    [pallet_guardianships, Guardianships]
    [pallet_corrections, Corrections]
    [pallet_registrars, Registrars]
);

impl frame_system_benchmarking::Config for Runtime {}
impl baseline::Config for Runtime {}
impl pallet_transaction_payment::BenchmarkConfig for Runtime {}

pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}
