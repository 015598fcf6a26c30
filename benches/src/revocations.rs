//! Reads after a finalised revocation, while nodes and vaults are killed.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, ensure};
use futures::future::{join_all, try_join_all};
use kanglian_e2e::Consortium;
use kanglian_primitives::{Purpose, RecordId, TermsId};
use kanglian_sdk::{
    chain::{At, Client, Wait, calls},
    envelope::seal_bytes,
    vault::{Ask, VaultClient, VaultError, VaultTarget},
};
use rand::Rng as _;

use crate::{
    reads::Signer,
    report::{Report, Row, progress},
    world::{Institution, JIANGSU, Person, World},
};

/// Longest pause before a trial, from the moment when the revocation is known to be final.
const LONGEST_PAUSE: u64 = 1_500;
/// Provinces of the consortium. What serves the writer, the first, is not killed.
const PROVINCES: usize = 4;
/// How long a vault may take to see a share and a grant.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads after a finalised revocation, under load and faults.
///
/// Counts: how many reads a vault serves that were begun after the revocation of the reader's terms
/// was finalised in the node to which the person sent it; none may be. In each round every person
/// grants, the reader reads, the person revokes, and the reader tries again at random vaults after
/// random pauses of at most 1.5 s, the first without any. Meanwhile a random node or vault of the
/// provinces other than Jiangsu is killed with SIGKILL and started again, without pause. A refusal
/// counts as a trial; a vault that is down, answers 503 or limits requests does not.
///
/// Leaves out: parts of the network cut off from each other for longer than the freshness rule
/// allows.
#[derive(clap::Args)]
pub struct Options {
    /// Trials.
    #[arg(long, default_value_t = 10_000)]
    trials: usize,

    /// People with one record and one reader each.
    #[arg(long, default_value_t = 32)]
    people: usize,

    /// Trials after each revocation.
    #[arg(long, default_value_t = 12)]
    each: usize,

    /// Seconds between kills, from none on; 0 kills nothing.
    #[arg(long, default_value_t = 4)]
    kill_seconds: u64,
}

/// How tries ended.
#[derive(Default)]
struct Tally {
    served_before: usize,
    served_after: usize,
    refused: usize,
    not_answered: usize,
    revocations: usize,
    kills: usize,
}

/// A person, the reader whom it grants and revokes, and the reader's way to each vault.
struct Pair {
    person: Person,
    reader: Institution,
    record: RecordId,
    vaults: Vec<VaultClient>,
}

/// Runs the count.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    ensure!((1..=63).contains(&options.people), "--people is 1 to 63");
    ensure!(options.each > 0 && options.trials > 0, "--trials and --each are at least 1");
    progress("starting four nodes and four vaults");
    let mut consortium = Consortium::start_with_vaults().await;
    let world = World::of_consortium(Client::connect(&consortium.node_url(0)).await?).await?;
    let pairs = pairs(&world, options.people).await?;

    let tally = Mutex::new(Tally::default());
    let over = AtomicBool::new(false);
    let rounds = async {
        let mut round = 0;
        while with(&tally, |tally| tally.refused + tally.served_after) < options.trials {
            round += 1;
            let each = pairs.iter().map(|pair| pair.round(&world, round, options.each, &tally));
            // A round that a fault has broken off is one round less, nothing else.
            let failed = join_all(each).await.into_iter().filter(Result::is_err).count();
            let counted = with(&tally, |tally| (tally.refused, tally.served_after));
            progress(format_args!(
                "round {round}: {} refused, {} served, {failed} broken off",
                counted.0, counted.1
            ));
            ensure!(failed < pairs.len(), "no person's round came to its end");
        }
        over.store(true, Ordering::Relaxed);
        Ok(())
    };
    let (done, ()) = tokio::join!(rounds, faults(&mut consortium, options, &tally, &over));
    done?;
    let tally = tally.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    Ok(report(&tally))
}

fn with<T>(tally: &Mutex<Tally>, act: impl FnOnce(&mut Tally) -> T) -> T {
    act(&mut tally.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
}

fn report(tally: &Tally) -> Report {
    let mut report = Report::new("revocations");
    let row = |what, count: usize| Row::new(what, count as f64, "");
    report.row(row("trials after a finalised revocation", tally.refused + tally.served_after));
    report.row(row("of these served", tally.served_after).at_most(0.0));
    report.row(row("of these refused", tally.refused));
    report.row(row("not answered, not counted", tally.not_answered));
    report.row(row("revocations", tally.revocations));
    report.row(row("reads served before", tally.served_before).at_least(1.0));
    report.row(row("kills of nodes and vaults", tally.kills));
    report
}

/// People who each have one record that all vaults know of, and one reader.
async fn pairs(world: &World, count: usize) -> anyhow::Result<Vec<Pair>> {
    progress(format_args!("{count} people with a record and a reader each"));
    let mut institutions = world.admit(count + 1).await?;
    let author = institutions.pop().context("no author")?;
    let people = world.enrol(&author, count).await?;
    let targets: Vec<_> = world
        .chain
        .vaults(At::Best)
        .await?
        .iter()
        .map(|info| VaultTarget::new(info, world.chain.genesis_hash()))
        .collect::<Result<_, _>>()?;
    let home =
        targets.iter().find(|target| target.region == JIANGSU).context("Jiangsu has no vault")?;
    let writer = VaultClient::new(home.clone(), Arc::new(Signer(author.account.clone())))?;
    let mut pairs = vec![];
    let mut shares = vec![];
    for (person, reader) in people.into_iter().zip(institutions) {
        let mut bytes = vec![0u8; 4_096];
        rand::rng().fill_bytes(&mut bytes);
        let (sealed_bytes, sealed) = seal_bytes(&bytes).await?;
        let claim = world.claim(&author, &person, sealed.record, sealed.size);
        let upload = world.upload(&person, claim, &sealed.key)?;
        let uploaded = writer.upload_bytes(&upload, sealed_bytes).await.context("uploading")?;
        shares.push(calls::records::share(&world.share_with(&claim, uploaded.receipts)));
        let signer = Arc::new(Signer(reader.account.clone()));
        let vaults = targets
            .iter()
            .map(|target| VaultClient::new(target.clone(), signer.clone()))
            .collect::<Result<_, _>>()?;
        pairs.push(Pair { person, reader, record: sealed.record, vaults });
    }
    let all = calls::utility::batch_all(shares);
    world.chain.submit(&all, &author.account, Wait::Finalized).await.context("sharing")?;
    Ok(pairs)
}

impl Pair {
    /// Grants, reads, revokes, and tries to read.
    async fn round(
        &self,
        world: &World,
        round: u64,
        tries: usize,
        tally: &Mutex<Tally>,
    ) -> anyhow::Result<()> {
        let terms = TermsId(round);
        world.grant_as(&self.person, &self.reader, terms).await?;
        self.read_before().await?;
        with(tally, |tally| tally.served_before += 1);
        let call = calls::consents::revoke(&self.reader.grantee(), terms);
        world.chain.submit(&call, &self.person.account, Wait::Finalized).await?;
        with(tally, |tally| tally.revocations += 1);
        try_join_all((0..tries).map(|index| self.try_after(index, tally))).await?;
        Ok(())
    }

    /// Reads at the first vault until it has seen share and grant.
    async fn read_before(&self) -> anyhow::Result<()> {
        let limit = tokio::time::Instant::now() + PATIENCE;
        loop {
            match self.read(0).await {
                Ok(()) => return Ok(()),
                Err(error) if tokio::time::Instant::now() > limit => {
                    return Err(error).context("the vault does not serve a granted record");
                },
                Err(_) => tokio::time::sleep(Duration::from_millis(500)).await,
            }
        }
    }

    async fn try_after(&self, index: usize, tally: &Mutex<Tally>) -> anyhow::Result<()> {
        if index > 0 {
            let pause = rand::random::<u64>() % LONGEST_PAUSE;
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        let vault = rand::random::<u64>() as usize % self.vaults.len();
        let outcome = self.read(vault).await;
        with(tally, |tally| match outcome {
            Ok(()) => tally.served_after += 1,
            Err(VaultError::Refused { status: 403 | 404, .. }) => tally.refused += 1,
            Err(_) => tally.not_answered += 1,
        });
        Ok(())
    }

    async fn read(&self, vault: usize) -> Result<(), VaultError> {
        let ask = Ask {
            acting_as: self.reader.grantee(),
            subject: self.person.id,
            purpose: Purpose::Treatment,
        };
        let mut sink = tokio::io::sink();
        let progress = kanglian_sdk::vault::no_progress();
        self.vaults[vault].fetch(&ask, &self.record, &mut sink, progress).await.map(drop)
    }
}

/// Kills and restarts what is not the writer's, until the rounds are over.
async fn faults(
    consortium: &mut Consortium,
    options: &Options,
    tally: &Mutex<Tally>,
    over: &AtomicBool,
) {
    while options.kill_seconds > 0 && !over.load(Ordering::Relaxed) {
        let pause = rand::random::<u64>() % (2_000 * options.kill_seconds);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let which = 1 + rand::random::<u64>() as usize % (PROVINCES - 1);
        if rand::random::<bool>() {
            consortium.kill_node(which);
            consortium.start_node(which);
        } else {
            consortium.kill_vault(which);
            consortium.start_vault(which);
        }
        with(tally, |tally| tally.kills += 1);
    }
}
