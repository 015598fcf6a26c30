//! One file a call; what concerns several calls or none lies here.

mod add;
mod add_schema;
mod genesis;
mod queries;
mod random;
mod retire;
mod retire_schema;
mod set_reward_weight;

pub use crate::{Block, Blocks, Error, Event, Schema, Schemas, mock::*};
pub use frame_support::{BoundedVec, assert_noop, assert_ok, traits::Get};
pub use sp_runtime::DispatchError::BadOrigin;

/// A bounded text.
pub fn text<S: Get<u32>>(text: &str) -> BoundedVec<u8, S> {
    text.as_bytes().to_vec().try_into().expect("short enough")
}

/// Every origin that is not the council's.
pub fn others() -> [RuntimeOrigin; 3] {
    [RuntimeOrigin::root(), RuntimeOrigin::none(), RuntimeOrigin::signed(STRANGER)]
}

/// The council's origin.
pub fn council() -> RuntimeOrigin {
    RuntimeOrigin::signed(COUNCIL)
}
