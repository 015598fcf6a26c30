//! Records with their opened content as a FHIR R4 Bundle, and back. Content is carried letter by
//! letter: a decimal keeps its digits, a member its place.

use kanglian_primitives::RecordFacts;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

use super::{
    document::{from_document, to_document},
    terms::Unmapped,
};

/// A record, opened if it is a FHIR resource.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What the chain says of it.
    pub facts: RecordFacts,
    /// The schema's name.
    pub schema: Option<String>,
    /// The resource.
    pub content: Option<Box<RawValue>>,
}

#[derive(Serialize, Deserialize)]
struct Bundle {
    #[serde(rename = "resourceType")]
    resource_type: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(rename = "fullUrl", default, skip_serializing_if = "Option::is_none")]
    full_url: Option<String>,
    resource: Box<RawValue>,
}

/// Where a record's content stands in a Bundle.
pub fn full_url(facts: &RecordFacts) -> String {
    format!("urn:kanglian:record:{}", facts.id)
}

/// Records as a Bundle of the type `collection`: for each its DocumentReference, then its content.
pub fn to_bundle(records: &[Opened]) -> Result<String, serde_json::Error> {
    let mut entry = Vec::new();
    for record in records {
        let document = to_document(&record.facts, record.schema.as_deref());
        let resource = serde_json::value::to_raw_value(&document)?;
        entry.push(Entry { full_url: None, resource });
        if let Some(content) = &record.content {
            let full_url = Some(full_url(&record.facts));
            entry.push(Entry { full_url, resource: content.clone() });
        }
    }
    let (resource_type, kind) = ("Bundle".to_owned(), "collection".to_owned());
    serde_json::to_string(&Bundle { resource_type, kind, entry })
}

/// The records of a Bundle that [`to_bundle`] made.
pub fn from_bundle(text: &str) -> Result<Vec<Opened>, Unmapped> {
    let bundle: Bundle =
        serde_json::from_str(text).map_err(|error| Unmapped::at("Bundle", error))?;
    let mut records: Vec<Opened> = Vec::new();
    for (at, entry) in bundle.entry.into_iter().enumerate() {
        let path = format!("Bundle.entry[{at}]");
        match (entry.full_url, records.last_mut()) {
            (Some(url), Some(record))
                if record.content.is_none() && url == full_url(&record.facts) =>
            {
                record.content = Some(entry.resource);
            },
            (None, _) => {
                let document: Value = serde_json::from_str(entry.resource.get())
                    .map_err(|error| Unmapped::at(&path, error))?;
                let facts = from_document(&document).map_err(|error| {
                    Unmapped::at(format!("{path}.{}", error.path), error.reason)
                })?;
                let schema = document["type"]["coding"][0]["display"].as_str().map(str::to_owned);
                records.push(Opened { facts, schema, content: None });
            },
            _ => return Err(Unmapped::at(path, "no record stands before this content")),
        }
    }
    Ok(records)
}

/// The resources of any Bundle, letter by letter, with their types.
pub fn resources(text: &str) -> Result<Vec<(String, Box<RawValue>)>, Unmapped> {
    #[derive(Deserialize)]
    struct Any {
        #[serde(default)]
        entry: Vec<Holder>,
    }
    #[derive(Deserialize)]
    struct Holder {
        resource: Option<Box<RawValue>>,
    }
    #[derive(Deserialize)]
    struct Typed {
        #[serde(rename = "resourceType")]
        kind: String,
    }
    let any: Any = serde_json::from_str(text).map_err(|error| Unmapped::at("Bundle", error))?;
    let one = |(at, holder): (usize, Holder)| {
        let path = format!("Bundle.entry[{at}].resource");
        let resource = holder.resource.ok_or_else(|| Unmapped::at(&path, "is missing"))?;
        let typed: Typed = serde_json::from_str(resource.get())
            .map_err(|_| Unmapped::at(&path, "has no resourceType"))?;
        Ok((typed.kind, resource))
    };
    any.entry.into_iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::document::tests::facts;

    #[test]
    fn content_keeps_every_letter() {
        let content = r#"{ "resourceType":"Observation", "valueQuantity":{"value":0.10, "b":1e3,"a":"\u00e9"} }"#;
        let opened = |content: Option<&str>| Opened {
            facts: facts(),
            schema: Some("FHIR R4 Observation".to_owned()),
            content: content.map(|text| RawValue::from_string(text.to_owned()).unwrap()),
        };
        let records =
            [opened(Some(content)), opened(None), opened(Some("{\"resourceType\":\"X\"}"))];
        let text = to_bundle(&records).unwrap();
        let read = from_bundle(&text).unwrap();
        assert_eq!(read.len(), 3);
        for (read, record) in read.iter().zip(&records) {
            assert_eq!((&read.facts, &read.schema), (&record.facts, &record.schema));
            let letters = |record: &Opened| record.content.as_ref().map(|c| c.get().to_owned());
            assert_eq!(letters(read), letters(record));
        }
        let kinds: Vec<_> = resources(&text).unwrap().into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds[..3], ["DocumentReference", "Observation", "DocumentReference"]);
    }

    #[test]
    fn what_is_no_bundle_of_records_is_refused_with_its_place() {
        let content = r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"x","resource":{}}]}"#;
        assert_eq!(from_bundle(content).unwrap_err().path, "Bundle.entry[0]");
        let foreign = r#"{"resourceType":"Bundle","type":"x","entry":[{"resource":{"resourceType":"DocumentReference"}}]}"#;
        assert!(
            from_bundle(foreign).unwrap_err().path.starts_with("Bundle.entry[0].DocumentReference")
        );
        assert!(from_bundle("{").is_err());
        assert!(resources(r#"{"entry":[{"fullUrl":"x"}]}"#).unwrap_err().path.contains("entry[0]"));
        assert!(resources(r#"{"entry":[{"resource":{}}]}"#).is_err());
    }
}
