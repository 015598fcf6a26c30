//! From handed-over shares to the payload.

use kanglian_primitives::{CaseRef, DealingTerms, RegionCode};

use super::{
    CustodyError, DealingContext, Payload, SealedPayload, SealedShare, Share, ShareFault,
    blob_hash, share::commitments,
};
use crate::{keys::EncryptionSecret, sharing};

/// What a custodian handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The custodian's province.
    pub region: RegionCode,
    /// The sealed share, as a vault gave it.
    pub blob: Vec<u8>,
}

/// A payload that enough custodians gave back.
#[derive(Debug)]
pub struct Combined {
    /// What was dealt.
    pub payload: Payload,
    /// Whose shares were used.
    pub used: Vec<RegionCode>,
    /// Whose shares are false, and why. They were left out.
    pub faults: Vec<(RegionCode, ShareFault)>,
}

/// Opens handed-over shares with the case's key, leaves out those that the commitments do not know,
/// and opens the payload once there are enough.
pub fn combine(
    terms: &DealingTerms,
    context: &DealingContext,
    case: &CaseRef,
    secret: &EncryptionSecret,
    answers: &[Answer],
    sealed: &[u8],
) -> Result<Combined, CustodyError> {
    let commitments = commitments(terms)?;
    let mut shares: Vec<(RegionCode, Share)> = Vec::new();
    let mut faults = Vec::new();
    for answer in answers {
        if shares.iter().any(|(region, _)| *region == answer.region) {
            continue;
        }
        let opened = position_of(terms, answer.region).ok_or(ShareFault::NoPart).and_then(|at| {
            let share = SealedShare::read(&answer.blob)?;
            share.open_handed_over(secret, context, case, at, &commitments)
        });
        match opened {
            Ok(share) => shares.push((answer.region, share)),
            Err(fault) => faults.push((answer.region, fault)),
        }
    }
    let need = commitments.threshold();
    if shares.len() < need {
        return Err(CustodyError::TooFew { have: shares.len(), need, faults });
    }
    if blob_hash(sealed) != terms.sealed {
        return Err(CustodyError::Hash);
    }
    shares.truncate(need);
    let values: Vec<_> =
        shares.iter().map(|(_, share)| (u16::from(share.position), &share.value)).collect();
    // Distinct regions have distinct places, so this cannot fail.
    let value = sharing::combine(&values).map_err(|_| CustodyError::Payload)?;
    let whole = Share { position: 0, value };
    whole.check(&commitments).map_err(|_| CustodyError::Payload)?;
    let payload = SealedPayload::read(sealed)?.open(&whole.value, context)?;
    Ok(Combined { payload, used: shares.iter().map(|(region, _)| *region).collect(), faults })
}

/// The place of a region's share in a dealing, from 1 on.
pub fn position_of(terms: &DealingTerms, region: RegionCode) -> Option<u8> {
    let at = terms.parts.iter().position(|part| part.region == region)?;
    u8::try_from(at.checked_add(1)?).ok()
}
