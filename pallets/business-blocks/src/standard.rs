//! The standard set of blocks and schemas for a genesis.

use alloc::{format, string::String, vec::Vec};
use kanglian_primitives::{
    BusinessBlockId, SchemaId,
    blocks::{
        ELDERLY_CARE, EMERGENCY_SUMMARY, HEALTH, HEALTH_EDUCATION, MEDICAL, PERSONAL,
        PUBLIC_KNOWLEDGE, RESTRICTED_MEDICAL,
    },
};

use crate::types::{GenesisBlock, GenesisSchema};

/// Inpatient records are kept for 30 years.
const INPATIENT: u8 = 30;
/// Outpatient records are kept for 15 years.
const OUTPATIENT: u8 = 15;
/// Nothing obliges to keep it.
const FREE: u8 = 0;

/// Distance between the schema numbers of two blocks.
const STRIDE: u32 = 1_000;

/// (number within the block, name, retention) of the FHIR R4 resources in the medical block.
const MEDICAL_RESOURCES: &[(u32, &str, u8)] = &[
    (1, "Patient", INPATIENT),
    (2, "Encounter", INPATIENT),
    (3, "Condition", INPATIENT),
    (4, "Observation", INPATIENT),
    (5, "MedicationRequest", OUTPATIENT),
    (6, "Procedure", INPATIENT),
    (7, "DiagnosticReport", INPATIENT),
    (8, "Immunization", INPATIENT),
    (9, "AllergyIntolerance", INPATIENT),
    (10, "CarePlan", OUTPATIENT),
    (11, "CareTeam", OUTPATIENT),
    (12, "Claim", OUTPATIENT),
    (13, "DocumentReference", INPATIENT),
    (14, "ImagingStudy", INPATIENT),
    (15, "Bundle", INPATIENT),
    (16, "MedicationStatement", OUTPATIENT),
    (17, "MedicationAdministration", INPATIENT),
    (18, "ServiceRequest", OUTPATIENT),
    (19, "QuestionnaireResponse", OUTPATIENT),
    (20, "ExplanationOfBenefit", OUTPATIENT),
    (21, "FamilyMemberHistory", INPATIENT),
    (22, "Goal", OUTPATIENT),
    (23, "Device", OUTPATIENT),
    (26, "SupplyDelivery", OUTPATIENT),
    (27, "Medication", OUTPATIENT),
];

/// (part, name, retention) of the WS/T 500 documents in the medical block.
const SHARED_DOCUMENTS: &[(u32, &str, u8)] = &[
    (1, "病历概要", INPATIENT),
    (2, "门(急)诊病历", OUTPATIENT),
    (3, "急诊留观病历", OUTPATIENT),
    (6, "检查报告", INPATIENT),
    (7, "检验报告", INPATIENT),
    (53, "出院小结", INPATIENT),
];

/// Blocks whose schemas are FHIR R4 resources of the same kind: (block, level, retention,
/// resources).
const OTHER_RESOURCES: &[(BusinessBlockId, u8, u8, &[(u32, &str)])] = &[
    (
        RESTRICTED_MEDICAL,
        5,
        INPATIENT,
        &[
            (2, "Encounter"),
            (3, "Condition"),
            (4, "Observation"),
            (5, "MedicationRequest"),
            (6, "Procedure"),
            (7, "DiagnosticReport"),
            (13, "DocumentReference"),
            (15, "Bundle"),
            (19, "QuestionnaireResponse"),
        ],
    ),
    (
        ELDERLY_CARE,
        4,
        OUTPATIENT,
        &[
            (3, "Condition"),
            (4, "Observation"),
            (10, "CarePlan"),
            (11, "CareTeam"),
            (13, "DocumentReference"),
            (18, "ServiceRequest"),
            (19, "QuestionnaireResponse"),
            (22, "Goal"),
        ],
    ),
    (
        HEALTH,
        4,
        INPATIENT,
        &[
            (1, "Patient"),
            (3, "Condition"),
            (4, "Observation"),
            (8, "Immunization"),
            (13, "DocumentReference"),
            (15, "Bundle"),
            (19, "QuestionnaireResponse"),
            (21, "FamilyMemberHistory"),
        ],
    ),
    (HEALTH_EDUCATION, 1, FREE, &[(13, "DocumentReference"), (24, "Library")]),
    (
        PUBLIC_KNOWLEDGE,
        1,
        FREE,
        &[(13, "DocumentReference"), (24, "Library"), (25, "PlanDefinition")],
    ),
    (
        PERSONAL,
        3,
        FREE,
        &[
            (4, "Observation"),
            (13, "DocumentReference"),
            (15, "Bundle"),
            (16, "MedicationStatement"),
            (19, "QuestionnaireResponse"),
            (22, "Goal"),
            (23, "Device"),
        ],
    ),
];

fn block(
    id: BusinessBlockId,
    name_zh: &str,
    name_en: &str,
    public: bool,
    restricted: bool,
    reward_weight: u32,
) -> GenesisBlock {
    GenesisBlock {
        id,
        name_zh: name_zh.into(),
        name_en: name_en.into(),
        public,
        restricted,
        reward_weight,
    }
}

/// The eight blocks every network begins with. The emergency summary pays nothing.
pub fn genesis_blocks() -> Vec<GenesisBlock> {
    [
        block(MEDICAL, "医疗", "Medical", false, false, 100),
        block(RESTRICTED_MEDICAL, "受限医疗", "Restricted medical", false, true, 100),
        block(ELDERLY_CARE, "养老", "Elderly care", false, false, 100),
        block(HEALTH, "健康", "Health", false, false, 100),
        block(HEALTH_EDUCATION, "健康宣教", "Health education", true, false, 50),
        block(PUBLIC_KNOWLEDGE, "公共知识", "Public knowledge", true, false, 50),
        block(PERSONAL, "个人管理", "Personal", false, false, 20),
        block(EMERGENCY_SUMMARY, "急救摘要", "Emergency summary", false, false, 0),
    ]
    .into()
}

fn schema(
    block: BusinessBlockId,
    within: u32,
    name: String,
    level: u8,
    retention_years: u8,
) -> GenesisSchema {
    let id = SchemaId(u32::from(block.0).saturating_mul(STRIDE).saturating_add(within));
    GenesisSchema { id, block, name, level, retention_years }
}

/// The schemas every network begins with, rising by number.
pub fn genesis_schemas() -> Vec<GenesisSchema> {
    let resources = MEDICAL_RESOURCES.iter().map(|(within, name, years)| {
        schema(MEDICAL, *within, format!("FHIR R4 {name}"), 4, *years)
    });
    let documents = SHARED_DOCUMENTS.iter().map(|(part, name, years)| {
        let name = format!("WS/T 500.{part} {name}");
        schema(MEDICAL, part.saturating_add(500), name, 4, *years)
    });
    let others = OTHER_RESOURCES.iter().flat_map(|(block, level, years, resources)| {
        resources.iter().map(move |(within, name)| {
            schema(*block, *within, format!("FHIR R4 {name}"), *level, *years)
        })
    });
    let further = [
        schema(HEALTH, 365, "WS 365 城乡居民健康档案".into(), 4, INPATIENT),
        schema(EMERGENCY_SUMMARY, 15, "FHIR IPS Bundle".into(), 4, INPATIENT),
    ];
    let mut schemas: Vec<_> = resources.chain(documents).chain(others).chain(further).collect();
    schemas.sort_by_key(|schema| schema.id);
    schemas
}
