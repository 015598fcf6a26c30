//! The HTTP interface: health, metrics, challenges.

use std::sync::{Arc, OnceLock};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kanglian_sdk::{
    custody::wire::{CustodianHealth, DRILL_PATH, DrillReply, DrillRequest},
    wire::ErrorBody,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::sync::{Semaphore, watch};

use crate::{
    chain::{ChainView, Finalised},
    drill::{self, DrillFault},
    vaults::Blobs,
    worker::{CheckFault, Fault, Standing, Worker},
};

/// Largest body of a request, in bytes.
const MAX_BODY: usize = 4 * 1024;
/// Challenges met at a time: each fetches a share from a vault.
const MAX_DRILLS: usize = 4;

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

/// What requests share.
pub struct App<C, B> {
    /// The work.
    pub worker: Arc<Worker<C, B>>,
    /// The last finalised head.
    pub heads: watch::Receiver<Finalised>,
    drills: Semaphore,
}

impl<C, B> App<C, B> {
    /// Puts it together.
    pub fn new(worker: Arc<Worker<C, B>>, heads: watch::Receiver<Finalised>) -> Arc<Self> {
        Arc::new(Self { worker, heads, drills: Semaphore::new(MAX_DRILLS) })
    }
}

/// Every route.
pub fn router<C: ChainView, B: Blobs>(app: Arc<App<C, B>>) -> Router {
    metrics_handle();
    Router::new()
        .route("/health", get(health::<C, B>))
        .route("/metrics", get(metrics))
        .route(DRILL_PATH, post(drill::<C, B>))
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(app)
}

fn error(status: StatusCode, code: &str, message: impl Into<String>) -> Response {
    (status, Json(ErrorBody { code: code.to_owned(), message: message.into() })).into_response()
}

async fn nothing_here() -> Response {
    error(StatusCode::NOT_FOUND, "no_such_path", "no such path")
}

/// How the custodian is; 503 when it answers nothing.
async fn health<C: ChainView, B: Blobs>(State(app): State<Arc<App<C, B>>>) -> Response {
    let (standing, finalised, waiting_dealings, waiting_cases) = app.worker.state();
    let (status, region) = match standing {
        Standing::Stale => ("stale", None),
        Standing::NotAppointed => ("not_appointed", None),
        Standing::Appointed(region) => ("ok", Some(region)),
    };
    let keys = app.worker.keys();
    let health = CustodianHealth {
        status: status.to_owned(),
        region,
        account: keys.account.address(),
        key: keys.secret.public().to_string(),
        finalised,
        waiting_dealings,
        waiting_cases,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let code = if region.is_some() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(health)).into_response()
}

/// Prometheus text.
async fn metrics() -> Response {
    let text = metrics_handle().render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// Meets a challenge to show that a share is kept.
async fn drill<C: ChainView, B: Blobs>(
    State(app): State<Arc<App<C, B>>>,
    request: Result<Json<DrillRequest>, JsonRejection>,
) -> Result<Json<DrillReply>, Response> {
    let Json(request) = request.map_err(|rejection| {
        let code = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => "too_large",
            _ => "bad_request",
        };
        error(rejection.status(), code, rejection.body_text())
    })?;
    let _place = app.drills.try_acquire().map_err(|_| {
        error(StatusCode::TOO_MANY_REQUESTS, "busy", "other challenges are being met")
    })?;
    let head = *app.heads.borrow();
    drill::meet(&app.worker, &head, &request).await.map(Json).map_err(|fault| {
        let words = fault.to_string();
        let unavailable = StatusCode::SERVICE_UNAVAILABLE;
        match fault {
            DrillFault::NotReady => error(unavailable, "not_ready", words),
            DrillFault::Share(CheckFault::Bad) => error(StatusCode::CONFLICT, "bad_share", words),
            DrillFault::Share(CheckFault::Later(Fault::NoShare(_))) => {
                error(StatusCode::NOT_FOUND, "no_share", words)
            },
            DrillFault::Share(CheckFault::Later(Fault::Vault(_))) => {
                error(unavailable, "share_away", words)
            },
            DrillFault::Share(CheckFault::Later(Fault::Chain(_))) => {
                error(unavailable, "chain_unreachable", "the custodian's node did not answer")
            },
        }
    })
}
