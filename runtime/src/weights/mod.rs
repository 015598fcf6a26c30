//! What calls cost on this runtime: written by `scripts/weights.sh`, one file for each pallet.

pub mod frame_system;
pub mod frame_system_extensions;
pub mod pallet_authorities;
pub mod pallet_balances;
pub mod pallet_business_blocks;
pub mod pallet_collective;
pub mod pallet_consents;
pub mod pallet_free_lane;
pub mod pallet_health_coin;
pub mod pallet_institutions;
pub mod pallet_mandates;
pub mod pallet_membership;
pub mod pallet_migrations;
pub mod pallet_multisig;
pub mod pallet_parameters;
pub mod pallet_preimage;
pub mod pallet_proxy;
pub mod pallet_real_name;
pub mod pallet_records;
pub mod pallet_regions;
pub mod pallet_safe_mode;
pub mod pallet_scheduler;
pub mod pallet_timestamp;
pub mod pallet_transaction_payment;
pub mod pallet_tx_pause;
pub mod pallet_utility;
