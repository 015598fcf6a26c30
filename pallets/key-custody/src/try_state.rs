//! Invariants of the stored state.

use alloc::vec::Vec;
use frame_support::ensure;
use kanglian_primitives::{
    CaseRef, Dealing, HandOver, MIN_CUSTODIANS, MIN_THRESHOLD, PartAnswer, PerCustodian,
    RecoveryStatus,
};
use sp_runtime::TryRuntimeError;

use crate::{
    Config, Custodians, Dealings, Emergencies, EmergenciesBy, EmergenciesOf, FormerKeys,
    LostAccounts, NextEmergency, NextRecovery, OpenedBy, OverdueReviews, Pallet, PendingAt,
    Recoveries, RecoveryOf, Unreviewed, WaitingCases, WaitingParts,
};

impl<T: Config> Pallet<T> {
    /// Checks that indices and entries say the same, and that no entry holds what no call would
    /// accept.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_custodians()?;
        Self::check_dealings()?;
        Self::check_recoveries()?;
        Self::check_coins()?;
        Self::check_emergencies()?;
        Self::check_notes()?;
        Self::check_waiting_cases()
    }

    fn check_custodians() -> Result<(), TryRuntimeError> {
        let custodians = Custodians::<T>::get();
        for (region, custodian) in custodians.iter() {
            ensure!(!custodian.key.is_low_order(), "a custodian's key is of small order");
            ensure!(
                frame_system::Pallet::<T>::sufficients(&custodian.account) > 0,
                "a custodian's account has no sufficient reference"
            );
            let twice = custodians
                .iter()
                .filter(|(other, _)| *other != region)
                .any(|(_, one)| one.account == custodian.account || one.key == custodian.key);
            ensure!(!twice, "an account or a key is custodian of two regions");
        }
        let former = FormerKeys::<T>::get();
        for (region, keys) in former.iter() {
            let custodian = custodians.get(region).ok_or("a key was nobody's")?;
            ensure!(!keys.is_empty(), "a list of former keys is empty");
            ensure!(!keys.contains(&custodian.key), "a present key is a former one");
            let shared = |key| {
                former.iter().any(|(other, keys)| other != region && keys.contains(key))
                    || custodians.iter().any(|(other, one)| other != region && one.key == *key)
            };
            ensure!(!keys.iter().any(shared), "a key was and is of two regions");
        }
        Ok(())
    }

    fn check_dealings() -> Result<(), TryRuntimeError> {
        let mut waiting = 0usize;
        for (person, scope, dealing) in Dealings::<T>::iter() {
            check_shape(&dealing)?;
            for (part, answer) in dealing.terms.parts.iter().zip(&dealing.answers) {
                let entry = WaitingParts::<T>::get(part.region, (person, scope));
                let expected = (*answer == PartAnswer::Waiting).then_some(dealing.number);
                ensure!(entry == expected, "a part waits wrongly");
                waiting = waiting.saturating_add(usize::from(expected.is_some()));
            }
        }
        ensure!(WaitingParts::<T>::iter().count() == waiting, "a part waits for no dealing");
        Ok(())
    }

    fn check_recoveries() -> Result<(), TryRuntimeError> {
        for (id, recovery) in Recoveries::<T>::iter() {
            ensure!(RecoveryOf::<T>::get(recovery.person) == Some(id), "a recovery is lost");
            ensure!(id.0 < NextRecovery::<T>::get(), "a recovery's number is ahead");
            let pairs = recovery.approvals.iter().zip(recovery.approvals.iter().skip(1));
            ensure!(pairs.clone().all(|(one, next)| one < next), "approvals do not rise");
            ensure!(recovery.bar >= crate::LEAST_BAR, "a recovery's bar is too low");
            ensure!(recovery.is_pending() == recovery.ended_at.is_none(), "an end is missing");
            let executed = recovery.status == RecoveryStatus::Executed;
            ensure!(
                executed || (recovery.dealing.is_none() && recovery.handed_over.is_empty()),
                "shares were handed over without execution"
            );
            if executed {
                ensure!(
                    recovery.approvals.len() >= usize::from(recovery.bar),
                    "a recovery was executed below its bar"
                );
            }
            if let Some(dealing) = &recovery.dealing {
                check_shape(dealing)?;
                check_hand_overs(dealing, &recovery.handed_over)?;
            }
        }
        ensure!(
            RecoveryOf::<T>::iter().count() == Recoveries::<T>::iter().count(),
            "a person's recovery is not there"
        );
        for (institution, pending) in PendingAt::<T>::iter() {
            let found = Recoveries::<T>::iter_values()
                .filter(|recovery| recovery.is_pending() && recovery.institution == institution)
                .count();
            ensure!(pending > 0, "an institution without pending recoveries is listed");
            ensure!(u32::try_from(found) == Ok(pending), "pending recoveries are miscounted");
        }
        let listed: u32 = PendingAt::<T>::iter_values().sum();
        let all = Recoveries::<T>::iter_values().filter(|recovery| recovery.is_pending()).count();
        ensure!(u32::try_from(all) == Ok(listed), "a pending recovery is not counted");
        Ok(())
    }

    /// Coins are frozen exactly where a recovery pends or has replaced the account.
    fn check_coins() -> Result<(), TryRuntimeError> {
        for (account, _) in LostAccounts::<T>::iter() {
            ensure!(Self::has_frozen_coins(&account), "a lost account's coins are not frozen");
        }
        let pending: Vec<_> =
            Recoveries::<T>::iter_values().filter(|recovery| recovery.is_pending()).collect();
        for recovery in Recoveries::<T>::iter_values() {
            let old = &recovery.old_controller;
            let expected = LostAccounts::<T>::contains_key(old)
                || pending.iter().any(|other| other.old_controller == *old);
            ensure!(Self::has_frozen_coins(old) == expected, "coins are frozen wrongly");
        }
        for recovery in pending {
            ensure!(
                frame_system::Pallet::<T>::sufficients(&recovery.new_controller) > 0,
                "a recovery's new account could not send a call"
            );
        }
        Ok(())
    }

    fn check_emergencies() -> Result<(), TryRuntimeError> {
        for (id, emergency) in Emergencies::<T>::iter() {
            ensure!(id.0 < NextEmergency::<T>::get(), "an emergency's number is ahead");
            let expected = emergency.review.is_none().then_some(emergency.review_by);
            ensure!(Unreviewed::<T>::get(id) == expected, "a review is lost");
            ensure!(emergency.ends_at <= emergency.review_by, "a review is due before the end");
            check_shape(&emergency.dealing)?;
            check_hand_overs(&emergency.dealing, &emergency.handed_over)?;
        }
        for id in OpenedBy::<T>::iter_keys() {
            let waits = Unreviewed::<T>::contains_key(id);
            ensure!(waits, "an opener is kept beyond the review");
        }
        for id in Unreviewed::<T>::iter_keys() {
            ensure!(Emergencies::<T>::contains_key(id), "a review waits for no emergency");
        }
        for (region, owed) in OverdueReviews::<T>::iter() {
            let found = Emergencies::<T>::iter_values()
                .filter(|one| one.region == region && one.escalated && one.review.is_none())
                .count();
            ensure!(owed > 0 && u32::try_from(found) == Ok(owed), "owed reviews are miscounted");
        }
        Ok(())
    }

    fn check_notes() -> Result<(), TryRuntimeError> {
        for (person, notes) in EmergenciesOf::<T>::iter() {
            for note in &notes {
                let emergency =
                    Emergencies::<T>::get(note.id).ok_or("a note names no emergency")?;
                ensure!(emergency.person == person, "a note is at the wrong person");
                ensure!(note.ends_at == emergency.ends_at, "a note has another end");
                ensure!(note.reviewed == emergency.review.is_some(), "a note missed the review");
                ensure!(note.practitioner == emergency.practitioner, "a note misnames who opened");
            }
        }
        for (practitioner, notes) in EmergenciesBy::<T>::iter() {
            for note in &notes {
                let emergency =
                    Emergencies::<T>::get(note.id).ok_or("a note names no emergency")?;
                ensure!(emergency.practitioner == practitioner, "a note is at the wrong account");
                ensure!(note.ends_at == emergency.ends_at, "a note has another end");
                ensure!(note.reviewed == emergency.review.is_some(), "a note missed the review");
            }
        }
        for (id, emergency) in Emergencies::<T>::iter() {
            let noted = |notes: crate::NoteList<T>| notes.iter().any(|note| note.id == id);
            let about = EmergenciesOf::<T>::get(emergency.person);
            ensure!(
                emergency.review.is_some() || about.is_full() || noted(about),
                "an emergency that waits for review is not noted at its person"
            );
            ensure!(
                emergency.review.is_some()
                    || noted(EmergenciesBy::<T>::get(&emergency.practitioner)),
                "an emergency that waits for review is not noted at its practitioner"
            );
        }
        Ok(())
    }

    fn check_waiting_cases() -> Result<(), TryRuntimeError> {
        for (region, case, ()) in WaitingCases::<T>::iter() {
            let waits = |dealing: &Dealing, handed_over: &PerCustodian<HandOver>| {
                dealing.index_of(region).is_some()
                    && !handed_over.iter().any(|done| done.region == region)
            };
            let right = match case {
                CaseRef::Recovery(id) => Recoveries::<T>::get(id).is_some_and(|recovery| {
                    let dealing = recovery.dealing.as_ref();
                    dealing.is_some_and(|dealing| waits(dealing, &recovery.handed_over))
                }),
                CaseRef::Emergency(id) => Emergencies::<T>::get(id)
                    .is_some_and(|emergency| waits(&emergency.dealing, &emergency.handed_over)),
            };
            ensure!(right, "a region waits for a case without need");
        }
        Ok(())
    }
}

/// A dealing that the call would accept.
fn check_shape(dealing: &Dealing) -> Result<(), TryRuntimeError> {
    let terms = &dealing.terms;
    let parts = terms.parts.len();
    ensure!(dealing.number > 0, "a dealing has no number");
    ensure!(parts >= usize::from(MIN_CUSTODIANS), "a dealing has too few parts");
    ensure!(
        terms.threshold >= MIN_THRESHOLD && usize::from(terms.threshold) <= parts,
        "a dealing's threshold is wrong"
    );
    ensure!(
        terms.commitments.len() == usize::from(terms.threshold),
        "a dealing's commitments do not fit its threshold"
    );
    ensure!(
        dealing.keys.len() == parts && dealing.answers.len() == parts,
        "a dealing's lists differ in length"
    );
    let pairs = terms.parts.iter().zip(terms.parts.iter().skip(1));
    ensure!(pairs.clone().all(|(one, next)| one.region < next.region), "parts do not rise");
    Ok(())
}

/// Hand-overs are by parts of the dealing, once each.
fn check_hand_overs(
    dealing: &Dealing,
    handed_over: &PerCustodian<HandOver>,
) -> Result<(), TryRuntimeError> {
    for done in handed_over {
        ensure!(dealing.index_of(done.region).is_some(), "a stranger handed over");
        let times = handed_over.iter().filter(|other| other.region == done.region).count();
        ensure!(times == 1, "a region handed over twice");
    }
    Ok(())
}
