//! Referrals (转诊): a doctor with delegation, or the person, sends a person on to somebody, with
//! access that ends with the referral.
//!
//! A referral is offered to a few institutions, teams or practitioners, up to a hospital (上转) or
//! down to the grassroots (下转). Access opens with the offer. Whoever accepts keeps it, the others'
//! ends; it ends for all with the rejection, the returned result, or the close.
//!
//! # Who may call what
//!
//! | call | who |
//! | --- | --- |
//! | `refer` | an account that acts as a holder of terms that may be given on |
//! | `refer_own` | the person ([`Config::PersonOrigin`]) |
//! | `accept`, `reject`, `return_result` | an account that acts as who the referral was offered to |
//! | `close` | an account that acts as who referred, or as who accepted |
//! | `close_own` | the person, also when suspended or expired ([`Config::RevokeOrigin`]) |
//! | `remove` | anybody, when the referral has been over for a while |
//!
//! # Invariants
//!
//! - At most one of those a referral was offered to accepts it.
//! - A referral that was rejected by all, returned or closed leaves no terms behind.
//! - Terms given by a holder are within the holder's, and end with them.
//!
//! # Asks of others, gives to others
//!
//! Asks [`PersonInspect`], [`RecordInspect`] about requests and results, and [`TermsGiver`] to give
//! and end the terms. Gives nothing.

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

#[cfg(feature = "runtime-benchmarks")]
use kanglian_primitives::RegionCode;
use kanglian_primitives::{Grantee, Instant, PersonId, RecordId, ReferralId, TermsId};
#[cfg(feature = "runtime-benchmarks")]
use kanglian_traits::{InstitutionInspect, RegionInspect};
use kanglian_traits::{PersonInspect, PersonView, RecordInspect, TermsGiver};

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

        /// The registry of real names.
        type People: PersonInspect<Self::AccountId>;

        /// Gives and ends the terms.
        type Terms: TermsGiver<Self::AccountId>;

        /// Records: requests and results.
        type Records: RecordInspect;

        /// A person who goes to somebody else.
        type PersonOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonView<Self::AccountId>>;

        /// Whoever may end a referral in the person's name: the account that speaks for a person,
        /// whatever the identity's standing.
        type RevokeOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonId>;

        /// Most referrals of a person that are offered or accepted.
        #[pallet::constant]
        type MaxOpenReferrals: Get<u32>;

        /// How long a referral stays after it is over, in milliseconds.
        #[pallet::constant]
        type Grace: Get<Instant>;

        /// Provinces, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Regions: RegionInspect<Self::AccountId>;

        /// Institutions, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Institutions: InstitutionInspect<Self::AccountId>;

        /// Sets the time and shares a record, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::BenchmarkHelper;
    }

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// To how many a referral is offered at most.
        fn max_offers() -> u32 {
            MAX_OFFERS
        }
    }

    /// Referrals of a person.
    // Blake2 for the person, who is to a degree chosen by the attester; numbers are the pallet's.
    #[pallet::storage]
    pub type Referrals<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        PersonId,
        Twox64Concat,
        ReferralId,
        Referral<T::AccountId>,
        OptionQuery,
    >;

    /// The last number of a person's referrals, and how many are open.
    // Blake2: as above.
    #[pallet::storage]
    pub type Files<T: Config> = StorageMap<_, Blake2_128Concat, PersonId, ReferralFile, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A person was referred; access is open.
        Referred {
            /// The person.
            person: PersonId,
            /// The referral.
            id: ReferralId,
            /// Who referred; none for the person.
            by: Option<Grantee<T::AccountId>>,
            /// The request, a record of the person.
            request: Option<RecordId>,
            /// To whom, each with the terms given.
            to: Vec<(Grantee<T::AccountId>, TermsId)>,
        },
        /// A referral was accepted; nobody else it was offered to has access any more.
        Accepted {
            /// The person.
            person: PersonId,
            /// The referral.
            id: ReferralId,
            /// Who accepted.
            by: Grantee<T::AccountId>,
        },
        /// A referral was rejected by one it was offered to, whose access ended.
        Rejected {
            /// The person.
            person: PersonId,
            /// The referral.
            id: ReferralId,
            /// Who rejected.
            by: Grantee<T::AccountId>,
            /// Why.
            reason: Reason,
        },
        /// The result of a referral came back; access ended.
        ResultReturned {
            /// The person.
            person: PersonId,
            /// The referral.
            id: ReferralId,
            /// Who returned it.
            by: Grantee<T::AccountId>,
            /// The result, a record of the person.
            record: RecordId,
        },
        /// A referral was closed; access ended.
        Closed {
            /// The person.
            person: PersonId,
            /// The referral.
            id: ReferralId,
            /// By whom; none for the person.
            by: Option<Grantee<T::AccountId>>,
        },
        /// A referral that was over was removed.
        Removed {
            /// The person.
            person: PersonId,
            /// The referral.
            id: ReferralId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The referral is offered to nobody. Name at least one.
        NoOffers,
        /// The same grantee stands twice among those it is offered to. Leave one out.
        OfferedTwice,
        /// A referral goes to institutions, teams and practitioners, and not to who refers.
        GranteeNotEligible,
        /// The person has as many open referrals as allowed, a quarter of them only for referrals by
        /// the person. Close some.
        TooManyReferrals,
        /// No such record of this person, or the person rejected it.
        RecordNotFound,
        /// No such referral, or it was removed.
        ReferralNotFound,
        /// The referral is not open to this grantee: it was never offered to it, was rejected or
        /// withdrawn, or is over.
        NotOffered,
        /// The account is not what it claims to act as, or that is expired or suspended.
        NotActingAs,
        /// The person is unknown, expired or suspended.
        SubjectNotActive,
        /// The access of the offer was revoked or has expired. Ask for a new referral.
        AccessEnded,
        /// Another than who accepted the referral, or nobody has accepted it.
        NotAccepted,
        /// The result is by another institution than the one that accepted.
        NotReceiversRecord,
        /// The result was shared before the referral was made.
        ResultTooOld,
        /// Neither who referred nor who accepted.
        NotParty,
        /// The referral was closed before.
        AlreadyClosed,
        /// The referral is not over for as long as it must be before it is removed. Wait.
        NotOver,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxOpenReferrals::get() > 0, "a person must be able to be referred");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Refer a person, giving a part of terms on that the caller holds.
        ///
        /// ## Dispatch origin
        ///
        /// Signed by an account that acts as `acting_as` now, which holds the parent of all terms.
        ///
        /// ## Errors
        ///
        /// - [`Error::NoOffers`], [`Error::OfferedTwice`], [`Error::GranteeNotEligible`]: the
        ///   offers are not well formed.
        /// - [`Error::RecordNotFound`]: the request is no record of the person.
        /// - [`Error::TooManyReferrals`]: there is no room.
        /// - What the consents say of the terms and of who gives them on.
        ///
        /// ## Events
        ///
        /// [`Event::Referred`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::refer(offers.len() as u32))]
        pub fn refer(
            origin: OriginFor<T>,
            subject: PersonId,
            acting_as: Grantee<T::AccountId>,
            request: Option<RecordId>,
            offers: Offers<T::AccountId>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_refer(subject, Some((who, acting_as)), request, offers)
        }

        /// Refer oneself.
        ///
        /// ## Dispatch origin
        ///
        /// The person ([`Config::PersonOrigin`]).
        ///
        /// ## Errors
        ///
        /// As [`Pallet::refer`].
        ///
        /// ## Events
        ///
        /// [`Event::Referred`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::refer_own(offers.len() as u32))]
        pub fn refer_own(
            origin: OriginFor<T>,
            request: Option<RecordId>,
            offers: Offers<T::AccountId>,
        ) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?;
            Self::do_refer(person.id, None, request, offers)
        }

        /// Accept a referral; the others it was offered to lose access.
        ///
        /// ## Dispatch origin
        ///
        /// Signed by an account that acts as `acting_as` now.
        ///
        /// ## Errors
        ///
        /// - [`Error::ReferralNotFound`], [`Error::NotOffered`]: there is nothing to accept.
        /// - [`Error::NotActingAs`], [`Error::SubjectNotActive`]: standing is missing.
        /// - [`Error::AccessEnded`]: the person revoked the access, or it is over.
        ///
        /// ## Events
        ///
        /// [`Event::Accepted`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::accept())]
        pub fn accept(
            origin: OriginFor<T>,
            subject: PersonId,
            id: ReferralId,
            acting_as: Grantee<T::AccountId>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_accept(who, subject, id, acting_as)
        }

        /// Reject a referral that was offered; the access of the offer ends.
        ///
        /// ## Dispatch origin
        ///
        /// Signed by an account that acts as `acting_as` now.
        ///
        /// ## Errors
        ///
        /// - [`Error::ReferralNotFound`], [`Error::NotOffered`]: there is nothing to reject.
        /// - [`Error::NotActingAs`]: standing is missing.
        ///
        /// ## Events
        ///
        /// [`Event::Rejected`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::reject())]
        pub fn reject(
            origin: OriginFor<T>,
            subject: PersonId,
            id: ReferralId,
            acting_as: Grantee<T::AccountId>,
            reason: Reason,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_reject(who, subject, id, acting_as, reason)
        }

        /// Return the result, a record that the receiver's institution shared since; the access
        /// ends.
        ///
        /// ## Dispatch origin
        ///
        /// Signed by an account that acts as `acting_as` now, which accepted.
        ///
        /// ## Errors
        ///
        /// - [`Error::ReferralNotFound`], [`Error::NotAccepted`], [`Error::NotActingAs`]: the
        ///   caller is not who accepted.
        /// - [`Error::RecordNotFound`], [`Error::NotReceiversRecord`], [`Error::ResultTooOld`]: the
        ///   record is no result.
        ///
        /// ## Events
        ///
        /// [`Event::ResultReturned`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::return_result())]
        pub fn return_result(
            origin: OriginFor<T>,
            subject: PersonId,
            id: ReferralId,
            acting_as: Grantee<T::AccountId>,
            record: RecordId,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_return_result(who, subject, id, acting_as, record)
        }

        /// Close a referral; all its access ends.
        ///
        /// ## Dispatch origin
        ///
        /// Signed by an account that acts now as who referred, or as who accepted.
        ///
        /// ## Errors
        ///
        /// - [`Error::ReferralNotFound`], [`Error::AlreadyClosed`]: there is nothing to close.
        /// - [`Error::NotParty`], [`Error::NotActingAs`]: the caller has no part in it.
        ///
        /// ## Events
        ///
        /// [`Event::Closed`].
        #[pallet::call_index(5)]
        #[pallet::weight((T::WeightInfo::close(), DispatchClass::Operational))]
        pub fn close(
            origin: OriginFor<T>,
            subject: PersonId,
            id: ReferralId,
            acting_as: Grantee<T::AccountId>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_close(subject, id, Some((who, acting_as)))
        }

        /// Close a referral of one's own; all its access ends.
        ///
        /// ## Dispatch origin
        ///
        /// The person, also when suspended or expired ([`Config::RevokeOrigin`]).
        ///
        /// ## Errors
        ///
        /// [`Error::ReferralNotFound`], [`Error::AlreadyClosed`]: there is nothing to close.
        ///
        /// ## Events
        ///
        /// [`Event::Closed`].
        #[pallet::call_index(6)]
        #[pallet::weight((T::WeightInfo::close_own(), DispatchClass::Operational))]
        pub fn close_own(origin: OriginFor<T>, id: ReferralId) -> DispatchResult {
            let person = T::RevokeOrigin::ensure_origin(origin)?;
            Self::do_close(person, id, None)
        }

        /// Remove a referral that has been over for [`Config::Grace`]: ended, or its access expired.
        ///
        /// ## Dispatch origin
        ///
        /// Signed by anybody.
        ///
        /// ## Errors
        ///
        /// - [`Error::ReferralNotFound`]: there is no such referral.
        /// - [`Error::NotOver`]: it must stay.
        ///
        /// ## Events
        ///
        /// [`Event::Removed`].
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::remove())]
        pub fn remove(origin: OriginFor<T>, subject: PersonId, id: ReferralId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_remove(subject, id)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A referral of a person.
        pub fn referral(person: PersonId, id: ReferralId) -> Option<Referral<T::AccountId>> {
            Referrals::<T>::get(person, id)
        }

        /// Referrals of a person that were not removed.
        pub fn referrals_of(person: PersonId) -> Vec<(ReferralId, Referral<T::AccountId>)> {
            Referrals::<T>::iter_prefix(person).collect()
        }
    }
}
