//! Made-up FHIR R4 resources, for a machine without HL7's examples. The same every time.

use serde_json::{Value, json};

use super::resources::{Resource, TYPES};

const SNOMED: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";

/// `each` resources of every type of [`TYPES`].
pub fn resources(each: usize) -> Vec<Resource> {
    let number = (0..each).flat_map(|number| TYPES.iter().map(move |kind| (*kind, number)));
    number
        .map(|(kind, number)| Resource {
            kind: kind.to_owned(),
            name: format!("{kind}-generated-{number}.json"),
            bytes: format!("{:#}", resource(kind, number)).into_bytes(),
        })
        .collect()
}

/// One made-up resource of a type.
pub fn resource(kind: &str, number: usize) -> Value {
    let mut value = json!({
        "resourceType": kind,
        "id": format!("generated-{}-{number}", kind.to_lowercase()),
        "meta": { "tag": [{ "code": "HTEST", "display": "synthetic" }] },
    });
    let body = match kind {
        "Patient" => patient(number),
        "Encounter" => encounter(number),
        "Condition" => condition(number),
        "Observation" => observation(number),
        "MedicationRequest" => medication_request(number),
        "Procedure" => procedure(number),
        "DiagnosticReport" => diagnostic_report(number),
        "Immunization" => immunization(number),
        "AllergyIntolerance" => allergy(number),
        _ => care_plan(number),
    };
    if let (Some(value), Value::Object(body)) = (value.as_object_mut(), body) {
        value.extend(body);
    }
    value
}

fn pick<T>(of: &[T], number: usize) -> &T {
    &of[number % of.len()]
}

fn day(number: usize) -> String {
    format!("2026-{:02}-{:02}", number % 12 + 1, number * 7 % 28 + 1)
}

fn subject() -> Value {
    json!({ "reference": "Patient/generated-patient-0" })
}

fn coded(system: &str, (code, display): (&str, &str)) -> Value {
    json!({ "coding": [{ "system": system, "code": code, "display": display }], "text": display })
}

fn patient(number: usize) -> Value {
    json!({
        "active": true,
        "name": [{ "use": "official", "family": "示例", "given": [format!("患者{number}")] }],
        "gender": pick(&["female", "male"], number),
        "birthDate": format!("19{:02}-03-{:02}", 50 + number * 9 % 50, number % 28 + 1),
        "address": [{ "use": "home", "city": "南京市", "state": "江苏省", "country": "CN" }],
    })
}

fn encounter(number: usize) -> Value {
    let class = pick(&[("AMB", "ambulatory"), ("IMP", "inpatient encounter")], number);
    json!({
        "status": "finished",
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": class.0,
            "display": class.1,
        },
        "subject": subject(),
        "period": { "start": format!("{}T08:30:00+08:00", day(number)) },
    })
}

fn condition(number: usize) -> Value {
    let found = pick(
        &[
            ("38341003", "Hypertensive disorder"),
            ("44054006", "Type 2 diabetes mellitus"),
            ("195967001", "Asthma"),
            ("13645005", "Chronic obstructive pulmonary disease"),
        ],
        number,
    );
    json!({
        "clinicalStatus": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
            "code": "active",
        }] },
        "code": coded(SNOMED, *found),
        "subject": subject(),
        "recordedDate": day(number),
    })
}

fn observation(number: usize) -> Value {
    let (code, display, unit, base) = *pick(
        &[
            ("8480-6", "Systolic blood pressure", "mm[Hg]", 118),
            ("8867-4", "Heart rate", "/min", 66),
            ("2339-0", "Glucose [Mass/volume] in Blood", "mg/dL", 92),
            ("29463-7", "Body weight", "kg", 63),
        ],
        number,
    );
    json!({
        "status": "final",
        "code": coded(LOINC, (code, display)),
        "subject": subject(),
        "effectiveDateTime": format!("{}T09:15:00+08:00", day(number)),
        "valueQuantity": {
            "value": base + number * 3 % 17,
            "unit": unit,
            "system": "http://unitsofmeasure.org",
            "code": unit,
        },
    })
}

fn medication_request(number: usize) -> Value {
    let medication = pick(
        &[
            ("386864001", "Amlodipine"),
            ("372567009", "Metformin"),
            ("372897005", "Salbutamol"),
            ("387207008", "Ibuprofen"),
        ],
        number,
    );
    json!({
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": coded(SNOMED, *medication),
        "subject": subject(),
        "authoredOn": day(number),
        "dosageInstruction": [{ "text": "一日一次，每次一片" }],
    })
}

fn procedure(number: usize) -> Value {
    let done = pick(
        &[
            ("29303009", "Electrocardiographic procedure"),
            ("127783003", "Spirometry"),
            ("73761001", "Colonoscopy"),
        ],
        number,
    );
    json!({
        "status": "completed",
        "code": coded(SNOMED, *done),
        "subject": subject(),
        "performedDateTime": format!("{}T10:00:00+08:00", day(number)),
    })
}

fn diagnostic_report(number: usize) -> Value {
    let report =
        pick(&[("58410-2", "CBC panel - Blood"), ("24331-1", "Lipid panel - Serum")], number);
    json!({
        "status": "final",
        "code": coded(LOINC, *report),
        "subject": subject(),
        "effectiveDateTime": format!("{}T11:20:00+08:00", day(number)),
        "conclusion": "各项指标在参考范围内",
    })
}

fn immunization(number: usize) -> Value {
    let vaccine = pick(&[("140", "Influenza, seasonal"), ("33", "Pneumococcal")], number);
    json!({
        "status": "completed",
        "vaccineCode": coded("http://hl7.org/fhir/sid/cvx", *vaccine),
        "patient": subject(),
        "occurrenceDateTime": day(number),
        "primarySource": true,
    })
}

fn allergy(number: usize) -> Value {
    let substance = pick(&[("764146007", "Penicillin"), ("762952008", "Peanut")], number);
    json!({
        "clinicalStatus": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
            "code": "active",
        }] },
        "criticality": pick(&["high", "low"], number),
        "code": coded(SNOMED, *substance),
        "patient": subject(),
        "recordedDate": day(number),
    })
}

fn care_plan(number: usize) -> Value {
    json!({
        "status": "active",
        "intent": "plan",
        "title": pick(&["高血压随访", "糖尿病管理", "康复训练", "戒烟指导"], number),
        "subject": subject(),
        "period": { "start": day(number) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_differ_and_name_their_type() {
        let made = resources(4);
        let distinct: std::collections::BTreeSet<_> =
            made.iter().map(|resource| resource.bytes.clone()).collect();
        assert_eq!((made.len(), distinct.len()), (40, 40));
        for found in &made {
            let value: Value = serde_json::from_slice(&found.bytes).unwrap();
            assert_eq!(value["resourceType"], found.kind.as_str());
            assert_eq!(value["meta"]["tag"][0]["code"], "HTEST");
        }
    }
}
