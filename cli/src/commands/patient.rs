//! A person: keys, consents, the own file and its access log.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kanglian_primitives::{
    Author, BusinessBlockId, BusinessBlockSet, Grantee, Instant, InstitutionId, PersonId, RecordId,
    ReferralId, RegionCode, SchemaId, TermsId, payloads, payloads::AttestationBody,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Call, Client, calls},
    keys::Account,
    vault::Ask,
};

use super::{
    codes, corrections,
    custody::{self, Custody},
    emergency,
    guardians::{Guarding, TakeOverArgs},
    institution::share_items,
    patient_args::{GrantArgs, RequestArgs},
    patient_view,
    proxies::{self, Proxying},
    reader,
    recovery::OfPerson as Recovery,
    referrals,
};
use crate::{
    consenting::{self, Wish},
    context::{self, Context},
    enrolment::EnrolmentRequest,
    fault::Fault,
    input, instant, names,
    sharing::Sharer,
    shown::fields,
};

/// What a person can do, and with which keys.
#[derive(Debug, Args)]
pub struct Patient {
    /// The person's account: a name or a key file
    #[arg(long, global = true, default_value = "patient")]
    account: String,
    /// The person's secret: a name or a file
    #[arg(long, global = true, default_value = "patient")]
    secret: String,
    /// Act for this person, as guardian or proxy, with the own account; a guardian who holds the
    /// person's keys uses these instead
    #[arg(long = "for", global = true, value_name = "PERSON")]
    represented: Option<PersonId>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an account and a secret, each in its encrypted file
    Init,
    /// Write the enrolment request to hand to the institution
    Request(RequestArgs),
    /// Show the own identity, keys, consents and balance
    Show,
    /// Let somebody read
    Grant(GrantArgs),
    /// End terms and whatever was given on from them
    Revoke {
        /// To whom they were given
        #[arg(value_parser = names::grantee)]
        grantee: Grantee<AccountId>,
        /// Their number, as `show` lists it
        terms: u64,
    },
    /// Codes to hand to a doctor or a care team
    #[command(subcommand)]
    Code(codes::Issuing),
    /// Go to somebody else: offer oneself with access to records, which ends with the referral
    Refer(referrals::ReferArgs),
    /// List the own referrals, whoever made them
    Referrals,
    /// Close a referral of one's own: all its access ends
    CloseReferral {
        /// Its number, as `referrals` lists it
        referral: u32,
    },
    /// Let an institution write into business blocks; none ends it
    AllowWriting {
        /// The institution
        institution: InstitutionId,
        /// Business blocks; leave out to end it
        #[arg(long, value_parser = names::blocks, requires = "until")]
        blocks: Option<BusinessBlockSet>,
        /// Until when
        #[arg(long, value_parser = instant::parse, requires = "blocks")]
        until: Option<Instant>,
    },
    /// Publish a new scope key of a block and seal it to those who still may read
    RotateScopeKey {
        /// Business block
        #[arg(value_parser = names::block)]
        block: BusinessBlockId,
    },
    /// Hand the identity to another account: the new one signs, the old one sends
    RotateController {
        /// The new account: a name or file; made when there is none
        new: String,
    },
    /// Publish a new key for grants from others; its secret goes to a new file
    RotateDataKey {
        /// Name or new file for the secret
        name: String,
    },
    /// Make another province the home
    MoveRegion {
        /// Its code
        region: RegionCode,
    },
    /// Refuse a record that was shared in the own name, for good
    Reject {
        /// The record
        record: RecordId,
    },
    /// List the own file, as a vault gives it
    File,
    /// Fetch and open a record of the own file
    Open {
        /// The record
        record: RecordId,
        /// Where to write it
        #[arg(long)]
        out: PathBuf,
    },
    /// List who read or tried to, with every line proved against the chain
    Log {
        /// The province whose vault is asked; the home province by default
        #[arg(long)]
        region: Option<RegionCode>,
    },
    /// Custodians of the own secret: deal, look, have it proved, print the kit
    #[command(subcommand)]
    Custody(Custody),
    /// Guardians: ask to be one, enrol a newborn, list
    #[command(subcommand)]
    Guardian(Guarding),
    /// Proxies: let somebody act in one's place, in some things, for a while
    #[command(subcommand)]
    Proxy(Proxying),
    /// Come of age: ask for the own rights, with new keys
    TakeOver(TakeOverArgs),
    /// Wrong records: ask for their correction
    #[command(subcommand)]
    Correction(corrections::OfPerson),
    /// Lost keys: ask for a recovery with new ones, object to one, get the secret back
    #[command(subcommand)]
    Recovery(Recovery),
    /// Make an emergency summary (FHIR IPS) out of FHIR resources, to share into that block
    Summary {
        /// Where to write it
        #[arg(long)]
        out: PathBuf,
        /// Files with a resource each
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Share own records, for instance of devices
    Share {
        /// Business block
        #[arg(long, value_parser = names::block, default_value = "personal")]
        block: BusinessBlockId,
        /// Schema number; by default by each FHIR resource's type
        #[arg(long)]
        schema: Option<u32>,
        /// Count of readings that each file holds: shared as a batch
        #[arg(long)]
        count: Option<u32>,
        /// Files and folders
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
}

impl Patient {
    /// Carries out the command.
    pub async fn run(&self, context: &Context) -> anyhow::Result<()> {
        match &self.command {
            Command::Init => return self.init(context),
            Command::TakeOver(args) => return args.run(context).await,
            Command::Request(args) => return self.request(context, args).await,
            Command::Recovery(command) => {
                return command.run(context, &self.account, &self.secret).await;
            },
            _ => {},
        }
        let chain = context.chain().await?;
        let id = context.account_id(&self.account)?;
        let own = person_of(&chain, &id).await?;
        let person = match self.represented {
            Some(person) => {
                self.command.may_be_done_for_others()?;
                person
            },
            None => own,
        };
        self.command(context, &chain, person).await?;
        if !matches!(self.command, Command::Custody(_)) {
            self.warn(context, &chain, own, &id).await;
        }
        Ok(())
    }

    /// Says what the person should do about the own keys. That it cannot be asked is no failure of
    /// what was done before.
    async fn warn(&self, context: &Context, chain: &Client, person: PersonId, own: &AccountId) {
        match patient_view::warnings(context, chain, &person, own).await {
            Ok(warnings) => warnings.iter().for_each(|warning| eprintln!("kanglian: {warning}")),
            Err(error) => tracing::debug!(%error, "the state of custody cannot be read"),
        }
    }

    async fn command(
        &self,
        context: &Context,
        chain: &Client,
        person: PersonId,
    ) -> anyhow::Result<()> {
        match &self.command {
            Command::Init | Command::Request(_) | Command::Recovery(_) | Command::TakeOver(_) => {
                Ok(())
            },
            Command::Guardian(command) => {
                command.run(context, chain, (&self.account, person)).await
            },
            Command::Proxy(command) => {
                command.run(context, chain, (&self.account, &self.secret), person).await
            },
            Command::Correction(command) => {
                match command.call(context, chain, &self.account, person).await? {
                    Some((what, call)) => self.send(context, chain, &call, &what).await,
                    None => Ok(()),
                }
            },
            Command::Custody(command) => {
                let who = custody::Who { account: &self.account, secret: &self.secret, person };
                command.run(context, chain, &who).await
            },
            Command::Summary { out, paths } => {
                let resources = emergency::make_summary(&person, paths, out)?;
                context.output.fields(fields!({
                    "summary": out,
                    "resources": resources,
                    "next": "kanglian patient share --block emergency SUMMARY",
                }));
                Ok(())
            },
            Command::Show => patient_view::show(context, chain, person).await,
            Command::Grant(args) => self.grant(context, chain, person, args).await,
            Command::Revoke { grantee, terms } => {
                let call = calls::consents::revoke(grantee, TermsId(*terms));
                let what = format!("ended terms {terms} of {}", names::show_grantee(grantee));
                self.send(context, chain, &call, &what).await
            },
            Command::Code(command) => {
                let issuer = codes::Issuer { account: &self.account, secret: &self.secret, person };
                issuer.run(context, chain, command).await
            },
            Command::Refer(args) => {
                let account = context.account(&self.account)?;
                let secret = context.person_secret(&self.secret)?;
                referrals::refer(context, chain, (&account, &secret), person, args).await
            },
            Command::Referrals => referrals::list(context, chain, person).await,
            Command::CloseReferral { referral } => {
                let call = calls::referrals::close_own(ReferralId(*referral));
                self.send(context, chain, &call, &format!("closed referral {referral}")).await
            },
            Command::AllowWriting { institution, blocks, until } => {
                let blocks = blocks.unwrap_or(BusinessBlockSet::EMPTY);
                let until = until.unwrap_or_default();
                let call = calls::consents::allow_writing(*institution, blocks, until);
                let what = format!("{institution} may write into: {}", names::show_blocks(blocks));
                self.send(context, chain, &call, &what).await
            },
            Command::RotateScopeKey { block } => self.rotate(context, chain, person, *block).await,
            Command::RotateController { new } => {
                self.rotate_controller(context, chain, person, new).await
            },
            Command::RotateDataKey { name } => self.rotate_data_key(context, chain, name).await,
            Command::MoveRegion { region } => {
                let call = calls::real_name::move_region(*region);
                self.send(context, chain, &call, &format!("{region} is the home now")).await
            },
            Command::Reject { record } => {
                let call = calls::records::reject(*record);
                self.send(context, chain, &call, &format!("rejected {record}")).await
            },
            Command::File => {
                let signer = context.account(&self.account)?;
                let vault = context.vault(chain, &person, &signer).await?;
                let file = vault.whole_file(&Ask::own(person)).await?;
                reader::print_file(context, &file.records);
                Ok(())
            },
            Command::Open { record, out } => {
                let signer = context.account(&self.account)?;
                let secret = context.person_secret(&self.secret)?;
                let vault = context.vault(chain, &person, &signer).await?;
                let keys = reader::Keys::Own(secret);
                reader::fetch_to_file(context, chain, &vault, &Ask::own(person), record, &keys, out)
                    .await
            },
            Command::Log { region } => {
                let account = context.account(&self.account)?;
                patient_view::log(context, chain, &account, person, *region).await
            },
            Command::Share { block, schema, count, paths } => {
                let schema = schema.map(SchemaId);
                self.share(context, chain, person, (*block, schema, *count), paths).await
            },
        }
    }

    fn init(&self, context: &Context) -> anyhow::Result<()> {
        let account = Account::generate();
        let account_file = context.new_account(&self.account, &account)?;
        let secret = context.new_person_secret(&self.secret)?;
        context.output.fields(fields!({
            "address": account.address(),
            "account_file": account_file,
            "secret_file": secret,
            "keep": "whoever has both files and the passphrase is this person; keep copies",
        }));
        Ok(())
    }

    async fn request(&self, context: &Context, args: &RequestArgs) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        let account = context.account(&self.account)?;
        let secret = context.person_secret(&self.secret)?;
        let institution = chain.institution(&args.institution, At::Best).await?;
        let institution = institution
            .ok_or_else(|| Fault::refused(format!("{} is not on this chain", args.institution)))?;
        let genesis = chain.genesis_hash();
        let body = AttestationBody {
            person: args.person,
            controller: account.id(),
            home_region: institution.region,
            data_key: secret.data_secret(&genesis, &args.person).public(),
            scope_keys: consenting::first_scope_keys(&secret, &genesis, &args.person, args.blocks),
            attester: args.institution,
            write_blocks: args.write,
            write_until: args.write_until,
            valid_until: args.valid_until,
        };
        let request = EnrolmentRequest::sign(&genesis, &body, context::signer(&account).as_ref());
        request.write(&args.out)?;
        context.output.fields(fields!({
            "request": args.out,
            "person": args.person,
            "institution": institution.name.to_lossy(),
            "home_region": institution.region.to_string(),
            "scope_keys": names::show_blocks(args.blocks),
            "may_write": names::show_blocks(args.write),
            "write_until": instant::show(args.write_until),
        }));
        Ok(())
    }

    async fn send(
        &self,
        context: &Context,
        chain: &Client,
        call: &Call,
        what: &str,
    ) -> anyhow::Result<()> {
        let account = context.account(&self.account)?;
        let call = match self.represented {
            // Whoever is to be asked about it may be called by anybody.
            Some(_) if call.name() == "escalate" => call.clone(),
            Some(person) => calls::guardianships::act_for(person, call.clone()),
            None => call.clone(),
        };
        let included = context.send(chain, &call, &account).await?;
        context.output.fields(fields!({
            "done": what,
            "for": self.represented,
            "block": included.number,
        }));
        Ok(())
    }

    async fn grant(
        &self,
        context: &Context,
        chain: &Client,
        person: PersonId,
        args: &GrantArgs,
    ) -> anyhow::Result<()> {
        let account = context.account(&self.account)?;
        let secret = context.person_secret(&self.secret)?;
        let vault = context.vault(chain, &person, &account).await?;
        let wish = Wish {
            grantee: args.grantee,
            blocks: args.blocks,
            purposes: args.purposes,
            from: args.from,
            until: args.until,
            records_from: args.records_from.unwrap_or(0),
            records_until: args.records_until.unwrap_or(Instant::MAX),
            may_delegate: args.may_delegate,
        };
        if self.represented.is_some() {
            let by = (&account, &secret);
            let terms = proxies::prepare_for(chain, &vault, by, person, &wish).await?;
            let call = calls::consents::grant(&wish.grantee, &terms);
            let what = format!("gave terms {} to {}", terms.id, names::show_grantee(&wish.grantee));
            return self.send(context, chain, &call, &what).await;
        }
        let given = consenting::grant(chain, &vault, &account, &secret, person, &wish).await?;
        context.output.fields(fields!({
            "to": names::show_grantee(&args.grantee),
            "terms": given.id,
            "blocks": names::show_blocks(args.blocks),
            "purposes": names::show_purposes(args.purposes),
            "until": instant::show(args.until),
            "block": given.included.number,
        }));
        Ok(())
    }

    async fn rotate(
        &self,
        context: &Context,
        chain: &Client,
        person: PersonId,
        block: BusinessBlockId,
    ) -> anyhow::Result<()> {
        let account = context.account(&self.account)?;
        let secret = context.person_secret(&self.secret)?;
        let vault = context.vault(chain, &person, &account).await?;
        let rotated = consenting::rotate(chain, &vault, &account, &secret, person, block).await?;
        context.output.fields(fields!({
            "business_block": names::show_block(block),
            "epoch": rotated.epoch,
            "sealed_again_for": rotated.resealed,
            "block": rotated.included.number,
        }));
        Ok(())
    }

    async fn rotate_controller(
        &self,
        context: &Context,
        chain: &Client,
        person: PersonId,
        name: &str,
    ) -> anyhow::Result<()> {
        let old = context.account(&self.account)?;
        // Kept in its file before anything is sent, so that it cannot be lost.
        let new = match context.home.account(name)?.exists() {
            true => context.account(name)?,
            false => {
                let made = Account::generate();
                context.new_account(name, &made)?;
                made
            },
        };
        let agreed = payloads::rotate(&chain.genesis_hash(), &person, &old.id(), &new.id());
        let signature = new.multi_signature(&agreed);
        let call = calls::real_name::rotate_controller(&new.id(), &signature);
        let included = context.send(chain, &call, &old).await?;
        context.output.fields(fields!({
            "person": person,
            "controller": new.address(),
            "account_file": context.home.account(name)?,
            "block": included.number,
            "next": format!("from now on use --account {name}; coin stays with the old account"),
        }));
        Ok(())
    }

    async fn rotate_data_key(
        &self,
        context: &Context,
        chain: &Client,
        name: &str,
    ) -> anyhow::Result<()> {
        let account = context.account(&self.account)?;
        let (path, secret) = context.new_key_secret(name)?;
        let call = calls::real_name::rotate_data_key(secret.public());
        let included = context.send(chain, &call, &account).await?;
        context.output.fields(fields!({
            "data_key": secret.public().to_string(),
            "secret_file": path,
            "block": included.number,
            "next": format!(
                "read what others grant from now on with `reader --secret {name}`; earlier grants \
                 stay sealed to the earlier key"
            ),
        }));
        Ok(())
    }

    async fn share(
        &self,
        context: &Context,
        chain: &Client,
        person: PersonId,
        (block, schema, count): (BusinessBlockId, Option<SchemaId>, Option<u32>),
        paths: &[PathBuf],
    ) -> anyhow::Result<()> {
        let account = context.account(&self.account)?;
        let known = chain.person(&person, At::Best).await?;
        let known =
            known.ok_or_else(|| Fault::refused(format!("{person} is not on this chain")))?;
        let vault = context.storing_vault(chain, &person, &account).await?;
        let sharer = Sharer::new(
            chain.clone(),
            vault,
            account,
            Author::Person(person),
            known.data_key,
            person,
        )
        .await?;
        let items = input::items(paths)?;
        share_items(context, &sharer, &items, block, schema, count).await
    }
}

impl Command {
    /// What goes with `--for`.
    fn may_be_done_for_others(&self) -> Result<(), Fault> {
        let goes = matches!(
            self,
            Self::Grant(_)
                | Self::Revoke { .. }
                | Self::Referrals
                | Self::CloseReferral { .. }
                | Self::AllowWriting { .. }
                | Self::MoveRegion { .. }
                | Self::Reject { .. }
                | Self::Log { .. }
                | Self::Correction(_)
                | Self::Show
        );
        if goes {
            return Ok(());
        }
        Err(Fault::usage(
            "--for goes with show, grant, revoke, referrals, close-referral, allow-writing, \
             move-region, reject, log and correction; a guardian who holds the person's keys uses \
             --account and --secret with these",
        ))
    }
}

/// The person that an account speaks for.
pub async fn person_of(chain: &Client, account: &AccountId) -> anyhow::Result<PersonId> {
    let id = chain.person_of(account, At::Best).await?;
    id.ok_or_else(|| {
        Fault::refused(format!(
            "{account} speaks for no person yet: hand the enrolment request to an institution"
        ))
        .into()
    })
}
