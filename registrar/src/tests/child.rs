//! A registrar in a process of its own, killed for real: this test program once more, with a
//! variable that says where its folder is.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child as Process, ChildStdout, Command, Stdio},
};

use kanglian_sdk::registrar::{RegistrarIdentity, RegistrarSet, RegistrarShare};
use tempfile::TempDir;

use super::{world::*, *};
use crate::{settings::Keys, store::Store};

/// Names the folder; without it the child's test does nothing.
const FOLDER: &str = "KANGLIAN_TEST_REGISTRAR";
/// Stands before the child's URL.
const MARK: &str = "registrar at ";

#[test]
#[ignore = "the child process of other tests"]
fn serve() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(std::io::stderr)
        .init();
    // Whoever started this holds the other end; without them it ends too.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let set = RegistrarSet::dev(PHRASE, 1, &[("child".to_owned(), url.clone())]).unwrap();
        let identity = RegistrarIdentity::dev(PHRASE, 1);
        let keys = Keys::new(set, identity, &RegistrarShare::dev(PHRASE, 1, 1)).unwrap();
        let node = Arc::new(Node(World::usual()));
        let limits = crate::store::Limits { per_hour: 100_000, ..limits() };
        let _running = Registrar::start(listener, keys, node, &folder, limits, connections());
        println!("{MARK}{url}");
        std::future::pending::<()>().await;
    });
}

/// A running child; killed when dropped.
pub struct Child {
    process: Process,
    _output: BufReader<ChildStdout>,
    pub set: RegistrarSet,
}

impl Child {
    pub fn start(folder: &Path, errors: Stdio) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["tests::child::serve", "--exact", "--ignored", "--nocapture"])
            .env(FOLDER, folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let url = loop {
            let mut line = String::new();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "the child ended");
            if let Some((_, url)) = line.trim_end().split_once(MARK) {
                break url.to_owned();
            }
        };
        let set = RegistrarSet::dev(PHRASE, 1, &[("child".to_owned(), url)]).unwrap();
        Self { process, _output: output, set }
    }

    pub fn client(&self, signer: SigningKey) -> Registrars {
        Registrars::new(self.set.clone(), GENESIS, Arc::new(signer)).unwrap()
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

/// `KANGLIAN_SOAK_ROUNDS` sets how often.
#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_line_is_lost_when_the_registrar_is_killed() {
    let rounds = std::env::var("KANGLIAN_SOAK_ROUNDS").map_or(6, |text| text.parse().unwrap());
    let folder = TempDir::new().unwrap();
    let mut promised: Vec<(u64, [u8; 32])> = Vec::new();
    let mut mark = None;
    for round in 0..rounds {
        let child = Child::start(folder.path(), Stdio::null());
        let log = child.client(hospital()).verified_log(1, mark, None).await.unwrap();
        mark = Some(log.mark);
        assert!(log.mark.size >= promised.len() as u64);
        let workers: Vec<_> = (0..4)
            .map(|worker| {
                let client = child.client(hospital());
                tokio::spawn(async move {
                    let mut lines = Vec::new();
                    for number in 0.. {
                        let document = format!("01:{round}-{worker}-{number}");
                        match client.person(for_hospital(), &document).await {
                            Ok(asked) => lines.extend(asked.opened),
                            Err(_) => break,
                        }
                    }
                    lines
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(150 + 37 * round)).await;
        child.kill();
        for worker in workers {
            let lines = worker.await.unwrap();
            promised.extend(lines.iter().map(|line| (line.receipt.index, line.receipt.leaf)));
        }
    }
    assert!(promised.len() >= usize::try_from(rounds).unwrap(), "{}", promised.len());
    let store = Store::open(folder.path()).unwrap();
    let lines = store.lines(0, u64::MAX).await.unwrap();
    let mut leaves = Vec::new();
    let mut from = 0;
    let mut page = lines;
    while !page.is_empty() {
        for line in page {
            let entry = hex::decode(&line.entry).unwrap();
            leaves.push(kanglian_sdk::registrar::wire::leaf_hash(&line.salt, &entry));
        }
        from += 512;
        page = store.lines(from, u64::MAX).await.unwrap();
    }
    for (index, leaf) in promised {
        assert_eq!(leaves[usize::try_from(index).unwrap()], leaf, "line {index}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_file_gives_all_lines_or_a_plain_error_and_never_fewer() {
    let folder = TempDir::new().unwrap();
    let child = Child::start(folder.path(), Stdio::null());
    for number in 0..8 {
        child.client(hospital()).person(for_hospital(), &format!("01:{number}")).await.unwrap();
    }
    child.kill();
    let path = folder.path().join("evaluations.redb");
    let whole = std::fs::read(&path).unwrap();
    for cut in [1, 100, 4_096, 5_000, whole.len() / 2, whole.len() - 10, whole.len()] {
        std::fs::write(&path, &whole[..whole.len() - cut]).unwrap();
        match Store::open(folder.path()) {
            Ok(store) if cut == whole.len() => assert_eq!(store.head().0, 0, "an empty file"),
            Ok(store) => assert_eq!(store.head().0, 8, "cut by {cut}"),
            Err(error) => assert!(error.to_string().contains("evaluation"), "{error}"),
        }
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(Store::open(folder.path()).unwrap().head().0, 8);
}
