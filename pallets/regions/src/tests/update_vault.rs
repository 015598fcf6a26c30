use kanglian_primitives::{RegionCode, VaultKey};
use kanglian_traits::RegionInspect;
use sp_runtime::AccountId32;

use super::*;

const URL: &str = "https://new.vault.example";

#[test]
fn update_vault_changes_key_and_url() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Regions::update_vault(signed(JIANGSU_CENTRE), NEW_VAULT, url(URL)));
        assert_eq!(Regions::region_of_vault(&NEW_VAULT), Some(JIANGSU));
        assert_eq!(Regions::region_of_vault(&JIANGSU_VAULT), None);
        assert_eq!(Regions::region(JIANGSU).unwrap().vault_url, url(URL));
        assert_eq!(
            last_event(),
            Event::VaultUpdated { region: JIANGSU, vault_key: NEW_VAULT, vault_url: url(URL) }
        );
    });
}

#[test]
fn update_vault_moves_the_sufficient_reference() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Regions::update_vault(signed(JIANGSU_CENTRE), NEW_VAULT, url(URL)));
        assert_eq!(System::sufficients(&AccountId32::new(NEW_VAULT.0)), 1);
        assert_eq!(System::sufficients(&AccountId32::new(JIANGSU_VAULT.0)), 0);
    });
}

#[test]
fn update_vault_may_change_the_url_alone() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Regions::update_vault(signed(JIANGSU_CENTRE), JIANGSU_VAULT, url(URL)));
        assert_eq!(System::sufficients(&AccountId32::new(JIANGSU_VAULT.0)), 1);
    });
}

#[test]
fn update_vault_refuses_every_other_origin() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [
            two_thirds(),
            majority(),
            signed(STRANGER),
            signed(AccountId32::new(JIANGSU_VAULT.0)),
            RuntimeOrigin::root(),
            RuntimeOrigin::none(),
        ] {
            assert_noop!(Regions::update_vault(origin, NEW_VAULT, url(URL)), BadOrigin);
        }
    });
}

#[test]
fn update_vault_refuses_the_pan_centre_of_a_suspended_region() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Regions::suspend(majority(), JIANGSU));
        let call = Regions::update_vault(signed(JIANGSU_CENTRE), NEW_VAULT, url(URL));
        assert_noop!(call, BadOrigin);
    });
}

#[test]
fn update_vault_refuses_a_key_that_has_a_place() {
    ExtBuilder::default().build_and_execute(|| {
        let own_pan_centre = VaultKey(*AsRef::<[u8; 32]>::as_ref(&JIANGSU_CENTRE));
        for key in [BEIJING_VAULT, own_pan_centre] {
            assert_noop!(
                Regions::update_vault(signed(JIANGSU_CENTRE), key, url(URL)),
                Error::<Test>::VaultKeyTaken
            );
        }
    });
}

#[test]
fn update_vault_refuses_a_bad_url_and_a_weak_key() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Regions::update_vault(signed(JIANGSU_CENTRE), NEW_VAULT, url("gopher://vault")),
            Error::<Test>::InvalidUrl
        );
        assert_noop!(
            Regions::update_vault(signed(JIANGSU_CENTRE), VaultKey([0; 32]), url(URL)),
            Error::<Test>::WeakVaultKey
        );
    });
}

#[test]
fn set_vault_refuses_a_region_that_is_not_registered() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Regions::set_vault(RegionCode(650_000), NEW_VAULT, url(URL)),
            Error::<Test>::NotRegistered
        );
    });
}
