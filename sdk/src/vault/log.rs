//! A person's own access log, verified.

use codec::{DecodeAll, Encode};
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use kanglian_primitives::{Hash32, PersonId, RegionCode, payloads, payloads::LogEntry};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{VaultClient, VaultError, verify};
use crate::wire::{
    AccountId, Anchor, ConsistencyReply, LogLine, LogReply, MAX_LOG_PAGE, Scheme, paths,
};

/// How a log contradicts itself, the chain, or what it said before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogFault {
    /// A line that must be there is not.
    #[error("line {0} is missing")]
    Removed(u64),
    /// A line is not the one the tree commits to, or the one it was before.
    #[error("line {0} was altered")]
    Altered(u64),
    /// A line is about somebody else or another vault.
    #[error("line {0} is not about this person at this vault")]
    Foreign(u64),
    /// The reader's signature in a line does not hold.
    #[error("line {0} carries a reader's signature that does not hold")]
    Unsigned(u64),
    /// The anchored tree does not continue the one known before.
    #[error("the log of {to} lines does not continue the one of {from} lines")]
    Inconsistent {
        /// Lines known before.
        from: u64,
        /// Lines now.
        to: u64,
    },
    /// The anchor on chain is about more lines than the log has.
    #[error("the chain has an anchor of {0} lines, the log is shorter")]
    Shorter(u64),
}

/// A line whose proof, if it has one yet, was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedLine {
    /// Where in the vault's log.
    pub index: u64,
    /// Its leaf hash.
    pub leaf: Hash32,
    /// Who read what, when and why.
    pub entry: LogEntry<AccountId>,
    /// Whether the anchor on chain covers it.
    pub anchored: bool,
    /// The line as the vault gave it, with salt and proof.
    pub wire: LogLine,
}

/// What to remember of a verified log, to check the next one against.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogMark {
    /// Lines in the anchored tree.
    pub size: u64,
    /// Its root.
    pub root: Hash32,
    /// The person's lines: index and leaf hash.
    pub lines: Vec<(u64, Hash32)>,
}

/// A person's own access log at one vault, verified against an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLog {
    /// The person's lines, rising.
    pub lines: Vec<VerifiedLine>,
    /// The anchored size and root that proofs were verified against; none before the first.
    pub anchor: Option<(u64, Hash32)>,
    /// What the vault itself last saw on chain.
    pub vault_anchor: Option<Anchor>,
}

impl OwnLog {
    /// What to remember.
    pub fn mark(&self) -> LogMark {
        let (size, root) = self.anchor.unwrap_or_default();
        let lines = self.lines.iter().map(|line| (line.index, line.leaf)).collect();
        LogMark { size, root, lines }
    }
}

/// Leaf hash of a line: SHA-256(0x00 ‖ SCALE(salt, entry)), RFC 6962, section 2.1.
pub fn leaf_hash(salt: &Hash32, entry: &LogEntry<AccountId>) -> Hash32 {
    let mut hasher = Sha256::new();
    hasher.update([0u8]);
    hasher.update((salt, entry).encode());
    hasher.finalize().into()
}

impl VaultClient {
    /// A page of the person's own log as the vault tells it, unverified.
    pub async fn log_page(
        &self,
        person: &PersonId,
        from: u64,
        limit: u32,
        size: Option<u64>,
    ) -> Result<LogReply, VaultError> {
        let request = self.http.get(self.url(&paths::log(person, from, limit, size))?);
        self.json(self.authorised(request).await?).await
    }

    /// A consistency proof as the vault gives it, unverified.
    pub async fn consistency(&self, from: u64, to: u64) -> Result<ConsistencyReply, VaultError> {
        let request = self.http.get(self.url(&paths::consistency(from, to))?);
        self.json(self.send(request).await?).await
    }

    /// The person's own log, verified: every line against the anchor (size and root, from the
    /// chain), every line's link to the one before it, readers' signatures, and all that was known
    /// before.
    pub async fn own_log(
        &self,
        person: &PersonId,
        anchor: Option<(u64, Hash32)>,
        known: Option<&LogMark>,
    ) -> Result<OwnLog, VaultError> {
        let size = anchor.map(|(size, _)| size).unwrap_or(0);
        let mut lines = Vec::new();
        let mut from = 0u64;
        let (length, vault_anchor) = loop {
            let reply = self.log_page(person, from, MAX_LOG_PAGE, Some(size)).await?;
            lines.extend(reply.entries);
            match reply.next {
                Some(next) if next > from => from = next,
                Some(_) => return Err(VaultError::Protocol("pages do not go on".into())),
                None => break (reply.size, reply.anchor),
            }
        };
        if size > length {
            return Err(LogFault::Shorter(size).into());
        }
        let lines = verify_lines(&self.target.genesis, self.target.region, person, anchor, lines)?;
        if let Some(known) = known {
            for (index, leaf) in &known.lines {
                match lines.iter().find(|line| line.index == *index) {
                    None => return Err(LogFault::Removed(*index).into()),
                    Some(line) if line.leaf != *leaf => {
                        return Err(LogFault::Altered(*index).into());
                    },
                    Some(_) => {},
                }
            }
            if known.size > 0 {
                self.verify_growth(known, anchor).await?;
            }
        }
        Ok(OwnLog { lines, anchor, vault_anchor })
    }

    /// The anchored tree continues the one known before.
    pub async fn verify_growth(
        &self,
        known: &LogMark,
        anchor: Option<(u64, Hash32)>,
    ) -> Result<(), VaultError> {
        let (size, root) = anchor.unwrap_or_default();
        let fault = LogFault::Inconsistent { from: known.size, to: size };
        if size == known.size {
            return if root == known.root { Ok(()) } else { Err(fault.into()) };
        }
        if size < known.size {
            return Err(fault.into());
        }
        let reply = self.consistency(known.size, size).await?;
        let bad = || VaultError::Protocol("the consistency proof cannot be read".into());
        let proof = ConsistencyProof::<Sha256>::try_from_bytes(join(&reply.proof).ok_or_else(bad)?)
            .map_err(|_| bad())?;
        let old = RootHash::<Sha256>::new(known.root.into(), known.size);
        RootHash::<Sha256>::new(root.into(), size)
            .verify_consistency(&old, &proof)
            .map_err(|_| fault.into())
    }
}

/// Verifies a person's lines of a province's vault against an anchor from the chain: each line's
/// place in the tree, its link to the one before it, and the reader's signature. From the first line
/// on: a listing that begins later misses what came before.
pub fn verify_lines(
    genesis: &Hash32,
    region: RegionCode,
    person: &PersonId,
    anchor: Option<(u64, Hash32)>,
    lines: Vec<LogLine>,
) -> Result<Vec<VerifiedLine>, VaultError> {
    let mut verified = Vec::with_capacity(lines.len());
    let mut previous = 0u64;
    for line in lines {
        let index = line.index;
        let bad = || VaultError::Protocol(format!("line {index} cannot be read"));
        let salt: Hash32 = decode_hex(&line.salt).ok_or_else(bad)?;
        let bytes = hex::decode(&line.entry).map_err(|_| bad())?;
        let entry = LogEntry::<AccountId>::decode_all(&mut bytes.as_slice()).map_err(|_| bad())?;
        if entry.statement.subject != *person || entry.statement.region != region {
            return Err(LogFault::Foreign(index).into());
        }
        let signed = payloads::access(genesis, &entry.statement);
        let holds = Scheme::from_number(entry.scheme).is_some_and(|scheme| {
            verify(scheme, &entry.statement.account, &signed, &entry.signature)
        });
        if !holds {
            return Err(LogFault::Unsigned(index).into());
        }
        let anchored = anchor.is_some_and(|(size, _)| index < size);
        if let Some((size, root)) = anchor.filter(|_| anchored) {
            let proof = line.proof.as_deref().ok_or(LogFault::Altered(index))?;
            let proof = InclusionProof::<Sha256>::try_from_bytes(join(proof).ok_or_else(bad)?)
                .map_err(|_| bad())?;
            RootHash::<Sha256>::new(root.into(), size)
                .verify_inclusion(&(salt, &entry).encode(), index, &proof)
                .map_err(|_| LogFault::Altered(index))?;
        }
        // The salt names the person's line before this one.
        let mut tail = [0u8; 8];
        tail.copy_from_slice(&salt[24..]);
        match u64::from_le_bytes(tail) {
            link if link == previous => {},
            0 => return Err(LogFault::Altered(index).into()),
            link => return Err(LogFault::Removed(link.saturating_sub(1)).into()),
        }
        previous = index.saturating_add(1);
        let leaf = leaf_hash(&salt, &entry);
        verified.push(VerifiedLine { index, leaf, entry, anchored, wire: line });
    }
    Ok(verified)
}

pub(super) fn decode_hex(text: &str) -> Option<Hash32> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}

fn join(hashes: &[String]) -> Option<Vec<u8>> {
    hashes.iter().map(|hash| decode_hex(hash)).collect::<Option<Vec<_>>>().map(|all| all.concat())
}
