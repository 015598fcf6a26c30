//! Terms of a grant as a FHIR R4 Consent, and what of a foreign Consent terms can express.
//!
//! [`to_consent`] and [`from_consent`] are inverse. [`draft_of`] reads a Consent that was written
//! elsewhere: every element that changes what is permitted is either expressed by terms or refused
//! with its path, so that nobody is given more than the paper says, or less.

use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, Grantee, Hash32, Instant, ParentTerms, PersonId, PurposeSet,
    RecordId, Terms, TermsId, TermsTemplate,
};
use serde_json::{Map, Value, json};

use super::{
    terms::{
        BLOCK, EXTENSION, Extensions, GRANTEE, PERSON, PURPOSE, TERMS, Unmapped, code_of, coding,
        grantee_of, grantee_reference, grantee_text, identified, identifies, list, object, of_type,
        optional, reference, required, texts,
    },
    time::{LAST, parse_time, span, time},
};
use crate::AccountId;

const SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const ACTION: &str = "http://terminology.hl7.org/CodeSystem/consentaction";
/// Actions that reading is.
const READING: [&str; 2] = ["access", "use"];
/// Participations of somebody who receives information.
const RECEIVING: [&str; 2] = ["IRCP", "PRCP"];

/// Terms with whose they are and who holds them.
pub type Grant = (PersonId, Grantee<AccountId>, Terms<AccountId>);

/// The logical id of terms' Consent.
pub fn id(person: &PersonId, grantee: &Grantee<AccountId>, terms: TermsId) -> String {
    let text = format!("{person}/{}/{terms}", grantee_text(grantee));
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

fn concept(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

/// Writes a bound into a period, or beside it when FHIR has no such year.
fn bound(
    period: &mut Map<String, Value>,
    rest: &mut Extensions,
    end: &str,
    name: &str,
    at: Instant,
) {
    if at <= LAST {
        period.insert(end.to_owned(), time(at).into());
    } else {
        rest.text(name, at);
    }
}

/// Terms as a Consent. Its status is that of the instant `now`.
pub fn to_consent((person, grantee, terms): &Grant, now: Instant) -> Value {
    let mut rest = Extensions::default();
    let (mut period, mut data_period) = (Map::new(), Map::new());
    bound(&mut period, &mut rest, "start", "from", terms.from);
    bound(&mut period, &mut rest, "end", "until", terms.until);
    bound(&mut data_period, &mut rest, "start", "records-from", terms.records_from);
    bound(&mut data_period, &mut rest, "end", "records-until", terms.records_until);
    rest.text("may-delegate", terms.may_delegate).text("bundle", RecordId(terms.bundle));
    if let Some(parent) = &terms.parent {
        rest.text("parent", format!("{} {}", parent.id, grantee_text(&parent.grantee)));
    }
    let classes: Vec<_> = terms
        .blocks
        .iter()
        .map(|block| json!({ "system": BLOCK, "code": block.to_string() }))
        .collect();
    let purposes: Vec<_> = terms
        .purposes
        .iter()
        .map(|purpose| json!({ "system": PURPOSE, "code": purpose.code() }))
        .collect();
    let mut provision = json!({
        "type": "permit",
        "period": period,
        "actor": [{ "role": concept(PARTICIPATION, "IRCP"), "reference": grantee_reference(grantee) }],
        "action": [concept(ACTION, "access")],
    });
    for (name, values) in [("class", classes), ("purpose", purposes)] {
        if !values.is_empty() {
            provision[name] = values.into();
        }
    }
    if !data_period.is_empty() {
        provision["dataPeriod"] = data_period.into();
    }
    json!({
        "resourceType": "Consent",
        "id": id(person, grantee, terms.id),
        "extension": rest.into_value(),
        "identifier": [{ "system": TERMS, "value": terms.id.to_string() }],
        "status": if now < terms.until { "active" } else { "inactive" },
        "scope": concept(SCOPE, "patient-privacy"),
        "category": [concept("http://loinc.org", "59284-0")],
        "patient": reference("Patient", PERSON, person),
        "policyRule": concept(ACT_CODE, "OPTIN"),
        "provision": provision,
    })
}

/// The terms behind a Consent that [`to_consent`] made.
pub fn from_consent(consent: &Value) -> Result<Grant, Unmapped> {
    of_type(consent, "Consent")?;
    let person: PersonId = identifies(&consent["patient"], PERSON, "Consent.patient")?;
    let id = list(consent, "identifier")
        .iter()
        .find(|one| one["system"] == TERMS)
        .and_then(|one| one["value"].as_str()?.parse().ok())
        .map(TermsId)
        .ok_or_else(|| Unmapped::at("Consent.identifier", "no number of terms"))?;
    let provision = &consent["provision"];
    let [actor] = list(provision, "actor") else {
        return Err(Unmapped::at("Consent.provision.actor", "terms have one grantee"));
    };
    let grantee = identified(&actor["reference"], GRANTEE)
        .and_then(grantee_of)
        .ok_or_else(|| Unmapped::at("Consent.provision.actor[0].reference", "no grantee"))?;
    let instant = |period: &str, end: &str, name: &str| -> Result<Instant, Unmapped> {
        match provision[period][end].as_str() {
            Some(text) => parse_time(text).ok_or_else(|| {
                Unmapped::at(format!("Consent.provision.{period}.{end}"), "no time as written here")
            }),
            None => required(consent, name, "Consent"),
        }
    };
    let parent = match texts(consent, "parent").as_slice() {
        [] => None,
        [text, ..] => Some(parent_of(text).ok_or_else(|| {
            Unmapped::at(format!("Consent.extension({EXTENSION}parent)"), "cannot be read")
        })?),
    };
    let bundle: RecordId = required(consent, "bundle", "Consent")?;
    let terms = Terms {
        id,
        blocks: blocks_of(list(provision, "class"))?,
        purposes: purposes_of(list(provision, "purpose"))?,
        from: instant("period", "start", "from")?,
        until: instant("period", "end", "until")?,
        records_from: instant("dataPeriod", "start", "records-from")?,
        records_until: instant("dataPeriod", "end", "records-until")?,
        may_delegate: required(consent, "may-delegate", "Consent")?,
        parent,
        bundle: Hash32::from(bundle.0),
    };
    Ok((person, grantee, terms))
}

fn parent_of(text: &str) -> Option<ParentTerms<AccountId>> {
    let (id, grantee) = text.split_once(' ')?;
    Some(ParentTerms { grantee: grantee_of(grantee)?, id: TermsId(id.parse().ok()?) })
}

fn blocks_of(classes: &[Value]) -> Result<BusinessBlockSet, Unmapped> {
    let mut blocks = Vec::with_capacity(classes.len());
    for (at, class) in classes.iter().enumerate() {
        let path = format!("Consent.provision.class[{at}]");
        let block = match coding(class) {
            (BLOCK, code) => {
                code.parse().ok().map(BusinessBlockId).filter(|block| block.is_valid())
            },
            (system, code) => {
                return Err(Unmapped::at(
                    path,
                    format!("{system}|{code}: terms open whole business blocks ({BLOCK})"),
                ));
            },
        };
        blocks.push(block.ok_or_else(|| Unmapped::at(path, "no business block"))?);
    }
    Ok(blocks.into_iter().collect())
}

fn purposes_of(purposes: &[Value]) -> Result<PurposeSet, Unmapped> {
    let one = |(at, purpose): (usize, &Value)| {
        let path = format!("Consent.provision.purpose[{at}]");
        match coding(purpose) {
            (PURPOSE, code) => {
                code.parse().map_err(|_| Unmapped::at(path, format!("unknown code {code}")))
            },
            (system, _) => Err(Unmapped::at(path, format!("{system} is not {PURPOSE}"))),
        }
    };
    purposes.iter().enumerate().map(one).collect()
}

/// Whom references of a foreign Consent mean, and what it leaves open.
pub trait Meaning {
    /// The person whom a reference means.
    fn person(&self, reference: &str) -> Option<PersonId>;
    /// The grantee whom a reference means.
    fn grantee(&self, reference: &str) -> Option<Grantee<AccountId>>;
    /// Business blocks of a Consent that names no classes.
    fn blocks(&self) -> Option<BusinessBlockSet>;
    /// Purposes of a Consent that names none.
    fn purposes(&self) -> Option<PurposeSet>;
}

/// What a foreign Consent says, as a person can grant it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Whose records.
    pub person: PersonId,
    /// Who is to read.
    pub grantee: Grantee<AccountId>,
    /// The terms.
    pub terms: TermsTemplate,
}

/// Elements that say nothing about what is permitted.
const NEUTRAL: [&str; 14] = [
    "resourceType",
    "id",
    "meta",
    "implicitRules",
    "language",
    "text",
    "identifier",
    "dateTime",
    "performer",
    "organization",
    "sourceAttachment",
    "sourceReference",
    "category",
    "policy",
];

fn known(value: &Value, path: &str, names: &[&str]) -> Result<(), Unmapped> {
    for name in object(value, path)?.keys() {
        // `_name` holds ids and extensions of primitive values.
        if !names.contains(&name.as_str()) {
            return Err(Unmapped::at(
                format!("{path}.{name}"),
                "terms cannot express this element",
            ));
        }
    }
    Ok(())
}

/// How a reference is named: by its literal reference, else `system|value` of its identifier.
pub fn reference_text(reference: &Value) -> Option<String> {
    if let Some(text) = reference["reference"].as_str() {
        return Some(text.to_owned());
    }
    let identifier = reference.get("identifier")?;
    let system = identifier["system"].as_str().unwrap_or_default();
    Some(format!("{system}|{}", identifier["value"].as_str()?))
}

/// Reads a Consent that was written elsewhere.
pub fn draft_of(consent: &Value, meaning: &dyn Meaning) -> Result<Draft, Unmapped> {
    of_type(consent, "Consent")?;
    let elements = ["status", "scope", "patient", "policyRule", "verification", "provision"];
    known(consent, "Consent", &[&NEUTRAL[..], &elements].concat())?;
    match consent["status"].as_str() {
        Some("active") => {},
        status => {
            let status = status.unwrap_or("nothing");
            return Err(Unmapped::at("Consent.status", format!("{status} permits nothing")));
        },
    }
    if consent.get("verification").is_some() {
        return Err(Unmapped::at(
            "Consent.verification",
            "what a relative verified the chain cannot say",
        ));
    }
    if code_of(&consent["scope"], SCOPE) != Some("patient-privacy") {
        return Err(Unmapped::at("Consent.scope", "only patient-privacy is about reading records"));
    }
    match code_of(&consent["policyRule"], ACT_CODE) {
        Some("OPTIN") => {},
        Some("OPTOUT") => {
            return Err(Unmapped::at(
                "Consent.policyRule",
                "OPTOUT permits what it does not forbid; terms permit only what they name",
            ));
        },
        _ => return Err(Unmapped::at("Consent.policyRule", "neither OPTIN nor OPTOUT")),
    }
    let whom = |value: &Value, path: &str| {
        reference_text(value).ok_or_else(|| Unmapped::at(path, "no reference"))
    };
    let patient = whom(&consent["patient"], "Consent.patient")?;
    let person = identified(&consent["patient"], PERSON).and_then(|text| text.parse().ok());
    let person = person.or_else(|| meaning.person(&patient)).ok_or_else(|| {
        Unmapped::at("Consent.patient", format!("{patient} is not mapped to a person"))
    })?;
    let (grantee, terms) = provision_of(consent, meaning)?;
    Ok(Draft { person, grantee, terms })
}

fn provision_of(
    consent: &Value,
    meaning: &dyn Meaning,
) -> Result<(Grantee<AccountId>, TermsTemplate), Unmapped> {
    const PATH: &str = "Consent.provision";
    let provision = consent
        .get("provision")
        .ok_or_else(|| Unmapped::at(PATH, "terms need a reader and an end"))?;
    match provision.get("type").and_then(Value::as_str) {
        None | Some("permit") => {},
        Some(other) => {
            return Err(Unmapped::at("Consent.provision.type", format!("terms cannot {other}")));
        },
    }
    let elements = ["id", "type", "period", "actor", "action", "class", "purpose", "dataPeriod"];
    known(provision, PATH, &elements)?;
    for (at, action) in list(provision, "action").iter().enumerate() {
        let code = code_of(action, ACTION).unwrap_or("an unknown action");
        if !READING.contains(&code) {
            let path = format!("{PATH}.action[{at}]");
            return Err(Unmapped::at(path, format!("{code} is not reading")));
        }
    }
    let [actor] = list(provision, "actor") else {
        let path = format!("{PATH}.actor");
        let count = list(provision, "actor").len();
        return Err(Unmapped::at(path, format!("{count} actors: terms have one grantee")));
    };
    let role = code_of(&actor["role"], PARTICIPATION).unwrap_or("an unknown role");
    if !RECEIVING.contains(&role) {
        let path = format!("{PATH}.actor[0].role");
        return Err(Unmapped::at(path, format!("{role} receives nothing (IRCP or PRCP does)")));
    }
    let path = format!("{PATH}.actor[0].reference");
    let named =
        reference_text(&actor["reference"]).ok_or_else(|| Unmapped::at(&path, "no reference"))?;
    let own = identified(&actor["reference"], GRANTEE).and_then(grantee_of);
    let grantee = own
        .or_else(|| meaning.grantee(&named))
        .ok_or_else(|| Unmapped::at(&path, format!("{named} is not mapped to a grantee")))?;
    let blocks = match list(provision, "class") {
        [] => meaning.blocks().ok_or_else(|| {
            Unmapped::at(format!("{PATH}.class"), "no classes: say which business blocks are meant")
        })?,
        classes => blocks_of(classes)?,
    };
    let purposes = match list(provision, "purpose") {
        [] => meaning.purposes().ok_or_else(|| {
            Unmapped::at(format!("{PATH}.purpose"), "no purposes: say which are meant")
        })?,
        purposes => purposes_of(purposes)?,
    };
    let within = |name: &str| {
        let period = &provision[name];
        let read = |end: &str| match period[end].as_str() {
            None => Ok(None),
            Some(text) => span(text).map(Some).ok_or_else(|| {
                Unmapped::at(format!("{PATH}.{name}.{end}"), format!("{text} is no dateTime"))
            }),
        };
        // A period ends with the last instant of its end, FHIR R4 2.24.0.11.
        Ok((read("start")?.map(|span| span.start), read("end")?.map(|span| span.end)))
    };
    let (from, until) = within("period")?;
    let until =
        until.ok_or_else(|| Unmapped::at(format!("{PATH}.period.end"), "terms need an end"))?;
    let (records_from, records_until) = within("dataPeriod")?;
    let may_delegate = optional(consent, "may-delegate", "Consent")?.unwrap_or(0);
    let terms = TermsTemplate {
        blocks,
        purposes,
        from: from.unwrap_or(0),
        until,
        records_from: records_from.unwrap_or(0),
        records_until: records_until.unwrap_or(Instant::MAX),
        may_delegate,
    };
    Ok((grantee, terms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kanglian_primitives::{InstitutionId, Purpose, TeamId, blocks};

    fn grants() -> Vec<Grant> {
        let institution = InstitutionId::from_parts(320_100, 1);
        let account = AccountId::from([5; 32]);
        let doctor = Grantee::Practitioner { account, institution };
        let terms = Terms {
            id: TermsId(u64::MAX),
            blocks: [blocks::MEDICAL, blocks::HEALTH].into_iter().collect(),
            purposes: [Purpose::Treatment, Purpose::CareManagement].into_iter().collect(),
            from: 1_790_000_000_123,
            until: 1_790_900_000_000,
            records_from: 5,
            records_until: Instant::MAX,
            may_delegate: 2,
            parent: None,
            bundle: [9; 32],
        };
        let parent = Some(ParentTerms { grantee: doctor, id: TermsId(7) });
        let team = Grantee::CareTeam { institution, team: TeamId(3) };
        let person = PersonId([7; 32]);
        vec![
            (person, doctor, terms),
            (person, team, Terms { parent, may_delegate: 0, ..terms }),
            (
                person,
                Grantee::Institution(institution),
                Terms { until: LAST + 1, from: LAST, ..terms },
            ),
            (person, Grantee::Person(PersonId([8; 32])), Terms { records_until: 0, ..terms }),
            (person, doctor, Terms { blocks: BusinessBlockSet::EMPTY, ..terms }),
        ]
    }

    #[test]
    fn every_grant_comes_back_as_it_went() {
        for grant in grants() {
            let consent = to_consent(&grant, 0);
            let text = serde_json::to_string(&consent).unwrap();
            assert_eq!(from_consent(&serde_json::from_str(&text).unwrap()), Ok(grant), "{text}");
        }
        let grant = grants()[0];
        assert_eq!(to_consent(&grant, grant.2.until - 1)["status"], "active");
        assert_eq!(to_consent(&grant, grant.2.until)["status"], "inactive");
    }

    #[test]
    fn what_is_no_grant_names_the_element() {
        let good = to_consent(&grants()[1], 0);
        for (path, named) in [
            ("/patient/identifier", "Consent.patient"),
            ("/identifier", "Consent.identifier"),
            ("/provision/actor", "Consent.provision.actor"),
            ("/provision/actor/0/reference", "actor[0].reference"),
            ("/provision/period/start", "urn:kanglian:fhir:from"),
            ("/provision/class/0/code", "Consent.provision.class[0]"),
            ("/provision/purpose/0/code", "Consent.provision.purpose[0]"),
            ("/extension", "urn:kanglian:fhir:"),
            ("/resourceType", "resourceType"),
        ] {
            let mut broken = good.clone();
            *broken.pointer_mut(path).unwrap() = Value::Null;
            let error = from_consent(&broken).unwrap_err().to_string();
            assert!(error.contains(named), "{path}: {error}");
        }
    }
}
