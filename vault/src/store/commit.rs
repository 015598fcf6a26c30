//! Group commit: writers from many requests share one synced transaction.

use std::sync::{Arc, mpsc};

use redb::WriteTransaction;
use tokio::sync::oneshot;

use super::{Database, StoreError, database::Writing};

/// Most jobs in one transaction.
const MAX_GROUP: usize = 512;

/// What a transaction came to.
#[derive(Clone, Copy)]
enum Outcome {
    Committed,
    Full,
    Failed,
}

/// Told after the commit.
type AfterCommit = Box<dyn FnOnce(Outcome) + Send>;
/// Runs in a transaction, or without one when none can be begun. Says whether it found the disk
/// full.
type Job = Box<dyn FnOnce(Option<&WriteTransaction>) -> (bool, AfterCommit) + Send>;

/// One writing thread over a database.
#[derive(Clone)]
pub struct Committer {
    jobs: mpsc::Sender<Job>,
}

impl Committer {
    /// Starts the thread; it ends with the last clone of the result.
    pub fn start(name: &str, database: Arc<Database>) -> Result<Self, std::io::Error> {
        let (jobs, queue) = mpsc::channel::<Job>();
        std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            while let Ok(first) = queue.recv() {
                let group = std::iter::once(first).chain(queue.try_iter().take(MAX_GROUP));
                run(&database, group);
            }
        })?;
        Ok(Self { jobs })
    }

    /// Runs a job inside the next transaction; its answer comes once the transaction is on disk.
    /// A job must check before it writes: what it wrote before failing stays.
    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&WriteTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, wait) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let result = transaction.map_or_else(|| Err(not_written()), job);
            let full = matches!(result, Err(StoreError::Full));
            let after: AfterCommit = Box::new(move |outcome| {
                let result = match outcome {
                    Outcome::Committed => result,
                    Outcome::Full => Err(StoreError::Full),
                    Outcome::Failed => Err(not_written()),
                };
                // The caller may have gone away; the write holds all the same.
                let _ = answer.send(result);
            });
            (full, after)
        });
        self.jobs.send(job).map_err(|_| not_written())?;
        wait.await.map_err(|_| not_written())?
    }
}

fn not_written() -> StoreError {
    StoreError::Io(std::io::Error::other("the database could not be written"))
}

fn run(database: &Database, group: impl Iterator<Item = Job>) {
    // Every transaction is durable when `commit` returns: that is redb's default.
    let Writing { transaction, handle } = match database.begin_write() {
        Ok(writing) => writing,
        Err(error) => {
            let full = matches!(error, StoreError::Full);
            tracing::error!(%error, "no transaction can be begun");
            let outcome = if full { Outcome::Full } else { Outcome::Failed };
            return group.for_each(|job| job(None).1(outcome));
        },
    };
    let (found_full, after): (Vec<bool>, Vec<AfterCommit>) =
        group.map(|job| job(Some(&transaction))).unzip();
    let result = transaction.commit().map_err(StoreError::database);
    let outcome = match &result {
        Ok(()) => Outcome::Committed,
        Err(StoreError::Full) => Outcome::Full,
        Err(_) if found_full.contains(&true) => Outcome::Full,
        Err(_) => Outcome::Failed,
    };
    if let Err(error) = &result {
        tracing::error!(%error, "a transaction could not be committed");
        database.write_failed(handle, matches!(outcome, Outcome::Full));
    }
    for told in after {
        told(outcome);
    }
}
