//! A consortium of four provinces on this machine.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{Ports, Rpc, Running, eventually, process::run};

/// A province of the `local` preset.
pub struct Province {
    /// Name in its well-known key.
    pub name: &'static str,
    /// Division code.
    pub region: u32,
}

/// The provinces of the `local` preset, in their order.
pub const PROVINCES: [Province; 4] = [
    Province { name: "Jiangsu", region: 320_000 },
    Province { name: "Zhejiang", region: 330_000 },
    Province { name: "Shanghai", region: 310_000 },
    Province { name: "Guangdong", region: 440_000 },
];

/// The place of the fifth node, after the four provinces'.
pub const CLONE: usize = PROVINCES.len();

/// A session key of an authority.
pub struct SessionKey {
    scheme: &'static str,
    kind: &'static str,
}

/// The key that blocks are made with.
pub const AURA: SessionKey = SessionKey { scheme: "sr25519", kind: "aura" };
/// The key that votes on finality are cast with.
pub const GRANDPA: SessionKey = SessionKey { scheme: "ed25519", kind: "gran" };
/// All of an authority's keys.
pub const SESSION_KEYS: [SessionKey; 2] = [AURA, GRANDPA];

fn text(path: &Path) -> String {
    path.to_str().expect("paths are UTF-8").to_owned()
}

/// Nodes and vaults of a consortium; all end when it is dropped.
pub struct Consortium {
    spec: PathBuf,
    ports: Ports,
    nodes: Vec<Option<Running>>,
    vaults: Vec<Option<Running>>,
    registrars: Vec<Option<Running>>,
    custodians: Vec<Option<Running>>,
    moved: [Option<String>; PROVINCES.len()],
    boot: Option<String>,
    /// Last: when it goes, the processes have ended and shown the ends of their logs.
    data: TempDir,
}

impl Consortium {
    /// Starts four nodes and waits until the chain finalises in each.
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// The same, with a genesis that the test has changed.
    pub async fn start_with(change: impl FnOnce(&mut Value)) -> Self {
        let mut consortium = Self::prepare(change);
        for i in 0..PROVINCES.len() {
            consortium.start_node(i);
        }
        for i in 0..PROVINCES.len() {
            consortium.wait_finalised(i, 2).await;
        }
        consortium
    }

    /// The same, and a vault in each province.
    pub async fn start_with_vaults() -> Self {
        let mut consortium = Self::start().await;
        consortium.start_vaults().await;
        consortium
    }

    /// Starts a vault in each province and waits until they are healthy.
    pub async fn start_vaults(&mut self) {
        for i in 0..PROVINCES.len() {
            self.start_vault(i);
        }
        for i in 0..PROVINCES.len() {
            self.wait_vault(i).await;
        }
    }

    /// Starts a registrar in each province, of which three have to answer, and waits until they are
    /// healthy.
    pub async fn start_registrars(&mut self) {
        let base = self.ports.base().to_string();
        let set = self.registrar_set();
        let home = text(&self.data.path().join("home-registrars"));
        let dev_set = ["registrar", "dev-set", "--threshold", "3", "--out", &set];
        run("kanglian", &[&["--home", &home, "--port-base", &base][..], &dev_set].concat());
        for i in 0..PROVINCES.len() {
            self.start_registrar(i);
        }
        for i in 0..PROVINCES.len() {
            self.wait_registrar(i).await;
        }
    }

    /// File of the registrar set.
    pub fn registrar_set(&self) -> String {
        text(&self.data.path().join("registrars.json"))
    }

    /// Starts the registrar of province `i`.
    pub fn start_registrar(&mut self, i: usize) {
        let folder = self.data.path().join(format!("registrar-{i}"));
        let args = [
            "run".to_owned(),
            format!("--registrars={}", self.registrar_set()),
            format!("--data={}", folder.display()),
            format!("--listen=127.0.0.1:{}", self.ports.registrar(i)),
            format!("--node={}", self.node_url(i)),
            format!("--dev-share={}", i + 1),
            "--insecure-dev-key".to_owned(),
        ];
        let log = self.data.path().join(format!("registrar-{i}.log"));
        self.registrars[i] = Some(Running::start("kanglian-registrar", &args, &log));
    }

    /// Kills a registrar at once.
    pub fn kill_registrar(&mut self, i: usize) {
        drop(self.registrars[i].take());
    }

    /// Waits until the registrar says that it is healthy.
    pub async fn wait_registrar(&self, i: usize) {
        let url = format!("http://127.0.0.1:{}/health", self.ports.registrar(i));
        let what = format!("the registrar of {} is healthy", PROVINCES[i].name);
        eventually(&what, Duration::from_secs(60), || async {
            reqwest::get(&url).await.ok().filter(|answer| answer.status().is_success())
        })
        .await;
    }

    /// Starts a custodian in each province and waits until they are healthy.
    pub async fn start_custodians(&mut self) {
        for i in 0..PROVINCES.len() {
            self.start_custodian(i);
        }
        for i in 0..PROVINCES.len() {
            self.wait_custodian(i).await;
        }
    }

    /// Starts the custodian of province `i`. It keeps nothing: the chain is its memory.
    pub fn start_custodian(&mut self, i: usize) {
        let args = [
            "run".to_owned(),
            format!("--listen=127.0.0.1:{}", self.ports.custodian(i)),
            format!("--node={}", self.node_url(i)),
            format!("--dev-key=//{}-Custodian", PROVINCES[i].name),
            "--insecure-dev-key".to_owned(),
        ];
        let log = self.data.path().join(format!("custodian-{i}.log"));
        self.custodians[i] = Some(Running::start("kanglian-custodian", &args, &log));
    }

    /// Kills a custodian at once.
    pub fn kill_custodian(&mut self, i: usize) {
        drop(self.custodians[i].take());
    }

    /// Waits until the custodian says that it is healthy.
    pub async fn wait_custodian(&self, i: usize) {
        let url = format!("http://127.0.0.1:{}/health", self.ports.custodian(i));
        let what = format!("the custodian of {} is healthy", PROVINCES[i].name);
        eventually(&what, Duration::from_secs(60), || async {
            reqwest::get(&url).await.ok().filter(|answer| answer.status().is_success())
        })
        .await;
    }

    fn prepare(change: impl FnOnce(&mut Value)) -> Self {
        let data = TempDir::new().expect("a temporary folder can be made");
        let ports = Ports::free();
        let plain = data.path().join("plain.json");
        let spec = data.path().join("spec.json");
        let export = ["export-chain-spec", "--chain"];
        run("kanglian-node", &[&export[..], &["local", "--output", &text(&plain)]].concat());
        let mut json = std::fs::read_to_string(&plain).expect("the spec was written");
        for i in 0..PROVINCES.len() {
            let usual = format!("http://127.0.0.1:{}\"", 8600 + i);
            json = json.replace(&usual, &format!("http://127.0.0.1:{}\"", ports.vault(i)));
        }
        let mut json: Value = serde_json::from_str(&json).expect("a spec is JSON");
        change(&mut json["genesis"]["runtimeGenesis"]);
        std::fs::write(&plain, json.to_string()).expect("the spec is written");
        let raw = [&text(&plain), "--raw", "--output", &text(&spec)];
        run("kanglian-node", &[&export[..], &raw].concat());
        Self {
            spec,
            ports,
            nodes: (0..=CLONE).map(|_| None).collect(),
            vaults: PROVINCES.iter().map(|_| None).collect(),
            registrars: PROVINCES.iter().map(|_| None).collect(),
            custodians: PROVINCES.iter().map(|_| None).collect(),
            moved: Default::default(),
            boot: None,
            data,
        }
    }

    /// Starts the node of province `i`; the first start makes its keys.
    pub fn start_node(&mut self, i: usize) {
        self.start_place(i, PROVINCES[i].name, PROVINCES[i].name, &SESSION_KEYS);
    }

    /// Starts a fifth node with session keys of province `i`'s authority: two processes that take
    /// themselves for the same one. It has a network identity of its own, and the place [`CLONE`].
    pub fn start_clone(&mut self, i: usize, keys: &[SessionKey]) {
        let name = format!("{}-clone", PROVINCES[i].name);
        self.start_place(CLONE, &name, PROVINCES[i].name, keys);
    }

    fn start_place(&mut self, at: usize, name: &str, authority: &str, keys: &[SessionKey]) {
        let base = text(&self.data.path().join(format!("node-{at}")));
        let spec = text(&self.spec);
        let node_key = format!("{base}/node-key");
        if !Path::new(&base).exists() {
            std::fs::create_dir_all(&base).expect("the node's folder is made");
            let answer = run("kanglian-node", &["key", "generate-node-key", "--file", &node_key]);
            let peer = answer.lines().last().unwrap_or_default().trim().to_owned();
            let suri = format!("//{authority}");
            let place = ["key", "insert", "--base-path", &base, "--chain", &spec, "--suri", &suri];
            for SessionKey { scheme, kind } in keys {
                run(
                    "kanglian-node",
                    &[&place[..], &["--scheme", scheme, "--key-type", kind]].concat(),
                );
            }
            if self.boot.is_none() {
                let port = self.ports.peer(at);
                self.boot = Some(format!("/ip4/127.0.0.1/tcp/{port}/p2p/{peer}"));
            }
        }
        let mut args: Vec<String> = [
            "--base-path",
            &base,
            "--chain",
            &spec,
            "--validator",
            "--name",
            name,
            "--node-key-file",
            &node_key,
            "--database",
            "paritydb",
            "--no-telemetry",
            "--allow-private-ip",
        ]
        .map(str::to_owned)
        .to_vec();
        args.extend([
            format!("--listen-addr=/ip4/127.0.0.1/tcp/{}", self.ports.peer(at)),
            format!("--rpc-port={}", self.ports.rpc(at)),
            format!("--prometheus-port={}", self.ports.metrics(at)),
        ]);
        if let Some(boot) = self.boot.as_ref().filter(|_| at != 0) {
            args.extend(["--bootnodes".to_owned(), boot.clone()]);
        }
        let log = self.data.path().join(format!("node-{at}.log"));
        self.nodes[at] = Some(Running::start("kanglian-node", &args, &log));
    }

    /// Starts the vault of province `i`.
    pub fn start_vault(&mut self, i: usize) {
        let folder = self.data.path().join(format!("vault-{i}"));
        let url = self.vault_url(i);
        let mut args: Vec<String> = [
            "run".to_owned(),
            format!("--region={}", PROVINCES[i].region),
            format!("--data={}", folder.display()),
            format!("--listen={}", url.trim_start_matches("http://")),
            format!("--public-url={url}"),
            format!("--node={}", self.node_url(i)),
        ]
        .to_vec();
        match &self.moved[i] {
            Some(key) => args.push(format!("--key-file={key}")),
            None => args.extend([
                "--insecure-dev-key".to_owned(),
                format!("--dev-key=//{}-Vault", PROVINCES[i].name),
            ]),
        }
        let log = self.data.path().join(format!("vault-{i}.log"));
        self.vaults[i] = Some(Running::start("kanglian-vault", &args, &log));
    }

    /// Gives a vault that does not run another key and address; there is one other address.
    pub fn move_vault(&mut self, i: usize, key_file: String) {
        assert!(self.vaults[i].is_none(), "the vault runs");
        assert!(self.moved.iter().all(Option::is_none), "another vault moved");
        self.moved[i] = Some(key_file);
    }

    /// Kills a node at once.
    pub fn kill_node(&mut self, i: usize) {
        drop(self.nodes[i].take());
    }

    /// Kills a vault at once.
    pub fn kill_vault(&mut self, i: usize) {
        drop(self.vaults[i].take());
    }

    /// First port of the consortium, for `--port-base`.
    pub fn port_base(&self) -> u16 {
        self.ports.base()
    }

    /// A node's RPC.
    pub fn rpc(&self, i: usize) -> Rpc {
        Rpc::new(self.ports.rpc(i))
    }

    /// A node's WebSocket URL.
    pub fn node_url(&self, i: usize) -> String {
        format!("ws://127.0.0.1:{}", self.ports.rpc(i))
    }

    /// A vault's base URL.
    pub fn vault_url(&self, i: usize) -> String {
        let place = if self.moved[i].is_some() { PROVINCES.len() } else { i };
        format!("http://127.0.0.1:{}", self.ports.vault(place))
    }

    /// The consortium's folder, for files of the test.
    pub fn folder(&self) -> &std::path::Path {
        self.data.path()
    }

    /// Waits until the node's finalised height reaches `height`.
    pub async fn wait_finalised(&self, i: usize, height: u64) {
        let rpc = self.rpc(i);
        let what = format!("node {i} finalises #{height}");
        eventually(&what, Duration::from_secs(90), || async {
            rpc.finalised().await.filter(|at| *at >= height)
        })
        .await;
    }

    /// Waits until every node that runs has finalised the block in which a command's call is, or
    /// the latest of the blocks when it printed several.
    pub async fn wait_seen(&self, answer: &Value) {
        let one = std::slice::from_ref(answer);
        let answers = answer.as_array().map_or(one, Vec::as_slice);
        let blocks = answers.iter().filter_map(|answer| answer.get("block")?.as_u64());
        let latest = blocks.max().unwrap_or_else(|| panic!("no block is named in {answer}"));
        for (i, _) in self.nodes.iter().enumerate().filter(|(_, node)| node.is_some()) {
            self.wait_finalised(i, latest).await;
        }
    }

    /// Waits until every node that runs has finalised `height`, and checks that they finalised the
    /// same blocks up to it.
    pub async fn same_chain_up_to(&self, height: u64) {
        let running: Vec<_> = (0..self.nodes.len()).filter(|i| self.nodes[*i].is_some()).collect();
        for i in &running {
            self.wait_finalised(*i, height).await;
        }
        for number in 1..=height {
            let mut hashes = Vec::new();
            for i in &running {
                let hash = self.rpc(*i).hash_at(number).await;
                hashes.push(hash.unwrap_or_else(|| panic!("node {i} does not know #{number}")));
            }
            hashes.dedup();
            assert_eq!(hashes.len(), 1, "nodes {running:?} finalised different blocks #{number}");
        }
    }

    /// What node `i` has written so far.
    pub fn node_log(&self, i: usize) -> String {
        self.nodes[i].as_ref().map(Running::log).unwrap_or_default()
    }

    /// What a vault says of itself, with the HTTP status; none when it does not answer.
    pub async fn vault_health(&self, i: usize) -> Option<(u16, Value)> {
        let answer = reqwest::get(format!("{}/health", self.vault_url(i))).await.ok()?;
        let status = answer.status().as_u16();
        Some((status, serde_json::from_slice(&answer.bytes().await.ok()?).ok()?))
    }

    /// Waits until the vault says that it is healthy.
    pub async fn wait_vault(&self, i: usize) {
        let url = format!("{}/health", self.vault_url(i));
        let what = format!("the vault of {} is healthy", PROVINCES[i].name);
        eventually(&what, Duration::from_secs(60), || async {
            reqwest::get(&url).await.ok().filter(|answer| answer.status().is_success())
        })
        .await;
    }
}
