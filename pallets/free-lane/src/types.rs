//! The leaky bucket.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use kanglian_primitives::Instant;
use scale_info::TypeInfo;

/// Milliseconds in an hour, and so the units that one call pours into a bucket: a quota of q calls
/// an hour lets q units out each millisecond.
pub const HOUR: u64 = 3_600_000;

/// What an account may call without a fee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota<AccountId> {
    /// Free calls an hour.
    pub hourly: u32,
    /// Whose bucket the account draws from: an account that stands for whoever it is registered
    /// as, so that a new account of the same person does not come with a full quota.
    pub drawn_by: AccountId,
}

/// Says what an account has.
pub trait FreeQuota<AccountId> {
    /// The account's quota; none when it is not registered as anything.
    fn of(who: &AccountId) -> Option<Quota<AccountId>>;

    /// Free calls an hour.
    fn hourly(who: &AccountId) -> Option<u32> {
        Self::of(who).map(|quota| quota.hourly)
    }

    /// Gives the account the largest quota there is. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_quota(_who: &AccountId) {}
}

/// What an account has drawn: a level in units, and when it stood there.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Bucket {
    /// Units in the bucket; [`HOUR`] of them are one call.
    pub level: u64,
    /// When the level was that.
    pub at: Instant,
}

/// Units that a bucket of this quota holds.
pub(crate) fn capacity(quota: u32) -> u64 {
    // At most 2^32 · 3.6e6, about 1.5e16.
    u64::from(quota).saturating_mul(HOUR)
}

impl Bucket {
    /// The level now. A quota that has become smaller since counts from the start: no bucket is
    /// more than full, so each is empty an hour after its last draw.
    pub(crate) fn level_at(&self, quota: u32, now: Instant) -> u64 {
        let elapsed = now.saturating_sub(self.at);
        let recovered = u64::from(quota).saturating_mul(elapsed);
        self.level.min(capacity(quota)).saturating_sub(recovered)
    }

    /// The bucket after so many more calls; none when it would overflow.
    pub(crate) fn pour(&self, quota: u32, calls: u32, now: Instant) -> Option<Self> {
        let poured = u64::from(calls).saturating_mul(HOUR);
        let level = self.level_at(quota, now).saturating_add(poured);
        (level <= capacity(quota)).then_some(Self { level, at: now })
    }

    /// Calls that fit into the bucket now.
    pub(crate) fn room(&self, quota: u32, now: Instant) -> u32 {
        let room = capacity(quota).saturating_sub(self.level_at(quota, now)) / HOUR;
        u32::try_from(room).unwrap_or(quota)
    }

    /// Whether the bucket is empty now, whatever the quota.
    pub(crate) fn is_surely_empty(&self, now: Instant) -> bool {
        now.saturating_sub(self.at) >= HOUR
    }
}
