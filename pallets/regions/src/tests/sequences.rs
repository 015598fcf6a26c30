use kanglian_primitives::{RegionCode, VaultKey};
use proptest::prelude::*;
use sp_runtime::AccountId32;

use super::*;

#[derive(Clone, Debug)]
enum Op {
    Register(RegionCode, AccountId32, VaultKey),
    UpdateVault(AccountId32, VaultKey),
    Suspend(RegionCode),
    Resume(RegionCode),
    ReplacePanCentre(RegionCode, AccountId32),
}

/// Few accounts and keys out of one range, so that they meet.
fn account() -> impl Strategy<Value = AccountId32> {
    (2u8..8).prop_map(|byte| AccountId32::new([byte; 32]))
}

fn key() -> impl Strategy<Value = VaultKey> {
    (0u8..8).prop_map(|byte| VaultKey([byte; 32]))
}

fn code() -> impl Strategy<Value = RegionCode> {
    (10u32..17).prop_map(|division| RegionCode(division * 10_000))
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (code(), account(), key()).prop_map(|(a, b, c)| Op::Register(a, b, c)),
        2 => (account(), key()).prop_map(|(a, b)| Op::UpdateVault(a, b)),
        1 => code().prop_map(Op::Suspend),
        1 => code().prop_map(Op::Resume),
        2 => (code(), account()).prop_map(|(a, b)| Op::ReplacePanCentre(a, b)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_sequence_of_calls_keeps_the_invariants(
        ops in proptest::collection::vec(op(), 1..20),
    ) {
        ExtBuilder::default().regions(vec![]).build_and_execute(|| {
            for op in ops {
                let _ = match op {
                    Op::Register(code, who, key) => Regions::register(
                        two_thirds(), code, name("省"), who, CUSTODIAN, key, url("https://a"),
                    ),
                    Op::UpdateVault(who, key) => {
                        Regions::update_vault(signed(who), key, url("http://b"))
                    },
                    Op::Suspend(code) => Regions::suspend(majority(), code),
                    Op::Resume(code) => Regions::resume(two_thirds(), code),
                    Op::ReplacePanCentre(code, who) => {
                        Regions::replace_pan_centre(two_thirds(), code, who)
                    },
                };
                Regions::do_try_state().unwrap();
            }
            // Every reference is held for a place that exists.
            let held: u32 = (0u8..8)
                .map(|byte| System::sufficients(&AccountId32::new([byte; 32])))
                .sum();
            prop_assert_eq!(held as usize, Regions::vaults().len() * 2);
            Ok(())
        })?;
    }
}
