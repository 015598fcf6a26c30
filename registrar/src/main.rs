//! The registrar's command line.

use std::{process::ExitCode, sync::Arc};

use anyhow::Context;
use clap::{Parser, Subcommand};
use kanglian_registrar::{
    anchor,
    app::App,
    chain::LiveChain,
    http, server,
    settings::{Options, SettingsError},
    store::Store,
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Evaluates blinded document numbers with a share of the network key
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until SIGTERM or SIGINT; keys and shares are made with `kanglian registrar`
    Run(Box<Options>),
    /// Check keys, share and log against the registrar set, and end
    Check(Box<Options>),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("KANGLIAN_LOG").unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        .init();
    match start(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The one place where an error that ends the program is told.
            eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<SettingsError>() { 2 } else { 1 })
        },
    }
}

fn start(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Check(options) => check(&options),
        Command::Run(options) => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("the runtime does not start")?
            .block_on(run(&options)),
    }
}

fn check(options: &Options) -> anyhow::Result<()> {
    let keys = options.keys()?;
    let (size, root) = Store::open(&options.data)?.head();
    println!("registrar {} of epoch {}", keys.index, keys.set.body.epoch);
    println!("{size} lines with root {}", hex::encode(root));
    Ok(())
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let keys = options.keys()?;
    let store = Store::open(&options.data)?;
    let listener = tokio::net::TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("listen: {} cannot be bound", options.listen))?;
    let chain = tokio::select! {
        chain = LiveChain::connect(options.node.as_str(), keys.identity.signer()) => chain?,
        () = stop.cancelled() => return Ok(()),
    };
    if keys.set.body.development {
        tracing::warn!("the registrar runs with development keys that everybody can derive");
    }
    let timeout = std::time::Duration::from_secs(options.chain_timeout_seconds);
    let (freshness, limits) = (options.freshness(), options.limits());
    let app = App::new(keys, Arc::new(chain), store, freshness, limits, timeout);
    tracing::info!(
        index = app.index(),
        epoch = app.epoch(),
        lines = app.store.head().0,
        listen = %options.listen,
        "the registrar serves"
    );
    let interval = std::time::Duration::from_secs(options.anchor_interval_seconds);
    let anchoring = tokio::spawn(anchor::run(app.clone(), interval, stop.clone()));
    server::serve(listener, http::router(app), options.connections(), stop).await;
    anchoring.await.context("anchoring")?;
    tracing::info!("the registrar stopped");
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
