//! Ports of the local consortium, province i = 0 … 3.

use kanglian_primitives::RegionCode;

/// The local consortium's provinces in the order of their ports, with the words of their
/// well-known accounts.
pub const PROVINCES: [(RegionCode, &str); 4] = [
    (RegionCode(320_000), "Jiangsu"),
    (RegionCode(330_000), "Zhejiang"),
    (RegionCode(310_000), "Shanghai"),
    (RegionCode(440_000), "Guangdong"),
];

const RPC: u16 = 9_944;
const VAULT: u16 = 8_600;
const VAULT_ABOVE_BASE: u16 = 30;
const REGISTRAR: u16 = 8_700;
const REGISTRAR_ABOVE_BASE: u16 = 35;
const CUSTODIAN: u16 = 8_750;
const CUSTODIAN_ABOVE_BASE: u16 = 40;

/// WebSocket address of province i's node.
pub fn node(base: Option<u16>, province: u16) -> String {
    let port = base.unwrap_or(RPC).saturating_add(province);
    format!("ws://127.0.0.1:{port}")
}

/// Base URL of province i's vault.
pub fn vault(base: Option<u16>, province: u16) -> String {
    let first = base.map_or(VAULT, |base| base.saturating_add(VAULT_ABOVE_BASE));
    format!("http://127.0.0.1:{}", first.saturating_add(province))
}

/// Base URL of province i's registrar.
pub fn registrar(base: Option<u16>, province: u16) -> String {
    let first = base.map_or(REGISTRAR, |base| base.saturating_add(REGISTRAR_ABOVE_BASE));
    format!("http://127.0.0.1:{}", first.saturating_add(province))
}

/// Base URL of province i's custodian.
pub fn custodian(base: Option<u16>, province: u16) -> String {
    let first = base.map_or(CUSTODIAN, |base| base.saturating_add(CUSTODIAN_ABOVE_BASE));
    format!("http://127.0.0.1:{}", first.saturating_add(province))
}

/// Number of a province in the local consortium.
pub fn province_number(region: RegionCode) -> Option<u16> {
    let at = PROVINCES.iter().position(|(code, _)| *code == region)?;
    u16::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_follow_the_design_and_move_with_the_base() {
        assert_eq!(node(None, 3), "ws://127.0.0.1:9947");
        assert_eq!(vault(None, 1), "http://127.0.0.1:8601");
        assert_eq!(node(Some(20_000), 1), "ws://127.0.0.1:20001");
        assert_eq!(vault(Some(20_000), 3), "http://127.0.0.1:20033");
        assert_eq!(registrar(None, 3), "http://127.0.0.1:8703");
        assert_eq!(registrar(Some(20_000), 0), "http://127.0.0.1:20035");
        assert_eq!(custodian(None, 2), "http://127.0.0.1:8752");
        assert_eq!(custodian(Some(20_000), 3), "http://127.0.0.1:20043");
        assert_eq!(province_number(RegionCode(330_000)), Some(1));
        assert_eq!(province_number(RegionCode(110_000)), None);
    }
}
