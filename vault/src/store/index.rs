//! The index of objects and bundles.

use std::{path::Path, sync::Arc};

use codec::{Decode, Encode};
use kanglian_primitives::{Hash32, Height, Instant, PersonId, RecordId, ShareClaim};
use kanglian_sdk::envelope::Wrap;
use redb::{ReadableTable, ReadableTableMetadata, TableDefinition, WriteTransaction};

use super::{Database, StoreError, commit::Committer};

/// Objects by record.
const OBJECTS: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("objects/v1");
/// Bundles by hash.
const BUNDLES: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("bundles/v1");

/// What the vault knows of an object it holds.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// The claim it was uploaded under, which receipts repeat.
    pub claim: ShareClaim,
    /// The wrapped data keys.
    pub wraps: Vec<Wrap>,
    /// When it was stored.
    pub received_at: Instant,
    /// No receipt signed here counts at or after this height.
    pub receipts_until: Height,
    /// Whether the record was seen on chain.
    pub shared: bool,
}

/// A bundle of sealed scope secrets.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Bundle {
    /// Whose scope secrets.
    pub subject: PersonId,
    /// When it was stored.
    pub received_at: Instant,
    /// The bundle.
    pub bytes: Vec<u8>,
}

/// The index: reads are snapshots, writes are synced in groups.
pub struct Index {
    database: Arc<Database>,
    committer: Committer,
}

impl Index {
    /// Opens or makes the index.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let database = Arc::new(Database::open(path, |transaction| {
            transaction.open_table(OBJECTS)?;
            transaction.open_table(BUNDLES)?;
            Ok(())
        })?);
        let committer = Committer::start("vault-index", database.clone())?;
        Ok(Self { database, committer })
    }

    /// An object's entry.
    pub fn object(&self, record: &RecordId) -> Result<Option<Entry>, StoreError> {
        self.database.read(|read| {
            let table = read.open_table(OBJECTS).map_err(StoreError::database)?;
            let value = table.get(&record.0).map_err(StoreError::database)?;
            value.map(|value| decode(value.value())).transpose()
        })
    }

    /// A page of all objects, after the given record.
    pub fn objects_after(
        &self,
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<(RecordId, Entry)>, StoreError> {
        use std::ops::Bound;
        let from = after.map_or(Bound::Unbounded, |record| Bound::Excluded(&record.0));
        self.database.read(|read| {
            let table = read.open_table(OBJECTS).map_err(StoreError::database)?;
            let range =
                table.range::<&[u8; 32]>((from, Bound::Unbounded)).map_err(StoreError::database)?;
            range
                .take(limit)
                .map(|row| {
                    let (key, value) = row.map_err(StoreError::database)?;
                    Ok((RecordId(*key.value()), decode(value.value())?))
                })
                .collect()
        })
    }

    /// Number of objects.
    pub fn count(&self) -> Result<u64, StoreError> {
        self.database.read(|read| {
            let table = read.open_table(OBJECTS).map_err(StoreError::database)?;
            table.len().map_err(StoreError::database)
        })
    }

    /// Stores an entry whose bytes are in place. A record is of one subject and author for ever;
    /// a later upload may change block, epoch and wraps until the record is shared.
    pub async fn put_object(&self, entry: Entry) -> Result<Entry, StoreError> {
        self.write(move |transaction| {
            let mut table = transaction.open_table(OBJECTS).map_err(StoreError::database)?;
            let known: Option<Entry> = table
                .get(&entry.claim.record.0)
                .map_err(StoreError::database)?
                .map(|value| decode(value.value()))
                .transpose()?;
            let entry = merge(known, entry)?;
            table
                .insert(&entry.claim.record.0, entry.encode().as_slice())
                .map_err(StoreError::database)?;
            Ok(entry)
        })
        .await
    }

    /// Notes that a receipt counts until a height, before it is given out. The claim must be the
    /// stored one.
    pub async fn extend_receipts(
        &self,
        claim: ShareClaim,
        until: Height,
    ) -> Result<(), StoreError> {
        self.change(claim.record, move |entry| {
            if entry.claim != claim {
                return Err(StoreError::OtherClaim);
            }
            entry.receipts_until = entry.receipts_until.max(until);
            Ok(())
        })
        .await
    }

    /// Notes that the record is on chain.
    pub async fn mark_shared(&self, record: RecordId) -> Result<(), StoreError> {
        self.change(record, |entry| {
            entry.shared = true;
            Ok(())
        })
        .await
    }

    /// Removes an entry.
    pub async fn remove_object(&self, record: RecordId) -> Result<(), StoreError> {
        self.write(move |transaction| {
            let mut table = transaction.open_table(OBJECTS).map_err(StoreError::database)?;
            table.remove(&record.0).map_err(StoreError::database)?;
            Ok(())
        })
        .await
    }

    async fn change(
        &self,
        record: RecordId,
        change: impl FnOnce(&mut Entry) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.write(move |transaction| {
            let mut table = transaction.open_table(OBJECTS).map_err(StoreError::database)?;
            let mut entry: Entry = table
                .get(&record.0)
                .map_err(StoreError::database)?
                .map(|value| decode(value.value()))
                .transpose()?
                .ok_or(StoreError::Missing)?;
            change(&mut entry)?;
            table.insert(&record.0, entry.encode().as_slice()).map_err(StoreError::database)?;
            Ok(())
        })
        .await
    }

    /// A bundle.
    pub fn bundle(&self, hash: &Hash32) -> Result<Option<Bundle>, StoreError> {
        self.database.read(|read| {
            let table = read.open_table(BUNDLES).map_err(StoreError::database)?;
            let value = table.get(hash).map_err(StoreError::database)?;
            value.map(|value| decode(value.value())).transpose()
        })
    }

    /// Hashes, subjects and ages of all bundles.
    pub fn bundles(&self) -> Result<Vec<(Hash32, PersonId, Instant)>, StoreError> {
        self.database.read(|read| {
            let table = read.open_table(BUNDLES).map_err(StoreError::database)?;
            table
                .iter()
                .map_err(StoreError::database)?
                .map(|row| {
                    let (key, value) = row.map_err(StoreError::database)?;
                    // The first two fields; the bundle itself stays where it is.
                    let (subject, received_at) =
                        Decode::decode(&mut value.value()).map_err(StoreError::index)?;
                    Ok((*key.value(), subject, received_at))
                })
                .collect()
        })
    }

    /// Stores a bundle; the same again is no change.
    pub async fn put_bundle(&self, hash: Hash32, bundle: Bundle) -> Result<(), StoreError> {
        self.write(move |transaction| {
            let mut table = transaction.open_table(BUNDLES).map_err(StoreError::database)?;
            let known: Option<Bundle> = table
                .get(&hash)
                .map_err(StoreError::database)?
                .map(|value| decode(value.value()))
                .transpose()?;
            if known.is_some_and(|known| known.subject != bundle.subject) {
                return Err(StoreError::OtherSubject);
            }
            table.insert(&hash, bundle.encode().as_slice()).map_err(StoreError::database)?;
            Ok(())
        })
        .await
    }

    /// Removes a bundle.
    pub async fn remove_bundle(&self, hash: Hash32) -> Result<(), StoreError> {
        self.write(move |transaction| {
            let mut table = transaction.open_table(BUNDLES).map_err(StoreError::database)?;
            table.remove(&hash).map_err(StoreError::database)?;
            Ok(())
        })
        .await
    }

    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&WriteTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.committer.write(job).await
    }
}

fn merge(known: Option<Entry>, new: Entry) -> Result<Entry, StoreError> {
    let Some(known) = known else { return Ok(new) };
    if known.claim.subject != new.claim.subject {
        return Err(StoreError::OtherSubject);
    }
    if known.claim.author != new.claim.author || known.shared && known.claim != new.claim {
        return Err(StoreError::OtherClaim);
    }
    Ok(Entry {
        receipts_until: known.receipts_until.max(new.receipts_until),
        shared: known.shared || new.shared,
        ..new
    })
}

fn decode<T: Decode>(bytes: &[u8]) -> Result<T, StoreError> {
    use codec::DecodeAll;
    T::decode_all(&mut &*bytes).map_err(StoreError::index)
}
