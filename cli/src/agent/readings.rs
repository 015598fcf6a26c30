//! Readings: FHIR R4 Observations of the six personal domains, from NDJSON or from the CSV of a
//! wearable's export.

use kanglian_primitives::PersonId;
use serde_json::{Value, json};

use crate::{csv, instant};

/// System of the codes that name a personal domain in `category`.
pub const DOMAINS_SYSTEM: &str = "urn:kanglian:personal-domain";
/// The six personal domains.
pub const DOMAINS: [&str; 6] = ["sport", "sleep", "nutrition", "smoking", "environment", "outdoor"];
/// Longest line.
pub const MAX_LINE: usize = 64 * 1024;
/// Columns of a CSV file; `device` may be missing.
pub const COLUMNS: [&str; 5] = ["time", "metric", "value", "unit", "device"];
const LOINC: &str = "http://loinc.org";
const OWN: &str = "urn:kanglian:metric";

/// What a metric of a CSV file is: name, domain, system and code, UCUM unit.
const METRICS: &[(&str, &str, &str, &str, &str)] = &[
    ("steps", "sport", LOINC, "55423-8", "{steps}"),
    ("distance", "sport", LOINC, "55430-3", "m"),
    ("active-time", "sport", LOINC, "55411-3", "min"),
    ("heart-rate", "sport", LOINC, "8867-4", "/min"),
    ("energy", "sport", LOINC, "41981-2", "kcal"),
    ("sleep", "sleep", LOINC, "93832-4", "min"),
    ("deep-sleep", "sleep", LOINC, "93831-6", "min"),
    ("intake", "nutrition", LOINC, "9052-2", "kcal"),
    ("water", "nutrition", LOINC, "8999-8", "mL"),
    ("weight", "nutrition", LOINC, "29463-7", "kg"),
    ("cigarettes", "smoking", LOINC, "64218-1", "{cigarettes}"),
    ("pm2.5", "environment", OWN, "pm2.5", "ug/m3"),
    ("noise", "environment", OWN, "noise", "dB"),
    ("temperature", "environment", OWN, "temperature", "Cel"),
    ("humidity", "environment", OWN, "humidity", "%"),
    ("outdoor-time", "outdoor", OWN, "outdoor-time", "min"),
    ("uv-index", "outdoor", OWN, "uv-index", "1"),
];

const STATUS: [&str; 5] = ["registered", "preliminary", "final", "amended", "corrected"];

/// A valid reading: its canonical line, and what it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// JSON without line ends.
    pub line: Vec<u8>,
    /// BLAKE3 of the line.
    pub hash: [u8; 32],
}

/// How lines are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// An Observation a line.
    Ndjson,
    /// A reading a line, with these columns; none before the header.
    Csv(Option<Vec<String>>),
}

impl Format {
    /// By a file's name.
    pub fn of_name(name: &str) -> Self {
        match name.to_ascii_lowercase().ends_with(".csv") {
            true => Self::Csv(None),
            false => Self::Ndjson,
        }
    }

    /// Reads a line about a person; nothing for blank lines and headers. An error says why.
    pub fn read(&mut self, line: &[u8], person: &PersonId) -> Result<Option<Reading>, String> {
        if line.len() > MAX_LINE {
            return Err(format!("longer than {MAX_LINE} bytes"));
        }
        let text = std::str::from_utf8(line).map_err(|_| "not UTF-8".to_owned())?;
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Ok(None);
        }
        let value = match self {
            Self::Ndjson => {
                serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?
            },
            Self::Csv(header) => {
                let mut rows = csv::rows(text).map_err(|error| error.to_string())?;
                let cells = rows.pop().map(|(_, cells)| cells).unwrap_or_default();
                let Some(header) = header else {
                    *header = Some(columns(&cells)?);
                    return Ok(None);
                };
                observation(header, &cells)?
            },
        };
        check(&value, person)?;
        let line = serde_json::to_vec(&value).map_err(|error| error.to_string())?;
        let hash = blake3::hash(&line).into();
        Ok(Some(Reading { line, hash }))
    }
}

fn columns(cells: &[String]) -> Result<Vec<String>, String> {
    let names: Vec<_> = cells.iter().map(|cell| cell.trim().to_ascii_lowercase()).collect();
    if let Some(unknown) = names.iter().find(|name| !COLUMNS.contains(&name.as_str())) {
        return Err(format!("column `{unknown}`: the columns are {}", COLUMNS.join(", ")));
    }
    match COLUMNS.iter().take(4).find(|wanted| !names.iter().any(|name| name == *wanted)) {
        Some(missing) => Err(format!("no column `{missing}`")),
        None => Ok(names),
    }
}

/// The Observation of a CSV row.
fn observation(header: &[String], cells: &[String]) -> Result<Value, String> {
    if cells.len() != header.len() {
        return Err(format!("{} cells instead of {}", cells.len(), header.len()));
    }
    let cell = |column: &str| {
        let at = header.iter().position(|name| name == column)?;
        cells.get(at).map(|cell| cell.trim())
    };
    let metric = cell("metric").unwrap_or_default();
    let (name, domain, system, code, unit) =
        METRICS.iter().find(|(name, ..)| *name == metric).ok_or_else(|| {
            let known: Vec<_> = METRICS.iter().map(|(name, ..)| *name).collect();
            format!("metric `{metric}`: expected one of {}", known.join(", "))
        })?;
    let given = cell("unit").unwrap_or_default();
    if given != *unit {
        return Err(format!("unit `{given}`: {name} is in {unit}"));
    }
    let text = cell("value").unwrap_or_default();
    let value: serde_json::Number =
        text.parse().map_err(|_| format!("value `{text}`: not a number"))?;
    let mut observation = json!({
        "resourceType": "Observation",
        "status": "final",
        "category": [{ "coding": [{ "system": DOMAINS_SYSTEM, "code": domain }] }],
        "code": { "coding": [{ "system": system, "code": code }], "text": name },
        "effectiveDateTime": cell("time").unwrap_or_default(),
        "valueQuantity": {
            "value": value,
            "unit": unit,
            "system": "http://unitsofmeasure.org",
            "code": unit,
        },
    });
    if let Some(device) = cell("device").filter(|device| !device.is_empty()) {
        observation["device"] = json!({ "display": device });
    }
    Ok(observation)
}

/// The domain of an Observation: what its category says, else what its code is known for.
pub fn domain(value: &Value) -> Option<&'static str> {
    let codings = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let said = codings(&value["category"]).iter().flat_map(|one| codings(&one["coding"])).find_map(
        |coding| {
            let is_ours = coding["system"] == DOMAINS_SYSTEM;
            DOMAINS.into_iter().find(|domain| is_ours && coding["code"] == *domain)
        },
    );
    said.or_else(|| {
        codings(&value["code"]["coding"]).iter().find_map(|coding| {
            METRICS
                .iter()
                .find(|(_, _, system, code, _)| {
                    coding["system"] == *system && coding["code"] == *code
                })
                .map(|(_, domain, ..)| *domain)
        })
    })
}

/// The checks that keep mistakes out.
fn check(value: &Value, person: &PersonId) -> Result<(), String> {
    if value["resourceType"] != "Observation" {
        return Err("no FHIR Observation".to_owned());
    }
    if !STATUS.iter().any(|status| value["status"] == *status) {
        return Err(format!("status: expected one of {}", STATUS.join(", ")));
    }
    if domain(value).is_none() {
        return Err(format!(
            "of no personal domain: name one of {} in category, system {DOMAINS_SYSTEM}",
            DOMAINS.join(", ")
        ));
    }
    let time = value["effectiveDateTime"]
        .as_str()
        .or_else(|| value["effectiveInstant"].as_str())
        .or_else(|| value["effectivePeriod"]["start"].as_str())
        .ok_or("no effectiveDateTime, effectiveInstant or effectivePeriod")?;
    instant::parse(time).map_err(|error| format!("effective time: {error}"))?;
    if !time.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Err(format!("effective time: `{time}` is no date"));
    }
    let fields = value.as_object().ok_or("no FHIR Observation")?;
    let has_value = fields
        .keys()
        .any(|key| key.starts_with("value") || key == "component" || key == "dataAbsentReason");
    if !has_value {
        return Err("no value, component or dataAbsentReason".to_owned());
    }
    // A stream is one person's. Whoever names somebody else mixed files up.
    let subject = &value["subject"];
    let named = [&subject["reference"], &subject["identifier"]["value"]];
    for text in named.into_iter().filter_map(Value::as_str) {
        let id = text.rsplit('/').next().unwrap_or_default();
        if id.starts_with("0x") && id != person.to_string() {
            return Err("about another person".to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: PersonId = PersonId([7; 32]);

    fn reading(text: &str) -> Result<Option<Reading>, String> {
        Format::Ndjson.read(text.as_bytes(), &PERSON)
    }

    fn steps() -> Value {
        json!({
            "resourceType": "Observation",
            "status": "final",
            "code": { "coding": [{ "system": LOINC, "code": "55423-8" }] },
            "effectiveDateTime": "2026-01-02T03:04:05+08:00",
            "valueQuantity": { "value": 7_000 },
        })
    }

    #[test]
    fn the_same_reading_has_one_line_whatever_its_spaces() {
        let text = steps().to_string();
        let spaced = text
            .replace(':', " : ")
            .replace("2026-01-02T03 : 04 : 05+08 : 00", "2026-01-02T03:04:05+08:00")
            .replace("http : ", "http:");
        let (one, two) = (reading(&text).unwrap().unwrap(), reading(&spaced).unwrap().unwrap());
        assert_eq!(one, two);
        assert_eq!(reading("  \r").unwrap(), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let with = |change: fn(&mut Value)| {
            let mut value = steps();
            change(&mut value);
            reading(&value.to_string()).unwrap_err()
        };
        for (error, part) in [
            (reading("{").unwrap_err(), "not JSON"),
            (reading("[]").unwrap_err(), "no FHIR Observation"),
            (Format::Ndjson.read(&[0xff, 0xfe], &PERSON).unwrap_err(), "UTF-8"),
            (reading(&"x".repeat(MAX_LINE + 1)).unwrap_err(), "longer"),
            (with(|value| value["resourceType"] = "Patient".into()), "no FHIR Observation"),
            (with(|value| value["status"] = "entered-in-error".into()), "status"),
            (with(|value| value["code"] = json!({ "text": "mood" })), "personal domain"),
            (with(|value| value["effectiveDateTime"] = "yesterday".into()), "effective time"),
            (with(|value| value["effectiveDateTime"] = "+1d".into()), "effective time"),
            (with(|value| value["effectiveDateTime"] = Value::Null), "effectiveDateTime"),
            (
                with(|value| {
                    value.as_object_mut().unwrap().remove("valueQuantity");
                }),
                "no value",
            ),
            (
                with(|value| {
                    value["subject"] =
                        json!({ "reference": format!("Patient/{}", PersonId([8; 32])) })
                }),
                "another person",
            ),
        ] {
            assert!(error.contains(part), "{error} / {part}");
        }
    }

    #[test]
    fn a_wearables_export_becomes_observations_of_all_domains() {
        let mut format = Format::of_name("Export.CSV");
        let header = "\u{feff}time,metric,value,unit,device";
        assert_eq!(format.read(header.as_bytes(), &PERSON), Ok(None));
        let mut domains = std::collections::BTreeSet::new();
        for (name, _, _, _, unit) in METRICS {
            let row = format!("2026-01-02,{name},1.5,{unit},\"Band, 7\"");
            let reading = format.read(row.as_bytes(), &PERSON).unwrap().unwrap();
            let value: Value = serde_json::from_slice(&reading.line).unwrap();
            assert_eq!(value["device"]["display"], "Band, 7");
            domains.insert(domain(&value).unwrap());
        }
        assert_eq!(domains.len(), DOMAINS.len());
        for (row, part) in [
            ("2026-01-02,steps,many,{steps},", "not a number"),
            ("2026-01-02,steps,1,km,", "is in {steps}"),
            ("2026-01-02,mood,1,1,", "expected one of"),
            ("2026-01-02,steps,1", "3 cells"),
            ("soon,steps,1,{steps},", "effective time"),
            ("\"open", "not closed"),
        ] {
            let error = format.read(row.as_bytes(), &PERSON).unwrap_err();
            assert!(error.contains(part), "{error} / {part}");
        }
        let header = Format::Csv(None).read(b"when,metric,value,unit", &PERSON).unwrap_err();
        assert!(header.contains("when"), "{header}");
    }
}
