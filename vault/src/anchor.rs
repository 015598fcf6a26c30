//! Puts the access log's root on chain, whenever it grew.

use std::{sync::Arc, time::Duration};

use kanglian_primitives::Hash32;
use kanglian_sdk::wire::Anchor;
use tokio_util::sync::CancellationToken;

use crate::{app::App, chain::ChainFault, store::StoreError};

/// Longest wait after failures.
const MAX_BACK_OFF: Duration = Duration::from_secs(60);

/// Why an anchor did not come about.
#[derive(Debug, thiserror::Error)]
pub enum AnchorFault {
    /// The chain.
    #[error(transparent)]
    Chain(#[from] ChainFault),
    /// The log's database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log is not the one that was anchored.
    #[error("the log contradicts its last anchor")]
    Contradiction,
}

/// Anchors until told to stop. After a restart, as after a failure, it goes on from what the chain
/// holds.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut wait = app.settings.anchor_interval;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {},
        }
        wait = match step(&app).await {
            Ok(_) => app.settings.anchor_interval,
            Err(error) => {
                metrics::counter!("kanglian_vault_anchor_faults_total").increment(1);
                tracing::warn!(%error, "the access log was not anchored");
                wait.saturating_mul(2).min(MAX_BACK_OFF)
            },
        };
    }
}

/// Compares the log with what the chain holds; gives the anchored size. Before this was done once,
/// nothing should be served: the log might have been lost.
pub async fn compare(app: &App) -> Result<u64, AnchorFault> {
    let Some((size, root)) = app.chain.anchor(app.identity.region()).await? else { return Ok(0) };
    if !app.log.check_anchor(size, &root) {
        return Err(AnchorFault::Contradiction);
    }
    note(app, size, root, app.chain.state().best.height).await?;
    Ok(size)
}

/// One look: compares with the chain, and anchors what came since. Gives the new anchor.
pub async fn step(app: &App) -> Result<Option<Anchor>, AnchorFault> {
    let from = compare(app).await?;
    let Some((size, root, proof)) = app.log.next_anchor(from) else { return Ok(None) };
    let block = app.chain.submit_anchor(size, root, proof).await?;
    metrics::counter!("kanglian_vault_anchors_total").increment(1);
    tracing::debug!(size, block, "the access log was anchored");
    Ok(Some(note(app, size, root, block).await?))
}

async fn note(
    app: &App,
    size: u64,
    root: Hash32,
    block: kanglian_primitives::Height,
) -> Result<Anchor, StoreError> {
    if let Some(known) = app.log.last_anchor()?
        && known.size >= size
    {
        return Ok(known);
    }
    let anchor = Anchor { size, root, block };
    app.log.note_anchor(anchor).await?;
    Ok(anchor)
}
