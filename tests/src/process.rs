//! Processes that end with the test that started them.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
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

/// How a command ended and what it wrote.
pub struct Finished {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

/// A child that does not outlive the wait for it.
struct Awaited(Child);

impl Drop for Awaited {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a command with a text on its standard input; panics when it takes longer than `limit`.
pub fn finish(command: &mut Command, input: &str, limit: Duration, what: &str) -> Finished {
    let file = || tempfile::tempfile().expect("a temporary file can be made");
    let share = |file: &File| file.try_clone().expect("a file is cloned");
    let (mut stdin, mut stdout, mut stderr) = (file(), file(), file());
    stdin.write_all(input.as_bytes()).expect("the input is written");
    stdin.seek(SeekFrom::Start(0)).expect("a file is rewound");
    let child = command
        .stdin(stdin)
        .stdout(share(&stdout))
        .stderr(share(&stderr))
        .spawn()
        .unwrap_or_else(|error| panic!("{what} does not start: {error}"));
    let mut child = Awaited(child);
    let deadline = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.0.try_wait().expect("a child can be waited for") {
            break Some(status);
        }
        if Instant::now() >= deadline {
            break None;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let (output, errors) = (written(&mut stdout), written(&mut stderr));
    let status = status.unwrap_or_else(|| panic!("{what}: not within {limit:?}\n{errors}"));
    Finished { code: status.code(), output, errors }
}

fn written(file: &mut File) -> String {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).expect("a file is rewound");
    file.read_to_end(&mut bytes).expect("a temporary file is read");
    String::from_utf8_lossy(&bytes).into_owned()
}
