//! Changes of stored layout, oldest first.
//!
//! A migration goes in here together with a test from old bytes, and leaves when no network holds
//! the old layout any more.

/// Migrations that run at once, in the block of the upgrade.
pub type SingleBlockMigrations = ();
