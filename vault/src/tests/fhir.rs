//! FHIR routes: the same decisions and lines as the vault's own.

use super::{uploading::token, *};
use codec::Encode;
use kanglian_primitives::{
    Basis, Instant, ReferralId, SchemaId, payloads, payloads::AccessStatement,
};
use kanglian_sdk::{
    chain::{
        care::{Offer, OfferStatus, Referral, ReferralStatus},
        types::Schema,
    },
    fhir::{audit, consent, document, referral},
    vault::{verify_lines, verify_log_receipt},
    wire::{
        HEADER_ACCESS, HEADER_LOG, SignedAccess, SignedLogReceipt, decode_header, encode_header,
    },
};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use crate::anchor;

fn signed(signer: &SigningKey, ask: &Ask, now: Instant) -> SignedAccess {
    let statement = AccessStatement {
        region: JIANGSU,
        account: signer.account(),
        acting_as: ask.acting_as,
        subject: ask.subject,
        purpose: ask.purpose,
        issued_at: now,
        expires_at: now + 60_000,
    };
    let message = payloads::access(&GENESIS, &statement);
    let signature = AccountSigner::sign(signer, &message).to_vec();
    SignedAccess { statement, scheme: 0, signature }
}

/// A request of somebody signed in, with a statement.
async fn asking(vault: &Vault, signer: &SigningKey, ask: &Ask, path: &str) -> RequestBuilder {
    let token = token(vault, signer).await;
    reqwest::Client::new()
        .get(vault.url.join(path).unwrap())
        .bearer_auth(token)
        .header(HEADER_ACCESS, encode_header(&signed(signer, ask, kanglian_sdk::now())))
}

async fn get(vault: &Vault, signer: &SigningKey, ask: &Ask, path: &str) -> Response {
    asking(vault, signer, ask, path).await.send().await.unwrap()
}

/// A good answer.
async fn resource(response: Response) -> Value {
    let (status, kind) = (response.status(), response.headers()["content-type"].clone());
    let text = response.text().await.unwrap();
    assert_eq!((status.as_u16(), kind.to_str().unwrap()), (200, "application/fhir+json"), "{text}");
    serde_json::from_str(&text).unwrap()
}

/// A refusal: its status and code, said as an OperationOutcome.
async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/fhir+json");
    let outcome: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    assert!(!outcome["issue"][0]["diagnostics"].as_str().unwrap().is_empty());
    (status, outcome["issue"][0]["details"]["text"].as_str().unwrap().to_owned())
}

fn entries(bundle: &Value) -> Vec<Value> {
    assert_eq!((&bundle["resourceType"], &bundle["type"]), (&"Bundle".into(), &"searchset".into()));
    let all = bundle["entry"].as_array().cloned().unwrap_or_default();
    all.into_iter().map(|entry| entry["resource"].clone()).collect()
}

fn next_of(bundle: &Value) -> Option<String> {
    let mut links = bundle["link"].as_array().unwrap().iter();
    let next = links.find(|link| link["relation"] == "next")?;
    Some(next["url"].as_str().unwrap().to_owned())
}

fn path(kind: &str, rest: &str) -> String {
    format!("/fhir/{kind}?patient={PATIENT}{rest}")
}

fn schemas(network: &Network) {
    let schema = |name: &str| Schema {
        block: blocks::MEDICAL,
        name: name.into(),
        level: 4,
        retention_years: 30,
        retired: false,
    };
    let all = [(SchemaId(1), schema("FHIR R4 Observation")), (SchemaId(2), schema("WS/T 500.1"))];
    network.world.script().schemas = all.into();
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_searched_by_type_and_date_under_the_same_decision_and_logged() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    schemas(&network);
    let mut records = Vec::new();
    for seed in 0..3 {
        records.push(network.shared(&sealed(500, seed)).await.claim.record);
    }
    for (number, facts) in (0u64..).zip(network.world.script().records.values_mut()) {
        // 2027-01-01, 02, 03 at noon in China.
        facts.shared_at = 1_798_776_000_000 + number * 86_400_000;
        facts.schema = SchemaId(if number == 2 { 2 } else { 1 });
    }
    let own = Ask::own(PATIENT);
    let all = resource(get(vault, &patient(), &own, &path("DocumentReference", "")).await).await;
    let all = entries(&all);
    assert_eq!(all.len(), 3);
    for one in &all {
        let facts = document::from_document(one).unwrap();
        assert_eq!(network.world.script().records.get(&facts.id), Some(&facts));
    }
    for (search, count) in [
        ("&type=Observation", 2),
        ("&type=urn:kanglian:schema%7C2", 1),
        ("&type=Observation,2", 3),
        ("&type=Patient", 0),
        ("&category=urn:kanglian:business-block%7C0", 3),
        ("&category=7", 0),
        ("&date=2027-01-01", 1),
        ("&date=ge2027-01-02", 2),
        ("&date=ge2027-01-02&date=le2027-01-02", 1),
        ("&date=lt2027-01-01", 0),
        ("&date=2027", 3),
        ("&date=ge2027-01-02&type=Observation", 1),
    ] {
        let path = path("DocumentReference", search);
        let found = resource(get(vault, &patient(), &own, &path).await).await;
        assert_eq!(entries(&found).len(), count, "{search}");
    }
    // Page after page.
    let mut next = Some(path("DocumentReference", "&_count=1&date=2027"));
    let mut seen = Vec::new();
    while let Some(path) = next {
        let page = resource(get(vault, &patient(), &own, &path).await).await;
        seen.extend(entries(&page).into_iter().map(|one| one["id"].clone()));
        next = next_of(&page);
    }
    assert_eq!(seen.len(), 3);
    // A doctor without consent sees nothing, with it the same; both stand in the log.
    let doctors = path("DocumentReference", "");
    let before = vault.app.log.size();
    let refused = refusal(get(vault, &doctor(), &doctors_ask(), &doctors).await).await;
    assert_eq!(refused, (403, "no_consent".to_owned()));
    network.grant(terms(1));
    let response = get(vault, &doctor(), &doctors_ask(), &doctors).await;
    let receipt = response.headers()[HEADER_LOG].to_str().unwrap().to_owned();
    let receipt: SignedLogReceipt = decode_header(&receipt).unwrap();
    assert!(verify_log_receipt(&GENESIS, &receipt, &vault.key));
    assert_eq!((receipt.body.index, vault.app.log.size()), (before + 1, before + 2));
    assert_eq!(entries(&resource(response).await).len(), 3);
    let log = vault.client(patient()).own_log(&PATIENT, None, None).await.unwrap();
    let last: Vec<_> = log.lines.iter().rev().take(2).map(|line| line.entry.basis).collect();
    assert_eq!(last, [Some(Basis::Terms(TermsId(1))), None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_record_is_given_sealed_and_said_to_be_sealed() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    schemas(&network);
    let bytes = sealed(70_000, 1);
    let record = network.shared(&bytes).await.claim.record;
    let id = hex::encode(record.0);
    let (reference, binary) =
        (format!("/fhir/DocumentReference/{id}"), format!("/fhir/Binary/{id}"));
    for path in [&reference, &binary] {
        let refused = refusal(get(vault, &doctor(), &doctors_ask(), path).await).await;
        assert_eq!(refused, (403, "no_consent".to_owned()), "{path}");
    }
    assert_eq!(vault.app.log.size(), 2);
    network.grant(terms(1));
    let found = resource(get(vault, &doctor(), &doctors_ask(), &reference).await).await;
    assert_eq!(found["content"][0]["attachment"]["contentType"], document::SEALED);
    assert_eq!(found["content"][0]["attachment"]["url"], format!("Binary/{id}"));
    let given = get(vault, &doctor(), &doctors_ask(), &binary).await;
    assert_eq!(given.headers()["content-type"], document::SEALED);
    assert!(given.headers().contains_key(HEADER_LOG));
    assert_eq!(given.bytes().await.unwrap(), bytes);
    assert_eq!(vault.app.log.size(), 4);
    // Not inside JSON.
    for (path, accept) in
        [(format!("{binary}?_format=json"), "*/*"), (binary, "application/fhir+json")]
    {
        let request =
            asking(vault, &doctor(), &doctors_ask(), &path).await.header("accept", accept);
        let refused = refusal(request.send().await.unwrap()).await;
        assert_eq!(refused, (406, "not_acceptable".to_owned()));
    }
    for id in ["x", &id[1..], &id.to_uppercase(), &hex::encode([1; 32])] {
        let path = format!("/fhir/DocumentReference/{id}");
        let refused = refusal(get(vault, &doctor(), &doctors_ask(), &path).await).await;
        assert_eq!(refused.0, 404, "{id}");
    }
    // Revoked: nothing any more.
    network.world.script().terms.clear();
    let refused = refusal(get(vault, &doctor(), &doctors_ask(), &reference).await).await;
    assert_eq!(refused, (403, "no_consent".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_without_sign_in_statement_or_a_fresh_node() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let record = network.shared(&sealed(500, 1)).await.claim.record;
    let id = hex::encode(record.0);
    let own = Ask::own(PATIENT);
    let searches = ["DocumentReference", "Consent", "AuditEvent", "ServiceRequest", "Task"];
    let mut paths: Vec<String> = searches.iter().map(|kind| path(kind, "")).collect();
    paths.extend([format!("/fhir/DocumentReference/{id}"), format!("/fhir/Binary/{id}")]);
    for path in &paths {
        let url = vault.url.join(path).unwrap();
        let response = reqwest::get(url.clone()).await.unwrap();
        assert_eq!(refusal(response).await, (401, "not_signed_in".to_owned()), "{path}");
        if !path.contains("AuditEvent") {
            let token = token(vault, &patient()).await;
            let bare = reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap();
            assert_eq!(refusal(bare).await, (400, "bad_request".to_owned()), "{path}");
            // Another's statement.
            let foreign = signed(&doctor(), &own, kanglian_sdk::now());
            let request = asking(vault, &patient(), &own, path).await;
            let (client, request) = request.build_split();
            let mut request = request.unwrap();
            request.headers_mut().insert(HEADER_ACCESS, encode_header(&foreign).parse().unwrap());
            let refused = refusal(client.execute(request).await.unwrap()).await;
            assert_eq!(refused, (403, "wrong_account".to_owned()), "{path}");
        }
    }
    *vault.node.ages.lock().unwrap() = (7_500, 0);
    for path in &paths {
        let refused = refusal(get(vault, &patient(), &own, path).await).await;
        assert_eq!(refused, (503, "stale".to_owned()), "{path}");
    }
    *vault.node.ages.lock().unwrap() = (0, 0);
    assert_eq!(vault.app.log.size(), 0);
    for path in &paths {
        assert_eq!(get(vault, &patient(), &own, path).await.status(), 200, "{path}");
    }
    // A log that contradicts the chain: nothing may be read that could not be logged.
    vault.app.log.check_anchor(1, &[9; 32]);
    for path in paths.iter().filter(|path| !path.contains("AuditEvent")) {
        let refused = refusal(get(vault, &patient(), &own, path).await).await;
        assert_eq!(refused, (503, "log_broken".to_owned()), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_searches_are_refused_with_their_parameter() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let own = Ask::own(PATIENT);
    let other = format!("/fhir/Consent?patient={OTHER_PATIENT}");
    for (path, expected) in [
        ("/fhir/DocumentReference".to_owned(), (400, "bad_search")),
        ("/fhir/DocumentReference?patient=x".to_owned(), (400, "bad_request")),
        (path("DocumentReference", "&date=yesterday"), (400, "bad_search")),
        (path("DocumentReference", "&date=ap2027"), (400, "bad_search")),
        (path("DocumentReference", "&_count=0"), (400, "bad_search")),
        (path("DocumentReference", "&_cursor=x"), (400, "bad_request")),
        (path("Consent", "&_cursor=x"), (400, "bad_request")),
        (path("AuditEvent", "&_cursor=x"), (400, "bad_request")),
        (path("DocumentReference", "&_format=xml"), (406, "not_acceptable")),
        (other, (400, "bad_request")),
        ("/fhir/Patient".to_owned(), (404, "no_such_path")),
    ] {
        let (status, code) = refusal(get(vault, &patient(), &own, &path).await).await;
        assert_eq!((status, code.as_str()), expected, "{path}");
    }
    let post = reqwest::Client::new().post(vault.url.join("/fhir/Consent").unwrap());
    assert_eq!(refusal(post.send().await.unwrap()).await, (405, "wrong_method".to_owned()));
    // Unknown parameters: as the client prefers.
    let odd = path("DocumentReference", "&status=current");
    let lenient = resource(get(vault, &patient(), &own, &odd).await).await;
    assert_eq!(entries(&lenient)[0]["resourceType"], "OperationOutcome");
    let strict = asking(vault, &patient(), &own, &odd).await.header("prefer", "handling=strict");
    assert_eq!(refusal(strict.send().await.unwrap()).await, (400, "bad_search".to_owned()));
    // The vault's own routes keep their own words.
    let native = reqwest::get(vault.url.join("/nowhere").unwrap()).await.unwrap();
    assert_eq!(native.headers()["content-type"], "application/json");
}

#[tokio::test(flavor = "multi_thread")]
async fn consents_and_referrals_are_told_to_the_person_and_to_who_they_are_about() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    network.grant(terms(1));
    let hospital_grantee = Grantee::Institution(hospital_id());
    network.world.script().terms.push((PATIENT, hospital_grantee, terms(2)));
    let offer = |to| Offer { to, terms: TermsId(9), status: OfferStatus::Offered };
    let made = |by, to| Referral {
        by,
        request: None,
        at: 1_790_000_000_000,
        until: 1_790_000_900_000,
        offers: vec![offer(to)],
        status: ReferralStatus::Offered,
        result: None,
        ended_at: None,
    };
    let elsewhere = Grantee::Institution(InstitutionId::from_parts(330_100, 9));
    let referrals = [
        (PATIENT, ReferralId(1), made(None, elsewhere)),
        (PATIENT, ReferralId(2), made(Some(doctor_at_hospital()), elsewhere)),
        (PATIENT, ReferralId(3), made(Some(elsewhere), doctor_at_hospital())),
        (OTHER_PATIENT, ReferralId(1), made(None, doctor_at_hospital())),
    ];
    network.world.script().referrals = referrals.to_vec();
    let own = Ask::own(PATIENT);
    let find = |signer: SigningKey, ask: Ask, path: String| async move {
        resource(get(vault, &signer, &ask, &path).await).await
    };
    let all = entries(&find(patient(), own, path("Consent", "")).await);
    let read: Vec<_> = all.iter().map(|one| consent::from_consent(one).unwrap()).collect();
    let expected =
        [(PATIENT, doctor_at_hospital(), terms(1)), (PATIENT, hospital_grantee, terms(2))];
    assert_eq!(read, expected);
    let doctors = entries(&find(doctor(), doctors_ask(), path("Consent", "")).await);
    assert_eq!(doctors.len(), 1);
    assert_eq!(consent::from_consent(&doctors[0]).unwrap(), expected[0]);
    for (kind, persons, doctors) in [("ServiceRequest", 3, 2), ("Task", 3, 2)] {
        assert_eq!(entries(&find(patient(), own, path(kind, "")).await).len(), persons);
        assert_eq!(entries(&find(doctor(), doctors_ask(), path(kind, "")).await).len(), doctors);
    }
    // Together they are the referral again.
    let request = entries(&find(patient(), own, path("ServiceRequest", "")).await)[1].clone();
    let task = entries(&find(patient(), own, path("Task", "")).await)[1].clone();
    let bundle = serde_json::json!({ "entry": [{ "resource": request }, { "resource": task }] });
    assert_eq!(referral::from_bundle(&bundle).unwrap(), referrals[1]);
    // Pages.
    let first = find(patient(), own, path("ServiceRequest", "&_count=2")).await;
    let second = find(patient(), own, next_of(&first).unwrap()).await;
    assert_eq!((entries(&first).len(), entries(&second).len()), (2, 1));
    assert_eq!(next_of(&second), None);
    for kind in ["Consent", "ServiceRequest", "Task"] {
        let refused = refusal(get(vault, &stranger(), &doctors_ask(), &path(kind, "")).await).await;
        assert_eq!(refused, (403, "not_acting_as".to_owned()), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_log_comes_as_audit_events_that_prove_themselves() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let record = network.shared(&sealed(500, 1)).await.claim.record;
    network.grant(terms(1));
    let reader = vault.client(doctor());
    for _ in 0..5 {
        read(&reader, &doctors_ask(), &record).await.unwrap();
    }
    anchor::step(&vault.app).await.unwrap();
    let own = Ask::own(PATIENT);
    let mut lines = Vec::new();
    let mut next = Some(path("AuditEvent", "&_count=2"));
    let mut anchors = Vec::new();
    while let Some(path) = next {
        let page = resource(get(vault, &patient(), &own, &path).await).await;
        anchors.extend(audit::anchors_of(&page));
        lines.extend(entries(&page).iter().map(|event| audit::from_audit_event(event).unwrap()));
        next = next_of(&page);
    }
    assert_eq!(lines.len(), 5);
    let (size, root) = *network.world.script().anchors.get(&JIANGSU).unwrap();
    assert!(anchors.iter().all(|anchor| *anchor == (JIANGSU, size, root)));
    let wire: Vec<_> = lines.iter().map(|line| line.wire()).collect();
    let check = |wire: Vec<_>| verify_lines(&GENESIS, JIANGSU, &PATIENT, Some((size, root)), wire);
    assert!(check(wire.clone()).unwrap().iter().all(|line| line.anchored));
    // One removed, one altered.
    let mut removed = wire.clone();
    removed.remove(2);
    assert!(check(removed).is_err());
    let mut altered = lines;
    altered[3].entry.at += 1;
    assert!(check(altered.iter().map(|line| line.wire()).collect()).is_err());
    assert!(!altered[3].entry.encode().is_empty());
    // Of no interest to others, and by date.
    for signer in [doctor(), stranger()] {
        let refused = refusal(get(vault, &signer, &own, &path("AuditEvent", "")).await).await;
        assert_eq!(refused.0, 404);
    }
    let future = path("AuditEvent", "&date=gt2200");
    assert!(entries(&resource(get(vault, &patient(), &own, &future).await).await).is_empty());
    let past = path("AuditEvent", "&date=ge2020&date=lt2200");
    assert_eq!(entries(&resource(get(vault, &patient(), &own, &past).await).await).len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_capability_statement_names_what_the_router_serves() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let found =
        resource(reqwest::get(vault.url.join("/fhir/metadata").unwrap()).await.unwrap()).await;
    assert_eq!(found["resourceType"], "CapabilityStatement");
    for offered in found["rest"][0]["resource"].as_array().unwrap() {
        let kind = offered["type"].as_str().unwrap();
        for interaction in offered["interaction"].as_array().unwrap() {
            let path = match interaction["code"].as_str().unwrap() {
                "read" => format!("/fhir/{kind}/x"),
                _ => format!("/fhir/{kind}"),
            };
            let response = reqwest::get(vault.url.join(&path).unwrap()).await.unwrap();
            assert_eq!(response.status(), 401, "{path}");
        }
    }
}
