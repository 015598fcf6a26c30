//! The International Patient Summary (HL7 FHIR IPS): one document that whoever treats an emergency
//! reads first.
//!
//! A summary is a FHIR R4 `Bundle` of type `document` whose first entry is a `Composition` of LOINC
//! type 60591-5. Its sections for allergies, medication and conditions are always there; what is not
//! known is said to be unavailable. Resources are taken over as they are.

use std::collections::BTreeSet;

use kanglian_primitives::PersonId;
use serde_json::{Value, json};

const LOINC: &str = "http://loinc.org";
/// LOINC code of a patient summary.
pub const SUMMARY_CODE: &str = "60591-5";
/// Identifier system of persons on chain.
pub const PERSON_SYSTEM: &str = "urn:kanglian:person";
/// Where the profiles of the summary are.
const PROFILES: &str = "http://hl7.org/fhir/uv/ips/StructureDefinition/";

/// Sections: LOINC code, title, whether it must be there, and the resource types in it.
const SECTIONS: [(&str, &str, bool, &[&str]); 7] = [
    ("48765-2", "Allergies and Intolerances", true, &["AllergyIntolerance"]),
    (
        "10160-0",
        "Medication Summary",
        true,
        &["MedicationStatement", "MedicationRequest", "MedicationAdministration"],
    ),
    ("11450-4", "Problem List", true, &["Condition"]),
    ("11369-6", "Immunizations", false, &["Immunization"]),
    ("47519-4", "History of Procedures", false, &["Procedure"]),
    ("46264-8", "Medical Devices", false, &["DeviceUseStatement", "Device"]),
    ("30954-2", "Results", false, &["Observation", "DiagnosticReport"]),
];

/// Whether a resource is a patient summary.
pub fn is_summary(value: &Value) -> bool {
    value["resourceType"] == "Bundle"
        && value["type"] == "document"
        && value["entry"][0]["resource"]["resourceType"] == "Composition"
        && value["entry"][0]["resource"]["type"]["coding"]
            .as_array()
            .is_some_and(|codes| codes.iter().any(|code| code["code"] == SUMMARY_CODE))
}

/// One summary out of resources and summaries about a person; of what is there twice (by type and
/// id) the first counts. `made_at` is an instant as FHIR writes it, such as 2027-01-31T08:00:00Z.
pub fn document(person: &PersonId, made_at: &str, resources: &[Value]) -> Value {
    let mut found: Vec<&Value> = Vec::new();
    resources.iter().for_each(|resource| gather(resource, &mut found));
    let mut known = BTreeSet::new();
    found.retain(|resource| match (resource["resourceType"].as_str(), resource["id"].as_str()) {
        (Some(kind), Some(id)) => known.insert((kind.to_owned(), id.to_owned())),
        _ => true,
    });
    let made_up = json!({
        "resourceType": "Patient",
        "id": "person",
        "identifier": [{ "system": PERSON_SYSTEM, "value": person.to_string() }],
    });
    let patient = found.iter().copied().find(|one| one["resourceType"] == "Patient");
    let patient = patient.unwrap_or(&made_up);
    let subject = full_url(person, patient);
    let sections: Vec<Value> = SECTIONS
        .iter()
        .filter_map(|(code, title, always, kinds)| {
            let entries: Vec<Value> = found
                .iter()
                .filter(|one| {
                    one["resourceType"].as_str().is_some_and(|kind| kinds.contains(&kind))
                })
                .map(|one| json!({ "reference": full_url(person, one) }))
                .collect();
            (*always || !entries.is_empty()).then(|| section(code, title, &entries))
        })
        .collect();
    let composition = json!({
        "resourceType": "Composition",
        "id": "summary",
        "meta": { "profile": [format!("{PROFILES}Composition-uv-ips")] },
        "status": "final",
        "type": { "coding": [{
            "system": LOINC, "code": SUMMARY_CODE, "display": "Patient summary Document",
        }] },
        "subject": { "reference": subject },
        "date": made_at,
        "author": [{ "reference": subject }],
        "title": "急救摘要 International Patient Summary",
        "section": sections,
    });
    let entry =
        |resource: &Value| json!({ "fullUrl": full_url(person, resource), "resource": resource });
    let others = found.iter().copied().filter(|one| one["resourceType"] != "Patient");
    let entries: Vec<Value> =
        [&composition, patient].into_iter().chain(others).map(entry).collect();
    json!({
        "resourceType": "Bundle",
        "meta": { "profile": [format!("{PROFILES}Bundle-uv-ips")] },
        "identifier": { "system": PERSON_SYSTEM, "value": person.to_string() },
        "type": "document",
        "timestamp": made_at,
        "entry": entries,
    })
}

/// Resources, those of bundles one by one; a document's composition is made anew.
fn gather<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value["resourceType"].as_str() {
        Some("Bundle") => {
            let entries = value["entry"].as_array();
            let inner = entries.into_iter().flatten().filter_map(|entry| entry.get("resource"));
            inner.for_each(|resource| gather(resource, found));
        },
        Some("Composition") | None => {},
        Some(_) => found.push(value),
    }
}

fn section(code: &str, title: &str, entries: &[Value]) -> Value {
    let mut section = json!({
        "title": title,
        "code": { "coding": [{ "system": LOINC, "code": code, "display": title }] },
        "text": {
            "status": "generated",
            "div": format!(
                "<div xmlns=\"http://www.w3.org/1999/xhtml\">{title}: {}</div>",
                entries.len()
            ),
        },
    });
    if entries.is_empty() {
        section["emptyReason"] = json!({ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/list-empty-reason",
            "code": "unavailable",
        }] });
    } else {
        section["entry"] = entries.into();
    }
    section
}

/// A URN that follows from whose resource it is and what is in it.
fn full_url(person: &PersonId, resource: &Value) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&person.0).update(resource.to_string().as_bytes());
    let mut bytes = [0u8; 16];
    hasher.finalize_xof().fill(&mut bytes);
    // RFC 9562, version 8: whatever the maker likes.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex::encode(bytes);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: PersonId = PersonId([7; 32]);
    const AT: &str = "2027-01-31T08:00:00Z";

    fn resource(kind: &str, id: &str) -> Value {
        json!({ "resourceType": kind, "id": id, "note": [{ "text": format!("{kind} {id}") }] })
    }

    /// Codes of the sections with how much is in them.
    fn sections(document: &Value) -> Vec<(String, usize)> {
        let sections = document["entry"][0]["resource"]["section"].as_array().unwrap();
        let one = |section: &Value| {
            let code = section["code"]["coding"][0]["code"].as_str().unwrap().to_owned();
            (code, section["entry"].as_array().map_or(0, Vec::len))
        };
        sections.iter().map(one).collect()
    }

    #[test]
    fn resources_stand_in_their_sections_and_are_pointed_to() {
        let resources = [
            resource("Condition", "1"),
            resource("AllergyIntolerance", "1"),
            resource("Immunization", "1"),
            resource("Condition", "2"),
        ];
        let document = document(&PERSON, AT, &resources);
        assert!(is_summary(&document));
        let expected = [("48765-2", 1), ("10160-0", 0), ("11450-4", 2), ("11369-6", 1)];
        let expected: Vec<_> = expected.map(|(code, count)| (code.to_owned(), count)).to_vec();
        assert_eq!(sections(&document), expected);
        let composition = &document["entry"][0]["resource"];
        assert_eq!(composition["section"][1]["emptyReason"]["coding"][0]["code"], "unavailable");
        assert_eq!(composition["section"][0].get("emptyReason"), None);
        // Every reference is an entry's.
        let urls: Vec<_> =
            document["entry"].as_array().unwrap().iter().map(|e| &e["fullUrl"]).collect();
        let sections = composition["section"].as_array().unwrap();
        let entries = sections.iter().flat_map(|section| section["entry"].as_array());
        for entry in entries.flatten().chain([&composition["subject"]]) {
            assert!(urls.contains(&&entry["reference"]), "{entry}");
        }
        assert_eq!(document["entry"][1]["resource"]["resourceType"], "Patient");
        assert_eq!(document["entry"][1]["resource"]["identifier"][0]["value"], PERSON.to_string());
        // What it is made of is unchanged.
        for resource in &resources {
            let entries = document["entry"].as_array().unwrap();
            assert!(entries.iter().any(|entry| entry["resource"] == *resource));
        }
    }

    #[test]
    fn summaries_are_merged_and_what_is_there_twice_counts_once() {
        let patient = resource("Patient", "p");
        let newer = document(&PERSON, AT, &[patient.clone(), resource("Condition", "1")]);
        let mut older = resource("Condition", "1");
        older["note"][0]["text"] = "older".into();
        let older = document(&PERSON, AT, &[older, resource("AllergyIntolerance", "9")]);
        let merged = document(&PERSON, AT, &[newer, older]);
        assert!(is_summary(&merged));
        let entries = merged["entry"].as_array().unwrap();
        let kinds: Vec<_> = entries
            .iter()
            .map(|entry| entry["resource"]["resourceType"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["Composition", "Patient", "Condition", "AllergyIntolerance"]);
        assert_eq!(entries[1]["resource"], patient);
        assert_eq!(entries[2]["resource"], resource("Condition", "1"));
    }

    #[test]
    fn nothing_known_is_a_summary_that_says_so() {
        let empty = document(&PERSON, AT, &[]);
        assert!(is_summary(&empty));
        assert_eq!(sections(&empty).len(), 3);
        assert!(crate::fhir::inspect(empty.to_string().as_bytes()).is_ok());
        for other in [json!(null), json!([]), resource("Bundle", "1"), json!({ "entry": [1] })] {
            assert!(!is_summary(&other), "{other}");
        }
    }
}
