//! The Kanglian node: Aura, GRANDPA and RPC over the runtime of main chain and side chains.

// `sc_cli::Error` is what every function of the command line returns.
#![allow(clippy::result_large_err)]

#[cfg(feature = "runtime-benchmarks")]
mod benchmark;
mod chain_spec;
mod cli;
mod command;
mod rpc;
mod service;

fn main() -> sc_cli::Result<()> {
    command::run()
}
