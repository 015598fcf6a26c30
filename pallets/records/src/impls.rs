//! Checks, sharing, rejecting and reading.

use alloc::vec::Vec;
use frame_support::{
    ensure,
    traits::{Get, Time},
};
use frame_system::pallet_prelude::BlockNumberFor;
use kanglian_primitives::{
    Author, FilePage, Hash32, Height, Instant, KeyEpoch, MAX_PAGE, MAX_RECEIPT_VALIDITY, PersonId,
    Receipt, RecordFacts, RecordId, RecordStatus, Refusal, RegionCode, SchemaId, ShareClaim,
    payloads::{self, ReceiptBody},
};
use kanglian_traits::{
    BlockInspect, BlockView, ConsentInspect, InstitutionInspect, Payment, PersonInspect,
    PersonView, ReceiptCheck, ReceiptFault, RecordInspect, RegionInspect, RewardOnShare, Share,
};
use sp_core::ed25519;
use sp_runtime::{DispatchResult, SaturatedConversion, traits::Zero};

use crate::{
    Checked, Config, Error, Event, FileOf, Pallet, Receipts, Record, Records, StoredIn, Submission,
    Writer,
};

impl<T: Config> From<Refusal> for Error<T> {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound => Self::NotFound,
            Refusal::NotActingAs => Self::NotActingAs,
            Refusal::NoConsent | Refusal::NoWriteConsent => Self::NoWriteConsent,
            Refusal::SubjectNotActive => Self::SubjectNotActive,
            Refusal::WrongKeyEpoch => Self::WrongKeyEpoch,
            Refusal::AlreadyShared => Self::AlreadyShared,
            Refusal::BlockNotOpen => Self::BlockNotOpen,
        }
    }
}

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

impl<T: Config> ReceiptCheck for Pallet<T> {
    fn check_receipts(
        receipts: &[Receipt],
        home: RegionCode,
        payload: &dyn Fn(&Hash32, &Receipt) -> Vec<u8>,
    ) -> Result<Vec<RegionCode>, ReceiptFault> {
        let regions = Self::check_shape(receipts)?;
        Self::check_genuine(receipts, home, payload)?;
        Ok(regions)
    }
}

impl<T: Config> Pallet<T> {
    /// Whether a share with these facts would be accepted from the account now; size, schema and
    /// receipts aside.
    pub fn check_share(
        account: &T::AccountId,
        claim: &ShareClaim,
        now: Instant,
    ) -> Result<(), Refusal> {
        let writer = Self::writer(account, now).ok_or(Refusal::NotActingAs)?;
        Self::check_claim(&writer, claim, T::Blocks::block(claim.block), now).map(|_| ())
    }

    /// As what the account shares: the permitted institution it speaks for, else the valid person.
    fn writer(who: &T::AccountId, now: Instant) -> Option<Writer<T::AccountId>> {
        T::Institutions::acting(who, now)
            .map(Writer::Institution)
            .or_else(|| T::People::acting(who, now).map(Writer::Person))
    }

    /// The checks that `share` and vaults have in common. Gives the subject.
    fn check_claim(
        writer: &Writer<T::AccountId>,
        claim: &ShareClaim,
        block: Option<BlockView>,
        now: Instant,
    ) -> Result<PersonView<T::AccountId>, Refusal> {
        ensure!(writer.author() == claim.author, Refusal::NotActingAs);
        ensure!(block.is_some_and(|block| !block.public), Refusal::BlockNotOpen);
        let subject = match writer {
            Writer::Institution(institution) => {
                ensure!(institution.blocks.contains(claim.block), Refusal::NotActingAs);
                let subject =
                    T::People::valid(&claim.subject, now).ok_or(Refusal::SubjectNotActive)?;
                ensure!(
                    T::Consents::may_write(&claim.subject, &institution.id, claim.block, now),
                    Refusal::NoWriteConsent
                );
                subject
            },
            Writer::Person(person) => {
                ensure!(person.id == claim.subject, Refusal::NoWriteConsent);
                PersonView {
                    id: person.id,
                    controller: person.controller.clone(),
                    home_region: person.home_region,
                }
            },
        };
        let epoch = T::Consents::scope_epoch(&claim.subject, claim.block);
        ensure!(epoch == Some(claim.epoch), Refusal::WrongKeyEpoch);
        ensure!(!Records::<T>::contains_key(claim.record), Refusal::AlreadyShared);
        Ok(subject)
    }

    /// Every check of a share, cheap ones first, signatures last.
    fn check(
        who: &T::AccountId,
        new: &Submission,
        author: Option<Author>,
        now: Instant,
    ) -> Result<Checked<T::AccountId>, Error<T>> {
        ensure!((1..=T::MaxSize::get()).contains(&new.size), Error::<T>::SizeOutOfRange);
        // As many as there are receipts.
        let stored_in = StoredIn::truncate_from(Self::check_shape(&new.receipts)?);

        let Some((schema_block, block)) = T::Blocks::schema(new.schema) else {
            ensure!(T::Blocks::block(new.block).is_some(), Error::<T>::BlockNotOpen);
            return Err(Error::<T>::SchemaNotOpen);
        };
        ensure!(schema_block == new.block, Error::<T>::SchemaOfOtherBlock);

        let writer = Self::writer(who, now).ok_or(Error::<T>::NotActingAs)?;
        let claim = new.claim(writer.author());
        ensure!(author.is_none_or(|author| author == claim.author), Error::<T>::NotAuthor);
        let subject = Self::check_claim(&writer, &claim, Some(block), now)?;

        Self::check_genuine(&new.receipts, subject.home_region, |genesis, receipt| {
            let body = ReceiptBody {
                region: receipt.region,
                record: claim.record,
                size: claim.size,
                subject: claim.subject,
                author: claim.author,
                epoch: claim.epoch,
                expires_at: receipt.expires_at,
            };
            payloads::receipt(genesis, &body)
        })?;
        Ok(Checked { author: claim.author, subject, stored_in, weight: block.reward_weight })
    }

    /// Number, regions and heights of receipts. Gives the regions, rising.
    fn check_shape(receipts: &[Receipt]) -> Result<Vec<RegionCode>, ReceiptFault> {
        let enough = usize::try_from(T::MinReceipts::get()).unwrap_or(usize::MAX);
        ensure!(receipts.len() >= enough, ReceiptFault::TooFew);

        let height: Height = frame_system::Pallet::<T>::block_number().saturated_into();
        let latest = height.saturating_add(MAX_RECEIPT_VALIDITY);
        for receipt in receipts {
            ensure!(receipt.expires_at > height, ReceiptFault::Expired);
            ensure!(receipt.expires_at <= latest, ReceiptFault::TooLong);
        }

        let mut regions: Vec<RegionCode> = receipts.iter().map(|receipt| receipt.region).collect();
        regions.sort_unstable();
        let twice = regions.iter().zip(regions.iter().skip(1)).any(|(one, next)| one == next);
        ensure!(!twice, ReceiptFault::DuplicateRegion);
        Ok(regions)
    }

    /// Standing of the storing regions, the home region among them, then signatures.
    fn check_genuine(
        receipts: &[Receipt],
        home: RegionCode,
        payload: impl Fn(&Hash32, &Receipt) -> Vec<u8>,
    ) -> Result<(), ReceiptFault> {
        let vaults = T::Regions::active_vaults();
        let key_of = |region: RegionCode| {
            vaults.iter().find(|(code, _)| *code == region).map(|(_, key)| *key)
        };
        let mut keys = Vec::with_capacity(receipts.len());
        for receipt in receipts {
            keys.push(key_of(receipt.region).ok_or(ReceiptFault::RegionNotActive)?);
        }
        ensure!(
            key_of(home).is_none() || receipts.iter().any(|receipt| receipt.region == home),
            ReceiptFault::HomeMissing
        );

        let genesis = Self::genesis_hash();
        for (receipt, key) in receipts.iter().zip(keys) {
            let genuine = sp_io::crypto::ed25519_verify(
                &ed25519::Signature::from_raw(receipt.signature),
                &payload(&genesis, receipt),
                &ed25519::Public::from_raw(key.0),
            );
            ensure!(genuine, ReceiptFault::NotGenuine);
        }
        Ok(())
    }

    pub(crate) fn genesis_hash() -> Hash32 {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero()).into()
    }

    pub(crate) fn do_share(who: T::AccountId, new: Submission) -> DispatchResult {
        let now = T::Clock::now();
        let checked = Self::check(&who, &new, None, now)?;
        let paid = T::Reward::reward(Share {
            record: new.record,
            subject: new.subject,
            subject_account: &checked.subject.controller,
            author_account: &who,
            regions: &checked.stored_in,
            weight: checked.weight,
        })?;
        let (author, region) = (checked.author, checked.subject.home_region);
        Self::store(who, &new, checked, paid, now);
        Self::deposit_event(Event::Shared {
            record: new.record,
            subject: new.subject,
            author,
            block: new.block,
            schema: new.schema,
            region,
            size: new.size,
            count: new.count,
            paid: paid.total(),
        });
        Ok(())
    }

    pub(crate) fn do_supersede(
        who: T::AccountId,
        old_id: RecordId,
        schema: SchemaId,
        record: RecordId,
        size: u64,
        epoch: KeyEpoch,
        receipts: Receipts,
    ) -> DispatchResult {
        let mut old = Records::<T>::get(old_id).ok_or(Error::<T>::NotFound)?;
        ensure!(old.status == RecordStatus::Active, Error::<T>::NotCurrent);
        let (subject, block, count) = (old.subject, old.block, 1);
        let new = Submission { subject, block, schema, record, size, epoch, receipts, count };
        let now = T::Clock::now();
        let checked = Self::check(&who, &new, Some(old.author), now)?;

        let (author, region) = (checked.author, checked.subject.home_region);
        old.status = RecordStatus::Superseded(record);
        Records::<T>::insert(old_id, old);
        Self::store(who, &new, checked, Payment::default(), now);
        Self::deposit_event(Event::Superseded {
            old: old_id,
            record,
            subject,
            author,
            block,
            schema,
            region,
            size,
        });
        Ok(())
    }

    fn store(
        author_account: T::AccountId,
        new: &Submission,
        checked: Checked<T::AccountId>,
        paid: Payment,
        now: Instant,
    ) {
        FileOf::<T>::insert(new.subject, new.record, ());
        Records::<T>::insert(
            new.record,
            Record {
                subject: new.subject,
                block: new.block,
                schema: new.schema,
                author: checked.author,
                author_account,
                region: checked.subject.home_region,
                size: new.size,
                key_epoch: new.epoch,
                shared_at: now,
                count: new.count,
                paid,
                status: RecordStatus::Active,
                stored_in: checked.stored_in,
            },
        );
    }

    pub(crate) fn do_reject(person: PersonView<T::AccountId>, id: RecordId) -> DispatchResult {
        let mut record = Records::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        let own = record.subject == person.id || T::People::canonical(&record.subject) == person.id;
        ensure!(own, Error::<T>::NotSubject);
        ensure!(record.status != RecordStatus::Rejected, Error::<T>::AlreadyRejected);

        let returned = T::Reward::claw_back(
            &person.controller,
            &record.author_account,
            &record.stored_in,
            record.paid,
        )?;
        record.status = RecordStatus::Rejected;
        let (subject, author) = (record.subject, record.author);
        Records::<T>::insert(id, record);
        Self::deposit_event(Event::Rejected {
            record: id,
            subject,
            author,
            returned: returned.total(),
        });
        Ok(())
    }

    pub(crate) fn page(person: PersonId, cursor: Option<RecordId>, limit: u32) -> FilePage {
        let limit = usize::try_from(limit.clamp(1, MAX_PAGE)).unwrap_or(1);
        let owners: Vec<_> = core::iter::once(person).chain(T::People::aliases(&person)).collect();
        // The cursor says whose file it is in.
        let subject = cursor.and_then(Records::<T>::get).map(|record| record.subject);
        let begun = owners.iter().position(|owner| Some(*owner) == subject).unwrap_or_default();
        let mut from = cursor;
        let mut ids = owners.into_iter().skip(begun).flat_map(|owner| match from.take() {
            None => FileOf::<T>::iter_key_prefix(owner),
            Some(last) => {
                FileOf::<T>::iter_key_prefix_from(owner, FileOf::<T>::hashed_key_for(owner, last))
            },
        });
        let page: Vec<RecordId> = ids.by_ref().take(limit).collect();
        let next = ids.next().and(page.last().copied());
        let records = page.into_iter().filter_map(Self::record).collect();
        FilePage { records, next }
    }
}

impl<T: Config> RecordInspect for Pallet<T> {
    fn facts(id: &RecordId) -> Option<RecordFacts> {
        Self::record(*id)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_record(facts: RecordFacts) {
        FileOf::<T>::insert(facts.subject, facts.id, ());
        let record = Record {
            subject: facts.subject,
            block: facts.block,
            schema: facts.schema,
            author: facts.author,
            author_account: frame_benchmarking::account("author", 0, 0),
            region: facts.region,
            size: facts.size,
            key_epoch: facts.key_epoch,
            shared_at: facts.shared_at,
            count: facts.count,
            paid: Payment::default(),
            status: facts.status,
            stored_in: facts.stored_in.try_into().expect("as many regions as receipts"),
        };
        Records::<T>::insert(facts.id, record);
    }
}
