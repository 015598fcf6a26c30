use frame_support::assert_ok;
use sp_runtime::traits::BadOrigin;

use crate::{Error, Event, assert_refused, mock::*};

#[test]
fn share_batch_keeps_the_count_and_pays_once() {
    ExtBuilder.build_and_execute(|| {
        let draft = Draft::alice().with(|draft| draft.count = 1_440);
        assert_ok!(draft.share_batch());
        let facts = Records::record(draft.record).unwrap();
        assert_eq!((facts.count, facts.paid), (1_440, PAID.total()));
        assert!(matches!(
            last_event(),
            RuntimeEvent::Records(Event::Shared { count: 1_440, paid: 100, .. })
        ));
        assert_eq!(Rewards::get().len(), 1);
    });
}

#[test]
fn share_batch_takes_counts_from_one_to_the_maximum() {
    ExtBuilder.build_and_execute(|| {
        for count in [0, MAX_BATCH + 1, u32::MAX] {
            let draft = Draft::alice().with(|draft| draft.count = count);
            assert_refused!(draft.share_batch(), Error::<Test>::CountOutOfRange);
        }
        for (number, count) in [(1, 1), (2, MAX_BATCH)] {
            let draft = Draft::alice().with(|draft| {
                draft.count = count;
                draft.record = record(number);
            });
            assert_ok!(draft.share_batch());
        }
    });
}

#[test]
fn share_batch_refuses_what_share_refuses() {
    ExtBuilder.build_and_execute(|| {
        let stranger = Draft::alice().with(|draft| draft.account = STRANGER);
        assert_refused!(stranger.share_batch(), Error::<Test>::NotActingAs);
        let lonely = Draft::alice().with(|draft| draft.regions = vec![JIANGSU]);
        assert_refused!(lonely.share_batch(), Error::<Test>::TooFewReceipts);
        let mut receipts = Draft::alice().receipts().into_inner();
        receipts[1].signature[0] ^= 1;
        let forged = Draft::alice().with(|draft| draft.receipts = Some(receipts));
        assert_refused!(forged.share_batch(), Error::<Test>::ReceiptNotGenuine);
    });
}

#[test]
fn share_batch_refuses_who_did_not_sign() {
    ExtBuilder.build_and_execute(|| {
        let draft = Draft::alice();
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let call = Records::share_batch(
                origin,
                draft.subject,
                draft.block,
                draft.schema,
                draft.record,
                draft.size,
                draft.epoch,
                draft.receipts(),
                1,
            );
            assert_refused!(call, BadOrigin);
        }
    });
}
