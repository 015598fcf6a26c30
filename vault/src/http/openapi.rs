//! The interface's description. Schemas mirror the SDK's wire types, which do not know utoipa; a
//! test holds the two together.

// The mirrors are never built: they exist for their schemas.
#![allow(dead_code)]

use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};

/// The whole interface.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kanglian vault",
        description = "A province's store of sealed health records. Headers named x-kanglian-… \
                       hold base64 of SCALE values; errors are JSON with a stable code."
    ),
    paths(
        super::login::challenge,
        super::login::login,
        super::objects::put,
        super::objects::get,
        super::persons::file,
        super::persons::log,
        super::persons::consistency,
        super::persons::inclusion,
        super::fhir::metadata,
        super::fhir::documents,
        super::fhir::document,
        super::fhir::binary,
        super::fhir::consents,
        super::fhir::audit_events,
        super::fhir::service_requests,
        super::fhir::tasks,
        super::bundles::put,
        super::bundles::get,
        super::custody::put,
        super::custody::get,
        super::peer::put_object,
        super::peer::get_object,
        super::peer::put_bundle,
        super::peer::get_bundle,
        super::custody::peer_put,
        super::works::put,
        super::works::peer_put,
        super::works::search,
        super::works::get,
        super::works::metadata,
        super::works::facts,
        super::ops::health,
        super::ops::metrics,
        super::ops::openapi,
    ),
    modifiers(&Token),
)]
pub struct Api;

struct Token;

impl Modify for Token {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_with(Default::default);
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("token", scheme);
    }
}

/// Every error.
#[derive(ToSchema)]
pub struct ErrorBody {
    /// Stable, for programs.
    pub code: String,
    /// For people.
    pub message: String,
}

/// Who will sign.
#[derive(ToSchema)]
pub struct ChallengeRequest {
    /// SS58.
    pub account: String,
}

/// What to sign.
#[derive(ToSchema)]
pub struct ChallengeReply {
    /// The text.
    pub text: String,
    /// Unix milliseconds.
    pub expires_at: u64,
}

/// A signed text.
#[derive(ToSchema)]
pub struct LoginRequest {
    /// SS58.
    pub account: String,
    /// The text of the challenge.
    pub text: String,
    /// 128 hexadecimal digits.
    pub signature: String,
    /// `ed25519` or `sr25519`; none: both are tried.
    pub scheme: Option<String>,
}

/// A token.
#[derive(ToSchema)]
pub struct LoginReply {
    /// Bearer token.
    pub token: String,
    /// Unix milliseconds.
    pub expires_at: u64,
}

/// A storage receipt.
#[derive(ToSchema)]
pub struct ReceiptBody {
    /// The storing region.
    pub region: u32,
    /// First height at which it no longer counts.
    pub expires_at: u32,
    /// 128 hexadecimal digits.
    pub signature: String,
}

/// What an upload gave.
#[derive(ToSchema)]
pub struct UploadReply {
    /// For the share.
    pub receipts: Vec<ReceiptBody>,
    /// Regions that hold it too.
    pub replicas: Vec<u32>,
}

/// What storing a bundle gave.
#[derive(ToSchema)]
pub struct BundleReply {
    /// Regions that hold it too.
    pub replicas: Vec<u32>,
}

/// A page of a person's file.
#[derive(ToSchema)]
pub struct FilePage {
    /// Facts of records, as the chain has them.
    pub records: Vec<serde_json::Value>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// A log's state on chain.
#[derive(ToSchema)]
pub struct Anchor {
    /// Lines.
    pub size: u64,
    /// 64 hexadecimal digits.
    pub root: String,
    /// Height.
    pub block: u32,
}

/// A line of the access log.
#[derive(ToSchema)]
pub struct LogLine {
    /// From 0.
    pub index: u64,
    /// 64 hexadecimal digits.
    pub salt: String,
    /// Hexadecimal SCALE of the entry.
    pub entry: String,
    /// Inclusion proof.
    pub proof: Option<Vec<String>>,
}

/// A page of a person's log.
#[derive(ToSchema)]
pub struct LogReply {
    /// Lines in the log.
    pub size: u64,
    /// Their root.
    pub root: String,
    /// Last seen on chain.
    pub anchor: Option<Anchor>,
    /// The tree that proofs are about.
    pub proof_size: u64,
    /// The person's lines.
    pub entries: Vec<LogLine>,
    /// First index of the next page.
    pub next: Option<u64>,
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

/// An inclusion proof.
#[derive(ToSchema)]
pub struct InclusionReply {
    /// The line.
    pub index: u64,
    /// Lines in the tree.
    pub size: u64,
    /// Its leaf hash, 64 hexadecimal digits.
    pub leaf: String,
    /// RFC 6962.
    pub proof: Vec<String>,
}

/// How the vault is.
#[derive(ToSchema)]
pub struct Health {
    /// `ok`, `stale` or `log_broken`.
    pub status: String,
    /// The vault's region.
    pub region: u32,
    /// SS58.
    pub account: String,
    /// Height.
    pub best: u32,
    /// Height.
    pub finalised: u32,
    /// Lines.
    pub log_size: u64,
    /// Software.
    pub version: String,
}

/// What of a work's metadata is read.
#[derive(ToSchema)]
pub struct WorkMetadata {
    /// Title.
    pub title: String,
    /// BCP 47.
    pub language: String,
    /// Summary.
    pub summary: String,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Media type.
    pub content_type: String,
}

/// A public work that was found.
#[derive(ToSchema)]
pub struct WorkHit {
    /// What the chain says of it: WorkFacts.
    pub work: serde_json::Value,
    /// What is read of its metadata.
    pub metadata: WorkMetadata,
}

/// What was found.
#[derive(ToSchema)]
pub struct WorksReply {
    /// Newest first.
    pub works: Vec<WorkHit>,
    /// Where the next page begins.
    pub next: Option<u64>,
}
