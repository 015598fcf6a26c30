//! A registrar's log, fetched whole and verified: the signed head, the root over all lines, every
//! line's signature, and that it continues what was seen before.

use codec::DecodeAll;
use ct_merkle::{ConsistencyProof, RootHash};
use kanglian_primitives::{Hash32, Instant, PersonId};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::{
    client::{AskError, Registrars},
    set::Member,
    wire::{
        EntriesReply, Evaluator, LogEntry, LogHead, MAX_LINES, Outcome, Reason, leaf_hash, paths,
    },
};
use crate::{
    tree::Tree,
    wire::{AccountId, ConsistencyReply},
};

/// How a registrar's log contradicts itself or what it said before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// The head is not signed by the registrar, or for another chain.
    #[error("the head of the log is not the registrar's for this chain")]
    Head,
    /// Lines do not give the signed root, or cannot be read.
    #[error("line {0} of the log is missing or was altered")]
    Altered(u64),
    /// A line's statement is not signed by its account, or for another registrar.
    #[error("line {0} of the log carries a statement that its account did not sign for it")]
    Unsigned(u64),
    /// Lines that were anchored on chain are gone.
    #[error("the log has {to} lines, {anchored} are anchored on chain: it was cut")]
    Cut {
        /// Lines at the anchor.
        anchored: u64,
        /// Lines now.
        to: u64,
    },
    /// Lines that were anchored on chain are others now.
    #[error("the first {0} lines are not those that were anchored on chain: it was rewritten")]
    Rewritten(u64),
    /// The log does not continue the one seen before.
    #[error(
        "the log of {to} lines does not continue the one of {from} lines that it signed before"
    )]
    Inconsistent {
        /// Lines before.
        from: u64,
        /// Lines now.
        to: u64,
    },
}

/// What to remember of a log, or what was anchored of it, to check the next one against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadMark {
    /// Lines.
    pub size: u64,
    /// Their root.
    #[serde(with = "crate::wire::hex_bytes")]
    pub root: Hash32,
}

/// An evaluation as the log tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoggedEvaluation {
    /// Its number.
    pub evaluation: u64,
    /// For whom.
    pub evaluator: Evaluator,
    /// Who asked.
    pub account: AccountId,
    /// When.
    pub at: Instant,
    /// What became of it; none while it is open.
    pub end: Option<End>,
}

/// What became of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The person was attested, then.
    Attested(PersonId, Instant),
    /// A reason was filed.
    Closed(Reason),
}

/// A verified log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedLog {
    /// What to remember.
    pub mark: HeadMark,
    /// All evaluations, rising.
    pub evaluations: Vec<LoggedEvaluation>,
}

impl Registrars {
    /// A registrar's whole log, verified; `known` is what was seen before, `anchored` what the
    /// chain has.
    pub async fn verified_log(
        &self,
        index: u16,
        known: Option<HeadMark>,
        anchored: Option<HeadMark>,
    ) -> Result<VerifiedLog, AskError> {
        let member = self.member(index)?;
        let head: LogHead = self.get(index, paths::HEAD).await?;
        if head.registrar != member.signing_key || head.genesis != *self.genesis() || !head.holds()
        {
            return Err(AuditFault::Head.into());
        }
        let mut tree = Tree::default();
        let mut evaluations: Vec<LoggedEvaluation> = Vec::new();
        while tree.size() < head.size {
            let from = tree.size();
            let limit = MAX_LINES.min(head.size.saturating_sub(from));
            let page: EntriesReply = self.get(index, &paths::entries(from, limit)).await?;
            if page.entries.is_empty() {
                return Err(AuditFault::Altered(from).into());
            }
            for line in page.entries.into_iter().take(usize::try_from(limit).unwrap_or(0)) {
                let at = tree.size();
                let bytes = hex::decode(&line.entry).map_err(|_| AuditFault::Altered(at))?;
                let entry = LogEntry::decode_all(&mut bytes.as_slice())
                    .map_err(|_| AuditFault::Altered(at))?;
                if line.index != at {
                    return Err(AuditFault::Altered(at).into());
                }
                tree.push(leaf_hash(&line.salt, &bytes));
                note(&mut evaluations, at, &entry, member, self.genesis())?;
            }
        }
        if tree.root(head.size) != Some(head.root) {
            return Err(AuditFault::Altered(head.size.saturating_sub(1)).into());
        }
        let mark = HeadMark { size: head.size, root: head.root };
        if let Some(anchor) = anchored {
            check_anchor(&tree, anchor)?;
        }
        if let Some(known) = known {
            self.verify_growth(index, known, mark, &tree).await?;
        }
        Ok(VerifiedLog { mark, evaluations })
    }

    /// The log continues the one known before: by all its lines, and by the proof that it gives
    /// others who do not read all lines.
    async fn verify_growth(
        &self,
        index: u16,
        known: HeadMark,
        now: HeadMark,
        tree: &Tree,
    ) -> Result<(), AskError> {
        let fault = AuditFault::Inconsistent { from: known.size, to: now.size };
        if tree.root(known.size) != Some(known.root) {
            return Err(fault.into());
        }
        if known.size == 0 || known.size == now.size {
            return Ok(());
        }
        let path = paths::consistency(known.size, now.size);
        let reply: ConsistencyReply = self.get(index, &path).await?;
        let hashes: Option<Vec<Hash32>> = reply.proof.iter().map(|text| decode(text)).collect();
        let proof = hashes
            .and_then(|hashes| ConsistencyProof::<Sha256>::try_from_bytes(hashes.concat()).ok())
            .ok_or_else(|| fault.clone())?;
        let old = RootHash::<Sha256>::new(known.root.into(), known.size);
        RootHash::<Sha256>::new(now.root.into(), now.size)
            .verify_consistency(&old, &proof)
            .map_err(|_| fault.into())
    }
}

/// Whether the tree begins with what was anchored.
pub(super) fn check_anchor(tree: &Tree, anchor: HeadMark) -> Result<(), AuditFault> {
    if tree.size() < anchor.size {
        return Err(AuditFault::Cut { anchored: anchor.size, to: tree.size() });
    }
    match tree.root(anchor.size) == Some(anchor.root) {
        true => Ok(()),
        false => Err(AuditFault::Rewritten(anchor.size)),
    }
}

/// Takes a line into account, in the order of the log.
fn note(
    evaluations: &mut Vec<LoggedEvaluation>,
    line: u64,
    entry: &LogEntry,
    member: &Member,
    genesis: &Hash32,
) -> Result<(), AuditFault> {
    match entry {
        LogEntry::Evaluated { request, at } => {
            if request.statement.registrar != member.signing_key || !request.holds(genesis) {
                return Err(AuditFault::Unsigned(line));
            }
            evaluations.push(LoggedEvaluation {
                evaluation: line,
                evaluator: request.statement.evaluator,
                account: request.statement.account,
                at: *at,
                end: None,
            });
        },
        LogEntry::Closed { request, attested_at, .. } => {
            let statement = &request.statement;
            if statement.registrar != member.signing_key || !request.holds(genesis) {
                return Err(AuditFault::Unsigned(line));
            }
            let at = evaluations
                .binary_search_by_key(&statement.evaluation, |known| known.evaluation)
                .map_err(|_| AuditFault::Unsigned(line))?;
            let Some(known) = evaluations.get_mut(at).filter(|known| known.end.is_none()) else {
                return Err(AuditFault::Unsigned(line));
            };
            known.end = Some(match (statement.outcome, attested_at) {
                (Outcome::Attested(person), Some(when)) => End::Attested(person, *when),
                (Outcome::Closed(reason), None) => End::Closed(reason),
                _ => return Err(AuditFault::Altered(line)),
            });
        },
    }
    Ok(())
}

fn decode(text: &str) -> Option<Hash32> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}
