//! `rotate_scope_key`: a new epoch's key, and bundles sealed again.

use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::EncryptionKey;
use sp_runtime::DispatchError::BadOrigin;

use super::*;
use crate::{Error, Event, Grants, ScopeKey, ScopeKeys};

const KEY: EncryptionKey = EncryptionKey::x25519([9; 32]);

fn rotate(epoch: u32, resealed: &[(Grantee<AccountId>, u64)]) -> DispatchResult {
    rotate_to(blocks::MEDICAL, epoch, KEY, resealed)
}

fn rotate_to(
    block: BusinessBlockId,
    epoch: u32,
    key: EncryptionKey,
    resealed: &[(Grantee<AccountId>, u64)],
) -> DispatchResult {
    let entry =
        |(grantee, id): &(Grantee<AccountId>, u64)| (grantee.clone(), TermsId(*id), [0xcc; 32]);
    let resealed = resealed.iter().map(entry).collect::<Vec<_>>().try_into().unwrap();
    Consents::rotate_scope_key(signed(ALICE_ACCOUNT), block, KeyEpoch(epoch), key, resealed)
}

fn bundle(grantee: Grantee<AccountId>, id: u64) -> [u8; 32] {
    Grants::<Test>::get(ALICE, grantee).unwrap().find(TermsId(id)).unwrap().bundle
}

#[test]
fn rotate_publishes_the_key_and_the_new_bundles() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        grant(at_a(), terms(2));
        grant(team_of_a(), terms(1));
        assert_ok!(rotate(0, &[]));
        assert_ok!(rotate(1, &[(at_a(), 2), (team_of_a(), 1)]));
        let published = ScopeKey { epoch: KeyEpoch(1), key: KEY };
        assert_eq!(ScopeKeys::<Test>::get(ALICE, blocks::MEDICAL), Some(published));
        assert_eq!(Consents::scope_epoch(&ALICE, blocks::MEDICAL), Some(KeyEpoch(1)));
        assert_eq!(bundle(at_a(), 1), [0xbb; 32]);
        assert_eq!(bundle(at_a(), 2), [0xcc; 32]);
        assert_eq!(bundle(team_of_a(), 1), [0xcc; 32]);
        assert_eq!(
            last_event(),
            Event::ScopeKeyRotated {
                person: ALICE,
                block: blocks::MEDICAL,
                epoch: KeyEpoch(1),
                key: KEY,
                resealed: 2,
            }
        );
    });
}

#[test]
fn rotate_refuses_an_epoch_that_does_not_follow() {
    ExtBuilder.build_and_execute(|| {
        for epoch in [1, 2, u32::MAX] {
            assert_noop!(rotate(epoch, &[]), Error::<Test>::WrongEpoch);
        }
        assert_ok!(rotate(0, &[]));
        for epoch in [0, 2, u32::MAX] {
            assert_noop!(rotate(epoch, &[]), Error::<Test>::WrongEpoch);
        }
        assert_ok!(rotate(1, &[]));
        let last = ScopeKey { epoch: KeyEpoch(u32::MAX), key: KEY };
        ScopeKeys::<Test>::insert(ALICE, blocks::MEDICAL, last);
        for epoch in [0, u32::MAX] {
            assert_noop!(rotate(epoch, &[]), Error::<Test>::WrongEpoch);
        }
    });
}

#[test]
fn rotate_counts_epochs_for_each_block_and_person() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(rotate(0, &[]));
        let call = rotate_to(blocks::HEALTH, 1, KEY, &[]);
        assert_noop!(call, Error::<Test>::WrongEpoch);
        assert_ok!(rotate_to(blocks::HEALTH, 0, KEY, &[]));
        assert_eq!(Consents::scope_epoch(&BOB, blocks::MEDICAL), None);
    });
}

#[test]
fn rotate_refuses_keys_of_low_order_and_blocks_without_records() {
    ExtBuilder.build_and_execute(|| {
        let mut one = [0; 32];
        one[0] = 1;
        for key in [[0; 32], one] {
            let call = rotate_to(blocks::MEDICAL, 0, EncryptionKey::x25519(key), &[]);
            assert_noop!(call, Error::<Test>::LowOrderKey);
        }
        for block in [blocks::PUBLIC_KNOWLEDGE, blocks::HEALTH_EDUCATION, BusinessBlockId(64)] {
            assert_noop!(rotate_to(block, 0, KEY, &[]), Error::<Test>::BlockNotOpen);
        }
    });
}

#[test]
fn rotate_refuses_bundles_that_do_not_belong() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        grant(at_b(), Terms { blocks: BusinessBlockSet::of(blocks::HEALTH), ..terms(1) });
        assert_noop!(rotate(0, &[(at_a(), 1), (at_a(), 2)]), Error::<Test>::TermsNotFound);
        assert_noop!(rotate(0, &[(doctor_at_a(), 1)]), Error::<Test>::TermsNotFound);
        assert_noop!(rotate(0, &[(at_a(), 1), (at_b(), 1)]), Error::<Test>::BlockNotCovered);
        assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), at_a(), TermsId(1)));
        assert_noop!(rotate(0, &[(at_a(), 1)]), Error::<Test>::TermsNotFound);
    });
}

#[test]
fn rotate_changes_nothing_of_another_person() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Consents::grant(signed(BOB_ACCOUNT), at_a(), terms(1)));
        assert_noop!(rotate(0, &[(at_a(), 1)]), Error::<Test>::TermsNotFound);
    });
}

#[test]
fn rotate_refuses_whoever_is_no_person() {
    ExtBuilder.build_and_execute(|| {
        let call = |origin| {
            let none = Default::default();
            Consents::rotate_scope_key(origin, blocks::MEDICAL, KeyEpoch(0), KEY, none)
        };
        for who in accounts_of_no_person() {
            assert_noop!(call(signed(who)), BadOrigin);
        }
        for origin in unsigned_origins() {
            assert_noop!(call(origin), BadOrigin);
        }
    });
}
