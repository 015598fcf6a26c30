//! Signing in.
//!
//! These requests take no place among the others, or slow ones of strangers would keep everybody
//! out. Their bodies are small and must arrive within seconds; what follows waits at most for one
//! answer of the chain, about an account that proved itself (see [`crate::auth`]).

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
};
use kanglian_sdk::wire::{AccountId, ChallengeReply, ChallengeRequest, LoginReply, LoginRequest};

use super::{
    body::json,
    remote::{self, Address},
};
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
    let proxies = &app.settings.trusted_proxies;
    let address = remote::address(request.extensions(), request.headers(), proxies);
    let request: LoginRequest = json(request.into_body()).await?;
    let reply = sign_in(&app, &request, address).await;
    let result = if reply.is_ok() { "ok" } else { "refused" };
    metrics::counter!("kanglian_vault_logins_total", "result" => result).increment(1);
    Ok(Json(reply?))
}

async fn sign_in(
    app: &App,
    request: &LoginRequest,
    address: Address,
) -> Result<LoginReply, ApiError> {
    let now = kanglian_sdk::now();
    let signed = app.auth.verify(request, now)?;
    let standing = app.standing(signed.account(), now).await?;
    app.auth.open(&signed, standing, address, now)
}
