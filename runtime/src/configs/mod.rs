//! How each pallet is set up: a file for each concern.

mod acting;
mod consensus;
mod fees;
mod governance;
mod health;
mod system;

pub use governance::{ProxyType, recovery_bar, upgrade_time_lock};
