//! Who holds shares, and what they hand over.

use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use kanglian_primitives::{
    CaseRef, ComplaintReason, Custodian, Dealing, EncryptionKey, HandOver, Hash32, Instant,
    MAX_PAGE, PartAnswer, PerCustodian, RecoveryStatus, RegionCode,
};
use kanglian_traits::RegionInspect;
use sp_runtime::DispatchError;

use crate::{
    Config, Custodians, Emergencies, Error, Event, FormerKeys, Pallet, Recoveries, WaitingCases,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_custodian(
        region: RegionCode,
        account: T::AccountId,
        key: EncryptionKey,
    ) -> DispatchResult {
        ensure!(!key.is_low_order(), Error::<T>::LowOrderKey);
        let is_pan_centre = T::Regions::region_of_pan_centre(&account).is_some()
            || T::Regions::pan_centre(region).as_ref() == Some(&account);
        ensure!(!is_pan_centre, Error::<T>::PanCentreAccount);
        let former = Custodians::<T>::try_mutate(|all| -> Result<_, DispatchError> {
            let mut others = all.iter().filter(|(other, _)| **other != region);
            let taken = others.any(|(_, found)| found.account == account || found.key == key);
            ensure!(!taken && !Self::was_anothers(region, &key), Error::<T>::AccountTaken);
            let same =
                all.get(&region).is_some_and(|found| found.account == account && found.key == key);
            ensure!(!same, Error::<T>::Unchanged);
            let custodian = Custodian { account: account.clone(), key, since: T::Clock::now() };
            all.try_insert(region, custodian).map_err(|_| Error::<T>::TooManyRegions.into())
        })?;
        // Who gets a key from its pan-centre has lost the one before.
        FormerKeys::<T>::mutate(|all| all.remove(&region));
        frame_system::Pallet::<T>::inc_sufficients(&account);
        if let Some(former) = former {
            frame_system::Pallet::<T>::dec_sufficients(&former.account);
        }
        Self::deposit_event(Event::CustodianSet { region, account, key });
        Ok(())
    }

    pub(crate) fn do_remove_custodian(region: RegionCode) -> DispatchResult {
        let former =
            Custodians::<T>::mutate(|all| all.remove(&region)).ok_or(Error::<T>::NoCustodian)?;
        FormerKeys::<T>::mutate(|all| all.remove(&region));
        frame_system::Pallet::<T>::dec_sufficients(&former.account);
        Self::deposit_event(Event::CustodianRemoved { region, account: former.account });
        Ok(())
    }

    pub(crate) fn do_rotate_key(who: &T::AccountId, key: EncryptionKey) -> DispatchResult {
        let (region, former) = Self::custodian_of(who).ok_or(Error::<T>::NotCustodian)?;
        ensure!(!key.is_low_order(), Error::<T>::LowOrderKey);
        ensure!(key != former, Error::<T>::Unchanged);
        Custodians::<T>::try_mutate(|all| {
            let mut others = all.iter().filter(|(other, _)| **other != region);
            let taken = others.any(|(_, found)| found.key == key);
            ensure!(!taken && !Self::was_anothers(region, &key), Error::<T>::AccountTaken);
            let custodian = all.get_mut(&region).ok_or(Error::<T>::NotCustodian)?;
            custodian.key = key;
            custodian.since = T::Clock::now();
            Ok::<_, Error<T>>(())
        })?;
        FormerKeys::<T>::try_mutate(|all| {
            let mut keys = all.remove(&region).unwrap_or_default();
            // One that is taken up again is the present one.
            keys.retain(|known| *known != key);
            if keys.is_full() {
                keys.remove(0);
            }
            keys.try_push(former).map_err(|_| Error::<T>::TooManyRegions)?;
            all.try_insert(region, keys).map(drop).map_err(|_| Error::<T>::TooManyRegions)
        })?;
        Self::deposit_event(Event::CustodianKeyRotated { region, key });
        Ok(())
    }

    /// Whether the key was that of another region's custodian, who may still have it.
    fn was_anothers(region: RegionCode, key: &EncryptionKey) -> bool {
        FormerKeys::<T>::get().iter().any(|(other, keys)| *other != region && keys.contains(key))
    }

    /// Whether the region's custodian, whose key is `present`, can open what was sealed to `key`.
    fn has_key(region: RegionCode, present: &EncryptionKey, key: &EncryptionKey) -> bool {
        present == key || FormerKeys::<T>::get().get(&region).is_some_and(|keys| keys.contains(key))
    }

    /// The active region whose custodian the account is, with the custodian's key.
    pub fn custodian_of(who: &T::AccountId) -> Option<(RegionCode, EncryptionKey)> {
        Custodians::<T>::get()
            .iter()
            .find(|(_, custodian)| custodian.account == *who)
            .map(|(region, custodian)| (*region, custodian.key))
            .filter(|(region, _)| T::Regions::is_active(*region))
    }

    /// How many of these parts count: their region is active and its custodian has the key.
    pub(crate) fn counting(parts: impl Iterator<Item = (RegionCode, EncryptionKey)>) -> u8 {
        let custodians = Custodians::<T>::get();
        let counts = |(region, key): &(RegionCode, EncryptionKey)| {
            T::Regions::is_active(*region)
                && custodians
                    .get(region)
                    .is_some_and(|custodian| Self::has_key(*region, &custodian.key, key))
        };
        u8::try_from(parts.filter(counts).count()).unwrap_or(u8::MAX)
    }

    /// The position of the custodian's part in the dealing, from 0.
    pub(crate) fn part_of(
        dealing: &Dealing,
        (region, key): (RegionCode, EncryptionKey),
    ) -> Result<usize, Error<T>> {
        let index = dealing.index_of(region).ok_or(Error::<T>::NoPart)?;
        let has = dealing.keys.get(index).is_some_and(|dealt| Self::has_key(region, &key, dealt));
        ensure!(has, Error::<T>::KeyChanged);
        Ok(index)
    }

    pub(crate) fn do_hand_over(who: &T::AccountId, case: CaseRef, blob: Hash32) -> DispatchResult {
        let custodian = Self::custodian_of(who).ok_or(Error::<T>::NotCustodian)?;
        let region = custodian.0;
        let person = match case {
            CaseRef::Recovery(id) => Recoveries::<T>::try_mutate(id, |entry| {
                let recovery = entry.as_mut().ok_or(Error::<T>::RecoveryUnknown)?;
                let executed = recovery.status == RecoveryStatus::Executed;
                ensure!(executed, Error::<T>::NotExecuted);
                let dealing = recovery.dealing.as_ref().ok_or(Error::<T>::NoPart)?;
                Self::part_of(dealing, custodian)?;
                add_hand_over::<T>(&mut recovery.handed_over, region, blob)?;
                Ok::<_, DispatchError>(recovery.person)
            })?,
            CaseRef::Emergency(id) => Emergencies::<T>::try_mutate(id, |entry| {
                let emergency = entry.as_mut().ok_or(Error::<T>::EmergencyUnknown)?;
                ensure!(emergency.is_open(T::Clock::now()), Error::<T>::EmergencyOver);
                Self::part_of(&emergency.dealing, custodian)?;
                add_hand_over::<T>(&mut emergency.handed_over, region, blob)?;
                Ok::<_, DispatchError>(emergency.person)
            })?,
        };
        WaitingCases::<T>::remove(region, case);
        Self::deposit_event(Event::HandedOver { case, person, region, blob });
        Ok(())
    }

    /// Lets the custodians of a dealing know that a case waits for their shares; not those that
    /// said that theirs is bad.
    pub(crate) fn await_hand_overs(dealing: &Dealing, case: CaseRef) {
        let bad = PartAnswer::Bad(ComplaintReason::BadShare);
        for (part, answer) in dealing.terms.parts.iter().zip(&dealing.answers) {
            if *answer != bad {
                WaitingCases::<T>::insert(part.region, case, ());
            }
        }
    }

    /// A case waits for no hand-over any more.
    pub(crate) fn await_no_more(dealing: &Dealing, case: CaseRef) {
        for part in &dealing.terms.parts {
            WaitingCases::<T>::remove(part.region, case);
        }
    }

    /// Cases that wait for the region's hand-over, after the one named.
    pub(crate) fn page_of_cases(
        region: RegionCode,
        after: Option<CaseRef>,
        limit: u32,
        now: Instant,
    ) -> Vec<CaseRef> {
        let all = match after {
            Some(last) => WaitingCases::<T>::iter_key_prefix_from(
                region,
                WaitingCases::<T>::hashed_key_for(region, last),
            ),
            None => WaitingCases::<T>::iter_key_prefix(region),
        };
        let waits = |case: &CaseRef| match case {
            CaseRef::Recovery(_) => true,
            CaseRef::Emergency(id) => {
                Emergencies::<T>::get(id).is_some_and(|emergency| emergency.is_open(now))
            },
        };
        all.filter(waits).take(page_size(limit)).collect()
    }

    /// Cases in which somebody may still collect what the region handed over, of `limit` after the
    /// one named: emergencies first, then recoveries.
    pub(crate) fn page_of_answered(
        region: RegionCode,
        after: Option<CaseRef>,
        limit: u32,
        now: Instant,
    ) -> (Vec<CaseRef>, Option<CaseRef>) {
        let by_region = |handed_over: &PerCustodian<HandOver>| {
            handed_over.iter().any(|done| done.region == region)
        };
        let emergencies = match after {
            Some(CaseRef::Emergency(last)) => {
                Some(Emergencies::<T>::iter_from(Emergencies::<T>::hashed_key_for(last)))
            },
            Some(CaseRef::Recovery(_)) => None,
            None => Some(Emergencies::<T>::iter()),
        };
        let recoveries = match after {
            Some(CaseRef::Recovery(last)) => {
                Recoveries::<T>::iter_from(Recoveries::<T>::hashed_key_for(last))
            },
            _ => Recoveries::<T>::iter(),
        };
        let emergencies = emergencies.into_iter().flatten().map(|(id, emergency)| {
            let counts = emergency.is_open(now) && by_region(&emergency.handed_over);
            (CaseRef::Emergency(id), counts)
        });
        let recoveries = recoveries.map(|(id, recovery)| {
            let executed = recovery.status == RecoveryStatus::Executed;
            (CaseRef::Recovery(id), executed && by_region(&recovery.handed_over))
        });
        let size = page_size(limit);
        let looked_at: Vec<_> = emergencies.chain(recoveries).take(size).collect();
        let next = looked_at.last().map(|(case, _)| *case).filter(|_| looked_at.len() == size);
        (looked_at.into_iter().filter(|(_, counts)| *counts).map(|(case, _)| case).collect(), next)
    }

    /// Whether the blob is the custodian's share in the dealing, or the dealing's sealed payload.
    pub(crate) fn is_custodians_blob(
        custodian: (RegionCode, EncryptionKey),
        dealing: &Dealing,
        hash: &Hash32,
    ) -> bool {
        let part = Self::part_of(dealing, custodian).ok();
        part.and_then(|index| dealing.terms.parts.get(index))
            .is_some_and(|part| part.share == *hash || dealing.terms.sealed == *hash)
    }
}

/// Notes a hand-over, once for each region.
fn add_hand_over<T: Config>(
    handed_over: &mut PerCustodian<HandOver>,
    region: RegionCode,
    blob: Hash32,
) -> DispatchResult {
    let twice = handed_over.iter().any(|done| done.region == region);
    ensure!(!twice, Error::<T>::AlreadyHandedOver);
    // There are not more hand-overs than parts, which fit.
    handed_over.try_push(HandOver { region, blob }).map_err(|_| Error::<T>::NoPart)?;
    Ok(())
}

/// Entries of one page.
pub(crate) fn page_size(limit: u32) -> usize {
    usize::try_from(limit.min(MAX_PAGE)).unwrap_or_default()
}
