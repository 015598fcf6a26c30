//! What this pallet stores beside the requests.

use codec::{Decode, Encode, MaxEncodedLen};
use kanglian_primitives::CorrectionId;
use scale_info::TypeInfo;

/// Counts of a person's requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct CorrectionFile {
    /// The last number given.
    pub last: CorrectionId,
    /// How many wait for somebody.
    pub open: u32,
}
