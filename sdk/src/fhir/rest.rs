//! What a read-only FHIR R4 server needs: parameters of a search, Bundles of the type `searchset`,
//! OperationOutcomes.

use std::ops::Range;

use kanglian_primitives::Instant;
use serde_json::{Value, json, value::RawValue};
use url::form_urlencoded;

use super::{
    terms::{coding, list},
    time::span,
};

/// FHIR's JSON.
pub const MEDIA_TYPE: &str = "application/fhir+json";
/// When the servers here last offered something else.
const CHANGED: &str = "2026-11-23";
/// Most matches in one page.
pub const MAX_COUNT: u32 = 256;
/// Matches in a page when nothing is asked.
pub const DEFAULT_COUNT: u32 = 50;
/// How servers here continue a search; clients follow the `next` link.
pub const CURSOR: &str = "_cursor";

/// What is wrong with a search.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// A parameter's value cannot be read.
    #[error("{name}: {reason}")]
    Value {
        /// The parameter.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// A parameter that is not known, and the client wants to be told (`Prefer: handling=strict`).
    #[error("{0}: this search has no such parameter")]
    Unknown(String),
    /// A parameter that must be there.
    #[error("{0}: must be given")]
    Missing(&'static str),
    /// A format that is not spoken.
    #[error("{0}: only JSON is spoken ({MEDIA_TYPE})")]
    Format(String),
}

impl SearchError {
    fn value(name: &str, reason: impl std::fmt::Display) -> Self {
        Self::Value { name: name.to_owned(), reason: reason.to_string() }
    }
}

/// Whether `_format` or `Accept` allow JSON.
pub fn check_format(query: &str, accept: Option<&str>) -> Result<(), SearchError> {
    let is_json = |text: &str| {
        let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        matches!(
            kind.as_str(),
            "json" | "application/json" | "text/json" | "*/*" | "application/*" | MEDIA_TYPE
        )
    };
    let format = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "_format");
    match (format, accept) {
        // A + that was not escaped has become a space.
        (Some((_, format)), _) if is_json(&format.replace(' ', "+")) => Ok(()),
        (Some((_, format)), _) => Err(SearchError::Format(format.into_owned())),
        (None, Some(accept)) if !accept.split(',').any(is_json) => {
            Err(SearchError::Format(accept.to_owned()))
        },
        (None, _) => Ok(()),
    }
}

/// A token: `code`, `system|code`, `|code`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    system: Option<String>,
    code: String,
}

impl Token {
    /// Reads it.
    pub fn parse(text: &str) -> Self {
        match text.split_once('|') {
            Some((system, code)) => Self { system: Some(system.to_owned()), code: code.to_owned() },
            None => Self { system: None, code: text.to_owned() },
        }
    }

    /// Whether a coding is meant; an empty code means every one of the system.
    pub fn is(&self, system: &str, code: &str) -> bool {
        self.system.as_deref().is_none_or(|wanted| wanted == system)
            && (self.code == code || self.code.is_empty() && self.system.is_some())
    }

    /// Whether one of a concept's codings is meant.
    pub fn is_among(&self, concept: &Value) -> bool {
        list(concept, "coding").iter().map(coding).any(|(system, code)| self.is(system, code))
    }
}

/// A date to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    prefix: Prefix,
    span: Range<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prefix {
    Equal,
    NotEqual,
    After,
    Before,
    From,
    Until,
}

impl Date {
    /// Reads a date with or without a prefix.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (prefix, date) = match text.get(..2).unwrap_or_default() {
            "eq" => (Prefix::Equal, text.get(2..)),
            "ne" => (Prefix::NotEqual, text.get(2..)),
            "gt" | "sa" => (Prefix::After, text.get(2..)),
            "lt" | "eb" => (Prefix::Before, text.get(2..)),
            "ge" => (Prefix::From, text.get(2..)),
            "le" => (Prefix::Until, text.get(2..)),
            "ap" => return Err("the prefix ap is not understood".to_owned()),
            _ => (Prefix::Equal, Some(text)),
        };
        // A + that was not escaped has become a space.
        let date = date.unwrap_or_default().replace(' ', "+");
        let span = span(&date).ok_or_else(|| format!("{text} is no date"))?;
        Ok(Self { prefix, span })
    }

    /// Whether an instant fits.
    pub fn covers(&self, at: Instant) -> bool {
        match self.prefix {
            Prefix::Equal => self.span.contains(&at),
            Prefix::NotEqual => !self.span.contains(&at),
            Prefix::After => at >= self.span.end,
            Prefix::Before => at < self.span.start,
            Prefix::From => at >= self.span.start,
            Prefix::Until => at < self.span.end,
        }
    }
}

/// A search as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// `patient`, without what stands before the identifier.
    pub patient: Option<String>,
    /// `type`: any of them.
    pub types: Vec<Token>,
    /// `category`: any of them.
    pub categories: Vec<Token>,
    /// `date`: all of them.
    pub dates: Vec<Date>,
    /// `_count`.
    pub count: u32,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// What was passed over.
    pub ignored: Vec<String>,
    /// What was understood, to say so in the `self` link.
    understood: Vec<(String, String)>,
}

impl Search {
    /// Reads a query. `known` are the parameters that this search has beside `_count` and `_format`.
    pub fn parse(query: &str, prefer: Option<&str>, known: &[&str]) -> Result<Self, SearchError> {
        let handling =
            |part: &str| part.trim().replace(' ', "").eq_ignore_ascii_case("handling=strict");
        let strict = prefer.is_some_and(|prefer| prefer.split([',', ';']).any(handling));
        let mut search = Self { count: DEFAULT_COUNT, ..Self::default() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let (name, value) = (name.as_ref(), value.as_ref());
            // R4: a parameter without a value counts as not given.
            if value.is_empty() {
                continue;
            }
            let tokens = || value.split(',').map(Token::parse);
            match name {
                "_format" => continue,
                "_count" => {
                    let count: u32 =
                        value.parse().map_err(|_| SearchError::value(name, "no number"))?;
                    if count == 0 {
                        return Err(SearchError::value(name, "at least 1"));
                    }
                    search.count = count.min(MAX_COUNT);
                },
                CURSOR => {
                    search.cursor = Some(value.to_owned());
                    continue;
                },
                "patient" | "subject" if known.contains(&name) => {
                    let id = value.strip_prefix("Patient/").unwrap_or(value);
                    let id = id.rsplit('|').next().unwrap_or(id).to_owned();
                    if search.patient.as_ref().is_some_and(|other| *other != id) {
                        return Err(SearchError::value(name, "one patient at a time"));
                    }
                    search.patient = Some(id);
                },
                "type" if known.contains(&name) => search.types.extend(tokens()),
                "category" if known.contains(&name) => search.categories.extend(tokens()),
                "date" if known.contains(&name) => {
                    let date =
                        Date::parse(value).map_err(|reason| SearchError::value(name, reason))?;
                    search.dates.push(date);
                },
                _ if strict => return Err(SearchError::Unknown(name.to_owned())),
                _ => {
                    search.ignored.push(name.to_owned());
                    continue;
                },
            }
            search.understood.push((name.to_owned(), value.to_owned()));
        }
        Ok(search)
    }

    /// The patient, which must be given.
    pub fn patient(&self) -> Result<&str, SearchError> {
        self.patient.as_deref().ok_or(SearchError::Missing("patient"))
    }

    /// Whether an instant fits all dates.
    pub fn covers(&self, at: Instant) -> bool {
        self.dates.iter().all(|date| date.covers(at))
    }

    /// The address of this search, or of its next page.
    pub fn link(&self, base: &str, cursor: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.understood);
        if let Some(cursor) = cursor {
            query.append_pair(CURSOR, cursor);
        }
        let query = query.finish();
        if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
    }

    /// As [`Self::searchset`], with resources as they are, letter by letter.
    pub fn searchset_of(
        &self,
        base: &str,
        matches: &[(String, Box<RawValue>)],
        next: Option<&str>,
    ) -> Result<String, serde_json::Error> {
        let mut bundle = self.searchset(base, Vec::new(), next);
        let found = bundle.as_object_mut().and_then(|bundle| bundle.remove("entry"));
        let entries = matches.iter().map(|(url, resource)| {
            let mode = json!({ "mode": "match" });
            Ok(format!(
                "{{\"fullUrl\":{},\"resource\":{},\"search\":{mode}}}",
                serde_json::to_string(url)?,
                resource.get()
            ))
        });
        let mut entries = entries.collect::<Result<Vec<_>, serde_json::Error>>()?;
        let outcomes = found.as_ref().and_then(Value::as_array);
        entries.extend(outcomes.into_iter().flatten().map(Value::to_string));
        let mut text = bundle.to_string();
        if !entries.is_empty() {
            text.pop();
            text.push_str(&format!(",\"entry\":[{}]}}", entries.join(",")));
        }
        Ok(text)
    }

    /// The answer: full addresses and resources; what was passed over is said.
    pub fn searchset(
        &self,
        base: &str,
        matches: Vec<(String, Value)>,
        next: Option<&str>,
    ) -> Value {
        let mut links =
            vec![json!({ "relation": "self", "url": self.link(base, self.cursor.as_deref()) })];
        if let Some(next) = next {
            links.push(json!({ "relation": "next", "url": self.link(base, Some(next)) }));
        }
        let mut entries: Vec<_> = matches
            .into_iter()
            .map(|(url, resource)| {
                json!({ "fullUrl": url, "resource": resource, "search": { "mode": "match" } })
            })
            .collect();
        if !self.ignored.is_empty() {
            let text = format!("passed over: {}", self.ignored.join(", "));
            entries.push(json!({
                "resource": outcome("warning", "not-supported", &text),
                "search": { "mode": "outcome" },
            }));
        }
        let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset", "link": links });
        if !entries.is_empty() {
            bundle["entry"] = entries.into();
        }
        bundle
    }
}

/// What a server offers of a type.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// The type.
    pub kind: &'a str,
    /// Whether one is given by its id.
    pub reads: bool,
    /// Parameters of its search, with their types; none: there is no search.
    pub parameters: &'a [(&'a str, &'a str)],
}

/// A CapabilityStatement of a read-only server.
pub fn capabilities(description: &str, url: &str, security: &str, resources: &[Resource]) -> Value {
    let resources: Vec<_> = resources
        .iter()
        .map(|resource| {
            let reads = resource.reads.then(|| json!({ "code": "read" }));
            let searches = !resource.parameters.is_empty();
            let searches = searches.then(|| json!({ "code": "search-type" }));
            let mut one = json!({
                "type": resource.kind,
                "interaction": reads.into_iter().chain(searches).collect::<Vec<_>>(),
            });
            let parameters: Vec<_> = resource
                .parameters
                .iter()
                .map(|(name, kind)| json!({ "name": name, "type": kind }))
                .collect();
            if !parameters.is_empty() {
                one["searchParam"] = parameters.into();
            }
            one
        })
        .collect();
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED,
        "kind": "instance",
        "software": { "name": "Kanglian", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": description, "url": url },
        "fhirVersion": "4.0.1",
        "format": ["json", MEDIA_TYPE],
        "rest": [{
            "mode": "server",
            "security": { "description": security },
            "resource": resources,
        }],
    })
}

/// An OperationOutcome with one issue.
pub fn outcome(severity: &str, code: &str, text: &str) -> Value {
    json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": severity, "code": code, "diagnostics": text }],
    })
}

/// FHIR's issue type for an HTTP status.
pub fn issue_type(status: u16) -> &'static str {
    match status {
        400 | 416 => "invalid",
        401 => "login",
        403 => "forbidden",
        404 => "not-found",
        405 | 406 | 501 => "not-supported",
        409 => "conflict",
        413 => "too-long",
        429 => "throttled",
        503 | 507 => "transient",
        _ => "exception",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[&str] = &["patient", "type", "category", "date"];

    #[test]
    fn searches_are_understood() {
        let query = "patient=Patient/0x07&type=urn:kanglian:schema|4,Observation&date=ge2027-01-01\
                     &date=lt2028&_count=7&_format=json&category=";
        let search = Search::parse(query, None, ALL).unwrap();
        assert_eq!(search.patient().unwrap(), "0x07");
        assert_eq!((search.count, search.types.len(), search.dates.len()), (7, 2, 2));
        assert!(search.types[0].is("urn:kanglian:schema", "4"));
        assert!(!search.types[0].is("other", "4"));
        assert!(search.types[1].is("any", "Observation"));
        let at = |text: &str| span(text).unwrap().start;
        assert!(search.covers(at("2027-01-01")));
        assert!(!search.covers(at("2028")) && !search.covers(at("2027-01-01") - 1));
        let link = search.link("http://v/fhir/X", Some("c"));
        assert_eq!(Search::parse(link.split_once('?').unwrap().1, None, ALL).unwrap().count, 7);
        assert!(link.ends_with("_cursor=c"), "{link}");
    }

    #[test]
    fn unknown_parameters_are_passed_over_or_refused_as_the_client_prefers() {
        let search = Search::parse("patient=a&status=current", None, ALL).unwrap();
        assert_eq!(search.ignored, ["status"]);
        let set = search.searchset("b", vec![], None);
        assert_eq!(set["entry"][0]["search"]["mode"], "outcome");
        assert!(!set["link"][0]["url"].as_str().unwrap().contains("status"));
        let lenient = Some("return=minimal; handling=lenient");
        assert!(Search::parse("status=x", lenient, ALL).is_ok());
        for strict in ["handling=strict", "return=minimal, Handling = strict"] {
            let error = Search::parse("status=x", Some(strict), ALL);
            assert_eq!(error, Err(SearchError::Unknown("status".to_owned())));
        }
    }

    #[test]
    fn resources_keep_every_letter_in_an_answer() {
        let search = Search::parse("patient=a&odd=1", None, ALL).unwrap();
        let raw = RawValue::from_string("{\"b\":0.10,\"a\":1}".to_owned()).unwrap();
        let text = search.searchset_of("http://x", &[("u".to_owned(), raw)], Some("2")).unwrap();
        assert!(text.contains("{\"b\":0.10,\"a\":1}"), "{text}");
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["entry"][0]["fullUrl"], "u");
        assert_eq!(value["entry"][1]["resource"]["resourceType"], "OperationOutcome");
        assert_eq!(value["link"][1]["relation"], "next");
        let none = Search::parse("patient=a", None, ALL).unwrap();
        let text = none.searchset_of("http://x", &[], None).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap().get("entry"), None);
    }

    #[test]
    fn bad_values_are_named() {
        for (query, name) in [
            ("date=ap2027", "date"),
            ("date=2027-13", "date"),
            ("date=gt", "date"),
            ("_count=0", "_count"),
            ("_count=-1", "_count"),
            ("_count=x", "_count"),
            ("patient=a&patient=b", "patient"),
        ] {
            let error = Search::parse(query, None, ALL).unwrap_err();
            assert!(matches!(&error, SearchError::Value { name: of, .. } if of == name), "{query}");
        }
        assert_eq!(Search::parse("_count=9999", None, ALL).unwrap().count, MAX_COUNT);
        let none = Search::parse("", None, ALL).unwrap();
        assert_eq!(none.patient(), Err(SearchError::Missing("patient")));
    }

    #[test]
    fn dates_with_prefixes_cover_what_r4_says() {
        let day = span("2027-05-05").unwrap();
        for (prefix, before, first, last, after) in [
            ("", false, true, true, false),
            ("eq", false, true, true, false),
            ("ne", true, false, false, true),
            ("ge", false, true, true, true),
            ("le", true, true, true, false),
            ("gt", false, false, false, true),
            ("lt", true, false, false, false),
            ("sa", false, false, false, true),
            ("eb", true, false, false, false),
        ] {
            let date = Date::parse(&format!("{prefix}2027-05-05")).unwrap();
            let covers = [day.start - 1, day.start, day.end - 1, day.end].map(|at| date.covers(at));
            assert_eq!(covers, [before, first, last, after], "{prefix}");
        }
    }

    #[test]
    fn only_json_is_spoken() {
        for (query, accept) in [
            ("", None),
            ("_format=json", Some("text/html")),
            ("_format=application/fhir+json", None),
            ("", Some("text/html, application/fhir+json;fhirVersion=4.0")),
            ("", Some("*/*")),
        ] {
            assert_eq!(check_format(query, accept), Ok(()), "{query} {accept:?}");
        }
        for (query, accept) in [("_format=xml", Some("*/*")), ("", Some("application/fhir+xml"))] {
            assert!(check_format(query, accept).is_err(), "{query} {accept:?}");
        }
    }
}
