//! Public works.

/// Public works.
pub mod public_works {
    use super::super::*;
    const PALLET: &str = "PublicWorks";

    /// Publishes a work. The author: an institution permitted in the public block.
    pub fn publish(claim: &WorkClaim, schema: SchemaId, receipts: &[Receipt]) -> Call {
        let args = (claim.work, claim.block, schema, claim.size, claim.metadata, receipts);
        Call::new(PALLET, "publish", args)
    }

    /// Publishes a work in the place of an older one. The author of both.
    pub fn supersede(
        old: WorkId,
        claim: &WorkClaim,
        schema: SchemaId,
        receipts: &[Receipt],
    ) -> Call {
        let args = (old, claim.work, schema, claim.size, claim.metadata, receipts);
        Call::new(PALLET, "supersede", args)
    }

    /// Endorses a work. An institution that is not its author.
    pub fn endorse(work: WorkId) -> Call {
        Call::new(PALLET, "endorse", (work,))
    }

    /// Withdraws an endorsement. Who endorsed the work.
    pub fn withdraw_endorsement(work: WorkId) -> Call {
        Call::new(PALLET, "withdraw_endorsement", (work,))
    }

    /// Retracts a work. Its author.
    pub fn retract(work: WorkId, reason: RetractionReason) -> Call {
        Call::new(PALLET, "retract", (work, reason))
    }

    /// Takes a work down. The regulator.
    pub fn take_down(work: WorkId, reason: TakedownReason) -> Call {
        Call::new(PALLET, "take_down", (work, reason))
    }

    /// Restores a work that was taken down. The regulator.
    pub fn restore(work: WorkId) -> Call {
        Call::new(PALLET, "restore", (work,))
    }
}
