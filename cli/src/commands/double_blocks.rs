//! Double blocks: two blocks that one validator made in one slot, found on nodes and reported.
//!
//! Nodes refuse a block that its slot's validator has not sealed. So two different blocks of one
//! slot, each taken in by some node, are by the same validator; the chain checks the seals again.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Subcommand;
use codec::{Decode, Encode};
use kanglian_primitives::{Hash32, Instant};
use kanglian_sdk::{
    AccountId,
    chain::{Client, Config, calls},
};
use serde::{Deserialize, Serialize};
use subxt::{
    config::{
        Hasher, RpcConfigFor,
        substrate::{BlakeTwo256, DigestItem},
    },
    rpcs::{LegacyRpcMethods, RpcClient},
};
use tokio::{
    sync::mpsc::{Sender, channel},
    task::JoinSet,
};
use url::Url;

use crate::{
    context::Context,
    fault::Fault,
    files, instant,
    runtime_code::{hash, hex_of},
    shown::fields,
};

type Header = <Config as subxt::Config>::Header;
type Methods = LegacyRpcMethods<RpcConfigFor<Config>>;

/// Aura's mark in headers.
const AURA: [u8; 4] = *b"aura";
/// How many slots are remembered.
const REMEMBERED: usize = 3_600;
/// How long to wait before a lost node is asked again.
const AGAIN: Duration = Duration::from_secs(1);

/// What can be done about double blocks.
#[derive(Debug, Subcommand)]
pub enum DoubleBlocks {
    /// Watch nodes until a validator makes two blocks in one slot, and keep both headers
    Watch {
        /// More nodes to watch, with commas between them: each block may reach only some
        #[arg(long = "with", value_delimiter = ',')]
        nodes: Vec<Url>,
        /// Until when to watch
        #[arg(long, value_parser = instant::parse, default_value = "+1h")]
        until: Instant,
        /// New file for the two headers
        #[arg(long)]
        out: PathBuf,
    },
    /// Report a double block: who made it is left out of the sets planned from now on
    Report {
        /// Any account
        #[arg(long)]
        account: String,
        /// The file with the two headers
        headers: PathBuf,
    },
}

/// Two headers of one slot, as they lie in a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Evidence {
    genesis: String,
    slot: u64,
    /// SCALE, with its seal.
    first: String,
    second: String,
}

/// A header with its slot and seal.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sealed {
    slot: u64,
    /// Of the header without its seal: one block sealed twice is one block.
    block: Hash32,
    bytes: Vec<u8>,
}

impl Sealed {
    fn of(header: &Header) -> Option<Self> {
        let mut unsealed = header.clone();
        match unsealed.digest.logs.pop()? {
            DigestItem::Seal(AURA, _) => {},
            _ => return None,
        }
        let slot = unsealed.digest.logs.iter().find_map(|item| match item {
            DigestItem::PreRuntime(AURA, slot) => u64::decode(&mut slot.as_slice()).ok(),
            _ => None,
        })?;
        let block = BlakeTwo256.hash(&unsealed.encode()).0;
        Some(Self { slot, block, bytes: header.encode() })
    }
}

/// The blocks of the last slots.
#[derive(Default)]
struct Seen(BTreeMap<u64, Sealed>);

impl Seen {
    /// Takes in a block; gives the pair when another one of its slot is known.
    fn take(&mut self, sealed: Sealed) -> Option<(Sealed, Sealed)> {
        match self.0.entry(sealed.slot) {
            Entry::Occupied(known) if known.get().block != sealed.block => {
                return Some((known.get().clone(), sealed));
            },
            Entry::Occupied(_) => {},
            Entry::Vacant(place) => {
                place.insert(sealed);
            },
        }
        while self.0.len() > REMEMBERED {
            self.0.pop_first();
        }
        None
    }
}

/// Carries out a command.
pub async fn run(command: &DoubleBlocks, context: &Context) -> anyhow::Result<()> {
    match command {
        DoubleBlocks::Watch { nodes, until, out } => watch(context, nodes, *until, out).await,
        DoubleBlocks::Report { account, headers } => report(context, account, headers).await,
    }
}

async fn watch(context: &Context, nodes: &[Url], until: Instant, out: &Path) -> anyhow::Result<()> {
    if out.exists() {
        return Err(Fault::usage(format!("{} exists already", out.display())).into());
    }
    let first = context.chain().await?;
    let genesis = first.genesis_hash();
    let mut urls = vec![first.url().to_owned()];
    for url in nodes {
        let node = Client::connect(url.as_str()).await?;
        if node.genesis_hash() != genesis {
            return Err(Fault::usage(format!("{url} is a node of another chain")).into());
        }
        urls.push(node.url().to_owned());
    }

    let (sender, mut headers) = channel(256);
    let mut followers = JoinSet::new();
    for url in urls {
        followers.spawn(follow(url, sender.clone()));
    }
    drop(sender);
    let mut seen = Seen::default();
    let search = async {
        while let Some(header) = headers.recv().await {
            if let Some(pair) = Sealed::of(&header).and_then(|sealed| seen.take(sealed)) {
                return Some(pair);
            }
        }
        None
    };
    let wait = context.output.spinner("watching for double blocks");
    let limit = Duration::from_millis(until.saturating_sub(instant::now()));
    let found = tokio::time::timeout(limit, search).await;
    wait.finish_and_clear();
    let Ok(Some((one, other))) = found else {
        anyhow::bail!("no double block was seen until {}", instant::show(until));
    };
    let evidence = Evidence {
        genesis: hex_of(&genesis),
        slot: one.slot,
        first: hex_with_prefix(&one.bytes),
        second: hex_with_prefix(&other.bytes),
    };
    files::write_new(out, &serde_json::to_vec_pretty(&evidence)?)?;
    context.output.fields(fields!({
        "slot": one.slot,
        "first": hex_of(&BlakeTwo256.hash(&one.bytes).0),
        "second": hex_of(&BlakeTwo256.hash(&other.bytes).0),
        "headers": out,
        "next": "report it with `operator double-blocks report`",
    }));
    Ok(())
}

/// Passes on every header that a node takes in, forks too; asks again when the node is lost.
async fn follow(url: String, headers: Sender<Header>) {
    loop {
        if let Err(error) = follow_once(&url, &headers).await {
            tracing::warn!(%url, %error, "the node is lost; blocks may be missed");
        }
        if headers.is_closed() {
            return;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn follow_once(url: &str, headers: &Sender<Header>) -> Result<(), subxt::rpcs::Error> {
    // The address was given by the operator, as for every other command.
    let methods = Methods::new(RpcClient::from_insecure_url(url).await?);
    let mut stream = methods.chain_subscribe_all_heads().await?;
    while let Some(header) = stream.next().await {
        if headers.send(header?).await.is_err() {
            break;
        }
    }
    Ok(())
}

async fn report(context: &Context, account: &str, path: &Path) -> anyhow::Result<()> {
    let bytes = files::read_small(path)?;
    let wrong = |what: &str| Fault::usage(format!("{}: {what}", path.display()));
    let evidence: Evidence =
        serde_json::from_slice(&bytes).map_err(|error| wrong(&error.to_string()))?;
    let header = |text: &str| bytes_of(text).ok_or_else(|| wrong("a header is no hexadecimal"));
    let (first, second) = (header(&evidence.first)?, header(&evidence.second)?);
    let chain = context.chain().await?;
    if hash(&evidence.genesis)? != chain.genesis_hash() {
        return Err(wrong("the headers are of another chain").into());
    }
    let reporter = context.account(account)?;
    let call = calls::authorities::report_double_block(&first, &second);
    let included = context.send(&chain, &call, &reporter).await?;
    let dropped = included.event("Authorities", "OffenderDropped");
    let kept = included.event("Authorities", "OffenderKept");
    let author = dropped.or(kept).and_then(|event| {
        // What it did comes after the account.
        AccountId::decode(&mut event.bytes.as_slice()).ok()
    });
    context.output.fields(fields!({
        "validator": author.map(|author| author.to_string()),
        "slot": evidence.slot,
        "outcome": match dropped {
            Some(_) => "left out of the sets planned from now on",
            None => "kept, since nobody else could validate",
        },
        "block": included.number,
    }));
    Ok(())
}

fn hex_with_prefix(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    hex::decode(text.strip_prefix("0x")?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::{config::substrate::Digest, utils::H256};

    fn header(slot: u64, root: u8, seal: u8) -> Header {
        let logs = vec![
            DigestItem::PreRuntime(AURA, slot.encode()),
            DigestItem::Seal(AURA, vec![seal; 64]),
        ];
        Header {
            parent_hash: H256([1; 32]),
            number: 7,
            state_root: H256([root; 32]),
            extrinsics_root: H256([3; 32]),
            digest: Digest { logs },
        }
    }

    #[test]
    fn two_blocks_of_a_slot_are_found_and_one_sealed_twice_is_not() {
        let mut seen = Seen::default();
        let mut take = |header: &Header| seen.take(Sealed::of(header).unwrap());
        assert_eq!(take(&header(5, 1, 1)), None);
        assert_eq!(take(&header(5, 1, 1)), None, "the same block from another node");
        assert_eq!(take(&header(5, 1, 2)), None, "the same block under another seal");
        assert_eq!(take(&header(6, 2, 1)), None, "another slot");
        let (one, other) = take(&header(5, 2, 1)).expect("two blocks");
        assert_eq!((one.slot, other.slot), (5, 5));
        assert_eq!(one.bytes, header(5, 1, 1).encode());
    }

    #[test]
    fn headers_without_slot_or_seal_are_passed_over() {
        let mut unsealed = header(5, 1, 1);
        unsealed.digest.logs.pop();
        assert_eq!(Sealed::of(&unsealed), None);
        let mut timeless = header(5, 1, 1);
        timeless.digest.logs.remove(0);
        assert_eq!(Sealed::of(&timeless), None);
    }

    #[test]
    fn old_slots_are_forgotten() {
        let mut seen = Seen::default();
        for slot in 0..REMEMBERED as u64 + 10 {
            seen.take(Sealed::of(&header(slot, 1, 1)).unwrap());
        }
        assert_eq!(seen.0.len(), REMEMBERED);
        assert_eq!(seen.0.keys().next(), Some(&10));
    }
}
