//! Shows that shares are kept, without showing them.

use kanglian_sdk::custody::{
    ShareProof,
    wire::{DrillReply, DrillRequest},
};

use crate::{
    chain::{ChainView, Finalised},
    vaults::Blobs,
    worker::{CheckFault, Fault, Round, Worker},
};

/// Why a challenge is not met.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrillFault {
    /// The node is behind, or the custodian is not appointed.
    #[error("the custodian's node is behind, or no region appointed this custodian")]
    NotReady,
    /// There is no such share, or it is away.
    #[error(transparent)]
    Share(#[from] CheckFault),
}

/// Meets a challenge: fetches the share from a vault, opens it, proves it.
pub async fn meet<C: ChainView, B: Blobs>(
    worker: &Worker<C, B>,
    head: &Finalised,
    request: &DrillRequest,
) -> Result<DrillReply, DrillFault> {
    let round = ready(worker, head).await?;
    let DrillRequest { person, scope, number, challenge } = *request;
    let (share, context) = worker.share_in_force(&round, person, scope, number).await?;
    let ShareProof { point, answer } = ShareProof::prove(&share, &context, &challenge);
    metrics::counter!("kanglian_custodian_drills_total").increment(1);
    Ok(DrillReply { region: round.region, point, answer })
}

/// How the shares of all dealings that name the custodian's region are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Shares that open and match.
    pub alive: usize,
    /// Those that do not, in words.
    pub faults: Vec<String>,
}

/// Opens every share of the custodian, one after the other.
pub async fn all<C: ChainView, B: Blobs>(
    worker: &Worker<C, B>,
    head: &Finalised,
) -> Result<Kept, DrillFault> {
    let round = ready(worker, head).await?;
    let parts = worker.chain().dealings_of(round.at, round.region).await;
    let parts = parts.map_err(|fault| CheckFault::Later(Fault::Chain(fault)))?;
    let mut kept = Kept::default();
    for (person, scope, number) in parts {
        match worker.share_in_force(&round, person, scope, number).await {
            Ok(_) => kept.alive = kept.alive.saturating_add(1),
            Err(fault) => kept.faults.push(format!("{person} {scope:?} {number}: {fault}")),
        }
    }
    Ok(kept)
}

async fn ready<C: ChainView, B: Blobs>(
    worker: &Worker<C, B>,
    head: &Finalised,
) -> Result<Round, DrillFault> {
    let round = worker.round(head).await.map_err(CheckFault::Later)?;
    round.ok_or(DrillFault::NotReady)
}
