//! What each role can do.

pub mod council;
pub mod institution;
pub mod operator;
pub mod pan_centre;
pub mod patient;
pub mod reader;
