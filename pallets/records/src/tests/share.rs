use frame_support::{assert_ok, dispatch::GetDispatchInfo, traits::UnfilteredDispatchable};
use kanglian_primitives::{
    Author, BusinessBlockSet, KeyEpoch, PersonId, RecordFacts, RecordStatus, SchemaId, blocks,
};
use sp_runtime::{DispatchError, traits::BadOrigin};

use crate::{Error, Event, FileOf, assert_refused, mock::*};

#[test]
fn share_stores_pays_and_tells() {
    ExtBuilder.build_and_execute(|| {
        let draft = Draft::hospital();
        assert_ok!(draft.share());
        assert_eq!(
            last_event(),
            Event::Shared {
                record: draft.record,
                subject: PERSON_A,
                author: Author::Institution(hospital()),
                block: blocks::MEDICAL,
                schema: CONDITION,
                region: JIANGSU,
                size: SIZE,
                count: 1,
                paid: PAID.total(),
            }
            .into()
        );
        assert_eq!(
            Records::record(draft.record),
            Some(RecordFacts {
                id: draft.record,
                subject: PERSON_A,
                block: blocks::MEDICAL,
                schema: CONDITION,
                author: Author::Institution(hospital()),
                region: JIANGSU,
                size: SIZE,
                key_epoch: EPOCH,
                shared_at: NOW,
                count: 1,
                paid: PAID.total(),
                status: RecordStatus::Active,
                stored_in: vec![JIANGSU, ZHEJIANG],
            })
        );
        assert!(FileOf::<Test>::contains_key(PERSON_A, draft.record));
        assert_eq!(
            Rewards::get(),
            vec![(draft.record, ALICE, HOSPITAL, vec![JIANGSU, ZHEJIANG], 150)]
        );
    });
}

#[test]
fn share_by_a_person_names_the_person_as_author() {
    ExtBuilder.build_and_execute(|| {
        let draft = Draft::alice();
        assert_ok!(draft.share());
        let facts = Records::record(draft.record).unwrap();
        assert_eq!(facts.author, Author::Person(PERSON_A));
        assert_eq!(Rewards::get()[0].1, Rewards::get()[0].2, "one account on both sides");
    });
}

#[test]
fn share_by_who_speaks_for_both_is_the_institutions() {
    ExtBuilder.build_and_execute(|| {
        enrol(PERSON_B, ZHEJIANG, HOSPITAL);
        assert_ok!(Draft::hospital().share());
        // About the own person the institution needs a write consent like any other.
        let own = Draft::hospital().with(|draft| {
            draft.subject = PERSON_B;
            draft.record = record(2);
        });
        assert_refused!(own.share(), Error::<Test>::NoWriteConsent);
        let as_person = own.with(|draft| draft.author = Author::Person(PERSON_B));
        let_write(PERSON_B, hospital(), blocks::MEDICAL);
        assert_refused!(as_person.share(), Error::<Test>::ReceiptNotGenuine);
    });
}

#[test]
fn share_refuses_who_did_not_sign() {
    ExtBuilder.build_and_execute(|| {
        let draft = Draft::hospital();
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let call = Records::share(
                origin,
                draft.subject,
                draft.block,
                draft.schema,
                draft.record,
                draft.size,
                draft.epoch,
                draft.receipts(),
            );
            assert_refused!(call, BadOrigin);
        }
    });
}

#[test]
fn share_refuses_a_stranger() {
    ExtBuilder.build_and_execute(|| {
        let draft = Draft::hospital().with(|draft| draft.account = STRANGER);
        assert_refused!(draft.share(), Error::<Test>::NotActingAs);
    });
}

#[test]
fn share_refuses_a_suspended_institution() {
    ExtBuilder.build_and_execute(|| {
        Permitted::mutate(|table| table.remove(&HOSPITAL));
        assert_refused!(Draft::hospital().share(), Error::<Test>::NotActingAs);
    });
}

#[test]
fn share_refuses_an_institution_outside_its_permit() {
    ExtBuilder.build_and_execute(|| {
        Permitted::mutate(|table| {
            let view = table.get_mut(&HOSPITAL).unwrap();
            view.blocks = BusinessBlockSet::of(blocks::PERSONAL);
        });
        assert_refused!(Draft::hospital().share(), Error::<Test>::NotActingAs);
    });
}

#[test]
fn share_refuses_without_write_consent() {
    ExtBuilder.build_and_execute(|| {
        let clinic = Draft::hospital().with(|draft| {
            draft.account = CLINIC;
            draft.author = Author::Institution(clinic());
        });
        assert_refused!(clinic.share(), Error::<Test>::NoWriteConsent);
        let other_block = Draft::hospital().with(|draft| {
            draft.block = blocks::PERSONAL;
            draft.schema = PERSONAL_OBSERVATION;
        });
        assert_refused!(other_block.share(), Error::<Test>::NoWriteConsent);
        WriteConsents::mutate(|table| table.clear());
        assert_refused!(Draft::hospital().share(), Error::<Test>::NoWriteConsent);
    });
}

#[test]
fn share_refuses_a_person_about_another() {
    ExtBuilder.build_and_execute(|| {
        let bob_about_alice = Draft::alice().with(|draft| {
            draft.account = BOB;
            draft.author = Author::Person(PERSON_B);
        });
        assert_refused!(bob_about_alice.share(), Error::<Test>::NoWriteConsent);
    });
}

#[test]
fn share_refuses_a_suspended_or_unknown_subject() {
    ExtBuilder.build_and_execute(|| {
        let nobody = Draft::hospital().with(|draft| draft.subject = PersonId([0; 32]));
        assert_refused!(nobody.share(), Error::<Test>::SubjectNotActive);
        Valid::mutate(|table| table.remove(&PERSON_A));
        assert_refused!(Draft::hospital().share(), Error::<Test>::SubjectNotActive);
        assert_refused!(Draft::alice().share(), Error::<Test>::NotActingAs);
    });
}

#[test]
fn share_refuses_any_epoch_but_the_current() {
    ExtBuilder.build_and_execute(|| {
        for epoch in [EPOCH.0 - 1, EPOCH.0 + 1, 0, u32::MAX] {
            let draft = Draft::hospital().with(|draft| draft.epoch = KeyEpoch(epoch));
            assert_refused!(draft.share(), Error::<Test>::WrongKeyEpoch);
        }
        ScopeEpochs::mutate(|table| table.clear());
        for epoch in [EPOCH, KeyEpoch(0)] {
            let draft = Draft::hospital().with(|draft| draft.epoch = epoch);
            assert_refused!(draft.share(), Error::<Test>::WrongKeyEpoch);
        }
    });
}

#[test]
fn share_refuses_a_retired_or_public_block() {
    ExtBuilder.build_and_execute(|| {
        let_write(PERSON_A, hospital(), blocks::HEALTH_EDUCATION);
        let public = Draft::hospital().with(|draft| {
            draft.block = blocks::HEALTH_EDUCATION;
            draft.schema = ARTICLE;
        });
        assert_refused!(public.share(), Error::<Test>::BlockNotOpen);
        OpenBlocks::mutate(|table| table.remove(&blocks::MEDICAL));
        assert_refused!(Draft::hospital().share(), Error::<Test>::BlockNotOpen);
    });
}

#[test]
fn share_refuses_a_schema_that_is_unknown_retired_or_of_another_block() {
    ExtBuilder.build_and_execute(|| {
        let unknown = Draft::hospital().with(|draft| draft.schema = SchemaId(99));
        assert_refused!(unknown.share(), Error::<Test>::SchemaNotOpen);
        let other = Draft::hospital().with(|draft| draft.schema = PERSONAL_OBSERVATION);
        assert_refused!(other.share(), Error::<Test>::SchemaOfOtherBlock);
        OpenSchemas::mutate(|table| table.remove(&CONDITION));
        assert_refused!(Draft::hospital().share(), Error::<Test>::SchemaNotOpen);
    });
}

#[test]
fn share_takes_sizes_from_one_byte_to_the_maximum() {
    ExtBuilder.build_and_execute(|| {
        for size in [0, MAX_SIZE + 1, u64::MAX] {
            let draft = Draft::hospital().with(|draft| draft.size = size);
            assert_refused!(draft.share(), Error::<Test>::SizeOutOfRange);
        }
        assert_ok!(Draft::hospital().with(|draft| draft.size = 1).share());
        let largest = Draft::hospital().with(|draft| {
            draft.size = MAX_SIZE;
            draft.record = record(2);
        });
        assert_ok!(largest.share());
    });
}

#[test]
fn share_refuses_the_same_record_again_whoever_sends_it() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        assert_refused!(Draft::hospital().share(), Error::<Test>::AlreadyShared);
        assert_refused!(Draft::hospital().share_batch(), Error::<Test>::AlreadyShared);
        assert_refused!(Draft::alice().share(), Error::<Test>::AlreadyShared);
        let bob = Draft::alice().with(|draft| {
            draft.account = BOB;
            draft.author = Author::Person(PERSON_B);
            draft.subject = PERSON_B;
        });
        assert_refused!(bob.share(), Error::<Test>::AlreadyShared);
        assert_eq!(Rewards::get().len(), 1);
    });
}

#[test]
fn share_leaves_nothing_behind_when_the_reward_fails() {
    ExtBuilder.build_and_execute(|| {
        RewardFails::set(true);
        let draft = Draft::hospital();
        assert_refused!(draft.share(), DispatchError::Other("reward"));
        RewardFails::set(false);
        assert_ok!(draft.share());
    });
}

#[test]
fn share_weighs_more_with_every_receipt() {
    ExtBuilder.build_and_execute(|| {
        let call = |regions: &[_]| {
            let draft = Draft::hospital().with(|draft| draft.regions = regions.to_vec());
            RuntimeCall::Records(crate::Call::share {
                subject: draft.subject,
                block: draft.block,
                schema: draft.schema,
                record: draft.record,
                size: draft.size,
                epoch: draft.epoch,
                receipts: draft.receipts(),
            })
        };
        let (two, four) = (call(&REGIONS[..2]), call(&REGIONS));
        assert!(
            two.get_dispatch_info().call_weight.ref_time()
                < four.get_dispatch_info().call_weight.ref_time()
        );
        assert_ok!(four.dispatch_bypass_filter(RuntimeOrigin::signed(HOSPITAL)));
    });
}
