//! New code comes by vote, through a time lock, and never otherwise.

mod common;

use common::*;
use frame_support::{assert_err, assert_ok};
use kanglian_runtime::{Runtime, RuntimeCall, System, constants::time};
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
        // The usual lock is two days; two thirds may shorten it, never below six hours.
        council(RuntimeCall::Parameters(pallet_parameters::Call::set_parameter {
            key_value: kanglian_runtime::upgrade_time_lock(1),
        }));
        council(RuntimeCall::Mandates(pallet_mandates::Call::propose_upgrade {
            code_hash: code_hash(),
        }));
        let proposed = System::block_number();
        assert!(submit("Jiangsu", enact()).expect("free").is_err());
        System::set_block_number(proposed + time::LEAST_TIME_LOCK - 1);
        assert!(submit("Jiangsu", enact()).expect("free").is_err());
        System::set_block_number(proposed + time::LEAST_TIME_LOCK);
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

/// Found by attack: with the stock default vote an uncast vote became a yes once ayes were more
/// than half.
#[test]
fn an_uncast_vote_is_a_no_when_a_motions_time_is_over() {
    use codec::Encode;
    use sp_runtime::traits::Hash;
    local().execute_with(|| {
        let open = RuntimeCall::HealthCoin(pallet_health_coin::Call::set_transfer_policy {
            policy: pallet_health_coin::TransferPolicy::Open,
        });
        let length_bound = open.encoded_size() as u32;
        let proposal_hash = sp_runtime::traits::BlakeTwo256::hash_of(&open);
        let propose = pallet_collective::Call::propose {
            threshold: 4,
            proposal: Box::new(open),
            length_bound,
        };
        assert_ok!(submit("Jiangsu", RuntimeCall::Council(propose)).expect("free"));
        for member in ["Jiangsu", "Zhejiang", "Shanghai"] {
            let vote =
                pallet_collective::Call::vote { proposal: proposal_hash, index: 0, approve: true };
            assert_ok!(submit(member, RuntimeCall::Council(vote)).expect("free"));
        }
        System::set_block_number(System::block_number() + 8 * time::DAYS);
        let close = pallet_collective::Call::close {
            proposal_hash,
            index: 0,
            proposal_weight_bound: kanglian_runtime::constants::block::MAX_WEIGHT,
            length_bound,
        };
        assert_ok!(RuntimeCall::Council(close).dispatch(signed("Jiangsu")));
        assert_eq!(
            pallet_health_coin::Policy::<Runtime>::get(),
            pallet_health_coin::TransferPolicy::Members
        );
    });
}
