use super::{reading::resident, *};
use kanglian_sdk::wire;
use serde_json::Value;
use utoipa::OpenApi;

/// The description as it was reviewed. After an intended change, run the tests with
/// `KANGLIAN_UPDATE_SNAPSHOT=1` and look at the difference.
const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

#[test]
fn the_description_is_the_reviewed_one() {
    let mut text = http::openapi::Api::openapi().to_pretty_json().unwrap();
    text.push('\n');
    if std::env::var_os("KANGLIAN_UPDATE_SNAPSHOT").is_some() {
        std::fs::write(SNAPSHOT, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(SNAPSHOT).unwrap(), text);
}

/// Field names of a schema.
fn fields(schema: &str) -> Vec<String> {
    let api = serde_json::to_value(http::openapi::Api::openapi()).unwrap();
    let properties = &api["components"]["schemas"][schema]["properties"];
    let mut names: Vec<_> = properties.as_object().unwrap().keys().cloned().collect();
    names.sort();
    names
}

#[test]
fn schemas_have_the_fields_of_the_wire_types() {
    let text = || "x".to_owned();
    let receipt = wire::ReceiptBody { region: JIANGSU, expires_at: 1, signature: text() };
    let anchor = wire::Anchor { size: 1, root: [1; 32], block: 1 };
    let line = wire::LogLine { index: 1, salt: text(), entry: text(), proof: None };
    let values: [(&str, Value); 14] = [
        ("ErrorBody", json(&wire::ErrorBody { code: text(), message: text() })),
        ("ChallengeRequest", json(&wire::ChallengeRequest { account: text() })),
        ("ChallengeReply", json(&wire::ChallengeReply { text: text(), expires_at: 1 })),
        (
            "LoginRequest",
            json(&wire::LoginRequest {
                account: text(),
                text: text(),
                signature: text(),
                scheme: Some(wire::Scheme::Sr25519),
            }),
        ),
        ("LoginReply", json(&wire::LoginReply { token: text(), expires_at: 1 })),
        ("ReceiptBody", json(&receipt)),
        ("UploadReply", json(&wire::UploadReply { receipts: vec![receipt], replicas: vec![] })),
        ("BundleReply", json(&wire::BundleReply { replicas: vec![] })),
        ("FilePage", json(&kanglian_primitives::FilePage::default())),
        ("Anchor", json(&anchor)),
        ("LogLine", json(&line)),
        (
            "LogReply",
            json(&wire::LogReply {
                size: 1,
                root: [1; 32],
                anchor: Some(anchor),
                proof_size: 1,
                entries: vec![line],
                next: None,
            }),
        ),
        (
            "InclusionReply",
            json(&wire::InclusionReply { index: 0, size: 1, leaf: [1; 32], proof: vec![] }),
        ),
        (
            "ConsistencyReply",
            json(&wire::ConsistencyReply {
                from: 1,
                to: 2,
                from_root: [1; 32],
                to_root: [2; 32],
                proof: vec![],
            }),
        ),
    ];
    for (schema, value) in values {
        let mut names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        names.sort();
        assert_eq!(fields(schema), names, "{schema}");
    }
}

fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_see_health_metrics_and_the_description() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    network.shared(&sealed(1_000, 1)).await;
    let client = vault.client(patient());
    let health = client.health().await.unwrap();
    assert_eq!((health.status.as_str(), health.region), ("ok", JIANGSU));
    assert_eq!(health.account, vault.app.identity.account().to_string());
    let mut names = fields("Health");
    names.retain(|name| json(&health).get(name).is_none());
    assert!(names.is_empty());
    let get = |path: &str| {
        let url = vault.url.join(path).unwrap();
        async move { reqwest::get(url).await.unwrap().text().await.unwrap() }
    };
    let metrics = get("/metrics").await;
    for name in ["kanglian_vault_uploads_total", "kanglian_vault_objects", "requests_total"] {
        assert!(metrics.contains(name), "{name}");
    }
    assert!(!metrics.contains("0x"), "metrics name nobody");
    // How long the chain takes to decide on a read, as a histogram.
    let record = network.shared(&sealed(1_000, 2)).await.claim.record;
    read(&client, &Ask::own(PATIENT), &record).await.unwrap();
    let refused = read(&vault.client(doctor()), &doctors_ask(), &record).await;
    assert_eq!(code(refused), "no_consent");
    let metrics = get("/metrics").await;
    assert!(metrics.contains("# TYPE kanglian_vault_consent_check_seconds histogram"), "{metrics}");
    for line in [
        "_bucket{result=\"allowed\",le=\"0.01\"}",
        "_sum{result=\"allowed\"}",
        "_count{result=\"allowed\"} 1",
        "_count{result=\"refused\"} 1",
    ] {
        assert!(metrics.contains(&format!("kanglian_vault_consent_check_seconds{line}")), "{line}");
    }
    let described: Value = serde_json::from_str(&get("/openapi.json").await).unwrap();
    assert_eq!(described["info"]["title"], "Kanglian vault");
    assert!(get("/nowhere").await.contains("no_such_path"));
    let url = vault.url.join("/v1/login").unwrap();
    assert_eq!(reqwest::get(url).await.unwrap().status(), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_durations_do_not_pile_up() {
    let _network = Network::start(&[JIANGSU]).await;
    let before = resident();
    let histogram = metrics::histogram!("kanglian_vault_test_seconds");
    // Each lies in memory by itself until it is counted: 300,000 take some 7 MB.
    for _ in 0..8 {
        for number in 0..300_000 {
            histogram.record(f64::from(number));
        }
        tokio::time::sleep(Duration::from_millis(1_200)).await;
    }
    let grown = resident().saturating_sub(before);
    assert!(grown < 36 << 20, "grew by {grown} bytes");
}
