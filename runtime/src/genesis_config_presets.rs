//! Networks that can be started by name: `development`, `local_testnet` and `staging`.
//!
//! The first two use well-known keys and are for one machine. `staging` has the shape of a real
//! consortium and no keys: the key ceremony (`scripts/key-ceremony.sh`) fills it.

use alloc::{format, string::ToString, vec, vec::Vec};
use hex_literal::hex;
use kanglian_primitives::{EncryptionKey, HMC, Instant, RegistrarKey, VaultKey};
use pallet_health_coin::{RewardSchedule, TransferPolicy};
use serde_json::{Value, json};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_core::crypto::UncheckedInto;
use sp_genesis_builder::PresetId;

use crate::{AccountId, Balance, SessionKeys, constants::time};

/// One authority, one-seat council, open transfers.
pub const DEVELOPMENT: &str = sp_genesis_builder::DEV_RUNTIME_PRESET;
/// Four authorities in four provinces.
pub const LOCAL: &str = sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET;
/// The shape of a real consortium, to be filled by a key ceremony.
pub const STAGING: &str = "staging";

/// A province with its well-known keys.
struct Province {
    code: u32,
    name: &'static str,
    /// sr25519 account: pan-centre, authority and its Aura key.
    account: [u8; 32],
    /// ed25519 key for GRANDPA.
    grandpa: [u8; 32],
    /// sr25519 account of the custodian.
    custodian_account: [u8; 32],
    /// X25519 key of the custodian.
    custodian: [u8; 32],
    /// ed25519 key of the vault.
    vault: [u8; 32],
    vault_port: u16,
    /// Signing key and share key of the registrar.
    registrar: ([u8; 32], [u8; 32]),
    registrar_port: u16,
}

/// `//Jiangsu`, `//Zhejiang`, `//Shanghai`, `//Guangdong`. Vault seeds are
/// BLAKE3("kanglian/dev-vault/v1" ‖ "//<name>-Vault"), custodian seeds
/// BLAKE3("kanglian/dev-custodian/v1" ‖ "//<name>-Custodian"); custodian accounts are
/// `//<name>-Custodian`. Registrars are those of `kanglian registrar dev-set`, three of four.
const PROVINCES: [Province; 4] = [
    Province {
        code: 320_000,
        name: "江苏 Jiangsu",
        account: hex!("58233da470d4d60e3a0f11e7d7f4d7298379dc20d84f5be17fb482845f978b49"),
        grandpa: hex!("f71ed403f7ad4b2d3298fa64d09190e58c44bb4f43604d0cfe185d1f3c912c92"),
        custodian_account: hex!("d43faa2fe0384e19df8b53b8d7de7d2fd2d06333a37e7ab616325e919ce0c117"),
        custodian: hex!("86f2a7aa360e6182f9d1463f8fce1358f00cf18fffe3f510086a7e8fb2733240"),
        vault: hex!("27557a939d5581657280c284ad0239b9cb82bd90c3a222eb3b3602a016767be6"),
        vault_port: 8600,
        registrar: (
            hex!("d1a2ce8325b59980ddfd091cb5631a95a728c3e3d809c42550f37d798df59425"),
            hex!("a653b68388b344c9a6b8f8825842683b5e105221131159ca0faa6ae5ec4cc048"),
        ),
        registrar_port: 8700,
    },
    Province {
        code: 330_000,
        name: "浙江 Zhejiang",
        account: hex!("c6d8ea9747f6aa61e67b68ae63062e32759653a8164d06c66d827149d9f0a10a"),
        grandpa: hex!("b4991068fadedee29367a04a0f1ba6818c70fce84c8cab10758c27e480c48f37"),
        custodian_account: hex!("527140d3213b2eb8a7ed0a4358f23e042c58481de82a7a825b5862636141142b"),
        custodian: hex!("33c0fbeb37ec7675c3478cb715e2282cc9de1a055d9c7542681d0212e19ddb77"),
        vault: hex!("daa3655c74b2797812ec8dcb5e4394d0212a6840a9f3ce5361afb7ea022bc73c"),
        vault_port: 8601,
        registrar: (
            hex!("d6d53ea4c461ec3ba0aed22b501cd77c13e1aeb76f1e7bca8f7cf72c44c947a1"),
            hex!("02fcc7d88063346c5136f6b9e558a127df3deee133330aa382f28ae689e82937"),
        ),
        registrar_port: 8701,
    },
    Province {
        code: 310_000,
        name: "上海 Shanghai",
        account: hex!("84aee5d5f8d44b33bbeb8794511ecf2b3daa3eb407a4e25c2293a1ae7e7efd57"),
        grandpa: hex!("cd6f809f9aff3d16103335f9388a4a2e9d4e123b2138e937a86688ad935eaab8"),
        custodian_account: hex!("34017c288d720c557b457e7c3bc6ac0719532b1c061611285f4831e08f209815"),
        custodian: hex!("e28843cc41baa4bec2fa5c9aa7e235d080ec0b8d1f486f04e739e235c078b732"),
        vault: hex!("02bda83c88beb0621f53828596fd54dc6d9b184828fd9ca51e6469a1a11ef8f4"),
        vault_port: 8602,
        registrar: (
            hex!("093344ce84c0460c52264f9e38331f03258f0553dbd509969ac44c83e1ba1132"),
            hex!("e674bd5b0a7e3201df0e3a8656d530bf7ef428361d8d53c5ae06ed89f7dcdd46"),
        ),
        registrar_port: 8702,
    },
    Province {
        code: 440_000,
        name: "广东 Guangdong",
        account: hex!("749b341ea3f25517f66887e2eb919c646b0dfa24a77c1d911f5cdf1fac55345d"),
        grandpa: hex!("d6260db41adde9c87316dfa492c74508417570d950b44fe1a6d9ef69bf2d2010"),
        custodian_account: hex!("72ed92cca8104e71a397b9c0bc503b0136b68d89215deeaba02c1e004b534e0d"),
        custodian: hex!("5d662f3d68c0e9323090db61bf77a1817edd1b10ac10d90cbff006a39dd6cb04"),
        vault: hex!("9f792f9459c38b5b18ad133ddb578cc9713c3a9955736d7f71adf3fe0bfeb0b1"),
        vault_port: 8603,
        registrar: (
            hex!("b9b4798a0148951c3facfdecf4890dee1ab9e89c457bc87cde1e987487a51f92"),
            hex!("fe4b44f522db5717426a8916a56a669a455fbc503e6f18934c4fdcd2c75df070"),
        ),
        registrar_port: 8703,
    },
];

/// The group key of the registrars' development set.
const NETWORK_KEY: [u8; 32] =
    hex!("5094e9412a3e93151cf071be58d33e98c291d19da5b39e5ad8e8560905a6e47c");
/// How many registrars of the development set have to answer.
const REGISTRARS_NEEDED: u16 = 3;

/// `//Regulator`.
const REGULATOR: [u8; 32] =
    hex!("c8deda87de3680643d220b32679a646c56e5fd15c14100cb81555de939ea1f3d");

/// `//Alice`, as `--dev` inserts the keys: the one authority of `development`.
const ALICE: Province = Province {
    code: 320_000,
    name: "江苏 Jiangsu",
    account: hex!("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"),
    grandpa: hex!("88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee"),
    custodian_account: hex!("d43faa2fe0384e19df8b53b8d7de7d2fd2d06333a37e7ab616325e919ce0c117"),
    custodian: hex!("86f2a7aa360e6182f9d1463f8fce1358f00cf18fffe3f510086a7e8fb2733240"),
    vault: hex!("27557a939d5581657280c284ad0239b9cb82bd90c3a222eb3b3602a016767be6"),
    vault_port: 8600,
    registrar: (
        hex!("d1a2ce8325b59980ddfd091cb5631a95a728c3e3d809c42550f37d798df59425"),
        hex!("a653b68388b344c9a6b8f8825842683b5e105221131159ca0faa6ae5ec4cc048"),
    ),
    registrar_port: 8700,
};

fn schedule(era_length: u32) -> RewardSchedule {
    RewardSchedule {
        era_length,
        emission: 10_000 * HMC,
        reward: HMC,
        subject_percent: 40,
        author_percent: 40,
        region_percent: 20,
        cap_person: 100 * HMC,
        cap_author: 10_000 * HMC,
    }
}

fn genesis(
    provinces: &[Province],
    council: Vec<AccountId>,
    regulator: Option<AccountId>,
    endowed: Vec<(AccountId, Balance)>,
    policy: TransferPolicy,
    era_length: u32,
    recovery_delay: Option<Instant>,
) -> Value {
    let regions: Vec<_> = provinces
        .iter()
        .map(|province| {
            (
                province.code,
                province.name.to_string(),
                AccountId::from(province.account),
                EncryptionKey::x25519(province.custodian),
                VaultKey(province.vault),
                format!("http://127.0.0.1:{}", province.vault_port),
            )
        })
        .collect();
    let authorities: Vec<_> = provinces
        .iter()
        .map(|province| (AccountId::from(province.account), province.code))
        .collect();
    let custodians: Vec<_> = provinces
        .iter()
        .map(|province| {
            let key = EncryptionKey::x25519(province.custodian);
            (province.code, AccountId::from(province.custodian_account), key)
        })
        .collect();
    let registrars: Vec<_> = provinces
        .iter()
        .map(|province| {
            let (signing_key, share_key) = province.registrar;
            let url = format!("http://127.0.0.1:{}", province.registrar_port);
            (province.code, RegistrarKey(signing_key), share_key, url)
        })
        .collect();
    // A network of fewer provinces brings its own set by vote.
    let registrars = (registrars.len() > usize::from(REGISTRARS_NEEDED)).then_some((
        REGISTRARS_NEEDED,
        NETWORK_KEY,
        registrars,
    ));
    let keys: Vec<_> = provinces
        .iter()
        .map(|province| {
            let account = AccountId::from(province.account);
            let aura: AuraId = province.account.unchecked_into();
            let grandpa: GrandpaId = province.grandpa.unchecked_into();
            (account.clone(), account, SessionKeys { aura, grandpa })
        })
        .collect();
    json!({
        "balances": { "balances": endowed },
        "regions": { "regions": regions },
        "authorities": { "authorities": authorities },
        "session": { "keys": keys },
        "councilMembership": { "members": council },
        "mandates": { "regulator": regulator },
        "businessBlocks": {
            "blocks": pallet_business_blocks::genesis_blocks(),
            "schemas": pallet_business_blocks::genesis_schemas(),
        },
        "keyCustody": { "custodians": custodians, "recoveryDelay": recovery_delay },
        "registrars": { "set": registrars },
        "healthCoin": { "schedule": schedule(era_length), "policy": policy },
    })
}

fn development() -> Value {
    let alice = AccountId::from(ALICE.account);
    genesis(
        &[ALICE],
        vec![alice.clone()],
        Some(alice.clone()),
        vec![(alice, 1_000_000 * HMC)],
        TransferPolicy::Open,
        5 * time::MINUTES,
        Some(10_000),
    )
}

fn local() -> Value {
    let regulator = AccountId::from(REGULATOR);
    let centres = PROVINCES.iter().map(|province| AccountId::from(province.account));
    let mut council: Vec<_> = centres.clone().collect();
    council.push(regulator.clone());
    council.sort();
    let endowed = centres.chain([regulator.clone()]).map(|who| (who, 1_000 * HMC)).collect();
    genesis(
        &PROVINCES,
        council,
        Some(regulator),
        endowed,
        TransferPolicy::Members,
        5 * time::MINUTES,
        Some(30_000),
    )
}

fn staging() -> Value {
    genesis(&[], vec![], None, vec![], TransferPolicy::ClosedLoop, time::DAYS, None)
}

/// The genesis of a preset.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
    let genesis = match id.as_ref() {
        DEVELOPMENT => development(),
        LOCAL => local(),
        STAGING => staging(),
        _ => return None,
    };
    serde_json::to_vec(&genesis).ok()
}

/// The presets there are.
pub fn preset_names() -> Vec<PresetId> {
    vec![PresetId::from(DEVELOPMENT), PresetId::from(LOCAL), PresetId::from(STAGING)]
}
