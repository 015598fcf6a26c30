use kanglian_primitives::VaultInfo;
use kanglian_traits::RegionInspect;

use super::*;

#[test]
fn a_suspended_region_counts_nowhere_but_as_owner_of_its_vault() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(Regions::is_active(JIANGSU));
        assert_ok!(Regions::suspend(majority(), JIANGSU));
        assert!(!Regions::is_active(JIANGSU));
        assert_eq!(Regions::region_of_pan_centre(&JIANGSU_CENTRE), None);
        assert_eq!(Regions::active_vaults(), vec![(BEIJING, BEIJING_VAULT)]);
        assert_eq!(Regions::region_of_vault(&JIANGSU_VAULT), Some(JIANGSU));
        assert_eq!(Regions::pan_centre(JIANGSU), Some(JIANGSU_CENTRE));
    });
}

#[test]
fn an_unknown_region_counts_nowhere() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(!Regions::is_active(YUNNAN));
        assert_eq!(Regions::pan_centre(YUNNAN), None);
        assert_eq!(Regions::region(YUNNAN), None);
        assert_eq!(Regions::region_of_pan_centre(&STRANGER), None);
        assert_eq!(Regions::region_of_vault(&NEW_VAULT), None);
    });
}

#[test]
fn vaults_lists_every_region_rising_by_code() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Regions::suspend(majority(), BEIJING));
        assert_eq!(
            Regions::vaults(),
            vec![
                VaultInfo {
                    region: BEIJING,
                    key: BEIJING_VAULT,
                    url: "https://vault.beijing.example".into(),
                    active: false,
                },
                VaultInfo {
                    region: JIANGSU,
                    key: JIANGSU_VAULT,
                    url: "http://127.0.0.1:8601".into(),
                    active: true,
                },
            ]
        );
    });
}
