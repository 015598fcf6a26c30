//! The socket under a connection to a node.
//!
//! A node's WebSocket server leaves Nagle's algorithm on: a small message that follows another, such
//! as an answer behind a new head, waits until the first was acknowledged, and Linux delays
//! acknowledgements for 40 ms in the hope of sending data along. Where the socket is ours
//! (`ws://`), every read is therefore acknowledged at once.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use jsonrpsee_client_transport::ws::{WsHandshakeError, WsTransportClientBuilder};
use subxt_rpcs::RpcClient;
use subxt_rpcs::client::JsonrpseeRpcClient;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use url::{Host, Url};

use super::{ChainError, Options};

/// Messages of one subscription that may wait to be read.
const WAITING: usize = 4096;

/// A bare JSON-RPC connection to a node (`ws://` or `wss://`), for what [`Client`](super::Client)
/// does not do. It is not opened again when it breaks.
pub async fn json_rpc(url: &str) -> Result<RpcClient, ChainError> {
    let address = parse(url)?;
    let connect = connect(&address);
    match tokio::time::timeout(Options::default().connect_timeout, connect).await {
        Ok(Ok(rpc)) => Ok(rpc),
        Ok(Err(reason)) => Err(ChainError::Unreachable { url: url.to_owned(), reason }),
        Err(_) => {
            let reason = "no answer".to_owned();
            Err(ChainError::Unreachable { url: url.to_owned(), reason })
        },
    }
}

/// Reads a node's address.
pub(super) fn parse(url: &str) -> Result<Url, ChainError> {
    let bad = |reason: String| ChainError::BadUrl { url: url.to_owned(), reason };
    let parsed = Url::parse(url).map_err(|error| bad(error.to_string()))?;
    if !matches!(parsed.scheme(), "ws" | "wss") {
        return Err(bad(format!("scheme {}", parsed.scheme())));
    }
    Ok(parsed)
}

/// Opens a connection; why it failed, in words.
pub(super) async fn connect(url: &Url) -> Result<RpcClient, String> {
    if url.scheme() == "ws" {
        match connect_plain(url).await {
            Err(WsHandshakeError::Redirected { .. }) => {},
            other => return other.map_err(|error| root_cause(&error)),
        }
    }
    RpcClient::from_insecure_url(url).await.map_err(|error| root_cause(&error))
}

async fn connect_plain(url: &Url) -> Result<RpcClient, WsHandshakeError> {
    let mut last = None;
    for address in addresses(url).await.map_err(WsHandshakeError::ResolutionFailed)? {
        match connect_to(url, address).await {
            Ok(client) => return Ok(client),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| WsHandshakeError::NoAddressFound(url.to_string())))
}

async fn addresses(url: &Url) -> io::Result<Vec<SocketAddr>> {
    let port = url.port_or_known_default().unwrap_or(80);
    Ok(match url.host() {
        Some(Host::Domain(name)) => tokio::net::lookup_host((name, port)).await?.collect(),
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        None => Vec::new(),
    })
}

async fn connect_to(url: &Url, address: SocketAddr) -> Result<RpcClient, WsHandshakeError> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, receiver) =
        WsTransportClientBuilder::default().build_with_stream(url.clone(), Prompt(stream)).await?;
    let client = JsonrpseeRpcClient::builder()
        .max_buffer_capacity_per_subscription(WAITING)
        .build_with_tokio(sender, receiver);
    Ok(RpcClient::new(client))
}

/// The last error of a chain of causes: what happened rather than who noticed.
pub(super) fn root_cause(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

/// A stream whose reads are acknowledged at once.
struct Prompt(TcpStream);

impl Prompt {
    /// Linux falls back to delayed acknowledgements by itself, so this is asked for after each
    /// read. It also sends what was held back. A socket that refuses is slower, not broken.
    #[cfg(target_os = "linux")]
    fn acknowledge(&self) {
        let _ = socket2::SockRef::from(&self.0).set_tcp_quickack(true);
    }

    #[cfg(not(target_os = "linux"))]
    fn acknowledge(&self) {}
}

impl AsyncRead for Prompt {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.0).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.acknowledge();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Prompt {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }
}
