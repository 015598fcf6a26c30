//! Query parameters, with refusals in this interface's form.

use axum::{
    extract::{FromRequestParts, Query as Parsed},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// Parameters of the URL; refuses with 400 `bad_request` and what is wrong.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let parsed = Parsed::from_request_parts(parts, state).await;
        parsed
            .map(|Parsed(query)| Self(query))
            .map_err(|rejection| ApiError::bad_request(rejection.body_text()))
    }
}
