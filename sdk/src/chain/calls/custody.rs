//! Dealings, recoveries, emergencies.

/// Custodians and what they keep for people.
pub mod key_custody {
    use kanglian_primitives::{
        CaseRef, ComplaintReason, DealingTerms, DealtScope, EmergencyId, EmergencyReason,
        RecoveryId, ReviewOutcome, payloads::RecoveryBody,
    };

    use super::super::*;
    const PALLET: &str = "KeyCustody";

    /// Appoints the region's custodian. Pan-centre.
    pub fn set_custodian(account: &AccountId, key: EncryptionKey) -> Call {
        Call::new(PALLET, "set_custodian", (account, key))
    }

    /// Dismisses the region's custodian. Pan-centre.
    pub fn remove_custodian() -> Call {
        Call::new(PALLET, "remove_custodian", ())
    }

    /// Deals a secret to custodians. The person.
    pub fn deal(scope: DealtScope, terms: &DealingTerms) -> Call {
        Call::new(PALLET, "deal", (scope, terms))
    }

    /// Says that a share opens, matches, and that the payload is there. Its custodian.
    pub fn acknowledge(person: PersonId, scope: DealtScope, number: u32) -> Call {
        Call::new(PALLET, "acknowledge", (person, scope, number))
    }

    /// Names a bad dealing. A custodian of it.
    pub fn complain(
        person: PersonId,
        scope: DealtScope,
        number: u32,
        reason: ComplaintReason,
    ) -> Call {
        Call::new(PALLET, "complain", (person, scope, number, reason))
    }

    /// Opens the recovery of a person's keys; `signature` is the new controller's over
    /// [`kanglian_primitives::payloads::recovery`]. The institution that it names.
    pub fn open_recovery(body: &RecoveryBody<AccountId>, signature: &MultiSignature) -> Call {
        let RecoveryBody { person, new_controller, new_data_key, reseal_key, .. } = body;
        let args = (person, new_controller, new_data_key, reseal_key, signature);
        Call::new(PALLET, "open_recovery", args)
    }

    /// Approves a recovery after an own check. Pan-centre.
    pub fn approve_recovery(id: RecoveryId) -> Call {
        Call::new(PALLET, "approve_recovery", (id,))
    }

    /// Objects to a recovery. The person's present account.
    pub fn veto_recovery(id: RecoveryId) -> Call {
        Call::new(PALLET, "veto_recovery", (id,))
    }

    /// Records the hearing after a veto, by the salted hash of its minutes. Home pan-centre.
    pub fn record_hearing(id: RecoveryId, minutes: Hash32) -> Call {
        Call::new(PALLET, "record_hearing", (id, minutes))
    }

    /// Ends a recovery that should not be. Home pan-centre.
    pub fn dismiss_recovery(id: RecoveryId) -> Call {
        Call::new(PALLET, "dismiss_recovery", (id,))
    }

    /// Takes a recovery back. The institution that opened it.
    pub fn withdraw_recovery(id: RecoveryId) -> Call {
        Call::new(PALLET, "withdraw_recovery", (id,))
    }

    /// Gives the caller another key; what was sealed to the former one counts on. A custodian.
    pub fn rotate_key(key: EncryptionKey) -> Call {
        Call::new(PALLET, "rotate_key", (key,))
    }

    /// Moves what reached the old account of an executed recovery since to the person's present
    /// one. Anybody.
    pub fn collect_coins(account: &AccountId) -> Call {
        Call::new(PALLET, "collect_coins", (account,))
    }

    /// Carries an approved recovery out after its delay. Anybody.
    pub fn execute_recovery(id: RecoveryId) -> Call {
        Call::new(PALLET, "execute_recovery", (id,))
    }

    /// Names the share that was sealed again for a case. A custodian of its dealing.
    pub fn hand_over(case: CaseRef, blob: Hash32) -> Call {
        Call::new(PALLET, "hand_over", (case, blob))
    }

    /// Opens an emergency about a person for some hours. A physician of the institution.
    pub fn open_emergency(
        person: PersonId,
        institution: InstitutionId,
        reason: EmergencyReason,
        hours: u8,
    ) -> Call {
        Call::new(PALLET, "open_emergency", (person, institution, reason, hours))
    }

    /// Says whether there was an emergency. Pan-centre of the institution's region.
    pub fn review_emergency(id: EmergencyId, outcome: ReviewOutcome) -> Call {
        Call::new(PALLET, "review_emergency", (id, outcome))
    }

    /// Names the pan-centre whose review is overdue. Anybody.
    pub fn escalate_emergency(id: EmergencyId) -> Call {
        Call::new(PALLET, "escalate_emergency", (id,))
    }

    /// Ends a pending recovery whose time is over, and removes cases that ended long ago. Anybody.
    pub fn prune_case(case: CaseRef) -> Call {
        Call::new(PALLET, "prune_case", (case,))
    }

    /// Ends an emergency early. Its physician.
    pub fn close_emergency(id: EmergencyId) -> Call {
        Call::new(PALLET, "close_emergency", (id,))
    }
}
