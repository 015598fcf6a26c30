//! Collects what nobody shared: objects whose receipts have ended and whose record is not on
//! chain, and bundles that neither terms nor an open code nor a waiting correction names and that are of no dealing
//! or case.

use std::sync::Arc;

use kanglian_primitives::{Height, Instant, RecordId};
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    chain::Side,
    error::ApiError,
    store::{Entry, StoreError},
    works,
};

/// Blocks beyond a receipt's end before its object goes.
pub const MARGIN: Height = 600;
/// How long a bundle may wait for the grant that names it.
pub const BUNDLE_AGE: Instant = 24 * 60 * 60 * 1000;
/// Objects looked at between two reads of the index.
const PAGE: usize = 256;

/// Collects until told to stop.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(app.settings.collect_interval) => {},
        }
        match step(&app).await {
            Ok(0) => {},
            Ok(count) => tracing::info!(count, "collected objects and bundles that nobody shared"),
            Err(error) => tracing::warn!(%error, "collecting stopped early"),
        }
    }
}

/// One round; gives how much went.
pub async fn step(app: &App) -> Result<u64, ApiError> {
    let now = app.fresh_now()?;
    let mut collected = 0u64;
    let mut after = None;
    loop {
        let page = app.store.index.objects_after(after.as_ref(), PAGE)?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        for (record, entry) in &page {
            if !entry.shared && collect(app, *record, entry).await? {
                collected = collected.saturating_add(1);
            }
        }
    }
    for (hash, subject, received_at) in app.store.index.bundles()? {
        if now < received_at.saturating_add(BUNDLE_AGE) {
            continue;
        }
        let terms = app.chain.terms_of(Side::Best, subject).await?;
        if !terms.iter().any(|(_, terms)| terms.bundle == hash)
            && !app.is_named(subject, hash).await?
            && !app.chain.code_bundles(subject).await?.contains(&hash)
            && !app.chain.is_correction(subject, hash).await?
        {
            app.store.index.remove_bundle(hash).await?;
            collected = collected.saturating_add(1);
        }
    }
    collected = collected.saturating_add(works::collect(app).await?);
    metrics::counter!("kanglian_vault_collected_total").increment(collected);
    Ok(collected)
}

/// Removes an object whose time is over; notes one that was shared. Only finality counts: a block
/// that may still be replaced neither keeps nor removes.
async fn collect(app: &App, record: RecordId, entry: &Entry) -> Result<bool, ApiError> {
    let over = |entry: &Entry| {
        app.chain.state().finalised.height > entry.receipts_until.saturating_add(MARGIN)
    };
    if app.chain.record(Side::Finalised, record).await?.is_some() {
        app.store.index.mark_shared(record).await?;
        return Ok(false);
    }
    if !over(entry) || app.chain.record(Side::Best, record).await?.is_some() {
        return Ok(false);
    }
    let _lock = app.store.lock(&record).await;
    // A receipt may have been given meanwhile.
    match app.store.index.object(&record)? {
        Some(entry) if !entry.shared && over(&entry) => {},
        _ => return Ok(false),
    }
    remove(app, record).await?;
    Ok(true)
}

/// First the index, then the bytes: what a crash leaves is bytes that nothing names.
async fn remove(app: &App, record: RecordId) -> Result<(), StoreError> {
    app.store.index.remove_object(record).await?;
    app.store.blobs.remove(record).await
}
