//! Questions that clients ask by state call.

use frame_support::pallet_macros::pallet_section;

/// View functions.
#[pallet_section]
mod views {
    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Custodians of all regions that appointed one, rising by region.
        pub fn custodians() -> Vec<(RegionCode, Custodian<T::AccountId>)> {
            Custodians::<T>::get().into_iter().collect()
        }

        /// The person's dealing in force, and whether it could be opened now.
        pub fn dealing(person: PersonId, scope: DealtScope) -> Option<DealingView> {
            Dealings::<T>::get(person, scope).map(Self::view_of_dealing)
        }

        /// The person's last recovery.
        pub fn recovery_of(person: PersonId) -> Option<RecoveryId> {
            RecoveryOf::<T>::get(person)
        }

        /// One recovery.
        pub fn recovery(id: RecoveryId) -> Option<Recovery<T::AccountId>> {
            Recoveries::<T>::get(id)
        }

        /// The last emergencies about a person.
        pub fn emergencies_of(person: PersonId) -> Vec<EmergencyNote<T::AccountId>> {
            EmergenciesOf::<T>::get(person).into_inner()
        }

        /// A practitioner's emergencies that are open or not reviewed.
        pub fn emergencies_by(practitioner: T::AccountId) -> Vec<EmergencyNote<T::AccountId>> {
            EmergenciesBy::<T>::get(practitioner).into_inner()
        }

        /// One emergency.
        pub fn emergency(id: EmergencyId) -> Option<Emergency<T::AccountId>> {
            Emergencies::<T>::get(id)
        }

        /// Parts that wait for the region's custodian, after the one named.
        pub fn waiting_dealings(
            region: RegionCode,
            after: Option<(PersonId, DealtScope)>,
            limit: u32,
        ) -> Vec<WaitingPart> {
            Self::page_of_parts(region, after, limit)
        }

        /// Cases that wait for the region's hand-over, after the one named.
        pub fn waiting_cases(
            region: RegionCode,
            after: Option<CaseRef>,
            limit: u32,
            now: Instant,
        ) -> Vec<CaseRef> {
            Self::page_of_cases(region, after, limit, now)
        }

        /// Emergencies whose review is overdue, after the one named.
        pub fn overdue_reviews(
            after: Option<EmergencyId>,
            limit: u32,
            now: Instant,
        ) -> Vec<EmergencyId> {
            Self::page_of_overdue(after, limit, now)
        }

        /// Escalated emergencies that the region has still not reviewed.
        pub fn overdue_count(region: RegionCode) -> u32 {
            OverdueReviews::<T>::get(region)
        }

        /// Whether the account may fetch a blob about the person that has this hash.
        pub fn may_fetch(
            account: T::AccountId,
            subject: PersonId,
            hash: Hash32,
            now: Instant,
        ) -> bool {
            Self::can_fetch(&account, &subject, &hash, now)
        }

        /// The person that the account spoke for before a recovery; none for other accounts.
        pub fn lost_by(account: T::AccountId) -> Option<PersonId> {
            LostAccounts::<T>::get(account)
        }

        /// Whether an emergency was opened about the person's summary as dealt under this number.
        pub fn was_opened(person: PersonId, number: u32) -> bool {
            Self::is_opened(&person, number)
        }

        /// Dealings in force in which the region has a part, of those after the one named; with the
        /// last one looked at, unless it was the very last.
        pub fn parts_of(
            region: RegionCode,
            after: Option<(PersonId, DealtScope)>,
            limit: u32,
        ) -> (Vec<WaitingPart>, Option<(PersonId, DealtScope)>) {
            Self::page_of_own_parts(region, after, limit)
        }

        /// Cases in which somebody may still collect what the region handed over, of those after
        /// the one named; with the last one looked at, unless it was the very last.
        pub fn answered_cases(
            region: RegionCode,
            after: Option<CaseRef>,
            limit: u32,
            now: Instant,
        ) -> (Vec<CaseRef>, Option<CaseRef>) {
            Self::page_of_answered(region, after, limit, now)
        }

        /// Whether a dealing or a case about the person names a blob with this hash.
        pub fn is_named(subject: PersonId, hash: Hash32) -> bool {
            Self::names_blob(&subject, &hash)
        }

        /// For how long the old key can veto, in milliseconds.
        pub fn recovery_delay() -> Instant {
            Self::delay()
        }
    }
}
