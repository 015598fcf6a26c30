use kanglian_primitives::{EncryptionKey, RegionCode, VaultKey};
use sp_runtime::{AccountId32, DispatchResult};

use super::*;

struct Register {
    code: RegionCode,
    name: &'static str,
    pan_centre: AccountId32,
    custodian_key: EncryptionKey,
    vault_key: VaultKey,
    url: &'static str,
}

impl Default for Register {
    fn default() -> Self {
        Self {
            code: SICHUAN,
            name: "四川",
            pan_centre: NEW_CENTRE,
            custodian_key: CUSTODIAN,
            vault_key: NEW_VAULT,
            url: "https://vault.sichuan.example:8602",
        }
    }
}

impl Register {
    fn by(self, origin: RuntimeOrigin) -> DispatchResult {
        Regions::register(
            origin,
            self.code,
            name(self.name),
            self.pan_centre,
            self.custodian_key,
            self.vault_key,
            url(self.url),
        )
    }
}

#[test]
fn register_makes_an_active_region() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Register::default().by(two_thirds()));
        let region = Regions::region(SICHUAN).unwrap();
        assert_eq!(region.name, name("四川"));
        assert_eq!(region.pan_centre, NEW_CENTRE);
        assert_eq!(region.vault_key, NEW_VAULT);
        assert_eq!(region.status, RegionStatus::Active);
        assert_eq!(
            last_event(),
            Event::RegionRegistered {
                region: SICHUAN,
                pan_centre: NEW_CENTRE,
                vault_key: NEW_VAULT
            }
        );
    });
}

#[test]
fn register_makes_both_accounts_sufficient_once() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Register::default().by(two_thirds()));
        assert_eq!(System::sufficients(&NEW_CENTRE), 1);
        assert_eq!(System::sufficients(&AccountId32::new(NEW_VAULT.0)), 1);
    });
}

#[test]
fn register_refuses_every_other_origin() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [
            majority(),
            signed(BEIJING_CENTRE),
            signed(STRANGER),
            RuntimeOrigin::root(),
            RuntimeOrigin::none(),
        ] {
            assert_noop!(Register::default().by(origin), BadOrigin);
        }
    });
}

#[test]
fn register_refuses_codes_below_or_outside_province_level() {
    ExtBuilder::default().build_and_execute(|| {
        for code in [0, 320_100, 320_001, 100_000, 830_000] {
            let call = Register { code: RegionCode(code), ..Default::default() };
            assert_noop!(call.by(two_thirds()), Error::<Test>::NotProvinceLevel);
        }
    });
}

#[test]
fn register_refuses_names_that_are_no_text() {
    ExtBuilder::default().build_and_execute(|| {
        for name in ["", "   ", "four\nlines"] {
            let call = Register { name, ..Default::default() };
            assert_noop!(call.by(two_thirds()), Error::<Test>::InvalidName);
        }
        assert_noop!(
            Regions::register(
                two_thirds(),
                SICHUAN,
                vec![0xff, 0xfe].try_into().unwrap(),
                NEW_CENTRE,
                CUSTODIAN,
                NEW_VAULT,
                url("https://a"),
            ),
            Error::<Test>::InvalidName
        );
    });
}

#[test]
fn register_refuses_urls_that_are_not_http_or_not_printable() {
    ExtBuilder::default().build_and_execute(|| {
        for url in [
            "",
            "http://",
            "https:///path",
            "ftp://vault",
            "vault.example",
            "https://vault example",
            "https://vault\u{7}",
            "https://四川.example",
            "HTTPS://vault",
        ] {
            let call = Register { url, ..Default::default() };
            assert_noop!(call.by(two_thirds()), Error::<Test>::InvalidUrl);
        }
    });
}

#[test]
fn register_takes_an_ipv6_url() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Register { url: "http://[::1]:8600", ..Default::default() }.by(two_thirds()));
    });
}

#[test]
fn register_refuses_a_low_order_custodian_key() {
    ExtBuilder::default().build_and_execute(|| {
        let custodian_key = EncryptionKey::x25519([0; 32]);
        let call = Register { custodian_key, ..Default::default() };
        assert_noop!(call.by(two_thirds()), Error::<Test>::WeakCustodianKey);
    });
}

#[test]
fn register_refuses_a_low_order_vault_key_with_either_sign() {
    ExtBuilder::default().build_and_execute(|| {
        for (first, last) in [(0, 0), (1, 0), (0, 0x80), (1, 0x80)] {
            let mut key = [0; 32];
            key[0] = first;
            key[31] = last;
            let call = Register { vault_key: VaultKey(key), ..Default::default() };
            assert_noop!(call.by(two_thirds()), Error::<Test>::WeakVaultKey);
        }
        let order_two = "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
        let order_eight = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85";
        for text in [order_two, order_eight] {
            let call = Register { vault_key: text.parse().unwrap(), ..Default::default() };
            assert_noop!(call.by(two_thirds()), Error::<Test>::WeakVaultKey);
        }
    });
}

#[test]
fn register_refuses_a_code_that_exists() {
    ExtBuilder::default().build_and_execute(|| {
        let call = Register { code: JIANGSU, ..Default::default() };
        assert_noop!(call.by(two_thirds()), Error::<Test>::AlreadyRegistered);
    });
}

#[test]
fn register_refuses_an_account_that_has_a_place() {
    ExtBuilder::default().build_and_execute(|| {
        for pan_centre in [JIANGSU_CENTRE, AccountId32::new(JIANGSU_VAULT.0)] {
            let call = Register { pan_centre, ..Default::default() };
            assert_noop!(call.by(two_thirds()), Error::<Test>::AccountTaken);
        }
    });
}

#[test]
fn register_refuses_a_vault_key_that_has_a_place() {
    ExtBuilder::default().build_and_execute(|| {
        let own_pan_centre = VaultKey(*AsRef::<[u8; 32]>::as_ref(&NEW_CENTRE));
        let other_pan_centre = VaultKey(*AsRef::<[u8; 32]>::as_ref(&BEIJING_CENTRE));
        for vault_key in [BEIJING_VAULT, own_pan_centre, other_pan_centre] {
            let call = Register { vault_key, ..Default::default() };
            assert_noop!(call.by(two_thirds()), Error::<Test>::VaultKeyTaken);
        }
    });
}

#[test]
fn register_refuses_a_region_too_many() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Register::default().by(two_thirds()));
        let call = Register {
            code: YUNNAN,
            pan_centre: AccountId32::new([34; 32]),
            vault_key: VaultKey([0xb4; 32]),
            ..Default::default()
        };
        assert_noop!(call.by(two_thirds()), Error::<Test>::TooManyRegions);
    });
}
