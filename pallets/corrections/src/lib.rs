//! Requests to correct a record (更正): a person asks, the record's author decides in time, and
//! where it does not, its pan-centre.
//!
//! What is wrong is a code here and a sealed text at the vaults. A correction never changes a record:
//! the author shares an amendment in its place, and both stay linked. A record that is about somebody
//! else is marked by its author; the subject rejects it, which hides it and takes the coins back once.
//!
//! # Who may call what
//!
//! | call | who |
//! | --- | --- |
//! | `request` | the person ([`Config::PersonOrigin`]); guardians and proxies for them |
//! | `amend`, `refuse` | the institution that made the record |
//! | `mark_wrong_person` | the institution that made the record, asked or not |
//! | `escalate` | anybody, when the author's time is over |
//! | `review` | the pan-centre of the author's region, when it was escalated |
//! | `withdraw` | the person, also when suspended or expired ([`Config::RevokeOrigin`]) |
//! | `remove` | anybody, when the request has been over for a while |
//!
//! # Invariants
//!
//! - A record has at most one request that waits for somebody.
//! - An amended record is superseded by the amendment, shared after it was asked for.
//! - A person has at most `MaxOpen` requests that wait.
//!
//! # Asks of others, gives to others
//!
//! Asks [`RecordInspect`] about records and [`InstitutionInspect`] for the author's region. Gives
//! nothing.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use kanglian_primitives::{
    Correction, CorrectionId, CorrectionReason, Hash32, Instant, InstitutionId, PersonId, RecordId,
    RefusalReason, RegionCode,
};
use kanglian_traits::{InstitutionInspect, InstitutionView, PersonView, RecordInspect};
#[cfg(feature = "runtime-benchmarks")]
use kanglian_traits::{PersonInspect, RegionInspect};

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// The chain's clock, in milliseconds since the Unix epoch.
        type Clock: Time<Moment = Instant>;

        /// Records.
        type Records: RecordInspect;

        /// Institutions, their authors.
        type Institutions: InstitutionInspect<Self::AccountId>;

        /// A person who asks.
        type PersonOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonView<Self::AccountId>>;

        /// The account that speaks for a person, whatever the identity's standing.
        type RevokeOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonId>;

        /// A permitted institution.
        type InstitutionOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionView<Self::AccountId>>;

        /// The pan-centre of an active region.
        type PanCentreOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = RegionCode>;

        /// How long the author, and after it the pan-centre, has to decide, in milliseconds.
        #[pallet::constant]
        type DecidePeriod: Get<Instant>;

        /// Most requests of a person that wait for somebody.
        #[pallet::constant]
        type MaxOpen: Get<u32>;

        /// How long a request stays after it is over, in milliseconds.
        #[pallet::constant]
        type Grace: Get<Instant>;

        /// Persons, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type People: PersonInspect<Self::AccountId>;

        /// Provinces, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Regions: RegionInspect<Self::AccountId>;

        /// Sets the time, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::BenchmarkHelper;
    }

    /// Requests of a person.
    // Blake2 for the person, who is to a degree chosen by the attester; numbers are the pallet's.
    #[pallet::storage]
    pub type Corrections<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        PersonId,
        Twox64Concat,
        CorrectionId,
        Correction,
        OptionQuery,
    >;

    /// The last number of a person's requests, and how many wait.
    // Blake2: as above.
    #[pallet::storage]
    pub type Files<T: Config> =
        StorageMap<_, Blake2_128Concat, PersonId, CorrectionFile, ValueQuery>;

    /// The request about a record that waits for somebody.
    // Identity: the key is a hash that the storing vaults have computed themselves.
    #[pallet::storage]
    pub type Waiting<T: Config> = StorageMap<_, Identity, RecordId, CorrectionId, OptionQuery>;

    /// Records of which their authors say that they are about somebody else.
    // Identity: as above.
    #[pallet::storage]
    pub type WrongPerson<T: Config> = StorageMap<_, Identity, RecordId, Instant, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A person asked for the correction of a record.
        Requested {
            /// The person.
            person: PersonId,
            /// The request.
            id: CorrectionId,
            /// The record.
            record: RecordId,
            /// What is wrong with it.
            reason: CorrectionReason,
            /// BLAKE3 of the sealed text that says more.
            text: Hash32,
            /// Who has to decide.
            author: InstitutionId,
            /// Until when.
            decide_by: Instant,
        },
        /// The author amended the record.
        Amended {
            /// The person.
            person: PersonId,
            /// The request.
            id: CorrectionId,
            /// The record that was wrong.
            old: RecordId,
            /// The record in its place.
            record: RecordId,
        },
        /// The author said that the record is about somebody else.
        MarkedWrongPerson {
            /// Whose file it stands in.
            person: PersonId,
            /// The record.
            record: RecordId,
            /// The author.
            author: InstitutionId,
            /// The request, if there was one.
            id: Option<CorrectionId>,
        },
        /// The author refused.
        Refused {
            /// The person.
            person: PersonId,
            /// The request.
            id: CorrectionId,
            /// Why.
            reason: RefusalReason,
        },
        /// The author did not decide in time; its pan-centre has to.
        Overdue {
            /// The person.
            person: PersonId,
            /// The request.
            id: CorrectionId,
            /// The author.
            author: InstitutionId,
            /// The region whose pan-centre has to decide.
            region: RegionCode,
            /// Until when.
            decide_by: Instant,
        },
        /// The pan-centre found for the person; the author has to amend.
        Upheld {
            /// The person.
            person: PersonId,
            /// The request.
            id: CorrectionId,
            /// Until when.
            decide_by: Instant,
        },
        /// The pan-centre dismissed the request.
        Dismissed {
            /// The person.
            person: PersonId,
            /// The request.
            id: CorrectionId,
            /// Why.
            reason: RefusalReason,
        },
        /// The person took a request back.
        Withdrawn {
            /// The person.
            person: PersonId,
            /// The request.
            id: CorrectionId,
        },
        /// A request that was over was removed.
        Removed {
            /// The person.
            person: PersonId,
            /// The request.
            id: CorrectionId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No such record of this person, or the person rejected it.
        RecordNotFound,
        /// The record is the person's own. Supersede it.
        OwnRecord,
        /// The record was amended already. Ask for the correction of the current one.
        NotCurrent,
        /// A request about this record waits already.
        AlreadyRequested,
        /// The person has as many waiting requests as allowed. Withdraw some.
        TooManyRequests,
        /// No such request, or it was removed.
        RequestNotFound,
        /// The request is decided or withdrawn.
        AlreadyDecided,
        /// Another institution made the record.
        NotAuthor,
        /// The record is not superseded by this one. Supersede it first.
        NotSuperseded,
        /// The amendment was shared before it was asked for.
        AmendmentTooOld,
        /// The pan-centre found for the person. Amend the record.
        MustAmend,
        /// The author says so already.
        AlreadyMarked,
        /// Whoever is to decide still has time.
        NotDue,
        /// The request was not escalated.
        NotEscalated,
        /// The author is of another region.
        OutsideRegion,
        /// The request is not over for as long as it must be before it is removed. Wait.
        NotOver,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxOpen::get() > 0, "a person must be able to ask");
            assert!(T::DecidePeriod::get() > 0, "an author must have time");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Ask for the correction of a record in one's file.
        ///
        /// ## Dispatch origin
        /// The person ([`Config::PersonOrigin`]).
        ///
        /// ## Errors
        /// `RecordNotFound`, `OwnRecord`, `NotCurrent`, `AlreadyRequested`, `TooManyRequests`.
        ///
        /// ## Events
        /// `Requested`
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::request())]
        pub fn request(
            origin: OriginFor<T>,
            record: RecordId,
            reason: CorrectionReason,
            text: Hash32,
        ) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?;
            Self::do_request(person.id, record, reason, text)
        }

        /// Say that the record was amended: it is superseded by this one.
        ///
        /// ## Dispatch origin
        /// The permitted institution that made the record.
        ///
        /// ## Errors
        /// `RequestNotFound`, `AlreadyDecided`, `NotAuthor`, `NotSuperseded`, `AmendmentTooOld`.
        ///
        /// ## Events
        /// `Amended`
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::amend())]
        pub fn amend(
            origin: OriginFor<T>,
            person: PersonId,
            id: CorrectionId,
            record: RecordId,
        ) -> DispatchResult {
            let author = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_amend(author.id, person, id, record)
        }

        /// Refuse a request.
        ///
        /// ## Dispatch origin
        /// The permitted institution that made the record.
        ///
        /// ## Errors
        /// `RequestNotFound`, `AlreadyDecided`, `NotAuthor`, `MustAmend`.
        ///
        /// ## Events
        /// `Refused`
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::refuse())]
        pub fn refuse(
            origin: OriginFor<T>,
            person: PersonId,
            id: CorrectionId,
            reason: RefusalReason,
        ) -> DispatchResult {
            let author = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_refuse(author.id, person, id, reason)
        }

        /// Mark a record that is about somebody else. A request about it is decided by this; the
        /// subject rejects the record.
        ///
        /// ## Dispatch origin
        /// The permitted institution that made the record.
        ///
        /// ## Errors
        /// `RecordNotFound`, `NotAuthor`, `AlreadyMarked`.
        ///
        /// ## Events
        /// `MarkedWrongPerson`
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::mark_wrong_person())]
        pub fn mark_wrong_person(origin: OriginFor<T>, record: RecordId) -> DispatchResult {
            let author = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_mark_wrong_person(author.id, record)
        }

        /// Name an author who did not decide, or did not amend, in time, and bring the request before
        /// its pan-centre.
        ///
        /// ## Dispatch origin
        /// Signed by anybody.
        ///
        /// ## Errors
        /// `RequestNotFound`, `AlreadyDecided`, `NotDue`.
        ///
        /// ## Events
        /// `Overdue`
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::escalate())]
        pub fn escalate(
            origin: OriginFor<T>,
            person: PersonId,
            id: CorrectionId,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_escalate(person, id)
        }

        /// Decide an escalated request: uphold it, or dismiss it for a reason.
        ///
        /// ## Dispatch origin
        /// The pan-centre of the author's region.
        ///
        /// ## Errors
        /// `RequestNotFound`, `NotEscalated`, `OutsideRegion`.
        ///
        /// ## Events
        /// `Upheld` or `Dismissed`
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::review())]
        pub fn review(
            origin: OriginFor<T>,
            person: PersonId,
            id: CorrectionId,
            dismiss: Option<RefusalReason>,
        ) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_review(region, person, id, dismiss)
        }

        /// Take a request back.
        ///
        /// ## Dispatch origin
        /// The person, also when suspended or expired ([`Config::RevokeOrigin`]).
        ///
        /// ## Errors
        /// `RequestNotFound`, `AlreadyDecided`.
        ///
        /// ## Events
        /// `Withdrawn`
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn withdraw(origin: OriginFor<T>, id: CorrectionId) -> DispatchResult {
            let person = T::RevokeOrigin::ensure_origin(origin)?;
            Self::do_withdraw(person, id)
        }

        /// Remove a request that has been over for [`Config::Grace`].
        ///
        /// ## Dispatch origin
        /// Signed by anybody.
        ///
        /// ## Errors
        /// `RequestNotFound`, `NotOver`.
        ///
        /// ## Events
        /// `Removed`
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::remove())]
        pub fn remove(origin: OriginFor<T>, person: PersonId, id: CorrectionId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_remove(person, id)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// One request.
        pub fn correction(person: PersonId, id: CorrectionId) -> Option<Correction> {
            Corrections::<T>::get(person, id)
        }

        /// Requests of a person that were not removed.
        pub fn corrections_of(person: PersonId) -> Vec<(CorrectionId, Correction)> {
            Corrections::<T>::iter_prefix(person).collect()
        }

        /// Who made the record that a request with this sealed text is about, while it waits.
        pub fn text_for(person: PersonId, text: Hash32) -> Option<InstitutionId> {
            let mut all = Corrections::<T>::iter_prefix_values(person);
            let waiting = all.find(|one| one.text == text && one.status.is_open());
            waiting.map(|one| one.author)
        }

        /// Since when the author says that the record is about somebody else.
        pub fn wrong_person_since(record: RecordId) -> Option<Instant> {
            WrongPerson::<T>::get(record)
        }
    }
}
