//! The facts of a record as a FHIR R4 DocumentReference, and back; and who made it, as Provenance.

use kanglian_primitives::{
    Author, BusinessBlockId, KeyEpoch, RecordFacts, RecordId, RecordStatus, RegionCode, SchemaId,
    blocks,
};
use serde_json::{Value, json};

use super::{
    terms::{
        BLOCK, Extensions, GRANTEE, PERSON, RECORD, REGION, RESOURCE_TYPE, SCHEMA, Unmapped,
        code_of, grantee_of, grantee_reference, identified, identifies, list, of_type, optional,
        reference, required, texts,
    },
    time::{LAST, parse_time, time},
};
use crate::{AccountId, fhir::SCHEMA_PREFIX};

/// Media type of sealed bytes: only who has the person's consent can open them.
pub const SEALED: &str = "application/vnd.kanglian.sealed";
/// Largest number that FHIR's unsignedInt holds.
const LARGEST: u64 = 2_147_483_647;

/// The logical id of a record: its 64 digits.
pub fn id(record: &RecordId) -> String {
    hex::encode(record.0)
}

/// The record with a logical id, in its one form.
pub fn record_of(id: &str) -> Option<RecordId> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(id, &mut bytes).ok()?;
    (hex::encode(bytes) == id).then_some(RecordId(bytes))
}

fn author_reference(author: &Author) -> Value {
    match author {
        Author::Institution(id) => {
            grantee_reference(&kanglian_primitives::Grantee::<AccountId>::Institution(*id))
        },
        Author::Person(id) => reference("Patient", PERSON, id),
    }
}

/// The FHIR type that a schema is of.
pub fn resource_type_of(schema: &str) -> Option<&'static str> {
    super::resource_type(schema.strip_prefix(SCHEMA_PREFIX).unwrap_or(schema))
}

/// A record's facts as a DocumentReference. `schema` is the schema's name, when it is known.
pub fn to_document(facts: &RecordFacts, schema: Option<&str>) -> Value {
    let id = id(&facts.id);
    let mut rest = Extensions::default();
    rest.text("key-epoch", facts.key_epoch.0)
        .text("readings", facts.count)
        .text("paid", facts.paid);
    for region in &facts.stored_in {
        rest.text("stored-in", region);
    }
    let mut kind = json!({ "coding": [{ "system": SCHEMA, "code": facts.schema.to_string() }] });
    if let Some(name) = schema {
        kind["coding"][0]["display"] = name.into();
        if let (Some(resource), Some(codings)) =
            (resource_type_of(name), kind["coding"].as_array_mut())
        {
            codings.push(json!({ "system": RESOURCE_TYPE, "code": resource }));
        }
    }
    let mut attachment = json!({
        "contentType": SEALED,
        "url": format!("Binary/{id}"),
        "title": "sealed: opened with the key that a consent gives",
    });
    if facts.size <= LARGEST {
        attachment["size"] = facts.size.into();
    } else {
        rest.text("size", facts.size);
    }
    let status = match facts.status {
        RecordStatus::Active => "current",
        RecordStatus::Superseded(by) => {
            rest.text("superseded-by", by);
            "superseded"
        },
        RecordStatus::Rejected => "entered-in-error",
    };
    let mut document = json!({
        "resourceType": "DocumentReference",
        "id": id,
        "masterIdentifier": { "system": RECORD, "value": facts.id.to_string() },
        "status": status,
        "type": kind,
        "category": [{ "coding": [{ "system": BLOCK, "code": facts.block.to_string() }] }],
        "subject": reference("Patient", PERSON, facts.subject),
        "author": [author_reference(&facts.author)],
        "custodian": reference("Organization", REGION, facts.region),
        "content": [{ "attachment": attachment }],
    });
    if facts.shared_at <= LAST {
        document["date"] = time(facts.shared_at).into();
    } else {
        rest.text("shared-at", facts.shared_at);
    }
    if facts.block == blocks::RESTRICTED_MEDICAL {
        document["securityLabel"] = json!([{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R",
        }] }]);
    }
    document["extension"] = rest.into_value();
    document
}

/// The facts behind a DocumentReference that [`to_document`] made.
pub fn from_document(document: &Value) -> Result<RecordFacts, Unmapped> {
    const PATH: &str = "DocumentReference";
    of_type(document, PATH)?;
    let wrong = |element: &str| Unmapped::at(format!("{PATH}.{element}"), "is missing or wrong");
    let master = &document["masterIdentifier"];
    let id: RecordId = (master["system"] == RECORD)
        .then(|| master["value"].as_str()?.parse().ok())
        .flatten()
        .ok_or_else(|| wrong("masterIdentifier"))?;
    let schema = code_of(&document["type"], SCHEMA).and_then(|code| code.parse().ok());
    let block = list(document, "category")
        .iter()
        .find_map(|category| code_of(category, BLOCK)?.parse().ok())
        .map(BusinessBlockId)
        .filter(|block| block.is_valid());
    let author = list(document, "author").first().ok_or_else(|| wrong("author"))?;
    let author = match identified(author, GRANTEE).and_then(grantee_of) {
        Some(kanglian_primitives::Grantee::Institution(id)) => Author::Institution(id),
        Some(_) => return Err(wrong("author")),
        None => Author::Person(identifies(author, PERSON, "DocumentReference.author[0]")?),
    };
    let [content] = list(document, "content") else { return Err(wrong("content")) };
    let size = match content["attachment"]["size"].as_u64() {
        Some(size) => size,
        None => required(document, "size", PATH)?,
    };
    let status = match document["status"].as_str() {
        Some("current") => RecordStatus::Active,
        Some("superseded") => RecordStatus::Superseded(required(document, "superseded-by", PATH)?),
        Some("entered-in-error") => RecordStatus::Rejected,
        _ => return Err(wrong("status")),
    };
    let shared_at = match document["date"].as_str() {
        Some(text) => parse_time(text).ok_or_else(|| wrong("date"))?,
        None => optional(document, "shared-at", PATH)?.ok_or_else(|| wrong("date"))?,
    };
    let stored_in: Result<Vec<RegionCode>, _> =
        texts(document, "stored-in").into_iter().map(str::parse).collect();
    Ok(RecordFacts {
        id,
        subject: identifies(&document["subject"], PERSON, "DocumentReference.subject")?,
        block: block.ok_or_else(|| wrong("category"))?,
        schema: schema.map(SchemaId).ok_or_else(|| wrong("type"))?,
        author,
        region: identifies(&document["custodian"], REGION, "DocumentReference.custodian")?,
        size,
        key_epoch: KeyEpoch(required(document, "key-epoch", PATH)?),
        shared_at,
        count: required(document, "readings", PATH)?,
        paid: required(document, "paid", PATH)?,
        status,
        stored_in: stored_in.map_err(|_| wrong("extension(stored-in)"))?,
    })
}

/// Who made a record, and when it was shared.
pub fn provenance(facts: &RecordFacts) -> Value {
    json!({
        "resourceType": "Provenance",
        "id": id(&facts.id),
        "target": [reference("DocumentReference", RECORD, facts.id)],
        "recorded": time(facts.shared_at.min(LAST)),
        "agent": [{
            "type": { "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                "code": "author",
            }] },
            "who": author_reference(&facts.author),
        }],
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use kanglian_primitives::{InstitutionId, PersonId};

    pub fn facts() -> RecordFacts {
        RecordFacts {
            id: RecordId([9; 32]),
            subject: PersonId([7; 32]),
            block: blocks::MEDICAL,
            schema: SchemaId(4),
            author: Author::Institution(InstitutionId::from_parts(320_100, 1)),
            region: RegionCode(320_000),
            size: 4_711,
            key_epoch: KeyEpoch(2),
            shared_at: 1_790_000_000_123,
            count: 3,
            paid: u128::MAX,
            status: RecordStatus::Active,
            stored_in: vec![RegionCode(320_000), RegionCode(330_000)],
        }
    }

    #[test]
    fn every_record_comes_back_as_it_went() {
        let plain = facts();
        let all = [
            RecordFacts { size: u64::MAX, shared_at: u64::MAX, ..plain.clone() },
            RecordFacts {
                author: Author::Person(plain.subject),
                stored_in: vec![],
                ..plain.clone()
            },
            RecordFacts { status: RecordStatus::Superseded(RecordId([1; 32])), ..plain.clone() },
            RecordFacts { status: RecordStatus::Rejected, ..plain.clone() },
            RecordFacts { block: blocks::RESTRICTED_MEDICAL, ..plain.clone() },
            plain,
        ];
        for facts in all {
            for schema in [None, Some("FHIR R4 Observation"), Some("WS/T 500.1")] {
                let text = serde_json::to_string(&to_document(&facts, schema)).unwrap();
                assert_eq!(from_document(&serde_json::from_str(&text).unwrap()), Ok(facts.clone()));
            }
        }
    }

    #[test]
    fn what_is_no_record_names_the_element() {
        let good = to_document(&facts(), None);
        for element in [
            "masterIdentifier",
            "type",
            "category",
            "author",
            "custodian",
            "content",
            "status",
            "date",
            "subject",
        ] {
            let mut broken = good.clone();
            broken[element] = Value::Null;
            let path = from_document(&broken).unwrap_err().path;
            assert!(path.starts_with(&format!("DocumentReference.{element}")), "{element}: {path}");
        }
    }

    #[test]
    fn ids_have_one_form() {
        let record = RecordId([0xab; 32]);
        assert_eq!(record_of(&id(&record)), Some(record));
        for text in ["", "ab", &"AB".repeat(32), &format!("0x{}", "ab".repeat(32))] {
            assert_eq!(record_of(text), None, "{text}");
        }
    }
}
