//! A registrar: holds one share of the network key for person ids and evaluates blinded document
//! numbers for permitted institutions.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`settings`] | options and keys |
//! | [`chain`] | what is asked of the chain, and the registrar's node |
//! | [`store`] | the evaluation log on disk, its tree, limits |
//! | [`anchor`] | the log's head on chain, and whether the share is in force |
//! | [`app`] | an evaluation and its outcome, step by step |
//! | [`http`] | routes, requests, replies |
//! | [`openapi`] | the interface's description |
//! | [`server`] | connections: limits of time and number, and an orderly end |
//! | [`error`] | errors as clients see them |
//!
//! A registrar never sees a document number: what it evaluates is independent of it. It knows who
//! asks, when, and what became of it, and all of that stands in its log before an answer leaves.

pub mod anchor;
pub mod app;
pub mod chain;
pub mod error;
pub mod http;
pub mod openapi;
pub mod server;
pub mod settings;
pub mod store;

#[cfg(test)]
mod tests;
