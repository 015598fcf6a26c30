//! The interface's description. Schemas mirror the SDK's wire types, which do not know utoipa; a
//! test holds the two together.

// The mirrors are never built: they exist for their schemas.
#![allow(dead_code)]

use utoipa::{OpenApi, ToSchema};

/// The whole interface.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kanglian registrar",
        description = "Evaluates blinded document numbers with one share of the network key (RFC \
                       9497, VOPRF mode, ristretto255-SHA512). Byte strings are lower-case \
                       hexadecimal; statements are signed SCALE values; errors are JSON with a \
                       stable code."
    ),
    paths(
        crate::http::evaluate,
        crate::http::outcome,
        crate::http::open,
        crate::http::head,
        crate::http::entries,
        crate::http::inclusion,
        crate::http::consistency,
        crate::http::registrars,
        crate::http::health,
        crate::http::metrics,
        crate::http::openapi,
    )
)]
pub struct Api;

/// Every error.
#[derive(ToSchema)]
pub struct ErrorBody {
    /// Stable, for programs.
    pub code: String,
    /// For people.
    pub message: String,
}

/// A signed statement.
#[derive(ToSchema)]
pub struct SignedBody {
    /// Hexadecimal SCALE.
    pub statement: String,
    /// 0 ed25519, 1 sr25519.
    pub scheme: u8,
    /// 128 hexadecimal digits.
    pub signature: String,
}

/// What is to be evaluated.
#[derive(ToSchema)]
pub struct EvaluateRequest {
    /// The blinded element, 64 hexadecimal digits.
    pub element: String,
    /// The statement about it.
    pub request: SignedBody,
}

/// A registrar's word that a line stands in its log.
#[derive(ToSchema)]
pub struct LineReceipt {
    /// Which line.
    pub index: u64,
    /// 64 hexadecimal digits.
    pub leaf: String,
    /// 128 hexadecimal digits.
    pub signature: String,
}

/// An evaluation.
#[derive(ToSchema)]
pub struct EvaluateReply {
    /// Its number.
    pub evaluation: u64,
    /// The evaluated element, 64 hexadecimal digits.
    pub element: String,
    /// DLEQ proof, 128 hexadecimal digits.
    pub proof: String,
    /// Unix milliseconds.
    pub outcome_until: u64,
    /// For the line in the log.
    pub receipt: LineReceipt,
}

/// A filed outcome.
#[derive(ToSchema)]
pub struct OutcomeReply {
    /// For the line in the log.
    pub receipt: LineReceipt,
}

/// An evaluation without an outcome.
#[derive(ToSchema)]
pub struct OpenEvaluation {
    /// Its number.
    pub evaluation: u64,
    /// Unix milliseconds.
    pub at: u64,
}

/// Evaluations without an outcome.
#[derive(ToSchema)]
pub struct OpenReply {
    /// The oldest first.
    pub open: Vec<OpenEvaluation>,
    /// Milliseconds.
    pub overdue_after: u64,
    /// How many may be overdue.
    pub overdue_limit: u64,
}

/// The log's size and root, signed.
#[derive(ToSchema)]
pub struct LogHead {
    /// The registrar's signing key, 64 hexadecimal digits.
    pub registrar: String,
    /// The chain.
    pub genesis: String,
    /// Lines.
    pub size: u64,
    /// Their root.
    pub root: String,
    /// Unix milliseconds.
    pub at: u64,
    /// 128 hexadecimal digits.
    pub signature: String,
}

/// A line of the log.
#[derive(ToSchema)]
pub struct RegistrarLine {
    /// From 0.
    pub index: u64,
    /// 64 hexadecimal digits.
    pub salt: String,
    /// Hexadecimal SCALE of the entry.
    pub entry: String,
}

/// A page of the log.
#[derive(ToSchema)]
pub struct EntriesReply {
    /// Lines in the log.
    pub size: u64,
    /// The asked lines.
    pub entries: Vec<RegistrarLine>,
}

/// An inclusion proof.
#[derive(ToSchema)]
pub struct InclusionReply {
    /// Which line.
    pub index: u64,
    /// Lines in the tree.
    pub size: u64,
    /// Its root.
    pub root: String,
    /// RFC 6962.
    pub proof: Vec<String>,
}

/// A consistency proof.
#[derive(ToSchema)]
pub struct ConsistencyReply {
    /// Older size.
    pub from: u64,
    /// Newer size.
    pub to: u64,
    /// Older root.
    pub from_root: String,
    /// Newer root.
    pub to_root: String,
    /// RFC 6962.
    pub proof: Vec<String>,
}

/// How the registrar is.
#[derive(ToSchema)]
pub struct RegistrarHealth {
    /// `ok`, `stale`, `superseded`, `log_contradicts_anchor` or `log_failed`.
    pub status: String,
    /// Its place in the set.
    pub index: u16,
    /// The epoch of its share.
    pub epoch: u32,
    /// Its signing key.
    pub registrar: String,
    /// Height.
    pub best: u32,
    /// Height.
    pub finalised: u32,
    /// Lines.
    pub log_size: u64,
    /// Software.
    pub version: String,
}
