//! Authorisation codes (用户授权码): terms for whoever holds a code that the person handed out.
//!
//! A code is the seed of a one-time key pair. The chain knows its public key, the terms it gives,
//! how many grantees may redeem it and until when. Redeeming is signed with the code's key over the
//! redeeming account and the grantee, so that nothing can be guessed off chain, a signature seen in
//! the pool serves nobody else, and none counts on another chain.
//!
//! # Who may call what
//!
//! | call | who |
//! | --- | --- |
//! | `issue_code` | the person ([`Config::PersonOrigin`]) |
//! | `cancel_code` | the person, also when suspended or expired ([`Config::RevokeOrigin`]) |
//! | `redeem_code` | an account that acts as a practitioner or for a care team, with the code |
//! | `adopt_bundle` | the account that redeemed, for the same grantee |
//! | `remove_code` | anybody, when the code has been over for a while |
//!
//! # Invariants
//!
//! - A code gives terms at most `uses` times, and once to a grantee.
//! - A code that is cancelled, used up or over gives nothing any more.
//! - A person has at most [`Config::MaxOpenCodes`] codes that could still be redeemed or have only
//!   just expired.
//!
//! # Asks of others, gives to others
//!
//! Asks [`PersonInspect`], and [`TermsGiver`] to give the terms. Gives nothing. Terms outlive their
//! code: cancelling a code ends no terms, revoking does.

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
use kanglian_primitives::{CodeKey, Grantee, Hash32, Instant, PersonId, TermsId, TermsTemplate};
#[cfg(feature = "runtime-benchmarks")]
use kanglian_traits::{InstitutionInspect, RegionInspect};
use kanglian_traits::{PersonInspect, PersonView, TermsGiver};

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use sp_core::H256;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<Hash = H256> {
        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// The chain's clock, in milliseconds since the Unix epoch.
        type Clock: Time<Moment = Instant>;

        /// The registry of real names.
        type People: PersonInspect<Self::AccountId>;

        /// Gives the terms.
        type Terms: TermsGiver<Self::AccountId>;

        /// A person who issues codes.
        type PersonOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonView<Self::AccountId>>;

        /// Whoever may cancel codes: the account that speaks for a person, whatever the identity's
        /// standing.
        type RevokeOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonId>;

        /// Most codes of a person that are open.
        #[pallet::constant]
        type MaxOpenCodes: Get<u32>;

        /// Longest life of a code, in milliseconds from its issue.
        #[pallet::constant]
        type MaxLife: Get<Instant>;

        /// Longest validity of a redeeming signature, in milliseconds from now.
        #[pallet::constant]
        type MaxSignatureLife: Get<Instant>;

        /// How long a code stays after its expiry, in milliseconds: whoever redeemed it late can
        /// still adopt the bundle.
        #[pallet::constant]
        type Grace: Get<Instant>;

        /// Provinces, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Regions: RegionInspect<Self::AccountId>;

        /// Institutions, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Institutions: InstitutionInspect<Self::AccountId>;

        /// Sets the time for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::BenchmarkHelper;
    }

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// Most grantees that may redeem one code.
        fn max_uses() -> u32 {
            MAX_USES
        }
    }

    /// Codes by their public keys. Those that were redeemed stay until they can be removed.
    // Blake2: the person chooses the key.
    #[pallet::storage]
    pub type Codes<T: Config> =
        StorageMap<_, Blake2_128Concat, CodeKey, Code<T::AccountId>, OptionQuery>;

    /// Codes of a person that were neither cancelled nor used up nor removed.
    // Blake2: persons are to a degree chosen by whoever attests them.
    #[pallet::storage]
    pub type OpenCodes<T: Config> =
        StorageMap<_, Blake2_128Concat, PersonId, BoundedVec<CodeKey, T::MaxOpenCodes>, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A person issued a code.
        CodeIssued {
            /// The person.
            person: PersonId,
            /// The code.
            code: CodeKey,
            /// What it gives.
            template: TermsTemplate,
            /// How many grantees may redeem it.
            uses: u8,
            /// Until when.
            expires_at: Instant,
            /// BLAKE3 of the bundle that is sealed to the code.
            sealed: Hash32,
        },
        /// A person cancelled a code; terms it gave stay.
        CodeCancelled {
            /// The person.
            person: PersonId,
            /// The code.
            code: CodeKey,
        },
        /// A code was redeemed.
        CodeRedeemed {
            /// Whose records it opens.
            person: PersonId,
            /// The code.
            code: CodeKey,
            /// Who got the terms.
            grantee: Grantee<T::AccountId>,
            /// The account that redeemed.
            account: T::AccountId,
            /// Which terms.
            id: TermsId,
            /// How often the code can still be redeemed.
            uses_left: u8,
        },
        /// Whoever redeemed a code sealed the bundle again, to the grantee's own key.
        BundleAdopted {
            /// Whose records.
            person: PersonId,
            /// The code.
            code: CodeKey,
            /// The grantee.
            grantee: Grantee<T::AccountId>,
            /// BLAKE3 of the new bundle.
            bundle: Hash32,
        },
        /// A code that was over was removed.
        CodeRemoved {
            /// Whose it was.
            person: PersonId,
            /// The code.
            code: CodeKey,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The code could be redeemed by nobody. Let it have at least one use.
        NoUses,
        /// More uses than a code may have. Issue several codes.
        TooManyUses,
        /// The code's expiry is past or now. Choose a later one.
        AlreadyOver,
        /// The code's expiry is further ahead than allowed. Choose an earlier one.
        TooLong,
        /// There is a code with this key. Make a new one.
        CodeTaken,
        /// The person has as many open codes as allowed. Cancel some.
        TooManyCodes,
        /// No such code: it was never issued, is for another chain, was cancelled or removed.
        CodeNotFound,
        /// The code is another person's.
        NotIssuer,
        /// The person cancelled the code. Ask for a new one.
        Cancelled,
        /// The code has expired. Ask for a new one.
        Expired,
        /// As many grantees as were allowed have redeemed the code. Ask for a new one.
        UsedUp,
        /// Codes are for practitioners and care teams. Ask the person for a grant.
        GranteeNotEligible,
        /// The account is not what it claims to act as, or that is expired or suspended.
        NotActingAs,
        /// The person is unknown, expired or suspended.
        SubjectNotActive,
        /// The grantee has redeemed this code before.
        AlreadyRedeemed,
        /// The redeeming signature is over, or counts for longer than allowed. Sign again.
        SignatureOver,
        /// The signature is not by the code's key over this redemption on this chain.
        SignatureNotGenuine,
        /// The account did not redeem the code for this grantee.
        NotRedeemer,
        /// The code is not over for as long as it must be before it is removed. Wait.
        NotOver,
        /// The code's key is a point of small order, under which anybody signs. Make a new one.
        SmallOrderKey,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxOpenCodes::get() > 0, "a person must be able to issue codes");
            assert!(T::MaxLife::get() > 0, "codes must be able to last");
            assert!(T::MaxSignatureLife::get() > 0, "codes must be redeemable");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Issue a code that gives terms to whoever redeems it.
        ///
        /// `sealed` names the bundle with the scope secrets, sealed to the code's encryption key.
        ///
        /// ## Dispatch origin
        ///
        /// The person ([`Config::PersonOrigin`]).
        ///
        /// ## Errors
        ///
        /// - [`Error::SmallOrderKey`], [`Error::NoUses`], [`Error::TooManyUses`], [`Error::AlreadyOver`],
        ///   [`Error::TooLong`]: the code is not well formed.
        /// - [`Error::CodeTaken`], [`Error::TooManyCodes`]: there is no room for it.
        /// - What the consents say of the terms.
        ///
        /// ## Events
        ///
        /// [`Event::CodeIssued`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::issue_code(template.blocks.0.count_ones()))]
        pub fn issue_code(
            origin: OriginFor<T>,
            code: CodeKey,
            template: TermsTemplate,
            uses: u8,
            expires_at: Instant,
            sealed: Hash32,
        ) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?;
            Self::do_issue(person.id, code, template, uses, expires_at, sealed)
        }

        /// Cancel a code at once. Terms that it gave stay; revoke these.
        ///
        /// ## Dispatch origin
        ///
        /// The person, also when suspended or expired ([`Config::RevokeOrigin`]).
        ///
        /// ## Errors
        ///
        /// - [`Error::CodeNotFound`], [`Error::NotIssuer`]: there is no such code of the person.
        /// - [`Error::Cancelled`], [`Error::UsedUp`]: nobody can redeem it as it is.
        ///
        /// ## Events
        ///
        /// [`Event::CodeCancelled`].
        #[pallet::call_index(1)]
        #[pallet::weight((T::WeightInfo::cancel_code(), DispatchClass::Operational))]
        pub fn cancel_code(origin: OriginFor<T>, code: CodeKey) -> DispatchResult {
            let person = T::RevokeOrigin::ensure_origin(origin)?;
            Self::do_cancel(person, code)
        }

        /// Redeem a code: the terms go to the grantee as which the caller acts.
        ///
        /// The signature is the code's over `kanglian/code/v1` with the person, the caller, the
        /// grantee and `expires_at`.
        ///
        /// ## Dispatch origin
        ///
        /// Signed by an account that acts as `acting_as` now: a practitioner at an institution or
        /// a member of a care team.
        ///
        /// ## Errors
        ///
        /// - [`Error::CodeNotFound`], [`Error::Cancelled`], [`Error::Expired`],
        ///   [`Error::UsedUp`], [`Error::AlreadyRedeemed`]: the code gives nothing.
        /// - [`Error::GranteeNotEligible`], [`Error::NotActingAs`], [`Error::SubjectNotActive`]:
        ///   standing is missing.
        /// - [`Error::SignatureOver`], [`Error::SignatureNotGenuine`]: the signature does not count.
        /// - What the consents say of the terms.
        ///
        /// ## Events
        ///
        /// [`Event::CodeRedeemed`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::redeem_code())]
        pub fn redeem_code(
            origin: OriginFor<T>,
            code: CodeKey,
            acting_as: Grantee<T::AccountId>,
            expires_at: Instant,
            signature: [u8; 64],
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_redeem(who, code, acting_as, expires_at, signature)
        }

        /// Name the bundle that was sealed again to the grantee's own key, in the place of the
        /// code's: nobody needs the code any more to read.
        ///
        /// ## Dispatch origin
        ///
        /// Signed by the account that redeemed the code, while it acts as that grantee.
        ///
        /// ## Errors
        ///
        /// - [`Error::CodeNotFound`], [`Error::NotRedeemer`], [`Error::NotActingAs`]: the caller
        ///   has nothing to adopt.
        /// - What the consents say: the terms ended, or have another bundle already.
        ///
        /// ## Events
        ///
        /// [`Event::BundleAdopted`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::adopt_bundle())]
        pub fn adopt_bundle(
            origin: OriginFor<T>,
            code: CodeKey,
            acting_as: Grantee<T::AccountId>,
            bundle: Hash32,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_adopt(who, code, acting_as, bundle)
        }

        /// Remove a code that has been over for [`Config::Grace`].
        ///
        /// ## Dispatch origin
        ///
        /// Signed by anybody.
        ///
        /// ## Errors
        ///
        /// - [`Error::CodeNotFound`]: there is no such code.
        /// - [`Error::NotOver`]: it must stay.
        ///
        /// ## Events
        ///
        /// [`Event::CodeRemoved`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::remove_code())]
        pub fn remove_code(origin: OriginFor<T>, code: CodeKey) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_remove(code)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A code, by its key.
        pub fn code(key: CodeKey) -> Option<Code<T::AccountId>> {
            Codes::<T>::get(key)
        }

        /// Codes of a person that are open, or expired without having been removed.
        pub fn codes_of(person: PersonId) -> Vec<(CodeKey, Code<T::AccountId>)> {
            let open = OpenCodes::<T>::get(person).into_iter();
            open.filter_map(|key| Codes::<T>::get(key).map(|code| (key, code))).collect()
        }
    }
}
