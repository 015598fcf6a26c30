//! `kanglian`: the command line for every role of a consortium.
//!
//! | group | who |
//! | --- | --- |
//! | `operator` | runs nodes and vaults, makes keys |
//! | `pan-centre` | a province's managing centre |
//! | `council` | its members: pan-centres and the regulator |
//! | `registrar` | holds a share of the key that person ids are made with |
//! | `regulator` | watches upgrades and enrolments |
//! | `institution` | a hospital, clinic or nursing home |
//! | `patient` | a person |
//! | `reader` | whoever reads with a person's consent |
//! | `agent` | takes a person's device readings and shares them in batches |
//! | `work` | anybody: finds, fetches and checks public works, without an account |
//! | `story` | plays the main job on a local consortium and checks every step |
//!
//! Exit codes: 0 ok, 1 failure, 2 usage, 3 refused, 4 unreachable, 5 verification failed.

mod agent;
mod codes;
mod commands;
mod consenting;
mod context;
mod council;
mod csv;
mod custody;
mod document;
mod fault;
mod files;
mod guardian_request;
mod home;
mod input;
mod instant;
mod intake;
mod kit;
mod link_request;
mod loopback;
mod names;
mod opening;
mod output;
mod passphrase;
mod ports;
mod publishing;
mod registrars;
mod renewal;
mod request;
mod runtime_code;
mod sharing;
mod shown;
mod slip;
mod spool;
mod story;
mod vault;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kanglian_sdk::hardening::keep_out_of_core_dumps;
use tracing_subscriber::EnvFilter;

use crate::{context::Context, fault::Class};

/// The command line for every role of a Kanglian consortium
#[derive(Debug, Parser)]
#[command(
    name = "kanglian",
    version,
    propagate_version = true,
    after_help = "Exit codes: 0 ok, 1 failure, 2 usage, 3 refused, 4 unreachable, 5 verification \
                  failed."
)]
struct Cli {
    #[command(flatten)]
    global: context::Global,
    #[command(subcommand)]
    group: Group,
}

#[derive(Debug, Subcommand)]
enum Group {
    /// Keys, accounts, nodes and vaults, the coin's eras, upgrades
    #[command(subcommand)]
    Operator(commands::operator::Command),
    /// A province's managing centre: nominate and suspend, custodian, recoveries, emergencies
    PanCentre(commands::pan_centre::PanCentre),
    /// The council: propose, vote, close
    #[command(subcommand)]
    Council(commands::council::Command),
    /// A registrar: make and refresh the shares of the key that person ids are made with
    #[command(subcommand)]
    Registrar(commands::registrar::Command),
    /// The regulator: watch and stop upgrades, check enrolments, overdue reviews
    Regulator(commands::regulator::Regulator),
    /// An institution: staff, enrolment, sharing, recoveries
    Institution(commands::institution::Institution),
    /// A person: keys and their custody, consents, the own file and its access log
    Patient(commands::patient::Patient),
    /// Whoever reads with a person's consent, or in an emergency
    Reader(commands::reader::Reader),
    /// A person's devices: take readings, share them in batches, lose none
    Agent(agent::Agent),
    /// Public works: find, fetch and check them, without an account
    #[command(subcommand)]
    Work(commands::work::Work),
    /// Play the main job on a running local consortium and check every step
    Story(story::Args),
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    keep_out_of_core_dumps();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(&cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kanglian: {error:#}");
            match fault::class_of(&error) {
                Class::Unreachable => {
                    eprintln!("Is the node or vault running? See --node, --vault, --port-base.");
                },
                Class::Failure | Class::Usage | Class::Refused | Class::Verification => {},
            }
            fault::class_of(&error).into()
        },
    }
}

async fn run(cli: &Cli) -> anyhow::Result<()> {
    let context = Context::new(&cli.global)?;
    match &cli.group {
        Group::Operator(command) => commands::operator::run(command, &context).await,
        Group::PanCentre(group) => group.run(&context).await,
        Group::Council(command) => commands::council::run(command, &context).await,
        Group::Registrar(command) => commands::registrar::run(command, &context).await,
        Group::Regulator(group) => group.run(&context).await,
        Group::Institution(group) => group.run(&context).await,
        Group::Patient(group) => group.run(&context).await,
        Group::Reader(group) => group.run(&context).await,
        Group::Agent(agent) => agent.run(&context).await,
        Group::Work(command) => command.run(&context).await,
        Group::Story(args) => story::run(args, &context).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn global_options_are_taken_anywhere() {
        let cli =
            Cli::try_parse_from(["kanglian", "council", "list", "--json", "--port-base", "20000"]);
        assert!(cli.is_ok(), "{:?}", cli.err().map(|error| error.to_string()));
    }

    #[test]
    fn every_example_of_the_readme_is_understood() {
        let readme = include_str!("../README.md");
        let address = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        let id = format!("0x{}", "07".repeat(32));
        let code = readme.split("```sh").skip(1).filter_map(|rest| rest.split("```").next());
        let joined = code.collect::<String>().replace("\\\n", " ");
        let lines = joined.lines().map(|line| line.split(" # ").next().unwrap_or_default());
        let mut understood = 0;
        for command in
            lines.flat_map(|line| line.split("&&")).filter(|line| !line.trim().is_empty())
        {
            let filled =
                command.replace("5F…", address).replace("5D…", address).replace("0x…", &id);
            let words = filled.split_whitespace().map(|word| word.trim_matches('"'));
            let parsed = Cli::try_parse_from(words);
            assert!(parsed.is_ok(), "{command}: {}", parsed.unwrap_err());
            understood += 1;
        }
        assert!(understood >= 40, "{understood}");
    }

    #[test]
    fn no_command_takes_a_passphrase_or_a_phrase_as_an_argument() {
        fn walk(command: &clap::Command) {
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                let secret = ["passphrase", "password", "mnemonic", "seed", "suri"];
                assert!(!secret.contains(&id), "{} takes {id}", command.get_name());
            }
            command.get_subcommands().for_each(walk);
        }
        walk(&Cli::command());
    }
}
