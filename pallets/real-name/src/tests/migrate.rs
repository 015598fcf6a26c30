use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::payloads;
use kanglian_traits::PersonInspect;

use super::*;

/// Alice's id under the second generation.
const ALICE_2: PersonId = PersonId([0xa2; 32]);
/// Alice's id under the third generation.
const ALICE_3: PersonId = PersonId([0xa3; 32]);

fn next_generation(number: u32) {
    OpenGeneration::set(Some(number));
}

#[test]
fn migrate_adds_a_name_and_moves_nothing() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let before = entry(ALICE);
        next_generation(1);
        assert_ok!(migrate(ALICE, ALICE_2));
        last_event(Event::Migrated {
            old: ALICE,
            new: ALICE_2,
            generation: 1,
            institution: hospital_a(),
        });
        assert_eq!(entry(ALICE), before);
        assert_eq!(RealName::canonical(&ALICE_2), ALICE);
        assert!(RealName::valid(&ALICE, START).is_some());
        assert_eq!(RealName::valid(&ALICE_2, START), None);
        let alias = Aliases::<Test>::get(ALICE_2).map(|alias| (alias.by, alias.since));
        assert_eq!(alias, Some((hospital_a(), START)));
    });
}

#[test]
fn the_new_id_of_a_migrated_person_is_enrolled_already() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        next_generation(1);
        assert_ok!(migrate(ALICE, ALICE_2));
        let given = attestation(NEW_WALLET);
        let signature = NEW_WALLET.sign(b"whatever");
        assert_noop!(
            RealName::attest(Caller::Institution.origin(), ALICE_2, given, signature),
            Error::<Test>::PersonKnown
        );
    });
}

#[test]
fn nobody_is_attested_or_migrated_while_a_generation_is_closed() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        OpenGeneration::set(None);
        let closed: DispatchError = Error::<Test>::GenerationClosed.into();
        assert_noop!(attest(BOB, BOB_WALLET, attestation(BOB_WALLET)), closed);
        assert_noop!(migrate(ALICE, ALICE_2), closed);
        assert!(RealName::valid(&ALICE, START).is_some(), "whoever is attested stays so");
    });
}

#[test]
fn an_agreement_under_the_old_generation_does_not_count_under_the_new_one() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        next_generation(1);
        let given = attestation(BOB_WALLET);
        let old = attest_payload(BOB, hospital_a(), JIANGSU, &given);
        let attest = |payload: &[u8]| {
            let signature = BOB_WALLET.sign(payload);
            RealName::attest(Caller::Institution.origin(), BOB, attestation(BOB_WALLET), signature)
        };
        assert_noop!(attest(&old), Error::<Test>::BadSignature);
        let under = |generation: u32| {
            let body = payloads::AttestationBody {
                person: BOB,
                controller: given.controller.clone(),
                home_region: JIANGSU,
                data_key: given.data_key,
                scope_keys: given.scope_keys.to_vec(),
                attester: hospital_a(),
                write_blocks: given.write_blocks,
                write_until: given.write_until,
                valid_until: given.valid_until,
            };
            payloads::attest_under(&genesis(), generation, &body)
        };
        assert_eq!(under(0), old);
        assert_noop!(attest(&under(2)), Error::<Test>::BadSignature);
        assert_ok!(attest(&under(1)));
        assert_eq!(Generations::<Test>::get(BOB), 1);
        // Attested under the present generation, there is nothing to migrate.
        assert_noop!(migrate(BOB, ALICE_2), Error::<Test>::AlreadyMigrated);
    });
}

#[test]
fn migrate_happens_once_a_generation() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        assert_noop!(migrate(ALICE, ALICE_2), Error::<Test>::AlreadyMigrated);
        next_generation(1);
        assert_ok!(migrate(ALICE, ALICE_2));
        assert_noop!(migrate(ALICE, ALICE_3), Error::<Test>::AlreadyMigrated);
        next_generation(2);
        // The id that is attested is migrated, not its alias.
        assert_noop!(migrate(ALICE_2, ALICE_3), Error::<Test>::PersonUnknown);
        assert_ok!(migrate(ALICE, ALICE_3));
        assert_eq!(RealName::aliases(&ALICE), vec![ALICE_2, ALICE_3]);
    });
}

#[test]
fn migrate_refuses_ids_in_use_unknown_persons_and_strangers() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        next_generation(1);
        assert_noop!(migrate(ALICE, BOB), Error::<Test>::PersonKnown);
        assert_noop!(migrate(ALICE, ALICE), Error::<Test>::PersonKnown);
        assert_noop!(migrate(ALICE_2, ALICE_3), Error::<Test>::PersonUnknown);
        assert_ok!(migrate(ALICE, ALICE_2));
        let payload = migrate_payload(1, BOB, ALICE_2, 0);
        assert_noop!(
            RealName::migrate(
                Caller::Institution.origin(),
                BOB,
                ALICE_2,
                BOB_WALLET.sign(&payload)
            ),
            Error::<Test>::PersonKnown
        );
        only(&[Caller::Institution], |origin| {
            RealName::migrate(origin, BOB, ALICE_3, BOB_WALLET.sign(b""))
        });
    });
}

#[test]
fn migrate_refuses_signatures_over_anything_else() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        next_generation(1);
        let mut elsewhere = genesis();
        elsewhere[0] ^= 1;
        let body = payloads::MigrationBody {
            generation: 1,
            old: ALICE,
            new: ALICE_2,
            institution: hospital_a(),
            round: 0,
        };
        let other = payloads::MigrationBody { institution: hospital_b(), ..body };
        for bad in [
            ALICE_WALLET.sign(&migrate_payload(0, ALICE, ALICE_2, 0)),
            ALICE_WALLET.sign(&migrate_payload(1, ALICE, ALICE_3, 0)),
            ALICE_WALLET.sign(&migrate_payload(1, BOB, ALICE_2, 0)),
            ALICE_WALLET.sign(&migrate_payload(1, ALICE, ALICE_2, 1)),
            ALICE_WALLET.sign(&payloads::migrate(&elsewhere, &body)),
            ALICE_WALLET.sign(&payloads::migrate(&genesis(), &other)),
            BOB_WALLET.sign(&migrate_payload(1, ALICE, ALICE_2, 0)),
        ] {
            assert_noop!(
                RealName::migrate(Caller::Institution.origin(), ALICE, ALICE_2, bad),
                Error::<Test>::BadSignature
            );
        }
        assert_ok!(RealName::suspend(Caller::PanCentre.origin(), ALICE));
        assert_noop!(migrate(ALICE, ALICE_2), Error::<Test>::PersonSuspended);
    });
}

#[test]
fn a_linked_document_gets_its_new_id_too() {
    ExtBuilder::default().with_both().build_and_execute(|| {
        assert_ok!(link(true));
        next_generation(1);
        // Bob's document; the account that goes on signs.
        assert_ok!(migrate(BOB, ALICE_2));
        assert_eq!(RealName::canonical(&ALICE_2), ALICE);
        assert_eq!(RealName::aliases(&ALICE), vec![BOB, ALICE_2]);
    });
}
