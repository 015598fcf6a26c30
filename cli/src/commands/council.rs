//! The council: put a motion, vote, close, list; or all of it with several members' key files.

use clap::{Subcommand, ValueEnum};
use kanglian_primitives::{Hash32, Height};
use kanglian_sdk::chain::{self, At, calls, calls::parameters::GovernanceParameter};
use serde::Serialize;

use super::motion::{Motion, Parameter};
use crate::{
    context::Context,
    council,
    runtime_code::{hash, hex_of},
    shown::fields,
};

/// What a council member can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Put a motion to the vote and vote for it
    Propose {
        /// Member's account: a name, a key file, or //Name on a local chain
        #[arg(long)]
        account: String,
        #[command(subcommand)]
        motion: Motion,
    },
    /// Vote on an open motion
    Vote {
        /// Member's account
        #[arg(long)]
        account: String,
        /// The motion's hash, as `council list` shows it
        #[arg(value_parser = hash)]
        motion: Hash32,
        /// Vote against it
        #[arg(long)]
        no: bool,
    },
    /// Close a motion that has enough votes or whose time is over
    Close {
        /// Any account
        #[arg(long)]
        account: String,
        /// The motion's hash
        #[arg(value_parser = hash)]
        motion: Hash32,
    },
    /// List the open motions and their votes
    List,
    /// List the members
    Members,
    /// Show what the council set of how governance runs
    Parameters,
    /// Propose, vote and close with the accounts of several members
    Pass {
        /// Members' accounts, with commas between them
        #[arg(long, value_delimiter = ',', required = true)]
        members: Vec<String>,
        #[command(subcommand)]
        motion: Motion,
    },
}

#[derive(Serialize)]
struct SetParameter {
    parameter: String,
    blocks: Option<Height>,
}

/// Carries out a command.
pub async fn run(command: &Command, context: &Context) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    match command {
        Command::Propose { account, motion } => {
            let (call, majority) = motion.call()?;
            let member = context.account(account)?;
            match council::propose(&chain, &member, &call, majority).await? {
                Ok(open) => context.output.fields(fields!({
                    "motion": call.to_string(),
                    "hash": hex_of(&open.hash),
                    "index": open.votes.index,
                    "needs": open.votes.threshold,
                    "until_block": open.votes.end,
                })),
                Err(included) => context.output.fields(fields!({
                    "motion": call.to_string(),
                    "outcome": "carried out at once",
                    "block": included.number,
                })),
            }
        },
        Command::Vote { account, motion, no } => {
            let member = context.account(account)?;
            let open = council::open_motion(&chain, motion).await?;
            let call = calls::council::vote(*motion, open.votes.index, !no);
            let included = context.send(&chain, &call, &member).await?;
            context.output.fields(fields!({
                "motion": named(&open),
                "vote": if *no { "no" } else { "yes" },
                "block": included.number,
            }));
        },
        Command::Close { account, motion } => {
            let anyone = context.account(account)?;
            let open = council::open_motion(&chain, motion).await?;
            let (carried_out, included) = council::close(&chain, &anyone, &open).await?;
            context.output.fields(fields!({
                "motion": named(&open),
                "outcome": if carried_out { "carried out" } else { "dropped" },
                "block": included.number,
            }));
        },
        Command::List => {
            let motions = chain.motions(At::Best).await?;
            let columns = ["hash", "index", "motion", "yes", "no", "needs", "until block"];
            context.output.rows(&columns, &motions, |open| {
                vec![
                    hex_of(&open.hash),
                    open.votes.index.to_string(),
                    format!("{} {}", named(open), open.args),
                    open.votes.ayes.len().to_string(),
                    open.votes.nays.len().to_string(),
                    open.votes.threshold.to_string(),
                    open.votes.end.to_string(),
                ]
            });
        },
        Command::Members => {
            let members = chain.council(At::Best).await?;
            context.output.rows(&["member"], &members, |member| vec![member.to_string()]);
        },
        Command::Parameters => {
            let mut set = Vec::new();
            for parameter in Parameter::value_variants() {
                let key = GovernanceParameter::from(*parameter).key();
                let value: Option<(u8, u8, Height)> =
                    chain.fetch("Parameters", "Parameters", &[key], At::Best).await?;
                let name = parameter.to_possible_value();
                set.push(SetParameter {
                    parameter: name.map(|name| name.get_name().to_owned()).unwrap_or_default(),
                    blocks: value.map(|(_, _, blocks)| blocks),
                });
            }
            context.output.rows(&["parameter", "blocks"], &set, |set| {
                let default = "the runtime's default".to_owned();
                vec![set.parameter.clone(), set.blocks.map_or(default, |blocks| blocks.to_string())]
            });
        },
        Command::Pass { members, motion } => {
            let (call, majority) = motion.call()?;
            let members = members
                .iter()
                .map(|member| context.account(member))
                .collect::<anyhow::Result<Vec<_>>>()?;
            let wait = context.output.spinner("the council votes");
            let passed = council::pass(&chain, &members, &call, majority).await;
            wait.finish_and_clear();
            let passed = passed?;
            context.output.fields(fields!({
                "motion": call.to_string(),
                "outcome": "carried out",
                "yes": passed.ayes,
                "needed": passed.threshold,
                "block": passed.number,
            }));
        },
    }
    Ok(())
}

fn named(motion: &chain::Motion) -> String {
    format!("{}.{}", motion.pallet, motion.call)
}
