//! Vaults over real HTTP on loopback, before a scripted chain.

mod addresses;
mod bundles;
mod child;
mod collecting;
mod configuration;
mod custody;
mod damage;
mod disk;
mod fhir;
mod frozen;
mod interface;
mod killing;
mod limits;
mod login;
mod logs;
mod peering;
mod reading;
mod replicas;
mod s3;
mod strangers;
mod uploading;
mod works;
mod world;

use std::{path::PathBuf, sync::Arc, time::Duration};

use ed25519_dalek::SigningKey;
use kanglian_primitives::{
    Author, BusinessBlockSet, EncryptionKey, Grantee, InstitutionId, KeyEpoch, PersonId, Purpose,
    PurposeSet, Receipt, RecordId, RegionCode, ShareClaim, Suite, Terms, TermsId, VaultInfo,
    VaultKey, blocks,
};
use kanglian_sdk::{
    envelope::{Wrap, WrapRecipient},
    keys::VaultSigner,
    vault::{
        AccountSigner, Ask, VaultClient, VaultTarget, dev_vault_key, dev_vault_seed, no_progress,
        verify_receipt,
    },
    wire::{AccountId, Upload},
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    config::{KeySource, Settings, Storage},
    http,
    tests::world::{GENESIS, Node, World},
};

pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);
pub const ANHUI: RegionCode = RegionCode(340_000);
pub const PATIENT: PersonId = PersonId([1; 32]);
pub const OTHER_PATIENT: PersonId = PersonId([2; 32]);

pub fn patient() -> SigningKey {
    dev_vault_key("//Patient")
}

pub fn hospital() -> SigningKey {
    dev_vault_key("//Hospital")
}

pub fn doctor() -> SigningKey {
    dev_vault_key("//Doctor")
}

pub fn stranger() -> SigningKey {
    dev_vault_key("//Stranger")
}

pub fn hospital_id() -> InstitutionId {
    InstitutionId::from_parts(320_100, 1)
}

pub fn doctor_at_hospital() -> Grantee<AccountId> {
    Grantee::Practitioner { account: doctor().account(), institution: hospital_id() }
}

/// What a doctor asks for.
pub fn doctors_ask() -> Ask {
    Ask { acting_as: doctor_at_hospital(), subject: PATIENT, purpose: Purpose::Treatment }
}

pub fn terms(id: u64) -> Terms<AccountId> {
    Terms {
        id: TermsId(id),
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: 0,
        until: u64::MAX,
        records_from: 0,
        records_until: u64::MAX,
        may_delegate: 0,
        parent: None,
        bundle: [0; 32],
    }
}

pub fn sealed(length: usize, seed: u8) -> Vec<u8> {
    (0..length).map(|at| (at as u8).wrapping_mul(31).wrapping_add((at >> 8) as u8) ^ seed).collect()
}

pub fn upload_of(bytes: &[u8], subject: PersonId) -> Upload {
    let claim = ShareClaim {
        record: RecordId(blake3::hash(bytes).into()),
        size: bytes.len() as u64,
        subject,
        author: Author::Institution(hospital_id()),
        block: blocks::MEDICAL,
        epoch: KeyEpoch(0),
    };
    let wrap = Wrap {
        recipient: WrapRecipient::Key(EncryptionKey::x25519([9; 32])),
        suite: Suite::X25519ChaCha20Poly1305,
        enc: [5; 32],
        ciphertext: vec![7; 48],
    };
    Upload { claim, wraps: vec![wrap] }
}

/// One running vault.
pub struct Vault {
    pub region: RegionCode,
    pub key: VaultKey,
    pub url: url::Url,
    pub app: Arc<App>,
    pub node: Arc<Node>,
    pub data: TempDir,
    stop: CancellationToken,
    serving: Option<tokio::task::JoinHandle<()>>,
}

impl Vault {
    pub fn client(&self, signer: SigningKey) -> VaultClient {
        self.client_of(Arc::new(signer))
    }

    pub fn client_of(&self, signer: Arc<dyn AccountSigner>) -> VaultClient {
        let target = VaultTarget {
            region: self.region,
            key: self.key,
            url: self.url.clone(),
            genesis: GENESIS,
        };
        VaultClient::new(target, signer).unwrap()
    }

    /// Where an object's bytes lie.
    pub fn object_file(&self, record: &RecordId) -> PathBuf {
        let name = hex::encode(record.0);
        self.data.path().join("objects").join(&name[..2]).join(&name)
    }

    pub fn outboard_file(&self, record: &RecordId) -> PathBuf {
        let name = hex::encode(record.0);
        self.data.path().join("outboards").join(&name[..2]).join(&name)
    }

    /// Files in the folder of half-arrived objects.
    pub fn spooled(&self) -> usize {
        std::fs::read_dir(self.data.path().join("spool")).unwrap().count()
    }

    /// No longer reachable.
    pub async fn stop(&mut self) {
        self.stop.cancel();
        if let Some(serving) = self.serving.take() {
            serving.await.unwrap();
        }
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub struct Network {
    pub world: Arc<World>,
    pub vaults: Vec<Vault>,
}

pub fn settings(region: RegionCode, url: &str, data: PathBuf) -> Settings {
    Settings {
        region,
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: url.parse().unwrap(),
        node: "ws://127.0.0.1:1".parse().unwrap(),
        data,
        key: KeySource::Dev(format!("//{region}")),
        storage: Storage::Local,
        replicas: 1,
        max_object_bytes: 1 << 30,
        max_requests: 64,
        max_requests_per_account: 8,
        hourly_bytes_per_account: 0,
        // All come from one address.
        max_requests_per_address: 0,
        max_connections_per_address: 0,
        stranger_logins_per_address: 0,
        public_requests_per_address: 0,
        trusted_proxies: Vec::new(),
        decision_timeout: Duration::from_secs(5),
        // Long enough for a machine that is busy with other things.
        header_timeout: Duration::from_secs(15),
        body_idle_timeout: Duration::from_secs(2),
        stop_timeout: Duration::from_secs(5),
        anchor_interval: Duration::from_secs(5),
        collect_interval: Duration::from_secs(60),
        best_max_age: Duration::from_secs(6),
        finalised_max_age: Duration::from_secs(60),
        cors_origins: Vec::new(),
    }
}

impl Network {
    pub async fn start(regions: &[RegionCode]) -> Self {
        Self::start_with(regions, |_| {}).await
    }

    /// Vaults of these regions, a patient, and a hospital that may write.
    pub async fn start_with(regions: &[RegionCode], change: impl Fn(&mut Settings)) -> Self {
        let world = Arc::new(World::default());
        {
            let mut script = world.script();
            script.height = 1_000;
            script.persons.insert(PATIENT, patient().account());
            script.authors.insert(hospital().account().0, Author::Institution(hospital_id()));
            script.acting.push((doctor().account(), doctor_at_hospital()));
        }
        let mut vaults = Vec::new();
        for region in regions {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let data = TempDir::new().unwrap();
            let mut settings = settings(*region, &url, data.path().to_owned());
            change(&mut settings);
            let signer = VaultSigner::from_seed(&dev_vault_seed(&format!("//{region}")));
            let key = signer.public();
            world.script().vaults.push(VaultInfo {
                region: *region,
                key,
                url: url.clone(),
                active: true,
            });
            let node = Arc::new(Node::new(world.clone(), *region));
            let app = App::open(settings, signer, node.clone()).unwrap();
            let stop = CancellationToken::new();
            let (serving, token) = (app.clone(), stop.clone());
            let serving = tokio::spawn(async move {
                let router = http::router(serving.clone());
                http::server::serve(listener, router, &serving.settings, token).await;
            });
            let url = url.parse().unwrap();
            let (region, serving) = (*region, Some(serving));
            vaults.push(Vault { region, key, url, app, node, data, stop, serving });
        }
        Self { world, vaults }
    }

    pub fn grant(&self, terms: Terms<AccountId>) {
        self.world.script().terms.push((PATIENT, doctor_at_hospital(), terms));
    }

    /// Uploads as the hospital and puts the record on chain.
    pub async fn shared(&self, bytes: &[u8]) -> Upload {
        let upload = upload_of(bytes, PATIENT);
        let client = self.vaults[0].client(hospital());
        let uploaded = client.upload_bytes(&upload, bytes.to_vec()).await.unwrap();
        self.verify(&upload.claim, &uploaded.receipts);
        let regions: Vec<_> = uploaded.receipts.iter().map(|receipt| receipt.region).collect();
        self.world.share(&upload.claim, &regions);
        upload
    }

    /// Every receipt is its vault's word.
    pub fn verify(&self, claim: &ShareClaim, receipts: &[Receipt]) {
        for receipt in receipts {
            let vault = self.vaults.iter().find(|vault| vault.region == receipt.region).unwrap();
            assert!(verify_receipt(&GENESIS, claim, receipt, &vault.key));
        }
    }
}

/// Reads a whole object.
pub async fn read(
    client: &VaultClient,
    ask: &Ask,
    record: &RecordId,
) -> Result<Vec<u8>, kanglian_sdk::vault::VaultError> {
    let mut bytes = Vec::new();
    client.fetch(ask, record, &mut bytes, no_progress()).await?;
    Ok(bytes)
}

/// The stable code of a refusal.
pub fn code<T: std::fmt::Debug>(result: Result<T, kanglian_sdk::vault::VaultError>) -> String {
    let error = result.expect_err("a refusal was expected");
    error.code().map_or_else(|| error.to_string(), str::to_owned)
}
