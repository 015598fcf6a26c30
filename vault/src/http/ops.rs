//! For operators: health, metrics, and the description of the interface.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kanglian_sdk::wire::Health;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;
use utoipa::OpenApi;

use crate::app::App;

/// Bounds of what durations are counted in, in seconds: fine where an answer of the node lies.
const BOUNDS: [f64; 19] = [
    0.000_5, 0.001, 0.001_5, 0.002, 0.003, 0.004, 0.005, 0.007_5, 0.01, 0.015, 0.025, 0.05, 0.1,
    0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// How often recorded durations are counted: until then each lies in memory by itself.
const UPKEEP: Duration = Duration::from_secs(1);

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// The process's metrics; collected from the first call on.
pub fn metrics_handle() -> &'static PrometheusHandle {
    METRICS.get_or_init(|| {
        let recorder = builder()
            .unwrap_or_else(|error| {
                tracing::warn!(%error, "durations are told as quantiles");
                PrometheusBuilder::new()
            })
            .build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder of metrics is installed");
        }
        handle
    })
}

/// Durations as histograms, which can be added up over vaults.
fn builder() -> Result<PrometheusBuilder, BuildError> {
    let durations = Matcher::Suffix("_seconds".to_owned());
    PrometheusBuilder::new().set_buckets_for_metric(durations, &BOUNDS)
}

/// Counts what was recorded, for ever: memory would grow with every request that nobody looks at.
pub async fn keep_up(stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(UPKEEP)).await.is_some() {
        metrics_handle().run_upkeep();
    }
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
    metrics::gauge!("kanglian_vault_best_height").set(f64::from(app.chain.state().best.height));
    let text = metrics_handle().render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "operations", responses((status = 200)))]
pub async fn openapi() -> Response {
    Json(super::openapi::Api::openapi()).into_response()
}
