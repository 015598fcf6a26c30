//! Signing in.
//!
//! These requests take no place among the others, or slow ones of strangers would keep everybody
//! out. Their bodies are small and must arrive within seconds; what follows does not wait.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
};
use kanglian_sdk::wire::{AccountId, ChallengeReply, ChallengeRequest, LoginReply, LoginRequest};

use super::body::json;
use crate::{app::App, error::ApiError};

/// Gives an account a text to sign.
#[utoipa::path(
    post, path = "/v1/login/challenge", tag = "login",
    request_body = super::openapi::ChallengeRequest,
    responses((status = 200, body = super::openapi::ChallengeReply)),
)]
pub async fn challenge(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Json<ChallengeReply>, ApiError> {
    let request: ChallengeRequest = json(request.into_body()).await?;
    let account: AccountId = request
        .account
        .parse()
        .map_err(|_| ApiError::bad_request("account: not an SS58 address"))?;
    Ok(Json(app.auth.challenge(account, kanglian_sdk::now())))
}

/// Gives a token for a signed text.
#[utoipa::path(
    post, path = "/v1/login", tag = "login",
    request_body = super::openapi::LoginRequest,
    responses((status = 200, body = super::openapi::LoginReply),
        (status = 401, body = super::openapi::ErrorBody)),
)]
pub async fn login(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Json<LoginReply>, ApiError> {
    let request: LoginRequest = json(request.into_body()).await?;
    let reply = app.auth.login(&request, kanglian_sdk::now());
    let result = if reply.is_ok() { "ok" } else { "refused" };
    metrics::counter!("kanglian_vault_logins_total", "result" => result).increment(1);
    Ok(Json(reply?))
}
