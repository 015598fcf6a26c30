//! For operators: health, metrics, and the description of the interface.

use std::sync::{Arc, OnceLock};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kanglian_sdk::wire::Health;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use utoipa::OpenApi;

use crate::app::App;

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

/// How the vault is; 503 when reads are refused.
#[utoipa::path(
    get, path = "/health", tag = "operations",
    responses((status = 200, body = super::openapi::Health),
        (status = 503, body = super::openapi::Health)),
)]
pub async fn health(State(app): State<Arc<App>>) -> Response {
    let state = app.chain.state();
    let text = if app.log.is_broken() {
        "log_broken"
    } else if app.freshness.check(&state).is_err() {
        "stale"
    } else {
        "ok"
    };
    let status = if text == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let health = Health {
        status: text.to_owned(),
        region: app.identity.region(),
        account: app.identity.account().to_string(),
        best: state.best.height,
        finalised: state.finalised.height,
        log_size: app.log.size(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    (status, Json(health)).into_response()
}

/// Prometheus text.
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    responses((status = 200, body = String, content_type = "text/plain")),
)]
pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    if let Ok(objects) = app.store.index.count() {
        metrics::gauge!("kanglian_vault_objects").set(objects as f64);
    }
    let text = metrics_handle().render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "operations", responses((status = 200)))]
pub async fn openapi() -> Response {
    Json(super::openapi::Api::openapi()).into_response()
}
