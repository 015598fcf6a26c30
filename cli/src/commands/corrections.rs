//! Corrections: who asks, who decides, who is told.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use codec::Encode;
use kanglian_primitives::{
    Author, Correction, CorrectionId, CorrectionReason, CorrectionStatus, InstitutionId, PersonId,
    RecordId, RecordStatus, RefusalReason, SchemaId,
};
use kanglian_sdk::{
    chain::{At, Call, Client, calls},
    envelope::{Bundle, MAX_CORRECTION_TEXT, open_correction, seal_correction},
    keys::{Account, EncryptionSecret},
};
use serde::{Deserialize, Serialize};

use super::institution::institution_of;
use crate::{
    context::Context, fault::Fault, files, input, instant, sharing::Sharer, shown::fields,
    vault::Vault,
};

/// What a person does about wrong records.
#[derive(Debug, Subcommand)]
pub enum OfPerson {
    /// Ask the institution that made a record to correct it
    Ask {
        /// The record
        record: RecordId,
        /// incorrect, incomplete, outdated or wrong-person
        #[arg(long)]
        reason: CorrectionReason,
        /// File with a text (UTF-8) that says more; sealed to the institution and oneself
        #[arg(long)]
        text: PathBuf,
    },
    /// List one's requests
    List,
    /// Take a request back
    Withdraw {
        /// Its number
        request: u32,
    },
    /// Bring an overdue request before the institution's pan-centre
    Escalate {
        /// Its number
        request: u32,
    },
}

impl OfPerson {
    /// The call of a person, in words too; none for a list.
    pub async fn call(
        &self,
        context: &Context,
        chain: &Client,
        account: &str,
        person: PersonId,
    ) -> anyhow::Result<Option<(String, Call)>> {
        Ok(match self {
            Self::List => {
                let found = chain.corrections(&person, At::Best).await?;
                let found = found.into_iter().map(|(id, one)| (person, id, one));
                list(context, &found.collect::<Vec<_>>());
                None
            },
            Self::Ask { record, reason, text } => {
                let text = read_text(text)?;
                let account = context.account(account)?;
                let vault = context.vault(chain, &person, &account).await?;
                let call = request(chain, &vault, person, *record, *reason, &text).await?;
                Some((format!("asked for the correction of {record}"), call))
            },
            Self::Withdraw { request } => Some((
                format!("took request {request} back"),
                calls::corrections::withdraw(CorrectionId(*request)),
            )),
            Self::Escalate { request } => Some((
                format!("request {request} is before the pan-centre"),
                calls::corrections::escalate(person, CorrectionId(*request)),
            )),
        })
    }
}

fn read_text(path: &Path) -> anyhow::Result<String> {
    let bytes = files::read_small(path)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Fault::usage(format!("{}: not UTF-8", path.display())))?;
    if text.trim().is_empty() || text.len() > MAX_CORRECTION_TEXT {
        return Err(Fault::usage(format!(
            "{}: the text has 1 to {MAX_CORRECTION_TEXT} bytes",
            path.display()
        ))
        .into());
    }
    Ok(text)
}

/// Seals the text, leaves it at a vault, gives the call that asks.
pub async fn request(
    chain: &Client,
    vault: &Vault,
    person: PersonId,
    record: RecordId,
    reason: CorrectionReason,
    text: &str,
) -> anyhow::Result<Call> {
    let facts = chain.record(&record, At::Best).await?;
    let facts = facts.ok_or_else(|| Fault::refused(format!("{record} is not on this chain")))?;
    let Author::Institution(author) = facts.author else {
        return Err(Fault::refused("the record is the person's own: supersede it").into());
    };
    let author = chain.institution(&author, At::Best).await?;
    let author = author.ok_or_else(|| Fault::refused("its author is not on this chain"))?;
    let known = chain.person(&person, At::Best).await?;
    let known = known.ok_or_else(|| Fault::refused(format!("{person} is not on this chain")))?;
    let keys = [author.encryption_key, known.data_key];
    let bundle = seal_correction(text, &keys, &chain.genesis_hash(), &person, &record)?;
    let hash = vault.put_bundle(&person, bundle.encode()).await?;
    if hash != bundle.hash() {
        return Err(Fault::verification("the vault keeps another text than was sent").into());
    }
    Ok(calls::corrections::request(record, reason, hash))
}

/// A request as lists show it.
#[derive(Serialize)]
struct Line {
    person: PersonId,
    request: CorrectionId,
    record: RecordId,
    reason: CorrectionReason,
    author: InstitutionId,
    status: String,
    amended_by: Option<RecordId>,
    asked: String,
    decide_by: String,
    overdue: bool,
}

fn list(context: &Context, found: &[(PersonId, CorrectionId, Correction)]) {
    let now = instant::now();
    let lines: Vec<_> = found
        .iter()
        .map(|(person, id, one)| Line {
            person: *person,
            request: *id,
            record: one.record,
            reason: one.reason,
            author: one.author,
            status: one.status.to_string(),
            amended_by: match one.status {
                CorrectionStatus::Amended(record) => Some(record),
                _ => None,
            },
            asked: instant::show(one.asked_at),
            decide_by: instant::show(one.decide_by),
            overdue: one.status.is_open() && now >= one.decide_by,
        })
        .collect();
    let columns = ["person", "request", "record", "reason", "author", "status", "decide by"];
    context.output.rows(&columns, &lines, |line| {
        vec![
            line.person.to_string(),
            line.request.to_string(),
            line.record.to_string(),
            line.reason.to_string(),
            line.author.to_string(),
            line.status.clone(),
            format!("{}{}", line.decide_by, if line.overdue { " OVERDUE" } else { "" }),
        ]
    });
}

/// What an institution does about requests to correct its records.
#[derive(Debug, Subcommand)]
pub enum OfInstitution {
    /// List the requests about own records
    List,
    /// Show what the person says is wrong
    Read {
        /// Whose request
        person: PersonId,
        /// Its number
        request: u32,
        /// The institution's encryption secret: a name or a file
        #[arg(long, default_value = "institution")]
        secret: String,
    },
    /// Share an amendment in the record's place, and close the request with it
    Amend {
        /// Whose request
        person: PersonId,
        /// Its number
        request: u32,
        /// The amended record
        file: PathBuf,
        /// Schema number; by default by the FHIR resource's type
        #[arg(long)]
        schema: Option<u32>,
    },
    /// Refuse a request
    Refuse {
        /// Whose request
        person: PersonId,
        /// Its number
        request: u32,
        /// accurate, opinion, not-shown or kept-by-law
        #[arg(long)]
        reason: RefusalReason,
    },
    /// Say that a record is about somebody else, asked or not
    WrongPerson {
        /// The record
        record: RecordId,
    },
}

impl OfInstitution {
    /// Carries out the command.
    pub async fn run(&self, context: &Context, name: &str) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        let account = context.account(name)?;
        let own = institution_of(&chain, &account.id()).await?;
        let (what, call) = match self {
            Self::List => {
                let all = chain.all_corrections(At::Best).await?;
                let found = all.into_iter().filter(|(_, one)| one.author == own);
                let found: Vec<_> = found.map(|((person, id), one)| (person, id, one)).collect();
                list(context, &found);
                return Ok(());
            },
            Self::Read { person, request, secret } => {
                let secret = context.key_secret(secret)?;
                let vault = context.vault(&chain, person, &account).await?;
                let id = CorrectionId(*request);
                let (one, text) = read(&chain, &vault, &secret, person, id).await?;
                context.output.fields(fields!({
                    "record": one.record,
                    "reason": one.reason,
                    "text": text,
                    "decide_by": instant::show(one.decide_by),
                }));
                return Ok(());
            },
            Self::Amend { person, request, file, schema } => {
                let id = CorrectionId(*request);
                let one = find(&chain, person, id).await?;
                let record = amend(context, &chain, (&account, own), &one, (file, *schema)).await?;
                let call = calls::corrections::amend(*person, id, record);
                (format!("{record} stands in the place of {}", one.record), call)
            },
            Self::Refuse { person, request, reason } => (
                format!("refused request {request}: {reason}"),
                calls::corrections::refuse(*person, CorrectionId(*request), *reason),
            ),
            Self::WrongPerson { record } => (
                format!("{record} is marked: it is about somebody else"),
                calls::corrections::mark_wrong_person(*record),
            ),
        };
        let included = context.send(&chain, &call, &account).await?;
        context.output.fields(fields!({ "done": what, "block": included.number }));
        Ok(())
    }
}

async fn find(chain: &Client, person: &PersonId, id: CorrectionId) -> anyhow::Result<Correction> {
    let found = chain.correction(person, id, At::Best).await?;
    found.ok_or_else(|| Fault::refused(format!("there is no request {id} of this person")).into())
}

/// A request and what the person says is wrong.
pub async fn read(
    chain: &Client,
    vault: &Vault,
    secret: &EncryptionSecret,
    person: &PersonId,
    id: CorrectionId,
) -> anyhow::Result<(Correction, String)> {
    let one = find(chain, person, id).await?;
    let bytes = vault.get_bundle(person, &one.text).await?;
    let bundle =
        Bundle::read(&bytes, &one.text).map_err(|error| Fault::verification(error.to_string()))?;
    let text = open_correction(&bundle, secret, &chain.genesis_hash(), person, &one.record)
        .map_err(|error| Fault::verification(error.to_string()))?;
    Ok((one, text))
}

/// The record that stands in the old one's place: shared now, or before when only the answer to the
/// request was missing.
async fn amend(
    context: &Context,
    chain: &Client,
    (account, own): (&Account, InstitutionId),
    one: &Correction,
    (file, schema): (&Path, Option<u32>),
) -> anyhow::Result<RecordId> {
    let facts = chain.record(&one.record, At::Best).await?;
    let facts =
        facts.ok_or_else(|| Fault::refused(format!("{} is not on this chain", one.record)))?;
    if let RecordStatus::Superseded(by) = facts.status {
        return Ok(by);
    }
    let items = input::items(&[file.to_owned()])?;
    let [item] = items.as_slice() else {
        return Err(Fault::usage("a record is amended by one file with one record").into());
    };
    let known = chain.institution(&own, At::Best).await?;
    let known = known.ok_or_else(|| Fault::refused(format!("{own} is not on this chain")))?;
    let vault = context.storing_vault(chain, &facts.subject, account).await?;
    let (author, key) = (Author::Institution(own), known.encryption_key);
    let sharer =
        Sharer::new(chain.clone(), vault, account.clone(), author, key, facts.subject).await?;
    let shared = sharer.supersede(one.record, item, facts.block, schema.map(SchemaId)).await?;
    Ok(shared.record)
}

/// What a pan-centre does about requests that its institutions did not decide in time.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum OfPanCentre {
    /// List the requests that wait, with those that are overdue
    List,
    /// Find for the person: the institution has to amend
    Uphold {
        /// Whose request
        person: PersonId,
        /// Its number
        request: u32,
    },
    /// Dismiss a request
    Dismiss {
        /// Whose request
        person: PersonId,
        /// Its number
        request: u32,
        /// accurate, opinion, not-shown or kept-by-law
        #[arg(long)]
        reason: RefusalReason,
    },
    /// Name an institution that did not decide in time
    Escalate {
        /// Whose request
        person: PersonId,
        /// Its number
        request: u32,
    },
}

impl OfPanCentre {
    /// Prints what waits, whosever province it is.
    pub async fn list(context: &Context) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        let all = chain.all_corrections(At::Best).await?;
        let waiting = all.into_iter().filter(|(_, one)| one.status.is_open());
        let found: Vec<_> = waiting.map(|((person, id), one)| (person, id, one)).collect();
        list(context, &found);
        Ok(())
    }

    /// The call, in words too; none for the list.
    pub fn call(self) -> Option<(String, Call)> {
        use calls::corrections::{escalate, review};
        match self {
            Self::List => None,
            Self::Uphold { person, request } => Some((
                format!("upheld request {request}"),
                review(person, CorrectionId(request), None),
            )),
            Self::Dismiss { person, request, reason } => Some((
                format!("dismissed request {request}: {reason}"),
                review(person, CorrectionId(request), Some(reason)),
            )),
            Self::Escalate { person, request } => Some((
                format!("request {request} is before the pan-centre"),
                escalate(person, CorrectionId(request)),
            )),
        }
    }
}

/// A record that this home has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Read {
    record: RecordId,
    at: kanglian_primitives::Instant,
}

/// Notes that a record was read, to be told of its amendment.
pub fn note_read(context: &Context, record: RecordId) -> anyhow::Result<()> {
    let path = context.home.reads();
    let mut reads = reads(&path)?;
    reads.retain(|read| read.record != record);
    reads.push(Read { record, at: instant::now() });
    files::replace(&path, &serde_json::to_vec(&reads)?)
}

fn reads(path: &Path) -> anyhow::Result<Vec<Read>> {
    match path.exists() {
        true => Ok(serde_json::from_slice(&std::fs::read(path)?)?),
        false => Ok(Vec::new()),
    }
}

/// What became of a record; none when it stands as it was.
pub async fn changed(
    chain: &Client,
    record: &RecordId,
    status: RecordStatus,
) -> anyhow::Result<Option<String>> {
    if chain.is_wrong_person(*record, At::Best).await? {
        return Ok(Some("its author says that it is about somebody else".to_owned()));
    }
    Ok(match status {
        RecordStatus::Active => None,
        RecordStatus::Superseded(by) => Some(format!("amended: {by} stands in its place")),
        RecordStatus::Rejected => Some("rejected by the person".to_owned()),
    })
}

/// A record that is no longer as it was read.
#[derive(Serialize)]
struct Told {
    record: RecordId,
    person: PersonId,
    read: String,
    since: String,
}

/// Lists the records that were amended, marked or rejected since this home read them.
pub async fn inbox(context: &Context) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let mut told = Vec::new();
    for read in reads(&context.home.reads())? {
        let Some(facts) = chain.record(&read.record, At::Best).await? else { continue };
        if let Some(since) = changed(&chain, &read.record, facts.status).await? {
            let (record, person) = (read.record, facts.subject);
            told.push(Told { record, person, read: instant::show(read.at), since });
        }
    }
    context.output.rows(&["record", "person", "read", "since then"], &told, |one| {
        vec![one.record.to_string(), one.person.to_string(), one.read.clone(), one.since.clone()]
    });
    Ok(())
}
