//! Emergencies as a ground to read: the emergency summary and nothing else.

use kanglian_primitives::{Basis, EmergencyId, FilePage, InstitutionId, Refusal};

use super::*;

const CASE: EmergencyId = EmergencyId(7);
const ALLOWED: Decision = Decision::Allowed(Basis::Emergency(CASE));
const NO_CONSENT: Decision = Decision::Refused(Refusal::NoConsent);
const ENDS: u64 = NOW + 4 * 3_600_000;

fn open(practitioner: AccountId, institution: InstitutionId) {
    OpenEmergencies::mutate(|all| all.push((CASE, ALICE, practitioner, institution, ENDS)));
}

fn decide_at(
    now: u64,
    account: AccountId,
    acting_as: Grantee<AccountId>,
    purpose: Purpose,
    block: BusinessBlockId,
) -> Decision {
    let query = query_of(ALICE, account, acting_as, purpose);
    Consents::decide(&query, &record(block), now)
}

fn by_doctor(purpose: Purpose, block: BusinessBlockId) -> Decision {
    decide_at(NOW, DOCTOR, doctor_at_a(), purpose, block)
}

#[test]
fn an_open_emergency_opens_the_summary_for_its_hours() {
    ExtBuilder.build_and_execute(|| {
        let summary = blocks::EMERGENCY_SUMMARY;
        let purposes = [Purpose::EmergencyTreatment, Purpose::BreakTheGlass];
        for purpose in purposes {
            assert_eq!(by_doctor(purpose, summary), NO_CONSENT);
        }
        open(DOCTOR, hospital_a());
        for purpose in purposes {
            assert_eq!(by_doctor(purpose, summary), ALLOWED);
            let at = |now| decide_at(now, DOCTOR, doctor_at_a(), purpose, summary);
            assert_eq!(at(ENDS - 1), ALLOWED);
            assert_eq!(at(ENDS), NO_CONSENT);
        }
    });
}

#[test]
fn nothing_beyond_the_summary_opens_and_no_other_purpose() {
    ExtBuilder.build_and_execute(|| {
        open(DOCTOR, hospital_a());
        for block in [blocks::MEDICAL, blocks::PERSONAL, blocks::HEALTH, blocks::ELDERLY_CARE] {
            assert_eq!(by_doctor(Purpose::EmergencyTreatment, block), NO_CONSENT);
        }
        let hidden = by_doctor(Purpose::EmergencyTreatment, blocks::RESTRICTED_MEDICAL);
        assert_eq!(hidden, Decision::Refused(Refusal::NotFound));
        for purpose in Purpose::ALL {
            let is_emergency =
                matches!(purpose, Purpose::EmergencyTreatment | Purpose::BreakTheGlass);
            let decision = by_doctor(*purpose, blocks::EMERGENCY_SUMMARY);
            assert_eq!(decision == ALLOWED, is_emergency, "{purpose:?}");
        }
        let rejected =
            RecordFacts { status: RecordStatus::Rejected, ..record(blocks::EMERGENCY_SUMMARY) };
        let query = query_of(ALICE, DOCTOR, doctor_at_a(), Purpose::BreakTheGlass);
        assert_eq!(Consents::decide(&query, &rejected, NOW), Decision::Refused(Refusal::NotFound));
    });
}

#[test]
fn an_emergency_is_its_practitioners_alone() {
    ExtBuilder.build_and_execute(|| {
        open(DOCTOR, hospital_a());
        let read = |account, acting_as| {
            let summary = blocks::EMERGENCY_SUMMARY;
            decide_at(NOW, account, acting_as, Purpose::EmergencyTreatment, summary)
        };
        let nurse = Grantee::Practitioner { account: NURSE, institution: hospital_a() };
        assert_eq!(read(NURSE, nurse), NO_CONSENT);
        assert_eq!(read(HOSPITAL_A_ACCOUNT, at_a()), NO_CONSENT);
        assert_eq!(read(DOCTOR, at_a()), NO_CONSENT, "not as the whole hospital");
        let claimed = Decision::Refused(Refusal::NotActingAs);
        assert_eq!(read(NURSE, doctor_at_a()), claimed);
        assert_eq!(read(STRANGER, doctor_at_a()), claimed);
        let elsewhere = Grantee::Practitioner { account: DOCTOR, institution: hospital_b() };
        assert_eq!(read(DOCTOR, elsewhere.clone()), claimed);
        set_practitioner(DOCTOR, hospital_b(), true);
        assert_eq!(read(DOCTOR, elsewhere), NO_CONSENT);
    });
}

#[test]
fn standing_still_counts_in_an_emergency() {
    ExtBuilder.build_and_execute(|| {
        open(DOCTOR, hospital_a());
        let read = || by_doctor(Purpose::EmergencyTreatment, blocks::EMERGENCY_SUMMARY);
        let claimed = Decision::Refused(Refusal::NotActingAs);
        suspend_institution(hospital_a(), true);
        assert_eq!(read(), claimed);
        suspend_institution(hospital_a(), false);
        suspend_region(JIANGSU, true);
        assert_eq!(read(), claimed);
        suspend_region(JIANGSU, false);
        set_practitioner(DOCTOR, hospital_a(), false);
        assert_eq!(read(), claimed);
        set_practitioner(DOCTOR, hospital_a(), true);
        suspend_person(ALICE, true);
        assert_eq!(read(), Decision::Refused(Refusal::SubjectNotActive));
        suspend_person(ALICE, false);
        assert_eq!(read(), ALLOWED);
    });
}

#[test]
fn an_emergency_lists_the_summary_alone() {
    ExtBuilder.build_and_execute(|| {
        let file = [blocks::MEDICAL, blocks::EMERGENCY_SUMMARY, blocks::RESTRICTED_MEDICAL];
        let list = |purpose| {
            let query = query_of(ALICE, DOCTOR, doctor_at_a(), purpose);
            Consents::readable(&query, None, 256, NOW, |_, _, _| FilePage {
                records: file.map(record).to_vec(),
                next: None,
            })
        };
        assert_eq!(list(Purpose::EmergencyTreatment), Err(Refusal::NoConsent));
        open(DOCTOR, hospital_a());
        let seen = list(Purpose::EmergencyTreatment).expect("an emergency is a ground");
        assert_eq!(seen.records, [record(blocks::EMERGENCY_SUMMARY)]);
        assert_eq!(list(Purpose::Treatment), Err(Refusal::NoConsent));
    });
}
