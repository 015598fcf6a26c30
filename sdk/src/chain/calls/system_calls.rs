//! Calls of the Polkadot SDK's own pallets.

/// Coin transfers.
pub mod balances {
    use super::super::*;
    const PALLET: &str = "Balances";

    /// Sends coin; the sender's account stays alive.
    pub fn transfer_keep_alive(to: &AccountId, amount: Amount) -> Call {
        Call::new(PALLET, "transfer_keep_alive", (address(to), compact(amount)))
    }

    /// Sends coin; the sender's account may end.
    pub fn transfer_allow_death(to: &AccountId, amount: Amount) -> Call {
        Call::new(PALLET, "transfer_allow_death", (address(to), compact(amount)))
    }

    /// Sends all coin.
    pub fn transfer_all(to: &AccountId, keep_alive: bool) -> Call {
        Call::new(PALLET, "transfer_all", (address(to), keep_alive))
    }
}

/// Batches.
pub mod utility {
    use super::super::*;
    const PALLET: &str = "Utility";

    /// Several calls, all or none.
    pub fn batch_all(calls: Vec<Call>) -> Call {
        Call::new(PALLET, "batch_all", ()).with_calls(calls)
    }

    /// Several calls up to the first that fails.
    pub fn batch(calls: Vec<Call>) -> Call {
        Call::new(PALLET, "batch", ()).with_calls(calls)
    }

    /// Several calls; those that fail are passed over.
    pub fn force_batch(calls: Vec<Call>) -> Call {
        Call::new(PALLET, "force_batch", ()).with_calls(calls)
    }
}

/// Session keys of validators.
pub mod session {
    use super::super::*;
    const PALLET: &str = "Session";

    /// Announces session keys; `keys` are the SCALE bytes that `author_rotateKeys` gave.
    pub fn set_keys(keys: &[u8], proof: &[u8]) -> Call {
        Call::new(PALLET, "set_keys", Raw(keys)).with(proof)
    }

    /// Bytes without a length prefix.
    struct Raw<'a>(&'a [u8]);

    impl Encode for Raw<'_> {
        fn encode_to<T: codec::Output + ?Sized>(&self, out: &mut T) {
            out.write(self.0);
        }
    }
}

/// The system.
pub mod system {
    use super::super::*;
    const PALLET: &str = "System";

    /// Installs code whose hash was authorised. Anybody.
    pub fn apply_authorized_upgrade(code: &[u8]) -> Call {
        Call::new(PALLET, "apply_authorized_upgrade", (code,))
    }

    /// Notes bytes that nobody reads.
    pub fn remark(remark: &[u8]) -> Call {
        Call::new(PALLET, "remark", (remark,))
    }
}
