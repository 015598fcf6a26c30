//! The connection to a node.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use codec::{DecodeAll, Encode};
use kanglian_primitives::{Hash32, Height, Instant};
use serde::Serialize;
use subxt::config::{Hasher, RpcConfigFor};
use subxt::utils::H256;
use subxt::{OnlineClient, OnlineClientAtBlock};
use subxt_rpcs::client::RpcSubscription;
use subxt_rpcs::{LegacyRpcMethods, RpcClient};
use tokio::sync::{Mutex, RwLock};

use super::{At, ChainError, Config, socket};
use crate::AccountId;

pub(super) type Methods = LegacyRpcMethods<RpcConfigFor<Config>>;
pub(super) type AtBlock = OnlineClientAtBlock<Config>;
type Header = <Config as subxt::Config>::Header;

/// How long metadata, runtime version and a recent block serve before they are asked for again.
const CONTEXT_LIFETIME: Duration = Duration::from_secs(6);

/// Blocks that finality may be behind before transactions are signed for the best block instead.
const FINALITY_LAG: u64 = 32;

/// How a client behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
    /// How long to wait for an answer.
    pub request_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(10), request_timeout: Duration::from_secs(15) }
    }
}

/// A client of a node. Cheap to clone; all clones share one connection, which is opened again when
/// it broke.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    url: String,
    address: url::Url,
    options: Options,
    genesis: Hash32,
    config: Config,
    connection: RwLock<Arc<Connection>>,
    reconnecting: Mutex<()>,
    context: RwLock<Option<(std::time::Instant, AtBlock)>>,
    /// Whether the context is being read anew beside other work.
    refreshing: AtomicBool,
    senders: std::sync::Mutex<BTreeMap<AccountId, Arc<Mutex<()>>>>,
}

pub(super) struct Connection {
    pub(super) rpc: RpcClient,
    pub(super) methods: Methods,
    pub(super) online: OnlineClient<Config>,
    broken: AtomicBool,
}

/// A block's place in the chain, and its time stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Hash of the block.
    #[serde(serialize_with = "serialize_hash")]
    pub hash: Hash32,
    /// Height of the block.
    pub number: Height,
    /// Hash of the block before it.
    #[serde(serialize_with = "serialize_hash")]
    pub parent: Hash32,
    /// Its time stamp in Unix milliseconds; 0 for the genesis block.
    pub timestamp: Instant,
}

fn serialize_hash<S: serde::Serializer>(hash: &Hash32, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(&format_args!("0x{}", hex::encode(hash)))
}

/// What a node says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Nodes it is connected to.
    pub peers: usize,
    /// Whether it is catching up.
    pub syncing: bool,
    /// Whether it should have peers.
    pub should_have_peers: bool,
}

impl Client {
    /// Connects to a node (`ws://` or `wss://`).
    pub async fn connect(url: &str) -> Result<Self, ChainError> {
        Self::connect_with(url, Options::default()).await
    }

    /// Connects to a node with other time limits.
    pub async fn connect_with(url: &str, options: Options) -> Result<Self, ChainError> {
        let address = socket::parse(url)?;
        let config = Config::builder().use_historic_types(false).build();
        let connection = open(url, &address, &config, options).await?;
        let genesis = connection.online.genesis_hash().0;
        Ok(Self {
            inner: Arc::new(Inner {
                url: url.to_owned(),
                address,
                options,
                genesis,
                config,
                connection: RwLock::new(Arc::new(connection)),
                reconnecting: Mutex::new(()),
                context: RwLock::new(None),
                refreshing: AtomicBool::new(false),
                senders: std::sync::Mutex::default(),
            }),
        })
    }

    /// Where the node is.
    pub fn url(&self) -> &str {
        &self.inner.url
    }

    /// Hash of the chain's first block; it stands in everything that is signed.
    pub fn genesis_hash(&self) -> Hash32 {
        self.inner.genesis
    }

    /// What the node says about itself.
    pub async fn health(&self) -> Result<Health, ChainError> {
        let health = self
            .request("system_health", |c| async move { c.methods.system_health().await })
            .await?;
        Ok(Health {
            peers: health.peers,
            syncing: health.is_syncing,
            should_have_peers: health.should_have_peers,
        })
    }

    /// The chain's name as its specification gives it.
    pub async fn chain_name(&self) -> Result<String, ChainError> {
        self.request("system_chain", |c| async move { c.methods.system_chain().await }).await
    }

    /// The node's name and version.
    pub async fn node_version(&self) -> Result<String, ChainError> {
        let name =
            self.request("system_name", |c| async move { c.methods.system_name().await }).await?;
        let version = self
            .request("system_version", |c| async move { c.methods.system_version().await })
            .await?;
        Ok(format!("{name} {version}"))
    }

    /// The best block.
    pub async fn best(&self) -> Result<Head, ChainError> {
        self.head(At::Best).await
    }

    /// The last finalised block.
    pub async fn finalized(&self) -> Result<Head, ChainError> {
        self.head(At::Finalized).await
    }

    /// A block's height, parent and time stamp.
    pub async fn head(&self, at: At) -> Result<Head, ChainError> {
        let hash = match at {
            At::Best => self.best_hash().await?,
            At::Finalized => self.finalized_hash().await?,
            At::Hash(hash) => hash,
        };
        let header = self.header(hash).await?;
        self.to_head(hash, &header).await
    }

    /// Hash of the best block.
    pub async fn best_hash(&self) -> Result<Hash32, ChainError> {
        let hash =
            self.request("chain_getBlockHash", |c| async move {
                c.methods.chain_get_block_hash(None).await
            })
            .await?;
        hash.map(|hash| hash.0).ok_or_else(|| ChainError::NoSuchBlock("a best block".into()))
    }

    /// Hash of the last finalised block.
    pub async fn finalized_hash(&self) -> Result<Hash32, ChainError> {
        let hash = self
            .request("chain_getFinalizedHead", |c| async move {
                c.methods.chain_get_finalized_head().await
            })
            .await?;
        Ok(hash.0)
    }

    /// Hash of the block at a height, if there is one.
    pub async fn block_hash(&self, number: Height) -> Result<Option<Hash32>, ChainError> {
        let hash = self
            .request("chain_getBlockHash", |c| async move {
                c.methods.chain_get_block_hash(Some(u64::from(number).into())).await
            })
            .await?;
        Ok(hash.map(|hash| hash.0))
    }

    async fn header(&self, hash: Hash32) -> Result<Header, ChainError> {
        let header = self
            .request("chain_getHeader", |c| async move {
                c.methods.chain_get_header(Some(H256(hash))).await
            })
            .await?;
        header.ok_or_else(|| ChainError::NoSuchBlock(At::Hash(hash).to_string()))
    }

    async fn to_head(&self, hash: Hash32, header: &Header) -> Result<Head, ChainError> {
        let timestamp = self.fetch("Timestamp", "Now", &[], At::Hash(hash)).await?;
        Ok(Head {
            hash,
            number: Height::try_from(header.number).unwrap_or(Height::MAX),
            parent: header.parent_hash.0,
            timestamp: timestamp.unwrap_or_default(),
        })
    }

    /// Follows the best block: every head the node tells from now on.
    pub async fn subscribe_best(&self) -> Result<Heads, ChainError> {
        let stream = self
            .request("chain_subscribeNewHeads", |c| async move {
                c.methods.chain_subscribe_new_heads().await
            })
            .await?;
        Ok(Heads { client: self.clone(), stream })
    }

    /// Follows finality: every finalised head the node tells from now on. Several blocks finalised
    /// at once give the last of them only.
    pub async fn subscribe_finalized(&self) -> Result<Heads, ChainError> {
        let stream = self
            .request("chain_subscribeFinalizedHeads", |c| async move {
                c.methods.chain_subscribe_finalized_heads().await
            })
            .await?;
        Ok(Heads { client: self.clone(), stream })
    }

    /// Asks a runtime interface, such as `ConsentsApi_decide`; arguments as a tuple.
    pub async fn runtime_call<R: codec::Decode>(
        &self,
        method: &str,
        args: impl Encode,
        at: At,
    ) -> Result<R, ChainError> {
        let args = args.encode();
        let hash = self.resolve(at).await?;
        let args = args.as_slice();
        let bytes =
            self.request(method, |c| async move {
                c.methods.state_call(method, Some(args), hash).await
            })
            .await?;
        R::decode_all(&mut bytes.as_slice()).map_err(|error| ChainError::decode(method, error))
    }

    /// The node's metadata; at most a few seconds old.
    pub async fn metadata(&self) -> Result<subxt::ArcMetadata, ChainError> {
        Ok(self.context().await?.metadata())
    }

    /// The runtime's version number.
    pub async fn spec_version(&self) -> Result<u32, ChainError> {
        Ok(self.context().await?.spec_version())
    }

    /// A constant of a pallet, as SCALE.
    pub async fn constant<T: codec::Decode>(
        &self,
        pallet: &str,
        name: &str,
    ) -> Result<T, ChainError> {
        let metadata = self.metadata().await?;
        let bytes = metadata
            .pallet_by_name(pallet)
            .and_then(|pallet| pallet.constant_by_name(name))
            .map(|constant| constant.value())
            .ok_or_else(|| ChainError::UnknownStorage {
                pallet: pallet.to_owned(),
                entry: name.to_owned(),
                reason: "no such constant".to_owned(),
            })?;
        T::decode_all(&mut &*bytes)
            .map_err(|error| ChainError::decode(format!("constant {pallet}.{name}"), error))
    }

    /// A JSON-RPC request that has no function of its own here.
    pub async fn rpc<R: serde::de::DeserializeOwned>(
        &self,
        method: &str,
        params: serde_json::Value,
    ) -> Result<R, ChainError> {
        let params = &params;
        self.request(method, |c| async move {
            let mut list = subxt_rpcs::client::RpcParams::new();
            for param in params.as_array().into_iter().flatten() {
                list.push(param)?;
            }
            c.rpc.request(method, list).await
        })
        .await
    }

    /// The hash to give to a request: none for the best block.
    pub(super) async fn resolve(&self, at: At) -> Result<Option<H256>, ChainError> {
        Ok(match at {
            At::Best => None,
            At::Finalized => Some(H256(self.finalized_hash().await?)),
            At::Hash(hash) => Some(H256(hash)),
        })
    }

    /// Metadata, runtime version and a recent block, kept for a few seconds. Those who ask again and
    /// again do not wait for it: from some age on it is read anew beside their work.
    pub(super) async fn context(&self) -> Result<AtBlock, ChainError> {
        let fresh = |slot: &Option<(std::time::Instant, AtBlock)>| match slot {
            Some((since, context)) if since.elapsed() < CONTEXT_LIFETIME => {
                Some((since.elapsed() > CONTEXT_LIFETIME / 2, context.clone()))
            },
            _ => None,
        };
        if let Some((aged, context)) = fresh(&*self.inner.context.read().await) {
            if aged && !self.inner.refreshing.swap(true, Ordering::Relaxed) {
                tokio::spawn(self.clone().refresh_context());
            }
            return Ok(context);
        }
        let mut slot = self.inner.context.write().await;
        if let Some((_, context)) = fresh(&slot) {
            return Ok(context);
        }
        let context = self.signing_block().await?;
        *slot = Some((std::time::Instant::now(), context.clone()));
        Ok(context)
    }

    /// Reads the context anew; leaves alone what was written meanwhile, which may be newer. An error
    /// is left to those who ask when the present context has become too old.
    async fn refresh_context(self) {
        let begun = std::time::Instant::now();
        if let Ok(context) = self.signing_block().await {
            let mut slot = self.inner.context.write().await;
            if slot.as_ref().is_some_and(|(since, _)| *since < begun) {
                *slot = Some((begun, context));
            }
        }
        self.inner.refreshing.store(false, Ordering::Relaxed);
    }

    /// The block that transactions are signed for: the finalised one, which cannot be replaced; the
    /// best one while finality stands still.
    async fn signing_block(&self) -> Result<AtBlock, ChainError> {
        let (best, finalized) = tokio::try_join!(self.best_hash(), self.finalized_hash())?;
        let (head, at) = tokio::try_join!(self.header(best), self.at_block(finalized))?;
        if head.number > at.block_number() + FINALITY_LAG {
            return self.at_block(best).await;
        }
        Ok(at)
    }

    /// Reads the context anew from the best block, for instance after the runtime refused a
    /// signature because it was upgraded a moment ago.
    pub(super) async fn renew_context(&self) -> Result<(), ChainError> {
        let context = self.at_block(self.best_hash().await?).await?;
        *self.inner.context.write().await = Some((std::time::Instant::now(), context));
        Ok(())
    }

    /// subxt's client at a block.
    pub(super) async fn at_block(&self, hash: Hash32) -> Result<AtBlock, ChainError> {
        let connection = self.connection().await?;
        let limit = self.inner.options.request_timeout;
        match tokio::time::timeout(limit, connection.online.at_block(H256(hash))).await {
            Ok(Ok(at)) => Ok(at),
            Ok(Err(error)) => Err(ChainError::client(error)),
            Err(_) => {
                connection.broken.store(true, Ordering::Relaxed);
                Err(self.timeout("a block's runtime version", limit))
            },
        }
    }

    /// The hash of SCALE bytes as this chain hashes blocks and calls.
    pub(super) async fn hash(&self, bytes: &[u8]) -> Result<Hash32, ChainError> {
        Ok(self.context().await?.hasher().hash(bytes).0)
    }

    /// A lock that transactions of one account pass in turn.
    pub(super) fn sender(&self, account: &AccountId) -> Arc<Mutex<()>> {
        let mut senders =
            self.inner.senders.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        senders.entry(*account).or_default().clone()
    }

    /// Sends a request; once more over a new connection when the old one broke.
    pub(super) async fn request<T, Run, Answer>(
        &self,
        method: &str,
        run: Run,
    ) -> Result<T, ChainError>
    where
        Run: Fn(Arc<Connection>) -> Answer,
        Answer: Future<Output = Result<T, subxt_rpcs::Error>>,
    {
        match self.request_once(method, &run).await {
            Err(ChainError::Unreachable { .. }) => self.request_once(method, &run).await,
            other => other,
        }
    }

    async fn request_once<T, Run, Answer>(&self, method: &str, run: &Run) -> Result<T, ChainError>
    where
        Run: Fn(Arc<Connection>) -> Answer,
        Answer: Future<Output = Result<T, subxt_rpcs::Error>>,
    {
        self.attempt(method, run).await?.map_err(|error| ChainError::Refused {
            method: method.to_owned(),
            code: error.code,
            message: match &error.data {
                Some(data) => format!("{}: {}", error.message, data.get().trim_matches('"')),
                None => error.message,
            },
        })
    }

    /// Sends a request once, over the present connection or a new one if that is known to be
    /// broken. The inner result is the node's answer.
    pub(super) async fn attempt<T, Run, Answer>(
        &self,
        method: &str,
        run: &Run,
    ) -> Result<Result<T, subxt_rpcs::UserError>, ChainError>
    where
        Run: Fn(Arc<Connection>) -> Answer,
        Answer: Future<Output = Result<T, subxt_rpcs::Error>>,
    {
        let connection = self.connection().await?;
        let limit = self.inner.options.request_timeout;
        match tokio::time::timeout(limit, run(connection.clone())).await {
            Ok(Ok(answer)) => Ok(Ok(answer)),
            Ok(Err(subxt_rpcs::Error::User(error))) => Ok(Err(error)),
            Ok(Err(
                error @ (subxt_rpcs::Error::Client(_)
                | subxt_rpcs::Error::DisconnectedWillReconnect(_)),
            )) => {
                connection.broken.store(true, Ordering::Relaxed);
                Err(self.unreachable(error))
            },
            Ok(Err(error)) => Err(ChainError::decode(method, error)),
            Err(_) => {
                connection.broken.store(true, Ordering::Relaxed);
                Err(self.timeout(method, limit))
            },
        }
    }

    pub(super) fn unreachable(&self, reason: impl std::fmt::Display) -> ChainError {
        ChainError::Unreachable { url: self.inner.url.clone(), reason: reason.to_string() }
    }

    pub(super) fn timeout(&self, what: &str, limit: Duration) -> ChainError {
        ChainError::Timeout { what: what.to_owned(), seconds: limit.as_secs() }
    }

    async fn connection(&self) -> Result<Arc<Connection>, ChainError> {
        let present = self.inner.connection.read().await.clone();
        if !present.broken.load(Ordering::Relaxed) {
            return Ok(present);
        }
        let _one_at_a_time = self.inner.reconnecting.lock().await;
        let present = self.inner.connection.read().await.clone();
        if !present.broken.load(Ordering::Relaxed) {
            return Ok(present);
        }
        let new = self.reopen().await?;
        let found = new.online.genesis_hash().0;
        if found != self.inner.genesis {
            return Err(ChainError::WrongChain {
                found: hex::encode(found),
                expected: hex::encode(self.inner.genesis),
            });
        }
        let new = Arc::new(new);
        *self.inner.connection.write().await = new.clone();
        // No lock is held here that `context` waits for while it holds its own.
        if let Ok(mut context) = self.inner.context.try_write() {
            *context = None;
        }
        tracing::info!(url = %self.inner.url, "connected to the node again");
        Ok(new)
    }
}

impl Client {
    async fn reopen(&self) -> Result<Connection, ChainError> {
        let Inner { url, address, config, options, .. } = &*self.inner;
        open(url, address, config, *options).await
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("url", &self.inner.url).finish_non_exhaustive()
    }
}

async fn open(
    url: &str,
    address: &url::Url,
    config: &Config,
    options: Options,
) -> Result<Connection, ChainError> {
    let unreachable = |reason: String| ChainError::Unreachable { url: url.to_owned(), reason };
    let connect = async {
        let rpc = socket::connect(address).await.map_err(unreachable)?;
        let backend = subxt::backend::LegacyBackend::<Config>::builder().build(rpc.clone());
        let online = OnlineClient::from_backend_with_config(config.clone(), Arc::new(backend))
            .await
            .map_err(|error| unreachable(socket::root_cause(&error)))?;
        let methods = Methods::new(rpc.clone());
        Ok(Connection { rpc, methods, online, broken: AtomicBool::new(false) })
    };
    match tokio::time::timeout(options.connect_timeout, connect).await {
        Ok(result) => result,
        Err(_) => {
            Err(unreachable(format!("no answer within {} s", options.connect_timeout.as_secs())))
        },
    }
}

/// A stream of heads.
pub struct Heads {
    client: Client,
    stream: RpcSubscription<Header>,
}

impl Heads {
    /// The next head; an error means that the subscription ended and has to be made again.
    pub async fn next(&mut self) -> Result<Head, ChainError> {
        let header = match self.stream.next().await {
            Some(Ok(header)) => header,
            Some(Err(error)) => return Err(self.client.unreachable(error)),
            None => return Err(self.client.unreachable("the subscription ended")),
        };
        let hash = self.client.hash(&header.encode()).await?;
        self.client.to_head(hash, &header).await
    }
}
