//! What is kept, the genesis, and questions of clients.

use frame_support::pallet_macros::pallet_section;

/// Storage, genesis, hooks and view functions.
#[pallet_section]
mod state {
    /// Custodians by region. One value, so that a dealing costs one read.
    #[pallet::storage]
    pub type Custodians<T: Config> = StorageValue<_, CustodianMap<T>, ValueQuery>;

    /// Dealings in force.
    // Blake2: attesting institutions choose persons. Twox: two scopes.
    #[pallet::storage]
    pub type Dealings<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        PersonId,
        Twox64Concat,
        DealtScope,
        Dealing,
        OptionQuery,
    >;

    /// Parts that wait for their custodian's answer, with the dealing's number.
    // Twox: regions are fixed by governance. Blake2: as above.
    #[pallet::storage]
    pub type WaitingParts<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        RegionCode,
        Blake2_128Concat,
        (PersonId, DealtScope),
        u32,
        OptionQuery,
    >;

    /// Recoveries, ended ones until they are pruned or another is opened.
    // Twox: numbers rise.
    #[pallet::storage]
    pub type Recoveries<T: Config> =
        StorageMap<_, Twox64Concat, RecoveryId, Recovery<T::AccountId>, OptionQuery>;

    /// A person's last recovery.
    // Blake2: attesting institutions choose persons.
    #[pallet::storage]
    pub type RecoveryOf<T: Config> =
        StorageMap<_, Blake2_128Concat, PersonId, RecoveryId, OptionQuery>;

    /// The next recovery's number.
    #[pallet::storage]
    pub type NextRecovery<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// How many recoveries an institution has pending.
    // Blake2: pan-centres choose the codes.
    #[pallet::storage]
    pub type PendingAt<T: Config> = StorageMap<_, Blake2_128Concat, InstitutionId, u32, ValueQuery>;

    /// Institutions whose recovery of a person failed, and until when they may open none.
    // Blake2: attesting institutions choose persons.
    #[pallet::storage]
    pub type CoolDowns<T: Config> = StorageMap<_, Blake2_128Concat, PersonId, CoolDownList, ValueQuery>;

    /// Emergencies, ended ones until they are pruned.
    // Twox: numbers rise.
    #[pallet::storage]
    pub type Emergencies<T: Config> =
        StorageMap<_, Twox64Concat, EmergencyId, Emergency<T::AccountId>, OptionQuery>;

    /// The last emergencies about a person, rising.
    // Blake2: attesting institutions choose persons.
    #[pallet::storage]
    pub type EmergenciesOf<T: Config> =
        StorageMap<_, Blake2_128Concat, PersonId, NoteList<T>, ValueQuery>;

    /// A practitioner's emergencies that are open or not reviewed, rising.
    // Blake2: anybody can make accounts.
    #[pallet::storage]
    pub type EmergenciesBy<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, NoteList<T>, ValueQuery>;

    /// The next emergency's number.
    #[pallet::storage]
    pub type NextEmergency<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Emergencies without a review, and when it is overdue.
    // Twox: numbers rise.
    #[pallet::storage]
    pub type Unreviewed<T: Config> = StorageMap<_, Twox64Concat, EmergencyId, Instant, OptionQuery>;

    /// Escalated emergencies that the region has still not reviewed.
    // Twox: regions are fixed by governance.
    #[pallet::storage]
    pub type OverdueReviews<T: Config> = StorageMap<_, Twox64Concat, RegionCode, u32, ValueQuery>;

    /// Cases that wait for a region's hand-over.
    // Twox: regions are fixed by governance, case numbers rise.
    #[pallet::storage]
    pub type WaitingCases<T: Config> =
        StorageDoubleMap<_, Twox64Concat, RegionCode, Twox64Concat, CaseRef, (), OptionQuery>;

    /// The recovery delay, when this chain's genesis names one. No call changes it.
    #[pallet::storage]
    pub type GenesisDelay<T: Config> = StorageValue<_, Instant, OptionQuery>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Custodians from the first block on: region, account, key.
        pub custodians: Vec<(u32, T::AccountId, EncryptionKey)>,
        /// The recovery delay in milliseconds; none for what governance sets. Only for local
        /// networks and rehearsals: a chain that people trust names none.
        pub recovery_delay: Option<Instant>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for (code, account, key) in &self.custodians {
                Pallet::<T>::do_set_custodian(RegionCode(*code), account.clone(), *key)
                    .unwrap_or_else(|error| panic!("custodian of {code} is refused: {error:?}"));
            }
            GenesisDelay::<T>::set(self.recovery_delay);
        }
    }

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// Most custodians in one dealing.
        fn max_custodians() -> u32 {
            kanglian_primitives::MAX_CUSTODIANS
        }

        /// Fewest custodians in one dealing.
        fn min_custodians() -> u8 {
            kanglian_primitives::MIN_CUSTODIANS
        }

        /// Fewest shares that open a dealing.
        fn min_threshold() -> u8 {
            kanglian_primitives::MIN_THRESHOLD
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::LeastRecoveryDelay::get() > 0, "the old key must be able to veto");
            assert!(
                T::RecoveryPeriod::get() > T::RecoveryDelay::get(),
                "a recovery must be able to be executed"
            );
            assert!(T::MaxEmergencyHours::get() > 0, "an emergency must be able to last");
            assert!(T::MaxOpenEmergencies::get() > 0, "emergencies must be able to be opened");
            assert!(
                T::MaxOpenEmergencies::get() <= MAX_NOTES,
                "a practitioner's open emergencies must fit"
            );
            assert!(
                T::MaxRegions::get() <= kanglian_primitives::MAX_APPROVALS,
                "every region must be able to approve"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

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

        /// Whether a dealing or a case about the person names a blob with this hash.
        pub fn is_named(subject: PersonId, hash: Hash32) -> bool {
            Self::names_blob(&subject, &hash)
        }

        /// For how long the old key can veto, in milliseconds.
        pub fn recovery_delay() -> Instant {
            Self::delay()
        }
    }

    /// How many are in a list.
    fn count<V, S>(list: &BoundedVec<V, S>) -> u32 {
        u32::try_from(list.len()).unwrap_or(u32::MAX)
    }
}
