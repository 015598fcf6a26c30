//! The chain by itself: finality, a killed node, presets, stock clients.

use std::{process::Command, time::Duration};

use kanglian_e2e::{Consortium, Rpc, Running, eventually, free_port};

#[tokio::test]
async fn four_authorities_finalise_the_same_chain_and_go_on_without_one() {
    let mut consortium = Consortium::start().await;

    // Finality goes on with three of four.
    let before = consortium.rpc(0).finalised().await.expect("the node answers");
    consortium.kill_node(3);
    consortium.wait_finalised(0, before + 12).await;

    // The fourth comes back and catches up.
    consortium.start_node(3);
    let target = consortium.rpc(0).finalised().await.expect("the node answers") + 3;
    consortium.wait_finalised(3, target).await;

    let mut hashes = Vec::new();
    for i in 0..4 {
        consortium.wait_finalised(i, target).await;
        hashes.push(consortium.rpc(i).hash_at(target).await.expect("the block is known"));
    }
    hashes.dedup();
    assert_eq!(hashes.len(), 1, "all four finalised the same block #{target}");
}

#[tokio::test]
async fn nothing_is_finalised_by_two_of_four_and_it_resumes() {
    let mut consortium = Consortium::start().await;
    consortium.kill_node(2);
    consortium.kill_node(3);
    // What was in flight settles; from then on nothing may be finalised.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let stalled = consortium.rpc(0).finalised().await.expect("the node answers");
    let best = consortium.rpc(0).best().await.expect("the node answers");
    eventually("blocks are still made", Duration::from_secs(30), || async {
        consortium.rpc(0).best().await.filter(|height| *height >= best + 4)
    })
    .await;
    assert_eq!(consortium.rpc(0).finalised().await, Some(stalled));

    consortium.start_node(2);
    consortium.start_node(3);
    for i in 0..4 {
        consortium.wait_finalised(i, stalled + 5).await;
    }
    let mut hashes = Vec::new();
    for i in 0..4 {
        hashes.push(consortium.rpc(i).hash_at(stalled + 5).await.expect("the block is known"));
    }
    hashes.dedup();
    assert_eq!(hashes.len(), 1);
}

#[tokio::test]
async fn the_development_preset_finalises_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (rpc, peer, metrics) = (free_port(), free_port(), free_port());
    let args: Vec<String> = [
        "--dev".to_owned(),
        "--no-telemetry".to_owned(),
        format!("--base-path={}", folder.path().display()),
        format!("--rpc-port={rpc}"),
        format!("--listen-addr=/ip4/127.0.0.1/tcp/{peer}"),
        format!("--prometheus-port={metrics}"),
    ]
    .to_vec();
    let _node = Running::start("kanglian-node", &args, &folder.path().join("node.log"));
    let rpc = Rpc::new(rpc);
    eventually("the development chain finalises", Duration::from_secs(60), || async {
        rpc.finalised().await.filter(|height| *height >= 3)
    })
    .await;
}

#[tokio::test]
async fn stock_polkadot_js_reads_metadata_signs_and_submits() {
    let consortium = Consortium::start().await;
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("polkadot-js");
    let install = Command::new("npm")
        .args(["ci", "--silent", "--no-audit", "--no-fund"])
        .current_dir(&root)
        .status()
        .expect("npm runs");
    assert!(install.success(), "npm ci failed");
    let output = Command::new("node")
        .args(["submit.mjs", &consortium.node_url(0)])
        .current_dir(&root)
        .output()
        .expect("node runs");
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
