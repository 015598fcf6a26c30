//! Questions that clients ask by state call.

use frame_support::pallet_macros::pallet_section;

/// View functions.
#[pallet_section]
mod views {
    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// One institution, whatever its standing.
        pub fn institution_details(id: InstitutionId) -> Option<Institution<T::AccountId>> {
            Institutions::<T>::get(id)
        }

        /// For which institution the account speaks or is to speak, whatever the standing.
        pub fn institution_of(account: T::AccountId) -> Option<InstitutionId> {
            InstitutionOf::<T>::get(account)
        }

        /// Whether the institution counts now.
        pub fn is_permitted(id: InstitutionId) -> bool {
            <Self as InstitutionInspect<T::AccountId>>::permitted(&id, T::Clock::now()).is_some()
        }

        /// A page of institutions in the order of the chain's map, after the one given; `limit`
        /// is cut to 256.
        pub fn institutions_after(
            cursor: Option<InstitutionId>,
            limit: u32,
        ) -> Vec<(InstitutionId, Institution<T::AccountId>)> {
            let entries = match cursor {
                Some(last) => Institutions::<T>::iter_from(Institutions::<T>::hashed_key_for(last)),
                None => Institutions::<T>::iter(),
            };
            entries.take(usize::try_from(limit.min(MAX_PAGE)).unwrap_or_default()).collect()
        }

        /// One practitioner at one institution, whatever the standing.
        pub fn practitioner_details(
            account: T::AccountId,
            id: InstitutionId,
        ) -> Option<Practitioner> {
            Practitioners::<T>::get(account, id)
        }

        /// Where the account practises, whatever the standing; 256 entries at most.
        pub fn practises_at(account: T::AccountId) -> Vec<(InstitutionId, Practitioner)> {
            let most = usize::try_from(MAX_PAGE).unwrap_or_default();
            Practitioners::<T>::iter_prefix(account).take(most).collect()
        }

        /// One team of an institution.
        pub fn team_details(id: InstitutionId, team: TeamId) -> Option<TeamOf<T>> {
            Teams::<T>::get(id, team)
        }
    }
}
