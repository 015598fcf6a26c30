//! Objects: sealed bytes in and out.

use std::{ops::Range, sync::Arc};

use axum::{
    Json,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use kanglian_primitives::{Receipt, RecordId, ShareClaim};
use kanglian_sdk::wire::{
    HEADER_LOG, HEADER_UPLOAD, HEADER_WRAPS, MAX_WRAPS, ReceiptBody, Upload, UploadReply,
    encode_header,
};

use super::{
    access::Access,
    body::{drain, drop_whole, guarded, too_large},
    caller::{Caller, scale_header, strict},
};
use crate::{
    app::App,
    chain::Side,
    error::ApiError,
    quota::Place,
    store::{Entry, Parts, StoreError, spool},
};

/// Takes an object in.
#[utoipa::path(
    put, path = "/v1/objects/{record}", tag = "objects",
    params(
        ("record" = String, Path, description = "BLAKE3 of the sealed bytes, 0x and 64 digits"),
        ("x-kanglian-upload" = String, Header, description = "base64 of SCALE Upload"),
        ("content-length" = u64, Header, description = "the claim's size"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "stored", body = super::openapi::UploadReply),
        (status = "4XX", description = "refused", body = super::openapi::ErrorBody),
    ),
    security(("token" = [])),
)]
pub async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(record): Path<String>,
    request: Request,
) -> Result<Json<UploadReply>, ApiError> {
    let (parts, body) = request.into_parts();
    let upload = match admit(&app, &caller, &record, &parts.headers).await {
        Ok(upload) => upload,
        Err(error) => {
            drain(body).await;
            return Err(error);
        },
    };
    let subject = upload.claim.subject;
    let (taken, home) = tokio::join!(take(&app, upload, body), app.home_of(subject));
    let (entry, own) = taken?;
    let receipts = app.replicate(&entry, home).await;
    metrics::counter!("kanglian_vault_uploads_total").increment(1);
    metrics::counter!("kanglian_vault_uploaded_bytes_total").increment(entry.claim.size);
    Ok(Json(UploadReply {
        replicas: receipts.iter().map(|receipt| receipt.region).collect(),
        receipts: std::iter::once(&own).chain(&receipts).map(ReceiptBody::from).collect(),
    }))
}

/// Reads what an upload says and asks the chain whether it may be shared.
async fn admit(
    app: &App,
    caller: &Caller,
    record: &str,
    headers: &HeaderMap,
) -> Result<Upload, ApiError> {
    let upload = described(app, record, headers)?;
    let now = app.fresh_now()?;
    app.in_time(app.chain.may_share(caller.account, upload.claim, now)).await??;
    app.quota.draw_upload(&caller.account, upload.claim.size)?;
    Ok(upload)
}

/// What a request to store says of its object, in itself without contradiction.
pub fn described(app: &App, record: &str, headers: &HeaderMap) -> Result<Upload, ApiError> {
    let record: RecordId = strict(record, "record")?;
    let upload: Upload = scale_header(headers, HEADER_UPLOAD)?;
    let claim = &upload.claim;
    if claim.record != record {
        return Err(ApiError::bad_request("the claim is about another record than the path"));
    }
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok())
        .ok_or_else(|| {
            ApiError::new(
                StatusCode::LENGTH_REQUIRED,
                "length_required",
                "give the length of the sealed bytes as Content-Length",
            )
        })?;
    if length == 0 {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "wrong_length",
            "there are no empty objects: seal at least one byte",
        ));
    }
    if length != claim.size {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "wrong_length",
            format!("Content-Length is {length}, the claim says {}", claim.size),
        ));
    }
    if length > app.settings.max_object_bytes {
        return Err(too_large(app.settings.max_object_bytes));
    }
    if upload.wraps.is_empty() || upload.wraps.len() > MAX_WRAPS {
        return Err(ApiError::bad_request(format!("an object has 1 to {MAX_WRAPS} wrapped keys")));
    }
    if upload.wraps.iter().any(|wrap| wrap.ciphertext.len() > 256) {
        return Err(ApiError::bad_request("a wrapped key is too long"));
    }
    Ok(upload)
}

/// Stores an admitted object, or finds that it is here already; with this vault's receipt.
pub async fn take(app: &App, upload: Upload, body: Body) -> Result<(Entry, Receipt), ApiError> {
    let Upload { claim, wraps } = upload;
    let _lock = app.store.lock(&claim.record).await;
    match app.store.index.object(&claim.record)? {
        Some(known) if known.claim.subject != claim.subject => {
            drain(body).await;
            Err(StoreError::OtherSubject.into())
        },
        Some(known) if known.claim == claim => {
            drop_whole(body, app.settings.body_idle_timeout).await?;
            let receipt = app.receipt(&claim).await?;
            Ok((known, receipt))
        },
        _ => {
            let body = guarded(body, app.settings.body_idle_timeout);
            let folder = app.store.blobs.spool_folder();
            let spooled = spool(&folder, claim.record, claim.size, body).await?;
            let until = app.receipts_until();
            let entry = Entry {
                claim,
                wraps,
                received_at: kanglian_sdk::now(),
                receipts_until: until,
                shared: false,
            };
            let entry = app.store.import(spooled, entry).await?;
            Ok((entry, app.identity.receipt(&claim, until)))
        },
    }
}

/// Gives an object out.
#[utoipa::path(
    get, path = "/v1/objects/{record}", tag = "objects",
    params(
        ("record" = String, Path, description = "BLAKE3 of the sealed bytes, 0x and 64 digits"),
        ("x-kanglian-access" = String, Header, description = "base64 of SCALE SignedAccess"),
        ("range" = Option<String>, Header, description = "one range of bytes"),
    ),
    responses(
        (status = 200, description = "sealed bytes; x-kanglian-log and x-kanglian-wraps beside",
            body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "a range of them",
            body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "4XX", description = "refused", body = super::openapi::ErrorBody),
        (status = 503, description = "the node is behind", body = super::openapi::ErrorBody),
    ),
    security(("token" = [])),
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(record): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let record: RecordId = strict(&record, "record")?;
    let access = Access::verified(&app, &caller, &headers)?;
    let known = app.store.index.object(&record);
    // What lies elsewhere is looked up while the chain decides; it is fetched only if it may be.
    let facts = async {
        match &known {
            Ok(None) => Ok(app.in_time(app.chain.record(Side::Best, record)).await?),
            _ => Ok(None),
        }
    };
    let (decision, facts) = futures::try_join!(access.decide(&app, record), facts)?;
    let basis = match decision {
        Ok(basis) => basis,
        Err(refusal) => {
            access.log(&app, Some(record), None).await?;
            return Err(refusal.into());
        },
    };
    let entry = match known? {
        Some(entry) => entry,
        None => app.fetch(&facts.ok_or_else(ApiError::not_found)?).await?,
    };
    if entry.claim.subject != access.subject() {
        return Err(ApiError::not_found());
    }
    let size = entry.claim.size;
    let range = wanted(&headers, size)?;
    let reader = Reader::open(app.clone(), entry, range.clone().unwrap_or(0..size)).await?;
    // The line is on disk before the first byte leaves.
    let receipt = access.log(&app, Some(record), Some(basis)).await?;
    metrics::counter!("kanglian_vault_reads_total").increment(1);
    let log = HeaderValue::try_from(encode_header(&receipt)).map_err(ApiError::internal)?;
    let wraps =
        HeaderValue::try_from(encode_header(&reader.entry.wraps)).map_err(ApiError::internal)?;
    let mut reply = respond(reader, range, Some(caller.place));
    reply.headers_mut().insert(HeaderName::from_static(HEADER_LOG), log);
    reply.headers_mut().insert(HeaderName::from_static(HEADER_WRAPS), wraps);
    Ok(reply)
}

/// A reply that streams what a reader gives.
pub fn respond(reader: Reader, range: Option<Range<u64>>, place: Option<Place>) -> Response {
    let size = reader.entry.claim.size;
    let length = reader.end.saturating_sub(reader.at);
    let status = match range {
        Some(_) => StatusCode::PARTIAL_CONTENT,
        None => StatusCode::OK,
    };
    let content_range =
        range.map(|range| format!("bytes {}-{}/{size}", range.start, range.end.saturating_sub(1)));
    let mut reply = (
        status,
        [
            (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
            (header::CONTENT_LENGTH, length.to_string()),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ],
        Body::from_stream(reader.stream(place)),
    )
        .into_response();
    if let Some(value) = content_range.and_then(|text| HeaderValue::try_from(text).ok()) {
        reply.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    reply
}

/// The range that a request asks for.
pub fn wanted(headers: &HeaderMap, size: u64) -> Result<Option<Range<u64>>, ApiError> {
    let Some(value) = headers.get(header::RANGE) else { return Ok(None) };
    let bad = || {
        ApiError::new(
            StatusCode::RANGE_NOT_SATISFIABLE,
            "range",
            format!("one range of bytes within {size} can be asked for"),
        )
    };
    let number = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => text.parse::<u64>().map_err(|_| bad()),
        false => Err(bad()),
    };
    let text = value.to_str().map_err(|_| bad())?;
    let (from, to) =
        text.strip_prefix("bytes=").and_then(|range| range.split_once('-')).ok_or_else(bad)?;
    let range = match (from, to) {
        ("", last) => size.saturating_sub(number(last)?)..size,
        (from, "") => number(from)?..size,
        (from, to) => number(from)?..number(to)?.saturating_add(1).min(size),
    };
    if range.start < range.end { Ok(Some(range)) } else { Err(bad()) }
}

/// Verified bytes of an object; damage met on the way is repaired from a peer and reading goes on
/// where it stood.
pub struct Reader {
    app: Arc<App>,
    entry: Entry,
    at: u64,
    end: u64,
    first: Option<Bytes>,
    parts: Parts,
    repaired: bool,
}

impl Reader {
    /// Opens an object and has its first block in hand, so that damage there can still be told.
    pub async fn open(app: Arc<App>, entry: Entry, range: Range<u64>) -> Result<Self, StoreError> {
        let (_, parts) = tokio::sync::mpsc::channel(1);
        let mut reader = Self {
            app,
            entry,
            at: range.start,
            end: range.end,
            first: None,
            parts,
            repaired: false,
        };
        reader.reopen().await?;
        reader.first = Some(reader.next_part().await?);
        Ok(reader)
    }

    /// As [`Self::open`], but damage ends it: who asks is a vault that may be asked for the repair.
    pub async fn open_as_is(
        app: Arc<App>,
        entry: Entry,
        range: Range<u64>,
    ) -> Result<Self, StoreError> {
        let ShareClaim { record, size, .. } = entry.claim;
        let patience = app.settings.body_idle_timeout.saturating_mul(4);
        let parts = app.store.blobs.read(record, size, range.clone(), patience).await?;
        let (at, end) = (range.start, range.end);
        let mut reader = Self { app, entry, at, end, first: None, parts, repaired: true };
        reader.first = Some(reader.next_part().await?);
        Ok(reader)
    }

    async fn reopen(&mut self) -> Result<(), StoreError> {
        let ShareClaim { record, size, .. } = self.entry.claim;
        let patience = self.app.settings.body_idle_timeout.saturating_mul(4);
        let opened = self.app.store.blobs.read(record, size, self.at..self.end, patience).await;
        match opened {
            Err(StoreError::Damaged) if !self.repaired => {
                self.repaired = true;
                self.app.repair(&self.entry).await?;
                let range = self.at..self.end;
                self.parts = self.app.store.blobs.read(record, size, range, patience).await?;
                Ok(())
            },
            opened => {
                self.parts = opened?;
                Ok(())
            },
        }
    }

    async fn next_part(&mut self) -> Result<Bytes, StoreError> {
        loop {
            match self.parts.recv().await {
                Some(Err(StoreError::Damaged)) if !self.repaired => {
                    self.repaired = true;
                    self.app.repair(&self.entry).await?;
                    self.reopen().await?;
                },
                Some(part) => return part,
                None => return Err(StoreError::Broken),
            }
        }
    }

    fn stream(
        self,
        place: Option<Place>,
    ) -> impl futures::Stream<Item = Result<Bytes, StoreError>> + Send {
        futures::stream::unfold((self, place, false), |(mut reader, place, failed)| async move {
            if failed || reader.at >= reader.end {
                return None;
            }
            let part = match reader.first.take() {
                Some(first) => Ok(first),
                None => reader.next_part().await,
            };
            match &part {
                Ok(part) => reader.at = reader.at.saturating_add(part.len() as u64),
                Err(error) => {
                    tracing::error!(record = %reader.entry.claim.record, %error, "reading stopped");
                },
            }
            let failed = part.is_err();
            Some((part, (reader, place, failed)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(range: &str) -> Result<Option<Range<u64>>, StatusCode> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, range.parse().unwrap());
        wanted(&headers, 100).map_err(|error| error.status)
    }

    #[test]
    fn ranges_are_read_strictly() {
        assert_eq!(wanted(&HeaderMap::new(), 100), Ok(None));
        assert_eq!(ask("bytes=0-9"), Ok(Some(0..10)));
        assert_eq!(ask("bytes=90-"), Ok(Some(90..100)));
        assert_eq!(ask("bytes=-1"), Ok(Some(99..100)));
        assert_eq!(ask("bytes=-500"), Ok(Some(0..100)));
        assert_eq!(ask("bytes=99-500"), Ok(Some(99..100)));
        for bad in [
            "bytes=100-",
            "bytes=-0",
            "bytes=5-4",
            "bytes=-",
            "bytes=a-",
            "bytes=1-2,4-5",
            "items=0-1",
            "bytes=+1-2",
            "bytes=18446744073709551616-",
        ] {
            assert_eq!(ask(bad), Err(StatusCode::RANGE_NOT_SATISFIABLE), "{bad}");
        }
    }
}
