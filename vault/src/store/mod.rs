//! What the vault holds: sealed bytes, the index of them, and bundles.

mod blobs;
mod commit;
mod database;
mod index;
mod spool;
mod verified;
mod works;

use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use kanglian_primitives::RecordId;

pub use blobs::Blobs;
pub use commit::Committer;
pub use database::Database;
pub use index::{Bundle, Entry, Index};
pub use spool::{Spooled, spool};
pub use verified::Parts;
pub use works::{Document, Published, Works, block_word, language_word, words_asked, words_of};

use crate::config::Storage;

/// Why storing or reading failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// More or fewer bytes than announced.
    #[error("{expected} bytes were announced, {found} came")]
    Length {
        /// Announced.
        expected: u64,
        /// Arrived.
        found: u64,
    },
    /// The bytes are not the record.
    #[error("the BLAKE3 of the bytes is not the record's id")]
    Digest,
    /// The other side was silent or slow for too long.
    #[error("the other side was silent or too slow")]
    Idle,
    /// The other side went away.
    #[error("the connection broke")]
    Broken,
    /// The id is taken by another subject.
    #[error("these bytes are stored as a record of another subject")]
    OtherSubject,
    /// The id is taken under another claim.
    #[error("these bytes are stored under another claim")]
    OtherClaim,
    /// Stored bytes are not what they were.
    #[error("the stored bytes are damaged and no other vault could repair them")]
    Damaged,
    /// No bytes, here or elsewhere.
    #[error("no vault that can be reached holds the bytes")]
    Missing,
    /// No space.
    #[error("the vault has no space left")]
    Full,
    /// The system failed.
    #[error("input or output failed: {0}")]
    Io(io::Error),
    /// The object store failed.
    #[error("the object store failed: {0}")]
    Object(#[from] object_store::Error),
    /// The index failed.
    #[error("the index failed: {0}")]
    Index(String),
}

impl StoreError {
    pub(crate) fn index(error: impl std::fmt::Display) -> Self {
        Self::Index(error.to_string())
    }

    /// What a database says; failures of the disk beneath it keep their kind.
    pub(crate) fn database(error: impl Into<redb::Error>) -> Self {
        match error.into() {
            redb::Error::Io(error) => error.into(),
            error @ (redb::Error::PreviousIo | redb::Error::DatabaseClosed) => {
                Self::Io(io::Error::other(error))
            },
            error => Self::index(error),
        }
    }

    /// Whether the disk failed or is full.
    pub(crate) fn is_of_the_disk(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Full)
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full,
            _ => Self::Io(error),
        }
    }
}

/// Everything stored.
pub struct Store {
    /// Objects and bundles by hash.
    pub index: Index,
    /// Bytes.
    pub blobs: Blobs,
    /// Public works: entries, metadata, and what is found by which words.
    pub works: Works,
    /// Their bytes.
    pub public_blobs: Blobs,
    locks: Locks,
}

impl Store {
    /// Opens the data folder.
    pub fn open(root: &Path, storage: &Storage) -> Result<Self, StoreError> {
        std::fs::create_dir_all(root)?;
        let blobs = Blobs::open(root, storage)?;
        let index = Index::open(&root.join("index.redb"))?;
        let public_blobs = Blobs::open_under(&root.join("public"), storage, Some("public"))?;
        let works = Works::open(&root.join("works.redb"))?;
        Ok(Self { index, blobs, works, public_blobs, locks: Locks::default() })
    }

    /// One writer at a time for each record.
    pub async fn lock(&self, record: &RecordId) -> tokio::sync::OwnedMutexGuard<()> {
        self.locks.of(record).lock_owned().await
    }

    /// Puts verified bytes in place and then into the index, which is synced when this returns.
    /// The caller holds the record's lock.
    pub async fn import(&self, spooled: Spooled, entry: Entry) -> Result<Entry, StoreError> {
        if let Some(known) = self.index.object(&entry.claim.record)?
            && known.claim.subject != entry.claim.subject
        {
            return Err(StoreError::OtherSubject);
        }
        let record = entry.claim.record;
        self.blobs.publish(spooled).await?;
        match self.index.put_object(entry).await {
            Err(error) => {
                self.take_back(record).await;
                Err(error)
            },
            stored => stored,
        }
    }

    /// Removes bytes that did not come into the index. While the index cannot be asked they stay,
    /// for `check` to find.
    async fn take_back(&self, record: RecordId) {
        if !matches!(self.index.object(&record), Ok(None)) {
            return;
        }
        if let Err(error) = self.blobs.remove(record).await {
            tracing::warn!(%record, %error, "bytes that nothing names were left");
        }
    }
}

/// A lock for each record in use.
#[derive(Default)]
struct Locks(Mutex<HashMap<[u8; 32], Weak<tokio::sync::Mutex<()>>>>);

impl Locks {
    fn of(&self, record: &RecordId) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(&record.0).and_then(Weak::upgrade) {
            return lock;
        }
        if locks.len() > 1024 {
            locks.retain(|_, lock| lock.strong_count() > 0);
        }
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        locks.insert(record.0, Arc::downgrade(&lock));
        lock
    }
}
