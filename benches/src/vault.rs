//! A vault beside a bare server, and its memory.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use kanglian_e2e::free_port;
use kanglian_primitives::{
    RecordId,
    payloads::{self, AccessStatement},
};
use kanglian_sdk::{
    chain::{At, Wait, calls},
    envelope::DataKey,
    vault::{Ask, VaultClient, VaultTarget, no_progress},
    wire::{
        ChallengeReply, ChallengeRequest, HEADER_ACCESS, HEADER_UPLOAD, LoginReply, LoginRequest,
        Scheme, SignedAccess, encode_header, paths,
    },
};
use rand::Rng as _;
use reqwest::RequestBuilder;

use crate::{
    program::{DevNode, Program, random_file},
    reads::Signer,
    report::{Report, Row, progress},
    stats::{median, median_ratio},
    world::{Institution, JIANGSU, Person, World},
};

const KB: usize = 1_000;
const MB: usize = 1_000 * KB;
/// Validity of the reading statement: an hour, the most a vault takes.
const STATEMENT: u64 = 60 * 60 * 1_000;
/// How often the vault is asked until it is healthy or has seen a share; refused reads are limited
/// to 60 a minute.
const STEPS: u32 = 50;
/// The time between.
const STEP: Duration = Duration::from_millis(500);
/// Most the memory may grow from 1 MB to 1 GB and still be called flat.
const FLAT: f64 = 1.5;

/// PUT and GET of a vault beside a bare server, and the vault's memory.
///
/// Measures: requests a second of a vault and of an axum server that only writes a file, syncs it
/// and reads it again, for 10 KB and 1 MB. Both are processes of their own on the same disk; the
/// same HTTP client sends to both in turns (A B A B …). A vault's PUT verifies token and BLAKE3,
/// asks the chain whether the share may be, syncs bytes and index and signs a receipt; its GET
/// verifies the reader's statement, asks the chain at best and finalised block, syncs a line of the
/// access log and verifies the bytes as it reads them. Every PUT has new bytes; GETs ask for one
/// object again and again, so both servers read from the page cache. Then the vault's peak of
/// resident memory (VmHWM) while one object of each size goes in and out.
///
/// Leaves out: replication (one province's vault, no peers), signing in, the client's own checks,
/// networks. A node with one authority runs beside. When the folder is on a memory file system,
/// syncs cost nothing: give --folder on a disk.
#[derive(clap::Args)]
pub struct Options {
    /// Turns of each server.
    #[arg(long, default_value_t = 7)]
    rounds: usize,

    /// Requests of 10 KB in a turn.
    #[arg(long, default_value_t = 300)]
    small: usize,

    /// Requests of 1 MB in a turn.
    #[arg(long, default_value_t = 60)]
    large: usize,

    /// Requests under way at a time, at most 12: a vault gives an account 16.
    #[arg(long, default_value_t = 8)]
    clients: usize,

    /// Largest object for the memory, in MB; 0 leaves that part out.
    #[arg(long, default_value_t = 1_000)]
    largest: usize,

    /// Where the servers keep their files; a temporary folder within.
    #[arg(long, default_value_os_t = std::env::temp_dir())]
    folder: PathBuf,
}

/// A running vault with somebody who may write and read there.
struct Site {
    // Processes end before their folder goes.
    vault: Program,
    _bare: Program,
    _node: DevNode,
    folder: tempfile::TempDir,
    world: World,
    author: Institution,
    person: Person,
    http: reqwest::Client,
    vault_url: String,
    bare_url: String,
    token: String,
    access: String,
}

/// Requests a second of one turn each.
#[derive(Default)]
struct Pair {
    bare: Vec<f64>,
    vault: Vec<f64>,
}

impl Pair {
    fn ratio(&self) -> f64 {
        median_ratio(&self.vault, &self.bare)
    }
}

/// Runs the measurement.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    ensure!((1..=12).contains(&options.clients), "--clients is 1 to 12");
    let mut site = Site::open(&options.folder).await?;
    let mut report = Report::new("vault");
    let sizes = [("10 KB", 10 * KB, options.small, 0.6), ("1 MB", MB, options.large, 0.8)];
    for (name, size, count, goal) in sizes {
        progress(format_args!("{name}: {} turns of {count} PUTs and GETs", options.rounds));
        // Tokens end after a quarter of an hour.
        site.sign_in().await?;
        let puts = site.puts(size, count, options).await?;
        let gets = site.gets(size, count, options).await?;
        for (what, pair) in [("PUT", puts), ("GET", gets)] {
            report.row(Row::new(format!("{what} {name}, bare"), median(&pair.bare), "/s"));
            report.row(Row::new(format!("{what} {name}, vault"), median(&pair.vault), "/s"));
            let ratio = Row::new(format!("{what} {name}, vault / bare"), pair.ratio(), "");
            report.row(ratio.at_least(goal));
        }
    }
    site.memory(options.largest, &mut report).await?;
    report.note(format!(
        "{} requests under way, files in {}",
        options.clients,
        options.folder.display()
    ));
    Ok(report)
}

impl Site {
    async fn open(within: &Path) -> anyhow::Result<Self> {
        progress("starting one authority, a vault and a bare server");
        let folder = tempfile::Builder::new().prefix("kanglian-bench").tempdir_in(within)?;
        let node = DevNode::start(folder.path()).await?;
        let world = World::of_development(node.connect().await?).await?;
        let author = world.admit(1).await?.pop().context("no institution")?;
        let person = world.enrol(&author, 1).await?.pop().context("no person")?;

        let port = free_port();
        let vault_url = format!("http://127.0.0.1:{port}");
        let args = [
            "run".to_owned(),
            format!("--region={JIANGSU}"),
            format!("--data={}", folder.path().join("vault").display()),
            format!("--listen=127.0.0.1:{port}"),
            format!("--node={}", node.url()),
            "--insecure-dev-key".to_owned(),
            "--dev-key=//Jiangsu-Vault".to_owned(),
        ];
        let variables =
            [("KANGLIAN_PUBLIC_URL", vault_url.clone()), ("KANGLIAN_REPLICAS", "0".to_owned())];
        let mut vault = Program::start("kanglian-vault", &args, &variables, folder.path())?;
        vault.listening(port).await?;

        let port = free_port();
        let args = [
            "bare-server".to_owned(),
            format!("--listen=127.0.0.1:{port}"),
            format!("--folder={}", folder.path().join("bare").display()),
        ];
        let mut bare = Program::start_self("bare-server", &args, folder.path())?;
        bare.listening(port).await?;

        let http = reqwest::Client::builder().no_proxy().build()?;
        let mut site = Self {
            vault,
            _bare: bare,
            _node: node,
            folder,
            world,
            author,
            person,
            http,
            vault_url,
            bare_url: format!("http://127.0.0.1:{port}"),
            token: String::new(),
            access: String::new(),
        };
        site.healthy().await?;
        site.sign_in().await?;
        Ok(site)
    }

    /// Waits until the vault has seen the chain.
    async fn healthy(&mut self) -> anyhow::Result<()> {
        for _ in 0..STEPS {
            let reply = self.http.get(format!("{}/health", self.vault_url)).send().await;
            if reply.is_ok_and(|reply| reply.status().is_success()) {
                return Ok(());
            }
            self.vault.check()?;
            tokio::time::sleep(STEP).await;
        }
        anyhow::bail!("the vault does not become healthy")
    }

    /// A token and a reading statement that serve for all requests.
    async fn sign_in(&mut self) -> anyhow::Result<()> {
        let account = &self.author.account;
        let challenge: ChallengeReply = self
            .http
            .post(format!("{}/v1/login/challenge", self.vault_url))
            .json(&ChallengeRequest { account: account.address() })
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let login = LoginRequest {
            account: account.address(),
            signature: hex::encode(account.sign(challenge.text.as_bytes())),
            text: challenge.text,
            scheme: Some(Scheme::Sr25519),
        };
        let reply: LoginReply = self
            .http
            .post(format!("{}/v1/login", self.vault_url))
            .json(&login)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let now = kanglian_sdk::now();
        let statement = AccessStatement {
            region: JIANGSU,
            account: account.id(),
            acting_as: self.author.grantee(),
            subject: self.person.id,
            purpose: self.ask().purpose,
            issued_at: now,
            expires_at: now + STATEMENT,
        };
        let message = payloads::access(&self.world.chain.genesis_hash(), &statement);
        self.token = reply.token;
        self.access = encode_header(&SignedAccess {
            statement,
            scheme: Scheme::Sr25519.number(),
            signature: account.sign(&message).to_vec(),
        });
        Ok(())
    }

    fn ask(&self) -> Ask {
        Ask {
            acting_as: self.author.grantee(),
            subject: self.person.id,
            purpose: kanglian_primitives::Purpose::Treatment,
        }
    }

    /// The upload header of new bytes.
    fn header(&self, record: RecordId, size: u64) -> anyhow::Result<String> {
        let claim = self.world.claim(&self.author, &self.person, record, size);
        Ok(encode_header(&self.world.upload(&self.person, claim, &DataKey::generate())?))
    }

    fn bare(&self, record: &RecordId) -> String {
        format!("{}/{}", self.bare_url, hex::encode(record.0))
    }

    fn vault(&self, record: &RecordId) -> String {
        format!("{}{}", self.vault_url, paths::object(record))
    }

    /// PUTs of new objects to both servers in turns.
    async fn puts(&self, size: usize, count: usize, options: &Options) -> anyhow::Result<Pair> {
        let mut pair = Pair::default();
        for _ in 0..options.rounds {
            let objects: Vec<_> = (0..count).map(|_| object(size)).collect();
            let headers = objects
                .iter()
                .map(|(record, bytes)| self.header(*record, bytes.len() as u64))
                .collect::<anyhow::Result<Vec<_>>>()?;
            let bare = objects
                .iter()
                .map(|(record, bytes)| self.http.put(self.bare(record)).body(bytes.clone()));
            pair.bare.push(pace(bare.collect(), options.clients, 0).await?);
            let vault = objects.iter().zip(headers).map(|((record, bytes), header)| {
                let request = self.http.put(self.vault(record)).bearer_auth(&self.token);
                request.header(HEADER_UPLOAD, header).body(bytes.clone())
            });
            pair.vault.push(pace(vault.collect(), options.clients, 0).await?);
        }
        Ok(pair)
    }

    /// GETs of one object from both servers in turns.
    async fn gets(&self, size: usize, count: usize, options: &Options) -> anyhow::Result<Pair> {
        let (record, bytes) = object(size);
        self.http.put(self.bare(&record)).body(bytes.clone()).send().await?.error_for_status()?;
        let header = self.header(record, bytes.len() as u64)?;
        let put = self.http.put(self.vault(&record)).bearer_auth(&self.token);
        put.header(HEADER_UPLOAD, header).body(bytes).send().await?.error_for_status()?;
        self.share(record, size as u64).await?;

        let mut pair = Pair::default();
        for _ in 0..options.rounds {
            let bare = (0..count).map(|_| self.http.get(self.bare(&record)));
            pair.bare.push(pace(bare.collect(), options.clients, size).await?);
            let vault = (0..count).map(|_| self.read(&record));
            pair.vault.push(pace(vault.collect(), options.clients, size).await?);
        }
        Ok(pair)
    }

    fn read(&self, record: &RecordId) -> RequestBuilder {
        let request = self.http.get(self.vault(record)).bearer_auth(&self.token);
        request.header(HEADER_ACCESS, &self.access)
    }

    /// Puts a stored object on chain and waits until the vault serves it.
    async fn share(&self, record: RecordId, size: u64) -> anyhow::Result<()> {
        let claim = self.world.claim(&self.author, &self.person, record, size);
        let height = self.world.chain.best().await?.number;
        let share = self.world.share(&claim, height);
        let call = calls::records::share(&share);
        self.world.chain.submit(&call, &self.author.account, Wait::Finalized).await?;
        let known = self.world.chain.record(&record, At::Finalized).await?;
        known.context("the share is not on chain")?;
        for _ in 0..STEPS {
            // Only the head of the reply is needed.
            if self.read(&record).send().await?.status().is_success() {
                return Ok(());
            }
            tokio::time::sleep(STEP).await;
        }
        anyhow::bail!("the vault does not serve the shared object")
    }

    /// The vault's peak of memory while one object of each size goes in and out.
    async fn memory(&mut self, largest: usize, report: &mut Report) -> anyhow::Result<()> {
        let target = VaultTarget {
            region: JIANGSU,
            key: self.world.vault_key(),
            url: url::Url::parse(&self.vault_url)?,
            genesis: self.world.chain.genesis_hash(),
        };
        let client = VaultClient::new(target, Arc::new(Signer(self.author.account.clone())))?;
        let file = self.folder.path().join("object");
        let mut first = None;
        for megabytes in [1, 10, 100, 1_000].into_iter().filter(|size| *size <= largest) {
            progress(format_args!("memory with {megabytes} MB"));
            self.sign_in().await?;
            let size = (megabytes * MB) as u64;
            let record = RecordId(random_file(&file, size)?);
            let claim = self.world.claim(&self.author, &self.person, record, size);
            let upload = self.world.upload(&self.person, claim, &DataKey::generate())?;
            self.vault.check()?;
            self.vault.forget_peak();
            client.upload_file(&upload, &file, no_progress()).await?;
            let put = self.vault.peak_memory()?;
            self.share(record, size).await?;
            self.vault.forget_peak();
            client.fetch(&self.ask(), &record, &mut tokio::io::sink(), no_progress()).await?;
            let get = self.vault.peak_memory()?;
            for (what, peak) in [("PUT", put), ("GET", get)] {
                let row = format!("memory, {what} {megabytes} MB");
                report.row(Row::new(row, peak as f64 / MB as f64, "MB"));
            }
            let (put_first, get_first) = *first.get_or_insert((put, get));
            if megabytes == 1_000 {
                let put = put as f64 / put_first as f64;
                let get = get as f64 / get_first as f64;
                report.row(Row::new("memory, PUT 1 GB / 1 MB", put, "").at_most(FLAT));
                report.row(Row::new("memory, GET 1 GB / 1 MB", get, "").at_most(FLAT));
            }
        }
        Ok(())
    }
}

/// New bytes and the record they are.
fn object(size: usize) -> (RecordId, Bytes) {
    let mut bytes = vec![0u8; size];
    rand::rng().fill_bytes(&mut bytes);
    (RecordId(*blake3::hash(&bytes).as_bytes()), bytes.into())
}

/// Sends requests, so many at a time, and reads the replies; gives requests a second. Replies that
/// are shorter than `least` are an error.
async fn pace(requests: Vec<RequestBuilder>, clients: usize, least: usize) -> anyhow::Result<f64> {
    let count = requests.len();
    let begun = Instant::now();
    stream::iter(requests)
        .map(|request| async move {
            let mut reply = request.send().await?.error_for_status()?;
            let mut length = 0;
            while let Some(part) = reply.chunk().await? {
                length += part.len();
            }
            ensure!(length >= least, "a reply had {length} bytes, {least} were expected");
            Ok(())
        })
        .buffer_unordered(clients)
        .try_collect::<()>()
        .await?;
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}
