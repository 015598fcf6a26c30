//! What the mappings share: names of systems and extensions, references, and why JSON is refused.

use std::fmt::Display;

use kanglian_primitives::{Grantee, TeamId};
use serde_json::{Map, Value, json};

use crate::AccountId;

/// Where extensions are defined; the name of each follows (docs/interchange.md lists them).
pub const EXTENSION: &str = "urn:kanglian:fhir:";
/// Ids of persons.
pub const PERSON: &str = "urn:kanglian:person";
/// Grantees as text.
pub const GRANTEE: &str = "urn:kanglian:grantee";
/// Ids of records.
pub const RECORD: &str = "urn:kanglian:record";
/// Numbers of terms.
pub const TERMS: &str = "urn:kanglian:terms";
/// Accounts.
pub const ACCOUNT: &str = "urn:kanglian:account";
/// Provinces (GB/T 2260).
pub const REGION: &str = "urn:kanglian:region";
/// Business blocks by number.
pub const BLOCK: &str = "urn:kanglian:business-block";
/// Schemas by number.
pub const SCHEMA: &str = "urn:kanglian:schema";
/// HL7 v3 PurposeOfUse.
pub const PURPOSE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
/// FHIR's resource types.
pub const RESOURCE_TYPE: &str = "http://hl7.org/fhir/resource-types";

/// Why a resource is not what it should be: at which element, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct Unmapped {
    /// The element, such as `Consent.provision.actor[0].role`.
    pub path: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Unmapped {
    /// At an element.
    pub fn at(path: impl Display, reason: impl Display) -> Self {
        Self { path: path.to_string(), reason: reason.to_string() }
    }
}

/// A grantee as text: `institution:CODE`, `practitioner:ADDRESS@CODE`, `team:NUMBER@CODE` or
/// `person:0x…`.
pub fn grantee_text(grantee: &Grantee<AccountId>) -> String {
    match grantee {
        Grantee::Institution(id) => format!("institution:{id}"),
        Grantee::Practitioner { account, institution } => {
            format!("practitioner:{account}@{institution}")
        },
        Grantee::CareTeam { institution, team } => format!("team:{team}@{institution}"),
        Grantee::Person(id) => format!("person:{id}"),
    }
}

/// Reads what [`grantee_text`] writes.
pub fn grantee_of(text: &str) -> Option<Grantee<AccountId>> {
    let (kind, rest) = text.split_once(':')?;
    match kind {
        "institution" => rest.parse().ok().map(Grantee::Institution),
        "person" => rest.parse().ok().map(Grantee::Person),
        _ => {
            let (first, code) = rest.split_once('@')?;
            let institution = code.parse().ok()?;
            match kind {
                "practitioner" => {
                    first.parse().ok().map(|account| Grantee::Practitioner { account, institution })
                },
                "team" => {
                    let team = TeamId(first.parse().ok()?);
                    Some(Grantee::CareTeam { institution, team })
                },
                _ => None,
            }
        },
    }
}

/// A logical reference: by identifier, since nothing here has a FHIR server of its own.
pub fn reference(kind: &str, system: &str, value: impl Display) -> Value {
    json!({ "type": kind, "identifier": { "system": system, "value": value.to_string() } })
}

/// A logical reference to a grantee.
pub fn grantee_reference(grantee: &Grantee<AccountId>) -> Value {
    let kind = match grantee {
        Grantee::Institution(_) => "Organization",
        Grantee::Practitioner { .. } => "PractitionerRole",
        Grantee::CareTeam { .. } => "CareTeam",
        Grantee::Person(_) => "Patient",
    };
    reference(kind, GRANTEE, grantee_text(grantee))
}

/// The value of a logical reference.
pub fn identified<'a>(value: &'a Value, system: &str) -> Option<&'a str> {
    let identifier = value.get("identifier")?;
    (identifier.get("system")? == system).then(|| identifier.get("value")?.as_str()).flatten()
}

/// The value of a logical reference, read.
pub(crate) fn identifies<T: std::str::FromStr>(
    value: &Value,
    system: &str,
    path: &str,
) -> Result<T, Unmapped> {
    identified(value, system)
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Unmapped::at(path, format!("no identifier of {system}")))
}

/// The extensions of a resource as they are built.
#[derive(Default)]
pub(crate) struct Extensions(Vec<Value>);

impl Extensions {
    /// Adds a text. Numbers are texts too, so that no reader rounds them.
    pub fn text(&mut self, name: &str, value: impl Display) -> &mut Self {
        let url = format!("{EXTENSION}{name}");
        self.0.push(json!({ "url": url, "valueString": value.to_string() }));
        self
    }

    /// As JSON.
    pub fn into_value(self) -> Value {
        Value::Array(self.0)
    }
}

/// All texts of an extension, in order.
pub(crate) fn texts<'a>(value: &'a Value, name: &str) -> Vec<&'a str> {
    let all = value.get("extension").and_then(Value::as_array);
    let ours = all.into_iter().flatten().filter(|one| {
        let url = one.get("url").and_then(Value::as_str).unwrap_or_default();
        url.strip_prefix(EXTENSION) == Some(name)
    });
    ours.filter_map(|one| one.get("valueString")?.as_str()).collect()
}

/// An extension that may be there once, read.
pub(crate) fn optional<T: std::str::FromStr>(
    value: &Value,
    name: &str,
    path: &str,
) -> Result<Option<T>, Unmapped> {
    let wrong = || Unmapped::at(format!("{path}.extension({EXTENSION}{name})"), "cannot be read");
    match texts(value, name).as_slice() {
        [] => Ok(None),
        [text] => text.parse().map(Some).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

/// An extension that must be there once, read.
pub(crate) fn required<T: std::str::FromStr>(
    value: &Value,
    name: &str,
    path: &str,
) -> Result<T, Unmapped> {
    optional(value, name, path)?
        .ok_or_else(|| Unmapped::at(format!("{path}.extension({EXTENSION}{name})"), "is missing"))
}

/// The object at a path.
pub(crate) fn object<'a>(value: &'a Value, path: &str) -> Result<&'a Map<String, Value>, Unmapped> {
    value.as_object().ok_or_else(|| Unmapped::at(path, "is no object"))
}

/// A list, or nothing.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A coding's system and code.
pub(crate) fn coding(value: &Value) -> (&str, &str) {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    (text("system"), text("code"))
}

/// The code of a system among a concept's codings.
pub(crate) fn code_of<'a>(concept: &'a Value, system: &str) -> Option<&'a str> {
    list(concept, "coding").iter().map(coding).find(|(of, _)| *of == system).map(|(_, code)| code)
}

/// The resource's type, checked.
pub(crate) fn of_type(value: &Value, kind: &str) -> Result<(), Unmapped> {
    match value.get("resourceType").and_then(Value::as_str) {
        Some(found) if found == kind => Ok(()),
        Some(found) => Err(Unmapped::at("resourceType", format!("{found} instead of {kind}"))),
        None => Err(Unmapped::at("resourceType", "is missing")),
    }
}
