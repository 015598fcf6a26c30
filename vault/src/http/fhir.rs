//! FHIR R4, read-only: what the vault knows, in FHIR's words.
//!
//! The same sign-in, statement, decision and line in the log as for the vault's own routes: every
//! answer comes from the functions that those use. What the vault cannot open it does not pretend to
//! have: content is offered as sealed bytes.
//!
//! | route | as | answered to |
//! | --- | --- | --- |
//! | `DocumentReference` | `/v1/persons/{person}/file` | who may read, with a signed statement |
//! | `Binary/{id}` | `/v1/objects/{record}` | the same |
//! | `Consent`, `ServiceRequest`, `Task` | a listing of the file | the person: all; a reader: one's own |
//! | `AuditEvent` | `/v1/persons/{person}/log` | the person |

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kanglian_primitives::{Basis, Grantee, PersonId, RecordFacts, RecordId, Refusal, RegionCode};
use kanglian_sdk::{
    chain::types::Schemas,
    fhir::{
        audit, consent,
        document::{self, SEALED},
        referral,
        rest::{self, MEDIA_TYPE, Resource, Search, SearchError},
    },
    wire::{Anchor, HEADER_LOG, MAX_LOG_PAGE, SignedLogReceipt, encode_header},
};
use serde_json::{Value, json};

use super::{
    access::Access,
    caller::{Caller, strict},
    objects, persons,
};
use crate::{app::App, chain::Side, error::ApiError};

/// How many pages of a file or of a log are looked through to fill one page of matches.
const MAX_LOOKS: u32 = 8;

impl From<SearchError> for ApiError {
    fn from(error: SearchError) -> Self {
        let (status, code) = match error {
            SearchError::Format(_) => (StatusCode::NOT_ACCEPTABLE, "not_acceptable"),
            _ => (StatusCode::BAD_REQUEST, "bad_search"),
        };
        Self::new(status, code, error.to_string())
    }
}

/// Says errors below `/fhir` as OperationOutcomes.
pub async fn in_fhirs_words(request: Request, next: Next) -> Response {
    let is_fhir = request.uri().path().starts_with("/fhir/");
    let mut response = next.run(request).await;
    let error = response.extensions_mut().remove::<ApiError>();
    let Some(error) = error.filter(|_| is_fhir) else { return response };
    let mut outcome =
        rest::outcome("error", rest::issue_type(error.status.as_u16()), &error.message);
    outcome["issue"][0]["details"] = json!({ "text": error.code });
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    Response::from_parts(parts, outcome.to_string().into())
}

/// A resource as a reply.
fn reply(resource: &Value, receipt: Option<&SignedLogReceipt>) -> Result<Response, ApiError> {
    let headers = [(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")];
    let mut reply = (headers, resource.to_string()).into_response();
    if let Some(receipt) = receipt {
        let value = HeaderValue::try_from(encode_header(receipt)).map_err(ApiError::internal)?;
        reply.headers_mut().insert(HeaderName::from_static(HEADER_LOG), value);
    }
    Ok(reply)
}

fn base(app: &App) -> String {
    format!("{}/fhir", app.settings.public_url.as_str().trim_end_matches('/'))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Reads a search and its patient.
fn search(
    query: Option<&str>,
    headers: &HeaderMap,
    known: &[&str],
) -> Result<(Search, PersonId), ApiError> {
    let query = query.unwrap_or_default();
    rest::check_format(query, header(headers, "accept"))?;
    let search = Search::parse(query, header(headers, "prefer"), known)?;
    let patient = search.patient()?;
    let person = match patient.strip_prefix("0x") {
        Some(_) => strict(patient, "patient")?,
        None => strict(&format!("0x{patient}"), "patient")?,
    };
    Ok((search, person))
}

/// A reader's statement about this person.
fn verified(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    person: PersonId,
) -> Result<Access, ApiError> {
    let access = Access::verified(app, caller, headers)?;
    match access.subject() == person {
        true => Ok(access),
        false => {
            Err(ApiError::bad_request("the statement is about another person than the search"))
        },
    }
}

/// Logs a refused search and says why.
async fn refuse<T>(app: &App, access: &Access, refusal: Refusal) -> Result<T, ApiError> {
    access.log(app, None, None).await?;
    Err(refusal.into())
}

/// What can be asked here.
#[utoipa::path(
    get, path = "/fhir/metadata", tag = "fhir",
    responses((status = 200, description = "CapabilityStatement", content_type = "application/fhir+json")),
)]
pub async fn metadata(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    rest::check_format(query.as_deref().unwrap_or_default(), header(&headers, "accept"))?;
    let patient = ("patient", "reference");
    let resources = [
        Resource {
            kind: "DocumentReference",
            reads: true,
            parameters: &[patient, ("type", "token"), ("category", "token"), ("date", "date")],
        },
        Resource { kind: "Binary", reads: true, parameters: &[] },
        Resource { kind: "Consent", reads: false, parameters: &[patient] },
        Resource { kind: "AuditEvent", reads: false, parameters: &[patient, ("date", "date")] },
        Resource { kind: "ServiceRequest", reads: false, parameters: &[patient] },
        Resource { kind: "Task", reads: false, parameters: &[patient] },
    ];
    let statement = rest::capabilities(
        &format!("Vault of province {}: sealed records", app.identity.region()),
        &base(&app),
        "Sign in at /v1/login, send the token as Bearer and the signed statement as \
         x-kanglian-access; see docs/interchange.md",
        &resources,
    );
    reply(&statement, None)
}

fn schema_name(schemas: &Schemas, facts: &RecordFacts) -> Option<String> {
    schemas.get(&facts.schema).map(|schema| schema.name.to_lossy())
}

/// Searches a person's records.
#[utoipa::path(
    get, path = "/fhir/DocumentReference", tag = "fhir",
    params(
        ("patient" = String, Query, description = "0x and 64 digits, or the digits alone"),
        ("type" = Option<String>, Query, description = "token: urn:kanglian:schema|NUMBER, or a FHIR type"),
        ("category" = Option<String>, Query, description = "token: urn:kanglian:business-block|NUMBER"),
        ("date" = Option<String>, Query, description = "when it was shared; eq ne ge le gt lt sa eb"),
        ("_count" = Option<u32>, Query, description = "1 to 256"),
        ("x-kanglian-access" = String, Header, description = "base64 of SCALE SignedAccess"),
    ),
    responses(
        (status = 200, description = "Bundle (searchset)", content_type = "application/fhir+json"),
        (status = "4XX", description = "OperationOutcome", content_type = "application/fhir+json"),
    ),
    security(("token" = [])),
)]
pub async fn documents(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let known = ["patient", "subject", "type", "category", "date"];
    let (search, person) = search(query.as_deref(), &headers, &known)?;
    let cursor = search.cursor.as_deref().map(|text| strict::<RecordId>(text, "_cursor"));
    let cursor = cursor.transpose()?;
    let access = verified(&app, &caller, &headers, person)?;
    let found = app.fresh_in_time(matching(&app, &access, &search, cursor)).await?;
    let (matches, next, basis) = match found {
        Ok(found) => found,
        Err(refusal) => return refuse(&app, &access, refusal).await,
    };
    let receipt = access.log(&app, None, Some(basis)).await?;
    metrics::counter!("kanglian_vault_listings_total").increment(1);
    let base = format!("{}/DocumentReference", base(&app));
    let matches = matches
        .into_iter()
        .map(|document| {
            let id = document["id"].as_str().unwrap_or_default();
            (format!("{base}/{id}"), document)
        })
        .collect();
    let next = next.map(|next| next.to_string());
    reply(&search.searchset(&base, matches, next.as_deref()), Some(&receipt))
}

type Matches = (Vec<Value>, Option<RecordId>, Basis);

/// Records that both states let the reader see and that the search means; whole pages of the file.
async fn matching(
    app: &App,
    access: &Access,
    search: &Search,
    mut cursor: Option<RecordId>,
) -> Result<Result<Matches, Refusal>, ApiError> {
    let schemas = app.chain.schemas().await?;
    let count = usize::try_from(search.count).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for look in 1.. {
        let left = search.count.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        let (page, basis) = match access.file(app, cursor, left).await? {
            Ok(page) => page,
            Err(refusal) => return Ok(Err(refusal)),
        };
        for facts in &page.records {
            let name = schema_name(&schemas, facts);
            let document = document::to_document(facts, name.as_deref());
            let any = |tokens: &[rest::Token], concept: &Value| {
                tokens.is_empty() || tokens.iter().any(|token| token.is_among(concept))
            };
            if search.covers(facts.shared_at)
                && any(&search.types, &document["type"])
                && any(&search.categories, &document["category"][0])
            {
                found.push(document);
            }
        }
        cursor = page.next;
        if cursor.is_none() || found.len() >= count || look >= MAX_LOOKS {
            return Ok(Ok((found, cursor, basis)));
        }
    }
    Err(ApiError::internal("a search without an end"))
}

fn record_of(id: &str) -> Result<RecordId, ApiError> {
    document::record_of(id).ok_or_else(ApiError::not_found)
}

/// The facts of one record.
#[utoipa::path(
    get, path = "/fhir/DocumentReference/{id}", tag = "fhir",
    params(
        ("id" = String, Path, description = "the record's 64 digits"),
        ("x-kanglian-access" = String, Header, description = "base64 of SCALE SignedAccess"),
    ),
    responses(
        (status = 200, description = "DocumentReference", content_type = "application/fhir+json"),
        (status = "4XX", description = "OperationOutcome", content_type = "application/fhir+json"),
    ),
    security(("token" = [])),
)]
pub async fn document(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    rest::check_format(query.as_deref().unwrap_or_default(), header(&headers, "accept"))?;
    let record = record_of(&id)?;
    let access = Access::verified(&app, &caller, &headers)?;
    let basis = match access.decide(&app, record).await? {
        Ok(basis) => basis,
        Err(refusal) => {
            access.log(&app, Some(record), None).await?;
            return Err(refusal.into());
        },
    };
    let (facts, schemas) = app
        .in_time(async {
            futures::try_join!(app.chain.record(Side::Best, record), app.chain.schemas())
        })
        .await?;
    let facts = facts.filter(|facts| facts.subject == access.subject());
    let facts = facts.ok_or_else(ApiError::not_found)?;
    let receipt = access.log(&app, Some(record), Some(basis)).await?;
    let name = schema_name(&schemas, &facts);
    reply(&document::to_document(&facts, name.as_deref()), Some(&receipt))
}

/// The sealed bytes of one record: the vault cannot open them.
#[utoipa::path(
    get, path = "/fhir/Binary/{id}", tag = "fhir",
    params(
        ("id" = String, Path, description = "the record's 64 digits"),
        ("x-kanglian-access" = String, Header, description = "base64 of SCALE SignedAccess"),
        ("range" = Option<String>, Header, description = "one range of bytes"),
    ),
    responses(
        (status = 200, description = "sealed bytes", body = Vec<u8>,
            content_type = "application/vnd.kanglian.sealed"),
        (status = "4XX", description = "OperationOutcome", content_type = "application/fhir+json"),
    ),
    security(("token" = [])),
)]
pub async fn binary(
    state: State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let kinds = [SEALED, "application/octet-stream", "application/*", "*/*"];
    let takes = |accept: &str| kinds.iter().any(|kind| accept.contains(kind));
    let wrapped = query.as_deref().is_some_and(|query| query.contains("_format="));
    if wrapped || !header(&headers, "accept").is_none_or(takes) {
        return Err(ApiError::new(
            StatusCode::NOT_ACCEPTABLE,
            "not_acceptable",
            format!("sealed bytes are given as they are ({SEALED}), not inside JSON"),
        ));
    }
    let record = record_of(&id)?;
    let mut reply = objects::get(state, caller, Path(record.to_string()), headers).await?;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(SEALED));
    Ok(reply)
}

/// A statement about a person whose file the reader may list, on what ground, and whether it is the
/// person's own.
async fn listing(app: &App, access: &Access) -> Result<Result<(Basis, bool), Refusal>, ApiError> {
    let listed = app.fresh_in_time(access.file(app, None, 1)).await?;
    let own = access.acting_as() == Grantee::Person(access.subject());
    Ok(listed.map(|(_, basis)| (basis, own)))
}

/// One page of what is already in hand; the cursor is a place in it.
fn page(app: &App, kind: &str, search: &Search, all: Vec<Value>) -> Result<Value, ApiError> {
    let from: usize = match &search.cursor {
        None => 0,
        Some(text) => text.parse().map_err(|_| ApiError::bad_request("_cursor: no place"))?,
    };
    let count = usize::try_from(search.count).unwrap_or(usize::MAX);
    let until = from.saturating_add(count);
    let next = (until < all.len()).then(|| until.to_string());
    let base = format!("{}/{kind}", base(app));
    let matches = all
        .into_iter()
        .skip(from)
        .take(count)
        .map(|one| (format!("{base}/{}", one["id"].as_str().unwrap_or_default()), one))
        .collect();
    Ok(search.searchset(&base, matches, next.as_deref()))
}

/// A person's grants: all of them for the person, for a reader those that the reader holds.
#[utoipa::path(
    get, path = "/fhir/Consent", tag = "fhir",
    params(
        ("patient" = String, Query, description = "0x and 64 digits, or the digits alone"),
        ("x-kanglian-access" = String, Header, description = "base64 of SCALE SignedAccess"),
    ),
    responses(
        (status = 200, description = "Bundle (searchset)", content_type = "application/fhir+json"),
        (status = "4XX", description = "OperationOutcome", content_type = "application/fhir+json"),
    ),
    security(("token" = [])),
)]
pub async fn consents(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (search, person) = search(query.as_deref(), &headers, &["patient", "subject"])?;
    let access = verified(&app, &caller, &headers, person)?;
    let (basis, own) = match listing(&app, &access).await? {
        Ok(listing) => listing,
        Err(refusal) => return refuse(&app, &access, refusal).await,
    };
    let mut terms = app.in_time(app.chain.terms_of(Side::Best, person)).await?;
    terms.retain(|(grantee, _)| own || *grantee == access.acting_as());
    let receipt = access.log(&app, None, Some(basis)).await?;
    let now = access.now();
    let consents = terms
        .into_iter()
        .map(|(grantee, terms)| consent::to_consent(&(person, grantee, terms), now))
        .collect();
    reply(&page(&app, "Consent", &search, consents)?, Some(&receipt))
}

/// A person's referrals that the reader made or received; all of them for the person.
async fn referrals(
    app: &App,
    caller: &Caller,
    query: Option<&str>,
    headers: &HeaderMap,
    kind: &str,
) -> Result<Response, ApiError> {
    let (search, person) = search(query, headers, &["patient", "subject"])?;
    let access = verified(app, caller, headers, person)?;
    let (basis, own) = match listing(app, &access).await? {
        Ok(listing) => listing,
        Err(refusal) => return refuse(app, &access, refusal).await,
    };
    let party = access.acting_as();
    let mut all = app.in_time(app.chain.referrals(person)).await?;
    all.retain(|(_, referral)| {
        let received = referral.offers.iter().any(|offer| offer.to == party);
        own || referral.by == Some(party) || received
    });
    let receipt = access.log(app, None, Some(basis)).await?;
    let resources = all
        .iter()
        .flat_map(|(id, found)| match kind {
            "Task" => referral::tasks(&person, *id, found),
            _ => vec![referral::service_request(&person, *id, found)],
        })
        .collect();
    reply(&page(app, kind, &search, resources)?, Some(&receipt))
}

/// A person's referrals as ServiceRequests.
#[utoipa::path(
    get, path = "/fhir/ServiceRequest", tag = "fhir",
    params(
        ("patient" = String, Query, description = "0x and 64 digits, or the digits alone"),
        ("x-kanglian-access" = String, Header, description = "base64 of SCALE SignedAccess"),
    ),
    responses(
        (status = 200, description = "Bundle (searchset)", content_type = "application/fhir+json"),
        (status = "4XX", description = "OperationOutcome", content_type = "application/fhir+json"),
    ),
    security(("token" = [])),
)]
pub async fn service_requests(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    referrals(&app, &caller, query.as_deref(), &headers, "ServiceRequest").await
}

/// The offers of a person's referrals as Tasks.
#[utoipa::path(
    get, path = "/fhir/Task", tag = "fhir",
    params(
        ("patient" = String, Query, description = "0x and 64 digits, or the digits alone"),
        ("x-kanglian-access" = String, Header, description = "base64 of SCALE SignedAccess"),
    ),
    responses(
        (status = 200, description = "Bundle (searchset)", content_type = "application/fhir+json"),
        (status = "4XX", description = "OperationOutcome", content_type = "application/fhir+json"),
    ),
    security(("token" = [])),
)]
pub async fn tasks(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    referrals(&app, &caller, query.as_deref(), &headers, "Task").await
}

/// The person's own lines of the access log, with proofs in the anchored tree.
#[utoipa::path(
    get, path = "/fhir/AuditEvent", tag = "fhir",
    params(
        ("patient" = String, Query, description = "0x and 64 digits, or the digits alone"),
        ("date" = Option<String>, Query, description = "when it was; eq ne ge le gt lt sa eb"),
        ("_count" = Option<u32>, Query, description = "1 to 256"),
    ),
    responses(
        (status = 200, description = "Bundle (searchset)", content_type = "application/fhir+json"),
        (status = "4XX", description = "OperationOutcome", content_type = "application/fhir+json"),
    ),
    security(("token" = [])),
)]
pub async fn audit_events(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (search, person) = search(query.as_deref(), &headers, &["patient", "date"])?;
    let from = search.cursor.as_deref().map(str::parse::<u64>).transpose();
    let mut from = from.map_err(|_| ApiError::bad_request("_cursor: no place"))?;
    persons::may_see_log(&app, &caller, person).await?;
    let region: RegionCode = app.identity.region();
    let count = usize::try_from(search.count).unwrap_or(usize::MAX);
    let base = format!("{}/AuditEvent", base(&app));
    let mut matches = Vec::new();
    let mut anchor: Option<Anchor> = None;
    for _ in 0..MAX_LOOKS {
        let left = u32::try_from(count.saturating_sub(matches.len())).unwrap_or(u32::MAX);
        let page = persons::log_page(
            &app,
            &person,
            from.unwrap_or(0),
            left.min(MAX_LOG_PAGE),
            anchor.map(|anchor| anchor.size),
        )?;
        anchor = anchor.or(page.anchor);
        for line in &page.entries {
            let line = audit::Line::of(region, line)
                .ok_or_else(|| ApiError::internal("a line of the log cannot be read"))?;
            if search.covers(line.entry.at) {
                let event = audit::to_audit_event(&line);
                matches.push((format!("{base}/{region}-{}", line.index), event));
            }
        }
        from = page.next;
        if from.is_none() || matches.len() >= count {
            break;
        }
    }
    let next = from.map(|from| from.to_string());
    let mut bundle = search.searchset(&base, matches, next.as_deref());
    if let Some(anchor) = anchor {
        bundle["meta"] = audit::anchor_meta(region, anchor.size, &anchor.root);
    }
    reply(&bundle, None)
}
