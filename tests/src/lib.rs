//! Starts real nodes and vaults for end-to-end tests, on free ports, and leaves nothing behind.
//!
//! The binaries come from `KANGLIAN_BIN_DIR` (`scripts/test.sh` sets it), else from the folder the
//! test itself was built into.

mod cli;
mod consortium;
pub mod people;
mod ports;
mod process;
mod rpc;

pub use cli::{Answer, Cli};
pub use consortium::{
    AURA, CLONE, Consortium, GRANDPA, PROVINCES, Province, SESSION_KEYS, SessionKey,
};
pub use ports::{Ports, free_port};
pub use process::{Finished, Running, bin_dir, finish};
pub use rpc::Rpc;

use std::time::{Duration, Instant};

/// Waits until `condition` gives a value, for at most `limit`; panics with `what` otherwise.
pub async fn eventually<T, F>(what: &str, limit: Duration, mut condition: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let deadline = Instant::now() + limit;
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(Instant::now() < deadline, "{what}: not within {limit:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
