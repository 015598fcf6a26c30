//! The regulator: watches upgrades and may stop them; holds enrolments against registrars' logs;
//! sees overdue reviews and has custodians prove their shares.

use clap::{Args, Subcommand};
use kanglian_primitives::PersonId;
use kanglian_sdk::chain::calls;

use super::{
    custody::{self, DrillArgs},
    emergency::OfRegulator,
    sampling::{self, AuditArgs, SampleArgs},
    upgrade,
    work::Overseeing,
};
use crate::{
    context::Context,
    runtime_code::{CodeArgs, hex_of},
    shown::fields,
};

/// What the regulator can do, and with which account.
#[derive(Debug, Args)]
pub struct Regulator {
    /// The regulator's account: a name, a key file, or //Name on a local chain
    #[arg(long, global = true, default_value = "regulator")]
    account: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the upgrades that the council voted for
    Upgrades,
    /// Stop an upgrade
    Veto(CodeArgs),
    /// Verify the registrars' logs and find attestations beyond the evaluations
    Registrars(AuditArgs),
    /// List emergencies whose review is overdue
    Emergencies(OfRegulator),
    /// Have custodians prove that they keep their shares of a person's secret
    Custodians {
        /// The person
        #[arg(long)]
        person: PersonId,
        #[command(flatten)]
        drill: DrillArgs,
    },
    /// Public works: take one down, restore it
    #[command(subcommand)]
    Work(Overseeing),
    /// Have documents of attested persons evaluated again: finds invented persons
    Sample(SampleArgs),
}

impl Regulator {
    /// Carries out the command.
    pub async fn run(&self, context: &Context) -> anyhow::Result<()> {
        let code = match &self.command {
            Command::Upgrades => return upgrade::list(context).await,
            Command::Registrars(args) => {
                return sampling::audit(context, &self.account, args).await;
            },
            Command::Emergencies(args) => return args.run(context, &self.account).await,
            Command::Custodians { person, drill } => {
                let chain = context.chain().await?;
                return custody::drill(context, &chain, person, drill).await;
            },
            Command::Sample(args) => return sampling::sample(context, &self.account, args).await,
            Command::Work(command) => return command.run(context, &self.account).await,
            Command::Veto(code) => code,
        };
        let hash = code.hash()?;
        let chain = context.chain().await?;
        let account = context.account(&self.account)?;
        let included = context.send(&chain, &calls::mandates::veto(hash), &account).await?;
        context.output.fields(fields!({
            "code_hash": hex_of(&hash),
            "outcome": "vetoed",
            "block": included.number,
        }));
        Ok(())
    }
}
