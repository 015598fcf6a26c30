//! `delegate`: giving on a part of what one holds, and no more.

use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::{Basis, Refusal};
use sp_runtime::DispatchError::BadOrigin;

use super::*;
use crate::{Error, Event};

/// Terms of hospital A that may be given on.
fn root(may_delegate: u8) -> Terms<AccountId> {
    Terms {
        may_delegate,
        blocks: ALL_MEDICAL,
        purposes: PurposeSet::of(Purpose::Treatment).with(Purpose::CareManagement),
        ..terms(1)
    }
}

fn refuses(terms: Terms<AccountId>, error: Error<Test>) {
    assert_noop!(delegate(HOSPITAL_A_ACCOUNT, at_a(), at_b(), terms), error);
}

const ALLOWED: Decision = Decision::Allowed(Basis::Terms(TermsId(1)));
const NO_CONSENT: Decision = Decision::Refused(Refusal::NoConsent);

/// Reads as hospital B a record that somebody else made.
fn decide_for_b() -> Decision {
    decide_as(HOSPITAL_B_ACCOUNT, at_b())
}

fn decide_as(account: AccountId, acting_as: Grantee<AccountId>) -> Decision {
    let facts = RecordFacts { author: Author::Person(ALICE), ..record(blocks::MEDICAL) };
    Consents::decide(&query(account, acting_as), &facts, Timestamp::get())
}

#[test]
fn delegate_gives_a_part_on_and_says_so() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), root(1));
        assert_eq!(decide_for_b(), NO_CONSENT);
        let given = child(1, at_a(), 1);
        assert_ok!(delegate(HOSPITAL_A_ACCOUNT, at_a(), at_b(), given.clone()));
        assert_eq!(
            last_event(),
            Event::Delegated { person: ALICE, by: at_a(), grantee: at_b(), terms: given }
        );
        assert_eq!(decide_for_b(), ALLOWED);
    });
}

#[test]
fn delegate_refuses_root_and_unsigned() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), root(1));
        for origin in unsigned_origins() {
            let call = Consents::delegate(origin, ALICE, at_a(), at_b(), child(1, at_a(), 1));
            assert_noop!(call, BadOrigin);
        }
    });
}

#[test]
fn delegate_refuses_accounts_that_do_not_act_as_the_holder() {
    ExtBuilder.build_and_execute(|| {
        for grantee in [at_a(), doctor_at_a(), team_of_a(), Grantee::Person(BOB)] {
            grant(grantee.clone(), root(1));
        }
        let refused = [
            (at_a(), vec![STRANGER, ALICE_ACCOUNT, BOB_ACCOUNT, HOSPITAL_B_ACCOUNT]),
            (doctor_at_a(), vec![STRANGER, NURSE, HOSPITAL_A_ACCOUNT, ALICE_ACCOUNT]),
            (team_of_a(), vec![STRANGER, DOCTOR, HOSPITAL_A_ACCOUNT, ALICE_ACCOUNT]),
            (Grantee::Person(BOB), vec![STRANGER, DOCTOR, HOSPITAL_A_ACCOUNT, ALICE_ACCOUNT]),
        ];
        for (acting_as, accounts) in refused {
            for who in accounts {
                let call = delegate(who, acting_as.clone(), at_b(), child(1, acting_as.clone(), 1));
                assert_noop!(call, Error::<Test>::NotActingAs);
            }
        }
    });
}

#[test]
fn delegate_takes_every_kind_of_holder() {
    ExtBuilder.build_and_execute(|| {
        let holders = [
            (at_a(), HOSPITAL_A_ACCOUNT),
            (at_a(), DOCTOR),
            (doctor_at_a(), DOCTOR),
            (team_of_a(), NURSE),
            (Grantee::Person(BOB), BOB_ACCOUNT),
        ];
        for (id, (holder, who)) in (1u64..).zip(holders) {
            let next = Consents::last_terms_id(ALICE, holder.clone()).0 + 1;
            grant(holder.clone(), Terms { id: TermsId(next), ..root(1) });
            assert_ok!(delegate(who, holder.clone(), at_b(), child(id, holder, next)));
        }
        assert_eq!(held(&at_b()), [1, 2, 3, 4, 5]);
    });
}

#[test]
fn delegate_refuses_suspended_institutions_practitioners_and_leavers() {
    ExtBuilder.build_and_execute(|| {
        for grantee in [at_a(), doctor_at_a(), team_of_a(), Grantee::Person(BOB)] {
            grant(grantee.clone(), root(1));
        }
        let refused = |who, holder: Grantee<AccountId>| {
            let call = delegate(who, holder.clone(), at_b(), child(1, holder, 1));
            assert_noop!(call, Error::<Test>::NotActingAs);
        };
        set_member(NURSE, hospital_a(), false);
        refused(NURSE, team_of_a());
        set_member(NURSE, hospital_a(), true);
        set_practitioner(NURSE, hospital_a(), false);
        refused(NURSE, team_of_a());
        refused(NURSE, at_a());
        set_practitioner(DOCTOR, hospital_a(), false);
        refused(DOCTOR, doctor_at_a());
        refused(DOCTOR, at_a());
        set_practitioner(DOCTOR, hospital_a(), true);
        suspend_institution(hospital_a(), true);
        refused(DOCTOR, doctor_at_a());
        refused(HOSPITAL_A_ACCOUNT, at_a());
        suspend_institution(hospital_a(), false);
        suspend_region(JIANGSU, true);
        refused(DOCTOR, doctor_at_a());
        refused(HOSPITAL_A_ACCOUNT, at_a());
        suspend_person(BOB, true);
        refused(BOB_ACCOUNT, Grantee::Person(BOB));
    });
}

#[test]
fn delegate_refuses_a_subject_without_standing() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), root(1));
        suspend_person(ALICE, true);
        refuses(child(1, at_a(), 1), Error::SubjectNotActive);
        let unknown = PersonId([9; 32]);
        let call = Consents::delegate(
            signed(HOSPITAL_A_ACCOUNT),
            unknown,
            at_a(),
            at_b(),
            child(1, at_a(), 1),
        );
        assert_noop!(call, Error::<Test>::SubjectNotActive);
    });
}

#[test]
fn delegate_refuses_grantees_that_are_nobody() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), root(1));
        suspend_person(BOB, true);
        set_practitioner(DOCTOR, hospital_a(), false);
        let unknown = Grantee::Practitioner { account: STRANGER, institution: hospital_b() };
        for grantee in
            [Grantee::Person(PersonId([9; 32])), Grantee::Person(BOB), unknown, doctor_at_a()]
        {
            let call = delegate(HOSPITAL_A_ACCOUNT, at_a(), grantee, child(1, at_a(), 1));
            assert_noop!(call, Error::<Test>::GranteeNotInStanding);
        }
        suspend_institution(hospital_b(), true);
        refuses(child(1, at_a(), 1), Error::GranteeNotInStanding);
    });
}

#[test]
fn delegate_refuses_a_missing_parent_and_anothers() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), root(1));
        grant(doctor_at_a(), root(1));
        refuses(terms(1), Error::ParentMissing);
        refuses(child(1, doctor_at_a(), 1), Error::ParentMissing);
        refuses(child(1, at_b(), 1), Error::ParentMissing);
        refuses(child(1, at_a(), 2), Error::ParentNotInForce);
    });
}

#[test]
fn delegate_refuses_terms_of_another_subject() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Consents::grant(signed(BOB_ACCOUNT), at_a(), root(1)));
        refuses(child(1, at_a(), 1), Error::ParentNotInForce);
    });
}

#[test]
fn delegate_refuses_a_revoked_parent() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), root(1));
        assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), at_a(), TermsId(1)));
        refuses(child(1, at_a(), 1), Error::ParentNotInForce);
    });
}

#[test]
fn delegate_counts_the_parent_in_its_boundary_instants() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), Terms { from: NOW + 5, until: NOW + 10, ..root(1) });
        let given = Terms { from: NOW + 5, until: NOW + 10, ..child(1, at_a(), 1) };
        set_now(NOW + 4);
        refuses(given.clone(), Error::ParentNotInForce);
        set_now(NOW + 5);
        assert_ok!(delegate(HOSPITAL_A_ACCOUNT, at_a(), at_b(), given.clone()));
        set_now(NOW + 9);
        let second = Terms { id: TermsId(2), ..given };
        assert_ok!(delegate(HOSPITAL_A_ACCOUNT, at_a(), at_b(), second.clone()));
        set_now(NOW + 10);
        refuses(Terms { id: TermsId(3), ..second.clone() }, Error::AlreadyOver);
        let longer = Terms { id: TermsId(3), until: NOW + 11, ..second };
        refuses(longer, Error::ParentNotInForce);
    });
}

#[test]
fn delegate_refuses_terms_that_may_not_be_given_on() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), root(0));
        refuses(child(1, at_a(), 1), Error::MayNotDelegate);
    });
}

#[test]
fn delegate_refuses_each_way_beyond_the_parent() {
    ExtBuilder.build_and_execute(|| {
        let parent = root(1);
        grant(at_a(), parent.clone());
        let given = || child(1, at_a(), 1);
        let beyond = [
            Terms { blocks: parent.blocks.with(blocks::PERSONAL), ..given() },
            Terms { blocks: BusinessBlockSet::of(blocks::PERSONAL), ..given() },
            Terms { blocks: BusinessBlockSet::of(blocks::RESTRICTED_MEDICAL), ..given() },
            Terms { purposes: parent.purposes.with(Purpose::Payment), ..given() },
            Terms { purposes: PurposeSet::of(Purpose::HealthResearch), ..given() },
            Terms { from: parent.from - 1, ..given() },
            Terms { until: parent.until + 1, ..given() },
            Terms { records_from: parent.records_from - 1, ..given() },
            Terms { records_until: parent.records_until + 1, ..given() },
            Terms { may_delegate: 1, ..given() },
            Terms { may_delegate: 2, ..given() },
        ];
        for terms in beyond {
            refuses(terms, Error::BeyondParent);
        }
        let whole = Terms { may_delegate: 0, parent: given().parent, ..parent };
        assert_ok!(delegate(HOSPITAL_A_ACCOUNT, at_a(), at_b(), whole));
    });
}

#[test]
fn delegate_checks_terms_as_grant_does() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), root(1));
        let given = || child(1, at_a(), 1);
        refuses(Terms { blocks: BusinessBlockSet::EMPTY, ..given() }, Error::NoBlocks);
        refuses(Terms { purposes: PurposeSet::EMPTY, ..given() }, Error::NoPurposes);
        let marketing = given().purposes.with(Purpose::Marketing);
        refuses(Terms { purposes: marketing, ..given() }, Error::PurposeNotGrantable);
        refuses(Terms { from: NOW + 1, until: NOW + 1, ..given() }, Error::EmptyPeriod);
        refuses(Terms { until: u64::MAX, ..given() }, Error::TooLong);
        refuses(Terms { records_from: NOW, records_until: NOW, ..given() }, {
            Error::EmptyRecordRange
        });
        refuses(Terms { may_delegate: 3, ..given() }, Error::DelegatesTooDeep);
        refuses(Terms { id: TermsId(0), ..given() }, Error::IdNotRising);
        refuses(Terms { id: TermsId(u64::MAX), ..given() }, Error::IdTooFarAhead);
        Blocks::mutate(|all| all.remove(&blocks::MEDICAL));
        refuses(given(), Error::BlockNotOpen);
    });
}

#[test]
fn delegate_cannot_fill_a_file_beyond_its_bound() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), root(1));
        for id in 1..=16 {
            assert_ok!(delegate(HOSPITAL_A_ACCOUNT, at_a(), at_b(), child(id, at_a(), 1)));
        }
        refuses(child(17, at_a(), 1), Error::TooManyTerms);
        // The person's own terms come before what others gave on.
        grant(at_b(), terms(17));
        assert_eq!(held(&at_b()), (2..=17).collect::<Vec<_>>());
        for id in 18..=32 {
            grant(at_b(), terms(id));
        }
        let own = Consents::grant(signed(ALICE_ACCOUNT), at_b(), terms(33));
        assert_noop!(own, Error::<Test>::TooManyTerms);
    });
}

/// Alice → hospital A → its doctor → hospital B.
fn three_levels() {
    grant(at_a(), root(2));
    let middle = Terms { may_delegate: 1, ..child(1, at_a(), 1) };
    assert_ok!(delegate(HOSPITAL_A_ACCOUNT, at_a(), doctor_at_a(), middle));
    assert_ok!(delegate(DOCTOR, doctor_at_a(), at_b(), child(1, doctor_at_a(), 1)));
    assert_eq!(decide_for_b(), ALLOWED);
}

#[test]
fn delegate_ends_at_the_second_level() {
    ExtBuilder.build_and_execute(|| {
        three_levels();
        let further = child(1, at_b(), 1);
        let call = delegate(HOSPITAL_B_ACCOUNT, at_b(), Grantee::Person(BOB), further);
        assert_noop!(call, Error::<Test>::MayNotDelegate);
        let deep = Terms { may_delegate: 1, ..child(2, doctor_at_a(), 1) };
        let call = delegate(DOCTOR, doctor_at_a(), at_b(), deep);
        assert_noop!(call, Error::<Test>::BeyondParent);
    });
}

#[test]
fn delegate_refuses_when_a_grandparent_is_gone() {
    ExtBuilder.build_and_execute(|| {
        three_levels();
        assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), at_a(), TermsId(1)));
        let call = delegate(DOCTOR, doctor_at_a(), at_b(), child(2, doctor_at_a(), 1));
        assert_noop!(call, Error::<Test>::ParentNotInForce);
    });
}

#[test]
fn children_end_with_any_of_their_parents() {
    for ended in [at_a(), doctor_at_a()] {
        ExtBuilder.build_and_execute(|| {
            three_levels();
            assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), ended, TermsId(1)));
            assert_eq!(decide_for_b(), NO_CONSENT);
        });
    }
    ExtBuilder.build_and_execute(|| {
        three_levels();
        assert_ok!(Consents::renounce(signed(DOCTOR), ALICE, doctor_at_a(), TermsId(1)));
        assert_eq!(decide_for_b(), NO_CONSENT);
    });
}

#[test]
fn children_stay_dead_when_their_parents_identifier_could_be_used_again() {
    ExtBuilder.build_and_execute(|| {
        three_levels();
        assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), at_a(), TermsId(1)));
        let call = Consents::grant(signed(ALICE_ACCOUNT), at_a(), root(2));
        assert_noop!(call, Error::<Test>::IdNotRising);
        grant(at_a(), Terms { id: TermsId(2), ..root(2) });
        assert_eq!(decide_for_b(), NO_CONSENT);
        assert_eq!(decide_as(DOCTOR, doctor_at_a()), NO_CONSENT);
    });
}

#[test]
fn children_do_not_count_while_anyone_above_them_lacks_standing() {
    ExtBuilder.build_and_execute(|| {
        three_levels();
        set_practitioner(DOCTOR, hospital_a(), false);
        assert_eq!(decide_for_b(), NO_CONSENT);
        set_practitioner(DOCTOR, hospital_a(), true);
        assert_eq!(decide_for_b(), ALLOWED);
        suspend_institution(hospital_a(), true);
        assert_eq!(decide_for_b(), NO_CONSENT);
        suspend_institution(hospital_a(), false);
        suspend_region(JIANGSU, true);
        assert_eq!(decide_for_b(), NO_CONSENT);
        suspend_region(JIANGSU, false);
        assert_eq!(decide_for_b(), ALLOWED);
    });
    ExtBuilder.build_and_execute(|| {
        grant(Grantee::Person(BOB), root(1));
        let given = child(1, Grantee::Person(BOB), 1);
        assert_ok!(delegate(BOB_ACCOUNT, Grantee::Person(BOB), at_b(), given));
        grant(team_of_a(), root(1));
        let given = child(1, team_of_a(), 1);
        assert_ok!(delegate(NURSE, team_of_a(), doctor_at_a(), given));
        assert_eq!(decide_for_b(), ALLOWED);
        assert_eq!(decide_as(DOCTOR, doctor_at_a()), ALLOWED);
        suspend_person(BOB, true);
        assert_eq!(decide_for_b(), NO_CONSENT);
        set_practitioner(DOCTOR, hospital_b(), true);
        suspend_institution(hospital_a(), true);
        assert_eq!(decide_as(DOCTOR, doctor_at_a()), Decision::Refused(Refusal::NotActingAs));
    });
}

#[test]
fn children_end_at_their_own_boundary_instant() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), root(1));
        let given = Terms { until: NOW + 5, ..child(1, at_a(), 1) };
        assert_ok!(delegate(HOSPITAL_A_ACCOUNT, at_a(), at_b(), given));
        set_now(NOW + 4);
        assert_eq!(decide_for_b(), ALLOWED);
        set_now(NOW + 5);
        assert_eq!(decide_for_b(), NO_CONSENT);
    });
}

#[test]
fn delegate_gives_a_restricted_block_on_alone() {
    ExtBuilder.build_and_execute(|| {
        let restricted = BusinessBlockSet::of(blocks::RESTRICTED_MEDICAL);
        grant(at_a(), Terms { blocks: restricted, may_delegate: 1, ..terms(1) });
        let given = Terms { blocks: restricted, ..child(1, at_a(), 1) };
        assert_ok!(delegate(HOSPITAL_A_ACCOUNT, at_a(), at_b(), given));
        let beside = Terms { blocks: restricted.with(blocks::MEDICAL), ..child(2, at_a(), 1) };
        refuses(beside, Error::RestrictedNotAlone);
    });
}
