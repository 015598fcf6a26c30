use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::{HMC, InstitutionId, WorkId};
use kanglian_traits::{Payment, Publication, RewardOnPublish};
use sp_runtime::{DispatchError, traits::BadOrigin};

use crate::{Era, Error, Event, PublishingSchedule, mock::*};

const WORK: WorkId = WorkId([9; 32]);

fn institution() -> InstitutionId {
    InstitutionId::from_parts(320_000, 1)
}

fn publish(account: AccountId, weight: u32) -> Result<Payment, DispatchError> {
    <HealthCoin as RewardOnPublish<AccountId>>::reward(Publication {
        work: WORK,
        author: institution(),
        author_account: &account,
        regions: &STORED,
        weight,
    })
}

fn set(schedule: PublishingSchedule) {
    assert_ok!(HealthCoin::set_publishing_schedule(RuntimeOrigin::root(), schedule));
}

#[test]
fn publishing_pays_by_its_own_schedule() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(publish(HOSPITAL, 50), Ok(cents(0, 40, 10)));
        assert_eq!(balance(HOSPITAL), cents(0, 40, 0).author);
        assert_eq!(Era::<Test>::get().reserved, cents(0, 0, 10).regions);
        let paid = cents(0, 40, 10);
        let event = Event::PublicationRewarded {
            work: WORK,
            author: paid.author,
            regions: paid.regions,
            capped: false,
        };
        assert_eq!(last_event(), event.into());
        // Sharing has caps of its own.
        assert_eq!(HealthCoin::earned_by_author(HOSPITAL), 0);
        assert_eq!(HealthCoin::earned_by_publisher(institution()), paid.author);
        set(PublishingSchedule { reward: 2 * HMC, region_percent: 100, cap: HMC });
        assert_eq!(publish(HOSPITAL, 100), Ok(cents(0, 0, 200)));
        let events = System::events().len();
        assert_eq!(publish(HOSPITAL, 0), Ok(Payment::default()));
        assert_eq!(System::events().len(), events, "nothing due, nothing told");
    });
}

#[test]
fn publishing_is_capped_by_institution_whatever_its_account() {
    ExtBuilder::default().build_and_execute(|| {
        set(PublishingSchedule { cap: HMC, ..Default::default() });
        assert_eq!(publish(HOSPITAL, 100), Ok(cents(0, 80, 20)));
        for account in [HOSPITAL, CLINIC] {
            assert_eq!(publish(account, 100), Ok(Payment::default()), "regions neither");
        }
        assert!(matches!(
            last_event(),
            RuntimeEvent::HealthCoin(Event::PublicationRewarded { capped: true, author: 0, .. })
        ));
        go_to(ERA.into());
        assert_eq!(publish(CLINIC, 100), Ok(cents(0, 80, 20)), "another era");
    });
}

#[test]
fn publishing_pays_no_more_than_the_pot_has() {
    ExtBuilder::default().build_and_execute(|| {
        set(PublishingSchedule { reward: 1_000 * HMC, region_percent: 20, cap: u128::MAX });
        assert_eq!(publish(HOSPITAL, 100), Ok(Payment::default()));
        set(PublishingSchedule { reward: u128::MAX, region_percent: 20, cap: u128::MAX });
        assert_eq!(publish(HOSPITAL, 1_000), Ok(Payment::default()));
        assert_eq!(pot(), EMISSION);
    });
}

#[test]
fn publishing_is_taken_back_from_author_and_regions() {
    ExtBuilder::default().build_and_execute(|| {
        let paid = publish(HOSPITAL, 100).unwrap();
        let back = <HealthCoin as RewardOnPublish<AccountId>>::claw_back(&HOSPITAL, &STORED, paid);
        assert_eq!(back, Ok(paid));
        assert_eq!((balance(HOSPITAL), pot()), (0, EMISSION));
        assert_eq!(Era::<Test>::get().reserved, 0);
        assert_eq!(HealthCoin::earned_by_publisher(institution()), paid.author, "caps stay used");
        let twice = <HealthCoin as RewardOnPublish<AccountId>>::claw_back(
            &HOSPITAL,
            &[],
            Payment::default(),
        );
        assert_eq!(twice, Ok(Payment::default()));
    });
}

#[test]
fn set_publishing_schedule_is_the_admins_and_has_to_be_followable() {
    ExtBuilder::default().build_and_execute(|| {
        let schedule = PublishingSchedule::default();
        for origin in [RuntimeOrigin::signed(CENTRE_JIANGSU), RuntimeOrigin::none()] {
            assert_noop!(HealthCoin::set_publishing_schedule(origin, schedule), BadOrigin);
        }
        for region_percent in [101, 255] {
            let wrong = PublishingSchedule { region_percent, ..schedule };
            assert_noop!(
                HealthCoin::set_publishing_schedule(RuntimeOrigin::root(), wrong),
                Error::<Test>::PercentagesNotHundred
            );
        }
        set(PublishingSchedule { region_percent: 0, ..schedule });
        assert_eq!(publish(HOSPITAL, 100), Ok(cents(0, 100, 0)));
    });
}
