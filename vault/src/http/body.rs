//! Request bodies with limits on size, silence and slowness.

use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use futures::{Stream, StreamExt};

use crate::{error::ApiError, store::StoreError};

/// Slowest allowed rate of a body, in bytes a second, once the idle time is over.
const MIN_RATE: u64 = 1024;
/// Largest body of a request to sign in.
const SMALL_BYTES: usize = 4 * 1024;
/// How long it may take to arrive as a whole.
const SMALL_TIME: Duration = Duration::from_secs(5);
/// How much of a body is read and dropped so that the client hears the answer.
const DRAIN_BYTES: u64 = 32 << 20;
/// How long that may take.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// The parts of a body. Silence longer than `idle`, or less than 1 KiB a second after it, ends it.
pub fn guarded(body: Body, idle: Duration) -> impl Stream<Item = Result<Bytes, StoreError>> {
    let state = (body.into_data_stream(), Instant::now(), 0u64, false);
    futures::stream::unfold(state, move |(mut stream, began, mut arrived, ended)| async move {
        if ended {
            return None;
        }
        let part = match tokio::time::timeout(idle, stream.next()).await {
            Err(_) => Err(StoreError::Idle),
            Ok(None) => return None,
            Ok(Some(Err(_))) => Err(StoreError::Broken),
            Ok(Some(Ok(part))) => {
                arrived = arrived.saturating_add(part.len() as u64);
                let beyond = began.elapsed().saturating_sub(idle).as_secs();
                match arrived < beyond.saturating_mul(MIN_RATE) {
                    true => Err(StoreError::Idle),
                    false => Ok(part),
                }
            },
        };
        let ended = part.is_err();
        Some((part, (stream, began, arrived, ended)))
    })
}

/// A small body whole.
pub async fn whole(body: Body, limit: usize, idle: Duration) -> Result<Bytes, ApiError> {
    let mut stream = std::pin::pin!(guarded(body, idle));
    let mut whole = bytes::BytesMut::new();
    while let Some(part) = stream.next().await {
        let part = part?;
        if whole.len().saturating_add(part.len()) > limit {
            return Err(too_large(limit as u64));
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole.freeze())
}

/// A small JSON body, from anybody.
pub async fn json<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, ApiError> {
    let arriving = whole(body, SMALL_BYTES, SMALL_TIME);
    let bytes =
        tokio::time::timeout(SMALL_TIME, arriving).await.map_err(|_| StoreError::Idle)??;
    serde_json::from_slice(&bytes).map_err(|error| ApiError::bad_request(format!("body: {error}")))
}

/// Reads and drops what is left of a body, within bounds: a client that is still writing would
/// otherwise see a broken connection instead of the answer.
pub async fn drain(body: Body) {
    let mut stream = body.into_data_stream();
    let mut dropped = 0u64;
    let run = async {
        while let Some(Ok(part)) = stream.next().await {
            dropped = dropped.saturating_add(part.len() as u64);
            if dropped > DRAIN_BYTES {
                break;
            }
        }
    };
    // Whatever comes later meets a closed connection.
    let _ = tokio::time::timeout(DRAIN_TIME, run).await;
}

/// Reads and drops a whole body that brings nothing new, under the same limits as one that does.
pub async fn drop_whole(body: Body, idle: Duration) -> Result<(), StoreError> {
    let mut stream = std::pin::pin!(guarded(body, idle));
    while let Some(part) = stream.next().await {
        part?;
    }
    Ok(())
}

/// 413.
pub fn too_large(limit: u64) -> ApiError {
    ApiError::new(
        axum::http::StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("at most {limit} bytes are taken"),
    )
}
