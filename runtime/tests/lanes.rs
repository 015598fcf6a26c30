//! Who pays for a call, and what no wrapping gets past.

mod common;

use common::*;
use frame_support::{assert_err, assert_noop, assert_ok};
use kanglian_primitives::{HMC, RecordId, blocks};
use kanglian_runtime::{
    Balances, Executive, FreeLane, Runtime, RuntimeCall, RuntimeOrigin, System,
};
use sp_runtime::{
    DispatchError, ModuleError,
    traits::Dispatchable,
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
};

const PAYMENT: TransactionValidityError =
    TransactionValidityError::Invalid(InvalidTransaction::Payment);

fn remark() -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::remark { remark: vec![1, 2, 3] })
}

fn filtered() -> DispatchError {
    frame_system::Error::<Runtime>::CallFiltered.into()
}

#[test]
fn a_patient_without_coins_calls_for_free_and_a_stranger_does_not() {
    local().execute_with(|| {
        permit_hospital();
        enrol_patient();
        assert_eq!(balance("Patient"), 0);
        assert_ok!(submit("Patient", remark()).expect("the quota pays"));
        assert_eq!(balance("Patient"), 0);
        assert_eq!(submit("Stranger", remark()), Err(PAYMENT));
    });
}

#[test]
fn a_used_up_quota_ends_free_calls_until_time_has_passed() {
    local().execute_with(|| {
        permit_hospital();
        enrol_patient();
        let quota = FreeLane::remaining(&account("Patient"));
        assert_eq!(quota, kanglian_runtime::constants::free_lane::PERSON);
        for _ in 0..quota {
            assert_ok!(submit("Patient", remark()).expect("the quota pays"));
            if System::block_weight().total().ref_time() > 200_000_000_000 {
                next_block();
            }
        }
        assert_eq!(submit("Patient", remark()), Err(PAYMENT));
        // 200 calls an hour: one comes back every 18 seconds.
        for _ in 0..19 {
            next_block();
        }
        assert_ok!(submit("Patient", remark()).expect("one call has come back"));
    });
}

#[test]
fn a_failing_call_draws_the_quota_too() {
    local().execute_with(|| {
        permit_hospital();
        enrol_patient();
        let before = FreeLane::remaining(&account("Patient"));
        let reject =
            RuntimeCall::Records(pallet_records::Call::reject { record: RecordId([9; 32]) });
        assert!(submit("Patient", reject).expect("the quota pays").is_err());
        assert_eq!(FreeLane::remaining(&account("Patient")), before - 1);
    });
}

#[test]
fn a_tip_is_paid_from_the_balance() {
    local().execute_with(|| {
        let jiangsu = pair("Jiangsu");
        let before = balance("Jiangsu");
        let nonce = *System::account_nonce(account("Jiangsu"));
        let tipped = extrinsic_with_tip(&jiangsu, nonce, HMC, remark());
        assert_ok!(Executive::apply_extrinsic(tipped).expect("a pan-centre can pay"));
        assert!(balance("Jiangsu") < before - HMC);
        assert_eq!(
            Balances::total_issuance(),
            pallet_health_coin::GenesisIssuance::<Runtime>::get()
                + pallet_health_coin::Emitted::<Runtime>::get()
        );
    });
}

#[test]
fn a_nonce_far_ahead_does_not_enter_the_pool() {
    local().execute_with(|| {
        permit_hospital();
        enrol_patient();
        let patient = pair("Patient");
        let validate = |nonce| {
            Executive::validate_transaction(
                TransactionSource::External,
                extrinsic(&patient, nonce, remark()),
                System::parent_hash(),
            )
        };
        let nonce = *System::account_nonce(account("Patient"));
        let most = FreeLane::max_ahead(&account("Patient"));
        assert!(validate(nonce + most).is_ok());
        assert_eq!(
            validate(nonce + most + 1),
            Err(TransactionValidityError::Invalid(InvalidTransaction::Future))
        );
    });
}

#[test]
fn coins_go_to_members_only_however_the_transfer_is_wrapped() {
    local().execute_with(|| {
        permit_hospital();
        let to = |name| {
            RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
                dest: account(name).into(),
                value: HMC,
            })
        };
        assert_ok!(submit("Jiangsu", to("Hospital")).expect("a pan-centre is free"));
        assert_eq!(balance("Hospital"), HMC);
        assert_err!(submit("Jiangsu", to("Stranger")).expect("a pan-centre is free"), filtered());

        let batch =
            RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![to("Stranger")] });
        assert_err!(batch.dispatch(signed("Jiangsu")).map_err(|error| error.error), filtered());
        let multisig = RuntimeCall::Multisig(pallet_multisig::Call::as_multi_threshold_1 {
            other_signatories: vec![account("Zhejiang")],
            call: Box::new(to("Stranger")),
        });
        assert_err!(multisig.dispatch(signed("Jiangsu")).map_err(|error| error.error), filtered());
        let derivative = RuntimeCall::Utility(pallet_utility::Call::as_derivative {
            index: 0,
            call: Box::new(to("Stranger")),
        });
        assert_err!(
            derivative.dispatch(signed("Jiangsu")).map_err(|error| error.error),
            filtered()
        );
        let burn =
            RuntimeCall::Balances(pallet_balances::Call::burn { value: HMC, keep_alive: true });
        assert_err!(submit("Jiangsu", burn).expect("a pan-centre is free"), filtered());
        assert_eq!(balance("Stranger"), 0);
    });
}

#[test]
fn a_batch_gives_no_origin_that_its_sender_lacks() {
    local().execute_with(|| {
        permit_hospital();
        let suspend = RuntimeCall::Regions(pallet_regions::Call::suspend { code: JIANGSU });
        for wrapped in [
            RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![suspend.clone()] }),
            RuntimeCall::Multisig(pallet_multisig::Call::as_multi_threshold_1 {
                other_signatories: vec![account("Shanghai")],
                call: Box::new(suspend.clone()),
            }),
        ] {
            assert_err!(
                wrapped.dispatch(signed("Zhejiang")).map_err(|error| error.error),
                DispatchError::BadOrigin
            );
        }
        assert_noop!(suspend.dispatch(RuntimeOrigin::none()), DispatchError::BadOrigin);
    });
}

#[test]
fn a_share_is_paid_once_and_in_its_own_transaction() {
    local().execute_with(|| {
        permit_hospital();
        enrol_patient();
        let record = RecordId([1; 32]);
        assert_ok!(submit("Hospital", share(record, blocks::MEDICAL)).expect("free"));
        assert_eq!((balance("Patient"), balance("Hospital")), (hmc(4), hmc(4)));
        let again = submit("Hospital", share(record, blocks::MEDICAL)).expect("free");
        assert_err!(again, pallet_records::Error::<Runtime>::AlreadyShared);
        assert_eq!((balance("Patient"), balance("Hospital")), (hmc(4), hmc(4)));

        let batch = RuntimeCall::Utility(pallet_utility::Call::force_batch {
            calls: vec![share(RecordId([2; 32]), blocks::MEDICAL); 3],
        });
        assert_ok!(submit("Hospital", batch).expect("free"));
        assert_eq!((balance("Patient"), balance("Hospital")), (hmc(8), hmc(8)));
    });
}

#[test]
fn suspension_anywhere_above_stops_a_share_and_rejection_takes_the_reward_back() {
    local().execute_with(|| {
        permit_hospital();
        enrol_patient();
        let refused = |record: u8| {
            let share = share(RecordId([record; 32]), blocks::MEDICAL);
            let error = share.dispatch(signed("Hospital")).expect_err("refused").error;
            assert!(matches!(error, DispatchError::Module(ModuleError { .. })), "{error:?}");
        };
        assert_ok!(submit("Hospital", share(RecordId([1; 32]), blocks::MEDICAL)).expect("free"));

        let id = hospital();
        let suspend = RuntimeCall::Institutions(pallet_institutions::Call::suspend { id });
        assert_ok!(submit("Jiangsu", suspend).expect("free"));
        refused(2);
        council(RuntimeCall::Institutions(pallet_institutions::Call::permit {
            ids: vec![id].try_into().expect("short"),
        }));
        council_of(
            &["Zhejiang", "Shanghai", "Guangdong"],
            RuntimeCall::Regions(pallet_regions::Call::suspend { code: JIANGSU }),
        );
        refused(3);

        // The people of a suspended region keep every right.
        let reject =
            RuntimeCall::Records(pallet_records::Call::reject { record: RecordId([1; 32]) });
        assert_ok!(submit("Patient", reject.clone()).expect("free"));
        assert_eq!((balance("Patient"), balance("Hospital")), (0, 0));
        assert!(submit("Patient", reject).expect("free").is_err());
    });
}

/// Found by attack: a batch of heavy calls, or a blob, counted as one free call.
#[test]
fn a_batch_or_a_blob_counts_as_many_calls_as_it_weighs() {
    local().execute_with(|| {
        permit_hospital();
        enrol_patient();
        let left = || FreeLane::remaining(&account("Patient"));
        let before = left();
        let reject =
            RuntimeCall::Records(pallet_records::Call::reject { record: RecordId([9; 32]) });
        let batch =
            RuntimeCall::Utility(pallet_utility::Call::force_batch { calls: vec![reject; 50] });
        assert!(submit("Patient", batch).is_ok());
        assert!(left() + 10 < before, "{} of {before} left", left());

        let blob = RuntimeCall::System(frame_system::Call::remark { remark: vec![0; 1 << 20] });
        let before = left();
        assert!(submit("Patient", blob).is_ok());
        assert!(left() + 60 < before);

        // More than the quota holds is not free at all.
        next_block();
        let huge = RuntimeCall::System(frame_system::Call::remark { remark: vec![0; 3_500_000] });
        assert_eq!(submit("Patient", huge), Err(PAYMENT));

        // And bytes that stay on chain need a deposit.
        let note =
            RuntimeCall::Preimage(pallet_preimage::Call::note_preimage { bytes: vec![0; 100_000] });
        assert!(submit("Hospital", note).expect("an institution's quota").is_err());
    });
}

/// Found by attack: a councillor could hand the seat to anybody alone.
#[test]
fn a_seat_in_the_council_is_not_its_holders_to_give() {
    local().execute_with(|| {
        let call = RuntimeCall::CouncilMembership(pallet_membership::Call::change_key {
            new: account("Stranger").into(),
        });
        assert_err!(submit("Guangdong", call).expect("free"), filtered());
    });
}

#[test]
fn a_suspended_patient_without_coins_still_revokes() {
    local().execute_with(|| {
        permit_hospital();
        enrol_patient();
        let grantee = kanglian_primitives::Grantee::Institution(hospital());
        let terms = kanglian_primitives::Terms {
            id: kanglian_primitives::TermsId(1),
            blocks: kanglian_primitives::BusinessBlockSet::of(blocks::MEDICAL),
            purposes: kanglian_primitives::PurposeSet::of(kanglian_primitives::Purpose::Treatment),
            from: 0,
            until: START + YEAR,
            records_from: 0,
            records_until: START + YEAR,
            may_delegate: 0,
            parent: None,
            bundle: [9; 32],
        };
        let grant = pallet_consents::Call::grant { grantee: grantee.clone(), terms };
        assert_ok!(submit("Patient", RuntimeCall::Consents(grant)).expect("the quota pays"));
        // However much was called before, for instance by a thief of the key.
        let most = kanglian_runtime::constants::free_lane::PERSON;
        let used_up = (0..=most).any(|_| submit("Patient", remark()).is_err());
        assert!(used_up, "the quota has an end");
        let suspend = pallet_real_name::Call::suspend { person: patient() };
        assert_ok!(submit("Jiangsu", RuntimeCall::RealName(suspend)).expect("free"));
        assert!(submit("Patient", remark()).is_err(), "nothing else is free");
        assert_eq!(balance("Patient"), 0);
        let revoke = RuntimeCall::Consents(pallet_consents::Call::revoke {
            grantee,
            id: kanglian_primitives::TermsId(1),
        });
        assert_ok!(submit("Patient", revoke).expect("revoking stays free"));
    });
}

#[test]
fn a_new_account_of_the_same_person_has_no_new_quota() {
    local().execute_with(|| {
        permit_hospital();
        enrol_patient();
        for _ in 0..10 {
            assert_ok!(submit("Patient", remark()).expect("the quota pays"));
        }
        let (old, new) = (account("Patient"), account("Patient2"));
        let message =
            kanglian_primitives::payloads::rotate(&genesis_hash(), &patient(), &old, &new);
        let signature =
            sp_runtime::MultiSignature::Sr25519(sp_core::Pair::sign(&pair("Patient2"), &message));
        let rotate = pallet_real_name::Call::rotate_controller { new: new.clone(), signature };
        assert_ok!(submit("Patient", RuntimeCall::RealName(rotate)).expect("the quota pays"));
        let quota = kanglian_runtime::constants::free_lane::PERSON;
        assert_eq!(FreeLane::remaining(&new), quota - 11);
        assert_eq!(FreeLane::remaining(&old), 0);
    });
}

#[test]
fn no_vote_pauses_blocks_governance_or_revocation() {
    local().execute_with(|| {
        let name = |text: &str| text.as_bytes().to_vec().try_into().expect("short");
        let pause = |pallet: &str, call: &str| {
            RuntimeCall::TxPause(pallet_tx_pause::Call::pause {
                full_name: (name(pallet), name(call)),
            })
            .dispatch(RuntimeOrigin::root())
        };
        for (pallet, call) in [
            ("Timestamp", "set"),
            ("Grandpa", "report_equivocation_unsigned"),
            ("Council", "close"),
            ("Mandates", "veto"),
            ("TxPause", "unpause"),
            ("Consents", "revoke"),
            ("Consents", "renounce"),
            ("Consents", "anchor_access_log"),
            ("Consents", "revoke_linked"),
            ("RealName", "refuse_link"),
            ("Registrars", "anchor_evaluation_log"),
            ("Registrars", "declare_compromised"),
            ("AccessCodes", "cancel_code"),
            ("Referrals", "close"),
            ("Referrals", "close_own"),
            ("PublicWorks", "retract"),
            ("PublicWorks", "take_down"),
            ("Authorities", "report_double_block"),
        ] {
            assert!(pause(pallet, call).is_err(), "{pallet}.{call} was paused");
        }
        assert_ok!(pause("Records", "share"));
        assert_ok!(pause("Consents", "grant"));
        assert_ok!(pause("AccessCodes", "redeem_code"));
        assert_ok!(pause("Referrals", "refer"));
    });
}
