//! A consortium of four provinces on this machine.

use std::{path::PathBuf, time::Duration};

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

/// Nodes and vaults of a consortium; all end when it is dropped.
pub struct Consortium {
    data: TempDir,
    spec: PathBuf,
    ports: Ports,
    nodes: Vec<Option<Running>>,
    vaults: Vec<Option<Running>>,
    boot: Option<String>,
}

impl Consortium {
    /// Starts four nodes and waits until the chain finalises in each.
    pub async fn start() -> Self {
        let mut consortium = Self::prepare();
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
        for i in 0..PROVINCES.len() {
            consortium.start_vault(i);
        }
        for i in 0..PROVINCES.len() {
            consortium.wait_vault(i).await;
        }
        consortium
    }

    fn prepare() -> Self {
        let data = TempDir::new().expect("a temporary folder can be made");
        let ports = Ports::free();
        let plain = data.path().join("plain.json");
        let spec = data.path().join("spec.json");
        let text = |path: &PathBuf| path.to_str().expect("paths are UTF-8").to_owned();
        run("kanglian-node", &["export-chain-spec", "--chain", "local", "--output", &text(&plain)]);
        let mut json = std::fs::read_to_string(&plain).expect("the spec was written");
        for i in 0..PROVINCES.len() {
            let usual = format!("http://127.0.0.1:{}\"", 8600 + i);
            json = json.replace(&usual, &format!("http://127.0.0.1:{}\"", ports.vault(i)));
        }
        std::fs::write(&plain, json).expect("the spec is written");
        run(
            "kanglian-node",
            &["export-chain-spec", "--chain", &text(&plain), "--raw", "--output", &text(&spec)],
        );
        Self {
            data,
            spec,
            ports,
            nodes: PROVINCES.iter().map(|_| None).collect(),
            vaults: PROVINCES.iter().map(|_| None).collect(),
            boot: None,
        }
    }

    /// Starts the node of province `i`; the first start makes its keys.
    pub fn start_node(&mut self, i: usize) {
        let base = self.data.path().join(format!("node-{i}"));
        let base_text = base.to_str().expect("paths are UTF-8").to_owned();
        let spec = self.spec.to_str().expect("paths are UTF-8").to_owned();
        let node_key = base.join("node-key").to_str().expect("paths are UTF-8").to_owned();
        if !base.exists() {
            std::fs::create_dir_all(&base).expect("the node's folder is made");
            let answer = run("kanglian-node", &["key", "generate-node-key", "--file", &node_key]);
            let peer = answer.lines().last().unwrap_or_default().trim().to_owned();
            let suri = format!("//{}", PROVINCES[i].name);
            for (scheme, kind) in [("sr25519", "aura"), ("ed25519", "gran")] {
                run(
                    "kanglian-node",
                    &[
                        "key",
                        "insert",
                        "--base-path",
                        &base_text,
                        "--chain",
                        &spec,
                        "--scheme",
                        scheme,
                        "--suri",
                        &suri,
                        "--key-type",
                        kind,
                    ],
                );
            }
            if self.boot.is_none() {
                let port = self.ports.peer(i);
                self.boot = Some(format!("/ip4/127.0.0.1/tcp/{port}/p2p/{peer}"));
            }
        }
        let mut args: Vec<String> = [
            "--base-path",
            &base_text,
            "--chain",
            &spec,
            "--validator",
            "--name",
            PROVINCES[i].name,
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
            format!("--listen-addr=/ip4/127.0.0.1/tcp/{}", self.ports.peer(i)),
            format!("--rpc-port={}", self.ports.rpc(i)),
            format!("--prometheus-port={}", self.ports.metrics(i)),
        ]);
        if let Some(boot) = self.boot.as_ref().filter(|_| i != 0) {
            args.extend(["--bootnodes".to_owned(), boot.clone()]);
        }
        let log = self.data.path().join(format!("node-{i}.log"));
        self.nodes[i] = Some(Running::start("kanglian-node", &args, &log));
    }

    /// Starts the vault of province `i`.
    pub fn start_vault(&mut self, i: usize) {
        let folder = self.data.path().join(format!("vault-{i}"));
        let args: Vec<String> = [
            "run".to_owned(),
            format!("--region={}", PROVINCES[i].region),
            format!("--data={}", folder.display()),
            format!("--listen=127.0.0.1:{}", self.ports.vault(i)),
            format!("--public-url={}", self.vault_url(i)),
            format!("--node={}", self.node_url(i)),
            "--insecure-dev-key".to_owned(),
            format!("--dev-key=//{}-Vault", PROVINCES[i].name),
        ]
        .to_vec();
        let log = self.data.path().join(format!("vault-{i}.log"));
        self.vaults[i] = Some(Running::start("kanglian-vault", &args, &log));
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
        format!("http://127.0.0.1:{}", self.ports.vault(i))
    }

    /// The consortium's folder, for files of the test.
    pub fn folder(&self) -> &std::path::Path {
        self.data.path()
    }

    /// Waits until the node's finalised height reaches `height`.
    pub async fn wait_finalised(&self, i: usize, height: u64) {
        let rpc = self.rpc(i);
        let what = format!("{} finalises #{height}", PROVINCES[i].name);
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
