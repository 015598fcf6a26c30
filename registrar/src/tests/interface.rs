//! The description, health and metrics.

use kanglian_sdk::{registrar::wire, wire::ConsistencyReply};
use serde_json::Value;
use utoipa::OpenApi;

use super::{world::*, *};

/// The description as it was reviewed. After an intended change, run the tests with
/// `KANGLIAN_UPDATE_SNAPSHOT=1` and look at the difference.
const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

#[test]
fn the_description_is_the_reviewed_one() {
    let mut text = crate::openapi::Api::openapi().to_pretty_json().unwrap();
    text.push('\n');
    if std::env::var_os("KANGLIAN_UPDATE_SNAPSHOT").is_some() {
        std::fs::write(SNAPSHOT, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(SNAPSHOT).unwrap(), text);
}

/// Field names of a schema.
fn fields(schema: &str) -> Vec<String> {
    let api = serde_json::to_value(crate::openapi::Api::openapi()).unwrap();
    let properties = &api["components"]["schemas"][schema]["properties"];
    let mut names: Vec<_> = properties.as_object().unwrap().keys().cloned().collect();
    names.sort();
    names
}

fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn schemas_have_the_fields_of_the_wire_types() {
    let text = || "x".to_owned();
    let body = wire::SignedBody { statement: text(), scheme: 0, signature: text() };
    let receipt = wire::LineReceipt { index: 1, leaf: [1; 32], signature: text() };
    let line = wire::RegistrarLine { index: 1, salt: [1; 32], entry: text() };
    let open = wire::OpenEvaluation { evaluation: 1, at: 1 };
    let values: [(&str, Value); 12] = [
        ("SignedBody", json(&body)),
        ("EvaluateRequest", json(&wire::EvaluateRequest { element: [1; 32], request: body })),
        ("LineReceipt", json(&receipt)),
        (
            "EvaluateReply",
            json(&wire::EvaluateReply {
                evaluation: 1,
                element: [1; 32],
                proof: text(),
                outcome_until: 1,
                receipt: receipt.clone(),
            }),
        ),
        ("OutcomeReply", json(&wire::OutcomeReply { receipt })),
        ("OpenEvaluation", json(&open)),
        (
            "OpenReply",
            json(&wire::OpenReply { open: vec![open], overdue_after: 1, overdue_limit: 1 }),
        ),
        (
            "LogHead",
            json(&wire::LogHead {
                registrar: [1; 32],
                genesis: [1; 32],
                size: 1,
                root: [1; 32],
                at: 1,
                signature: text(),
            }),
        ),
        ("RegistrarLine", json(&line)),
        ("EntriesReply", json(&wire::EntriesReply { size: 1, entries: vec![line] })),
        (
            "InclusionReply",
            json(&wire::InclusionReply { index: 1, size: 1, root: [1; 32], proof: vec![] }),
        ),
        (
            "ConsistencyReply",
            json(&ConsistencyReply {
                from: 1,
                to: 1,
                from_root: [1; 32],
                to_root: [1; 32],
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

#[tokio::test(flavor = "multi_thread")]
async fn operators_see_health_metrics_and_the_description() {
    let network = Network::single(limits()).await;
    network.person(DOCUMENT).await;
    let health = network.client(hospital()).health(1).await.unwrap();
    assert_eq!((health.status.as_str(), health.index, health.log_size), ("ok", 1, 1));
    assert_eq!((health.best, health.finalised, health.epoch), (12, 10, 0));
    let mut names: Vec<_> = json(&health).as_object().unwrap().keys().cloned().collect();
    names.sort();
    assert_eq!(fields("RegistrarHealth"), names);
    let get = |path: &str| {
        let url = format!("{}{path}", network.registrars[0].url);
        async move { reqwest::get(url).await.unwrap().text().await.unwrap() }
    };
    let metrics = get("/metrics").await;
    for name in ["registrar_evaluations_total", "registrar_log_lines", "requests_total"] {
        assert!(metrics.contains(name), "{name}");
    }
    let described: Value = serde_json::from_str(&get("/openapi.json").await).unwrap();
    assert_eq!(described["info"]["title"], "Kanglian registrar");
    let set: kanglian_sdk::registrar::RegistrarSet =
        serde_json::from_str(&get("/v1/registrars").await).unwrap();
    assert_eq!(set, network.set);
    assert!(get("/nowhere").await.contains("no_such_path"));
    assert!(get("/v1/evaluate").await.contains("wrong_method"));
}
