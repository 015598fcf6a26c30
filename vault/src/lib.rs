//! A province's vault: it stores sealed health records, asks the chain who may read, logs every
//! read before the first byte leaves, and proves that log.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`config`] | settings from file, environment and flags |
//! | [`http`] | routes, callers, statements, connections |
//! | [`auth`] | challenges and tokens |
//! | [`chain`] | what is asked of the chain, and the vault's node |
//! | [`store`] | sealed bytes, index, bundles |
//! | [`log`] | the access log and its tree |
//! | [`anchor`] | the log's root on chain |
//! | [`peers`] | replication, fetching, repair |
//! | [`quota`] | shares of accounts and addresses |
//! | [`replays`] | signed requests of other vaults count once |
//! | [`gc`] | what nobody shared goes |
//! | [`fsck`] | every object against its BLAKE3 |
//!
//! The vault holds no key that opens a record, and decides nothing: what the chain does not allow
//! by its best and its finalised state is refused, and so is everything while the node is behind.

pub mod anchor;
pub mod app;
pub mod auth;
pub mod chain;
pub mod config;
pub mod error;
pub mod fsck;
pub mod gc;
pub mod http;
pub mod keys;
pub mod log;
pub mod peers;
pub mod quota;
pub mod replays;
pub mod store;
pub mod works;

#[cfg(test)]
mod tests;
