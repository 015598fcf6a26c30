//! Who calls: accounts with a token, and other vaults with a signature. And strict identifiers.

use std::{fmt::Display, str::FromStr, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, Uri, header, request::Parts},
};
use codec::Decode;
use kanglian_primitives::{Hash32, VaultInfo, payloads};
use kanglian_sdk::{
    vault::verify_ed25519,
    wire::{AccountId, HEADER_PEER, SignedPeerRequest, decode_header},
};

use crate::{app::App, error::ApiError, quota::Place};

/// How old a vault's request may be, either way, in milliseconds.
const PEER_AGE: u64 = 60_000;

/// An account that signed in.
pub struct Caller {
    /// Which.
    pub account: AccountId,
    /// Its place among running requests.
    pub place: Place,
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let account = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(|token| app.auth.account(token, kanglian_sdk::now()))
            .ok_or_else(|| {
                ApiError::unauthorised("not_signed_in", "sign in: POST /v1/login/challenge")
            })?;
        let place = app.quota.enter_account(&account)?;
        Ok(Self { account, place })
    }
}

/// A SCALE value that a header must hold.
pub fn scale_header<T: Decode>(headers: &HeaderMap, name: &'static str) -> Result<T, ApiError> {
    let value = headers
        .get(name)
        .ok_or_else(|| ApiError::bad_request(format!("the header {name} is missing")))?;
    value.to_str().ok().ok_or_else(|| ApiError::bad_request(format!("{name}: not ASCII"))).and_then(
        |text| {
            decode_header(text).map_err(|error| ApiError::bad_request(format!("{name}: {error}")))
        },
    )
}

/// An identifier in its one text form.
pub fn strict<T: FromStr + Display>(text: &str, what: &str) -> Result<T, ApiError> {
    let bad = || ApiError::bad_request(format!("{what}: not an identifier of this kind"));
    let value: T = text.parse().map_err(|_| bad())?;
    if value.to_string() == text { Ok(value) } else { Err(bad()) }
}

/// 32 bytes as `0x` and 64 lower-case digits.
pub fn strict_hash(text: &str, what: &str) -> Result<Hash32, ApiError> {
    strict::<kanglian_primitives::RecordId>(text, what).map(|id| id.0)
}

/// The vault of another active region, by its signature over method, path and body. Each signed
/// request counts once.
pub async fn peer(
    app: &App,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: Hash32,
) -> Result<VaultInfo, ApiError> {
    let refused = |message: &str| ApiError::forbidden("not_a_peer", message);
    let signed: SignedPeerRequest = scale_header(headers, HEADER_PEER)?;
    let request = &signed.request;
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    if request.to != app.identity.region() {
        return Err(refused("the request is for another region's vault"));
    }
    if request.action != format!("{method} {path}").into_bytes() || request.body != body {
        return Err(refused("the signature is for another request"));
    }
    let now = kanglian_sdk::now();
    if request.at.abs_diff(now) > PEER_AGE {
        return Err(refused("the request is too old, or its clock is ahead"));
    }
    let vaults = app.in_time(app.chain.vaults()).await?;
    let peer = vaults
        .iter()
        .find(|vault| vault.region == request.from && vault.active)
        .ok_or_else(|| refused("the asking region is not active"))?;
    let message = payloads::peer(app.identity.genesis(), request);
    if !verify_ed25519(&peer.key.0, &message, &signed.signature) {
        return Err(refused("the signature is not that vault's"));
    }
    app.replays.take(peer.region, &message, request.at.saturating_add(PEER_AGE), now)?;
    Ok(peer.clone())
}
