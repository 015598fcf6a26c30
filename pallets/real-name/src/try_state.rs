//! Invariants of the stored state.

use frame_support::{ensure, traits::Time};
use sp_runtime::TryRuntimeError;

use crate::{AliasKind, Aliases, AliasesOf, Config, Pallet, PersonOf, PersonStatus, Persons};

impl<T: Config> Pallet<T> {
    /// Checks that persons and accounts point at one another, that accounts can send
    /// extrinsics, and that no entry holds what no call would accept.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = T::Clock::now();
        let mut open = 0u64;
        for (id, person) in Persons::<T>::iter() {
            let speaks = PersonOf::<T>::get(&person.controller) == Some(id);
            if person.status == PersonStatus::Closed {
                ensure!(!speaks, "an account still speaks for a closed person");
                ensure!(person.valid_until <= now, "a person was closed before expiry");
            } else {
                ensure!(speaks, "a person's account does not speak for the person");
                ensure!(
                    frame_system::Pallet::<T>::sufficients(&person.controller) > 0,
                    "a person's account has no sufficient reference"
                );
                open = open.saturating_add(1);
            }
            ensure!(person.attested_at <= now, "a person was attested in the future");
            ensure!(person.attested_at < person.valid_until, "a person was never valid");
            ensure!(!person.data_key.is_low_order(), "a person has a data key of small order");
        }
        Self::check_aliases()?;
        let accounts = u64::try_from(PersonOf::<T>::iter_keys().count()).unwrap_or(u64::MAX);
        ensure!(accounts == open, "an account speaks for nobody or two speak for one person");
        Ok(())
    }

    /// Aliases and what they lead to name each other; none leads to itself or in a circle.
    fn check_aliases() -> Result<(), TryRuntimeError> {
        for (id, alias) in Aliases::<T>::iter() {
            let listed = AliasesOf::<T>::get(alias.canonical).contains(&id);
            ensure!(listed, "an alias is not listed with what it leads to");
            ensure!(Persons::<T>::contains_key(alias.canonical), "an alias leads to nobody");
            let own = Persons::<T>::get(id).map(|person| person.status);
            match alias.kind {
                AliasKind::Linked => {
                    ensure!(own == Some(PersonStatus::Linked), "a linked id counts as a person");
                    let further = Aliases::<T>::contains_key(alias.canonical);
                    ensure!(!further, "a linked id leads to an alias");
                },
                AliasKind::Migrated => ensure!(own.is_none(), "a migrated id was attested"),
            }
        }
        for (canonical, names) in AliasesOf::<T>::iter() {
            for name in names {
                let leads = Aliases::<T>::get(name).map(|alias| alias.canonical);
                ensure!(leads == Some(canonical), "a listed alias leads elsewhere");
            }
        }
        for (id, person) in Persons::<T>::iter() {
            let linked = person.status == PersonStatus::Linked;
            ensure!(!linked || Aliases::<T>::contains_key(id), "a linked id leads nowhere");
        }
        Ok(())
    }
}
