//! Provinces.

use alloc::vec::Vec;
use kanglian_primitives::{RegionCode, VaultKey};

/// What others ask of the registry of provinces.
pub trait RegionInspect<AccountId> {
    /// Whether the region exists and is active.
    fn is_active(region: RegionCode) -> bool;

    /// The active region whose pan-centre the account is.
    fn region_of_pan_centre(who: &AccountId) -> Option<RegionCode>;

    /// The region, active or not, whose vault signs with this key. A suspended region's vault may
    /// still anchor its log.
    fn region_of_vault(key: &VaultKey) -> Option<RegionCode>;

    /// Vault keys of all active regions, rising by region. One storage read.
    fn active_vaults() -> Vec<(RegionCode, VaultKey)>;

    /// The account rewards for storing go to.
    fn pan_centre(region: RegionCode) -> Option<AccountId>;

    /// Makes the region active with the account as its pan-centre and a vault that signs with the
    /// key. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_region(_region: RegionCode, _pan_centre: &AccountId, _vault: VaultKey) {}
}
