//! Guardians (监护人) and proxies (委托代理人): who acts for a person, in what, and until when.
//!
//! An institution attests a guardian, who signs; the ward's own key, the pan-centre or the council
//! confirms it. A person gives a proxy a scope. Both act through `act_for`, which makes a call in
//! the person's name; what may be made so is a list of single calls, so that nothing is hidden in
//! it.
//!
//! # Who may call what
//!
//! | call | who |
//! | --- | --- |
//! | `attest_guardian` | a permitted institution in the ward's home region, with the guardian's signature |
//! | `confirm_guardian`, `end_guardianship` | the pan-centre of the ward's home region; the council, alone where a court has judged |
//! | `take_over` | a permitted institution in the ward's home region, with the new account's signature |
//! | `appoint_proxy` | the person ([`Config::PersonOrigin`]), unless a guardian holds the keys |
//! | `revoke_proxy` | the person, also when suspended or expired ([`Config::RevokeOrigin`]) |
//! | `renounce_proxy` | the proxy |
//! | `act_for` | a guardian, or a proxy within its scope |
//!
//! # Invariants
//!
//! - Nobody acts for another by a guardianship that is not confirmed, or by anything that is over:
//!   judged at the instant of use.
//! - What is done for a person ends with the mandate of who did it, or earlier.
//! - A guardian is nobody's ward, and nobody's own guardian or proxy.
//! - Keys that a guardian's client holds stop acting with the guardianship.
//!
//! # Asks of others, gives to others
//!
//! Asks [`PersonInspect`], [`RecoverPerson`] and [`HoldKeys`] of the registry of real names,
//! [`RecoveryInspect`] whether the keys are being recovered, [`TermsGiver`] for the terms by which a
//! proxy reads, and [`ActInspect`] what a call does. Gives [`WardInspect`](kanglian_traits::WardInspect),
//! and [`Pallet::capacity`] to the runtime API that vaults ask.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod guardians;
#[cfg(test)]
mod mock;
mod proxies;
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
    Action, ActionSet, BusinessBlockSet, Capacity, EncryptionKey, GuardianBasis, Guardianship,
    Instant, InstitutionId, PersonId, Proxyship, RegionCode, Terms,
};
use kanglian_traits::{
    ActInspect, HoldKeys, InstitutionView, PersonInspect, PersonView, RecoverPerson,
    RecoveryInspect, TermsGiver,
};
#[cfg(feature = "runtime-benchmarks")]
use kanglian_traits::{InstitutionInspect, RegionInspect};

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::{boxed::Box, vec::Vec};
    use frame_support::{
        dispatch::{GetDispatchInfo, PostDispatchInfo},
        pallet_prelude::*,
        traits::Time,
    };
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::traits::{Dispatchable, IdentifyAccount, Verify};

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<Hash = H256> {
        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// Calls that are made for others.
        type RuntimeCall: Parameter
            + Dispatchable<RuntimeOrigin = Self::RuntimeOrigin, PostInfo = PostDispatchInfo>
            + GetDispatchInfo;

        /// What such a call does.
        type Acts: ActInspect<<Self as Config>::RuntimeCall>;

        /// A permitted institution.
        type InstitutionOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionView<Self::AccountId>>;

        /// A person whose identity is valid.
        type PersonOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonView<Self::AccountId>>;

        /// The account that speaks for a person, whatever the identity's standing.
        type RevokeOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonId>;

        /// The pan-centre of an active region.
        type PanCentreOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = RegionCode>;

        /// Governance, which alone confirms and ends what a court has judged.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The registry of real names.
        type People: PersonInspect<Self::AccountId> + RecoverPerson<Self::AccountId> + HoldKeys;

        /// Recoveries of keys.
        type Recoveries: RecoveryInspect;

        /// Gives and ends the terms by which a proxy reads.
        type Terms: TermsGiver<Self::AccountId>;

        /// The chain's clock, in milliseconds since the Unix epoch.
        type Clock: Time<Moment = Instant>;

        /// A signature that an account makes outside of extrinsics.
        type OffchainSignature: Verify<Signer = Self::OffchainPublic> + Parameter;

        /// The public key behind such a signature.
        type OffchainPublic: IdentifyAccount<AccountId = Self::AccountId>;

        /// Longest time ahead, in milliseconds, at which a guardianship may end.
        #[pallet::constant]
        type MaxGuardianTerm: Get<Instant>;

        /// Longest time ahead, in milliseconds, at which a proxy's mandate may end.
        #[pallet::constant]
        type MaxProxyTerm: Get<Instant>;

        /// Provinces, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Regions: RegionInspect<Self::AccountId>;

        /// Institutions, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Institutions: InstitutionInspect<Self::AccountId>;

        /// Sets the time and gives a call, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::BenchmarkHelper<<Self as Config>::RuntimeCall>;
    }

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// Most guardians of one ward.
        fn max_guardians() -> u32 {
            MAX_GUARDIANS
        }

        /// Most proxies of one person.
        fn max_proxies() -> u32 {
            MAX_PROXIES
        }
    }

    /// Guardians of a ward; also those that are over, until others need the room or the ward has
    /// taken over.
    // Blake2: the attesting institution hands the identifier in.
    #[pallet::storage]
    pub type Wards<T: Config> = StorageMap<_, Blake2_128Concat, PersonId, Ward, ValueQuery>;

    /// Proxies of a person; also those that have expired, until others need the room.
    // Blake2: as above.
    #[pallet::storage]
    pub type Proxies<T: Config> = StorageMap<_, Blake2_128Concat, PersonId, ProxyList, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An institution attested a guardian.
        GuardianAttested {
            /// The ward.
            ward: PersonId,
            /// The guardian.
            guardian: PersonId,
            /// The institution that saw the papers.
            institution: InstitutionId,
            /// Why.
            basis: GuardianBasis,
            /// Until when.
            until: Instant,
            /// Whether the guardian's client holds the ward's keys.
            holds_keys: bool,
            /// Whether it counts already.
            confirmed: bool,
        },
        /// A guardianship was confirmed and counts.
        GuardianConfirmed {
            /// The ward.
            ward: PersonId,
            /// The guardian.
            guardian: PersonId,
            /// The region whose pan-centre confirmed it; none for the council.
            by: Option<RegionCode>,
        },
        /// A guardianship was ended.
        GuardianshipEnded {
            /// The ward.
            ward: PersonId,
            /// Who was guardian.
            guardian: PersonId,
            /// The region whose pan-centre ended it; none for the council.
            by: Option<RegionCode>,
        },
        /// A ward took the own rights over with new keys.
        TakenOver {
            /// The person.
            ward: PersonId,
            /// The institution that saw the person and the document.
            institution: InstitutionId,
            /// The account that speaks for the person from now on.
            controller: T::AccountId,
        },
        /// A person appointed a proxy.
        ProxyAppointed {
            /// The person.
            person: PersonId,
            /// The mandate.
            mandate: Proxyship,
        },
        /// A proxy's mandate was ended.
        ProxyEnded {
            /// The person.
            person: PersonId,
            /// Who was proxy.
            proxy: PersonId,
            /// Whether the proxy gave it back; else the person took it.
            renounced: bool,
        },
        /// A call was made for a person; its own events stand before this one.
        ActedFor {
            /// The person.
            person: PersonId,
            /// Who made it.
            by: PersonId,
            /// As what.
            capacity: Capacity,
            /// What kind of call.
            action: Action,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// A person is neither the own guardian nor the own proxy. Name somebody else.
        OwnSelf,
        /// The ward is unknown, expired or suspended, or the keys are not the ward's any more.
        WardNotActive,
        /// The guardian is unknown, expired or suspended.
        GuardianNotActive,
        /// The guardian has a guardian. Somebody with full capacity must do it.
        GuardianIsWard,
        /// The ward's home is in another region. Ask an office of that region.
        OutsideRegion,
        /// The end is past or now. Choose a later one.
        EndsInPast,
        /// The end lies further ahead than allowed. Choose an earlier one.
        TooLong,
        /// The end of a minor's guardianship is not a whole number of steps
        /// (`COMING_OF_AGE_STEP`), and would tell the birthday. Round it up.
        TellsBirthday,
        /// The person is this ward's guardian already. End that first.
        GuardianKnown,
        /// The ward has as many guardians as can be. End one.
        TooManyGuardians,
        /// The signature is not the account's over this payload on this chain. Sign exactly what
        /// the call says.
        BadSignature,
        /// The person is not this ward's guardian.
        GuardianUnknown,
        /// The guardianship counts already.
        AlreadyConfirmed,
        /// The guardianship is over.
        AlreadyOver,
        /// A court has judged. The council must vote.
        NeedsVote,
        /// No guardian holds the person's keys. Rotate them, or recover them.
        KeysNotHeld,
        /// The guardian's time is not over, and the person is not about to come of age.
        TooEarly,
        /// A recovery of the keys is pending. Let it end first.
        RecoveryPending,
        /// The account speaks for a person already. Use another one.
        AccountInUse,
        /// A guardian holds the person's keys and passes nothing on.
        HeldByGuardian,
        /// The proxy is unknown, expired or suspended.
        ProxyNotActive,
        /// The mandate names no action. Name at least one.
        NoActions,
        /// An action is a guardian's only. Leave it out.
        NotForProxies,
        /// The mandate names no business block. Name at least one.
        NoBlocks,
        /// The person is a proxy already. Revoke that first.
        ProxyKnown,
        /// The person has as many proxies as can be. Revoke one.
        TooManyProxies,
        /// Reading is among the actions and no terms are given, or the other way round.
        TermsDoNotFit,
        /// The terms go beyond the mandate in blocks or end, or may be given on. Narrow them.
        TermsBeyondMandate,
        /// The person is no proxy.
        ProxyUnknown,
        /// The call cannot be made for somebody else.
        CallNotAllowed,
        /// The account's person is neither guardian nor proxy of this one, or that is over,
        /// revoked, or not confirmed.
        NotActingFor,
        /// The proxy's mandate does not name this action.
        ActionBeyondMandate,
        /// The call is about business blocks that the proxy's mandate does not name.
        BlocksBeyondMandate,
        /// What the call gives would outlast the mandate of who makes it. Choose an earlier end.
        OutlastsMandate,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxGuardianTerm::get() > 0, "guardianships must be able to last");
            assert!(T::MaxProxyTerm::get() > 0, "mandates must be able to last");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Attest that somebody is a person's guardian.
        ///
        /// The guardian's account signs `kanglian/guardian/v1` with the fields given here, the
        /// institution, and the number that follows the ward's last one. For a minor, the ward's
        /// own account may sign the same; then the guardianship counts at once. Else it waits to be
        /// confirmed. Signatures may be wrapped in `<Bytes>`.
        ///
        /// ## Dispatch origin
        /// A permitted institution in the ward's home region.
        ///
        /// ## Errors
        /// `OwnSelf`, `WardNotActive`, `GuardianNotActive`, `GuardianIsWard`, `OutsideRegion`,
        /// `EndsInPast`, `TooLong`, `TellsBirthday`, `GuardianKnown`, `TooManyGuardians`,
        /// `BadSignature`.
        ///
        /// ## Events
        /// `GuardianAttested`
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::attest_guardian())]
        pub fn attest_guardian(
            origin: OriginFor<T>,
            ward: PersonId,
            guardian: PersonId,
            basis: GuardianBasis,
            until: Instant,
            holds_keys: bool,
            guardian_signature: T::OffchainSignature,
            ward_signature: Option<T::OffchainSignature>,
        ) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            let signatures = (guardian_signature, ward_signature);
            let body = Self::body(ward, guardian, &institution, basis, until, holds_keys);
            Self::do_attest_guardian(institution, body, signatures)
        }

        /// Let an attested guardianship count.
        ///
        /// ## Dispatch origin
        /// The pan-centre of the ward's home region, or governance (`AdminOrigin`); governance alone
        /// where a court has judged.
        ///
        /// ## Errors
        /// `WardNotActive`, `GuardianUnknown`, `NeedsVote`, `OutsideRegion`, `AlreadyConfirmed`,
        /// `AlreadyOver`.
        ///
        /// ## Events
        /// `GuardianConfirmed`
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::confirm_guardian())]
        pub fn confirm_guardian(
            origin: OriginFor<T>,
            ward: PersonId,
            guardian: PersonId,
        ) -> DispatchResult {
            let by = Self::ensure_office(origin)?;
            Self::do_confirm_guardian(by, ward, guardian)
        }

        /// End a guardianship at once. Keys that the guardian's client holds stop acting.
        ///
        /// ## Dispatch origin
        /// As `confirm_guardian`.
        ///
        /// ## Errors
        /// `WardNotActive`, `GuardianUnknown`, `NeedsVote`, `OutsideRegion`, `AlreadyOver`.
        ///
        /// ## Events
        /// `GuardianshipEnded`
        #[pallet::call_index(2)]
        #[pallet::weight((T::WeightInfo::end_guardianship(), DispatchClass::Operational))]
        pub fn end_guardianship(
            origin: OriginFor<T>,
            ward: PersonId,
            guardian: PersonId,
        ) -> DispatchResult {
            let by = Self::ensure_office(origin)?;
            Self::do_end_guardianship(by, ward, guardian)
        }

        /// Let a ward whose keys a guardian's client holds take the own rights over, with new keys.
        /// The guardian is not asked.
        ///
        /// The new account signs `kanglian/take-over/v1` with ward, old and new account, data key
        /// and institution. It may be wrapped in `<Bytes>`.
        ///
        /// ## Dispatch origin
        /// A permitted institution in the ward's home region, which has seen the person and the
        /// document.
        ///
        /// ## Errors
        /// `WardNotActive`, `OutsideRegion`, `KeysNotHeld`, `TooEarly`, `RecoveryPending`,
        /// `AccountInUse`, `BadSignature`, and what the registry of real names refuses.
        ///
        /// ## Events
        /// `TakenOver`
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::take_over())]
        pub fn take_over(
            origin: OriginFor<T>,
            ward: PersonId,
            new: T::AccountId,
            data_key: EncryptionKey,
            signature: T::OffchainSignature,
        ) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_take_over(institution, ward, new, data_key, signature)
        }

        /// Appoint a proxy.
        ///
        /// When reading is among the actions, `terms` are given to the proxy's person, and end with
        /// the mandate.
        ///
        /// ## Dispatch origin
        /// The person ([`Config::PersonOrigin`]).
        ///
        /// ## Errors
        /// `OwnSelf`, `HeldByGuardian`, `ProxyNotActive`, `NoActions`, `NotForProxies`, `NoBlocks`,
        /// `EndsInPast`, `TooLong`, `ProxyKnown`, `TooManyProxies`, `TermsDoNotFit`,
        /// `TermsBeyondMandate`, and what the consents say of the terms.
        ///
        /// ## Events
        /// `ProxyAppointed`
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::appoint_proxy())]
        pub fn appoint_proxy(
            origin: OriginFor<T>,
            proxy: PersonId,
            blocks: BusinessBlockSet,
            actions: ActionSet,
            until: Instant,
            terms: Option<Terms<T::AccountId>>,
        ) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?;
            Self::do_appoint_proxy(person.id, proxy, blocks, actions, until, terms)
        }

        /// Take a proxy's mandate back at once, and the terms that came with it.
        ///
        /// ## Dispatch origin
        /// The person, also when suspended or expired ([`Config::RevokeOrigin`]).
        ///
        /// ## Errors
        /// `ProxyUnknown`.
        ///
        /// ## Events
        /// `ProxyEnded`
        #[pallet::call_index(5)]
        #[pallet::weight((T::WeightInfo::revoke_proxy(), DispatchClass::Operational))]
        pub fn revoke_proxy(origin: OriginFor<T>, proxy: PersonId) -> DispatchResult {
            let person = T::RevokeOrigin::ensure_origin(origin)?;
            Self::do_end_proxy(person, proxy, false)
        }

        /// Give a mandate back.
        ///
        /// ## Dispatch origin
        /// The account that speaks for the proxy, whatever the identity's standing.
        ///
        /// ## Errors
        /// `ProxyUnknown`.
        ///
        /// ## Events
        /// `ProxyEnded`
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::revoke_proxy())]
        pub fn renounce_proxy(origin: OriginFor<T>, person: PersonId) -> DispatchResult {
            let proxy = T::RevokeOrigin::ensure_origin(origin)?;
            Self::do_end_proxy(person, proxy, true)
        }

        /// Make a call for a person, in the person's name.
        ///
        /// ## Dispatch origin
        /// Signed by the account of a person who is the other's guardian or proxy now.
        ///
        /// ## Errors
        /// `CallNotAllowed`, `NotActingFor`, `ActionBeyondMandate`, `BlocksBeyondMandate`,
        /// `OutlastsMandate`, `WardNotActive`, and the call's own.
        ///
        /// ## Events
        /// The call's, then `ActedFor`
        #[pallet::call_index(7)]
        #[pallet::weight({
            let info = call.get_dispatch_info();
            // The call is looked into with at most two reads.
            let own = T::WeightInfo::act_for().saturating_add(T::DbWeight::get().reads(2));
            (own.saturating_add(info.total_weight()), info.class)
        })]
        pub fn act_for(
            origin: OriginFor<T>,
            person: PersonId,
            call: Box<<T as Config>::RuntimeCall>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            Self::do_act_for(who, person, *call)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Guardianships of a ward, also those that are over or not confirmed.
        pub fn guardians_of(ward: PersonId) -> Vec<Guardianship> {
            Wards::<T>::get(ward).guardians.into_inner()
        }

        /// Proxies of a person, also those whose mandate has expired.
        pub fn proxies_of(person: PersonId) -> Vec<Proxyship> {
            Proxies::<T>::get(person).into_inner()
        }

        /// As what the account may do this for the person at `now`.
        pub fn acts_for(
            who: T::AccountId,
            person: PersonId,
            action: Action,
            now: Instant,
        ) -> Option<Capacity> {
            Self::capacity(&who, &person, action, now)
        }
    }
}
