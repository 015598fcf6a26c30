//! Lost keys: the person asks with new ones, an institution opens, pan-centres approve, the old key may
//! object, anybody carries it out, the person collects.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Subcommand};
use kanglian_primitives::{
    CaseRef, InstitutionId, PersonId, Recovery, RecoveryId, RecoveryStatus, payloads::RecoveryBody,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client, calls::key_custody},
    keys::Account,
};

use super::patient::person_of;
use crate::{
    context::{self, Context},
    custody,
    fault::Fault,
    files, instant, output, renewal,
    request::RecoveryRequest,
    shown::{Shown, fields},
};

/// What the person does, with the new keys or against them.
#[derive(Debug, Subcommand)]
pub enum OfPerson {
    /// On a new device: make new keys and the request file to hand to an institution
    Request {
        /// The own id, as the recovery kit or the institution's registrar gives it
        #[arg(long)]
        person: PersonId,
        /// The institution that is to open the recovery; no other can use the request
        #[arg(long)]
        institution: InstitutionId,
        /// Where to write the request
        #[arg(long, default_value = "recovery.json")]
        out: PathBuf,
    },
    /// Show the last recovery of the own keys
    Show,
    /// With the present keys: object to a recovery that somebody else asked for
    Veto,
    /// End a recovery whose time is over: the present keys act again
    End,
    /// Carry out an approved recovery after its delay
    Execute {
        /// Its number
        recovery: u64,
    },
    /// With the new keys: move what reached the former account since, such as deposits given back
    Coins,
    /// With the new keys: fetch what custodians handed over and get the secret back
    Collect {
        /// Seconds to wait for the custodians
        #[arg(long, default_value_t = 120,
            value_parser = clap::value_parser!(u64).range(0..=86_400))]
        wait: u64,
    },
}

/// What an institution does.
#[derive(Debug, Subcommand)]
pub enum OfInstitution {
    /// Open the recovery of a person who was identified, with the person's request file
    Open {
        /// The request file
        request: PathBuf,
    },
    /// Take a recovery back
    Withdraw(Number),
    /// Carry out an approved recovery after its delay
    Execute(Number),
    /// Show a recovery
    Show(Number),
}

/// What a pan-centre does.
#[derive(Debug, Subcommand)]
pub enum OfPanCentre {
    /// List recoveries that are not over
    List {
        /// Those that are over too
        #[arg(long)]
        all: bool,
    },
    /// Approve a recovery after a check of the own
    Approve(Number),
    /// Record the hearing after a veto, by the salted hash of its minutes
    Hear {
        /// The recovery's number
        recovery: u64,
        /// File with the minutes; they stay here
        #[arg(long)]
        minutes: PathBuf,
    },
    /// End a recovery that should not be
    Dismiss(Number),
    /// End a recovery whose time is over: the person's present keys act again
    End(Number),
    /// Carry out an approved recovery after its delay
    Execute(Number),
}

/// Which recovery.
#[derive(Clone, Copy, Debug, Args)]
pub struct Number {
    /// The recovery's number
    recovery: u64,
}

/// A recovery as it is printed.
pub fn shown(id: RecoveryId, recovery: &Recovery<AccountId>) -> Shown {
    let approvals: Vec<_> = recovery.approvals.iter().map(ToString::to_string).collect();
    let handed: Vec<_> = recovery.handed_over.iter().map(|over| over.region.to_string()).collect();
    fields!({
        "recovery": id,
        "person": recovery.person,
        "status": status_name(recovery.status),
        "institution": recovery.institution,
        "opened_in": recovery.region,
        "opened_at": instant::show(recovery.opened_at),
        "new_controller": recovery.new_controller.to_string(),
        "approvals": approvals,
        "needed": recovery.bar,
        "executable_from": instant::show(recovery.executable_from),
        "expires_at": instant::show(recovery.expires_at),
        "hearing": recovery.hearing.map(|hash| format!("0x{}", hex::encode(hash))),
        "handed_over_by": handed,
    })
}

fn status_name(status: RecoveryStatus) -> &'static str {
    match status {
        RecoveryStatus::Open => "open",
        RecoveryStatus::Contested => "contested",
        RecoveryStatus::Executed => "executed",
        RecoveryStatus::Dismissed => "dismissed",
        RecoveryStatus::Withdrawn => "withdrawn",
        RecoveryStatus::Lapsed => "lapsed",
    }
}

async fn known(chain: &Client, id: RecoveryId) -> anyhow::Result<Recovery<AccountId>> {
    let found = chain.recovery(id, At::Best).await?;
    found.ok_or_else(|| Fault::refused(format!("there is no recovery {id}")).into())
}

/// Sends a call about a recovery and prints how the recovery stands then.
async fn send(
    context: &Context,
    chain: &Client,
    account: &Account,
    what: &str,
    id: RecoveryId,
    call: &kanglian_sdk::chain::Call,
) -> anyhow::Result<()> {
    let included = context.send(chain, call, account).await?;
    let now = chain.recovery(id, At::Hash(included.block)).await?;
    context.output.fields(fields!({
        "done": what,
        "recovery": id,
        "state": now.as_ref().map(|recovery| shown(id, recovery)),
        "block": included.number,
    }));
    Ok(())
}

/// Carries a recovery out.
async fn execute(context: &Context, account: &str, number: u64) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let account = context.account(account)?;
    let id = RecoveryId(number);
    let call = key_custody::execute_recovery(id);
    send(context, &chain, &account, "executed", id, &call).await
}

impl OfPerson {
    /// Carries out the command; `account` and `secret` are names or files; `deal` says whether what
    /// comes back is dealt anew.
    pub async fn run(
        &self,
        context: &Context,
        account: &str,
        secret: &str,
        deal: bool,
    ) -> anyhow::Result<()> {
        match self {
            Self::Request { person, institution, out } => {
                request(context, account, secret, (*person, *institution), out).await
            },
            Self::Execute { recovery } => execute(context, account, *recovery).await,
            Self::Show => {
                let chain = context.chain().await?;
                let person = person_of(&chain, &context.account_id(account)?).await?;
                let id = last(&chain, &person).await?;
                context.output.fields(shown(id, &known(&chain, id).await?));
                Ok(())
            },
            Self::Veto => {
                let chain = context.chain().await?;
                let account = context.account(account)?;
                let person = person_of(&chain, &account.id()).await?;
                let id = last(&chain, &person).await?;
                let call = key_custody::veto_recovery(id);
                send(context, &chain, &account, "vetoed", id, &call).await
            },
            Self::End => {
                let chain = context.chain().await?;
                let account = context.account(account)?;
                let person = person_of(&chain, &account.id()).await?;
                let id = last(&chain, &person).await?;
                let call = key_custody::prune_case(CaseRef::Recovery(id));
                send(context, &chain, &account, "ended", id, &call).await
            },
            Self::Coins => coins(context, account).await,
            Self::Collect { wait } => {
                let how = (Duration::from_secs(*wait), deal);
                collect(context, account, secret, how).await
            },
        }
    }
}

/// Moves what the account that the last recovery replaced has to the person's present one.
async fn coins(context: &Context, account: &str) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let account = context.account(account)?;
    let person = person_of(&chain, &account.id()).await?;
    let id = last(&chain, &person).await?;
    let former = known(&chain, id).await?.old_controller;
    let included = context.send(&chain, &key_custody::collect_coins(&former), &account).await?;
    let balance = chain.account(&account.id(), At::Hash(included.block)).await?.data.free;
    context.output.fields(fields!({
        "from": former.to_string(),
        "to": account.address(),
        "balance": output::hmc(balance),
        "block": included.number,
    }));
    Ok(())
}

async fn last(chain: &Client, person: &PersonId) -> anyhow::Result<RecoveryId> {
    let id = chain.recovery_of(person, At::Best).await?;
    id.ok_or_else(|| Fault::refused("no recovery of these keys was ever opened").into())
}

/// Names of the two new keys' files.
fn data_name(secret: &str) -> String {
    format!("{}-data", secret.trim_end_matches(".json"))
}

fn reseal_name(secret: &str) -> String {
    format!("{}-reseal", secret.trim_end_matches(".json"))
}

/// The name of a key's file beside that of the secret: a name, or a path when that is one.
fn beside(secret: &str, name: String) -> String {
    if secret.ends_with(".json") { format!("{name}.json") } else { name }
}

async fn request(
    context: &Context,
    account: &str,
    secret: &str,
    (person, institution): (PersonId, InstitutionId),
    out: &std::path::Path,
) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let found = chain.person(&person, At::Best).await?;
    let found = found.ok_or_else(|| Fault::refused(format!("{person} is not on this chain")))?;
    if chain.institution(&institution, At::Best).await?.is_none() {
        return Err(Fault::refused(format!("{institution} is not on this chain")).into());
    }
    if out.exists() {
        return Err(Fault::usage(format!("{} exists already", out.display())).into());
    }
    // Kept in their files before anything is handed out, so that they cannot be lost.
    let controller = Account::generate();
    let account_file = context.new_account(account, &controller)?;
    let (data_file, data_key) = context.new_key_secret(&beside(secret, data_name(secret)))?;
    let (reseal_file, reseal_key) = context.new_key_secret(&beside(secret, reseal_name(secret)))?;
    let body = RecoveryBody {
        person,
        institution,
        new_controller: controller.id(),
        new_data_key: data_key.public(),
        reseal_key: reseal_key.public(),
    };
    let signer = context::signer(&controller);
    RecoveryRequest::sign(&chain.genesis_hash(), &body, signer.as_ref()).write(out)?;
    context.output.fields(fields!({
        "request": out,
        "person": person,
        "home_region": found.home_region,
        "new_controller": controller.address(),
        "account_file": account_file,
        "data_key_file": data_file,
        "reseal_key_file": reseal_file,
        "institution": institution,
        "next": "take the request and the identity document to this institution",
    }));
    Ok(())
}

async fn collect(
    context: &Context,
    account: &str,
    secret: &str,
    (patience, with_dealing): (Duration, bool),
) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let path = context.home.secret(secret)?;
    if path.exists() {
        return Err(
            Fault::usage(format!("{} exists and is not overwritten", path.display())).into()
        );
    }
    let account = context.account(account)?;
    let person = person_of(&chain, &account.id()).await?;
    let id = last(&chain, &person).await?;
    let key = context.key_secret(&beside(secret, reseal_name(secret)))?;
    let vault = context.vault(&chain, &person, &account).await?;
    let wait = context.output.spinner("waiting for the custodians");
    let case = CaseRef::Recovery(id);
    let combined = custody::collect(&chain, &vault, case, &key, patience).await;
    wait.finish_and_clear();
    let combined = combined?;
    let (used, faults) = (combined.used.clone(), combined.faults.clone());
    let old = custody::recovered(&chain, combined, person).await?;
    // Whoever has the old phone may know this one: what is made from now on follows from another.
    let secret = renewal::renewed(&chain, &old, person).await?;
    let passphrase = context.passphrases.choose("the recovered secret")?;
    secret.write(&path, &passphrase)?;
    let wait = context.output.spinner("publishing keys that the old phone cannot know");
    let done = renewal::carry_out(&chain, &vault, &account, &secret, person, with_dealing).await;
    wait.finish_and_clear();
    let done = done?;
    for made in &done.dealt {
        super::custody::remember(context, &person, made)?;
    }
    let faults: Vec<_> =
        faults.iter().map(|(region, fault)| format!("{region}: {fault}")).collect();
    context.output.fields(fields!({
        "person": person,
        "secret_file": path,
        "shares_of": used,
        "false_shares": faults,
        "checked": "the published scope keys follow from the secret",
        "renewed": done.shown(),
        "left_to_do": done.left,
        "next": match (done.left.is_empty(), with_dealing) {
            (false, _) => "kanglian patient renew-secret",
            (true, false) => "deal anew: kanglian patient custody deal",
            (true, true) => "look who acknowledged: kanglian patient custody status",
        },
    }));
    Ok(())
}

impl OfInstitution {
    /// Carries out the command.
    pub async fn run(&self, context: &Context, account: &str) -> anyhow::Result<()> {
        match self {
            Self::Execute(number) => execute(context, account, number.recovery).await,
            Self::Show(number) => {
                let chain = context.chain().await?;
                let id = RecoveryId(number.recovery);
                context.output.fields(shown(id, &known(&chain, id).await?));
                Ok(())
            },
            Self::Withdraw(number) => {
                let chain = context.chain().await?;
                let account = context.account(account)?;
                let id = RecoveryId(number.recovery);
                let call = key_custody::withdraw_recovery(id);
                send(context, &chain, &account, "withdrew", id, &call).await
            },
            Self::Open { request } => {
                let chain = context.chain().await?;
                let account = context.account(account)?;
                let request = RecoveryRequest::read(request)?;
                let signature = request.checked_signature(&chain.genesis_hash())?;
                let own = chain.institution_of(&account.id(), At::Best).await?;
                if own != Some(request.body().institution) {
                    return Err(Fault::refused(format!(
                        "the request is for {}: only it can open this recovery",
                        request.body().institution
                    ))
                    .into());
                }
                let call = key_custody::open_recovery(request.body(), &signature);
                let included = context.send(&chain, &call, &account).await?;
                let person = request.body().person;
                let at = At::Hash(included.block);
                let id = chain.recovery_of(&person, at).await?;
                let id = id.ok_or_else(|| Fault::refused("the recovery is not on chain"))?;
                let recovery = chain.recovery(id, at).await?;
                context.output.fields(fields!({
                    "opened": person,
                    "recovery": id,
                    "state": recovery.as_ref().map(|recovery| shown(id, recovery)),
                    "block": included.number,
                }));
                Ok(())
            },
        }
    }
}

impl OfPanCentre {
    /// Carries out the command.
    pub async fn run(&self, context: &Context, account: &str) -> anyhow::Result<()> {
        let (what, id, call) = match self {
            Self::List { all } => return list(context, *all).await,
            Self::Execute(number) => return execute(context, account, number.recovery).await,
            Self::Approve(number) => {
                let id = RecoveryId(number.recovery);
                ("approved", id, key_custody::approve_recovery(id))
            },
            Self::Dismiss(number) => {
                let id = RecoveryId(number.recovery);
                ("dismissed", id, key_custody::dismiss_recovery(id))
            },
            Self::End(number) => {
                let id = RecoveryId(number.recovery);
                ("ended", id, key_custody::prune_case(CaseRef::Recovery(id)))
            },
            Self::Hear { recovery, minutes } => {
                return hear(context, account, RecoveryId(*recovery), minutes).await;
            },
        };
        let chain = context.chain().await?;
        let account = context.account(account)?;
        send(context, &chain, &account, what, id, &call).await
    }
}

async fn list(context: &Context, all: bool) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let mut recoveries = chain.recoveries(At::Best).await?;
    recoveries.retain(|(_, recovery)| all || recovery.is_pending());
    let rows: Vec<_> = recoveries.iter().map(|(id, recovery)| shown(*id, recovery)).collect();
    let columns = ["recovery", "person", "status", "institution", "opened", "approvals", "from"];
    if context.output.is_json() {
        context.output.rows(&columns, &rows, |_| Vec::new());
        return Ok(());
    }
    context.output.rows(&columns, &recoveries, |(id, recovery)| {
        vec![
            id.to_string(),
            recovery.person.to_string(),
            status_name(recovery.status).to_owned(),
            recovery.institution.to_string(),
            instant::show(recovery.opened_at),
            format!("{} of {}", recovery.approvals.len(), recovery.bar),
            instant::show(recovery.executable_from),
        ]
    });
    Ok(())
}

async fn hear(
    context: &Context,
    account: &str,
    id: RecoveryId,
    minutes: &std::path::Path,
) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let account = context.account(account)?;
    let bytes = files::read_small(minutes)?;
    let salt: [u8; 32] = rand::random();
    let hash = *blake3::Hasher::new_keyed(&salt).update(&bytes).finalize().as_bytes();
    let call = key_custody::record_hearing(id, hash);
    let included = context.send(&chain, &call, &account).await?;
    context.output.fields(fields!({
        "done": "recorded the hearing",
        "recovery": id,
        "hash": format!("0x{}", hex::encode(hash)),
        "salt": format!("0x{}", hex::encode(salt)),
        "keep": "the minutes and the salt: BLAKE3 of the minutes keyed with the salt is the hash",
        "block": included.number,
    }));
    Ok(())
}
