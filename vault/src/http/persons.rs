//! A person's file and access log.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{IntoResponse, Response},
};
use kanglian_primitives::{Action, ActionSet, MAX_PAGE, PersonId};
use kanglian_sdk::wire::{
    ConsistencyReply, HEADER_LOG, InclusionReply, LogReply, MAX_LOG_PAGE, encode_header,
};
use serde::Deserialize;

use super::{
    access::{Access, is_person},
    caller::{Caller, strict},
    query::Query,
};
use crate::{app::App, chain::Side, error::ApiError};

/// Which page of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Lists what of a person's file the reader may see.
#[utoipa::path(
    get, path = "/v1/persons/{person}/file", tag = "persons",
    params(
        ("person" = String, Path, description = "0x and 64 digits"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "records looked at, 1 to 256"),
        ("x-kanglian-access" = String, Header, description = "base64 of SCALE SignedAccess"),
    ),
    responses(
        (status = 200, description = "facts of readable records", body = super::openapi::FilePage),
        (status = "4XX", body = super::openapi::ErrorBody),
        (status = 503, description = "the node is behind", body = super::openapi::ErrorBody),
    ),
    security(("token" = [])),
)]
pub async fn file(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
    Query(query): Query<FileQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let person: PersonId = strict(&person, "person")?;
    let cursor = query.cursor.map(|cursor| strict(&cursor, "cursor")).transpose()?;
    let limit = query.limit.unwrap_or(MAX_PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(ApiError::bad_request(format!("limit: 1 to {MAX_PAGE}")));
    }
    let access = Access::verified(&app, &caller, &headers)?;
    if access.subject() != person {
        return Err(ApiError::bad_request("the statement is about another person than the path"));
    }
    match app.fresh_in_time(access.file(&app, cursor, limit)).await? {
        Ok((page, basis)) => {
            let receipt = access.log(&app, None, Some(basis)).await?;
            let value =
                HeaderValue::try_from(encode_header(&receipt)).map_err(ApiError::internal)?;
            metrics::counter!("kanglian_vault_listings_total").increment(1);
            Ok(([(HeaderName::from_static(HEADER_LOG), value)], Json(page)).into_response())
        },
        Err(refusal) => {
            access.log(&app, None, None).await?;
            Err(refusal.into())
        },
    }
}

/// Which page of a log.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogQuery {
    from: Option<u64>,
    limit: Option<u32>,
    size: Option<u64>,
}

/// Gives a person, a guardian, or a proxy who may see them the person's lines of the access log, with proofs.
#[utoipa::path(
    get, path = "/v1/persons/{person}/log", tag = "persons",
    params(
        ("person" = String, Path, description = "0x and 64 digits"),
        ("from" = Option<u64>, Query, description = "first index"),
        ("limit" = Option<u32>, Query, description = "lines, 1 to 256"),
        ("size" = Option<u64>, Query, description = "size of the tree that proofs are about"),
    ),
    responses(
        (status = 200, description = "the person's lines", body = super::openapi::LogReply),
        (status = "4XX", body = super::openapi::ErrorBody),
    ),
    security(("token" = [])),
)]
pub async fn log(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
    Query(query): Query<LogQuery>,
) -> Result<Json<LogReply>, ApiError> {
    let person: PersonId = strict(&person, "person")?;
    let limit = query.limit.unwrap_or(MAX_LOG_PAGE);
    if !(1..=MAX_LOG_PAGE).contains(&limit) {
        return Err(ApiError::bad_request(format!("limit: 1 to {MAX_LOG_PAGE}")));
    }
    may_see_log(&app, &caller, person).await?;
    log_page(&app, &person, query.from.unwrap_or(0), limit, query.size).map(Json)
}

/// The access log is for the person; nobody else learns that there is one.
pub async fn may_see_log(app: &App, caller: &Caller, person: PersonId) -> Result<(), ApiError> {
    let now = app.fresh_now()?;
    let may_see = async {
        if is_person(app, Side::Best, caller.account, person, now).await? {
            return Ok::<_, ApiError>(true);
        }
        let actions = ActionSet::of(Action::Log);
        Ok(app.chain.acts_for(Side::Best, caller.account, person, actions, now).await?)
    };
    if !app.fresh_in_time(may_see).await? {
        return Err(ApiError::not_found());
    }
    Ok(())
}

/// A page of a person's log.
pub fn log_page(
    app: &App,
    person: &PersonId,
    from: u64,
    limit: u32,
    size: Option<u64>,
) -> Result<LogReply, ApiError> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let page = app.log.page(person, from, limit, size)?;
    page.ok_or_else(|| ApiError::bad_request("size: the log has fewer lines"))
}

/// Which line, in which tree.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionQuery {
    index: u64,
    size: u64,
}

/// Proves what stands at a line, so that a reader can hold the vault to a receipt. The leaf is
/// salted: it says nothing of anybody.
#[utoipa::path(
    get, path = "/v1/log/inclusion", tag = "log",
    params(("index" = u64, Query), ("size" = u64, Query)),
    responses(
        (status = 200, description = "RFC 6962", body = super::openapi::InclusionReply),
        (status = 400, body = super::openapi::ErrorBody),
    ),
)]
pub async fn inclusion(
    State(app): State<Arc<App>>,
    Query(query): Query<InclusionQuery>,
) -> Result<Json<InclusionReply>, ApiError> {
    app.log
        .inclusion(query.index, query.size)
        .map(Json)
        .ok_or_else(|| ApiError::bad_request("expected index < size ≤ number of lines"))
}

/// Between which sizes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsistencyQuery {
    from: u64,
    to: u64,
}

/// Proves that the log of `to` lines continues the one of `from` lines. Says nothing of anybody.
#[utoipa::path(
    get, path = "/v1/log/consistency", tag = "log",
    params(("from" = u64, Query), ("to" = u64, Query)),
    responses(
        (status = 200, description = "RFC 6962", body = super::openapi::ConsistencyReply),
        (status = 400, body = super::openapi::ErrorBody),
    ),
)]
pub async fn consistency(
    State(app): State<Arc<App>>,
    Query(query): Query<ConsistencyQuery>,
) -> Result<Json<ConsistencyReply>, ApiError> {
    app.log
        .consistency(query.from, query.to)
        .map(Json)
        .ok_or_else(|| ApiError::bad_request("expected 1 ≤ from ≤ to ≤ number of lines"))
}
