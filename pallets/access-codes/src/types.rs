//! What this pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use kanglian_primitives::{Grantee, Hash32, Instant, PersonId, TermsId, TermsTemplate};
use scale_info::TypeInfo;

/// Most grantees that may redeem one code.
pub const MAX_USES: u32 = 16;

/// That a code was redeemed.
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
pub struct Redemption<AccountId> {
    /// Who got terms.
    pub grantee: Grantee<AccountId>,
    /// The account that redeemed.
    pub account: AccountId,
    /// Which terms.
    pub id: TermsId,
    /// When.
    pub at: Instant,
}

/// An authorisation code.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Code<AccountId> {
    /// Whose records it opens.
    pub person: PersonId,
    /// What it gives.
    pub template: TermsTemplate,
    /// How many grantees may redeem it.
    pub uses: u8,
    /// First instant at which it can no longer be redeemed.
    pub expires_at: Instant,
    /// BLAKE3 of the bundle that is sealed to the code.
    pub sealed: Hash32,
    /// Whether the person cancelled it.
    pub cancelled: bool,
    /// By whom it was redeemed.
    pub redeemed: BoundedVec<Redemption<AccountId>, ConstU32<MAX_USES>>,
}

impl<AccountId> Code<AccountId> {
    /// How often the code can still be redeemed, were it not cancelled or over.
    pub fn uses_left(&self) -> u8 {
        let redeemed = u8::try_from(self.redeemed.len()).unwrap_or(u8::MAX);
        self.uses.saturating_sub(redeemed)
    }

    /// Whether the code is neither cancelled nor used up; its expiry aside.
    pub fn is_open(&self) -> bool {
        !self.cancelled && self.uses_left() > 0
    }
}
