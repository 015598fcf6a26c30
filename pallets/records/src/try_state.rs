//! Invariants, checked after every test and by try-runtime.

use frame_support::{ensure, traits::Get};
use kanglian_primitives::RecordStatus;
use sp_runtime::TryRuntimeError;

use crate::{Config, FileOf, Pallet, Records};

impl<T: Config> Pallet<T> {
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut records: u64 = 0;
        for (id, record) in Records::<T>::iter() {
            records = records.saturating_add(1);
            ensure!(
                FileOf::<T>::contains_key(record.subject, id),
                "a record is not in its subject's file"
            );
            ensure!(
                (1..=T::MaxSize::get()).contains(&record.size),
                "a record's size is out of range"
            );
            ensure!(
                (1..=T::MaxBatch::get()).contains(&record.count),
                "a record's count is out of range"
            );
            let rising = record.stored_in.iter().zip(record.stored_in.iter().skip(1));
            ensure!(
                rising.into_iter().all(|(one, next)| one < next),
                "a record's regions do not rise"
            );
            ensure!(!record.stored_in.is_empty(), "a record is stored nowhere");
            if let RecordStatus::Superseded(by) = record.status {
                let newer = Records::<T>::get(by).ok_or("a record's successor does not exist")?;
                ensure!(by != id, "a record is its own successor");
                ensure!(
                    newer.subject == record.subject
                        && newer.block == record.block
                        && newer.author == record.author,
                    "a record's successor is of another subject, block or author"
                );
                ensure!(newer.paid.total() == 0, "a correction was paid");
            }
        }
        let mut filed: u64 = 0;
        for (person, id, ()) in FileOf::<T>::iter() {
            filed = filed.saturating_add(1);
            let record = Records::<T>::get(id).ok_or("a file names an unknown record")?;
            ensure!(record.subject == person, "a file names another person's record");
        }
        ensure!(records == filed, "files and records differ in number");
        Ok(())
    }
}
