//! The mappings against HL7's own package `hl7.fhir.r4.examples` (4.0.1), as npm leaves it: its
//! examples go through, and what is made here has the elements that its definitions name.
//!
//! The package lies where the story keeps it, or where `KANGLIAN_FHIR_EXAMPLES` says; when it is
//! absent, the tests say so and pass.

use std::{fs, path::PathBuf};

use kanglian_primitives::{
    BusinessBlockSet, Grantee, InstitutionId, PersonId, Purpose, PurposeSet, blocks,
};
use serde_json::{Value, json, value::RawValue};

use super::{
    audit, bundle,
    consent::{self, Draft, Meaning, draft_of, from_consent, to_consent},
    document, referral,
};
use crate::AccountId;

fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("KANGLIAN_FHIR_EXAMPLES").map(PathBuf::from);
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    let usual = cache.join("kanglian/fhir-r4-examples/node_modules/hl7.fhir.r4.examples");
    let found = given.unwrap_or(usual);
    if !found.is_dir() {
        eprintln!("SKIPPED: HL7's examples are not at {}", found.display());
        return None;
    }
    Some(found)
}

fn text(name: &str) -> Option<String> {
    Some(fs::read_to_string(folder()?.join(name)).unwrap())
}

/// Larger files are dumps of definitions, no examples of care.
const LARGEST: u64 = 1 << 20;

/// All examples of these types: file names and texts.
fn examples(kinds: &[&str]) -> Vec<(String, String)> {
    let Some(folder) = folder() else { return Vec::new() };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.metadata().unwrap().len() > LARGEST {
            continue;
        }
        let name = entry.file_name().into_string().unwrap();
        if kinds.iter().any(|kind| name.starts_with(&format!("{kind}-"))) {
            let text = text(&name).unwrap();
            found.push((name, text));
        }
    }
    found.sort();
    found
}

#[test]
fn every_clinical_example_of_hl7_goes_into_a_bundle_and_comes_out_letter_by_letter() {
    let kinds = [
        "AuditEvent",
        "Bundle",
        "CarePlan",
        "Composition",
        "Condition",
        "Consent",
        "DiagnosticReport",
        "DocumentReference",
        "Encounter",
        "Immunization",
        "MedicationRequest",
        "Observation",
        "Patient",
        "Procedure",
        "Provenance",
        "Questionnaire",
        "ServiceRequest",
        "Task",
    ];
    let examples = examples(&kinds);
    if examples.is_empty() {
        return;
    }
    assert!(examples.len() > 250, "{}", examples.len());
    let opened: Vec<_> = examples
        .iter()
        .map(|(_, text)| bundle::Opened {
            facts: document::tests::facts(),
            schema: None,
            content: Some(RawValue::from_string(text.trim().to_owned()).unwrap()),
        })
        .collect();
    let written = bundle::to_bundle(&opened).unwrap();
    let read = bundle::from_bundle(&written).unwrap();
    assert_eq!(read.len(), examples.len());
    for (read, (name, text)) in read.iter().zip(&examples) {
        assert_eq!(read.content.as_ref().unwrap().get(), text.trim(), "{name}");
    }
    // The examples that are Bundles themselves give their resources.
    for (name, text) in examples.iter().filter(|(name, _)| name.starts_with("Bundle-")) {
        let value: Value = serde_json::from_str(text).unwrap();
        let with = |entry: &&Value| entry.get("resource").is_some();
        let entries = value["entry"].as_array().map_or(&[][..], Vec::as_slice);
        match bundle::resources(text) {
            Ok(resources) => {
                assert_eq!(resources.len(), entries.iter().filter(with).count(), "{name}")
            },
            Err(error) => {
                assert!(!entries.iter().all(|entry| with(&entry)), "{name}: {error}");
            },
        }
    }
}

/// Whom the examples' references mean.
struct Cast;

const PERSON: PersonId = PersonId([7; 32]);

fn hospital() -> Grantee<AccountId> {
    Grantee::Institution(InstitutionId::from_parts(320_100, 1))
}

impl Meaning for Cast {
    fn person(&self, reference: &str) -> Option<PersonId> {
        reference.starts_with("Patient/").then_some(PERSON)
    }
    fn grantee(&self, reference: &str) -> Option<Grantee<AccountId>> {
        (!reference.starts_with("Patient/")).then(hospital)
    }
    fn blocks(&self) -> Option<BusinessBlockSet> {
        Some(BusinessBlockSet::of(blocks::MEDICAL))
    }
    fn purposes(&self) -> Option<PurposeSet> {
        Some(PurposeSet::of(Purpose::Treatment))
    }
}

#[test]
fn consents_of_hl7_that_say_more_than_terms_are_refused_at_their_element() {
    let expected = [
        ("Emergency", "Consent.policyRule"),
        ("Out", "Consent.policyRule"),
        ("basic", "Consent.provision.actor"),
        ("grantor", "Consent.policyRule"),
        ("notAuthor", "Consent.provision.actor[0].role"),
        ("notOrg", "Consent.provision.type"),
        ("notThem", "Consent.provision.action[1]"),
        ("notThis", "Consent.provision.data"),
        ("notTime", "Consent.provision.actor"),
        ("pkb", "Consent.policyRule"),
        ("signature", "Consent.provision.provision"),
        ("smartonfhir", "Consent.provision.provision"),
    ];
    for (name, text) in examples(&["Consent"]) {
        let value: Value = serde_json::from_str(&text).unwrap();
        let known = expected.iter().find(|(one, _)| name.ends_with(&format!("-{one}.json")));
        let (_, path) = known.unwrap_or_else(|| panic!("{name} is new"));
        assert_eq!(draft_of(&value, &Cast).unwrap_err().path, *path, "{name}");
        // None of them is a grant of this chain.
        assert!(from_consent(&value).is_err(), "{name}");
    }
}

/// An example of HL7 with what terms cannot express taken out, and what they need put in.
fn fitted(name: &str, change: impl Fn(&mut Value)) -> Option<Value> {
    let mut value: Value = serde_json::from_str(&text(name)?).unwrap();
    change(&mut value);
    Some(value)
}

#[test]
fn consents_of_hl7_within_what_terms_say_are_read_and_survive_the_way_over_the_chain() {
    let period = json!({ "start": "2027-01-01", "end": "2027-12-31" });
    let fitted_ones = [
        fitted("Consent-consent-example-notThem.json", |value| {
            value["provision"]["action"].as_array_mut().unwrap().truncate(1);
            value["provision"]["period"] = period.clone();
        }),
        fitted("Consent-consent-example-signature.json", |value| {
            value["provision"].as_object_mut().unwrap().remove("provision");
        }),
    ];
    for value in fitted_ones.into_iter().flatten() {
        let draft = draft_of(&value, &Cast).unwrap();
        assert_eq!((draft.person, draft.grantee), (PERSON, hospital()));
        // Granted on chain, exported, read again: the same.
        let id = kanglian_primitives::TermsId(1);
        let terms = kanglian_primitives::Terms::from_template(&draft.terms, id, [3; 32]);
        let exported = to_consent(&(draft.person, draft.grantee, terms), 0);
        assert_eq!(from_consent(&exported), Ok((draft.person, draft.grantee, terms)));
        // Dates without an offset are days in China; the last day counts whole.
        let Draft { terms, .. } = draft;
        assert_eq!((terms.until - terms.from) % 86_400_000, 0);
        // Each element that would permit less or more is noticed.
        for (path, put, named) in [
            ("/provision", json!({ "securityLabel": [] }), "Consent.provision.securityLabel"),
            ("/provision", json!({ "code": [] }), "Consent.provision.code"),
            ("/provision", json!({ "type": "deny" }), "Consent.provision.type"),
            (
                "/provision",
                json!({ "class": [{ "system": "x", "code": "y" }] }),
                "Consent.provision.class[0]",
            ),
            (
                "/provision",
                json!({ "purpose": [{ "system": "x" }] }),
                "Consent.provision.purpose[0]",
            ),
            (
                "/provision",
                json!({ "period": { "start": "2027" } }),
                "Consent.provision.period.end",
            ),
            ("/provision", json!({ "period": { "end": "soon" } }), "Consent.provision.period.end"),
            ("/provision", json!({ "actor": [] }), "Consent.provision.actor"),
            ("", json!({ "status": "draft" }), "Consent.status"),
            ("", json!({ "verification": [{ "verified": true }] }), "Consent.verification"),
            ("", json!({ "modifierExtension": [] }), "Consent.modifierExtension"),
            ("", json!({ "scope": {} }), "Consent.scope"),
            ("", json!({ "patient": { "reference": "Group/1" } }), "Consent.patient"),
        ] {
            let mut changed = value.clone();
            let at = changed.pointer_mut(path).unwrap().as_object_mut().unwrap();
            at.extend(put.as_object().unwrap().clone());
            assert_eq!(draft_of(&changed, &Cast).unwrap_err().path, named);
        }
    }
}

#[test]
fn foreign_resources_are_never_taken_for_our_own() {
    for (name, text) in
        examples(&["AuditEvent", "DocumentReference", "Task", "ServiceRequest", "Provenance"])
    {
        let value: Value = serde_json::from_str(&text).unwrap();
        assert!(audit::from_audit_event(&value).is_err(), "{name}");
        assert!(document::from_document(&value).is_err(), "{name}");
        assert!(consent::from_consent(&value).is_err(), "{name}");
        assert!(referral::from_bundle(&value).is_err(), "{name}");
    }
}

/// What HL7's definition of a type says of an element: whether it is a list, whether it must be
/// there; and the definition of elements below it.
struct Definition(Vec<Value>);

impl Definition {
    fn of(kind: &str) -> Option<Self> {
        let text = text(&format!("StructureDefinition-{kind}.json"))?;
        let value: Value = serde_json::from_str(&text).unwrap();
        Some(Self(value["snapshot"]["element"].as_array().unwrap().clone()))
    }

    fn element(&self, path: &str) -> Option<&Value> {
        self.0.iter().find(|element| element["path"] == path).or_else(|| {
            // A choice of types, such as value[x].
            self.0.iter().find(|element| {
                let of = element["path"].as_str().unwrap_or_default();
                of.strip_suffix("[x]").is_some_and(|of| {
                    path.strip_prefix(of).is_some_and(|rest| {
                        rest.starts_with(|letter: char| letter.is_ascii_uppercase())
                    })
                })
            })
        })
    }

    fn check(&self, path: &str, value: &Value) {
        let object = value.as_object().unwrap_or_else(|| panic!("{path}: no object"));
        for (name, child) in object.iter().filter(|(name, _)| *name != "resourceType") {
            let path = format!("{path}.{name}");
            let element = self.element(&path).unwrap_or_else(|| panic!("{path}: no such element"));
            let is_list = element["max"] == "*" || element["base"]["max"] == "*";
            assert_eq!(child.is_array(), is_list, "{path}");
            let children = match child {
                Value::Array(children) => {
                    assert!(!children.is_empty(), "{path} is empty");
                    children.as_slice()
                },
                child => std::slice::from_ref(child),
            };
            let kinds = element["type"].as_array().map_or(&[][..], Vec::as_slice);
            let mut kinds = kinds.iter().filter_map(|kind| kind["code"].as_str());
            // Of a choice, the type that the element's name ends with.
            let is_meant = |kind: &&str| path.to_lowercase().ends_with(&kind.to_lowercase());
            let kind = match element["path"].as_str().unwrap_or_default().ends_with("[x]") {
                true => kinds.find(is_meant).unwrap_or_else(|| panic!("{path}: no such type")),
                false => kinds.next().unwrap_or_default(),
            };
            for child in children {
                match kind {
                    "BackboneElement" | "Element" => self.check(&path, child),
                    kind if kind.starts_with(|letter: char| letter.is_ascii_uppercase()) => {
                        assert!(child.is_object(), "{path}: {kind}");
                        if let Some(definition) = Self::of(kind) {
                            definition.check(kind, child);
                        }
                    },
                    "unsignedInt" | "positiveInt" => assert!(child.is_u64(), "{path}"),
                    "boolean" => assert!(child.is_boolean(), "{path}"),
                    _ => assert!(child.is_string(), "{path}"),
                }
            }
        }
        let depth = path.matches('.').count() + 1;
        for element in self.0.iter().filter(|element| element["min"].as_u64() > Some(0)) {
            let of = element["path"].as_str().unwrap_or_default();
            let below =
                of.strip_prefix(&format!("{path}.")).filter(|_| of.matches('.').count() == depth);
            if let Some(name) = below.filter(|name| !name.ends_with("[x]")) {
                assert!(object.contains_key(name), "{of} must be there");
            }
        }
    }
}

#[test]
fn what_is_made_here_has_the_elements_that_hl7_defines() {
    let facts = document::tests::facts();
    let mut made = vec![
        ("DocumentReference", document::to_document(&facts, Some("FHIR R4 Observation"))),
        ("Provenance", document::provenance(&facts)),
    ];
    made.extend(
        audit::tests::lines().iter().map(|line| ("AuditEvent", audit::to_audit_event(line))),
    );
    let template = kanglian_primitives::TermsTemplate {
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: 0,
        until: 5,
        records_from: 0,
        records_until: u64::MAX,
        may_delegate: 1,
    };
    let id = kanglian_primitives::TermsId(1);
    let terms = kanglian_primitives::Terms::from_template(&template, id, [3; 32]);
    made.push(("Consent", to_consent(&(PERSON, hospital(), terms), 0)));
    for referral in referral::tests::all() {
        let id = kanglian_primitives::ReferralId(4);
        made.push(("ServiceRequest", referral::service_request(&PERSON, id, &referral)));
        made.extend(referral::tasks(&PERSON, id, &referral).into_iter().map(|task| ("Task", task)));
    }
    let patient = ("patient", "reference");
    let offered = super::rest::Resource { kind: "Consent", reads: true, parameters: &[patient] };
    made.push(("CapabilityStatement", super::rest::capabilities("x", "http://x", "x", &[offered])));
    made.push(("OperationOutcome", super::rest::outcome("error", "invalid", "x")));
    for (kind, value) in made {
        assert_eq!(value["resourceType"], kind);
        if let Some(definition) = Definition::of(kind) {
            definition.check(kind, &value);
        }
    }
}
