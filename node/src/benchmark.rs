//! Measures calls and blocks of this runtime (`scripts/weights.sh`).

use frame_benchmarking_cli::BenchmarkCmd;
use kanglian_runtime::opaque::Block;
use sc_cli::{Error, Result};
use sc_service::{Configuration, PartialComponents};
use sp_runtime::traits::HashingFor;

use crate::service;

/// Runs one of the benchmark commands.
///
/// # Errors
/// What the command reports, or that it has no use on this chain.
pub fn run(cmd: &BenchmarkCmd, config: Configuration) -> Result<()> {
    match cmd {
        BenchmarkCmd::Pallet(cmd) => {
            cmd.run_with_spec::<HashingFor<Block>, ()>(Some(config.chain_spec))
        },
        BenchmarkCmd::Block(cmd) => {
            let PartialComponents { client, .. } = service::partial(&config)?;
            cmd.run(client)
        },
        BenchmarkCmd::Overhead(cmd) => {
            cmd.run_with_default_builder_and_spec::<Block, ()>(Some(config.chain_spec))
        },
        BenchmarkCmd::Storage(cmd) => {
            let PartialComponents { client, backend, .. } = service::partial(&config)?;
            let (db, storage) = (backend.expose_db(), backend.expose_storage());
            cmd.run(config, client, db, storage, backend.expose_shared_trie_cache())
        },
        BenchmarkCmd::Machine(cmd) => {
            cmd.run(&config, frame_benchmarking_cli::SUBSTRATE_REFERENCE_HARDWARE.clone())
        },
        BenchmarkCmd::Extrinsic(_) => {
            Err(Error::Input("single extrinsics are measured as pallets: benchmark pallet".into()))
        },
    }
}
