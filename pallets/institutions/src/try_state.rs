//! Invariants of the stored state.

use alloc::collections::BTreeMap;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

use crate::{
    Barred, BarredPersons, Config, InstitutionOf, InstitutionStatus, Institutions, Pallet,
    Practitioners, SpentTeams, Teams,
    impls::{is_kind, is_name},
};

impl<T: Config> Pallet<T> {
    /// Controllers and institutions name each other; whatever hangs on an institution has one;
    /// every registration holds its account.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut registrations = BTreeMap::<T::AccountId, u32>::new();
        let mut register = |who: T::AccountId| {
            let count = registrations.entry(who).or_default();
            *count = count.saturating_add(1);
        };

        for (id, institution) in Institutions::<T>::iter() {
            ensure!(is_kind(&institution.kind), "an institution's class is malformed");
            ensure!(is_name(&institution.name), "an institution's name cannot be shown");
            ensure!(!institution.encryption_key.is_low_order(), "an institution's key is weak");
            ensure!(!institution.blocks.is_empty(), "an institution works in no block");
            let speaks = InstitutionOf::<T>::get(&institution.controller) == Some(id);
            let revoked = institution.status == InstitutionStatus::Revoked;
            ensure!(speaks != revoked, "a controller speaks exactly until the revocation");
        }
        for (who, id) in InstitutionOf::<T>::iter() {
            let named = Institutions::<T>::get(id).is_some_and(|found| found.controller == who);
            ensure!(named, "an account speaks for an institution that names another");
            register(who);
        }
        for (who, id, practitioner) in Practitioners::<T>::iter() {
            Self::has_been_permitted(id)?;
            ensure!(!practitioner.encryption_key.is_low_order(), "a practitioner's key is weak");
            register(who);
        }
        for (id, number, team) in Teams::<T>::iter() {
            Self::has_been_permitted(id)?;
            ensure!(is_name(&team.name), "a team's name cannot be shown");
            ensure!(!team.encryption_key.is_low_order(), "a team's key is weak");
            ensure!(!SpentTeams::<T>::contains_key(id, number), "a team has a spent number");
        }
        for (id, _, ()) in SpentTeams::<T>::iter() {
            Self::has_been_permitted(id)?;
        }
        for (who, bar) in Barred::<T>::iter() {
            if let Some(person) = bar.person {
                let named = BarredPersons::<T>::get(person) == Some(who);
                ensure!(named, "a barred account and its person do not name each other");
            }
        }
        for (person, who) in BarredPersons::<T>::iter() {
            let named = Barred::<T>::get(who).and_then(|bar| bar.person) == Some(person);
            ensure!(named, "a barred person and its account do not name each other");
        }
        for (who, count) in registrations {
            ensure!(
                frame_system::Pallet::<T>::sufficients(&who) >= count,
                "a registration does not hold its account"
            );
        }
        Ok(())
    }

    fn has_been_permitted(id: kanglian_primitives::InstitutionId) -> Result<(), TryRuntimeError> {
        let status = Institutions::<T>::get(id).map(|institution| institution.status);
        let was = status.is_some_and(|status| status != InstitutionStatus::Nominated);
        ensure!(was, "something hangs on an institution that was never permitted");
        Ok(())
    }
}
