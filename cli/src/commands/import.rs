//! Lists of institutions, practitioners and patients out of CSV files: checked as a whole, sent in
//! batches, taken up again where they stood.
//!
//! What is on chain already is passed over, so that the same file can be given again after a crash or
//! when an hour's quota is spent. Wrong rows stop no others; they go to a file with their reasons.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant as Clock},
};

use anyhow::Context as _;
use clap::Args;
use kanglian_primitives::{EncryptionKey, InstitutionId, PersonId};
use kanglian_sdk::{
    AccountId,
    chain::{
        At, Call, ChainError, Client, InBlock, InvalidTransaction, Pending, Wait, calls,
        types::{Profile, Role},
    },
    keys::Account,
};

use super::{identity, institution::institution_of};
use crate::{
    context::Context,
    csv::{self, Row, RowError, Table},
    fault::Fault,
    files, instant,
    request::EnrolmentRequest,
    shown::fields,
};

/// Most institutions in one extrinsic.
pub const INSTITUTIONS: usize = 64;
/// Most practitioners in one extrinsic.
const PRACTITIONERS: usize = 50;
/// Extrinsics under way at once.
const UNDER_WAY: usize = 32;
/// How long an extrinsic may take to become final.
const PATIENCE: Duration = Duration::from_secs(180);
/// Largest list.
const LARGEST: u64 = 64 << 20;

/// A list and what to do with it.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The file
    file: PathBuf,
    /// Check the file and the chain, send nothing
    #[arg(long)]
    dry_run: bool,
    /// New file for the rows that are wrong, with line, column and reason; FILE.errors.csv by default
    #[arg(long)]
    errors: Option<PathBuf>,
}

/// What came of a list.
#[derive(Default)]
struct Report {
    rows: usize,
    already: usize,
    to_send: usize,
    done: usize,
    errors: Vec<RowError>,
}

/// A call for several rows.
struct Parcel {
    call: Call,
    lines: Vec<usize>,
}

impl ImportArgs {
    fn table(&self, columns: &[&str], report: &mut Report) -> anyhow::Result<Table> {
        let named = || self.file.display().to_string();
        if fs::metadata(&self.file).with_context(named)?.len() > LARGEST {
            return Err(
                Fault::usage(format!("{}: larger than {} MiB", named(), LARGEST >> 20)).into()
            );
        }
        let text = fs::read_to_string(&self.file).with_context(named)?;
        let (table, errors) = Table::read_what_can_be(&text, columns)?;
        report.rows = table.rows.len().saturating_add(errors.len());
        report.errors = errors;
        Ok(table)
    }

    /// Writes wrong rows and says what came of the list; wrong rows make the exit code.
    fn finish(&self, context: &Context, mut report: Report, begun: Clock) -> anyhow::Result<()> {
        let mut usual = self.file.clone().into_os_string();
        usual.push(".errors.csv");
        let path = self.errors.clone().unwrap_or_else(|| usual.into());
        report.errors.sort_by_key(|error| error.line);
        if !report.errors.is_empty() {
            let mut text = csv::line(&["line", "column", "reason"]);
            for error in &report.errors {
                text.push_str(&csv::line(&[&error.line.to_string(), error.column, &error.reason]));
            }
            files::replace(&path, text.as_bytes())?;
        }
        let wrong = report.errors.len();
        context.output.fields(fields!({
            "rows": report.rows,
            "already_on_chain": report.already,
            "to_send": report.to_send,
            "done": report.done,
            "wrong": wrong,
            "errors": (wrong > 0).then_some(&path),
            "dry_run": self.dry_run,
            "milliseconds": begun.elapsed().as_millis(),
        }));
        match wrong {
            0 => Ok(()),
            wrong => {
                Err(Fault::usage(format!("{wrong} rows are wrong: {}", path.display())).into())
            },
        }
    }
}

/// Sends calls side by side; a call that fails in its block names its rows.
async fn send_all(
    context: &Context,
    chain: &Client,
    account: &Account,
    parcels: Vec<Parcel>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let total: usize = parcels.iter().map(|parcel| parcel.lines.len()).sum();
    let bar = context.output.count_bar(total as u64, "importing");
    let mut parcels = parcels.into_iter().peekable();
    let mut stopped = None;
    while parcels.peek().is_some() && stopped.is_none() {
        let mut under_way: Vec<(Pending, Vec<usize>)> = Vec::new();
        for parcel in parcels.by_ref().take(UNDER_WAY) {
            match chain.send(&parcel.call, account, Wait::Finalized).await {
                Ok(pending) => under_way.push((pending, parcel.lines)),
                Err(error) => {
                    stopped = Some(error);
                    break;
                },
            }
        }
        for (mut pending, lines) in under_way {
            match pending.wait(Wait::Finalized, PATIENCE).await {
                Ok(InBlock { .. }) => report.done = report.done.saturating_add(lines.len()),
                Err(error @ ChainError::Dispatch(_)) => {
                    let reason = error.to_string();
                    let wrong =
                        |line: &usize| RowError { line: *line, column: "", reason: reason.clone() };
                    report.errors.extend(lines.iter().map(wrong));
                },
                Err(error) => stopped = Some(error),
            }
            bar.inc(lines.len() as u64);
        }
    }
    bar.finish_and_clear();
    match stopped {
        None => Ok(()),
        Some(error) => {
            let done = report.done;
            let spent = matches!(&error, ChainError::Invalid(InvalidTransaction::Payment));
            let why = match spent {
                true => "the account's quota of this hour is spent",
                false => "the chain takes no more now",
            };
            Err(anyhow::Error::new(error)
                .context(format!("{done} rows are done; {why}: give the same file again later")))
        },
    }
}

/// Rows that say the same key twice.
fn twice<K: Ord + ToString>(
    seen: &mut BTreeMap<K, usize>,
    key: K,
    line: usize,
    column: &'static str,
) -> Result<(), RowError> {
    let text = key.to_string();
    match seen.insert(key, line) {
        None => Ok(()),
        Some(before) => {
            Err(RowError { line, column, reason: format!("{text} stands in line {before} too") })
        },
    }
}

/// Nominates institutions.
pub async fn institutions(
    context: &Context,
    account: &str,
    args: &ImportArgs,
) -> anyhow::Result<()> {
    let begun = Clock::now();
    let mut report = Report::default();
    let table = args.table(&csv::COLUMNS, &mut report)?;
    let chain = context.chain().await?;
    let known: BTreeMap<InstitutionId, _> =
        chain.institutions(At::Best).await?.into_iter().collect();
    let now = instant::now();
    let controllers: BTreeSet<[u8; 32]> = known.values().map(|one| one.controller.0).collect();
    let (mut ids, mut accounts, mut wanted) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for row in &table.rows {
        let line = row.line;
        let wrong = |column: &'static str, reason: String| Err(RowError { line, column, reason });
        let checked = csv::profile_of(row).and_then(|profile| {
            twice(&mut ids, profile.id, line, "id")?;
            let controller = profile.controller;
            twice(&mut accounts, controller.to_string(), line, "controller")?;
            match known.get(&profile.id) {
                Some(known) if known.controller == controller => return Ok(None),
                Some(known) => {
                    return wrong("controller", format!("on chain it is {}", known.controller));
                },
                None => {},
            }
            if controllers.contains(&controller.0) {
                return wrong("controller", "speaks for another institution already".to_owned());
            }
            if profile.valid_until <= now {
                return wrong("valid_until", "is past".to_owned());
            }
            Ok(Some(profile))
        });
        match checked {
            Ok(Some(profile)) => wanted.push((line, Profile::from(profile))),
            Ok(None) => report.already = report.already.saturating_add(1),
            Err(error) => report.errors.push(error),
        }
    }
    report.to_send = wanted.len();
    if !args.dry_run {
        let account = context.account(account)?;
        let parcels = wanted
            .chunks(INSTITUTIONS)
            .map(|chunk| {
                let profiles: Vec<_> = chunk.iter().map(|(_, profile)| profile.clone()).collect();
                let lines = chunk.iter().map(|(line, _)| *line).collect();
                Parcel { call: calls::institutions::nominate_batch(&profiles), lines }
            })
            .collect();
        send_all(context, &chain, &account, parcels, &mut report).await?;
    }
    args.finish(context, report, begun)
}

/// Columns of a list of practitioners.
const PRACTITIONER: [&str; 4] = ["account", "role", "encryption_key", "valid_until"];

struct Practice {
    account: AccountId,
    role: Role,
    key: EncryptionKey,
    until: kanglian_primitives::Instant,
}

fn practice_of(row: &Row) -> Result<Practice, RowError> {
    let wrong = |column: usize, reason: String| RowError {
        line: row.line,
        column: PRACTITIONER.get(column).copied().unwrap_or_default(),
        reason,
    };
    Ok(Practice {
        account: row
            .cell(0)
            .parse::<AccountId>()
            .map_err(|_| wrong(0, "expected an SS58 address".to_owned()))?,
        role: row.cell(1).parse::<Role>().map_err(|error| wrong(1, format!("{error}")))?,
        key: row.cell(2).parse::<EncryptionKey>().map_err(|error| wrong(2, format!("{error}")))?,
        until: instant::parse(row.cell(3)).map_err(|error| wrong(3, error.to_string()))?,
    })
}

/// Registers practitioners at the institution.
pub async fn practitioners(
    context: &Context,
    account: &str,
    args: &ImportArgs,
) -> anyhow::Result<()> {
    let begun = Clock::now();
    let mut report = Report::default();
    let table = args.table(&PRACTITIONER, &mut report)?;
    let chain = context.chain().await?;
    let own = institution_of(&chain, &context.account_id(account)?).await?;
    let everybody = chain.practitioners(At::Best).await?;
    let known: BTreeMap<[u8; 32], _> = everybody
        .into_iter()
        .filter(|((_, institution), _)| *institution == own)
        .map(|((account, _), practitioner)| (account.0, practitioner))
        .collect();
    let now = instant::now();
    let (mut accounts, mut wanted) = (BTreeMap::new(), Vec::new());
    for row in &table.rows {
        let line = row.line;
        let checked = practice_of(row).and_then(|practice| {
            twice(&mut accounts, practice.account.to_string(), line, "account")?;
            if practice.until <= now {
                let reason = "is past".to_owned();
                return Err(RowError { line, column: "valid_until", reason });
            }
            let same = known.get(&practice.account.0).is_some_and(|known| {
                known.role == practice.role
                    && known.encryption_key == practice.key
                    && known.valid_until == practice.until
            });
            Ok((!same).then_some(practice))
        });
        match checked {
            Ok(Some(practice)) => wanted.push((line, practice)),
            Ok(None) => report.already = report.already.saturating_add(1),
            Err(error) => report.errors.push(error),
        }
    }
    report.to_send = wanted.len();
    if !args.dry_run {
        let account = context.account(account)?;
        let parcels = wanted
            .chunks(PRACTITIONERS)
            .map(|chunk| {
                let one = |(_, practice): &(usize, Practice)| {
                    let Practice { account, role, key, until } = practice;
                    calls::institutions::add_practitioner(account, *role, *key, *until)
                };
                let call = calls::utility::batch_all(chunk.iter().map(one).collect());
                Parcel { call, lines: chunk.iter().map(|(line, _)| *line).collect() }
            })
            .collect();
        send_all(context, &chain, &account, parcels, &mut report).await?;
    }
    args.finish(context, report, begun)
}

/// Columns of a list of patients.
const PATIENT: [&str; 2] = ["request", "id"];

/// A list of patients.
#[derive(Debug, Args)]
pub struct PatientsArgs {
    #[command(flatten)]
    list: ImportArgs,
    /// The intake's patient map: ids of those who are enrolled are appended
    #[arg(long)]
    map: Option<PathBuf>,
}

/// Enrols patients by the requests that they signed.
pub async fn patients(context: &Context, account: &str, args: &PatientsArgs) -> anyhow::Result<()> {
    let begun = Clock::now();
    let mut report = Report::default();
    let table = args.list.table(&PATIENT, &mut report)?;
    let folder = args.list.file.parent().unwrap_or_else(|| Path::new(".")).to_owned();
    let chain = context.chain().await?;
    let genesis = chain.genesis_hash();
    let own = institution_of(&chain, &context.account_id(account)?).await?;
    let (mut files_seen, mut persons, mut wanted) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    let mut enrolled: Vec<(String, PersonId)> = Vec::new();
    for row in &table.rows {
        let line = row.line;
        let wrong = |reason: String| RowError { line, column: "request", reason };
        let mut read = || {
            if row.cell(0).is_empty() {
                return Err(wrong("is empty".to_owned()));
            }
            twice(&mut files_seen, row.cell(0).to_owned(), line, "request")?;
            let request = EnrolmentRequest::read(&folder.join(row.cell(0)))
                .map_err(|error| wrong(format!("{error:#}")))?;
            let signature =
                request.checked_signature(&genesis).map_err(|error| wrong(error.to_string()))?;
            let attester = request.body().attester;
            if attester != own {
                return Err(wrong(format!("names {attester} as the enrolling institution")));
            }
            twice(&mut persons, request.body().person, line, "request")?;
            Ok((request, signature))
        };
        match read() {
            Err(error) => report.errors.push(error),
            Ok((request, signature)) => {
                let person = request.body().person;
                match chain.person(&person, At::Best).await? {
                    Some(known) if known.controller == request.body().controller => {
                        report.already = report.already.saturating_add(1);
                        enrolled.push((row.cell(1).to_owned(), person));
                    },
                    Some(_) => report
                        .errors
                        .push(wrong(format!("{person} is enrolled with another account"))),
                    None => {
                        let call =
                            calls::real_name::attest(person, &request.attestation(), &signature);
                        wanted.push((line, person, row.cell(1).to_owned(), call));
                    },
                }
            },
        }
    }
    report.to_send = wanted.len();
    if !args.list.dry_run {
        let account = context.account(account)?;
        let parcels = wanted
            .iter()
            .map(|(line, _, _, call)| Parcel { call: call.clone(), lines: vec![*line] })
            .collect();
        let sent = send_all(context, &chain, &account, parcels, &mut report).await;
        for (_, person, id, _) in &wanted {
            if chain.person(person, At::Best).await?.is_some() {
                let filed = identity::attested(context, &chain, &account, person).await;
                tracing::debug!(%person, filed, "enrolled");
                enrolled.push((id.clone(), *person));
            }
        }
        if let Some(map) = &args.map {
            append(map, &enrolled)?;
        }
        sent?;
    }
    args.list.finish(context, report, begun)
}

/// Appends ids to the patient map; those that are there stay.
fn append(path: &Path, enrolled: &[(String, PersonId)]) -> anyhow::Result<()> {
    let mut text = match path.exists() {
        true => String::from_utf8(files::read_small(path)?)
            .map_err(|_| Fault::usage(format!("{}: not UTF-8", path.display())))?,
        false => csv::line(&["id", "person"]),
    };
    let table = Table::read(&text, &["id", "person"])?;
    let known: BTreeSet<&str> = table.rows.iter().map(|row| row.cell(0)).collect();
    let header = text.lines().next().unwrap_or_default();
    let person_first = header.trim_start_matches('\u{feff}').trim_start().starts_with("person");
    let mut lines = String::new();
    for (id, person) in enrolled {
        if !id.is_empty() && !known.contains(id.as_str()) {
            let person = person.to_string();
            let cells = if person_first { [person.as_str(), id] } else { [id.as_str(), &person] };
            lines.push_str(&csv::line(&cells));
        }
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&lines);
    files::replace(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patient_map_grows_by_what_it_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (PersonId([1; 32]), PersonId([2; 32]));
        for (name, begin) in [("new", None), ("old", Some(format!("person,id\n{one},a")))] {
            let path = folder.path().join(name);
            if let Some(begin) = begin {
                fs::write(&path, begin).unwrap();
            }
            let enrolled = [("a".to_owned(), one), ("b,c".to_owned(), two), (String::new(), two)];
            append(&path, &enrolled).unwrap();
            append(&path, &enrolled).unwrap();
            let map = crate::intake::PatientMap::read(&path).unwrap();
            assert_eq!(map.person(&["a".to_owned()]), Ok(one));
            assert_eq!(map.person(&["b,c".to_owned()]), Ok(two));
            assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3, "{name}");
        }
    }

    #[test]
    fn rows_that_say_the_same_are_named() {
        let mut seen = BTreeMap::new();
        assert_eq!(twice(&mut seen, "a".to_owned(), 2, "id"), Ok(()));
        let error = twice(&mut seen, "a".to_owned(), 5, "id").unwrap_err();
        assert_eq!(error.to_string(), "line 5, column `id`: a stands in line 2 too");
    }
}
