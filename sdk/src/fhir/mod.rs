//! FHIR R4 resources: what a JSON resource must look like to be shared, and which schema on chain
//! it belongs to.
//!
//! The checks are those that keep mistakes out (a wrong file, a wrong type, a truncated export);
//! they do not stand in for a validator of profiles. Content is never changed: what is sealed are
//! the bytes that were given.
//!
//! What Kanglian itself holds has a form in FHIR from which it is read back without loss:
//!
//! | module | Kanglian | FHIR R4 |
//! | --- | --- | --- |
//! | [`consent`] | terms of a grant | Consent |
//! | [`audit`] | a line of an access log | AuditEvent |
//! | [`referral`] | a referral with its offers | ServiceRequest and Tasks |
//! | [`document`] | the facts of a record | DocumentReference, Provenance |
//! | [`bundle`] | facts with opened content | Bundle |
//!
//! What has no element in FHIR stands in extensions ([`terms::EXTENSION`]); [`rest`] is what a search
//! over them understands.

pub mod audit;
pub mod bundle;
pub mod consent;
pub mod document;
#[cfg(test)]
mod examples;
pub mod referral;
pub mod rest;
pub mod terms;
pub mod time;

use kanglian_primitives::{BusinessBlockId, SchemaId};
use serde_json::Value;

use crate::chain::types::{Schema, Schemas};

/// Largest JSON resource that is looked into.
pub const MAX_RESOURCE: usize = 64 << 20;

/// How schemas on chain name FHIR R4 resources: this, then the resource type.
pub const SCHEMA_PREFIX: &str = "FHIR R4 ";

/// How the schema of the emergency summary is named.
pub const SUMMARY_SCHEMA: &str = "FHIR IPS Bundle";

/// Why bytes are no resource that can be shared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FhirError {
    /// There are no bytes.
    #[error("the resource is empty")]
    Empty,
    /// There are too many.
    #[error("the resource has {size} bytes, at most {MAX_RESOURCE} are looked into")]
    TooLarge {
        /// Bytes given.
        size: usize,
    },
    /// Not JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// JSON, and no object.
    #[error("a FHIR resource is a JSON object")]
    NotAnObject,
    /// `resourceType` is missing or no text.
    #[error("{0} has no resourceType")]
    NoResourceType(String),
    /// The type is none of FHIR R4.
    #[error("{0} is no resource type of FHIR R4")]
    UnknownType(String),
    /// The id is missing.
    #[error("the {0} has no id")]
    NoId(String),
    /// The id is none.
    #[error("{0:?} is no FHIR id (1 to 64 of A-Z a-z 0-9 - .)")]
    BadId(String),
    /// An entry of a bundle has no resource.
    #[error("entry {0} of the Bundle has no resource")]
    EmptyEntry(usize),
    /// No schema on chain is for it.
    #[error("business block {block} has no schema for {resource}")]
    NoSchema {
        /// The resource type.
        resource: String,
        /// The block.
        block: BusinessBlockId,
    },
}

/// What is known of a resource after a look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its type.
    pub resource_type: &'static str,
    /// Its logical id; a Bundle may have none.
    pub id: Option<String>,
    /// Readings in it: the resources of a Bundle, else 1.
    pub readings: u32,
}

/// Looks at a JSON resource.
pub fn inspect(bytes: &[u8]) -> Result<Resource, FhirError> {
    if bytes.is_empty() {
        return Err(FhirError::Empty);
    }
    if bytes.len() > MAX_RESOURCE {
        return Err(FhirError::TooLarge { size: bytes.len() });
    }
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| FhirError::Json(error.to_string()))?;
    let resource_type = type_of(&value, "the resource")?;
    let id = match value.get("id") {
        None if resource_type == "Bundle" => None,
        None => return Err(FhirError::NoId(resource_type.to_owned())),
        Some(Value::String(id)) if is_id(id) => Some(id.clone()),
        Some(Value::String(id)) => return Err(FhirError::BadId(id.clone())),
        Some(other) => return Err(FhirError::BadId(other.to_string())),
    };
    let readings = match value.get("entry").and_then(Value::as_array) {
        Some(entries) if resource_type == "Bundle" => {
            for (at, entry) in entries.iter().enumerate() {
                let resource = entry.get("resource").ok_or(FhirError::EmptyEntry(at))?;
                type_of(resource, &format!("entry {at} of the Bundle"))?;
            }
            u32::try_from(entries.len()).unwrap_or(u32::MAX).max(1)
        },
        _ => 1,
    };
    Ok(Resource { resource_type, id, readings })
}

fn type_of(value: &Value, what: &str) -> Result<&'static str, FhirError> {
    let object = value.as_object().ok_or(FhirError::NotAnObject)?;
    let name = object
        .get("resourceType")
        .and_then(Value::as_str)
        .ok_or_else(|| FhirError::NoResourceType(what.to_owned()))?;
    resource_type(name).ok_or_else(|| FhirError::UnknownType(name.to_owned()))
}

/// The FHIR R4 resource type of this name.
pub fn resource_type(name: &str) -> Option<&'static str> {
    RESOURCE_TYPES.binary_search(&name).ok().and_then(|at| RESOURCE_TYPES.get(at).copied())
}

fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
}

/// The schema of a resource type in a business block, out of the schemas on chain
/// ([`crate::chain::Client::schemas`]); retired ones do not count.
pub fn schema_of(
    resource_type: &str,
    block: BusinessBlockId,
    schemas: &Schemas,
) -> Result<SchemaId, FhirError> {
    let fits = |schema: &Schema| {
        let name = schema.name.to_lossy();
        schema.block == block
            && !schema.retired
            && (name == resource_type
                || name.strip_prefix(SCHEMA_PREFIX) == Some(resource_type)
                || (name == SUMMARY_SCHEMA && resource_type == "Bundle"))
    };
    let found = schemas.iter().find(|(_, schema)| fits(schema)).map(|(id, _)| *id);
    found.ok_or_else(|| FhirError::NoSchema { resource: resource_type.to_owned(), block })
}

/// The schema of this name, in any block; retired ones do not count.
pub fn schema_by_name(name: &str, schemas: &Schemas) -> Option<SchemaId> {
    schemas
        .iter()
        .find(|(_, schema)| !schema.retired && schema.name.to_lossy() == name)
        .map(|(id, _)| *id)
}

/// The business blocks that take a resource type, rising.
pub fn blocks_of(resource_type: &str, schemas: &Schemas) -> Vec<BusinessBlockId> {
    let mut blocks: Vec<_> = schemas
        .values()
        .map(|schema| schema.block)
        .filter(|block| schema_of(resource_type, *block, schemas).is_ok())
        .collect();
    blocks.sort();
    blocks.dedup();
    blocks
}

/// Every resource type of FHIR R4 (4.0.1), sorted.
pub const RESOURCE_TYPES: &[&str] = &[
    "Account",
    "ActivityDefinition",
    "AdverseEvent",
    "AllergyIntolerance",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "Basic",
    "Binary",
    "BiologicallyDerivedProduct",
    "BodyStructure",
    "Bundle",
    "CapabilityStatement",
    "CarePlan",
    "CareTeam",
    "CatalogEntry",
    "ChargeItem",
    "ChargeItemDefinition",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "CodeSystem",
    "Communication",
    "CommunicationRequest",
    "CompartmentDefinition",
    "Composition",
    "ConceptMap",
    "Condition",
    "Consent",
    "Contract",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "DetectedIssue",
    "Device",
    "DeviceDefinition",
    "DeviceMetric",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "EffectEvidenceSynthesis",
    "Encounter",
    "Endpoint",
    "EnrollmentRequest",
    "EnrollmentResponse",
    "EpisodeOfCare",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "GraphDefinition",
    "Group",
    "GuidanceResponse",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "ImplementationGuide",
    "InsurancePlan",
    "Invoice",
    "Library",
    "Linkage",
    "List",
    "Location",
    "Measure",
    "MeasureReport",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationKnowledge",
    "MedicationRequest",
    "MedicationStatement",
    "MedicinalProduct",
    "MedicinalProductAuthorization",
    "MedicinalProductContraindication",
    "MedicinalProductIndication",
    "MedicinalProductIngredient",
    "MedicinalProductInteraction",
    "MedicinalProductManufactured",
    "MedicinalProductPackaged",
    "MedicinalProductPharmaceutical",
    "MedicinalProductUndesirableEffect",
    "MessageDefinition",
    "MessageHeader",
    "MolecularSequence",
    "NamingSystem",
    "NutritionOrder",
    "Observation",
    "ObservationDefinition",
    "OperationDefinition",
    "OperationOutcome",
    "Organization",
    "OrganizationAffiliation",
    "Parameters",
    "Patient",
    "PaymentNotice",
    "PaymentReconciliation",
    "Person",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "ResearchSubject",
    "RiskAssessment",
    "RiskEvidenceSynthesis",
    "Schedule",
    "SearchParameter",
    "ServiceRequest",
    "Slot",
    "Specimen",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Subscription",
    "Substance",
    "SubstanceNucleicAcid",
    "SubstancePolymer",
    "SubstanceProtein",
    "SubstanceReferenceInformation",
    "SubstanceSourceMaterial",
    "SubstanceSpecification",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
    "VerificationResult",
    "VisionPrescription",
];

#[cfg(test)]
mod tests {
    use super::*;
    use kanglian_primitives::blocks::{EMERGENCY_SUMMARY, MEDICAL, PERSONAL};

    fn schemas() -> Schemas {
        let schema = |block, name: &str, retired| Schema {
            block,
            name: name.into(),
            level: 4,
            retention_years: 30,
            retired,
        };
        [
            (SchemaId(4), schema(MEDICAL, "FHIR R4 Observation", false)),
            (SchemaId(5), schema(MEDICAL, "FHIR R4 Claim", true)),
            (SchemaId(6_004), schema(PERSONAL, "FHIR R4 Observation", false)),
            (SchemaId(7_015), schema(EMERGENCY_SUMMARY, "FHIR IPS Bundle", false)),
        ]
        .into()
    }

    #[test]
    fn resource_types_are_sorted_for_the_search() {
        assert!(RESOURCE_TYPES.is_sorted());
        assert_eq!(RESOURCE_TYPES.len(), 146);
        assert_eq!(resource_type("Patient"), Some("Patient"));
        assert_eq!(resource_type("patient"), None);
    }

    #[test]
    fn a_good_resource_is_recognised() {
        let bytes = br#"{"resourceType":"Observation","id":"bp-1.2","status":"final"}"#;
        let expected =
            Resource { resource_type: "Observation", id: Some("bp-1.2".to_owned()), readings: 1 };
        assert_eq!(inspect(bytes), Ok(expected));
    }

    #[test]
    fn a_bundle_counts_its_readings() {
        let bytes = br#"{"resourceType":"Bundle","entry":[
            {"resource":{"resourceType":"Observation"}},
            {"resource":{"resourceType":"Observation"}}]}"#;
        assert_eq!(inspect(bytes).map(|resource| resource.readings), Ok(2));
        let hollow = br#"{"resourceType":"Bundle","entry":[{"fullUrl":"x"}]}"#;
        assert_eq!(inspect(hollow), Err(FhirError::EmptyEntry(0)));
    }

    #[test]
    fn what_is_no_resource_is_refused_with_its_cause() {
        assert_eq!(inspect(b""), Err(FhirError::Empty));
        assert!(matches!(inspect(b"{\"resourceType\""), Err(FhirError::Json(_))));
        assert_eq!(inspect(b"[1]"), Err(FhirError::NotAnObject));
        assert!(matches!(inspect(b"{}"), Err(FhirError::NoResourceType(_))));
        let unknown = br#"{"resourceType":"Obervation","id":"1"}"#;
        assert_eq!(inspect(unknown), Err(FhirError::UnknownType("Obervation".to_owned())));
        let nameless = br#"{"resourceType":"Patient"}"#;
        assert_eq!(inspect(nameless), Err(FhirError::NoId("Patient".to_owned())));
        for id in
            ["", "a b", "../x", "0123456789012345678901234567890123456789012345678901234567890123x"]
        {
            let bytes = serde_json::json!({ "resourceType": "Patient", "id": id }).to_string();
            assert_eq!(inspect(bytes.as_bytes()), Err(FhirError::BadId(id.to_owned())));
        }
    }

    #[test]
    fn schemas_are_found_by_name_and_block() {
        let schemas = schemas();
        assert_eq!(schema_of("Observation", MEDICAL, &schemas), Ok(SchemaId(4)));
        assert_eq!(schema_of("Observation", PERSONAL, &schemas), Ok(SchemaId(6_004)));
        assert_eq!(schema_of("Bundle", EMERGENCY_SUMMARY, &schemas), Ok(SchemaId(7_015)));
        assert!(schema_of("Claim", MEDICAL, &schemas).is_err());
        assert_eq!(blocks_of("Observation", &schemas), [MEDICAL, PERSONAL]);
    }
}
