//! The access log: every read, allowed or refused, before its first byte leaves.
//!
//! Lines are appended to a database of their own and synced in groups; leaf hashes are kept in an
//! RFC 6962 tree whose roots go on chain. A line's salt names the same person's line before it, so
//! that a listing with a gap shows.

use std::{
    path::Path,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use codec::{Decode, Encode};
use kanglian_primitives::{Hash32, Height, PersonId, payloads::LogEntry};
pub use kanglian_sdk::tree::Tree;
use kanglian_sdk::{
    vault::leaf_hash,
    wire::{AccountId, Anchor, ConsistencyReply, InclusionReply, LogLine, LogReply},
};
use redb::{ReadableTable, TableDefinition, WriteTransaction};

use crate::store::{Committer, Database, StoreError};

/// Salt and entry by index.
const LINES: TableDefinition<u64, &[u8]> = TableDefinition::new("lines/v1");
/// Leaf hashes by index.
const LEAVES: TableDefinition<u64, &[u8; 32]> = TableDefinition::new("leaves/v1");
/// Indices of a person's lines.
const BY_PERSON: TableDefinition<(&[u8; 32], u64), ()> = TableDefinition::new("by-person/v1");
/// Anchors seen on chain, by size.
const ANCHORS: TableDefinition<u64, &[u8]> = TableDefinition::new("anchors/v1");

/// A line's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// From 0.
    pub index: u64,
    /// Its leaf hash.
    pub leaf: Hash32,
}

/// The log.
pub struct AccessLog {
    database: Arc<Database>,
    committer: Committer,
    tree: Arc<RwLock<Tree>>,
    broken: AtomicBool,
}

impl AccessLog {
    /// Opens or makes the log.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let database = Arc::new(Database::open(path, |transaction| {
            transaction.open_table(LINES)?;
            transaction.open_table(LEAVES)?;
            transaction.open_table(BY_PERSON)?;
            transaction.open_table(ANCHORS)?;
            Ok(())
        })?);
        let mut tree = Tree::default();
        database.read(|read| {
            let leaves = read.open_table(LEAVES).map_err(StoreError::database)?;
            for (expected, row) in (0u64..).zip(leaves.iter().map_err(StoreError::database)?) {
                let (index, leaf) = row.map_err(StoreError::database)?;
                if index.value() != expected {
                    return Err(StoreError::Index(format!("log line {expected} is missing")));
                }
                tree.push(*leaf.value());
            }
            Ok(())
        })?;
        let committer = Committer::start("vault-log", database.clone())?;
        let tree = Arc::new(RwLock::new(tree));
        Ok(Self { database, committer, tree, broken: AtomicBool::new(false) })
    }

    fn tree(&self) -> std::sync::RwLockReadGuard<'_, Tree> {
        self.tree.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Number of lines on disk.
    pub fn size(&self) -> u64 {
        self.tree().size()
    }

    /// Root over the first `size` lines.
    pub fn root(&self, size: u64) -> Option<Hash32> {
        self.tree().root(size)
    }

    /// Whether the log contradicts the chain. Then nothing may be read: it could not be logged.
    pub fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    /// Appends a line; it is on disk when this returns.
    pub async fn append(&self, entry: LogEntry<AccountId>) -> Result<Appended, StoreError> {
        let tree = self.tree.clone();
        let appended = self.committer.write(move |transaction| insert(transaction, &entry)).await?;
        // Jobs of one group wake in any order; the tree takes lines by their index.
        let mut tree = tree.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if tree.size() == appended.index {
            tree.push(appended.leaf);
        } else if tree.size() < appended.index {
            self.database.read(|read| {
                let leaves = read.open_table(LEAVES).map_err(StoreError::database)?;
                for row in
                    leaves.range(tree.size()..=appended.index).map_err(StoreError::database)?
                {
                    tree.push(*row.map_err(StoreError::database)?.1.value());
                }
                Ok(())
            })?;
        }
        metrics::gauge!("kanglian_vault_log_lines").set(tree.size() as f64);
        Ok(appended)
    }

    /// A page of a person's lines, with proofs in the tree of `proof_size` lines.
    pub fn page(
        &self,
        person: &PersonId,
        from: u64,
        limit: usize,
        proof_size: Option<u64>,
    ) -> Result<Option<LogReply>, StoreError> {
        let anchor = self.last_anchor()?;
        let tree = self.tree();
        let size = tree.size();
        let proof_size = proof_size.unwrap_or(anchor.map_or(0, |anchor| anchor.size));
        let Some(root) = tree.root(size).filter(|_| proof_size <= size) else { return Ok(None) };
        let (entries, next) = self.database.read(|read| {
            let by_person = read.open_table(BY_PERSON).map_err(StoreError::database)?;
            let lines = read.open_table(LINES).map_err(StoreError::database)?;
            let mut entries = Vec::new();
            let indices = by_person.range((&person.0, from)..(&person.0, size));
            for row in indices.map_err(StoreError::database)? {
                let (_, index) = row.map_err(StoreError::database)?.0.value();
                if entries.len() == limit {
                    return Ok((entries, Some(index)));
                }
                let line = lines
                    .get(index)
                    .map_err(StoreError::database)?
                    .ok_or_else(|| StoreError::Index(format!("log line {index} is missing")))?;
                let (salt, entry) = line.value().split_at_checked(32).unwrap_or_default();
                let proof = tree
                    .inclusion(index, proof_size)
                    .map(|proof| proof.iter().map(hex::encode).collect());
                entries.push(LogLine {
                    index,
                    salt: hex::encode(salt),
                    entry: hex::encode(entry),
                    proof,
                });
            }
            Ok((entries, None))
        })?;
        Ok(Some(LogReply { size, root, anchor, proof_size, entries, next }))
    }

    /// What stands at a line, with a proof in the tree of `size` lines; none beyond the log.
    pub fn inclusion(&self, index: u64, size: u64) -> Option<InclusionReply> {
        let tree = self.tree();
        let proof = tree.inclusion(index, size)?.iter().map(hex::encode).collect();
        Some(InclusionReply { index, size, leaf: tree.leaf(index)?, proof })
    }

    /// A consistency proof; none for sizes the log does not have.
    pub fn consistency(&self, from: u64, to: u64) -> Option<ConsistencyReply> {
        let tree = self.tree();
        let proof = tree.consistency(from, to)?.iter().map(hex::encode).collect();
        Some(ConsistencyReply {
            from,
            to,
            from_root: tree.root(from)?,
            to_root: tree.root(to)?,
            proof,
        })
    }

    /// Size, root and proof for the next anchor after one of `from` lines.
    pub fn next_anchor(&self, from: u64) -> Option<(u64, Hash32, Vec<Hash32>)> {
        let tree = self.tree();
        let size = tree.size();
        if size <= from {
            return None;
        }
        let proof = if from == 0 { Vec::new() } else { tree.consistency(from, size)? };
        Some((size, tree.root(size)?, proof))
    }

    /// Compares the log with what the chain holds. A log that lost lines or has others than were
    /// anchored stops all reading until the operator has restored it.
    pub fn check_anchor(&self, size: u64, root: &Hash32) -> bool {
        let holds = self.root(size).as_ref() == Some(root);
        if !holds && !self.broken.swap(true, Ordering::Relaxed) {
            tracing::error!(
                anchored = size,
                lines = self.size(),
                "the access log contradicts its anchor on chain; reads are refused"
            );
        }
        holds
    }

    /// Notes an anchor seen on chain.
    pub async fn note_anchor(&self, anchor: Anchor) -> Result<(), StoreError> {
        let stored = StoredAnchor { root: anchor.root, block: anchor.block }.encode();
        self.committer
            .write(move |transaction| {
                let mut table = transaction.open_table(ANCHORS).map_err(StoreError::database)?;
                table.insert(anchor.size, stored.as_slice()).map_err(StoreError::database)?;
                Ok(())
            })
            .await
    }

    /// The last anchor seen on chain.
    pub fn last_anchor(&self) -> Result<Option<Anchor>, StoreError> {
        self.database.read(|read| {
            let table = read.open_table(ANCHORS).map_err(StoreError::database)?;
            let Some((size, value)) = table.last().map_err(StoreError::database)? else {
                return Ok(None);
            };
            let stored = StoredAnchor::decode(&mut value.value()).map_err(StoreError::index)?;
            Ok(Some(Anchor { size: size.value(), root: stored.root, block: stored.block }))
        })
    }
}

/// An anchor's value in the index.
#[derive(Encode, Decode)]
struct StoredAnchor {
    root: Hash32,
    block: Height,
}

fn insert(
    transaction: &WriteTransaction,
    entry: &LogEntry<AccountId>,
) -> Result<Appended, StoreError> {
    let mut lines = transaction.open_table(LINES).map_err(StoreError::database)?;
    let mut leaves = transaction.open_table(LEAVES).map_err(StoreError::database)?;
    let mut by_person = transaction.open_table(BY_PERSON).map_err(StoreError::database)?;
    let person = entry.statement.subject;
    let last = lines.last().map_err(StoreError::database)?;
    let index = last.map_or(0, |(index, _)| index.value().saturating_add(1));
    let before = by_person
        .range((&person.0, 0)..=(&person.0, u64::MAX))
        .map_err(StoreError::database)?
        .next_back()
        .transpose()
        .map_err(StoreError::database)?
        .map_or(0, |(key, _)| key.value().1.saturating_add(1));
    let salt = salt(before);
    let leaf = leaf_hash(&salt, entry);
    let line = (salt, entry).encode();
    lines.insert(index, line.as_slice()).map_err(StoreError::database)?;
    leaves.insert(index, &leaf).map_err(StoreError::database)?;
    by_person.insert((&person.0, index), ()).map_err(StoreError::database)?;
    Ok(Appended { index, leaf })
}

/// 24 random bytes, then the index plus one of the person's line before.
fn salt(before: u64) -> Hash32 {
    use rand::Rng;
    let mut salt = [0u8; 32];
    let (random, link) = salt.split_at_mut(24);
    rand::rng().fill_bytes(random);
    link.copy_from_slice(&before.to_le_bytes());
    salt
}
