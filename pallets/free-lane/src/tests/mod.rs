//! Draws and recovery, the pool's limit, where nonces begin, the sweep, and random sequences.

mod ahead;
mod draw;
mod nonces;
mod sequences;
mod sweep;

use sp_runtime::AccountId32;

use crate::{HOUR, Usage, mock::*};
