//! What must hold of the storage after every block.

use alloc::collections::BTreeMap;
use frame_support::ensure;
use kanglian_primitives::PersonId;
use sp_runtime::TryRuntimeError;

use crate::{Config, Files, OfferStatus, Pallet, Referral, ReferralStatus, Referrals};

impl<T: Config> Pallet<T> {
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut open: BTreeMap<PersonId, u32> = BTreeMap::new();
        for (person, id, referral) in Referrals::<T>::iter() {
            ensure!(id.0 > 0 && id <= Files::<T>::get(person).last, "numbers were given");
            Self::check_referral(&referral)?;
            if referral.is_open() {
                let count = open.entry(person).or_default();
                *count = count.saturating_add(1);
            }
        }
        for (person, file) in Files::<T>::iter() {
            let counted = open.get(&person).copied().unwrap_or_default();
            ensure!(file.open == counted, "open referrals are counted");
        }
        Ok(())
    }

    fn check_referral(referral: &Referral<T::AccountId>) -> Result<(), TryRuntimeError> {
        let count = |wanted: fn(&OfferStatus) -> bool| {
            referral.offers.iter().filter(|offer| wanted(&offer.status)).count()
        };
        let offered = count(|status| *status == OfferStatus::Offered);
        let accepted = count(|status| *status == OfferStatus::Accepted);
        ensure!(!referral.offers.is_empty(), "a referral is offered to somebody");
        ensure!(accepted <= 1, "one accepts at most");
        ensure!(referral.is_open() == referral.ended_at.is_none(), "what ended has an end");
        let stands = match referral.status {
            ReferralStatus::Offered => offered > 0 && accepted == 0,
            ReferralStatus::Accepted => offered == 0 && accepted == 1,
            ReferralStatus::Rejected => offered == 0 && accepted == 0,
            ReferralStatus::Returned => offered == 0 && accepted == 1 && referral.result.is_some(),
            ReferralStatus::Closed => offered == 0,
        };
        ensure!(stands, "the offers fit the state");
        Ok(())
    }
}
