//! What each role can do.

mod aliases;
pub mod codes;
pub mod coin;
pub mod council;
pub mod custody;
mod double_blocks;
pub mod emergency;
pub mod guidance;
pub mod identity;
pub mod institution;
pub mod motion;
pub mod operator;
pub mod pan_centre;
pub mod patient;
mod patient_view;
pub mod reader;
pub mod recovery;
pub mod referrals;
pub mod registrar;
pub mod regulator;
pub mod sampling;
pub mod session_keys;
pub mod upgrade;
