//! Public works: taking them in, copying them to other vaults, and following the chain's list of
//! them into the index that search asks.

use std::{sync::Arc, time::Duration};

use codec::Encode;
use futures::StreamExt;
use kanglian_primitives::{
    Hash32, MAX_PAGE, MAX_WORK_METADATA, Receipt, RecordId, WorkFacts, WorkId,
};
use kanglian_sdk::{
    vault::verify_work_receipt,
    wire::{HEADER_WORK, ReceiptBody, WorkUpload, encode_header, paths},
    works::WorkMetadata,
};
use reqwest::{Method, header};
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    error::ApiError,
    gc::MARGIN,
    peers::{PeerFault, parts_stream},
    store::{Document, Parts, Published, StoreError, spool, words_of},
};

/// How often the chain's list of works is looked at.
const INTERVAL: Duration = Duration::from_secs(1);
/// Works whose metadata is looked for again in one round.
const RETRIED: usize = 16;
/// Rounds between two such attempts.
const RETRY_EVERY: u64 = 10;

/// The hash as bytes in the store are named by.
pub const fn bytes_of(work: &WorkId) -> RecordId {
    RecordId(work.0)
}

impl App {
    /// A receipt for a work whose bytes and metadata lie here. That it was given is on disk before
    /// it is.
    pub async fn work_receipt(
        &self,
        upload: &WorkUpload,
        document: Vec<u8>,
    ) -> Result<Receipt, StoreError> {
        let claim = &upload.claim;
        let receipts_until = self.receipts_until();
        let held = Published { size: claim.size, receipts_until, published: false };
        let document = Document { receipts_until, published: false, bytes: document };
        self.store.works.put(claim.work, Some(held), claim.metadata, document).await?;
        Ok(self.identity.work_receipt(claim, receipts_until))
    }

    /// Copies a work to as many peers as the settings ask for, the author's region's first; gives
    /// their receipts.
    pub async fn replicate_work(&self, upload: &WorkUpload, document: &[u8]) -> Vec<Receipt> {
        let mut receipts = Vec::new();
        if self.settings.replicas == 0 {
            return receipts;
        }
        for peer in self.peers_for(&upload.claim.work.0, &[upload.home]).await {
            match self.put_work(&peer, upload, document).await {
                Ok(receipt) => receipts.push(receipt),
                Err(error) => {
                    metrics::counter!("kanglian_vault_peer_faults_total").increment(1);
                    tracing::warn!(peer = %peer.region, %error, "a work was not replicated");
                },
            }
            if receipts.len() >= self.settings.replicas {
                break;
            }
        }
        receipts
    }

    async fn put_work(
        &self,
        peer: &kanglian_primitives::VaultInfo,
        upload: &WorkUpload,
        document: &[u8],
    ) -> Result<Receipt, PeerFault> {
        let claim = upload.claim;
        let meta: Hash32 = blake3::hash(&upload.encode()).into();
        let patience = self.settings.body_idle_timeout;
        let parts = self
            .store
            .public_blobs
            .read(bytes_of(&claim.work), claim.size, 0..claim.size, patience)
            .await?;
        let first = bytes::Bytes::copy_from_slice(document);
        let body = futures::stream::once(async move { Ok(first) }).chain(parts_stream(parts));
        let length = claim.size.saturating_add(upload.metadata_size.into());
        let reply = self
            .ask_peer(peer, Method::PUT, &paths::peer_work(&claim.work), meta)?
            .header(HEADER_WORK, encode_header(upload))
            .header(header::CONTENT_LENGTH, length)
            .body(reqwest::Body::wrap_stream(body))
            .send()
            .await?;
        if !reply.status().is_success() {
            return Err(PeerFault::Refused(reply.status()));
        }
        let body: ReceiptBody = reply.json().await?;
        let receipt = Receipt::try_from(&body).map_err(|_| PeerFault::Untrue("no receipt"))?;
        let holds = receipt.region == peer.region
            && verify_work_receipt(self.identity.genesis(), &claim, &receipt, &peer.key);
        holds.then_some(receipt).ok_or(PeerFault::Untrue("its receipt does not hold"))
    }

    /// Verified bytes of a work on chain, from here or from a peer; damage is repaired from one.
    pub async fn work_bytes(
        &self,
        facts: &WorkFacts,
        range: std::ops::Range<u64>,
    ) -> Result<Parts, StoreError> {
        let (id, size) = (bytes_of(&facts.id), facts.size);
        let patience = self.settings.body_idle_timeout.saturating_mul(4);
        if self.store.works.held(&facts.id)?.is_none() {
            self.fetch_work(facts).await?;
        }
        let blobs = &self.store.public_blobs;
        match blobs.read(id, size, range.clone(), patience).await {
            Err(StoreError::Damaged) => {
                metrics::counter!("kanglian_vault_damaged_total").increment(1);
                tracing::error!(work = %facts.id, "stored bytes are damaged");
                if !blobs.rebuild(id, size).await? {
                    self.fetch_work(facts).await?;
                }
                metrics::counter!("kanglian_vault_repaired_total").increment(1);
                blobs.read(id, size, range, patience).await
            },
            opened => opened,
        }
    }

    /// Replaces damaged bytes of a work on chain by a peer's. Whether that was possible.
    pub async fn repair_work(&self, work: &WorkId) -> Result<bool, StoreError> {
        let asked = self.in_time(self.chain.works(vec![*work], kanglian_sdk::now())).await;
        let facts = asked.map_err(|error| StoreError::Io(std::io::Error::other(error)))?.pop();
        match facts {
            None => Ok(false),
            Some(facts) => match self.fetch_work(&facts).await {
                Ok(()) => Ok(true),
                Err(StoreError::Missing) => Ok(false),
                Err(error) => Err(error),
            },
        }
    }

    /// Gets a work's bytes from a peer; verified and stored when this returns.
    async fn fetch_work(&self, facts: &WorkFacts) -> Result<(), StoreError> {
        let id = bytes_of(&facts.id);
        let _lock = self.store.lock(&id).await;
        for peer in self.peers_for(&facts.id.0, &facts.stored_in).await {
            let got = async {
                let reply = self.ask_public(&peer.url, &paths::work(&facts.id)).await?;
                let body = reply.bytes_stream().map(|part| part.map_err(|_| StoreError::Broken));
                let folder = self.store.public_blobs.spool_folder();
                let spooled = spool(&folder, id, facts.size, body).await?;
                self.store.public_blobs.publish(spooled).await?;
                Ok::<_, PeerFault>(())
            };
            match got.await {
                Ok(()) => {
                    let document = self.document(facts).await?;
                    let held = Published { size: facts.size, receipts_until: 0, published: true };
                    let document = Document { receipts_until: 0, published: true, bytes: document };
                    let put = self.store.works.put(facts.id, Some(held), facts.metadata, document);
                    put.await?;
                    metrics::counter!("kanglian_vault_fetched_total").increment(1);
                    return Ok(());
                },
                Err(PeerFault::Store(error @ (StoreError::Full | StoreError::Index(_)))) => {
                    return Err(error);
                },
                Err(error) => {
                    tracing::info!(peer = %peer.region, work = %facts.id, %error, "not from this peer");
                },
            }
        }
        Err(StoreError::Missing)
    }

    async fn ask_public(&self, url: &str, path: &str) -> Result<reqwest::Response, PeerFault> {
        let url =
            url::Url::parse(url).and_then(|base| base.join(path)).map_err(|_| PeerFault::Url)?;
        let reply = self.peers.http.get(url).send().await?;
        match reply.status().is_success() {
            true => Ok(reply),
            false => Err(PeerFault::Refused(reply.status())),
        }
    }

    /// A work's metadata document, from here or from a peer.
    pub async fn document(&self, facts: &WorkFacts) -> Result<Vec<u8>, StoreError> {
        if let Some(known) = self.store.works.document(&facts.metadata)? {
            return Ok(known.bytes);
        }
        let most = usize::try_from(MAX_WORK_METADATA).unwrap_or(usize::MAX);
        for peer in self.peers_for(&facts.id.0, &facts.stored_in).await {
            let got = async {
                let reply = self.ask_public(&peer.url, &paths::work_metadata(&facts.id)).await?;
                let mut bytes = Vec::new();
                let mut stream = reply.bytes_stream();
                while let Some(part) = stream.next().await {
                    bytes.extend_from_slice(&part?);
                    if bytes.len() > most {
                        return Err(PeerFault::Untrue("the metadata is too large"));
                    }
                }
                match blake3::hash(&bytes) == facts.metadata {
                    true => Ok(bytes),
                    false => Err(PeerFault::Untrue("the metadata is another")),
                }
            };
            match got.await {
                Ok(bytes) => {
                    let document =
                        Document { receipts_until: 0, published: true, bytes: bytes.clone() };
                    self.store.works.put(facts.id, None, facts.metadata, document).await?;
                    return Ok(bytes);
                },
                Err(error) => {
                    tracing::debug!(peer = %peer.region, work = %facts.id, %error, "no metadata");
                },
            }
        }
        Err(StoreError::Missing)
    }
}

/// Follows the chain's list of works until told to stop.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut rounds = 0u64;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {},
        }
        rounds = rounds.saturating_add(1);
        if let Err(error) = step(&app, rounds.is_multiple_of(RETRY_EVERY)).await {
            tracing::debug!(%error, "following the list of works was interrupted");
        }
    }
}

/// One round: new works into the index and, if asked for, those that waited for their metadata.
pub async fn step(app: &App, retry: bool) -> Result<(), ApiError> {
    let now = app.fresh_now()?;
    loop {
        let next = app.store.works.followed()?;
        let page = app.in_time(app.chain.works_from(next, MAX_PAGE, now)).await?;
        let whole = u32::try_from(page.len()).unwrap_or(u32::MAX) < MAX_PAGE;
        for facts in page {
            index(app, &facts).await?;
        }
        if whole {
            break;
        }
    }
    if retry {
        let waiting = app.store.works.waiting(RETRIED)?;
        let ids = waiting.iter().map(|(_, id, _)| *id).collect();
        for facts in app.in_time(app.chain.works(ids, now)).await? {
            index(app, &facts).await?;
        }
    }
    Ok(())
}

/// Metadata that nobody gives out (yet), or that is none, keeps a work from being found, and
/// nothing else from being.
async fn index(app: &App, facts: &WorkFacts) -> Result<(), StoreError> {
    let words = match app.document(facts).await {
        Ok(document) => WorkMetadata::read(&document, facts.size)
            .ok()
            .map(|metadata| words_of(&metadata, facts.block)),
        Err(StoreError::Missing) => None,
        Err(error) => return Err(error),
    };
    app.store.works.index(facts.number, facts.id, facts.metadata, words).await
}

/// Collects works and documents that nobody published; gives how many went.
pub async fn collect(app: &App) -> Result<u64, ApiError> {
    let now = app.fresh_now()?;
    // What was published is marked by following; only what finality has passed counts.
    step(app, false).await?;
    let height = app.chain.state().finalised.height.saturating_sub(MARGIN);
    let (works, documents) = app.store.works.unpublished()?;
    let mut collected = 0u64;
    for (work, until) in works {
        if until >= height || !app.in_time(app.chain.works(vec![work], now)).await?.is_empty() {
            continue;
        }
        let _lock = app.store.lock(&bytes_of(&work)).await;
        // First the index, then the bytes: what a crash leaves is bytes that nothing names.
        if app.store.works.forget(work, height).await? {
            app.store.public_blobs.remove(bytes_of(&work)).await?;
            collected = collected.saturating_add(1);
        }
    }
    for (hash, until) in documents {
        if until < height && app.store.works.forget_document(hash, height).await? {
            collected = collected.saturating_add(1);
        }
    }
    Ok(collected)
}
