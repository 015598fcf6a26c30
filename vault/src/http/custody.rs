//! What belongs to dealings of persons' secrets: sealed shares, sealed payloads, shares handed over
//! in a case. The chain names each by its BLAKE3 and says who may fetch it.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::{OriginalUri, Path, Request, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use kanglian_primitives::{Hash32, PersonId};
use kanglian_sdk::wire::{BundleReply, MAX_CUSTODY};

use super::{
    body::{drain, whole},
    bundles::Subject,
    caller::{Caller, peer, strict, strict_hash},
    query::Query,
};
use crate::{app::App, chain::Side, error::ApiError, store::Bundle};

impl App {
    /// Whether the chain names a blob for a person, in the best state or in the finalised one: what
    /// is named in either is kept.
    pub async fn is_named(&self, subject: PersonId, hash: Hash32) -> Result<bool, ApiError> {
        let named = async {
            futures::try_join!(
                self.chain.is_named(Side::Best, subject, hash),
                self.chain.is_named(Side::Finalised, subject, hash),
            )
        };
        let (best, finalised) = self.fresh_in_time(named).await?;
        Ok(best || finalised)
    }
}

/// Takes a blob that this vault's own node knows to be named, whoever brings it.
async fn take(
    app: &App,
    (hash, subject): (Hash32, PersonId),
    body: Body,
) -> Result<Bundle, ApiError> {
    let named = async {
        app.fresh_now()?;
        app.is_named(subject, hash).await
    };
    match named.await {
        Ok(true) => {},
        refused => {
            drain(body).await;
            return Err(refused.err().unwrap_or_else(not_named));
        },
    }
    let bytes = whole(body, MAX_CUSTODY, app.settings.body_idle_timeout).await?;
    if blake3::hash(&bytes) != hash {
        return Err(ApiError::bad_request("the BLAKE3 of the bytes is not the blob's name"));
    }
    let bundle = Bundle { subject, received_at: kanglian_sdk::now(), bytes: bytes.to_vec() };
    app.store.index.put_bundle(hash, bundle.clone()).await?;
    Ok(bundle)
}

fn not_named() -> ApiError {
    ApiError::forbidden(
        "not_named",
        "the chain names no such blob for this person: first the call, then the blob",
    )
}

/// Takes a blob that the chain names for the person, from whoever has it.
#[utoipa::path(
    put, path = "/v1/custody/{hash}", tag = "custody",
    params(("hash" = String, Path, description = "BLAKE3, 0x and 64 digits"),
        ("subject" = String, Query, description = "the person whose secret was dealt")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = super::openapi::BundleReply),
        (status = "4XX", body = super::openapi::ErrorBody),
        (status = 503, description = "the node is behind", body = super::openapi::ErrorBody)),
    security(("token" = [])),
)]
pub async fn put(
    State(app): State<Arc<App>>,
    _caller: Caller,
    Path(hash): Path<String>,
    Query(subject): Query<Subject>,
    request: Request,
) -> Result<Json<BundleReply>, ApiError> {
    let body = request.into_body();
    let named = strict_hash(&hash, "hash")
        .and_then(|hash| Ok((hash, strict::<PersonId>(&subject.subject, "subject")?)));
    let named = match named {
        Ok(named) => named,
        Err(error) => {
            drain(body).await;
            return Err(error);
        },
    };
    let bundle = take(&app, named, body).await?;
    let (hash, _) = named;
    Ok(Json(BundleReply { replicas: app.push_custody(hash, &bundle).await }))
}

/// Gives a blob to whom the chain says: a share to its custodian, a payload to the person or to whom
/// a case names, what was handed over to its receiver.
#[utoipa::path(
    get, path = "/v1/custody/{hash}", tag = "custody",
    params(("hash" = String, Path), ("subject" = String, Query)),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, body = super::openapi::ErrorBody),
        (status = 503, description = "the node is behind", body = super::openapi::ErrorBody)),
    security(("token" = [])),
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(hash): Path<String>,
    Query(subject): Query<Subject>,
) -> Result<Response, ApiError> {
    let hash = strict_hash(&hash, "hash")?;
    let subject: PersonId = strict(&subject.subject, "subject")?;
    let now = app.fresh_now()?;
    // As a read: by the best state and by the finalised one.
    let decided = async {
        futures::try_join!(
            app.chain.may_fetch(Side::Best, caller.account, subject, hash, now),
            app.chain.may_fetch(Side::Finalised, caller.account, subject, hash, now),
        )
    };
    if app.fresh_in_time(decided).await? != (true, true) {
        return Err(ApiError::not_found());
    }
    let blob = match app.store.index.bundle(&hash)? {
        Some(blob) => Some(blob).filter(|blob| blob.subject == subject),
        None => app.fetch_custody(hash, subject).await?,
    };
    metrics::counter!("kanglian_vault_custody_fetches_total").increment(1);
    Ok(blob.ok_or_else(ApiError::not_found)?.bytes.into_response())
}

/// Takes a blob from another vault, when this vault's own node knows that it is named.
#[utoipa::path(
    put, path = "/peer/v1/custody/{hash}", tag = "peers",
    params(("hash" = String, Path), ("subject" = String, Query),
        ("x-kanglian-peer" = String, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204), (status = "4XX", body = super::openapi::ErrorBody)),
)]
pub async fn peer_put(
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
    take(&app, (hash, subject), body).await?;
    Ok(StatusCode::NO_CONTENT)
}
