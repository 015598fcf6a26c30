//! Calls of guardianships and corrections.

/// Guardians and proxies.
pub mod guardianships {
    use super::super::*;
    const PALLET: &str = "Guardianships";

    /// Attests a guardian, who signed; the ward too where that confirms it. An institution.
    pub fn attest_guardian(
        body: &GuardianBody,
        guardian_signature: &MultiSignature,
        ward_signature: Option<&MultiSignature>,
    ) -> Call {
        let GuardianBody { ward, guardian, basis, until, holds_keys, .. } = body;
        Call::new(PALLET, "attest_guardian", (ward, guardian, basis, until, holds_keys))
            .with((guardian_signature, ward_signature))
    }

    /// Lets an attested guardianship count. The ward's pan-centre or the council.
    pub fn confirm_guardian(ward: PersonId, guardian: PersonId) -> Call {
        Call::new(PALLET, "confirm_guardian", (ward, guardian))
    }

    /// Ends a guardianship. The ward's pan-centre or the council.
    pub fn end_guardianship(ward: PersonId, guardian: PersonId) -> Call {
        Call::new(PALLET, "end_guardianship", (ward, guardian))
    }

    /// Lets a ward take the own rights over with new keys, which signed. An institution.
    pub fn take_over(
        ward: PersonId,
        new: AccountId,
        data_key: EncryptionKey,
        signature: &MultiSignature,
    ) -> Call {
        Call::new(PALLET, "take_over", (ward, new, data_key, signature))
    }

    /// Appoints a proxy, with the terms by which it reads. The person.
    pub fn appoint_proxy(
        proxy: PersonId,
        blocks: BusinessBlockSet,
        actions: ActionSet,
        until: Instant,
        terms: Option<&Terms<AccountId>>,
    ) -> Call {
        Call::new(PALLET, "appoint_proxy", (proxy, blocks, actions, until, terms))
    }

    /// Takes a mandate back. The person.
    pub fn revoke_proxy(proxy: PersonId) -> Call {
        Call::new(PALLET, "revoke_proxy", (proxy,))
    }

    /// Gives a mandate back. The proxy.
    pub fn renounce_proxy(person: PersonId) -> Call {
        Call::new(PALLET, "renounce_proxy", (person,))
    }

    /// Makes a call for a person. A guardian or a proxy.
    pub fn act_for(person: PersonId, call: Call) -> Call {
        Call::new(PALLET, "act_for", (person,)).with_call(call)
    }
}

/// Requests to correct a record.
pub mod corrections {
    use super::super::*;
    const PALLET: &str = "Corrections";

    /// Asks for the correction of an own record. The person.
    pub fn request(record: RecordId, reason: CorrectionReason, text: Hash32) -> Call {
        Call::new(PALLET, "request", (record, reason, text))
    }

    /// Says that the record is superseded by the amendment. Its author.
    pub fn amend(person: PersonId, id: CorrectionId, record: RecordId) -> Call {
        Call::new(PALLET, "amend", (person, id, record))
    }

    /// Refuses a request. The record's author.
    pub fn refuse(person: PersonId, id: CorrectionId, reason: RefusalReason) -> Call {
        Call::new(PALLET, "refuse", (person, id, reason))
    }

    /// Says that a record is about somebody else. Its author.
    pub fn mark_wrong_person(record: RecordId) -> Call {
        Call::new(PALLET, "mark_wrong_person", (record,))
    }

    /// Brings an overdue request before the author's pan-centre. Anybody.
    pub fn escalate(person: PersonId, id: CorrectionId) -> Call {
        Call::new(PALLET, "escalate", (person, id))
    }

    /// Upholds an escalated request, or dismisses it. The author's pan-centre.
    pub fn review(person: PersonId, id: CorrectionId, dismiss: Option<RefusalReason>) -> Call {
        Call::new(PALLET, "review", (person, id, dismiss))
    }

    /// Takes a request back. The person.
    pub fn withdraw(id: CorrectionId) -> Call {
        Call::new(PALLET, "withdraw", (id,))
    }

    /// Removes a request that has been over for a while. Anybody.
    pub fn remove(person: PersonId, id: CorrectionId) -> Call {
        Call::new(PALLET, "remove", (person, id))
    }
}
