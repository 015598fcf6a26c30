//! A province's pan-centre (泛中心): nominate and suspend inside the province; its custodian,
//! recoveries and emergencies.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kanglian_primitives::{
    BusinessBlockSet, EncryptionKey, Instant, InstitutionId, PersonId, VaultKey,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Call, calls, types::Profile},
};

use super::{
    corrections,
    emergency::OfPanCentre as Emergency,
    guardians,
    import::{self, ImportArgs},
    recovery::OfPanCentre as Recovery,
};
use crate::{context::Context, csv, fault::Fault, files, instant, names, shown::fields};

/// What a pan-centre can do, and with which account.
#[derive(Debug, Args)]
pub struct PanCentre {
    /// The pan-centre's account: a name, a key file, or //Name on a local chain
    #[arg(long, global = true, default_value = "pan-centre")]
    account: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Nominate an institution of the province; the council permits it
    Nominate(ProfileArgs),
    /// Nominate institutions from a CSV file, 64 in one extrinsic, each of them all or none
    #[command(after_help = "Columns, in any order: id, kind, name, controller, encryption_key, \
                            blocks (with ; between them), valid_until.")]
    NominateBatch {
        /// The file
        file: PathBuf,
    },
    /// Nominate institutions from a CSV file of any length: wrong rows go to a file, what is on chain
    /// is passed over
    #[command(after_help = "Columns, in any order: id, kind, name, controller, encryption_key, \
                            blocks (with ; between them), valid_until.")]
    ImportInstitutions(ImportArgs),
    /// Withdraw a nomination
    Withdraw {
        /// The institution's code
        institution: InstitutionId,
    },
    /// Suspend an institution of the province at once
    Suspend {
        /// Its code
        institution: InstitutionId,
    },
    /// Suspend a practitioner at an institution of the province at once
    SuspendPractitioner {
        /// The institution's code
        institution: InstitutionId,
        /// The practitioner's account
        practitioner: AccountId,
    },
    /// Suspend the identity of a person of the province at once
    SuspendPerson {
        /// The person
        person: PersonId,
    },
    /// List links of ids that wait for a pan-centre, because the alias's key is lost
    Links,
    /// Approve a link in place of the alias's account, after a check of one's own
    ApproveLink {
        /// The id that becomes another name
        alias: PersonId,
    },
    /// End a wrong link, a wrong new id, or a request for a link
    UndoAlias {
        /// The id that is another name
        alias: PersonId,
    },
    /// Who keeps shares of people's secrets for the province
    #[command(subcommand)]
    Custodian(Custodian),
    /// Recoveries of lost keys
    #[command(subcommand)]
    Recovery(Recovery),
    /// Emergencies at the province's institutions
    #[command(subcommand)]
    Emergency(Emergency),
    /// Guardianships of the province's people
    #[command(subcommand)]
    Guardian(guardians::OfPanCentre),
    /// Requests to correct records that institutions did not decide in time
    #[command(subcommand)]
    Correction(corrections::OfPanCentre),
    /// Name another key and address of the province's vault
    UpdateVault {
        /// ed25519 key
        #[arg(long)]
        key: VaultKey,
        /// Address
        #[arg(long)]
        url: url::Url,
    },
}

#[derive(Debug, Subcommand)]
enum Custodian {
    /// Appoint the custodian, or give it another account or key: then people deal anew
    Set {
        /// Its account
        custodian: AccountId,
        /// The key that shares are sealed to, as `kanglian-custodian keygen` prints it
        #[arg(long)]
        key: EncryptionKey,
    },
    /// Dismiss the custodian
    Remove,
    /// List all provinces' custodians
    List,
}

#[derive(Debug, Args)]
struct ProfileArgs {
    /// Unified Social Credit Code, with -N for site N
    id: InstitutionId,
    /// Class (WS 218), such as A1
    #[arg(long)]
    kind: String,
    /// Name
    #[arg(long)]
    name: String,
    /// The account that is to speak for it
    #[arg(long)]
    controller: AccountId,
    /// Its encryption key
    #[arg(long)]
    encryption_key: EncryptionKey,
    /// Business blocks it may write into
    #[arg(long, value_parser = names::blocks)]
    blocks: BusinessBlockSet,
    /// Until when it may be permitted
    #[arg(long, value_parser = instant::parse)]
    until: Instant,
}

impl From<csv::Profile> for Profile {
    fn from(profile: csv::Profile) -> Self {
        Self {
            id: profile.id,
            kind: profile.kind.into(),
            name: profile.name.into(),
            controller: profile.controller,
            encryption_key: profile.encryption_key,
            blocks: profile.blocks,
            valid_until: profile.valid_until,
        }
    }
}

impl PanCentre {
    /// Carries out the command.
    pub async fn run(&self, context: &Context) -> anyhow::Result<()> {
        match &self.command {
            Command::Recovery(command) => return command.run(context, &self.account).await,
            Command::Emergency(command) => return command.run(context, &self.account).await,
            Command::Links => return super::aliases::waiting(context).await,
            Command::Custodian(Custodian::List) => return list_custodians(context).await,
            Command::Correction(corrections::OfPanCentre::List) => {
                return corrections::OfPanCentre::list(context).await;
            },
            Command::ImportInstitutions(args) => {
                return import::institutions(context, &self.account, args).await;
            },
            _ => {},
        }
        for (what, call) in self.calls()? {
            let chain = context.chain().await?;
            let account = context.account(&self.account)?;
            let included = context.send(&chain, &call, &account).await?;
            context.output.fields(fields!({
                "done": what,
                "call": call.to_string(),
                "block": included.number,
            }));
        }
        Ok(())
    }

    /// What is to be sent, each with its words.
    fn calls(&self) -> anyhow::Result<Vec<(String, Call)>> {
        let one = |what: String, call: Call| Ok(vec![(what, call)]);
        match &self.command {
            Command::Nominate(args) => {
                let profile = Profile {
                    id: args.id,
                    kind: args.kind.as_str().into(),
                    name: args.name.as_str().into(),
                    controller: args.controller,
                    encryption_key: args.encryption_key,
                    blocks: args.blocks,
                    valid_until: args.until,
                };
                one(format!("nominated {}", args.id), calls::institutions::nominate(&profile))
            },
            Command::NominateBatch { file } => {
                let bytes = files::read_small(file)?;
                let text = std::str::from_utf8(&bytes)
                    .map_err(|_| Fault::usage(format!("{}: not UTF-8", file.display())))?;
                let profiles: Vec<Profile> =
                    csv::profiles(text)?.into_iter().map(Profile::from).collect();
                Ok(profiles
                    .chunks(import::INSTITUTIONS)
                    .map(|chunk| {
                        let what = format!("nominated {} institutions", chunk.len());
                        (what, calls::institutions::nominate_batch(chunk))
                    })
                    .collect())
            },
            Command::Withdraw { institution } => one(
                format!("withdrew the nomination of {institution}"),
                calls::institutions::withdraw(*institution),
            ),
            Command::Suspend { institution } => {
                one(format!("suspended {institution}"), calls::institutions::suspend(*institution))
            },
            Command::SuspendPractitioner { institution, practitioner } => one(
                format!("suspended {practitioner} at {institution}"),
                calls::institutions::suspend_practitioner(*institution, practitioner),
            ),
            Command::SuspendPerson { person } => {
                one(format!("suspended {person}"), calls::real_name::suspend(*person))
            },
            Command::ApproveLink { alias } => {
                one(format!("{alias} is another name now"), calls::real_name::approve_link(*alias))
            },
            Command::UndoAlias { alias } => one(
                format!("{alias} is no other name any more"),
                calls::real_name::undo_alias(*alias),
            ),
            Command::Custodian(Custodian::Set { custodian, key }) => one(
                format!("{custodian} is the custodian"),
                calls::key_custody::set_custodian(custodian, *key),
            ),
            Command::Custodian(Custodian::Remove) => {
                one("dismissed the custodian".to_owned(), calls::key_custody::remove_custodian())
            },
            Command::Guardian(command) => {
                let (what, call) = command.call();
                one(what, call)
            },
            Command::Correction(command) => match command.call() {
                Some((what, call)) => one(what, call),
                None => anyhow::bail!("this command is not one call"),
            },
            Command::Custodian(Custodian::List)
            | Command::Links
            | Command::Recovery(_)
            | Command::Emergency(_)
            | Command::ImportInstitutions(_) => {
                anyhow::bail!("this command is not one call")
            },
            Command::UpdateVault { key, url } => one(
                format!("the vault is now at {url}"),
                calls::regions::update_vault(*key, url.as_str().trim_end_matches('/')),
            ),
        }
    }
}

async fn list_custodians(context: &Context) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let active = chain.active_custodians(At::Best).await?;
    let rows: Vec<_> = chain
        .custodians(At::Best)
        .await?
        .into_iter()
        .map(|(region, custodian)| {
            let counts = active.iter().any(|(known, _)| *known == region);
            (region, custodian, counts)
        })
        .collect();
    let columns = ["region", "account", "key", "since", "region is active"];
    context.output.rows(&columns, &rows, |(region, custodian, counts)| {
        vec![
            region.to_string(),
            custodian.account.to_string(),
            custodian.key.to_string(),
            instant::show(custodian.since),
            if *counts { "yes" } else { "no" }.to_owned(),
        ]
    });
    Ok(())
}
