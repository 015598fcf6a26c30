//! What recoveries of keys do to an identity.

use frame_support::{dispatch::DispatchResult, ensure};
use kanglian_primitives::{EncryptionKey, Instant, PersonId};
use kanglian_traits::{HoldKeys, IdentityStatus, IdentityView, RecoverPerson, WardInspect};

use crate::{Config, Error, Event, Pallet, PersonOf, PersonStatus, Persons};

impl<T: Config> RecoverPerson<T::AccountId> for Pallet<T> {
    fn identity(id: &PersonId) -> Option<IdentityView<T::AccountId>> {
        Persons::<T>::get(id).map(|person| IdentityView {
            controller: person.controller,
            home_region: person.home_region,
            status: match person.status {
                // A recovery of an alias is refused as it begins.
                PersonStatus::Active
                | PersonStatus::Recovering
                | PersonStatus::Held(_)
                | PersonStatus::Linked => IdentityStatus::Open,
                PersonStatus::Suspended => IdentityStatus::Suspended,
                PersonStatus::Closed => IdentityStatus::Closed,
            },
        })
    }

    fn is_free(who: &T::AccountId) -> bool {
        !PersonOf::<T>::contains_key(who)
    }

    fn freeze(id: &PersonId) -> DispatchResult {
        Self::try_change(*id, |entry| {
            match entry.status {
                PersonStatus::Active | PersonStatus::Held(_) => {
                    entry.status = PersonStatus::Recovering;
                },
                PersonStatus::Recovering => {},
                PersonStatus::Suspended => return Err(Error::<T>::PersonSuspended.into()),
                PersonStatus::Closed => return Err(Error::<T>::PersonClosed.into()),
                PersonStatus::Linked => return Err(Error::<T>::PersonLinked.into()),
            }
            Ok(())
        })
    }

    /// A suspended or closed person stays so.
    fn thaw(id: &PersonId) -> DispatchResult {
        Self::try_change(*id, |entry| {
            if entry.status == PersonStatus::Recovering {
                entry.status = Self::open_status(id);
            }
            Ok(())
        })
    }

    fn recover(id: &PersonId, new: &T::AccountId, data_key: EncryptionKey) -> DispatchResult {
        ensure!(Self::is_free(new), Error::<T>::AccountInUse);
        ensure!(!data_key.is_low_order(), Error::<T>::LowOrderKey);
        let old = Self::try_change(*id, |entry| {
            match entry.status {
                PersonStatus::Active | PersonStatus::Recovering | PersonStatus::Held(_) => {},
                PersonStatus::Suspended => return Err(Error::<T>::PersonSuspended.into()),
                PersonStatus::Closed => return Err(Error::<T>::PersonClosed.into()),
                PersonStatus::Linked => return Err(Error::<T>::PersonLinked.into()),
            }
            T::Wards::keys_replaced(id);
            entry.status = Self::open_status(id);
            entry.data_key = data_key;
            Ok(core::mem::replace(&mut entry.controller, new.clone()))
        })?;
        Self::unbind(&old, *id);
        Self::bind(new, *id);
        Self::deposit_event(Event::Recovered { person: *id, old, new: new.clone(), data_key });
        Ok(())
    }
}

impl<T: Config> HoldKeys for Pallet<T> {
    /// A suspended or recovering person gets the status when that is over.
    fn hold(id: &PersonId, until: Instant) -> DispatchResult {
        Self::try_change(*id, |entry| {
            match entry.status {
                PersonStatus::Active | PersonStatus::Held(_) => {
                    entry.status = PersonStatus::Held(until);
                },
                PersonStatus::Recovering | PersonStatus::Suspended => {},
                PersonStatus::Closed => return Err(Error::<T>::PersonClosed.into()),
                PersonStatus::Linked => return Err(Error::<T>::PersonLinked.into()),
            }
            Ok(())
        })
    }
}
