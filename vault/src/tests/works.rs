//! Public works: put by their author, found and read by anybody, never after they were taken down.

use kanglian_primitives::{
    Retraction, RetractionReason, SchemaId, Takedown, TakedownReason, WorkFacts, WorkId,
};
use kanglian_sdk::{
    vault::{VaultError, verify_work_receipt},
    wire::WorkUpload,
    works::{PublicVault, WorkMetadata, WorkQuery, claim},
};
use reqwest::{StatusCode, header};

use super::*;
use crate::works;

struct Article {
    upload: WorkUpload,
    document: Vec<u8>,
    bytes: Vec<u8>,
}

fn article(title: &str, seed: u8) -> Article {
    let bytes = sealed(50_000, seed);
    let metadata = WorkMetadata {
        title: title.into(),
        language: "zh-CN".into(),
        summary: "Less salt, more walking.".into(),
        keywords: vec!["高血压".into()],
        content_type: "text/html".into(),
    };
    let document = metadata.document(bytes.len() as u64).unwrap();
    let claim = claim(&bytes, &document, hospital_id(), blocks::HEALTH_EDUCATION);
    let metadata_size = document.len() as u32;
    Article { upload: WorkUpload { claim, metadata_size, home: JIANGSU }, document, bytes }
}

impl Article {
    fn id(&self) -> WorkId {
        self.upload.claim.work
    }

    async fn put(&self, vault: &Vault, signer: SigningKey) -> Result<Vec<Receipt>, VaultError> {
        let client = vault.client(signer);
        let uploaded = client.upload_work(&self.upload, &self.document, &self.bytes).await;
        uploaded.map(|uploaded| uploaded.receipts)
    }

    /// Puts it on chain as a publication would.
    fn publish(&self, world: &World) {
        let claim = &self.upload.claim;
        let mut script = world.script();
        let number = script.works.len() as u64;
        script.works.push(WorkFacts {
            id: claim.work,
            number,
            author: claim.author,
            author_in_standing: true,
            region: JIANGSU,
            block: claim.block,
            schema: SchemaId(4_024),
            size: claim.size,
            metadata: claim.metadata,
            published_at: 1,
            paid: 0,
            supersedes: None,
            superseded_by: None,
            retracted: None,
            taken_down: None,
            endorsements: vec![],
            stored_in: vec![JIANGSU],
        });
    }
}

fn anybody(vault: &Vault) -> PublicVault {
    PublicVault::new(vault.url.clone()).unwrap()
}

async fn search(vault: &Vault, text: &str) -> Vec<WorkId> {
    let query = WorkQuery { text: text.into(), ..WorkQuery::default() };
    let reply = anybody(vault).search(&query).await.unwrap();
    reply.works.iter().map(|hit| hit.work.id).collect()
}

async fn bytes_of(vault: &Vault, article: &Article) -> Result<Vec<u8>, VaultError> {
    let mut bytes = Vec::new();
    anybody(vault).fetch(&article.id(), article.upload.claim.size, &mut bytes).await?;
    Ok(bytes)
}

async fn raw(vault: &Vault, path: &str) -> reqwest::Response {
    reqwest::get(vault.url.join(path).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_work_is_found_and_read_by_anybody_in_every_province() {
    let network = Network::start(&[JIANGSU, ZHEJIANG, ANHUI]).await;
    let work = article("高血压患者的饮食 Diet with hypertension", 1);
    let receipts = work.put(&network.vaults[0], hospital()).await.unwrap();
    assert_eq!(receipts.len(), 2);
    for receipt in &receipts {
        let vault = network.vaults.iter().find(|vault| vault.region == receipt.region).unwrap();
        assert!(verify_work_receipt(&GENESIS, &work.upload.claim, receipt, &vault.key));
    }
    // Not before it is on chain.
    assert_eq!(code(bytes_of(&network.vaults[0], &work).await), "not_found");
    assert!(search(&network.vaults[0], "").await.is_empty());
    work.publish(&network.world);
    for vault in &network.vaults {
        works::step(&vault.app, true).await.unwrap();
        for text in ["高血压", "饮食", "HYPERTENSION diet", "salt", "", "walking 患者"] {
            assert_eq!(search(vault, text).await, [work.id()], "{text}");
        }
        assert!(search(vault, "糖尿病").await.is_empty());
        assert_eq!(bytes_of(vault, &work).await.unwrap(), work.bytes);
        let document = anybody(vault).metadata(&work.id(), &work.upload.claim.metadata).await;
        assert_eq!(document.unwrap(), work.document);
        assert_eq!(anybody(vault).facts(&work.id()).await.unwrap().author, hospital_id());
    }
    let filtered = |block: Option<u8>, language: &str| {
        let language = (!language.is_empty()).then(|| language.to_owned());
        let query = WorkQuery { block, language, ..WorkQuery::default() };
        let vault = anybody(&network.vaults[0]);
        async move { vault.search(&query).await.unwrap().works.len() }
    };
    assert_eq!((filtered(Some(4), "zh").await, filtered(None, "zh-CN").await), (1, 1));
    assert_eq!((filtered(Some(5), "").await, filtered(None, "en").await), (0, 0));
}

#[tokio::test]
async fn only_its_author_puts_a_work_and_what_is_put_has_to_be_true() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let good = article("a", 1);
    for signer in [doctor(), stranger(), patient()] {
        assert_eq!(code(good.put(vault, signer).await), "not_acting_as");
    }
    let mut lies: Vec<(&str, Article)> = Vec::new();
    let mut other = article("a", 1);
    other.bytes[7] ^= 1;
    lies.push(("wrong_digest", other));
    let mut other = article("a", 1);
    let at = other.document.iter().position(|byte| *byte == b'a').unwrap();
    other.document[at] = b'b';
    lies.push(("bad_request", other));
    let mut other = article("a", 1);
    other.upload.metadata_size = 0;
    lies.push(("too_large", other));
    let mut other = article("a", 1);
    other.upload.metadata_size += 1;
    lies.push(("wrong_length", other));
    let mut other = article("a", 1);
    other.document = br#"{"resourceType":"Patient"}"#.to_vec();
    other.upload.metadata_size = other.document.len() as u32;
    other.upload.claim.metadata = blake3::hash(&other.document).into();
    lies.push(("bad_metadata", other));
    for (expected, lie) in lies {
        assert_eq!(code(lie.put(vault, hospital()).await), expected);
        assert!(vault.app.store.works.held(&lie.id()).unwrap().is_none());
    }
    good.put(vault, hospital()).await.unwrap();
    // The same again gives another receipt; once it is on chain, none.
    good.put(vault, hospital()).await.unwrap();
    good.publish(&network.world);
    assert_eq!(code(good.put(vault, hospital()).await), "already_shared");
}

#[tokio::test]
async fn what_was_taken_down_is_gone_and_what_was_retracted_says_so() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let (bad, old) = (article("坏的", 1), article("旧的", 2));
    for work in [&bad, &old] {
        work.put(vault, hospital()).await.unwrap();
        work.publish(&network.world);
    }
    works::step(&vault.app, true).await.unwrap();
    assert_eq!(search(vault, "的").await, [old.id(), bad.id()]);
    {
        let mut script = network.world.script();
        script.works[0].taken_down = Some(Takedown { reason: TakedownReason::Harmful, at: 2 });
        script.works[1].retracted = Some(Retraction { reason: RetractionReason::Error, at: 2 });
    }
    assert_eq!(search(vault, "的").await, [old.id()]);
    for path in ["", "/metadata"] {
        let reply = raw(vault, &format!("/public/v1/works/{}{path}", bad.id())).await;
        assert_eq!(reply.status(), StatusCode::GONE);
        assert!(reply.text().await.unwrap().contains("harmful"));
    }
    assert!(anybody(vault).facts(&bad.id()).await.unwrap().taken_down.is_some());
    let reply = raw(vault, &format!("/public/v1/works/{}", old.id())).await;
    assert_eq!(reply.headers()["x-kanglian-standing"], "retracted; reason=error");
    assert_eq!(reply.bytes().await.unwrap(), old.bytes);
    // Restored, it is there again.
    network.world.script().works[0].taken_down = None;
    assert_eq!(bytes_of(vault, &bad).await.unwrap(), bad.bytes);
}

#[tokio::test]
async fn browsers_may_read_and_must_not_be_acted_upon() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let work = article("<script>alert(1)</script>", 1);
    work.put(vault, hospital()).await.unwrap();
    work.publish(&network.world);
    works::step(&vault.app, true).await.unwrap();
    let url = vault.url.join(&format!("/public/v1/works/{}", work.id())).unwrap();
    let client = reqwest::Client::new();
    let get =
        |name: &'static str, value: String| client.get(url.clone()).header(name, value).send();
    let reply = get("origin", "https://anywhere.example".into()).await.unwrap();
    let head = reply.headers();
    assert_eq!(head[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    assert_eq!(head[header::CONTENT_TYPE], "application/octet-stream", "HTML is not shown");
    assert_eq!(head[header::CONTENT_DISPOSITION], "attachment");
    assert_eq!(head[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(head[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("sandbox"));
    assert!(head[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    let tag = head[header::ETAG].to_str().unwrap().to_owned();
    let reply = get("if-none-match", tag).await.unwrap();
    assert_eq!(reply.status(), StatusCode::NOT_MODIFIED);
    let reply = get("range", "bytes=10-19".into()).await.unwrap();
    assert_eq!(reply.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(reply.bytes().await.unwrap(), work.bytes[10..20]);
    let reply = get("range", "bytes=50000-".into()).await.unwrap();
    assert_eq!(reply.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    // What needs an account is not open to other origins.
    let own = client.get(vault.url.join("/health").unwrap()).header("origin", "https://a.example");
    let reply = own.send().await.unwrap();
    assert!(!reply.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
}

#[tokio::test]
async fn bad_questions_are_named_and_one_address_does_not_ask_for_ever() {
    let change = |settings: &mut Settings| settings.public_requests_per_address = 12;
    let network = Network::start_with(&[JIANGSU], change).await;
    let vault = &network.vaults[0];
    for (path, status) in [
        ("/public/v1/works?limit=0", 400),
        ("/public/v1/works?limit=51", 400),
        ("/public/v1/works?text=%21%21", 400),
        ("/public/v1/works?nothing=1", 400),
        ("/public/v1/works?block=900", 400),
        ("/public/v1/works/0x12", 400),
        ("/public/v1/works/..%2f..%2fkey", 400),
        (&format!("/public/v1/works?text={}", "x".repeat(600)), 400),
        (&format!("/public/v1/works/{}", WorkId([3; 32])), 404),
        (&format!("/public/v1/works/{}/metadata", WorkId([3; 32])), 404),
    ] {
        assert_eq!(raw(vault, path).await.status(), status, "{path}");
    }
    assert_eq!(raw(vault, "/public/v1/works").await.status(), 200);
    assert_eq!(raw(vault, "/public/v1/works").await.status(), 200);
    assert_eq!(raw(vault, "/public/v1/works").await.status(), 429);
    assert_eq!(raw(vault, "/health").await.status(), 200, "nothing else is held up");
    // A node that is behind answers nothing.
    *vault.node.ages.lock().unwrap() = (60_000, 0);
    let other = Network::start(&[ZHEJIANG]).await;
    *other.vaults[0].node.ages.lock().unwrap() = (60_000, 0);
    assert_eq!(raw(&other.vaults[0], "/public/v1/works").await.status(), 503);
}

#[tokio::test]
async fn damage_is_met_with_a_peers_bytes() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let work = article("a", 1);
    work.put(&network.vaults[0], hospital()).await.unwrap();
    work.publish(&network.world);
    let vault = &network.vaults[0];
    let name = hex::encode(work.id().0);
    let file = vault.data.path().join("public/objects").join(&name[..2]).join(&name);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[30_000] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    // Who meets the damage gets no wrong byte; whoever comes next gets them all.
    let _ = bytes_of(vault, &work).await;
    let begun = std::time::Instant::now();
    while bytes_of(vault, &work).await.ok().as_ref() != Some(&work.bytes) {
        assert!(begun.elapsed() < Duration::from_secs(20), "it was not repaired");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    std::fs::remove_file(&file).unwrap();
    assert_eq!(bytes_of(vault, &work).await.unwrap(), work.bytes);
}

#[tokio::test]
async fn what_nobody_published_is_collected_and_what_was_published_stays() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let (left, kept) = (article("a", 1), article("b", 2));
    for work in [&left, &kept] {
        work.put(vault, hospital()).await.unwrap();
    }
    kept.publish(&network.world);
    assert_eq!(works::collect(&vault.app).await.unwrap(), 0, "receipts still count");
    network.world.script().height += 10_000;
    assert_eq!(works::collect(&vault.app).await.unwrap(), 2, "bytes and metadata");
    assert!(vault.app.store.works.held(&left.id()).unwrap().is_none());
    assert!(vault.app.store.works.document(&left.upload.claim.metadata).unwrap().is_none());
    assert_eq!(bytes_of(vault, &kept).await.unwrap(), kept.bytes);
}
