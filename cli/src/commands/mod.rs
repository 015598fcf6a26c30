//! What each role can do.

pub mod coin;
pub mod council;
mod double_blocks;
pub mod institution;
pub mod motion;
pub mod operator;
pub mod pan_centre;
pub mod patient;
mod patient_view;
pub mod reader;
pub mod regulator;
pub mod session_keys;
pub mod upgrade;
