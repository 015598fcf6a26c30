//! The vault's command line.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use kanglian_vault::{
    anchor::{self, AnchorFault},
    app::App,
    chain::LiveChain,
    config::{Settings, Values},
    fsck, gc, http, keys,
    store::Store,
    works,
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// A province's store of sealed health records.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until SIGTERM or SIGINT.
    Run(Options),
    /// Makes a key file; prints the public key and its account.
    Keygen {
        /// The file to make; never an existing one.
        file: PathBuf,
    },
    /// Checks every stored object against its BLAKE3. Stop the vault before.
    Check {
        #[command(flatten)]
        options: Options,
        /// Gets damaged objects from other vaults again.
        #[arg(long)]
        repair: bool,
    },
}

/// Every setting may also stand in the file, and as KANGLIAN_… in the environment.
#[derive(Args)]
struct Options {
    /// Configuration file (TOML).
    #[arg(long)]
    config: Option<PathBuf>,
    /// The vault's province, six digits.
    #[arg(long)]
    region: Option<String>,
    /// Where to listen, such as 127.0.0.1:8600.
    #[arg(long)]
    listen: Option<String>,
    /// The URL that the chain names; login texts contain its host.
    #[arg(long)]
    public_url: Option<String>,
    /// WebSocket of the vault's own node.
    #[arg(long)]
    node: Option<String>,
    /// Data folder.
    #[arg(long)]
    data: Option<String>,
    /// Key file made by keygen.
    #[arg(long)]
    key_file: Option<String>,
    /// Derives the key from a phrase such as //Jiangsu-Vault (needs --insecure-dev-key).
    #[arg(long)]
    dev_key: Option<String>,
    /// Accepts that anybody who knows the phrase has the key.
    #[arg(long)]
    insecure_dev_key: bool,
    /// local or s3.
    #[arg(long)]
    storage: Option<String>,
    /// How many other vaults an upload goes to.
    #[arg(long)]
    replicas: Option<String>,
    /// Seconds between anchors.
    #[arg(long)]
    anchor_interval_seconds: Option<String>,
    /// Web origins that may call, with commas between.
    #[arg(long)]
    cors_origins: Option<String>,
}

impl Options {
    fn values(self) -> Result<Values, kanglian_vault::config::ConfigError> {
        let insecure = self.insecure_dev_key.then(|| "true".to_owned());
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Values::gather(
            self.config.as_deref(),
            environment,
            &[
                ("region", self.region),
                ("listen", self.listen),
                ("public-url", self.public_url),
                ("node", self.node),
                ("data", self.data),
                ("key-file", self.key_file),
                ("dev-key", self.dev_key),
                ("insecure-dev-key", insecure),
                ("storage", self.storage),
                ("replicas", self.replicas),
                ("anchor-interval-seconds", self.anchor_interval_seconds),
                ("cors-origins", self.cors_origins),
            ],
        )
    }
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
        Ok(code) => code,
        Err(error) => {
            // The one place where an error that ends the program is told.
            eprintln!("error: {error:#}");
            ExitCode::from(exit_code(&error))
        },
    }
}

/// 2 for what the operator can set right in the configuration, else 1.
fn exit_code(error: &anyhow::Error) -> u8 {
    if error.is::<kanglian_vault::config::ConfigError>() { 2 } else { 1 }
}

fn start(command: Command) -> anyhow::Result<ExitCode> {
    if let Command::Keygen { file } = &command {
        let key = keys::generate(file)?;
        println!("public key: {}", key.public());
        println!("account:    {}", key.id());
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Every upload and every download holds one while it runs.
        .max_blocking_threads(2_048)
        .build()
        .context("the runtime does not start")?;
    runtime.block_on(async {
        match command {
            Command::Run(options) => {
                let settings = options.values()?.settings()?;
                run(settings).await.map(|()| ExitCode::SUCCESS)
            },
            Command::Check { options, repair } => check(options.values()?, repair).await,
            Command::Keygen { .. } => Ok(ExitCode::SUCCESS),
        }
    })
}

async fn open(settings: Settings) -> anyhow::Result<Arc<App>> {
    let signer = keys::load(&settings.key)?;
    let chain = LiveChain::connect(settings.node.as_str(), signer.clone()).await?;
    Ok(App::open(settings, signer, Arc::new(chain))?)
}

async fn run(settings: Settings) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let listener = tokio::net::TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("listen: {} cannot be bound", settings.listen))?;
    let app = tokio::select! {
        app = open(settings) => app?,
        () = stop.cancelled() => return Ok(()),
    };
    if matches!(app.settings.key, kanglian_vault::config::KeySource::Dev(_)) {
        tracing::warn!("the vault runs with a development key that anybody can derive");
    }
    tracing::info!(
        region = %app.identity.region(),
        account = %app.identity.account(),
        listen = %app.settings.listen,
        "the vault serves"
    );
    tokio::select! {
        () = compare_log(&app) => {},
        () = stop.cancelled() => return Ok(()),
    }
    let anchoring = tokio::spawn(anchor::run(app.clone(), stop.clone()));
    let following = tokio::spawn(works::run(app.clone(), stop.clone()));
    let collecting = tokio::spawn(gc::run(app.clone(), stop.clone()));
    http::server::serve(listener, http::router(app.clone()), &app.settings, stop).await;
    anchoring.await.context("anchoring")?;
    collecting.await.context("collecting")?;
    following.await.context("following the list of works")?;
    tracing::info!("the vault stopped");
    Ok(())
}

/// Holds the log against its anchor on chain, as often as it takes for the node to answer. A log
/// that contradicts it is served from only in so far as its owner may be told.
async fn compare_log(app: &App) {
    while let Err(AnchorFault::Chain(error)) = anchor::compare(app).await {
        tracing::warn!(%error, "the access log cannot be compared with the chain yet");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
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

async fn check(values: Values, repair: bool) -> anyhow::Result<ExitCode> {
    let findings = if repair {
        let app = open(values.settings()?).await?;
        fsck::check(&app.store, Some(&app)).await?
    } else {
        let store = Store::open(&values.data()?, &values.storage()?)?;
        fsck::check(&store, None).await?
    };
    for record in &findings.damaged {
        let state = if findings.repaired.contains(record) { "repaired" } else { "damaged" };
        println!("{state} {record}");
    }
    for path in &findings.orphans {
        println!("{} {path}", if repair { "removed" } else { "unnamed" });
    }
    let left = findings.damaged.len().saturating_sub(findings.repaired.len());
    println!("{} objects checked, {left} damaged", findings.checked);
    Ok(if left == 0 { ExitCode::SUCCESS } else { ExitCode::from(5) })
}
