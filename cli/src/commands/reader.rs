//! Whoever reads with a person's consent: list the file, fetch and open records.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kanglian_primitives::{
    Grantee, PersonId, Purpose, RecordFacts, RecordId, RecordStatus, RegionCode,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client},
    vault::{Ask, VaultClient},
};
use serde_json::json;

pub use crate::opening::Keys;
use crate::{context::Context, fault::Fault, instant, names, opening, output};

/// What a reader can do, as whom, and with which keys.
#[derive(Debug, Args)]
pub struct Reader {
    /// The reader's account: a name or a key file
    #[arg(long, global = true, default_value = "reader")]
    account: String,
    /// The secret of the encryption key that grants are sealed to: a name or a file
    #[arg(long, global = true, default_value = "reader")]
    secret: String,
    /// As whom: institution:CODE, practitioner:ADDRESS@CODE, team:NUMBER@CODE or person:0x…
    #[arg(long = "as", value_parser = names::grantee)]
    acting_as: Grantee<AccountId>,
    /// Why (HL7 v3 PurposeOfUse)
    #[arg(long, global = true, default_value = "TREAT")]
    purpose: Purpose,
    /// Whose records
    #[arg(long)]
    person: PersonId,
    /// The province whose vault is asked; the person's home province by default
    #[arg(long)]
    region: Option<RegionCode>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List what of the person's file may be read
    File,
    /// Fetch a record, check it against the chain, and open it
    Fetch {
        /// The record
        record: RecordId,
        /// Where to write it
        #[arg(long)]
        out: PathBuf,
    },
}

impl Reader {
    /// Carries out the command.
    pub async fn run(&self, context: &Context) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        let account = context.account(&self.account)?;
        let vault = match self.region {
            Some(region) => context.vault_of(&chain, region, &account).await?,
            None => context.vault(&chain, &self.person, &account).await?,
        };
        let ask = Ask { acting_as: self.acting_as, subject: self.person, purpose: self.purpose };
        match &self.command {
            Command::File => {
                let file = vault.whole_file(&ask).await?;
                print_file(context, &file.records);
                Ok(())
            },
            Command::Fetch { record, out } => {
                let keys = Keys::Granted(context.key_secret(&self.secret)?);
                fetch_to_file(context, &chain, &vault, &ask, record, &keys, out).await
            },
        }
    }
}

/// Prints the facts of records.
pub fn print_file(context: &Context, records: &[RecordFacts]) {
    let columns = ["record", "block", "schema", "shared", "sealed bytes", "paid", "status"];
    context.output.rows(&columns, records, |facts| {
        vec![
            facts.id.to_string(),
            names::show_block(facts.block),
            facts.schema.to_string(),
            instant::show(facts.shared_at),
            facts.size.to_string(),
            output::hmc(facts.paid),
            match facts.status {
                RecordStatus::Active => "active".to_owned(),
                RecordStatus::Superseded(by) => format!("superseded by {by}"),
                RecordStatus::Rejected => "rejected".to_owned(),
            },
        ]
    });
}

/// Fetches a record into a file that does not exist yet: verified, opened.
pub async fn fetch_to_file(
    context: &Context,
    chain: &Client,
    vault: &VaultClient,
    ask: &Ask,
    record: &RecordId,
    keys: &Keys,
    out: &Path,
) -> anyhow::Result<()> {
    if out.exists() {
        return Err(Fault::usage(format!("{} exists already", out.display())).into());
    }
    let facts = chain.record(record, At::Finalized).await?;
    let facts = facts.ok_or_else(|| Fault::refused(format!("{record} is not on this chain")))?;
    let bar = context.output.bytes_bar(facts.size, "fetching");
    let opened = opening::fetch_and_open(chain, vault, ask, &facts, keys, out, &bar).await;
    bar.finish_and_clear();
    let opened = opened?;
    context.output.fields(json!({
        "record": record,
        "written": out,
        "bytes": opened.bytes,
        "verified": "BLAKE3 of the sealed bytes is the record's id on chain",
        "log_line": opened.log_index,
        "vault": vault.target().region.to_string(),
    }));
    Ok(())
}
