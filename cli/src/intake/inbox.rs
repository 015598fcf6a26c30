//! The inbox over HTTP: `POST /intake` with a delivery, `GET /status`.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;

use super::{Shelf, parcels::Form, parcels::LARGEST, take};
use crate::{commands::intake::counts, loopback::Token};

struct Desk {
    shelf: Shelf,
    token: Token,
}

/// The routes.
pub fn router(shelf: Shelf, token: Token) -> Router {
    Router::new()
        .route("/intake", post(deliver))
        .route("/status", get(status))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(Arc::new(Desk { shelf, token }))
}

fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}

async fn deliver(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response {
    if !desk.token.is_shown(&headers) {
        return refused(StatusCode::UNAUTHORIZED, "show the token as Bearer");
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Some(form) = kind.and_then(Form::of_media_type) else {
        return refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "application/fhir+json, application/fhir+ndjson and application/xml are taken",
        );
    };
    let shelf = desk.shelf.clone();
    // Syncing to disk would hold others up.
    let taken = tokio::task::spawn_blocking(move || take(&shelf, "inbox", form, &body)).await;
    match taken {
        Ok(Ok(taken)) => {
            // What is on disk is acknowledged, whatever chain and vaults do.
            let none = taken.new.is_empty() && taken.known.is_empty();
            let status = match (none, taken.refused.is_empty()) {
                (true, false) => StatusCode::UNPROCESSABLE_ENTITY,
                (false, false) => StatusCode::MULTI_STATUS,
                _ => StatusCode::ACCEPTED,
            };
            (status, Json(taken)).into_response()
        },
        Ok(Err(error)) => {
            tracing::error!(error = format!("{error:#}"), "a delivery could not be kept");
            refused(StatusCode::INSUFFICIENT_STORAGE, "the spool could not keep it: try again")
        },
        Err(_) => refused(StatusCode::INTERNAL_SERVER_ERROR, "the intake failed"),
    }
}

async fn status(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    if !desk.token.is_shown(&headers) {
        return refused(StatusCode::UNAUTHORIZED, "show the token as Bearer");
    }
    Json(counts(desk.shelf.lock().items())).into_response()
}
