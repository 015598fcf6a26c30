//! A redb database that goes on after the disk failed beneath it.
//!
//! redb refuses everything after one failed write: what it holds in memory may no longer be what
//! lies on disk. Opening the file anew goes back to the last commit, so a disk that was full for a
//! while costs the writes of that while and nothing else.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock, RwLockWriteGuard},
    time::{Duration, Instant},
};

use redb::{ReadTransaction, ReadableDatabase, WriteTransaction};

use super::StoreError;

/// Wait after a failure: opening the file anew reads all of it, which a disk that stays full must
/// not bring about again and again.
const PAUSE: Duration = Duration::from_secs(1);

/// A database file.
pub struct Database {
    path: PathBuf,
    slot: RwLock<Slot>,
    /// When a write failed last, and whether for want of space.
    refused: Mutex<Option<(Instant, bool)>>,
}

/// The open file; none after the disk failed.
struct Slot {
    open: Option<redb::Database>,
    /// How often the file was opened: what fails on an earlier handle says nothing of this one.
    opened: u64,
    /// When it could last not be opened.
    tried: Option<Instant>,
}

/// A writing transaction and the handle it belongs to.
pub struct Writing {
    /// The transaction.
    pub transaction: WriteTransaction,
    /// For [`Database::write_failed`].
    pub handle: u64,
}

impl Database {
    /// Opens or makes the file, and its tables.
    pub fn open(
        path: &Path,
        tables: impl FnOnce(&WriteTransaction) -> Result<(), redb::TableError>,
    ) -> Result<Self, StoreError> {
        let database = redb::Database::create(path).map_err(StoreError::database)?;
        let transaction = database.begin_write().map_err(StoreError::database)?;
        tables(&transaction).map_err(StoreError::database)?;
        transaction.commit().map_err(StoreError::database)?;
        let slot = Slot { open: Some(database), opened: 0, tried: None };
        Ok(Self { path: path.to_owned(), slot: RwLock::new(slot), refused: Mutex::default() })
    }

    /// Reads from a snapshot.
    pub fn read<T>(
        &self,
        job: impl FnOnce(&ReadTransaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (transaction, handle) = self.with(redb::Database::begin_read)?;
        job(&transaction).inspect_err(|error| self.note(handle, error))
    }

    /// Begins to write. Whoever writes tells of a failure. For a moment after one nothing is
    /// written.
    pub fn begin_write(&self) -> Result<Writing, StoreError> {
        match *self.refused.lock().unwrap_or_else(PoisonError::into_inner) {
            Some((since, true)) if since.elapsed() < PAUSE => return Err(StoreError::Full),
            Some((since, false)) if since.elapsed() < PAUSE => return Err(self.unusable()),
            _ => {},
        }
        let (transaction, handle) = self.with(redb::Database::begin_write)?;
        Ok(Writing { transaction, handle })
    }

    /// Closes the file after a failed write; the next use opens it anew.
    pub fn write_failed(&self, handle: u64, full: bool) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), full));
        self.note(handle, &if full { StoreError::Full } else { self.unusable() });
    }

    fn note(&self, handle: u64, error: &StoreError) {
        if !error.is_of_the_disk() {
            return;
        }
        let mut slot = self.slot_mut();
        if slot.opened == handle && slot.open.take().is_some() {
            tracing::error!(file = %self.path.display(), %error, "the disk failed");
        }
    }

    fn with<T, E: Into<redb::Error>>(
        &self,
        begin: impl Fn(&redb::Database) -> Result<T, E>,
    ) -> Result<(T, u64), StoreError> {
        let slot = self.slot.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(database) = &slot.open {
            let handle = slot.opened;
            match begin(database).map_err(StoreError::database) {
                Ok(begun) => return Ok((begun, handle)),
                Err(error) => {
                    drop(slot);
                    self.note(handle, &error);
                },
            }
        } else {
            drop(slot);
        }
        let mut slot = self.slot_mut();
        let begun = begin(self.opened(&mut slot)?).map_err(StoreError::database)?;
        Ok((begun, slot.opened))
    }

    /// The open file, opened anew if it was closed.
    fn opened<'a>(&self, slot: &'a mut Slot) -> Result<&'a redb::Database, StoreError> {
        let database = match slot.open.take() {
            Some(database) => database,
            None if slot.tried.is_some_and(|tried| tried.elapsed() < PAUSE) => {
                return Err(self.unusable());
            },
            None => {
                slot.tried = Some(Instant::now());
                let database = redb::Database::create(&self.path).map_err(StoreError::database)?;
                slot.tried = None;
                slot.opened = slot.opened.saturating_add(1);
                tracing::warn!(file = %self.path.display(), "the file was opened anew");
                metrics::counter!("kanglian_vault_reopened_total").increment(1);
                database
            },
        };
        Ok(slot.open.insert(database))
    }

    fn unusable(&self) -> StoreError {
        let name = self.path.file_name().unwrap_or_default().display();
        StoreError::Io(io::Error::other(format!("{name} cannot be used")))
    }

    fn slot_mut(&self) -> RwLockWriteGuard<'_, Slot> {
        self.slot.write().unwrap_or_else(PoisonError::into_inner)
    }
}
