//! Where sealed shares and payloads lie: any active vault serves.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures::{FutureExt, future::BoxFuture};
use kanglian_primitives::{Hash32, PersonId, RegionCode, VaultInfo};
use kanglian_sdk::{
    keys::Account,
    vault::{AccountSigner, VaultClient, VaultError, VaultTarget},
};

/// Why no vault did what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultFault {
    /// Every active vault answered, and none has it.
    #[error("no vault has it")]
    Missing,
    /// A vault was away, behind, or not told of it yet: later it may do so.
    #[error("no vault could be asked: {0}")]
    Away(String),
}

/// An answer of the vaults.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, VaultFault>>;

/// Blobs by hash.
pub trait Blobs: Send + Sync + 'static {
    /// A blob, verified against its hash. Vaults of the region are asked first.
    fn get(
        &self,
        vaults: Vec<VaultInfo>,
        region: RegionCode,
        subject: PersonId,
        hash: Hash32,
    ) -> Answer<'_, Vec<u8>>;
    /// Leaves a blob at a vault.
    fn put(
        &self,
        vaults: Vec<VaultInfo>,
        region: RegionCode,
        subject: PersonId,
        blob: Vec<u8>,
    ) -> Answer<'_, ()>;
}

/// Vaults over HTTP.
pub struct LiveVaults {
    genesis: Hash32,
    signer: Arc<dyn AccountSigner>,
    clients: Mutex<BTreeMap<RegionCode, (VaultInfo, Arc<VaultClient>)>>,
}

impl LiveVaults {
    /// Asks as an account.
    pub fn new(genesis: Hash32, account: Account) -> Self {
        Self { genesis, signer: Arc::new(account), clients: Mutex::default() }
    }

    fn client(&self, info: &VaultInfo) -> Result<Arc<VaultClient>, VaultError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, client)) = clients.get(&info.region)
            && known == info
        {
            return Ok(client.clone());
        }
        let target = VaultTarget::new(info, self.genesis)?;
        let client = Arc::new(VaultClient::new(target, self.signer.clone())?);
        clients.insert(info.region, (info.clone(), client.clone()));
        Ok(client)
    }
}

/// Active vaults, that of a region first.
fn in_order(mut vaults: Vec<VaultInfo>, region: RegionCode) -> Vec<VaultInfo> {
    vaults.retain(|vault| vault.active);
    vaults.sort_by_key(|vault| vault.region != region);
    vaults
}

impl Blobs for LiveVaults {
    fn get(
        &self,
        vaults: Vec<VaultInfo>,
        region: RegionCode,
        subject: PersonId,
        hash: Hash32,
    ) -> Answer<'_, Vec<u8>> {
        async move {
            let (mut away, mut asked) = (None, false);
            for info in in_order(vaults, region) {
                let got = async { self.client(&info)?.get_custody(&subject, &hash).await };
                match got.await {
                    Ok(blob) => return Ok(blob),
                    Err(VaultError::Refused { status: 404, .. }) => asked = true,
                    Err(error) => {
                        tracing::debug!(vault = %info.region, %error, "not from this vault");
                        away = Some(format!("{}: {error}", info.region));
                    },
                }
            }
            Err(match away {
                None if asked => VaultFault::Missing,
                None => VaultFault::Away("no province's vault is active".to_owned()),
                Some(reason) => VaultFault::Away(reason),
            })
        }
        .boxed()
    }

    fn put(
        &self,
        vaults: Vec<VaultInfo>,
        region: RegionCode,
        subject: PersonId,
        blob: Vec<u8>,
    ) -> Answer<'_, ()> {
        async move {
            let mut away = "no province's vault is active".to_owned();
            for info in in_order(vaults, region) {
                let put =
                    async { self.client(&info)?.put_custody(&subject, blob.clone()).await };
                match put.await {
                    Ok((_, reply)) => {
                        tracing::debug!(vault = %info.region, replicas = reply.replicas.len(), "left");
                        return Ok(());
                    },
                    Err(error) => away = format!("{}: {error}", info.region),
                }
            }
            Err(VaultFault::Away(away))
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use kanglian_primitives::VaultKey;

    use super::*;

    #[test]
    fn the_own_provinces_vault_comes_first_and_suspended_ones_not_at_all() {
        let vault = |region, active| VaultInfo {
            region: RegionCode(region),
            key: VaultKey([1; 32]),
            url: "http://127.0.0.1:1".to_owned(),
            active,
        };
        let all = vec![vault(310_000, true), vault(320_000, false), vault(330_000, true)];
        let order: Vec<_> =
            in_order(all, RegionCode(330_000)).iter().map(|vault| vault.region.0).collect();
        assert_eq!(order, [330_000, 310_000]);
    }
}
