//! What the coin keeps.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound, traits::Get,
};
use kanglian_primitives::{Amount, HMC, Height, RegionCode};
use kanglian_traits::Payment;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{BoundedBTreeMap, Percent};

/// Reward weight that pays the schedule's reward once.
const FULL_WEIGHT: Amount = 100;

/// What a share pays.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RewardSchedule {
    /// Blocks of an era.
    pub era_length: Height,
    /// Minted into the pot when an era begins.
    pub emission: Amount,
    /// What a share into a block of weight 100 pays, all parties together.
    pub reward: Amount,
    /// The subject's part in percent.
    pub subject_percent: u8,
    /// The author's part in percent.
    pub author_percent: u8,
    /// The storing regions' part in percent.
    pub region_percent: u8,
    /// Most that a person earns as a subject in an era.
    pub cap_person: Amount,
    /// Most that an account earns as an author in an era.
    pub cap_author: Amount,
}

impl Default for RewardSchedule {
    /// An era a day at one block a second; 1 HMC a share, split 40/40/20.
    fn default() -> Self {
        Self {
            era_length: 86_400,
            emission: 10_000 * HMC,
            reward: HMC,
            subject_percent: 40,
            author_percent: 40,
            region_percent: 20,
            cap_person: 100 * HMC,
            cap_author: 10_000 * HMC,
        }
    }
}

impl RewardSchedule {
    /// Whether the three parts make the whole.
    pub fn percentages_make_hundred(&self) -> bool {
        let parts = [self.subject_percent, self.author_percent, self.region_percent];
        parts.into_iter().map(u32::from).sum::<u32>() == 100
    }

    /// Whether the schedule can be followed.
    pub fn is_valid(&self) -> bool {
        self.percentages_make_hundred() && self.era_length > 0
    }

    /// What is due to each party for a share into a block of this weight, limits aside, stored by
    /// so many regions.
    pub fn due(&self, weight: u32, regions: u32) -> Payment {
        let parts = (self.subject_percent, self.author_percent);
        due(self.reward, weight, parts, (self.region_percent, regions))
    }
}

/// What publishing a public work pays: a schedule of its own.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishingSchedule {
    /// What a work in a block of weight 100 pays, all parties together.
    pub reward: Amount,
    /// The storing regions' part in percent; the author has the rest.
    pub region_percent: u8,
    /// Most that an institution earns by publishing in an era.
    pub cap: Amount,
}

impl Default for PublishingSchedule {
    /// 1 HMC a work of weight 100, a fifth of it to the regions; 10 HMC an institution and era.
    fn default() -> Self {
        Self { reward: HMC, region_percent: 20, cap: 10 * HMC }
    }
}

impl PublishingSchedule {
    /// Whether the schedule can be followed.
    pub const fn is_valid(&self) -> bool {
        self.region_percent <= 100
    }

    /// What is due for a work in a block of this weight, limits aside, stored by so many regions.
    pub fn due(&self, weight: u32, regions: u32) -> Payment {
        due(
            self.reward,
            weight,
            (0, 100_u8.saturating_sub(self.region_percent)),
            (self.region_percent, regions),
        )
    }
}

/// What is due of a reward to subject and author by their percentages, and to so many regions by
/// theirs. Every region's part is the same; what does not divide stays in the pot.
fn due(
    reward: Amount,
    weight: u32,
    (subject, author): (u8, u8),
    (region, regions): (u8, u32),
) -> Payment {
    let whole = reward
        .checked_mul(weight.into())
        .map_or(0, |product| product.checked_div(FULL_WEIGHT).unwrap_or(0));
    let part = |percent: u8| Percent::from_percent(percent).mul_floor(whole);
    let regions = Amount::from(regions);
    let each = part(region).checked_div(regions).unwrap_or(0);
    Payment { subject: part(subject), author: part(author), regions: each.saturating_mul(regions) }
}

/// What regions earned in one era.
pub type RegionEarnings<MaxRegions> = BoundedBTreeMap<RegionCode, Amount, MaxRegions>;

/// The running era.
#[derive(
    CloneNoBound,
    DebugNoBound,
    DefaultNoBound,
    PartialEqNoBound,
    EqNoBound,
    Encode,
    Decode,
    MaxEncodedLen,
    TypeInfo,
)]
#[scale_info(skip_type_params(MaxRegions))]
#[codec(mel_bound(MaxRegions: Get<u32>))]
pub struct EraState<MaxRegions: Get<u32>> {
    /// Its number, from 0.
    pub index: u32,
    /// The height it began at.
    pub started_at: Height,
    /// What the pot owes to regions, of this era and of all past ones.
    pub reserved: Amount,
    /// What regions earned in this era.
    pub regions: RegionEarnings<MaxRegions>,
}

/// What someone earned in the era they last earned in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Earned {
    /// The era.
    pub era: u32,
    /// How much.
    pub amount: Amount,
}

impl Earned {
    /// What was earned in this era.
    pub fn in_era(&self, era: u32) -> Amount {
        if self.era == era { self.amount } else { 0 }
    }
}

/// Who may transfer coins to whom.
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
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum TransferPolicy {
    /// Nobody: coins are earned and spent on the chain's own services.
    #[default]
    #[codec(index = 0)]
    ClosedLoop,
    /// Registered persons, institutions and regions among each other.
    #[codec(index = 1)]
    Members,
    /// Everybody.
    #[codec(index = 2)]
    Open,
}
