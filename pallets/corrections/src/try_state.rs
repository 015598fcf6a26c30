//! What must hold of the storage after every block.

use alloc::collections::BTreeMap;
use frame_support::ensure;
use kanglian_primitives::{CorrectionStatus, PersonId, RecordStatus};
use kanglian_traits::RecordInspect;
use sp_runtime::TryRuntimeError;

use crate::{Config, Corrections, Files, Pallet, Waiting, WrongPerson};

impl<T: Config> Pallet<T> {
    /// Checks counts, the index of waiting requests, and that amendments stand in the old place.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut open: BTreeMap<PersonId, u32> = BTreeMap::new();
        for (person, id, correction) in Corrections::<T>::iter() {
            ensure!(id.0 > 0 && id <= Files::<T>::get(person).last, "numbers were given");
            let waits = correction.status.is_open();
            ensure!(waits == correction.ended_at.is_none(), "what ended has an end");
            if waits {
                let count = open.entry(person).or_default();
                *count = count.saturating_add(1);
                ensure!(Waiting::<T>::get(correction.record) == Some(id), "what waits is indexed");
            }
            let facts = T::Records::facts(&correction.record).ok_or("the record is on chain")?;
            ensure!(facts.subject == person, "the record is the person's");
            if let CorrectionStatus::Amended(record) = correction.status {
                let is_superseded = facts.status == RecordStatus::Superseded(record);
                ensure!(
                    is_superseded || facts.status == RecordStatus::Rejected,
                    "the amendment stands in the old record's place"
                );
            }
            if correction.status == CorrectionStatus::WrongPerson {
                ensure!(WrongPerson::<T>::contains_key(correction.record), "it is marked");
            }
        }
        for (person, file) in Files::<T>::iter() {
            let counted = open.get(&person).copied().unwrap_or_default();
            ensure!(file.open == counted, "waiting requests are counted");
        }
        let waiting = u32::try_from(Waiting::<T>::iter().count()).unwrap_or(u32::MAX);
        let counted = open.values().fold(0u32, |sum, count| sum.saturating_add(*count));
        ensure!(waiting == counted, "the index holds what waits and nothing else");
        Ok(())
    }
}
