//! A vault in a process of its own, so that it can be killed and limited for real: this test
//! program once more, with a variable that says where its folder is.

use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child as Process, ChildStdout, Command, Stdio},
};

use codec::{DecodeAll, Encode};

use super::*;

/// Names the folder; without it the child's test does nothing.
const FOLDER: &str = "KANGLIAN_TEST_CHILD";
/// Stands before the child's URL.
const MARK: &str = "vault at ";

#[test]
#[ignore = "the child process of other tests"]
fn serve() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    // Whoever started this holds the other end; without them it ends too.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let world = Arc::new(World::default());
        {
            let mut script = world.script();
            script.height = 1_000;
            script.persons.insert(PATIENT, patient().account());
            script.authors.insert(hospital().account().0, Author::Institution(hospital_id()));
        }
        for line in std::fs::read_to_string(folder.join("shared")).unwrap_or_default().lines() {
            let bytes = hex::decode(line).unwrap();
            world.share(&ShareClaim::decode_all(&mut &*bytes).unwrap(), &[JIANGSU]);
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut settings = settings(JIANGSU, &url, folder.join("data"));
        (settings.replicas, settings.max_requests_per_account) = (0, 64);
        let signer = VaultSigner::from_seed(&dev_vault_seed("//Child"));
        let node = Arc::new(Node::new(world, JIANGSU));
        let app = App::open(settings, signer, node).unwrap();
        println!("{MARK}{url}");
        let router = http::router(app.clone());
        http::server::serve(listener, router, &app.settings, CancellationToken::new()).await;
    });
}

/// A running child; killed when dropped.
pub struct Child {
    process: Process,
    _output: BufReader<ChildStdout>,
    target: VaultTarget,
}

impl Child {
    /// Starts a vault over a folder. With a limit, no file of it may become longer than so many
    /// KiB.
    pub fn start(folder: &Path, limit: Option<u64>) -> Self {
        let program = std::env::current_exe().unwrap();
        let mut command = match limit {
            None => Command::new(program),
            Some(limit) => {
                let mut command = Command::new("bash");
                // The signal would end the program; ignored, writing fails instead.
                let script = format!("trap '' XFSZ; ulimit -S -f {limit}; exec \"$0\" \"$@\"");
                command.args(["-c", &script]).arg(program);
                command
            },
        };
        let mut process = command
            .args(["tests::child::serve", "--exact", "--ignored", "--nocapture"])
            .env(FOLDER, folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let url = loop {
            let mut line = String::new();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "the child ended");
            if let Some((_, url)) = line.trim_end().split_once(MARK) {
                break url.parse().unwrap();
            }
        };
        let key = VaultSigner::from_seed(&dev_vault_seed("//Child")).public();
        let target = VaultTarget { region: JIANGSU, key, url, genesis: GENESIS };
        Self { process, _output: output, target }
    }

    pub fn client(&self, signer: SigningKey) -> VaultClient {
        VaultClient::new(self.target.clone(), Arc::new(signer)).unwrap()
    }

    /// Lifts the limit; whether the system has a program for it.
    pub fn lift_limit(&self) -> bool {
        let pid = self.process.id().to_string();
        let lifted = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited:"]).status();
        lifted.is_ok_and(|status| status.success())
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Has the child find records on its chain when it starts next.
pub fn share(folder: &Path, claims: &[ShareClaim]) {
    let mut file =
        OpenOptions::new().create(true).append(true).open(folder.join("shared")).unwrap();
    for claim in claims {
        writeln!(file, "{}", hex::encode(claim.encode())).unwrap();
    }
}

/// Bytes that are nobody else's.
pub fn unique(length: usize, number: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().update(&number.to_le_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}

/// Files below a folder.
pub fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, |entries| {
        entries
            .map(|entry| entry.unwrap().path())
            .map(|path| if path.is_dir() { files(&path) } else { 1 })
            .sum()
    })
}
