//! The vault's ed25519 key: it signs receipts, log statements, requests to peers, and the vault's
//! own extrinsics.

use std::path::Path;

use kanglian_primitives::{
    Hash32, Height, Instant, Receipt, RegionCode, ShareClaim, VaultKey, WorkClaim, payloads,
    payloads::{LogReceiptBody, PeerRequest, ReceiptBody, WorkReceiptBody},
};
use kanglian_sdk::{
    keys::{KeyError, VaultSigner},
    vault::dev_vault_seed,
    wire::{AccountId, SignedLogReceipt, SignedPeerRequest},
};

use crate::config::KeySource;

/// The key with what its statements name: the region and the chain.
#[derive(Clone)]
pub struct Identity {
    key: VaultSigner,
    region: RegionCode,
    genesis: Hash32,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({}, {})", self.region, self.vault_key())
    }
}

impl Identity {
    /// Binds a key to its region and chain.
    pub fn new(key: VaultSigner, region: RegionCode, genesis: Hash32) -> Self {
        Self { key, region, genesis }
    }

    /// The region.
    pub fn region(&self) -> RegionCode {
        self.region
    }

    /// The chain.
    pub fn genesis(&self) -> &Hash32 {
        &self.genesis
    }

    /// The public key that the chain names.
    pub fn vault_key(&self) -> VaultKey {
        self.key.public()
    }

    /// The account that sends the vault's extrinsics.
    pub fn account(&self) -> AccountId {
        self.key.id()
    }

    /// The key as a signer of extrinsics.
    pub fn signer(&self) -> &VaultSigner {
        &self.key
    }

    /// A storage receipt.
    pub fn receipt(&self, claim: &ShareClaim, expires_at: Height) -> Receipt {
        let body = ReceiptBody {
            region: self.region,
            record: claim.record,
            size: claim.size,
            subject: claim.subject,
            author: claim.author,
            epoch: claim.epoch,
            expires_at,
        };
        let signature = self.key.sign(&payloads::receipt(&self.genesis, &body));
        Receipt { region: self.region, expires_at, signature }
    }

    /// A storage receipt for a public work.
    pub fn work_receipt(&self, claim: &WorkClaim, expires_at: Height) -> Receipt {
        let body = WorkReceiptBody {
            region: self.region,
            work: claim.work,
            size: claim.size,
            metadata: claim.metadata,
            author: claim.author,
            expires_at,
        };
        let signature = self.key.sign(&payloads::work_receipt(&self.genesis, &body));
        Receipt { region: self.region, expires_at, signature }
    }

    /// A receipt for a log line.
    pub fn log_receipt(&self, index: u64, leaf: Hash32, at: Instant) -> SignedLogReceipt {
        let body = LogReceiptBody { region: self.region, index, leaf, at };
        let signature = self.key.sign(&payloads::log(&self.genesis, &body));
        SignedLogReceipt { body, signature }
    }

    /// A request to another vault.
    pub fn peer_request(
        &self,
        to: RegionCode,
        action: &str,
        body: Hash32,
        at: Instant,
    ) -> SignedPeerRequest {
        let action = action.as_bytes().to_vec();
        let request = PeerRequest { from: self.region, to, action, body, at };
        let signature = self.key.sign(&payloads::peer(&self.genesis, &request));
        SignedPeerRequest { request, signature }
    }
}

/// Loads the key that the configuration names.
pub fn load(source: &KeySource) -> Result<VaultSigner, KeyError> {
    match source {
        KeySource::Dev(phrase) => Ok(VaultSigner::from_seed(&dev_vault_seed(phrase))),
        KeySource::File(path) => VaultSigner::read(path, None),
    }
}

/// Writes a new key file that only its owner may read; never over an existing one.
pub fn generate(path: &Path) -> Result<VaultSigner, KeyError> {
    let signer = VaultSigner::generate();
    signer.write(path, None)?;
    Ok(signer)
}
