//! A real consortium's beginning: keys from the ceremony, a genesis out of the cards, a chain that
//! finalises with them; and the genesis of the checkout against that of the binary.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use kanglian_e2e::{Finished, Ports, Rpc, Running, bin_dir, eventually, finish};
use serde_json::Value;
use tempfile::TempDir;

/// How long one script may take.
const LIMIT: Duration = Duration::from_secs(180);
/// Division codes and names.
const PROVINCES: [(&str, &str); 4] =
    [("320000", "江苏"), ("330000", "浙江"), ("310000", "上海"), ("440000", "广东")];
/// The network's folder among those that `KANGLIAN_CHAIN_SPECS` names.
const NETWORK: &str = "trial";

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ has a parent").to_path_buf()
}

fn text(path: &Path) -> String {
    path.to_str().expect("paths are UTF-8").to_owned()
}

fn json(path: &Path) -> Value {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A folder for a ceremony; the scripts find the binaries and the network in it.
struct Ceremony {
    folder: TempDir,
}

impl Ceremony {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        fs::create_dir(folder.path().join("target")).expect("a folder is made");
        symlink(bin_dir(), folder.path().join("target/release")).expect("a link is made");
        let network = folder.path().join("chain-specs").join(NETWORK);
        fs::create_dir_all(&network).expect("the network's folder is made");
        let template = checkout().join("chain-specs/staging/network.json");
        fs::copy(template, network.join("network.json")).expect("the template is copied");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn script(&self, name: &str, args: &[&str]) -> Finished {
        let mut command = Command::new("bash");
        command.arg(checkout().join("scripts").join(name)).args(args);
        command.env("CARGO_TARGET_DIR", self.path("target"));
        command.env("KANGLIAN_CHAIN_SPECS", self.path("chain-specs"));
        finish(&mut command, "", LIMIT, &format!("{name} {}", args.join(" ")))
    }

    fn runs(&self, name: &str, args: &[&str]) {
        let Finished { code, output, errors } = self.script(name, args);
        assert_eq!(code, Some(0), "{name} {args:?}\n{output}\n{errors}");
    }

    fn refuses(&self, args: &[&str], why: &str) {
        let Finished { code, output, errors } = self.script("key-ceremony.sh", args);
        assert_eq!(code, Some(1), "{args:?}\n{output}\n{errors}");
        assert!(errors.contains(why), "{args:?} says nothing of `{why}`: {errors}");
    }

    fn keys(&self, i: usize) -> PathBuf {
        self.path(&format!("keys-{i}"))
    }

    fn card(&self, i: usize) -> String {
        text(&self.keys(i).join(format!("{}.json", PROVINCES[i].0)))
    }

    /// A province makes its keys, with the ports of its node and vault on this machine.
    fn province(&self, i: usize, ports: &Ports) {
        let (region, name) = PROVINCES[i];
        let url = format!("http://127.0.0.1:{}", ports.vault(i));
        let peer = format!("/ip4/127.0.0.1/tcp/{}", ports.peer(i));
        let out = text(&self.keys(i));
        let args = [
            "province",
            "--region",
            region,
            "--name",
            name,
            "--vault-url",
            &url,
            "--peer",
            &peer,
            "--out",
            &out,
        ];
        self.runs("key-ceremony.sh", &args);
        self.refuses(&args, "never overwrites a key");
    }

    /// The node of a province, with nothing but its ceremony's keys and the raw spec.
    fn start_node(&self, i: usize, ports: &Ports) -> Running {
        let keys = self.keys(i);
        let flags = ["--validator", "--no-telemetry", "--no-mdns", "--allow-private-ip"];
        let mut args: Vec<String> = flags.map(str::to_owned).to_vec();
        args.extend([
            format!("--base-path={}", text(&self.path(&format!("node-{i}")))),
            format!("--chain={}", text(&self.path("built/raw.json"))),
            format!("--name={}", PROVINCES[i].0),
            format!("--node-key-file={}", text(&keys.join("node-key"))),
            format!("--keystore-path={}", text(&keys.join("keystore"))),
            "--database=paritydb".to_owned(),
            format!("--listen-addr=/ip4/127.0.0.1/tcp/{}", ports.peer(i)),
            format!("--rpc-port={}", ports.rpc(i)),
            format!("--prometheus-port={}", ports.metrics(i)),
        ]);
        Running::start("kanglian-node", &args, &self.path(&format!("node-{i}.log")))
    }

    /// The vault of a province, with its ceremony's key.
    fn start_vault(&self, i: usize, ports: &Ports) -> Running {
        let args = [
            "run".to_owned(),
            format!("--region={}", PROVINCES[i].0),
            format!("--data={}", text(&self.path(&format!("vault-{i}")))),
            format!("--listen=127.0.0.1:{}", ports.vault(i)),
            format!("--public-url=http://127.0.0.1:{}", ports.vault(i)),
            format!("--node=ws://127.0.0.1:{}", ports.rpc(i)),
            format!("--key-file={}", text(&self.keys(i).join("vault.key"))),
        ];
        Running::start("kanglian-vault", &args, &self.path(&format!("vault-{i}.log")))
    }
}

fn assemble<'a>(cards: &[&'a str]) -> Vec<&'a str> {
    [&["assemble", NETWORK], cards].concat()
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is read");
    let paths = entries.map(|entry| entry.expect("an entry is read").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn the_key_ceremony_gives_a_network_that_finalises() {
    let ceremony = Ceremony::new();
    let ports = Ports::free();
    for i in 0..PROVINCES.len() {
        ceremony.province(i, &ports);
        for file in files(&ceremony.keys(i)) {
            let mode = fs::metadata(&file).expect("the file is there").permissions().mode();
            let public = text(&file) == ceremony.card(i);
            assert!(public || mode & 0o077 == 0, "{} is readable by others", file.display());
        }
    }
    let regulator = text(&ceremony.path("regulator"));
    ceremony.runs("key-ceremony.sh", &["regulator", "--out", &regulator]);
    let regulator = format!("{regulator}/regulator.json");

    // Doubled, missing and wrong cards are refused and nothing is written.
    let cards: Vec<String> = (0..PROVINCES.len()).map(|i| ceremony.card(i)).collect();
    let [a, b, c, d] = [&cards[0], &cards[1], &cards[2], &cards[3]].map(String::as_str);
    ceremony.refuses(&assemble(&[a, b, c, d, &regulator, a]), "used twice: 320000");
    ceremony.refuses(&assemble(&[a, b, c, &regulator]), "at least four provinces");
    ceremony.refuses(&assemble(&[a, b, c, d]), "exactly one regulator");
    ceremony.refuses(&assemble(&[a, b, c, d, &regulator, &regulator]), "used twice");
    let network = ceremony.path("chain-specs").join(NETWORK);
    ceremony.refuses(&assemble(&[a, b, c, &text(&network.join("network.json"))]), "is no card");
    // Another province's card with a key of the first.
    let mut borrowed = json(Path::new(b));
    borrowed["vault"] = json(Path::new(a))["vault"].clone();
    let forged = text(&ceremony.path("forged.json"));
    fs::write(&forged, borrowed.to_string()).expect("the card is written");
    ceremony.refuses(&assemble(&[a, &forged, c, d, &regulator]), "used twice: 0x");
    assert!(!network.join("genesis.json").exists());

    ceremony.runs("key-ceremony.sh", &assemble(&[a, b, c, d, &regulator]));
    let built = text(&ceremony.path("built"));
    ceremony.runs("build-spec.sh", &[NETWORK, &built]);

    let mut nodes: Vec<_> = (0..PROVINCES.len()).map(|i| ceremony.start_node(i, &ports)).collect();
    for (i, node) in nodes.iter_mut().enumerate() {
        let rpc = Rpc::new(ports.rpc(i));
        eventually(&format!("{} finalises", PROVINCES[i].1), Duration::from_secs(120), || async {
            rpc.finalised().await.filter(|height| *height >= 3)
        })
        .await;
        assert!(node.is_running());
    }
    let mut hashes = Vec::new();
    for i in 0..PROVINCES.len() {
        hashes.push(Rpc::new(ports.rpc(i)).hash_at(3).await.expect("the block is known"));
    }
    hashes.dedup();
    assert_eq!(hashes.len(), 1, "all four finalised the same block");

    // The vault's key is the one that the chain names for its province.
    let _vault = ceremony.start_vault(0, &ports);
    let url = format!("http://127.0.0.1:{}/health", ports.vault(0));
    let health = eventually("the vault is healthy", Duration::from_secs(60), || async {
        let answer = reqwest::get(&url).await.ok().filter(|answer| answer.status().is_success())?;
        serde_json::from_slice::<Value>(&answer.bytes().await.ok()?).ok()
    })
    .await;
    assert_eq!(health["region"], 320_000);
}

/// Numbers included: an amount that became `1e+16` on its way is none to the runtime.
#[test]
fn the_local_network_of_the_checkout_is_the_preset_of_the_binary() {
    let ceremony = Ceremony::new();
    let exported = ceremony.path("local.json");
    let mut export = Command::new(bin_dir().join("kanglian-node"));
    export.args(["export-chain-spec", "--chain", "local", "--output"]).arg(&exported);
    assert_eq!(finish(&mut export, "", LIMIT, "export-chain-spec").code, Some(0));
    let exported = json(&exported);

    let local = checkout().join("chain-specs/local");
    assert_eq!(json(&local.join("genesis.json")), exported["genesis"]["runtimeGenesis"]["patch"]);
    let network = json(&local.join("network.json"));
    for (name, value) in network.as_object().expect("it has fields") {
        assert_eq!(exported.get(name), Some(value), "{name}");
    }

    // And what build-spec.sh makes of it is the preset's raw spec, to the byte.
    let copy = ceremony.path("chain-specs/local");
    fs::create_dir(&copy).expect("a folder is made");
    for name in ["genesis.json", "network.json"] {
        fs::copy(local.join(name), copy.join(name)).expect("the file is copied");
    }
    ceremony.runs("build-spec.sh", &["local", &text(&ceremony.path("built"))]);
    let raw = ceremony.path("raw.json");
    let mut export = Command::new(bin_dir().join("kanglian-node"));
    export.args(["export-chain-spec", "--chain", "local", "--raw", "--output"]).arg(&raw);
    assert_eq!(finish(&mut export, "", LIMIT, "export-chain-spec --raw").code, Some(0));
    let same = fs::read(raw).ok() == fs::read(ceremony.path("built/raw.json")).ok();
    assert!(same, "the raw spec of the checkout is not the preset's");
}
