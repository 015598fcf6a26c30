//! Puts the head of the evaluation log on chain, whenever it grew, and learns there whether the
//! registrar's share is still the one in force.

use std::{sync::Arc, time::Duration};

use kanglian_primitives::RegistrarKey;
use kanglian_sdk::chain::identity::ChainRegistrars;
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Halt},
    chain::ChainFault,
};

/// Longest wait after failures.
const MAX_BACK_OFF: Duration = Duration::from_secs(60);

/// Why an anchor did not come about.
#[derive(Debug, thiserror::Error)]
pub enum AnchorFault {
    /// The chain.
    #[error(transparent)]
    Chain(#[from] ChainFault),
    /// The log is not the one that was anchored.
    #[error("the log contradicts its last anchor, of {0} lines")]
    Contradiction(u64),
}

/// Anchors until told to stop. After a restart, as after a failure, it goes on from what the chain
/// holds.
pub async fn run(app: Arc<App>, interval: Duration, stop: CancellationToken) {
    let mut wait = interval;
    loop {
        wait = match step(&app).await {
            Ok(_) => interval,
            Err(error) => {
                metrics::counter!("kanglian_registrar_anchor_faults_total").increment(1);
                tracing::warn!(%error, "the evaluation log was not anchored");
                wait.saturating_mul(2).min(MAX_BACK_OFF)
            },
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {},
        }
    }
}

/// One look: whether the share is in force, whether the log is the anchored one, and what came
/// since. Gives the anchored size, when it is another one now.
pub async fn step(app: &App) -> Result<Option<u64>, AnchorFault> {
    // Before the first set on chain there is nothing to compare with and nowhere to anchor.
    let Some(set) = app.in_time::<_, ChainFault>(app.chain.registrars()).await? else {
        return Ok(None);
    };
    let own = RegistrarKey(app.registrar());
    let anchored = app.in_time::<_, ChainFault>(app.chain.anchor(own)).await?;
    let from = match anchored {
        Some((size, root)) if app.store.root(size) != Some(root) => {
            app.set_halt(Some(Halt::Contradiction(size)));
            return Err(AnchorFault::Contradiction(size));
        },
        anchored => anchored.map_or(0, |(size, _)| size),
    };
    app.set_halt(superseded(app, &set));
    if !set.members.iter().any(|member| member.signing_key == own) {
        return Ok(None);
    }
    let Some((size, root, proof)) = app.store.next_anchor(from) else { return Ok(None) };
    let block = app.chain.submit_anchor(size, root, proof).await?;
    metrics::counter!("kanglian_registrar_anchors_total").increment(1);
    tracing::debug!(size, block, "the evaluation log was anchored");
    Ok(Some(size))
}

/// Whether the chain has a later set than the registrar's: then its share is worth nothing, and
/// must not be used for what it might still be.
fn superseded(app: &App, set: &ChainRegistrars) -> Option<Halt> {
    let own = app.set();
    let same_key = own.network_key() == set.network_key;
    let later = match same_key {
        true => set.epoch > own.body.epoch,
        // Of another key: a later generation, or a network that this set never was of.
        false => true,
    };
    later.then_some(Halt::Superseded { generation: set.generation, epoch: set.epoch })
}
