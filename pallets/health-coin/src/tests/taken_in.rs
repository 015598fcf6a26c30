use frame_support::{
    assert_ok,
    traits::{
        OnUnbalanced,
        fungible::{Balanced, Mutate},
        tokens::{
            Fortitude::Polite,
            Precision::Exact,
            Preservation::{Expendable, Preserve},
        },
    },
};
use kanglian_primitives::HMC;

use crate::{Burned, mock::*};

#[test]
fn fees_go_into_the_pot() {
    ExtBuilder::default().build_and_execute(|| {
        let fee = <Balances as Balanced<AccountId>>::withdraw(&RICH, HMC, Exact, Preserve, Polite);
        HealthCoin::on_unbalanced(fee.unwrap());
        assert_eq!(pot(), EMISSION + HMC);
        assert_eq!(Burned::<Test>::get(), 0);
    });
}

#[test]
fn dust_goes_into_the_pot() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Balances::transfer(&RICH, &BOB, ENDOWMENT - ED + 1, Expendable));
        assert_eq!(pot(), EMISSION + ED - 1);
    });
}

#[test]
fn what_an_empty_pot_cannot_take_is_burned_and_counted() {
    ExtBuilder::default().schedule(|schedule| schedule.emission = 0).build_and_execute(|| {
        assert_ok!(Balances::transfer(&RICH, &BOB, ENDOWMENT - ED + 1, Expendable));
        assert_eq!(pot(), 0);
        assert_eq!(Burned::<Test>::get(), ED - 1);
    });
}
