//! Consents: who may read what of a person's records, for which purpose, until when.
//!
//! A person gives *terms* to a grantee: business blocks, purposes, a time, a range of record dates,
//! and how often they may be given on. Whoever holds terms may give a part of them on, two levels
//! deep at most; a child names its parent and ends with it. Beside reading, a person lets
//! institutions write, and publishes the scope keys that records are sealed to. Vaults anchor the
//! roots of their access logs here.
//!
//! # Who may call what
//!
//! | call | who |
//! | --- | --- |
//! | `grant`, `allow_writing`, `rotate_scope_key` | the person ([`Config::PersonOrigin`]) |
//! | `revoke`, `revoke_linked` | the person, also when suspended or expired ([`Config::RevokeOrigin`]) |
//! | `delegate`, `renounce` | an account that acts as the grantee that holds the terms |
//! | `anchor_access_log` | a region's vault ([`Config::VaultOrigin`]) |
//!
//! # Invariants
//!
//! - Terms identifiers rise within a (person, grantee) and are never used twice.
//! - A child is within its parent: blocks, purposes, both date ranges, and one delegation less.
//! - A restricted block stands alone in the terms that name it.
//! - A scope key's epoch rises by one; a published key is never of low order.
//! - An access log only grows, and each root is proved to continue the one before (RFC 6962).
//!
//! # Asks of others, gives to others
//!
//! Asks [`PersonInspect`], [`InstitutionInspect`] and [`BlockInspect`], and [`EmergencyInspect`] when
//! a practitioner names an emergency: it opens the emergency summary and nothing else. Gives
//! [`ConsentInspect`], [`OnAttested`] and [`TermsGiver`](kanglian_traits::TermsGiver). Standing is
//! judged at the instant of use, for the reader, for the subject and for everybody through whom delegated terms came.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod decide;
mod giving;
mod impls;
#[cfg(test)]
mod mock;
mod refusals;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, EncryptionKey, Grantee, Hash32, Instant, InstitutionId,
    KeyEpoch, PersonId, RegionCode, TermsId,
};
#[cfg(feature = "runtime-benchmarks")]
use kanglian_traits::RegionInspect;
use kanglian_traits::{
    BlockInspect, EmergencyInspect, InstitutionInspect, PersonInspect, PersonView,
};

use frame_support::pallet_macros::import_section;

#[import_section(refusals::refusals)]
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

        /// The registry of institutions.
        type Institutions: InstitutionInspect<Self::AccountId>;

        /// The registry of business blocks.
        type Blocks: BlockInspect;

        /// Emergencies that open a person's emergency summary.
        type Emergencies: EmergencyInspect<Self::AccountId>;

        /// A person who gives and ends consents.
        type PersonOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonView<Self::AccountId>>;

        /// Whoever may take terms back: the account that speaks for a person, whatever the
        /// identity's standing.
        type RevokeOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonId>;

        /// A region's vault.
        type VaultOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = RegionCode>;

        /// Longest time ahead, in milliseconds, at which terms or a write consent may end.
        #[pallet::constant]
        type MaxTerm: Get<Instant>;

        /// Most terms that a grantee holds of one person.
        #[pallet::constant]
        type MaxTermsPerGrantee: Get<u32>;

        /// The registry of provinces; benchmarks set regions up with it.
        #[cfg(feature = "runtime-benchmarks")]
        type Regions: RegionInspect<Self::AccountId>;
    }

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// How often terms may be given on, one below the other.
        fn max_delegation() -> u8 {
            MAX_DELEGATION
        }

        /// Furthest that a terms identifier may run ahead of the last one and of the clock.
        fn max_id_lead() -> u64 {
            MAX_ID_LEAD
        }
    }

    /// Terms by person and grantee. Files stay when their terms are gone: they remember the last
    /// identifier.
    // Blake2: grantees, and to a degree persons, are chosen by whoever sends the call.
    #[pallet::storage]
    pub type Grants<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        PersonId,
        Blake2_128Concat,
        Grantee<T::AccountId>,
        GrantFile<T>,
        OptionQuery,
    >;

    /// Which institutions may write into which blocks of a person.
    // Blake2: both keys are chosen by whoever sends the call.
    #[pallet::storage]
    pub type WriteConsents<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        PersonId,
        Blake2_128Concat,
        InstitutionId,
        WriteConsent,
        OptionQuery,
    >;

    /// Scope keys that records are sealed to, by person and block.
    // Blake2 for the person, as above; block numbers are few and fixed by governance.
    #[pallet::storage]
    pub type ScopeKeys<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        PersonId,
        Twox64Concat,
        BusinessBlockId,
        ScopeKey,
        OptionQuery,
    >;

    /// The last anchor of each vault's access log.
    // Twox: regions are few and fixed by governance.
    #[pallet::storage]
    pub type AccessLogs<T: Config> =
        StorageMap<_, Twox64Concat, RegionCode, AccessLog, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A person gave terms.
        Granted {
            /// The person.
            person: PersonId,
            /// To whom.
            grantee: Grantee<T::AccountId>,
            /// What.
            terms: TermsOf<T>,
        },
        /// A grantee gave a part of its terms on.
        Delegated {
            /// Whose records.
            person: PersonId,
            /// Who gave them on.
            by: Grantee<T::AccountId>,
            /// To whom.
            grantee: Grantee<T::AccountId>,
            /// What; the parent is named there.
            terms: TermsOf<T>,
        },
        /// A person ended terms, and whatever was given on from them.
        Revoked {
            /// The person.
            person: PersonId,
            /// Who held them.
            grantee: Grantee<T::AccountId>,
            /// Which terms.
            id: TermsId,
        },
        /// A grantee gave terms back, and ended whatever was given on from them.
        Renounced {
            /// Whose records.
            person: PersonId,
            /// Who held them.
            grantee: Grantee<T::AccountId>,
            /// Which terms.
            id: TermsId,
        },
        /// A person let an institution write; it replaces what was allowed before.
        WritingAllowed {
            /// The person.
            person: PersonId,
            /// Who may write.
            institution: InstitutionId,
            /// Into which blocks.
            blocks: BusinessBlockSet,
            /// Until when.
            until: Instant,
        },
        /// A person no longer lets an institution write.
        WritingEnded {
            /// The person.
            person: PersonId,
            /// Who might write until now.
            institution: InstitutionId,
        },
        /// Enrolment published first scope keys and gave the attester its write consent.
        Enrolled {
            /// The person.
            person: PersonId,
            /// Blocks with a scope key of epoch 0.
            key_blocks: BusinessBlockSet,
            /// The attesting institution.
            attester: InstitutionId,
            /// Blocks it may write into; none when it may not write.
            write_blocks: BusinessBlockSet,
            /// Until when it may write.
            write_until: Instant,
        },
        /// A person published a scope key of a new epoch.
        ScopeKeyRotated {
            /// The person.
            person: PersonId,
            /// The block.
            block: BusinessBlockId,
            /// The new epoch.
            epoch: KeyEpoch,
            /// The new key.
            key: EncryptionKey,
            /// How many bundles of scope secrets were sealed again.
            resealed: u32,
        },
        /// A vault anchored its access log.
        AccessLogAnchored {
            /// The vault's region.
            region: RegionCode,
            /// Lines in the log.
            size: u64,
            /// Root of the log's tree.
            root: Hash32,
        },
        /// Terms ended with what they were given for: a referral was rejected or is over.
        Ended {
            /// Whose records.
            person: PersonId,
            /// Who held them.
            grantee: Grantee<T::AccountId>,
            /// Which terms.
            id: TermsId,
        },
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxTerm::get() > 0, "terms must be able to last");
            assert!(T::MaxTermsPerGrantee::get() > 0, "a grantee must be able to hold terms");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Give a grantee terms to read the caller's records.
        ///
        /// Terms of the grantee that have expired make room.
        ///
        /// ## Dispatch origin
        /// The person ([`Config::PersonOrigin`]).
        ///
        /// ## Errors
        /// - [`Error::ParentGiven`], [`Error::NoBlocks`], [`Error::BlockNotOpen`],
        ///   [`Error::RestrictedNotAlone`], [`Error::NoPurposes`],
        ///   [`Error::PurposeNotGrantable`], [`Error::EmptyPeriod`], [`Error::AlreadyOver`],
        ///   [`Error::TooLong`], [`Error::EmptyRecordRange`], [`Error::DelegatesTooDeep`]: the
        ///   terms are not well formed.
        /// - [`Error::IdNotRising`], [`Error::IdTooFarAhead`]: the identifier does not follow.
        /// - [`Error::TooManyTerms`]: the grantee's file is full.
        ///
        /// ## Events
        /// [`Event::Granted`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::grant(terms.blocks.0.count_ones()))]
        pub fn grant(
            origin: OriginFor<T>,
            grantee: Grantee<T::AccountId>,
            terms: TermsOf<T>,
        ) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?;
            Self::do_grant(person.id, grantee, terms)
        }

        /// Give a part of terms on that the caller holds, acting as their grantee.
        ///
        /// ## Dispatch origin
        /// Signed by an account that acts as `acting_as` now.
        ///
        /// ## Errors
        /// - [`Error::NotActingAs`], [`Error::SubjectNotActive`], [`Error::GranteeNotInStanding`]:
        ///   standing is missing.
        /// - [`Error::ParentMissing`], [`Error::ParentNotInForce`], [`Error::MayNotDelegate`],
        ///   [`Error::BeyondParent`]: the parent does not carry the child.
        /// - All errors of [`Pallet::grant`] but [`Error::ParentGiven`].
        ///
        /// ## Events
        /// [`Event::Delegated`].
        #[pallet::call_index(1)]
        #[pallet::weight(
            T::WeightInfo::delegate(terms.blocks.0.count_ones())
                .saturating_add(Pallet::<T>::weight_of_acting(acting_as))
                .saturating_add(Pallet::<T>::weight_of_acting(grantee))
        )]
        pub fn delegate(
            origin: OriginFor<T>,
            subject: PersonId,
            acting_as: Grantee<T::AccountId>,
            grantee: Grantee<T::AccountId>,
            terms: TermsOf<T>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_delegate(&who, subject, acting_as, grantee, terms)
        }

        /// End terms that the caller gave, or that were given on from them, at once.
        ///
        /// ## Dispatch origin
        /// The person, also when suspended or expired ([`Config::RevokeOrigin`]).
        ///
        /// ## Errors
        /// - [`Error::TermsNotFound`]: the grantee holds no such terms.
        ///
        /// ## Events
        /// [`Event::Revoked`].
        #[pallet::call_index(2)]
        #[pallet::weight((T::WeightInfo::revoke(), DispatchClass::Operational))]
        pub fn revoke(
            origin: OriginFor<T>,
            grantee: Grantee<T::AccountId>,
            id: TermsId,
        ) -> DispatchResult {
            let person = T::RevokeOrigin::ensure_origin(origin)?;
            Self::end_terms(person, &grantee, id)?;
            Self::deposit_event(Event::Revoked { person, grantee, id });
            Ok(())
        }

        /// Give terms back, acting as their grantee.
        ///
        /// ## Dispatch origin
        /// Signed by an account that acts as `acting_as` now.
        ///
        /// ## Errors
        /// - [`Error::NotActingAs`]: the account does not act as the grantee.
        /// - [`Error::TermsNotFound`]: the grantee holds no such terms.
        ///
        /// ## Events
        /// [`Event::Renounced`].
        #[pallet::call_index(3)]
        #[pallet::weight((
            T::WeightInfo::renounce()
                .saturating_add(Pallet::<T>::weight_of_acting(acting_as)),
            DispatchClass::Operational,
        ))]
        pub fn renounce(
            origin: OriginFor<T>,
            subject: PersonId,
            acting_as: Grantee<T::AccountId>,
            id: TermsId,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            ensure!(
                Self::acts_as(&who, &acting_as, T::Clock::now()).is_some(),
                Error::<T>::NotActingAs
            );
            Self::end_terms(subject, &acting_as, id)?;
            Self::deposit_event(Event::Renounced { person: subject, grantee: acting_as, id });
            Ok(())
        }

        /// Let an institution write into blocks until an instant; no blocks end it at once.
        ///
        /// What was allowed before is replaced.
        ///
        /// ## Dispatch origin
        /// The person ([`Config::PersonOrigin`]).
        ///
        /// ## Errors
        /// - [`Error::BlockNotOpen`], [`Error::AlreadyOver`], [`Error::TooLong`]: not well formed.
        /// - [`Error::NoWriteConsent`]: there is nothing to end.
        ///
        /// ## Events
        /// [`Event::WritingAllowed`] or [`Event::WritingEnded`].
        #[pallet::call_index(4)]
        #[pallet::weight((
            T::WeightInfo::allow_writing(blocks.0.count_ones()),
            class_of_allow_writing(blocks),
        ))]
        pub fn allow_writing(
            origin: OriginFor<T>,
            institution: InstitutionId,
            blocks: BusinessBlockSet,
            until: Instant,
        ) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?;
            Self::do_allow_writing(person.id, institution, blocks, until)
        }

        /// Publish a scope key of the next epoch, with the new hashes of the bundles that were
        /// sealed again to the remaining grantees.
        ///
        /// ## Dispatch origin
        /// The person ([`Config::PersonOrigin`]).
        ///
        /// ## Errors
        /// - [`Error::LowOrderKey`], [`Error::BlockNotOpen`], [`Error::WrongEpoch`]: the key does
        ///   not follow.
        /// - [`Error::TermsNotFound`], [`Error::BlockNotCovered`]: a bundle does not belong.
        ///
        /// ## Events
        /// [`Event::ScopeKeyRotated`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::rotate_scope_key(resealed.len() as u32))]
        pub fn rotate_scope_key(
            origin: OriginFor<T>,
            block: BusinessBlockId,
            epoch: KeyEpoch,
            key: EncryptionKey,
            resealed: Resealed<T::AccountId>,
        ) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?;
            Self::do_rotate_scope_key(person.id, block, epoch, key, resealed)
        }

        /// Anchor the root of the calling vault's access log.
        ///
        /// The proof is the one of RFC 6962, section 2.1.2, from the anchored size to `size`, and
        /// empty for the first anchor.
        ///
        /// ## Dispatch origin
        /// A region's vault ([`Config::VaultOrigin`]); the region may be suspended.
        ///
        /// ## Errors
        /// - [`Error::LogNotGrowing`]: the log has no more lines than the anchored one.
        /// - [`Error::InconsistentLog`]: the proof does not hold.
        ///
        /// ## Events
        /// [`Event::AccessLogAnchored`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::anchor_access_log(proof.len() as u32))]
        pub fn anchor_access_log(
            origin: OriginFor<T>,
            size: u64,
            root: Hash32,
            proof: LogProof,
        ) -> DispatchResult {
            let region = T::VaultOrigin::ensure_origin(origin)?;
            Self::do_anchor_access_log(region, size, root, &proof)
        }

        /// End terms that a linked id of the caller gave (another name of the same person), at
        /// once. Its own account can revoke them too; this is for when that account's key is lost.
        ///
        /// ## Dispatch origin
        /// The person, also when suspended or expired ([`Config::RevokeOrigin`]).
        ///
        /// ## Errors
        /// - [`Error::NotLinked`]: the id is no other name of the caller's person.
        /// - [`Error::TermsNotFound`]: the grantee holds no such terms.
        ///
        /// ## Events
        /// [`Event::Revoked`], about the linked id.
        #[pallet::call_index(7)]
        #[pallet::weight((T::WeightInfo::revoke_linked(), DispatchClass::Operational))]
        pub fn revoke_linked(
            origin: OriginFor<T>,
            alias: PersonId,
            grantee: Grantee<T::AccountId>,
            id: TermsId,
        ) -> DispatchResult {
            let person = T::RevokeOrigin::ensure_origin(origin)?;
            ensure!(T::People::canonical(&alias) == person, Error::<T>::NotLinked);
            Self::end_terms(alias, &grantee, id)?;
            Self::deposit_event(Event::Revoked { person: alias, grantee, id });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Terms that a person gave or that were given on, with their grantees.
        pub fn terms_of(person: PersonId) -> Vec<(Grantee<T::AccountId>, TermsOf<T>)> {
            Grants::<T>::iter_prefix(person)
                .flat_map(|(grantee, file)| {
                    file.terms.into_iter().map(move |terms| (grantee.clone(), terms))
                })
                .collect()
        }

        /// The highest terms identifier used for this person and grantee; 0 before the first.
        pub fn last_terms_id(person: PersonId, grantee: Grantee<T::AccountId>) -> TermsId {
            Grants::<T>::get(person, grantee).map(|file| file.last_id).unwrap_or_default()
        }

        /// Institutions that a person lets write.
        pub fn write_consents_of(person: PersonId) -> Vec<(InstitutionId, WriteConsent)> {
            WriteConsents::<T>::iter_prefix(person).collect()
        }

        /// Scope keys that a person published.
        pub fn scope_keys_of(person: PersonId) -> Vec<(BusinessBlockId, ScopeKey)> {
            ScopeKeys::<T>::iter_prefix(person).collect()
        }

        /// The last anchor of a region's access log.
        pub fn access_log(region: RegionCode) -> Option<AccessLog> {
            AccessLogs::<T>::get(region)
        }
    }
}
