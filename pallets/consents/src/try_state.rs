//! What must hold of the storage after every block.

use frame_support::ensure;
use kanglian_primitives::{BusinessBlockSet, PersonId, PurposeSet};
use kanglian_traits::BlockInspect;
use sp_runtime::TryRuntimeError;

use crate::{
    AccessLogs, Config, GrantFile, Grants, MAX_DELEGATION, Pallet, ScopeKeys, TermsOf,
    WriteConsents, is_within_parent,
};

impl<T: Config> Pallet<T> {
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        for (person, _, file) in Grants::<T>::iter() {
            Self::check_file(&person, &file)?;
        }
        for (_, _, consent) in WriteConsents::<T>::iter() {
            ensure!(!consent.blocks.is_empty(), "a write consent names blocks");
        }
        for (_, block, published) in ScopeKeys::<T>::iter() {
            ensure!(block.is_valid(), "a scope key belongs to a possible block");
            ensure!(!published.key.is_low_order(), "a scope key is not of low order");
        }
        for (_, log) in AccessLogs::<T>::iter() {
            ensure!(log.size > 0, "an anchored log has lines");
        }
        Ok(())
    }

    fn check_file(person: &PersonId, file: &GrantFile<T>) -> Result<(), TryRuntimeError> {
        let rising = file.terms.iter().zip(file.terms.iter().skip(1));
        ensure!(rising.clone().all(|(one, next)| one.id < next.id), "terms rise by identifier");
        ensure!(
            file.terms.last().is_none_or(|last| last.id <= file.last_id),
            "a file remembers its last identifier"
        );
        ensure!(file.last_id.0 > 0, "a file was used");
        file.terms.iter().try_for_each(|terms| Self::check_stored_terms(person, terms))
    }

    fn check_stored_terms(person: &PersonId, terms: &TermsOf<T>) -> Result<(), TryRuntimeError> {
        ensure!(!terms.blocks.is_empty(), "terms name blocks");
        ensure!(!terms.purposes.is_empty(), "terms name purposes");
        ensure!(
            terms.purposes.is_subset_of(PurposeSet::GRANTABLE),
            "terms name grantable purposes only"
        );
        ensure!(terms.from < terms.until, "terms last");
        ensure!(terms.records_from < terms.records_until, "terms cover record dates");
        ensure!(terms.may_delegate <= MAX_DELEGATION, "terms are not too deep");
        let is_alone = |block| terms.blocks == BusinessBlockSet::of(block);
        ensure!(
            terms.blocks.iter().all(|block| {
                is_alone(block) || !T::Blocks::block(block).is_some_and(|view| view.restricted)
            }),
            "a restricted block is alone"
        );
        let Some(link) = &terms.parent else { return Ok(()) };
        ensure!(terms.may_delegate < MAX_DELEGATION, "a child is less deep than a root may be");
        let file = Grants::<T>::get(person, &link.grantee);
        ensure!(
            file.as_ref().is_some_and(|file| link.id <= file.last_id),
            "the parent was given once"
        );
        // The parent may have ended; then the child is dead and stays until it is pruned.
        let parent = file.as_ref().and_then(|file| file.find(link.id));
        ensure!(
            parent.is_none_or(|parent| {
                is_within_parent(terms, parent) && terms.may_delegate < parent.may_delegate
            }),
            "a child is within its parent"
        );
        Ok(())
    }
}
