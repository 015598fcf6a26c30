//! Errors as clients see them: JSON with a stable code.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kanglian_sdk::wire::ErrorBody;

use crate::{chain::ChainFault, store::StoreError};

/// An error reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

impl ApiError {
    /// Any error.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// 400: the request cannot be read.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// 403: not allowed.
    pub fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    /// 404: nothing here.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// 409: contradicts what is there.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// 429: too many.
    pub fn busy(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code, message)
    }

    /// 503: not now.
    pub fn unavailable(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message)
    }

    /// 500: the cause is logged, not told.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the registrar failed; see its log",
        )
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.message)
    }
}

impl std::error::Error for ApiError {}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody { code: self.code.to_owned(), message: self.message };
        (self.status, Json(body)).into_response()
    }
}

impl From<ChainFault> for ApiError {
    fn from(fault: ChainFault) -> Self {
        match fault {
            ChainFault::Stale(reason) => Self::unavailable("stale", reason),
            ChainFault::Unreachable(reason) => {
                tracing::warn!(%reason, "the node did not answer");
                Self::unavailable("chain_unreachable", "the registrar's node did not answer")
            },
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::Replayed => Self::forbidden("replayed", message),
            StoreError::TooMany { .. } => Self::busy("rate_limited", message),
            StoreError::Overdue { .. } => Self::busy("outcomes_overdue", message),
            StoreError::NoSuchEvaluation => Self::not_found(message),
            StoreError::NotYours => Self::forbidden("not_yours", message),
            StoreError::Ended => Self::conflict("already_filed", message),
            StoreError::Counted => Self::conflict("already_counted", message),
            StoreError::Damaged(_) | StoreError::Database(_) => Self::internal(message),
        }
    }
}
