//! The other vaults: replication, fetching what is not here, repair.

use std::{
    collections::BTreeSet,
    io,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use codec::Encode;
use futures::{StreamExt, TryStreamExt};
use kanglian_primitives::{
    Hash32, Instant, PersonId, Receipt, RecordFacts, RecordId, RegionCode, VaultInfo,
};
use kanglian_sdk::{
    vault::verify_receipt,
    wire::{
        HEADER_PEER, HEADER_UPLOAD, MAX_BUNDLE, ReceiptBody, Upload, decode_header, encode_header,
        paths,
    },
};
use reqwest::{Method, header};

use crate::{
    app::App,
    store::{Bundle, Entry, Parts, StoreError, spool},
};

/// Longest wait for a connection to a peer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Longest silence of a peer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Kept connections close before the peer closes them.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a peer did not help.
#[derive(Debug, thiserror::Error)]
pub enum PeerFault {
    /// No connection, or it broke.
    #[error("{0}")]
    Network(#[from] reqwest::Error),
    /// It said no.
    #[error("it answered {0}")]
    Refused(reqwest::StatusCode),
    /// What it sent does not hold.
    #[error("{0}")]
    Untrue(&'static str),
    /// Storing what it sent failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its URL on chain is none.
    #[error("its URL on chain cannot be used")]
    Url,
}

/// Client of the other vaults.
pub struct Peers {
    pub(crate) http: reqwest::Client,
    /// Requests signed for this millisecond and later ones.
    signed: Mutex<BTreeSet<(Instant, Hash32)>>,
}

impl Peers {
    /// A client.
    pub fn new() -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { http, signed: Mutex::default() })
    }

    /// The present, or as little after it as it takes for no request to be signed twice alike: a
    /// peer takes each once.
    fn signing_time(&self, request: Hash32) -> Instant {
        let mut at = kanglian_sdk::now();
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        while signed.first().is_some_and(|(then, _)| *then < at) {
            signed.pop_first();
        }
        while !signed.insert((at, request)) {
            at = at.saturating_add(1);
        }
        at
    }
}

impl App {
    /// A signed request to a peer. `body` is what the signature binds beside method and path.
    pub(crate) fn ask_peer(
        &self,
        peer: &VaultInfo,
        method: Method,
        path: &str,
        body: Hash32,
    ) -> Result<reqwest::RequestBuilder, PeerFault> {
        let url = url::Url::parse(&peer.url)
            .and_then(|base| base.join(path))
            .map_err(|_| PeerFault::Url)?;
        let action = format!("{method} {path}");
        let at =
            self.peers.signing_time(blake3::hash(&(peer.region, &action, body).encode()).into());
        let signed = self.identity.peer_request(peer.region, &action, body, at);
        Ok(self.peers.http.request(method, url).header(HEADER_PEER, encode_header(&signed)))
    }

    /// Active vaults but this one, in the order in which a record prefers them: first those named,
    /// then by a hash of record and region, so that all vaults agree.
    pub(crate) async fn peers_for(&self, key: &Hash32, preferred: &[RegionCode]) -> Vec<VaultInfo> {
        let vaults = match self.in_time(self.chain.vaults()).await {
            Ok(vaults) => vaults,
            Err(error) => {
                tracing::warn!(%error, "the list of vaults cannot be read");
                return Vec::new();
            },
        };
        let own = self.identity.region();
        let mut peers: Vec<VaultInfo> =
            vaults.iter().filter(|vault| vault.active && vault.region != own).cloned().collect();
        peers.sort_by_cached_key(|peer| {
            let rank: Hash32 = blake3::hash(&(key, peer.region).encode()).into();
            (!preferred.contains(&peer.region), rank)
        });
        peers
    }

    /// Where a person's records should lie before anywhere else: the chain takes no share without
    /// the home region's receipt. None when the person is unknown or replicas are not made.
    pub async fn home_of(&self, person: PersonId) -> Option<RegionCode> {
        if self.settings.replicas == 0 {
            return None;
        }
        self.in_time(self.chain.home_region(person)).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "a subject's home region cannot be read");
            None
        })
    }

    /// Copies a stored object to as many peers as the settings ask for, the home region's first;
    /// gives their receipts.
    pub async fn replicate(&self, entry: &Entry, home: Option<RegionCode>) -> Vec<Receipt> {
        let mut receipts = Vec::new();
        if self.settings.replicas == 0 {
            return receipts;
        }
        for peer in self.peers_for(&entry.claim.record.0, home.as_slice()).await {
            match self.put_object(&peer, entry).await {
                Ok(receipt) => receipts.push(receipt),
                Err(error) => {
                    metrics::counter!("kanglian_vault_peer_faults_total").increment(1);
                    tracing::warn!(peer = %peer.region, %error, "replication failed");
                },
            }
            if receipts.len() >= self.settings.replicas {
                break;
            }
        }
        receipts
    }

    async fn put_object(&self, peer: &VaultInfo, entry: &Entry) -> Result<Receipt, PeerFault> {
        let claim = entry.claim;
        let upload = Upload { claim, wraps: entry.wraps.clone() };
        let meta: Hash32 = blake3::hash(&upload.encode()).into();
        let patience = self.settings.body_idle_timeout;
        let parts =
            self.store.blobs.read(claim.record, claim.size, 0..claim.size, patience).await?;
        let reply = self
            .ask_peer(peer, Method::PUT, &paths::peer_object(&claim.record), meta)?
            .header(HEADER_UPLOAD, encode_header(&upload))
            .header(header::CONTENT_LENGTH, claim.size)
            .body(reqwest::Body::wrap_stream(parts_stream(parts)))
            .send()
            .await?;
        if !reply.status().is_success() {
            return Err(PeerFault::Refused(reply.status()));
        }
        let body: ReceiptBody = reply.json().await?;
        let receipt = Receipt::try_from(&body).map_err(|_| PeerFault::Untrue("no receipt"))?;
        let holds = receipt.region == peer.region
            && verify_receipt(self.identity.genesis(), &claim, &receipt, &peer.key);
        holds.then_some(receipt).ok_or(PeerFault::Untrue("its receipt does not hold"))
    }

    /// Gets an object that is not here from a peer; verified and stored when this returns.
    pub async fn fetch(&self, facts: &RecordFacts) -> Result<Entry, StoreError> {
        let record = facts.id;
        let _lock = self.store.lock(&record).await;
        if let Some(entry) = self.store.index.object(&record)? {
            return Ok(entry);
        }
        for peer in self.peers_for(&record.0, &facts.stored_in).await {
            match self.fetch_from(&peer, facts).await {
                Ok(entry) => {
                    metrics::counter!("kanglian_vault_fetched_total").increment(1);
                    return Ok(entry);
                },
                Err(PeerFault::Store(error @ (StoreError::Full | StoreError::Index(_)))) => {
                    return Err(error);
                },
                Err(error) => {
                    tracing::info!(peer = %peer.region, %record, %error, "not from this peer");
                },
            }
        }
        Err(StoreError::Missing)
    }

    async fn fetch_from(&self, peer: &VaultInfo, facts: &RecordFacts) -> Result<Entry, PeerFault> {
        let (upload, reply) = self.get_object(peer, &facts.id).await?;
        let claim = upload.claim;
        let agrees = claim.record == facts.id
            && claim.size == facts.size
            && claim.subject == facts.subject
            && claim.author == facts.author
            && claim.epoch == facts.key_epoch;
        if !agrees {
            return Err(PeerFault::Untrue("its claim is not what the chain says"));
        }
        let body = reply.bytes_stream().map_err(|_| StoreError::Broken);
        let folder = self.store.blobs.spool_folder();
        let spooled = spool(&folder, claim.record, claim.size, body).await?;
        let entry = Entry {
            claim,
            wraps: upload.wraps,
            received_at: kanglian_sdk::now(),
            receipts_until: 0,
            shared: true,
        };
        Ok(self.store.import(spooled, entry).await?)
    }

    async fn get_object(
        &self,
        peer: &VaultInfo,
        record: &RecordId,
    ) -> Result<(Upload, reqwest::Response), PeerFault> {
        let path = paths::peer_object(record);
        let reply = self.ask_peer(peer, Method::GET, &path, [0; 32])?.send().await?;
        if !reply.status().is_success() {
            return Err(PeerFault::Refused(reply.status()));
        }
        let upload = reply
            .headers()
            .get(HEADER_UPLOAD)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| decode_header(value).ok())
            .ok_or(PeerFault::Untrue("the reply has no description"))?;
        Ok((upload, reply))
    }

    /// Makes damaged bytes whole: the tree from sound bytes, or both from a peer.
    pub async fn repair(&self, entry: &Entry) -> Result<(), StoreError> {
        let claim = entry.claim;
        let _lock = self.store.lock(&claim.record).await;
        metrics::counter!("kanglian_vault_damaged_total").increment(1);
        tracing::error!(record = %claim.record, "stored bytes are damaged");
        if self.store.blobs.rebuild(claim.record, claim.size).await? {
            tracing::info!(record = %claim.record, "the tree was made anew from sound bytes");
            metrics::counter!("kanglian_vault_repaired_total").increment(1);
            return Ok(());
        }
        for peer in self.peers_for(&claim.record.0, &[]).await {
            match self.repair_from(&peer, entry).await {
                Ok(()) => {
                    tracing::info!(record = %claim.record, peer = %peer.region, "repaired");
                    metrics::counter!("kanglian_vault_repaired_total").increment(1);
                    return Ok(());
                },
                Err(error) => {
                    tracing::warn!(peer = %peer.region, %error, "no repair from this peer");
                },
            }
        }
        Err(StoreError::Damaged)
    }

    async fn repair_from(&self, peer: &VaultInfo, entry: &Entry) -> Result<(), PeerFault> {
        let claim = entry.claim;
        let (_, reply) = self.get_object(peer, &claim.record).await?;
        let body = reply.bytes_stream().map_err(|_| StoreError::Broken);
        let folder = self.store.blobs.spool_folder();
        let spooled = spool(&folder, claim.record, claim.size, body).await?;
        Ok(self.store.blobs.publish(spooled).await?)
    }

    /// Pushes a bundle to all peers; gives those that took it.
    pub async fn push_bundle(&self, hash: Hash32, bundle: &Bundle) -> Vec<RegionCode> {
        self.push(hash, bundle, &paths::peer_bundle(&hash, &bundle.subject)).await
    }

    /// Pushes a blob of a dealing or a case to all peers; gives those that took it.
    pub async fn push_custody(&self, hash: Hash32, blob: &Bundle) -> Vec<RegionCode> {
        self.push(hash, blob, &paths::peer_custody(&hash, &blob.subject)).await
    }

    async fn push(&self, hash: Hash32, bundle: &Bundle, path: &str) -> Vec<RegionCode> {
        let peers = self.peers_for(&hash, &[]).await;
        let pushed = futures::stream::iter(peers).map(|peer| async move {
            let sent = async {
                let request = self.ask_peer(&peer, Method::PUT, path, hash)?;
                let reply = request.body(bundle.bytes.clone()).send().await?;
                match reply.status().is_success() {
                    true => Ok(()),
                    false => Err(PeerFault::Refused(reply.status())),
                }
            };
            match sent.await {
                Ok(()) => Some(peer.region),
                Err(error) => {
                    tracing::warn!(peer = %peer.region, %error, "a bundle was not taken");
                    None
                },
            }
        });
        pushed.buffer_unordered(8).filter_map(futures::future::ready).collect().await
    }

    /// Gets a bundle that is not here from a peer, and stores it.
    pub async fn fetch_bundle(
        &self,
        hash: Hash32,
        subject: PersonId,
    ) -> Result<Option<Bundle>, StoreError> {
        self.fetch_named(hash, subject, &paths::peer_bundle(&hash, &subject)).await
    }

    /// Gets a blob of a dealing or a case that is not here from a peer, and stores it.
    pub async fn fetch_custody(
        &self,
        hash: Hash32,
        subject: PersonId,
    ) -> Result<Option<Bundle>, StoreError> {
        self.fetch_named(hash, subject, &paths::peer_custody(&hash, &subject)).await
    }

    async fn fetch_named(
        &self,
        hash: Hash32,
        subject: PersonId,
        path: &str,
    ) -> Result<Option<Bundle>, StoreError> {
        for peer in self.peers_for(&hash, &[]).await {
            let got = async {
                let reply = self.ask_peer(&peer, Method::GET, path, [0; 32])?.send().await?;
                if !reply.status().is_success() {
                    return Err(PeerFault::Refused(reply.status()));
                }
                let mut bytes = Vec::new();
                let mut stream = reply.bytes_stream();
                while let Some(part) = stream.next().await {
                    bytes.extend_from_slice(&part?);
                    if bytes.len() > MAX_BUNDLE {
                        return Err(PeerFault::Untrue("the bundle is too large"));
                    }
                }
                if blake3::hash(&bytes) != hash {
                    return Err(PeerFault::Untrue("the bundle is another"));
                }
                Ok(bytes)
            };
            match got.await {
                Ok(bytes) => {
                    let received_at = kanglian_sdk::now();
                    let bundle = Bundle { subject, received_at, bytes };
                    self.store.index.put_bundle(hash, bundle.clone()).await?;
                    return Ok(Some(bundle));
                },
                Err(error) => {
                    tracing::info!(peer = %peer.region, %error, "no bundle from this peer");
                },
            }
        }
        Ok(None)
    }
}

/// Parts of an object as a stream of I/O results.
pub(crate) fn parts_stream(
    parts: Parts,
) -> impl futures::Stream<Item = io::Result<bytes::Bytes>> + Send + 'static {
    futures::stream::unfold(parts, |mut parts| async move {
        let part = parts.recv().await?;
        Some((part.map_err(io::Error::other), parts))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_request_is_signed_twice_alike() {
        let peers = Peers::new().unwrap();
        let mut times: Vec<Instant> = (0..100).map(|_| peers.signing_time([1; 32])).collect();
        // Other requests do not push the time on.
        assert!(peers.signing_time([2; 32]) < times[99]);
        times.sort_unstable();
        times.dedup();
        assert_eq!(times.len(), 100);
    }
}
