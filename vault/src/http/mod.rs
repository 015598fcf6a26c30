//! The HTTP interface.

pub mod access;
pub mod body;
pub mod bundles;
pub mod caller;
pub mod custody;
pub mod fhir;
pub mod login;
pub mod objects;
pub mod openapi;
pub mod ops;
pub mod peer;
pub mod persons;
mod query;
pub mod remote;
pub mod server;
pub mod works;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use http_body_util::BodyExt;
use kanglian_sdk::wire::{
    HEADER_ACCESS, HEADER_LOG, HEADER_STANDING, HEADER_UPLOAD, HEADER_WORK, HEADER_WRAPS,
};
use tower_http::cors::CorsLayer;

use crate::{app::App, error::ApiError};

/// How long a browser may remember what may be called.
const PREFLIGHT_AGE: Duration = Duration::from_secs(600);

/// Every route.
pub fn router(app: Arc<App>) -> Router {
    ops::metrics_handle();
    let limited = Router::new()
        .route("/v1/objects/{record}", put(objects::put).get(objects::get))
        .route("/v1/persons/{person}/file", get(persons::file))
        .route("/v1/persons/{person}/log", get(persons::log))
        .route("/v1/log/consistency", get(persons::consistency))
        .route("/v1/works/{work}", put(works::put))
        .route("/v1/log/inclusion", get(persons::inclusion))
        .route("/fhir/metadata", get(fhir::metadata))
        .route("/fhir/DocumentReference", get(fhir::documents))
        .route("/fhir/DocumentReference/{id}", get(fhir::document))
        .route("/fhir/Binary/{id}", get(fhir::binary))
        .route("/fhir/Consent", get(fhir::consents))
        .route("/fhir/AuditEvent", get(fhir::audit_events))
        .route("/fhir/ServiceRequest", get(fhir::service_requests))
        .route("/fhir/Task", get(fhir::tasks))
        .route("/v1/bundles/{hash}", put(bundles::put).get(bundles::get))
        .route("/v1/custody/{hash}", put(custody::put).get(custody::get))
        .route("/peer/v1/objects/{record}", put(peer::put_object).get(peer::get_object))
        .route("/peer/v1/bundles/{hash}", put(peer::put_bundle).get(peer::get_bundle))
        .route("/peer/v1/custody/{hash}", put(custody::peer_put).get(peer::get_bundle))
        .route("/peer/v1/works/{work}", put(works::peer_put))
        .layer(from_fn_with_state(app.clone(), limit));
    // For anybody, from anywhere: no account, no cookie, nothing that could be stolen.
    let public = Router::new()
        .route("/public/v1/works", get(works::search))
        .route("/public/v1/works/{work}", get(works::get))
        .route("/public/v1/works/{work}/metadata", get(works::metadata))
        .route("/public/v1/works/{work}/facts", get(works::facts))
        .layer(from_fn_with_state(app.clone(), limit))
        .layer(from_fn_with_state(app.clone(), limit_public))
        .layer(public_cors());
    let router = Router::new()
        .route("/health", get(ops::health))
        .route("/metrics", get(ops::metrics))
        .route("/openapi.json", get(ops::openapi))
        // Outside the limit: whoever may not sign in yet must not be able to keep others from it.
        .route("/v1/login/challenge", post(login::challenge))
        .route("/v1/login", post(login::login))
        .merge(limited)
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn(fhir::in_fhirs_words))
        .layer(from_fn(observe));
    let router = match cors(&app.settings.cors_origins) {
        Some(cors) => router.layer(cors),
        None => router,
    };
    router.merge(public.layer(from_fn(observe))).with_state(app)
}

/// Web origins that may call: none unless the operator names them.
fn cors(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let origins: Vec<HeaderValue> =
        origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    Some(
        CorsLayer::new()
            .allow_origin(origins)
            .allow_methods([Method::GET, Method::PUT, Method::POST])
            .allow_headers([
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                header::RANGE,
                HeaderName::from_static(HEADER_ACCESS),
                HeaderName::from_static(HEADER_UPLOAD),
                HeaderName::from_static(HEADER_WORK),
            ])
            .expose_headers([
                header::CONTENT_RANGE,
                HeaderName::from_static(HEADER_LOG),
                HeaderName::from_static(HEADER_WRAPS),
            ])
            .max_age(PREFLIGHT_AGE),
    )
}

/// Every web page may read what is public.
fn public_cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(tower_http::cors::Any)
        .allow_methods([Method::GET])
        .allow_headers([header::RANGE, header::IF_NONE_MATCH])
        .expose_headers([
            header::CONTENT_RANGE,
            header::ETAG,
            HeaderName::from_static(HEADER_STANDING),
        ])
        .max_age(PREFLIGHT_AGE)
}

/// Counts a request without an account against what its address has within a minute.
async fn limit_public(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let proxies = &app.settings.trusted_proxies;
    let address = remote::address(request.extensions(), request.headers(), proxies);
    match app.quota.draw_public(&address) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Takes a place among the address's requests and one among all, kept until the reply's last byte.
async fn limit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let proxies = &app.settings.trusted_proxies;
    let address = remote::address(request.extensions(), request.headers(), proxies);
    let share = app.quota.enter_address(address);
    match share.and_then(|share| Ok((share, app.quota.enter()?))) {
        Ok(places) => next.run(request).await.map(|body| {
            Body::new(body.map_frame(move |frame| {
                let _held = &places;
                frame
            }))
        }),
        Err(error) => error.into_response(),
    }
}

/// A method as metrics name it: callers may make up methods, the number of series is bounded.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "DELETE" => "DELETE",
        "GET" => "GET",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        "PATCH" => "PATCH",
        "POST" => "POST",
        "PUT" => "PUT",
        _ => "other",
    }
}

/// Counts and logs a request: its route, never what is in it. Paths that lead nowhere are one.
async fn observe(request: Request, next: Next) -> Response {
    let method = method_label(request.method());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let began = std::time::Instant::now();
    let response = next.run(request).await;
    let elapsed = began.elapsed();
    let status = response.status().as_u16();
    tracing::debug!(method, route, status, milliseconds = elapsed.as_millis(), "request");
    let labels = [("method", method.to_owned()), ("route", route), ("status", status.to_string())];
    metrics::counter!("kanglian_vault_requests_total", &labels).increment(1);
    metrics::histogram!("kanglian_vault_request_seconds", &labels).record(elapsed.as_secs_f64());
    response
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
