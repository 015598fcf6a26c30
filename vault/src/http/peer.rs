//! What vaults ask one another.

use std::sync::Arc;

use axum::{
    Json,
    extract::{OriginalUri, Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
    response::{IntoResponse, Response},
};
use codec::Encode;
use kanglian_primitives::RecordId;
use kanglian_sdk::wire::{HEADER_UPLOAD, MAX_BUNDLE, ReceiptBody, Upload, encode_header};

use super::{
    body::{drain, whole},
    bundles::Subject,
    caller::{peer, scale_header, strict, strict_hash},
    objects::{Reader, described, respond, take},
    query::Query,
};
use crate::{
    app::App,
    chain::Side,
    error::ApiError,
    store::{Bundle, StoreError},
};

/// Takes a replica of an object from another vault, which answers for the author's right.
#[utoipa::path(
    put, path = "/peer/v1/objects/{record}", tag = "peers",
    params(("record" = String, Path), ("x-kanglian-peer" = String, Header),
        ("x-kanglian-upload" = String, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = super::openapi::ReceiptBody)),
)]
pub async fn put_object(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Path(record): Path<String>,
    request: Request,
) -> Result<Json<ReceiptBody>, ApiError> {
    let (parts, body) = request.into_parts();
    // Only a vault is worth reading on so that it hears the answer: anybody else's connection ends
    // with it, and nothing of the body was taken.
    let signed = async {
        let upload: Upload = scale_header(&parts.headers, HEADER_UPLOAD)?;
        let meta = blake3::hash(&upload.encode()).into();
        peer(&app, &Method::PUT, &uri, &parts.headers, meta).await
    };
    signed.await.map_err(ApiError::closing)?;
    let admitted = async {
        let upload = described(&app, &record, &parts.headers)?;
        app.fresh_now()?;
        let known = app.in_time(app.chain.record(Side::Best, upload.claim.record)).await?;
        if known.is_some_and(|known| known.subject != upload.claim.subject) {
            return Err(StoreError::OtherSubject.into());
        }
        Ok(upload)
    };
    let upload = match admitted.await {
        Ok(upload) => upload,
        Err(error) => {
            drain(body).await;
            return Err(error);
        },
    };
    let (_, receipt) = take(&app, upload, body).await?;
    metrics::counter!("kanglian_vault_replicas_total").increment(1);
    Ok(Json(ReceiptBody::from(&receipt)))
}

/// Gives an object to another vault.
#[utoipa::path(
    get, path = "/peer/v1/objects/{record}", tag = "peers",
    params(("record" = String, Path), ("x-kanglian-peer" = String, Header)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")),
)]
pub async fn get_object(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Path(record): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let record: RecordId = strict(&record, "record")?;
    peer(&app, &Method::GET, &uri, &headers, [0; 32]).await?;
    let entry = app.store.index.object(&record)?.ok_or_else(ApiError::not_found)?;
    let upload = Upload { claim: entry.claim, wraps: entry.wraps.clone() };
    let upload = HeaderValue::try_from(encode_header(&upload)).map_err(ApiError::internal)?;
    let size = entry.claim.size;
    let reader = Reader::open_as_is(app, entry, 0..size).await?;
    let mut reply = respond(reader, None, None);
    reply.headers_mut().insert(HeaderName::from_static(HEADER_UPLOAD), upload);
    Ok(reply)
}

/// Takes a bundle from another vault.
#[utoipa::path(
    put, path = "/peer/v1/bundles/{hash}", tag = "peers",
    params(("hash" = String, Path), ("subject" = String, Query),
        ("x-kanglian-peer" = String, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204)),
)]
pub async fn put_bundle(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Path(hash): Path<String>,
    Query(subject): Query<Subject>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let hash = strict_hash(&hash, "hash")?;
    let subject = strict(&subject.subject, "subject")?;
    let (parts, body) = request.into_parts();
    peer(&app, &Method::PUT, &uri, &parts.headers, hash).await.map_err(ApiError::closing)?;
    let bytes = whole(body, MAX_BUNDLE, app.settings.body_idle_timeout).await?;
    super::bundles::check(&bytes, &hash)?;
    let bundle = Bundle { subject, received_at: kanglian_sdk::now(), bytes: bytes.to_vec() };
    app.store.index.put_bundle(hash, bundle).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a bundle to another vault.
#[utoipa::path(
    get, path = "/peer/v1/bundles/{hash}", tag = "peers",
    params(("hash" = String, Path), ("subject" = String, Query),
        ("x-kanglian-peer" = String, Header)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")),
)]
pub async fn get_bundle(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Path(hash): Path<String>,
    Query(subject): Query<Subject>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let hash = strict_hash(&hash, "hash")?;
    let subject = strict(&subject.subject, "subject")?;
    peer(&app, &Method::GET, &uri, &headers, [0; 32]).await?;
    match app.store.index.bundle(&hash)? {
        Some(bundle) if bundle.subject == subject => Ok(bundle.bytes.into_response()),
        _ => Err(ApiError::not_found()),
    }
}
