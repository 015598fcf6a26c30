//! What all requests and background tasks share.

use std::sync::Arc;

use kanglian_primitives::{Height, Instant, Receipt, ShareClaim};
use kanglian_sdk::{keys::VaultSigner, vault::host_of};

use crate::{
    auth::Auth,
    chain::{ChainView, Freshness},
    config::Settings,
    error::ApiError,
    keys::Identity,
    log::AccessLog,
    peers::Peers,
    quota::Quota,
    store::{Store, StoreError},
};

/// For how many blocks a receipt counts.
pub const RECEIPT_VALIDITY: Height = 1_800;

/// A vault.
pub struct App {
    /// What it was told.
    pub settings: Settings,
    /// Who it is.
    pub identity: Identity,
    /// The chain.
    pub chain: Arc<dyn ChainView>,
    /// How old the chain's state may be.
    pub freshness: Freshness,
    /// What it holds.
    pub store: Store,
    /// Who read what.
    pub log: AccessLog,
    /// Who is signed in.
    pub auth: Auth,
    /// The other vaults.
    pub peers: Peers,
    /// How much at a time.
    pub quota: Quota,
}

impl App {
    /// Opens the data folder.
    pub fn open(
        settings: Settings,
        signer: VaultSigner,
        chain: Arc<dyn ChainView>,
    ) -> Result<Arc<Self>, StoreError> {
        let genesis = chain.genesis();
        let store = Store::open(&settings.data, &settings.storage)?;
        let log = AccessLog::open(&settings.data.join("log.redb"))?;
        Ok(Arc::new(Self {
            identity: Identity::new(signer, settings.region, genesis),
            freshness: Freshness {
                best: settings.best_max_age,
                finalised: settings.finalised_max_age,
            },
            store,
            log,
            auth: Auth::new(genesis, settings.region, host_of(&settings.public_url)),
            peers: Peers::new().map_err(|error| StoreError::Io(std::io::Error::other(error)))?,
            quota: Quota::new(settings.max_requests, settings.max_requests_per_account),
            chain,
            settings,
        }))
    }

    /// The present, when the node is not behind.
    pub fn fresh_now(&self) -> Result<Instant, ApiError> {
        Ok(self.freshness.check(&self.chain.state())?)
    }

    /// Until when a receipt given now counts.
    pub fn receipts_until(&self) -> Height {
        self.chain.state().best.height.saturating_add(RECEIPT_VALIDITY)
    }

    /// A receipt for stored bytes. That it was given is on disk before it is.
    pub async fn receipt(&self, claim: &ShareClaim) -> Result<Receipt, StoreError> {
        let until = self.receipts_until();
        self.store.index.extend_receipts(*claim, until).await?;
        Ok(self.identity.receipt(claim, until))
    }
}
