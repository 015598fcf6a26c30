//! Public works (公开作品): health education and public knowledge that institutions publish unsealed.
//!
//! The bytes and a metadata document lie at provinces' vaults, where anybody finds and fetches them
//! without an account. The chain keeps whose they are, their hashes, who endorses them, and whether
//! they were superseded, retracted or taken down.
//!
//! # Who may call what
//!
//! | call | who |
//! | --- | --- |
//! | `publish` | a permitted institution ([`Config::InstitutionOrigin`]), in a public block of its own |
//! | `endorse`, `withdraw_endorsement` | another permitted institution |
//! | `supersede`, `retract` | the author, while it is permitted |
//! | `take_down`, `restore` | the regulator ([`Config::RegulatorOrigin`]) |
//!
//! # Invariants
//!
//! - A work is published once, whatever becomes of it; works are numbered without a gap.
//! - A work that is retracted, taken down, or took the place of another keeps no payment.
//! - No work is endorsed by its author, nor twice by one institution.
//! - An institution publishes at most [`Config::MaxPerDay`] works a day, and is paid for at most
//!   [`Config::MaxRewardedPerDay`] of them.
//!
//! # Asks of others, gives to others
//!
//! Asks institutions for standing, blocks for schemas and weights, [`ReceiptCheck`] whether vaults
//! store the bytes, and has publications paid by [`RewardOnPublish`]. Answers
//! [`Pallet::check_publish`] to the runtime API that vaults ask before they take bytes, and
//! [`Pallet::works`] with everybody's present standing.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod impls;
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
use kanglian_primitives::{
    Amount, BusinessBlockId, Hash32, Instant, InstitutionId, MAX_RECEIPTS, RetractionReason,
    SchemaId, TakedownReason, WorkFacts, WorkId,
};
#[cfg(feature = "runtime-benchmarks")]
use kanglian_traits::RegionInspect;
use kanglian_traits::{
    BlockInspect, InstitutionInspect, InstitutionView, ReceiptCheck, RewardOnPublish,
};

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

        /// Permitted institutions.
        type Institutions: InstitutionInspect<Self::AccountId>;

        /// Business blocks and schemas.
        type Blocks: BlockInspect;

        /// Checks the receipts of vaults.
        type Receipts: ReceiptCheck;

        /// Pays for publications.
        type Reward: RewardOnPublish<Self::AccountId>;

        /// Signed by the controller of a permitted institution.
        type InstitutionOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionView<Self::AccountId>>;

        /// The regulator.
        type RegulatorOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Most bytes of a work.
        #[pallet::constant]
        type MaxSize: Get<u64>;

        /// Most institutions that endorse a work.
        #[pallet::constant]
        type MaxEndorsements: Get<u32>;

        /// Most works that an institution publishes a day, those that supersede others among them.
        #[pallet::constant]
        type MaxPerDay: Get<u32>;

        /// Most works of an institution that are paid for a day.
        #[pallet::constant]
        type MaxRewardedPerDay: Get<u32>;

        /// Provinces, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Regions: RegionInspect<Self::AccountId>;

        /// Sets the time for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::BenchmarkHelper;
    }

    /// Every work ever published.
    // Identity: the key is a hash that the storing vaults have computed themselves.
    #[pallet::storage]
    pub type Works<T: Config> =
        StorageMap<_, Identity, WorkId, Work<T::AccountId, T::MaxEndorsements>, OptionQuery>;

    /// Works in the order of publication, from 0.
    // Twox64: the pallet's own numbers.
    #[pallet::storage]
    pub type Numbered<T: Config> = StorageMap<_, Twox64Concat, u64, WorkId, OptionQuery>;

    /// How many works were published.
    #[pallet::storage]
    pub type Count<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// What institutions published on the day they last did so.
    // Blake2: identifiers come from outside.
    #[pallet::storage]
    pub type Published<T: Config> =
        StorageMap<_, Blake2_128Concat, InstitutionId, Daily, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A work was published.
        Published {
            /// The work.
            work: WorkId,
            /// Its number in the order of publication.
            number: u64,
            /// Who published it.
            author: InstitutionId,
            /// The business block.
            block: BusinessBlockId,
            /// The schema of the content.
            schema: SchemaId,
            /// Bytes.
            size: u64,
            /// BLAKE3 of the metadata document.
            metadata: Hash32,
            /// What it paid, all parties together.
            paid: Amount,
        },
        /// A work took the place of another.
        Superseded {
            /// The older work.
            old: WorkId,
            /// The work in its place.
            work: WorkId,
            /// Its number in the order of publication.
            number: u64,
            /// Who published both.
            author: InstitutionId,
        },
        /// An institution endorses a work.
        Endorsed {
            /// The work.
            work: WorkId,
            /// Who endorses it.
            by: InstitutionId,
        },
        /// An institution no longer endorses a work.
        EndorsementWithdrawn {
            /// The work.
            work: WorkId,
            /// Who endorsed it.
            by: InstitutionId,
        },
        /// The author retracted a work.
        Retracted {
            /// The work.
            work: WorkId,
            /// Its author.
            author: InstitutionId,
            /// Why.
            reason: RetractionReason,
            /// What came back of the reward, all parties together.
            returned: Amount,
        },
        /// The regulator took a work down: vaults no longer give it out.
        TakenDown {
            /// The work.
            work: WorkId,
            /// Its author.
            author: InstitutionId,
            /// Why.
            reason: TakedownReason,
            /// What came back of the reward, all parties together.
            returned: Amount,
        },
        /// The regulator restored a work.
        Restored {
            /// The work.
            work: WorkId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The size is zero or above `MaxSize`. Name the bytes, or split the work.
        SizeOutOfRange,
        /// The schema does not exist or is retired. Use a current schema.
        SchemaNotOpen,
        /// The schema belongs to another business block. Use one of this block.
        SchemaOfOtherBlock,
        /// The business block does not exist, is retired, or takes people's records only. Use a
        /// public one.
        BlockNotPublic,
        /// The institution is not permitted in this business block. Have the permit extended.
        BlockNotPermitted,
        /// These bytes were published before, by whomever. Nothing to do, or endorse the work.
        AlreadyPublished,
        /// The institution has published `MaxPerDay` works today. Go on tomorrow.
        TooManyToday,
        /// Fewer receipts than there must be. Upload to another region's vault.
        TooFewReceipts,
        /// Two receipts are from one region. Send one a region.
        DuplicateRegion,
        /// A receipt no longer counts at this height. Ask the vault for a fresh one.
        ReceiptExpired,
        /// A receipt claims to count for longer than receipts may. Ask the vault for another.
        ReceiptTooLong,
        /// A receipt is from a region that is unknown or suspended. Use another region's vault.
        RegionNotActive,
        /// The author's region is active and none of the receipts is from there. Upload to its
        /// vault too.
        HomeReceiptMissing,
        /// A signature is not the region's vault's over exactly this work on this chain. Ask the
        /// vault for a receipt with these facts.
        ReceiptNotGenuine,
        /// No such work. Check the identifier.
        NotFound,
        /// Another institution published the work. Only its author supersedes and retracts it.
        NotAuthor,
        /// The work is superseded, retracted or taken down. Look for the current one.
        NotCurrent,
        /// The institution published the work itself, under this site number or another.
        OwnWork,
        /// The institution endorses the work already. Nothing to do.
        AlreadyEndorsed,
        /// As many institutions endorse the work as can.
        TooManyEndorsements,
        /// The institution does not endorse the work. Nothing to do.
        NotEndorsed,
        /// The work is retracted already. Nothing to do.
        AlreadyRetracted,
        /// The work is taken down already. Nothing to do.
        AlreadyTakenDown,
        /// The work is not taken down. Nothing to do.
        NotTakenDown,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxSize::get() > 0, "MaxSize must be above zero");
            assert!(T::MaxPerDay::get() > 0, "an institution must be able to publish");
            assert!(
                T::MaxRewardedPerDay::get() <= T::MaxPerDay::get(),
                "no more can be paid for than is published"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Publishes a work whose bytes and metadata lie open at vaults, and pays for it.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`, permitted in the block.
        ///
        /// ## Errors
        /// `SizeOutOfRange`, `SchemaNotOpen`, `SchemaOfOtherBlock`, `BlockNotPublic`,
        /// `BlockNotPermitted`, `AlreadyPublished`, `TooManyToday`, `TooFewReceipts`,
        /// `DuplicateRegion`, `ReceiptExpired`, `ReceiptTooLong`, `RegionNotActive`,
        /// `HomeReceiptMissing`, `ReceiptNotGenuine`.
        ///
        /// ## Events
        /// `Published`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::publish(receipts.len().try_into().unwrap_or(MAX_RECEIPTS)))]
        pub fn publish(
            origin: OriginFor<T>,
            work: WorkId,
            block: BusinessBlockId,
            schema: SchemaId,
            size: u64,
            metadata: Hash32,
            receipts: Receipts,
        ) -> DispatchResult {
            let author = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_publish(author, Submission { work, block, schema, size, metadata, receipts })
        }

        /// Puts a work in the place of an older one of the same author and block. Both stay
        /// readable. Pays nothing; endorsements stay with the older one.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`, the older work's author.
        ///
        /// ## Errors
        /// `NotFound`, `NotAuthor`, `NotCurrent`, and those of `publish`.
        ///
        /// ## Events
        /// `Superseded`.
        #[pallet::call_index(1)]
        #[pallet::weight(
            T::WeightInfo::supersede(receipts.len().try_into().unwrap_or(MAX_RECEIPTS))
        )]
        pub fn supersede(
            origin: OriginFor<T>,
            old: WorkId,
            work: WorkId,
            schema: SchemaId,
            size: u64,
            metadata: Hash32,
            receipts: Receipts,
        ) -> DispatchResult {
            let author = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_supersede(author, old, work, schema, size, metadata, receipts)
        }

        /// Endorses a work of another institution.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`, not the author.
        ///
        /// ## Errors
        /// `NotFound`, `NotCurrent`, `OwnWork`, `AlreadyEndorsed`, `TooManyEndorsements`.
        ///
        /// ## Events
        /// `Endorsed`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::endorse())]
        pub fn endorse(origin: OriginFor<T>, work: WorkId) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_endorse(institution.id, work)
        }

        /// Withdraws an endorsement, whatever has become of the work.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`, which endorsed the work.
        ///
        /// ## Errors
        /// `NotFound`, `NotEndorsed`.
        ///
        /// ## Events
        /// `EndorsementWithdrawn`.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::withdraw_endorsement())]
        pub fn withdraw_endorsement(origin: OriginFor<T>, work: WorkId) -> DispatchResult {
            let institution = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_withdraw_endorsement(institution.id, work)
        }

        /// Retracts a work, for good. It stays readable with the retraction shown; what it paid
        /// goes back.
        ///
        /// ## Dispatch origin
        /// `InstitutionOrigin`, the author.
        ///
        /// ## Errors
        /// `NotFound`, `NotAuthor`, `AlreadyRetracted`.
        ///
        /// ## Events
        /// `Retracted`.
        #[pallet::call_index(4)]
        // Regions that were settled pay from their pan-centres' accounts; the benchmark cannot bring
        // that about.
        #[pallet::weight(T::WeightInfo::retract().saturating_add(
            T::DbWeight::get().reads_writes(MAX_RECEIPTS.into(), MAX_RECEIPTS.into())
        ))]
        pub fn retract(
            origin: OriginFor<T>,
            work: WorkId,
            reason: RetractionReason,
        ) -> DispatchResult {
            let author = T::InstitutionOrigin::ensure_origin(origin)?;
            Self::do_retract(author.id, work, reason)
        }

        /// Takes a work down: vaults no longer give it out. What it paid goes back.
        ///
        /// ## Dispatch origin
        /// `RegulatorOrigin`.
        ///
        /// ## Errors
        /// `NotFound`, `AlreadyTakenDown`.
        ///
        /// ## Events
        /// `TakenDown`.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::take_down().saturating_add(
            T::DbWeight::get().reads_writes(MAX_RECEIPTS.into(), MAX_RECEIPTS.into())
        ))]
        pub fn take_down(
            origin: OriginFor<T>,
            work: WorkId,
            reason: TakedownReason,
        ) -> DispatchResult {
            T::RegulatorOrigin::ensure_origin(origin)?;
            Self::do_take_down(work, reason)
        }

        /// Restores a work that was taken down. It is not paid again.
        ///
        /// ## Dispatch origin
        /// `RegulatorOrigin`.
        ///
        /// ## Errors
        /// `NotFound`, `NotTakenDown`.
        ///
        /// ## Events
        /// `Restored`.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::restore())]
        pub fn restore(origin: OriginFor<T>, work: WorkId) -> DispatchResult {
            T::RegulatorOrigin::ensure_origin(origin)?;
            Self::do_restore(work)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The works among these, at most `MAX_PAGE`, with everybody's present standing.
        pub fn works_now(ids: Vec<WorkId>) -> Vec<WorkFacts> {
            Self::works(ids, T::Clock::now())
        }

        /// What an institution published today.
        pub fn published_today(institution: InstitutionId) -> Daily {
            Self::today(&institution, T::Clock::now())
        }
    }
}
