//! Narrow questions that pallets ask of one another.
//!
//! A pallet names these traits in its `Config` and never another pallet's crate, so each can be
//! tested alone: its mock answers the questions from a table. Every answer takes standing into
//! account at the moment it is asked (expired, suspended, or in a suspended region means "no"),
//! so that permission fails closed everywhere at once.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod custody;
mod institutions;
pub mod log_tree;
mod origins;
mod people;
mod records;
mod regions;
mod registrars;
mod terms;
mod works;

pub use custody::*;
pub use institutions::*;
pub use origins::*;
pub use people::*;
pub use records::*;
pub use regions::*;
pub use registrars::*;
pub use terms::*;
pub use works::*;
