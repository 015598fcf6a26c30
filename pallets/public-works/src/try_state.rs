//! What must hold of the storage after every block.

use alloc::collections::BTreeSet;
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

use crate::{Config, Count, Numbered, Pallet, Published, Works};

impl<T: Config> Pallet<T> {
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut works: u64 = 0;
        for (id, work) in Works::<T>::iter() {
            works = works.saturating_add(1);
            ensure!(Numbered::<T>::get(work.number) == Some(id), "a work has its number");
            ensure!((1..=T::MaxSize::get()).contains(&work.size), "a work's size is in range");
            let rising = work.stored_in.iter().zip(work.stored_in.iter().skip(1));
            ensure!(rising.into_iter().all(|(one, next)| one < next), "regions rise");
            ensure!(!work.stored_in.is_empty(), "a work is stored somewhere");
            ensure!(work.paid.subject == 0, "a work has no subject");

            let unpaid =
                work.supersedes.is_some() || work.retracted.is_some() || work.taken_down.is_some();
            ensure!(!unpaid || work.paid.total() == 0, "what does not count keeps no payment");

            let by: BTreeSet<_> = work.endorsements.iter().map(|known| known.by).collect();
            ensure!(by.len() == work.endorsements.len(), "an institution endorses once");
            ensure!(
                by.iter().all(|endorser| endorser.code() != work.author.code()),
                "nobody endorses the own work"
            );

            if let Some(newer) = work.superseded_by {
                let newer = Works::<T>::get(newer).ok_or("a successor exists")?;
                ensure!(newer.supersedes == Some(id), "a successor names what it supersedes");
                ensure!(newer.number > work.number, "a successor is younger");
                ensure!(
                    newer.author == work.author && newer.block == work.block,
                    "a successor is of the same author and block"
                );
            }
            if let Some(older) = work.supersedes {
                let older = Works::<T>::get(older).ok_or("what was superseded exists")?;
                ensure!(older.superseded_by == Some(id), "a work has one successor");
            }
        }
        ensure!(Count::<T>::get() == works, "works are counted");
        let numbered = u64::try_from(Numbered::<T>::iter_keys().count()).unwrap_or(u64::MAX);
        ensure!(numbered == works, "works are numbered without a gap");
        for daily in Published::<T>::iter_values() {
            ensure!(daily.works <= T::MaxPerDay::get(), "a day's works are bounded");
            ensure!(
                daily.rewarded <= T::MaxRewardedPerDay::get() && daily.rewarded <= daily.works,
                "a day's paid works are bounded"
            );
        }
        Ok(())
    }
}
