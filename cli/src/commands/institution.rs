//! An institution: its people and teams, enrolment of patients, sharing of records.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kanglian_primitives::{
    Author, BusinessBlockId, EncryptionKey, Instant, InstitutionId, PersonId, RecordId, SchemaId,
    TeamId,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Call, Client, calls, types::Role},
    keys::Account,
};

use super::{
    aliases, corrections, guardians,
    identity::{self, OutcomeArgs, PersonIdArgs},
    import::{self, ImportArgs, PatientsArgs},
    intake::Intake,
    recovery::OfInstitution as Recovery,
    work::Publishing,
};
use crate::{
    context::Context,
    fault::Fault,
    input, instant, names, output,
    request::EnrolmentRequest,
    sharing::{Shared, Sharer},
    shown::fields,
};

/// What an institution can do, and with which account.
#[derive(Debug, Args)]
pub struct Institution {
    /// The institution's account: a name or a key file
    #[arg(long, global = true, default_value = "institution")]
    account: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show an institution; without a code, the one the account speaks for
    Show {
        /// Its code
        institution: Option<InstitutionId>,
    },
    /// Register a practitioner, or change what is said of one
    AddPractitioner {
        /// Their account
        practitioner: AccountId,
        /// doctor, nurse, pharmacist, technician, researcher or administrator
        #[arg(long)]
        role: Role,
        /// Their encryption key
        #[arg(long)]
        encryption_key: EncryptionKey,
        /// Until when they practise here
        #[arg(long, value_parser = instant::parse)]
        until: Instant,
    },
    /// End a practitioner's work here
    RemovePractitioner {
        /// Their account
        practitioner: AccountId,
    },
    /// Care teams
    #[command(subcommand)]
    Team(Team),
    /// Publish another encryption key
    SetEncryptionKey {
        /// The key
        key: EncryptionKey,
    },
    /// Give the id of the person with a document, whose number is asked for without echo
    PersonId(PersonIdArgs),
    /// Tell the registrars what became of an evaluation, or list those that are open
    Outcome(OutcomeArgs),
    /// Enrol a patient: attest with the request that the patient signed
    Enrol {
        /// The request file
        request: PathBuf,
        /// A newborn's guardian: the request that the guardian signed; both or none count
        #[arg(long)]
        guardian: Option<PathBuf>,
    },
    /// Guardians: attest one, let a ward take over
    #[command(subcommand)]
    Guardian(guardians::OfInstitution),
    /// Requests to correct own records
    #[command(subcommand)]
    Correction(corrections::OfInstitution),
    /// Extend a person's identity
    Renew {
        /// The person
        person: PersonId,
        /// Until when
        #[arg(value_parser = instant::parse)]
        until: Instant,
    },
    /// Vouch again for a person whose attestation is void or expired
    ReAttest {
        /// The person
        person: PersonId,
    },
    /// Link two ids of one person whose both documents were seen: with the request of the account
    /// that stays, and the other's when its key is not lost
    Link {
        /// The request files
        #[arg(required = true, num_args = 1..=2)]
        requests: Vec<PathBuf>,
    },
    /// Add the id that a new generation of registrars gives for a person's document
    Migrate {
        /// The request file
        request: PathBuf,
    },
    /// Lost keys of a person who was identified
    #[command(subcommand)]
    Recovery(Recovery),
    /// Share records: files, or folders of FHIR resources as JSON or NDJSON
    Share(ShareArgs),
    /// Public works: publish, endorse, supersede, retract
    #[command(subcommand)]
    Work(Publishing),
    /// Take in what the hospital's systems deliver, and share it when chain and vaults are there
    #[command(subcommand)]
    Intake(Intake),
    /// Register practitioners from a CSV file: wrong rows go to a file, what is on chain is passed over
    #[command(after_help = "Columns, in any order: account, role, encryption_key, valid_until.")]
    ImportPractitioners(ImportArgs),
    /// Enrol patients by the requests that a CSV file lists
    #[command(after_help = "Columns, in any order: request (file, beside the list), id (what the \
                            hospital calls the patient; may be empty).")]
    ImportPatients(PatientsArgs),
    /// Share a record in the place of an older one
    Supersede {
        /// The older record
        old: RecordId,
        /// The newer one's file
        file: PathBuf,
        /// Schema number; by default by the FHIR resource's type
        #[arg(long)]
        schema: Option<u32>,
    },
}

#[derive(Debug, Subcommand)]
enum Team {
    /// Show a team
    Show {
        /// The institution's code
        institution: InstitutionId,
        /// The team's number
        team: u32,
    },
    /// Found a team
    Create {
        /// Its number
        team: u32,
        /// Its name
        #[arg(long)]
        name: String,
        /// Its encryption key
        #[arg(long)]
        encryption_key: EncryptionKey,
    },
    /// Add a practitioner
    Add {
        /// The team's number
        team: u32,
        /// The practitioner's account
        practitioner: AccountId,
    },
    /// Remove a member
    Remove {
        /// The team's number
        team: u32,
        /// The member's account
        practitioner: AccountId,
    },
    /// Dissolve a team
    Dissolve {
        /// Its number
        team: u32,
    },
}

#[derive(Debug, Args)]
struct ShareArgs {
    /// Whose records they are
    #[arg(long)]
    person: PersonId,
    /// Business block
    #[arg(long, value_parser = names::block, default_value = "medical")]
    block: BusinessBlockId,
    /// Schema number for all of them; by default by each FHIR resource's type
    #[arg(long)]
    schema: Option<u32>,
    /// Count of readings that each file holds: shared as a batch
    #[arg(long)]
    count: Option<u32>,
    /// Files and folders
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

impl Institution {
    /// Carries out the command.
    pub async fn run(&self, context: &Context) -> anyhow::Result<()> {
        match &self.command {
            Command::Show { institution } => return self.show(context, *institution).await,
            Command::Team(Team::Show { institution, team }) => {
                return show_team(context, *institution, TeamId(*team)).await;
            },
            Command::PersonId(args) => {
                return identity::person_id(context, &self.account, args).await;
            },
            Command::Outcome(args) => return identity::outcome(context, &self.account, args).await,
            Command::Enrol { request, guardian: None } => {
                return self.enrol(context, request).await;
            },
            Command::Enrol { request, guardian: Some(guardian) } => {
                return guardians::enrol_newborn(context, &self.account, request, guardian).await;
            },
            Command::Guardian(command) => return command.run(context, &self.account).await,
            Command::Correction(command) => return command.run(context, &self.account).await,
            Command::Link { requests } => {
                return aliases::link(context, &self.account, requests).await;
            },
            Command::Migrate { request } => {
                return aliases::migrate(context, &self.account, request).await;
            },
            Command::Recovery(command) => return command.run(context, &self.account).await,
            Command::Share(args) => return self.share(context, args).await,
            Command::Work(command) => return command.run(context, &self.account).await,
            Command::Intake(command) => return command.run(context, &self.account).await,
            Command::ImportPractitioners(args) => {
                return import::practitioners(context, &self.account, args).await;
            },
            Command::ImportPatients(args) => {
                return import::patients(context, &self.account, args).await;
            },
            Command::Supersede { old, file, schema } => {
                return self.supersede(context, *old, file, schema.map(SchemaId)).await;
            },
            _ => {},
        }
        let chain = context.chain().await?;
        let account = context.account(&self.account)?;
        let (what, call) = self.command.call()?;
        let included = context.send(&chain, &call, &account).await?;
        context.output.fields(fields!({ "done": what, "block": included.number }));
        Ok(())
    }

    async fn show(&self, context: &Context, id: Option<InstitutionId>) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        let id = match id {
            Some(id) => id,
            None => institution_of(&chain, &context.account_id(&self.account)?).await?,
        };
        let found = chain.institution(&id, At::Best).await?;
        let found = found.ok_or_else(|| Fault::refused(format!("{id} is not on this chain")))?;
        let everybody = chain.practitioners(At::Best).await?;
        let practitioners: Vec<_> = everybody
            .iter()
            .filter(|((_, institution), _)| *institution == id)
            .map(|((account, _), practitioner)| {
                fields!({
                    "account": account.to_string(),
                    "role": practitioner.role.to_string(),
                    "until": instant::show(practitioner.valid_until),
                    "status": practitioner.status.to_string(),
                })
            })
            .collect();
        let teams = chain.teams(&id, At::Best).await?;
        let teams: Vec<_> = teams
            .iter()
            .map(|(team, found)| {
                fields!({
                    "team": team,
                    "name": found.name.to_lossy(),
                    "members": found.members.len(),
                })
            })
            .collect();
        context.output.fields(fields!({
            "institution": id,
            "name": found.name.to_lossy(),
            "kind": found.kind.to_lossy(),
            "region": found.region.to_string(),
            "status": found.status.to_string(),
            "valid_until": instant::show(found.valid_until),
            "blocks": names::show_blocks(found.blocks),
            "controller": found.controller.to_string(),
            "encryption_key": found.encryption_key.to_string(),
            "balance": output::hmc(chain.account(&found.controller, At::Best).await?.data.free),
            "practitioners": practitioners,
            "teams": teams,
        }));
        Ok(())
    }

    async fn enrol(&self, context: &Context, request: &std::path::Path) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        let account = context.account(&self.account)?;
        let request = EnrolmentRequest::read(request)?;
        let signature = request.checked_signature(&chain.genesis_hash())?;
        let own = institution_of(&chain, &account.id()).await?;
        if request.body().attester != own {
            return Err(Fault::refused(format!(
                "the request names {} as the enrolling institution; the account speaks for {own}",
                request.body().attester
            ))
            .into());
        }
        let generation = chain.generation(At::Best).await?;
        if request.generation() != generation {
            return Err(Fault::refused(format!(
                "the request is for an id of the registrars' generation {}, {generation} is in \
                 force: have the document evaluated again, and the patient sign anew",
                request.generation()
            ))
            .into());
        }
        identity::not_enrolled_yet(context, &chain, &account, &request.body().person).await?;
        let call =
            calls::real_name::attest(request.body().person, &request.attestation(), &signature);
        let included = context.send(&chain, &call, &account).await?;
        let outcome = identity::attested(context, &chain, &account, &request.body().person).await;
        context.output.fields(fields!({
            "enrolled": request.body().person,
            "controller": request.body().controller.to_string(),
            "may_write": names::show_blocks(request.body().write_blocks),
            "until": instant::show(request.body().write_until),
            "evaluation": outcome,
            "next": "the person deals the secret to custodians: kanglian patient custody deal",
            "block": included.number,
        }));
        Ok(())
    }

    async fn sharer(&self, context: &Context, person: PersonId) -> anyhow::Result<Sharer> {
        let chain = context.chain().await?;
        let account = context.account(&self.account)?;
        sharer_of(context, chain, account, person).await
    }

    async fn share(&self, context: &Context, args: &ShareArgs) -> anyhow::Result<()> {
        let items = input::items(&args.paths)?;
        let sharer = self.sharer(context, args.person).await?;
        let schema = args.schema.map(SchemaId);
        share_items(context, &sharer, &items, args.block, schema, args.count).await
    }

    async fn supersede(
        &self,
        context: &Context,
        old: RecordId,
        file: &std::path::Path,
        schema: Option<SchemaId>,
    ) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        let facts = chain.record(&old, At::Best).await?;
        let facts = facts.ok_or_else(|| Fault::refused(format!("{old} is not on this chain")))?;
        let items = input::items(&[file.to_owned()])?;
        let [item] = items.as_slice() else {
            return Err(Fault::usage("a record is superseded by one file with one record").into());
        };
        let sharer = self.sharer(context, facts.subject).await?;
        let shared = sharer.supersede(old, item, facts.block, schema).await?;
        print_shared(context, &[shared]);
        Ok(())
    }
}

/// Whoever shares records of a person as the institution that the account speaks for.
pub async fn sharer_of(
    context: &Context,
    chain: Client,
    account: Account,
    person: PersonId,
) -> anyhow::Result<Sharer> {
    let own = institution_of(&chain, &account.id()).await?;
    let known = chain.institution(&own, At::Best).await?;
    let known = known.ok_or_else(|| Fault::refused(format!("{own} is not on this chain")))?;
    let vault = context.storing_vault(&chain, &person, &account).await?;
    let author = Author::Institution(own);
    Sharer::new(chain, vault, account, author, known.encryption_key, person).await
}

/// Shares records and prints them; what succeeded is printed also when something failed.
pub async fn share_items(
    context: &Context,
    sharer: &Sharer,
    items: &[input::Item],
    block: BusinessBlockId,
    schema: Option<SchemaId>,
    count: Option<u32>,
) -> anyhow::Result<()> {
    let bar = context.output.count_bar(items.len() as u64, "sharing");
    let (shared, outcome) = sharer.share_all(items, block, schema, count, &bar).await;
    bar.finish_and_clear();
    if outcome.is_ok() || !shared.is_empty() {
        print_shared(context, &shared);
    }
    outcome
}

/// Prints what was shared.
fn print_shared(context: &Context, shared: &[Shared]) {
    let columns = ["file", "record", "schema", "sealed bytes", "stored in", "block", "paid"];
    context.output.rows(&columns, shared, |one| {
        let regions: Vec<_> = one.stored_in.iter().map(ToString::to_string).collect();
        vec![
            one.name.clone(),
            one.record.to_string(),
            one.schema.to_string(),
            one.size.to_string(),
            regions.join(", "),
            one.block.to_string(),
            output::hmc(one.paid),
        ]
    });
}

async fn show_team(context: &Context, id: InstitutionId, team: TeamId) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let found = chain.team(&id, team, At::Best).await?;
    let found = found.ok_or_else(|| Fault::refused(format!("{id} has no team {team}")))?;
    let members: Vec<_> = found.members.iter().map(ToString::to_string).collect();
    context.output.fields(fields!({
        "institution": id,
        "team": team,
        "name": found.name.to_lossy(),
        "encryption_key": found.encryption_key.to_string(),
        "members": members,
    }));
    Ok(())
}

/// The institution that an account speaks for.
pub async fn institution_of(chain: &Client, account: &AccountId) -> anyhow::Result<InstitutionId> {
    let id = chain.institution_of(account, At::Best).await?;
    id.ok_or_else(|| Fault::refused(format!("{account} speaks for no institution")).into())
}

impl Command {
    /// The call of the commands that are one, in words too.
    fn call(&self) -> anyhow::Result<(String, Call)> {
        use calls::{institutions, real_name};
        Ok(match self {
            Self::AddPractitioner { practitioner, role, encryption_key, until } => (
                format!("{practitioner} practises as {role} until {}", instant::show(*until)),
                institutions::add_practitioner(practitioner, *role, *encryption_key, *until),
            ),
            Self::RemovePractitioner { practitioner } => (
                format!("{practitioner} no longer practises here"),
                institutions::remove_practitioner(practitioner),
            ),
            Self::SetEncryptionKey { key } => {
                (format!("published {key}"), institutions::set_encryption_key(*key))
            },
            Self::Renew { person, until } => (
                format!("{person} is valid until {}", instant::show(*until)),
                real_name::renew(*person, *until),
            ),
            Self::ReAttest { person } => {
                (format!("vouched for {person} again"), real_name::re_attest(*person))
            },
            Self::Team(Team::Create { team, name, encryption_key }) => (
                format!("founded team {team}"),
                institutions::create_team(TeamId(*team), name, *encryption_key),
            ),
            Self::Team(Team::Add { team, practitioner }) => (
                format!("{practitioner} is in team {team}"),
                institutions::add_team_member(TeamId(*team), practitioner),
            ),
            Self::Team(Team::Remove { team, practitioner }) => (
                format!("{practitioner} is no longer in team {team}"),
                institutions::remove_team_member(TeamId(*team), practitioner),
            ),
            Self::Team(Team::Dissolve { team }) => {
                (format!("dissolved team {team}"), institutions::dissolve_team(TeamId(*team)))
            },
            Self::Show { .. }
            | Self::Team(Team::Show { .. })
            | Self::PersonId(_)
            | Self::Outcome(_)
            | Self::Enrol { .. }
            | Self::Guardian(_)
            | Self::Correction(_)
            | Self::Link { .. }
            | Self::Migrate { .. }
            | Self::Recovery(_)
            | Self::Share(_)
            | Self::Work(_)
            | Self::Intake(_)
            | Self::ImportPractitioners(_)
            | Self::ImportPatients(_)
            | Self::Supersede { .. } => anyhow::bail!("this command is not one call"),
        })
    }
}
