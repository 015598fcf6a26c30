//! The chain: a client over a node's WebSocket.
//!
//! [`Client`] holds one connection and opens it again when it breaks. What it reads is the best
//! block's state, the finalised one's, or that of a given block ([`At`]). Calls come from
//! [`calls`], are signed by anything that is a subxt signer for [`Config`] ([`crate::keys::Account`]
//! and [`crate::keys::VaultSigner`] are), and give the events of their block or a typed error.
//!
//! A service that decides by the chain follows its node by a [`Follower`] and asks [`Freshness`]
//! whether the node may be believed.

use std::fmt;

use kanglian_primitives::Hash32;

mod call;
pub mod calls;
pub mod care;
mod client;
mod custody_queries;
mod error;
mod events;
mod following;
pub mod identity;
pub mod lifelong;
mod queries;
mod socket;
mod storage;
mod submit;
pub mod types;

pub use call::{Call, Payload};
pub use client::{Client, Head, Heads, Health, Options};
pub use error::{ChainError, DispatchFailure, InvalidTransaction};
pub use events::{Event, json};
pub use following::{ChainFault, ChainState, Follower, Freshness, Side, Tip};
pub use queries::Motion;
pub use socket::json_rpc;
pub use submit::{InBlock, Pending, SubmitOptions, Wait};

/// How subxt sees a Kanglian chain.
pub type Config = subxt::PolkadotConfig;

/// At which block something is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum At {
    /// The best block.
    #[default]
    Best,
    /// The last finalised block.
    Finalized,
    /// The block with this hash.
    Hash(Hash32),
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Best => f.write_str("best block"),
            Self::Finalized => f.write_str("finalised block"),
            Self::Hash(hash) => write!(f, "block 0x{}", hex::encode(hash)),
        }
    }
}
