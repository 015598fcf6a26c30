//! Making a dealing.

use std::collections::BTreeSet;

use codec::Encode;
use kanglian_primitives::{
    DealingPart, DealingTerms, EncryptionKey, MIN_CUSTODIANS, MIN_THRESHOLD, RegionCode,
};

use super::{CustodyError, DealingContext, MAX_PARTS, Payload, SealedPayload, Share, blob_hash};
use crate::sharing::Polynomial;

/// To whom a share is dealt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Custodian {
    /// The province.
    pub region: RegionCode,
    /// The key that its share is sealed to.
    pub key: EncryptionKey,
}

/// A dealing: what goes on chain, and the blobs that go to vaults. Nothing of it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dealt {
    /// What the chain is told.
    pub terms: DealingTerms,
    /// The sealed payload.
    pub sealed: Vec<u8>,
    /// The sealed shares, in the order of the parts.
    pub shares: Vec<Vec<u8>>,
}

impl Dealt {
    /// Everything that vaults are to keep.
    pub fn blobs(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.shares.iter().chain([&self.sealed])
    }
}

/// Deals a payload to custodians: draws a scalar, shares it, seals the shares and the payload. A
/// share's position is its part's place in the terms, from 1 on; parts rise by region.
pub fn deal(
    payload: &Payload,
    context: &DealingContext,
    custodians: &[Custodian],
    threshold: u8,
) -> Result<Dealt, CustodyError> {
    let mut custodians = custodians.to_vec();
    custodians.sort_by_key(|custodian| custodian.region);
    let regions: BTreeSet<_> = custodians.iter().map(|custodian| custodian.region).collect();
    let fits = (usize::from(MIN_CUSTODIANS)..=MAX_PARTS).contains(&custodians.len())
        && regions.len() == custodians.len()
        && (usize::from(MIN_THRESHOLD)..=custodians.len()).contains(&usize::from(threshold))
        && payload.scope() == context.scope;
    if !fits {
        return Err(CustodyError::Threshold);
    }
    let polynomial = Polynomial::random(threshold.into());
    let mut parts = Vec::with_capacity(custodians.len());
    let mut shares = Vec::with_capacity(custodians.len());
    for (position, custodian) in (1u8..).zip(&custodians) {
        let share = Share { position, value: polynomial.share(position.into()) };
        let sealed = share
            .seal(&custodian.key, context)
            .map_err(|_| CustodyError::Key(custodian.region))?
            .encode();
        parts.push(DealingPart { region: custodian.region, share: blob_hash(&sealed) });
        shares.push(sealed);
    }
    // The scalar lives as long as the polynomial, which wipes itself.
    let whole = Share { position: 0, value: polynomial.share(0) };
    let sealed = SealedPayload::seal(payload, &whole.value, context)?.encode();
    let terms = DealingTerms {
        threshold,
        commitments: polynomial
            .commitments()
            .to_bytes()
            .try_into()
            .map_err(|_| CustodyError::Threshold)?,
        parts: parts.try_into().map_err(|_| CustodyError::Threshold)?,
        sealed: blob_hash(&sealed),
    };
    Ok(Dealt { terms, sealed, shares })
}
