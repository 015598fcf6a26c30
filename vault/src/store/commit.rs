//! Group commit: writers from many requests share one synced transaction.

use std::sync::mpsc;

use redb::{Database, WriteTransaction};
use tokio::sync::oneshot;

/// Most jobs in one transaction.
const MAX_GROUP: usize = 512;

/// Told after the commit: whether it holds.
type AfterCommit = Box<dyn FnOnce(bool) + Send>;
type Job = Box<dyn FnOnce(&WriteTransaction) -> AfterCommit + Send>;

/// One writing thread over a database.
#[derive(Clone)]
pub struct Committer {
    jobs: mpsc::Sender<Job>,
}

/// The writing thread is gone, or the transaction failed.
#[derive(Debug, thiserror::Error)]
#[error("the index could not be written")]
pub struct CommitFailed;

impl Committer {
    /// Starts the thread; it ends with the last clone of the result.
    pub fn start(name: &str, database: std::sync::Arc<Database>) -> Result<Self, std::io::Error> {
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
        job: impl FnOnce(&WriteTransaction) -> T + Send + 'static,
    ) -> Result<T, CommitFailed> {
        let (answer, wait) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let result = job(transaction);
            Box::new(move |committed| {
                if committed {
                    // The caller may have gone away; the write holds all the same.
                    let _ = answer.send(result);
                }
            })
        });
        self.jobs.send(job).map_err(|_| CommitFailed)?;
        wait.await.map_err(|_| CommitFailed)
    }
}

fn run(database: &Database, group: impl Iterator<Item = Job>) {
    // Every transaction is durable when `commit` returns: that is redb's default.
    let transaction = match database.begin_write() {
        Ok(transaction) => transaction,
        Err(error) => {
            tracing::error!(%error, "no transaction can be begun");
            return group.for_each(drop);
        },
    };
    let after: Vec<AfterCommit> = group.map(|job| job(&transaction)).collect();
    let result = transaction.commit();
    if let Err(error) = &result {
        tracing::error!(%error, "a transaction could not be committed");
    }
    for told in after {
        told(result.is_ok());
    }
}
