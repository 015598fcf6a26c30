//! A person's devices: readings in, batches out, each sealed once and shared once.
//!
//! | file | what |
//! | --- | --- |
//! | `readings` | what a reading is; NDJSON and CSV |
//! | `spool` | what survives a kill at any moment |
//! | `intake` | files, folders and the standard input |
//! | `sender` | seal, upload, share, until it is final |

mod intake;
mod readings;
mod sender;
mod spool;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use clap::Args;
use kanglian_primitives::BusinessBlockId;
use kanglian_sdk::{
    chain::{At, Client},
    keys::Account,
};

use self::{intake::Intake, sender::Sender, spool::Spool};
use crate::{context::Context, fault::Fault, names, shown::fields};

/// Pause while there is nothing to take.
const IDLE: Duration = Duration::from_millis(200);
/// How long an agent that is told to stop goes on sharing what it has.
const LAST_WORDS: Duration = Duration::from_secs(20);

/// Takes a person's readings and shares them.
#[derive(Debug, Args)]
#[command(
    after_help = "Lines that are no readings go to SPOOL/dead-letters.ndjson with the reason. \
    A kill at any moment loses nothing that was taken from a file, and shares nothing twice."
)]
pub struct Agent {
    /// The person's account: a name or a key file
    #[arg(long, default_value = "patient")]
    account: String,
    /// Folder that keeps what is not yet shared
    #[arg(long)]
    spool: PathBuf,
    /// File or folder with FHIR Observations (NDJSON) or a wearable's export (CSV); - for NDJSON on
    /// the standard input
    #[arg(long, default_value = "-")]
    input: PathBuf,
    /// Go on when the end is reached: what files grow by, and new ones in the folder
    #[arg(long)]
    follow: bool,
    /// Business block to share into
    #[arg(long, value_parser = names::block, default_value = "personal")]
    block: BusinessBlockId,
    /// Readings in a batch
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    batch: u32,
    /// Seconds after which a batch is shared although it is not full
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    every: u64,
    /// MiB that may wait for being shared; no more is taken until there is room
    #[arg(long, default_value_t = 1_024, value_parser = clap::value_parser!(u64).range(1..=1_048_576))]
    most_waiting: u64,
}

/// What an agent did.
#[derive(Debug, Default)]
pub struct Tally {
    /// Readings taken.
    pub taken: u64,
    /// Lines that were taken before.
    pub known: u64,
    /// Lines that were no readings.
    pub set_aside: u64,
    /// Batches shared.
    pub shared: u64,
    /// Batches that wait.
    pub waiting: usize,
}

impl Agent {
    /// An agent over a file, with batches of so many readings.
    pub fn of_file(spool: PathBuf, input: PathBuf, batch: u32) -> Self {
        Self {
            account: String::new(),
            spool,
            input,
            follow: false,
            block: kanglian_primitives::blocks::PERSONAL,
            batch,
            every: 60,
            most_waiting: 1_024,
        }
    }

    /// Runs until the input ends, or until told to stop.
    pub async fn run(&self, context: &Context) -> anyhow::Result<()> {
        // Whose stream it is must be known once; afterwards the agent works without the chain.
        let chain = context.chain().await?;
        let account = context.account(&self.account)?;
        let tally = self.stream(context, chain, account, stop_signal()?).await?;
        context.output.fields(fields!({
            "readings_taken": tally.taken,
            "known_before": tally.known,
            "set_aside": tally.set_aside,
            "batches_shared": tally.shared,
            "batches_waiting": tally.waiting,
        }));
        if self.input.as_os_str() == "-" {
            // A read of the standard input cannot be given up, and would keep the process.
            std::process::exit(0);
        }
        Ok(())
    }

    /// Takes and shares the stream of the person that the account speaks for.
    pub async fn stream(
        &self,
        context: &Context,
        chain: Client,
        account: Account,
        stop: impl Future<Output = ()>,
    ) -> anyhow::Result<Tally> {
        let person = chain.person_of(&account.id(), At::Best).await?;
        let person = person
            .ok_or_else(|| Fault::refused(format!("{} speaks for no person", account.address())))?;
        let mut spool = Spool::open(&self.spool, &chain.genesis_hash(), &person.to_string())?;
        let mut intake = Intake::new(&self.input, self.follow, spool.positions())?;
        let sender = Sender::start(context, chain, account, person, self.block, spool.root());
        let every = Duration::from_secs(self.every);
        let most = self.most_waiting.saturating_mul(1 << 20);
        let mut tally = Tally::default();
        // Neither a clock that goes back nor one that jumps changes when a batch is closed.
        let mut opened = Instant::now();
        let mut said = false;
        tokio::pin!(stop);
        let stopped = loop {
            spool.waiting_bytes = spool.waiting_bytes.saturating_sub(sender.take_freed());
            let full = spool.waiting_bytes >= most;
            if full && !said {
                tracing::warn!("the spool is full: no more is taken until batches were shared");
            }
            said = full;
            let taken = match full {
                true => 0,
                false => {
                    if spool.open_count == 0 {
                        opened = Instant::now();
                    }
                    let room = self.batch.saturating_sub(spool.open_count);
                    intake.take(&mut spool, &person, room, &mut tally).await?
                },
            };
            let due = spool.open_count >= self.batch || opened.elapsed() >= every;
            if spool.open_count > 0 && (due || intake.is_over()) {
                spool.close()?;
                sender.wake();
            }
            if intake.is_over() && spool.pending()?.is_empty() && sender.is_idle() {
                break false;
            }
            if let Some(error) = sender.failure() {
                return Err(error);
            }
            let pause = async {
                if taken == 0 {
                    tokio::time::sleep(IDLE).await;
                } else {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                biased;
                () = &mut stop => break true,
                () = pause => {},
            }
        };
        if stopped {
            spool.close()?;
            sender.wake();
            let begun = Instant::now();
            while !spool.pending()?.is_empty() && begun.elapsed() < LAST_WORDS {
                tokio::time::sleep(IDLE).await;
            }
        }
        tally.shared = sender.shared();
        tally.waiting = spool.pending()?.len();
        Ok(tally)
    }
}

/// Resolves with SIGTERM or SIGINT.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {},
            _ = interrupt.recv() => {},
        }
    })
}
