use kanglian_primitives::{BusinessBlockSet, MAX_RECEIPT_VALIDITY, WorkStanding, blocks};

use super::*;

#[test]
fn publish_stores_the_work_and_pays_for_it_once() {
    ExtBuilder.build_and_execute(|| {
        let draft = Draft::hospital(1);
        assert_ok!(draft.publish());
        let published = Event::Published {
            work: work(1),
            number: 0,
            author: hospital(),
            block: blocks::HEALTH_EDUCATION,
            schema: ARTICLE,
            size: SIZE,
            metadata: METADATA,
            paid: PAID.total(),
        };
        assert_eq!(last_event(), published);
        let facts = facts(work(1));
        assert_eq!((facts.author, facts.region, facts.published_at), (hospital(), JIANGSU, NOW));
        assert_eq!(facts.stored_in, [JIANGSU, ZHEJIANG], "regions rise");
        assert_eq!(facts.standing(), WorkStanding::Current);
        assert_eq!(Rewards::get(), [(work(1), HOSPITAL, 50)]);

        assert_noop!(draft.publish(), Error::<Test>::AlreadyPublished);
        // Nor by another: the bytes are the same.
        assert_noop!(Draft::clinic(1).publish(), Error::<Test>::AlreadyPublished);
        assert_eq!(Rewards::get().len(), 1);
    });
}

#[test]
fn publish_is_for_permitted_institutions_only() {
    ExtBuilder.build_and_execute(|| {
        let draft = Draft::hospital(1);
        for origin in other_origins() {
            let receipts = draft.receipts();
            let call = PublicWorks::publish(
                origin,
                draft.work,
                draft.block,
                draft.schema,
                SIZE,
                METADATA,
                receipts,
            );
            assert_noop!(call, BadOrigin);
        }
        suspend(HOSPITAL);
        assert_noop!(draft.publish(), BadOrigin);
    });
}

#[test]
fn publish_refuses_blocks_and_schemas_that_do_not_take_the_work() {
    ExtBuilder.build_and_execute(|| {
        let with = |change: fn(&mut Draft)| Draft::hospital(1).with(change).publish();
        let private = with(|draft| {
            (draft.block, draft.schema) = (blocks::MEDICAL, CONDITION);
        });
        assert_noop!(private, Error::<Test>::BlockNotPublic);
        assert_noop!(with(|draft| draft.schema = CONDITION), Error::<Test>::SchemaOfOtherBlock);
        assert_noop!(with(|draft| draft.schema = KNOWLEDGE), Error::<Test>::SchemaOfOtherBlock);
        Retired::mutate(|all| all.insert(LIBRARY));
        assert_noop!(with(|draft| draft.schema = LIBRARY), Error::<Test>::SchemaNotOpen);
        let unknown = with(|draft| {
            (draft.block, draft.schema) = (blocks::PERSONAL, LIBRARY);
        });
        assert_noop!(unknown, Error::<Test>::BlockNotPublic);
        Permitted::mutate(|all| {
            all.get_mut(&HOSPITAL).unwrap().blocks = BusinessBlockSet::of(blocks::MEDICAL)
        });
        assert_noop!(Draft::hospital(1).publish(), Error::<Test>::BlockNotPermitted);
    });
}

#[test]
fn publish_takes_sizes_within_the_bound() {
    ExtBuilder.build_and_execute(|| {
        for size in [0, MAX_SIZE + 1, u64::MAX] {
            let draft = Draft::hospital(1).with(|draft| draft.size = size);
            assert_noop!(draft.publish(), Error::<Test>::SizeOutOfRange);
        }
        assert_ok!(Draft::hospital(1).with(|draft| draft.size = 1).publish());
        assert_ok!(Draft::hospital(2).with(|draft| draft.size = MAX_SIZE).publish());
    });
}

#[test]
fn publish_refuses_receipts_that_do_not_count() {
    ExtBuilder.build_and_execute(|| {
        let with = |change: &dyn Fn(&mut Draft)| Draft::hospital(1).with(change).publish();
        let regions = |regions: &[_]| {
            let regions = regions.to_vec();
            with(&|draft| draft.regions = regions.clone())
        };
        assert_noop!(regions(&[]), Error::<Test>::TooFewReceipts);
        assert_noop!(regions(&[JIANGSU]), Error::<Test>::TooFewReceipts);
        assert_noop!(regions(&[JIANGSU, JIANGSU]), Error::<Test>::DuplicateRegion);
        assert_noop!(regions(&[ZHEJIANG, FUJIAN]), Error::<Test>::HomeReceiptMissing);
        assert_noop!(with(&|draft| draft.expires_at = height()), Error::<Test>::ReceiptExpired);
        let long = height() + MAX_RECEIPT_VALIDITY + 1;
        assert_noop!(with(&|draft| draft.expires_at = long), Error::<Test>::ReceiptTooLong);
        Vaults::mutate(|all| all.remove(&FUJIAN));
        assert_noop!(regions(&[JIANGSU, FUJIAN]), Error::<Test>::RegionNotActive);
    });
}

#[test]
fn publish_refuses_receipts_for_something_else() {
    ExtBuilder.build_and_execute(|| {
        let honest = Draft::hospital(1);
        let lies: [fn(&mut Draft); 4] = [
            |draft| draft.work = work(2),
            |draft| draft.size += 1,
            |draft| draft.metadata[0] ^= 1,
            |draft| draft.author = clinic(),
        ];
        for lie in lies {
            let other = honest.clone().with(lie);
            let signed = other.receipts().into_inner();
            let draft = honest.clone().with(|draft| draft.receipts = Some(signed));
            assert_noop!(draft.publish(), Error::<Test>::ReceiptNotGenuine);
        }
        // One bit, and a vault that is not the region's.
        let mut flipped = honest.receipts().into_inner();
        flipped[1].signature[10] ^= 1;
        let swapped: Vec<_> = honest
            .receipts()
            .into_iter()
            .zip([JIANGSU, ZHEJIANG])
            .map(|(receipt, region)| kanglian_primitives::Receipt { region, ..receipt })
            .collect();
        for receipts in [flipped, swapped] {
            let draft = honest.clone().with(|draft| draft.receipts = Some(receipts));
            assert_noop!(draft.publish(), Error::<Test>::ReceiptNotGenuine);
        }
        assert!(Rewards::get().is_empty());
        assert_ok!(honest.publish());
    });
}

#[test]
fn publish_is_bounded_by_the_day_and_paid_for_a_few() {
    ExtBuilder.build_and_execute(|| {
        for number in 1..=MAX_PER_DAY {
            assert_ok!(Draft::hospital(number as u8).publish());
        }
        assert_eq!(Rewards::get().len() as u32, MAX_REWARDED, "no more are paid for");
        assert_eq!(facts(work(3)).paid, 0);
        assert_noop!(Draft::hospital(9).publish(), Error::<Test>::TooManyToday);
        assert_eq!(PublicWorks::published_today(hospital()).works, MAX_PER_DAY);
        // Others are not held up, and tomorrow is another day.
        assert_ok!(Draft::clinic(10).publish());
        set_now(NOW - NOW % DAY + DAY);
        assert_ok!(Draft::hospital(9).publish());
        assert_eq!(Rewards::get().len() as u32, MAX_REWARDED + 2);
    });
}

#[test]
fn publish_leaves_nothing_behind_when_the_coin_fails() {
    ExtBuilder.build_and_execute(|| {
        RewardFails::set(true);
        assert_noop!(Draft::hospital(1).publish(), sp_runtime::DispatchError::Other("reward"));
    });
}
