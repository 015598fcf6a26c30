//! What the pallet keeps of an upgrade, and to whom it hands one over.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// An upgrade that waits.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct PendingUpgrade<BlockNumber> {
    /// When the council voted it.
    pub proposed_at: BlockNumber,
    /// First height at which it can be enacted.
    pub enact_from: BlockNumber,
    /// First height at which it can no longer be enacted.
    pub expires_at: BlockNumber,
}

/// Authorises code for the runtime.
pub trait Upgrades<Hash> {
    /// From now on anybody may apply the code with this hash, unless another hash is authorised
    /// before that.
    fn authorize(code_hash: Hash);
}
