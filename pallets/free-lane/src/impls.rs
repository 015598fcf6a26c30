//! What the runtime's fee adapter and pool ask, and the removal of empty buckets.

use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
    traits::{Get, Time},
    weights::Weight,
};
use kanglian_primitives::Instant;
use sp_runtime::SaturatedConversion;

use crate::{
    Bucket, Config, FreeQuota, HighestRemovedNonce, Pallet, Quota, SweptTo, Usage, WeightInfo,
};

/// The nonce at which an account that is not there begins; for `TypeWithDefault`.
#[derive(frame_support::DebugNoBound)]
pub struct FirstNonce<T>(PhantomData<T>);

impl<T: Config> Get<u32> for FirstNonce<T> {
    fn get() -> u32 {
        HighestRemovedNonce::<T>::get()
    }
}

impl<T: Config> Pallet<T> {
    /// Remembers the nonce of an account that the system pallet is about to remove.
    pub(crate) fn note_removed(who: &T::AccountId) {
        let reached = frame_system::Pallet::<T>::account_nonce(who).saturated_into::<u32>();
        if reached > HighestRemovedNonce::<T>::get() {
            HighestRemovedNonce::<T>::put(reached);
        }
    }

    /// Whether a call by the account would be free at this instant.
    pub fn peek(who: &T::AccountId, now: Instant) -> bool {
        T::Quota::of(who).is_some_and(|quota| Self::poured(&quota, 1, now).is_some())
    }

    /// Draws one call from the account's quota. False, and nothing drawn, when the account has no
    /// quota or none left.
    pub fn draw(who: &T::AccountId) -> bool {
        Self::withdraw_free(who, 1)
    }

    /// How many free calls the account has left now.
    pub fn remaining(who: &T::AccountId) -> u32 {
        T::Quota::of(who).map_or(0, |quota| {
            Usage::<T>::get(&quota.drawn_by).unwrap_or_default().room(quota.hourly, T::Clock::now())
        })
    }

    /// For the fee adapter's `can_withdraw_fee`: whether the quota would pay for a transaction that
    /// counts as so many calls.
    pub fn can_withdraw_free(who: &T::AccountId, calls: u32) -> bool {
        T::Quota::of(who).is_some_and(|quota| Self::has_room(&quota, calls))
    }

    /// Whether a quota has room for so many calls now.
    pub fn has_room(quota: &Quota<T::AccountId>, calls: u32) -> bool {
        Self::poured(quota, calls, T::Clock::now()).is_some()
    }

    /// Draws so many calls from a quota, all of them or none.
    pub fn draw_from(quota: &Quota<T::AccountId>, calls: u32) -> bool {
        let poured = Self::poured(quota, calls, T::Clock::now());
        if let Some(bucket) = poured {
            Usage::<T>::insert(&quota.drawn_by, bucket);
        }
        poured.is_some()
    }

    /// For the fee adapter's `withdraw_fee`: draws a transaction that counts as so many calls, all
    /// of them or none; when true, nothing else is to be paid and nothing to be refunded.
    pub fn withdraw_free(who: &T::AccountId, calls: u32) -> bool {
        T::Quota::of(who).is_some_and(|quota| Self::draw_from(&quota, calls))
    }

    /// How far ahead of the account's nonce the pool takes transactions: as far as its quota of an
    /// hour, and at least [`Config::MinAhead`].
    pub fn max_ahead(who: &T::AccountId) -> u32 {
        T::Quota::hourly(who).unwrap_or_default().max(T::MinAhead::get())
    }

    /// Whether the nonce is further ahead than [`Self::max_ahead`].
    pub fn is_too_far_ahead(who: &T::AccountId, nonce: u32) -> bool {
        let next = frame_system::Pallet::<T>::account_nonce(who).saturated_into::<u32>();
        let ahead = nonce.saturating_sub(next);
        // Most are not ahead at all: only the others' quota is looked up.
        ahead > T::MinAhead::get() && ahead > Self::max_ahead(who)
    }

    /// The quota's bucket after so many more calls; none when it would overflow.
    fn poured(quota: &Quota<T::AccountId>, calls: u32, now: Instant) -> Option<Bucket> {
        let bucket = Usage::<T>::get(&quota.drawn_by).unwrap_or_default();
        bucket.pour(quota.hourly, calls.max(1), now)
    }

    /// How many buckets a sweep may look at with this weight.
    pub(crate) fn affordable_sweep(weight: Weight) -> u32 {
        let fixed = T::WeightInfo::sweep(0);
        let each = T::WeightInfo::sweep(1).saturating_sub(fixed);
        let Some(left) = weight.checked_sub(&fixed) else {
            return 0;
        };
        let count = left.checked_div_per_component(&each).unwrap_or(u64::MAX);
        count.min(T::SweepLimit::get().into()).saturated_into()
    }

    /// Looks at the next buckets, no more than the limit, and removes those that are empty at this
    /// instant. Gives the number looked at.
    pub(crate) fn sweep(limit: u32, now: Instant) -> u32 {
        let entries = match SweptTo::<T>::get() {
            Some(last) => Usage::<T>::iter_from(Usage::<T>::hashed_key_for(last)),
            None => Usage::<T>::iter(),
        };
        let batch: Vec<_> = entries.take(limit.saturated_into()).collect();
        for (who, bucket) in &batch {
            if bucket.is_surely_empty(now) {
                Usage::<T>::remove(who);
            }
        }
        let looked_at: u32 = batch.len().saturated_into();
        match batch.last() {
            Some((last, _)) if looked_at == limit => SweptTo::<T>::put(last),
            _ => SweptTo::<T>::kill(),
        }
        looked_at
    }
}
