//! Processes of one authority and one vault.
//!
//! The four-province consortium comes from the end-to-end harness; what is here adds what the
//! harness does not need: process ids, to read memory from `/proc`, and variables in the
//! environment.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use kanglian_e2e::{bin_dir, free_port};
use kanglian_sdk::chain::Client;

/// How long a process may take until it answers: a genesis with millions of entries takes minutes.
const PATIENCE: Duration = Duration::from_secs(600);
const PAUSE: Duration = Duration::from_millis(200);

/// A process that is killed when dropped.
pub struct Program {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Program {
    /// Starts a binary of the project; its output goes to `<folder>/<name>.log`.
    pub fn start(
        binary: &str,
        args: &[String],
        variables: &[(&str, String)],
        folder: &Path,
    ) -> anyhow::Result<Self> {
        Self::spawn(Command::new(bin_dir().join(binary)), binary, args, variables, folder)
    }

    /// Starts this program once more, with other arguments.
    pub fn start_self(name: &str, args: &[String], folder: &Path) -> anyhow::Result<Self> {
        Self::spawn(Command::new(std::env::current_exe()?), name, args, &[], folder)
    }

    fn spawn(
        mut command: Command,
        name: &str,
        args: &[String],
        variables: &[(&str, String)],
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let file = OpenOptions::new().create(true).append(true).open(&log)?;
        let child = command
            .args(args)
            .envs(variables.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| {
                let path = command.get_program().to_string_lossy().into_owned();
                format!("{path} does not start; set KANGLIAN_BIN_DIR to the built binaries")
            })?;
        Ok(Self { child, name: name.to_owned(), log })
    }

    /// Waits until the process answers HTTP or WebSocket at a port.
    pub async fn listening(&mut self, port: u16) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            self.check()?;
            ensure!(Instant::now() < deadline, "{} does not listen: {}", self.name, self.tail());
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Fails with the last lines of its output when the process is gone.
    pub fn check(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("{} ended unexpectedly ({status}): {}", self.name, self.tail());
        }
        Ok(())
    }

    fn tail(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = log.lines().rev().take(8).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
    }

    /// The most resident memory since the start or the last [`Self::forget_peak`], in bytes
    /// (`VmHWM`).
    pub fn peak_memory(&self) -> anyhow::Result<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(&path).with_context(|| path.clone())?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|rest| rest.split_whitespace().next())
            .and_then(|digits| digits.parse::<u64>().ok())
            .with_context(|| format!("{path} has no VmHWM"))?;
        Ok(kib * 1024)
    }

    /// Lets the kernel count the peak anew. Where it does not allow that, peaks only rise.
    pub fn forget_peak(&self) {
        // "5" resets the high-water mark (proc(5)).
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A chain with one authority.
pub struct DevNode {
    program: Program,
    port: u16,
    metrics_port: u16,
}

impl DevNode {
    /// Starts the node with `--dev`, its data in a folder, and waits until it finalises.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        Self::launch(folder, &["--dev".to_owned()]).await
    }

    /// The same with a chain spec of its own, which names Alice as the authority.
    pub async fn start_with(folder: &Path, spec: &Path) -> anyhow::Result<Self> {
        let chain = format!("--chain={}", spec.display());
        let rest = ["--alice", "--validator", "--force-authoring", "--no-mdns"];
        let rest = rest.into_iter().chain(["--unsafe-force-node-key-generation"]);
        let args: Vec<_> = std::iter::once(chain).chain(rest.map(str::to_owned)).collect();
        Self::launch(folder, &args).await
    }

    async fn launch(folder: &Path, chain: &[String]) -> anyhow::Result<Self> {
        let (port, metrics_port) = (free_port(), free_port());
        let args = [
            format!("--base-path={}", folder.join("node").display()),
            "--database=paritydb".to_owned(),
            "--no-telemetry".to_owned(),
            format!("--prometheus-port={metrics_port}"),
            format!("--rpc-port={port}"),
            format!("--port={}", free_port()),
            // The load keeps the pool full; the default would drop what is sent ahead.
            "--pool-limit=32768".to_owned(),
            "--pool-kbytes=102400".to_owned(),
        ];
        let args = [chain, &args].concat();
        let mut program = Program::start("kanglian-node", &args, &[], folder)?;
        program.listening(port).await?;
        let mut node = Self { program, port, metrics_port };
        let chain = node.connect().await?;
        let deadline = Instant::now() + PATIENCE;
        while chain.finalized().await?.number < 1 {
            node.program.check()?;
            ensure!(Instant::now() < deadline, "the node does not finalise");
            tokio::time::sleep(PAUSE).await;
        }
        Ok(node)
    }

    /// The WebSocket URL.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port)
    }

    /// A value that the node reports to Prometheus; for a histogram, ask for its `_sum`.
    pub async fn metric(&self, name: &str) -> anyhow::Result<f64> {
        let url = format!("http://127.0.0.1:{}/metrics", self.metrics_port);
        let text = reqwest::get(&url).await?.error_for_status()?.text().await?;
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.rsplit_once(' '))
            .find(|(series, _)| series.split('{').next() == Some(name))
            .and_then(|(_, value)| value.parse().ok())
            .with_context(|| format!("the node reports no {name}"))
    }

    /// A client.
    pub async fn connect(&self) -> anyhow::Result<Client> {
        Ok(Client::connect(&self.url()).await?)
    }
}

/// A file with so many bytes that do not compress, and their BLAKE3.
pub fn random_file(path: &Path, size: u64) -> anyhow::Result<[u8; 32]> {
    use rand::Rng as _;
    use std::io::Write as _;
    let mut file = File::create(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut part = vec![0u8; 1 << 20];
    let mut left = size;
    while left > 0 {
        rand::rng().fill_bytes(&mut part);
        let length = usize::try_from(left).map_or(part.len(), |left| left.min(part.len()));
        file.write_all(&part[..length])?;
        hasher.update(&part[..length]);
        left -= length as u64;
    }
    file.sync_all()?;
    Ok(*hasher.finalize().as_bytes())
}
