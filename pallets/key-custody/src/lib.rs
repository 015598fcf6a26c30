//! # Key custody
//!
//! Shares of people's secrets at custodians, recovery of lost keys, and emergency access.
//!
//! A person deals a secret in shares to *custodians*, one a region at most. Blobs (sealed shares,
//! sealed payloads) lie at the vaults; here are their hashes, the commitments that custodians check
//! their shares against, and what the custodians said. When a person has lost the keys, an
//! institution opens a *recovery*; pan-centres approve after a check of their own, a delay runs in
//! which the old key can veto, and after execution custodians hand their shares over to the new
//! key. In an *emergency* a physician opens the emergency summary, and nothing else, for a few
//! hours; the region's pan-centre must review it.
//!
//! ## Who may call what
//!
//! | call | who |
//! | --- | --- |
//! | `set_custodian`, `remove_custodian` | the pan-centre of an active region |
//! | `deal` | the person |
//! | `acknowledge`, `complain`, `hand_over`, `rotate_key` | the custodian of an active region |
//! | `open_recovery`, `withdraw_recovery` | controller of a permitted institution |
//! | `approve_recovery` | the pan-centre of an active region |
//! | `veto_recovery` | the account that speaks for the person, whatever the standing |
//! | `record_hearing`, `dismiss_recovery` | the pan-centre of the home region, or governance |
//! | `open_emergency`, `close_emergency` | a physician of a permitted institution |
//! | `review_emergency` | the pan-centre of the institution's region, or governance |
//! | `execute_recovery`, `collect_coins`, `escalate_emergency`, `prune_case` | any signed account |
//!
//! ## Invariants
//!
//! - A person has at most one pending recovery, and while it pends the old key acts no more.
//! - A recovery is executed only with approvals of at least its bar of active regions, two of them
//!   other than the opening institution's, after its delay, and while the institution is permitted.
//! - A veto is taken once for each recovery, until it is executed.
//! - Coins leave the old account neither while a recovery pends nor after its execution, which moves
//!   them to the new one.
//! - Shares are handed over only in an executed recovery or an open emergency, once by each
//!   custodian, and always of the dealing that was in force when the case began to count.
//! - Every emergency waits for its review until it has one.
//!
//! ## What it asks of and gives to others
//!
//! Asks [`RegionInspect`], [`PersonInspect`] and [`InstitutionInspect`] about standing; has
//! [`RecoverPerson`] freeze, thaw and recover an identity and [`SuspendPractitioner`] stop a
//! practitioner; freezes coins through [`Config::Currency`]. Gives [`RecoveryInspect`](kanglian_traits::RecoveryInspect) and
//! [`EmergencyInspect`](kanglian_traits::EmergencyInspect).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod coins;
mod custodians;
mod dealing;
mod emergency;
mod fetch;
mod impls;
#[cfg(test)]
mod mock;
mod outcomes;
mod recovery;
mod state;
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

use frame_support::pallet_macros::import_section;
use kanglian_primitives::{
    CaseRef, ComplaintReason, Custodian, Dealing, DealingTerms, DealingView, DealtScope, Emergency,
    EmergencyId, EmergencyNote, EmergencyReason, EncryptionKey, Hash32, Instant, InstitutionId,
    PerCustodian, PersonId, Recovery, RecoveryId, RecoveryStatus, RegionCode, ReviewOutcome,
    WaitingPart,
};
use kanglian_traits::{
    InstitutionInspect, InstitutionView, PersonInspect, PersonView, RecoverPerson, RegionInspect,
    SuspendPractitioner,
};

#[import_section(state::state)]
#[import_section(outcomes::outcomes)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{Time, fungible},
    };
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::traits::{IdentifyAccount, Verify};

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Why coins are frozen.
    #[pallet::composite_enum]
    pub enum FreezeReason {
        /// The account's key may be in other hands: a recovery pends or was executed.
        #[codec(index = 0)]
        Recovery,
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Appoints the region's custodian, or gives it another account or key. What was sealed to
        /// another key counts no more.
        ///
        /// ## Dispatch origin
        /// [`Config::PanCentreOrigin`].
        ///
        /// ## Errors
        /// [`Error::LowOrderKey`], [`Error::AccountTaken`], [`Error::PanCentreAccount`],
        /// [`Error::Unchanged`], [`Error::TooManyRegions`].
        ///
        /// ## Events
        /// [`Event::CustodianSet`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set_custodian())]
        pub fn set_custodian(
            origin: OriginFor<T>,
            account: T::AccountId,
            key: EncryptionKey,
        ) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_set_custodian(region, account, key)
        }

        /// Ends the region's custodian. Its parts count no more.
        ///
        /// ## Dispatch origin
        /// [`Config::PanCentreOrigin`].
        ///
        /// ## Errors
        /// [`Error::NoCustodian`].
        ///
        /// ## Events
        /// [`Event::CustodianRemoved`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::remove_custodian())]
        pub fn remove_custodian(origin: OriginFor<T>) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_remove_custodian(region)
        }

        /// Commits to shares of a secret. It replaces the caller's former dealing of this scope.
        ///
        /// ## Dispatch origin
        /// [`Config::PersonOrigin`].
        ///
        /// ## Errors
        /// [`Error::TooFewCustodians`], [`Error::WrongThreshold`], [`Error::WrongCommitments`],
        /// [`Error::PartsNotRising`], [`Error::NoCustodian`].
        ///
        /// ## Events
        /// [`Event::Dealt`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::deal(count(&terms.parts)))]
        pub fn deal(
            origin: OriginFor<T>,
            scope: DealtScope,
            terms: DealingTerms,
        ) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?;
            Self::do_deal(person.id, scope, terms)
        }

        /// Says that the caller's share opens and matches the commitments, and that the sealed
        /// payload is at the vaults. Possible after a complaint that they were missing, too.
        ///
        /// ## Dispatch origin
        /// Signed by the custodian of an active region.
        ///
        /// ## Errors
        /// [`Error::NotCustodian`], [`Error::DealingUnknown`], [`Error::DealingReplaced`],
        /// [`Error::NoPart`], [`Error::KeyChanged`], [`Error::AlreadyAnswered`].
        ///
        /// ## Events
        /// [`Event::Acknowledged`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::acknowledge())]
        pub fn acknowledge(
            origin: OriginFor<T>,
            person: PersonId,
            scope: DealtScope,
            number: u32,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_acknowledge(&who, person, scope, number)
        }

        /// Names a bad dealing. Possible after an acknowledgement, when the share was lost.
        ///
        /// ## Dispatch origin
        /// Signed by the custodian of an active region.
        ///
        /// ## Errors
        /// As `acknowledge`.
        ///
        /// ## Events
        /// [`Event::Complained`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::complain())]
        pub fn complain(
            origin: OriginFor<T>,
            person: PersonId,
            scope: DealtScope,
            number: u32,
            reason: ComplaintReason,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_complain(&who, person, scope, number, reason)
        }

        /// Asks that new keys speak for a person whom the institution has identified again.
        ///
        /// The new controller's signature is over `kanglian/recovery/v1` with person, institution
        /// and new keys. It may be wrapped in `<Bytes>`. From now on the old key can only veto and
        /// take rights from others, and no coins leave its account. A pending recovery whose time
        /// is over, which nobody approved within the delay, or whose institution is no longer
        /// permitted, gives way.
        ///
        /// ## Dispatch origin
        /// [`Config::InstitutionOrigin`].
        ///
        /// ## Errors
        /// [`Error::PersonUnknown`], [`Error::PersonClosed`], [`Error::PersonSuspended`],
        /// [`Error::LowOrderKey`], [`Error::AccountInUse`], [`Error::BadSignature`],
        /// [`Error::CoolingDown`], [`Error::RecoveryPending`], [`Error::TooManyRecoveries`].
        ///
        /// ## Events
        /// [`Event::RecoveryOpened`]; [`Event::RecoveryEnded`] for one that gives way.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::open_recovery())]
        pub fn open_recovery(
            origin: OriginFor<T>,
            person: PersonId,
            new_controller: T::AccountId,
            new_data_key: EncryptionKey,
            reseal_key: EncryptionKey,
            signature: T::OffchainSignature,
        ) -> DispatchResult {
            let opener = T::InstitutionOrigin::ensure_origin(origin)?;
            let keys = NewKeys { controller: new_controller, data_key: new_data_key, reseal_key };
            Self::do_open_recovery(opener, person, keys, signature)
        }

        /// Approves a recovery, after a check of the pan-centre's own. Once for each region.
        ///
        /// ## Dispatch origin
        /// [`Config::PanCentreOrigin`].
        ///
        /// ## Errors
        /// [`Error::RecoveryUnknown`], [`Error::NotPending`], [`Error::Expired`],
        /// [`Error::HearingMissing`], [`Error::AlreadyApproved`].
        ///
        /// ## Events
        /// [`Event::RecoveryApproved`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::approve_recovery())]
        pub fn approve_recovery(origin: OriginFor<T>, id: RecoveryId) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::do_approve_recovery(region, id)
        }

        /// Contests a recovery with the old key: approvals are void, one more is needed, the delay
        /// runs anew, and nothing goes on before a hearing is recorded. Once for each recovery,
        /// until it is executed.
        ///
        /// ## Dispatch origin
        /// [`Config::ControllerOrigin`]: the person's present account.
        ///
        /// ## Errors
        /// [`Error::RecoveryUnknown`], [`Error::OtherPerson`], [`Error::AlreadyContested`],
        /// [`Error::NotPending`], [`Error::Expired`].
        ///
        /// ## Events
        /// [`Event::RecoveryContested`].
        #[pallet::call_index(7)]
        #[pallet::weight((T::WeightInfo::veto_recovery(), DispatchClass::Operational))]
        pub fn veto_recovery(origin: OriginFor<T>, id: RecoveryId) -> DispatchResult {
            let person = T::ControllerOrigin::ensure_origin(origin)?;
            Self::do_veto_recovery(person, id)
        }

        /// Records that both sides of a contested recovery were heard; approvals count from now on.
        ///
        /// ## Dispatch origin
        /// The pan-centre of the person's home region, or [`Config::AdminOrigin`].
        ///
        /// ## Errors
        /// [`Error::RecoveryUnknown`], [`Error::OtherRegion`], [`Error::NotContested`],
        /// [`Error::Expired`], [`Error::HearingRecorded`].
        ///
        /// ## Events
        /// [`Event::HearingRecorded`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::record_hearing())]
        pub fn record_hearing(
            origin: OriginFor<T>,
            id: RecoveryId,
            protocol: Hash32,
        ) -> DispatchResult {
            let region = Self::ensure_office(origin)?;
            Self::do_record_hearing(region, id, protocol)
        }

        /// Ends a recovery and names its institution, which may open none about this person for
        /// the cool-down. The old key acts again.
        ///
        /// ## Dispatch origin
        /// The pan-centre of the person's home region, or [`Config::AdminOrigin`].
        ///
        /// ## Errors
        /// [`Error::RecoveryUnknown`], [`Error::OtherRegion`], [`Error::NotPending`].
        ///
        /// ## Events
        /// [`Event::RecoveryEnded`].
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::dismiss_recovery())]
        pub fn dismiss_recovery(origin: OriginFor<T>, id: RecoveryId) -> DispatchResult {
            let region = Self::ensure_office(origin)?;
            Self::do_dismiss_recovery(region, id)
        }

        /// Takes back a recovery. After a veto the cool-down follows.
        ///
        /// ## Dispatch origin
        /// [`Config::InstitutionOrigin`]: the institution that opened it.
        ///
        /// ## Errors
        /// [`Error::RecoveryUnknown`], [`Error::OtherInstitution`], [`Error::NotPending`].
        ///
        /// ## Events
        /// [`Event::RecoveryEnded`].
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::withdraw_recovery())]
        pub fn withdraw_recovery(origin: OriginFor<T>, id: RecoveryId) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_withdraw_recovery(institution.id, id)
        }

        /// Lets the new keys speak for the person. The old key has no right left; terms stay, coins
        /// go to the new account.
        ///
        /// ## Dispatch origin
        /// Signed by anyone. The new account need not pay for it.
        ///
        /// ## Errors
        /// [`Error::RecoveryUnknown`], [`Error::NotPending`], [`Error::Expired`],
        /// [`Error::DelayNotOver`], [`Error::NotEnoughApprovals`],
        /// [`Error::InstitutionNotPermitted`], and what the registry of real names refuses: a
        /// closed or suspended person, an account in use.
        ///
        /// ## Events
        /// [`Event::CoinsMoved`] when there were any; [`Event::RecoveryExecuted`].
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::execute_recovery())]
        pub fn execute_recovery(origin: OriginFor<T>, id: RecoveryId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_execute_recovery(id)
        }

        /// Names the caller's share, sealed again for a case's receiver. Once for each case.
        ///
        /// ## Dispatch origin
        /// Signed by the custodian of an active region.
        ///
        /// ## Errors
        /// [`Error::NotCustodian`], [`Error::RecoveryUnknown`], [`Error::EmergencyUnknown`],
        /// [`Error::NotExecuted`], [`Error::EmergencyOver`], [`Error::NoPart`],
        /// [`Error::KeyChanged`], [`Error::AlreadyHandedOver`].
        ///
        /// ## Events
        /// [`Event::HandedOver`].
        #[pallet::call_index(12)]
        #[pallet::weight((T::WeightInfo::hand_over(), DispatchClass::Operational))]
        pub fn hand_over(origin: OriginFor<T>, case: CaseRef, blob: Hash32) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_hand_over(&who, case, blob)
        }

        /// Opens a person's emergency summary to the caller, acting as a physician of the
        /// institution, for 1 to [`Config::MaxEmergencyHours`] hours. The pan-centre reviews it.
        ///
        /// ## Dispatch origin
        /// Signed by an active physician of that permitted institution.
        ///
        /// ## Errors
        /// [`Error::WrongHours`], [`Error::NotPhysician`], [`Error::PersonNotValid`],
        /// [`Error::NotAnswerable`], [`Error::TooManyEmergencies`], [`Error::AlreadyOpen`],
        /// [`Error::ReviewsOutstanding`], [`Error::TooManyCases`].
        ///
        /// ## Events
        /// [`Event::EmergencyOpened`].
        #[pallet::call_index(13)]
        #[pallet::weight((T::WeightInfo::open_emergency(), DispatchClass::Operational))]
        pub fn open_emergency(
            origin: OriginFor<T>,
            person: PersonId,
            acting_as: InstitutionId,
            reason: EmergencyReason,
            hours: u8,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_open_emergency(who, person, acting_as, reason, hours)
        }

        /// Records what the review of an emergency found. Abuse ends it at once and suspends the
        /// practitioner; otherwise it lasts until its end.
        ///
        /// ## Dispatch origin
        /// The pan-centre of the institution's region, or [`Config::AdminOrigin`].
        ///
        /// ## Errors
        /// [`Error::EmergencyUnknown`], [`Error::OtherRegion`], [`Error::AlreadyReviewed`].
        ///
        /// ## Events
        /// [`Event::EmergencyReviewed`].
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::review_emergency())]
        pub fn review_emergency(
            origin: OriginFor<T>,
            id: EmergencyId,
            outcome: ReviewOutcome,
        ) -> DispatchResult {
            let region = Self::ensure_office(origin)?;
            Self::do_review_emergency(region, id, outcome)
        }

        /// Names the pan-centre whose review of an emergency is overdue. Once for each emergency.
        ///
        /// ## Dispatch origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// [`Error::EmergencyUnknown`], [`Error::AlreadyReviewed`], [`Error::NotOverdue`],
        /// [`Error::AlreadyEscalated`].
        ///
        /// ## Events
        /// [`Event::EmergencyEscalated`].
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::escalate_emergency())]
        pub fn escalate_emergency(origin: OriginFor<T>, id: EmergencyId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_escalate_emergency(id)
        }

        /// Ends an emergency early. It is still reviewed.
        ///
        /// ## Dispatch origin
        /// Signed by the practitioner who opened it.
        ///
        /// ## Errors
        /// [`Error::EmergencyUnknown`], [`Error::OtherPractitioner`], [`Error::EmergencyOver`].
        ///
        /// ## Events
        /// [`Event::EmergencyClosed`].
        #[pallet::call_index(16)]
        #[pallet::weight((T::WeightInfo::close_emergency(), DispatchClass::Operational))]
        pub fn close_emergency(origin: OriginFor<T>, id: EmergencyId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_close_emergency(&who, id)
        }

        /// Ends a pending recovery whose time is over, or removes a case that ended long ago.
        ///
        /// ## Dispatch origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// [`Error::RecoveryUnknown`], [`Error::EmergencyUnknown`], [`Error::TooEarly`].
        ///
        /// ## Events
        /// [`Event::RecoveryEnded`] or [`Event::CasePruned`].
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::prune_case())]
        pub fn prune_case(origin: OriginFor<T>, case: CaseRef) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_prune_case(case)
        }

        /// Gives the caller another key to deal to, as after a breach or in due time. Unlike with
        /// `set_custodian`, what was sealed to the former key counts on: the caller keeps it.
        ///
        /// ## Dispatch origin
        /// Signed by the custodian of an active region.
        ///
        /// ## Errors
        /// [`Error::NotCustodian`], [`Error::LowOrderKey`], [`Error::AccountTaken`],
        /// [`Error::Unchanged`], [`Error::TooManyRegions`].
        ///
        /// ## Events
        /// [`Event::CustodianKeyRotated`].
        #[pallet::call_index(19)]
        #[pallet::weight(T::WeightInfo::rotate_key())]
        pub fn rotate_key(origin: OriginFor<T>, key: EncryptionKey) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_rotate_key(&who, key)
        }

        /// Moves what reached the old account of an executed recovery since, such as a deposit that
        /// was given back, to the account that speaks for the person now. When that is the old one
        /// again, its coins are free.
        ///
        /// ## Dispatch origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// [`Error::NotLost`], [`Error::PersonUnknown`], [`Error::NothingToCollect`].
        ///
        /// ## Events
        /// [`Event::CoinsMoved`] or [`Event::AccountFound`].
        #[pallet::call_index(18)]
        #[pallet::weight(T::WeightInfo::collect_coins())]
        pub fn collect_coins(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_collect_coins(&account)
        }
    }

    /// How many are in a list.
    fn count<V, S>(list: &BoundedVec<V, S>) -> u32 {
        u32::try_from(list.len()).unwrap_or(u32::MAX)
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
