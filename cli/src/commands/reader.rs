//! Whoever reads with a person's consent: list the file, fetch and open records, give terms on or
//! back.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kanglian_primitives::{
    BusinessBlockSet, Grantee, Instant, PersonId, Purpose, PurposeSet, RecordFacts, RecordId,
    RecordStatus, RegionCode, Terms, TermsId,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client, calls},
    keys::{Account, EncryptionSecret},
    vault::Ask,
};
use serde::Serialize;

use super::{
    codes, corrections,
    emergency::{Asking, OfReader},
    follow, gateway, guidance, receipts, referrals,
};
pub use crate::opening::Keys;
use crate::{
    consenting::{self, Gift},
    context::Context,
    fault::Fault,
    instant, names, opening, output,
    shown::fields,
    vault::Vault,
};

/// What a reader can do, as whom, and with which keys.
#[derive(Debug, Args)]
pub struct Reader {
    /// The reader's account: a name or a key file
    #[arg(long, global = true, default_value = "reader")]
    account: String,
    /// The secret of the key that grants are sealed to: a name or a file. Of an encryption key, or
    /// a person's secret for `--as person:…`
    #[arg(long, global = true, default_value = "reader")]
    secret: String,
    /// As whom: institution:CODE, practitioner:ADDRESS@CODE, team:NUMBER@CODE or person:0x…
    #[arg(long = "as", value_parser = names::grantee)]
    acting_as: Grantee<AccountId>,
    /// Why (HL7 v3 PurposeOfUse)
    #[arg(long, global = true, default_value = "TREAT")]
    purpose: Purpose,
    /// Whose records; a code names its person itself
    #[arg(long)]
    person: Option<PersonId>,
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
    /// List records that were amended, marked or rejected since this home read them
    Inbox,
    /// Print new readings as they are shared, and go on after an interruption where it stopped
    Follow(follow::FollowArgs),
    /// List the terms that the reader holds
    Terms,
    /// Give a part of terms on to somebody else, as the person allowed
    Delegate(DelegateArgs),
    /// An emergency: open it, read the summary, close it
    #[command(subcommand)]
    Emergency(OfReader),
    /// List everything of the person's past that may be read (继往), newest first
    History,
    /// Write a care plan into the file, under the consent that one reads by
    Guidance(guidance::GuidanceArgs),
    /// Referrals of the person
    #[command(subcommand)]
    Referral(referrals::Referring),
    /// Codes that a person handed out
    #[command(subcommand)]
    Code(codes::Redeeming),
    /// Check every receipt that was kept for reads against the chain; evidence is written down
    Receipts(receipts::ReceiptsArgs),
    /// Serve opened records as FHIR R4 to programs on this machine
    FhirGateway(gateway::GatewayArgs),
    /// Give terms back
    Renounce {
        /// Their number, as `terms` lists it
        terms: u64,
    },
}

#[derive(Debug, Args)]
struct DelegateArgs {
    /// institution:CODE, practitioner:ADDRESS@CODE, team:NUMBER@CODE or person:0x…
    #[arg(value_parser = names::grantee)]
    grantee: Grantee<AccountId>,
    /// Number of the terms to give on, as `terms` lists it
    #[arg(long)]
    terms: u64,
    /// Business blocks; all of the terms by default
    #[arg(long, value_parser = names::blocks)]
    blocks: Option<BusinessBlockSet>,
    /// Purposes (HL7 v3 PurposeOfUse); all of the terms by default
    #[arg(long, value_parser = names::purposes)]
    purposes: Option<PurposeSet>,
    /// Until when; the end of the terms by default
    #[arg(long, value_parser = instant::parse)]
    until: Option<Instant>,
    /// How often it may be given on from there
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=1))]
    may_delegate: u8,
}

impl Reader {
    /// Carries out the command.
    pub async fn run(&self, context: &Context) -> anyhow::Result<()> {
        if let Command::Emergency(command) = &self.command {
            let person = self.person.ok_or_else(|| Fault::usage("about whom: give --person"))?;
            let asking = Asking {
                account: &self.account,
                secret: &self.secret,
                acting_as: self.acting_as,
                person,
                region: self.region,
            };
            return command.run(context, &asking).await;
        }
        if matches!(self.command, Command::Inbox) {
            return corrections::inbox(context).await;
        }
        let chain = context.chain().await?;
        if let Command::Code(codes::Redeeming::Redeem { code_file }) = &self.command {
            let account = context.account(&self.account)?;
            let file = code_file.as_deref();
            return codes::redeem(context, &chain, &account, &self.acting_as, file).await;
        }
        if let Command::Receipts(args) = &self.command {
            let account = context.account(&self.account)?;
            return receipts::check(context, &chain, &account, args).await;
        }
        let person = self.person.ok_or_else(|| Fault::usage("whose records: give --person"))?;
        if matches!(self.command, Command::Terms) {
            return self.terms(context, &chain, person).await;
        }
        let account = context.account(&self.account)?;
        if let Command::Renounce { terms } = &self.command {
            let id = TermsId(*terms);
            let call = calls::consents::renounce(person, &self.acting_as, id);
            let included = context.send(&chain, &call, &account).await?;
            context.output.fields(fields!({
                "done": format!("gave terms {terms} back"),
                "block": included.number,
            }));
            return Ok(());
        }
        let party = referrals::Party {
            account: &account,
            acting_as: self.acting_as,
            person,
            purpose: self.purpose,
        };
        match &self.command {
            Command::Referral(referrals::Referring::Offer(_)) => {},
            Command::Referral(command) => return party.run(context, &chain, command).await,
            _ => {},
        }
        let vault = match self.region {
            Some(region) => context.vault_of(&chain, region, &account).await?,
            None => context.vault(&chain, &person, &account).await?,
        };
        let ask = Ask { acting_as: self.acting_as, subject: person, purpose: self.purpose };
        if let Command::FhirGateway(args) = &self.command {
            let keys = Keys::Granted(self.secret(context, &chain)?);
            return gateway::run(context, &chain, vault, ask, keys, args).await;
        }
        match &self.command {
            Command::File => {
                let file = vault.whole_file(&ask).await?;
                print_file(context, &file.records);
                Ok(())
            },
            Command::Fetch { record, out } => {
                let keys = Keys::Granted(self.secret(context, &chain)?);
                fetch_to_file(context, &chain, &vault, &ask, record, &keys, out).await
            },
            Command::History => guidance::history(context, &chain, &vault, &ask).await,
            Command::Guidance(args) => guidance::write(context, &chain, &account, &ask, args).await,
            Command::Referral(referrals::Referring::Offer(args)) => {
                let secret = self.secret(context, &chain)?;
                party.offer(context, &chain, &vault, &secret, args).await
            },
            Command::Follow(args) => {
                let keys = Keys::Granted(self.secret(context, &chain)?);
                args.run(&chain, &vault, &ask, &keys, &mut std::io::stdout()).await
            },
            Command::Delegate(args) => {
                let secret = self.secret(context, &chain)?;
                self.delegate(context, &chain, &vault, person, (&account, &secret), args).await
            },
            Command::Terms
            | Command::Inbox
            | Command::Renounce { .. }
            | Command::Code(_)
            | Command::Emergency(_)
            | Command::Receipts(_)
            | Command::FhirGateway(_)
            | Command::Referral(_) => Ok(()),
        }
    }

    fn secret(&self, context: &Context, chain: &Client) -> anyhow::Result<EncryptionSecret> {
        context.grantee_secret(&self.secret, &chain.genesis_hash(), &self.acting_as)
    }

    async fn terms(
        &self,
        context: &Context,
        chain: &Client,
        person: PersonId,
    ) -> anyhow::Result<()> {
        let mut held = chain.terms_of(&person, At::Best).await?;
        held.retain(|(grantee, _)| *grantee == self.acting_as);
        let held: Vec<_> = held.into_iter().map(|(_, terms)| Held::of(&terms)).collect();
        let columns = ["terms", "blocks", "purposes", "from", "until", "may give on"];
        context.output.rows(&columns, &held, |held| {
            vec![
                held.terms.to_string(),
                held.blocks.clone(),
                held.purposes.clone(),
                held.from.clone(),
                held.until.clone(),
                held.may_delegate.to_string(),
            ]
        });
        Ok(())
    }

    async fn delegate(
        &self,
        context: &Context,
        chain: &Client,
        vault: &Vault,
        person: PersonId,
        (account, secret): (&Account, &EncryptionSecret),
        args: &DelegateArgs,
    ) -> anyhow::Result<()> {
        let gift = Gift {
            subject: person,
            acting_as: self.acting_as,
            parent: TermsId(args.terms),
            grantee: args.grantee,
            blocks: args.blocks,
            purposes: args.purposes,
            until: args.until,
            may_delegate: args.may_delegate,
        };
        let given = consenting::delegate(chain, vault, account, secret, &gift).await;
        let (terms, included) = given?;
        context.output.fields(fields!({
            "to": names::show_grantee(&args.grantee),
            "terms": terms.id,
            "blocks": names::show_blocks(terms.blocks),
            "purposes": names::show_purposes(terms.purposes),
            "until": instant::show(terms.until),
            "from_terms": args.terms,
            "block": included.number,
        }));
        Ok(())
    }
}

/// Terms that a reader holds.
#[derive(Serialize)]
struct Held {
    terms: TermsId,
    blocks: String,
    purposes: String,
    from: String,
    until: String,
    may_delegate: u8,
}

impl Held {
    fn of(terms: &Terms<AccountId>) -> Self {
        Self {
            terms: terms.id,
            blocks: names::show_blocks(terms.blocks),
            purposes: names::show_purposes(terms.purposes),
            from: instant::show(terms.from),
            until: instant::show(terms.until),
            may_delegate: terms.may_delegate,
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
    vault: &Vault,
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
    corrections::note_read(context, *record)?;
    let notice = corrections::changed(chain, record, facts.status).await?;
    context.output.fields(fields!({
        "record": record,
        "notice": notice,
        "written": out,
        "bytes": opened.bytes,
        "verified": "BLAKE3 of the sealed bytes is the record's id on chain",
        "log_line": opened.log_index,
        "vault": vault.target().region.to_string(),
    }));
    Ok(())
}
