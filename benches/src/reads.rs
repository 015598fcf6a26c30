//! An authorised read from a vault, and the consent check in it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures::future::try_join_all;
use kanglian_e2e::Consortium;
use kanglian_primitives::{Decision, Purpose, RecordId};
use kanglian_sdk::{
    chain::{At, Client},
    envelope::seal_bytes,
    keys::Account,
    vault::{AccountSigner, Ask, VaultClient, VaultTarget},
    wire::Scheme,
};

use crate::{
    report::{Report, Row, progress},
    stats::percentile,
    world::{Institution, JIANGSU, World},
};

/// How long a vault may take to see a share and a grant.
const PATIENCE: Duration = Duration::from_secs(30);

/// An authorised read of a small record.
///
/// Measures: the time from asking a vault for one record until the reader's client holds its bytes
/// and has verified them (BLAKE3, log receipt). The reader is an institution with terms for
/// treatment, not the author, signed in before; each read carries a freshly signed statement and
/// leaves a line in the access log that is on disk before the first byte. Beside it, between the
/// reads, the consent check by itself: the two questions the vault asks its node for each read,
/// at the best and at the finalised block, asked in the same way over a WebSocket. The whole
/// consortium of four nodes and four vaults runs on this machine.
///
/// Leaves out: signing in, opening the sealed bytes, networks, the first read of a record that
/// another province's vault holds. The check is measured at the node, not inside the vault.
#[derive(clap::Args)]
pub struct Options {
    /// Reads of each reader.
    #[arg(long, default_value_t = 1_000)]
    count: usize,

    /// Readers at the same time; more than 1 shows waiting as well.
    #[arg(long, default_value_t = 1)]
    readers: usize,

    /// Bytes of the record before sealing.
    #[arg(long, default_value_t = 10_240)]
    size: usize,

    /// Reads before that do not count.
    #[arg(long, default_value_t = 20)]
    warm_up: usize,
}

/// An account as the vault's client signs with it.
pub struct Signer(pub Account);

impl AccountSigner for Signer {
    fn account(&self) -> kanglian_sdk::AccountId {
        self.0.id()
    }
    fn scheme(&self) -> Scheme {
        Scheme::Sr25519
    }
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }
}

/// One who reads one record, again and again.
struct Reader<'a> {
    world: &'a World,
    institution: &'a Institution,
    vault: &'a VaultClient,
    ask: Ask,
    record: RecordId,
}

/// Milliseconds of reads and of checks.
#[derive(Default)]
struct Times {
    reads: Vec<f64>,
    checks: Vec<f64>,
}

/// Runs the measurement.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    progress("starting four nodes and four vaults");
    let consortium = Consortium::start_with_vaults().await;
    let world = World::of_consortium(Client::connect(&consortium.node_url(0)).await?).await?;
    progress("an author, a reader, a person with a record and terms");
    let mut institutions = world.admit(2).await?.into_iter();
    let author = institutions.next().context("no author")?;
    let institution = institutions.next().context("no reader")?;
    let person = world.enrol(&author, 1).await?.pop().context("no person")?;
    world.grant(&person, &institution).await?;

    let target = VaultTarget {
        region: JIANGSU,
        key: world.vault_key(),
        url: url::Url::parse(&consortium.vault_url(0))?,
        genesis: world.chain.genesis_hash(),
    };
    let (bytes, sealed) = seal_bytes(&vec![7; options.size]).await?;
    let claim = world.claim(&author, &person, sealed.record, sealed.size);
    let upload = world.upload(&person, claim, &sealed.key)?;
    let writer = VaultClient::new(target.clone(), Arc::new(Signer(author.account.clone())))?;
    let uploaded = writer.upload_bytes(&upload, bytes).await.context("uploading the record")?;
    let share = world.share_with(&claim, uploaded.receipts);
    world.publish(&author, &share).await.context("sharing the record")?;

    let vault = VaultClient::new(target, Arc::new(Signer(institution.account.clone())))?;
    vault.login().await?;
    let ask =
        Ask { acting_as: institution.grantee(), subject: person.id, purpose: Purpose::Treatment };
    let record = sealed.record;
    let reader = Reader { world: &world, institution: &institution, vault: &vault, ask, record };
    reader.first_read().await?;
    for _ in 0..options.warm_up {
        reader.read().await?;
        reader.check().await?;
    }
    progress(format_args!("{} readers, {} reads each", options.readers, options.count));
    let begun = Instant::now();
    let runs = (0..options.readers).map(|_| reader.run(options.count));
    let runs = try_join_all(runs).await?;
    let seconds = begun.elapsed().as_secs_f64();

    let reads: Vec<_> = runs.iter().flat_map(|times| &times.reads).copied().collect();
    let checks: Vec<_> = runs.iter().flat_map(|times| &times.checks).copied().collect();
    let mut report = Report::new("reads");
    report.row(Row::new("authorised read, p50", percentile(&reads, 50.0), "ms").at_most(20.0));
    report.row(Row::new("authorised read, p99", percentile(&reads, 99.0), "ms").at_most(60.0));
    report.row(Row::new("consent check, p50", percentile(&checks, 50.0), "ms").at_most(3.0));
    report.row(Row::new("consent check, p99", percentile(&checks, 99.0), "ms"));
    report.row(Row::new("reads, with the checks between", reads.len() as f64 / seconds, "/s"));
    report.note(format!(
        "record of {} bytes ({} sealed), {} reader(s), {} reads",
        options.size,
        sealed.size,
        options.readers,
        reads.len()
    ));
    Ok(report)
}

impl Reader<'_> {
    async fn run(&self, count: usize) -> anyhow::Result<Times> {
        let mut times = Times::default();
        for _ in 0..count {
            times.reads.push(self.read().await?);
            times.checks.push(self.check().await?);
        }
        Ok(times)
    }

    /// Reads as soon as the vault has seen the share.
    async fn first_read(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.read().await {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() > deadline => {
                    return Err(error).context("the vault does not serve the record");
                },
                // Refused reads are limited to 60 a minute.
                Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        }
    }

    async fn read(&self) -> anyhow::Result<f64> {
        let begun = Instant::now();
        let mut sink = tokio::io::sink();
        let progress = kanglian_sdk::vault::no_progress();
        self.vault.fetch(&self.ask, &self.record, &mut sink, progress).await?;
        Ok(millis(begun))
    }

    /// Both questions at once, as the vault asks them; it follows the heads and knows their hashes.
    async fn check(&self) -> anyhow::Result<f64> {
        let chain = &self.world.chain;
        let query = self.world.question(self.institution, self.ask.subject);
        let best = At::Hash(chain.best_hash().await?);
        let finalised = At::Hash(chain.finalized_hash().await?);
        let now = kanglian_sdk::now();
        let begun = Instant::now();
        let answers = tokio::try_join!(
            chain.decide(&query, &self.record, now, best),
            chain.decide(&query, &self.record, now, finalised),
        )?;
        let taken = millis(begun);
        anyhow::ensure!(
            matches!(answers, (Decision::Allowed(_), Decision::Allowed(_))),
            "the chain does not allow the read: {answers:?}"
        );
        Ok(taken)
    }
}

fn millis(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}
