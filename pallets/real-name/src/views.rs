//! Questions that clients ask by state call.

use frame_support::pallet_macros::pallet_section;

/// View functions.
#[pallet_section]
mod views {
    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The person's entry; none when never attested.
        pub fn person(id: PersonId) -> Option<Person<T::AccountId>> {
            Persons::<T>::get(id)
        }

        /// The person the account speaks for, whatever the standing.
        pub fn person_of(account: T::AccountId) -> Option<PersonId> {
            PersonOf::<T>::get(account)
        }

        /// How the person stands now; none when never attested.
        pub fn standing(id: PersonId) -> Option<Standing> {
            Persons::<T>::get(id).map(|person| Self::standing_of(&person, T::Clock::now()))
        }

        /// How often a link or a migration to the alias was refused or undone.
        pub fn round(alias: PersonId) -> u32 {
            Rounds::<T>::get(alias)
        }

        /// From when on the institution's attestations do not count.
        pub fn invalid_from(institution: InstitutionId) -> Option<Instant> {
            InvalidFrom::<T>::get(institution)
        }
    }
}
