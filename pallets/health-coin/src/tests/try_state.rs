use frame_support::{assert_ok, traits::fungible::Mutate};
use kanglian_primitives::HMC;

use crate::{
    Earned, EarnedByAuthor, EarnedByPerson, EarnedByPublisher, Emitted, Era, Publishing,
    RegionEarned, Schedule, mock::*,
};

/// What `try_state` says of good books after this change to them.
fn complaint(change: impl FnOnce()) -> &'static str {
    ExtBuilder::default().build().execute_with(|| {
        reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        go_to(u64::from(ERA));
        reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        assert_ok!(HealthCoin::do_try_state());
        change();
        HealthCoin::do_try_state().unwrap_err().into()
    })
}

#[test]
fn try_state_notices_coins_out_of_nowhere() {
    let expected = "issuance is not genesis + emitted - burned";
    assert_eq!(complaint(|| _ = Balances::mint_into(&ALICE, 1)), expected);
    assert_eq!(complaint(|| Emitted::<Test>::mutate(|emitted| *emitted += 1)), expected);
    assert_eq!(complaint(|| Emitted::<Test>::put(u128::MAX)), expected);
}

#[test]
fn try_state_notices_a_wrong_reserve() {
    let expected = "the reserve is not what regions earned";
    assert_eq!(complaint(|| Era::<Test>::mutate(|era| era.reserved += 1)), expected);
    assert_eq!(complaint(|| RegionEarned::<Test>::remove(0)), expected);
    let spent = || {
        Balances::set_balance(&RICH, ENDOWMENT + pot() - HMC / 10);
        Balances::set_balance(&HealthCoin::pot(), HMC / 10);
    };
    assert_eq!(complaint(spent), "the pot holds less than regions earned");
}

#[test]
fn try_state_notices_wrong_earnings() {
    let nothing = "a region was noted with nothing";
    assert_eq!(
        complaint(|| Era::<Test>::mutate(|era| {
            era.regions.try_insert(FUJIAN, 0).unwrap();
        })),
        nothing
    );
    assert_eq!(
        complaint(|| RegionEarned::<Test>::mutate(0, |earned| {
            earned.as_mut().unwrap().try_insert(FUJIAN, 0).unwrap();
        })),
        nothing
    );
    assert_eq!(
        complaint(|| RegionEarned::<Test>::insert(0, crate::RegionEarnings::new())),
        "an era without earnings was set aside"
    );
    assert_eq!(
        complaint(|| RegionEarned::<Test>::insert(1, Era::<Test>::get().regions)),
        "earnings of an era that has not ended were set aside"
    );
    let future = Earned { era: 2, amount: 1 };
    assert_eq!(
        complaint(|| EarnedByPerson::<Test>::insert(person(BOB), future)),
        "a person earned in an era to come"
    );
    assert_eq!(
        complaint(|| EarnedByAuthor::<Test>::insert(BOB, future)),
        "an author earned in an era to come"
    );
    assert_eq!(
        complaint(|| {
            let institution = kanglian_primitives::InstitutionId::from_parts(320_000, 1);
            EarnedByPublisher::<Test>::insert(institution, future)
        }),
        "a publisher earned in an era to come"
    );
}

#[test]
fn try_state_notices_a_schedule_that_cannot_be_followed() {
    assert_eq!(
        complaint(|| Schedule::<Test>::mutate(|schedule| schedule.era_length = 0)),
        "the schedule cannot be followed"
    );
    assert_eq!(
        complaint(|| Publishing::<Test>::mutate(|schedule| schedule.region_percent = 101)),
        "the publishing schedule cannot be followed"
    );
}
