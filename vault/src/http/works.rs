//! Public works: put by their author, found and read by anybody.

use std::{ops::Range, sync::Arc};

use axum::{
    Json,
    body::Body,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use codec::Encode;
use futures::{Stream, StreamExt};
use kanglian_primitives::{
    BusinessBlockId, MAX_WORK_METADATA, Receipt, Takedown, WorkFacts, WorkId,
};
use kanglian_sdk::{
    wire::{
        HEADER_STANDING, HEADER_WORK, ReceiptBody, UploadReply, WorkHit, WorkUpload, WorksReply,
    },
    works::WorkMetadata,
};
use serde::Deserialize;

use super::{
    body::{drain, drop_whole, guarded, too_large},
    caller::{Caller, peer, scale_header, strict},
    objects::wanted,
};
use crate::{
    app::App,
    error::ApiError,
    store::{Parts, StoreError, block_word, language_word, spool, words_asked},
    works::bytes_of,
};

/// Works on a page of a search, unless asked for otherwise.
const PAGE: u32 = 20;
/// And at most.
const MAX_PAGE: u32 = 50;
/// Longest text that is searched for, in bytes.
const MAX_TEXT: usize = 512;
/// How long caches keep a work: its bytes never change, its standing may.
const CACHE: &str = "public, max-age=300, immutable";
/// Browsers show what an author sent without letting it do anything.
const SANDBOX: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
/// Kinds of content that a browser may show; everything else is downloaded.
const SHOWN: &[&str] = &[
    "text/plain",
    "text/markdown",
    "application/pdf",
    "application/json",
    "application/fhir+json",
    "image/png",
    "image/jpeg",
    "image/webp",
    "audio/mpeg",
    "audio/ogg",
    "video/mp4",
    "video/webm",
];

/// Takes a public work in: its metadata document, then its bytes.
#[utoipa::path(
    put, path = "/v1/works/{work}", tag = "public works",
    params(
        ("work" = String, Path, description = "BLAKE3 of the bytes, 0x and 64 digits"),
        ("x-kanglian-work" = String, Header, description = "base64 of SCALE WorkUpload"),
        ("content-length" = u64, Header, description = "metadata and bytes together"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "stored", body = super::openapi::UploadReply),
        (status = "4XX", description = "refused", body = super::openapi::ErrorBody),
    ),
    security(("token" = [])),
)]
pub async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(work): Path<String>,
    request: Request,
) -> Result<Json<UploadReply>, ApiError> {
    let (parts, body) = request.into_parts();
    let admitted = async {
        let upload = described(&app, &work, &parts.headers)?;
        let now = app.fresh_now()?;
        app.in_time(app.chain.may_publish(caller.account, upload.claim, now)).await??;
        app.quota.draw_upload(&caller.account, upload.claim.size)?;
        Ok(upload)
    };
    let upload = match admitted.await {
        Ok(upload) => upload,
        Err(error) => {
            drain(body).await;
            return Err(error);
        },
    };
    let (document, own) = take(&app, &upload, body).await?;
    let receipts = app.replicate_work(&upload, &document).await;
    metrics::counter!("kanglian_vault_uploads_total").increment(1);
    metrics::counter!("kanglian_vault_uploaded_bytes_total").increment(upload.claim.size);
    Ok(Json(UploadReply {
        replicas: receipts.iter().map(|receipt| receipt.region).collect(),
        receipts: std::iter::once(&own).chain(&receipts).map(ReceiptBody::from).collect(),
    }))
}

/// Takes a replica of a public work from another vault, which answers for the author's right.
#[utoipa::path(
    put, path = "/peer/v1/works/{work}", tag = "peers",
    params(("work" = String, Path), ("x-kanglian-peer" = String, Header),
        ("x-kanglian-work" = String, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = super::openapi::ReceiptBody)),
)]
pub async fn peer_put(
    State(app): State<Arc<App>>,
    axum::extract::OriginalUri(uri): axum::extract::OriginalUri,
    Path(work): Path<String>,
    request: Request,
) -> Result<Json<ReceiptBody>, ApiError> {
    let (parts, body) = request.into_parts();
    let signed = async {
        let upload: WorkUpload = scale_header(&parts.headers, HEADER_WORK)?;
        let meta = blake3::hash(&upload.encode()).into();
        peer(&app, &Method::PUT, &uri, &parts.headers, meta).await
    };
    signed.await.map_err(ApiError::closing)?;
    let admitted = described(&app, &work, &parts.headers).and_then(|upload| {
        app.fresh_now()?;
        Ok(upload)
    });
    let upload = match admitted {
        Ok(upload) => upload,
        Err(error) => {
            drain(body).await;
            return Err(error);
        },
    };
    let (_, receipt) = take(&app, &upload, body).await?;
    metrics::counter!("kanglian_vault_replicas_total").increment(1);
    Ok(Json(ReceiptBody::from(&receipt)))
}

/// What a request says of its work, in itself without contradiction.
fn described(app: &App, work: &str, headers: &HeaderMap) -> Result<WorkUpload, ApiError> {
    let work: WorkId = strict(work, "work")?;
    let upload: WorkUpload = scale_header(headers, HEADER_WORK)?;
    if upload.claim.work != work {
        return Err(ApiError::bad_request("the claim is about another work than the path"));
    }
    if upload.claim.size == 0 || upload.claim.size > app.settings.max_object_bytes {
        return Err(too_large(app.settings.max_object_bytes));
    }
    if !(1..=MAX_WORK_METADATA).contains(&upload.metadata_size) {
        return Err(too_large(MAX_WORK_METADATA.into()));
    }
    let expected = upload.claim.size.saturating_add(upload.metadata_size.into());
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    if length != Some(expected) {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "wrong_length",
            format!("Content-Length must be {expected}: metadata and bytes together"),
        ));
    }
    Ok(upload)
}

/// Stores an admitted work, or finds that it is here already; gives its metadata document and this
/// vault's receipt.
async fn take(app: &App, upload: &WorkUpload, body: Body) -> Result<(Vec<u8>, Receipt), ApiError> {
    let claim = &upload.claim;
    let idle = app.settings.body_idle_timeout;
    let mut stream = Box::pin(guarded(body, idle));
    let (document, first) = match head(&mut stream, upload).await {
        Ok(found) => found,
        Err(error) => {
            drain(Body::from_stream(stream)).await;
            return Err(error);
        },
    };
    let id = bytes_of(&claim.work);
    let _lock = app.store.lock(&id).await;
    if app.store.works.held(&claim.work)?.is_some() {
        drop_whole(Body::from_stream(stream), idle).await?;
    } else {
        let body = futures::stream::once(async move { Ok(first) }).chain(stream);
        let folder = app.store.public_blobs.spool_folder();
        let spooled = spool(&folder, id, claim.size, body).await?;
        app.store.public_blobs.publish(spooled).await?;
    }
    let receipt = app.work_receipt(upload, document.clone()).await?;
    Ok((document, receipt))
}

/// The metadata document at the head of a body, checked, and what came with its last part.
async fn head(
    stream: &mut (impl Stream<Item = Result<Bytes, StoreError>> + Unpin),
    upload: &WorkUpload,
) -> Result<(Vec<u8>, Bytes), ApiError> {
    let length = usize::try_from(upload.metadata_size).unwrap_or(usize::MAX);
    let mut document = Vec::new();
    let mut rest = Bytes::new();
    while document.len() < length {
        rest = stream.next().await.ok_or(StoreError::Broken)??;
        let part = rest.split_to(rest.len().min(length.saturating_sub(document.len())));
        document.extend_from_slice(&part);
    }
    if blake3::hash(&document) != upload.claim.metadata {
        return Err(ApiError::bad_request("the metadata is another than the claim says"));
    }
    WorkMetadata::read(&document, upload.claim.size).map_err(|error| {
        ApiError::new(StatusCode::BAD_REQUEST, "bad_metadata", error.to_string())
    })?;
    Ok((document, rest))
}

/// What to look for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorksQuery {
    text: Option<String>,
    block: Option<u8>,
    language: Option<String>,
    cursor: Option<u64>,
    limit: Option<u32>,
}

/// Looks for public works, newest first. Needs no account.
#[utoipa::path(
    get, path = "/public/v1/works", tag = "public works",
    params(
        ("text" = Option<String>, Query, description = "words that all stand in title, summary or \
            keywords; Chinese without spaces"),
        ("block" = Option<u8>, Query, description = "only in this business block"),
        ("language" = Option<String>, Query, description = "BCP 47; zh finds zh-CN too"),
        ("cursor" = Option<u64>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 50; 20 by default"),
    ),
    responses(
        (status = 200, description = "what was found; not what was taken down",
            body = super::openapi::WorksReply),
        (status = "4XX", body = super::openapi::ErrorBody),
        (status = 503, description = "the node is behind", body = super::openapi::ErrorBody),
    ),
)]
pub async fn search(
    State(app): State<Arc<App>>,
    Query(query): Query<WorksQuery>,
) -> Result<Response, ApiError> {
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(ApiError::bad_request(format!("limit: 1 to {MAX_PAGE}")));
    }
    let text = query.text.unwrap_or_default();
    let asked = (text.len() <= MAX_TEXT).then(|| words_asked(&text)).flatten();
    let mut words = asked.ok_or_else(|| ApiError::bad_request("text: too long"))?;
    if words.is_empty() && !text.trim().is_empty() {
        return Err(ApiError::bad_request("text: there is no word in it"));
    }
    words.extend(query.block.map(|block| block_word(BusinessBlockId(block))));
    words.extend(query.language.filter(|language| language.len() <= 35).map(|l| language_word(&l)));
    let now = app.fresh_now()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (found, next) = app.store.works.find(&words, query.cursor, limit)?;
    let ids = found.iter().map(|(id, _)| *id).collect();
    let mut works = Vec::new();
    for work in app.fresh_in_time(app.chain.works(ids, now)).await? {
        if work.taken_down.is_some() {
            continue;
        }
        let Some(document) = app.store.works.document(&work.metadata)? else { continue };
        let Ok(metadata) = WorkMetadata::read(&document.bytes, work.size) else { continue };
        works.push(WorkHit { work, metadata });
    }
    metrics::counter!("kanglian_vault_searches_total").increment(1);
    let cache = [(header::CACHE_CONTROL, "public, max-age=5")];
    Ok((cache, Json(WorksReply { works, next })).into_response())
}

/// Gives out what the chain says of a public work, finalised. Needs no account.
#[utoipa::path(
    get, path = "/public/v1/works/{work}/facts", tag = "public works",
    params(("work" = String, Path, description = "0x and 64 digits")),
    responses(
        (status = 200, description = "WorkFacts; also of what was taken down", body = Object),
        (status = 404, body = super::openapi::ErrorBody),
    ),
)]
pub async fn facts(
    State(app): State<Arc<App>>,
    Path(work): Path<String>,
) -> Result<Response, ApiError> {
    let facts = on_chain(&app, &work).await?;
    Ok(([(header::CACHE_CONTROL, "public, max-age=5")], Json(facts)).into_response())
}

/// Gives out a public work's metadata document. Needs no account.
#[utoipa::path(
    get, path = "/public/v1/works/{work}/metadata", tag = "public works",
    params(("work" = String, Path, description = "0x and 64 digits")),
    responses(
        (status = 200, description = "a FHIR Library", body = Object,
            content_type = "application/fhir+json"),
        (status = 404, body = super::openapi::ErrorBody),
        (status = 410, description = "taken down", body = super::openapi::ErrorBody),
    ),
)]
pub async fn metadata(
    State(app): State<Arc<App>>,
    Path(work): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let facts = given_out(&app, &work).await?;
    let tag = format!("\"0x{}\"", hex::encode(facts.metadata));
    if let Some(reply) = unchanged(&headers, &tag, &facts) {
        return Ok(reply);
    }
    let document = app.document(&facts).await?;
    let mut reply = document.into_response();
    decorate(&mut reply, &tag, &facts, "application/fhir+json")?;
    Ok(reply)
}

/// Gives out a public work's bytes. Needs no account.
#[utoipa::path(
    get, path = "/public/v1/works/{work}", tag = "public works",
    params(
        ("work" = String, Path, description = "0x and 64 digits"),
        ("range" = Option<String>, Header, description = "one range of bytes"),
        ("if-none-match" = Option<String>, Header, description = "the ETag, which is the id"),
    ),
    responses(
        (status = 200, description = "the bytes; x-kanglian-standing beside", body = Vec<u8>,
            content_type = "application/octet-stream"),
        (status = 206, description = "a range of them", body = Vec<u8>,
            content_type = "application/octet-stream"),
        (status = 304, description = "the reader has them"),
        (status = 404, body = super::openapi::ErrorBody),
        (status = 410, description = "taken down", body = super::openapi::ErrorBody),
    ),
)]
pub async fn get(
    State(app): State<Arc<App>>,
    Path(work): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let facts = given_out(&app, &work).await?;
    let tag = format!("\"{}\"", facts.id);
    if let Some(reply) = unchanged(&headers, &tag, &facts) {
        return Ok(reply);
    }
    let range = wanted(&headers, facts.size)?;
    let asked: Range<u64> = range.clone().unwrap_or(0..facts.size);
    let kind = match app.document(&facts).await {
        Ok(document) => {
            WorkMetadata::read(&document, facts.size).map(|found| found.content_type).ok()
        },
        Err(StoreError::Missing) => None,
        Err(error) => return Err(error.into()),
    };
    let mut parts = app.work_bytes(&facts, asked.clone()).await?;
    // The first part is in hand before the reply begins, so that damage there can still be met.
    let first = match parts.recv().await {
        Some(Err(StoreError::Damaged)) if app.repair_work(&facts.id).await? => {
            parts = app.work_bytes(&facts, asked.clone()).await?;
            parts.recv().await
        },
        first => first,
    };
    let first = first.ok_or(StoreError::Broken)??;
    let (status, content_range) = match &range {
        None => (StatusCode::OK, None),
        Some(part) => {
            let last = part.end.saturating_sub(1);
            let text = format!("bytes {}-{last}/{}", part.start, facts.size);
            (StatusCode::PARTIAL_CONTENT, Some(text))
        },
    };
    let length = asked.end.saturating_sub(asked.start);
    metrics::counter!("kanglian_vault_public_reads_total").increment(1);
    let mut reply =
        (status, Body::from_stream(rest(app.clone(), facts.id, first, parts))).into_response();
    decorate(&mut reply, &tag, &facts, kind.as_deref().unwrap_or_default())?;
    let out = reply.headers_mut();
    out.insert(header::CONTENT_LENGTH, length.into());
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(value) = content_range.and_then(|text| HeaderValue::try_from(text).ok()) {
        out.insert(header::CONTENT_RANGE, value);
    }
    Ok(reply)
}

/// The bytes from the first part on. Damage within ends the reply, and is repaired for the next.
fn rest(
    app: Arc<App>,
    work: WorkId,
    first: Bytes,
    parts: Parts,
) -> impl Stream<Item = Result<Bytes, StoreError>> + Send {
    let rest = futures::stream::unfold((app, parts), move |(app, mut parts)| async move {
        let part = parts.recv().await?;
        if matches!(part, Err(StoreError::Damaged)) {
            let app = app.clone();
            tokio::spawn(async move {
                if let Err(error) = app.repair_work(&work).await {
                    tracing::error!(%work, %error, "a public work was not repaired");
                }
            });
        }
        Some((part, (app, parts)))
    });
    futures::stream::once(async move { Ok(first) }).chain(rest)
}

/// What the finalised chain says of a work.
async fn on_chain(app: &App, work: &str) -> Result<WorkFacts, ApiError> {
    let work: WorkId = strict(work, "work")?;
    let now = app.fresh_now()?;
    let mut known = app.fresh_in_time(app.chain.works(vec![work], now)).await?;
    known.pop().ok_or_else(|| {
        ApiError::new(StatusCode::NOT_FOUND, "not_found", "no such work on chain, finalised")
    })
}

/// The same, unless it was taken down.
async fn given_out(app: &App, work: &str) -> Result<WorkFacts, ApiError> {
    let facts = on_chain(app, work).await?;
    match facts.taken_down {
        None => Ok(facts),
        Some(Takedown { reason, .. }) => Err(ApiError::new(
            StatusCode::GONE,
            "taken_down",
            format!("the regulator took this work down: {reason}"),
        )),
    }
}

/// 304, when the reader has these very bytes.
fn unchanged(headers: &HeaderMap, tag: &str, facts: &WorkFacts) -> Option<Response> {
    let known = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let has = known
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag);
    let mut reply = has.then(|| StatusCode::NOT_MODIFIED.into_response())?;
    decorate(&mut reply, tag, facts, "").ok()?;
    reply.headers_mut().remove(header::CONTENT_TYPE);
    Some(reply)
}

/// Caching, standing, and what keeps an author's bytes from acting in a browser.
fn decorate(
    reply: &mut Response,
    tag: &str,
    facts: &WorkFacts,
    kind: &str,
) -> Result<(), ApiError> {
    let plain = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let shown = SHOWN.contains(&plain.as_str());
    let standing = match (&facts.retracted, &facts.superseded_by) {
        (Some(retraction), _) => format!("retracted; reason={}", retraction.reason),
        (None, Some(newer)) => format!("superseded; by={newer}"),
        (None, None) => facts.standing().to_string().replace(' ', "-"),
    };
    let text = |value: String| HeaderValue::try_from(value).map_err(ApiError::internal);
    let out = reply.headers_mut();
    let kind = if shown { kind.to_owned() } else { "application/octet-stream".to_owned() };
    out.insert(header::CONTENT_TYPE, text(kind)?);
    if !shown {
        out.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    out.insert(header::ETAG, text(tag.to_owned())?);
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    out.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    out.insert(HeaderName::from_static(HEADER_STANDING), text(standing)?);
    Ok(())
}
