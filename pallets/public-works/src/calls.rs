//! Bodies of the calls.

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, Time},
};
use kanglian_primitives::{
    Hash32, Instant, InstitutionId, Retraction, RetractionReason, SchemaId, Takedown,
    TakedownReason, WorkId,
    payloads::{self, WorkReceiptBody},
};
use kanglian_traits::{
    BlockInspect, InstitutionView, Payment, Publication, ReceiptCheck, ReceiptFault,
    RewardOnPublish,
};
use sp_runtime::DispatchError;

use crate::{
    Config, Count, Endorsement, Error, Event, Numbered, Pallet, Published, Receipts, StoredIn,
    Submission, Work, Works,
};

impl<T: Config> From<ReceiptFault> for Error<T> {
    fn from(fault: ReceiptFault) -> Self {
        match fault {
            ReceiptFault::TooFew => Self::TooFewReceipts,
            ReceiptFault::DuplicateRegion => Self::DuplicateRegion,
            ReceiptFault::Expired => Self::ReceiptExpired,
            ReceiptFault::TooLong => Self::ReceiptTooLong,
            ReceiptFault::RegionNotActive => Self::RegionNotActive,
            ReceiptFault::HomeMissing => Self::HomeReceiptMissing,
            ReceiptFault::NotGenuine => Self::ReceiptNotGenuine,
        }
    }
}

/// What a new work carries that its submission does not say.
struct Made {
    stored_in: StoredIn,
    paid: Payment,
    supersedes: Option<WorkId>,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_publish(
        author: InstitutionView<T::AccountId>,
        new: Submission,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let (stored_in, weight) = Self::check(&author, &new, now)?;
        let mut today = Self::today(&author.id, now);
        let paid = match today.rewarded < T::MaxRewardedPerDay::get() {
            true => T::Reward::reward(Publication {
                work: new.work,
                author: author.id,
                author_account: &author.controller,
                regions: &stored_in,
                weight,
            })?,
            false => Payment::default(),
        };
        today.works = today.works.saturating_add(1);
        today.rewarded = today.rewarded.saturating_add(u32::from(paid != Payment::default()));
        Published::<T>::insert(author.id, today);
        let made = Made { stored_in, paid, supersedes: None };
        let number = Self::store(&author, &new, made, now);
        Self::deposit_event(Event::Published {
            work: new.work,
            number,
            author: author.id,
            block: new.block,
            schema: new.schema,
            size: new.size,
            metadata: new.metadata,
            paid: paid.total(),
        });
        Ok(())
    }

    pub(crate) fn do_supersede(
        author: InstitutionView<T::AccountId>,
        old_id: WorkId,
        work: WorkId,
        schema: SchemaId,
        size: u64,
        metadata: Hash32,
        receipts: Receipts,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let mut old = Self::load(&old_id)?;
        ensure!(old.author == author.id, Error::<T>::NotAuthor);
        ensure!(old.is_current(), Error::<T>::NotCurrent);
        let new = Submission { work, block: old.block, schema, size, metadata, receipts };
        let (stored_in, _) = Self::check(&author, &new, now)?;
        let mut today = Self::today(&author.id, now);
        today.works = today.works.saturating_add(1);
        Published::<T>::insert(author.id, today);
        old.superseded_by = Some(work);
        Works::<T>::insert(old_id, old);
        let made = Made { stored_in, paid: Payment::default(), supersedes: Some(old_id) };
        let number = Self::store(&author, &new, made, now);
        Self::deposit_event(Event::Superseded { old: old_id, work, number, author: author.id });
        Ok(())
    }

    /// Every check of a publication, cheap ones first, signatures last. Gives the storing regions
    /// and the block's reward weight.
    fn check(
        author: &InstitutionView<T::AccountId>,
        new: &Submission,
        now: Instant,
    ) -> Result<(StoredIn, u32), Error<T>> {
        ensure!((1..=T::MaxSize::get()).contains(&new.size), Error::<T>::SizeOutOfRange);
        let Some((schema_block, block)) = T::Blocks::schema(new.schema) else {
            ensure!(T::Blocks::block(new.block).is_some(), Error::<T>::BlockNotPublic);
            return Err(Error::<T>::SchemaNotOpen);
        };
        ensure!(schema_block == new.block, Error::<T>::SchemaOfOtherBlock);
        ensure!(block.public, Error::<T>::BlockNotPublic);
        ensure!(author.blocks.contains(new.block), Error::<T>::BlockNotPermitted);
        ensure!(!Works::<T>::contains_key(new.work), Error::<T>::AlreadyPublished);
        let today = Self::today(&author.id, now);
        ensure!(today.works < T::MaxPerDay::get(), Error::<T>::TooManyToday);

        let regions =
            T::Receipts::check_receipts(&new.receipts, author.region, &|genesis, receipt| {
                let body = WorkReceiptBody {
                    region: receipt.region,
                    work: new.work,
                    size: new.size,
                    metadata: new.metadata,
                    author: author.id,
                    expires_at: receipt.expires_at,
                };
                payloads::work_receipt(genesis, &body)
            })?;
        // As many as there are receipts.
        Ok((StoredIn::truncate_from(regions), block.reward_weight))
    }

    /// Stores a work; gives its number.
    fn store(
        author: &InstitutionView<T::AccountId>,
        new: &Submission,
        made: Made,
        now: Instant,
    ) -> u64 {
        let number = Count::<T>::get();
        Count::<T>::put(number.saturating_add(1));
        Numbered::<T>::insert(number, new.work);
        Works::<T>::insert(
            new.work,
            Work {
                number,
                author: author.id,
                author_account: author.controller.clone(),
                region: author.region,
                block: new.block,
                schema: new.schema,
                size: new.size,
                metadata: new.metadata,
                published_at: now,
                paid: made.paid,
                supersedes: made.supersedes,
                superseded_by: None,
                retracted: None,
                taken_down: None,
                endorsements: Default::default(),
                stored_in: made.stored_in,
            },
        );
        number
    }

    pub(crate) fn do_endorse(by: InstitutionId, id: WorkId) -> DispatchResult {
        let mut work = Self::load(&id)?;
        // A site of the author is the author.
        ensure!(work.author.code() != by.code(), Error::<T>::OwnWork);
        ensure!(work.is_current(), Error::<T>::NotCurrent);
        ensure!(!work.endorsements.iter().any(|known| known.by == by), Error::<T>::AlreadyEndorsed);
        let at = T::Clock::now();
        work.endorsements
            .try_push(Endorsement { by, at })
            .map_err(|_| Error::<T>::TooManyEndorsements)?;
        Works::<T>::insert(id, work);
        Self::deposit_event(Event::Endorsed { work: id, by });
        Ok(())
    }

    pub(crate) fn do_withdraw_endorsement(by: InstitutionId, id: WorkId) -> DispatchResult {
        let mut work = Self::load(&id)?;
        let before = work.endorsements.len();
        work.endorsements.retain(|known| known.by != by);
        ensure!(work.endorsements.len() < before, Error::<T>::NotEndorsed);
        Works::<T>::insert(id, work);
        Self::deposit_event(Event::EndorsementWithdrawn { work: id, by });
        Ok(())
    }

    pub(crate) fn do_retract(
        author: InstitutionId,
        id: WorkId,
        reason: RetractionReason,
    ) -> DispatchResult {
        let mut work = Self::load(&id)?;
        ensure!(work.author == author, Error::<T>::NotAuthor);
        ensure!(work.retracted.is_none(), Error::<T>::AlreadyRetracted);
        let returned = Self::take_back(&mut work)?;
        work.retracted = Some(Retraction { reason, at: T::Clock::now() });
        Works::<T>::insert(id, work);
        let returned = returned.total();
        Self::deposit_event(Event::Retracted { work: id, author, reason, returned });
        Ok(())
    }

    pub(crate) fn do_take_down(id: WorkId, reason: TakedownReason) -> DispatchResult {
        let mut work = Self::load(&id)?;
        ensure!(work.taken_down.is_none(), Error::<T>::AlreadyTakenDown);
        let returned = Self::take_back(&mut work)?;
        work.taken_down = Some(Takedown { reason, at: T::Clock::now() });
        let author = work.author;
        Works::<T>::insert(id, work);
        let returned = returned.total();
        Self::deposit_event(Event::TakenDown { work: id, author, reason, returned });
        Ok(())
    }

    pub(crate) fn do_restore(id: WorkId) -> DispatchResult {
        let mut work = Self::load(&id)?;
        ensure!(work.taken_down.take().is_some(), Error::<T>::NotTakenDown);
        Works::<T>::insert(id, work);
        Self::deposit_event(Event::Restored { work: id });
        Ok(())
    }

    /// Takes back what the work paid; whatever does not come back now is given up.
    fn take_back(
        work: &mut Work<T::AccountId, T::MaxEndorsements>,
    ) -> Result<Payment, DispatchError> {
        let paid = core::mem::take(&mut work.paid);
        T::Reward::claw_back(&work.author_account, &work.stored_in, paid)
    }

    fn load(id: &WorkId) -> Result<Work<T::AccountId, T::MaxEndorsements>, Error<T>> {
        Works::<T>::get(id).ok_or(Error::<T>::NotFound)
    }
}
