use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::{BusinessBlockId, BusinessBlockSet, PersonId, blocks};

use super::*;

fn try_attest(attestation: Attestation<AccountId32>) -> DispatchResult {
    attest(ALICE, ALICE_WALLET, attestation)
}

fn refuses(error: Error<Test>, change: impl FnOnce(&mut Attestation<AccountId32>)) {
    let mut attestation = attestation(ALICE_WALLET);
    change(&mut attestation);
    assert_noop!(try_attest(attestation), error);
}

#[test]
fn attest_enters_the_person_and_passes_consents_on() {
    ExtBuilder::default().build_and_execute(|| {
        let given = attestation(ALICE_WALLET);
        assert_ok!(try_attest(given.clone()));
        let controller = ALICE_WALLET.account();
        assert_eq!(
            entry(ALICE),
            Person {
                controller: controller.clone(),
                home_region: JIANGSU,
                attester: hospital_a(),
                attested_at: START,
                data_key: key(1),
                valid_until: START + 365 * DAY,
                status: PersonStatus::Active,
            }
        );
        assert_eq!(PersonOf::<Test>::get(&controller), Some(ALICE));
        assert_eq!(System::sufficients(&controller), 1);
        assert_eq!(
            AttestedCalls::get(),
            vec![(
                ALICE,
                given.scope_keys.to_vec(),
                hospital_a(),
                given.write_blocks,
                given.write_until
            )]
        );
        last_event(Event::Attested {
            person: ALICE,
            controller,
            attester: hospital_a(),
            home_region: JIANGSU,
            valid_until: START + 365 * DAY,
        });
    });
}

#[test]
fn attest_takes_every_kind_of_key_and_wrapped_signatures() {
    ExtBuilder::default().build_and_execute(|| {
        for (n, wallet) in [(1, ALICE_WALLET), (2, BOB_WALLET)] {
            let person = PersonId([n; 32]);
            let given = attestation(wallet);
            let payload = attest_payload(person, hospital_a(), JIANGSU, &given);
            assert_ok!(RealName::attest(
                Caller::Institution.origin(),
                person,
                given,
                wallet.sign_wrapped(&payload)
            ));
        }
        let person = PersonId([3; 32]);
        let pair = <sp_core::ecdsa::Pair as sp_core::Pair>::from_seed(&[3; 32]);
        let given = Attestation {
            controller: sp_runtime::traits::IdentifyAccount::into_account(
                sp_runtime::MultiSigner::from(sp_core::Pair::public(&pair)),
            ),
            ..attestation(ALICE_WALLET)
        };
        let payload = attest_payload(person, hospital_a(), JIANGSU, &given);
        let signature = sp_core::Pair::sign(&pair, &payload);
        assert_ok!(RealName::attest(Caller::Institution.origin(), person, given, signature.into()));
    });
}

#[test]
fn attest_refuses_whoever_is_no_institution() {
    ExtBuilder::default().build_and_execute(|| {
        let given = attestation(ALICE_WALLET);
        let signature = ALICE_WALLET.sign(&attest_payload(ALICE, hospital_a(), JIANGSU, &given));
        let call = |origin| RealName::attest(origin, ALICE, given.clone(), signature.clone());
        only(&[Caller::Institution], call);
        suspend_region(JIANGSU);
        only(&[], call);
    });
}

#[test]
fn attest_refuses_a_known_person_and_an_account_in_use() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let known = attest(ALICE, BOB_WALLET, attestation(BOB_WALLET));
        assert_noop!(known, Error::<Test>::PersonKnown);
        let in_use = attest(BOB, ALICE_WALLET, attestation(ALICE_WALLET));
        assert_noop!(in_use, Error::<Test>::AccountInUse);
    });
}

#[test]
fn attest_refuses_a_closed_person() {
    ExtBuilder::default().with_alice().build_and_execute(|| {
        let end = entry(ALICE).valid_until + GRACE;
        at(end);
        assert_ok!(RealName::remove_expired(Caller::Stranger.origin(), ALICE));
        let again = Attestation { valid_until: end + DAY, ..attestation(ALICE_WALLET) };
        assert_noop!(try_attest(again), Error::<Test>::PersonKnown);
    });
}

#[test]
fn attest_bounds_the_validity() {
    ExtBuilder::default().build_and_execute(|| {
        refuses(Error::EndsInPast, |given| given.valid_until = 0);
        refuses(Error::EndsInPast, |given| given.valid_until = START);
        refuses(Error::ValidityTooLong, |given| given.valid_until = START + MAX_VALIDITY + 1);
        refuses(Error::ValidityTooLong, |given| given.valid_until = u64::MAX);
        let longest =
            Attestation { valid_until: START + MAX_VALIDITY, ..attestation(ALICE_WALLET) };
        assert_ok!(try_attest(longest));
        let shortest = Attestation { valid_until: START + 1, ..attestation(BOB_WALLET) };
        assert_ok!(attest(BOB, BOB_WALLET, shortest));
    });
}

#[test]
fn attest_refuses_keys_of_small_order() {
    ExtBuilder::default().build_and_execute(|| {
        refuses(Error::LowOrderKey, |given| given.data_key = low_order_key());
        refuses(Error::LowOrderKey, |given| {
            given.scope_keys = vec![(blocks::MEDICAL, key(2)), (blocks::HEALTH, low_order_key())]
                .try_into()
                .expect("two are few");
        });
    });
}

#[test]
fn attest_wants_scope_keys_rising_by_block() {
    ExtBuilder::default().build_and_execute(|| {
        let mut wrong = vec![
            vec![(blocks::MEDICAL, key(2)), (blocks::MEDICAL, key(3))],
            vec![(blocks::HEALTH, key(2)), (blocks::MEDICAL, key(3))],
            vec![(BusinessBlockId(64), key(2))],
        ];
        wrong.push(vec![(BusinessBlockId(2), key(1)), (BusinessBlockId(255), key(2))]);
        for keys in wrong {
            refuses(Error::ScopeKeysNotRising, |given| {
                given.scope_keys = keys.try_into().expect("two are few");
            });
        }
    });
}

#[test]
fn attest_takes_no_scope_key_and_as_many_as_the_bound() {
    ExtBuilder::default().build_and_execute(|| {
        let none = Attestation { scope_keys: Default::default(), ..attestation(ALICE_WALLET) };
        assert_ok!(try_attest(none));
        let keys: Vec<_> = (48..64).map(|n| (BusinessBlockId(n), key(n))).collect();
        assert_eq!(u32::try_from(keys.len()), Ok(MAX_SCOPE_KEYS));
        let all = Attestation {
            scope_keys: keys.try_into().expect("at the bound"),
            ..attestation(BOB_WALLET)
        };
        assert_ok!(attest(BOB, BOB_WALLET, all));
    });
}

#[test]
fn attest_refuses_a_signature_over_anything_else() {
    ExtBuilder::default().build_and_execute(|| {
        let given = attestation(ALICE_WALLET);
        let signed = |person, attester, region, body: &Attestation<AccountId32>| {
            ALICE_WALLET.sign(&attest_payload(person, attester, region, body))
        };
        let changed = |change: fn(&mut Attestation<AccountId32>)| {
            let mut other = given.clone();
            change(&mut other);
            signed(ALICE, hospital_a(), JIANGSU, &other)
        };
        let right = attest_payload(ALICE, hospital_a(), JIANGSU, &given);
        let mut elsewhere = right.clone();
        let at = elsewhere.windows(32).position(|bytes| bytes == genesis()).expect("is in it");
        elsewhere[at] ^= 1;
        let trailing = [right.as_slice(), &[0]].concat();
        for signature in [
            BOB_WALLET.sign(&right),
            ALICE_WALLET.sign(&elsewhere),
            ALICE_WALLET.sign(&trailing),
            signed(BOB, hospital_a(), JIANGSU, &given),
            signed(ALICE, hospital_b(), JIANGSU, &given),
            signed(ALICE, hospital_a(), ZHEJIANG, &given),
            changed(|other| other.data_key = key(9)),
            changed(|other| other.scope_keys = Default::default()),
            changed(|other| other.write_blocks = BusinessBlockSet(u64::MAX)),
            changed(|other| other.write_until += 1),
            changed(|other| other.valid_until += 1),
        ] {
            assert_noop!(
                RealName::attest(Caller::Institution.origin(), ALICE, given.clone(), signature),
                Error::<Test>::BadSignature
            );
        }
        // Another institution cannot send what was signed for hospital A.
        assert_noop!(
            RealName::attest(
                RuntimeOrigin::signed(CONTROLLER_B),
                ALICE,
                given.clone(),
                ALICE_WALLET.sign(&right)
            ),
            Error::<Test>::BadSignature
        );
        assert_ok!(try_attest(given));
    });
}

#[test]
fn attest_refuses_an_institution_whose_attestations_are_void() {
    ExtBuilder::default().build_and_execute(|| {
        InvalidFrom::<Test>::insert(hospital_a(), START);
        refuses(Error::AttesterVoid, |_| {});
        InvalidFrom::<Test>::insert(hospital_a(), START + 1);
        assert_ok!(try_attest(attestation(ALICE_WALLET)));
    });
}

#[test]
fn attest_changes_nothing_when_the_consents_refuse() {
    ExtBuilder::default().build_and_execute(|| {
        ConsentsRefuse::set(true);
        assert_noop!(try_attest(attestation(ALICE_WALLET)), CONSENTS_REFUSAL);
        assert_eq!(System::sufficients(&ALICE_WALLET.account()), 0);
    });
}
