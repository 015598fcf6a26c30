//! The evaluation log on disk.
//!
//! One redb file. Every line is committed and synced before its answer leaves; limits, replays and
//! outcomes are judged in the same transaction that writes the line, so that two requests at once
//! cannot both pass. Opening reads all lines and holds them against their leaf hashes.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use codec::{DecodeAll, Encode};
use kanglian_primitives::{Hash32, Instant, PersonId};
use kanglian_sdk::{
    registrar::wire::{
        Evaluator, LogEntry, MAX_LINES, OpenEvaluation, Outcome, RegistrarLine, leaf_hash,
    },
    tree::Tree,
};
use redb::{
    Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition,
    WriteTransaction,
};

/// Salt and entry by number.
const LINES: TableDefinition<u64, &[u8]> = TableDefinition::new("lines/v1");
/// Leaf hashes by number.
const LEAVES: TableDefinition<u64, &[u8; 32]> = TableDefinition::new("leaves/v1");
/// Evaluations by evaluator, time and number.
const BY_EVALUATOR: TableDefinition<(&[u8], u64, u64), ()> =
    TableDefinition::new("by-evaluator/v1");
/// The same, those without an outcome.
const OPEN: TableDefinition<(&[u8], u64, u64), ()> = TableDefinition::new("open/v1");
/// SHA-256 of every signed statement that was taken, with its line.
const SEEN: TableDefinition<&[u8; 32], u64> = TableDefinition::new("seen/v1");
/// Attestations that evaluations were closed with: evaluator, person and the time of attestation.
const COUNTED: TableDefinition<(&[u8], &[u8; 32], u64), u64> = TableDefinition::new("counted/v1");

/// Length of the window of the rate limit, in milliseconds.
const HOUR: Instant = 60 * 60 * 1000;

/// Why the log does not take or give a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The statement was taken before.
    #[error("this signed statement was taken before: sign another")]
    Replayed,
    /// The evaluator had all evaluations of an hour.
    #[error("{limit} evaluations an hour are allowed and were made; the next in {wait} minutes")]
    TooMany {
        /// How many an hour.
        limit: u64,
        /// Minutes to wait.
        wait: u64,
    },
    /// Too many evaluations have no outcome.
    #[error(
        "{overdue} evaluations have no outcome after {hours} h, {limit} may: file what became of \
         them with `kanglian institution outcome` (POST /v1/evaluations/{first}/outcome and so on; \
         GET /v1/evaluations/open lists them)"
    )]
    Overdue {
        /// How many.
        overdue: u64,
        /// How many may be.
        limit: u64,
        /// After how many hours.
        hours: u64,
        /// The oldest of them.
        first: u64,
    },
    /// There is no evaluation of this number.
    #[error("there is no such evaluation")]
    NoSuchEvaluation,
    /// Another evaluator's evaluation.
    #[error("this evaluation was made for somebody else")]
    NotYours,
    /// The evaluation has its outcome.
    #[error("the outcome of this evaluation is filed already")]
    Ended,
    /// The attestation was counted for another evaluation.
    #[error("this attestation is the outcome of another evaluation: each needs one of its own")]
    Counted,
    /// The file does not hold.
    #[error("the evaluation log is damaged: {0}; restore it from a backup")]
    Damaged(String),
    /// The database failed.
    #[error("the evaluation log: {0}")]
    Database(String),
}

impl StoreError {
    fn database(error: impl Into<redb::Error>) -> Self {
        Self::Database(error.into().to_string())
    }
}

/// What evaluators are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Evaluations of one evaluator in an hour.
    pub per_hour: u64,
    /// After how many milliseconds an evaluation without an outcome is overdue.
    pub overdue_after: Instant,
    /// How many overdue ones an evaluator may have and still ask.
    pub overdue_limit: u64,
}

/// A line's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// From 0.
    pub index: u64,
    /// Its leaf hash.
    pub leaf: Hash32,
}

/// What an evaluation was, for its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// For whom.
    pub evaluator: Evaluator,
    /// When.
    pub at: Instant,
}

struct Inner {
    database: Database,
    /// One writer at a time, so that the tree takes lines in their order.
    writer: Mutex<()>,
    tree: RwLock<Tree>,
    failed: AtomicBool,
}

/// The log.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

impl Store {
    /// Opens or makes the log in a folder.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::Database(format!("{}: {error}", folder.display())))?;
        let path = folder.join("evaluations.redb");
        let open = || -> Result<(Database, Tree), StoreError> {
            let database = Database::create(&path).map_err(StoreError::database)?;
            let transaction = database.begin_write().map_err(StoreError::database)?;
            transaction.open_table(LINES).map_err(StoreError::database)?;
            transaction.open_table(LEAVES).map_err(StoreError::database)?;
            transaction.open_table(BY_EVALUATOR).map_err(StoreError::database)?;
            transaction.open_table(OPEN).map_err(StoreError::database)?;
            transaction.open_table(SEEN).map_err(StoreError::database)?;
            transaction.open_table(COUNTED).map_err(StoreError::database)?;
            transaction.commit().map_err(StoreError::database)?;
            let tree = read_tree(&database)?;
            Ok((database, tree))
        };
        let (database, tree) = open().map_err(|error| match error {
            StoreError::Database(reason) => {
                StoreError::Database(format!("{}: {reason}", path.display()))
            },
            other => other,
        })?;
        Ok(Self(Arc::new(Inner {
            database,
            writer: Mutex::new(()),
            tree: RwLock::new(tree),
            failed: AtomicBool::new(false),
        })))
    }

    fn tree(&self) -> RwLockReadGuard<'_, Tree> {
        self.0.tree.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lines on disk and their root.
    pub fn head(&self) -> (u64, Hash32) {
        let tree = self.tree();
        let size = tree.size();
        (size, tree.root(size).unwrap_or_default())
    }

    /// Root over the first lines; none when there are fewer.
    pub fn root(&self, size: u64) -> Option<Hash32> {
        self.tree().root(size)
    }

    /// Size, root and consistency proof of the present log, when it has more lines than `from`.
    pub fn next_anchor(&self, from: u64) -> Option<(u64, Hash32, Vec<Hash32>)> {
        let tree = self.tree();
        let size = tree.size();
        if size <= from {
            return None;
        }
        let proof = if from == 0 { Vec::new() } else { tree.consistency(from, size)? };
        Some((size, tree.root(size)?, proof))
    }

    /// Whether a write failed. Then nothing more is evaluated until the registrar is started anew.
    pub fn has_failed(&self) -> bool {
        self.0.failed.load(Ordering::Relaxed)
    }

    /// RFC 6962 consistency proof with both roots.
    pub fn consistency(&self, from: u64, to: u64) -> Option<(Hash32, Hash32, Vec<Hash32>)> {
        let tree = self.tree();
        Some((tree.root(from)?, tree.root(to)?, tree.consistency(from, to)?))
    }

    /// RFC 6962 inclusion proof with the root.
    pub fn inclusion(&self, index: u64, size: u64) -> Option<(Hash32, Vec<Hash32>)> {
        let tree = self.tree();
        Some((tree.root(size)?, tree.inclusion(index, size)?))
    }

    /// Writes the line of an evaluation; it is on disk when this returns.
    pub async fn evaluated(
        &self,
        entry: LogEntry,
        evaluator: Evaluator,
        statement: Hash32,
        at: Instant,
        limits: Limits,
    ) -> Result<Appended, StoreError> {
        self.write(move |transaction| {
            let evaluator = evaluator.encode();
            let mut seen = transaction.open_table(SEEN).map_err(StoreError::database)?;
            if seen.get(&statement).map_err(StoreError::database)?.is_some() {
                return Err(StoreError::Replayed);
            }
            let mut by_evaluator =
                transaction.open_table(BY_EVALUATOR).map_err(StoreError::database)?;
            check_rate(&by_evaluator, &evaluator, at, limits.per_hour)?;
            let mut open = transaction.open_table(OPEN).map_err(StoreError::database)?;
            check_overdue(&open, &evaluator, at, limits)?;
            let appended = append(transaction, &entry)?;
            let key = (evaluator.as_slice(), at, appended.index);
            seen.insert(&statement, appended.index).map_err(StoreError::database)?;
            by_evaluator.insert(key, ()).map_err(StoreError::database)?;
            open.insert(key, ()).map_err(StoreError::database)?;
            Ok(appended)
        })
        .await
    }

    /// Writes the line of an outcome; it is on disk when this returns. `attested_at` is given
    /// exactly when the outcome is an attestation.
    pub async fn closed(
        &self,
        entry: LogEntry,
        evaluation: u64,
        outcome: Outcome,
        attested_at: Option<Instant>,
        statement: Hash32,
    ) -> Result<Appended, StoreError> {
        self.write(move |transaction| {
            let mut seen = transaction.open_table(SEEN).map_err(StoreError::database)?;
            if seen.get(&statement).map_err(StoreError::database)?.is_some() {
                return Err(StoreError::Replayed);
            }
            let known = {
                let lines = transaction.open_table(LINES).map_err(StoreError::database)?;
                known_in(&lines, evaluation)?
            };
            let evaluator = known.evaluator.encode();
            let mut open = transaction.open_table(OPEN).map_err(StoreError::database)?;
            let key = (evaluator.as_slice(), known.at, evaluation);
            if open.get(key).map_err(StoreError::database)?.is_none() {
                return Err(StoreError::Ended);
            }
            if let (Outcome::Attested(PersonId(person)), Some(when)) = (outcome, attested_at) {
                let mut counted = transaction.open_table(COUNTED).map_err(StoreError::database)?;
                let key = (evaluator.as_slice(), &person, when);
                if counted.get(key).map_err(StoreError::database)?.is_some() {
                    return Err(StoreError::Counted);
                }
                counted.insert(key, evaluation).map_err(StoreError::database)?;
            }
            let appended = append(transaction, &entry)?;
            seen.insert(&statement, appended.index).map_err(StoreError::database)?;
            open.remove(key).map_err(StoreError::database)?;
            Ok(appended)
        })
        .await
    }

    /// What an evaluation was.
    pub async fn known(&self, evaluation: u64) -> Result<Known, StoreError> {
        self.read(move |inner| {
            let read = inner.database.begin_read().map_err(StoreError::database)?;
            let lines = read.open_table(LINES).map_err(StoreError::database)?;
            known_in(&lines, evaluation)
        })
        .await
    }

    /// Evaluations without an outcome, the oldest first.
    pub async fn open_of(&self, evaluator: Evaluator) -> Result<Vec<OpenEvaluation>, StoreError> {
        self.read(move |inner| {
            let evaluator = evaluator.encode();
            let read = inner.database.begin_read().map_err(StoreError::database)?;
            let open = read.open_table(OPEN).map_err(StoreError::database)?;
            let own = (evaluator.as_slice(), 0, 0)..=(evaluator.as_slice(), u64::MAX, u64::MAX);
            let most = usize::try_from(MAX_LINES).unwrap_or(usize::MAX);
            let mut found = Vec::new();
            for row in open.range(own).map_err(StoreError::database)?.take(most) {
                let (key, _) = row.map_err(StoreError::database)?;
                let (_, at, evaluation) = key.value();
                found.push(OpenEvaluation { evaluation, at });
            }
            Ok(found)
        })
        .await
    }

    /// Lines from a number on.
    pub async fn lines(&self, from: u64, limit: u64) -> Result<Vec<RegistrarLine>, StoreError> {
        let size = self.head().0;
        self.read(move |inner| {
            let read = inner.database.begin_read().map_err(StoreError::database)?;
            let lines = read.open_table(LINES).map_err(StoreError::database)?;
            let to = from.saturating_add(limit.min(MAX_LINES)).min(size);
            let mut found = Vec::new();
            for row in lines.range(from.min(to)..to).map_err(StoreError::database)? {
                let (index, line) = row.map_err(StoreError::database)?;
                let index = index.value();
                let (salt, entry) = split(index, line.value())?;
                found.push(RegistrarLine { index, salt, entry: hex::encode(entry) });
            }
            Ok(found)
        })
        .await
    }

    async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Inner) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = self.0.clone();
        tokio::task::spawn_blocking(move || job(&inner))
            .await
            .map_err(|error| StoreError::Database(error.to_string()))?
    }

    /// Runs a job in a transaction of its own. It goes to its end even when the caller is gone.
    async fn write(
        &self,
        job: impl FnOnce(&WriteTransaction) -> Result<Appended, StoreError> + Send + 'static,
    ) -> Result<Appended, StoreError> {
        let write = move |inner: &Inner| {
            let _one_at_a_time = inner.writer.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = inner.database.begin_write().map_err(StoreError::database)?;
            // Dropped without a commit, a transaction leaves nothing. Commits are durable: that is
            // redb's default.
            let appended = job(&transaction)?;
            transaction.commit().map_err(StoreError::database)?;
            inner.tree.write().unwrap_or_else(PoisonError::into_inner).push(appended.leaf);
            metrics::gauge!("kanglian_registrar_log_lines")
                .set(appended.index.saturating_add(1) as f64);
            Ok(appended)
        };
        let result = self
            .read(move |inner| {
                let result = write(inner);
                if matches!(result, Err(StoreError::Database(_))) {
                    inner.failed.store(true, Ordering::Relaxed);
                }
                result
            })
            .await;
        if let Err(error @ (StoreError::Database(_) | StoreError::Damaged(_))) = &result {
            tracing::error!(%error, "a line could not be written");
        }
        result
    }
}

fn check_rate(
    by_evaluator: &impl ReadableTable<(&'static [u8], u64, u64), ()>,
    evaluator: &[u8],
    at: Instant,
    limit: u64,
) -> Result<(), StoreError> {
    let since = at.saturating_sub(HOUR).saturating_add(1);
    let recent = (evaluator, since, 0)..=(evaluator, u64::MAX, u64::MAX);
    let (mut count, mut oldest) = (0u64, at);
    for row in by_evaluator.range(recent).map_err(StoreError::database)? {
        let (key, _) = row.map_err(StoreError::database)?;
        oldest = oldest.min(key.value().1);
        count = count.saturating_add(1);
    }
    if count < limit {
        return Ok(());
    }
    let wait = oldest.saturating_add(HOUR).saturating_sub(at).div_ceil(60_000);
    Err(StoreError::TooMany { limit, wait })
}

fn check_overdue(
    open: &impl ReadableTable<(&'static [u8], u64, u64), ()>,
    evaluator: &[u8],
    at: Instant,
    limits: Limits,
) -> Result<(), StoreError> {
    let until = at.saturating_sub(limits.overdue_after);
    let overdue = (evaluator, 0, 0)..(evaluator, until, 0);
    let (mut count, mut first) = (0u64, None);
    for row in open.range(overdue).map_err(StoreError::database)? {
        let (key, _) = row.map_err(StoreError::database)?;
        first.get_or_insert(key.value().2);
        count = count.saturating_add(1);
    }
    match first {
        Some(first) if count > limits.overdue_limit => Err(StoreError::Overdue {
            overdue: count,
            limit: limits.overdue_limit,
            hours: limits.overdue_after.div_ceil(HOUR),
            first,
        }),
        _ => Ok(()),
    }
}

fn append(transaction: &WriteTransaction, entry: &LogEntry) -> Result<Appended, StoreError> {
    let mut lines = transaction.open_table(LINES).map_err(StoreError::database)?;
    let mut leaves = transaction.open_table(LEAVES).map_err(StoreError::database)?;
    let index = lines.len().map_err(StoreError::database)?;
    let salt = salt();
    let entry = entry.encode();
    let leaf = leaf_hash(&salt, &entry);
    lines.insert(index, [&salt[..], &entry].concat().as_slice()).map_err(StoreError::database)?;
    leaves.insert(index, &leaf).map_err(StoreError::database)?;
    Ok(Appended { index, leaf })
}

fn salt() -> Hash32 {
    use rand::Rng;
    let mut salt = [0u8; 32];
    rand::rng().fill_bytes(&mut salt);
    salt
}

fn split(index: u64, line: &[u8]) -> Result<(Hash32, &[u8]), StoreError> {
    let (salt, entry) = line
        .split_first_chunk::<32>()
        .ok_or_else(|| StoreError::Damaged(format!("line {index} is too short")))?;
    Ok((*salt, entry))
}

fn known_in(
    lines: &impl ReadableTable<u64, &'static [u8]>,
    evaluation: u64,
) -> Result<Known, StoreError> {
    let line = lines.get(evaluation).map_err(StoreError::database)?;
    let line = line.ok_or(StoreError::NoSuchEvaluation)?;
    let (_, mut entry) = split(evaluation, line.value())?;
    match LogEntry::decode_all(&mut entry) {
        Ok(LogEntry::Evaluated { request, at }) => {
            Ok(Known { evaluator: request.statement.evaluator, at })
        },
        Ok(LogEntry::Closed { .. }) => Err(StoreError::NoSuchEvaluation),
        Err(error) => Err(StoreError::Damaged(format!("line {evaluation}: {error}"))),
    }
}

/// All lines, held against their leaf hashes.
fn read_tree(database: &Database) -> Result<Tree, StoreError> {
    let read = database.begin_read().map_err(StoreError::database)?;
    let lines = read.open_table(LINES).map_err(StoreError::database)?;
    let leaves = read.open_table(LEAVES).map_err(StoreError::database)?;
    let mut tree = Tree::default();
    for (expected, row) in (0u64..).zip(lines.iter().map_err(StoreError::database)?) {
        let (index, line) = row.map_err(StoreError::database)?;
        if index.value() != expected {
            return Err(StoreError::Damaged(format!("line {expected} is missing")));
        }
        let (salt, entry) = split(expected, line.value())?;
        let leaf = leaf_hash(&salt, entry);
        let kept = leaves.get(expected).map_err(StoreError::database)?;
        if kept.is_none_or(|kept| *kept.value() != leaf) {
            return Err(StoreError::Damaged(format!("line {expected} was altered")));
        }
        tree.push(leaf);
    }
    if leaves.len().map_err(StoreError::database)? != tree.size() {
        return Err(StoreError::Damaged(format!("line {} is missing", tree.size())));
    }
    Ok(tree)
}
