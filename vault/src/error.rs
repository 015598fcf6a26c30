//! Errors as clients see them: JSON with a stable code.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kanglian_primitives::Refusal;
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
    /// Whether the connection ends with it: the request's body was not read.
    pub closes: bool,
}

impl ApiError {
    /// Any error.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), closes: false }
    }

    /// The same, and the connection ends with it.
    pub fn closing(self) -> Self {
        Self { closes: true, ..self }
    }

    /// 400: the request cannot be read.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// 401: not signed in.
    pub fn unauthorised(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, message)
    }

    /// 403: not allowed.
    pub fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    /// 404: nothing, or nothing the caller may know of.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", Refusal::NotFound.to_string())
    }

    /// 409: contradicts what is there.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// 503: not now.
    pub fn unavailable(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message)
    }

    /// 429: too many at a time.
    pub fn busy(message: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "busy", message)
    }

    /// 500: the cause is logged, not told.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the vault failed; see its log")
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
        let body = ErrorBody { code: self.code.to_owned(), message: self.message.clone() };
        let mut reply = (self.status, Json(body)).into_response();
        // The FHIR routes say the same in FHIR's words.
        reply.extensions_mut().insert(self.clone());
        if self.closes {
            reply.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        reply
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::NotFound => return Self::not_found(),
            Refusal::AlreadyShared => {
                return Self::conflict("already_shared", refusal.to_string());
            },
            Refusal::NotActingAs => "not_acting_as",
            Refusal::NoConsent => "no_consent",
            Refusal::SubjectNotActive => "subject_not_active",
            Refusal::NoWriteConsent => "no_write_consent",
            Refusal::WrongKeyEpoch => "wrong_key_epoch",
            Refusal::BlockNotOpen => "block_not_open",
        };
        Self::forbidden(code, refusal.to_string())
    }
}

impl From<ChainFault> for ApiError {
    fn from(fault: ChainFault) -> Self {
        match fault {
            ChainFault::Stale(reason) => Self::unavailable("stale", reason),
            ChainFault::Unreachable(reason) => {
                tracing::warn!(%reason, "the node did not answer");
                Self::unavailable("chain_unreachable", "the vault's node did not answer")
            },
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::Length { .. } => Self::bad_request_code("wrong_length", message),
            StoreError::Digest => Self::bad_request_code("wrong_digest", message),
            StoreError::Idle => Self::new(StatusCode::REQUEST_TIMEOUT, "too_slow", message),
            StoreError::Broken => Self::bad_request_code("body_broken", message),
            StoreError::OtherSubject => Self::conflict("other_subject", message),
            StoreError::OtherClaim => Self::conflict("other_claim", message),
            StoreError::Damaged => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "damaged", message),
            StoreError::Missing => Self::unavailable("unavailable", message),
            StoreError::Full => {
                tracing::error!("the disk is full");
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage_full", message)
            },
            StoreError::Io(_) | StoreError::Object(_) | StoreError::Index(_) => {
                Self::internal(message)
            },
        }
    }
}

impl ApiError {
    fn bad_request_code(code: &'static str, message: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }
}
