//! What a hospital system delivers, taken apart into records: FHIR resources, Bundles and NDJSON, CDA
//! documents.

use kanglian_sdk::fhir::{self, bundle, consent::reference_text};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cda;

/// Largest delivery.
pub const LARGEST: usize = 64 << 20;

/// What is to be known of a record before it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Of which schema.
    pub kind: Kind,
    /// What the hospital calls the patient: any of these.
    pub patients: Vec<String>,
}

/// Of which schema a record is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// That of a FHIR type.
    Fhir(String),
    /// That whose name begins so.
    Cda(String),
}

/// One record out of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// What to call it.
    pub name: String,
    /// What is known of it.
    pub about: About,
    /// Its bytes, as they came.
    pub bytes: Vec<u8>,
}

/// A part of a delivery that cannot be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What to call it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Why.
    pub reason: String,
}

/// In which form a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// FHIR in JSON.
    Json,
    /// FHIR, a resource a line.
    Ndjson,
    /// CDA.
    Xml,
}

impl Form {
    /// By a file's name.
    pub fn of_file(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "ndjson" => Some(Self::Ndjson),
            "xml" => Some(Self::Xml),
            _ => None,
        }
    }

    /// By a media type.
    pub fn of_media_type(text: &str) -> Option<Self> {
        match text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "application/json" | "application/fhir+json" => Some(Self::Json),
            "application/ndjson" | "application/fhir+ndjson" | "application/x-ndjson" => {
                Some(Self::Ndjson)
            },
            "application/xml"
            | "text/xml"
            | "application/hl7-cda+xml"
            | "application/hl7-v3+xml" => Some(Self::Xml),
            _ => None,
        }
    }
}

/// Takes a delivery apart.
pub fn open(name: &str, form: Form, bytes: &[u8]) -> (Vec<Parcel>, Vec<Refused>) {
    let (mut parcels, mut refused) = (Vec::new(), Vec::new());
    let mut sort = |name: String, bytes: &[u8], opened: Result<Vec<Parcel>, String>| match opened {
        Ok(opened) => parcels.extend(opened),
        Err(reason) => refused.push(Refused { name, bytes: bytes.to_vec(), reason }),
    };
    match form {
        _ if bytes.len() > LARGEST => {
            sort(name.to_owned(), &[], Err(format!("larger than {} MiB", LARGEST >> 20)));
        },
        Form::Xml => sort(name.to_owned(), bytes, document(name, bytes).map(|one| vec![one])),
        Form::Json => sort(name.to_owned(), bytes, resource(name, bytes)),
        Form::Ndjson => {
            for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
                let line = line.trim_ascii();
                if !line.is_empty() {
                    let name = format!("{name}:{number}");
                    let opened = resource(&name, line);
                    sort(name, line, opened);
                }
            }
        },
    }
    (parcels, refused)
}

fn document(name: &str, bytes: &[u8]) -> Result<Parcel, String> {
    let header = cda::header(bytes)?;
    if header.patients.is_empty() {
        return Err("recordTarget/patientRole/id is missing: whose document is it?".to_owned());
    }
    let about = About { kind: Kind::Cda(header.schema_prefix()?), patients: header.patients };
    Ok(Parcel { name: name.to_owned(), about, bytes: bytes.to_vec() })
}

fn resource(name: &str, bytes: &[u8]) -> Result<Vec<Parcel>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("not valid JSON: {error}"))?;
    let kind = value["resourceType"].as_str().ok_or("no FHIR resource: resourceType is missing")?;
    let kind = fhir::resource_type(kind)
        .ok_or_else(|| format!("{kind} is no resource type of FHIR R4"))?;
    let parts = kind == "Bundle" && value["type"] != "document";
    if !parts {
        let patients = match kind {
            "Bundle" => patients_of_bundle(&value),
            _ => patients(&value),
        };
        if patients.is_empty() {
            return Err(format!("the {kind} names no patient"));
        }
        let about = About { kind: Kind::Fhir(kind.to_owned()), patients };
        return Ok(vec![Parcel { name: name.to_owned(), about, bytes: bytes.to_vec() }]);
    }
    let everybody = patients_of_bundle(&value);
    let sole = count_patients(&value) == 1;
    let mut parcels = Vec::new();
    // One part that cannot be taken refuses the whole: a hospital's transaction is one.
    for (at, (kind, raw)) in (0..).zip(bundle::resources(text).map_err(|error| error.to_string())?)
    {
        let path = format!("Bundle.entry[{at}]");
        let kind = fhir::resource_type(&kind)
            .ok_or_else(|| format!("{path}: {kind} is no resource type of FHIR R4"))?;
        let part: Value = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
        let mut named = patients(&part);
        // References within the Bundle lead to its Patient.
        for text in named.clone() {
            named.extend(behind(&value, &text));
        }
        if named.is_empty() && sole {
            named.clone_from(&everybody);
        }
        if named.is_empty() {
            return Err(format!("{path}: the {kind} names no patient"));
        }
        let about = About { kind: Kind::Fhir(kind.to_owned()), patients: named };
        let bytes = raw.get().as_bytes().to_vec();
        parcels.push(Parcel { name: format!("{name}#{at}"), about, bytes });
    }
    match parcels.is_empty() {
        true => Err("the Bundle has no entries".to_owned()),
        false => Ok(parcels),
    }
}

fn identifiers(resource: &Value) -> Vec<String> {
    let all = resource["identifier"].as_array().map_or(&[][..], Vec::as_slice);
    let text = |one: &Value| {
        let system = one["system"].as_str().unwrap_or_default();
        Some(format!("{system}|{}", one["value"].as_str()?))
    };
    all.iter().filter_map(text).collect()
}

/// What a resource calls its patient.
fn patients(resource: &Value) -> Vec<String> {
    if resource["resourceType"] == "Patient" {
        let id = resource["id"].as_str().map(|id| format!("Patient/{id}"));
        return id.into_iter().chain(identifiers(resource)).collect();
    }
    let elements = ["subject", "patient", "beneficiary", "individual", "for"];
    let references = elements.iter().filter_map(|element| resource.get(element));
    let mut named = Vec::new();
    for reference in references {
        named.extend(reference_text(reference));
        if let Some(identifier) = reference.get("identifier") {
            let system = identifier["system"].as_str().unwrap_or_default();
            let value = identifier["value"].as_str();
            named.extend(value.map(|value| format!("{system}|{value}")));
        }
    }
    named.dedup();
    named
}

fn entries(bundle: &Value) -> &[Value] {
    bundle["entry"].as_array().map_or(&[], Vec::as_slice)
}

fn count_patients(bundle: &Value) -> usize {
    entries(bundle).iter().filter(|entry| entry["resource"]["resourceType"] == "Patient").count()
}

/// What a Bundle's Patients are called.
fn patients_of_bundle(bundle: &Value) -> Vec<String> {
    let resources = entries(bundle).iter().map(|entry| &entry["resource"]);
    let inside: Vec<_> = resources.clone().filter(|one| one["resourceType"] == "Patient").collect();
    match inside.is_empty() {
        false => inside.into_iter().flat_map(patients).collect(),
        // A document says it in its Composition.
        true => resources.take(1).flat_map(patients).collect(),
    }
}

/// What the Patient is called whom a reference within a Bundle means.
fn behind(bundle: &Value, reference: &str) -> Vec<String> {
    let found = entries(bundle).iter().find(|entry| {
        entry["resource"]["resourceType"] == "Patient"
            && entry["fullUrl"].as_str() == Some(reference)
    });
    found.map(|entry| patients(&entry["resource"])).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(form: Form, text: &str) -> Vec<(String, Vec<String>)> {
        let (parcels, refused) = open("x", form, text.as_bytes());
        assert_eq!(refused, [], "{text}");
        let one = |parcel: Parcel| match parcel.about.kind {
            Kind::Fhir(kind) | Kind::Cda(kind) => (kind, parcel.about.patients),
        };
        parcels.into_iter().map(one).collect()
    }

    fn refused(form: Form, text: &str) -> String {
        let (parcels, refused) = open("x", form, text.as_bytes());
        assert_eq!(parcels, [], "{text}");
        refused[0].reason.clone()
    }

    #[test]
    fn a_resource_says_whose_it_is() {
        for (text, patients) in [
            (
                r#"{"resourceType":"Observation","subject":{"reference":"Patient/7"}}"#,
                vec!["Patient/7"],
            ),
            (
                r#"{"resourceType":"AllergyIntolerance","patient":{"identifier":{"system":"s","value":"v"}}}"#,
                vec!["s|v"],
            ),
            (
                r#"{"resourceType":"Patient","id":"7","identifier":[{"value":"v"},{"system":"s"}]}"#,
                vec!["Patient/7", "|v"],
            ),
        ] {
            assert_eq!(taken(Form::Json, text)[0].1, patients);
        }
        let lines = "{\"resourceType\":\"Goal\",\"subject\":{\"reference\":\"Patient/1\"}}\n\n{\"resourceType\":\"Goal\"}\n";
        let (parcels, refused) = open("x.ndjson", Form::Ndjson, lines.as_bytes());
        assert_eq!((parcels.len(), parcels[0].name.as_str()), (1, "x.ndjson:1"));
        assert_eq!((refused.len(), refused[0].name.as_str()), (1, "x.ndjson:3"));
    }

    #[test]
    fn a_bundle_is_taken_apart_letter_by_letter_and_its_references_followed() {
        let text = r#"{"resourceType":"Bundle","type":"transaction","entry":[
            {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","identifier":[{"system":"s","value":"v"}]}},
            {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Observation","value":1.50,"subject":{"reference":"urn:uuid:1"}}},
            {"resource":{"resourceType":"Organization","id":"o"}}]}"#;
        let all = taken(Form::Json, text);
        assert_eq!(
            all[1],
            ("Observation".to_owned(), vec!["urn:uuid:1".to_owned(), "s|v".to_owned()])
        );
        assert_eq!(all[2].1, ["s|v"], "the only patient's");
        let (parcels, _) = open("x", Form::Json, text.as_bytes());
        assert!(String::from_utf8_lossy(&parcels[1].bytes).contains("1.50"));
        // With two patients it is not known whose the organisation is: nothing is guessed.
        let two = text.replace(
            "\"Organization\",\"id\":\"o\"}}",
            "\"Organization\"}},{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"9\"}}",
        );
        assert!(refused(Form::Json, &two).contains("entry[2]: the Organization names no patient"));
        // A document stays one.
        let document = text.replace("transaction", "document");
        assert_eq!(taken(Form::Json, &document).len(), 1);
    }

    #[test]
    fn what_cannot_be_taken_says_why() {
        for (form, text, part) in [
            (Form::Json, "", "JSON"),
            (Form::Json, "{", "JSON"),
            (Form::Json, "{}", "resourceType"),
            (Form::Json, r#"{"resourceType":"Obs"}"#, "Obs is no resource type"),
            (Form::Json, r#"{"resourceType":"Observation"}"#, "names no patient"),
            (Form::Json, r#"{"resourceType":"Bundle","type":"batch"}"#, "no entries"),
            (Form::Json, r#"{"resourceType":"Bundle","type":"batch","entry":[{}]}"#, "entry[0]"),
            (Form::Xml, "<a/>", "ClinicalDocument"),
            (Form::Xml, "<ClinicalDocument/>", "patientRole"),
        ] {
            let reason = refused(form, text);
            assert!(reason.contains(part), "{text}: {reason}");
        }
        assert_eq!(Form::of_file("A.JSON"), Some(Form::Json));
        assert_eq!(Form::of_file("a.txt"), None);
        assert_eq!(Form::of_media_type("application/fhir+json; charset=utf-8"), Some(Form::Json));
        assert_eq!(Form::of_media_type("text/plain"), None);
    }
}
