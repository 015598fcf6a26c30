//! Public works: the metadata document, and the client that anybody uses without an account.
//!
//! The metadata document is a FHIR R4 `Library` as JSON, at most 64 KiB. What Kanglian reads of it:
//!
//! | field | |
//! | --- | --- |
//! | `resourceType` | `Library` |
//! | `status` | `active` |
//! | `type` | a CodeableConcept; FHIR asks for it |
//! | `title` | 1 to 200 characters |
//! | `language` | BCP 47, such as `zh-CN` or `en` |
//! | `description` | at most 4,000 characters: the summary |
//! | `topic[].text` | at most 32 keywords of at most 64 characters |
//! | `content[0].contentType` | the work's media type |
//! | `content[0].size` | its bytes, as the chain says |
//!
//! Everything else may stand there and is kept. The chain keeps BLAKE3 of the document's bytes.

use std::time::Duration;

use futures::StreamExt;
use kanglian_primitives::{Hash32, MAX_WORK_METADATA, WorkClaim, WorkFacts, WorkId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use url::Url;

use crate::{
    vault::VaultError,
    wire::{ErrorBody, WorksReply, paths},
};

/// Longest title, in characters.
pub const MAX_TITLE: usize = 200;
/// Longest summary, in characters.
pub const MAX_SUMMARY: usize = 4_000;
/// Most keywords.
pub const MAX_KEYWORDS: usize = 32;
/// Longest keyword, in characters.
pub const MAX_KEYWORD: usize = 64;

/// Why a document does not describe a work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// More bytes than there may be.
    #[error("the metadata has {0} bytes, at most {MAX_WORK_METADATA} are taken")]
    TooLarge(usize),
    /// Not JSON.
    #[error("the metadata is not valid JSON: {0}")]
    Json(String),
    /// A field is missing or not as it must be.
    #[error("the metadata's {field}: {reason}")]
    Field {
        /// Which.
        field: &'static str,
        /// What is wrong.
        reason: String,
    },
}

fn wrong(field: &'static str, reason: impl Into<String>) -> MetadataError {
    MetadataError::Field { field, reason: reason.into() }
}

/// What is read of a metadata document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkMetadata {
    /// Title.
    pub title: String,
    /// Language of the work (BCP 47).
    pub language: String,
    /// Summary.
    #[serde(default)]
    pub summary: String,
    /// Keywords.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Media type of the work's bytes.
    pub content_type: String,
}

fn is_text(text: &str, most: usize) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= most
        && !text.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t')
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && text.len() <= 35
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    let (kind, parameters) = text.split_once(';').unwrap_or((text, ""));
    let plain = parameters.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    text.len() <= 127 && plain && kind.split_once('/').is_some_and(|(a, b)| token(a) && token(b))
}

impl WorkMetadata {
    /// Reads a document about a work of so many bytes.
    pub fn read(document: &[u8], size: u64) -> Result<Self, MetadataError> {
        if document.len() > usize::try_from(MAX_WORK_METADATA).unwrap_or(usize::MAX) {
            return Err(MetadataError::TooLarge(document.len()));
        }
        let value: Value = serde_json::from_slice(document)
            .map_err(|error| MetadataError::Json(error.to_string()))?;
        if value["resourceType"] != "Library" {
            return Err(wrong("resourceType", "expected Library"));
        }
        if value["status"] != "active" {
            return Err(wrong("status", "expected active"));
        }
        if !value["type"].is_object() {
            return Err(wrong("type", "expected a CodeableConcept"));
        }
        let text = |field: &'static str| value[field].as_str().unwrap_or_default().to_owned();
        let content = match value["content"].as_array().map(Vec::as_slice) {
            Some([content]) => content,
            _ => return Err(wrong("content", "expected one Attachment")),
        };
        if content["size"].as_u64() != Some(size) {
            return Err(wrong("content.size", format!("the work has {size} bytes")));
        }
        let mut keywords = Vec::new();
        if let Some(topics) = value.get("topic") {
            let topics = topics.as_array().ok_or_else(|| wrong("topic", "expected a list"))?;
            for topic in topics {
                let text = topic["text"].as_str();
                keywords.push(text.ok_or_else(|| wrong("topic", "without text"))?.to_owned());
            }
        }
        let found = Self {
            title: text("title"),
            language: text("language"),
            summary: text("description"),
            keywords,
            content_type: content["contentType"].as_str().unwrap_or_default().to_owned(),
        };
        found.check()?;
        Ok(found)
    }

    /// The bounds.
    pub fn check(&self) -> Result<(), MetadataError> {
        if !is_text(&self.title, MAX_TITLE) {
            return Err(wrong("title", format!("expected 1 to {MAX_TITLE} characters")));
        }
        if !is_language(&self.language) {
            return Err(wrong("language", "expected BCP 47, such as zh-CN or en"));
        }
        if !self.summary.is_empty() && !is_text(&self.summary, MAX_SUMMARY) {
            return Err(wrong("description", format!("at most {MAX_SUMMARY} characters")));
        }
        if self.keywords.len() > MAX_KEYWORDS {
            return Err(wrong("topic", format!("at most {MAX_KEYWORDS} keywords")));
        }
        if !self.keywords.iter().all(|keyword| is_text(keyword, MAX_KEYWORD)) {
            return Err(wrong("topic", format!("keywords of 1 to {MAX_KEYWORD} characters")));
        }
        if !is_media_type(&self.content_type) {
            return Err(wrong(
                "content.contentType",
                "expected a media type, such as text/markdown",
            ));
        }
        Ok(())
    }

    /// The document about a work of so many bytes.
    pub fn document(&self, size: u64) -> Result<Vec<u8>, MetadataError> {
        self.check()?;
        let topics: Vec<_> = self.keywords.iter().map(|text| json!({ "text": text })).collect();
        let mut document = json!({
            "resourceType": "Library",
            "status": "active",
            "type": { "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/library-type",
                "code": "asset-collection",
            }] },
            "language": self.language,
            "title": self.title,
            "content": [{
                "contentType": self.content_type,
                "language": self.language,
                "size": size,
            }],
        });
        if !self.summary.is_empty() {
            document["description"] = self.summary.clone().into();
        }
        if !topics.is_empty() {
            document["topic"] = topics.into();
        }
        let document = serde_json::to_vec_pretty(&document)
            .map_err(|error| MetadataError::Json(error.to_string()))?;
        if document.len() > usize::try_from(MAX_WORK_METADATA).unwrap_or(usize::MAX) {
            return Err(MetadataError::TooLarge(document.len()));
        }
        Ok(document)
    }
}

/// What to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkQuery {
    /// Words that must all stand in title, summary or keywords.
    pub text: String,
    /// Only in this block.
    pub block: Option<u8>,
    /// Only in this language: `zh` finds `zh-CN` too.
    pub language: Option<String>,
    /// Where the page begins.
    pub cursor: Option<u64>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// A vault as anybody meets it: no account, no signature. What it sends is checked against hashes;
/// what it says of a work's standing is its word, to be held against a node.
pub struct PublicVault {
    http: reqwest::Client,
    url: Url,
}

impl PublicVault {
    /// The vault at an address; nothing is sent yet.
    pub fn new(url: Url) -> Result<Self, VaultError> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(60))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| VaultError::Usage(error.to_string()))?;
        Ok(Self { http, url })
    }

    /// Where it is.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Looks for works, newest first.
    pub async fn search(&self, query: &WorkQuery) -> Result<WorksReply, VaultError> {
        let mut url = self.join("/public/v1/works")?;
        {
            let mut pairs = url.query_pairs_mut();
            if !query.text.is_empty() {
                pairs.append_pair("text", &query.text);
            }
            if let Some(block) = query.block {
                pairs.append_pair("block", &block.to_string());
            }
            if let Some(language) = &query.language {
                pairs.append_pair("language", language);
            }
            if let Some(cursor) = query.cursor {
                pairs.append_pair("cursor", &cursor.to_string());
            }
            if let Some(limit) = query.limit {
                pairs.append_pair("limit", &limit.to_string());
            }
        }
        let body = self.whole(url, 8 << 20).await?;
        serde_json::from_slice(&body).map_err(|error| VaultError::Protocol(error.to_string()))
    }

    /// What the vault's node says of a work.
    pub async fn facts(&self, work: &WorkId) -> Result<WorkFacts, VaultError> {
        let body = self.whole(self.join(&paths::work_facts(work))?, 1 << 20).await?;
        serde_json::from_slice(&body).map_err(|error| VaultError::Protocol(error.to_string()))
    }

    /// The metadata document, checked against its hash.
    pub async fn metadata(&self, work: &WorkId, hash: &Hash32) -> Result<Vec<u8>, VaultError> {
        let most = usize::try_from(MAX_WORK_METADATA).unwrap_or(usize::MAX);
        let body = self.whole(self.join(&paths::work_metadata(work))?, most).await?;
        if blake3::hash(&body) != *hash {
            return Err(VaultError::Verification(
                "the metadata is another than the chain names".into(),
            ));
        }
        Ok(body)
    }

    /// Writes a work's bytes, of which there must be `size`, and checks them against its id. On an
    /// error, what was written counts for nothing.
    pub async fn fetch<W: AsyncWrite + Unpin>(
        &self,
        work: &WorkId,
        size: u64,
        to: &mut W,
    ) -> Result<(), VaultError> {
        let mut body = self.get(self.join(&paths::work(work))?).await?.bytes_stream();
        let mut hasher = blake3::Hasher::new();
        let mut done = 0u64;
        while let Some(part) = body.next().await {
            let part = part.map_err(|error| self.unreachable(&error))?;
            done = done.saturating_add(part.len() as u64);
            if done > size {
                break;
            }
            hasher.update(&part);
            to.write_all(&part).await?;
        }
        to.flush().await?;
        match done == size && hasher.finalize() == work.0 {
            true => Ok(()),
            false => Err(VaultError::Verification(
                "the bytes are not the work: length or BLAKE3 differs".into(),
            )),
        }
    }

    fn join(&self, path: &str) -> Result<Url, VaultError> {
        self.url.join(path).map_err(|error| VaultError::Usage(error.to_string()))
    }

    async fn get(&self, url: Url) -> Result<reqwest::Response, VaultError> {
        let reply = self.http.get(url).send().await.map_err(|error| self.unreachable(&error))?;
        let status = reply.status();
        if status.is_success() {
            return Ok(reply);
        }
        let body = reply.bytes().await.map_err(|error| self.unreachable(&error))?;
        let error = serde_json::from_slice(&body).unwrap_or_else(|_| ErrorBody {
            code: "unknown".into(),
            message: "the reply has no error body".into(),
        });
        let (code, message) = (error.code, error.message);
        Err(VaultError::Refused { status: status.as_u16(), code, message })
    }

    async fn whole(&self, url: Url, most: usize) -> Result<Vec<u8>, VaultError> {
        let mut stream = self.get(url).await?.bytes_stream();
        let mut body = Vec::new();
        while let Some(part) = stream.next().await {
            body.extend_from_slice(&part.map_err(|error| self.unreachable(&error))?);
            if body.len() > most {
                return Err(VaultError::Protocol("the reply is too large".into()));
            }
        }
        Ok(body)
    }

    fn unreachable(&self, error: &reqwest::Error) -> VaultError {
        VaultError::Unreachable { url: self.url.to_string(), reason: error.to_string() }
    }
}

/// What an institution says of a work with these bytes and this metadata document.
pub fn claim(
    work: &[u8],
    metadata: &[u8],
    author: kanglian_primitives::InstitutionId,
    block: kanglian_primitives::BusinessBlockId,
) -> WorkClaim {
    WorkClaim {
        work: WorkId(blake3::hash(work).into()),
        size: work.len() as u64,
        metadata: blake3::hash(metadata).into(),
        author,
        block,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> WorkMetadata {
        WorkMetadata {
            title: "高血压的饮食".into(),
            language: "zh-CN".into(),
            summary: "少盐。\nLess salt.".into(),
            keywords: vec!["高血压".into(), "diet".into()],
            content_type: "text/markdown; charset=utf-8".into(),
        }
    }

    #[test]
    fn a_document_reads_back() {
        let document = good().document(7).unwrap();
        assert_eq!(WorkMetadata::read(&document, 7), Ok(good()));
        let error = WorkMetadata::read(&document, 8).unwrap_err();
        assert!(error.to_string().contains("8 bytes"), "{error}");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases: [(&str, fn(&mut WorkMetadata)); 9] = [
            ("title", |metadata| metadata.title = " ".into()),
            ("title", |metadata| metadata.title = "字".repeat(201)),
            ("title", |metadata| metadata.title = "a\0b".into()),
            ("language", |metadata| metadata.language = "Chinese!".into()),
            ("description", |metadata| metadata.summary = "x".repeat(4_001)),
            ("topic", |metadata| metadata.keywords = vec!["x".into(); 33]),
            ("topic", |metadata| metadata.keywords = vec![String::new()]),
            ("contentType", |metadata| metadata.content_type = "markdown".into()),
            ("contentType", |metadata| metadata.content_type = "text/html\r\nx: y".into()),
        ];
        for (field, change) in cases {
            let mut metadata = good();
            change(&mut metadata);
            let error = metadata.document(1).unwrap_err().to_string();
            assert!(error.contains(field), "{error}");
        }
        for (document, word) in [
            (&b"{"[..], "JSON"),
            (b"[]", "resourceType"),
            (br#"{"resourceType":"Patient"}"#, "resourceType"),
            (br#"{"resourceType":"Library","status":"draft"}"#, "status"),
            (br#"{"resourceType":"Library","status":"active"}"#, "type"),
            (br#"{"resourceType":"Library","status":"active","type":{}}"#, "content"),
        ] {
            let error = WorkMetadata::read(document, 1).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
        let long = vec![b' '; 64 * 1024 + 1];
        assert_eq!(WorkMetadata::read(&long, 1), Err(MetadataError::TooLarge(long.len())));
    }
}
