//! Records, consents, coin.

/// Records.
pub mod records {
    use super::super::*;
    const PALLET: &str = "Records";

    /// Shares a record. The author: an institution with write consent, or the person.
    pub fn share(share: &Share) -> Call {
        Call::new(PALLET, "share", (share,))
    }

    /// Shares a record that holds many readings.
    pub fn share_batch(share: &Share, count: u32) -> Call {
        Call::new(PALLET, "share_batch", (share, count))
    }

    /// Shares a record that stands in the place of an older one of the same subject, block and
    /// author. The author of the older one.
    pub fn supersede(
        old: RecordId,
        schema: SchemaId,
        record: RecordId,
        size: u64,
        epoch: KeyEpoch,
        receipts: &[Receipt],
    ) -> Call {
        Call::new(PALLET, "supersede", (old, schema, record, size, epoch, receipts))
    }

    /// Refuses a record shared in the person's name, for good. The subject.
    pub fn reject(record: RecordId) -> Call {
        Call::new(PALLET, "reject", (record,))
    }
}

/// Consents.
pub mod consents {
    use super::super::*;
    const PALLET: &str = "Consents";

    /// Gives terms. The person.
    pub fn grant(grantee: &Grantee<AccountId>, terms: &Terms<AccountId>) -> Call {
        Call::new(PALLET, "grant", (grantee, terms))
    }

    /// Gives terms on. An account that acts as the grantee of the parent terms.
    pub fn delegate(
        subject: PersonId,
        acting_as: &Grantee<AccountId>,
        grantee: &Grantee<AccountId>,
        terms: &Terms<AccountId>,
    ) -> Call {
        Call::new(PALLET, "delegate", (subject, acting_as, grantee, terms))
    }

    /// Ends terms and whatever was given on from them. The person.
    pub fn revoke(grantee: &Grantee<AccountId>, id: TermsId) -> Call {
        Call::new(PALLET, "revoke", (grantee, id))
    }

    /// Ends terms that a linked id gave. The person.
    pub fn revoke_linked(alias: PersonId, grantee: &Grantee<AccountId>, id: TermsId) -> Call {
        Call::new(PALLET, "revoke_linked", (alias, grantee, id))
    }

    /// Gives terms up. An account that acts as the grantee.
    pub fn renounce(subject: PersonId, acting_as: &Grantee<AccountId>, id: TermsId) -> Call {
        Call::new(PALLET, "renounce", (subject, acting_as, id))
    }

    /// Lets an institution write into blocks; the empty set ends it. The person.
    pub fn allow_writing(
        institution: InstitutionId,
        blocks: BusinessBlockSet,
        until: Instant,
    ) -> Call {
        Call::new(PALLET, "allow_writing", (institution, blocks, until))
    }

    /// Publishes the next epoch's scope key of a block and the new bundles' hashes. The person.
    pub fn rotate_scope_key(
        block: BusinessBlockId,
        epoch: KeyEpoch,
        key: EncryptionKey,
        resealed: &Resealed,
    ) -> Call {
        Call::new(PALLET, "rotate_scope_key", (block, epoch, key, resealed))
    }

    /// Anchors the access log of a vault. The vault's account.
    pub fn anchor_access_log(size: u64, root: Hash32, proof: &[Hash32]) -> Call {
        Call::new(PALLET, "anchor_access_log", (size, root, proof))
    }
}

/// The coin.
pub mod health_coin {
    use super::super::*;
    const PALLET: &str = "HealthCoin";

    /// Changes how shares are paid. Council, two thirds.
    pub fn set_schedule(schedule: &Schedule) -> Call {
        Call::new(PALLET, "set_schedule", (schedule,))
    }

    /// Changes how publishing is paid. Council, two thirds.
    pub fn set_publishing_schedule(schedule: &PublishingSchedule) -> Call {
        Call::new(PALLET, "set_publishing_schedule", (schedule,))
    }

    /// Changes who may send coin to whom. Council, two thirds.
    pub fn set_transfer_policy(policy: TransferPolicy) -> Call {
        Call::new(PALLET, "set_transfer_policy", (policy,))
    }

    /// Pays the regions for an era that is over. Anybody.
    pub fn settle_era(era: u32) -> Call {
        Call::new(PALLET, "settle_era", (era,))
    }

    /// Takes coin back into the pot. Council, two thirds.
    pub fn claw_back(who: &AccountId, amount: Amount) -> Call {
        Call::new(PALLET, "claw_back", (who, amount))
    }
}
