//! A line of an access log as a FHIR R4 AuditEvent, and back: with the reader's signature, salt and
//! proof, so that an exported log is verified like the vault's own answer.

use codec::{Decode, DecodeAll};
use kanglian_primitives::{
    Basis, EmergencyId, Hash32, PersonId, Purpose, RecordId, RegionCode, TermsId,
    payloads::{AccessStatement, LogEntry},
};
use serde_json::{Value, json};

use super::{
    terms::{
        ACCOUNT, Extensions, GRANTEE, PERSON, PURPOSE, RECORD, REGION, Unmapped, code_of,
        grantee_of, grantee_reference, identified, identifies, list, of_type, reference, required,
        texts,
    },
    time::{parse_time, time},
};
use crate::{AccountId, wire::LogLine};

const DOCUMENT: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const INTERACTION: &str = "http://hl7.org/fhir/restful-interaction";

/// A line at a province's vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The vault's province.
    pub region: RegionCode,
    /// Where in its log.
    pub index: u64,
    /// What the leaf is salted with: hexadecimal, 32 bytes.
    pub salt: String,
    /// What was read, by whom, why.
    pub entry: LogEntry<AccountId>,
    /// Hexadecimal inclusion proof; none for a line that is not anchored.
    pub proof: Option<Vec<String>>,
}

impl Line {
    /// A line as a vault gives it; none when its entry cannot be read.
    pub fn of(region: RegionCode, line: &LogLine) -> Option<Self> {
        let bytes = hex::decode(&line.entry).ok()?;
        let entry = LogEntry::decode_all(&mut bytes.as_slice()).ok()?;
        let (index, salt, proof) = (line.index, line.salt.clone(), line.proof.clone());
        Some(Self { region, index, salt, entry, proof })
    }

    /// The line as a vault gives it.
    pub fn wire(&self) -> LogLine {
        use codec::Encode;
        LogLine {
            index: self.index,
            salt: self.salt.clone(),
            entry: hex::encode(self.entry.encode()),
            proof: self.proof.clone(),
        }
    }
}

fn basis_text(basis: Basis) -> String {
    match basis {
        Basis::Subject => "urn:kanglian:basis:subject".to_owned(),
        Basis::Author => "urn:kanglian:basis:author".to_owned(),
        Basis::Terms(id) => format!("urn:kanglian:basis:terms:{id}"),
        Basis::Emergency(id) => format!("urn:kanglian:basis:emergency:{id}"),
        #[allow(unreachable_patterns)]
        _ => {
            use codec::Encode;
            format!("urn:kanglian:basis:scale:{}", hex::encode(basis.encode()))
        },
    }
}

fn basis_of(text: &str) -> Option<Basis> {
    let text = text.strip_prefix("urn:kanglian:basis:")?;
    match text.split_once(':') {
        None if text == "subject" => Some(Basis::Subject),
        None if text == "author" => Some(Basis::Author),
        Some(("terms", id)) => id.parse().ok().map(|id| Basis::Terms(TermsId(id))),
        Some(("emergency", id)) => id.parse().ok().map(|id| Basis::Emergency(EmergencyId(id))),
        Some(("scale", hex)) => {
            let bytes = hex::decode(hex).ok()?;
            Basis::decode(&mut bytes.as_slice()).ok()
        },
        _ => None,
    }
}

/// A line as an AuditEvent.
pub fn to_audit_event(line: &Line) -> Value {
    let entry = &line.entry;
    let statement = &entry.statement;
    let mut rest = Extensions::default();
    rest.text("log-index", line.index)
        .text("log-salt", &line.salt)
        .text("issued-at", statement.issued_at)
        .text("expires-at", statement.expires_at)
        .text("scheme", entry.scheme)
        .text("signature", hex::encode(&entry.signature));
    if let Some(proof) = &line.proof {
        rest.text("log-proof", proof.join(" "));
    }
    let purpose = json!({ "coding": [{ "system": PURPOSE, "code": statement.purpose.code() }] });
    let (subtype, action) = match entry.record {
        Some(_) => ("read", "R"),
        None => ("search-type", "E"),
    };
    let mut agent = json!({
        "type": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP",
        }] },
        "who": grantee_reference(&statement.acting_as),
        "altId": statement.account.to_string(),
        "requestor": true,
        "purposeOfUse": [purpose.clone()],
    });
    if let Some(basis) = entry.basis {
        agent["policy"] = json!([basis_text(basis)]);
    }
    let mut entities = vec![json!({
        "what": reference("Patient", PERSON, statement.subject),
        "type": { "system": DOCUMENT, "code": "1" },
        "role": { "system": ROLE, "code": "1" },
    })];
    if let Some(record) = entry.record {
        entities.push(json!({
            "what": reference("DocumentReference", RECORD, record),
            "type": { "system": DOCUMENT, "code": "2" },
            "role": { "system": ROLE, "code": "3" },
        }));
    }
    json!({
        "resourceType": "AuditEvent",
        "id": format!("{}-{}", line.region, line.index),
        "extension": rest.into_value(),
        "type": {
            "system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest",
        },
        "subtype": [{ "system": INTERACTION, "code": subtype }],
        "action": action,
        "recorded": time(entry.at),
        "outcome": if entry.basis.is_some() { "0" } else { "4" },
        "purposeOfEvent": [purpose],
        "agent": [agent],
        "source": {
            "observer": reference("Device", REGION, line.region),
            "type": [{
                "system": "http://terminology.hl7.org/CodeSystem/security-source-type", "code": "3",
            }],
        },
        "entity": entities,
    })
}

/// The system of anchors in a Bundle's tags.
pub const ANCHOR: &str = "urn:kanglian:log-anchor";

/// The anchored tree that proofs are about, as the `meta` of a Bundle of lines.
pub fn anchor_meta(region: RegionCode, size: u64, root: &Hash32) -> Value {
    let code = format!("{region}:{size}:{}", hex::encode(root));
    json!({ "tag": [{ "system": ANCHOR, "code": code }] })
}

/// The anchors in the `meta` of a Bundle of lines.
pub fn anchors_of(bundle: &Value) -> Vec<(RegionCode, u64, Hash32)> {
    let read = |text: &str| {
        let mut parts = text.split(':');
        let (region, size) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let mut root = [0u8; 32];
        hex::decode_to_slice(parts.next()?, &mut root).ok()?;
        Some((region, size, root))
    };
    let tags = list(&bundle["meta"], "tag").iter().map(super::terms::coding);
    tags.filter(|(system, _)| *system == ANCHOR).filter_map(|(_, code)| read(code)).collect()
}

/// The line behind an AuditEvent that [`to_audit_event`] made.
pub fn from_audit_event(event: &Value) -> Result<Line, Unmapped> {
    const PATH: &str = "AuditEvent";
    of_type(event, PATH)?;
    let [agent] = list(event, "agent") else {
        return Err(Unmapped::at("AuditEvent.agent", "a line has one reader"));
    };
    let (patient, record) = match list(event, "entity") {
        [patient] => (patient, None),
        [patient, record] => (patient, Some(record)),
        _ => {
            return Err(Unmapped::at(
                "AuditEvent.entity",
                "a line has a person and at most a record",
            ));
        },
    };
    let subject: PersonId = identifies(&patient["what"], PERSON, "AuditEvent.entity[0].what")?;
    let record: Option<RecordId> = record
        .map(|record| identifies(&record["what"], RECORD, "AuditEvent.entity[1].what"))
        .transpose()?;
    let acting_as = identified(&agent["who"], GRANTEE)
        .and_then(grantee_of)
        .ok_or_else(|| Unmapped::at("AuditEvent.agent[0].who", "no grantee"))?;
    let account = agent["altId"].as_str().and_then(|text| text.parse().ok());
    let account: AccountId = account
        .ok_or_else(|| Unmapped::at("AuditEvent.agent[0].altId", format!("no {ACCOUNT}")))?;
    let purpose: Option<Purpose> = list(agent, "purposeOfUse")
        .first()
        .and_then(|concept| code_of(concept, PURPOSE)?.parse().ok());
    let purpose = purpose
        .ok_or_else(|| Unmapped::at("AuditEvent.agent[0].purposeOfUse", "no purpose of HL7 v3"))?;
    let basis =
        match list(agent, "policy") {
            [] => None,
            [policy, ..] => Some(policy.as_str().and_then(basis_of).ok_or_else(|| {
                Unmapped::at("AuditEvent.agent[0].policy", "no ground of a read")
            })?),
        };
    let at = event["recorded"].as_str().and_then(parse_time);
    let at = at.ok_or_else(|| Unmapped::at("AuditEvent.recorded", "no time as written here"))?;
    let region: RegionCode =
        identifies(&event["source"]["observer"], REGION, "AuditEvent.source.observer")?;
    let signature: String = required(event, "signature", PATH)?;
    let signature = hex::decode(signature)
        .map_err(|_| Unmapped::at("AuditEvent.extension(signature)", "not hexadecimal"))?;
    let statement = AccessStatement {
        region,
        account,
        acting_as,
        subject,
        purpose,
        issued_at: required(event, "issued-at", PATH)?,
        expires_at: required(event, "expires-at", PATH)?,
    };
    let scheme = required(event, "scheme", PATH)?;
    let proof = texts(event, "log-proof").first().map(|text| {
        text.split(' ').filter(|hash| !hash.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    });
    Ok(Line {
        region,
        index: required(event, "log-index", PATH)?,
        salt: required(event, "log-salt", PATH)?,
        entry: LogEntry { at, statement, scheme, signature, record, basis },
        proof,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use kanglian_primitives::{Grantee, InstitutionId};

    pub fn lines() -> Vec<Line> {
        let account = AccountId::from([5; 32]);
        let institution = InstitutionId::from_parts(320_100, 1);
        let statement = AccessStatement {
            region: RegionCode(320_000),
            account,
            acting_as: Grantee::Practitioner { account, institution },
            subject: PersonId([7; 32]),
            purpose: Purpose::Treatment,
            issued_at: 1_790_000_000_100,
            expires_at: 1_790_000_600_100,
        };
        let entry = LogEntry {
            at: 1_790_000_000_123,
            statement,
            scheme: 1,
            signature: vec![0, 255, 7],
            record: Some(RecordId([9; 32])),
            basis: Some(Basis::Terms(TermsId(4))),
        };
        let line = Line {
            region: RegionCode(320_000),
            index: u64::MAX,
            salt: hex::encode([3; 32]),
            entry,
            proof: Some(vec![hex::encode([1; 32]), hex::encode([2; 32])]),
        };
        let with = |change: &dyn Fn(&mut Line)| {
            let mut changed = line.clone();
            change(&mut changed);
            changed
        };
        vec![
            line.clone(),
            with(&|line| (line.proof, line.entry.record) = (None, None)),
            // A tree of one line has a proof without hashes.
            with(&|line| line.proof = Some(Vec::new())),
            with(&|line| line.entry.basis = None),
            with(&|line| line.entry.basis = Some(Basis::Subject)),
            with(&|line| line.entry.basis = Some(Basis::Author)),
            with(&|line| line.entry.basis = Some(Basis::Emergency(EmergencyId(3)))),
            with(&|line| line.entry.statement.acting_as = Grantee::Person(PersonId([7; 32]))),
        ]
    }

    #[test]
    fn every_line_comes_back_as_it_went() {
        for line in lines() {
            let text = serde_json::to_string(&to_audit_event(&line)).unwrap();
            let read = from_audit_event(&serde_json::from_str(&text).unwrap()).unwrap();
            assert_eq!(read, line);
            assert_eq!(Line::of(line.region, &read.wire()), Some(line));
        }
    }

    #[test]
    fn anchors_stand_in_a_bundle_of_lines() {
        let bundle = json!({ "meta": anchor_meta(RegionCode(320_000), 7, &[9; 32]) });
        assert_eq!(anchors_of(&bundle), [(RegionCode(320_000), 7, [9; 32])]);
        assert!(anchors_of(&json!({})).is_empty());
    }

    #[test]
    fn a_refused_read_is_told_apart() {
        let lines = lines();
        assert_eq!(to_audit_event(&lines[0])["outcome"], "0");
        assert_eq!(to_audit_event(&lines[3])["outcome"], "4");
        assert_eq!(to_audit_event(&lines[1])["action"], "E");
    }

    #[test]
    fn what_is_no_line_names_the_element() {
        let good = to_audit_event(&lines()[0]);
        for (path, named) in [
            ("/agent", "AuditEvent.agent"),
            ("/agent/0/who", "AuditEvent.agent[0].who"),
            ("/agent/0/altId", "AuditEvent.agent[0].altId"),
            ("/agent/0/purposeOfUse", "AuditEvent.agent[0].purposeOfUse"),
            ("/agent/0/policy/0", "AuditEvent.agent[0].policy"),
            ("/entity", "AuditEvent.entity"),
            ("/entity/1/what", "AuditEvent.entity[1].what"),
            ("/source/observer", "AuditEvent.source.observer"),
            ("/recorded", "AuditEvent.recorded"),
            ("/extension", "AuditEvent.extension"),
        ] {
            let mut broken = good.clone();
            *broken.pointer_mut(path).unwrap() = Value::Null;
            assert!(from_audit_event(&broken).unwrap_err().path.starts_with(named), "{path}");
        }
    }
}
