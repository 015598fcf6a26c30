//! A custodian: keeps, for one province, shares of people's secrets, and seals them again to whom an
//! executed recovery or an open emergency names.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`settings`] | options and keys |
//! | [`chain`] | what is asked of the chain, in finalised state only, and what is told it |
//! | [`vaults`] | where sealed shares and payloads lie |
//! | [`worker`] | answers dealings and cases |
//! | [`backoff`] | when to try again |
//! | [`drill`] | shows that shares are kept |
//! | [`http`] | health, metrics, challenges |
//! | [`server`] | connections: limits of time and number, and an orderly end |
//!
//! The chain is its only memory: what it has answered stands there, and what it sealed it can seal
//! again to the byte. It may therefore be killed at any moment and started anywhere with its keys.

pub mod backoff;
pub mod chain;
pub mod drill;
pub mod http;
pub mod server;
pub mod settings;
pub mod vaults;
pub mod worker;

#[cfg(test)]
mod tests;
