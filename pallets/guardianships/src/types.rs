//! What this pallet stores.

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use kanglian_primitives::{Guardianship, Proxyship};
use scale_info::TypeInfo;

/// Most guardians of one ward.
pub const MAX_GUARDIANS: u32 = 4;

/// Most proxies of one person.
pub const MAX_PROXIES: u32 = 8;

/// A person's proxies.
pub type ProxyList = BoundedVec<Proxyship, ConstU32<MAX_PROXIES>>;

/// A ward's guardians.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Ward {
    /// How many guardianships were attested: a signature counts for one of them.
    pub attested: u32,
    /// The guardians.
    pub guardians: BoundedVec<Guardianship, ConstU32<MAX_GUARDIANS>>,
}
