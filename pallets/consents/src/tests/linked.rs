//! Linked ids: what was given under either stays, what is read by the one person is read from both.

use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::{Basis, FilePage, Refusal};
use sp_runtime::DispatchError::BadOrigin;

use super::*;
use crate::{Error, Event};

/// Bob's id becomes another name of Alice's; the registry of real names lets its account act no
/// more.
fn link() {
    Aliases::mutate(|all| all.insert(BOB, ALICE));
    Persons::mutate(|all| all.get_mut(&BOB).unwrap().suspended = true);
}

fn bobs_record() -> RecordFacts {
    RecordFacts { subject: BOB, id: RecordId([0xb2; 32]), ..record(blocks::MEDICAL) }
}

fn about_bob(account: AccountId, acting_as: Grantee<AccountId>) -> Decision {
    let query = query_of(BOB, account, acting_as, Purpose::Treatment);
    Consents::decide(&query, &bobs_record(), NOW)
}

#[test]
fn terms_that_a_linked_id_gave_go_on() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Consents::grant(signed(BOB_ACCOUNT), at_a(), terms(1)));
        link();
        let allowed = Decision::Allowed(Basis::Terms(TermsId(1)));
        assert_eq!(about_bob(DOCTOR, at_a()), allowed);
        // As long as the person counts under whose id it all goes on.
        Persons::mutate(|all| all.get_mut(&ALICE).unwrap().suspended = true);
        assert_eq!(about_bob(DOCTOR, at_a()), Decision::Refused(Refusal::SubjectNotActive));
    });
}

#[test]
fn the_account_that_goes_on_reads_the_records_of_both_ids() {
    ExtBuilder.build_and_execute(|| {
        let as_alice = Grantee::Person(ALICE);
        let refused = about_bob(ALICE_ACCOUNT, as_alice.clone());
        assert_eq!(refused, Decision::Refused(Refusal::NoConsent), "two persons still");
        link();
        for own in [as_alice.clone(), Grantee::Person(BOB)] {
            assert_eq!(about_bob(ALICE_ACCOUNT, own), Decision::Allowed(Basis::Subject));
        }
        assert_eq!(
            about_bob(BOB_ACCOUNT, Grantee::Person(BOB)),
            Decision::Refused(Refusal::NotActingAs)
        );
        // Its file lists both; nobody else's does.
        let page = FilePage { records: vec![record(blocks::MEDICAL), bobs_record()], next: None };
        let listed = |query: &AccessQuery<AccountId>| {
            let page = Consents::readable(query, None, 9, NOW, |_, _, _| page.clone());
            page.map(|page| page.records.len())
        };
        assert_eq!(listed(&query(ALICE_ACCOUNT, as_alice)), Ok(2));
        grant(at_a(), terms(1));
        assert_eq!(listed(&query(DOCTOR, at_a())), Ok(1));
    });
}

#[test]
fn terms_given_to_a_linked_id_are_the_persons() {
    ExtBuilder.build_and_execute(|| {
        let carol = PersonId([0xc0; 32]);
        add_person(carol, AccountId::new([0xc0; 32]));
        let to_bob = Grantee::Person(BOB);
        let by_carol = signed(AccountId::new([0xc0; 32]));
        assert_ok!(Consents::grant(by_carol, to_bob.clone(), terms(1)));
        let about_carol = |account| {
            let query = query_of(carol, account, to_bob.clone(), Purpose::Treatment);
            let facts = RecordFacts { subject: carol, ..record(blocks::MEDICAL) };
            Consents::decide(&query, &facts, NOW)
        };
        let refused = Decision::Refused(Refusal::NotActingAs);
        assert_eq!(about_carol(ALICE_ACCOUNT), refused);
        link();
        assert_eq!(about_carol(ALICE_ACCOUNT), Decision::Allowed(Basis::Terms(TermsId(1))));
        assert_eq!(about_carol(BOB_ACCOUNT), refused);
    });
}

#[test]
fn terms_of_a_linked_id_end_by_either_account() {
    ExtBuilder.build_and_execute(|| {
        for id in 1..=2 {
            assert_ok!(Consents::grant(signed(BOB_ACCOUNT), at_a(), terms(id)));
        }
        let by = |account, id| Consents::revoke_linked(signed(account), BOB, at_a(), TermsId(id));
        assert_noop!(by(ALICE_ACCOUNT, 1), Error::<Test>::NotLinked);
        link();
        assert_noop!(by(BOB_ACCOUNT, 1), Error::<Test>::NotLinked);
        for who in accounts_of_no_person() {
            assert_noop!(by(who, 1), BadOrigin);
        }
        assert_ok!(by(ALICE_ACCOUNT, 1));
        assert_eq!(last_event(), Event::Revoked { person: BOB, grantee: at_a(), id: TermsId(1) });
        assert_noop!(by(ALICE_ACCOUNT, 1), Error::<Test>::TermsNotFound);
        assert_ok!(Consents::revoke(signed(BOB_ACCOUNT), at_a(), TermsId(2)));
        assert_eq!(about_bob(DOCTOR, at_a()), Decision::Refused(Refusal::NoConsent));
    });
}
