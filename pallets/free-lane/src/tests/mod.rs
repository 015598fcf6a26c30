//! Draws and recovery, the pool's limit, the sweep, and random sequences.

mod ahead;
mod draw;
mod sequences;
mod sweep;

use crate::{HOUR, Usage, mock::*};
