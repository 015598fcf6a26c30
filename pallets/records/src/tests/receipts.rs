//! What must not count as proof of storage.

use frame_support::assert_ok;
use kanglian_primitives::{
    Author, Hash32, KeyEpoch, MAX_RECEIPT_VALIDITY, Receipt, RegionCode, VaultKey,
    payloads::{self, ReceiptBody},
};
use sp_core::{Pair, ed25519};

use crate::{Error, assert_refused, mock::*};

/// The hospital's share with the first receipt good and the second made by `second`.
fn with_second(second: impl FnOnce(&Draft) -> Receipt) -> Draft {
    let draft = Draft::hospital();
    let receipts = vec![draft.receipt(JIANGSU), second(&draft)];
    draft.with(|draft| draft.receipts = Some(receipts))
}

/// The same with the second receipt over changed facts.
fn over_changed(change: impl FnOnce(&mut ReceiptBody)) -> Draft {
    with_second(|draft| {
        let mut body = draft.body(ZHEJIANG);
        change(&mut body);
        let signed = sign(&vault(ZHEJIANG), &genesis(), &body);
        Receipt { region: ZHEJIANG, expires_at: draft.expires_at, ..signed }
    })
}

#[test]
fn receipts_in_any_order_count() {
    ExtBuilder.build_and_execute(|| {
        let draft = Draft::hospital().with(|draft| draft.regions = vec![SICHUAN, JIANGSU, FUJIAN]);
        assert_ok!(draft.share());
        let stored_in = Records::record(draft.record).unwrap().stored_in;
        assert_eq!(stored_in, vec![JIANGSU, FUJIAN, SICHUAN]);
        assert_eq!(Rewards::get()[0].3, stored_in);
    });
}

#[test]
fn four_receipts_are_the_most() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().with(|draft| draft.regions = REGIONS.to_vec()).share());
        let draft = Draft::hospital();
        let five: Vec<_> = [REGIONS.as_slice(), &[JIANGSU]].concat();
        let five: Vec<_> = five.into_iter().map(|region| draft.receipt(region)).collect();
        assert!(crate::Receipts::try_from(five).is_err());
    });
}

#[test]
fn too_few_receipts_are_refused() {
    ExtBuilder.build_and_execute(|| {
        for regions in [vec![], vec![JIANGSU]] {
            let draft = Draft::hospital().with(|draft| draft.regions = regions);
            assert_refused!(draft.share(), Error::<Test>::TooFewReceipts);
        }
    });
}

#[test]
fn two_receipts_of_one_region_are_one() {
    ExtBuilder.build_and_execute(|| {
        for regions in [
            vec![JIANGSU, JIANGSU],
            vec![JIANGSU, ZHEJIANG, JIANGSU],
            vec![JIANGSU, ZHEJIANG, FUJIAN, ZHEJIANG],
        ] {
            let draft = Draft::hospital().with(|draft| draft.regions = regions);
            assert_refused!(draft.share(), Error::<Test>::DuplicateRegion);
        }
        // With different heights they are still of one region.
        let later = |draft: &Draft| {
            let later = draft.clone().with(|draft| draft.expires_at += 1);
            later.receipt(JIANGSU)
        };
        assert_refused!(with_second(later).share(), Error::<Test>::DuplicateRegion);
    });
}

#[test]
fn receipts_count_until_the_block_before_their_height() {
    ExtBuilder.build_and_execute(|| {
        System::set_block_number(50);
        for expires_at in [0, 1, 49, 50] {
            let draft = Draft::hospital().with(|draft| draft.expires_at = expires_at);
            assert_refused!(draft.share(), Error::<Test>::ReceiptExpired);
        }
        assert_ok!(Draft::hospital().with(|draft| draft.expires_at = 51).share());
    });
}

#[test]
fn one_expired_receipt_among_good_ones_spoils_the_share() {
    ExtBuilder.build_and_execute(|| {
        System::set_block_number(50);
        let old = Draft::hospital().with(|draft| draft.expires_at = 50);
        let draft = Draft::hospital();
        let receipts = vec![draft.receipt(JIANGSU), draft.receipt(ZHEJIANG), old.receipt(FUJIAN)];
        let draft = draft.with(|draft| draft.receipts = Some(receipts));
        assert_refused!(draft.share(), Error::<Test>::ReceiptExpired);
    });
}

#[test]
fn receipts_that_claim_more_than_an_hour_are_refused() {
    ExtBuilder.build_and_execute(|| {
        let latest = height() + MAX_RECEIPT_VALIDITY;
        for expires_at in [latest + 1, u32::MAX] {
            let draft = Draft::hospital().with(|draft| draft.expires_at = expires_at);
            assert_refused!(draft.share(), Error::<Test>::ReceiptTooLong);
        }
        assert_ok!(Draft::hospital().with(|draft| draft.expires_at = latest).share());
    });
}

#[test]
fn a_lengthened_receipt_is_refused() {
    ExtBuilder.build_and_execute(|| {
        let lengthened = |draft: &Draft| {
            let receipt = draft.receipt(ZHEJIANG);
            Receipt { expires_at: receipt.expires_at + 1, ..receipt }
        };
        assert_refused!(with_second(lengthened).share(), Error::<Test>::ReceiptNotGenuine);
    });
}

#[test]
fn receipts_of_unknown_and_suspended_regions_are_refused() {
    ExtBuilder.build_and_execute(|| {
        for unknown in [RegionCode(110_000), RegionCode(0), RegionCode(u32::MAX)] {
            let draft = Draft::hospital().with(|draft| draft.regions = vec![JIANGSU, unknown]);
            assert_refused!(draft.share(), Error::<Test>::RegionNotActive);
        }
        suspend_region(ZHEJIANG);
        assert_refused!(Draft::hospital().share(), Error::<Test>::RegionNotActive);
        // A good quorum beside it does not help.
        let draft = Draft::hospital().with(|draft| draft.regions = vec![JIANGSU, FUJIAN, ZHEJIANG]);
        assert_refused!(draft.share(), Error::<Test>::RegionNotActive);
    });
}

#[test]
fn the_home_region_must_store_unless_it_is_suspended() {
    ExtBuilder.build_and_execute(|| {
        let elsewhere = Draft::hospital().with(|draft| draft.regions = vec![ZHEJIANG, FUJIAN]);
        assert_refused!(elsewhere.share(), Error::<Test>::HomeReceiptMissing);
        suspend_region(JIANGSU);
        assert_refused!(Draft::hospital().share(), Error::<Test>::RegionNotActive);
        assert_ok!(elsewhere.share());
        assert_eq!(Records::record(elsewhere.record).unwrap().region, JIANGSU);
    });
}

#[test]
fn a_person_of_a_suspended_region_still_shares() {
    ExtBuilder.build_and_execute(|| {
        suspend_region(JIANGSU);
        assert_ok!(Draft::alice().with(|draft| draft.regions = vec![ZHEJIANG, FUJIAN]).share());
    });
}

#[test]
fn forged_signatures_are_refused() {
    ExtBuilder.build_and_execute(|| {
        let stranger = ed25519::Pair::from_seed(&[99; 32]);
        for key in [stranger, vault(JIANGSU), vault(FUJIAN)] {
            let draft = with_second(|draft| sign(&key, &genesis(), &draft.body(ZHEJIANG)));
            assert_refused!(draft.share(), Error::<Test>::ReceiptNotGenuine);
        }
        for signature in [[0; 64], [0xff; 64]] {
            let draft = with_second(|draft| Receipt { signature, ..draft.receipt(ZHEJIANG) });
            assert_refused!(draft.share(), Error::<Test>::ReceiptNotGenuine);
        }
        for byte in 0..64 {
            let draft = with_second(|draft| {
                let mut receipt = draft.receipt(ZHEJIANG);
                receipt.signature[byte] ^= 1;
                receipt
            });
            assert_refused!(draft.share(), Error::<Test>::ReceiptNotGenuine);
        }
    });
}

#[test]
fn a_forged_receipt_is_refused_wherever_it_stands() {
    ExtBuilder.build_and_execute(|| {
        for at in 0..4 {
            let draft = Draft::hospital();
            let mut receipts: Vec<_> =
                REGIONS.iter().map(|region| draft.receipt(*region)).collect();
            receipts[at].signature[5] ^= 4;
            let draft = draft.with(|draft| draft.receipts = Some(receipts));
            assert_refused!(draft.share(), Error::<Test>::ReceiptNotGenuine);
        }
    });
}

#[test]
fn a_receipt_of_one_region_does_not_count_for_another() {
    ExtBuilder.build_and_execute(|| {
        let lifted = |draft: &Draft| Receipt { region: ZHEJIANG, ..draft.receipt(FUJIAN) };
        assert_refused!(with_second(lifted).share(), Error::<Test>::ReceiptNotGenuine);
        // Nor when the vault signs in the name of another region.
        let posing = |draft: &Draft| sign(&vault(FUJIAN), &genesis(), &draft.body(ZHEJIANG));
        assert_refused!(with_second(posing).share(), Error::<Test>::ReceiptNotGenuine);
    });
}

#[test]
fn receipts_over_other_facts_are_refused() {
    ExtBuilder.build_and_execute(|| {
        let drafts = [
            over_changed(|body| body.region = FUJIAN),
            over_changed(|body| body.record = record(2)),
            over_changed(|body| body.size += 1),
            over_changed(|body| body.size -= 1),
            over_changed(|body| body.subject = PERSON_B),
            over_changed(|body| body.author = Author::Institution(clinic())),
            over_changed(|body| body.author = Author::Person(PERSON_A)),
            over_changed(|body| body.epoch = KeyEpoch(EPOCH.0 + 1)),
            over_changed(|body| body.expires_at += 1),
        ];
        for draft in drafts {
            assert_refused!(draft.share(), Error::<Test>::ReceiptNotGenuine);
        }
        assert_ok!(over_changed(|_| ()).share());
    });
}

#[test]
fn receipts_replayed_for_another_share_are_refused() {
    ExtBuilder.build_and_execute(|| {
        let first = Draft::hospital();
        let used = first.receipts().into_inner();
        assert_ok!(first.share());
        let replays = [
            first.clone().with(|draft| draft.record = record(2)),
            Draft::alice().with(|draft| draft.record = record(2)),
        ];
        for replay in replays {
            let replay = replay.with(|draft| draft.receipts = Some(used.clone()));
            assert_refused!(replay.share(), Error::<Test>::ReceiptNotGenuine);
        }
    });
}

#[test]
fn receipts_taken_from_another_author_are_refused() {
    ExtBuilder.build_and_execute(|| {
        // The clinic may write too and sees the hospital's receipts in the pool.
        let_write(PERSON_A, clinic(), kanglian_primitives::blocks::MEDICAL);
        let receipts = Draft::hospital().receipts().into_inner();
        let thief = Draft::hospital().with(|draft| {
            draft.account = CLINIC;
            draft.receipts = Some(receipts);
        });
        assert_refused!(thief.share(), Error::<Test>::ReceiptNotGenuine);
        assert_ok!(Draft::hospital().share());
    });
}

#[test]
fn receipts_of_another_genesis_are_refused() {
    ExtBuilder.build_and_execute(|| {
        let other: Hash32 = [7; 32];
        let draft = with_second(|draft| sign(&vault(ZHEJIANG), &other, &draft.body(ZHEJIANG)));
        assert_refused!(draft.share(), Error::<Test>::ReceiptNotGenuine);
        // And the same receipts on another chain.
        let draft = Draft::hospital();
        let here = draft.clone().with(|draft| draft.receipts = Some(draft.receipts().into_inner()));
        frame_system::BlockHash::<Test>::insert(0, sp_core::H256(other));
        assert_refused!(here.share(), Error::<Test>::ReceiptNotGenuine);
        assert_ok!(draft.share());
    });
}

#[test]
fn receipts_signed_for_another_purpose_are_refused() {
    ExtBuilder.build_and_execute(|| {
        use codec::Encode;
        let draft = with_second(|draft| {
            let body = draft.body(ZHEJIANG);
            let signed = (payloads::LOG, genesis(), body).encode();
            let signature = vault(ZHEJIANG).sign(&signed).0;
            Receipt { signature, ..draft.receipt(ZHEJIANG) }
        });
        assert_refused!(draft.share(), Error::<Test>::ReceiptNotGenuine);
        // Nor with anything behind it.
        let draft = with_second(|draft| {
            let mut signed = payloads::receipt(&genesis(), &draft.body(ZHEJIANG));
            signed.push(0);
            let signature = vault(ZHEJIANG).sign(&signed).0;
            Receipt { signature, ..draft.receipt(ZHEJIANG) }
        });
        assert_refused!(draft.share(), Error::<Test>::ReceiptNotGenuine);
    });
}

#[test]
fn receipts_under_a_replaced_vault_key_are_refused() {
    ExtBuilder.build_and_execute(|| {
        let new = ed25519::Pair::from_seed(&[42; 32]);
        Vaults::mutate(|table| table.insert(ZHEJIANG, VaultKey(new.public().0)));
        assert_refused!(Draft::hospital().share(), Error::<Test>::ReceiptNotGenuine);
        assert_ok!(with_second(|draft| sign(&new, &genesis(), &draft.body(ZHEJIANG))).share());
    });
}
