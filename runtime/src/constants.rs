//! Values with their units.

use frame_support::weights::{
    Weight,
    constants::{WEIGHT_REF_TIME_PER_MICROS, WEIGHT_REF_TIME_PER_MILLIS},
};
use sp_runtime::Perbill;

use crate::{Balance, BlockNumber};

/// The smallest amounts people meet.
pub mod money {
    use super::Balance;
    pub use kanglian_primitives::HMC;
    /// A thousandth of one HMC.
    pub const MILLI_HMC: Balance = HMC / 1_000;
    /// Deposit for a preimage on chain.
    pub const PREIMAGE_BASE: Balance = 20 * MILLI_HMC;
    /// And for each of its bytes.
    pub const PREIMAGE_BYTE: Balance = MILLI_HMC / 100;
    /// Least balance an account without other standing must hold.
    pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_HMC;
}

/// Durations.
pub mod time {
    use super::BlockNumber;
    /// Milliseconds between two slots, fixed at genesis.
    pub const SLOT_MS: u64 = 1_000;
    /// Milliseconds in an hour.
    pub const HOUR_MS: u64 = 3_600_000;
    /// Blocks in a minute.
    pub const MINUTES: BlockNumber = 60;
    /// Blocks in an hour.
    pub const HOURS: BlockNumber = 60 * MINUTES;
    /// Blocks in a day.
    pub const DAYS: BlockNumber = 24 * HOURS;
    /// Blocks in a session.
    pub const SESSION: BlockNumber = 60;
    /// How far back a signed extrinsic's mortality may reach, and block hashes are kept.
    pub const BLOCK_HASH_COUNT: BlockNumber = 4_096;
    /// Fewest blocks of an upgrade's time lock, whatever the council sets.
    pub const LEAST_TIME_LOCK: BlockNumber = 6 * HOURS;
    /// Sessions in which an offence can still be reported.
    pub const REPORTABLE_SESSIONS: u32 = 24;
}

/// What a block may carry.
pub mod block {
    use super::{Perbill, WEIGHT_REF_TIME_PER_MICROS, WEIGHT_REF_TIME_PER_MILLIS, Weight};
    use frame_support::weights::RuntimeDbWeight;
    /// A proposer has 4/9 of the slot; 400 ms of reference time fit it.
    pub const MAX_WEIGHT: Weight = Weight::from_parts(400 * WEIGHT_REF_TIME_PER_MILLIS, u64::MAX);
    /// What an item costs to read and to write in ParityDB with the trie's cache, on a chain with
    /// 300,000 records: measured 5 and 16 to 37 µs (docs/performance.md).
    pub const STORAGE_COST: RuntimeDbWeight = RuntimeDbWeight {
        read: 5 * WEIGHT_REF_TIME_PER_MICROS,
        write: 25 * WEIGHT_REF_TIME_PER_MICROS,
    };
    /// What an empty block costs: measured 0.38 ms.
    pub const BASE: Weight = Weight::from_parts(400 * WEIGHT_REF_TIME_PER_MICROS, 0);
    /// What every extrinsic costs beside its call and its extensions: decoding and the signature.
    /// A `remark` with all its extensions was measured at 197 µs, the extensions at 120 of them.
    pub const EXTRINSIC_BASE: Weight = Weight::from_parts(80 * WEIGHT_REF_TIME_PER_MICROS, 0);
    /// Share of a block that its hooks take on average.
    pub const INITIALISATION: Perbill = Perbill::from_percent(5);
    /// Share of it for normal calls; the rest is for operational ones.
    pub const NORMAL_RATIO: Perbill = Perbill::from_percent(85);
    /// Bytes of extrinsics.
    pub const MAX_LENGTH: u32 = 5 * 1024 * 1024;
}

/// Free calls an hour.
pub mod free_lane {
    use super::WEIGHT_REF_TIME_PER_MILLIS;
    /// Reference time that one call of the quota covers; heavier transactions count as several.
    pub const CALL_REF_TIME: u64 = 2 * WEIGHT_REF_TIME_PER_MILLIS;
    /// Bytes that one call of the quota covers.
    pub const CALL_LENGTH: u64 = 16 * 1024;
    /// Of a registered person, practitioner or pan-centre.
    pub const PERSON: u32 = 200;
    /// A person's revocations and vetoes, whatever else was called and whatever the identity's
    /// standing.
    pub const REVOCATIONS: u32 = 20;
    /// For executing one recovery, by the account that it names.
    pub const RECOVERY: u32 = 20;
    /// Of a permitted institution.
    pub const INSTITUTION: u32 = 5_000;
    /// Of a vault, which sends log anchors.
    pub const VAULT: u32 = 5_000;
    /// Of a registrar, which sends log anchors.
    pub const REGISTRAR: u32 = 5_000;
    /// Of a custodian, which answers dealings and cases.
    pub const CUSTODIAN: u32 = 5_000;
}
