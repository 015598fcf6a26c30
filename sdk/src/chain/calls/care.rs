//! Authorisation codes and referrals.

/// Authorisation codes.
pub mod access_codes {
    use super::super::*;
    const PALLET: &str = "AccessCodes";

    /// Issues a code. The person.
    pub fn issue_code(
        code: CodeKey,
        template: &TermsTemplate,
        uses: u8,
        expires_at: Instant,
        sealed: Hash32,
    ) -> Call {
        Call::new(PALLET, "issue_code", (code, template, uses, expires_at, sealed))
    }

    /// Cancels a code; terms it gave stay. The person.
    pub fn cancel_code(code: CodeKey) -> Call {
        Call::new(PALLET, "cancel_code", (code,))
    }

    /// Redeems a code with a signature by its key. An account that acts as the grantee.
    pub fn redeem_code(
        code: CodeKey,
        acting_as: &Grantee<AccountId>,
        expires_at: Instant,
        signature: [u8; 64],
    ) -> Call {
        Call::new(PALLET, "redeem_code", (code, acting_as, expires_at, signature))
    }

    /// Names the bundle sealed to the grantee's own key. The account that redeemed.
    pub fn adopt_bundle(code: CodeKey, acting_as: &Grantee<AccountId>, bundle: Hash32) -> Call {
        Call::new(PALLET, "adopt_bundle", (code, acting_as, bundle))
    }

    /// Removes a code that has been over for a while. Anybody.
    pub fn remove_code(code: CodeKey) -> Call {
        Call::new(PALLET, "remove_code", (code,))
    }
}

/// Referrals.
pub mod referrals {
    use super::super::*;
    use crate::chain::care::Reason;
    const PALLET: &str = "Referrals";

    /// To whom, each with its terms.
    pub type Offers = [(Grantee<AccountId>, Terms<AccountId>)];

    /// Refers a person. An account that acts as the holder of the terms' parent.
    pub fn refer(
        subject: PersonId,
        acting_as: &Grantee<AccountId>,
        request: Option<RecordId>,
        offers: &Offers,
    ) -> Call {
        Call::new(PALLET, "refer", (subject, acting_as, request, offers))
    }

    /// Refers oneself. The person.
    pub fn refer_own(request: Option<RecordId>, offers: &Offers) -> Call {
        Call::new(PALLET, "refer_own", (request, offers))
    }

    /// Accepts a referral. An account that acts as who it was offered to.
    pub fn accept(subject: PersonId, id: ReferralId, acting_as: &Grantee<AccountId>) -> Call {
        Call::new(PALLET, "accept", (subject, id, acting_as))
    }

    /// Rejects a referral. An account that acts as who it was offered to.
    pub fn reject(
        subject: PersonId,
        id: ReferralId,
        acting_as: &Grantee<AccountId>,
        reason: Reason,
    ) -> Call {
        Call::new(PALLET, "reject", (subject, id, acting_as, reason))
    }

    /// Returns the result of a referral. An account that acts as who accepted.
    pub fn return_result(
        subject: PersonId,
        id: ReferralId,
        acting_as: &Grantee<AccountId>,
        record: RecordId,
    ) -> Call {
        Call::new(PALLET, "return_result", (subject, id, acting_as, record))
    }

    /// Closes a referral. Who referred or accepted.
    pub fn close(subject: PersonId, id: ReferralId, acting_as: &Grantee<AccountId>) -> Call {
        Call::new(PALLET, "close", (subject, id, acting_as))
    }

    /// Closes a referral of one's own. The person.
    pub fn close_own(id: ReferralId) -> Call {
        Call::new(PALLET, "close_own", (id,))
    }

    /// Removes a referral that has been over for a while. Anybody.
    pub fn remove(subject: PersonId, id: ReferralId) -> Call {
        Call::new(PALLET, "remove", (subject, id))
    }
}
