//! Which blobs vaults take and to whom they give them.

use frame_support::traits::Time;
use kanglian_primitives::{
    Dealing, DealtScope, Emergency, EmergencyNote, Hash32, Instant, PersonId, Recovery,
    RecoveryStatus,
};
use kanglian_traits::{PersonInspect, SuspendPractitioner};

use crate::{Config, Dealings, Emergencies, EmergenciesOf, Pallet, Recoveries, RecoveryOf};

/// Both scopes of dealings.
const SCOPES: [DealtScope; 2] = [DealtScope::Whole, DealtScope::Emergency];

impl<T: Config> Pallet<T> {
    /// Whether a dealing in force, an executed recovery or an open emergency names the blob.
    pub(crate) fn names_blob(subject: &PersonId, hash: &Hash32) -> bool {
        let executed = || Self::executed_recovery(subject);
        let open = || Self::open_emergencies(subject, T::Clock::now());
        Self::dealings_of(subject).any(|dealing| dealing.names(hash))
            || executed().is_some_and(|recovery| {
                recovery.dealing.as_ref().is_some_and(|dealing| dealing.names(hash))
                    || recovery.handed_over.iter().any(|done| done.blob == *hash)
            })
            || open().any(|emergency| {
                emergency.dealing.names(hash)
                    || emergency.handed_over.iter().any(|done| done.blob == *hash)
            })
    }

    /// Whether the account may fetch the blob.
    ///
    /// The person: what the dealings in force name. After an executed recovery the new account:
    /// the payload that was dealt and what was handed over. In an open emergency its
    /// practitioner, while in good standing and while the person is valid: the same of that case.
    /// A custodian: its own share, and the payload whose presence it answers for.
    pub(crate) fn can_fetch(
        account: &T::AccountId,
        subject: &PersonId,
        hash: &Hash32,
        now: Instant,
    ) -> bool {
        let is_subject = T::People::acting(account, now).is_some_and(|view| view.id == *subject);
        if is_subject {
            return Self::dealings_of(subject).any(|dealing| dealing.names(hash))
                || Self::executed_recovery(subject).is_some_and(|recovery| {
                    recovery.new_controller == *account
                        && (recovery.handed_over.iter().any(|done| done.blob == *hash)
                            || recovery
                                .dealing
                                .is_some_and(|dealing| dealing.terms.sealed == *hash))
                });
        }
        if let Some(custodian) = Self::custodian_of(account) {
            let is_own = |dealing: &Dealing| Self::is_custodians_blob(custodian, dealing, hash);
            return Self::dealings_of(subject).any(|dealing| is_own(&dealing))
                || Self::executed_recovery(subject)
                    .and_then(|recovery| recovery.dealing)
                    .is_some_and(|dealing| is_own(&dealing))
                || Self::open_emergencies(subject, now)
                    .any(|emergency| is_own(&emergency.dealing));
        }
        T::People::valid(subject, now).is_some()
            && Self::open_emergencies(subject, now).any(|emergency| {
                emergency.practitioner == *account
                    && (emergency.dealing.terms.sealed == *hash
                        || emergency.handed_over.iter().any(|done| done.blob == *hash))
                    && T::Institutions::physician(account, &emergency.institution, now).is_some()
            })
    }

    fn dealings_of(subject: &PersonId) -> impl Iterator<Item = Dealing> {
        SCOPES.into_iter().filter_map(move |scope| Dealings::<T>::get(subject, scope))
    }

    fn executed_recovery(subject: &PersonId) -> Option<Recovery<T::AccountId>> {
        RecoveryOf::<T>::get(subject)
            .and_then(Recoveries::<T>::get)
            .filter(|recovery| recovery.status == RecoveryStatus::Executed)
    }

    fn open_emergencies(
        subject: &PersonId,
        now: Instant,
    ) -> impl Iterator<Item = Emergency<T::AccountId>> {
        let open = move |note: &EmergencyNote<T::AccountId>| now < note.ends_at;
        let notes = EmergenciesOf::<T>::get(subject).into_iter().filter(open);
        notes.filter_map(|note| Emergencies::<T>::get(note.id))
    }
}
