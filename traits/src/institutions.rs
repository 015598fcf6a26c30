//! Permitted institutions and business blocks.

use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, Instant, InstitutionId, RegionCode, SchemaId, TeamId,
};

/// A permitted institution in an active region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstitutionView<AccountId> {
    /// Its identifier.
    pub id: InstitutionId,
    /// Its province.
    pub region: RegionCode,
    /// The account that speaks for it.
    pub controller: AccountId,
    /// Business blocks it works in.
    pub blocks: BusinessBlockSet,
}

/// What others ask of the registry of institutions. Every answer counts an institution only while
/// it is permitted, its permission has not expired at `now`, and its region is active.
pub trait InstitutionInspect<AccountId> {
    /// The institution the account speaks for.
    fn acting(who: &AccountId, now: Instant) -> Option<InstitutionView<AccountId>>;

    /// The institution with this identifier.
    fn permitted(id: &InstitutionId, now: Instant) -> Option<InstitutionView<AccountId>>;

    /// Whether the account is an active practitioner of that permitted institution.
    fn is_practitioner(who: &AccountId, id: &InstitutionId, now: Instant) -> bool;

    /// Whether the account is in the team and an active practitioner of that institution.
    fn is_team_member(who: &AccountId, id: &InstitutionId, team: TeamId, now: Instant) -> bool;

    /// Permits an institution controlled by the account. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_institution(_id: InstitutionId, _region: RegionCode, _controller: &AccountId) {
    }

    /// Makes the account a practitioner of the institution and a member of its team, which is
    /// full. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_team(_id: InstitutionId, _team: TeamId, _member: &AccountId) {}
}

/// A business block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockView {
    /// Whether it takes unsealed public works instead of people's records.
    pub public: bool,
    /// Whether a grant must name it alone and nobody else may see that it has records.
    pub restricted: bool,
    /// Reward weight in percent: 100 pays the schedule's reward once.
    pub reward_weight: u32,
}

/// What others ask of the registry of business blocks and schemas.
pub trait BlockInspect {
    /// The block, unless it does not exist or is retired.
    fn block(id: BusinessBlockId) -> Option<BlockView>;

    /// The schema's block, unless the schema or the block does not exist or is retired.
    fn schema(id: SchemaId) -> Option<(BusinessBlockId, BlockView)>;

    /// Blocks that exist and are not retired.
    fn open_blocks() -> BusinessBlockSet;

    /// Those of them that are restricted.
    fn restricted_blocks() -> BusinessBlockSet;
}
