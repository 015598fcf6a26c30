//! Records: commitments to sealed bytes that vaults store, shared and paid in one call.
//!
//! | who | may |
//! | --- | --- |
//! | the controller of a permitted institution | `share`, `share_batch` about a person who lets it write; `supersede` what the institution shared |
//! | the controller of a valid person | the same about themself |
//! | `PersonOrigin`, the record's subject | `reject` |
//!
//! Invariants: every record is in the file of its subject and no other; it names at least
//! `MinReceipts` regions, rising; a superseded record names one of the same subject and block.
//!
//! It asks regions for vault keys, institutions and people for standing, blocks for schemas and
//! weights, consents for write consent and epoch, and has shares paid by
//! [`RewardOnShare`](kanglian_traits::RewardOnShare). It gives
//! [`RecordInspect`](kanglian_traits::RecordInspect), its check of receipts to public works
//! ([`ReceiptCheck`](kanglian_traits::ReceiptCheck)), and [`Pallet::check_share`] to the runtime API
//! that vaults ask before they take bytes.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod impls;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use kanglian_primitives::{
        Amount, Author, BusinessBlockId, FilePage, Instant, KeyEpoch, MAX_RECEIPTS, PersonId,
        RecordFacts, RecordId, RegionCode, SchemaId,
    };
    use kanglian_traits::{
        BlockInspect, ConsentInspect, InstitutionInspect, PersonInspect, PersonView, RegionInspect,
        RewardOnShare,
    };

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<Hash = sp_core::H256> {
        /// Provinces and the keys of their vaults.
        type Regions: RegionInspect<Self::AccountId>;

        /// Permitted institutions.
        type Institutions: InstitutionInspect<Self::AccountId>;

        /// Valid persons.
        type People: PersonInspect<Self::AccountId>;

        /// Business blocks and schemas.
        type Blocks: BlockInspect;

        /// Write consents and scope keys.
        type Consents: ConsentInspect<Self::AccountId>;

        /// Pays for shares.
        type Reward: RewardOnShare<Self::AccountId>;

        /// The time in milliseconds.
        type Clock: Time<Moment = Instant>;

        /// Signed by the controller of a valid person.
        type PersonOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = PersonView<Self::AccountId>>;

        /// Fewest regions that must say they store a record.
        #[pallet::constant]
        type MinReceipts: Get<u32>;

        /// Most sealed bytes of a record.
        #[pallet::constant]
        type MaxSize: Get<u64>;

        /// Most readings in a batch.
        #[pallet::constant]
        type MaxBatch: Get<u32>;

        /// Weights of calls.
        type WeightInfo: WeightInfo;

        /// Gives scope keys and write consents in benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: kanglian_traits::OnAttested;
    }

    /// Every record ever shared.
    // Identity: the key is a hash that the storing vaults have computed themselves.
    #[pallet::storage]
    pub type Records<T: Config> =
        StorageMap<_, Identity, RecordId, Record<T::AccountId>, OptionQuery>;

    /// Which records are about whom.
    // Blake2: the chain cannot check how a person's identifier was made. Identity: as above.
    #[pallet::storage]
    pub type FileOf<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, PersonId, Identity, RecordId, (), OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A record was shared.
        Shared {
            /// The record.
            record: RecordId,
            /// Whose it is.
            subject: PersonId,
            /// Who made it.
            author: Author,
            /// The business block.
            block: BusinessBlockId,
            /// The schema of the content.
            schema: SchemaId,
            /// The subject's home region.
            region: RegionCode,
            /// Sealed bytes.
            size: u64,
            /// Readings in it; 1 unless it is a batch.
            count: u32,
            /// What the share paid, all parties together.
            paid: Amount,
        },
        /// A record took the place of another.
        Superseded {
            /// The older record.
            old: RecordId,
            /// The record in its place.
            record: RecordId,
            /// Whose both are.
            subject: PersonId,
            /// Who made both.
            author: Author,
            /// The business block of both.
            block: BusinessBlockId,
            /// The schema of the newer content.
            schema: SchemaId,
            /// The subject's home region.
            region: RegionCode,
            /// Sealed bytes.
            size: u64,
        },
        /// The subject rejected a record.
        Rejected {
            /// The record.
            record: RecordId,
            /// Whose it is.
            subject: PersonId,
            /// Who made it.
            author: Author,
            /// What came back of the reward, all parties together.
            returned: Amount,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The size is zero or above `MaxSize`. Name the sealed bytes, or split the content.
        SizeOutOfRange,
        /// The count is zero or above `MaxBatch`. Name the readings, or make several batches.
        CountOutOfRange,
        /// Fewer than `MinReceipts` receipts. Upload to another region's vault.
        TooFewReceipts,
        /// Two receipts are from one region. Send one a region.
        DuplicateRegion,
        /// A receipt no longer counts at this height. Ask the vault for a fresh one.
        ReceiptExpired,
        /// A receipt claims to count for longer than receipts may. Ask the vault for another.
        ReceiptTooLong,
        /// A receipt is from a region that is unknown or suspended. Use another region's vault.
        RegionNotActive,
        /// The subject's home region is active and none of the receipts is from there. Upload to
        /// its vault too.
        HomeReceiptMissing,
        /// A signature is not the region's vault's over exactly this share on this chain. Ask the
        /// vault for a receipt with these facts.
        ReceiptNotGenuine,
        /// The schema does not exist or is retired. Use a current schema.
        SchemaNotOpen,
        /// The schema belongs to another business block. Use one of this block.
        SchemaOfOtherBlock,
        /// The business block does not exist, is retired, or takes public works only. Use another.
        BlockNotOpen,
        /// The account speaks for no permitted institution and no valid person, or the institution
        /// is not permitted in this business block. Renew or extend the permit.
        NotActingAs,
        /// The subject is unknown, expired or suspended. Have the identity renewed.
        SubjectNotActive,
        /// The subject gave this author no right to write into the block; a person may write about
        /// themself only. Ask the subject for a write consent.
        NoWriteConsent,
        /// The epoch is not that of the subject's published scope key for the block, or there is
        /// none. Seal for the current key.
        WrongKeyEpoch,
        /// The record is on chain already. Nothing to do.
        AlreadyShared,
        /// No such record. Check the identifier.
        NotFound,
        /// Another author made the record. Only its author puts a new one in its place.
        NotAuthor,
        /// The record is rejected or superseded. Supersede the current one.
        NotCurrent,
        /// The record is about somebody else. Only its subject rejects it.
        NotSubject,
        /// The record is rejected already. Nothing to do.
        AlreadyRejected,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                (1..=MAX_RECEIPTS).contains(&T::MinReceipts::get()),
                "MinReceipts must be 1 to MAX_RECEIPTS"
            );
            assert!(T::MaxSize::get() > 0, "MaxSize must be above zero");
            assert!(T::MaxBatch::get() > 0, "MaxBatch must be above zero");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Shares a record that vaults store, and pays for it.
        ///
        /// The author is the permitted institution the account speaks for, else the person.
        ///
        /// ## Dispatch origin
        /// Signed, by the controller of a permitted institution or of the subject.
        ///
        /// ## Errors
        /// `SizeOutOfRange`, `TooFewReceipts`, `DuplicateRegion`, `ReceiptExpired`,
        /// `ReceiptTooLong`, `RegionNotActive`, `HomeReceiptMissing`, `ReceiptNotGenuine`,
        /// `SchemaNotOpen`, `SchemaOfOtherBlock`, `BlockNotOpen`, `NotActingAs`,
        /// `SubjectNotActive`, `NoWriteConsent`, `WrongKeyEpoch`, `AlreadyShared`.
        ///
        /// ## Events
        /// `Shared`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::share(receipts.len().try_into().unwrap_or(MAX_RECEIPTS)))]
        pub fn share(
            origin: OriginFor<T>,
            subject: PersonId,
            block: BusinessBlockId,
            schema: SchemaId,
            record: RecordId,
            size: u64,
            epoch: KeyEpoch,
            receipts: Receipts,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let count = 1;
            Self::do_share(
                who,
                Submission { subject, block, schema, record, size, epoch, receipts, count },
            )
        }

        /// Shares many readings as one record, and pays once for it.
        ///
        /// ## Dispatch origin
        /// Signed, by the controller of a permitted institution or of the subject.
        ///
        /// ## Errors
        /// `CountOutOfRange`, and those of `share`.
        ///
        /// ## Events
        /// `Shared`.
        #[pallet::call_index(1)]
        #[pallet::weight(
            T::WeightInfo::share_batch(receipts.len().try_into().unwrap_or(MAX_RECEIPTS))
        )]
        pub fn share_batch(
            origin: OriginFor<T>,
            subject: PersonId,
            block: BusinessBlockId,
            schema: SchemaId,
            record: RecordId,
            size: u64,
            epoch: KeyEpoch,
            receipts: Receipts,
            count: u32,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            ensure!((1..=T::MaxBatch::get()).contains(&count), Error::<T>::CountOutOfRange);
            Self::do_share(
                who,
                Submission { subject, block, schema, record, size, epoch, receipts, count },
            )
        }

        /// Puts a record in the place of an older one of the same subject, block and author. Both
        /// stay readable. Pays nothing.
        ///
        /// ## Dispatch origin
        /// Signed, by the controller of the older record's author.
        ///
        /// ## Errors
        /// `NotFound`, `NotCurrent`, `NotAuthor`, and those of `share`.
        ///
        /// ## Events
        /// `Superseded`.
        #[pallet::call_index(2)]
        #[pallet::weight(
            T::WeightInfo::supersede(receipts.len().try_into().unwrap_or(MAX_RECEIPTS))
        )]
        pub fn supersede(
            origin: OriginFor<T>,
            old: RecordId,
            schema: SchemaId,
            record: RecordId,
            size: u64,
            epoch: KeyEpoch,
            receipts: Receipts,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_supersede(who, old, schema, record, size, epoch, receipts)
        }

        /// Rejects a record in the subject's name, for good. What it paid goes back.
        ///
        /// ## Dispatch origin
        /// `PersonOrigin`, the record's subject.
        ///
        /// ## Errors
        /// `NotFound`, `NotSubject`, `AlreadyRejected`.
        ///
        /// ## Events
        /// `Rejected`.
        #[pallet::call_index(3)]
        // Regions that were settled pay from their pan-centres' accounts; the benchmark cannot bring
        // that about.
        #[pallet::weight(T::WeightInfo::reject().saturating_add(
            T::DbWeight::get().reads_writes(MAX_RECEIPTS.into(), MAX_RECEIPTS.into())
        ))]
        pub fn reject(origin: OriginFor<T>, record: RecordId) -> DispatchResult {
            let person = T::PersonOrigin::ensure_origin(origin)?;
            Self::do_reject(person, record)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// One record.
        pub fn record(id: RecordId) -> Option<RecordFacts> {
            Records::<T>::get(id).map(|record| record.facts(id))
        }

        /// A page of a person's file, rising by identifier, from the one after the cursor, then of
        /// the files of linked ids. `limit` is cut to 1 … `MAX_PAGE`.
        pub fn file_of(person: PersonId, cursor: Option<RecordId>, limit: u32) -> FilePage {
            Self::page(person, cursor, limit)
        }
    }
}
