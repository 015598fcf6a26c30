//! What each role can do.

pub mod coin;
pub mod council;
pub mod custody;
mod double_blocks;
pub mod emergency;
pub mod identity;
pub mod institution;
pub mod motion;
pub mod operator;
pub mod pan_centre;
pub mod patient;
mod patient_view;
pub mod reader;
pub mod recovery;
pub mod registrar;
pub mod regulator;
pub mod sampling;
pub mod session_keys;
pub mod upgrade;
