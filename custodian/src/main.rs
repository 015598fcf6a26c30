//! The custodian's command line.

use std::{process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context;
use clap::{Parser, Subcommand};
use kanglian_custodian::{
    chain::{ChainView, Finalised, LiveChain},
    drill, http, server,
    settings::{KeyOptions, Options, SettingsError},
    vaults::LiveVaults,
    worker::Worker,
};
use kanglian_sdk::hardening::keep_out_of_core_dumps;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use url::Url;

/// Keeps shares of people's secrets for a province, and seals them again to whom an executed
/// recovery or an open emergency names
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer dealings and cases until SIGTERM or SIGINT
    Run(Box<Options>),
    /// Open every share once, say which do not serve, and end
    Drill(Box<Options>),
    /// Make the account and key files; print what the pan-centre appoints
    Keygen(KeyOptions),
    /// Make another key in the keys' folder and say on chain that shares are sealed to it from now
    /// on; what was dealt before stays answerable. Then start the program again
    RotateKey(RotateOptions),
}

/// What a rotation needs.
#[derive(clap::Args)]
struct RotateOptions {
    #[command(flatten)]
    keys: KeyOptions,
    /// WebSocket of the custodian's own node
    #[arg(long, env = "KANGLIAN_NODE")]
    node: Url,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("KANGLIAN_LOG").unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        .init();
    keep_out_of_core_dumps();
    match start(cli.command) {
        Ok(code) => code,
        Err(error) => {
            // The one place where an error that ends the program is told.
            match error.downcast_ref::<SettingsError>() {
                // Its words hold those of its cause.
                Some(wrong) => eprintln!("error: {wrong}"),
                None => eprintln!("error: {error:#}"),
            }
            ExitCode::from(if error.is::<SettingsError>() { 2 } else { 1 })
        },
    }
}

fn start(command: Command) -> anyhow::Result<ExitCode> {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("the runtime does not start")
    };
    match command {
        Command::Keygen(options) => {
            let keys = options.generate()?;
            println!("account {}", keys.account.address());
            println!("key {}", keys.secret.public());
            Ok(ExitCode::SUCCESS)
        },
        Command::Run(options) => runtime()?.block_on(run(&options)).map(|()| ExitCode::SUCCESS),
        Command::RotateKey(options) => {
            runtime()?.block_on(rotate(&options)).map(|()| ExitCode::SUCCESS)
        },
        Command::Drill(options) => runtime()?.block_on(check(&options)),
    }
}

/// How long a single command waits for a block that may be worked by.
const FIRST_BLOCK: Duration = Duration::from_secs(60);

type LiveWorker = Worker<LiveChain, LiveVaults>;

async fn worker(options: &Options) -> anyhow::Result<LiveWorker> {
    let keys = options.keys.read()?;
    if options.keys.dev_key.is_some() {
        tracing::warn!("the custodian runs with development keys that everybody can derive");
    }
    let chain = LiveChain::connect(options.node.as_str(), keys.account.clone()).await?;
    let vaults = LiveVaults::new(chain.genesis(), keys.account.clone());
    Ok(Worker::new(keys, options.work(), chain, vaults))
}

async fn rotate(options: &RotateOptions) -> anyhow::Result<()> {
    let keys = options.keys.read()?;
    let chain = LiveChain::connect(options.node.as_str(), keys.account).await?;
    // In its file before anybody seals to it.
    let (secret, path) = options.keys.make_further()?;
    let height = chain.rotate_key(secret.public()).await?;
    println!("key {}", secret.public());
    println!("file {}", path.display());
    println!("block {height}");
    println!("restart the program; keep the former key's file");
    Ok(())
}

async fn check(options: &Options) -> anyhow::Result<ExitCode> {
    let worker = worker(options).await?;
    let max_age = options.work().finalised_max_age;
    let head = worker.chain().fresh(max_age, FIRST_BLOCK).await;
    let kept = drill::all(&worker, &head).await?;
    println!("{} shares open and match", kept.alive);
    for fault in &kept.faults {
        println!("{fault}");
    }
    Ok(ExitCode::from(if kept.faults.is_empty() { 0 } else { 5 }))
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let worker = tokio::select! {
        worker = worker(options) => Arc::new(worker?),
        () = stop.cancelled() => return Ok(()),
    };
    // Not before: who asks for its health meanwhile finds nobody, instead of waiting for an answer.
    let listener = tokio::net::TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("listen: {} cannot be bound", options.listen))?;
    let (sender, heads) = tokio::sync::watch::channel(Finalised::default());
    let app = http::App::new(worker.clone(), heads.clone());
    tracing::info!(
        account = %worker.keys().account.address(),
        listen = %options.listen,
        "the custodian runs"
    );
    futures::join!(
        worker.chain().follow(&sender, &stop),
        worker.run(heads, &stop),
        server::serve(listener, http::router(app), options.connections(), stop.clone()),
    );
    tracing::info!("the custodian stopped");
    Ok(())
}

/// Cancelled by the first SIGTERM or SIGINT.
fn stop_signal() -> anyhow::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {},
            _ = interrupt.recv() => {},
        }
        token.cancel();
    });
    Ok(stop)
}
