//! What enrolment leaves here.

use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::EncryptionKey;
use kanglian_traits::OnAttested;

use super::*;
use crate::{Error, Event, ScopeKeys, WriteConsents};

const KEY: EncryptionKey = EncryptionKey::x25519([9; 32]);

fn attested(
    keys: &[(BusinessBlockId, EncryptionKey)],
    write_blocks: BusinessBlockSet,
    write_until: Instant,
) -> DispatchResult {
    Consents::on_attested(ALICE, keys.to_vec(), hospital_a(), write_blocks, write_until)
}

#[test]
fn enrolment_publishes_first_keys_and_lets_the_attester_write() {
    ExtBuilder.build_and_execute(|| {
        let keys = [(blocks::MEDICAL, KEY), (blocks::RESTRICTED_MEDICAL, KEY)];
        let write_blocks = BusinessBlockSet::of(blocks::MEDICAL);
        assert_eq!(Consents::scope_epoch(&ALICE, blocks::MEDICAL), None);
        assert_ok!(attested(&keys, write_blocks, NOW + 5));
        for (block, _) in keys {
            assert_eq!(Consents::scope_epoch(&ALICE, block), Some(KeyEpoch(0)));
        }
        assert_eq!(Consents::scope_epoch(&ALICE, blocks::HEALTH), None);
        assert_eq!(Consents::scope_keys_of(ALICE).len(), 2);
        assert!(Consents::may_write(&ALICE, &hospital_a(), blocks::MEDICAL, NOW));
        assert!(!Consents::may_write(&ALICE, &hospital_a(), blocks::RESTRICTED_MEDICAL, NOW));
        assert_eq!(
            last_event(),
            Event::Enrolled {
                person: ALICE,
                key_blocks: keys.iter().map(|(block, _)| *block).collect(),
                attester: hospital_a(),
                write_blocks,
                write_until: NOW + 5,
            }
        );
        assert_eq!(decide(HOSPITAL_A_ACCOUNT, at_a()), {
            Decision::Refused(kanglian_primitives::Refusal::NoConsent)
        });
    });
}

#[test]
fn enrolment_without_blocks_lets_nobody_write() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(attested(&[], BusinessBlockSet::EMPTY, 0));
        assert_eq!(WriteConsents::<Test>::iter().count(), 0);
        assert_eq!(ScopeKeys::<Test>::iter().count(), 0);
    });
}

#[test]
fn enrolment_refuses_bad_keys_and_bad_write_consents() {
    ExtBuilder.build_and_execute(|| {
        let none = BusinessBlockSet::EMPTY;
        let refused = |keys: &[_], error: Error<Test>| {
            let call = frame_support::storage::with_storage_layer(|| attested(keys, none, 0));
            assert_eq!(call, Err(error.into()));
            assert_eq!(ScopeKeys::<Test>::iter().count(), 0);
        };
        let (medical, health) = ((blocks::MEDICAL, KEY), (blocks::HEALTH, KEY));
        refused(&[health, medical], Error::KeysNotRising);
        refused(&[medical, medical], Error::KeysNotRising);
        refused(&[(blocks::MEDICAL, EncryptionKey::x25519([0; 32]))], Error::LowOrderKey);
        refused(&[(blocks::PUBLIC_KNOWLEDGE, KEY)], Error::BlockNotOpen);
        refused(&[(BusinessBlockId(200), KEY)], Error::BlockNotOpen);
        let some = BusinessBlockSet::of(blocks::MEDICAL);
        assert_noop!(attested(&[], some, NOW), Error::<Test>::AlreadyOver);
        assert_noop!(attested(&[], some, u64::MAX), Error::<Test>::TooLong);
        let public = BusinessBlockSet::of(blocks::HEALTH_EDUCATION);
        assert_noop!(attested(&[], public, NOW + 5), Error::<Test>::BlockNotOpen);
    });
}

#[test]
fn enrolment_never_puts_a_key_back_to_its_first_epoch() {
    ExtBuilder.build_and_execute(|| {
        let keys = [(blocks::MEDICAL, KEY)];
        assert_ok!(attested(&keys, BusinessBlockSet::EMPTY, 0));
        assert_noop!(attested(&keys, BusinessBlockSet::EMPTY, 0), Error::<Test>::WrongEpoch);
    });
}
