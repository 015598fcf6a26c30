use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::{Author, RecordStatus};
use kanglian_traits::Payment;
use sp_runtime::{DispatchError, traits::BadOrigin};

use crate::{Error, Event, assert_refused, mock::*};

fn reject(who: AccountId, number: u8) -> sp_runtime::DispatchResult {
    Records::reject(RuntimeOrigin::signed(who), record(number))
}

#[test]
fn reject_takes_the_reward_back() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        assert_ok!(reject(ALICE, 1));
        assert_eq!(TakenBack::get(), vec![(ALICE, HOSPITAL, vec![JIANGSU, ZHEJIANG], PAID)]);
        // The mock's author holds only half of its part.
        assert_eq!(
            last_event(),
            Event::Rejected {
                record: record(1),
                subject: PERSON_A,
                author: Author::Institution(hospital()),
                returned: 80,
            }
            .into()
        );
        let facts = Records::record(record(1)).unwrap();
        assert_eq!((facts.status, facts.paid), (RecordStatus::Rejected, PAID.total()));
    });
}

#[test]
fn reject_twice_takes_back_once() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        assert_ok!(reject(ALICE, 1));
        assert_noop!(reject(ALICE, 1), Error::<Test>::AlreadyRejected);
        assert_eq!(TakenBack::get().len(), 1);
    });
}

#[test]
fn a_rejected_record_is_never_shared_or_paid_again() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        assert_ok!(reject(ALICE, 1));
        assert_noop!(Draft::hospital().share(), Error::<Test>::AlreadyShared);
        assert_noop!(Draft::alice().share(), Error::<Test>::AlreadyShared);
        assert_eq!(Rewards::get().len(), 1);
    });
}

#[test]
fn reject_refuses_everyone_but_the_subject() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        assert_refused!(reject(BOB, 1), Error::<Test>::NotSubject);
        for origin in [
            RuntimeOrigin::signed(HOSPITAL),
            RuntimeOrigin::signed(STRANGER),
            RuntimeOrigin::root(),
            RuntimeOrigin::none(),
        ] {
            assert_refused!(Records::reject(origin, record(1)), BadOrigin);
        }
        Valid::mutate(|table| table.remove(&PERSON_A));
        assert_refused!(reject(ALICE, 1), BadOrigin);
    });
}

#[test]
fn reject_refuses_an_unknown_record() {
    ExtBuilder.build_and_execute(|| {
        assert_refused!(reject(ALICE, 1), Error::<Test>::NotFound);
    });
}

#[test]
fn reject_works_on_both_ends_of_a_correction() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        assert_ok!(Draft::hospital().with(|draft| draft.record = record(2)).supersede(record(1)));
        assert_ok!(reject(ALICE, 2));
        assert_eq!(TakenBack::get()[0].3, Payment::default());
        assert_eq!(
            Records::record(record(1)).unwrap().status,
            RecordStatus::Superseded(record(2)),
            "the older one stays readable"
        );
        assert_ok!(reject(ALICE, 1));
        assert_eq!(TakenBack::get()[1].3, PAID);
    });
}

#[test]
fn reject_charges_the_accounts_of_today_and_of_the_share() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        // The person's account was rotated, the institution is revoked.
        enrol(PERSON_A, JIANGSU, STRANGER);
        Permitted::mutate(|table| table.remove(&HOSPITAL));
        assert_ok!(reject(STRANGER, 1));
        assert_eq!((TakenBack::get()[0].0, TakenBack::get()[0].1), (STRANGER, HOSPITAL));
    });
}

#[test]
fn reject_leaves_nothing_behind_when_the_way_back_fails() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital().share());
        RewardFails::set(true);
        assert_refused!(reject(ALICE, 1), DispatchError::Other("claw back"));
        RewardFails::set(false);
        assert_ok!(reject(ALICE, 1));
    });
}
