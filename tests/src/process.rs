//! Processes that end with the test that started them.

use std::{
    fs::OpenOptions,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Folder of the built binaries.
pub fn bin_dir() -> PathBuf {
    if let Some(dir) = std::env::var_os("KANGLIAN_BIN_DIR") {
        return dir.into();
    }
    let test = std::env::current_exe().expect("the test knows its own path");
    let deps = test.parent().expect("a test lies in a folder");
    deps.parent().expect("…/release/deps").to_path_buf()
}

/// A port that nothing listens on at this moment.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    listener.local_addr().expect("a bound listener has an address").port()
}

/// A process that is killed when dropped.
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts a binary of the project; output goes to `log`.
    pub fn start(binary: &str, args: &[String], log: &Path) -> Self {
        let file = OpenOptions::new().create(true).append(true).open(log).expect("log file opens");
        let errors = file.try_clone().expect("log file is cloned");
        let child = Command::new(bin_dir().join(binary))
            .args(args)
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            .spawn()
            .unwrap_or_else(|error| panic!("{binary} does not start: {error}"));
        Self { child, log: log.to_path_buf() }
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop and waits; whether it left by itself within the limit.
    pub fn stop(&mut self, limit: Duration) -> bool {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            if !self.is_running() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        self.kill();
        false
    }

    /// What it has written so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<_> = log.lines().rev().take(15).collect();
            eprintln!("--- end of {} ---", self.log.display());
            tail.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

/// Runs a binary of the project to its end; panics with its output when it fails.
pub fn run(binary: &str, args: &[&str]) -> String {
    let output = Command::new(bin_dir().join(binary))
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{binary} does not start: {error}"));
    assert!(
        output.status.success(),
        "{binary} {args:?} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
        + String::from_utf8_lossy(&output.stderr).as_ref()
}
