//! Coins of an account whose key may be in other hands, and who pays for a recovery.

use frame_support::traits::fungible::InspectFreeze;
use kanglian_runtime::{Address, Balances, RuntimeFreezeReason};
use sp_runtime::transaction_validity::TransactionSource;

use super::*;

/// A patient with the rewards of five shares, and a delegate for everything.
fn begin_rich() -> u128 {
    begin_dealt();
    for n in 1..=5 {
        assert_ok!(submit("Hospital", share(RecordId([n; 32]), blocks::MEDICAL)).expect("free"));
    }
    let proxy = pallet_proxy::Call::add_proxy {
        delegate: account("Hospital").into(),
        proxy_type: kanglian_runtime::ProxyType::Any,
        delay: 0,
    };
    assert_ok!(submit("Patient", RuntimeCall::Proxy(proxy)).expect("free of charge"));
    balance("Patient")
}

fn to_hospital() -> Address {
    account("Hospital").into()
}

/// Every way to send that the old key and its delegate have.
fn ways_to_send() -> Vec<(&'static str, RuntimeCall)> {
    use pallet_balances::Call::{transfer_all, transfer_allow_death, transfer_keep_alive};
    let send =
        || RuntimeCall::Balances(transfer_allow_death { dest: to_hospital(), value: hmc(1) });
    let keep = RuntimeCall::Balances(transfer_keep_alive { dest: to_hospital(), value: hmc(1) });
    let all = RuntimeCall::Balances(transfer_all { dest: to_hospital(), keep_alive: false });
    let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![send()] });
    let derivative = RuntimeCall::Utility(pallet_utility::Call::as_derivative {
        index: 0,
        call: Box::new(send()),
    });
    let multisig = RuntimeCall::Multisig(pallet_multisig::Call::as_multi_threshold_1 {
        other_signatories: vec![account("Hospital")],
        call: Box::new(send()),
    });
    let proxy = RuntimeCall::Proxy(pallet_proxy::Call::proxy {
        real: account("Patient").into(),
        force_proxy_type: None,
        call: Box::new(all.clone()),
    });
    vec![
        ("Patient", send()),
        ("Patient", keep),
        ("Patient", all),
        ("Patient", batch),
        ("Patient", derivative),
        ("Patient", multisig),
        ("Hospital", proxy),
    ]
}

fn nothing_can_be_sent() {
    let (before, hospitals) = (balance("Patient"), balance("Hospital"));
    for (who, call) in ways_to_send() {
        // Some of these succeed as calls and carry their refusal in an event.
        let _ = dispatch(who, call.clone());
        assert_eq!(balance("Patient"), before, "{call:?}");
        assert_eq!(balance("Hospital"), hospitals, "{call:?}");
    }
}

fn frozen(name: &str) -> bool {
    let reason = RuntimeFreezeReason::KeyCustody(pallet_key_custody::FreezeReason::Recovery);
    <Balances as InspectFreeze<AccountId>>::balance_frozen(&reason, &account(name)) > 0
}

fn approve_and_wait() {
    approve(&["Shanghai", "Zhejiang", "Guangdong"]);
    wait_out_the_delay();
}

#[test]
fn the_old_key_sends_in_no_way_and_a_dismissal_gives_the_coins_back() {
    local().execute_with(|| {
        let coins = begin_rich();
        assert!(coins >= hmc(4));
        assert_ok!(open_recovery("NewPhone"));
        nothing_can_be_sent();
        assert_ok!(veto("Patient"));
        nothing_can_be_sent();
        assert_ok!(send("Jiangsu", Call::dismiss_recovery { id: FIRST }));
        assert_eq!((balance("Patient"), frozen("Patient")), (coins, false));
        let (who, call) = ways_to_send().remove(0);
        assert_ok!(submit(who, call).expect("free of charge"));
        assert_eq!(balance("Patient"), coins - hmc(1));
        assert_ok!(KeyCustody::do_try_state());
    });
}

/// Rewards that come while the case runs go to the account that speaks for the person then, and
/// with the others to the new one.
#[test]
fn coins_and_rewards_of_the_meantime_arrive_once() {
    local().execute_with(|| {
        let coins = begin_rich();
        assert_ok!(open_recovery("NewPhone"));
        let meanwhile = share(RecordId([0x66; 32]), blocks::MEDICAL);
        assert_ok!(submit("Hospital", meanwhile).expect("free of charge"));
        let earned = balance("Patient") - coins;
        assert!(earned > 0);
        approve_and_wait();
        assert_ok!(execute());
        assert_eq!((balance("Patient"), balance("NewPhone")), (0, coins + earned));
        // The proxy's deposit is still held; when it comes back, the old key has nothing of it.
        let remove = RuntimeCall::Proxy(pallet_proxy::Call::remove_proxies {});
        assert_ok!(dispatch("Patient", remove));
        let deposit = balance("Patient");
        assert!(deposit > 0);
        nothing_can_be_sent();
        let collect = Call::collect_coins { account: account("Patient") };
        assert_ok!(send("NewPhone", collect));
        assert_eq!((balance("Patient"), balance("NewPhone")), (0, coins + earned + deposit));
        let (_, all) = ways_to_send().remove(2);
        assert_ok!(submit("NewPhone", all).expect("free of charge"));
        assert_eq!(balance("NewPhone"), 0);
        assert_ok!(KeyCustody::do_try_state());
    });
}

/// A deposit made while the case runs, through a delegate who pays the fee, saves nothing.
#[test]
fn deposits_do_not_get_coins_past_the_freeze() {
    local().execute_with(|| {
        let coins = begin_rich();
        assert_ok!(open_recovery("NewPhone"));
        let note = pallet_preimage::Call::note_preimage { bytes: vec![7; 10] };
        let _ = dispatch(
            "Hospital",
            RuntimeCall::Proxy(pallet_proxy::Call::proxy {
                real: account("Patient").into(),
                force_proxy_type: None,
                call: Box::new(RuntimeCall::Preimage(note)),
            }),
        );
        approve_and_wait();
        assert_ok!(execute());
        let hash = sp_core::H256(sp_io::hashing::blake2_256(&[7; 10]));
        let unnote = RuntimeCall::Preimage(pallet_preimage::Call::unnote_preimage { hash });
        let _ = dispatch("Patient", unnote);
        nothing_can_be_sent();
        let _ = send("NewPhone", Call::collect_coins { account: account("Patient") });
        assert_eq!((balance("Patient"), balance("NewPhone")), (0, coins));
    });
}

/// A reward that is taken back is taken from frozen coins, too.
#[test]
fn the_pot_takes_wrongly_paid_coins_back_from_a_frozen_account() {
    local().execute_with(|| {
        let coins = begin_rich();
        assert_ok!(open_recovery("NewPhone"));
        let who = account("Patient");
        let claw_back = pallet_health_coin::Call::claw_back { who, amount: hmc(1) };
        council(RuntimeCall::HealthCoin(claw_back));
        assert_eq!(balance("Patient"), coins - hmc(1));
    });
}

fn validate(who: &str, nonce: u32, call: Call<Runtime>) -> Result<(), TransactionValidityError> {
    let extrinsic = extrinsic(&pair(who), nonce, RuntimeCall::KeyCustody(call));
    kanglian_runtime::Executive::validate_transaction(
        TransactionSource::External,
        extrinsic,
        System::parent_hash(),
    )
    .map(drop)
}

/// Whoever lost the keys and has no coins executes the recovery alone; nobody else calls anything
/// for free by it.
#[test]
fn the_new_account_executes_without_coins_and_nothing_else_is_free() {
    local().execute_with(|| {
        begin_dealt();
        assert_eq!(validate("NewPhone", 0, Call::execute_recovery { id: FIRST }), Err(PAYMENT));
        assert_ok!(open_recovery("NewPhone"));
        let next = || *System::account_nonce(account("NewPhone"));
        let execute = || Call::execute_recovery { id: FIRST };
        assert_eq!(validate("NewPhone", next(), execute()), Err(PAYMENT), "too early");
        approve_and_wait();
        assert_eq!(validate("Thief", 0, execute()), Err(PAYMENT), "another account");
        assert_eq!(
            validate("NewPhone", next(), Call::execute_recovery { id: RecoveryId(1) }),
            Err(PAYMENT),
            "another recovery"
        );
        let prune = Call::prune_case { case: CaseRef::Recovery(FIRST) };
        assert_eq!(validate("NewPhone", next(), prune), Err(PAYMENT), "another call");
        let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all {
            calls: vec![RuntimeCall::KeyCustody(execute())],
        });
        assert_eq!(submit("NewPhone", batch), Err(PAYMENT), "a wrapped one");
        assert_ok!(validate("NewPhone", next(), execute()));
        assert_eq!(balance("NewPhone"), 0);
        assert_ok!(send("NewPhone", execute()));
        assert_eq!(RealName::speaks_for(&account("NewPhone")), Some(patient()));
        assert!(FreeLane::remaining(&account("NewPhone")) > 0, "and goes on without coins");
    });
}

/// The signature names the institution: another one that copies the request opens nothing.
#[test]
fn a_request_opens_nothing_for_another_institution() {
    local().execute_with(|| {
        begin_dealt();
        let body = RecoveryBody {
            person: patient(),
            institution: kanglian_primitives::InstitutionId::from_parts(320_000, 9),
            new_controller: account("NewPhone"),
            new_data_key: EncryptionKey::x25519([0x31; 32]),
            reseal_key: EncryptionKey::x25519([0x32; 32]),
        };
        let signature = pair("NewPhone").sign(&payloads::recovery(&genesis_hash(), &body));
        let call = Call::open_recovery {
            person: body.person,
            new_controller: body.new_controller,
            new_data_key: body.new_data_key,
            reseal_key: body.reseal_key,
            signature: MultiSignature::Sr25519(signature),
        };
        assert_err!(send("Hospital", call), Error::<Runtime>::BadSignature);
        assert_ok!(open_recovery("NewPhone"));
    });
}
