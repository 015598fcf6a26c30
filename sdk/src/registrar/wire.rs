//! What registrars and those who ask them say to each other.
//!
//! Statements are SCALE values, signed by an account of the chain, raw or wrapped in `<Bytes>`.
//! They name the chain and the registrar, so that none counts elsewhere. The log keeps them with
//! their signatures: everybody can check that an institution asked, and nobody learns for whom.
//!
//! Byte strings in JSON are lower-case hexadecimal without a prefix.

use std::{fmt, str::FromStr};

use codec::{Decode, DecodeAll, Encode};
use kanglian_primitives::{Hash32, Height, Instant, InstitutionId, PersonId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    vault::{AccountSigner, verify, verify_ed25519},
    wire::{AccountId, Scheme, hex_bytes},
};

const EVALUATE: &str = "kanglian/evaluate/v1";
const OUTCOME: &str = "kanglian/outcome/v1";
const RECEIPT: &str = "kanglian/evaluation-receipt/v1";
const HEAD: &str = "kanglian/registrar-head/v1";

/// How far a statement's time may be from the registrar's clock, in milliseconds.
pub const MAX_SKEW: Instant = 60_000;
/// Most lines in one page of a registrar's log.
pub const MAX_LINES: u64 = 512;

/// For whom an account asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Evaluator {
    /// An institution that the account speaks for or practises at.
    #[codec(index = 0)]
    Institution(InstitutionId),
    /// The regulator, who checks samples.
    #[codec(index = 1)]
    Regulator,
}

impl fmt::Display for Evaluator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Institution(id) => id.fmt(f),
            Self::Regulator => f.write_str("regulator"),
        }
    }
}

impl FromStr for Evaluator {
    type Err = kanglian_primitives::InstitutionIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "regulator" => Ok(Self::Regulator),
            _ => text.parse().map(Self::Institution),
        }
    }
}

/// Why an evaluation led to no attestation.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The person is enrolled already.
    #[codec(index = 0)]
    AlreadyKnown,
    /// It was not the person's document, or it was misread.
    #[codec(index = 1)]
    WrongDocument,
    /// The enrolment was broken off, or too few registrars answered.
    #[codec(index = 2)]
    Aborted,
    /// The same document was evaluated again.
    #[codec(index = 3)]
    Duplicate,
    /// To find a person's id for a recovery or an emergency.
    #[codec(index = 4)]
    Recovery,
    /// The regulator checked a sample.
    #[codec(index = 5)]
    Sampling,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::AlreadyKnown,
        Self::WrongDocument,
        Self::Aborted,
        Self::Duplicate,
        Self::Recovery,
        Self::Sampling,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AlreadyKnown => "already-known",
            Self::WrongDocument => "wrong-document",
            Self::Aborted => "aborted",
            Self::Duplicate => "duplicate",
            Self::Recovery => "recovery",
            Self::Sampling => "sampling",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Reason {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|reason| reason.name() == text);
        found.ok_or_else(|| format!("expected one of {}", Self::ALL.map(Reason::name).join(", ")))
    }
}

/// What became of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// The institution attested this person.
    #[codec(index = 0)]
    Attested(PersonId),
    /// It did not.
    #[codec(index = 1)]
    Closed(Reason),
}

/// What is asked when an element is to be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct EvaluationStatement {
    /// The registrar's signing key.
    pub registrar: [u8; 32],
    /// The epoch of its shares.
    pub epoch: u32,
    /// Who asks.
    pub account: AccountId,
    /// For whom.
    pub evaluator: Evaluator,
    /// SHA-256 of the blinded element.
    pub element: Hash32,
    /// When it was made.
    pub issued_at: Instant,
    /// Random: no two statements are alike.
    pub nonce: [u8; 16],
}

/// What is said of an earlier evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct OutcomeStatement {
    /// The registrar's signing key.
    pub registrar: [u8; 32],
    /// Number of the evaluation in the registrar's log.
    pub evaluation: u64,
    /// Who files.
    pub account: AccountId,
    /// What became of it.
    pub outcome: Outcome,
    /// When it was made.
    pub issued_at: Instant,
    /// Random.
    pub nonce: [u8; 16],
}

/// A statement that accounts sign for registrars.
pub trait Statement: Encode + Decode {
    /// What stands first in the signed bytes.
    const DOMAIN: &'static str;
    /// Who signs.
    fn account(&self) -> &AccountId;
}

impl Statement for EvaluationStatement {
    const DOMAIN: &'static str = EVALUATE;
    fn account(&self) -> &AccountId {
        &self.account
    }
}

impl Statement for OutcomeStatement {
    const DOMAIN: &'static str = OUTCOME;
    fn account(&self) -> &AccountId {
        &self.account
    }
}

/// A statement with its account's signature.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Signed<T> {
    /// What is said.
    pub statement: T,
    /// 0 ed25519, 1 sr25519.
    pub scheme: u8,
    /// The signature.
    pub signature: [u8; 64],
}

impl<T: Statement> Signed<T> {
    /// The bytes under the signature.
    pub fn message(genesis: &Hash32, statement: &T) -> Vec<u8> {
        (T::DOMAIN, genesis, statement).encode()
    }

    /// Signs a statement.
    pub fn sign(genesis: &Hash32, statement: T, signer: &dyn AccountSigner) -> Self {
        let signature = signer.sign(&Self::message(genesis, &statement));
        Self { statement, scheme: signer.scheme().number(), signature }
    }

    /// Whether the signature is the account's.
    pub fn holds(&self, genesis: &Hash32) -> bool {
        let message = Self::message(genesis, &self.statement);
        Scheme::from_number(self.scheme).is_some_and(|scheme| {
            verify(scheme, self.statement.account(), &message, &self.signature)
        })
    }

    /// As it travels.
    pub fn to_body(&self) -> SignedBody {
        SignedBody {
            statement: hex::encode(self.statement.encode()),
            scheme: self.scheme,
            signature: hex::encode(self.signature),
        }
    }

    /// As it travelled; none when it cannot be read or has trailing bytes.
    pub fn from_body(body: &SignedBody) -> Option<Self> {
        let bytes = hex::decode(&body.statement).ok()?;
        let statement = T::decode_all(&mut bytes.as_slice()).ok()?;
        let mut signature = [0u8; 64];
        hex::decode_to_slice(&body.signature, &mut signature).ok()?;
        Some(Self { statement, scheme: body.scheme, signature })
    }
}

/// A line of a registrar's log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum LogEntry {
    /// An element was evaluated. The line's number is the evaluation's.
    #[codec(index = 0)]
    Evaluated {
        /// What was asked, and who signed it.
        request: Signed<EvaluationStatement>,
        /// When it was answered.
        at: Instant,
    },
    /// An evaluation came to its end.
    #[codec(index = 1)]
    Closed {
        /// What was said, and who signed it.
        request: Signed<OutcomeStatement>,
        /// When the institution attested the person, by the chain; none without an attestation.
        attested_at: Option<Instant>,
        /// When it was filed.
        at: Instant,
    },
}

/// Leaf hash of a line: SHA-256(0x00 ‖ SCALE(salt, entry)), RFC 6962, section 2.1.
pub fn leaf_hash(salt: &Hash32, entry: &[u8]) -> Hash32 {
    let mut hasher = Sha256::new();
    hasher.update([0u8]);
    hasher.update(salt);
    hasher.update(entry);
    hasher.finalize().into()
}

/// SHA-256 of a blinded element, as statements name it.
pub fn element_hash(element: &[u8; 32]) -> Hash32 {
    Sha256::digest(element).into()
}

/// A signed statement in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedBody {
    /// Hexadecimal SCALE.
    pub statement: String,
    /// 0 ed25519, 1 sr25519.
    pub scheme: u8,
    /// Hexadecimal, 64 bytes.
    pub signature: String,
}

/// `POST /v1/evaluate`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluateRequest {
    /// The blinded element.
    #[serde(with = "hex_bytes")]
    pub element: [u8; 32],
    /// The statement about it.
    pub request: SignedBody,
}

/// A registrar's word that a line stands in its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineReceipt {
    /// Which line.
    pub index: u64,
    /// Its leaf hash.
    #[serde(with = "hex_bytes")]
    pub leaf: Hash32,
    /// Hexadecimal ed25519 signature of the registrar.
    pub signature: String,
}

impl LineReceipt {
    /// The bytes under the signature.
    pub fn message(genesis: &Hash32, registrar: &[u8; 32], index: u64, leaf: &Hash32) -> Vec<u8> {
        (RECEIPT, genesis, registrar, index, leaf).encode()
    }

    /// Whether it is the registrar's word.
    pub fn holds(&self, genesis: &Hash32, registrar: &[u8; 32]) -> bool {
        let message = Self::message(genesis, registrar, self.index, &self.leaf);
        signed_by(registrar, &message, &self.signature)
    }
}

/// Reply to [`EvaluateRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluateReply {
    /// Number of the evaluation; its outcome is filed under it.
    pub evaluation: u64,
    /// Hexadecimal, 32 bytes: the evaluated element.
    #[serde(with = "hex_bytes")]
    pub element: [u8; 32],
    /// Hexadecimal, 64 bytes: DLEQ proof.
    pub proof: String,
    /// Until when the outcome should be filed.
    pub outcome_until: Instant,
    /// For the line in the log.
    pub receipt: LineReceipt,
}

/// Reply to `POST /v1/evaluations/{evaluation}/outcome`, whose body is a [`SignedBody`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeReply {
    /// For the line in the log.
    pub receipt: LineReceipt,
}

/// An evaluation without an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenEvaluation {
    /// Its number.
    pub evaluation: u64,
    /// When it was.
    pub at: Instant,
}

/// Reply to `GET /v1/evaluations/open?evaluator=…`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenReply {
    /// Evaluations without an outcome, the oldest first; at most [`MAX_LINES`].
    pub open: Vec<OpenEvaluation>,
    /// After how many milliseconds one is overdue.
    pub overdue_after: Instant,
    /// How many may be overdue before further evaluations are refused.
    pub overdue_limit: u64,
}

/// Reply to `GET /v1/log/head`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHead {
    /// The registrar's signing key.
    #[serde(with = "hex_bytes")]
    pub registrar: [u8; 32],
    /// The chain.
    #[serde(with = "hex_bytes")]
    pub genesis: Hash32,
    /// Lines.
    pub size: u64,
    /// RFC 6962 root over them.
    #[serde(with = "hex_bytes")]
    pub root: Hash32,
    /// When it was signed.
    pub at: Instant,
    /// Hexadecimal ed25519 signature of the registrar.
    pub signature: String,
}

impl LogHead {
    /// The bytes under the signature.
    pub fn message(&self) -> Vec<u8> {
        (HEAD, self.genesis, self.registrar, self.size, self.root, self.at).encode()
    }

    /// Whether the registrar signed it.
    pub fn holds(&self) -> bool {
        signed_by(&self.registrar, &self.message(), &self.signature)
    }
}

fn signed_by(key: &[u8; 32], message: &[u8], signature: &str) -> bool {
    let mut bytes = [0u8; 64];
    hex::decode_to_slice(signature, &mut bytes).is_ok() && verify_ed25519(key, message, &bytes)
}

/// One line of a registrar's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrarLine {
    /// From 0.
    pub index: u64,
    /// Random, so that a leaf hash alone tells nothing.
    #[serde(with = "hex_bytes")]
    pub salt: Hash32,
    /// Hexadecimal SCALE of [`LogEntry`].
    pub entry: String,
}

/// Reply to `GET /v1/log/entries?from=…&limit=…`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntriesReply {
    /// Lines in the log.
    pub size: u64,
    /// The asked lines, rising.
    pub entries: Vec<RegistrarLine>,
}

/// Reply to `GET /v1/log/inclusion?index=…&size=…`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InclusionReply {
    /// Which line.
    pub index: u64,
    /// Lines in the tree.
    pub size: u64,
    /// Its root.
    #[serde(with = "hex_bytes")]
    pub root: Hash32,
    /// RFC 6962 inclusion proof, hexadecimal hashes.
    pub proof: Vec<String>,
}

/// Reply to `GET /health`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrarHealth {
    /// `ok`, or why evaluations are refused: `stale` when the node is behind or gone, `superseded`
    /// when the chain has a later set of registrars, `log_contradicts_anchor`, `log_failed`.
    pub status: String,
    /// The registrar's place in the set.
    pub index: u16,
    /// The epoch of its share.
    pub epoch: u32,
    /// Its signing key.
    #[serde(with = "hex_bytes")]
    pub registrar: [u8; 32],
    /// Best height of its node.
    pub best: Height,
    /// Finalised height.
    pub finalised: Height,
    /// Lines in its log.
    pub log_size: u64,
    /// Software version.
    pub version: String,
}

/// Paths of the interface.
pub mod paths {
    /// Asks for an evaluation.
    pub const EVALUATE: &str = "/v1/evaluate";
    /// The registrar set.
    pub const SET: &str = "/v1/registrars";
    /// The signed head of the log.
    pub const HEAD: &str = "/v1/log/head";

    /// Files what became of an evaluation.
    pub fn outcome(evaluation: u64) -> String {
        format!("/v1/evaluations/{evaluation}/outcome")
    }

    /// Evaluations without an outcome.
    pub fn open(evaluator: &super::Evaluator) -> String {
        format!("/v1/evaluations/open?evaluator={evaluator}")
    }

    /// A page of the log.
    pub fn entries(from: u64, limit: u64) -> String {
        format!("/v1/log/entries?from={from}&limit={limit}")
    }

    /// A consistency proof.
    pub fn consistency(from: u64, to: u64) -> String {
        format!("/v1/log/consistency?from={from}&to={to}")
    }

    /// An inclusion proof.
    pub fn inclusion(index: u64, size: u64) -> String {
        format!("/v1/log/inclusion?index={index}&size={size}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::dev_vault_key;

    fn statement() -> EvaluationStatement {
        EvaluationStatement {
            registrar: [1; 32],
            epoch: 2,
            account: AccountSigner::account(&dev_vault_key("//Hospital")),
            evaluator: Evaluator::Institution(InstitutionId::from_parts(320_100, 1)),
            element: element_hash(&[3; 32]),
            issued_at: 5,
            nonce: [6; 16],
        }
    }

    #[test]
    fn a_statement_counts_for_its_chain_and_words_only() {
        let signer = dev_vault_key("//Hospital");
        let signed = Signed::sign(&[9; 32], statement(), &signer);
        assert!(signed.holds(&[9; 32]));
        assert!(!signed.holds(&[8; 32]));
        let mut other = signed.clone();
        other.statement.epoch = 3;
        assert!(!other.holds(&[9; 32]));
        let read = Signed::<EvaluationStatement>::from_body(&signed.to_body());
        assert_eq!(read, Some(signed.clone()));
        let mut longer = signed.to_body();
        longer.statement.push_str("00");
        assert_eq!(Signed::<EvaluationStatement>::from_body(&longer), None);
        // An evaluation's statement is no outcome's.
        assert!(Signed::<OutcomeStatement>::from_body(&signed.to_body()).is_none());
    }

    #[test]
    fn signed_bytes_are_pinned() {
        let message = Signed::message(&[9; 32], &statement());
        assert_eq!(message[..21], *b"\x50kanglian/evaluate/v1");
        assert_eq!(message.len(), 21 + 32 + 32 + 4 + 32 + 1 + 20 + 32 + 8 + 16);
        let outcome = OutcomeStatement {
            registrar: [1; 32],
            evaluation: 7,
            account: AccountId::from([2; 32]),
            outcome: Outcome::Closed(Reason::Recovery),
            issued_at: 5,
            nonce: [6; 16],
        };
        let expected = [
            b"\x4ckanglian/outcome/v1".as_slice(),
            &[9; 32],
            &[1; 32],
            &7u64.to_le_bytes(),
            &[2; 32],
            &[1, 4],
            &5u64.to_le_bytes(),
            &[6; 16],
        ]
        .concat();
        assert_eq!(Signed::message(&[9; 32], &outcome), expected);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for reason in Reason::ALL {
            assert_eq!(reason.to_string().parse(), Ok(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.name());
        }
        assert!("whatever".parse::<Reason>().is_err());
        let institution = Evaluator::Institution(InstitutionId::from_parts(320_100, 1));
        for evaluator in [institution, Evaluator::Regulator] {
            assert_eq!(evaluator.to_string().parse(), Ok(evaluator));
        }
    }
}
