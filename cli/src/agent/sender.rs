//! Shares closed batches, oldest first, until the chain has each for good.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{
            AtomicBool, AtomicU64,
            Ordering::{Relaxed, SeqCst},
        },
    },
    time::Duration,
};

use anyhow::Context as _;
use kanglian_primitives::{Author, BusinessBlockId, PersonId};
use kanglian_sdk::{
    chain::{At, ChainError, Client, Wait, calls},
    keys::Account,
    vault::no_progress,
};
use tokio::sync::Notify;

use super::spool::{Batch, SealedBatch, pending_in};
use crate::{
    context::Context,
    fault::{Class, Fault, class_of},
    input::{Content, Item},
    sharing::{Prepared, SealedBytes, Sharer, share_of},
};

/// How long a share may take to become final before the chain is asked again.
const PATIENCE: Duration = Duration::from_secs(120);
/// Pause after a failure, doubling up to the second value.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// Refusals of one batch in a row after which the agent ends: somebody has to look.
const MAX_REFUSALS: u32 = 5;

/// The task that shares.
pub struct Sender {
    shared: Arc<Progress>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Progress {
    wake: Notify,
    batches: AtomicU64,
    freed: AtomicU64,
    /// Whether nothing waited when it was looked last, and nothing was announced since.
    idle: AtomicBool,
    failure: Mutex<Option<anyhow::Error>>,
}

/// What sharing needs.
struct Work {
    context: Context,
    chain: Client,
    account: Account,
    person: PersonId,
    block: BusinessBlockId,
    root: PathBuf,
    sharer: Option<Sharer>,
}

impl Sender {
    /// Starts it.
    pub fn start(
        context: &Context,
        chain: Client,
        account: Account,
        person: PersonId,
        block: BusinessBlockId,
        root: &Path,
    ) -> Self {
        let shared = Arc::new(Progress::default());
        let (context, root) = (context.clone(), root.to_owned());
        let work = Work { context, chain, account, person, block, root, sharer: None };
        let task = tokio::spawn(run(work, shared.clone()));
        Self { shared, task }
    }

    /// There is another batch.
    pub fn wake(&self) {
        self.shared.idle.store(false, SeqCst);
        self.shared.wake.notify_one();
    }

    /// Whether all is shared and counted.
    pub fn is_idle(&self) -> bool {
        self.shared.idle.load(SeqCst)
    }

    /// Batches shared so far.
    pub fn shared(&self) -> u64 {
        self.shared.batches.load(Relaxed)
    }

    /// Bytes that left the spool since this was asked last.
    pub fn take_freed(&self) -> u64 {
        self.shared.freed.swap(0, Relaxed)
    }

    /// Why it ended, if it did.
    pub fn failure(&self) -> Option<anyhow::Error> {
        self.shared.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(mut work: Work, progress: Arc<Progress>) {
    let mut wait = BACK_OFF.0;
    let mut refusals = 0u32;
    loop {
        let batch = pending_in(&work.root).map(|batches| batches.into_iter().next());
        let shared = match batch {
            Ok(None) => {
                progress.idle.store(true, SeqCst);
                // A batch may have been closed just before this is waited for.
                let _ = tokio::time::timeout(BACK_OFF.0, progress.wake.notified()).await;
                continue;
            },
            Ok(Some(batch)) => work.share(batch).await,
            Err(error) => Err(error),
        };
        match shared {
            Ok(freed) => {
                progress.batches.fetch_add(1, Relaxed);
                progress.freed.fetch_add(freed, Relaxed);
                (wait, refusals) = (BACK_OFF.0, 0);
                continue;
            },
            Err(error) => {
                // Made anew, with what chain and vault say then.
                work.sharer = None;
                refusals = match class_of(&error) {
                    Class::Refused | Class::Verification => refusals.saturating_add(1),
                    _ => 0,
                };
                if refusals >= MAX_REFUSALS {
                    let slot = &progress.failure;
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    return;
                }
                tracing::warn!("{error:#}; trying again in {} s", wait.as_secs());
            },
        }
        tokio::time::sleep(wait).await;
        wait = wait.saturating_mul(2).min(BACK_OFF.1);
    }
}

impl Work {
    /// Shares one batch; gives the bytes that left the spool.
    async fn share(&mut self, batch: Batch) -> anyhow::Result<u64> {
        let content = batch.content()?;
        let count = Batch::count(&content)?;
        let sharer = match self.sharer.take() {
            Some(sharer) => sharer,
            None => self.sharer().await?,
        };
        let sealed = match batch.sealed()? {
            Some(sealed) => sealed,
            None => self.seal(&sharer, &batch, content).await?,
        };
        let record = sealed.upload.claim.record;
        if self.chain.record(&record, At::Best).await?.is_none() {
            match self.submit(&sharer, &sealed, count).await {
                Ok(()) => {},
                Err(error) if is(&error, "AlreadyShared") => {},
                Err(error)
                    if is(&error, "WrongKeyEpoch") || refused_as(&error, "wrong_key_epoch") =>
                {
                    // The scope key was changed since, and the chain never took this record.
                    if self.chain.record(&record, At::Finalized).await?.is_none() {
                        batch.unseal()?;
                    }
                    return Err(error);
                },
                Err(error) if refused_as(&error, "already_shared") => {},
                Err(error) => return Err(error),
            }
        }
        self.until_final(&sealed).await?;
        self.sharer = Some(sharer);
        batch.done(&self.root, &record, count)
    }

    async fn sharer(&self) -> anyhow::Result<Sharer> {
        let known = self.chain.person(&self.person, At::Best).await?;
        let known =
            known.ok_or_else(|| Fault::refused(format!("{} is not on this chain", self.person)))?;
        let vault = self.context.storing_vault(&self.chain, &self.person, &self.account).await?;
        let (chain, account) = (self.chain.clone(), self.account.clone());
        let author = Author::Person(self.person);
        Sharer::new(chain, vault, account, author, known.data_key, self.person).await
    }

    /// Seals a batch, once: what is kept is what is shared.
    async fn seal(
        &self,
        sharer: &Sharer,
        batch: &Batch,
        content: Vec<u8>,
    ) -> anyhow::Result<SealedBatch> {
        let schema = sharer.schema_of("Observation", self.block)?;
        let item = Item {
            name: format!("batch {}", batch.number),
            kind: None,
            content: Content::Bytes(content),
        };
        let prepared = sharer.seal(&item, self.block, Some(schema)).await?;
        let SealedBytes::Memory(bytes) = &prepared.sealed else {
            anyhow::bail!("a batch is sealed in memory");
        };
        batch.keep_sealed(&prepared.upload, schema, bytes)
    }

    async fn submit(
        &self,
        sharer: &Sharer,
        sealed: &SealedBatch,
        count: u32,
    ) -> anyhow::Result<()> {
        let prepared = Prepared {
            name: sealed.upload.claim.record.to_string(),
            schema: sealed.schema,
            upload: sealed.upload.clone(),
            sealed: SealedBytes::File(sealed.path.clone()),
        };
        let receipts = sharer.upload(&prepared, no_progress()).await?;
        let share = share_of(&prepared, receipts);
        let call = calls::records::share_batch(&share, count);
        let mut pending = sharer.send(&call).await?;
        pending.wait(Wait::Finalized, PATIENCE).await.context("the batch's share")?;
        Ok(())
    }

    /// A share that only the best block has may still be undone.
    async fn until_final(&self, sealed: &SealedBatch) -> anyhow::Result<()> {
        let record = &sealed.upload.claim.record;
        let begun = std::time::Instant::now();
        while self.chain.record(record, At::Finalized).await?.is_none() {
            if begun.elapsed() > PATIENCE {
                return Err(Fault::unreachable(format!("{record} does not become final")).into());
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        Ok(())
    }
}

/// Whether the chain refused a call with this error.
fn is(error: &anyhow::Error, name: &str) -> bool {
    error.chain().any(|cause| match cause.downcast_ref::<ChainError>() {
        Some(ChainError::Dispatch(failure)) => failure.name == name,
        _ => false,
    })
}

/// Whether a vault refused with this code.
fn refused_as(error: &anyhow::Error, code: &str) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<kanglian_sdk::vault::VaultError>()
            .is_some_and(|error| error.code() == Some(code))
    })
}
