//! What other pallets ask of this one.

use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure};
use kanglian_primitives::{
    AccessQuery, BusinessBlockId, BusinessBlockSet, Decision, EncryptionKey, Instant,
    InstitutionId, KeyEpoch, PersonId, RecordFacts,
};
use kanglian_traits::{ConsentInspect, InstitutionInspect, OnAttested, PersonInspect};

use crate::{Config, Error, Event, Pallet, ScopeKeys, WriteConsents};

impl<T: Config> ConsentInspect<T::AccountId> for Pallet<T> {
    fn decide(query: &AccessQuery<T::AccountId>, facts: &RecordFacts, now: Instant) -> Decision {
        Self::judge(query, facts, now).map_or_else(Decision::Refused, Decision::Allowed)
    }

    fn may_write(
        person: &PersonId,
        institution: &InstitutionId,
        block: BusinessBlockId,
        now: Instant,
    ) -> bool {
        let allowed = WriteConsents::<T>::get(person, institution)
            .is_some_and(|consent| consent.blocks.contains(block) && now < consent.until);
        allowed
            && T::Institutions::permitted(institution, now).is_some()
            && T::People::valid(person, now).is_some()
    }

    fn scope_epoch(person: &PersonId, block: BusinessBlockId) -> Option<KeyEpoch> {
        ScopeKeys::<T>::get(person, block).map(|published| published.epoch)
    }
}

impl<T: Config> OnAttested for Pallet<T> {
    fn on_attested(
        person: PersonId,
        scope_keys: Vec<(BusinessBlockId, EncryptionKey)>,
        attester: InstitutionId,
        write_blocks: BusinessBlockSet,
        write_until: Instant,
    ) -> DispatchResult {
        let mut last = None;
        for (block, key) in &scope_keys {
            ensure!(last < Some(*block), Error::<T>::KeysNotRising);
            last = Some(*block);
            Self::put_scope_key(person, *block, KeyEpoch(0), *key)?;
        }
        if !write_blocks.is_empty() {
            Self::put_write_consent(person, attester, write_blocks, write_until)?;
        }
        Self::deposit_event(Event::Enrolled {
            person,
            key_blocks: scope_keys.iter().map(|(block, _)| *block).collect(),
            attester,
            write_blocks,
            write_until,
        });
        Ok(())
    }
}
