//! Council, mandates, authorities.

/// Motions of the council.
pub mod council {
    use super::super::*;
    const PALLET: &str = "Council";

    /// Puts a call to the vote; with a threshold below 2 it is carried out at once. A member.
    pub fn propose(threshold: u32, call: Call) -> Call {
        Call::new(PALLET, "propose", (compact(threshold),))
            .with_call(call.clone())
            .with_length_of(call)
    }

    /// Votes on a motion. A member.
    pub fn vote(proposal: Hash32, index: u32, approve: bool) -> Call {
        Call::new(PALLET, "vote", (proposal, compact(index), approve))
    }

    /// Closes a motion: carries it out or drops it. Anybody.
    pub fn close(proposal: Hash32, index: u32, weight: Weight, length_bound: u32) -> Call {
        Call::new(PALLET, "close", (proposal, compact(index), weight, compact(length_bound)))
    }
}

/// Seats in the council.
pub mod council_membership {
    use super::super::*;
    const PALLET: &str = "CouncilMembership";

    /// Adds a member.
    pub fn add_member(who: &AccountId) -> Call {
        Call::new(PALLET, "add_member", (address(who),))
    }

    /// Removes a member.
    pub fn remove_member(who: &AccountId) -> Call {
        Call::new(PALLET, "remove_member", (address(who),))
    }

    /// Gives a member's seat to another account.
    pub fn swap_member(remove: &AccountId, add: &AccountId) -> Call {
        Call::new(PALLET, "swap_member", (address(remove), address(add)))
    }
}

/// Parameters of the runtime.
pub mod parameters {
    use super::super::*;
    const PALLET: &str = "Parameters";

    /// Number of governance among the groups of parameters.
    const GOVERNANCE: u8 = 0;

    /// How governance runs; values are numbers of blocks.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum GovernanceParameter {
        /// How long a motion stays open.
        MotionDuration = 0,
        /// How long an upgrade waits between vote and enactment.
        UpgradeTimeLock = 1,
    }

    impl GovernanceParameter {
        /// The SCALE bytes of its key in storage.
        pub fn key(self) -> Vec<u8> {
            (GOVERNANCE, self as u8).encode()
        }
    }

    /// Sets how governance runs; none brings the default back. Council, two thirds.
    pub fn set_governance(parameter: GovernanceParameter, blocks: Option<Height>) -> Call {
        Call::new(PALLET, "set_parameter", (GOVERNANCE, parameter as u8, blocks))
    }
}

/// Upgrades of the runtime.
pub mod mandates {
    use super::super::*;
    const PALLET: &str = "Mandates";

    /// Starts the time lock of new code. Council, two thirds.
    pub fn propose_upgrade(code_hash: Hash32) -> Call {
        Call::new(PALLET, "propose_upgrade", (code_hash,))
    }

    /// Stops an upgrade. The regulator.
    pub fn veto(code_hash: Hash32) -> Call {
        Call::new(PALLET, "veto", (code_hash,))
    }

    /// Takes an upgrade back. Council, majority.
    pub fn cancel(code_hash: Hash32) -> Call {
        Call::new(PALLET, "cancel", (code_hash,))
    }

    /// Authorises an upgrade after its time lock. Anybody.
    pub fn enact(code_hash: Hash32) -> Call {
        Call::new(PALLET, "enact", (code_hash,))
    }

    /// Names the regulator's account. Council, two thirds.
    pub fn set_regulator(account: &AccountId) -> Call {
        Call::new(PALLET, "set_regulator", (account,))
    }
}

/// Validators.
pub mod authorities {
    use super::super::*;
    const PALLET: &str = "Authorities";

    /// Adds a validator. Council, two thirds.
    pub fn add(account: &AccountId, region: RegionCode) -> Call {
        Call::new(PALLET, "add", (account, region))
    }

    /// Removes a validator. Council, two thirds.
    pub fn remove(account: &AccountId) -> Call {
        Call::new(PALLET, "remove", (account,))
    }

    /// Reports two blocks of one author in one slot; the headers are SCALE bytes. Anybody.
    pub fn report_double_block(first: &[u8], second: &[u8]) -> Call {
        Call::new(PALLET, "report_double_block", Headers(first, second))
    }

    /// Two headers, one after the other, without length prefixes.
    struct Headers<'a>(&'a [u8], &'a [u8]);

    impl Encode for Headers<'_> {
        fn encode_to<T: codec::Output + ?Sized>(&self, out: &mut T) {
            out.write(self.0);
            out.write(self.1);
        }
    }
}
