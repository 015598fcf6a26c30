//! What the runtime decides, what is kept, and the genesis.

use frame_support::pallet_macros::pallet_section;

/// Configuration, storage, genesis, constants and hooks.
#[pallet_section]
mod state {
    #[pallet::config]
    pub trait Config: frame_system::Config<Hash = H256> {
        /// The pan-centre of an active region.
        type PanCentreOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = RegionCode>;

        /// A person whose identity is valid and whose keys are not being recovered.
        type PersonOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonView<Self::AccountId>>;

        /// The account that speaks for a person, whatever the standing.
        type ControllerOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonId>;

        /// A permitted institution.
        type InstitutionOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionView<Self::AccountId>>;

        /// Governance, which hears, dismisses and reviews where a region does not.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The registry of provinces.
        type Regions: RegionInspect<Self::AccountId>;

        /// The registry of real names.
        type People: PersonInspect<Self::AccountId> + RecoverPerson<Self::AccountId>;

        /// The registry of institutions.
        type Institutions: InstitutionInspect<Self::AccountId>
            + SuspendPractitioner<Self::AccountId>;

        /// The coin. What an account whose key is being recovered has stays where it is.
        type Currency: fungible::Mutate<Self::AccountId>
            + fungible::MutateFreeze<Self::AccountId, Id = Self::RuntimeFreezeReason>;

        /// Why coins are frozen, in the runtime's words.
        type RuntimeFreezeReason: From<FreezeReason>;

        /// The time of the block, in milliseconds.
        type Clock: Time<Moment = Instant>;

        /// A signature that an account makes outside of extrinsics.
        type OffchainSignature: Verify<Signer = Self::OffchainPublic> + Parameter;

        /// The public key behind such a signature.
        type OffchainPublic: IdentifyAccount<AccountId = Self::AccountId>;

        /// How long the old key can veto before a recovery may be executed, in milliseconds,
        /// unless the genesis of a chain names another delay.
        #[pallet::constant]
        type RecoveryDelay: Get<Instant>;

        /// The least such delay, whatever governance sets.
        #[pallet::constant]
        type LeastRecoveryDelay: Get<Instant>;

        /// How many regions must approve a recovery; never fewer than [`crate::LEAST_BAR`].
        #[pallet::constant]
        type RecoveryBar: Get<u8>;

        /// How long after its opening, or after a veto, a recovery may be executed.
        #[pallet::constant]
        type RecoveryPeriod: Get<Instant>;

        /// How long an institution whose recovery of a person failed may open none about them.
        #[pallet::constant]
        type CoolDown: Get<Instant>;

        /// Most recoveries that one institution has pending.
        #[pallet::constant]
        type MaxPendingRecoveries: Get<u32>;

        /// Most hours that an emergency lasts.
        #[pallet::constant]
        type MaxEmergencyHours: Get<u8>;

        /// Most emergencies that a practitioner has open, overdue reviews included.
        #[pallet::constant]
        type MaxOpenEmergencies: Get<u32>;

        /// How long after an emergency's end its review may take, in milliseconds.
        #[pallet::constant]
        type ReviewPeriod: Get<Instant>;

        /// How long ended cases are kept, in milliseconds.
        #[pallet::constant]
        type Retention: Get<Instant>;

        /// Most regions that have a custodian.
        #[pallet::constant]
        type MaxRegions: Get<u32>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// Sets the time for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper;
    }

    /// Custodians by region. One value, so that a dealing costs one read.
    #[pallet::storage]
    pub type Custodians<T: Config> = StorageValue<_, CustodianMap<T>, ValueQuery>;

    /// Keys that custodians had before they rotated them themselves, newest last. What was sealed
    /// to them counts on. One value, read only where the present key is not the one dealt to.
    #[pallet::storage]
    pub type FormerKeys<T: Config> = StorageValue<_, FormerKeyMap<T>, ValueQuery>;

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

    /// Accounts that spoke for a person until a recovery was executed. What they have or get is the
    /// person's.
    // Blake2: anybody can make accounts.
    #[pallet::storage]
    pub type LostAccounts<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, PersonId, OptionQuery>;

    /// How many recoveries an institution has pending.
    // Blake2: pan-centres choose the codes.
    #[pallet::storage]
    pub type PendingAt<T: Config> = StorageMap<_, Blake2_128Concat, InstitutionId, u32, ValueQuery>;

    /// Institutions whose recovery of a person failed, and until when they may open none.
    // Blake2: attesting institutions choose persons.
    #[pallet::storage]
    pub type CoolDowns<T: Config> =
        StorageMap<_, Blake2_128Concat, PersonId, CoolDownList, ValueQuery>;

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

    /// The person whose account opened the emergency, until its review.
    // Twox: numbers rise.
    #[pallet::storage]
    pub type OpenedBy<T: Config> = StorageMap<_, Twox64Concat, EmergencyId, PersonId, OptionQuery>;

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
}
