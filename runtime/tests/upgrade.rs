//! New code comes by vote, through a time lock, and never otherwise.

mod common;

use common::*;
use frame_support::{assert_err, assert_ok};
use kanglian_runtime::{Runtime, RuntimeCall, System};
use sp_core::H256;
use sp_runtime::{DispatchError, traits::Dispatchable};

fn code_hash() -> H256 {
    H256(sp_io::hashing::blake2_256(&[1, 2, 3]))
}

fn enact() -> RuntimeCall {
    RuntimeCall::Mandates(pallet_mandates::Call::enact { code_hash: code_hash() })
}

#[test]
fn no_account_and_no_single_motion_sets_code() {
    local().execute_with(|| {
        for call in [
            RuntimeCall::System(frame_system::Call::set_code { code: vec![1, 2, 3] }),
            RuntimeCall::System(frame_system::Call::authorize_upgrade { code_hash: code_hash() }),
            RuntimeCall::System(frame_system::Call::set_storage { items: vec![] }),
            RuntimeCall::Mandates(pallet_mandates::Call::propose_upgrade {
                code_hash: code_hash(),
            }),
        ] {
            for who in ["Jiangsu", "Regulator", "Stranger"] {
                assert_err!(
                    call.clone().dispatch(signed(who)).map_err(|error| error.error),
                    DispatchError::BadOrigin
                );
            }
        }
    });
}

#[test]
fn a_voted_upgrade_waits_for_its_time_lock() {
    local().execute_with(|| {
        // The usual lock is two days; two thirds may shorten it, never below ten blocks.
        council(RuntimeCall::Parameters(pallet_parameters::Call::set_parameter {
            key_value: kanglian_runtime::upgrade_time_lock(1),
        }));
        council(RuntimeCall::Mandates(pallet_mandates::Call::propose_upgrade {
            code_hash: code_hash(),
        }));
        let proposed = System::block_number();
        assert!(submit("Jiangsu", enact()).expect("free").is_err());
        skip_to(proposed + 9);
        assert!(submit("Jiangsu", enact()).expect("free").is_err());
        next_block();
        assert_ok!(submit("Jiangsu", enact()).expect("free"));
        assert_eq!(
            System::authorized_upgrade().map(|upgrade| *upgrade.code_hash()),
            Some(code_hash())
        );
        let other = RuntimeCall::System(frame_system::Call::apply_authorized_upgrade {
            code: vec![4, 5, 6],
        });
        assert!(submit("Jiangsu", other).is_err() || System::authorized_upgrade().is_some());
    });
}

#[test]
fn the_regulator_vetoes_and_nobody_else() {
    local().execute_with(|| {
        council(RuntimeCall::Mandates(pallet_mandates::Call::propose_upgrade {
            code_hash: code_hash(),
        }));
        let veto = RuntimeCall::Mandates(pallet_mandates::Call::veto { code_hash: code_hash() });
        assert_err!(
            veto.clone().dispatch(signed("Jiangsu")).map_err(|error| error.error),
            DispatchError::BadOrigin
        );
        assert_ok!(submit("Regulator", veto).expect("free"));
        assert_eq!(pallet_mandates::Pending::<Runtime>::count(), 0);
        assert!(submit("Jiangsu", enact()).expect("free").is_err());
    });
}
