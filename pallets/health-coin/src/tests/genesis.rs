use crate::{Emitted, Era, GenesisIssuance, Schedule, mock::*};

#[test]
fn genesis_counts_the_issuance_and_fills_the_pot_once() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(GenesisIssuance::<Test>::get(), 2 * ENDOWMENT);
        assert_eq!(Emitted::<Test>::get(), EMISSION);
        assert_eq!(pot(), EMISSION);
        assert_eq!(HealthCoin::budget(), EMISSION - ED);
        assert_eq!(Era::<Test>::get().index, 0);
        assert_eq!(Schedule::<Test>::get(), schedule());
    });
}

#[test]
fn genesis_without_emission_pays_nothing_and_keeps_its_books() {
    ExtBuilder::default().schedule(|schedule| schedule.emission = 0).build_and_execute(|| {
        assert_eq!((pot(), HealthCoin::budget(), Emitted::<Test>::get()), (0, 0, 0));
        assert_eq!(reward(ALICE, HOSPITAL, &STORED, 100), Ok(cents(0, 0, 0)));
    });
}

#[test]
fn emission_that_the_pot_cannot_take_is_not_counted() {
    // Below the existential deposit.
    ExtBuilder::default().schedule(|schedule| schedule.emission = ED - 1).build_and_execute(|| {
        assert_eq!((pot(), Emitted::<Test>::get()), (0, 0));
        go_to(u64::from(ERA));
        assert_eq!((pot(), Emitted::<Test>::get()), (0, 0));
    });
    // More than can exist.
    ExtBuilder::default().schedule(|schedule| schedule.emission = u128::MAX).build_and_execute(
        || {
            assert_eq!((pot(), Emitted::<Test>::get()), (0, 0));
            assert_eq!(Era::<Test>::get().index, 0);
        },
    );
}

#[test]
#[should_panic(expected = "healthCoin.schedule")]
fn genesis_refuses_a_schedule_that_cannot_be_followed() {
    ExtBuilder::default().schedule(|schedule| schedule.region_percent = 21).build();
}
