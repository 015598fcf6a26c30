//! The intake of a hospital's systems: run it, look at it, try dead letters again.

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use kanglian_primitives::BusinessBlockId;
use serde::Serialize;

use crate::{
    context::Context,
    fault::Fault,
    files, instant,
    intake::{PatientMap, Shelf, folder, inbox, worker::Worker},
    loopback::{self, Token},
    names,
    shown::fields,
    spool::{self, Item, Key, Spool, State},
};

/// How often dead letters are looked for that are to be tried again.
const LOOK: Duration = Duration::from_secs(1);

/// What is done with an intake.
#[derive(Debug, Subcommand)]
pub enum Intake {
    /// Take in what systems deliver, and share it, until ended
    Run(RunArgs),
    /// Say what came in, what waits, and why what is dead cannot be shared
    Status {
        /// The spool's folder
        #[arg(long)]
        spool: PathBuf,
    },
    /// Try dead letters once more, also while the intake runs
    Retry {
        /// The spool's folder
        #[arg(long)]
        spool: PathBuf,
        /// Which; all of them by default
        items: Vec<Key>,
    },
}

/// How the intake runs.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Folder that keeps what came in until it is shared
    #[arg(long)]
    spool: PathBuf,
    /// CSV file with the columns id and person: whom the hospital's ids mean
    #[arg(long)]
    map: PathBuf,
    /// Folder to watch for *.json, *.ndjson and *.xml
    #[arg(long)]
    inbox: Option<PathBuf>,
    /// Address of the inbox over HTTP, such as 127.0.0.1:8700
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// A proxy that speaks TLS stands before the inbox, which may listen beyond loopback
    #[arg(long, requires = "listen")]
    behind_proxy: bool,
    /// File with the token that callers show; made when there is none. `token` in the spool by default
    #[arg(long)]
    token_file: Option<PathBuf>,
    /// File to write the inbox's address to
    #[arg(long)]
    address_file: Option<PathBuf>,
    /// Business block
    #[arg(long, value_parser = names::block, default_value = "medical")]
    block: BusinessBlockId,
    /// Seconds between looks into the folder
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
    /// End once everything that lies there is shared or dead
    #[arg(long)]
    drain: bool,
}

/// Counts of a spool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Came in, not sealed.
    pub pending: usize,
    /// Sealed, not on chain.
    pub sealed: usize,
    /// On chain.
    pub shared: usize,
    /// Cannot be shared.
    pub dead: usize,
}

/// Counts what is in a spool.
pub fn counts(items: &BTreeMap<Key, Item>) -> Counts {
    let mut counts = Counts::default();
    for item in items.values() {
        let count = match item.state {
            State::Pending => &mut counts.pending,
            State::Sealed(_) => &mut counts.sealed,
            State::Shared { .. } => &mut counts.shared,
            State::Dead { .. } => &mut counts.dead,
        };
        *count = count.saturating_add(1);
    }
    counts
}

impl Intake {
    /// Carries out the command.
    pub async fn run(&self, context: &Context, account: &str) -> anyhow::Result<()> {
        match self {
            Self::Run(args) => args.run(context, account).await,
            Self::Status { spool } => status(context, spool),
            Self::Retry { spool, items } => retry(context, spool, items),
        }
    }
}

impl RunArgs {
    async fn run(&self, context: &Context, account: &str) -> anyhow::Result<()> {
        if self.inbox.is_none() && self.listen.is_none() && !self.drain {
            return Err(Fault::usage("give --inbox, --listen, or both").into());
        }
        if let Some(address) = self.listen {
            loopback::check_address(address, self.behind_proxy)?;
        }
        // A wrong map is told now, not when the first item fails.
        PatientMap::read(&self.map)?;
        let account = context.account(account)?;
        let shelf = Shelf::new(Spool::open(&self.spool)?);
        let worker = Worker {
            account,
            shelf: shelf.clone(),
            map: self.map.clone(),
            block: self.block,
            drain: self.drain,
        };
        if let Some(inbox) = &self.inbox {
            fs::create_dir_all(inbox).with_context(|| inbox.display().to_string())?;
            if self.drain {
                folder::sweep(&shelf, inbox)?;
            }
        }
        apply_retries(&shelf, &self.spool)?;
        let served = async {
            let Some(address) = self.listen else { return std::future::pending().await };
            let usual = self.spool.join("token");
            let path = self.token_file.as_ref().unwrap_or(&usual);
            let token = Token::in_file(path)?;
            let (listener, bound) = loopback::bind(address, self.address_file.as_deref()).await?;
            eprintln!("kanglian: inbox at http://{bound}/intake, token in {}", path.display());
            axum::serve(listener, inbox::router(shelf.clone(), token)).await?;
            anyhow::Ok(())
        };
        let watched = async {
            loop {
                if let Some(inbox) = self.inbox.clone().filter(|_| !self.drain) {
                    let shelf = shelf.clone();
                    let swept = tokio::task::spawn_blocking(move || folder::sweep(&shelf, &inbox));
                    if let Err(error) = swept.await? {
                        tracing::error!("{error:#}");
                    }
                }
                tokio::time::sleep(Duration::from_secs(self.every)).await;
            }
        };
        let retried = async {
            loop {
                tokio::time::sleep(LOOK).await;
                apply_retries(&shelf, &self.spool)?;
            }
        };
        let outcome: anyhow::Result<()> = tokio::select! {
            outcome = worker.run(context) => outcome,
            outcome = served => outcome,
            outcome = watched => outcome,
            outcome = retried => outcome,
            () = loopback::ended() => Ok(()),
        };
        outcome?;
        let counts = counts(shelf.lock().items());
        context.output.fields(fields!({
            "pending": counts.pending,
            "sealed": counts.sealed,
            "shared": counts.shared,
            "dead": counts.dead,
        }));
        Ok(())
    }
}

/// Wishes to try dead letters again: files named as the items are.
fn wishes(spool: &Path) -> PathBuf {
    spool.join("again")
}

fn apply_retries(shelf: &Shelf, spool: &Path) -> anyhow::Result<()> {
    let Ok(found) = fs::read_dir(wishes(spool)) else { return Ok(()) };
    for entry in found {
        let entry = entry?;
        let key = entry.file_name().to_string_lossy().into_owned();
        if let Err(error) = shelf.lock().again(&key) {
            tracing::warn!("{error:#}");
        }
        fs::remove_file(entry.path())?;
    }
    Ok(())
}

fn retry(context: &Context, spool: &Path, wanted: &[Key]) -> anyhow::Result<()> {
    let items = spool::look(spool)?;
    let is_dead =
        |key: &Key| matches!(items.get(key).map(|item| &item.state), Some(State::Dead { .. }));
    let dead: Vec<Key> = match wanted.is_empty() {
        true => items.keys().filter(|key| is_dead(key)).cloned().collect(),
        false => wanted.to_vec(),
    };
    if let Some(key) = dead.iter().find(|key| !is_dead(key)) {
        return Err(Fault::usage(format!("there is no dead letter {key}")).into());
    }
    for key in &dead {
        files::replace(&wishes(spool).join(key), b"")?;
    }
    context.output.fields(fields!({ "to_be_tried_again": dead.len() }));
    Ok(())
}

#[derive(Serialize)]
struct Listed {
    item: Key,
    name: String,
    state: &'static str,
    came: String,
    tries: u32,
    reason: Option<String>,
}

fn status(context: &Context, folder: &Path) -> anyhow::Result<()> {
    let items = spool::look(folder)?;
    let total = counts(&items);
    let mut open: Vec<_> = items
        .iter()
        .filter(|(_, item)| !matches!(item.state, State::Shared { .. }))
        .map(|(key, item)| Listed {
            item: key.clone(),
            name: item.name.clone(),
            state: item.state.word(),
            came: instant::show(item.came_at),
            tries: item.tries,
            reason: match &item.state {
                State::Dead { reason } => Some(reason.clone()),
                _ => item.error.clone(),
            },
        })
        .collect();
    open.sort_by(|one, other| one.came.cmp(&other.came));
    if context.output.is_json() {
        context.output.fields(fields!({
            "pending": total.pending,
            "sealed": total.sealed,
            "shared": total.shared,
            "dead": total.dead,
            "open": open,
        }));
        return Ok(());
    }
    context.output.rows(&["item", "name", "state", "came", "tries", "reason"], &open, |one| {
        vec![
            one.item.get(..16).unwrap_or_default().to_owned(),
            one.name.clone(),
            one.state.to_owned(),
            one.came.clone(),
            one.tries.to_string(),
            one.reason.clone().unwrap_or_default(),
        ]
    });
    context.output.note(format!(
        "{} pending, {} sealed, {} shared, {} dead",
        total.pending, total.sealed, total.shared, total.dead
    ));
    Ok(())
}
