//! The decision on reads, above all the ones it refuses.

use frame_support::assert_ok;
use kanglian_primitives::{Basis, Refusal};

use super::*;

const ALLOWED: Decision = Decision::Allowed(Basis::Terms(TermsId(1)));
const SUBJECT: Decision = Decision::Allowed(Basis::Subject);
const AUTHOR: Decision = Decision::Allowed(Basis::Author);
const NO_CONSENT: Decision = Decision::Refused(Refusal::NoConsent);
const NOT_ACTING_AS: Decision = Decision::Refused(Refusal::NotActingAs);
const NOT_FOUND: Decision = Decision::Refused(Refusal::NotFound);
const SUBJECT_NOT_ACTIVE: Decision = Decision::Refused(Refusal::SubjectNotActive);

fn decide_record(
    account: AccountId,
    acting_as: Grantee<AccountId>,
    facts: &RecordFacts,
) -> Decision {
    Consents::decide(&query(account, acting_as), facts, Timestamp::get())
}

fn decide_for(purpose: Purpose, account: AccountId, acting_as: Grantee<AccountId>) -> Decision {
    let query = query_of(ALICE, account, acting_as, purpose);
    Consents::decide(&query, &record(blocks::MEDICAL), NOW)
}

fn restricted_terms() -> Terms<AccountId> {
    Terms { blocks: BusinessBlockSet::of(blocks::RESTRICTED_MEDICAL), ..terms(1) }
}

#[test]
fn nobody_reads_without_terms() {
    ExtBuilder.build_and_execute(|| {
        let readers = [
            (HOSPITAL_A_ACCOUNT, at_a()),
            (DOCTOR, at_a()),
            (DOCTOR, doctor_at_a()),
            (NURSE, team_of_a()),
            (BOB_ACCOUNT, Grantee::Person(BOB)),
        ];
        for (account, acting_as) in readers {
            assert_eq!(decide(account, acting_as), NO_CONSENT);
        }
    });
}

#[test]
fn terms_serve_whoever_acts_as_their_grantee_and_nobody_else() {
    ExtBuilder.build_and_execute(|| {
        let everybody = [
            ALICE_ACCOUNT,
            BOB_ACCOUNT,
            HOSPITAL_A_ACCOUNT,
            HOSPITAL_B_ACCOUNT,
            DOCTOR,
            NURSE,
            STRANGER,
        ];
        let nurse_at_a = Grantee::Practitioner { account: NURSE, institution: hospital_a() };
        let doctor_at_b = Grantee::Practitioner { account: DOCTOR, institution: hospital_b() };
        let other_team = Grantee::CareTeam { institution: hospital_a(), team: Default::default() };
        let served = [
            (at_a(), vec![HOSPITAL_A_ACCOUNT, DOCTOR, NURSE]),
            (doctor_at_a(), vec![DOCTOR]),
            (nurse_at_a, vec![NURSE]),
            (team_of_a(), vec![NURSE]),
            (Grantee::Person(BOB), vec![BOB_ACCOUNT]),
            (doctor_at_b, vec![]),
            (other_team, vec![]),
        ];
        for (grantee, accounts) in served {
            grant(grantee.clone(), terms(1));
            for account in everybody.clone() {
                let expected = match accounts.contains(&account) {
                    true => ALLOWED,
                    false => NOT_ACTING_AS,
                };
                assert_eq!(decide(account.clone(), grantee.clone()), expected, "{account}");
            }
        }
    });
}

#[test]
fn terms_of_one_grantee_do_not_serve_another() {
    ExtBuilder.build_and_execute(|| {
        grant(doctor_at_a(), terms(1));
        assert_eq!(decide(DOCTOR, at_a()), NO_CONSENT);
        assert_eq!(decide(NURSE, team_of_a()), NO_CONSENT);
        grant(team_of_a(), terms(1));
        assert_eq!(decide(DOCTOR, team_of_a()), NOT_ACTING_AS);
        assert_eq!(decide(NURSE, at_a()), NO_CONSENT);
    });
}

#[test]
fn terms_count_from_their_first_instant_to_their_last() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), Terms { from: NOW + 5, until: NOW + 10, ..terms(1) });
        let at = |now| decide_at(DOCTOR, at_a(), now);
        assert_eq!(at(0), NO_CONSENT);
        assert_eq!(at(NOW + 4), NO_CONSENT);
        assert_eq!(at(NOW + 5), ALLOWED);
        assert_eq!(at(NOW + 9), ALLOWED);
        assert_eq!(at(NOW + 10), NO_CONSENT);
        assert_eq!(at(NOW + 10 * DAY), NO_CONSENT);
    });
}

#[test]
fn terms_cover_records_of_their_dates_only() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), Terms { records_from: 100, records_until: 200, ..terms(1) });
        let dated = |shared_at| {
            let facts = RecordFacts { shared_at, ..record(blocks::MEDICAL) };
            decide_record(DOCTOR, at_a(), &facts)
        };
        assert_eq!(dated(99), NO_CONSENT);
        assert_eq!(dated(100), ALLOWED);
        assert_eq!(dated(199), ALLOWED);
        assert_eq!(dated(200), NO_CONSENT);
        assert_eq!(dated(u64::MAX), NO_CONSENT);
    });
}

#[test]
fn terms_cover_their_blocks_only() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), Terms { blocks: ALL_MEDICAL, ..terms(1) });
        for block in [blocks::MEDICAL, blocks::ELDERLY_CARE, blocks::HEALTH] {
            assert_eq!(decide_record(DOCTOR, at_a(), &record(block)), ALLOWED);
        }
        for block in [blocks::PERSONAL, blocks::EMERGENCY_SUMMARY] {
            assert_eq!(decide_record(DOCTOR, at_a(), &record(block)), NO_CONSENT);
        }
    });
}

#[test]
fn terms_serve_their_purposes_only() {
    ExtBuilder.build_and_execute(|| {
        let purposes = PurposeSet::of(Purpose::Treatment).with(Purpose::CareManagement);
        grant(at_a(), Terms { purposes, ..terms(1) });
        for purpose in Purpose::ALL {
            let expected = if purposes.contains(*purpose) { ALLOWED } else { NO_CONSENT };
            assert_eq!(decide_for(*purpose, DOCTOR, at_a()), expected, "{purpose}");
        }
    });
}

#[test]
fn marketing_reads_nothing_whatever_is_stored() {
    ExtBuilder.build().execute_with(|| {
        grant(at_a(), terms(1));
        crate::Grants::<Test>::mutate(ALICE, at_a(), |file| {
            let file = file.as_mut().unwrap();
            file.terms[0].purposes = PurposeSet(u32::MAX);
        });
        for purpose in Purpose::ALL {
            let expected = if purpose.is_grantable() { ALLOWED } else { NO_CONSENT };
            assert_eq!(decide_for(*purpose, DOCTOR, at_a()), expected, "{purpose}");
        }
        let own = Grantee::Person(ALICE);
        assert_eq!(decide_for(Purpose::Marketing, ALICE_ACCOUNT, own), NO_CONSENT);
        assert_eq!(decide_for(Purpose::Marketing, HOSPITAL_B_ACCOUNT, at_b()), NO_CONSENT);
    });
}

#[test]
fn suspended_and_expired_institutions_read_nothing() {
    ExtBuilder.build_and_execute(|| {
        let readers = [(HOSPITAL_A_ACCOUNT, at_a()), (DOCTOR, at_a()), (DOCTOR, doctor_at_a()), {
            (NURSE, team_of_a())
        }];
        for grantee in [at_a(), doctor_at_a(), team_of_a()] {
            grant(grantee, terms(1));
        }
        let all = |expected: Decision| {
            for (account, acting_as) in readers.clone() {
                assert_eq!(decide(account, acting_as), expected);
            }
        };
        all(ALLOWED);
        suspend_institution(hospital_a(), true);
        all(NOT_ACTING_AS);
        suspend_institution(hospital_a(), false);
        suspend_region(JIANGSU, true);
        all(NOT_ACTING_AS);
        suspend_region(JIANGSU, false);
        all(ALLOWED);
        Institutions::mutate(|all| all.get_mut(&hospital_a()).unwrap().valid_until = NOW + 5);
        assert_eq!(decide_at(DOCTOR, at_a(), NOW + 4), ALLOWED);
        assert_eq!(decide_at(DOCTOR, at_a(), NOW + 5), NOT_ACTING_AS);
        assert_eq!(decide_at(HOSPITAL_A_ACCOUNT, at_a(), NOW + 5), NOT_ACTING_AS);
    });
}

#[test]
fn practitioners_and_team_members_lose_access_when_they_leave() {
    ExtBuilder.build_and_execute(|| {
        for grantee in [at_a(), doctor_at_a(), team_of_a()] {
            grant(grantee, terms(1));
        }
        set_practitioner(DOCTOR, hospital_a(), false);
        assert_eq!(decide(DOCTOR, doctor_at_a()), NOT_ACTING_AS);
        assert_eq!(decide(DOCTOR, at_a()), NOT_ACTING_AS);
        assert_eq!(decide(NURSE, team_of_a()), ALLOWED);
        set_member(NURSE, hospital_a(), false);
        assert_eq!(decide(NURSE, team_of_a()), NOT_ACTING_AS);
        assert_eq!(decide(NURSE, at_a()), ALLOWED);
        set_member(NURSE, hospital_a(), true);
        assert_eq!(decide(NURSE, team_of_a()), ALLOWED);
        set_practitioner(NURSE, hospital_a(), false);
        assert_eq!(decide(NURSE, team_of_a()), NOT_ACTING_AS);
        assert_eq!(decide(NURSE, at_a()), NOT_ACTING_AS);
    });
}

#[test]
fn suspended_and_expired_persons_read_nothing_and_show_nothing() {
    ExtBuilder.build_and_execute(|| {
        grant(Grantee::Person(BOB), terms(1));
        let own = Grantee::Person(ALICE);
        assert_eq!(decide(BOB_ACCOUNT, Grantee::Person(BOB)), ALLOWED);
        suspend_person(BOB, true);
        assert_eq!(decide(BOB_ACCOUNT, Grantee::Person(BOB)), NOT_ACTING_AS);
        suspend_person(BOB, false);
        suspend_person(ALICE, true);
        assert_eq!(decide(BOB_ACCOUNT, Grantee::Person(BOB)), SUBJECT_NOT_ACTIVE);
        assert_eq!(decide(HOSPITAL_B_ACCOUNT, at_b()), SUBJECT_NOT_ACTIVE);
        assert_eq!(decide(ALICE_ACCOUNT, own.clone()), NOT_ACTING_AS);
        suspend_person(ALICE, false);
        Persons::mutate(|all| all.get_mut(&ALICE).unwrap().valid_until = NOW + 5);
        assert_eq!(decide_at(ALICE_ACCOUNT, own.clone(), NOW + 4), SUBJECT);
        assert_eq!(decide_at(ALICE_ACCOUNT, own, NOW + 5), NOT_ACTING_AS);
        let bob = decide_at(BOB_ACCOUNT, Grantee::Person(BOB), NOW + 5);
        assert_eq!(bob, SUBJECT_NOT_ACTIVE);
    });
}

#[test]
fn subjects_read_their_own_and_only_their_own() {
    ExtBuilder.build_and_execute(|| {
        let own = || Grantee::Person(ALICE);
        for block in [blocks::MEDICAL, blocks::RESTRICTED_MEDICAL, blocks::PERSONAL] {
            assert_eq!(decide_record(ALICE_ACCOUNT, own(), &record(block)), SUBJECT);
            assert_ne!(decide_record(BOB_ACCOUNT, own(), &record(block)), SUBJECT);
        }
        assert_eq!(decide_for(Purpose::PatientRequest, ALICE_ACCOUNT, own()), SUBJECT);
        for account in [BOB_ACCOUNT, DOCTOR, HOSPITAL_A_ACCOUNT, STRANGER] {
            assert_eq!(decide(account, own()), NOT_ACTING_AS);
        }
        let bobs = RecordFacts { subject: BOB, ..record(blocks::MEDICAL) };
        assert_eq!(decide_record(ALICE_ACCOUNT, own(), &bobs), NOT_FOUND);
        let query = query_of(BOB, ALICE_ACCOUNT, own(), Purpose::PatientRequest);
        assert_eq!(Consents::decide(&query, &bobs, NOW), NO_CONSENT);
    });
}

#[test]
fn a_query_about_one_subject_does_not_reach_anothers_record() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        let bobs = RecordFacts { subject: BOB, ..record(blocks::MEDICAL) };
        assert_eq!(decide_record(DOCTOR, at_a(), &bobs), NOT_FOUND);
        let query = query_of(BOB, DOCTOR, at_a(), Purpose::Treatment);
        assert_eq!(Consents::decide(&query, &record(blocks::MEDICAL), NOW), NOT_FOUND);
        assert_eq!(Consents::decide(&query, &bobs, NOW), NO_CONSENT);
    });
}

#[test]
fn authors_read_what_they_wrote_for_treatment() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(decide(HOSPITAL_B_ACCOUNT, at_b()), AUTHOR);
        let restricted = record(blocks::RESTRICTED_MEDICAL);
        assert_eq!(decide_record(HOSPITAL_B_ACCOUNT, at_b(), &restricted), AUTHOR);
        for purpose in Purpose::ALL.iter().filter(|purpose| **purpose != Purpose::Treatment) {
            assert_eq!(decide_for(*purpose, HOSPITAL_B_ACCOUNT, at_b()), NO_CONSENT);
        }
        assert_eq!(decide(HOSPITAL_A_ACCOUNT, at_a()), NO_CONSENT);
        set_practitioner(DOCTOR, hospital_b(), true);
        assert_eq!(decide(DOCTOR, at_b()), NO_CONSENT);
        let doctor_at_b = Grantee::Practitioner { account: DOCTOR, institution: hospital_b() };
        assert_eq!(decide(DOCTOR, doctor_at_b), NO_CONSENT);
        suspend_institution(hospital_b(), true);
        assert_eq!(decide(HOSPITAL_B_ACCOUNT, at_b()), NOT_ACTING_AS);
    });
}

#[test]
fn persons_as_authors_get_nothing_of_others() {
    ExtBuilder.build_and_execute(|| {
        let by_bob = RecordFacts { author: Author::Person(BOB), ..record(blocks::PERSONAL) };
        assert_eq!(decide_record(BOB_ACCOUNT, Grantee::Person(BOB), &by_bob), NO_CONSENT);
    });
}

#[test]
fn rejected_records_are_nowhere_for_anybody() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        let facts = RecordFacts { status: RecordStatus::Rejected, ..record(blocks::MEDICAL) };
        let readers = [
            (ALICE_ACCOUNT, Grantee::Person(ALICE)),
            (HOSPITAL_B_ACCOUNT, at_b()),
            (DOCTOR, at_a()),
            (STRANGER, at_a()),
        ];
        for (account, acting_as) in readers {
            assert_eq!(decide_record(account, acting_as, &facts), NOT_FOUND);
        }
    });
}

#[test]
fn superseded_records_stay_readable() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        let status = RecordStatus::Superseded(RecordId([9; 32]));
        let facts = RecordFacts { status, ..record(blocks::MEDICAL) };
        assert_eq!(decide_record(DOCTOR, at_a(), &facts), ALLOWED);
    });
}

#[test]
fn restricted_records_are_invisible_without_terms_of_their_own() {
    ExtBuilder.build_and_execute(|| {
        let facts = record(blocks::RESTRICTED_MEDICAL);
        grant(at_a(), Terms { blocks: ALL_MEDICAL, ..terms(1) });
        for (account, acting_as) in [
            (HOSPITAL_A_ACCOUNT, at_a()),
            (DOCTOR, at_a()),
            (DOCTOR, doctor_at_a()),
            (STRANGER, at_a()),
            (STRANGER, Grantee::Person(ALICE)),
            (BOB_ACCOUNT, Grantee::Person(BOB)),
        ] {
            assert_eq!(decide_record(account, acting_as, &facts), NOT_FOUND);
        }
        suspend_person(ALICE, true);
        assert_eq!(decide_record(DOCTOR, at_a(), &facts), NOT_FOUND);
        suspend_person(ALICE, false);
        grant(doctor_at_a(), restricted_terms());
        assert_eq!(decide_record(DOCTOR, doctor_at_a(), &facts), ALLOWED);
        assert_eq!(decide_record(DOCTOR, at_a(), &facts), NOT_FOUND);
        assert_eq!(decide(DOCTOR, doctor_at_a()), NO_CONSENT);
        set_now(NOW + 10 * DAY);
        assert_eq!(decide_record(DOCTOR, doctor_at_a(), &facts), NOT_FOUND);
    });
}

#[test]
fn a_block_that_becomes_restricted_leaves_broader_terms() {
    ExtBuilder.build().execute_with(|| {
        grant(at_a(), Terms { blocks: ALL_MEDICAL, ..terms(1) });
        grant(doctor_at_a(), terms(1));
        Blocks::mutate(|all| all.get_mut(&blocks::MEDICAL).unwrap().restricted = true);
        assert_eq!(decide(DOCTOR, at_a()), NOT_FOUND);
        assert_eq!(decide(DOCTOR, doctor_at_a()), ALLOWED);
        assert!(Consents::do_try_state().is_err());
    });
}

#[test]
fn a_retired_block_stays_readable_under_terms_and_hidden_without() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), Terms { blocks: ALL_MEDICAL, ..terms(1) });
        Blocks::mutate(|all| all.remove(&blocks::MEDICAL));
        assert_eq!(decide(DOCTOR, at_a()), ALLOWED);
        assert_eq!(decide(DOCTOR, doctor_at_a()), NOT_FOUND);
    });
}

#[test]
fn of_several_terms_the_first_that_covers_counts() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), Terms { blocks: BusinessBlockSet::of(blocks::HEALTH), ..terms(1) });
        grant(at_a(), Terms { until: NOW + 5, ..terms(2) });
        grant(at_a(), terms(3));
        let by = |id| Decision::Allowed(Basis::Terms(TermsId(id)));
        assert_eq!(decide_at(DOCTOR, at_a(), NOW), by(2));
        assert_eq!(decide_at(DOCTOR, at_a(), NOW + 5), by(3));
        assert_eq!(decide_record(DOCTOR, at_a(), &record(blocks::HEALTH)), by(1));
    });
}

#[test]
fn dead_children_do_not_hide_living_terms_behind_them() {
    ExtBuilder.build_and_execute(|| {
        grant(at_b(), Terms { may_delegate: 1, ..terms(1) });
        assert_ok!(delegate(HOSPITAL_B_ACCOUNT, at_b(), at_a(), child(1, at_b(), 1)));
        grant(at_a(), terms(2));
        assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), at_b(), TermsId(1)));
        assert_eq!(decide(DOCTOR, at_a()), Decision::Allowed(Basis::Terms(TermsId(2))));
    });
}

#[test]
fn forged_chains_of_parents_open_nothing() {
    ExtBuilder.build().execute_with(|| {
        let loops = Terms { may_delegate: 1, ..child(1, at_a(), 1) };
        let file = crate::GrantFile::<Test> {
            last_id: TermsId(1),
            terms: vec![loops].try_into().unwrap(),
        };
        crate::Grants::<Test>::insert(ALICE, at_a(), file);
        assert_eq!(decide(DOCTOR, at_a()), NO_CONSENT);
        assert!(Consents::do_try_state().is_err());
    });
}
