//! One file a call or a way in.

mod check_share;
mod file_of;
mod random;
mod receipts;
mod reject;
mod share;
mod share_batch;
mod supersede;
mod try_state;
