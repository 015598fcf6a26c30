//! The HTTP interface.

use std::sync::{Arc, OnceLock};

use axum::{
    Json, Router,
    extract::{
        DefaultBodyLimit, MatchedPath, Path, Query, Request, State,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    http::{Method, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kanglian_sdk::{
    registrar::wire::{
        EntriesReply, EvaluateReply, EvaluateRequest, Evaluator, InclusionReply, LogHead,
        OpenReply, OutcomeReply, RegistrarHealth, SignedBody,
    },
    wire::ConsistencyReply,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde::Deserialize;
use utoipa::OpenApi;

use crate::{
    app::{App, Halt},
    error::ApiError,
};

/// Largest body of a request, in bytes.
const MAX_BODY: usize = 4 * 1024;

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// The process's metrics; collected from the first call on.
pub fn metrics_handle() -> &'static PrometheusHandle {
    METRICS.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder of metrics is installed");
        }
        handle
    })
}

/// Every route.
pub fn router(app: Arc<App>) -> Router {
    metrics_handle();
    Router::new()
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(openapi))
        .route("/v1/evaluate", post(evaluate))
        .route("/v1/evaluations/open", get(open))
        .route("/v1/evaluations/{evaluation}/outcome", post(outcome))
        .route("/v1/log/head", get(head))
        .route("/v1/log/entries", get(entries))
        .route("/v1/log/inclusion", get(inclusion))
        .route("/v1/log/consistency", get(consistency))
        .route("/v1/registrars", get(registrars))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn(observe))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(app)
}

/// Counts and logs a request: its route and outcome, never what is in it.
async fn observe(request: Request, next: Next) -> Response {
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        _ => "other",
    };
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    tracing::debug!(method, route, status, "request");
    let labels = [("method", method.to_owned()), ("route", route), ("status", status.to_string())];
    metrics::counter!("kanglian_registrar_requests_total", &labels).increment(1);
    response
}

fn body<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, ApiError> {
    body.map(|Json(body)| body).map_err(|rejection| {
        let code = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => "too_large",
            _ => "bad_request",
        };
        ApiError::new(rejection.status(), code, rejection.body_text())
    })
}

fn query<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, ApiError> {
    query
        .map(|Query(query)| query)
        .map_err(|rejection| ApiError::bad_request(rejection.body_text()))
}

/// Evaluates a blinded element with the registrar's share, for a permitted institution, one of its
/// practitioners, or the regulator. The line in the log is on disk before the answer leaves.
#[utoipa::path(
    post, path = "/v1/evaluate", tag = "evaluation",
    request_body = crate::openapi::EvaluateRequest,
    responses((status = 200, body = crate::openapi::EvaluateReply),
        (status = 403, body = crate::openapi::ErrorBody),
        (status = 429, body = crate::openapi::ErrorBody),
        (status = 503, body = crate::openapi::ErrorBody)),
)]
pub async fn evaluate(
    State(app): State<Arc<App>>,
    request: Result<Json<EvaluateRequest>, JsonRejection>,
) -> Result<Json<EvaluateReply>, ApiError> {
    let reply = app.evaluate(body(request)?).await;
    if let Err(error) = &reply {
        metrics::counter!("kanglian_registrar_refusals_total", "code" => error.code).increment(1);
    }
    Ok(Json(reply?))
}

/// Files what became of an evaluation: the attested person, or a reason why nobody was attested.
#[utoipa::path(
    post, path = "/v1/evaluations/{evaluation}/outcome", tag = "evaluation",
    params(("evaluation" = u64, Path, description = "number of the evaluation")),
    request_body = crate::openapi::SignedBody,
    responses((status = 200, body = crate::openapi::OutcomeReply),
        (status = 404, body = crate::openapi::ErrorBody),
        (status = 409, body = crate::openapi::ErrorBody)),
)]
pub async fn outcome(
    State(app): State<Arc<App>>,
    evaluation: Result<Path<u64>, PathRejection>,
    request: Result<Json<SignedBody>, JsonRejection>,
) -> Result<Json<OutcomeReply>, ApiError> {
    let Path(evaluation) =
        evaluation.map_err(|rejection| ApiError::bad_request(rejection.body_text()))?;
    Ok(Json(app.outcome(evaluation, &body(request)?).await?))
}

/// Whose evaluations.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenQuery {
    evaluator: String,
}

/// Evaluations without an outcome.
#[utoipa::path(
    get, path = "/v1/evaluations/open", tag = "evaluation",
    params(("evaluator" = String, Query, description = "institution, or `regulator`")),
    responses((status = 200, body = crate::openapi::OpenReply)),
)]
pub async fn open(
    State(app): State<Arc<App>>,
    asked: Result<Query<OpenQuery>, QueryRejection>,
) -> Result<Json<OpenReply>, ApiError> {
    let evaluator: Evaluator = query(asked)?
        .evaluator
        .parse()
        .map_err(|error| ApiError::bad_request(format!("evaluator: {error}")))?;
    Ok(Json(OpenReply {
        open: app.store.open_of(evaluator).await?,
        overdue_after: app.limits.overdue_after,
        overdue_limit: app.limits.overdue_limit,
    }))
}

/// The log's size and root, signed.
#[utoipa::path(
    get, path = "/v1/log/head", tag = "log",
    responses((status = 200, body = crate::openapi::LogHead)),
)]
pub async fn head(State(app): State<Arc<App>>) -> Json<LogHead> {
    Json(app.head())
}

/// Which lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntriesQuery {
    from: u64,
    limit: u64,
}

/// Lines of the log with their salts; they tell who asked, when, and what became of it.
#[utoipa::path(
    get, path = "/v1/log/entries", tag = "log",
    params(("from" = u64, Query, description = "first line, from 0"),
        ("limit" = u64, Query, description = "at most 512")),
    responses((status = 200, body = crate::openapi::EntriesReply)),
)]
pub async fn entries(
    State(app): State<Arc<App>>,
    asked: Result<Query<EntriesQuery>, QueryRejection>,
) -> Result<Json<EntriesReply>, ApiError> {
    let EntriesQuery { from, limit } = query(asked)?;
    let (size, _) = app.store.head();
    Ok(Json(EntriesReply { size, entries: app.store.lines(from, limit).await? }))
}

/// Which line, in which tree.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionQuery {
    index: u64,
    size: u64,
}

/// Proves that a line stands in the tree of so many lines.
#[utoipa::path(
    get, path = "/v1/log/inclusion", tag = "log",
    params(("index" = u64, Query, description = "line, from 0"),
        ("size" = u64, Query, description = "lines in the tree")),
    responses((status = 200, body = crate::openapi::InclusionReply)),
)]
pub async fn inclusion(
    State(app): State<Arc<App>>,
    asked: Result<Query<InclusionQuery>, QueryRejection>,
) -> Result<Json<InclusionReply>, ApiError> {
    let InclusionQuery { index, size } = query(asked)?;
    let found = app.store.inclusion(index, size);
    let (root, proof) = found.ok_or_else(|| ApiError::not_found("no such line or tree"))?;
    let proof = proof.iter().map(hex::encode).collect();
    Ok(Json(InclusionReply { index, size, root, proof }))
}

/// From which tree to which.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsistencyQuery {
    from: u64,
    to: u64,
}

/// Proves that the log only grew.
#[utoipa::path(
    get, path = "/v1/log/consistency", tag = "log",
    params(("from" = u64, Query, description = "lines in the older tree, at least 1"),
        ("to" = u64, Query, description = "lines in the newer tree")),
    responses((status = 200, body = crate::openapi::ConsistencyReply)),
)]
pub async fn consistency(
    State(app): State<Arc<App>>,
    asked: Result<Query<ConsistencyQuery>, QueryRejection>,
) -> Result<Json<ConsistencyReply>, ApiError> {
    let ConsistencyQuery { from, to } = query(asked)?;
    let found = app.store.consistency(from, to);
    let (from_root, to_root, proof) =
        found.ok_or_else(|| ApiError::not_found("the log has no such trees"))?;
    let proof = proof.iter().map(hex::encode).collect();
    Ok(Json(ConsistencyReply { from, to, from_root, to_root, proof }))
}

/// The registrar set, as this registrar has it. Whoever takes it compares its hash with the
/// published one.
#[utoipa::path(
    get, path = "/v1/registrars", tag = "operations",
    responses((status = 200, description = "the file of the registrar set")),
)]
pub async fn registrars(State(app): State<Arc<App>>) -> Response {
    Json(app.set()).into_response()
}

/// How the registrar is; 503 when evaluations are refused.
#[utoipa::path(
    get, path = "/health", tag = "operations",
    responses((status = 200, body = crate::openapi::RegistrarHealth),
        (status = 503, body = crate::openapi::RegistrarHealth)),
)]
pub async fn health(State(app): State<Arc<App>>) -> Response {
    let state = app.chain.state();
    let text = match app.freshness.check(&state) {
        _ if app.store.has_failed() => "log_failed",
        _ if matches!(app.halt(), Some(Halt::Superseded { .. })) => "superseded",
        _ if app.halt().is_some() => "log_contradicts_anchor",
        Ok(_) => "ok",
        Err(_) => "stale",
    };
    let status = if text == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let health = RegistrarHealth {
        status: text.to_owned(),
        index: app.index(),
        epoch: app.epoch(),
        registrar: app.registrar(),
        best: state.best.height,
        finalised: state.finalised.height,
        log_size: app.store.head().0,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    (status, Json(health)).into_response()
}

/// Prometheus text.
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    responses((status = 200, body = String, content_type = "text/plain")),
)]
pub async fn metrics() -> Response {
    let text = metrics_handle().render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "operations", responses((status = 200)))]
pub async fn openapi() -> Response {
    Json(crate::openapi::Api::openapi()).into_response()
}

async fn nothing_here() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "no_such_path", "no such path; see /openapi.json")
}

async fn wrong_method() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "wrong_method",
        "this path does not take the method; see /openapi.json",
    )
}
