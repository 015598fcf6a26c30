//! Invariants, checked after every test and by try-runtime.

use frame_support::{ensure, traits::fungible::Inspect};
use kanglian_primitives::Amount;
use sp_runtime::TryRuntimeError;

use crate::{
    Burned, Config, EarnedByAuthor, EarnedByPerson, EarnedByPublisher, Emitted, Era,
    GenesisIssuance, Pallet, Publishing, RegionEarned, Schedule,
};

impl<T: Config> Pallet<T> {
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let era = Era::<T>::get();

        let expected = GenesisIssuance::<T>::get()
            .checked_add(Emitted::<T>::get())
            .and_then(|sum| sum.checked_sub(Burned::<T>::get()));
        ensure!(expected == Some(Self::issuance()), "issuance is not genesis + emitted - burned");

        let mut owed: Amount = era.regions.values().sum();
        for (index, earnings) in RegionEarned::<T>::iter() {
            ensure!(index < era.index, "earnings of an era that has not ended were set aside");
            ensure!(!earnings.is_empty(), "an era without earnings was set aside");
            ensure!(earnings.values().all(|amount| *amount > 0), "a region was noted with nothing");
            owed = owed.saturating_add(earnings.values().sum());
        }
        ensure!(era.regions.values().all(|amount| *amount > 0), "a region was noted with nothing");
        ensure!(era.reserved == owed, "the reserve is not what regions earned");
        ensure!(
            T::Currency::balance(&Self::pot()) >= owed,
            "the pot holds less than regions earned"
        );

        ensure!(Schedule::<T>::get().is_valid(), "the schedule cannot be followed");
        let known = |earned: u32| earned <= era.index;
        ensure!(
            EarnedByPerson::<T>::iter_values().all(|earned| known(earned.era)),
            "a person earned in an era to come"
        );
        ensure!(
            EarnedByAuthor::<T>::iter_values().all(|earned| known(earned.era)),
            "an author earned in an era to come"
        );
        ensure!(Publishing::<T>::get().is_valid(), "the publishing schedule cannot be followed");
        ensure!(
            EarnedByPublisher::<T>::iter_values().all(|earned| known(earned.era)),
            "a publisher earned in an era to come"
        );
        Ok(())
    }
}
