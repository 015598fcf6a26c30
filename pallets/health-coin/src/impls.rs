//! Eras, payments and their way back.

use frame_support::{
    defensive, ensure,
    traits::{
        Imbalance, OnUnbalanced,
        fungible::{Balanced, Credit, Inspect, Mutate, Unbalanced},
        tokens::{
            DepositConsequence,
            Fortitude::{Force, Polite},
            Precision::Exact,
            Preservation::{Expendable, Preserve},
            Provenance::Extant,
        },
    },
};
use kanglian_primitives::{Amount, Height, RegionCode};
use kanglian_traits::{Payment, Publication, RegionInspect, RewardOnPublish, RewardOnShare, Share};
use sp_runtime::{DispatchError, DispatchResult, traits::Zero};

use crate::{
    Burned, Config, Earned, EarnedByAuthor, EarnedByPerson, EarnedByPublisher, Emitted, Era,
    EraState, Error, Event, LOG_TARGET, Pallet, Policy, Publishing, RegionEarned, RewardSchedule,
    Schedule, TransferPolicy,
};

impl<T: Config> Pallet<T> {
    /// Coins that exist.
    pub(crate) fn issuance() -> Amount {
        T::Currency::total_issuance()
    }

    /// Whether the transfer policy lets an account be paid by another. For the runtime's call
    /// filter. Who pays is not asked: whoever lost its standing may still pay a member.
    pub fn may_receive(is_member: impl FnOnce() -> bool) -> bool {
        match Policy::<T>::get() {
            TransferPolicy::ClosedLoop => false,
            TransferPolicy::Members => is_member(),
            TransferPolicy::Open => true,
        }
    }

    pub(crate) fn budget_of(era: &EraState<T::MaxRegions>) -> Amount {
        T::Currency::reducible_balance(&Self::pot(), Preserve, Polite).saturating_sub(era.reserved)
    }

    /// Ends the running era and begins another.
    pub(crate) fn begin_era(index: u32, started_at: Height, schedule: &RewardSchedule) {
        let ended = Era::<T>::get();
        if !ended.regions.is_empty() {
            RegionEarned::<T>::insert(ended.index, ended.regions);
        }
        Era::<T>::put(EraState {
            index,
            started_at,
            reserved: ended.reserved,
            regions: Default::default(),
        });
        let emission = Self::emit(schedule.emission);
        Self::deposit_event(Event::EraBegan { era: index, emission });
    }

    /// Mints into the pot. Gives what was minted: nothing when the issuance would overflow, or
    /// when the pot is empty and the amount below the existential deposit.
    pub(crate) fn emit(amount: Amount) -> Amount {
        if amount.is_zero() {
            return 0;
        }
        let minted = T::Currency::mint_into(&Self::pot(), amount).unwrap_or_else(|error| {
            log::error!(target: LOG_TARGET, "emission of {amount} failed: {error:?}");
            0
        });
        Emitted::<T>::mutate(|emitted| *emitted = emitted.saturating_add(minted));
        minted
    }

    pub(crate) fn do_settle_era(index: u32) -> DispatchResult {
        let mut era = Era::<T>::get();
        ensure!(index < era.index, Error::<T>::EraNotOver);
        let mut earnings = RegionEarned::<T>::get(index).ok_or(Error::<T>::NothingToSettle)?;

        let pot = Self::pot();
        let mut paid: Amount = 0;
        earnings.retain(|region, amount| {
            let done = T::Regions::pan_centre(*region)
                .is_some_and(|to| T::Currency::transfer(&pot, &to, *amount, Preserve).is_ok());
            if done {
                paid = paid.saturating_add(*amount);
            }
            !done
        });
        ensure!(!paid.is_zero(), Error::<T>::NothingToSettle);

        let left = u32::try_from(earnings.len()).unwrap_or(u32::MAX);
        match earnings.is_empty() {
            true => RegionEarned::<T>::remove(index),
            false => RegionEarned::<T>::insert(index, earnings),
        }
        era.reserved = era.reserved.saturating_sub(paid);
        Era::<T>::put(era);
        Self::deposit_event(Event::EraSettled { era: index, paid, left });
        Ok(())
    }

    /// Notes what the regions earn together, each the same; gives what was noted.
    fn note_regions(
        era: &mut EraState<T::MaxRegions>,
        regions: &[RegionCode],
        together: Amount,
    ) -> Amount {
        if together.is_zero() {
            return 0;
        }
        let count = Amount::try_from(regions.len()).unwrap_or(Amount::MAX);
        let each = together.checked_div(count).unwrap_or(0);
        let mut noted: Amount = 0;
        for region in regions {
            let sum = era.regions.get(region).copied().unwrap_or(0).saturating_add(each);
            match era.regions.try_insert(*region, sum) {
                Ok(_) => noted = noted.saturating_add(each),
                Err(_) => {
                    defensive!("more regions earn than MaxRegions allows");
                },
            }
        }
        era.reserved = era.reserved.saturating_add(noted);
        Era::<T>::put(era);
        noted
    }

    fn can_take(who: &T::AccountId, amount: Amount) -> bool {
        T::Currency::can_deposit(who, amount, Extant) == DepositConsequence::Success
    }

    /// The part, if `earned` leaves room for it under the cap and the account can take it.
    fn within(part: Amount, earned: Amount, cap: Amount, who: &T::AccountId) -> Amount {
        let fits = earned.checked_add(part).is_some_and(|sum| sum <= cap);
        if fits && !part.is_zero() && Self::can_take(who, part) { part } else { 0 }
    }

    /// Transfers into the pot what the account still holds of `wanted`.
    fn take_back(who: &T::AccountId, wanted: Amount) -> Result<Amount, DispatchError> {
        let amount = T::Currency::reducible_balance(who, Expendable, Force).min(wanted);
        if !amount.is_zero() {
            Self::bring_to_pot(who, amount)?;
        }
        Ok(amount)
    }

    /// As a transfer, but no freeze holds it back: coins of an account whose key is being recovered
    /// are taken back as any others.
    pub(crate) fn bring_to_pot(who: &T::AccountId, amount: Amount) -> DispatchResult {
        let pot = Self::pot();
        T::Currency::can_deposit(&pot, amount, Extant).into_result()?;
        T::Currency::decrease_balance(who, amount, Exact, Expendable, Force)?;
        T::Currency::increase_balance(&pot, amount, Exact)?;
        T::Currency::done_transfer(who, &pot, amount);
        Ok(())
    }

    /// Takes each region's part out of what it earned in the running era, and the rest from its
    /// pan-centre: whoever was settled already pays from there.
    fn take_back_from_regions(
        regions: &[RegionCode],
        paid: Amount,
    ) -> Result<Amount, DispatchError> {
        let each = Amount::try_from(regions.len()).ok().and_then(|count| paid.checked_div(count));
        let Some(each) = each.filter(|each| !each.is_zero()) else { return Ok(0) };
        let mut era = Era::<T>::get();
        let mut unnoted: Amount = 0;
        let mut transferred: Amount = 0;
        for region in regions {
            let noted = era.regions.get(region).copied().unwrap_or(0);
            let off = noted.min(each);
            match noted.saturating_sub(off) {
                0 => {
                    era.regions.remove(region);
                },
                rest => {
                    if let Some(entry) = era.regions.get_mut(region) {
                        *entry = rest;
                    }
                },
            }
            unnoted = unnoted.saturating_add(off);
            if let Some(pan_centre) = T::Regions::pan_centre(*region) {
                let rest = each.saturating_sub(off);
                transferred = transferred.saturating_add(Self::take_back(&pan_centre, rest)?);
            }
        }
        era.reserved = era.reserved.saturating_sub(unnoted);
        Era::<T>::put(era);
        Ok(unnoted.saturating_add(transferred))
    }
}

impl<T: Config> RewardOnShare<T::AccountId> for Pallet<T> {
    fn reward(share: Share<'_, T::AccountId>) -> Result<Payment, DispatchError> {
        let schedule = Schedule::<T>::get();
        let stored_by = u32::try_from(share.regions.len()).unwrap_or(0);
        let mut due = schedule.due(share.weight, stored_by);
        if share.subject_account == share.author_account {
            due.author = 0;
        }
        if due.total().is_zero() {
            return Ok(Payment::default());
        }

        let mut era = Era::<T>::get();
        let by_person = EarnedByPerson::<T>::get(share.subject).in_era(era.index);
        let by_author = match due.author {
            0 => 0,
            _ => EarnedByAuthor::<T>::get(share.author_account).in_era(era.index),
        };
        let mut paid = Payment {
            subject: Self::within(
                due.subject,
                by_person,
                schedule.cap_person,
                share.subject_account,
            ),
            author: Self::within(due.author, by_author, schedule.cap_author, share.author_account),
            regions: due.regions,
        };
        if paid.total() > Self::budget_of(&era) {
            paid = Payment::default();
        }

        let pot = Self::pot();
        if !paid.subject.is_zero() {
            T::Currency::transfer(&pot, share.subject_account, paid.subject, Preserve)?;
            let amount = by_person.saturating_add(paid.subject);
            EarnedByPerson::<T>::insert(share.subject, Earned { era: era.index, amount });
        }
        if !paid.author.is_zero() {
            T::Currency::transfer(&pot, share.author_account, paid.author, Preserve)?;
            let amount = by_author.saturating_add(paid.author);
            EarnedByAuthor::<T>::insert(share.author_account, Earned { era: era.index, amount });
        }
        paid.regions = Self::note_regions(&mut era, share.regions, paid.regions);
        Self::deposit_event(Event::Rewarded {
            record: share.record,
            subject: paid.subject,
            author: paid.author,
            regions: paid.regions,
            capped: paid != due,
        });
        Ok(paid)
    }

    fn claw_back(
        subject_account: &T::AccountId,
        author_account: &T::AccountId,
        regions: &[RegionCode],
        paid: Payment,
    ) -> Result<Payment, DispatchError> {
        let back = Payment {
            subject: Self::take_back(subject_account, paid.subject)?,
            author: Self::take_back(author_account, paid.author)?,
            regions: Self::take_back_from_regions(regions, paid.regions)?,
        };
        if !back.total().is_zero() {
            Self::deposit_event(Event::RewardTakenBack {
                subject: back.subject,
                author: back.author,
                regions: back.regions,
            });
        }
        Ok(back)
    }
}

impl<T: Config> RewardOnPublish<T::AccountId> for Pallet<T> {
    fn reward(publication: Publication<'_, T::AccountId>) -> Result<Payment, DispatchError> {
        let schedule = Publishing::<T>::get();
        let stored_by = u32::try_from(publication.regions.len()).unwrap_or(0);
        let due = schedule.due(publication.weight, stored_by);
        if due.total().is_zero() {
            return Ok(Payment::default());
        }
        let mut era = Era::<T>::get();
        let (author, account) = (publication.author, publication.author_account);
        let earned = EarnedByPublisher::<T>::get(author).in_era(era.index);
        let mut paid =
            Payment { author: Self::within(due.author, earned, schedule.cap, account), ..due };
        // Storing what nobody is paid for is not paid either: regions cannot earn past the cap.
        if paid.author != due.author || paid.total() > Self::budget_of(&era) {
            paid = Payment::default();
        }
        if !paid.author.is_zero() {
            T::Currency::transfer(&Self::pot(), account, paid.author, Preserve)?;
            let amount = earned.saturating_add(paid.author);
            EarnedByPublisher::<T>::insert(author, Earned { era: era.index, amount });
        }
        paid.regions = Self::note_regions(&mut era, publication.regions, paid.regions);
        Self::deposit_event(Event::PublicationRewarded {
            work: publication.work,
            author: paid.author,
            regions: paid.regions,
            capped: paid != due,
        });
        Ok(paid)
    }

    fn claw_back(
        author_account: &T::AccountId,
        regions: &[RegionCode],
        paid: Payment,
    ) -> Result<Payment, DispatchError> {
        let paid = Payment { subject: 0, ..paid };
        <Self as RewardOnShare<_>>::claw_back(author_account, author_account, regions, paid)
    }
}

/// Dust and fees go into the pot; what it cannot take is burned and counted.
impl<T: Config> OnUnbalanced<Credit<T::AccountId, T::Currency>> for Pallet<T> {
    fn on_nonzero_unbalanced(credit: Credit<T::AccountId, T::Currency>) {
        if let Err(credit) = T::Currency::resolve(&Self::pot(), credit) {
            let amount = credit.peek();
            Burned::<T>::mutate(|burned| *burned = burned.saturating_add(amount));
        }
    }
}
