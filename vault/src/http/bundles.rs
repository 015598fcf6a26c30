//! Bundles of sealed scope secrets, named by their BLAKE3 in the terms of grants.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, Request, State},
    response::{IntoResponse, Response},
};
use codec::DecodeAll;
use kanglian_primitives::{Action, ActionSet, CodeKey, Hash32, PersonId, Terms};
use kanglian_sdk::{
    envelope,
    wire::{AccountId, BundleReply, MAX_BUNDLE},
};
use serde::Deserialize;

use super::{
    access::Asker,
    body::{drain, whole},
    caller::{Caller, strict, strict_hash},
};
use crate::{app::App, chain::Side, error::ApiError, store::Bundle};

/// Whose scope secrets.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The person.
    pub subject: String,
}

/// Whose scope secrets, and the code they were redeemed with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// The person.
    pub subject: String,
    /// A code that the caller redeemed.
    pub code: Option<String>,
}

/// The bytes are the bundle that was named, and a bundle at all.
pub fn check(bytes: &[u8], hash: &Hash32) -> Result<(), ApiError> {
    if blake3::hash(bytes) != *hash {
        return Err(ApiError::bad_request("the BLAKE3 of the bytes is not the bundle's name"));
    }
    envelope::Bundle::decode_all(&mut &*bytes)
        .map(drop)
        .map_err(|_| ApiError::bad_request("the bytes are no bundle of scope secrets"))
}

/// What a proxy does for which a bundle is left.
const GIVING: ActionSet =
    ActionSet::of(Action::Grant).with(Action::Refer).with(Action::Codes).with(Action::Correct);

/// Takes a bundle: from the person or who gives terms for them, from somebody who may give the person's terms on, or from whoever
/// redeemed a code and seals what it opened to the grantee's own key.
#[utoipa::path(
    put, path = "/v1/bundles/{hash}", tag = "bundles",
    params(("hash" = String, Path, description = "BLAKE3, 0x and 64 digits"),
        ("subject" = String, Query, description = "the person whose scope secrets they are"),
        ("code" = Option<String>, Query, description = "a code of the person that the caller redeemed")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = super::openapi::BundleReply),
        (status = "4XX", body = super::openapi::ErrorBody)),
    security(("token" = [])),
)]
pub async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(hash): Path<String>,
    Query(stored): Query<Stored>,
    request: Request,
) -> Result<Json<BundleReply>, ApiError> {
    let body = request.into_body();
    let admitted = async {
        let hash = strict_hash(&hash, "hash")?;
        let subject: PersonId = strict(&stored.subject, "subject")?;
        let code =
            stored.code.as_deref().map(|code| strict::<CodeKey>(code, "code")).transpose()?;
        let now = app.fresh_now()?;
        let asker = Asker { account: caller.account, person: subject, now };
        let giver = async {
            let sealed = match code {
                Some(code) => app.chain.redeemed(Side::Best, code, caller.account).await?,
                None => None,
            };
            let sealed = sealed.filter(|(person, _)| *person == subject).map(|(_, hash)| hash);
            let may_give =
                |terms: &Terms<AccountId>| terms.may_delegate > 0 || sealed == Some(terms.bundle);
            if asker.is_person_or_holds(&app, Side::Best, may_give).await? {
                return Ok::<_, ApiError>(true);
            }
            Ok(app.chain.acts_for(Side::Best, caller.account, subject, GIVING, now).await?)
        };
        match app.in_time(giver).await? {
            true => Ok((hash, subject)),
            false => Err(ApiError::forbidden(
                "not_acting_as",
                "only the person, a guardian, a proxy who gives terms or asks for corrections, who may \
                 give the person's terms on, or who redeemed a code of the person stores bundles",
            )),
        }
    };
    let (hash, subject) = match admitted.await {
        Ok(admitted) => admitted,
        Err(error) => {
            drain(body).await;
            return Err(error);
        },
    };
    let bytes = whole(body, MAX_BUNDLE, app.settings.body_idle_timeout).await?;
    check(&bytes, &hash)?;
    app.quota.draw_bundle(&caller.account, bytes.len() as u64)?;
    let bundle = Bundle { subject, received_at: kanglian_sdk::now(), bytes: bytes.to_vec() };
    app.store.index.put_bundle(hash, bundle.clone()).await?;
    Ok(Json(BundleReply { replicas: app.push_bundle(hash, &bundle).await }))
}

/// Gives a bundle to the person, to a grantee whose terms name it, or to the author of a record whose
/// correction it asks for.
#[utoipa::path(
    get, path = "/v1/bundles/{hash}", tag = "bundles",
    params(("hash" = String, Path), ("subject" = String, Query)),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, body = super::openapi::ErrorBody)),
    security(("token" = [])),
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(hash): Path<String>,
    Query(subject): Query<Subject>,
) -> Result<Response, ApiError> {
    let hash = strict_hash(&hash, "hash")?;
    let subject: PersonId = strict(&subject.subject, "subject")?;
    let now = app.fresh_now()?;
    // As a read: by the best state and by the finalised one.
    let asker = Asker { account: caller.account, person: subject, now };
    let named = |terms: &Terms<AccountId>| terms.bundle == hash;
    let allowed = async |at: Side| {
        if asker.is_person_or_holds(&app, at, named).await? {
            return Ok::<_, ApiError>(true);
        }
        Ok(app.chain.decides_on(at, caller.account, subject, hash, now).await?)
    };
    let decided = async { futures::try_join!(allowed(Side::Best), allowed(Side::Finalised)) };
    if app.fresh_in_time(decided).await? != (true, true) {
        return Err(ApiError::not_found());
    }
    let bundle = match app.store.index.bundle(&hash)? {
        Some(bundle) => Some(bundle).filter(|bundle| bundle.subject == subject),
        None => app.fetch_bundle(hash, subject).await?,
    };
    Ok(bundle.ok_or_else(ApiError::not_found)?.bytes.into_response())
}
