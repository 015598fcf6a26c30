//! Answers to other pallets.

use kanglian_primitives::{EmergencyId, Instant, InstitutionId, PersonId};
use kanglian_traits::{EmergencyInspect, RecoveryInspect};

use crate::{Config, EmergenciesOf, Pallet, Recoveries, RecoveryOf};

impl<T: Config> RecoveryInspect for Pallet<T> {
    fn is_pending(person: &PersonId) -> bool {
        RecoveryOf::<T>::get(person)
            .and_then(Recoveries::<T>::get)
            .is_some_and(|recovery| recovery.is_pending())
    }
}

impl<T: Config> EmergencyInspect<T::AccountId> for Pallet<T> {
    fn open_case(
        person: &PersonId,
        practitioner: &T::AccountId,
        institution: &InstitutionId,
        now: Instant,
    ) -> Option<EmergencyId> {
        let notes = EmergenciesOf::<T>::get(person);
        let open = notes.iter().find(|note| {
            note.practitioner == *practitioner
                && note.institution == *institution
                && now < note.ends_at
        });
        open.map(|note| note.id)
    }
}
