//! What all requests and background tasks share.

use std::sync::Arc;

use kanglian_primitives::{Height, Instant, Receipt, ShareClaim};
use kanglian_sdk::{keys::VaultSigner, vault::host_of, wire::AccountId};

use tokio::sync::Semaphore;

use crate::{
    auth::{Auth, Standing},
    chain::{ChainFault, ChainView, Freshness},
    config::Settings,
    error::ApiError,
    keys::Identity,
    log::AccessLog,
    peers::Peers,
    quota::Quota,
    replays::Replays,
    store::{Store, StoreError},
};

/// For how many blocks a receipt counts.
pub const RECEIPT_VALIDITY: Height = 1_800;

/// How many accounts that sign in are asked about at a time. The others wait in line, so that a
/// flood of sign-ins neither loads the node nor refuses anybody.
const MAX_STANDINGS: usize = 32;

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
    /// What other vaults asked within the last minutes.
    pub replays: Replays,
    /// Places for questions to the chain about accounts that sign in.
    standings: Semaphore,
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
            auth: Auth::new(
                genesis,
                settings.region,
                host_of(&settings.public_url),
                settings.stranger_logins_per_address,
            ),
            peers: Peers::new().map_err(|error| StoreError::Io(std::io::Error::other(error)))?,
            quota: Quota::new(
                settings.max_requests,
                settings.max_requests_per_address,
                settings.max_requests_per_account,
                settings.hourly_bytes_per_account,
                settings.public_requests_per_address,
            ),
            replays: Replays::default(),
            standings: Semaphore::new(MAX_STANDINGS),
            chain,
            settings,
        }))
    }

    /// The present, when the node is not behind.
    pub fn fresh_now(&self) -> Result<Instant, ApiError> {
        Ok(self.freshness.check(&self.chain.state())?)
    }

    /// What the chain answers to one or several questions, if it does so in time: a node that took
    /// the connection and is frozen would otherwise hold requests until the connection ends.
    pub async fn in_time<T, E: From<ChainFault>>(
        &self,
        answer: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let limit = self.settings.decision_timeout;
        tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
            let reason = format!("no answer within {} s", limit.as_secs_f32());
            Err(ChainFault::Unreachable(reason).into())
        })
    }

    /// As [`Self::in_time`], for answers that open something: none counts when the node was lost or
    /// fell behind while it was asked, as it may have come back with an older state.
    pub async fn fresh_in_time<T, E: From<ChainFault> + Into<ApiError>>(
        &self,
        answer: impl Future<Output = Result<T, E>>,
    ) -> Result<T, ApiError> {
        let answer = self.in_time(answer).await.map_err(Into::into)?;
        self.fresh_now()?;
        Ok(answer)
    }

    /// Whether the chain knows an account that signs in.
    pub async fn standing(&self, account: AccountId, now: Instant) -> Result<Standing, ApiError> {
        if self.auth.is_known(&account, now) {
            return Ok(Standing::Known);
        }
        let asked = async {
            let _place = self.standings.acquire().await.map_err(ApiError::internal)?;
            Ok::<_, ApiError>(self.chain.is_known(account).await?)
        };
        Ok(match self.in_time(asked).await? {
            true => Standing::Known,
            false => Standing::Stranger,
        })
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
