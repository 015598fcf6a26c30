//! Answers to vaults and clients.

use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use kanglian_primitives::{
    EndorsementFacts, Instant, InstitutionId, MAX_PAGE, Refusal, WorkClaim, WorkFacts, WorkId,
};
use kanglian_traits::{BlockInspect, InstitutionInspect};

use crate::{Config, Daily, Numbered, Pallet, Published, Work, Works};

/// A day in milliseconds.
const DAY: Instant = 86_400_000;

impl<AccountId, MaxEndorsements> Work<AccountId, MaxEndorsements>
where
    AccountId: Clone + core::fmt::Debug + PartialEq + Eq,
    MaxEndorsements: Get<u32>,
{
    /// Whether it is neither superseded nor retracted nor taken down.
    pub fn is_current(&self) -> bool {
        self.superseded_by.is_none() && self.retracted.is_none() && self.taken_down.is_none()
    }
}

impl<T: Config> Pallet<T> {
    /// Whether a publication with these facts would be accepted from the account now; schema and
    /// receipts aside.
    pub fn check_publish(
        account: &T::AccountId,
        claim: &WorkClaim,
        now: Instant,
    ) -> Result<(), Refusal> {
        let author = T::Institutions::acting(account, now).ok_or(Refusal::NotActingAs)?;
        ensure!(author.id == claim.author, Refusal::NotActingAs);
        let block = T::Blocks::block(claim.block).filter(|block| block.public);
        ensure!(block.is_some(), Refusal::BlockNotOpen);
        ensure!(author.blocks.contains(claim.block), Refusal::NotActingAs);
        ensure!(!Works::<T>::contains_key(claim.work), Refusal::AlreadyShared);
        Ok(())
    }

    /// The works among these, at most [`MAX_PAGE`], with everybody's standing at `now`.
    pub fn works(ids: Vec<WorkId>, now: Instant) -> Vec<WorkFacts> {
        let limit = usize::try_from(MAX_PAGE).unwrap_or_default();
        let known = ids.into_iter().take(limit);
        known.filter_map(|id| Works::<T>::get(id).map(|work| Self::facts(id, work, now))).collect()
    }

    /// Works in the order of publication from a number on. `limit` is cut to [`MAX_PAGE`].
    pub fn works_from(number: u64, limit: u32, now: Instant) -> Vec<WorkFacts> {
        let end = number.saturating_add(limit.min(MAX_PAGE).into());
        Self::works((number..end).map_while(Numbered::<T>::get).collect(), now)
    }

    fn facts(id: WorkId, work: Work<T::AccountId, T::MaxEndorsements>, now: Instant) -> WorkFacts {
        let in_standing = |id: &InstitutionId| T::Institutions::permitted(id, now).is_some();
        WorkFacts {
            id,
            number: work.number,
            author: work.author,
            author_in_standing: in_standing(&work.author),
            region: work.region,
            block: work.block,
            schema: work.schema,
            size: work.size,
            metadata: work.metadata,
            published_at: work.published_at,
            paid: work.paid.total(),
            supersedes: work.supersedes,
            superseded_by: work.superseded_by,
            retracted: work.retracted,
            taken_down: work.taken_down,
            endorsements: work
                .endorsements
                .iter()
                .map(|known| EndorsementFacts {
                    by: known.by,
                    at: known.at,
                    in_standing: in_standing(&known.by),
                })
                .collect(),
            stored_in: work.stored_in.into_inner(),
        }
    }

    /// What the institution published on the day of `now`.
    pub(crate) fn today(institution: &InstitutionId, now: Instant) -> Daily {
        let day = now.checked_div(DAY).unwrap_or_default();
        let known = Published::<T>::get(institution);
        if known.day == day { known } else { Daily { day, ..Daily::default() } }
    }
}
