//! Runs what the command line asks for.

use kanglian_runtime::opaque::Block;
use sc_cli::SubstrateCli;
use sc_service::PartialComponents;

use crate::{
    chain_spec,
    cli::{Cli, Subcommand},
    service,
};

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Kanglian Node".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "the docs folder of the distribution".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        chain_spec::load(id)
    }
}

/// Parses the command line and runs it.
pub fn run() -> sc_cli::Result<()> {
    let cli = Cli::from_args();

    match &cli.subcommand {
        Some(Subcommand::Key(cmd)) => cmd.run(&cli),
        Some(Subcommand::ExportChainSpec(cmd)) => {
            let spec = cli.load_spec(&cmd.chain)?;
            cmd.run(spec)
        },
        #[allow(deprecated)]
        Some(Subcommand::BuildSpec(cmd)) => {
            let runner = cli.create_runner(cmd)?;
            runner.sync_run(|config| cmd.run(config.chain_spec, config.network))
        },
        Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, import_queue, .. } =
                service::partial(&config)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, .. } = service::partial(&config)?;
            Ok((cmd.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, .. } = service::partial(&config)?;
            Ok((cmd.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, import_queue, .. } =
                service::partial(&config)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::PurgeChain(cmd)) => {
            cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.database))
        },
        Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, backend, .. } =
                service::partial(&config)?;
            let revert_finality = Box::new(|client, _, blocks| {
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((cmd.run(client, backend, Some(revert_finality)), task_manager))
        }),
        Some(Subcommand::ChainInfo(cmd)) => {
            cli.create_runner(cmd)?.sync_run(|config| cmd.run::<Block>(&config))
        },
        #[cfg(feature = "runtime-benchmarks")]
        Some(Subcommand::Benchmark(cmd)) => {
            cli.create_runner(&**cmd)?.sync_run(|config| crate::benchmark::run(cmd, config))
        },
        None => {
            let finality = cli.finality;
            cli.create_runner(&cli.run)?.run_node_until_exit(|config| async move {
                service::full(config, finality).map_err(sc_cli::Error::Service)
            })
        },
    }
}
