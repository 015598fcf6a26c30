//! Asking a custodian whether it keeps a share.

use std::time::Duration;

use kanglian_primitives::{DealingTerms, Hash32, RegionCode};
use url::Url;

use super::{
    DealingContext,
    combine::position_of,
    share::commitments,
    wire::{CustodianHealth, DRILL_PATH, DrillReply, DrillRequest},
};
use crate::wire::ErrorBody;

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest wait for an answer: the custodian fetches its share from a vault first.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Why a custodian did not show that it keeps its share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrillFault {
    /// It does not answer.
    #[error("silent: {0}")]
    Silent(String),
    /// It says that it cannot.
    #[error("it refused ({code}): {message}")]
    Refused {
        /// Stable code.
        code: String,
        /// For people.
        message: String,
    },
    /// Its proof does not hold.
    #[error("its proof does not hold: it does not have the share")]
    False,
    /// It keeps shares for another province.
    #[error("it is the custodian of region {0}")]
    Elsewhere(RegionCode),
    /// The dealing has no such custodian or no commitments.
    #[error("the dealing has no part that could be proved")]
    NoPart,
}

/// Asks custodians.
#[derive(Clone, Debug)]
pub struct Drill(reqwest::Client);

impl Drill {
    /// A client.
    pub fn new() -> Result<Self, DrillFault> {
        reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ANSWER_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map(Self)
            .map_err(|error| DrillFault::Silent(error.to_string()))
    }

    /// What a custodian says of itself.
    pub async fn health(&self, url: &Url) -> Result<CustodianHealth, DrillFault> {
        let silent = |error: &dyn std::fmt::Display| DrillFault::Silent(error.to_string());
        let at = url.join("/health").map_err(|error| silent(&error))?;
        let reply = self.0.get(at).send().await.map_err(|error| silent(&error))?;
        reply.json().await.map_err(|error| silent(&error))
    }

    /// Challenges the custodian of a region to show that it keeps its share of a dealing, with a
    /// challenge that was never used before.
    pub async fn challenge(
        &self,
        url: &Url,
        region: RegionCode,
        context: &DealingContext,
        terms: &DealingTerms,
    ) -> Result<(), DrillFault> {
        let commitments = commitments(terms).map_err(|_| DrillFault::NoPart)?;
        let position = position_of(terms, region).ok_or(DrillFault::NoPart)?;
        let challenge: Hash32 = crate::random_bytes();
        let reply = self.ask(url, context, challenge).await?;
        if reply.region != region {
            return Err(DrillFault::Elsewhere(reply.region));
        }
        match reply.proof().holds(&commitments, position, context, &challenge) {
            true => Ok(()),
            false => Err(DrillFault::False),
        }
    }

    async fn ask(
        &self,
        url: &Url,
        context: &DealingContext,
        challenge: Hash32,
    ) -> Result<DrillReply, DrillFault> {
        let silent = |error: &dyn std::fmt::Display| DrillFault::Silent(error.to_string());
        let DealingContext { person, scope, number, .. } = *context;
        let request = DrillRequest { person, scope, number, challenge };
        let at = url.join(DRILL_PATH).map_err(|error| silent(&error))?;
        let reply = self.0.post(at).json(&request).send().await.map_err(|error| silent(&error))?;
        if reply.status().is_success() {
            return reply.json().await.map_err(|error| silent(&error));
        }
        let status = reply.status();
        let error: ErrorBody = reply.json().await.unwrap_or_else(|_| ErrorBody {
            code: "unknown".to_owned(),
            message: status.to_string(),
        });
        Err(DrillFault::Refused { code: error.code, message: error.message })
    }
}
