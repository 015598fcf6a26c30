//! What is said over HTTP between a custodian and whoever looks whether it keeps its shares.

use kanglian_primitives::{DealtScope, Hash32, Height, PersonId, RegionCode};
use serde::{Deserialize, Serialize};

use super::ShareProof;
use crate::wire::hex_bytes;

/// Where a custodian takes challenges.
pub const DRILL_PATH: &str = "/v1/drill";

/// `POST /v1/drill`: whether a share is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrillRequest {
    /// Whose secret was dealt.
    pub person: PersonId,
    /// What was dealt.
    pub scope: DealtScope,
    /// The dealing's number.
    pub number: u32,
    /// 32 fresh random bytes, hexadecimal.
    #[serde(with = "hex_bytes")]
    pub challenge: Hash32,
}

/// Reply to [`DrillRequest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillReply {
    /// The custodian's province.
    pub region: RegionCode,
    /// Hexadecimal, 32 bytes.
    #[serde(with = "hex_bytes")]
    pub point: [u8; 32],
    /// Hexadecimal, 32 bytes.
    #[serde(with = "hex_bytes")]
    pub answer: [u8; 32],
}

impl DrillReply {
    /// The proof in it.
    pub fn proof(&self) -> ShareProof {
        ShareProof { point: self.point, answer: self.answer }
    }
}

/// `GET /health` of a custodian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodianHealth {
    /// `ok`, `stale`, or `not_appointed` when no province names its account and key.
    pub status: String,
    /// The province it keeps shares for.
    pub region: Option<RegionCode>,
    /// SS58 of its account.
    pub account: String,
    /// Its encryption key.
    pub key: String,
    /// Finalised height it has worked through.
    pub finalised: Height,
    /// Shares that wait for an answer.
    pub waiting_dealings: u64,
    /// Cases that wait for its share.
    pub waiting_cases: u64,
    /// Software version.
    pub version: String,
}
