//! A referral as FHIR R4: one ServiceRequest, and one Task for each to whom it was offered.
//!
//! The mapping is loss-free: [`from_bundle`] gives back what [`to_bundle`] was given. What FHIR has no
//! element for (the exact state, the number of the terms) stands in codings of the system
//! `urn:kanglian`. Nothing here names the person otherwise than by the id on chain.

use kanglian_primitives::{PersonId, RecordId, ReferralId, TermsId};
use serde_json::{Value, json};

use super::{
    terms::{GRANTEE, PERSON, RECORD, TERMS, grantee_of, grantee_reference, identified, reference},
    time::{parse_time, time},
};
use crate::chain::care::{Offer, OfferStatus, Reason, Referral, ReferralStatus};

const SYSTEM: &str = "urn:kanglian";
const REFERRAL: &str = "urn:kanglian:referral";

/// Which way a referral goes, by the classes of WS 218.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the grassroots to a hospital (上转).
    Up,
    /// From a hospital to the grassroots (下转).
    Down,
    /// Among equals.
    Level,
}

impl std::fmt::Display for Direction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Up => "up 上转",
            Self::Down => "down 下转",
            Self::Level => "level",
        })
    }
}

/// Whether a class of WS 218 is a grassroots one: community health centres (B), township hospitals
/// (C), outpatient departments, clinics and village clinics (D).
fn is_grassroots(kind: &str) -> bool {
    matches!(kind.as_bytes().first(), Some(b'B' | b'C' | b'D'))
}

/// Which way a referral goes between institutions of these classes.
pub fn direction(from: &str, to: &str) -> Direction {
    match (is_grassroots(from), is_grassroots(to)) {
        (true, false) => Direction::Up,
        (false, true) => Direction::Down,
        _ => Direction::Level,
    }
}

/// Why JSON is no referral of this chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no referral: {0}")]
pub struct NoReferral(String);

fn missing(what: &str) -> NoReferral {
    NoReferral(format!("{what} is missing or wrong"))
}

fn coding(code: &str) -> Value {
    json!({ "coding": [{ "system": SYSTEM, "code": code }] })
}

fn coded<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    let codings = value.get(name)?.get("coding")?.as_array()?;
    let ours = codings.iter().find(|coding| coding.get("system").is_some_and(|s| s == SYSTEM))?;
    ours.get("code")?.as_str()
}

const STATUSES: [(ReferralStatus, &str, &str); 5] = [
    (ReferralStatus::Offered, "offered", "active"),
    (ReferralStatus::Accepted, "accepted", "active"),
    (ReferralStatus::Rejected, "rejected", "revoked"),
    (ReferralStatus::Returned, "returned", "completed"),
    (ReferralStatus::Closed, "closed", "completed"),
];

/// The codes of a state here and in FHIR's request-status.
fn status_codes(referral: &Referral) -> (&'static str, &'static str) {
    let found = STATUSES.iter().find(|(status, _, _)| *status == referral.status);
    let (ours, fhir) = found.map_or(("closed", "completed"), |(_, ours, fhir)| (*ours, *fhir));
    match (referral.status, referral.result) {
        // Closed without a result: nothing was completed.
        (ReferralStatus::Closed, None) => (ours, "revoked"),
        _ => (ours, fhir),
    }
}

/// The codes of an offer here and in FHIR's task-status, and a reason.
fn offer_codes(referral: &Referral, offer: &Offer) -> (&'static str, &'static str, Option<Reason>) {
    match offer.status {
        OfferStatus::Offered => ("offered", "requested", None),
        OfferStatus::Accepted => match (referral.ended_at, referral.result) {
            (None, _) => ("accepted", "accepted", None),
            (Some(_), Some(_)) => ("accepted", "completed", None),
            (Some(_), None) => ("accepted", "cancelled", None),
        },
        OfferStatus::Rejected(reason) => ("rejected", "rejected", Some(reason)),
        OfferStatus::Withdrawn => ("withdrawn", "cancelled", None),
    }
}

/// A referral as a FHIR R4 Bundle of the type `collection`.
pub fn to_bundle(person: &PersonId, id: ReferralId, referral: &Referral) -> Value {
    let requests = [service_request(person, id, referral)];
    let entries = requests.into_iter().chain(tasks(person, id, referral));
    let entries: Vec<_> = entries.map(|resource| json!({ "resource": resource })).collect();
    json!({ "resourceType": "Bundle", "type": "collection", "entry": entries })
}

/// The logical id of a referral's ServiceRequest: its number, and whose it is.
fn request_id(person: &PersonId, id: ReferralId) -> String {
    let whose =
        hex::encode(blake3::hash(&person.0).as_bytes().first_chunk::<8>().unwrap_or(&[0; 8]));
    format!("referral-{id}-{whose}")
}

/// A referral's ServiceRequest.
pub fn service_request(person: &PersonId, id: ReferralId, referral: &Referral) -> Value {
    let (ours, fhir) = status_codes(referral);
    let request_id = request_id(person, id);
    let mut request = json!({
        "resourceType": "ServiceRequest",
        "id": request_id,
        "identifier": [{ "system": REFERRAL, "value": format!("{person}/{id}") }],
        "status": fhir,
        "intent": if referral.by.is_some() { "order" } else { "proposal" },
        "code": { "coding": [
            { "system": "http://snomed.info/sct", "code": "3457005", "display": "Patient referral" },
            { "system": SYSTEM, "code": ours },
        ] },
        "subject": reference("Patient", PERSON, person),
        "occurrencePeriod": { "start": time(referral.at), "end": time(referral.until) },
        "authoredOn": time(referral.at),
        "requester": match &referral.by {
            Some(grantee) => grantee_reference(grantee),
            None => reference("Patient", PERSON, person),
        },
        "performer": referral.offers.iter().map(|offer| grantee_reference(&offer.to))
            .collect::<Vec<_>>(),
    });
    if let Some(record) = referral.request {
        request["supportingInfo"] = json!([reference("ServiceRequest", RECORD, record)]);
    }
    request
}

/// A referral's Tasks, one for each to whom it was offered.
pub fn tasks(person: &PersonId, id: ReferralId, referral: &Referral) -> Vec<Value> {
    let request = request_id(person, id);
    let offers = (1..).zip(&referral.offers);
    offers.map(|(number, offer)| task(person, &request, number, referral, offer)).collect()
}

fn task(
    person: &PersonId,
    request: &str,
    number: u32,
    referral: &Referral,
    offer: &Offer,
) -> Value {
    let (ours, fhir, reason) = offer_codes(referral, offer);
    let mut task = json!({
        "resourceType": "Task",
        "id": format!("{request}-{number}"),
        "identifier": [{ "system": TERMS, "value": offer.terms.to_string() }],
        "status": fhir,
        "businessStatus": coding(ours),
        "intent": "order",
        "focus": { "reference": format!("ServiceRequest/{request}") },
        "for": reference("Patient", PERSON, person),
        "authoredOn": time(referral.at),
        "owner": grantee_reference(&offer.to),
        "restriction": { "period": { "end": time(referral.until) } },
    });
    if let Some(reason) = reason {
        task["statusReason"] = coding(&reason.to_string());
    }
    if offer.status == OfferStatus::Accepted {
        if let Some(ended) = referral.ended_at {
            task["lastModified"] = time(ended).into();
        }
        if let Some(record) = referral.result {
            task["output"] = json!([{
                "type": coding("result"),
                "valueReference": reference("DocumentReference", RECORD, record),
            }]);
        }
    }
    if offer.status != OfferStatus::Accepted && referral.ended_at.is_some() {
        task["lastModified"] = referral.ended_at.map(time).into();
    }
    task
}

/// The referral behind a Bundle that [`to_bundle`] made.
pub fn from_bundle(bundle: &Value) -> Result<(PersonId, ReferralId, Referral), NoReferral> {
    let entries = bundle.get("entry").and_then(Value::as_array).ok_or_else(|| missing("entry"))?;
    let resources: Vec<&Value> = entries.iter().filter_map(|entry| entry.get("resource")).collect();
    let of_kind = |kind: &'static str| {
        let resources = resources.clone();
        resources.into_iter().filter(move |one| one.get("resourceType").is_some_and(|t| t == kind))
    };
    let request = of_kind("ServiceRequest").next().ok_or_else(|| missing("ServiceRequest"))?;
    let identifier = request
        .get("identifier")
        .and_then(|all| all.get(0)?.get("value")?.as_str())
        .ok_or_else(|| missing("the identifier"))?;
    let (person, number) = identifier.split_once('/').ok_or_else(|| missing("the identifier"))?;
    let person: PersonId = person.parse().map_err(|_| missing("the person"))?;
    let id = ReferralId(number.parse().map_err(|_| missing("the referral's number"))?);
    let ours = coded(request, "code").ok_or_else(|| missing("the state"))?;
    let status = STATUSES
        .iter()
        .find(|(_, code, _)| *code == ours)
        .map(|(status, _, _)| *status)
        .ok_or_else(|| missing("the state"))?;
    let period = request.get("occurrencePeriod").ok_or_else(|| missing("occurrencePeriod"))?;
    let instant = |name: &str| {
        let text = period.get(name).and_then(Value::as_str);
        text.and_then(parse_time).ok_or_else(|| missing(name))
    };
    let requester = request.get("requester").ok_or_else(|| missing("requester"))?;
    let by = match identified(requester, GRANTEE) {
        Some(text) => Some(grantee_of(text).ok_or_else(|| missing("requester"))?),
        None => {
            identified(requester, PERSON).ok_or_else(|| missing("requester"))?;
            None
        },
    };
    let record = |value: &Value| -> Result<RecordId, NoReferral> {
        let text = identified(value, RECORD).ok_or_else(|| missing("a record"))?;
        text.parse().map_err(|_| missing("a record"))
    };
    let request_record =
        request.get("supportingInfo").and_then(|all| all.get(0)).map(record).transpose()?;
    let (mut offers, mut result, mut ended_at) = (Vec::new(), None, None);
    for task in of_kind("Task") {
        let owner = task.get("owner").and_then(|owner| identified(owner, GRANTEE));
        let to = owner.and_then(grantee_of).ok_or_else(|| missing("a Task's owner"))?;
        let terms = task
            .get("identifier")
            .and_then(|all| all.get(0)?.get("value")?.as_str()?.parse().ok())
            .map(TermsId)
            .ok_or_else(|| missing("a Task's terms"))?;
        let reason = || {
            let reason = coded(task, "statusReason").and_then(|code| code.parse().ok());
            reason.ok_or_else(|| missing("a Task's statusReason"))
        };
        let status = match coded(task, "businessStatus") {
            Some("offered") => OfferStatus::Offered,
            Some("accepted") => OfferStatus::Accepted,
            Some("rejected") => OfferStatus::Rejected(reason()?),
            Some("withdrawn") => OfferStatus::Withdrawn,
            _ => return Err(missing("a Task's businessStatus")),
        };
        if let Some(output) = task.get("output").and_then(|all| all.get(0)?.get("valueReference")) {
            result = Some(record(output)?);
        }
        if let Some(text) = task.get("lastModified").and_then(Value::as_str) {
            ended_at = Some(parse_time(text).ok_or_else(|| missing("lastModified"))?);
        }
        offers.push(Offer { to, terms, status });
    }
    let (at, until) = (instant("start")?, instant("end")?);
    let request = request_record;
    Ok((person, id, Referral { by, request, at, until, offers, status, result, ended_at }))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::AccountId;
    use kanglian_primitives::{Grantee, InstitutionId, TeamId};

    const PATIENT: PersonId = PersonId([7; 32]);

    fn institution(number: u32) -> InstitutionId {
        InstitutionId::from_parts(320_100, number)
    }

    fn referral() -> Referral {
        let account = AccountId::from([5; 32]);
        let doctor = Grantee::Practitioner { account, institution: institution(1) };
        let team = Grantee::CareTeam { institution: institution(2), team: TeamId(3) };
        let offer = |to, terms| Offer { to, terms: TermsId(terms), status: OfferStatus::Offered };
        Referral {
            by: Some(doctor),
            request: Some(RecordId([9; 32])),
            at: 1_790_000_000_123,
            until: 1_790_900_000_000,
            offers: vec![offer(team, 1), offer(Grantee::Institution(institution(3)), u64::MAX)],
            status: ReferralStatus::Offered,
            result: None,
            ended_at: None,
        }
    }

    /// The same in every state it can come to.
    pub fn all() -> Vec<Referral> {
        let offered = referral();
        let with = |statuses: [OfferStatus; 2], status| {
            let mut changed = offered.clone();
            for (offer, status) in changed.offers.iter_mut().zip(statuses) {
                offer.status = status;
            }
            changed.status = status;
            changed
        };
        use OfferStatus::{Accepted, Rejected, Withdrawn};
        let ended_at = Some(1_790_000_500_999);
        let result = Some(RecordId([8; 32]));
        let accepted = with([Rejected(Reason::NoCapacity), Accepted], ReferralStatus::Accepted);
        let returned =
            Referral { status: ReferralStatus::Returned, result, ended_at, ..accepted.clone() };
        let rejected = Referral {
            ended_at,
            ..with(
                [Rejected(Reason::OutOfScope), Rejected(Reason::Other)],
                ReferralStatus::Rejected,
            )
        };
        let withdrawn =
            Referral { ended_at, ..with([Withdrawn, Withdrawn], ReferralStatus::Closed) };
        let closed = Referral { status: ReferralStatus::Closed, ..returned.clone() };
        let by_person = Referral { by: None, request: None, ..offered.clone() };
        vec![offered, accepted, returned, rejected, withdrawn, closed, by_person]
    }

    #[test]
    fn every_state_comes_back_as_it_went() {
        for referral in all() {
            let bundle = to_bundle(&PATIENT, ReferralId(4), &referral);
            let text = serde_json::to_string(&bundle).unwrap();
            let read = from_bundle(&serde_json::from_str(&text).unwrap()).unwrap();
            assert_eq!(read, (PATIENT, ReferralId(4), referral));
        }
    }

    #[test]
    fn the_resources_are_what_fhir_expects() {
        for referral in all() {
            let bundle = to_bundle(&PATIENT, ReferralId(4), &referral);
            let bytes = serde_json::to_vec(&bundle).unwrap();
            assert_eq!(crate::fhir::inspect(&bytes).unwrap().resource_type, "Bundle");
            for entry in bundle["entry"].as_array().unwrap() {
                let resource = &entry["resource"];
                let looked = crate::fhir::inspect(&serde_json::to_vec(resource).unwrap()).unwrap();
                let status = resource["status"].as_str().unwrap();
                let allowed: &[&str] = match looked.resource_type {
                    "ServiceRequest" => &["active", "revoked", "completed"],
                    _ => &["requested", "accepted", "rejected", "completed", "cancelled"],
                };
                assert!(allowed.contains(&status), "{} {status}", looked.resource_type);
            }
        }
        let offered = to_bundle(&PATIENT, ReferralId(4), &referral());
        assert_eq!(offered["entry"][1]["resource"]["status"], "requested");
    }

    #[test]
    fn what_is_no_referral_says_what_is_missing() {
        let good = to_bundle(&PATIENT, ReferralId(4), &all()[2]);
        for path in [
            "/entry/0/resource/identifier",
            "/entry/0/resource/code",
            "/entry/0/resource/occurrencePeriod",
            "/entry/0/resource/requester",
            "/entry/1/resource/owner",
            "/entry/1/resource/identifier",
            "/entry/1/resource/businessStatus",
            "/entry/1/resource/statusReason",
        ] {
            let mut broken = good.clone();
            *broken.pointer_mut(path).unwrap() = Value::Null;
            assert!(from_bundle(&broken).is_err(), "{path}");
        }
        assert!(from_bundle(&json!({})).is_err());
    }

    #[test]
    fn direction_follows_from_the_classes() {
        assert_eq!(direction("D", "A1"), Direction::Up);
        assert_eq!(direction("A1", "B"), Direction::Down);
        assert_eq!(direction("A1", "A2"), Direction::Level);
        assert_eq!(direction("C", "D"), Direction::Level);
        assert_eq!(direction("", "A"), Direction::Level);
    }
}
